"""Every mail in every language as a page to leaf through: `python benchmarks/gallery.py [FOLDER] [--pictures]`.

In: `rules/`, `templates/` and the sample data of `mailbot.reply.samples`. Out: FOLDER/index.html (default:
build/gallery) with the text part and the HTML part of each; with `--pictures` and a Chromium also one sheet per mail,
light and dark, wide and 380 pixels narrow, the three languages side by side. Nothing is sent.
"""

from __future__ import annotations

import argparse
import html
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
    "<script>const fit=f=>{f.height=f.contentDocument.documentElement.scrollHeight+4};"
    "for(const f of document.querySelectorAll('iframe')){f.onload=()=>fit(f);fit(f)}</script>"
)


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


def sheet(group: list[Mail]) -> str:
    """The three languages side by side, wide and narrow."""
    wide = "".join(frame(mail, 600) for mail in group)
    narrow = "".join(frame(mail, 380) for mail in group)
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>{STYLE}</style>'
        f'<div class="row">{wide}</div><br><div class="row">{narrow}</div>{FIT}'
    )


def photograph(page: Path, picture: Path, *, dark: bool) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("no Chromium on this machine: leave --pictures out, the page itself needs none")
    scheme = 0 if dark else 1
    options = "headless no-sandbox disable-gpu disable-quic no-first-run disable-sync disable-component-update"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser,
                *(f"--{option}" for option in options.split()),
                "--disable-background-networking",
                "--hide-scrollbars",
                "--virtual-time-budget=3000",
                f"--blink-settings=preferredColorScheme={scheme}",
                f"--user-data-dir={profile}",
                "--window-size=1900,2400",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=False,
            capture_output=True,
            timeout=90,
        )


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
        file = folder / f"{name}.html"
        file.write_text(sheet(group), encoding="utf-8")
        shown = []
        if options.pictures:
            for scheme in ("light", "dark"):
                photograph(file, folder / f"{name}.{scheme}.png", dark=scheme == "dark")
                shown.append(f'<img loading="lazy" width="900" src="{name}.{scheme}.png" alt="{name}, {scheme}">')
        texts = "".join(
            f"<div><small>{html.escape(m.subject)}</small><pre>{html.escape(m.text)}</pre></div>" for m in group
        )
        sections.append(
            f'<section id="{name}"><h2><a href="{name}.html">{html.escape(name)}</a></h2><div class="row">{texts}</div>'
            f"{''.join(shown)}</section>"
        )
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
