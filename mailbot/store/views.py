"""What people look at: lists, one ticket with everything, counts. Reads only.

In: filters, a number. Out: frozen values; `plain` turns any of them into JSON-like dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from mailbot.store.base import Part
from mailbot.store.mailroom import ENTRY, entry
from mailbot.store.models import Event, FieldChange, Ledger, MessageRow, OutboxRow, TicketRow
from mailbot.store.search import matching
from mailbot.store.tickets import load
from mailbot.store.types import key_text
from mailbot.store.values import Counts, OutboxEntry
from mailbot.tickets.model import Ticket

_T = TicketRow.__table__  # type: ignore[attr-defined]
_M = MessageRow.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_F = FieldChange.__table__  # type: ignore[attr-defined]
_L = Ledger.__table__  # type: ignore[attr-defined]
_O = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket as a list shows it."""

    number: int
    state: str
    pack: str
    kind: str | None
    priority: int | None
    subject: str
    requester: str
    customer: str | None
    team: str | None
    assignee: str | None
    language: str | None
    opened: datetime
    updated: datetime
    state_since: datetime
    rounds: int
    missing: tuple[str, ...]
    stage: str | None
    link: str | None
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class MessageView:
    """An incoming mail as a ticket shows it. `parts`: (part, start, end) runs over `text`, to fold quotes by."""

    id: int
    ledger_id: int | None
    message_id: str | None
    author: str
    sender: str
    sender_name: str
    proved: bool
    mailbox: str
    date: datetime
    received_at: datetime
    subject: str
    text: str
    new_text: str
    parts: tuple[tuple[str, int, int], ...]
    attachments: tuple[Mapping[str, Any], ...]
    headers: Mapping[str, Any]
    defects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of the timeline."""

    at: datetime
    event: str
    text: str
    reason: str
    actor: str
    ledger_id: int | None


@dataclass(frozen=True, slots=True)
class FieldChangeView:
    """A value that was set, replaced or declined."""

    at: datetime
    field: str
    before: str | None
    value: str | None
    evidence: str
    finder: str
    confidence: float
    declined: bool
    message_id: str | None
    actor: str


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """Everything of one ticket."""

    ticket: Ticket
    line: TicketLine
    messages: tuple[MessageView, ...]
    outbox: tuple[OutboxEntry, ...]
    timeline: tuple[EventView, ...]
    history: tuple[FieldChangeView, ...]


_LINE = [_T.c[f.name] for f in fields(TicketLine)]
_MESSAGE = [_M.c[f.name] for f in fields(MessageView)]
_EVENT = [_E.c[f.name] for f in fields(EventView)]
_HISTORY = [_F.c[f.name] for f in fields(FieldChangeView)]
_ATTACHMENT = ("part", "filename", "content_type", "size", "inline")


class ViewPart(Part):
    """Lists and details."""

    def list_tickets(
        self,
        *,
        states: Sequence[str] = (),
        kind: str | None = None,
        pack: str | None = None,
        team: str | None = None,
        customer: str | None = None,
        requester: str | None = None,
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> list[TicketLine]:
        """Tickets that fit all filters, newest first. `text`: words of the mails, beginnings count."""
        query = select(*_LINE).order_by(_T.c.number.desc()).limit(limit).offset(offset)
        for column, wanted in ((_T.c.kind, kind), (_T.c.pack, pack), (_T.c.team, team), (_T.c.customer, customer)):
            if wanted is not None:
                query = query.where(column == wanted)
        if states:
            query = query.where(_T.c.state.in_([str(state) for state in states]))
        if requester is not None:
            query = query.where(_T.c.requester == key_text(requester.lower()))
        asked: dict[str, Any] = {}
        if text.strip():
            found = matching(text, on_sqlite=self.db.sqlite)
            if found is None:
                return []
            narrow, asked = found
            query = query.where(_T.c.number.in_(narrow))
        with self.db.read() as connection:
            return [_line(row) for row in connection.execute(query, asked)]

    def show_ticket(self, number: int) -> TicketDetail | None:
        """Everything of one ticket, oldest first; None when there is none."""
        with self.db.read() as connection:
            ticket = load(connection, number)
            if ticket is None:
                return None
            line = connection.execute(select(*_LINE).where(_T.c.number == number)).one()
            mails = connection.execute(select(*_MESSAGE).where(_M.c.ticket == number).order_by(_M.c.id))
            sent = connection.execute(select(*ENTRY).where(_O.c.ticket == number).order_by(_O.c.id))
            events = connection.execute(select(*_EVENT).where(_E.c.ticket == number).order_by(_E.c.id))
            history = connection.execute(select(*_HISTORY).where(_F.c.ticket == number).order_by(_F.c.id))
            return TicketDetail(
                ticket=ticket,
                line=_line(line),
                messages=tuple(_message(row) for row in mails),
                outbox=tuple(entry(row) for row in sent),
                timeline=tuple(EventView(*row) for row in events),
                history=tuple(FieldChangeView(*row) for row in history),
            )

    def counts(self) -> Counts:
        """How many mails, tickets and outgoing mails are in which state."""
        with self.db.read() as connection:

            def by_state(column: Any) -> dict[str, int]:
                rows = connection.execute(select(column, func.count()).group_by(column))
                return {str(row[0]): int(row[1]) for row in rows}

            held = connection.execute(select(func.count()).where(_O.c.held, _O.c.state == "queued")).scalar_one()
            return Counts(by_state(_L.c.state), by_state(_O.c.state), by_state(_T.c.state), held)

    def oldest_pending(self, mailboxes: Iterable[str] | None = None) -> datetime | None:
        """When the oldest mail that is not processed yet was received here, of these mailboxes or of all; None when
        nothing waits."""
        waits = select(func.min(_L.c.received_at)).where(_L.c.state == "received")
        if mailboxes is not None:
            waits = waits.where(_L.c.mailbox.in_(list(mailboxes)))
        with self.db.read() as connection:
            return connection.execute(waits).scalar()


def _line(row: Any) -> TicketLine:
    return TicketLine(**{**row._mapping, "missing": tuple(row.missing)})


def _message(row: Any) -> MessageView:
    return MessageView(
        **{
            **row._mapping,
            "parts": tuple((p[0], p[1], p[2]) for p in row.parts),
            "attachments": tuple(dict(zip(_ATTACHMENT, a, strict=True)) for a in row.attachments),
            "defects": tuple((d[0], d[1]) for d in row.defects),
        }
    )


def plain(value: Any) -> Any:
    """Any value of the store as JSON takes it: times in ISO 8601, sets sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
