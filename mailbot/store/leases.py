"""Leases: who may do a thing alone, and until when. Two services on one database do no harm.

In: a name ("mailbox support"), an owner, seconds. Out: whether the owner has it now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select

from mailbot.store.base import Part, insert_into
from mailbot.store.claims import may_live
from mailbot.store.database import utc_now
from mailbot.store.models import Lease

_T = Lease.__table__  # type: ignore[attr-defined]


class LeasePart(Part):
    """Takes and gives back leases, in one statement each."""

    def lease(self, mailbox: str, owner: str, seconds: float) -> bool:
        """Takes the lease or prolongs it. False while another owner holds it.

        Where several machines share a PostgreSQL its clock counts, so that theirs need not agree.
        """
        now: Any = self.clock()
        until: Any = now + timedelta(seconds=seconds)
        if not self.db.sqlite and self.clock is utc_now:
            now = func.clock_timestamp()
            until = now + timedelta(seconds=seconds)
        made = insert_into(_T, self.db.sqlite)
        free = or_(_T.c.until <= now, _T.c.owner == owner)
        taken = made.values(name=mailbox, owner=owner, until=until).on_conflict_do_update(
            index_elements=["name"], set_={"owner": owner, "until": until}, where=free
        )
        with self.db.write("lease") as connection:
            holder = connection.execute(select(_T.c.owner).where(_T.c.name == mailbox)).scalar()
            if holder is not None and holder != owner and not may_live(holder):
                # A killed process must not keep its successor waiting until the lease runs out.
                connection.execute(delete(_T).where(_T.c.name == mailbox, _T.c.owner == holder))
            return connection.execute(taken.returning(_T.c.name)).first() is not None

    def release(self, mailbox: str, owner: str) -> None:
        """Gives the lease back, if it is still the owner's."""
        with self.db.write("release") as connection:
            connection.execute(delete(_T).where(_T.c.name == mailbox, _T.c.owner == owner))

    def leases(self) -> list[tuple[str, str, datetime]]:
        """All leases: name, owner, until."""
        with self.db.read() as connection:
            rows = connection.execute(select(_T.c.name, _T.c.owner, _T.c.until).order_by(_T.c.name))
            return [(row.name, row.owner, row.until) for row in rows]
