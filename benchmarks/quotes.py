"""Who tells a customer's words from quotes, signatures and footers? mailbot beside two packaged parsers.

    python benchmarks/quotes.py            needs ../shared/mail; a parser that is not installed is left out

Two sets: real mails of public test suites whose upstream asserts the reply text (../shared/mail/index.jsonl), and
our own labelled samples in Portuguese, English and Spanish (tests/quote_samples.py).
exact: the text is that of the expectation, with or without the signature (upstreams differ), blanks squeezed.
kept: in how many mails at least 90 % of the expected lines are there. leaked: lines that are not the author's.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from quote_samples import SAMPLES  # noqa: E402

from mailbot.message import quote  # noqa: E402
from mailbot.message.model import Part  # noqa: E402
from mailbot.message.parse import parse  # noqa: E402

MAILS = ROOT.parent / "shared" / "mail"
RECEIVED = datetime(2026, 11, 21, tzinfo=UTC)
WORDS = {Part.NEW, Part.FORWARDED}
Reader = Callable[[str], tuple[str, str]]  # text -> (without signature, with signature)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def ours(text: str) -> tuple[str, str]:
    lines = quote.split(text)
    bare = "\n".join(line.raw for line in lines if line.part in WORDS)
    signed = "\n".join(line.raw for line in lines if line.part in WORDS | {Part.SIGNATURE, Part.DISCLAIMER})
    return bare, signed


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {"mailbot": ours}
    try:
        from mailparser_reply import EmailReplyParser as Reply

        languages = ["en", "es", "fr", "de", "it", "nl", "pl", "da", "sv", "ja"]  # it has no Portuguese

        def by_mail_parser_reply(text: str) -> tuple[str, str]:
            first = Reply(languages=languages).read(text=text).replies[0]
            return first.body or "", first.content or ""

        found["mail-parser-reply"] = by_mail_parser_reply
    except ImportError:
        print("mail-parser-reply is not installed: left out")
    try:
        from email_reply_parser import EmailReplyParser

        def by_email_reply_parser(text: str) -> tuple[str, str]:
            fragments = EmailReplyParser.read(text).fragments
            signed = "\n".join(f.content for f in fragments if not f.quoted and not f.headers)
            return EmailReplyParser.parse_reply(text), signed

        found["email-reply-parser"] = by_email_reply_parser
    except ImportError:
        print("email-reply-parser is not installed: left out")
    return found


def guarded(reader: Reader, text: str, seconds: int = 10) -> tuple[str, str] | None:
    """None when it raises or takes too long."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        return reader(text)
    except Exception:
        return None
    finally:
        signal.alarm(0)


def corpus(reader: Reader) -> dict[str, object]:
    total = exact = kept = failed = 0
    spent = 0.0
    missed = []
    for row in map(json.loads, (MAILS / "index.jsonl").open(encoding="utf-8")):
        expected = row["expectation"]
        if not any(key.startswith("reply_text") for key in expected):
            continue
        text = parse((MAILS / row["path"]).read_bytes(), received=RECEIVED).text
        start = time.perf_counter()
        answer = guarded(reader, text)
        spent += time.perf_counter() - start
        total += 1
        if answer is None:
            failed += 1
            missed.append(row["id"])
            continue
        bare, signed = map(squeeze, answer)
        good = "reply_text" not in expected or squeeze(expected["reply_text"]) in (bare, signed)
        good &= all(squeeze(piece) in bare for piece in expected.get("reply_text_contains", ()))
        good &= not any(squeeze(piece) in bare for piece in expected.get("reply_text_excludes", ()))
        wanted = [line for line in expected.get("reply_text", "").split("\n") if line.strip()]
        wanted += expected.get("reply_text_contains", [])
        share = sum(squeeze(line) in signed for line in wanted) / len(wanted) if wanted else 1
        exact += good
        kept += share >= 0.9
        if not good:
            missed.append(row["id"])
    return {
        "exact": f"{exact}/{total}",
        "kept": f"{kept}/{total}",
        "failed": failed,
        "ms": spent * 1000 / total,
        "missed": missed,
    }


def samples(reader: Reader) -> dict[str, object]:
    """Without hints and without what we sent: what a parser can know that is given the text alone."""
    wanted = kept = alien = leaked = exact = 0
    for sample in SAMPLES:
        mine = [line.strip() for part, line in sample.labelled if part in WORDS]
        others = [
            line.strip(" >") for part, line in sample.labelled if part in (Part.QUOTED, Part.OURS, Part.ATTRIBUTION)
        ]
        answer = guarded(reader, sample.text)
        lines = [line.strip() for line in (answer[0] if answer else "").split("\n")]
        here = sum(line in lines for line in mine)
        through = sum(line in lines or f"> {line}" in lines for line in others if line)
        wanted, kept, alien, leaked = wanted + len(mine), kept + here, alien + len(others), leaked + through
        exact += here == len(mine) and not through
    return {"exact": f"{exact}/{len(SAMPLES)}", "kept": f"{kept}/{wanted}", "leaked": f"{leaked}/{alien}"}


def bombs(reader: Reader) -> str:
    """Seconds for 6 KB of "On " and for 20 KB of line ends."""
    out = []
    for text in ("On " * 2000, "\n" * 20_000):
        start = time.perf_counter()
        done = guarded(reader, text)
        out.append(f"{time.perf_counter() - start:.2f} s" if done is not None else "> 10 s or an error")
    return ", ".join(out)


def main() -> None:
    for name, reader in readers().items():
        print(name)
        if MAILS.exists():
            found = corpus(reader)
            counts = f"exact {found['exact']}, kept {found['kept']}, failed {found['failed']}"
            print(f"  real mails      {counts}, {found['ms']:.2f} ms a mail")
            if "--verbose" in sys.argv:
                print("                 ", ", ".join(found["missed"]))  # type: ignore[arg-type]
        own = samples(reader)
        print(f"  pt, en, es      exact {own['exact']}, lines kept {own['kept']}, lines leaked {own['leaked']}")
        print(f"  6 KB, 20 KB     {bombs(reader)}")


if __name__ == "__main__":
    main()
