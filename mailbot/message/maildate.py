"""The date in a client's header block. In: "segunda-feira, 26 de outubro de 2026 18:22". Out: aware, or None.

Portuguese, English and Spanish; the zone is the one written, else the one handed in.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janeiro enero ene",
            "february feb fevereiro fev febrero",
            "march mar março marco marzo",
            "april apr abril abr avril",
            "may maio mai mayo",
            "june jun junho junio",
            "july jul julho julio",
            "august aug agosto ago",
            "september sep sept setembro set septiembre setiembre",
            "october oct outubro out octubre",
            "november nov novembro noviembre",
            "december dec dezembro dez diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?i)\b(\d{{1,2}})º?(?:\s+de)?[\s-]+({_MONTH})\b\.?,?(?:\s+del?)?[\s-]+(\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"(?i)\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_TIME = re.compile(r"(?i)\b(\d{1,2})[:h](\d{2})(?::(\d{2}))?\s*([ap])?\.?\s*(?:m\b)?")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})\b")


def read(text: str, zone: tzinfo, *, month_first: bool = False) -> datetime | None:
    """month_first: how 10/11/2026 is read when both could be months (English header blocks)."""
    text = text[:200]
    day = _date(text, month_first)
    if day is None:
        return None
    hour = minute = second = 0
    rest = text[day[3] :]
    found = _TIME.search(rest) or _TIME.search(text)
    if found:
        hour, minute, second = int(found.group(1)), int(found.group(2)), int(found.group(3) or 0)
        half = (found.group(4) or "").lower()
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
    offset = _OFFSET.search(rest)
    if offset:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3))
        if minutes < 15 * 60:
            zone = timezone(timedelta(minutes=-minutes if offset.group(1) == "-" else minutes))
    try:
        return datetime(day[0], day[1], day[2], hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def has_time(text: str) -> bool:
    return _TIME.search(text[:200]) is not None


def _date(text: str, month_first: bool) -> tuple[int, int, int, int] | None:
    """(year, month, day, where it ends)"""
    if found := _DAY_FIRST.search(text):
        return int(found.group(3)), _MONTHS[found.group(2).lower()], int(found.group(1)), found.end()
    if found := _MONTH_FIRST.search(text):
        return int(found.group(3)), _MONTHS[found.group(1).lower()], int(found.group(2)), found.end()
    if found := _ISO.search(text):
        return int(found.group(1)), int(found.group(2)), int(found.group(3)), found.end()
    if found := _NUMBERS.search(text):
        a, b, year = int(found.group(1)), int(found.group(2)), int(found.group(3))
        day, month = (b, a) if (month_first and a <= 12) or b > 12 else (a, b)
        return year + 2000 if year < 100 else year, month, day, found.end()
    return None
