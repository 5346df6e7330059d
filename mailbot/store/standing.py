"""Tickets as time sees them: since when they are in which state, who spoke last, what was carried out already.

In: nothing, or states. Out: `Standing`s for `decide.due`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from mailbot.decide.development import FOLLOWS
from mailbot.decide.due import Standing
from mailbot.store.base import Part
from mailbot.store.models import Event, OutboxRow, TicketRow
from mailbot.tickets.model import State

_T = TicketRow.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_O = OutboxRow.__table__  # type: ignore[attr-defined]

NO_WORD = ("reminder", "closing")  # our mails that do not begin a new silence
_COLUMNS = ("number", "version", "state", "opened", "priority", "engineer_reply_at", "customer_at")
_NAMES = frozenset(state.value for state in State)
_OPEN = tuple(state.value for state in State if state is not State.CLOSED)


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket whose link may name a card."""

    number: int
    pack: str
    link: str


class StandingPart(Part):
    """What the calendar asks."""

    def linked_tickets(self) -> list[Linked]:
        """Tickets that follow a card of development, where their link names one; oldest first."""
        wanted = (
            select(_T.c.number, _T.c.pack, _T.c.link)
            .where(_T.c.state.in_([state.value for state in FOLLOWS]), _T.c.link.is_not(None), _T.c.link != "")
            .where(_T.c.merged_into.is_(None))
            .order_by(_T.c.number)
        )
        with self.db.read() as connection:
            return [Linked(*row) for row in connection.execute(wanted)]

    def standings(self, pack: str | None = None) -> list[Standing]:
        """Every ticket that is not closed, oldest first; four statements however many there are."""
        chosen = [_T.c.state.in_(_OPEN), _T.c.merged_into.is_(None)]
        if pack is not None:
            chosen.append(_T.c.pack == pack)
        mine: Select[tuple[int]] = select(_T.c.number).where(*chosen)
        with self.db.read() as connection:
            rows = connection.execute(select(*(_T.c[n] for n in _COLUMNS)).where(*chosen).order_by(_T.c.number)).all()
            if not rows:
                return []
            moves = connection.execute(
                select(_E.c.ticket, _E.c.at, _E.c.text)
                .where(_E.c.event == "state", _E.c.ticket.in_(mine))
                .order_by(_E.c.id)
            ).all()
            acted = connection.execute(
                select(_E.c.ticket, _E.c.key, _E.c.at).where(_E.c.key.is_not(None), _E.c.ticket.in_(mine))
            ).all()
            sent = connection.execute(
                select(_O.c.ticket, func.max(_O.c.created_at).label("at"))
                .where(_O.c.ticket.in_(mine), _O.c.audience == "customer", _O.c.template.not_in(NO_WORD))
                .group_by(_O.c.ticket)
            ).all()
        states: dict[int, list[tuple[datetime, State]]] = {}
        for ticket, at, text in moves:
            states.setdefault(ticket, []).extend(_moved(at, text))
        done: dict[int, dict[str, datetime]] = {}
        for ticket, key, at in acted:
            done.setdefault(ticket, {})[key] = at
        told = {ticket: at for ticket, at in sent if at is not None}
        return [
            Standing(
                number=row.number,
                version=row.version,
                state=State(row.state),
                opened=row.opened,
                spoke=max(filter(None, (row.customer_at, told.get(row.number), row.opened))),
                priority=row.priority,
                engineer_reply_at=row.engineer_reply_at,
                states=tuple(states.get(row.number, ())),
                done=done.get(row.number, {}),
            )
            for row in rows
        ]


def _moved(at: datetime, text: str) -> Iterable[tuple[datetime, State]]:
    """The state that a line of the timeline ("new → ready") led to."""
    name = text.rpartition("→")[2].strip()
    return ((at, State(name)),) if name in _NAMES else ()
