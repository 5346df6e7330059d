"""What a customer's mail leads to: one reply at most, and what the engineers get.

In: a person's mail, its ticket or None, what was understood, the pack, the context. Out: a `Decision`.
The reply is chosen in `_reply`, whether a person gets the ticket in `_handover`; everything else is bookkeeping.
"""

from __future__ import annotations

from mailbot.decide.actions import Action, Decision, Join, Link, Note, Reports, SetFields, Update
from mailbot.decide.context import DecideContext
from mailbot.decide.customer_mail import incident_of, to_customer, to_engineers
from mailbot.decide.customer_view import Reply, View, look
from mailbot.decide.routing import Case, Destination, destination
from mailbot.message.model import Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.lifecycle import reopened
from mailbot.tickets.model import Match, State, Ticket
from mailbot.understand.facts import Facts


def decide_customer(
    message: Message, ticket: Ticket | None, match: Match, facts: Facts, pack: RulePack, ctx: DecideContext
) -> Decision:
    """All that is to be done on account of a customer's mail."""
    view = look(message, ticket, match, facts, pack, ctx)
    reply = _reply(view)
    hands_over, why = _handover(view, reply)
    actions: list[Action] = [*_bookkeeping(view)]
    where = destination(
        Case(view.kind, view.priority, facts.fields, view.customer, ctx.role, view.escalates), pack, ctx
    )
    actions.append(_update(view, reply, hands_over, where))
    known_incident = incident_of(view)
    if known_incident is not None:
        actions.append(Reports(known_incident.id))
    actions += to_customer(view, reply, where)
    actions += to_engineers(view, reply, hands_over, why, where)
    return Decision(
        actions=tuple(actions),
        reason=reply.reason,
        open_ticket=ticket is None,
        ticket=ticket.number if ticket else None,
        missing=view.open.missing,
    )


def _asks_for_status(view: View) -> bool:
    """A question about the state of tickets, and nothing else in the mail that a ticket would need."""
    if view.kind is not None and view.kind == view.pack.status_kind:
        return True
    if view.escalates:
        return False  # "any news? please escalate": that a leader will look is what they need to hear
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
        return view.escalates, "the customer escalates" if view.escalates else ""
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
        return reopened(now, routed=view.routed, asked=bool(reply.ask) and not hands_over)
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
        closed_for_silence=False if view.ticket and view.ticket.closed_for_silence else None,
        marked_incomplete=bool(view.open.missing) if hands_over or view.routed else None,
        reason=f"kind: {view.facts.kind.reason}; priority: {view.facts.priority.reason}",
    )
