"""Carries out a decision: everything of it in one transaction, and nothing a second time.

In: a ledger row's id, the mail, the decision, a callback that makes finished mails. Out: `Applied`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from mailbot.decide.actions import Decision, Send, Split
from mailbot.errors import StoreError
from mailbot.message.model import Line, Message
from mailbot.store.base import Part, insert_into, insert_new, upsert
from mailbot.store.evolve import Change, asked_after, evolve
from mailbot.store.hot import Hot
from mailbot.store.ledger import author_of, find_copy, finished, record_copy, waiting
from mailbot.store.models import (
    Counter,
    Event,
    FieldChange,
    Ledger,
    MarkedAddress,
    MessageRow,
    Participant,
    Rotation,
    TicketLink,
    TicketRow,
)  # fmt: skip
from mailbot.store.outbox import held_now, put
from mailbot.store.search import add_words
from mailbot.store.tickets import load
from mailbot.store.types import key_text
from mailbot.store.values import Applied, Render, StaleDecisionError
from mailbot.tickets.model import State, Ticket

_L = Ledger.__table__  # type: ignore[attr-defined]
_T = TicketRow.__table__  # type: ignore[attr-defined]
_M = MessageRow.__table__  # type: ignore[attr-defined]
_P = Participant.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_F = FieldChange.__table__  # type: ignore[attr-defined]
_K = TicketLink.__table__  # type: ignore[attr-defined]
_A = MarkedAddress.__table__  # type: ignore[attr-defined]
_N = Counter.__table__  # type: ignore[attr-defined]
_R = Rotation.__table__  # type: ignore[attr-defined]

_LAST_NUMBER = Hot(select(_N.c.value).where(_N.c.name == "ticket").with_for_update())
_NEXT_NUMBER = Hot(update(_N).where(_N.c.name == "ticket").values(value=_N.c.value + 1).returning(_N.c.value))
_VIEWED = (  # columns that are written as the view has them
    "pack", "mailbox", "subject", "requester", "opened", "language", "kind", "priority", "rounds", "routed",
    "customer", "team", "assignee", "stage", "link", "merged_into", "closed_for_silence", "marked_incomplete", "survey",
    "declined", "asked",
)  # fmt: skip
_COMPUTED = ("version", "state", "updated", "fields", "cc", "locked")
_STAMPS = (
    "state_since", "customer_at", "first_reply_at", "engineer_reply_at", "resolved_at", "closed_at",
)  # fmt: skip


def _newer(name: str) -> Any:
    """The new time where there is one; of the first reply the oldest stays."""
    new, old = bindparam(f"new_{name}", type_=_T.c[name].type), _T.c[name]
    return func.coalesce(old, new) if name == "first_reply_at" else func.coalesce(new, old)


_DONE = Hot(
    update(_L).where(_L.c.id == bindparam("ledger")),
    keys=("state", "reason", "ticket", "message_id", "author", "sent_date", "content", "finished_at"),
)
_UPDATE_TICKET = Hot(
    update(_T)
    .where(_T.c.number == bindparam("which"), _T.c.version == bindparam("seen"))
    .values({name: _newer(name) for name in _STAMPS}),
    keys=(*_VIEWED, *_COMPUTED),
)
_UPDATE_MISSING = Hot(update(_T).where(_T.c.number == bindparam("which")), keys=("missing",))
_INSERT_TICKET = Hot(_T.insert(), keys=("number", "missing", "missing_first", *_VIEWED, *_COMPUTED, *_STAMPS))
_INSERT_MESSAGE = Hot(_M.insert(), keys=[c.name for c in _M.c if c.name != "id"])
_INSERT_EVENT = Hot(_E.insert(), keys=[c.name for c in _E.c if c.name != "id"])
_INSERT_HISTORY = Hot(_F.insert(), keys=[c.name for c in _F.c if c.name != "id"])
_ADD_PEOPLE = Hot(lambda on_sqlite: insert_new(_P, on_sqlite), keys=("ticket", "address", "role", "since"))


def _mark(on_sqlite: bool) -> Any:
    """A later mark counts up; one for good stays for good."""
    made = insert_into(_A, on_sqlite)
    new = made.excluded
    return made.on_conflict_do_update(
        index_elements=["address"],
        set_={
            "permanent": or_(_A.c.permanent, new.permanent), "reason": new.reason, "at": new.at,
            "times": _A.c.times + 1,
        },
    )  # fmt: skip


_MARK = Hot(_mark, keys=("address", "permanent", "reason", "times", "at"))


class ApplyPart(Part):
    """Decisions become rows."""

    def apply(
        self,
        ledger_id: int,
        message: Message,
        decision: Decision,
        *,
        render: Render,
        pack: str,
        lines: Sequence[Line] = (),
        new_text: str = "",
        author: str = "customer",
        proved: bool = False,
        ticket: Ticket | None = None,
    ) -> Applied:
        """Carries out the decision about one mail.

        render makes each mail, given the ticket as it will be (before this request is counted in `asked`, `rounds`).
        author: whose words it is: customer | engineer | machine. proved: the sender was authenticated.
        ticket: the view that the decision was made on; when it changed since, StaleDecisionError is raised and nothing
        is done. A row that was done before changes nothing: `Applied.repeated`.
        """
        now = self.clock()
        with self.db.write("apply") as connection:
            row = waiting(connection, ledger_id)
            if row.state != "received":
                return Applied(ticket=row.ticket, repeated=True)
            known = finished(message, now)
            if decision.open_ticket:
                _LAST_NUMBER.first(connection, {})  # whoever else opens a ticket waits here, then sees what we did
                copy = find_copy(connection, ledger_id, row.sha256, message)
                if copy is not None:
                    record_copy(connection, ledger_id, copy, known, f"copy of mail {copy.ledger_id} in {copy.mailbox}")
                    return Applied(ticket=copy.ticket, repeated=True, copy_of=copy.ledger_id)
            before = self._before(connection, decision, message, ticket, pack, row.mailbox, now)
            machine = message.automated is not None
            heard = author == "customer" and not machine
            if before is not None and heard and not decision.ignored:
                before = replace(before, heard=(*before.heard, f"{message.subject}\n{new_text}"))
            change = Change(before, now, ledger_id=ledger_id)
            if decision.open_ticket:
                change.tell("opened", decision.reason)
            after, outbox = self._carry_out(
                connection, change, decision, render, key=str(ledger_id), opening=decision.open_ticket,
                heard=heard,
            )  # fmt: skip
            number = after.number if after else None
            if after is not None and not decision.ignored:
                who = "machine" if machine else author
                _INSERT_MESSAGE.run(
                    connection,
                    _message_row(after.number, ledger_id, message, lines, new_text, who, proved, row.mailbox),
                )
                if heard:
                    add_words(connection, after.number, f"{message.subject}\n{new_text or message.text}")
            state = "ignored" if decision.ignored else "processed"
            _DONE.run(
                connection, {"ledger": ledger_id, "state": state, "reason": decision.reason, "ticket": number, **known}
            )
            return Applied(number, decision.open_ticket, outbox=outbox, view=after)

    def act(
        self, key: str, number: int | None, decision: Decision, *, render: Render, actor: str = "mailbot"
    ) -> Applied:
        """Carries out a decision that no mail caused: a reminder, a closing, an alert.

        `key` is unique for it ("reminder:12:1"); the second time nothing is done and `Applied.repeated` is true.
        """
        now = self.clock()
        with self.db.write("act") as connection:
            once = {
                "at": now,
                "event": "acted",
                "text": decision.reason,
                "reason": "",
                "actor": actor,
                "key": key,
                "ticket": number,
            }
            if connection.execute(insert_new(_E, self.db.sqlite).returning(_E.c.id), once).first() is None:
                return Applied(ticket=number, repeated=True)
            before = load(connection, number) if number is not None else None
            if before is None and number is not None:
                raise StoreError("no such ticket", where=f"ticket {number}")
            change = Change(before, now, actor)
            after, outbox = self._carry_out(connection, change, decision, render, key=key, opening=False)
            return Applied(number, outbox=outbox, view=after)

    def _before(
        self, connection: Connection, decision: Decision, message: Message, ticket: Ticket | None, pack: str,
        mailbox: str, now: datetime,
    ) -> Ticket | None:  # fmt: skip
        """The ticket that the actions are about, as it was before."""
        if decision.open_ticket:
            number = _NEXT_NUMBER.scalar(connection, {})
            sender = message.sender.address if message.sender else ""
            return Ticket(
                number=number, pack=pack, mailbox=mailbox, state=State.NEW, subject=message.subject, requester=sender,
                participants=frozenset({sender} - {""}), opened=now, version=0,
            )  # fmt: skip
        if decision.ticket is None:
            return None
        if ticket is not None and ticket.number == decision.ticket:
            return ticket  # its version is checked when it is written
        found = load(connection, decision.ticket)
        if found is None:
            raise StoreError("no such ticket", where=f"ticket {decision.ticket}")
        return found

    def _carry_out(
        self, connection: Connection, change: Change, decision: Decision, render: Render, *, key: str, opening: bool,
        heard: bool = False,
    ) -> tuple[Ticket | None, tuple[int, ...]]:  # fmt: skip
        before = change.ticket
        evolve(change, decision)
        for split in change.splits:
            self._split(connection, change, split, render, key)
        sends = tuple({send.key: send for send in decision.sends()}.values())
        finished_mails = [(send, render(change.ticket, send)) for send in sends]
        after = change.ticket
        if after is not None and before is not None:
            after = replace(asked_after(after, sends, change.rounds_given), version=before.version + 1)
            self._write_ticket(connection, before, after, change, decision, sends, opening=opening, heard=heard)
        self._write_history(connection, change, after.number if after else None)
        held = bool(sends) and held_now(connection)
        outbox = tuple(
            put(
                connection,
                send,
                outgoing,
                after,
                key=f"{key}:{send.key}",
                ledger_id=change.ledger_id,
                now=change.now,
                held=held,
            )
            for send, outgoing in finished_mails
        )
        return after, outbox

    def _write_ticket(
        self, connection: Connection, before: Ticket, after: Ticket, change: Change, decision: Decision,
        sends: tuple[Send, ...], *, opening: bool, heard: bool,
    ) -> None:  # fmt: skip
        now = change.now
        values: dict[str, Any] = {name: getattr(after, name) for name in _VIEWED}
        values |= {
            "version": after.version, "state": after.state.value, "updated": now,
            "requester": key_text(after.requester),
            "fields": {name: asdict(value) for name, value in after.fields.items()},
            "cc": list(after.cc), "locked": sorted(after.locked),
        }  # fmt: skip
        stamps = self._stamps(before, after, now, sends, opening=opening, heard=heard)
        missing = list(decision.missing)
        if opening:
            values |= {"number": after.number, "missing": missing, "missing_first": missing}
            _INSERT_TICKET.run(connection, values | stamps)
        else:
            values |= {"which": before.number, "seen": before.version}
            if _UPDATE_TICKET.run(connection, values | {f"new_{name}": at for name, at in stamps.items()}) != 1:
                raise StaleDecisionError(
                    "the ticket changed meanwhile", where=f"ticket {before.number}", mend="decide again"
                )
            if heard:  # an engineer's command says nothing about what the customer still owes
                _UPDATE_MISSING.run(connection, {"which": before.number, "missing": missing})
        people = [key_text(a) for a in (after.participants if opening else change.joined)]
        if people:
            roles = [
                {
                    "ticket": after.number,
                    "address": a,
                    "since": now,
                    "role": "requester" if a == after.requester else "participant",
                }
                for a in sorted(people)
            ]
            _ADD_PEOPLE.many(connection, roles)
        if after.merged_into is not None and before.merged_into is None:
            self._merge(connection, before.number, after.merged_into, now)
        if after.assignee and after.team and after.assignee != before.assignee:
            connection.execute(
                upsert(_R, self.db.sqlite, ("team",), ("last",)), {"team": after.team, "last": after.assignee}
            )

    def _split(self, connection: Connection, change: Change, split: Split, render: Render, key: str) -> None:
        """A further ticket beside the one of the change, with its people and without its mails."""
        old = change.ticket
        assert old is not None
        number = int(_NEXT_NUMBER.scalar(connection, {}))
        new = Ticket(
            number=number, pack=old.pack, mailbox=old.mailbox, state=State.READY, subject=split.subject,
            requester=old.requester, participants=old.participants, opened=change.now, version=1, language=old.language,
            routed=True, customer=old.customer, team=old.team, assignee=old.assignee, cc=old.cc, linked=(old.number,),
        )  # fmt: skip
        made = Change(new, change.now, change.actor, change.ledger_id)
        made.tell("opened", split.reason)
        decision = Decision((), split.reason, open_ticket=True, ticket=number)
        self._write_ticket(connection, new, new, made, decision, (), opening=True, heard=False)
        self._write_history(connection, made, number)
        change.links[number] = split.reason
        change.ticket = replace(old, linked=tuple(sorted({*old.linked, number})))
        change.tell("split", f"[#{number}] {split.subject}", reason=split.reason)
        if split.send is not None:
            mail = render(new, split.send)
            put(
                connection, split.send, mail, new, key=f"{key}:split:{number}:{split.send.key}",
                ledger_id=change.ledger_id, now=change.now, held=False,
            )  # fmt: skip

    def _merge(self, connection: Connection, number: int, into: int, now: datetime) -> None:
        """Whoever had a part in the ticket has one where it goes on."""
        people = select(_P.c.address).where(_P.c.ticket == number)
        _ADD_PEOPLE.many(
            connection,
            [
                {"ticket": into, "address": address, "since": now, "role": "participant"}
                for address in connection.execute(people).scalars().all()
            ],
        )
        line = {"ticket": into, "at": now, "event": "merged", "text": f"[#{number}] goes on here", "actor": "mailbot"}
        _INSERT_EVENT.run(connection, {**line, "reason": ""})
        connection.execute(
            insert_new(_K, self.db.sqlite), {"ticket": into, "other": number, "reason": "merged", "at": now}
        )

    @staticmethod
    def _stamps(
        before: Ticket, after: Ticket, now: datetime, sends: tuple[Send, ...], *, opening: bool, heard: bool
    ) -> dict[str, datetime | None]:
        """The times that this change sets; None leaves a time as it is."""
        moved = opening or after.state is not before.state
        replied = [send for send in sends if send.audience == "customer"]
        return {
            "state_since": now if moved else None,
            "customer_at": now if heard else None,
            "first_reply_at": now if replied else None,
            "engineer_reply_at": now if any(not send.automatic for send in replied) else None,
            "resolved_at": now if moved and after.state is State.RESOLVED else None,
            "closed_at": now if moved and after.state is State.CLOSED else None,
        }

    def _write_history(self, connection: Connection, change: Change, number: int | None) -> None:
        if change.events:
            _INSERT_EVENT.many(connection, [{**row, "ticket": number} for row in change.events])
        if change.history:
            _INSERT_HISTORY.many(connection, [{**row, "ticket": number} for row in change.history])
        for other, reason in change.links.items():
            link = {"ticket": number, "other": other, "reason": reason, "at": change.now}
            connection.execute(insert_new(_K, self.db.sqlite), link)
        for mark in change.marks.values():
            row = {"address": key_text(mark.address), "permanent": mark.permanent, "reason": mark.reason, "times": 1}
            _MARK.run(connection, {**row, "at": change.now})


def _message_row(
    number: int,
    ledger_id: int,
    message: Message,
    lines: Sequence[Line],
    new_text: str,
    author: str,
    proved: bool,
    mailbox: str,
) -> dict[str, Any]:
    sender = message.from_[0] if message.from_ else None
    return {
        "ticket": number, "ledger_id": ledger_id, "author": author, "proved": proved, "mailbox": mailbox,
        "message_id": key_text(message.message_id) if message.message_id else None,
        "sender": author_of(message), "sender_name": sender.name if sender else "",
        "date": message.date, "received_at": message.received, "subject": message.subject, "text": message.text,
        "new_text": new_text, "parts": runs(lines),
        "attachments": [[a.part, a.filename, a.content_type, a.size, a.inline] for a in message.attachments],
        "headers": {
            "to": [a.address for a in message.to], "cc": [a.address for a in message.cc],
            "reply_to": [a.address for a in message.reply_to], "in_reply_to": list(message.in_reply_to),
            "references": list(message.references),
            "automated": [message.automated.kind.value, message.automated.reason] if message.automated else None,
        },
        "defects": [[d.code, d.detail] for d in message.defects],
    }  # fmt: skip


def runs(lines: Sequence[Line]) -> list[list[Any]]:
    """Neighbouring lines of one part as [part, start, end], so that a ticket can be shown with its quotes folded."""
    found: list[list[Any]] = []
    for line in lines:
        if found and found[-1][0] == line.part.value:
            found[-1][2] = line.end
        else:
            found.append([line.part.value, line.start, line.end])
    return found
