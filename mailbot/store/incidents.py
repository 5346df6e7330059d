"""Known incidents: declared by an operator or an engineer, reported by tickets, over one day.

In: titles, wordings, tickets. Out: what is declared now, and who is still to hear that it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from mailbot.decide.actions import Declare, EndIncident, Reports
from mailbot.decide.context import KnownIncident
from mailbot.errors import StoreError
from mailbot.store.base import Part, insert_new
from mailbot.store.hot import Hot
from mailbot.store.models import Event, Incident, IncidentTicket

_I = Incident.__table__  # type: ignore[attr-defined]
_K = IncidentTicket.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_OPEN = Hot(
    select(_I.c.id, _I.c.title, _I.c.words)
    .where(_I.c.pack == bindparam("pack"), _I.c.closed_at.is_(None))
    .order_by(_I.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as lists show it."""

    id: int
    pack: str
    title: str
    words: tuple[str, ...]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    tickets: tuple[int, ...] = ()


def _declare(
    connection: Connection, pack: str, title: str, words: Sequence[str], by: str, now: datetime, link: str | None = None
) -> int:
    row = {
        "pack": pack, "title": title, "text": "", "words": list(words), "link": link, "opened_at": now, "opened_by": by
    }  # fmt: skip
    return int(connection.execute(_I.insert().returning(_I.c.id), row).scalar_one())


def record_incidents(
    connection: Connection, actions: Iterable[Reports | Declare | EndIncident], ticket: int, pack: str, now: datetime
) -> None:
    """What a decision says about incidents, within its transaction."""
    for action in actions:
        if isinstance(action, EndIncident):
            mine = select(_K.c.incident).where(_K.c.ticket == ticket)
            connection.execute(update(_I).where(_I.c.id.in_(mine), _I.c.closed_at.is_(None)).values(closed_at=now))
            continue
        number = action.incident if isinstance(action, Reports) else None
        if isinstance(action, Declare):
            number = _declare(connection, pack, action.title, action.words, action.by, now)
        made = insert_new(_K, connection.dialect.name == "sqlite")
        connection.execute(made, {"incident": number, "ticket": ticket, "at": now})


class IncidentPart(Part):
    """What is declared."""

    def known_incidents(self, pack: str) -> list[KnownIncident]:
        """The incidents of a pack that are not over, the newest first."""
        with self.db.read() as connection:
            return [KnownIncident(r.id, r.title, tuple(r.words)) for r in _OPEN.all(connection, {"pack": pack})]

    def open_incident(self, pack: str, title: str, words: Sequence[str], *, by: str = "operator") -> int:
        """Declares an incident; returns its number."""
        with self.db.write("incident") as connection:
            return _declare(connection, pack, title, words, by, self.clock())

    def close_incident(self, number: int) -> None:
        """It is over. Whoever reported it hears at the next tick. Raises StoreError for a number that is not open."""
        with self.db.write("incident") as connection:
            over = update(_I).where(_I.c.id == number, _I.c.closed_at.is_(None)).values(closed_at=self.clock())
            if connection.execute(over).rowcount != 1:
                raise StoreError("no such open incident", where=f"incident {number}", mend="mailbot incident list")

    def incidents(self, *, over: bool | None = None) -> list[IncidentRow]:
        """All incidents with the tickets that report them; over: only those that ended (True) or did not (False)."""
        query = select(_I).order_by(_I.c.id)
        if over is not None:
            query = query.where(_I.c.closed_at.is_not(None) if over else _I.c.closed_at.is_(None))
        with self.db.read() as connection:
            rows = connection.execute(query).all()
            pairs = connection.execute(select(_K.c.incident, _K.c.ticket).order_by(_K.c.ticket)).all()
        tickets: dict[int, list[int]] = {}
        for incident, ticket in pairs:
            tickets.setdefault(incident, []).append(ticket)
        return [
            IncidentRow(
                r.id, r.pack, r.title, tuple(r.words), r.opened_at, r.opened_by, r.closed_at,
                tuple(tickets.get(r.id, ())),
            )
            for r in rows
        ]  # fmt: skip

    def incident_ends_to_tell(self) -> list[tuple[int, str, int]]:
        """(incident, title, ticket) for every report of an incident that is over and whose ticket did not hear yet."""
        key = "incident-over:"
        with self.db.read() as connection:
            rows = connection.execute(
                select(_I.c.id, _I.c.title, _K.c.ticket)
                .join(_K, _K.c.incident == _I.c.id)
                .where(_I.c.closed_at.is_not(None))
                .order_by(_I.c.id, _K.c.ticket)
            ).all()
            told = (
                set(connection.execute(select(_E.c.key).where(_E.c.key.startswith(key))).scalars()) if rows else set()
            )
        return [(i, title, ticket) for i, title, ticket in rows if f"{key}{i}:{ticket}" not in told]
