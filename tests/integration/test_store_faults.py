"""Killed at every transaction boundary and started again: each mail one message, one ticket, one reply.

A child process does a day's work and kills itself at the n-th boundary that it passes; then another child finishes the
work. All boundaries are tried, one after the other; a dry run counts them.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from store_fixtures import clock, lasting_urls  # noqa: F401
from store_story import NOW, Clock, arrive, mail, message, on_ticket, opening, render, send

from mailbot.decide.actions import Update
from mailbot.store import Store, open_store
from mailbot.store.models import metadata
from mailbot.tickets.model import State

MAILS = (1, 2, 3)  # 1 opens a ticket, 2 answers it, 3 opens another


def work(store: Store, sink: Path) -> None:
    """Everything that is to be done with the mails, from wherever it was left."""
    known = store.known_uids("support", 1, MAILS)
    store.receive("support", 1, [mail(uid) for uid in MAILS if uid not in known])
    store.flagged("support", 1, store.to_flag("support", 1, 9))
    for row in store.pending():
        store.attempted([row.id])
        if row.uid == 2:
            decision = on_ticket(1, Update(state=State.READY), send("ack", ask=(), template="acknowledge"))
        else:
            decision = opening(send("reply"), send("team", audience="team"))
        store.apply(row.id, message(str(row.uid)), decision, render=render, pack="digibee", new_text="x")
    store.act("reminder:1:1", 1, on_ticket(1, send("reminder", ask=())), render=render)
    while mails := store.claim_due(NOW + timedelta(days=1), 2):
        for one in mails:
            if store.begin(one, NOW):
                with sink.open("a") as file:
                    file.write(f"{one.message_id} {one.state}\n")
                store.record_sent(one.id, NOW, "250 ok")


def in_a_child(urls: tuple[str, str], sink: Path, boundary: Callable[[str], None]) -> int:
    """Does the work in a process of its own; returns how it ended (negative: the signal)."""
    child = os.fork()
    if child == 0:
        try:
            store = open_store(*urls, clock=Clock(), checkpoint=boundary)
            work(store, sink)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killer(at: int) -> Callable[[str], None]:
    passed = 0

    def boundary(name: str) -> None:
        nonlocal passed
        if name.startswith(("migrate", "create")):
            return  # making the database is tried by itself below
        passed += 1
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return boundary


def boundaries() -> list[str]:
    """The names of all boundaries that the work passes, in order."""
    seen: list[str] = []
    store = open_store(clock=Clock(), checkpoint=seen.append)
    work(store, Path(os.devnull))
    return [name for name in seen if not name.startswith("create")]


def wipe(urls: tuple[str, str]) -> None:
    store = open_store(*urls)
    with store.db.write("wipe") as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(metadata.tables["counter"].insert(), {"name": "ticket", "value": 0})
    store.close()


def test_all_kinds_of_boundaries_are_passed() -> None:
    kinds = {name.partition(".")[0] for name in boundaries()}
    assert kinds >= {"receive", "flagged", "attempted", "apply", "act", "claim", "begin", "sent"}


@pytest.mark.timeout(300)
def test_a_kill_at_any_boundary_loses_nothing_and_repeats_nothing(
    lasting_urls: tuple[str, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    names = boundaries()
    last = {name: at for at, name in enumerate(names, 1)}
    every = os.environ.get("MAILBOT_TEST_EVERY_BOUNDARY") == "1"  # each time it is passed, not only the last: 2 minutes
    for at, name in enumerate(names, 1):
        if not every and at != last[name]:
            continue
        sink = tmp_path / f"sink-{at}"
        sink.touch()
        assert in_a_child(lasting_urls, sink, killer(at)) == -signal.SIGKILL, name
        assert in_a_child(lasting_urls, sink, lambda _name: None) == 0, name
        store = open_store(*lasting_urls)
        try:
            assert store.counts().ledger == {"processed": 3}, name
            assert [t.number for t in store.list_tickets()] == [2, 1], name
            assert [len(store.show_ticket(n).messages) for n in (1, 2)] == [2, 1], name  # type: ignore[union-attr]
            assert store.counts().outbox == {"sent": 6}, name
            assert store.to_flag("support", 1, 9) == []
            sent = Counter(line.split()[0] for line in sink.read_text().splitlines())
            assert len(sent) == 6, name
            repeated = sum(sent.values()) - len(sent)
            # Only between the server's "250" and the row's commit can a kill leave a mail in doubt.
            assert repeated == (1 if name in ("sent.begin", "sent.commit") else 0), name
        finally:
            store.close()
            wipe(lasting_urls)


def test_a_kill_while_the_database_is_made_leaves_none_or_all_of_it(
    lasting_urls: tuple[str, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    def boundary(name: str) -> None:
        if name == "migrate.commit":
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(lasting_urls, tmp_path / "sink", boundary) == -signal.SIGKILL
    assert in_a_child(lasting_urls, tmp_path / "sink", lambda _name: None) == 0
    store = open_store(*lasting_urls)
    assert store.counts().ledger == {"processed": 3}
    store.close()


def test_a_power_failure_leaves_one_mail_in_doubt_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's log is cut where `sync` found its end, as a power failure may leave it: decisions and results before it
    were not synced one by one."""
    store = open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b"), clock=lambda: NOW)
    log, real, ends = tmp_path / "m.db-wal", os.fsync, [0]

    def fsync(handle: int) -> None:
        real(handle)
        if os.path.samestat(os.fstat(handle), log.stat()):
            ends.append(os.fstat(handle).st_size)

    def after_a_failure(name: str) -> dict[str, str]:
        place = tmp_path / name
        place.mkdir()
        (place / "m.db").write_bytes((tmp_path / "m.db").read_bytes())
        (place / "m.db-wal").write_bytes(log.read_bytes()[: ends[-1]])
        left = open_store(f"sqlite:///{place}/m.db", str(tmp_path / "b"))
        states = {entry.message_id: entry.state for entry in left.outbox_list()}
        left.close()
        return states

    monkeypatch.setattr(os, "fsync", fsync)
    for row in arrive(store, 1, 2):
        store.apply(row.id, message(str(row.uid)), opening(), render=render, pack="digibee")
    first, second = store.claim_due(NOW + timedelta(days=1), 2)
    assert store.begin(first, NOW)
    assert after_a_failure("one") == {first.message_id: "sending", second.message_id: "sending"}
    store.record_sent(first.id, NOW, "250 ok")
    assert store.begin(second, NOW)
    assert after_a_failure("two") == {first.message_id: "sent", second.message_id: "sending"}
    store.record_sent(second.id, NOW, "250 ok")
    assert after_a_failure("three") == {first.message_id: "sent", second.message_id: "sending"}, "it is in doubt"
    store.sync()
    assert set(after_a_failure("four").values()) == {"sent"}
    store.close()
