"""The charts of the weekly digest as figures: what is compared, in words of the team's language, and how long each bar.

In: rows of tickets, the pack, the span. Out: plain mappings for `Send.data`: title, head, rows of named bars. A bar's
`share` is its part of the longest one of the chart; how bars are drawn is `reply.charts`' matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mailbot.decide.calendar import Calendar
from mailbot.decide.digest_rows import Row
from mailbot.rules.pack import RulePack

MOST_BARS = 8
_TITLES: dict[str, dict[str, str]] = {
    "days": {"pt": "Por dia", "en": "By day", "es": "Por día"},
    "kinds": {"pt": "Abertos, por tipo", "en": "Opened, by kind", "es": "Abiertos, por tipo"},
    "missing": {
        "pt": "O que faltava no primeiro e-mail",
        "en": "What the first mail lacked",
        "es": "Lo que faltaba en el primer correo",
    },
}
_HEADS = {"opened": {"pt": "Abertos", "en": "Opened", "es": "Abiertos"},
          "resolved": {"pt": "Resolvidos", "en": "Resolved", "es": "Resueltos"}}  # fmt: skip
_DAYS = {"pt": "seg ter qua qui sex sáb dom", "en": "Mon Tue Wed Thu Fri Sat Sun", "es": "lun mar mié jue vie sáb dom"}


def charts(
    new: Sequence[Row], done: Sequence[Row], pack: RulePack, calendar: Calendar, since: datetime, now: datetime,
    language: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """The charts that have something to show. new, done: opened and resolved since then."""
    kinds = Counter(row.kind for row in new if row.kind)
    lacked = Counter(field for row in new for field in row.missing_first)
    by_kind = {_kind(pack, kind, language): (n, str(n)) for kind, n in kinds.most_common(MOST_BARS)}
    by_field = {_field(pack, f, language): (n, f"{100 * n / len(new):.0f} %") for f, n in lacked.most_common(MOST_BARS)}
    made = (
        _per_day(new, done, calendar, since, now, language),
        _chart("kinds", by_kind, language),
        _chart("missing", by_field, language),
    )
    return [chart for chart in made if chart["rows"]]


def _chart(name: str, counts: Mapping[str, tuple[int, str]], language: str) -> dict[str, Any]:
    longest = max((n for n, _ in counts.values()), default=0)
    rows = [{"name": label, "bars": [_bar(n, longest, shown)]} for label, (n, shown) in counts.items()]
    return {"title": _said(_TITLES[name], language), "head": [""], "rows": rows}


def _per_day(
    new: Sequence[Row], done: Sequence[Row], calendar: Calendar, since: datetime, now: datetime, language: str
) -> dict[str, Any]:
    """Opened and resolved by the team's own days; days off on which nothing happened are left out."""
    opened = Counter(calendar.local(row.opened).date() for row in new)
    resolved = Counter(calendar.local(row.resolved_at).date() for row in done if row.resolved_at)
    longest = max((*opened.values(), *resolved.values()), default=0)
    names = _said(_DAYS, language).split()
    rows, day = [], calendar.local(since).date()
    while longest and day <= calendar.local(now).date():
        if opened[day] or resolved[day] or calendar.works_on(day):
            bars = [_bar(opened[day], longest, str(opened[day])), _bar(resolved[day], longest, str(resolved[day]))]
            rows.append({"name": f"{names[day.weekday()]} {day.day}", "bars": bars})
        day += timedelta(days=1)
    head = [_said(_HEADS[name], language) for name in ("opened", "resolved")]
    return {"title": _said(_TITLES["days"], language), "head": head, "rows": rows}


def _bar(count: int, longest: int, shown: str) -> dict[str, Any]:
    return {"share": round(count / longest, 3) if longest else 0.0, "value": shown}


def _kind(pack: RulePack, kind: str, language: str) -> str:
    return pack.kinds[kind].name.get(language, kind) if kind in pack.kinds else kind


def _field(pack: RulePack, name: str, language: str) -> str:
    return pack.fields[name].name.get(language, name) if name in pack.fields else name


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])
