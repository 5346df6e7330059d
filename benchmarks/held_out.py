"""Asks, fields and values on mails that nothing was learnt from: 4,925 annotated cases by eight hands.

    python benchmarks/held_out.py [--verbose] [--hand N]            needs ../shared/understanding/score.py

The mails (held-out/, in the form of mailbot/understand/model/mails.py) become cases in the form of the scorer's guide,
and the scorer runs `mailbot replay` over them as over dev/: a few minutes. The wordings of some were looked at when rules
were mended in the session that they were written in; no weight was learnt from them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mailbot.rules.pack import RulePack, load_packs  # noqa: E402
from mailbot.understand.fields.values import SLOTS  # noqa: E402
from mailbot.understand.model import mails  # noqa: E402
from mailbot.understand.model.passages import JUDGED  # noqa: E402

CASES = Path(__file__).with_name("held-out")
SCORER = ROOT.parent / "shared" / "understanding" / "score.py"
NARRATIVES = frozenset([*JUDGED, "title"])
SHOWS = re.compile(r"\.(?:png|jpe?g|gif|bmp|heic|webp|mp4|mov|avi|mkv|webm|log|har|txt|zip|gz)$", re.IGNORECASE)


def gives(mail: mails.AnnotatedMail) -> dict[str, str]:
    """The fields that one mail gives: a slot's value, "present" for a narrative."""
    named = {tag for one in mail.sentences for tag in one.tags} | mail.subject_gives
    given = dict.fromkeys(named & NARRATIVES, "present")
    if mail.title:
        given["title"] = "present"
    if any(SHOWS.search(name) and "logo" not in name.lower() for name in mail.attachments):
        given["evidence"] = "present"
    return given | {name: value for name, value in mail.values.items() if name in SLOTS}


def turns(case: Iterable[mails.AnnotatedMail], pack: RulePack) -> Iterable[dict[str, Any]]:
    """The mails of a case with the state of its ticket after each."""
    state: dict[str, str] = {}
    priority: list[int] = []
    for mail in case:
        rule = pack.kinds[mail.kind]
        form = {*rule.required, *rule.optional} | ({"project"} if mail.kind == "incident" else set())  # as in the guide
        state |= gives(mail)
        priority = [int(one) for one in mail.priority] or priority
        expect: dict[str, Any] = {
            "language": mail.language,
            "kind": mail.kind,
            "fields": {name: value for name, value in state.items() if name in form},
            "missing": [name for name in rule.required if name not in state],
            "automated": None,
        }
        if priority:
            expect["priority"] = priority
        turn = {
            "mailbox": mail.mailbox,
            "from": _ascii_address(mail.sender),
            "date": mail.date.isoformat(),
            "subject": mail.subject,
            "body": mail.body,
            "expect": expect,
        }
        yield turn | ({"attachments": list(mail.attachments)} if mail.attachments else {})


def _ascii_address(sender: str) -> str:
    name, mark, address = sender.partition("<")
    plain = unicodedata.normalize("NFD", address).encode("ascii", "ignore").decode()
    return f"{name}{mark}{plain}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--verbose", action="store_true", help="list every miss")
    parser.add_argument("--hand", type=int, help="only this one, 1 to 8")
    options = parser.parse_args()
    if not SCORER.exists():
        print("needs ../shared/understanding/score.py", file=sys.stderr)
        return 2
    packs = load_packs(ROOT / "rules")
    files = sorted(CASES.glob(f"hand-{options.hand or '*'}.txt"))
    cases = []
    for path in files:
        for name, case in groupby(mails.read(path, quotes=True), key=lambda mail: mail.case):
            own = list(case)
            cases.append({"id": name, "pack": own[0].pack, "turns": list(turns(own, packs[own[0].pack]))})
    with tempfile.TemporaryDirectory(prefix="mailbot-held-out-") as folder:
        written = Path(folder) / "cases.yaml"
        written.write_text(yaml.safe_dump(cases, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
        command = f"{Path(sys.executable).with_name('mailbot')} replay --json"
        more = ["--verbose"] if options.verbose else []
        return subprocess.run([sys.executable, SCORER, written, "--command", command, *more], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
