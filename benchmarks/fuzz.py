"""Fuzzing of parse → quote → understand → decide → compose with mutated mails, in a child that may die.

    python benchmarks/fuzz.py [--minutes 60] [--seed N] [--out fuzz-failures]

Seeds: the generators of the tests (hostile.py, hostile_people.py) and the mails of ../shared/mail where they lie there;
none of them is copied. Each round mutates one or mixes two. A failure is an exception, more than 2 s of processor time,
more than 300 MB grown, an evaluated template, an injected header, a reply to an automated mail, or a quarantine
without its reason; its input is saved in --out with the reason. The exit code is 1 when there was one.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import json
import multiprocessing
import os
import random
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "mail"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "acceptance")]

LARGEST = 200_000  # bytes of a seed: size has tests of its own, here variety counts
GROWTH_MB = 300
HANG_SECONDS = 60.0  # of the clock: the machine may be busy
TOKENS = (
    b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b"=?utf-8?b?", b"=?utf-8?q?=0D=0A?=", b"--", b"; boundary=", b"Content-Type: ",
    b"multipart/mixed", b"message/rfc822", b"text/html", b"Content-Transfer-Encoding: base64\r\n", b"charset=utf-16",
    b"<table>", b"<blockquote>", b"<!--", b"</div>", b"&#x0;", b"On Mon, x wrote:\r\n> ", b"> ", b"-- \r\n", b"{{ 7919*7907 }}",
    b"In-Reply-To: <a@b>\r\n", b"References: ", b"From: ", b"To: ", b"Date: ", b"Subject: ", b"9999999999", b"-1", b"1e400",
    b"2026-02-30", b"31/02/2026 25:61", b"ontem \xc3\xa0s 24h60", b"pipeline: ", b"erro: ", b"http://", b"%00", b"\xed\xa0\x80",
    b"\xe2\x80\xae", b"\xc2\xb2", b"\xef\xbb\xbf", b"+", b"GMT+99", b"\t", b" " * 50, b"a" * 200, b"[#1]", b"#close 1\r\n",
)  # fmt: skip


def seeds() -> list[bytes]:
    """What mutation starts from."""
    import hostile
    from hostile_people import KINDS, make

    found = [case.raw for kind in KINDS for case in make(kind, 12)]
    found += [raw for name, raw in hostile._small() if name]
    if SHARED.is_dir():
        found += [
            p.read_bytes()
            for p in sorted(SHARED.rglob("*"))
            if p.is_file() and p.suffix.lower() in (".eml", ".msg", ".txt", "")
        ]
    return [raw for raw in found if len(raw) <= LARGEST]


def mutate(dice: random.Random, raw: bytes, other: bytes) -> bytes:
    """One to eight small changes; sometimes the head of one mail on the body of another."""
    if dice.random() < 0.2:
        raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + other.partition(b"\r\n\r\n")[2]
    made = bytearray(raw)
    for _ in range(dice.randint(1, 8)):
        at, size = dice.randint(0, len(made)), dice.choice((1, 2, 8, 40, 200))
        match dice.randint(0, 6):
            case 0:
                made[at : at + size] = b""
            case 1:
                made[at:at] = dice.choice(TOKENS)
            case 2:
                made[at : at + size] = dice.choice(TOKENS)
            case 3:
                made[at:at] = made[at : at + size] * dice.choice((1, 3, 50))
            case 4:
                made[at:at] = dice.randbytes(size)
            case 5:
                made[at:at] = other[dice.randint(0, len(other)) :][:size]
            case _:
                lines = made.split(b"\n")
                dice.shuffle(lines) if dice.random() < 0.1 else lines.insert(
                    dice.randint(0, len(lines)), dice.choice(lines)
                )
                made = bytearray(b"\n".join(lines))
    return bytes(made[: 2 * LARGEST])


def work(pipe: Connection) -> None:
    """The child: puts each mail through all rooms with the checks of the acceptance test, and says what was wrong."""
    import structlog
    from hostile_people import VICTIM, Hostile
    from test_hostile_mails import _stage, put_through

    structlog.configure(processors=[_quiet])
    faulthandler.enable()
    stage, done = _stage(True), 0
    before = memory()
    while True:
        try:
            raw = pipe.recv_bytes()
        except EOFError:
            return
        sender = VICTIM if VICTIM.encode() in raw else ""  # a From that is the victim's own is no fault of ours
        wrong = put_through(stage, Hostile("fuzz", "fuzz", raw, automated(raw), sender))
        grown = memory() - before
        if grown > GROWTH_MB:
            wrong.append(f"{grown:.0f} MB grown")
        pipe.send(wrong)
        done += 1
        if done % 300 == 0:  # the store in memory grows with each ticket; so the limit is about single mails
            stage.close()
            stage = _stage(True)
            before = memory()


def automated(raw: bytes) -> bool:
    """Said beyond doubt by a header field of its own: the parser sees it as the standard library does."""
    import email

    try:
        return (email.message_from_bytes(raw)["Auto-Submitted"] or "").strip().lower() in (
            "auto-replied",
            "auto-generated",
        )
    except Exception:  # the standard library breaks on some mails; then nothing is known
        return False


def _quiet(_logger: object, _name: str, _event: object) -> str:
    import structlog

    raise structlog.DropEvent


def memory() -> float:
    """Resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Child:
    """A worker that is started again when it dies or hangs."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self.start()

    def start(self) -> None:
        self.pipe, theirs = self._context.Pipe()
        self.process = self._context.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, raw: bytes) -> list[str]:
        try:
            self.pipe.send_bytes(raw)
            if self.pipe.poll(HANG_SECONDS * (5 if not hasattr(self, "warm") else 1)):
                self.warm = True
                return list(self.pipe.recv())
            why = f"hangs for more than {HANG_SECONDS:.0f} s"
        except (EOFError, BrokenPipeError, ConnectionResetError):
            why = "the process died"
        self.close()
        self.start()
        return [why]

    def close(self) -> None:
        self.process.kill()
        self.process.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--out", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 not a secret
    corpus = seeds()
    child, failures, kinds, count = Child(), 0, set[str](), 0
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        raw = mutate(dice, dice.choice(corpus), dice.choice(corpus))
        wrong = child.ask(raw)
        count += 1
        if wrong:
            failures += 1
            kinds.add(wrong[0][:60])
            options.out.mkdir(parents=True, exist_ok=True)
            name = hashlib.sha256(raw).hexdigest()[:16]
            (options.out / f"{name}.eml").write_bytes(raw)
            (options.out / f"{name}.txt").write_text("\n".join(wrong) + "\n")
            print(f"{name}: {'; '.join(wrong)[:300]}", file=sys.stderr, flush=True)
    child.close()
    told = {"seeds": len(corpus), "seed": options.seed, "mails": count, "failures": failures, "kinds": sorted(kinds)}
    print(json.dumps(told | {"minutes": options.minutes}, ensure_ascii=False))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
