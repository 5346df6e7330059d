"""The outbox: one sender per mail, every fate recorded, nothing sent behind a crash's back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from store_story import ANA, NOW, Clock, arrive, message, on_ticket, open_ticket, opening, render, send

from mailbot.decide.actions import Decision
from mailbot.store import Store, claims, open_store, outbox
from mailbot.store.outbox import CLAIM_MINUTES


def dead_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
        return child.pid


def claimed_by_the_dead(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All claims are made in the name of a process that is gone."""
    number = dead_process()
    monkeypatch.setattr(claims, "_token", lambda _pid: f"{number}|gone")
    assert store.claim_due(NOW, 9)


def test_what_is_due_is_claimed_once_oldest_first(store: Store) -> None:
    for key in ("1", "2", "3"):
        open_ticket(store, key)
    first = store.claim_due(NOW, 2)
    assert [mail.ticket for mail in first] == [1, 2]
    assert [mail.ticket for mail in store.claim_due(NOW, 9)] == [3]
    assert store.claim_due(NOW, 9) == []
    mail = first[0]
    assert (mail.sender, mail.recipients, mail.state, mail.attempts) == ("support@us.example", (ANA,), "queued", 0)
    assert mail.raw == store.outbox_raw(mail.id)
    assert mail.message_id == "<mb.1.reply.0@us.example>"


def test_no_plan_of_postgresql_claims_more_than_asked(postgres_url: str, tmp_path: Path) -> None:
    """Its statistics decide how it joins the due rows to the outbox: row by row, as here, they were chosen anew each
    time, and all were claimed at once."""
    settings = ("enable_hashjoin", "enable_mergejoin", "enable_hashagg", "enable_sort", "enable_material")
    store = open_store(postgres_url, str(tmp_path / "blobs"), clock=Clock())
    for key in range(1, 8):
        open_ticket(store, str(key))
    with store.db.write("settings") as connection:
        for setting in settings:
            connection.exec_driver_sql(f"ALTER DATABASE {store.db.url.database} SET {setting} = off")
    store.db.engine.dispose()
    assert [[mail.ticket for mail in store.claim_due(NOW, 3)] for _ in range(4)] == [[1, 2, 3], [4, 5, 6], [7], []]
    store.close()


def test_a_sent_mail_is_not_sent_again(store: Store, clock: Clock) -> None:
    open_ticket(store)
    (mail,) = store.claim_due(NOW)
    assert store.begin(mail, NOW)
    store.record_sent(mail.id, NOW, "250 2.0.0 ok")
    (entry,) = store.outbox_list(["sent"])
    assert (entry.response, entry.sent_at) == ("250 2.0.0 ok", NOW)
    assert store.claim_due(clock.forward(days=9)) == []
    assert store.oldest_queued() is None


def test_a_retry_waits_for_its_time(store: Store) -> None:
    open_ticket(store)
    (mail,) = store.claim_due(NOW)
    store.record_retry(mail.id, NOW + timedelta(minutes=5), "451 try later")
    assert store.claim_due(NOW) == []
    (again,) = store.claim_due(NOW + timedelta(minutes=5))
    assert (again.attempts, again.state, again.doubts) == (1, "queued", 0)


def test_a_refusal_is_told_on_the_ticket(store: Store) -> None:
    open_ticket(store)
    (mail,) = store.claim_due(NOW)
    store.record_refused(mail.id, "550 5.1.1 no such user")
    assert store.claim_due(NOW + timedelta(days=9)) == []
    last = store.show_ticket(1).timeline[-1]  # type: ignore[union-attr]
    assert (last.event, last.reason) == ("refused", "550 5.1.1 no such user")
    assert store.outbox_retry() == 0, "a refused mail is sent again only by its number"
    assert store.outbox_retry([mail.id]) == 1
    assert [m.id for m in store.claim_due(NOW)] == [mail.id]


def test_an_uncertain_mail_says_so_when_it_is_claimed_again(store: Store) -> None:
    open_ticket(store)
    (mail,) = store.claim_due(NOW)
    store.record_uncertain(mail.id, NOW + timedelta(minutes=1), "connection lost after DATA")
    (again,) = store.claim_due(NOW + timedelta(minutes=1))
    assert (again.state, again.doubts) == ("uncertain", 1)
    store.record_uncertain(again.id, None, "lost again")
    assert store.claim_due(NOW + timedelta(days=9)) == []
    assert store.counts().outbox == {"uncertain": 1}
    assert store.outbox_retry() == 1


def test_mails_that_were_not_begun_are_given_back(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2")
    first, second = store.claim_due(NOW)
    store.begin(first, NOW)
    assert store.unclaim([first, second]) == 1
    assert [(m.id, m.attempts) for m in store.claim_due(NOW)] == [(second.id, 0)]


def test_what_a_dead_process_had_not_begun_is_queued_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ticket(store)
    claimed_by_the_dead(store, monkeypatch)
    monkeypatch.undo()
    (mail,) = store.claim_due(NOW)
    assert (mail.state, mail.doubts) == ("queued", 0)


def test_what_a_dead_process_had_begun_is_uncertain(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ticket(store)
    number = dead_process()
    monkeypatch.setattr(claims, "_token", lambda _pid: f"{number}|gone")
    (mail,) = store.claim_due(NOW)
    assert store.begin(mail, NOW)
    monkeypatch.undo()
    (again,) = store.claim_due(NOW)
    assert (again.state, again.doubts) == ("uncertain", 1)
    assert not store.begin(mail, NOW), "the dead process's claim is lost"


def test_a_claim_of_another_machine_is_left_alone_until_it_is_old(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket(store)
    monkeypatch.setattr(claims, "me", lambda: "elsewhere/boot/space|1|x")
    (mail,) = store.claim_due(NOW)
    store.begin(mail, NOW)
    monkeypatch.undo()
    assert store.claim_due(NOW + timedelta(minutes=CLAIM_MINUTES - 1)) == []
    (again,) = store.claim_due(NOW + timedelta(minutes=CLAIM_MINUTES + 1))
    assert again.state == "uncertain"


def test_this_process_and_its_claims_live() -> None:
    assert claims.may_live(claims.new_claim())
    machine = claims.me().partition("|")[0]
    assert not claims.may_live(f"{machine}|{os.getpid()}|another life#1")
    assert not claims.may_live(f"{machine}|{dead_process()}|x#1")
    assert claims.may_live(f"{machine}|{os.getppid()}|x#1")
    assert claims.may_live("host/b/1|77|x#1"), "nothing is known of other machines"


def test_two_stores_never_claim_the_same_mail(another: Callable[[], Store]) -> None:
    one, two = another(), another()
    for key in range(1, 21):
        open_ticket(one, str(key))
    taken: list[int] = []
    while True:
        some = [*one.claim_due(NOW, 3), *two.claim_due(NOW, 2)]
        if not some:
            break
        taken += [mail.id for mail in some]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 20


def test_a_burst_is_held_until_an_operator_has_looked(store: Store) -> None:
    open_ticket(store, "1")
    assert store.hold("200 replies in a minute") == 1
    assert store.breaker() == "200 replies in a minute"
    open_ticket(store, "2")
    (row,) = arrive(store, 3)
    summary = send("team", audience="team", ask=())
    store.apply(row.id, message("3"), on_ticket(1, summary), render=render, pack="digibee")
    assert [mail.audience for mail in store.claim_due(NOW)] == ["team"], "engineers still get their mail"
    assert store.counts().held == 2
    assert store.unhold() == 2
    assert store.breaker() is None
    assert [mail.ticket for mail in store.claim_due(NOW)] == [1, 2]


def test_budgets_count_automatic_mail_to_customers_only(store: Store, clock: Clock) -> None:
    open_ticket(store, "1")
    clock.forward(minutes=30)
    both = opening(
        send("reply", to=(ANA, "rui@cliente.example")), send("team", audience="team"), send("own", automatic=False)
    )
    open_ticket(store, "2", decision=both)
    clock.forward(minutes=45)
    counts = store.sent_counts(clock(), address=ANA, ticket=1)
    assert (counts.address_hour, counts.domain_hour, counts.ticket_hour) == (1, 1, 0)
    assert (counts.address_day, counts.domain_day, counts.ticket_day) == (2, 2, 1)
    counts = store.sent_counts(clock(), address="rui@cliente.example", ticket=2)
    assert (counts.address_hour, counts.domain_hour, counts.ticket_hour) == (1, 1, 1)
    assert store.sent_counts(clock(), address="x@else.example").address_day == 0
    assert store.sent_counts(clock() + timedelta(days=2), address=ANA).address_day == 0
    assert store.sent_since(NOW) == 2


def test_one_intended_mail_is_queued_once(store: Store) -> None:
    open_ticket(store, decision=opening(send("reply"), send("reply"), send("other")))
    assert len(store.outbox_list()) == 2


def test_the_oldest_unsent_mail_is_known(store: Store, clock: Clock) -> None:
    assert store.oldest_queued() is None
    open_ticket(store, "1")
    clock.forward(hours=1)
    open_ticket(store, "2")
    assert store.oldest_queued() == NOW


def test_a_mail_without_a_ticket_can_be_sent(store: Store) -> None:
    (row,) = arrive(store, 1)
    alert = Decision((send("alert", audience="operators", ask=()),), "cannot be read", ignored=True)
    store.apply(row.id, message(), alert, render=render, pack="digibee")
    (mail,) = store.claim_due(NOW)
    assert mail.ticket is None
    store.record_refused(mail.id, "550 no")
    assert store.counts().outbox == {"refused": 1}


def test_each_commit_is_synced_as_its_transaction_asks(tmp_path: Path) -> None:
    made = open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b"))
    modes = []
    for synced in (True, False, False, True, True, False):
        with made.db.write("test", synced=synced) as connection:
            modes.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
        with made.db.read():
            pass
    made.close()
    assert modes == [2, 1, 1, 2, 2, 1]  # FULL is 2, NORMAL 1


def test_claims_are_sought_among_what_is_not_sent_yet(tmp_path: Path) -> None:
    made = open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b"))
    asked: list[str] = []
    with made.db.read() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.set_trace_callback(asked.append)
        made.due(NOW)
        outbox.CLAIMS.all(connection, {})
        driver.set_trace_callback(None)
        plans = [driver.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
    made.close()
    assert len(plans) == 2
    assert all("ix_outbox_open" in line[-1] for plan in plans for line in plan if " outbox" in line[-1])
