"""Times of day as people say them: "half past nine", "vinte para as seis", "a las siete menos cuarto", "at noon".

In: folded text. Out: `Clock` values with their place. What is read off a clock face may be before or after noon
(`Clock.face`): the day and the moment of writing decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mailbot.understand.dates.clock import COUNTED, HALF, OF_DAY, Clock, at, hour_of
from mailbot.understand.dates.words import HOUR_WORDS, LATE_HOUR_WORDS, MINUTE_WORDS, alternatives, vocabulary

_HOUR = rf"(?P<hour>1[0-2]|0?[1-9]|{alternatives(HOUR_WORDS)})"
_END = rf"\b{COUNTED}(?:\s?{HALF})?(?:{OF_DAY})?"
_MINUTE = alternatives([*MINUTE_WORDS, "um quarto", "un cuarto"])
_SMALL = {word: n for word, n in {**HOUR_WORDS, **LATE_HOUR_WORDS}.items() if 0 < n < 20}  # minutes that are told
_MIDDAY = (
    r"(?P<noon>meia[- ]noite|midnight|(?:la )?medianoche|(?:la )?media noche|meio[- ]dia|noon|midday"
    r"|(?:el )?mediodia|(?:el )?medio dia)"
)
_AND = re.compile(  # "nove e meia", "las siete menos cuarto", "10 y 20"
    rf"(?<![\w.,:/-])(?P<hour>[01]?\d|2[0-3]|{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})\s(?P<glue>e|y|menos"
    rf"|con)"
    rf"\s(?P<minute>{_MINUTE}|(?<=menos )(?:{alternatives(_SMALL)})|[0-5]\d|5)"
    rf"(?!\w|[:/]\d|\s(?:mil|cento|cien\w*|horas de|dias|itens|items)\b){_END}"
)
_AND_LEAD = re.compile(
    r"(?:\b(?:as|aas|las|eram|era|foi|fue|son|deu|umas|unas|sobre las|desde|hoje|hj|hoy|ontem|ayer|anoche"
    r"|anteontem|antier|anteayer"
    r"|pelas|das|tipo|at|marcava|marcaba|madrugada|tarde|noite|noche|manha|manana|feira|sabado|domingo|segunda|terca"
    r"|quarta|quinta|sexta|lunes|martes|miercoles|jueves|viernes)[\s,]+|[(,:]\s*)$"
)
_BEGAN = re.compile(r"\b(?:comecou|parou|caiu|travou|empezo|comenzo|paro|cayo|arranco)\s$")
_ONWARDS = re.compile(r"\s(?:(?:pra|para) (?:ca|aca|frente)|em diante|en adelante)\b")
_ONE_LEAD = re.compile(r"\b(?:a|la|da|de)\s$")  # "a la una y diez", "à uma e meia"
_NO_TENS = {"meia", "media", "half", "cuarto", "quarto", "quarter"}
_START = re.compile(r"(?:^|[\n.!?]\s*|^\W+)$")
_TENS = [word for word, n in MINUTE_WORDS.items() if n >= 10 and word.split()[0] not in _NO_TENS]
_PAST = re.compile(  # "half past nine", "ten to eleven"
    rf"\b(?P<minute>half|(?:a )?quarter|ten|five|twenty|twenty[- ]five|\d{{1,2}}|a(?=\sminute\s)"
    rf"|(?:{alternatives(_SMALL)})(?=\s(?:minutes?|past)\s))"
    rf"(?:\sminutes?)?[\s-](?P<glue>past|to|of|before|after|till|til|shy of|short of)[\s-]"
    rf"(?:{_HOUR}|(?P<noon>midnight|noon|midday))\b"
    rf"(?!\s?(?:minutes?|hours?|days?|weeks?|attempts?|tries|calls?)\b){_END}"
)
_TO = re.compile(  # "vinte para as seis", "dez pras oito", "un cuarto para las seis"
    rf"\b(?P<minute>{_MINUTE}|(?:u[mn] )?(?:quarto|cuarto)|\d{{1,2}}"
    rf"|(?:{alternatives(_SMALL)})(?=\smin|\spras?\s))(?:\s?min\w*)?"
    rf"\s(?:(?:para|pra|p/|pa)\s?(?:as|a|o|las|la)|pras|pros?|(?:para|pra)(?=\smei[ao][- ](?:noite|dia)))"
    rf"\s(?:{_HOUR}|(?P<noon>meia[- ]noite|meio[- ]dia)){_END}"
)
_LATE = re.compile(  # "half past 18", "from about 18 hours yesterday"
    r"\bhalf past (?P<half>1[3-9]|2[0-3])\b"
    r"|\b(?:at|from|about|around|since) (?P<whole>1[3-9]|2[0-3]) hours(?= (?:today|yesterday|on|this|last)\b)"
)
_THIS_DAY = re.compile(r"\s(?:this (?:morning?|afternoon|evening?|arvo)|today|tonight|yesterday|last night)\b")
_JUST_AFTER_DAY = re.compile(r"\b(?:today|yesterday|[a-z]{3,6}day),? $")
_CLOCK = re.compile(rf"(?<![\w.,:/-])(?:{_HOUR}|(?P<late>1[3-9]|2[0-3]))\s?o'?\s?clock\b(?:\s?{HALF})?(?:{OF_DAY})?")
_MINUTES_FROM = re.compile(  # "cinco minutos después de las siete", "um quarto de hora antes das oito"
    rf"\b(?P<minute>\d{{1,2}}|u[mn](?: (?:quarto|cuarto))?|{alternatives({**_SMALL, **MINUTE_WORDS})})"
    r"(?:\s(?:minutos?|min|(?P<hourly>(?:de )?hora)))?"
    r"\s(?P<glue>pasad[ao]s|passad[ao]s|despues|depois|apos|antes)\s(?:de\s)?(?:las|das|as|la|da)\s"
    rf"{_HOUR}{_END}"
)
_SHIFTED = re.compile(  # "meia hora antes da meia-noite", "half an hour before nine", "passados dez minutos das oito"
    rf"\b(?:(?P<half_hour>(?:meia|media) hora|half an hour)|(?P<whole>u[mn]a hora|an hour|one hour)"
    rf"|(?P<quarter>(?:a )?quarter of an hour)"
    rf"|(?P<passed>passad[ao]s |pasad[ao]s )?(?P<minute>\d{{1,2}}|{alternatives({**_SMALL, **MINUTE_WORDS})})"
    r"(?:\smin\w*)?)\s(?P<glue>antes|depois|despues|apos|before|after|past|(?=d))"
    r"(?:\s?d[aeo]s?|\s?de las?|\s?del)?\s?(?:las\s|as\s)?"
    rf"(?:{_MIDDAY}|{_HOUR}){_END}"
)
_HOUR_MINUTE = re.compile(  # "a las ocho treinta", "tres cuarenta de la mañana"
    rf"(?P<lead>\b(?:as|las|la|das|pelas|desde)\s|(?:^|[\n,:;(])[ \t]*)?\b"
    rf"(?P<hour>{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})\s(?P<minute>{alternatives(_TENS)}){_END}"
)
_FROM_HOUR = rf"(?P<hour>[01]?\d|2[0-3]|{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})(?:[:.h](?P<minute>[0-5]\d))?"
_TO_HOUR = rf"(?P<last>[01]?\d|2[0-3]|{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})(?:[:.h][0-5]\d)?"
_RANGE = re.compile(  # "de dos a tres", "entre 2 e 3 da tarde", "from 9 to 10:30 am": it counts from its start
    rf"\b(?:de|das|desde|entre|from|between)\s(?:las\s|as\s)?{_FROM_HOUR}(?:\s?(?P<own>am|pm|hs|hrs|h))?"
    r"(?:\s(?P<glue>a|as|e|y|to|and|ate|hasta|until|till)\s|\s?[-–]\s?)(?:as\s|las\s|a\s|a las\s)?"
    rf"{_TO_HOUR}(?![\w%]*%|[.,:/]\d|\s(?:de|mil|of|percent|por cento|por ciento)\b|\s(?!horas\b)[a-z]{{3,}}s\b)"
    rf"(?P<unit>\s?(?:hrs|hs|h|horas)\b)?(?:\s?{HALF})?(?:{OF_DAY})?(?!\w)"
)
_WORD_HALF = re.compile(rf"\b(?P<hour>{alternatives(HOUR_WORDS)})\s{HALF}")
_HOURS = re.compile(  # "seis horas da manhã", "às quinze horas"
    r"(?:\b(?P<lead>as|las|a(?= zero)|pelas|das|desde|deram|bateram|dieron|daban)\s)?"
    rf"\b(?P<hour>{alternatives({**HOUR_WORDS, **LATE_HOUR_WORDS})})"
    r"\s(?:horas|hora(?=\sd[ae]\s)|hora(?<=zero hora)|hrs|hs|hours)"
    rf"(?:\s(?:e|y)\s(?P<minute>{_MINUTE}))?\b(?P<of>{OF_DAY})?"
)
_DAY_BEFORE = re.compile(r"\b(?:ontem|hoje|hj|anteontem|ayer|hoy|anteayer|antier|yesterday|today|feira|dia \d\d?),? $")
_DAY_AFTER = re.compile(r"\s(?:de |del? )?(?:hoje|hj|ontem|hoy|ayer)\b")
_ENGLISH = re.compile(  # "three thirty in the afternoon", "at nine fifteen"
    r"\b(?P<lead>(?:at|around|about|by|since|from|until|till|after|before|circa|roughly)\s+)?"
    r"(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[ -](?P<minute>(?:oh|o)[ -]five|ten"
    rf"|fifteen|twenty(?:[ -]five)?|thirty(?:[ -]five)?|forty(?:[ -]five)?|fifty(?:[ -]five)?){_END}"
)
_HALF_HOUR = re.compile(  # British: "half ten" is half past ten
    r"(?P<lead>(?:^|[\n.,;:(] ?)"
    rf"|\b(?:at|since|from|around|round|about|by|til|till|until|roughly|of|yesterday|today|night|morning"
    rf"|[a-z]+day)[, ]\s*)?\bhalf\s{_HOUR}\b(?P<close>(?=\s*(?:$"
    r"|[,.;)\n]|(?:this|yesterday|today|tonight|last|in|on|when|mon|tues|wednes|thurs|fri|satur|sun))))?"
    rf"(?![\w'-]){_END}"
)
_NOON = re.compile(
    r"\b(?:(?:a|ao|aa|ate a|at|at around|around|a la|a|desde(?: el| a)?|since|al|pelo|por volta d[ao]|de)\s+)?"
    r"(?P<word>(?:(?:12|twelve)\s(?:o'clock )?(?:at )?)?(?:meia[- ]noite|midnight|medianoche|media noche|meio[- ]dia"
    rf"|noon|midday|mediodia|medio dia)(?:\s(?:e|y)\s(?P<minute>{_MINUTE}|[0-5]\d"
    rf"|(?:um|un|uno|{alternatives(_SMALL)})(?=\sminuto))(?!\w)(?:\sminutos?\b)?)?)(?:-?\s?ish)?\b"
)
_MINUTES = {"um": 1, "un": 1, "uno": 1, "a": 1} | _SMALL | {"oh": 5, "o": 5} | MINUTE_WORDS
_TO_GLUE = frozenset({"to", "of", "before", "till", "til", "menos", "shy of", "short of"})
_HOUR_WORD = frozenset({"hora", "hour", "midnight", "noite", "medianoche", "noche"})
_PAST_WORDS = frozenset({"past", "to", "before", "after", "till", "til", "of"})
_ZERO = frozenset({"zero", "cero"})
_AND_WORDS = frozenset({"e", "y", "and"})
_PARA = frozenset({"para", "pra", "pras", "pro", "pros", "p", "pa"})
_AND_GLUE = frozenset({"e", "y", "menos", "con"})
_FROM_WORDS = frozenset({"pasadas", "pasados", "passadas", "passados", "despues", "depois", "apos", "antes"})
_RANGE_WORDS = frozenset({"de", "das", "desde", "entre", "from", "between"})
_ALL_HOURS = frozenset({**HOUR_WORDS, **LATE_HOUR_WORDS}) | {"vinte"}
_NOON_WORDS = frozenset({"meia", "midnight", "medianoche", "media", "meio", "noon", "midday", "mediodia", "medio"})
_ENGLISH_HOURS = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
)
_MINUTE_STARTS = frozenset(word.split()[0].split("-")[0] for word in MINUTE_WORDS)
_DIGIT_TO = re.compile(r"\d (?:pras? |para )")
_DIGIT_GLUE = re.compile(r"\s(?:[ey]|menos|con)\s\d")
_HOUR_UNITS = frozenset({"horas", "hora", "hrs", "hs", "hours"})
_HALVES = frozenset({"am", "pm", "a", "p"})


def spoken(folded: str) -> Iterator[Clock]:
    """All times of day told in words, in no particular order."""
    words = vocabulary(folded)
    minutes = not words.isdisjoint(_MINUTE_STARTS)
    for m in _CLOCK.finditer(folded) if "clock" in words else ():
        yield Clock(m.start(), m.end(), int(m["late"]), 0, False) if m["late"] else _face(m, hour_of(m["hour"]), 0)
    for m in _LATE.finditer(folded) if "half" in words or "hours" in words else ():
        start = m.start() if m["half"] else m.start("whole")
        yield Clock(start, m.end(), int(m["half"] or m["whole"]), 30 if m["half"] else 0, False)
    for m in _RANGE.finditer(folded) if words & _RANGE_WORDS else ():
        if m["glue"] in _AND_WORDS and not m[0].startswith(("entre", "between")):
            continue  # "desde las 7 y 20"
        if m["own"] or m["unit"] or m["half"] or m["part"] or hour_of(m["hour"]) < hour_of(m["last"]):
            yield _first_of(m)
    if words & _AND_GLUE and (minutes or _DIGIT_GLUE.search(folded)):
        yield from _and(folded)
    for m in (
        _TO.finditer(folded) if words & _PARA and (minutes or " min" in folded or _DIGIT_TO.search(folded)) else ()
    ):
        yield from _shifted(m, _minutes(m["minute"]), True)
    for m in _MINUTES_FROM.finditer(folded) if words & _FROM_WORDS else ():
        yield from _shifted(m, 30 if m["hourly"] == "hora" else _minutes(m["minute"]), m["glue"] == "antes")
    for m in _SHIFTED.finditer(folded) if words & _HOUR_WORD or "pasad" in folded or "passad" in folded else ():
        if not (m["half_hour"] or m["whole"] or m["quarter"] or m["noon"]) or (not m["glue"] and not m["passed"]):
            continue
        minute = 60 if m["whole"] else 30 if m["half_hour"] else 15 if m["quarter"] else _minutes(m["minute"])
        yield from _shifted(m, minute, m["glue"] in {"antes", "before"})
    for m in _HOUR_MINUTE.finditer(folded) if minutes and not words.isdisjoint(_ALL_HOURS) else ():
        if m["lead"] is not None or m["part"]:
            yield _face(m, hour_of(m["hour"]), MINUTE_WORDS[m["minute"]], m.start("hour"))
    for m in _HALF_HOUR.finditer(folded) if "half" in words else ():
        if m["lead"] is not None or m["close"] is not None or m["half"] or m["part"]:
            yield _face(m, hour_of(m["hour"]), 30, m.end("lead") if m["lead"] else -1)
    for m in _PAST.finditer(folded) if words & _PAST_WORDS else ():
        minute, glue = _minutes(m["minute"].removeprefix("a ")), m["glue"]
        told = "quarter" in m["minute"] or (glue != "of" and (m["part"] or _THIS_DAY.match(folded, m.end())))
        told = told or (glue == "of" and not m["minute"].isdigit() and folded.endswith("at ", 0, m.start()))
        told = told or (glue == "after" and _JUST_AFTER_DAY.search(folded, max(0, m.start() - 12), m.start()))
        if glue in {"before", "after", "of"} and not told:
            continue  # "ten after three attempts", "5 of 8"
        if m["minute"].isdigit() and glue == "to" and not (m["part"] or m["half"]) and int(m["minute"]) % 5:
            continue  # "went from 3 to 4"
        yield from _shifted(m, minute, glue in _TO_GLUE)
    for m in _HOURS.finditer(folded) if words & _HOUR_UNITS else ():
        beside = _DAY_BEFORE.search(folded, max(0, m.start() - 14), m.start()) or _DAY_AFTER.match(folded, m.end())
        if m["lead"] or m["of"] or beside:
            minute = MINUTE_WORDS[m["minute"]] if m["minute"] else 0
            yield at(m.start("hour"), m.end(), hour_of(m["hour"]), minute, None, m["part"])
    for m in _WORD_HALF.finditer(folded) if words & _HALVES and not words.isdisjoint(HOUR_WORDS) else ():
        yield at(m.start(), m.end(), hour_of(m["hour"]), 0, m["half"], None)
    for m in _ENGLISH.finditer(folded) if minutes and words & _ENGLISH_HOURS else ():
        if m["lead"] or m["part"] or m["half"]:
            yield _face(
                m,
                hour_of(m["hour"]),
                _minutes(re.split("[ -]", m["minute"])[0])
                if m["minute"][0] == "o"
                else _minutes(m["minute"].replace("-", " ")),
                m.start("hour"),
            )
    for m in _NOON.finditer(folded) if words & _NOON_WORDS else ():
        night = "night" in m["word"] or "noite" in m["word"] or "noche" in m["word"]
        yield Clock(m.start("word"), m.end(), 0 if night else 12, _minutes(m["minute"]) if m["minute"] else 0, False)


def _and(folded: str) -> Iterator[Clock]:
    for m in _AND.finditer(folded):
        hour, word = hour_of(m["hour"]), m["minute"]
        before = folded[max(0, m.start() - 20) : m.start()]
        if not (
            m["part"]
            or m["half"]
            or _AND_LEAD.search(before)
            or (hour == 1 and _ONE_LEAD.search(before))
            or _ONWARDS.match(folded, m.end())
            or (word.isdigit() and len(word) == 2 and (_BEGAN.search(before) or (hour > 12 and _START.search(before))))
            or ((word in _NO_TENS or not (m["hour"].isdigit() or word.isdigit())) and _START.search(before))
        ):
            continue
        if m["glue"] == "con" and not m["part"] and not _AND_LEAD.search(before):
            continue
        minute = _minutes(word)
        back = m["glue"] == "menos"
        found = _face(m, hour - back, (60 - minute) % 60 if back else minute)
        yield replace(found, rough=MINUTE_WORDS.get(word) == 0)


def _first_of(m: re.Match[str]) -> Clock:
    """The start of a range; the half or the part of the day stands behind its end."""
    hour, last = hour_of(m["hour"]), hour_of(m["last"])
    half = m["own"] if m["own"] in {"am", "pm"} else m["half"]
    if half and half[0] == "p" and half != m["own"] and (last % 12) < (hour % 12):
        half = "am"  # "from 11 to 1 pm"
    found = at(m.start("hour"), m.end(), hour, int(m["minute"] or 0), half, None if half else m["part"])
    told = half or m["part"]
    return replace(found, face=found.open and hour > 0, lone=bool(told))


def _minutes(word: str) -> int:
    if word.isdigit():
        return int(word)
    return 15 if word.endswith(("quarto", "cuarto")) else _MINUTES[word.replace(" five", "-five")]


def _shifted(m: re.Match[str], minute: int, back: bool) -> Iterator[Clock]:
    """So many minutes after an hour, or before it (`back`): the hour of a match, or its noon or midnight."""
    if not 0 < minute <= 60:
        return  # "pouco para as dez"
    more, told = divmod(-minute if back else minute, 60)
    noon = m.groupdict().get("noon")
    if noon:
        hour = (12 if noon.endswith(("dia", "noon", "midday")) else 0) + more
        yield Clock(m.start(), m.end(), hour % 24, told, False)
    else:
        yield _face(m, hour_of(m["hour"]) + more, told)


def _face(m: re.Match[str], hour: int, minute: int, start: int = -1) -> Clock:
    """A time read off a clock face: the hour before one is twelve. The zero hour stands on none: "a las cero diez"."""
    if m["hour"] in _ZERO:
        return Clock(m.start() if start < 0 else start, m.end(), hour % 24, minute, False)
    hour = 12 if hour == 0 else hour
    found = at(m.start() if start < 0 else start, m.end(), hour, minute, m["half"], m["part"])
    return replace(found, face=found.open)
