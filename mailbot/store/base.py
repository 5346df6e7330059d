"""What all parts of the store share: the database, the blobs, the clock, and inserts that absorb repeats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.store.blobs import Blobs
from mailbot.store.database import Database

Insert = sqlite.Insert | postgresql.Insert


class Part:
    """A part of the store. `Store` is all parts in one object."""

    db: Database
    blobs: Blobs
    clock: Callable[[], datetime]


@lru_cache(maxsize=256)
def insert_into(table: Table, on_sqlite: bool) -> Insert:
    """An INSERT that knows ON CONFLICT, for the database at hand."""
    return sqlite.insert(table) if on_sqlite else postgresql.insert(table)


@lru_cache(maxsize=256)
def insert_new(table: Table, on_sqlite: bool) -> Insert:
    """An INSERT that leaves rows alone that are there already."""
    return insert_into(table, on_sqlite).on_conflict_do_nothing()


@lru_cache(maxsize=256)
def upsert(table: Table, on_sqlite: bool, keys: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    """An INSERT that replaces `changed` where `keys` are there already."""
    made = insert_into(table, on_sqlite)
    return made.on_conflict_do_update(index_elements=list(keys), set_={name: made.excluded[name] for name in changed})
