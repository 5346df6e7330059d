"""Carries out a decision: everything of it in one transaction, and nothing a second time.

In: a ledger row's id, the mail, the decision, a callback that makes finished mails. Out: `Applied`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from mailbot.decide.actions import Decision, Split
from mailbot.errors import StoreError
from mailbot.message.model import Line, Message
from mailbot.store.base import Part, insert_new
from mailbot.store.evolve import Change, asked_after, evolve
from mailbot.store.hot import Hot
from mailbot.store.incidents import record_incidents
from mailbot.store.ledger import find_copy, finished, record_copy, waiting
from mailbot.store.models import Counter, Event, Ledger
from mailbot.store.outbox import held_now, put
from mailbot.store.search import add_words
from mailbot.store.surveys import ask, record
from mailbot.store.tickets import load
from mailbot.store.values import Applied, Render, StaleDecisionError
from mailbot.store.writing import INSERT_MESSAGE, message_row, write_history, write_ticket
from mailbot.tickets.model import State, Ticket

_L = Ledger.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_N = Counter.__table__  # type: ignore[attr-defined]

_LAST_NUMBER = Hot(select(_N.c.value).where(_N.c.name == "ticket").with_for_update())
_NEXT_NUMBER = Hot(update(_N).where(_N.c.name == "ticket").values(value=_N.c.value + 1).returning(_N.c.value))
_DONE = Hot(
    update(_L).where(_L.c.id == bindparam("ledger")),
    keys=("state", "reason", "ticket", "message_id", "author", "sent_date", "content", "finished_at"),
)
_ONCE = Hot(
    lambda on_sqlite: insert_new(_E, on_sqlite).returning(_E.c.id),
    keys=("at", "event", "text", "reason", "actor", "key", "ticket"),
)


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
        with self.db.write("apply", synced=False) as connection:
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
                INSERT_MESSAGE.run(
                    connection,
                    message_row(after.number, ledger_id, message, lines, new_text, who, proved, row.mailbox),
                )
                if heard:
                    add_words(connection, after.number, f"{message.subject}\n{new_text or message.text}")
            state = "ignored" if decision.ignored else "processed"
            _DONE.run(
                connection, {"ledger": ledger_id, "state": state, "reason": decision.reason, "ticket": number, **known}
            )
            return Applied(number, decision.open_ticket, outbox=outbox, view=after)

    def act(
        self, key: str, number: int | None, decision: Decision, *, render: Render, actor: str = "mailbot",
        version: int | None = None,
    ) -> Applied:  # fmt: skip
        """Carries out a decision that no mail caused: a reminder, a closing, an alert.

        `key` is unique for it ("reminder:12:1"); the second time nothing is done and `Applied.repeated` is true.
        version: of the ticket when it was decided; when it changed since, StaleDecisionError and nothing is done.
        """
        now = self.clock()
        with self.db.write("act") as connection:
            once = {"at": now, "event": "acted", "text": decision.reason, "reason": "", "actor": actor}
            if _ONCE.first(connection, {**once, "key": key, "ticket": number}) is None:
                return Applied(ticket=number, repeated=True)
            before = load(connection, number) if number is not None else None
            if before is None and number is not None:
                raise StoreError("no such ticket", where=f"ticket {number}")
            if before is not None and version is not None and before.version != version:
                raise StaleDecisionError("the ticket changed meanwhile", where=f"ticket {number}", mend="decide again")
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
            write_ticket(connection, before, after, change, decision, sends, opening=opening, heard=heard)
            ask(connection, after, sends, change.now)
        write_history(connection, change, after.number if after else None)
        if change.surveyed:
            record(connection, change.surveyed, change.now)
        if change.incidents and after is not None:
            record_incidents(connection, change.incidents, after.number, after.pack, change.now)
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
        write_ticket(connection, new, new, made, decision, (), opening=True, heard=False)
        write_history(connection, made, number)
        change.links[number] = split.reason
        change.ticket = replace(old, linked=tuple(sorted({*old.linked, number})))
        change.tell("split", f"[#{number}] {split.subject}", reason=split.reason)
        if split.send is not None:
            mail = render(new, split.send)
            put(
                connection, split.send, mail, new, key=f"{key}:split:{number}:{split.send.key}",
                ledger_id=change.ledger_id, now=change.now, held=False,
            )  # fmt: skip
