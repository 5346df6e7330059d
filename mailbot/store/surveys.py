"""The one question after resolution: asked with the mail that says so, answered once, changed within its time.

In: a ticket, an answer. Out: rows of `survey`. When an answer counts is decided by `decide.survey`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from mailbot.decide.actions import Send, Surveyed
from mailbot.store.base import Part, insert_into
from mailbot.store.hot import Hot
from mailbot.store.models import Survey, TicketRow
from mailbot.store.types import key_text
from mailbot.tickets.model import Ticket

_S = Survey.__table__  # type: ignore[attr-defined]
_T = TicketRow.__table__  # type: ignore[attr-defined]
_ONE = Hot(select(_S.c.ticket, _S.c.asked_at, _S.c.answer, _S.c.answered_at).where(_S.c.ticket == bindparam("number")))
ASKS = "resolved"  # the template that asks


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A question that was asked."""

    ticket: int
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


def ask(connection: Connection, ticket: Ticket, sends: tuple[Send, ...], now: datetime) -> None:
    """The question goes out with the mail; a ticket that is resolved once more is asked once more."""
    if not any(send.template == ASKS and send.audience == "customer" for send in sends):
        return
    made = insert_into(_S, connection.dialect.name == "sqlite")
    again = {"asked_at": now, "answer": None, "answered_at": None, "comment": "", "message_id": None}
    row = {"ticket": ticket.number, "address": key_text(ticket.requester), **again}
    connection.execute(made.on_conflict_do_update(index_elements=["ticket"], set_=again), row)


def record(connection: Connection, answers: list[Surveyed], now: datetime) -> None:
    """The answers as decided. The time of the first one stays: from it the week is counted."""
    for one in answers:
        values = {"answer": one.answer, "comment": one.comment, "message_id": one.message_id}
        connection.execute(update(_S).where(_S.c.ticket == one.ticket).values(**values))
        first = update(_S).where(_S.c.ticket == one.ticket, _S.c.answered_at.is_(None))
        connection.execute(first.values(answered_at=now))
        connection.execute(update(_T).where(_T.c.number == one.ticket).values(survey=one.answer))


class SurveyPart(Part):
    """What was asked."""

    def survey(self, number: int) -> SurveyRow | None:
        """The question on a ticket with its answer; None when it was never asked."""
        with self.db.read() as connection:
            row = _ONE.first(connection, {"number": number})
            return SurveyRow(*row) if row is not None else None
