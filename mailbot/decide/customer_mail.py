"""The mails that a customer's mail leads to: the one reply, and what the engineers get.

In: the `View`, the `Reply` that was chosen, where the ticket goes. Out: actions.
"""

from __future__ import annotations

from typing import Any

from mailbot.decide.actions import Action, Note, Send
from mailbot.decide.context import KnownIncident
from mailbot.decide.customer_view import Reply, View
from mailbot.decide.incidents import reported
from mailbot.decide.knowledge import fitting
from mailbot.decide.routing import Destination
from mailbot.decide.status import status_data
from mailbot.decide.team_mail import about, follow_up, to_team
from mailbot.tickets.model import State


def to_customer(view: View, reply: Reply, where: Destination) -> list[Action]:
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
    known_incident = incident_of(view)
    if known_incident is not None:
        data["incident"] = {"title": known_incident.title}
    elif view.ticket is None and view.pack.knowledge:
        said = f"{view.message.subject}\n{view.facts.new_text}"
        articles = fitting(view.pack.knowledge, view.language, said)
        data["articles"] = [{"title": article.title, "link": article.link} for article in articles]
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


def incident_of(view: View) -> KnownIncident | None:
    """The known incident that a first mail reports: told once, with the first reply."""
    if view.ticket is not None or not view.ctx.incidents:
        return None
    return reported(view.ctx.incidents, f"{view.message.subject}\n{view.facts.new_text}")


def to_engineers(view: View, reply: Reply, hands_over: bool, why: str, where: Destination) -> list[Action]:
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
    data["similar"] = list(view.ctx.similar)
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
