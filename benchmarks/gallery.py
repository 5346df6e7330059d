"""Every mail in every language as a page to leaf through: `python benchmarks/gallery.py [FOLDER] [--pictures]`.

In: `rules/`, `templates/` and the sample data of `mailbot.reply.samples`. Out: FOLDER/index.html (default:
build/gallery) with the text part and the HTML part of each; with `--pictures` and a Chromium also a contact sheet of
each mail, light and dark: wide and 380 pixels narrow, the three languages side by side; a mail wider than its frame is
told. The first pack is photographed whole, of the others the mails that show their own fields. Nothing is sent.
"""

from __future__ import annotations

import argparse
import html
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from browser import Browser

from mailbot.reply import samples
from mailbot.reply.check import mail_of
from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import LANGUAGES, load_packs

ROOT = Path(__file__).resolve().parent.parent
STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:20px;background:#f4f5f7;color:#1f2328}
section{background:#fff;border:1px solid #d8dee4;border-radius:8px;padding:12px 16px;margin:16px 0}
.row{display:flex;gap:14px;align-items:flex-start;flex-wrap:wrap}
pre{white-space:pre-wrap;font-size:12.5px;width:600px;margin:0;background:#fafbfc;padding:8px}
iframe{border:1px solid #d8dee4;background:#fff}h2{font-size:15px;margin:0 0 8px}small{color:#59636e}
img{border:1px solid #d8dee4;max-width:100%}
"""
FIT = (
    "<script>const fit=()=>{for(const f of document.querySelectorAll('iframe')){"
    "const page=f.contentDocument;if(page&&page.body)f.height=Math.ceil(page.body.getBoundingClientRect().height)+4}};"
    "const too=()=>[...document.querySelectorAll('iframe')].filter(f=>f.contentDocument.documentElement.scrollWidth>"
    "f.clientWidth).map(f=>f.title+' at '+f.width+' px');"
    "let n=0;fit();const t=setInterval(()=>{fit();if(++n>15)clearInterval(t)},60)</script>"
)
DRAWN = "new Promise(done=>{fit();requestAnimationFrame(()=>{fit();done(too())})})"  # a list of what is too wide
OWN_FIELDS = ("request_info", "acknowledge", "summary", "status")  # mails that show a pack's own fields and kinds


@dataclass(frozen=True, slots=True)
class Mail:
    group: str  # pack, template and variant: what the three languages have in common
    language: str
    subject: str
    text: str
    page: str


def mails(packs: list[str], names: list[str]) -> Iterator[Mail]:
    templates = TemplateSet(ROOT / "templates")
    for pack in load_packs(ROOT / "rules").values():
        if packs and pack.name not in packs:
            continue
        for language in LANGUAGES:
            for sample in samples.samples(pack, language, tuple(names)):
                made = mail_of(sample, pack, templates)
                group = f"{pack.name}.{sample.send.template}.{sample.variant}"
                yield Mail(group, language, made.subject, made.text, page_of(made.raw))


def page_of(raw: bytes) -> str:
    """The HTML part with its pictures in it: a browser knows no Content-ID."""
    mail = cast(EmailMessage, message_from_bytes(raw, policy=policy.default))
    body = mail.get_body(("html",))
    page = body.get_content() if body else ""
    for part in mail.walk():
        if part["Content-ID"]:
            picture = b64encode(cast(bytes, part.get_payload(decode=True))).decode("ascii")
            page = page.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/png;base64,{picture}")
    return cast(str, page)


def frame(mail: Mail, width: int) -> str:
    name = f"{mail.group} ({mail.language})"
    return (
        f'<iframe title="{html.escape(name)}" width="{width}" height="200" srcdoc="{html.escape(mail.page)}"></iframe>'
    )


def sheet(groups: dict[str, list[Mail]]) -> str:
    """Each mail in the three languages side by side, wide and narrow."""
    rows = []
    for name, group in groups.items():
        wide = "".join(frame(mail, 600) for mail in group)
        narrow = "".join(frame(mail, 380) for mail in group)
        rows.append(f'<h2>{html.escape(name)}</h2><div class="row">{wide}</div><br><div class="row">{narrow}</div>')
    return (
        '<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<style>{STYLE}</style>{''.join(rows)}{FIT}"
    )


def photograph_all(groups: dict[str, list[Mail]], folder: Path) -> list[str]:
    """A contact sheet of each of these mails, light and dark; returns the pictures' names."""
    first = next(iter(groups), "").partition(".")[0]
    chosen = [n for n in groups if n.startswith(f"{first}.") or n.split(".")[1] in OWN_FIELDS]
    made = []
    with Browser() as browser:
        for name in chosen:
            for wide in browser.open(folder / f"{name}.html", ready=DRAWN):
                print(f"wider than its frame: {wide}", flush=True)
            for scheme in ("light", "dark"):
                browser.photograph(folder / f"{name}.{scheme}.png", dark=scheme == "dark")
                made.append(f"{name}.{scheme}.png")
            print(name, flush=True)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build" / "gallery")
    parser.add_argument("--pack", action="append", default=[], help="only this pack (may be given several times)")
    parser.add_argument("--template", action="append", default=[], help="only this template")
    parser.add_argument("--pictures", action="store_true", help="photograph each sheet with a headless Chromium")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[Mail]] = {}
    for mail in mails(options.pack, options.template):
        groups.setdefault(mail.group, []).append(mail)
    sections = []
    for name, group in groups.items():
        (folder / f"{name}.html").write_text(sheet({name: group}), encoding="utf-8")
        texts = "".join(
            f"<div><small>{html.escape(m.subject)}</small><pre>{html.escape(m.text)}</pre></div>" for m in group
        )
        sections.append(
            f'<section id="{name}"><h2><a href="{name}.html">{html.escape(name)}</a></h2><div class="row">{texts}</div>'
            "</section>"
        )
    if options.pictures:
        shown = "".join(
            f'<img loading="lazy" width="900" src="{n}" alt="{n}"> ' for n in photograph_all(groups, folder)
        )
        sections.insert(0, f"<section><h2>Contact sheets</h2>{shown}</section>")
    links = " ".join(f'<a href="#{name}">{name}</a>' for name in groups)
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>All mails</title><style>{STYLE}</style><h1>{len(groups)} mails'
        f" in {len(LANGUAGES)} languages</h1><details><summary>List</summary>{links}</details>{''.join(sections)}",
        encoding="utf-8",
    )
    print(f"{len(groups)} mails: {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
