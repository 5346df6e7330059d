"""A store in a dictionary: what the corridor needs of the real one, for tests of conversations that need no SQL."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from mailbot.decide.actions import Decision, Join, Link, MarkAddress, Note, Send, SetFields, Split, Update
from mailbot.decide.context import Sent
from mailbot.store.values import Applied, Duplicate, LedgerRow
from mailbot.tickets.model import SentMail, State, Ticket


class MemoryStore:
    def __init__(self):
        self.raws: dict[str, bytes] = {}
        self.rows: dict[int, LedgerRow] = {}
        self.tickets: dict[int, Ticket] = {}
        self.ids: dict[str, int] = {}
        self.outbox = []  # (ticket, send, outgoing, at)
        self.notes = []
        self.marked: dict[str, MarkAddress] = {}
        self.breaker = False

    # ledger
    def receive(self, raw: bytes, mailbox: str, at: datetime) -> LedgerRow:
        sha, number = hashlib.sha256(raw).hexdigest(), len(self.rows) + 1
        self.raws[sha] = raw
        self.rows[number] = LedgerRow(number, mailbox, 1, number, sha, len(raw), at, at, "received", 0)
        return self.rows[number]

    def pending(self, limit=100):
        return [r for r in self.rows.values() if r.state == "received"][:limit]

    def raw(self, sha256):
        return self.raws[sha256]

    def _set(self, row_id, **changes):
        self.rows[row_id] = replace(self.rows[row_id], **changes)

    def attempted(self, ids):
        for i in ids:
            self._set(i, attempts=self.rows[i].attempts + 1)

    def quarantine(self, ledger_id, reason, detail="", *, message=None):
        self._set(ledger_id, state="quarantined", reason=reason, detail=detail)
        return True

    def find_duplicate(self, row, message):
        for other in self.rows.values():
            if other.id != row.id and other.ticket and message.message_id and other.message_id == message.message_id:
                if self.raws[other.sha256] == self.raws[row.sha256] or other.author == str(message.from_):
                    return Duplicate(other.id, other.ticket, other.mailbox)
        return None

    def copy_of(self, row, message, first):
        self._set(row.id, state="ignored", copy_of=first.ledger_id)
        return True

    # lookup
    def tickets_of(self, ids):
        return {i: self.ids[i] for i in ids if i in self.ids}

    def ticket(self, number):
        return self.tickets.get(number)

    # what was
    def sent_before(self, address, ticket, now):
        def count(test, span):
            mails = [m for m in self.outbox if m[1].audience == "customer" and m[1].automatic and test(m)]
            return sum(m[3] > now - span for m in mails)

        hour, day = timedelta(hours=1), timedelta(days=1)
        domain = address.rpartition("@")[2]
        tests = (
            lambda m: address in m[1].to,
            lambda m: any(a.endswith("@" + domain) for a in m[1].to),
            lambda m: ticket is not None and m[0] == ticket,
        )
        return Sent(*(count(test, span) for test in tests for span in (hour, day)))

    def marked_among(self, addresses):
        return frozenset(a for a in addresses if a in self.marked)

    def breaker_open(self):
        return self.breaker

    def tickets_by(self, address):
        return tuple(reversed([t for t in self.tickets.values() if t.requester == address]))

    def assigned_last(self):
        return {}

    # apply
    def apply(self, row, message, decision: Decision, *, read, render, now):
        if self.rows[row.id].state != "received":
            return Applied(self.rows[row.id].ticket, repeated=True)
        ticket = self.tickets.get(decision.ticket) if decision.ticket else None
        if decision.open_ticket:
            sender = message.sender.address if message.sender else ""
            ticket = Ticket(
                len(self.tickets) + 1, read.pack.name, row.mailbox, State.NEW, message.subject, sender, frozenset(), now
            )
        for action in decision.actions:
            if isinstance(action, Note):
                self.notes.append((ticket.number if ticket else None, action))
            elif isinstance(action, MarkAddress):
                self.marked[action.address] = action
            elif ticket is not None:
                ticket = self._change(ticket, action)
        heard = read.facts.new_text and message.automated is None and not decision.ignored
        if ticket is not None and heard:
            ticket = replace(ticket, heard=(*ticket.heard, f"{message.subject}\n{read.facts.new_text}"))
        for send in decision.sends():
            made = render(ticket, send)
            if made is None:
                continue
            self.outbox.append((ticket.number if ticket else None, send, made, now))
            if ticket is not None:
                self.ids[made.message_id] = ticket.number
                if send.audience == "customer":
                    asked = dict(ticket.asked)
                    for name in send.ask:
                        asked[name] = asked.get(name, 0) + 1
                    mail = SentMail(made.message_id, made.text, made.questions, send.template)
                    ticket = replace(ticket, sent=(*ticket.sent, mail), asked=asked)
        if ticket is not None:
            self.tickets[ticket.number] = ticket
            if message.message_id and not decision.ignored:
                self.ids.setdefault(message.message_id, ticket.number)
        self._set(
            row.id,
            state="ignored" if decision.ignored else "processed",
            ticket=ticket.number if ticket else None,
            message_id=message.message_id,
            author=str(message.from_),
            reason=decision.reason,
        )
        return Applied(ticket.number if ticket else None, opened=decision.open_ticket)

    def _change(self, ticket, action):
        if isinstance(action, Update):
            names = ("language", "kind", "priority", "state", "team", "assignee", "stage", "link", "routed", "rounds")
            names += ("customer", "merged_into", "marked_incomplete")
            changes = {n: getattr(action, n) for n in names if getattr(action, n) is not None}
            if action.state is not None:
                changes["closed_for_silence"] = False
            return replace(ticket, **changes, locked=ticket.locked | set(action.locked))
        if isinstance(action, SetFields):
            return replace(ticket, fields=action.fields, declined=action.declined)
        if isinstance(action, Join):
            cc = tuple(dict.fromkeys((*ticket.cc, *action.cc)))
            return replace(ticket, participants=ticket.participants | set(action.participants), cc=cc)
        if isinstance(action, Link):
            other = self.tickets.get(action.other)
            if other:
                self.tickets[action.other] = replace(other, linked=(*other.linked, ticket.number))
            return replace(ticket, linked=(*ticket.linked, action.other))
        if isinstance(action, Split):
            number = max(self.tickets) + 1
            self.tickets[number] = replace(
                ticket, number=number, subject=action.subject, state=State.READY, sent=(), linked=(ticket.number,)
            )
            return replace(ticket, linked=(*ticket.linked, number))
        assert isinstance(action, Send), action
        return ticket
