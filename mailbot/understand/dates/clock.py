"""Times of day in text: 14h20, 14:20h, 2:15 PM, "às 9 da manhã", "at 9", 0415 hrs. Those in words: spoken.py.

In: folded text. Out: `Clock` values with their place. A duration ("em 2h", "30 min") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mailbot.understand.dates.words import (
    ENGLISH_WEEKDAY,
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
    face: bool = False  # read off a clock face ("half past four", "a las tres"): before or after noon is open
    lone: bool = True  # False: a time only beside a day ("12.40 today")


_PART = alternatives([*PARTS, "day", "dia"])
_NOT_A_DATE = r"(?<!\bdia(?=\s(?:\d|seguinte|siguiente|anterior|primeir|de\b)))"
OF_DAY = (
    rf"\s*,?\s*(?:(?:d[ae]|do|de la|d la|del|in the|in|at|por la|en la|pela|a la|na|a)\s+(?P<part>{_PART}))\b"
    + _NOT_A_DATE
)
_OF_DAY = OF_DAY.replace("?P<part>", "")
_OF_DAY_SURE = _OF_DAY.replace("|in|", "|").replace("|na|a)", ")")
HALF = r"(?P<half>am|pm|a\.\s?m\b\.?|p\.\s?m\b\.?|(?<=:\d\d)[ap])(?![a-z])"
_HALF = HALF.replace("?P<half>", "")
# "dez para as oito lojas": what is counted is no time.
COUNTED = (
    r"(?!\s(?:lojas|tiendas|stores|shops|pedidos|notas|itens|items|unidades|registros|filiais|sucursales|produtos"
    r"|productos|fa[ct]turas|faturas|facturas|calls|users|usuarios|pessoas|personas|people|arquivos|archivos|files"
    r"|linhas|lineas|rows|caixas|cajas|boxes|tentativas|intentos|mil|por cento|por ciento|percent|reais|pesos|dolares"
    r"|euros|kilos|quilos|km|metros|paginas|casos|vezes|veces|times|of (?:the|our|them))\b)"
)
_UNCOUNTED = re.compile(COUNTED)
_DIGITAL = re.compile(
    rf"(?<![\d:./\-+#])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:[.,]\d{{1,9}})?)?(?!\d|:\d|[.,]\d)"
    rf"(?:\s?{_HALF}|\s?(?:horas|hora|hrs|hs|h)\b)?(?:{_OF_DAY})?"
)
_HOURS = re.compile(
    r"(?<![\w.,:/\-+#])([01]?\d|2[0-3])\s?(?:horas|hora|hrs|hs|hr|h)(?:\s?(?:(?:e|y|con)\s)?([0-5]\d)(?:\s?m(?:in(?:utos)?)?)?"
    rf"|\s(?:e|y)\s({alternatives(MINUTE_WORDS)})\b{COUNTED})?(?!\w)(?:{_OF_DAY})?"
)
_AMPM = re.compile(rf"(?<![\w,:/\-+#$])(1[0-2]|0?[1-9])(?:[.:h]([0-5]\d))?(?:\s?-?ish)?\s?{_HALF}")
_ABOUT = (
    r"(?:por volta d|perto d|cerca d|la por |la pel|ali pel|pel|desde |a partir d|d|apos |depois d|tipo |um|un)?as"
    r"|(?:a eso de |alrededor de |cerca de |desde |tipo |sobre |hacia |pasadas |a partir de |como a |a)?las?"
    r"|tipo |(?:at|as of|as from) (?:around |about |roughly |exactly )?|around |about |since |from |circa |c\. ?|@ ?"
    r"|after |past |~ ?"
)
_BARE = re.compile(
    rf"\b(?P<lead>{_ABOUT})\s*(?P<hour>[01]?\d|2[0-3]|{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})"
    r"(?:\s(?:e|y)\s(?P<half>meia|media|cuarto|quinze|pouco|pico|cacho|trinta|treinta))?(?:\s?-?ish)?"
    rf"(?![\w/%°º-]|:\d|[.,]\d)(?P<part>{_OF_DAY})?"
)
_SURE_LEAD = re.compile(r"por volta d|la pel|a eso de|alrededor de las|desde las|tipo las|sobre las|hacia las|pasadas")
_AFTER_BARE = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|\b(?:hoje|hj|ontem|anteontem|today|tonight|yesterday|hoy|ayer|anoche|this|last|on|d[eo]"
    r"|se|me|nos|le|les|we|i|it|they|he|she|all|every|esta|nesta|desta|onwards?|gone|or|there|was|were|had|mon\w*"
    r"|tues\w*|wednes\w*|thurs\w*|fri\w*|satur\w*|sun\w*|del"
    r"|las|your|my|un|una|uma|su|sus"
    r"|da|de la|in the|em ponto|en punto|sharp|em|en|in|e|and|y|o|a|el|la|los|as|os|the|our|nosso|nossa|everything"
    r"|tudo|todo"
    r"|(?:pra|para) (?:ca|aca|frente)|que|nao|no|nothing|nenhum[a]?|ningun[ao]?|horas"
    r"|mais ou menos|mas o menos|aproximadamente|approximately|when"
    r"|quando|cuando)\b)"
)
_DAY_BESIDE = re.compile(
    rf"\b(?:today|yesterday|last night|this morning|{ENGLISH_WEEKDAY}),? $"
)  # "on Sunday at three"
_AT = re.compile(r"l?as|pelas|desde las|a las")
_NOT_COUNTED = re.compile(r"\s(?![a-z]+(?<!mo)s\b|mil\b|de\b)[a-z]{2,}")  # "a las diez cerré", not "a las diez tiendas"
_DOTTED = re.compile(
    r"(?:\b(?P<lead>as|las|at|aas|desde|since|around|pelas|das|hora:|horario:|time:)\s+)?(?<![\w.,:/$-])(?<![$€£]\s)"
    r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d%]|(?!h(?:s|rs)?\b)\w|\.\d|,\d|\s?(?:%|eur|usd|reais|kg|mm|cm|km|gb|mb|ms)\b)"
    rf"(?P<unit>\s?(?:horas|hours|hrs|hs|h)\b)?(?P<of>{OF_DAY})?"
)
_SPACED = re.compile(  # "a las 20 30", "às 9 15"
    r"\b(?:as|aas|las|pelas)\s(?P<hour>[01]?\d|2[0-3]) (?P<minute>[0-5]\d)(?:\s?(?:horas|hrs|hs|h)\b)?"
    rf"(?=\s*(?:$|[.,;:!?)\n]|(?:de )?(?:hoje|hj|ontem|hoy|ayer|anoche|e|y|o|a|el|la)\b|{_OF_DAY}))(?!\d|[.,:/]\d)"
    rf"(?:{OF_DAY})?"
)
_DIGITAL_IN = re.compile(r"\d:[0-5]\d")
_SPACED_IN = re.compile(r"as \d{1,2} [0-5]\d")
_DOTTED_IN = re.compile(r"\d\.[0-5]\d")
_HOUR_OF_DAY = re.compile(
    rf"(?<![\w.,:/])(?:([01]?\d|2[0-3])(?:\s(?:e|y)\s(meia|media))?{_OF_DAY}"
    rf"|({alternatives(HOUR_WORDS)})(?:\s(?:e|y)\s(meia|media))?{_OF_DAY_SURE})"
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
_HOUR_LEAD = re.compile(
    r"(?:\b(?:as|las|la|at|desde|since|from|a partir|pelas?|d[ao]s|circa|aas|a|hoje|hj|ontem|hoy|ayer|feira"
    r"|sabado|domingo|lunes|martes|miercoles|jueves|viernes)\s*"
    r"|[,(@:-]\s*)$"
)
_TWENTY_FOUR = re.compile(r"(?:[dn]?as|pelas) \d+")  # Portuguese digits without more are on a 24-hour clock: "às 3"
_CENTURIES = frozenset({"19", "20"})  # what years begin with
_OF_DAY_WORDS = frozenset({*PARTS, "day", "dia"})
_HALVES = frozenset({"am", "pm", "a", "p"})
_HOUR_UNITS = frozenset({"h", "hs", "hr", "hrs", "hora", "horas"})
_MILITARY = re.compile(  # "0415 hrs", "at 0415", "0630: all pipelines down"; 2019 and 1998 are years
    r"(?P<lead>(?:^|\n)[-*• \t]{0,12}|\b(?:at|as|das|since|around|about|desde(?: las)?|las|circa|until"
    r"|before|after|kicked off|started|began|failed|died|stopped|picked up)\s)?"
    r"(?<![\w.,:/+-])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)"
    r"(?:(?P<sure>\s?(?:hrs|hours|hs|h|z)\b"
    r"|(?=\s(?:today|yesterday|this|tonight|last night|on (?:mon|tue|wed|thu|fri|sat|sun)|local|utc|gmt|zulu"
    r"|brt|bst|cest|cet|sast|sgt|ist|ae[sd]t|[ecmp][sd]t"
    r"|on(?:wards?)?(?=[,.])|hoje|hj|hoy|ontem|ayer|anoche|de (?:hoje|hoy|ontem|ayer|la fecha))\b|:\s))"
    r"|(?![\w./,-]|:\d)|(?=[.,](?:\s|$)))"
)
_LISTED = re.compile(  # "prod, 0220, key d51f", "stuck prod 2310"
    r"(?:(?:^|\n|[,;/|]\s)[ \t]*|\b(?:prod|prd|live|producao|produccion|production|hml|homolog|qa|uat|staging|teste?"
    r"|sandbox|dev|ontem|hoje|hj|ayer|hoy|anoche|yesterday|today"
    rf"|feira|{ENGLISH_WEEKDAY}|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\s)"
    r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s*(?:[,;/|\n]|$))"
)
_ON_ITS_LINE = re.compile(r"[.,\n]|$| [a-z]")
_THREE_DIGITS = re.compile(  # "at 430 this morning", "yest 730 am", "1130pm"
    r"(?:(?:^|\n|\b(?:at|since|around|about|by)\s)(?=[1-9]\d\d(?:\s?[ap]m|\s(?:today|yesterday|this (?:morning"
    r"|afternoon|evening|arvo)|tonight|last night))\b)|(?<![\w.,:/+$#-])(?=\d{3,4}\s?[ap]m\b))"
    r"(?P<hour>1[0-2](?=\d\d)|0?[1-9])(?P<minute>[0-5]\d)(?:\s?(?P<half>am|pm)\b)?"
)
_EXACT = r"sharp|em ponto|en punto|on the (?:dot|nose)|cravad(?:as|o)|clavadas?"
_SHARP = re.compile(  # "8 sharp", "tres en punto de la tarde"
    rf"(?<![\w.,:/-])(?P<hour>1[0-2]|[1-9]|{alternatives(HOUR_WORDS)})\s(?:{_EXACT})\b(?:{OF_DAY})?"
)
_EXACT_WORDS = frozenset({"sharp", "ponto", "punto", "dot", "nose", "cravadas", "cravado", "clavadas", "clavada"})
_BEFORE_DAY = re.compile(  # a number and a day, nothing else: "nine tonight", "tres de hoy", "5 e meia hoje"
    r"(?:^|\n|[.!?;:,]\s|\(|\b(?:is|was|from|before|till|until|down|stopped|died|broke|crashed|quit) )"
    r"[ \t]*(?:[-*•]\s)?"
    rf"(?P<hour>1[0-2]|[1-9]|{alternatives(HOUR_WORDS)})"
    rf"(?: [ey] (?P<half>meia|media))? (?:d[aeo]l? |on )?(?=(?:{ENGLISH_WEEKDAY}"
    r"|today|yesterday|last night|this (?:morning|afternoon"
    r"|evening|arvo)|tonight|hoy|ayer|anoche|hoje|hj|ontem|d?esta (?:manana|tarde|noche|manha|noite))\b)"
)
_DAYS_BESIDE = frozenset(
    {"today", "yesterday", "night", "this", "tonight", "hoy", "ayer", "anoche", "hoje", "hj", "ontem", "esta", "desta",
     "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)  # fmt: skip
_NO_ENGLISH = frozenset({"once", "zero", "cero"})
_LINE_START = re.compile(r"(?:^|[\n\"])[-*•\t ]{0,3}$")
_ON_WITH_WORDS = re.compile(r"\s?[-:,]?\s[a-z]")
_TO_ONE = re.compile(r"\ba la (?:una|1)$|\bde la una$")  # "la 1" of a list is no time
_DIGIT = re.compile(r"\d")
_ALL_HOURS = frozenset(word.split("-")[0].split()[0] for word in (*HOUR_WORDS, *LATE_HOUR_WORDS))
_THREE = re.compile(r"(?<!\d)\d{1,2}[0-5]\d\s?[apty]|(?:^|\s)[1-9][0-5]\d\slast")
_FOUR_DIGITS = re.compile(r"(?<![\w.,:/+-])(?:[01]\d|2[0-3])[0-5]\d")
_ISH = re.compile(r"(?<![\w.,:/])(1[0-2]|[1-9])(?::([0-5]\d))?\s?-?ish\b(?:\s?(am|pm))?")

_ENGLISH_BEFORE = re.compile(r"\b(?:at|around|about|since|yesterday|today|tonight)\s$")
_ENGLISH_AFTER = re.compile(r"\s(?:today|yesterday|this afternoon|on (?:mon|tues|wednes|thurs|fri)[a-z]*)\b")


def clocks(folded: str) -> Iterator[Clock]:
    """All times of day in a text, in no particular order; where two overlap, the earlier yielded is the better."""
    words = vocabulary(folded)
    digit = _DIGIT.search(folded) is not None
    for m in _DIGITAL.finditer(folded) if ":" in folded and _DIGITAL_IN.search(folded) else ():
        found = at(m.start(), m.end(), int(m[1]), int(m[2]), m[3], m[4])
        yield replace(found, face=True) if found.open and m[1][0] != "0" and _on_twelve(folded, m) else found
    for m in _AMPM.finditer(folded) if digit and words & _HALVES else ():
        yield at(m.start(), m.end(), int(m[1]), int(m[2] or 0), m[3], None)
    for m in _HOURS.finditer(folded) if digit and words & _HOUR_UNITS else ():
        if not _is_duration(folded, m):
            minute = MINUTE_WORDS[m[3]] if m[3] else int(m[2] or 0)
            yield at(m.start(), m.end(), int(m[1]), minute, None, m[4])
    for m in _DOTTED.finditer(folded) if digit and _DOTTED_IN.search(folded) else ():
        found = at(m.start("hour"), m.end(), int(m["hour"]), int(m["minute"]), None, m["part"])
        told = (
            m["lead"]
            or m["unit"]
            or m["part"]
            or (_LINE_START.search(folded, max(0, m.start() - 5), m.start()) and _ON_WITH_WORDS.match(folded, m.end()))
        )
        yield found if told else replace(found, lone=False)
    for m in _SPACED.finditer(folded) if digit and _SPACED_IN.search(folded) else ():
        yield at(m.start("hour"), m.end(), int(m["hour"]), int(m["minute"]), None, m["part"])
    for m in _HOUR_OF_DAY.finditer(folded) if not words.isdisjoint(_OF_DAY_WORDS) else ():
        yield at(m.start(), m.end(), hour_of(m[1] or m[4]), 30 if m[2] or m[5] else 0, None, m[3] or m[6])
    for m in _MILITARY.finditer(folded) if digit and _FOUR_DIGITS.search(folded) else ():
        year = m["hour"] in _CENTURIES and m["sure"] is None
        alone = m["hour"][0] == "0" and _ON_ITS_LINE.match(folded, m.end()) is not None
        lead = m["lead"] is not None and (m["lead"].strip(" \n-*•") or alone)
        if (m["sure"] is not None or lead) and not year:
            yield Clock(m.start("hour"), m.end(), int(m["hour"]), int(m["minute"]), False)
    for m in _LISTED.finditer(folded) if digit and _FOUR_DIGITS.search(folded) else ():
        if m["hour"] not in _CENTURIES:
            yield Clock(m.start("hour"), m.end(), int(m["hour"]), int(m["minute"]), False)
    for m in _ISH.finditer(folded) if "ish" in folded else ():
        yield at(m.start(), m.end(), int(m[1]), int(m[2] or 0), m[3], None)
    for m in _THREE_DIGITS.finditer(folded) if digit and _THREE.search(folded) else ():
        yield at(m.start("hour"), m.end(), int(m["hour"]), int(m["minute"]), m["half"], None)
    for m in _SHARP.finditer(folded) if words & _EXACT_WORDS else ():
        found = at(m.start(), m.end(), hour_of(m["hour"]), 0, None, m["part"])
        yield replace(found, face=found.open)
    for m in _BEFORE_DAY.finditer(folded) if words & _DAYS_BESIDE else ():
        found = at(m.start("hour"), m.end(), hour_of(m["hour"]), 30 if m["half"] else 0, None, None)
        yield replace(found, face=True, lone=False)
    for m in _BARE.finditer(folded) if digit or not words.isdisjoint(_ALL_HOURS) else ():
        part = m["part"] and m["part"].rsplit(" ", 1)[-1]
        if m["hour"] in _NO_ENGLISH and not m["lead"].rstrip().endswith("as"):
            continue  # English: "at once", "at zero"
        one = m["lead"] == "la" and _TO_ONE.search(folded, max(0, m.start() - 3), m.end()) is not None
        if m["lead"] == "la" and not one and not part:
            continue
        told = part or one or _SURE_LEAD.match(m["lead"]) or _AFTER_BARE.match(folded, m.end())
        if not told and m["lead"] == "at " and _UNCOUNTED.match(folded, m.end()):
            told = _DAY_BESIDE.search(folded, max(0, m.start() - 16), m.start())
        if not told and not (_AT.fullmatch(m["lead"].strip()) and _NOT_COUNTED.match(folded, m.end())):
            continue
        start = m.start("hour")
        half = MINUTE_WORDS[m["half"]] if m["half"] else 0
        found = at(start, m.end(), hour_of(m["hour"]), half, None, part)
        face = found.open and m["hour"][0] != "0" and not _TWENTY_FOUR.fullmatch(m["lead"] + " " + m["hour"])
        yield replace(found, weak=not part and not m["half"], face=face)


def _on_twelve(folded: str, m: re.Match[str]) -> bool:
    """Whether English words lead to a time or follow it: they tell it on a 12-hour clock, "around 2:30". In Spanish
    digits with a colon are mostly read off a 24-hour clock, as in Portuguese: "ayer a las 6:45" is in the morning."""
    return (
        _ENGLISH_BEFORE.search(folded, max(0, m.start() - 12), m.start()) is not None
        or _ENGLISH_AFTER.match(folded, m.end()) is not None
    )


def hour_of(word: str) -> int:
    """The number of an hour told in digits or in words."""
    return int(word) if word.isdigit() else {**HOUR_WORDS, **LATE_HOUR_WORDS}[word]


def at(start: int, end: int, hour: int, minute: int, half: str | None, part: str | None) -> Clock:
    """A time of day with what was said of the half or the part of the day."""
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
        return Clock(start, end, hour, minute, False)
    if part:
        return Clock(start, end, on_24h_clock(hour, PARTS.get(part, "day")), minute, False)
    return Clock(start, end, hour, minute, hour <= 12)


def on_24h_clock(hour: int, part: str) -> int:
    """The hour that a number on a clock face means in a part of the day: 8 at night is 20, 12 at night is 0."""
    if (part == "afternoon" and hour < 10) or (part == "day" and hour < 7):
        return hour + 12
    if part in {"night", "evening"}:
        if hour == 12:
            return 0
        return hour + 12 if (5 if part == "night" else 4) <= hour < 12 else hour
    return 0 if part == "dawn" and hour == 12 else hour


_ABOUT_TIME = re.compile(r"\b(?:por volta de|a partir de|perto de|la por)\s*$")
_ONWARDS = re.compile(
    r"\s(?:em diante|en adelante|onwards?|(?:pra|para|pa) ca\b|para aca|pra frente|para frente|da manha|de la manana)\b"
)


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
