"""A customer's mail beside everything that is known: what the questions of `customer.py` are asked of.

In: the mail, its ticket or None, what was understood, the pack, the context. Out: a frozen `View`.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.decide.budgets import why_silent
from mailbot.decide.context import DecideContext
from mailbot.decide.open_fields import Open, open_fields
from mailbot.decide.policy import Circle, circle
from mailbot.message.model import Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, Ticket
from mailbot.understand.facts import Facts


@dataclass(frozen=True, slots=True)
class View:
    """All that the questions below are asked of."""

    message: Message
    ticket: Ticket | None
    match: Match
    facts: Facts
    pack: RulePack
    ctx: DecideContext
    circle: Circle
    customer: str | None
    language: str
    kind: str | None
    priority: int | None
    open: Open
    escalates: bool  # this mail makes it an escalation
    silent: tuple[str, str] | None

    @property
    def rounds(self) -> int:
        return self.ticket.rounds if self.ticket else 0

    @property
    def routed(self) -> bool:
        return self.ticket is not None and self.ticket.routed


@dataclass(frozen=True, slots=True)
class Reply:
    """The one mail to the customer; `template` "" is silence."""

    template: str
    reason: str
    ask: tuple[str, ...] = ()


def look(
    message: Message, ticket: Ticket | None, match: Match, facts: Facts, pack: RulePack, ctx: DecideContext
) -> View:
    around = circle(message, ticket, ctx)
    sender = message.sender.address if message.sender else ""
    customer = (ticket.customer if ticket else None) or ctx.directory.customer_of(sender)
    known = ctx.directory.customers.get(customer or "")
    language = facts.language.value or (ticket.language if ticket else None) or (known.language if known else None)
    locked = ticket.locked if ticket else frozenset[str]()
    kind = ticket.kind if ticket and "kind" in locked else facts.kind.value or (ticket.kind if ticket else None)
    before = ticket.kind if ticket else None
    wishes = facts.wants_escalation and "kind" not in locked
    if wishes and pack.escalation_kind:
        kind = pack.escalation_kind
    escalates = wishes or (kind is not None and kind == pack.escalation_kind and before != kind)
    priority = _priority(ticket, facts, pack, kind)
    asked = ticket.asked if ticket else {}
    return View(
        message=message,
        ticket=ticket,
        match=match,
        facts=facts,
        pack=pack,
        ctx=ctx,
        circle=around,
        customer=customer,
        language=language or pack.default_language,
        kind=kind,
        priority=priority,
        open=open_fields(pack, kind, facts.fields, facts.declined, asked),
        escalates=escalates,
        silent=why_silent(around.reply_to, ctx),
    )


def _priority(ticket: Ticket | None, facts: Facts, pack: RulePack, kind: str | None) -> int | None:
    if ticket is not None and "priority" in ticket.locked:
        return ticket.priority
    if facts.priority.value is not None and facts.priority.value.isdecimal():
        return int(facts.priority.value)
    rule = pack.kinds.get(kind or "")
    return (ticket.priority if ticket else None) or (rule.default_priority if rule else None)
