"""An engineer's mail on a ticket: believed only with authority; then commands are done and the text is sent on.

In: the mail, its lines, the ticket, the match, the pack, the context. Out: a `Decision`. A mistake in one command means
that nothing is done at all: no command, no text to the customer, only the answer that says what was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mailbot.decide.actions import Action, Decision, Declare, EndIncident, Link, Note, Send, SetFields, Split, Update
from mailbot.decide.commands import HELP, Command, Plan, plan, read_commands
from mailbot.decide.context import DecideContext
from mailbot.decide.open_fields import open_fields
from mailbot.decide.routing import Case, Destination, destination
from mailbot.decide.status import progress
from mailbot.decide.team_mail import attachments, to_team
from mailbot.message.model import Line, Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, State, Ticket
from mailbot.tickets.own import TEAM

_UNTAKEN = (State.NEW, State.WAITING, State.READY)


def writes_as_engineer(message: Message, ticket: Ticket, match: Match, ctx: DecideContext) -> bool:
    """Whether the sender is a listed engineer who answers somebody else's ticket."""
    sender = message.sender
    if sender is None or not ctx.directory.is_engineer(sender.address):
        return False
    return sender.address != ticket.requester or match.own == TEAM


def has_authority(match: Match, ctx: DecideContext) -> bool:
    """A passing authentication result, or the unguessable address or id of a mail that went to engineers only."""
    return ctx.authentication.proved or match.own == TEAM


def decide_engineer(
    message: Message, lines: Sequence[Line], ticket: Ticket, match: Match, pack: RulePack, ctx: DecideContext
) -> Decision:
    """What the engineer orders and says; nothing at all when the words may be somebody else's."""
    sender = message.sender
    assert sender is not None
    if not has_authority(match, ctx):
        text = f"a mail in the name of {sender.address} is not proved to be theirs: nothing was done with it"
        return Decision((Note("unproved-engineer", text),), text, ticket=ticket.number, ignored=True, by_engineer=True)
    commands, text = read_commands(lines)
    made = plan(commands, ticket, pack, ctx, sender.address)
    if made.errors:
        answer = _answer(commands, made, text, sender.address, ctx)
        told = Note("command-error", "; ".join(made.errors), sender.address)
        return Decision(
            (told, answer), "a mistake in a command: nothing was done", ticket=ticket.number, by_engineer=True
        )
    said = bool(text.strip() or (message.attachments and not commands))
    actions = _done(commands, made, ticket, pack, ctx)
    actions += _to_customer(made, ticket, text if said else "", message, pack)
    if said:
        actions.append(_taken(made, sender.address))
    if commands:
        actions.append(_answer(commands, made, text if said else "", sender.address, ctx))
    if not actions:
        actions = [Note("empty", "a mail without new text or command: nothing was sent on", sender.address)]
    reason = f"{sender.address}: {', '.join(map(str, commands)) or 'answers the customer'}"
    return Decision(tuple(actions), reason, ticket=ticket.number, by_engineer=True)


def _taken(made: Plan, by: str) -> Update:
    """Who answers the customer has the ticket, unless a command said otherwise."""
    start = made.ticket.state in _UNTAKEN and not made.ask
    return Update(
        state=State.IN_PROGRESS if start else None,
        assignee=None if made.ticket.assignee or made.assigned else by,
        routed=True,
        reason=f"{by} answers the customer",
    )


def _done(commands: Sequence[Command], made: Plan, before: Ticket, pack: RulePack, ctx: DecideContext) -> list[Action]:
    """The commands' effects on the ticket, and on other people than the customer."""
    after = made.ticket
    actions: list[Action] = [Note("command", str(command), made.by) for command in commands if command.name != "help"]
    actions += [Note("note", text, made.by) for text in made.notes]
    if made.set_fields:
        actions.append(SetFields(after.fields, after.declined, made.set_fields, f"set by {made.by}"))
    if after != before:
        actions.append(
            Update(
                kind=after.kind if after.kind != before.kind else None,
                priority=after.priority if after.priority != before.priority else None,
                state=after.state if after.state != before.state else None,
                team=after.team if after.team != before.team else None,
                assignee=after.assignee if after.assignee else ("" if before.assignee else None),
                stage=after.stage if after.stage != before.stage else None,
                link=after.link if after.link != before.link else None,
                merged_into=after.merged_into,
                locked=tuple(sorted(after.locked - before.locked)),
                reason=f"commands of {made.by}",
            )
        )
    if after.merged_into is not None:
        actions.append(Link(after.merged_into, f"merged by {made.by}"))
    if made.declare is not None:
        actions.append(Declare(*made.declare, by=made.by))
    if made.ends_incident:
        actions.append(EndIncident(made.by))
    if made.split is not None:
        actions.append(_split_off(made, made.split, ctx))
    if made.assigned or made.escalate is not None:
        actions += _hand_on(made, pack, ctx)
    return actions


def _split_off(made: Plan, subject: str, ctx: DecideContext) -> Split:
    """The new ticket, and a summary of it for the engineer, who can answer the customer on it."""
    after, reason = made.ticket, f"split off ticket {made.ticket.number} by {made.by}"
    send = Send(
        template="summary",
        audience="team",
        to=(made.by,),
        language=ctx.team_language,
        reason=reason,
        key="summary",
        data={"kind": None, "missing": [], "new_text": after.heard[-1] if after.heard else "", "why": reason},
    )
    return Split(subject, reason, send)


def _hand_on(made: Plan, pack: RulePack, ctx: DecideContext) -> tuple[Action, ...]:
    """The summary for whoever gets the ticket now."""
    after = made.ticket
    case = Case(after.kind, after.priority, after.fields, after.customer, ctx.role, made.escalate is not None)
    where = destination(case, pack, ctx)
    team = ctx.directory.teams.get(after.team or "")
    if after.assignee:
        where = Destination(after.team or where.team, (after.assignee,), f"assigned by {made.by}")
    elif team is not None and made.escalate is None:
        where = Destination(after.team or "", (team.address,) if team.address else team.members, f"given by {made.by}")
    if where.to == (made.by,):
        return ()
    open_ = open_fields(pack, after.kind, after.fields, after.declined, after.asked)
    data: dict[str, Any] = {
        "kind": after.kind,
        "priority": after.priority,
        "missing": list(open_.missing),
        "declined": dict(after.declined),
        "incomplete": bool(open_.missing),
        "escalation": made.escalate is not None,
        "new_text": after.heard[-1] if after.heard else "",
        "why": made.escalate or where.reason,
        "route": where.reason,
        "by": made.by,
    }
    return to_team("summary", where, data, made.escalate or where.reason, ctx, key="command:summary")


def _to_customer(made: Plan, before: Ticket, text: str, message: Message, pack: RulePack) -> list[Action]:
    """One mail to the customer at most: the engineer's words, the questions, the news of the stage or of the end."""
    template = made.mail or ("request_info" if made.ask else "engineer_reply" if text else "")
    if not template:
        return []
    after = made.ticket
    data: dict[str, Any] = {
        "text": text,
        "engineer": message.sender.name if message.sender else "",
        "attachments": attachments(message, made.ctx),
        "kind": after.kind,
        "priority": after.priority,
        "stage": after.stage,
        "back": _went_back(before, after, pack),
        "link": after.link,
        **progress(after, pack),
    }
    return [
        Send(
            template=template,
            audience="customer",
            to=(after.requester,),
            cc=tuple(a for a in (*after.cc, *_granting(made)) if a != after.requester),
            language=after.language or pack.default_language,
            reason=f"{made.by} answers the customer" if text else f"a command of {made.by}",
            key="engineer-reply",
            ask=made.ask,
            data=data,
            automatic=False,
            attach_original=bool(text),
        )
    ]


def _granting(made: Plan) -> tuple[str, ...]:
    """Those of the customer who may grant access, when access is asked for."""
    customer = made.ctx.directory.customers.get(made.ticket.customer or "")
    if made.mail != "policy_grant_access" or customer is None:
        return ()
    return tuple(a for a in customer.grants_access if a not in made.ticket.cc)


def _went_back(before: Ticket, after: Ticket, pack: RulePack) -> bool:
    stages = pack.stages
    return before.stage in stages and after.stage in stages and stages.index(after.stage) < stages.index(before.stage)


def _answer(commands: Sequence[Command], made: Plan, text: str, to: str, ctx: DecideContext) -> Send:
    """The short mail that says what was done, or what was wrong and that nothing was done."""
    return Send(
        template="command_result",
        audience="team",
        to=(to,),
        language=ctx.team_language,
        reason="answers a command",
        key="command-result",
        data={
            "commands": [str(c) for c in commands],
            "ok": not made.errors,
            "errors": list(made.errors),
            "results": [] if made.errors else list(made.results),
            "help": [{"command": c, "does": d} for c, d in HELP] if made.help else [],
            "text": text,
            "sent": bool(text.strip()) and not made.errors,
        },
    )
