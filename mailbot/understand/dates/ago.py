"""Moments told by how long ago they were: "há 2 dias", "half an hour ago", "hace una hora y veinte", "tem 45 min que".

In: folded text and its words, the anchor. Out: (start, end, day, moment), the moment None where only days are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mailbot.understand.dates.words import COUNTS, alternatives

_NUMBER_WORD = alternatives([*COUNTS, "meia", "media", "half an", "half"])
_UNIT = r"(?P<unit>minutos?|minutes?|mins?|min|horas?|hours?|hrs?|hs|h|dias?|days?|noites?|nights?|noches?)"
_ABOUT = (
    r"(?:cerca de |coisa de |cosa de |questao de |uns |umas |unos |unas |como |aproximadamente |mais ou menos "
    r"|mas o menos |about |around |roughly |some |just |apenas |quase |casi |mais de |more than |over )*"
)
_MORE = (  # "uma hora e vinte"
    rf"(?:(?<=h|s|a) (?:e|y|and) (?P<more>\d{{1,2}}|{alternatives(COUNTS)})(?: min\w*)?\b(?!\s\w+s\b))?"
)
_AGO = (
    re.compile(
        rf"\b(?:ha|faz|hace|fazem|hara|fara)\s+(?:ja\s+|ya\s+)?{_ABOUT}(?P<number>\d{{1,3}}"
        rf"|{_NUMBER_WORD})\s?{_UNIT}\b(?P<half> e meia| y media)?{_MORE}"
    ),
    re.compile(
        rf"(?<![\w.,/-])(?P<number>\d{{1,3}}|{_NUMBER_WORD})\s?{_UNIT}(?P<half> and a half| e meia"
        rf"| y media)?{_MORE}\s(?:ago|atras|back(?! ))\b"
    ),
    re.compile(  # "tem 45 min que não sobe", "llevamos 40 minutos sin turnos"
        rf"\b(?:tem|llev\w+)\s+(?:ja\s+|ya\s+)?{_ABOUT}(?P<number>\d{{1,3}}|{_NUMBER_WORD})\s?{_UNIT}\b"
        rf"(?P<half> e meia| y media)?{_MORE}(?=\s(?:que|cravad|seguid|sem|sin|asi|assim|ya|ja)\b)"
    ),
)
_WEEKS = re.compile(  # to the day: "a week ago today", "faz hoje duas semanas"; "two weeks ago" alone is no clear day
    rf"\b(?:(?P<ago>\d|{_NUMBER_WORD}|a) weeks? ago (?:today|to the day)"
    rf"|(?:(?:faz|fazem|ha|hace) (?:hoje|hoy)|(?:hoje|hoy) (?:faz|fazem|ha|hace)) (?:ya |ja )?(?:exat\w+ |exact\w+ )?"
    rf"(?P<number>\d|{_NUMBER_WORD}) semanas?)\b"
)
_AGO_WORDS = frozenset({"ha", "faz", "hace", "fazem", "hara", "fara", "tem", "ago", "atras"})


def lengths_ago(
    folded: str, words: frozenset[str], anchor: datetime
) -> Iterator[tuple[int, int, date, datetime | None]]:
    """What lies a told length of time before the anchor: its place, the day, and the moment where hours are told."""
    if words.isdisjoint(_AGO_WORDS) and "llev" not in folded:
        return
    for m in _WEEKS.finditer(folded) if "week" in folded or "semana" in folded else ():
        word = m["ago"] or m["number"]
        weeks = int(word) if word.isdigit() else COUNTS.get(word, 1)
        yield m.start(), m.end(), anchor.date() - timedelta(weeks=weeks), None
    for m in (m for pattern in _AGO for m in pattern.finditer(folded)):
        word, unit = m["number"], m["unit"]
        if word in {"meia", "media", "half an", "half"}:
            minutes = 30.0 if unit[0] == "h" else 0.0
        else:
            count = int(word) if word.isdigit() else COUNTS[word]
            minutes = count * (1 if unit.startswith("m") else 60) + (30 if m["half"] else 0)
            if more := m["more"]:
                minutes += int(more) if more.isdigit() else COUNTS[more]
            if unit[0] in "dn":
                yield m.start(), m.end(), anchor.date() - timedelta(days=count), None
                continue
        if 0 < minutes <= 60 * 72:
            at = (anchor - timedelta(minutes=minutes)).replace(tzinfo=None, second=0, microsecond=0)
            yield m.start(), m.end(), at.date(), at
