"""Mails to engineers: the summary of a ticket, a further mail on it, a critical one to those on call.

In: what a decision knows. Out: `Send`s to a team; their `data` is what the templates show beside the ticket.
"""

from __future__ import annotations

from typing import Any

from mailbot.decide.actions import Action, Note, Send
from mailbot.decide.context import DecideContext
from mailbot.decide.routing import Destination
from mailbot.message.model import Message
from mailbot.tickets.model import Ticket
from mailbot.understand.facts import Facts


def about(message: Message, facts: Facts, ctx: DecideContext, customer: str | None) -> dict[str, Any]:
    """What every mail to engineers tells of the customer and of the mail at hand."""
    known = ctx.directory.customers.get(customer or "")
    sender = message.sender
    return {
        "from": sender.address if sender else "",
        "from_name": sender.name if sender else "",
        "proved": ctx.authentication.proved,
        "proof": ctx.authentication.method or "not proved",
        "received": message.date.isoformat(),
        "subject": message.subject,
        "new_text": facts.new_text,
        "changed": list(facts.changed),
        "attachments": attachments(message, ctx),
        "customer": {
            "key": customer,
            "name": known.name,
            "contract": known.contract,
            "on_call_phone": known.on_call_phone,
            "project_team": known.project_team,
            "grants_access": list(known.grants_access),
        }
        if known is not None and customer
        else None,
        "earlier": [
            {"number": t.number, "state": t.state.value, "subject": t.subject, "kind": t.kind, "priority": t.priority}
            for t in ctx.earlier[:8]
        ],
    }


def attachments(message: Message, ctx: DecideContext) -> list[dict[str, Any]]:
    """The mail's attachments; `sent` says which ones go along: in order, as long as they fit together."""
    room, rows = ctx.attach_bytes, []
    for a in message.attachments[:100]:
        fits = a.size <= room
        room -= a.size if fits else 0
        row = {"part": a.part, "filename": a.filename, "content_type": a.content_type, "size": a.size}
        rows.append({**row, "inline": a.inline, "sent": fits})
    return rows


def to_team(
    template: str, where: Destination, data: dict[str, Any], reason: str, ctx: DecideContext, key: str = ""
) -> tuple[Action, ...]:
    """One mail to a team, or a note when the directory names nobody who could get it."""
    if not where.to:
        return (Note("no-team", f"team {where.team} has no address in the directory: nobody was told ({reason})"),)
    return (
        Send(
            template=template,
            audience="team",
            to=where.to,
            language=ctx.team_language,
            reason=reason,
            key=key or f"{template}:{where.team}",
            data=data,
            team=where.team,
            attach_original=True,
        ),
    )


def follow_up(ticket: Ticket, where: Destination) -> Destination:
    """Further mails go to the engineer who has the ticket, else to the team that has it."""
    if ticket.assignee:
        return Destination(ticket.team or where.team, (ticket.assignee,), f"{ticket.assignee} has the ticket")
    return where
