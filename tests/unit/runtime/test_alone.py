"""A mail in whose reading the program ended again and again: its own process decides, and nobody else's kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.inbound.model import ReceivedMail
from mailbot.pipeline import MOST_DEATHS, Outcome, process_pending
from mailbot.runtime.alone import Alone
from mailbot.runtime.engine import Engine
from mailbot.settings import load
from mailbot.store.values import LedgerRow

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
TEXT = "O pipeline sync-orders parou em produção, dá erro 504."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    box = "MAILBOT_MAILBOXES__SUPPORT__"
    made = Engine(
        load(
            None,
            {
                "MAILBOT_DATABASE_URL": f"sqlite:///{tmp_path}/mailbot.db",
                "MAILBOT_BLOBS_URL": str(tmp_path / "blobs"),
                box + "ADDRESS": "support@desk.example",
                box + "PACK": "digibee",
                box + "HOST": "127.0.0.1",
                box + "USERNAME": "support",
                box + "PASSWORD": "secret",
            },
        )
    )
    made.careful = True
    yield made
    made.close()


def suspect(engine: Engine, *subjects: str) -> None:
    """Mails arrive, and the program is ended as often as it takes while the first of them is read."""
    mails = []
    for uid, subject in enumerate(subjects, 1):
        head = f"From: Ana <ana{uid}@customer.example>\r\nMessage-ID: <{uid}@customer.example>\r\n"
        raw = f"{head}Subject: {subject}\r\n\r\n{TEXT}\r\n".encode()
        mails.append(ReceivedMail(uid, raw, NOW, len(raw)))
    engine.store.receive("support", 1, mails)
    for _ in range(MOST_DEATHS):
        engine.store.attempted([engine.store.pending()[0].id])


@pytest.fixture
def read(engine: Engine) -> Iterator[Callable[..., list[Outcome]]]:
    made: list[Alone] = []

    def run(seconds: float = 60.0) -> list[Outcome]:
        made.append(Alone(engine.settings, seconds=seconds, module="dying_house"))
        return process_pending(engine.store, replace(engine.house, alone=made[0]))

    yield run
    for one in made:
        one.close()


def test_a_mail_that_ends_its_own_process_too_is_quarantined_and_the_next_is_answered(
    engine: Engine, read: Callable[..., list[Outcome]]
) -> None:
    suspect(engine, "PLEASE DIE", "Fluxo parado")
    assert [outcome.state for outcome in read()] == ["quarantined", "processed"]
    (row,) = engine.store.ledger_rows("quarantined")
    assert "SIGABRT" in row.reason
    assert f"ended {MOST_DEATHS} times" in row.reason


def test_a_mail_that_hangs_is_quarantined_in_time(engine: Engine, read: Callable[..., list[Outcome]]) -> None:
    suspect(engine, "PLEASE HANG")
    assert [outcome.state for outcome in read(seconds=1.0)] == ["quarantined"]
    assert "more than 1 seconds" in engine.store.ledger_rows("quarantined")[0].reason


def test_an_innocent_mail_is_answered_by_its_own_process(engine: Engine, read: Callable[..., list[Outcome]]) -> None:
    suspect(engine, "Fluxo parado")
    (outcome,) = read()
    assert (outcome.state, outcome.ticket, outcome.opened) == ("processed", 1, True)
    (row,) = engine.store.ledger_rows()
    assert (row.state, row.ticket) == ("processed", 1)
    assert [mail.template for mail in engine.store.outbox_list() if mail.audience == "customer"]


def test_one_death_of_its_own_process_is_chance(
    engine: Engine, read: Callable[..., list[Outcome]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYING_MARK", str(tmp_path / "died"))
    suspect(engine, "DIE ONCE")
    assert [outcome.state for outcome in read()] == ["processed"]
    assert (tmp_path / "died").exists()


def test_an_error_in_its_own_process_is_a_failure_like_any_other(
    engine: Engine, read: Callable[..., list[Outcome]]
) -> None:
    suspect(engine, "PLEASE BREAK")
    assert [[outcome.state for outcome in read()] for _ in range(4)] == [["failed"]] * 3 + [["quarantined"]]
    assert "KeyError" in engine.store.ledger_rows("quarantined")[0].reason


@pytest.mark.parametrize("careful", [True, False])
def test_the_service_reads_a_suspect_by_turns_in_a_process_of_its_own(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, careful: bool
) -> None:
    asked: list[int] = []
    real = Alone.__call__

    def call(self: Alone, row: LedgerRow, now: datetime | None) -> Outcome | None:
        asked.append(row.id)
        return real(self, row, now)

    monkeypatch.setattr(Alone, "__call__", call)
    engine.careful = careful
    suspect(engine, "Fluxo parado", "Outro fluxo parado")
    assert [outcome.state for outcome in engine.process()] == ["processed", "processed"]
    assert asked == ([1] if careful else [])


def test_a_process_that_does_not_start_leaves_the_mail_to_this_one(engine: Engine) -> None:
    suspect(engine, "Fluxo parado")
    house = replace(engine.house, alone=Alone(engine.settings, module="no_such_module"))
    assert [outcome.state for outcome in process_pending(engine.store, house)] == ["processed"]


@pytest.mark.parametrize("which", ["reader", "alone"])
def test_no_child_outlives_a_killed_program(engine: Engine, which: str) -> None:
    """A mail at which the child hangs must not keep a processor busy for ever after the program was killed."""
    start = {
        "reader": "from mailbot.runtime.isolation import Isolated; child = Isolated(60.0); child.ready()",
        "alone": "from mailbot.runtime.alone import Alone; child = Alone(pickle.loads(bytes.fromhex(sys.argv[1])));"
        " child.ready()",
    }[which]
    import pickle

    script = f"import pickle, sys, time; {start}; print(child._child.pid, flush=True); time.sleep(600)"
    settings = pickle.dumps(engine.settings).hex()
    program = subprocess.Popen([sys.executable, "-c", script, settings], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    number = int(program.stdout.readline())
    os.kill(number, signal.SIGSTOP)  # it cannot see that its input ended
    program.kill()
    program.wait()
    end = time.monotonic() + 10
    while _lives(number):
        assert time.monotonic() < end, "the child lives on"
        time.sleep(0.05)


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False
