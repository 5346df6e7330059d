"""Old data goes, a person's data goes, everything can be carried elsewhere."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from store_story import ANA, NOW, Clock, arrive, mail, message, on_ticket, open_ticket, opening, render, send

from mailbot.decide.actions import Join, MarkAddress, Note, Update
from mailbot.errors import StoreError
from mailbot.message.model import Address
from mailbot.store import Store, open_store
from mailbot.store.housekeeping import FORGOTTEN
from mailbot.tickets.model import State

EVE = "eve@cliente.example"


def test_raw_mails_go_after_their_days_and_waiting_ones_stay(store: Store, clock: Clock) -> None:
    open_ticket(store, "1")
    store.record_sent(store.claim_due(NOW)[0].id, NOW, "250 ok")
    clock.forward(days=31)
    (waiting,) = arrive(store, 2)
    open_ticket(store, "3")
    cleaned = store.retain(raw_days=30)
    assert (cleaned.blobs, cleaned.outgoing) == (1, 1)
    assert store.raw(waiting.sha256)
    assert store.outbox_raw(1) is None
    assert store.outbox_raw(2) is not None
    assert store.retain(raw_days=30).blobs == 0


def test_bytes_that_another_mail_needs_stay(store: Store, clock: Clock) -> None:
    open_ticket(store, "1")
    clock.forward(days=31)
    store.receive("escalate", 1, [mail(1)])
    assert store.retain(raw_days=30).blobs == 0
    assert store.raw(store.pending()[0].sha256)


def test_texts_of_closed_tickets_go_after_their_days(store: Store, clock: Clock) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2")
    (row,) = arrive(store, 3)
    store.apply(row.id, message("3"), on_ticket(1, Update(state=State.CLOSED)), render=render, pack="digibee")
    clock.forward(days=400)
    assert store.retain(text_days=365).messages == 2
    assert store.search("falha") != []
    assert [hit.ticket for hit in store.search("falha")] == [2]
    assert store.tickets_of(["<1@cliente.example>"]) == {"<1@cliente.example>": 1}
    assert store.show_ticket(1).messages[0].text == ""  # type: ignore[union-attr]


def test_blobs_of_no_row_are_cleaned_when_they_are_old(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(store, 1)
    (digest,) = store.blobs.put_many([b"left behind by a crash"])
    assert store.clean_orphans() == 0
    monkeypatch.setattr(type(store.blobs), "age", lambda *_: 7200.0)
    assert store.clean_orphans() == 1
    assert not store.blobs.exists(digest)
    assert store.raw(store.pending()[0].sha256)


def test_a_person_is_forgotten_and_the_counts_stay(store: Store) -> None:
    open_ticket(store, "1", decision=opening(Note("seen", f"{ANA} wrote"), send(), Update(state=State.WAITING)))
    open_ticket(store, "2", from_=(Address(EVE),), decision=opening(Join((), (ANA,), "in Cc"), send(to=(EVE,))))
    (row,) = arrive(store, 3)
    store.apply(
        row.id,
        message("3", from_=(Address(EVE),), cc=(Address(ANA),)),
        on_ticket(2, MarkAddress(ANA, True, "gone")),
        render=render,
        pack="digibee",
    )
    before = store.counts()
    gone = store.forget(f" {ANA.upper()} ")
    assert (gone.messages, gone.tickets, gone.outgoing) == (1, 1, 1)
    assert gone.blobs == 1
    after = store.counts()
    assert (after.ledger, after.tickets) == (before.ledger, before.tickets)
    assert sum(after.outbox.values()) == sum(before.outbox.values())
    assert [mail.recipients for mail in store.claim_due(NOW)] == [(EVE,)], "what waited for them is not sent"
    for number in (1, 2):
        assert ANA not in repr(store.show_ticket(number))
    assert "sync-orders" not in repr(store.show_ticket(1))
    assert store.list_tickets(requester=FORGOTTEN)[0].number == 1
    assert store.search("falha 1") == []
    assert store.marked() == {}
    assert store.tickets_of(["<1@cliente.example>"]) == {}
    assert store.ticket(2).cc == ()  # type: ignore[union-attr]
    assert store.forget(ANA).messages == 0


def test_forgetting_one_person_leaves_the_other(store: Store) -> None:
    other = f"jo{ANA}"
    open_ticket(store, "1")
    decision = opening(send(to=(other,)), Note("seen", f"{other} wrote"), Join((), (f"{ANA}.br",)))
    open_ticket(store, "2", from_=(Address(other),), cc=(Address(f"{ANA}.br"),), decision=decision)
    before = store.show_ticket(2)
    store.forget(ANA)
    assert store.show_ticket(2) == before


def test_a_mail_in_quarantine_is_forgotten_too(store: Store) -> None:
    mine = f"Subject: x\r\nFROM: Ana\r\n <{ANA.upper()}>\r\n\r\n\x00".encode()
    others = f"From: jo{ANA}\r\nTo: {ANA}\r\n\r\nFrom: {ANA}".encode()
    store.receive("support", 1, [mail(1, raw=mine), mail(2, raw=others)])
    for row in store.pending():
        store.quarantine(row.id, "cannot be read")
    assert store.forget(ANA).blobs == 1
    assert [(row.uid, row.state) for row in store.ledger_rows()] == [(2, "quarantined"), (1, "ignored")]
    assert store.raw(store.ledger_rows("quarantined")[0].sha256) == others


def test_a_forgotten_mail_that_is_read_again_is_known_by_its_bytes(store: Store) -> None:
    open_ticket(store, "1")
    store.forget(ANA)
    store.receive("support", 2, [mail(1)])
    assert store.find_duplicate(store.pending()[0], message("1")).ticket == 1  # type: ignore[union-attr]


def filled(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2", subject="Produção\x00 parada")
    (row,) = arrive(store, 3)
    store.quarantine(row.id, "broken")
    store.record_sent(store.claim_due(NOW, 1)[0].id, NOW, "250 ok")
    store.baseline("support", 1, 0)


def test_a_backup_brings_everything_back(another: Callable[[], Store], tmp_path: Path, postgres_or_file: str) -> None:
    store = another()
    filled(store)
    path = tmp_path / "backup.tar"
    made = store.backup(path)
    assert (made.blobs, made.missing) == (3, 0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    back = open_store(postgres_or_file, str(tmp_path / "other-blobs"), clock=store.clock)
    restored = back.restore(path)
    assert (restored.rows, restored.blobs) == (made.rows, 3)
    for number in (1, 2):
        assert back.show_ticket(number) == store.show_ticket(number)
    assert back.counts() == store.counts()
    assert [back.raw(row.sha256) for row in back.ledger_rows()] == [
        store.raw(row.sha256) for row in store.ledger_rows()
    ]
    assert [hit.ticket for hit in back.search("producao")] == [2]
    assert [(m.ticket, m.raw) for m in back.claim_due(NOW)] == [(2, store.outbox_raw(2))]
    assert open_ticket(back, "9").ticket == 3, "numbers go on where they were"
    back.close()


@pytest.fixture(params=["file", "postgres"])
def postgres_or_file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the backup is restored to: the other kind of database as well as the same."""
    if request.param == "file":
        return f"sqlite:///{tmp_path}/other.db"
    psycopg = pytest.importorskip("psycopg")
    server = request.getfixturevalue("_postgres")
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        connection.execute("CREATE DATABASE restored")
    return str(server.rsplit("/", 1)[0] + "/restored")


def test_a_backup_is_not_restored_over_data(store: Store, tmp_path: Path) -> None:
    filled(store)
    store.backup(tmp_path / "b.tar")
    with pytest.raises(StoreError, match="not empty"):
        store.restore(tmp_path / "b.tar")


def test_a_wrong_file_is_no_backup(store: Store, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(b"something else")
    with pytest.raises(StoreError, match="not a backup"):
        store.restore(tmp_path / "b.tar")
    with pytest.raises(StoreError, match="not a backup"):
        store.restore(tmp_path / "none.tar")


def test_a_backup_that_fails_keeps_the_old_one(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)
    path = tmp_path / "b.tar"
    store.backup(path)
    old = path.read_bytes()

    def broken(_digest: str) -> bytes:
        raise OSError("disk error")

    monkeypatch.setattr(store.blobs, "get", broken)
    with pytest.raises(OSError, match="disk error"):
        store.backup(path)
    assert path.read_bytes() == old
    assert [p.name for p in tmp_path.glob(".b.tar*")] == []


def test_a_backup_is_of_one_moment_while_mail_comes_in(another: Callable[[], Store], tmp_path: Path) -> None:
    store, other = another(), another()
    filled(store)
    real = store.blobs.get

    def while_mail_comes(digest: str) -> bytes:
        if not other.known_uids("support", 1, [50]):
            open_ticket(other, "50")
        return real(digest)

    store.blobs.get = while_mail_comes  # type: ignore[method-assign]
    made = store.backup(tmp_path / "b.tar")
    assert made.blobs == 3
    assert len(store.list_tickets()) == 3
    back = open_store("sqlite://", "memory://")
    back.restore(tmp_path / "b.tar")
    assert len(back.list_tickets()) == 2
