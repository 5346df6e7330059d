"""Days told in words alone: "trinta e um de agosto", "Thursday the fifth", "el primero de mes", Christmas Day, Finados.

In: folded text and its words. Out: (start, end, month, day), month 0 where only the day of a month is told; holidays as
dates. Only feasts whose day is certain; a season ("Black Friday", "carnaval") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from mailbot.understand.dates.words import ENGLISH_WEEKDAY, MONTHS, alternatives

_UNITS = (
    ("um", "uno", "un", "one"),
    ("dois", "dos", "two"),
    ("tres", "three"),
    ("quatro", "cuatro", "four"),
    ("cinco", "five"),
    ("seis", "six"),
    ("sete", "siete", "seven"),
    ("oito", "ocho", "eight"),
    ("nove", "nueve", "nine"),
)
_TEENS = (
    ("dez", "diez", "ten"),
    ("onze", "once", "eleven"),
    ("doze", "doce", "twelve"),
    ("treze", "trece", "thirteen"),
    ("quatorze", "catorze", "catorce", "fourteen"),
    ("quinze", "quince", "fifteen"),
    ("dezesseis", "dezasseis", "dieciseis", "sixteen"),
    ("dezessete", "dezassete", "diecisiete", "seventeen"),
    ("dezoito", "dieciocho", "eighteen"),
    ("dezenove", "dezanove", "diecinueve", "nineteen"),
)
_CARDINALS = (
    {word: n for n, names in enumerate((*_UNITS, *_TEENS), 1) for word in names}
    | dict.fromkeys(("vinte", "veinte", "twenty"), 20)
    | {f"vinte e {word}": 20 + n for n, (word, *_) in enumerate(_UNITS, 1)}
    | {f"veinti{names[1] if n != 3 else names[0]}": 20 + n for n, names in enumerate(_UNITS, 1)}
    | {"veintiun": 21, "trinta": 30, "treinta": 30, "trinta e um": 31, "treinta y uno": 31, "primeiro": 1, "primero": 1}
)
_FIRST_TO_NINTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS = (
    {word: n for n, word in enumerate(_FIRST_TO_NINTH, 1)}
    | {f"twenty{glue}{word}": 20 + n for n, word in enumerate(_FIRST_TO_NINTH, 1) for glue in ("-", " ")}
    | {"tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15}
    | {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20}
    | {"thirtieth": 30, "thirty-first": 31, "thirty first": 31}
)
_NUMBER = alternatives(_CARDINALS)
_NTH = alternatives(_ORDINALS)
_MONTH = alternatives(word for word in MONTHS if len(word) > 3)
_DIA = re.compile(  # "dia vinte agora", "el día doce"
    rf"\b(?:(?:n[oa]|do|desde o|el|del|desde el)\s)?dia ({_NUMBER})\b"
    rf"(?!\s(?:de\s(?:{_MONTH})|e\s|y\s|d[aeo]s?\s\w|por|ou|o))"
)
_OF_MONTH = re.compile(rf"\b(?:dia |el |o )?({_NUMBER})\sde\s({_MONTH})\b")
_NTH_OF = re.compile(rf"\b(?:the )?({_NTH}|\d{{1,2}}(?:st|nd|rd|th))\s(?:day )?of\s({_MONTH}|the month|this month)\b")
_MONTH_NTH = re.compile(rf"\b({_MONTH})\s(?:the )?({_NTH})\b")
_WEEKDAY_NTH = re.compile(
    rf"\b{ENGLISH_WEEKDAY},?\s(?P<the>the ({_NTH}))\b(?!\s(?:of|time|run|attempt|batch|call|try)\b)"
)
_FIRST = re.compile(
    r"\b(?:(?:n[oa]|do|desde o?|el|del|desde el)\s)?(?:dia primeiro(?! de)|dia primero(?! de)"
    r"|primer[oa]? (?:dia )?(?:do mes"
    r"|de mes|del mes|de este mes)|primeiro (?:dia )?(?:do|deste) mes|(?:dia )?1o do mes|1[ºo°] d[eo] mes)\b"
)
_INTO_NTH = re.compile(  # "in the night between 8th and 9th", "na noite de 8 para 9"
    r"\b(?:night|noite|noche|madrugada)\s(?:between|of|from|de|do|del|entre)\s(?:the\s|el\s|o\s)?(?P<first>\d{1,2})(?:st|nd"
    r"|rd|th)?\s?(?:and|to|into|para|pra|ao|al|e|y|-)\s?(?:the\s|el\s|o\s)?(?P<second>\d{1,2})(?:st|nd|rd|th)?"
    r"(?![\w:/]|[.,]\d|\s?h)"
)
_NIGHTS = frozenset({"night", "noite", "noche", "madrugada"})
_ORDINAL_WORDS = frozenset(word for name in _ORDINALS for word in re.split("[ -]", name)) | {"th", "st", "nd", "rd"}
_CARDINAL_WORDS = frozenset(_CARDINALS) | {"vinte", "trinta", "treinta"}

_FEASTS = {
    (1, 1): ("new year's day", "new years day", "ano novo", "ano nuevo", "confraternizacao universal"),
    (1, 6): ("dia de reis", "dia de reyes", "epifania", "three kings day"),
    (2, 14): ("valentine's day", "valentines day", "san valentin"),
    (3, 17): ("st patrick's day", "st. patrick's day", "saint patrick's day"),
    (4, 21): ("tiradentes",),
    (5, 1): ("dia do trabalho", "dia do trabalhador", "dia del trabajo", "dia del trabajador", "may day"),
    (6, 24): ("dia de sao joao",),
    (7, 4): ("independence day", "fourth of july"),
    (10, 12): ("dia das criancas", "nossa senhora aparecida", "dia de la raza", "dia de la hispanidad"),
    (10, 31): ("halloween",),
    (11, 1): ("todos os santos", "todos los santos", "all saints", "all saints' day"),
    (11, 2): ("finados", "fieles difuntos", "all souls", "all souls' day"),
    (11, 5): ("bonfire night", "guy fawkes night", "guy fawkes"),
    (11, 11): ("veterans day", "remembrance day", "armistice day"),
    (11, 15): ("proclamacao da republica",),
    (11, 20): ("consciencia negra",),
    (12, 8): ("inmaculada", "imaculada conceicao"),
    (12, 12): ("dia de la virgen de guadalupe",),
    (12, 24): ("christmas eve", "vespera de natal", "nochebuena", "noche buena"),
    (12, 25): ("christmas day", "natal", "navidad", "xmas day"),
    (12, 26): ("boxing day", "st stephen's day"),
    (12, 31): ("new year's eve", "new years eve", "nochevieja", "noche vieja", "vespera de ano novo", "reveillon"),
}  # fmt: skip
_FEAST = {word: day for day, names in _FEASTS.items() for word in names}
_SEASON = frozenset(
    {"natal", "navidad", "ano novo", "ano nuevo"}
)  # only as a day: "no dia de Natal", "el día de Navidad"
_FEAST_WORDS = frozenset(re.split(r"\W", word)[0] for word in _FEAST) | {"thanksgiving", "dia"}
_ON = re.compile(
    r"(?:\b(?:on|since|from|no|na|em|el|la|en|desde(?: o| a| el| la)?|do|da|del|de|at|last|yesterday|ontem|ayer|foi|fue"
    r"|was)\s(?:(?P<day>(?:o )?dia d[aeo]s?|dia)\s)?|[,(:]\s?|(?:^|\n)[-*•>\d.) \t]*)$"
)
_HOLIDAY = re.compile(
    rf"\b(?P<feast>{alternatives(_FEAST)}|thanksgiving(?: day)?)\b(?!\s(?:campaign|sale|shopping|offer))"
)
_DAY_OF = re.compile(r"\s(?:night|evening|morning|afternoon|noite|noche)\b")
_MODIFIES = re.compile(
    r"\s(?:\w+\s){0,1}(?:campaign|sales?|offers?|cards?|orders|deals?|menu|party|promo\w*|traffic)\b"
)


def days_in_words(folded: str, words: frozenset[str]) -> Iterator[tuple[int, int, int, int]]:
    """Dates of which the number is a word, or which tell only "the first of the month"."""
    if not words.isdisjoint(MONTHS):
        if words & _CARDINAL_WORDS or not words.isdisjoint(_CARDINAL_WORDS):
            for m in _OF_MONTH.finditer(folded):
                yield m.start(), m.end(), MONTHS[m[2]], _CARDINALS[m[1]]
        if not words.isdisjoint(_ORDINAL_WORDS):
            for m in _MONTH_NTH.finditer(folded):
                yield m.start(), m.end(), MONTHS[m[1]], _ORDINALS[m[2]]
    if not words.isdisjoint(_ORDINAL_WORDS):
        for m in _NTH_OF.finditer(folded):
            number = _ORDINALS.get(m[1]) or int(m[1][:-2])
            yield m.start(), m.end(), MONTHS.get(m[2], 0), number
        for m in _WEEKDAY_NTH.finditer(folded):
            yield m.start("the"), m.end(), 0, _ORDINALS[m[2]]
    for m in _INTO_NTH.finditer(folded) if words & _NIGHTS else ():
        if int(m["second"]) - int(m["first"]) == 1:
            yield m.start("first"), m.end(), 0, int(m["second"])
    if "dia" in words:
        for m in _DIA.finditer(folded):
            if _CARDINALS[m[1]] > 2:
                yield m.start(), m.end(), 0, _CARDINALS[m[1]]
    if "mes" in words or "primeiro" in words or "primero" in words:
        for m in _FIRST.finditer(folded):
            yield m.start(), m.end(), 0, 1


def holidays(folded: str, words: frozenset[str], today: date) -> Iterator[tuple[int, int, date]]:
    """Feasts that fall on one certain day, the last of them; named as a day, not as a season or a product."""
    if words.isdisjoint(_FEAST_WORDS):
        return
    for m in _HOLIDAY.finditer(folded):
        lead = _ON.search(folded, max(0, m.start() - 30), m.start())
        name = m["feast"]
        if (
            (lead is None and not _DAY_OF.match(folded, m.end()))
            or (name in _SEASON and not (lead and lead["day"]))
            or _MODIFIES.match(folded, m.end())
        ):
            continue
        for year in (today.year, today.year - 1):
            day = _thanksgiving(year) if name.startswith("thanks") else date(year, *_FEAST[name])
            if day <= today:
                yield m.start(), m.end(), day
                break


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
