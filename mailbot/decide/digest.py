"""The daily digest of a team and the weekly one of the leads: which tickets, which figures, in the team's language.

In: rows of tickets, the pack, the moment. Out: `Send`s; nothing is sent where there is nothing to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from mailbot.decide.actions import Send
from mailbot.decide.calendar import Calendar, calendar_of
from mailbot.decide.context import DecideContext
from mailbot.decide.digest_charts import charts
from mailbot.decide.digest_rows import Row
from mailbot.rules.directory import Team
from mailbot.rules.pack import RulePack

MOST_ROWS = 60  # tickets in one digest; the rest is counted
_OVER = ("resolved", "closed")
_WORDS: dict[str, dict[str, str]] = {
    "opened": {"pt": "Abertos", "en": "Opened", "es": "Abiertos"},
    "resolved": {"pt": "Resolvidos", "en": "Resolved", "es": "Resueltos"},
    "open": {"pt": "Em aberto agora", "en": "Open now", "es": "Abiertos ahora"},
    "rounds": {"pt": "Pedidos de informação por chamado", "en": "Requests per ticket", "es": "Solicitudes por ticket"},
    "first": {
        "pt": "Primeira resposta, mediana (h úteis)",
        "en": "First reply, median (working h)",
        "es": "Primera respuesta, mediana (h hábiles)",
    },
    "time": {
        "pt": "Solução, mediana (h úteis)",
        "en": "Resolution, median (working h)",
        "es": "Solución, mediana (h hábiles)",
    },
    "survey": {"pt": "Pesquisa: sim / não", "en": "Survey: yes / no", "es": "Encuesta: sí / no"},
    "more": {"pt": "Outros em aberto", "en": "Further open tickets", "es": "Otros abiertos"},
}


def daily(rows: Sequence[Row], team: str, pack: RulePack, ctx: DecideContext) -> Send | None:
    """One team's open tickets, the most urgent first; None when nothing is open."""
    to = _addresses(ctx.directory.teams.get(team))
    open_ = [row for row in rows if row.state not in _OVER and (row.team or pack.default_team) == team]
    if not open_ or not to:
        return None
    since = ctx.now - timedelta(days=1)
    mine = [row for row in rows if (row.team or pack.default_team) == team]
    figures = [
        _figure("opened", sum(row.opened >= since for row in mine), ctx),
        _figure("resolved", sum(bool(row.resolved_at and row.resolved_at >= since) for row in mine), ctx),
    ]
    if len(open_) > MOST_ROWS:
        figures.append(_figure("more", len(open_) - MOST_ROWS, ctx))
    open_.sort(key=lambda row: (row.priority or 5, row.opened, row.number))
    until = calendar_of(pack).local(ctx.now).date().isoformat()
    data = {"tickets": _listed(open_, ctx), "figures": figures, "until": until, "team": team}
    return Send("digest_team", "team", to, ctx.team_language, "the team's open tickets", "digest", data=data, team=team)


def weekly(rows: Sequence[Row], pack: RulePack, since: datetime, ctx: DecideContext) -> Send | None:
    """The week from `since` to now in figures, for the leads; None when nothing happened and nothing is open."""
    to = _addresses(ctx.directory.teams.get(pack.lead_team))
    if not rows or not to:
        return None
    language, calendar = ctx.team_language, calendar_of(pack)
    new = [row for row in rows if row.opened >= since]
    done = [row for row in rows if row.resolved_at is not None and row.resolved_at >= since]
    open_ = [row for row in rows if row.state not in _OVER]
    figures = [_figure("opened", len(new), ctx)]
    figures += [_figure("resolved", len(done), ctx), _figure("open", len(open_), ctx)]
    if new:
        figures.append(_figure("rounds", _decimal(sum(row.rounds for row in new) / len(new), language), ctx))
    replied = [(r.opened, r.engineer_reply_at) for r in rows if r.engineer_reply_at and r.engineer_reply_at >= since]
    for name, spans in (("first", replied), ("time", [(r.opened, r.resolved_at) for r in done if r.resolved_at])):
        if spans:
            figures.append(_figure(name, _decimal(_median(spans, calendar), language), ctx))
    said = Counter(row.answer for row in rows if row.answered_at is not None and row.answered_at >= since)
    if said:
        figures.append(_figure("survey", f"{said['yes']} / {said['no']}", ctx))
    open_.sort(key=lambda row: (row.opened, row.number))
    data = {
        "figures": figures,
        "charts": charts(new, done, pack, calendar, since, ctx.now, language),
        "tickets": _listed(open_[:10], ctx),
        "since": calendar.local(since).date().isoformat(),
        "until": calendar.local(ctx.now).date().isoformat(),
    }
    return Send("digest_weekly", "team", to, language, "the week in figures", "weekly", data=data, team=pack.lead_team)


def _median(spans: Iterable[tuple[datetime, datetime]], calendar: Calendar) -> float:
    """In working hours."""
    return median(calendar.between(begin, end).total_seconds() for begin, end in spans) / 3600


def _decimal(value: float, language: str) -> str:
    """One place, with the comma where the language writes one."""
    return f"{value:.1f}" if language == "en" else f"{value:.1f}".replace(".", ",")


def _figure(name: str, value: object, ctx: DecideContext) -> dict[str, str]:
    words = _WORDS[name]
    return {"name": words.get(ctx.team_language, words["en"]), "value": str(value)}


def _listed(rows: Sequence[Row], ctx: DecideContext) -> list[dict[str, Any]]:
    customers = ctx.directory.customers
    return [
        {
            "number": row.number,
            "subject": row.subject,
            "state": row.state,
            "priority": row.priority,
            "kind": row.kind,
            "opened": row.opened.isoformat(),
            "customer": customers[row.customer].name if row.customer in customers else "",
            "assignee": row.assignee or "",
            "age": _age(ctx.now - row.opened),
        }
        for row in rows[:MOST_ROWS]
    ]


def _age(span: timedelta) -> str:
    """ "3 d" from two days on, else "17 h"."""
    return f"{span.days} d" if span.days > 1 else f"{max(0, int(span.total_seconds() // 3600))} h"


def _addresses(team: Team | None) -> tuple[str, ...]:
    if team is None:
        return ()
    return (team.address,) if team.address else team.members
