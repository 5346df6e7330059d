"""When the disk, the database or the connection fails: it is said, nothing is lost, and it goes on by itself."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import event
from store_story import NOW, arrive, mail, message, open_ticket, opening, render

from mailbot.errors import StoreError, TemporaryError
from mailbot.store import database as database_module
from mailbot.store import open_store
from mailbot.store.models import Event
from mailbot.store.values import StoreUnavailableError


def test_a_locked_database_is_tried_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path}/m.db"
    store = open_store(url, str(tmp_path / "b"))
    other = sqlite3.connect(tmp_path / "m.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked") as caught:
        store.receive("support", 1, [mail(1)])
    assert isinstance(caught.value, TemporaryError)
    assert "m.db" in str(caught.value)
    assert store.pending() == [], "reading goes on"
    other.execute("ROLLBACK")
    assert store.receive("support", 1, [mail(1)]) == 1


def test_a_full_database_loses_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b"))
    open_ticket(store, "1")
    with store.db.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    store.db.close()
    limit = "PRAGMA max_page_count={}"

    def small(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(limit.format(pages + 1))

    event.listen(store.db.engine, "connect", small)
    rows = arrive(store, 2)
    with pytest.raises(StoreUnavailableError, match="full"):
        store.apply(rows[0].id, message("2", text="x" * 100_000), opening(), render=render, pack="digibee")
    assert [r.uid for r in store.pending()] == [2]
    event.remove(store.db.engine, "connect", small)
    store.db.close()
    applied = store.apply(rows[0].id, message("2", text="x" * 100_000), opening(), render=render, pack="digibee")
    assert applied.ticket == 2


def test_a_read_only_database_says_so(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/m.db").close()
    store = open_store(f"sqlite:///{tmp_path}/m.db")
    store.db.close()
    event.listen(store.db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreUnavailableError, match="readonly"):
        store.receive("support", 1, [mail(1)])
    assert store.list_tickets() == []


def test_a_damaged_database_is_no_fault_of_the_mail(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b"))
    open_ticket(store, "1")
    store.close()
    with (tmp_path / "m.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (tmp_path / "m.db").stat().st_size)
    (tmp_path / "m.db-wal").unlink(missing_ok=True)
    with pytest.raises(StoreUnavailableError, match="malformed"):
        open_store(f"sqlite:///{tmp_path}/m.db", str(tmp_path / "b")).pending()


def test_a_standby_that_takes_no_writes_says_so_and_catches_up(postgres_url: str, tmp_path: Path) -> None:
    import psycopg

    store = open_store(postgres_url, str(tmp_path / "b"))

    def read_only(value: str) -> None:
        plain = postgres_url.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True, options="-c default_transaction_read_only=off") as admin:
            admin.execute(f"ALTER DATABASE {admin.info.dbname} SET default_transaction_read_only = {value}")
        store.db.engine.dispose()

    read_only("on")
    with pytest.raises(StoreUnavailableError, match="read-only"):
        store.receive("support", 1, [mail(1)])
    assert store.pending() == [], "reading goes on"
    read_only("off")
    assert store.receive("support", 1, [mail(1)]) == 1
    store.close()


def test_no_database_begins_where_a_disk_may_not_be_mounted(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no folder .*gone \(make or mount it"):
        open_store(f"sqlite:///{tmp_path}/gone/m.db")
    assert not (tmp_path / "gone").exists()
    store = open_store(f"sqlite:///{tmp_path}/m.db", f"file://{tmp_path}/gone/blobs")
    with pytest.raises(StoreUnavailableError, match="cannot store the raw mail"):
        store.receive("support", 1, [mail(1)])
    store.close()


def test_the_database_is_its_owners_only(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/deep/m.db", str(tmp_path / "b"))
    arrive(store, 1)
    for path in (tmp_path / "deep").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        open_store("postgresql://mailbot:geheim@127.0.0.1:9/mailbot")
    assert "127.0.0.1:9" in str(caught.value)
    assert "check MAILBOT_DATABASE_URL" in str(caught.value), "nothing tries it again here"
    assert "geheim" not in str(caught.value)


def test_a_broken_connection_heals(postgres_url: str, tmp_path: Path) -> None:
    import psycopg

    store = open_store(postgres_url, str(tmp_path / "b"))
    open_ticket(store, "1")
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.ticket(1) is not None
    assert open_ticket(store, "2").ticket == 2
    store.close()


def test_a_connection_that_breaks_within_a_transaction_leaves_it_undone(postgres_url: str, tmp_path: Path) -> None:
    import psycopg

    store = open_store(postgres_url, str(tmp_path / "b"))
    (row,) = arrive(store, 1)

    def cut(name: str) -> None:
        if name == "apply.commit":
            with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
                )

    store.db.checkpoint = cut
    with pytest.raises(StoreUnavailableError):
        store.apply(row.id, message(), opening(), render=render, pack="digibee")
    store.db.checkpoint = lambda _name: None
    assert [r.id for r in store.pending()] == [row.id]
    assert store.apply(row.id, message(), opening(), render=render, pack="digibee").ticket == 1
    store.close()


def test_an_error_shows_no_mail(tmp_path: Path) -> None:
    store = open_store()
    secret = "the customer's own words"

    def write_half_a_row() -> None:
        with store.db.write("test") as connection:
            connection.execute(Event.__table__.insert(), {"event": secret, "at": NOW})  # type: ignore[attr-defined]

    with pytest.raises(StoreError) as caught:
        write_half_a_row()
    assert secret not in str(caught.value)
    assert secret not in str(caught.value.__cause__)
