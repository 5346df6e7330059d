"""Around the outbox: lists and retries for people, the breaker, budgets, addresses whose mail came back.

In: ids, addresses, times. Out: entries and counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, select, union_all, update

from mailbot.decide.context import Sent
from mailbot.store.base import Part, upsert
from mailbot.store.hot import Hot
from mailbot.store.models import MarkedAddress, Meta, OutboxRaw, OutboxRecipient, OutboxRow
from mailbot.store.outbox import BREAKER, FREE, HELD, OPEN
from mailbot.store.tickets import read_questions
from mailbot.store.types import key_text
from mailbot.store.values import Marked, OutboxEntry

RELEASED = "breaker released"  # meta: since when the breaker counts anew

_O = OutboxRow.__table__  # type: ignore[attr-defined]
_B = OutboxRaw.__table__  # type: ignore[attr-defined]
_C = OutboxRecipient.__table__  # type: ignore[attr-defined]
_X = Meta.__table__  # type: ignore[attr-defined]
_A = MarkedAddress.__table__  # type: ignore[attr-defined]

ENTRY = (
    _O.c.id, _O.c.ticket, _O.c.message_id, _O.c.recipients, _O.c.subject, _O.c.template, _O.c.audience, _O.c.language,
    _O.c.automatic, _O.c.state, _O.c.held, _O.c.created_at, _O.c.attempts, _O.c.doubts, _O.c.next_at, _O.c.sent_at,
    _O.c.response, _O.c.error, _O.c.reason, _O.c.text, _O.c.questions,
)  # fmt: skip


_TO_CUSTOMERS = and_(_C.c.at >= bindparam("since"), _C.c.automatic, _C.c.audience == "customer")


def _counts(place: int, which: Any) -> Any:
    """(place, mails of the hour, mails since then). All recipients of a mail have its time, so that the index on the
    times brings them together."""
    mails = select(_C.c.at, _C.c.outbox_id).where(_TO_CUSTOMERS, which).distinct().subquery()
    hour = func.count(case((mails.c.at >= bindparam("hour"), 1)))
    return select(literal_column(str(place)).label("place"), hour, func.count()).select_from(mails)


_COUNTS = Hot(
    union_all(
        _counts(0, _C.c.address == bindparam("address")),
        _counts(1, _C.c.domain == bindparam("domain")),
        _counts(2, _C.c.ticket == bindparam("ticket")),
    )
)
_ALL = Hot(select(func.count(_C.c.outbox_id.distinct())).where(_TO_CUSTOMERS))
_MARKED = Hot(
    select(_A.c.address, _A.c.permanent, _A.c.reason, _A.c.at, _A.c.times).where(_A.c.address == bindparam("address"))
)


class MailroomPart(Part):
    def outbox_list(
        self, states: Iterable[str] = (), *, ticket: int | None = None, limit: int = 100
    ) -> list[OutboxEntry]:
        """Outgoing mails, newest first; all states when none is given."""
        query = select(*ENTRY).order_by(_O.c.id.desc()).limit(limit)
        if wanted := list(states):
            query = query.where(_O.c.state.in_(wanted))
        if ticket is not None:
            query = query.where(_O.c.ticket == ticket)
        with self.db.read() as connection:
            return [entry(row) for row in connection.execute(query)]

    def outbox_raw(self, outbox_id: int) -> bytes | None:
        """The bytes of one outgoing mail; None when they are gone (retention)."""
        with self.db.read() as connection:
            return connection.execute(select(_B.c.raw).where(_B.c.id == outbox_id)).scalar()

    def outbox_retry(self, outbox_ids: Iterable[int] | None = None) -> int:
        """→ queued, due now: these (refused ones too), or all that wait for another try or for a person.

        One in doubt stays one with a single resend: it is looked up in the Sent folder first, then sent once.
        """
        which = _O.c.state.in_(OPEN)
        if outbox_ids is not None:
            which = and_(_O.c.state.in_((*OPEN, "refused")), _O.c.id.in_(list(outbox_ids)))
        again: dict[str, Any] = {"state": "queued", "next_at": self.clock(), "error": "", "attempts": 0}
        again["doubts"] = case((_O.c.doubts > 0, 1), else_=0)
        has_bytes = _O.c.id.in_(select(_B.c.id))
        with self.db.write("outbox-retry") as connection:
            changed = connection.execute(update(_O).where(which, has_bytes).values(**again, **FREE))
            return changed.rowcount

    def oldest_queued(self) -> datetime | None:
        """When the oldest unsent mail was queued; those that are held or wait for a person are not counted."""
        with self.db.read() as connection:
            open_ones = and_(_O.c.state.in_((*OPEN, "sending")), ~_O.c.held, _O.c.next_at.is_not(None))
            return connection.execute(select(func.min(_O.c.created_at)).where(open_ones)).scalar()

    def hold(self, reason: str) -> int:
        """The breaker: automatic mail to customers is held back, what waits and what comes. Returns how many wait."""
        with self.db.write("hold") as connection:
            connection.execute(upsert(_X, self.db.sqlite, ("key",), ("value",)), {"key": BREAKER, "value": reason})
            # What is being sent or in doubt may have to be sent again. Without a time it waits for a person anyway.
            waits = and_(_O.c.state.in_((*OPEN, "sending")), _O.c.next_at.is_not(None))
            which = and_(waits, _O.c.automatic, _O.c.audience == "customer", ~_O.c.held)
            return connection.execute(update(_O).where(which).values(held=True)).rowcount

    def unhold(self) -> int:
        """The breaker is closed again: what was held is due now. Returns how many."""
        with self.db.write("unhold") as connection:
            now = self.clock()
            connection.execute(_X.delete().where(_X.c.key == BREAKER))
            marker = upsert(_X, self.db.sqlite, ("key",), ("value",))
            connection.execute(marker, {"key": RELEASED, "value": now.isoformat()})
            due = and_(_O.c.held, _O.c.state.in_(OPEN), _O.c.next_at.is_not(None))
            released = connection.execute(update(_O).where(due).values(held=False, next_at=now)).rowcount
            connection.execute(update(_O).where(_O.c.held).values(held=False))
            return released

    def breaker(self) -> str | None:
        """Why automatic mail is held back; None when it is not."""
        with self.db.read() as connection:
            held: str | None = HELD.scalar(connection, {})
            return held

    def sent_counts(self, now: datetime, *, address: str = "", ticket: int | None = None) -> Sent:
        """Automatic mails to customers in the last hour and day: to the address, to its domain, on the ticket."""
        address = key_text(address.lower())
        asked = {"hour": now - timedelta(hours=1), "since": now - timedelta(days=1), "ticket": ticket,
                 "address": address, "domain": address.rpartition("@")[2]}  # fmt: skip
        with self.db.read() as connection:
            rows = sorted(_COUNTS.all(connection, asked))
        return Sent(*(count for row in rows for count in row[1:]))

    def sent_since(self, since: datetime) -> int:
        """All automatic mails to customers since then: what the breaker looks at."""
        with self.db.read() as connection:
            return int(_ALL.scalar(connection, {"since": since}))

    def marked(self, addresses: Iterable[str] | None = None) -> dict[str, Marked]:
        """Addresses whose mail came back: these, or all."""
        with self.db.read() as connection:
            if addresses is None:
                rows = connection.execute(select(_A.c.address, _A.c.permanent, _A.c.reason, _A.c.at, _A.c.times)).all()
            else:
                found = (_MARKED.first(connection, {"address": key_text(a)}) for a in dict.fromkeys(addresses))
                rows = [row for row in found if row is not None]
        return {row.address: Marked(*row) for row in rows}

    def unmark(self, address: str) -> bool:
        """Mail may go there again."""
        with self.db.write("unmark") as connection:
            return connection.execute(_A.delete().where(_A.c.address == key_text(address))).rowcount == 1


def entry(row: Any) -> OutboxEntry:
    values = dict(row._mapping)
    values["recipients"] = tuple(values["recipients"])
    values["questions"] = read_questions(values["questions"])
    return OutboxEntry(**values)
