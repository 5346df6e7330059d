"""The outbox: finished mails, committed with the decision and sent afterwards.

In: Sends with their finished mails. Out: claimed mails for the outbound room, which says what became of each.
queued → sending → sent | refused | uncertain, see docs/states.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select, update

from mailbot.decide.actions import Send
from mailbot.reply.model import Outgoing
from mailbot.store.base import Part
from mailbot.store.claims import may_live, new_claim
from mailbot.store.hot import Hot
from mailbot.store.models import Event, Meta, OutboxRaw, OutboxRecipient, OutboxRow
from mailbot.store.tickets import write_questions
from mailbot.store.types import key_text
from mailbot.store.values import OutboxMail
from mailbot.tickets.model import Ticket

_O = OutboxRow.__table__  # type: ignore[attr-defined]
_B = OutboxRaw.__table__  # type: ignore[attr-defined]
_C = OutboxRecipient.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_X = Meta.__table__  # type: ignore[attr-defined]

BREAKER = "breaker"
CLAIM_MINUTES = (
    30  # a claim this old belongs to nobody alive: one mail may take 10 at the end of DATA (RFC 5321 4.5.3.2.6)
)
OPEN = ("queued", "uncertain")
HELD = Hot(select(_X.c.value).where(_X.c.key == BREAKER))
_NEW = (
    "key", "ticket", "ledger_id", "message_id", "sender", "recipients", "subject", "text", "questions", "template",
    "audience", "language", "automatic", "team", "reason", "stage", "state", "prior", "held", "created_at", "next_at",
    "attempts", "doubts", "response", "error",
)  # fmt: skip
_INSERT = Hot(_O.insert().returning(_O.c.id), keys=_NEW)
_INSERT_RAW = Hot(_B.insert(), keys=("id", "raw"))
_INSERT_RECIPIENT = Hot(_C.insert(), keys=[c.name for c in _C.c])
_RAW = Hot(select(_B.c.raw).where(_B.c.id == bindparam("one")))
FREE = {"claimed_by": None, "claimed_at": None, "begun_at": None}


def held_now(connection: Connection) -> bool:
    """Whether the breaker holds automatic mail to customers back."""
    return bool(HELD.scalar(connection, {}))


def put(
    connection: Connection, send: Send, outgoing: Outgoing, ticket: Ticket | None, *, key: str, ledger_id: int | None,
    now: datetime, held: bool,
) -> int:  # fmt: skip
    """One row of the outbox. Returns its id."""
    number: int = _INSERT.scalar(
        connection,
        {
            "key": key, "ticket": ticket.number if ticket else None, "ledger_id": ledger_id,
            "message_id": key_text(outgoing.message_id), "sender": outgoing.sender,
            "recipients": list(outgoing.recipients), "subject": outgoing.subject, "text": outgoing.text,
            "questions": write_questions(outgoing.questions), "template": send.template, "audience": send.audience,
            "language": send.language, "automatic": send.automatic, "team": send.team, "reason": send.reason,
            "stage": ticket.stage if ticket else None, "state": "queued", "prior": "queued",
            "held": held and send.automatic and send.audience == "customer", "created_at": now, "next_at": now,
            "attempts": 0, "doubts": 0, "response": "", "error": "",
        },
    )  # fmt: skip
    _INSERT_RAW.run(connection, {"id": number, "raw": outgoing.raw})
    _INSERT_RECIPIENT.many(
        connection,
        [
            {
                "outbox_id": number, "address": key_text(a), "domain": key_text(a.rpartition("@")[2]), "at": now,
                "ticket": ticket.number if ticket else None, "audience": send.audience, "automatic": send.automatic,
            }
            for a in dict.fromkeys(r.lower() for r in outgoing.recipients)
        ],
    )  # fmt: skip
    return number


_OPEN_ROWS = _O.c.state.in_([literal_column(f"'{state}'") for state in ("queued", "sending", "uncertain")])
"""What has not been sent or refused, in the words of the partial index: those that were sent are not looked at."""
_DUE = and_(
    _OPEN_ROWS, or_(_O.c.state == "queued", _O.c.state == "uncertain"), ~_O.c.held, _O.c.next_at <= bindparam("now")
)
ANYTHING = Hot(select(_O.c.id).where(_OPEN_ROWS, or_(_DUE, _O.c.state == "sending")).limit(1))
_MINE = and_(_O.c.id == bindparam("which"), _O.c.state == "sending")


def _claim(on_sqlite: bool) -> Any:
    due = select(_O.c.id).where(_DUE).order_by(_O.c.id).limit(bindparam("most"))
    if not on_sqlite:
        # A second sender passes over rows that the first is just taking. In a WITH that locks, they are chosen once
        # (PostgreSQL, "WITH Queries"); a plain subquery may run again for each row, and LIMIT then holds for none.
        due = select(due.with_for_update(skip_locked=True).cte("due").c.id)
    taken = (
        update(_O)
        .where(_O.c.id.in_(due))
        .values(
            state="sending", prior=_O.c.state, claimed_by=bindparam("claim"), claimed_at=bindparam("now"), begun_at=None
        )
    )
    return taken.returning(
        _O.c.id, _O.c.message_id, _O.c.sender, _O.c.recipients, _O.c.attempts, _O.c.prior, _O.c.doubts, _O.c.ticket,
        _O.c.subject, _O.c.audience, _O.c.automatic, _O.c.created_at,
    )  # fmt: skip


_CLAIM = Hot(_claim)
CLAIMS = Hot(
    select(_O.c.claimed_by, func.max(_O.c.claimed_at).label("at"))
    .where(_OPEN_ROWS, _O.c.state == "sending")
    .group_by(_O.c.claimed_by)
)
_BEGIN = Hot(
    update(_O)
    .where(_MINE, _O.c.claimed_by == bindparam("claim"))
    .values(begun_at=bindparam("now"), claimed_at=bindparam("now"))
)
_SENT = Hot(
    update(_O)
    .where(_O.c.id == bindparam("which"), _O.c.state != "sent")
    .values(state="sent", sent_at=bindparam("now"), response=bindparam("said"), error="", next_at=None, **FREE)
)


def _fate(state: str, **more: Any) -> Hot:
    """sending → `state`, with the error and the time of the next try."""
    values = {"attempts": _O.c.attempts + 1, "next_at": bindparam("then"), "error": bindparam("said"), **FREE, **more}
    changed = update(_O).where(_MINE).values(state=state, **values)
    return Hot(changed.returning(_O.c.ticket, _O.c.recipients, _O.c.template))


_RETRY = _fate("queued")
_REFUSED = _fate("refused")
_UNCERTAIN = _fate("uncertain", doubts=_O.c.doubts + 1)
_LEFT = _fate("uncertain")


class OutboxPart(Part):
    """Claiming and recording, for the outbound room."""

    def claim_due(self, now: datetime, limit: int = 50) -> list[OutboxMail]:
        """Takes the mails that are due, oldest first, for this process alone: queued | uncertain → sending."""
        with self.db.read() as connection:
            if ANYTHING.first(connection, {"now": now}) is None:
                return []
        claim = new_claim()
        with self.db.write("claim") as connection:
            self._recover(connection, now)
            taken = _CLAIM.all(connection, {"now": now, "most": limit, "claim": claim})
            raws = {row.id: _RAW.scalar(connection, {"one": row.id}) for row in taken}
        return [
            OutboxMail(
                id=row.id, message_id=row.message_id, sender=row.sender, recipients=tuple(row.recipients),
                raw=raws[row.id], attempts=row.attempts, state=row.prior, claim=claim, doubts=row.doubts,
                ticket=row.ticket, subject=row.subject, audience=row.audience, automatic=row.automatic,
                created_at=row.created_at,
            )
            for row in sorted(taken, key=lambda row: row.id)
        ]  # fmt: skip

    def begin(self, mail: OutboxMail, now: datetime) -> bool:
        """A claimed mail may be accepted from now on: a crash leaves it in doubt.

        False when the claim is lost (it was taken for dead): then it must not be sent.
        """
        with self.db.write("begin", synced=False) as connection:
            mine = _BEGIN.run(connection, {"which": mail.id, "claim": mail.claim, "now": now}) == 1
        self.db.sync()  # of all that led to this mail too, and of what became of the one before; nobody waits for it
        return mine

    def unclaim(self, mails: Iterable[OutboxMail]) -> int:
        """Gives back claimed mails that were not begun (a clean stop, a server that is down)."""
        mine = and_(_O.c.state == "sending", _O.c.begun_at.is_(None))
        count = 0
        with self.db.write("unclaim") as connection:
            for mail in mails:
                which = and_(mine, _O.c.id == mail.id, _O.c.claimed_by == mail.claim)
                count += connection.execute(update(_O).where(which).values(state=_O.c.prior, **FREE)).rowcount
        return count

    def record_sent(self, outbox_id: int, now: datetime, response: str) -> None:
        """The server accepted it: → sent. Counts whatever state the row is in, for it is a fact.

        A power failure may undo it until the next `begin`, which is before the next mail can be in doubt, or `sync`.
        """
        with self.db.write("sent", synced=False) as connection:
            _SENT.run(connection, {"which": outbox_id, "now": now, "said": response})

    def record_retry(self, outbox_id: int, next_at: datetime, error: str) -> None:
        """Refused for now (4xx), or the connection was lost before DATA: sending → queued."""
        with self.db.write("retry") as connection:
            _RETRY.first(connection, {"which": outbox_id, "then": next_at, "said": error})

    def record_refused(self, outbox_id: int, error: str) -> None:
        """Refused for good (5xx): sending → refused, and a line on the ticket for the engineers."""
        with self.db.write("refused") as connection:
            self._tell(connection, "refused", _REFUSED, {"which": outbox_id, "then": None, "said": error})

    def record_uncertain(self, outbox_id: int, next_at: datetime | None, error: str) -> None:
        """The connection was lost past DATA: sending → uncertain. next_at None: a person must look."""
        with self.db.write("uncertain") as connection:
            self._tell(connection, "uncertain", _UNCERTAIN, {"which": outbox_id, "then": next_at, "said": error})

    def record_left(self, outbox_id: int, error: str) -> None:
        """The doubt stays and nothing more is tried: sending → uncertain, without a time. A person must look."""
        with self.db.write("left") as connection:
            self._tell(connection, "uncertain", _LEFT, {"which": outbox_id, "then": None, "said": error})

    def _tell(self, connection: Connection, event: str, fate: Hot, given: dict[str, Any]) -> None:
        row = fate.first(connection, given)
        if row is not None:
            text = f"{row.template} to {', '.join(row.recipients)}"
            line = {"ticket": row.ticket, "at": self.clock(), "event": event, "text": text, "actor": "mailbot"}
            connection.execute(_E.insert(), {**line, "reason": given["said"]})

    def _recover(self, connection: Connection, now: datetime) -> None:
        """Claims of the dead: what they had not begun is queued again, what they had begun is uncertain."""
        old = now - timedelta(minutes=CLAIM_MINUTES)
        for claim, at in CLAIMS.all(connection, {}):
            if at >= old and may_live(claim):
                continue
            mine = and_(_O.c.state == "sending", _O.c.claimed_by == claim)
            connection.execute(update(_O).where(mine, _O.c.begun_at.is_(None)).values(state=_O.c.prior, **FREE))
            error = "the process died while it was being sent"
            doubt = {"state": "uncertain", "doubts": _O.c.doubts + 1, "next_at": now, "error": error}
            connection.execute(update(_O).where(mine).values(**doubt, **FREE))
