"""Automated mail: never answered, opens no ticket, is no answer to a question. A bounce of ours marks its address.

In: an automated mail, the ticket it is about (or None). Out: a `Decision` that is ignored, or tells the ticket's team.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mailbot.decide.actions import Action, Decision, MarkAddress, Note
from mailbot.decide.context import DecideContext
from mailbot.decide.routing import Case, destination
from mailbot.decide.team_mail import follow_up, to_team
from mailbot.message.model import Automated, AutomatedClass, Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, Ticket

_UNKNOWN = re.compile(r"\b5\.1\.(?:[1236]|10)\b")


def decide_automated(
    message: Message, automated: Automated, ticket: Ticket | None, match: Match, pack: RulePack, ctx: DecideContext
) -> Decision:
    """Silence, with the reason; for a bounce of our own mail the address is marked and the team is told."""
    reason = f"{automated.kind.value}: {automated.reason}"
    if ticket is None:
        return Decision((), reason, ignored=True)
    if automated.kind is AutomatedClass.BOUNCE:
        actions = _bounced(message, ticket, match, pack, ctx)
        if actions:
            return Decision(actions, reason, ticket=ticket.number)
    note = Note("automated", f"{reason}: not answered, and no answer to anything")
    return Decision((note,), reason, ticket=ticket.number, ignored=True)


def _bounced(message: Message, ticket: Ticket, match: Match, pack: RulePack, ctx: DecideContext) -> tuple[Action, ...]:
    """Only addresses that our mail on this ticket could have gone to: a forged bounce silences nobody else."""
    if not match.own:
        return ()
    reached = {*ticket.participants, *ticket.cc, ticket.requester}
    came_back = [b for b in message.bounced if b.address in reached]
    if not came_back:
        return ()
    actions: list[Action] = []
    for back in came_back:
        told = f"mail to {back.address} came back" + (f" ({back.status})" if back.status else "")
        actions.append(MarkAddress(back.address, back.permanent, told))
        actions.append(Note("bounced", told))
    data = {"addresses": [{"address": b.address, "status": b.status, "permanent": b.permanent} for b in came_back]}
    return (*actions, *_to_their_team("bounced", data, "our mail to the customer came back", ticket, pack, ctx))


def decide_refused(
    addresses: Sequence[str], said: str, subject: str, ticket: Ticket, pack: RulePack, ctx: DecideContext
) -> Decision:
    """Our mail to the customer that our own server refused for good: the same news as a bounce, told in the same way.

    said: the server's answer. An address that it calls unknown (RFC 3463, 5.1.x) is marked, when it stood alone.
    """
    reason = "our mail to the customer was refused"
    actions: list[Action] = [Note("refused", f"mail to {', '.join(addresses)} was refused: {said}")]
    if len(addresses) == 1 and _UNKNOWN.search(said):
        actions.append(MarkAddress(addresses[0], True, f"mail to {addresses[0]} was refused"))
    data = {"addresses": list(addresses), "reason": said, "note": subject}
    told = _to_their_team("refused", data, reason, ticket, pack, ctx)
    return Decision((*actions, *told), reason, ticket=ticket.number)


def _to_their_team(
    template: str, data: dict[str, Any], reason: str, ticket: Ticket, pack: RulePack, ctx: DecideContext
) -> Sequence[Action]:
    """A mail to those who have the ticket, or would get it."""
    case = Case(ticket.kind, ticket.priority, ticket.fields, ticket.customer, ctx.role)
    return to_team(template, follow_up(ticket, destination(case, pack, ctx)), data, reason, ctx)
