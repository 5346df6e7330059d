"""Several processes on one store: nobody does another's work twice."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from store_fixtures import clock, lasting_urls  # noqa: F401
from store_story import NOW, Clock, mail, message, open_ticket, opening, render

from mailbot.store import Store, open_store
from mailbot.store.values import StaleDecisionError


def children(count: int, urls: tuple[str, str], task: Callable[[Store, int], None]) -> None:
    """Runs the task in processes of their own at the same time; fails when one of them does."""
    pids = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            try:
                task(open_store(*urls, clock=Clock()), number)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(3)
        pids.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * count


def prepared(urls: tuple[str, str], count: int, *, tickets: bool) -> None:
    store = open_store(*urls, clock=Clock())
    store.receive("support", 1, [mail(uid) for uid in range(1, count + 1)])
    if tickets:
        for row in store.pending(count):
            store.apply(row.id, message(str(row.uid)), opening(), render=render, pack="digibee")
    store.close()


def test_two_senders_never_take_the_same_mail(lasting_urls: tuple[str, str], tmp_path: Path) -> None:  # noqa: F811
    prepared(lasting_urls, 60, tickets=True)

    def task(store: Store, number: int) -> None:
        with (tmp_path / f"sent-{number}").open("a") as file:
            while mails := store.claim_due(NOW, 4):
                for one in mails:
                    assert store.begin(one, NOW)
                    file.write(f"{one.id}\n")
                    store.record_sent(one.id, NOW, "250 ok")

    children(3, lasting_urls, task)
    sent = [line for path in tmp_path.glob("sent-*") for line in path.read_text().split()]
    assert len(sent) == 60
    assert len(set(sent)) == 60


def test_two_processors_make_one_ticket_of_each_mail(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    prepared(lasting_urls, 30, tickets=False)

    def task(store: Store, _number: int) -> None:
        while rows := store.pending(10):
            for row in rows:
                store.apply(row.id, message(str(row.uid)), opening(), render=render, pack="digibee")

    children(3, lasting_urls, task)
    store = open_store(*lasting_urls)
    assert sorted(t.number for t in store.list_tickets(limit=99)) == list(range(1, 31)), "without a gap"
    assert store.counts().outbox == {"queued": 30}
    store.close()


def test_copies_that_are_processed_at_the_same_time_are_one_ticket(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    store = open_store(*lasting_urls, clock=Clock())
    for box in ("support", "escalate"):
        store.receive(box, 1, [mail(uid, raw=f"{box} {uid}".encode()) for uid in range(1, 16)])
    store.close()

    def task(store: Store, number: int) -> None:
        box = ("support", "escalate")[number]
        for row in [row for row in store.pending(99) if row.mailbox == box]:
            store.apply(row.id, message(str(row.uid)), opening(), render=render, pack="digibee")

    children(2, lasting_urls, task)
    store = open_store(*lasting_urls)
    assert len(store.list_tickets(limit=99)) == 15
    assert store.counts().ledger == {"processed": 30}
    assert store.counts().outbox == {"queued": 15}
    store.close()


def test_answers_at_the_same_time_are_decided_one_after_the_other(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    from mailbot.decide.actions import Update
    from mailbot.tickets.model import Ticket

    store = open_store(*lasting_urls, clock=Clock())
    open_ticket(store, "1")
    store.receive("support", 1, [mail(uid) for uid in range(2, 12)])
    store.close()

    def decide(ticket: Ticket) -> Update:
        return Update(rounds=ticket.rounds + 1)

    def task(store: Store, number: int) -> None:
        from mailbot.decide.actions import Decision

        for row in [row for row in store.pending(99) if row.uid % 2 == number]:
            while True:
                ticket = store.ticket(1)
                assert ticket is not None
                decision = Decision((decide(ticket),), "answer", ticket=1)
                try:
                    store.apply(row.id, message(str(row.uid)), decision, render=render, pack="digibee", ticket=ticket)
                    break
                except StaleDecisionError:
                    continue

    children(2, lasting_urls, task)
    store = open_store(*lasting_urls)
    assert store.ticket(1).rounds == 11  # type: ignore[union-attr]
    store.close()


def test_two_first_starts_at_once_make_one_database(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    children(4, lasting_urls, lambda store, number: store.close())
    store = open_store(*lasting_urls)
    assert open_ticket(store).ticket == 1
    store.close()


def test_one_of_many_gets_the_lease(lasting_urls: tuple[str, str], tmp_path: Path) -> None:  # noqa: F811
    open_store(*lasting_urls).close()

    def task(store: Store, number: int) -> None:
        if store.lease("mailbox support", f"owner {number}", 600):
            (tmp_path / f"holder-{number}").touch()

    children(4, lasting_urls, task)
    assert len(list(tmp_path.glob("holder-*"))) == 1


@pytest.mark.parametrize("kind", ["memory", "lasting"])
def test_threads_share_one_store(kind: str, lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    store = open_store(clock=Clock()) if kind == "memory" else open_store(*lasting_urls, clock=Clock())
    failures: list[BaseException] = []

    def task(number: int) -> None:
        try:
            for at in range(10):
                key = str(number * 100 + at)
                store.receive("support", 1, [mail(int(key))])
                row = next(r for r in store.pending(999) if r.uid == int(key))
                store.apply(row.id, message(key), opening(), render=render, pack="digibee")
                store.list_tickets()
                for one in store.claim_due(NOW, 2):
                    store.record_sent(one.id, NOW, "250 ok")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=task, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.list_tickets(limit=99)) == 40
    store.close()
