"""What hostile mails, and all of ../shared/mail, cost: the slowest mail and the most memory of the process that reads.

    python benchmarks/hostile.py [--seed N] [--each 42] [--shared]

Each mail goes through every room in a child of its own kind: the store on the disk, no killable reader, so that the
child's peak is what one process needs for the worst of them. The mails are made in the parent. Prints one line of
JSON; the exit code is 1 when a mail took more than 2 s of processor time, the child more than 300 MB, or the checks of
the acceptance test found something.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "mail"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "acceptance")]

SECONDS, MEGABYTES = 2.0, 300
QUIET = 300  # mails after which a fresh stage is taken: what many tickets need is another matter


def work(pipe: Connection, place: str) -> None:
    """The child: reads each mail that it gets, says what was wrong, what it cost and its own peak until now."""
    import structlog
    import test_hostile_mails
    import theatre
    from hostile_people import Hostile

    from mailbot.store import open_store

    def on_disk(*_: str, **more: Any) -> Any:
        stages.append(len(stages))
        return open_store(f"sqlite:///{place}/{len(stages)}.db", f"{place}/{len(stages)}", **more)

    stages: list[int] = []
    theatre.open_store = on_disk  # type: ignore[assignment]
    structlog.configure(processors=[_quiet])
    stage, done = test_hostile_mails._stage(True), 0
    pipe.send(("ready", 0.0, peak()))
    while True:
        try:
            name, automated, sender, person = pipe.recv()
            raw = pipe.recv_bytes()
        except EOFError:
            return
        began = time.process_time()
        wrong = test_hostile_mails.put_through(stage, Hostile(name, name, raw, automated, sender, person))
        pipe.send((wrong, time.process_time() - began, peak()))
        done += 1
        if done % QUIET == 0:
            stage.close()
            stage = test_hostile_mails._stage(True)


def _quiet(*_: object) -> str:
    import structlog

    raise structlog.DropEvent


def peak() -> float:
    """Most resident memory of this process so far, MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def hostile_mails(seed: int, each: int) -> Iterator[Any]:
    from hostile_people import KINDS, make
    from test_hostile_mails import GROUPS, exhausting

    for group in range(GROUPS):
        yield from exhausting(group)
    for kind in KINDS:
        yield from make(kind, each, seed)


def shared_mails() -> Iterator[Any]:
    """Whole mails as they lie in the folder, read the way `mailbot replay` reads it."""
    from hostile_people import Hostile

    from mailbot.replay import raw_mails

    for name, raw in raw_mails([SHARED]):
        yield Hostile("shared", name, raw, False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=42)
    parser.add_argument(
        "--shared", action="store_true", help="the mails of ../shared/mail instead; only cost is judged"
    )
    options = parser.parse_args()
    cases = shared_mails() if options.shared else hostile_mails(options.seed, options.each)
    found: dict[str, Any] = {"mails": 0, "wrong": {}, "slowest": {}}
    with tempfile.TemporaryDirectory(prefix="mailbot-hostile-") as place:
        here, there = multiprocessing.get_context("spawn").Pipe()
        child = multiprocessing.get_context("spawn").Process(target=work, args=(there, place), daemon=True)
        child.start()
        there.close()
        _, _, found["MB_before"] = here.recv()
        costs: dict[str, float] = {}
        for number, case in enumerate(cases):
            here.send((case.name, case.automated, case.sender, case.person))
            here.send_bytes(case.raw)
            wrong, seconds, megabytes = here.recv()
            name = f"{case.name} {number}"
            if wrong and not options.shared:
                found["wrong"][name] = wrong
            costs[name] = round(seconds, 2)
            if megabytes > found.get("MB_peak", 0) + 5:
                found.setdefault("MB_grew_at", []).append(f"{name}: {megabytes:.0f}")
            found["MB_peak"] = max(found.get("MB_peak", 0), megabytes)
            found["mails"] += 1
        here.close()
        child.join(10)
    found["slowest"] = dict(sorted(costs.items(), key=lambda pair: -pair[1])[:5])
    print(json.dumps(found | {"MB_before": round(found["MB_before"]), "MB_peak": round(found["MB_peak"])}))
    return int(bool(found["wrong"]) or found["MB_peak"] > MEGABYTES or max(costs.values(), default=0) > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
