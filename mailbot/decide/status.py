"""The state of a customer's tickets as plain data for the status mail.

In: the ticket asked about (or None: all of theirs), the context's tickets of the sender, the pack.
Out: a mapping for the template; without `shown` it holds no word of any ticket.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mailbot.decide.context import DecideContext
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import State, Ticket

_GROUP = {State.IN_DEVELOPMENT: "in_development", State.RESOLVED: "resolved", State.CLOSED: "resolved"}


def status_data(ticket: Ticket | None, ctx: DecideContext, pack: RulePack, *, shown: bool) -> dict[str, Any]:
    """`tickets`: rows, newest first (one alone: its history); `groups`: the same by new, in development, resolved."""
    if not shown:
        return {"tickets": [], "groups": {}}
    one = ticket is not None and (ticket.kind != pack.status_kind or not ctx.authentication.proved)
    asked = [ticket] if ticket is not None and one else list(ctx.tickets)
    rows = [_row(t, pack) for t in asked if t.kind is None or t.kind != pack.status_kind]
    if len(rows) == 1:
        rows[0]["history"] = [
            {"at": step.at.isoformat(), "state": step.state, "stage": step.stage}
            for step in ctx.history(rows[0]["number"])
        ]
    groups: dict[str, list[dict[str, Any]]] = {"new": [], "in_development": [], "resolved": []}
    for row in rows:
        groups[row["group"]].append(row)
    return {"tickets": rows, "groups": groups}


def progress(ticket: Ticket, pack: RulePack) -> dict[str, Any]:
    """`stages` in order and `place`, from 1; 0 when the ticket is in none of them."""
    stages = list(pack.stages)
    return {"stages": stages, "place": stages.index(ticket.stage) + 1 if ticket.stage in stages else 0}


def _row(ticket: Ticket, pack: RulePack) -> dict[str, Any]:
    over = ticket.state in (State.RESOLVED, State.CLOSED)  # then its last stage is no news
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "state": ticket.state.value,
        "group": _GROUP.get(ticket.state, "new"),
        "kind": ticket.kind,
        "priority": ticket.priority,
        "opened": ticket.opened.isoformat(),
        "stage": None if over else ticket.stage,
        **progress(replace(ticket, stage=None) if over else ticket, pack),
    }
