"""What is done about something that is due: the mail, the new state, the words on the timeline.

In: a `Due`, the ticket as it stands, its pack, the context. Out: a `Decision`.
"""

from __future__ import annotations

from mailbot.decide.actions import Action, Decision, Note, Send, Update
from mailbot.decide.budgets import why_silent
from mailbot.decide.calendar import calendar_of
from mailbot.decide.context import DecideContext
from mailbot.decide.due import BREACH, BREACH_SOON, CLOSE_RESOLVED, CLOSING, REMINDER, Due
from mailbot.decide.open_fields import open_fields
from mailbot.rules.directory import Team
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import State, Ticket


def decide_due(due: Due, ticket: Ticket, pack: RulePack, ctx: DecideContext) -> Decision:
    """All that is to be done on account of one thing that is due."""
    if due.what == REMINDER:
        return _reminder(ticket, pack, ctx)
    if due.what == CLOSING:
        return _closing(ticket, pack, ctx)
    if due.what == CLOSE_RESOLVED:
        close = Update(state=State.CLOSED, reason="resolved, and nobody wrote again")
        return Decision((close,), close.reason, ticket=ticket.number)
    return _breach(due, ticket, pack, ctx)


def _reminder(ticket: Ticket, pack: RulePack, ctx: DecideContext) -> Decision:
    asked = next((mail.questions for mail in reversed(ticket.sent) if mail.questions), ())
    accepted = open_fields(pack, ticket.kind, ticket.fields, ticket.declined, ticket.asked).accepted
    ask = tuple(q.field for q in asked if q.field not in ticket.fields and q.field not in accepted)
    mails = _to_customer("reminder", ticket, pack, ctx, "the customer did not answer: one reminder", ask)
    # A reminder asks nothing new: it does not use up one of the rounds.
    keep = Update(rounds=ticket.rounds, reason="a reminder is no round")
    return Decision((*mails, keep), "the customer did not answer", ticket=ticket.number, missing=ask)


def _closing(ticket: Ticket, pack: RulePack, ctx: DecideContext) -> Decision:
    why = "no answer after the reminder either"
    close = Update(state=State.CLOSED, closed_for_silence=True, reason=why)
    return Decision((*_to_customer("closing", ticket, pack, ctx, why), close), why, ticket=ticket.number)


def _to_customer(
    template: str, ticket: Ticket, pack: RulePack, ctx: DecideContext, reason: str, ask: tuple[str, ...] = ()
) -> tuple[Action, ...]:
    """The one mail, or why there is none: budgets and marked addresses count for the calendar too."""
    silent = why_silent(ticket.requester, ctx)
    if silent is not None:
        return (Note(silent[0], f"no {template}: {silent[1]}"),)
    return (
        Send(
            template=template,
            audience="customer",
            to=(ticket.requester,),
            cc=tuple(a for a in ticket.cc if a != ticket.requester and a not in ctx.marked),
            language=ticket.language or pack.default_language,
            reason=reason,
            key=template,
            ask=ask,
        ),
    )


def _breach(due: Due, ticket: Ticket, pack: RulePack, ctx: DecideContext) -> Decision:
    """To the leads, and to the engineer who has the ticket; for a critical one also to those on call."""
    missed = due.what == BREACH
    local = calendar_of(pack).local(due.at)
    reason = f"{due.target} {'missed' if missed else 'ends'} at {local:%Y-%m-%d %H:%M}"
    teams = ctx.directory.teams
    leads = _addresses(teams.get(pack.lead_team)) or _addresses(teams.get(pack.default_team)) or ctx.directory.operators
    team = teams.get(ticket.team or "")
    also = (ticket.assignee or "", *(team.on_call if team is not None and ticket.priority == 1 else ()))
    note = Note("breach" if missed else "breach-soon", reason)
    if not leads:
        return Decision(
            (note, Note("no-team", "nobody was told: the directory names no leads")), reason, ticket=ticket.number
        )
    customer = ctx.directory.customers.get(ticket.customer or "")
    row = {
        "number": ticket.number, "subject": ticket.subject, "state": ticket.state.value, "priority": ticket.priority,
        "kind": ticket.kind, "opened": ticket.opened.isoformat(), "customer": customer.name if customer else "",
        "assignee": ticket.assignee or "", "due": f"{local:%Y-%m-%d %H:%M}",
    }  # fmt: skip
    send = Send(
        template=BREACH if missed else BREACH_SOON,
        audience="team",
        to=tuple(dict.fromkeys((*leads, *(a for a in also if a)))),
        language=ctx.team_language,
        reason=reason,
        key=f"{due.what}:{due.target}",
        data={"tickets": [row], "target": due.target, "dues": True},
        team=pack.lead_team,
    )
    return Decision((note, send), reason, ticket=ticket.number)


def _addresses(team: Team | None) -> tuple[str, ...]:
    if team is None:
        return ()
    return (team.address,) if team.address else team.members
