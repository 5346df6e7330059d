"""Every mail in every language as a page to leaf through: `python benchmarks/gallery.py [FOLDER] [--pictures]`.

In: `rules/`, `templates/` and the sample data of `mailbot.reply.samples`. Out: FOLDER/index.html (default:
build/gallery) with the text part and the HTML part of each; with `--pictures` and a Chromium also contact sheets, light
and dark: some mails under each other, each wide and 380 pixels narrow, the three languages side by side. The first pack
is photographed whole, of the others the mails that show their own fields. Nothing is sent.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from mailbot.reply import samples
from mailbot.reply.compose import compose
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
    "const page=f.contentDocument;if(page&&page.body)f.height=Math.ceil(page.body.getBoundingClientRect().height)+4}"
    "document.documentElement.dataset.height=document.documentElement.scrollHeight};"
    "let n=0;fit();const t=setInterval(()=>{fit();if(++n>15)clearInterval(t)},60)</script>"
)
A_SHEET, TALLEST = 3, 9000  # mails on one contact sheet; pixels
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
                made = compose(
                    sample.send,
                    sample.ticket,
                    pack,
                    samples.IDENTITY,
                    template_set=templates,
                    now=samples.NOW,
                    ref="gallery",
                )
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
    return f'<iframe width="{width}" height="200" srcdoc="{html.escape(mail.page)}"></iframe>'


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


def photograph(page: Path, picture: Path, *, dark: bool) -> None:
    """The whole page, however tall: it is asked for its height first."""
    told = _chromium(page, "--dump-dom", dark=dark).decode("utf-8", "replace")
    found = re.search(r'<html[^>]* data-height="(\d+)"', told)
    height = min(int(found[1]) + 20, TALLEST) if found else 2400
    _chromium(page, f"--screenshot={picture}", f"--window-size=1900,{height}", dark=dark)


def _chromium(page: Path, *options: str, dark: bool) -> bytes:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("no Chromium on this machine: leave --pictures out, the page itself needs none")
    usual = "headless no-sandbox disable-gpu disable-quic no-first-run disable-sync disable-component-update"
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                browser,
                *(f"--{option}" for option in usual.split()),
                "--disable-background-networking",
                "--hide-scrollbars",
                "--virtual-time-budget=2500",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                f"--user-data-dir={profile}",
                "--window-size=1900,2400",
                *options,
                page.as_uri(),
            ],
            check=False,
            capture_output=True,
            timeout=180,
        )
    return done.stdout


def photograph_all(groups: dict[str, list[Mail]], folder: Path) -> list[str]:
    """Contact sheets of all these mails; returns the pictures' names."""
    names = list(groups)
    first = names[0].partition(".")[0] if names else ""
    chosen = [n for n in names if n.startswith(f"{first}.") or n.split(".")[1] in OWN_FIELDS]
    made = []
    for place in range(0, len(chosen), A_SHEET):
        some = {name: groups[name] for name in chosen[place : place + A_SHEET]}
        page = folder / f"sheet-{place // A_SHEET + 1:02}.html"
        page.write_text(sheet(some), encoding="utf-8")
        for scheme in ("light", "dark"):
            picture = page.with_suffix(f".{scheme}.png")
            photograph(page, picture, dark=scheme == "dark")
            made.append(picture.name)
        print(f"{page.stem}: {', '.join(some)}", flush=True)
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
