"""The database's version: which it has, and how it comes up to ours. Alembic, with everything inside the package.

In: a database URL. Out: revisions. The migrations are in `migrations/versions`, numbered 0001, 0002, …
A new one: change models.py, then `python -m mailbot.store.migrate "what changes"`, and read what it wrote.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy import column as named

from mailbot.errors import StoreError
from mailbot.store.base import insert_new
from mailbot.store.database import Database
from mailbot.store.models import Counter, metadata

HEAD = "0002"
_VERSION = table("alembic_version", named("version_num"))
_LOCK = 0x6D61696C626F74  # "mailbot": two processes that start at once migrate one after the other


def current(url: str) -> str | None:
    """The revision of a database; None when it is empty."""
    db = Database(url)
    try:
        with db.read() as connection:
            return revision_of(connection)
    finally:
        db.close()


def upgrade(url: str) -> str:
    """Brings a database, also an empty one, up to this program's revision, which is returned."""
    db = Database(url)
    try:
        upgrade_database(db)
        return HEAD
    finally:
        db.close()


def revision_of(connection: Connection) -> str | None:
    """The revision; None when there are no tables. Raises StoreError for a database of somebody else."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        found = connection.execute(select(_VERSION.c.version_num)).scalar()
        if found is not None or not tables & set(metadata.tables):
            return found
    if tables & set(metadata.tables):
        raise StoreError("it has tables of ours but no version", mend="restore a backup, or name another database")
    return None


def prepare(db: Database, *, create: bool) -> None:
    """Makes an empty database ready when `create` is set; refuses one that is older or newer than this program."""
    if db.memory:
        with db.write("create") as connection:
            _make_tables(connection)
        return
    with db.read() as connection:
        found = revision_of(connection)
    if found is None:
        if not create:
            raise StoreError("the database is empty", where=db.name, mend="run mailbot db upgrade")
        upgrade_database(db)
        return
    must_fit(found, db.name)


def must_fit(found: str, where: str) -> None:
    """Raises StoreError for a database that is older or newer than this program."""
    if found < HEAD:
        what = f"the database is of version {found}, this program needs {HEAD}"
        raise StoreError(what, where=where, mend="make a backup, then run mailbot db upgrade")
    if found > HEAD:
        what = f"the database is of version {found}, newer than this program's {HEAD}"
        raise StoreError(what, where=where, mend="run the newer mailbot")


def upgrade_database(db: Database) -> None:
    with db.write("migrate") as connection:
        if not db.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = revision_of(connection)
        if found is not None and found > HEAD:
            must_fit(found, db.name)
        if found is None and db.sqlite:
            _make_tables(connection)
            _stamp(connection)
        elif found != HEAD:
            run_migrations(connection)


def run_migrations(connection: Connection) -> None:
    """All migrations that the database lacks, by Alembic."""
    from alembic import command

    command.upgrade(config(connection), "head")
    start_counters(connection)


def _make_tables(connection: Connection) -> None:
    """The tables as they are today. An empty SQLite file needs no history (Alembic's cookbook, "Building an Up to Date
    Database from Scratch"); the tests hold it to be what the migrations make."""
    metadata.create_all(connection, checkfirst=False)
    start_counters(connection)


def _stamp(connection: Connection) -> None:
    """The version as Alembic writes it."""
    key = "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)"
    made = f"CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, {key})"
    connection.execute(text(made))
    connection.execute(_VERSION.insert(), {"version_num": HEAD})


def start_counters(connection: Connection) -> None:
    counters = insert_new(Counter.__table__, connection.dialect.name == "sqlite")  # type: ignore[attr-defined]
    connection.execute(counters, {"name": "ticket", "value": 0})


def config(connection: Connection) -> Any:
    """Alembic's configuration for our migrations on this connection; no file is read."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def check(url: str) -> None:
    """Raises when models.py and the migrations disagree."""
    from alembic import command

    db = Database(url)
    try:
        with db.write("check") as connection:
            command.check(config(connection))
    finally:
        db.close()


def _write_new(what: str) -> None:
    """Writes the next migration from the difference between models.py and an upgraded empty database."""
    from alembic import command

    db = Database("sqlite://")
    with db.write("revision") as connection:
        made = config(connection)
        if any((Path(__file__).parent / "migrations" / "versions").glob("0*.py")):
            command.upgrade(made, "head")
        last = max(
            (p.name[:4] for p in (Path(__file__).parent / "migrations" / "versions").glob("0*.py")), default="0000"
        )
        command.revision(made, what, autogenerate=True, rev_id=f"{int(last) + 1:04d}")


if __name__ == "__main__":
    _write_new(" ".join(sys.argv[1:]) or "change")
