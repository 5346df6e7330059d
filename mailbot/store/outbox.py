"""The outbox: finished mails, committed with the decision and sent afterwards.

In: Sends with their finished mails. Out: claimed mails for the outbound room, which says what became of each.
queued → sending → sent | refused | uncertain, see docs/states.md.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from mailbot.decide.actions import Send
from mailbot.reply.model import Outgoing
from mailbot.store.base import Part, upsert
from mailbot.store.models import Event, MarkedAddress, Meta, OutboxRaw, OutboxRecipient, OutboxRow
from mailbot.store.tickets import read_questions, write_questions
from mailbot.store.types import key_text
from mailbot.store.values import Marked, OutboxEntry, OutboxMail, SentCounts
from mailbot.tickets.model import Ticket

_O = OutboxRow.__table__  # type: ignore[attr-defined]
_B = OutboxRaw.__table__  # type: ignore[attr-defined]
_C = OutboxRecipient.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_X = Meta.__table__  # type: ignore[attr-defined]
_A = MarkedAddress.__table__  # type: ignore[attr-defined]

BREAKER = "breaker"
CLAIM_MINUTES = 10  # a claim this old belongs to nobody alive
OPEN = ("queued", "uncertain")
_HELD = select(_X.c.value).where(_X.c.key == BREAKER)
_INSERT, _INSERT_RAW, _INSERT_RECIPIENT = _O.insert(), _B.insert(), _C.insert()
_RAW = select(_B.c.id, _B.c.raw).where(_B.c.id.in_(bindparam("ids", expanding=True)))
_ENTRY = (
    _O.c.id, _O.c.ticket, _O.c.message_id, _O.c.recipients, _O.c.subject, _O.c.template, _O.c.audience, _O.c.language,
    _O.c.automatic, _O.c.state, _O.c.held, _O.c.created_at, _O.c.attempts, _O.c.doubts, _O.c.next_at, _O.c.sent_at,
    _O.c.response, _O.c.error, _O.c.reason, _O.c.text, _O.c.questions,
)  # fmt: skip
_FREE = {"claimed_by": None, "claimed_at": None, "begun_at": None}


def held_now(connection: Connection) -> bool:
    """Whether the breaker holds automatic mail to customers back."""
    return bool(connection.execute(_HELD).scalar())


def put(
    connection: Connection, send: Send, outgoing: Outgoing, ticket: Ticket | None, *, key: str, ledger_id: int | None,
    now: datetime, held: bool,
) -> int:  # fmt: skip
    """One row of the outbox. Returns its id."""
    made = connection.execute(
        _INSERT,
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
    assert made.inserted_primary_key is not None
    number: int = made.inserted_primary_key[0]
    connection.execute(_INSERT_RAW, {"id": number, "raw": outgoing.raw})
    if outgoing.recipients:
        connection.execute(
            _INSERT_RECIPIENT,
            [
                {
                    "outbox_id": number, "address": key_text(a), "domain": key_text(a.rpartition("@")[2]), "at": now,
                    "ticket": ticket.number if ticket else None, "audience": send.audience, "automatic": send.automatic,
                }
                for a in dict.fromkeys(r.lower() for r in outgoing.recipients)
            ],
        )  # fmt: skip
    return number


def _machine() -> str:
    """Names this kernel and process space: only there does a process number say whether a claimer lives."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123
            boot = file.read().strip()[:8]
        space = str(os.stat("/proc/self/ns/pid").st_ino)  # noqa: PTH116
    except OSError:
        boot = space = "0"
    return f"{socket.gethostname()}/{boot}/{space}"


class OutboxPart(Part):
    """Claiming and recording for the outbound room; lists, budgets and the breaker for everybody else."""

    _owner: str = ""

    # --- the outbound room --------------------------------------------------------------------------------------

    def claim_due(self, now: datetime, limit: int = 50) -> list[OutboxMail]:
        """Takes the mails that are due, oldest first, for this process alone: queued | uncertain → sending."""
        claim = f"{self._me()}#{secrets.token_hex(4)}"
        due = (
            select(_O.c.id).where(_O.c.state.in_(OPEN), ~_O.c.held, _O.c.next_at <= now).order_by(_O.c.id).limit(limit)
        )
        if not self.db.sqlite:
            due = due.with_for_update(skip_locked=True)
        taken = (
            update(_O)
            .where(_O.c.id.in_(due))
            .values(state="sending", prior=_O.c.state, claimed_by=claim, claimed_at=now, begun_at=None)
            .returning(_O.c.id, _O.c.message_id, _O.c.sender, _O.c.recipients, _O.c.attempts, _O.c.prior, _O.c.doubts,
                       _O.c.ticket, _O.c.subject, _O.c.audience, _O.c.automatic, _O.c.created_at)
        )  # fmt: skip
        with self.db.read() as connection:
            open_ones = _O.c.state.in_((*OPEN, "sending"))
            if (
                connection.execute(
                    select(_O.c.id).where(open_ones, or_(_O.c.next_at <= now, _O.c.state == "sending")).limit(1)
                ).first()
                is None
            ):
                return []
        with self.db.write("claim") as connection:
            self._recover(connection, now)
            rows = sorted(connection.execute(taken), key=lambda row: row.id)
            raws = dict(connection.execute(_RAW, {"ids": [row.id for row in rows]}).tuples().all()) if rows else {}
        return [
            OutboxMail(
                id=row.id, message_id=row.message_id, sender=row.sender, recipients=tuple(row.recipients),
                raw=raws[row.id], attempts=row.attempts, state=row.prior, claim=claim, doubts=row.doubts,
                ticket=row.ticket, subject=row.subject, audience=row.audience, automatic=row.automatic,
                created_at=row.created_at,
            )
            for row in rows
        ]  # fmt: skip

    def begin(self, mail: OutboxMail, now: datetime) -> bool:
        """Sending of a claimed mail begins: from here on a crash leaves it in doubt.

        False when the claim is lost (it was taken for dead): then it must not be sent.
        """
        with self.db.write("begin") as connection:
            begun = connection.execute(
                update(_O)
                .where(_O.c.id == mail.id, _O.c.state == "sending", _O.c.claimed_by == mail.claim)
                .values(begun_at=now, claimed_at=now)
            )
            return begun.rowcount == 1

    def unclaim(self, mails: Iterable[OutboxMail]) -> int:
        """Gives back claimed mails that were not begun (a clean stop, a server that is down)."""
        count = 0
        with self.db.write("unclaim") as connection:
            for mail in mails:
                count += connection.execute(
                    update(_O)
                    .where(_O.c.id == mail.id, _O.c.state == "sending", _O.c.claimed_by == mail.claim, _O.c.begun_at.is_(None))
                    .values(state=_O.c.prior, **_FREE)
                ).rowcount  # fmt: skip
        return count

    def record_sent(self, outbox_id: int, now: datetime, response: str) -> None:
        """The server accepted it: → sent. Counts whatever state the row is in, for it is a fact."""
        with self.db.write("sent") as connection:
            connection.execute(
                update(_O)
                .where(_O.c.id == outbox_id, _O.c.state != "sent")
                .values(state="sent", sent_at=now, response=response, error="", next_at=None, **_FREE)
            )

    def record_retry(self, outbox_id: int, next_at: datetime, error: str) -> None:
        """Refused for now (4xx), or the connection was lost before DATA: sending → queued."""
        with self.db.write("retry") as connection:
            connection.execute(
                update(_O)
                .where(_O.c.id == outbox_id, _O.c.state == "sending")
                .values(state="queued", attempts=_O.c.attempts + 1, next_at=next_at, error=error, **_FREE)
            )

    def record_refused(self, outbox_id: int, error: str) -> None:
        """Refused for good (5xx): sending → refused, and a line on the ticket for the engineers."""
        with self.db.write("refused") as connection:
            row = connection.execute(
                update(_O)
                .where(_O.c.id == outbox_id, _O.c.state == "sending")
                .values(state="refused", attempts=_O.c.attempts + 1, next_at=None, error=error, **_FREE)
                .returning(_O.c.ticket, _O.c.recipients, _O.c.template)
            ).first()
            if row is not None:
                self._tell(connection, row.ticket, "refused", f"{row.template} to {', '.join(row.recipients)}", error)

    def record_uncertain(self, outbox_id: int, next_at: datetime | None, error: str) -> None:
        """The connection was lost past DATA: sending → uncertain. next_at None: a person must look."""
        with self.db.write("uncertain") as connection:
            row = connection.execute(
                update(_O)
                .where(_O.c.id == outbox_id, _O.c.state == "sending")
                .values(state="uncertain", attempts=_O.c.attempts + 1, doubts=_O.c.doubts + 1, next_at=next_at,
                        error=error, **_FREE)
                .returning(_O.c.ticket, _O.c.recipients, _O.c.template)
            ).first()  # fmt: skip
            if row is not None:
                self._tell(connection, row.ticket, "uncertain", f"{row.template} to {', '.join(row.recipients)}", error)

    def _tell(self, connection: Connection, ticket: int | None, event: str, text: str, reason: str) -> None:
        row = {"ticket": ticket, "at": self.clock(), "event": event, "text": text, "reason": reason, "actor": "mailbot"}
        connection.execute(_E.insert(), row)

    def _me(self) -> str:
        if not self._owner:
            self._owner = f"{_machine()}|{os.getpid()}|{secrets.token_hex(4)}"
        return self._owner

    def _alive(self, claimed_by: str) -> bool:
        """False only when the claimer is known to be dead: same machine, and no such process."""
        owner = claimed_by.partition("#")[0]
        machine, _, rest = owner.partition("|")
        number = rest.partition("|")[0]
        if owner == self._me() or machine != _machine() or not number.isdigit():
            return True
        if int(number) == os.getpid():
            return owner == self._me()  # our number, but not us: the one before us had it
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def _recover(self, connection: Connection, now: datetime) -> None:
        """Claims of the dead: what they had not begun is queued again, what they had begun is uncertain."""
        claims = (
            select(_O.c.claimed_by, func.max(_O.c.claimed_at)).where(_O.c.state == "sending").group_by(_O.c.claimed_by)
        )
        old = now - timedelta(minutes=CLAIM_MINUTES)
        dead = [
            by for by, at in connection.execute(claims) if by is None or at is None or at < old or not self._alive(by)
        ]
        for claim in dead:
            mine = and_(_O.c.state == "sending", _O.c.claimed_by == claim)
            connection.execute(update(_O).where(mine, _O.c.begun_at.is_(None)).values(state=_O.c.prior, **_FREE))
            connection.execute(
                update(_O)
                .where(mine)
                .values(state="uncertain", doubts=_O.c.doubts + 1, next_at=now, **_FREE,
                        error="the process died while it was being sent")
            )  # fmt: skip

    # --- lists, people, health ----------------------------------------------------------------------------------

    def outbox_list(
        self, states: Iterable[str] = (), *, ticket: int | None = None, limit: int = 100
    ) -> list[OutboxEntry]:
        """Outgoing mails, newest first; all states when none is given."""
        query = select(*_ENTRY).order_by(_O.c.id.desc()).limit(limit)
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
        """refused | uncertain → queued, now; also mails that wait for their next try. All of them or these."""
        waiting = _O.c.state.in_(("refused", "uncertain", "queued"))
        which = waiting if outbox_ids is None else and_(waiting, _O.c.id.in_(list(outbox_ids)))
        has_bytes = _O.c.id.in_(select(_B.c.id))
        with self.db.write("outbox-retry") as connection:
            changed = connection.execute(
                update(_O).where(which, has_bytes).values(state="queued", next_at=self.clock(), error="", **_FREE)
            )
            return changed.rowcount

    def oldest_queued(self) -> datetime | None:
        """When the oldest mail that is not sent yet was queued; held ones and those that wait for a person not counted."""
        with self.db.read() as connection:
            open_ones = and_(_O.c.state.in_((*OPEN, "sending")), ~_O.c.held, _O.c.next_at.is_not(None))
            return connection.execute(select(func.min(_O.c.created_at)).where(open_ones)).scalar()

    def hold(self, reason: str) -> int:
        """The breaker: automatic mail to customers is held back, what waits and what comes. Returns how many wait."""
        with self.db.write("hold") as connection:
            connection.execute(upsert(_X, self.db.sqlite, ("key",), ("value",)), {"key": BREAKER, "value": reason})
            which = and_(_O.c.state == "queued", _O.c.automatic, _O.c.audience == "customer", ~_O.c.held)
            return connection.execute(update(_O).where(which).values(held=True)).rowcount

    def unhold(self) -> int:
        """The breaker is closed again: what was held is due now. Returns how many."""
        with self.db.write("unhold") as connection:
            connection.execute(_X.delete().where(_X.c.key == BREAKER))
            return connection.execute(update(_O).where(_O.c.held).values(held=False, next_at=self.clock())).rowcount

    def breaker(self) -> str | None:
        """Why automatic mail is held back; None when it is not."""
        with self.db.read() as connection:
            return connection.execute(_HELD).scalar()

    def sent_counts(self, since: datetime, *, address: str = "", ticket: int | None = None) -> SentCounts:
        """Automatic mails to customers since then: to the address, to its domain, on the ticket, in all."""
        address = key_text(address.lower())
        base = and_(_C.c.at >= since, _C.c.automatic, _C.c.audience == "customer")

        def count(*more: Any) -> Any:
            return select(func.count(_C.c.outbox_id.distinct())).where(base, *more).scalar_subquery()

        with self.db.read() as connection:
            row = connection.execute(
                select(
                    count(_C.c.address == address),
                    count(_C.c.domain == address.rpartition("@")[2]),
                    count(_C.c.ticket == ticket),
                    count(),
                )
            ).one()
        return SentCounts(*row)

    def marked(self, addresses: Iterable[str] | None = None) -> dict[str, Marked]:
        """Addresses whose mail came back: these, or all."""
        query = select(_A.c.address, _A.c.permanent, _A.c.reason, _A.c.at, _A.c.times)
        if addresses is not None:
            query = query.where(_A.c.address.in_([key_text(a) for a in addresses]))
        with self.db.read() as connection:
            return {row.address: Marked(*row) for row in connection.execute(query)}

    def unmark(self, address: str) -> bool:
        """Mail may go there again."""
        with self.db.write("unmark") as connection:
            return connection.execute(_A.delete().where(_A.c.address == key_text(address))).rowcount == 1


def entry(row: Any) -> OutboxEntry:
    values = dict(row._mapping)
    values["recipients"] = tuple(values["recipients"])
    values["questions"] = read_questions(values["questions"])
    return OutboxEntry(**values)
