"""The database's version: made on first start, checked on every one, brought up on request."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from store_fixtures import lasting_urls  # noqa: F401

from mailbot.errors import StoreError
from mailbot.store import open_store
from mailbot.store.database import Database
from mailbot.store.migrate import HEAD, check, config, current, run_migrations, upgrade
from mailbot.store.url import parse_url


def set_version(url: str, version: str) -> None:
    db = Database(url)
    with db.write("test") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    db.close()


def test_an_empty_database_is_made_ready_on_first_start(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    assert current(lasting_urls[0]) is None
    open_store(*lasting_urls).close()
    assert current(lasting_urls[0]) == HEAD
    open_store(*lasting_urls).close()


def test_without_create_an_empty_database_is_refused(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    with pytest.raises(StoreError, match=r"empty.*mailbot db upgrade"):
        open_store(*lasting_urls, create=False)
    assert current(lasting_urls[0]) is None


def migrate(url: str) -> None:
    """All migrations, from the first on."""
    db = Database(url)
    with db.write("test") as connection:
        run_migrations(connection)
    db.close()


def test_models_and_migrations_agree(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    migrate(lasting_urls[0])
    check(lasting_urls[0])


def test_a_new_database_agrees_with_the_models(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    upgrade(lasting_urls[0])
    check(lasting_urls[0])
    migrate(lasting_urls[0])  # nothing is left to migrate
    assert current(lasting_urls[0]) == HEAD


def test_a_new_file_has_what_the_migrations_make(tmp_path: Path) -> None:
    made, migrated = f"sqlite:///{tmp_path}/made.db", f"sqlite:///{tmp_path}/migrated.db"
    upgrade(made)
    migrate(migrated)
    shapes = []
    for url in (made, migrated):
        db = Database(url)
        with db.read() as connection:
            names = list(connection.execute(text("SELECT type, name FROM sqlite_master ORDER BY 1, 2")).tuples())
            columns = {
                name: sorted(tuple(row)[1:] for row in connection.execute(text(f"PRAGMA table_info('{name}')")))
                for kind, name in names
                if kind == "table" and "_fts_" not in name
            }
            keys = {
                name: sorted(tuple(row)[2:] for row in connection.execute(text(f"PRAGMA foreign_key_list('{name}')")))
                for name in columns
            }
            sought = list(connection.execute(text("SELECT * FROM counter")).tuples())
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        db.close()
        shapes.append((names, columns, keys, sought, version))
    assert shapes[0] == shapes[1]


def test_an_upgrade_can_be_repeated(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    assert upgrade(lasting_urls[0]) == HEAD
    assert upgrade(lasting_urls[0]) == HEAD


def test_an_old_database_is_refused_with_the_way_out(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    upgrade(lasting_urls[0])
    set_version(lasting_urls[0], "0000")
    with pytest.raises(StoreError, match="run mailbot db upgrade"):
        open_store(*lasting_urls)


def test_a_database_of_a_newer_program_is_refused(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    upgrade(lasting_urls[0])
    set_version(lasting_urls[0], "9999")
    with pytest.raises(StoreError, match="newer"):
        open_store(*lasting_urls)
    with pytest.raises(StoreError, match="newer"):
        upgrade(lasting_urls[0])


def test_a_downgrade_leaves_an_empty_database(lasting_urls: tuple[str, str]) -> None:  # noqa: F811
    from alembic import command

    upgrade(lasting_urls[0])
    db = Database(lasting_urls[0])
    with db.write("test") as connection:
        command.downgrade(config(connection), "base")
    with db.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    db.close()
    upgrade(lasting_urls[0])
    check(lasting_urls[0])


def test_head_is_the_last_migration() -> None:
    db = Database("sqlite://")
    with db.write("test") as connection:
        script = ScriptDirectory.from_config(config(connection))
    assert script.get_current_head() == HEAD
    assert len(script.get_heads()) == 1


def test_in_memory_tables_are_those_of_the_migrations(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    migrate(url)
    shapes = []
    for db in (Database(url), open_store().db):
        with db.read() as connection:
            rows = connection.execute(text("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'alembic%'"))
            shapes.append({tuple(row) for row in rows if "sqlite_autoindex_alembic" not in row[1]})
    assert shapes[0] == shapes[1]


def test_urls_name_their_driver() -> None:
    assert parse_url("postgres://u@h/d").drivername == "postgresql+psycopg"
    assert parse_url("postgresql://u@h/d").drivername == "postgresql+psycopg"
    for wrong in ("mysql://u@h/d", "not a url"):
        with pytest.raises(StoreError, match="MAILBOT_DATABASE_URL"):
            parse_url(wrong)
