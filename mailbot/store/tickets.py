"""Reading tickets as the pure rooms see them: frozen views, built in two statements.

In: a number, Message-IDs, addresses. Out: `Ticket`, maps. Implements `tickets.lookup.Lookup`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, cast, func, literal_column, or_, select, union_all

from mailbot.store.base import Part
from mailbot.store.hot import Hot
from mailbot.store.models import Ledger, MessageRow, OutboxRow, Participant, TicketLink, TicketRow
from mailbot.store.types import key_text
from mailbot.tickets.model import FieldValue, Question, SentMail, State, Ticket

_T = TicketRow.__table__  # type: ignore[attr-defined]
_M = MessageRow.__table__  # type: ignore[attr-defined]
_O = OutboxRow.__table__  # type: ignore[attr-defined]
_P = Participant.__table__  # type: ignore[attr-defined]
_K = TicketLink.__table__  # type: ignore[attr-defined]
_L = Ledger.__table__  # type: ignore[attr-defined]

MOST_MAILS = 50  # of each direction that a view holds: the newest ones decide what is asked
_SAME = (  # columns that the view has under the same name
    "number", "version", "pack", "mailbox", "subject", "requester", "opened", "language", "kind", "priority", "rounds",
    "routed", "customer", "team", "assignee", "stage", "link", "merged_into", "closed_for_silence", "marked_incomplete",
    "survey",
)  # fmt: skip
_HEARD, _SENT, _PARTICIPANT, _LINKED = 1, 2, 3, 4
_ONE = select(
    *(_T.c[name] for name in _SAME), _T.c.state, _T.c.fields, _T.c.declined, _T.c.asked, _T.c.cc, _T.c.locked
)  # fmt: skip
_BY_NUMBER = Hot(_ONE.where(_T.c.number == bindparam("number")))


def _thread() -> Any:
    """Everything around one ticket in one statement: (what, order, four texts)."""
    number: Any = bindparam("number")
    none: Any = literal_column("''")
    heard = (
        select(literal_column(str(_HEARD)).label("what"), _M.c.id.label("place"), _M.c.subject.label("a"),
               _M.c.new_text.label("b"), none.label("c"), none.label("d"))
        .where(_M.c.ticket == number, _M.c.author == "customer").order_by(_M.c.id.desc()).limit(MOST_MAILS).subquery()
    )  # fmt: skip
    sent = (
        select(literal_column(str(_SENT)).label("what"), _O.c.id.label("place"), _O.c.message_id.label("a"),
               _O.c.text.label("b"), cast(_O.c.questions, Text).label("c"), _O.c.template.label("d"))
        .where(_O.c.ticket == number).order_by(_O.c.id.desc()).limit(MOST_MAILS).subquery()
    )  # fmt: skip
    who = select(literal_column(str(_PARTICIPANT)), literal_column("0"), _P.c.address, none, none, none).where(
        _P.c.ticket == number
    )
    ahead = select(literal_column(str(_LINKED)), _K.c.other, none, none, none, none).where(_K.c.ticket == number)
    back = select(literal_column(str(_LINKED)), _K.c.ticket, none, none, none, none).where(_K.c.other == number)
    return union_all(select(heard), select(sent), who, ahead, back)


_THREAD = Hot(_thread())


_BY_MESSAGE_ID = Hot(
    union_all(
        select(_O.c.ticket, literal_column("0").label("theirs"), _O.c.id)
        .where(_O.c.message_id == bindparam("mid"), _O.c.ticket.is_not(None)),
        select(_M.c.ticket, literal_column("1"), _M.c.id).where(_M.c.message_id == bindparam("mid")),
    )
)  # fmt: skip


def load(connection: Connection, number: int) -> Ticket | None:
    """The view of one ticket within a transaction."""
    row = _BY_NUMBER.first(connection, {"number": number})
    if row is None:
        return None
    heard: list[tuple[int, str]] = []
    sent: list[tuple[int, SentMail]] = []
    who: list[str] = []
    linked: set[int] = set()
    for what, place, a, b, c, d in _THREAD.all(connection, {"number": number}):
        if what == _HEARD:
            heard.append((place, f"{a}\n{b}"))
        elif what == _SENT:
            sent.append((place, SentMail(a, b, read_questions(json.loads(c)), d)))
        elif what == _PARTICIPANT:
            who.append(a)
        else:
            linked.add(place)
    return _view(
        row,
        heard=tuple(text for _, text in sorted(heard)),
        sent=tuple(mail for _, mail in sorted(sent, key=lambda one: one[0])),
        participants=frozenset(who),
        linked=tuple(sorted(linked)),
    )


def _view(row: Any, **around: Any) -> Ticket:
    same = {name: getattr(row, name) for name in _SAME}
    return Ticket(
        **same,
        state=State(row.state),
        fields={name: FieldValue(**value) for name, value in row.fields.items()},
        declined=row.declined,
        asked=row.asked,
        cc=tuple(row.cc),
        locked=frozenset(row.locked),
        **around,
    )


def read_questions(stored: Sequence[Sequence[Any]]) -> tuple[Question, ...]:
    return tuple(Question(*one) for one in stored)


def write_questions(questions: Sequence[Question]) -> list[list[Any]]:
    return [[q.field, q.number, q.text] for q in questions]


class TicketPart(Part):
    """The questions that matching, deciding and status mails ask."""

    def ticket(self, number: int) -> Ticket | None:
        """The ticket as it stands, None when there is none. Merged ones too: `merged_into` says where they went."""
        with self.db.read() as connection:
            return load(connection, number)

    def tickets_of(self, message_ids: Sequence[str]) -> dict[str, int]:
        """Message-ID → ticket, for mails on tickets and mails that we sent; ours win, then the earliest."""
        if not message_ids:
            return {}
        found: dict[str, int] = {}
        with self.db.read() as connection:
            for one in message_ids:
                rows = _BY_MESSAGE_ID.all(connection, {"mid": key_text(one)})
                if rows:
                    found[one] = min(rows, key=lambda row: (row.theirs, row.id)).ticket
        return found

    def merged_into(self, number: int) -> int:
        """Where the ticket goes on; itself when it was not merged."""
        with self.db.read() as connection:
            return follow(connection, number)

    def tickets_of_address(self, address: str, limit: int = 50) -> tuple[Ticket, ...]:
        """The tickets that an address has a part in, newest first, without their mails (`heard`, `sent` are empty)."""
        query = (
            _ONE.join(_P, _P.c.ticket == _T.c.number)
            .where(_P.c.address == key_text(address))
            .order_by(_T.c.number.desc())
            .limit(limit)
        )
        return self._short(query)

    def tickets_of_customer(self, customer: str, limit: int = 10) -> tuple[Ticket, ...]:
        """The newest tickets of a customer of the directory, without their mails."""
        return self._short(_ONE.where(_T.c.customer == customer).order_by(_T.c.number.desc()).limit(limit))

    def _short(self, query: Select[Any]) -> tuple[Ticket, ...]:
        with self.db.read() as connection:
            rows = connection.execute(query).all()
            numbers = [row.number for row in rows]
            who: dict[int, list[str]] = {}
            if numbers:
                people = select(_P.c.ticket, _P.c.address).where(_P.c.ticket.in_(numbers))
                for number, address in connection.execute(people):
                    who.setdefault(number, []).append(address)
        return tuple(_view(row, participants=frozenset(who.get(row.number, ()))) for row in rows)

    def tickets_in(self, states: Sequence[State], limit: int = 1000) -> tuple[Ticket, ...]:
        """Tickets in these states, oldest first, without their mails: for reminders, targets and digests."""
        wanted = or_(*(_T.c.state == state.value for state in states))
        return self._short(_ONE.where(wanted, _T.c.merged_into.is_(None)).order_by(_T.c.number).limit(limit))

    def mailboxes_of(self, number: int) -> tuple[str, ...]:
        """The mailboxes that the ticket's mails, copies included, came in by."""
        with self.db.read() as connection:
            query = select(_L.c.mailbox).where(_L.c.ticket == number).group_by(_L.c.mailbox).order_by(func.min(_L.c.id))
            return tuple(connection.execute(query).scalars())


def follow(connection: Connection, number: int) -> int:
    """The end of a chain of merges."""
    seen = {number}
    while True:
        onward = connection.execute(select(_T.c.merged_into).where(_T.c.number == number)).scalar()
        if onward is None or onward in seen:
            return number
        number = onward
        seen.add(number)
