"""What a customer's mail leads to: one reply at most, and what the engineers get.

In: a person's mail, its ticket or None, what was understood, the pack, the context. Out: a `Decision`.
The reply is chosen in `_reply`, whether a person gets the ticket in `_handover`; everything else is bookkeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mailbot.decide.actions import Action, Decision, Join, Link, Note, Send, SetFields, Update
from mailbot.decide.budgets import why_silent
from mailbot.decide.context import DecideContext
from mailbot.decide.open_fields import Open, open_fields
from mailbot.decide.policy import Circle, circle
from mailbot.decide.routing import Case, Destination, destination
from mailbot.decide.status import status_data
from mailbot.decide.team_mail import about, follow_up, to_team
from mailbot.message.model import Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.lifecycle import reopened
from mailbot.tickets.model import Match, State, Ticket
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


def decide_customer(
    message: Message, ticket: Ticket | None, match: Match, facts: Facts, pack: RulePack, ctx: DecideContext
) -> Decision:
    """All that is to be done on account of a customer's mail."""
    view = _view(message, ticket, match, facts, pack, ctx)
    reply = _reply(view)
    hands_over, why = _handover(view, reply)
    actions: list[Action] = [*_bookkeeping(view)]
    where = destination(
        Case(view.kind, view.priority, facts.fields, view.customer, ctx.role, view.escalates), pack, ctx
    )
    actions.append(_update(view, reply, hands_over, where))
    actions += _mail_to_customer(view, reply, where)
    actions += _mails_to_engineers(view, reply, hands_over, why, where)
    return Decision(
        actions=tuple(actions),
        reason=reply.reason,
        open_ticket=ticket is None,
        ticket=ticket.number if ticket else None,
        missing=view.open.missing,
    )


def _view(
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


def _asks_for_status(view: View) -> bool:
    """A question about the state of tickets, and nothing else in the mail that a ticket would need."""
    if view.kind is not None and view.kind == view.pack.status_kind:
        return True
    return view.facts.wants_status and view.ticket is not None and not view.facts.changed


def _may_see(view: View) -> bool:
    """A proved sender sees all of theirs; who answers a mail of ours (its mark cannot be guessed) sees that ticket."""
    if view.ctx.authentication.proved:
        return True
    sender = view.message.sender
    return bool(view.ticket and view.match.own and sender and sender.address in view.ticket.participants)


def _reply(view: View) -> Reply:
    """The one reply, or silence. The first line that fits decides."""
    if view.silent is not None:
        return Reply("", f"silence: {view.silent[1]}")
    if _asks_for_status(view):
        if _may_see(view):
            return Reply("status", "asks for the state of their tickets, and the sender is proved")
        return Reply("status_unproved", "asks for the state of their tickets; the sender is not proved")
    if view.routed:
        return _reply_to_routed(view)
    if not view.open.ask:
        return _reply_when_complete(view)
    if view.rounds >= view.pack.max_rounds:
        told = ", ".join(view.open.ask)
        return Reply("acknowledge", f"asked {view.rounds} times, still open: {told}; a person takes it as it is")
    return _request(view)


def _request(view: View) -> Reply:
    template = "request_again" if view.rounds else "request_info"
    return Reply(template, f"{view.kind} still needs {', '.join(view.open.ask)}", view.open.ask)


def _reply_when_complete(view: View) -> Reply:
    rule = view.pack.kinds.get(view.kind or "")
    if rule is not None and rule.policy:
        return Reply(rule.policy, f"{view.kind}: what support cannot do is said, and a person sees it too")
    if rule is not None and rule.needs_contract and (withheld := _withheld(view)) is not None:
        return withheld
    if view.open.accepted:
        return Reply("acknowledge", f"the customer does not have {', '.join(view.open.accepted)}; the rest is there")
    return Reply("acknowledge", f"{view.kind}: nothing is missing")


def _withheld(view: View) -> Reply | None:
    """Without a contract, or without proof of who writes, there is general help only, and a person who looks at it."""
    customers = view.ctx.directory.customers
    if not customers:
        return None  # nobody told us who the customers are
    known = customers.get(view.customer or "")
    if known is None or not known.contract:
        return Reply("policy_no_contract", "no active contract is known for the sender: general help only")
    if view.ctx.authentication_required and not view.ctx.authentication.proved:
        return Reply("policy_unproved_sender", "the sender is not proved: general help only")
    return None


def _reply_to_routed(view: View) -> Reply:
    """A person has the ticket: the robot speaks only when something material has changed, and then once."""
    if view.escalates:
        ask = tuple(name for name in view.open.ask if not (view.ticket and view.ticket.asked.get(name)))
        if ask and view.rounds < view.pack.max_rounds:
            return _request(view)
        return Reply("acknowledge", "the customer escalates a ticket that engineers have")
    was_incomplete = view.ticket is not None and view.ticket.marked_incomplete
    if was_incomplete and not view.open.ask and view.facts.changed:
        return Reply("acknowledge", "what was missing when the ticket went to a person is there now")
    if view.ticket is not None and view.ticket.state in (State.RESOLVED, State.CLOSED):
        return Reply("acknowledge", "the ticket is opened again")
    return Reply("", "silence: engineers have the ticket and get this mail")


def _handover(view: View, reply: Reply) -> tuple[bool, str]:
    """Whether the team gets the summary on account of this mail, and why."""
    if view.routed:
        return view.escalates, "the customer escalates"
    if view.silent is not None:
        return True, f"the customer cannot be answered by the program: {view.silent[1]}"
    if reply.template == "status":
        return False, ""
    if not reply.ask:
        return True, reply.reason
    if view.priority == 1:
        return True, "priority 1: a person at once, the questions go out beside it"
    return False, ""


def _bookkeeping(view: View) -> list[Action]:
    """What is written on the ticket whatever is answered."""
    facts, sender = view.facts, view.message.sender
    actions: list[Action] = [Note("matched", view.match.reason)]
    if view.match.refused:
        numbers = ", ".join(str(n) for n in view.match.refused)
        actions.append(Note("refused-reference", f"points at ticket {numbers}, in which the sender has no part"))
    if view.match.linked is not None:
        actions.append(Link(view.match.linked, "answers a closed ticket"))
    if view.circle.note:
        actions.append(Note("reply-to", view.circle.note))
    if view.circle.dropped:
        actions.append(Note("copies", f"not kept in copy: {', '.join(view.circle.dropped[:20])}"))
    joined = tuple(dict.fromkeys(a for a in (sender.address if sender else "", view.circle.reply_to) if a))
    if joined or view.circle.cc:
        actions.append(Join(joined, _copies(view), "wrote the mail, or stood in copy"))
    actions.append(SetFields(facts.fields, facts.declined, facts.changed, "understood from the mail"))
    if view.silent is not None:
        actions.append(Note(*view.silent))
    return actions


def _copies(view: View) -> tuple[str, ...]:
    requester = view.ticket.requester if view.ticket else view.circle.reply_to
    return tuple(a for a in view.circle.cc if a != requester)


def _state(view: View, reply: Reply, hands_over: bool) -> State | None:
    now = view.ticket.state if view.ticket else State.NEW
    if now in (State.RESOLVED, State.CLOSED):
        return reopened(now, routed=view.routed)
    if hands_over and now in (State.NEW, State.WAITING):
        return State.READY
    if reply.ask and now is State.NEW:
        return State.WAITING
    if reply.template == "status" and view.ticket is None:
        return State.RESOLVED
    return None


def _update(view: View, reply: Reply, hands_over: bool, where: Destination) -> Update:
    first = not view.routed
    return Update(
        language=view.language,
        kind=view.kind,
        priority=view.priority,
        state=_state(view, reply, hands_over),
        team=where.team if hands_over else None,
        assignee=where.assignee if hands_over and first else None,
        routed=True if hands_over else None,
        rounds=view.rounds + 1 if reply.ask else None,
        customer=view.customer,
        marked_incomplete=bool(view.open.missing) if hands_over or view.routed else None,
        reason=f"kind: {view.facts.kind.reason}; priority: {view.facts.priority.reason}",
    )


def _mail_to_customer(view: View, reply: Reply, where: Destination) -> list[Action]:
    if not reply.template:
        return []
    incomplete = bool(view.open.missing) and not reply.ask
    data: dict[str, Any] = {
        "name": view.message.sender.name if view.message.sender else "",
        "kind": view.kind,
        "priority": view.priority,
        "changed": list(view.facts.changed),
        "missing": list(view.open.missing),
        "declined": sorted(view.facts.declined),
        "optional": list(view.open.optional),
        "incomplete": incomplete,
        "escalation": view.escalates or view.kind == view.pack.escalation_kind,
        "urgent": view.priority == 1,
        "linked": view.match.linked,
        "reopened": view.ticket is not None and view.ticket.state in (State.RESOLVED, State.CLOSED),
        "team": where.team,
    }
    if view.priority == 1:
        known = view.ctx.directory.customers.get(view.customer or "")
        data["on_call_phone"] = known.on_call_phone if known else None
    if reply.template.startswith("status"):
        data |= status_data(view.ticket, view.ctx, view.pack, shown=reply.template == "status")
    return [
        Send(
            template=reply.template,
            audience="customer",
            to=(view.circle.reply_to,),
            cc=view.circle.cc,
            language=view.language,
            reason=reply.reason,
            key="reply",
            ask=reply.ask,
            data=data,
        )
    ]


def _mails_to_engineers(view: View, reply: Reply, hands_over: bool, why: str, where: Destination) -> list[Action]:
    if not hands_over and not view.routed:
        return []
    data = about(view.message, view.facts, view.ctx, view.customer) | {
        "kind": view.kind,
        "priority": view.priority,
        "missing": list(view.open.missing),
        "declined": {
            name: view.facts.declined.get(name, "") for name in view.open.missing if name in view.facts.declined
        },
        "asked": list(reply.ask),
        "incomplete": bool(view.open.missing),
        "escalation": view.escalates or view.kind == view.pack.escalation_kind,
        "silent": view.silent[1] if view.silent else "",
        "reply": reply.template,
        "why": why,
        "route": where.reason,
    }
    if not hands_over:
        assert view.ticket is not None
        kept = follow_up(view.ticket, _same_team(view, where))
        return [*to_team("update", kept, data, "the customer wrote again", view.ctx)]
    actions = [
        Note("routed", f"to {where.team}: {where.reason} ({why})"),
        *to_team("summary", where, data, why, view.ctx),
    ]
    if view.priority == 1 and where.on_call and not view.routed:
        on_call = Destination(where.team, where.on_call, "critical: those on call are told at once")
        actions += to_team("on_call", on_call, data, on_call.reason, view.ctx)
    if view.routed and view.ticket is not None and view.ticket.assignee:
        actions += to_team("update", follow_up(view.ticket, where), data, "the customer escalates", view.ctx)
    return actions


def _same_team(view: View, where: Destination) -> Destination:
    """The team that has the ticket, even when its rules would now send a new one elsewhere."""
    team = view.ctx.directory.teams.get(view.ticket.team or "") if view.ticket else None
    if team is None or not (team.address or team.members):
        return where
    return Destination(view.ticket.team or "", (team.address,) if team.address else team.members, "has the ticket")  # type: ignore[union-attr]
