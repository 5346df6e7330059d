"""Times of day in text: 14h20, 14:20h, 2:15 PM, "às 9 da manhã", "a las nueve y media", midnight.

In: folded text. Out: `Clock` values with their place. A duration ("em 2h", "30 min") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mailbot.understand.dates.words import (
    HOUR_WORDS,
    LATE_HOUR_WORDS,
    MINUTE_WORDS,
    PARTS,
    alternatives,
    vocabulary,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written. `hour` may still be on a 12-hour clock when `open` is true."""

    start: int
    end: int
    hour: int
    minute: int
    open: bool = True  # a part of the day told elsewhere ("evening") may still turn 8 into 20
    rough: bool = False  # "10 y pico": a clearer time beside it goes first
    weak: bool = False  # a bare number behind "at": a time only beside a day or a word of failure


_PART = alternatives(PARTS)
_OF_DAY = rf"\s*,?\s*(?:(?:d[ae]|de la|del|in the|at|por la|en la|pela)\s+({_PART}))\b"
_HALF = r"(am|pm|a\.\s?m\b\.?|p\.\s?m\b\.?)(?![a-z])"
_DIGITAL = re.compile(
    rf"(?<![\d:./\-+#])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:[.,]\d{{1,9}})?)?(?![\d:]|[.,]\d)"
    rf"(?:\s?{_HALF}|\s?(?:horas|hora|hrs|hs|h)\b)?(?:{_OF_DAY})?"
)
_HOURS = re.compile(
    r"(?<![\w.,:/\-+#])([01]?\d|2[0-3])\s?(?:horas|hora|hrs|hs|hr|h)(?:\s?([0-5]\d)(?:\s?m(?:in(?:utos)?)?)?"
    rf"|\s(?:e|y)\s(meia|media))?(?!\w)(?:{_OF_DAY})?"
)
_AMPM = re.compile(rf"(?<![\w,:/\-+#$])(1[0-2]|0?[1-9])(?:[.:h]([0-5]\d))?(?:\s?-?ish)?\s?{_HALF}")
_O_CLOCK = re.compile(rf"(?<![\w.,:/])(1[0-2]|[1-9]|{alternatives(HOUR_WORDS)})\s?o'?\s?clock\b(?:{_OF_DAY})?")
_ABOUT = (
    r"(?:por volta d|perto d|cerca d|la por |la pel|ali pel|pel|desde |a partir d|d|apos |depois d|tipo |um|un)?as"
    r"|(?:a eso de |alrededor de |cerca de |desde |tipo |sobre |hacia |pasadas |a partir de |como a )?las?"
    r"|tipo |at (?:around |about |roughly |exactly )?|around |about |since |from |circa |c\. ?|@ ?|after |~ ?"
)
_BARE = re.compile(
    rf"\b(?P<lead>{_ABOUT})\s*(?P<hour>[01]?\d|2[0-3]|{alternatives(HOUR_WORDS)})"
    r"(?:\s(?:e|y)\s(?P<half>meia|media|cuarto|quinze|pouco|pico|trinta|treinta))?(?:\s?-?ish)?"
    rf"(?![\w:/%°º-]|[.,]\d)(?P<part>{_OF_DAY})?"
)
_SURE_LEAD = re.compile(r"por volta d|la pel|a eso de|alrededor de las|desde las|tipo las|sobre las|hacia las|pasadas")
_AFTER_BARE = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|\b(?:hoje|ontem|anteontem|today|yesterday|hoy|ayer|this|last|on|de hoje|de ontem|de hoy"
    r"|de ayer"
    r"|da|de la|in the|em ponto|en punto|sharp|em|en|in|e|and|y|o|a|el|la|los|as|os|the|our|nosso|nossa|everything"
    r"|tudo|todo"
    r"|que|nao|no|nothing|nenhum[a]?|ningun[ao]?|horas|mais ou menos|mas o menos|aproximadamente|approximately|when"
    r"|quando|cuando)\b)"
)
_DOTTED = re.compile(
    r"\b(?:as|las|at|aas|desde|since|around|pelas|das|[aà]s)\s+([01]?\d|2[0-3])\.([0-5]\d)(?![\d%]|\.\d|,\d)"
    rf"(?:\s?(?:horas|hrs|hs|h)\b)?(?:{_OF_DAY})?"
)
_DOTTED_HOURS = re.compile(rf"(?<![\w.,:/])([01]?\d|2[0-3])\.([0-5]\d)\s?(?:horas|hours|hrs|hs|h)\b(?:{_OF_DAY})?")
_HOUR_OF_DAY = re.compile(
    rf"(?<![\w.,:/])([01]?\d|2[0-3]|{alternatives(HOUR_WORDS)})(?:\s(?:e|y)\s(meia|media))?{_OF_DAY}"
)
_ANY_HOUR = alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})
_SPOKEN = re.compile(
    rf"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-3]|{_ANY_HOUR})\s(?P<glue>e|y"
    rf"|menos)\s(?P<minute>{alternatives(MINUTE_WORDS)}|[0-5]\d|5)"
    rf"(?!\w|[:/]\d|\s(?:mil|cento|cien\w*|lojas|tiendas|pedidos|notas|dias|horas de|itens|items|unidades"
    rf"|registros)\b)(?P<part>{_OF_DAY})?"
)
_SPOKEN_LEAD = re.compile(
    r"(?:\b(?:as|aas|las|a las|eram|era|umas|sobre las|desde|hoje|hoy|ontem|ayer|pelas|tipo|at|marcava|marcaba"
    r"|madrugada|tarde|noite|noche|manha|manana)"
    r"[\s,]+|[(,]\s*)$"
)
_PAST_HOUR = re.compile(
    rf"\b(half|quarter|ten|five|twenty|twenty-five|\d{{1,2}})(?:\sminutes?)?\s(past|to|before|after|till)\s(1[0-2]"
    rf"|[1-9]|{alternatives(HOUR_WORDS)})\b"
    rf"(?!\s?(?:the|minutes?|hours?|days?|weeks?|attempts?|tries|calls?))(?:{_OF_DAY})?"
)
_TO_HOUR = re.compile(
    rf"\b(dez|cinco|quinze|vinte|um quarto|\d{{1,2}})(?:\s?min\w*)?\spara\s(?:as|a|o)\s(1[0-2]|[1-9]"
    rf"|{alternatives(HOUR_WORDS)})\b(?:{_OF_DAY})?"
)
_WORDS = re.compile(
    r"\b(?:(?:a|ao|aa|ate a|at|at around|around|a la|a|desde(?: el| a)?|since|al|pelo|por volta d[ao]|de)\s+)?"
    r"(meia[- ]noite|midnight|medianoche|media noche|meio[- ]dia(?:\se\smeia)?|noon|midday|mediodia"
    r"|medio dia)(?:-?\s?ish)?\b"
)
_DURATION_BEFORE = re.compile(
    r"(?:\b(?:ha|faz|hace|em|in|por|for|durante|during|cada|every|each|levou|leva|levando|took|takes|taking|demora"
    r"|demorou"
    r"|demorando|tarda|tardo|mais de|more than|mas de|menos de|less than|within|over|dentro de|ultimas|proximas|next"
    r"|last"
    r"|uns|quase|almost|casi|total de|media de|ate|up to|hasta|dura|durou|lasted|de|cerca de|about|some"
    r"|com|con|with|janela de|sla de|prazo de|timeout de|sao|son|apos|depois de|after)"
    r"|[~<>])\s*$"
)
_LONG_DURATION_BEFORE = re.compile(
    r"(?:\b(?:ha|faz|hace|por|for|durante|during|cada|every|each|levou|leva|levando|took|takes|taking|demora|demorou"
    r"|demorando|tarda|tardo|mais de|more than|mas de|menos de|less than|within|dura|durou|lasted|em|media de|quase"
    r"|casi)"
    r"|[<>])\s*$"
)
_DURATION_AFTER = re.compile(
    r"\s*(?:ago|atras|depois|later|before|antes|despues|de atraso|de espera|parad[oa]s?|fora|por dia|por semana"
    r"|de duracao|seguid"
    r"|corridas|uteis|habiles|laborables|per day|a day|long|delay|downtime|sem|sin|without)\b"
)
_HOUR_LEAD = re.compile(r"(?:\b(?:as|las|la|at|desde|since|from|a partir|pelas?|d[ao]s|circa|aas|a)\s*|[,(@:-]\s*)$")
_MINUTE_STARTS = frozenset(word.split()[0].split("-")[0] for word in MINUTE_WORDS)
_DIGIT_GLUE = re.compile(r"\s[ey]\s\d")
_SPOKEN_GLUE = frozenset({"e", "y", "menos"})
_HALVES = frozenset({"am", "pm", "a", "p"})
_HOUR_UNITS = frozenset({"h", "hs", "hr", "hrs", "hora", "horas"})
_MILITARY = re.compile(
    r"(?<![\w.,:/+-])([01]\d|2[0-3])([0-5]\d)(?:\s?(?:hrs|hours|hs|h)\b|(?=\s(?:today|yesterday|this|last night"
    r"|on (?:mon|tue|wed|thu|fri|sat|sun)|local|utc|gmt|zulu|z)\b))"
)
_HALF_HOUR = re.compile(
    rf"\bhalf\s(1[0-2]|[1-9]|{alternatives(HOUR_WORDS)})\b(?=\s*(?:$|[,.;)]|(?:this|yesterday|today|last|in|on|am"
    rf"|pm)\b))(?:{_OF_DAY})?"
)
_ISH = re.compile(r"(?<![\w.,:/])(1[0-2]|[1-9])(?::([0-5]\d))?\s?-?ish\b(?:\s?(am|pm))?")
_PAST_WORDS = frozenset({"past", "to", "before", "after", "till"})
_NOON_WORDS = frozenset({"meia", "midnight", "medianoche", "media", "meio", "noon", "midday", "mediodia", "medio"})


def clocks(folded: str) -> Iterator[Clock]:
    """All times of day in a text, in no particular order; where two overlap, the earlier yielded is the better."""
    words = vocabulary(folded)
    for m in _DIGITAL.finditer(folded) if ":" in folded else ():
        yield _clock(m.start(), m.end(), int(m[1]), int(m[2]), m[3], m[4])
    for m in _AMPM.finditer(folded) if words & _HALVES else ():
        yield _clock(m.start(), m.end(), int(m[1]), int(m[2] or 0), m[3], None)
    for m in _HOURS.finditer(folded) if words & _HOUR_UNITS else ():
        if not _is_duration(folded, m):
            minute = 30 if m[3] else int(m[2] or 0)
            yield _clock(m.start(), m.end(), int(m[1]), minute, None, m[4])
    for m in (*_DOTTED.finditer(folded), *_DOTTED_HOURS.finditer(folded)):
        yield _clock(m.start(1), m.end(), int(m[1]), int(m[2]), None, m[3])
    for m in _HOUR_OF_DAY.finditer(folded) if not words.isdisjoint(PARTS) else ():
        yield _clock(m.start(), m.end(), _hour(m[1]), 30 if m[2] else 0, None, m[3])
    for m in _O_CLOCK.finditer(folded) if "clock" in words else ():
        yield _clock(m.start(), m.end(), _hour(m[1]), 0, None, m[2])
    spoken = words & _SPOKEN_GLUE and (words & _MINUTE_STARTS or _DIGIT_GLUE.search(folded))
    for m in _SPOKEN.finditer(folded) if spoken else ():
        yield from _spoken(folded, m)
    for m in _TO_HOUR.finditer(folded) if "para" in words else ():
        minute = 15 if m[1] == "um quarto" else int(m[1]) if m[1].isdigit() else MINUTE_WORDS[m[1]]
        yield _clock(m.start(), m.end(), (_hour(m[2]) - 1) % 24, 60 - minute, None, m[3])
    for m in _MILITARY.finditer(folded):
        yield Clock(m.start(), m.end(), int(m[1]), int(m[2]), False)
    for m in _HALF_HOUR.finditer(folded) if "half" in words else ():
        yield _clock(m.start(), m.end(), _hour(m[1]), 30, None, m[2])
    for m in _ISH.finditer(folded) if "ish" in folded else ():
        yield _clock(m.start(), m.end(), int(m[1]), int(m[2] or 0), m[3], None)
    for m in _PAST_HOUR.finditer(folded) if words & _PAST_WORDS else ():
        minute = int(m[1]) if m[1].isdigit() else MINUTE_WORDS[m[1]]
        hour = _hour(m[3])
        if m[2] in {"before", "after"} and m[1] != "quarter" and not m[4]:
            continue  # "ten after three attempts"
        if not 0 < minute < 60:
            continue
        if m[2] in {"to", "before", "till"}:
            hour, minute = hour - 1, 60 - minute
        yield _clock(m.start(), m.end(), hour % 24, minute, None, m[4])
    for m in _WORDS.finditer(folded) if words & _NOON_WORDS else ():
        night = m[1].startswith(("meia", "midnight", "media"))
        yield Clock(m.start(1), m.end(), 0 if night else 12, 30 if m[1].endswith("meia") else 0, False)
    for m in _BARE.finditer(folded):
        part = m["part"] and m["part"].rsplit(" ", 1)[-1]
        if m["hour"] == "once" and not m["lead"].rstrip().endswith("las"):
            continue  # English: "at once"
        if not part and not _SURE_LEAD.match(m["lead"]) and not _AFTER_BARE.match(folded, m.end()):
            continue
        start = m.start("hour")
        half = {"cuarto": 15, "quinze": 15, "pouco": 0, "pico": 0}.get(m["half"], 30) if m["half"] else 0
        found = _clock(start, m.end(), _hour(m["hour"]), half, None, part)
        yield Clock(found.start, found.end, found.hour, found.minute, found.open, weak=not part and not m["half"])


def _spoken(folded: str, m: re.Match[str]) -> Iterator[Clock]:
    part = m["part"] and m["part"].rsplit(" ", 1)[-1]
    if not part and not _SPOKEN_LEAD.search(folded[max(0, m.start() - 20) : m.start()]):
        return
    hour, word = _hour(m["hour"]), m["minute"]
    minute = int(word) if word.isdigit() else MINUTE_WORDS[word]
    if m["glue"] == "menos":
        hour, minute = hour - 1, 60 - minute
    found = _clock(m.start(), m.end(), hour % 24, minute % 60, None, part)
    yield replace(found, rough=word in {"pico", "pouco", "tanto"})


def _hour(word: str) -> int:
    return int(word) if word.isdigit() else {**HOUR_WORDS, **LATE_HOUR_WORDS}[word]


def _clock(start: int, end: int, hour: int, minute: int, half: str | None, part: str | None) -> Clock:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
        return Clock(start, end, hour, minute, False)
    if part:
        return Clock(start, end, on_24h_clock(hour, PARTS[part]), minute, False)
    return Clock(start, end, hour, minute, hour <= 12)


def on_24h_clock(hour: int, part: str) -> int:
    """The hour that a number on a clock face means in a part of the day: 8 at night is 20, 12 at night is 0."""
    if part == "afternoon" and hour < 8:
        return hour + 12
    if part == "night":
        if hour == 12:
            return 0
        return hour + 12 if 5 <= hour < 12 else hour
    return 0 if part == "dawn" and hour == 12 else hour


_ABOUT_TIME = re.compile(r"\b(?:por volta de|a partir de|perto de|la por)\s*$")
_ONWARDS = re.compile(r"\s(?:em diante|en adelante|onwards?|pra frente|para frente|da manha|de la manana)\b")


def _is_duration(folded: str, m: re.Match[str]) -> bool:
    if _ONWARDS.match(folded, m.end()):
        return False
    before = folded[max(0, m.start() - 16) : m.start()]
    if _ABOUT_TIME.search(before):
        return False
    unit_word = "ora" in m[0] and not m[4]
    if int(m[1]) < 7 and re.search(r"\bum?nas?\s*$|\bumas\s*$", before) and not m[4]:
        return True  # "umas 3h" is a length, "umas 17h" a time
    if m[2] or m[3]:
        return bool(_DURATION_AFTER.match(folded, m.end())) or bool(_LONG_DURATION_BEFORE.search(before))
    if _DURATION_AFTER.match(folded, m.end()) or _DURATION_BEFORE.search(before):
        return not m[4]
    return unit_word and not _HOUR_LEAD.search(before)
