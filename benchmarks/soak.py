"""The crash soak: mails arrive while mailbot is killed at random instants, its servers fail, and nothing may be wrong.

    python benchmarks/soak.py [--mails 2000] [--kills 200] [--restarts 5] [--database sqlite|postgres] [--seed 1]

A private Dovecot, an SMTP sink that drops connections before, during and after DATA and answers 4xx at times, and
`mailbot run` as a process that gets SIGKILL again and again. In the end soak_proof.py asks the database, the IMAP
server and the sink whether each mail is one message, each person has one answer, and nothing is stuck.

Waiting is shortened: while the service is dead, mails that were put off become due at once. Prints one line of JSON,
adds a line to benchmarks/soak.md (unless --no-report); the exit code is 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from servers import Dovecot, find_dovecot, find_postgres, postgres  # noqa: E402 the tests' own servers
from soak_proof import left, prove, untold, waiting  # noqa: E402
from soak_world import Feeder, Life, Sink, environment  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402

REPORT = ROOT / "benchmarks" / "soak.md"
DRAIN_SECONDS = 900


def say(what: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {what}", file=sys.stderr, flush=True)  # noqa: DTZ005 for a person at the screen


class Soak:
    """One soak from the first mail to the figures."""

    def __init__(self, options: argparse.Namespace, stack: ExitStack) -> None:
        self.options = options
        self.dice = random.Random(options.seed)  # noqa: S311 not a secret
        self.place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mailbot-soak-")))
        self.place.chmod(0o755)
        folder = self.place / "dovecot"
        folder.mkdir()
        self.dovecot = Dovecot(folder).start()
        stack.callback(self.dovecot.stop)
        self.users = {name: self.dovecot.user() for name in ("support", "escalate")}
        self.sink = stack.enter_context(Sink(options.seed))
        self.url = f"sqlite:///{self.place / 'mailbot.db'}"
        if options.database == "postgres":
            pg = self.place / "postgres"
            pg.mkdir()
            self.url = stack.enter_context(postgres(pg))
        self.log = options.log or self.place / "service.log"
        environ = environment(self.place, self.url, self.users, self.dovecot.port, self.sink.port)
        self.life = Life(environ, self.log, options.whole)
        stack.callback(self.life.close)
        self.engine = create_engine(self.url)
        stack.callback(self.engine.dispose)
        self.feeder = Feeder(self.users, options.mails)
        self.counts = {"kills": 0, "kills_in_start": 0, "ended_by_itself": 0, "restarts": 0}
        self.decided: list[str] = []  # Message-IDs that the operator had sent once more

    def start(self) -> None:
        self.sink.life += 1
        self.life.start()

    def hasten(self) -> None:
        """What was put off becomes due. Only while the service is dead, whose memory of it has died too."""
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE outbox SET next_at = :now WHERE state IN ('queued', 'uncertain') AND next_at > :now"),
                {"now": datetime.now(UTC).replace(tzinfo=None) if self.engine.name == "sqlite" else datetime.now(UTC)},
            )

    def torment(self) -> None:
        """Mails come, the service dies, the IMAP server goes away."""
        options, kills = self.options, self.options.kills
        restarts = {round(kills * (n + 1) / (options.restarts + 1)) for n in range(options.restarts)}
        self.feeder.start()
        for number in range(1, kills + 1):
            self.feeder.target = options.mails * number // kills
            self.start()
            if number > 1 and self.dice.random() < 0.1:  # also while it starts
                time.sleep(self.dice.uniform(0, 0.5))
                self.counts["kills_in_start"] += 1
            else:
                self.life.ready()
                time.sleep(self.dice.uniform(0, 2 * options.life))
            if number in restarts:
                self.restart_dovecot()
            if number == 1 and not self.life.ready(1):
                raise SystemExit(f"the service does not start: {self.log.read_text()[-500:]}")
            if self.life.end(signal.SIGKILL):
                self.counts["kills"] += 1
            else:
                self.counts["ended_by_itself"] += 1
            if number > 1 or self.log.exists():
                self.hasten_safely()
            if number % 10 == 0:
                say(f"{number} kills, {self.feeder.fed} delivered, {waiting(self.engine)} wait to be read and sent")

    def hasten_safely(self) -> None:
        try:
            self.hasten()
        except Exception as error:  # the first lives may die before there are tables
            if "outbox" not in str(error):
                raise

    def restart_dovecot(self) -> None:
        """By turns stopped as an operator would, and killed with all its processes, as a power cut would."""
        if self.counts["restarts"] % 2:
            self.dovecot.kill()
        else:
            self.dovecot.stop()
        time.sleep(self.dice.uniform(0, 1))
        self.dovecot.start()
        self.counts["restarts"] += 1

    def drain(self) -> float:
        """The servers behave; the service must work off by itself what is left. What was lost twice past DATA it must
        tell the operators; then one of them says `mailbot outbox retry`."""
        begun = time.monotonic()
        self.feeder.target = self.options.mails
        self.sink.calm = True
        self.hasten()
        self.start()
        self.wait(begun, lambda: not untold(self.engine, self.sink))
        self.decided = left(self.engine)
        if self.decided and not untold(self.engine, self.sink):
            say(f"{len(self.decided)} mails were lost twice past DATA and told: {self.life.command('outbox', 'retry')}")
            self.wait(begun, lambda: not left(self.engine))
        self.life.end(signal.SIGTERM)
        return time.monotonic() - begun

    def wait(self, begun: float, what: Callable[[], bool]) -> None:
        calm = 0
        while calm < 5 and time.monotonic() - begun < DRAIN_SECONDS:
            time.sleep(0.5)
            done = self.feeder.fed == self.options.mails and waiting(self.engine) == (0, 0) and what()
            calm = calm + 1 if done else 0

    def run(self) -> dict[str, Any]:
        begun = time.monotonic()
        self.torment()
        say("calm: what is left is worked off")
        drained = self.drain()
        figures, faults = prove(self.engine, self.sink, self.users, self.options.mails, self.decided)
        return {
            "database": self.options.database,
            "mails": self.options.mails,
            "seed": self.options.seed,
            **self.counts,
            "seconds": round(time.monotonic() - begun),
            "drain_seconds": round(drained),
            "delivered_again": self.feeder.again,
            "left_to_a_person": len(self.decided),
            "sink_faults": dict(sorted(self.sink.done.items())),
            **figures,
            "faults": faults,
        }


HEAD = """# Crash soak

`make soak`: mails arrive in a private Dovecot while `mailbot run` is killed with SIGKILL at random instants, Dovecot is
restarted (by turns stopped and killed), and the SMTP sink drops connections before, during and after DATA or answers
4xx. Each line is one run that proved: every mail is one message on one ticket, no ticket is double, every person who
should have an answer got one distinct Message-ID for each mail, automated mails got none, nothing is left in received,
quarantined, queued, sending or uncertain, all mails of the server are in the ledger and flagged. A repeat is the same
Message-ID accepted again; it is allowed only where the sink had dropped the connection past DATA or the service was
killed before it could record the acceptance, and a mail is sent again once. What was lost twice is left to a person:
the soak demands that a mail to the operators names it, then says `mailbot outbox retry`, and counts it as "left".
"wrong" counts what did not hold.

"""
COLUMNS = (
    "when", "database", "mails", "kills", "Dovecot restarts", "lost connections, 4xx", "messages", "tickets",
    "answers accepted", "repeats (drop, kill)", "left", "wrong", "seconds", "machine, command",
)  # fmt: skip


def report(found: dict[str, Any]) -> None:
    """One more line in the table."""
    told = found["sink_faults"]
    lost = sum(n for name, n in told.items() if "drop" in name)
    repeats = found["repeats"]
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}, Python {platform.python_version()}"
    cells = (
        datetime.now(UTC).strftime("%Y-%m-%d"), found["database"], found["mails"], found["kills"], found["restarts"],
        f"{lost}, {sum(told.values()) - lost}", found["messages"], found["tickets"], found["accepted"],
        f"{repeats.get('after the sink dropped past DATA', 0)}, {repeats.get('after a kill past DATA', 0)}",
        found["left_to_a_person"], len(found["faults"]), found["seconds"],
        f"{machine}; `make soak ARGS=\"{' '.join(_told(sys.argv[1:]))}\"`",
    )  # fmt: skip
    old = REPORT.read_text() if REPORT.exists() else HEAD + _row(COLUMNS) + _row(["---"] * len(COLUMNS))
    REPORT.write_text(old + _row(cells))


def _told(words: list[str]) -> list[str]:
    """The command without where its log went."""
    at = words.index("--log") if "--log" in words else len(words)
    return words[:at] + words[at + 2 :]


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--life", type=float, default=1.5, help="seconds that a service lives on average, once started")
    parser.add_argument("--whole", type=int, default=20, help="every n-th start is from nothing, not forked; 0: none")
    parser.add_argument("--log", type=Path, help="keep the service's log here")
    parser.add_argument("--no-report", action="store_true")
    options = parser.parse_args()
    if find_dovecot() is None or (options.database == "postgres" and find_postgres() is None):
        print("needs dovecot-imapd, and PostgreSQL's initdb for --database postgres", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        found = Soak(options, stack).run()
    print(json.dumps(found, ensure_ascii=False, default=str))
    if not options.no_report:
        report(found)
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
