"""An engineer's mail on a ticket: believed only with authority; then the text goes to the customer, commands are done.

In: the mail, its lines, the ticket, the match, the pack, the context. Out: a `Decision`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.decide.actions import Decision, Note, Send, Update
from mailbot.decide.context import DecideContext
from mailbot.message.model import Line, Message, Part
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, State, Ticket
from mailbot.tickets.own import TEAM


def writes_as_engineer(message: Message, ticket: Ticket, match: Match, ctx: DecideContext) -> bool:
    """Whether the sender is a listed engineer who answers somebody else's ticket."""
    sender = message.sender
    if sender is None or not ctx.directory.is_engineer(sender.address):
        return False
    return sender.address != ticket.requester or match.own == TEAM


def has_authority(match: Match, ctx: DecideContext) -> bool:
    """A passing authentication result, or the unguessable address or id of a mail that went to engineers only."""
    return ctx.authentication.proved or match.own == TEAM


def own_words(lines: Sequence[Line]) -> str:
    """The new text without quotes and signature; blank lines inside it stay."""
    kept = [line.raw if line.part is not Part.BLANK else "" for line in lines if line.part in (Part.NEW, Part.BLANK)]
    return "\n".join(kept).strip("\n")


def decide_engineer(
    message: Message,
    lines: Sequence[Line],
    ticket: Ticket,
    match: Match,
    pack: RulePack,
    ctx: DecideContext,
) -> Decision:
    """The engineer's words to the customer; nothing at all when they may be somebody else's."""
    sender = message.sender
    assert sender is not None
    if not has_authority(match, ctx):
        text = f"a mail in the name of {sender.address} is not proved to be theirs: nothing was done with it"
        return Decision((Note("unproved-engineer", text),), text, ticket=ticket.number, ignored=True)
    text = own_words(lines)
    if not text.strip() and not message.attachments:
        note = Note("empty", "an engineer's mail without new text: nothing was sent on", sender.address)
        return Decision((note,), note.text, ticket=ticket.number)
    taken = ticket.state in (State.NEW, State.WAITING, State.READY)
    reason = f"{sender.address} answers the customer"
    return Decision(
        (
            Note("engineer-reply", reason, sender.address),
            Update(
                state=State.IN_PROGRESS if taken else None,
                assignee=None if ticket.assignee else sender.address,
                routed=True,
                reason=reason,
            ),
            Send(
                template="engineer_reply",
                audience="customer",
                to=(ticket.requester,),
                cc=tuple(a for a in ticket.cc if a != ticket.requester),
                language=ticket.language or pack.default_language,
                reason=reason,
                key="engineer-reply",
                data={"text": text, "engineer": sender.name or sender.address},
                automatic=False,
                attach_original=True,
            ),
        ),
        reason,
        ticket=ticket.number,
    )
