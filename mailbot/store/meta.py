"""Small things that an installation remembers: a key and a text. And whether anything waits to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, delete, select

from mailbot.store.base import Part, insert_new, upsert
from mailbot.store.models import Meta
from mailbot.store.outbox import ANYTHING

_M: Table = Meta.__table__  # type: ignore[attr-defined]


class MetaPart(Part):
    def meta(self, key: str) -> str | None:
        """What is remembered under a key; None when nothing is."""
        with self.db.read() as connection:
            return connection.execute(select(_M.c.value).where(_M.c.key == key)).scalar_one_or_none()

    def remember(self, key: str, value: str | None) -> None:
        """Keeps a text under a key; None forgets it."""
        with self.db.write("meta") as connection:
            if value is None:
                connection.execute(delete(_M).where(_M.c.key == key))
            else:
                connection.execute(upsert(_M, self.db.sqlite, ("key",), ("value",)), {"key": key, "value": value})

    def meta_once(self, key: str, value: str) -> str:
        """What is remembered under a key; the first caller's value wins, whoever else asks at the same time."""
        with self.db.write("meta") as connection:
            connection.execute(insert_new(_M, self.db.sqlite), {"key": key, "value": value})
            return str(connection.execute(select(_M.c.value).where(_M.c.key == key)).scalar_one())

    def due(self, now: datetime) -> bool:
        """Whether a mail waits to be sent at this moment, or is being sent."""
        with self.db.read() as connection:
            return ANYTHING.first(connection, {"now": now}) is not None
