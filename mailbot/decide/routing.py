"""Which team gets a ticket, at which addresses, and why.

In: the pack's routes and kinds, the directory, what is known of the ticket. Out: a `Destination`. The order is fixed:
an escalation to the leads, a pipeline in design to the customer's project team, the pack's routes from top to bottom,
the kind's own team, the pack's default team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailbot.decide.context import DecideContext
from mailbot.rules.directory import Team
from mailbot.rules.pack import Route, RulePack
from mailbot.tickets.model import FieldValue


@dataclass(frozen=True, slots=True)
class Destination:
    team: str
    to: tuple[str, ...]  # empty: nobody in the directory answers for it
    reason: str
    assignee: str | None = None
    on_call: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What routing looks at."""

    kind: str | None
    priority: int | None
    fields: Mapping[str, FieldValue]
    customer: str | None
    role: str
    escalated: bool = False


def destination(case: Case, pack: RulePack, ctx: DecideContext) -> Destination:
    """The team for a ticket. A team unknown to the directory falls back to the default team, then to the operators."""
    name, reason = _team(case, pack, ctx)
    teams = ctx.directory.teams
    team = teams.get(name)
    if team is None or not _addresses(team):
        for fallback in (pack.default_team, pack.lead_team):
            if fallback in teams and _addresses(teams[fallback]):
                reason = f"{reason}; team {name} is not in the directory: {fallback}"
                name, team = fallback, teams[fallback]
                break
    if team is None or not _addresses(team):
        return Destination(name, ctx.directory.operators, f"{reason}; no team in the directory answers for it")
    assignee = _assignee(name, team, ctx)
    to = (assignee,) if assignee else _addresses(team)
    return Destination(name, to, reason, assignee, team.on_call)


def _team(case: Case, pack: RulePack, ctx: DecideContext) -> tuple[str, str]:
    if case.escalated or (case.kind is not None and case.kind == pack.escalation_kind):
        return pack.lead_team, "an escalation goes to the support leads"
    if case.kind == "design_phase":
        customer = ctx.directory.customers.get(case.customer or "")
        if customer is not None and customer.project_team:
            return customer.project_team, f"in design: the project team of {customer.name}"
    for route in pack.routes:
        if _fits(route, case):
            return route.team, route.why(ctx.team_language) or f"route of pack {pack.name}: {_conditions(route)}"
    rule = pack.kinds.get(case.kind or "")
    if rule is not None and rule.team:
        return rule.team, f"{case.kind} goes to {rule.team}"
    return pack.default_team, f"default team of pack {pack.name}"


def _fits(route: Route, case: Case) -> bool:
    component = case.fields.get("component")
    return (
        (not route.kind or case.kind in route.kind)
        and (not route.priority or case.priority in route.priority)
        and (not route.component or (component is not None and component.value in route.component))
        and (not route.customer or case.customer in route.customer)
        and (not route.mailbox or case.role in route.mailbox)
    )


def _conditions(route: Route) -> str:
    told = {
        "kind": route.kind,
        "priority": tuple(str(p) for p in route.priority),
        "component": route.component,
        "customer": route.customer,
        "mailbox": route.mailbox,
    }
    return ", ".join(f"{name} {'/'.join(values)}" for name, values in told.items() if values) or "everything"


def _addresses(team: Team) -> tuple[str, ...]:
    return (team.address,) if team.address else team.members


def _assignee(name: str, team: Team, ctx: DecideContext) -> str | None:
    """One engineer where the team says so: always the same one, or the next in turn."""
    if "@" in team.assign:
        return team.assign
    if team.assign == "round-robin" and team.members:
        last = ctx.assigned_last.get(name)
        place = team.members.index(last) + 1 if last in team.members else 0
        return team.members[place % len(team.members)]
    return None
