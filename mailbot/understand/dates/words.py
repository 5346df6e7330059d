"""The words of days and times, folded (lower case, no accents), in Portuguese, English and Spanish.

In: nothing. Out: tables, and the alternatives that the patterns are made of. Longer words come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[a-z]+")


def alternatives(words: Iterable[str]) -> str:
    """A regular expression of several literal words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_FULL = (
    ("janeiro", "january", "enero"),
    ("fevereiro", "february", "febrero"),
    ("marco", "march", "marzo"),
    ("abril", "april"),
    ("maio", "mayo"),
    ("junho", "june", "junio"),
    ("julho", "july", "julio"),
    ("agosto", "august"),
    ("setembro", "september", "septiembre", "setiembre"),
    ("outubro", "october", "octubre"),
    ("novembro", "november", "noviembre"),
    ("dezembro", "december", "diciembre"),
)
_SHORT = (
    ("jan", "ene"),
    ("fev", "feb"),
    ("mar",),
    ("abr", "apr"),
    ("mai", "may"),
    ("jun",),
    ("jul",),
    ("ago", "aug"),
    ("set", "sep", "sept"),
    ("out", "oct"),
    ("nov",),
    ("dez", "dec", "dic"),
)
FULL_MONTHS = frozenset(word for names in _FULL for word in names)
MONTHS = {word: number for table in (_FULL, _SHORT) for number, names in enumerate(table, 1) for word in names}

WEEKDAYS = {
    word: number
    for number, names in enumerate(
        (
            ("segunda", "monday", "lunes", "mon", "seg"),
            ("terca", "tuesday", "martes", "tue", "tues", "ter"),
            ("quarta", "wednesday", "miercoles", "wed", "qua"),
            ("quinta", "thursday", "jueves", "thu", "thur", "thurs", "qui"),
            ("sexta", "friday", "viernes", "fri", "sex"),
            ("sabado", "saturday", "sat", "sab", "sabadao"),
            ("domingo", "sunday", "sun", "dom", "domingao"),
        )
    )
    for word in names
}
ENGLISH_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
ORDINAL_WEEKDAYS = frozenset({"segunda", "terca", "quarta", "quinta", "sexta"})  # also "second", "third"…
SHORT_WEEKDAYS = frozenset(word for word in WEEKDAYS if len(word) <= 5 and word not in {"lunes", "terca", "sexta"})

# Words for days counted from the mail's own: how many days back.
RELATIVE = {
    "hoje": 0,
    "hj": 0,
    "today": 0,
    "hoy": 0,
    "ontem": 1,
    "onten": 1,
    "yesterday": 1,
    "yday": 1,
    "yest": 1,
    "ayer": 1,
    "anteontem": 2,
    "antes de ontem": 2,
    "antes de onten": 2,
    "trasanteontem": 3,
    "antier": 2,
    "anteayer": 2,
    "antes de ayer": 2,
    "antiayer": 2,
    "antontem": 2,
    "antes d'ontem": 2,
    "antes de antier": 3,
    "antes de anteayer": 3,
    "trasantier": 3,
    "trasanteayer": 3,
    "anteantier": 3,
    "anteanteayer": 3,
    "the day before yesterday": 2,
    "day before yesterday": 2,
    "amanha": -1,
    "tomorrow": -1,
    "pasado manana": -2,
    "depois de amanha": -2,
}
# The same with a part of the day in the word.
RELATIVE_PARTS = {
    "last night": (1, "night"),
    "last evening": (1, "evening"),
    "anoche": (1, "night"),
    "anteanoche": (2, "night"),
    "antenoche": (2, "night"),
    "noite passada": (1, "night"),
    "la noche pasada": (1, "night"),
    "overnight": (0, "dawn"),
    "tonight": (0, "night"),
    "yesterday arvo": (1, "afternoon"),
    "this arvo": (0, "afternoon"),
    "madrugada passada": (0, "dawn"),
    "passada madrugada": (0, "dawn"),
    "pasada madrugada": (0, "dawn"),
    "madrugada pasada": (0, "dawn"),
    "pasada noche": (1, "night"),
    "passada noite": (1, "night"),
    "yesterday morning": (1, "morning"),
    "yesterday mornin": (1, "morning"),
    "yesterday afternoon": (1, "afternoon"),
    "yesterday evening": (1, "evening"),
    "the night before last": (2, "night"),
    "yesterday night": (1, "night"),
    "ha pouco": (0, "early"),
    "agora ha pouco": (0, "early"),
    "just now": (0, "early"),
    "a moment ago": (0, "early"),
    "hace un rato": (0, "early"),
    "hace un momento": (0, "early"),
    "ahora mismo": (0, "early"),
    "earlier today": (0, "early"),
    "early today": (0, "early"),
} | {
    f"{this} {word}": (0, part)
    for words, part, these in (
        (("manha",), "morning", ("esta", "nesta", "essa", "nessa", "desta", "dessa")),
        (("tarde",), "afternoon", ("esta", "nesta", "essa", "nessa", "desta", "dessa")),
        (("noite", "noche"), "night", ("esta", "nesta", "essa", "nessa", "desta", "dessa")),
        (("madrugada",), "dawn", ("esta", "nesta", "essa", "nessa", "desta", "dessa")),
        (("manana",), "morning", ("esta",)),
        (("morning", "mornin"), "morning", ("this",)),
        (("afternoon",), "afternoon", ("this",)),
        (("evening", "evenin"), "evening", ("this",)),
    )
    for this in these
    for word in words
}

PARTS = {
    "manha": "morning",
    "manhazinha": "morning",
    "manana": "morning",
    "morning": "morning",
    "mornin": "morning",
    "tarde": "afternoon",
    "tardinha": "afternoon",
    "afternoon": "afternoon",
    "arvo": "afternoon",
    "matina": "dawn",
    "noite": "night",
    "noche": "night",
    "night": "night",
    "evening": "evening",
    "forenoon": "morning",
    "noitinha": "night",
    "tardecita": "afternoon",
    "mananita": "morning",
    "madrugada": "dawn",
    "mediodia": "afternoon",
}

NUMBERS = {
    word: number
    for number, names in {
        1: ("um", "uma", "one", "an", "a", "un", "una"),
        2: ("dois", "duas", "two", "dos", "a couple of", "couple of", "um par de", "un par de"),
        3: ("tres", "three"),
        4: ("quatro", "four", "cuatro"),
        5: ("cinco", "five"),
        6: ("seis", "six"),
        7: ("sete", "seven", "siete"),
        8: ("oito", "eight", "ocho"),
        9: ("nove", "nine", "nueve"),
        10: ("dez", "ten", "diez"),
        11: ("onze", "eleven", "once"),
        12: ("doze", "twelve", "doce"),
        15: ("quinze", "fifteen", "quince"),
        20: ("vinte", "twenty", "veinte"),
        30: ("trinta", "thirty", "treinta"),
        40: ("quarenta", "forty", "cuarenta"),
        45: ("quarenta e cinco", "forty-five", "cuarenta y cinco"),
    }.items()
    for word in names
}
_SPOKEN = {
    0: ("zero", "cero"),
    13: ("treze", "thirteen", "trece"),
    14: ("quatorze", "catorze", "fourteen", "catorce"),
    15: ("quinze", "fifteen", "quince"),
    16: ("dezesseis", "dezasseis", "sixteen", "dieciseis"),
    17: ("dezessete", "dezassete", "seventeen", "diecisiete"),
    18: ("dezoito", "eighteen", "dieciocho"),
    19: ("dezenove", "dezanove", "nineteen", "diecinueve"),
    20: ("vinte", "twenty", "veinte"),
    21: ("vinte e uma", "twenty-one", "veintiuna"),
    22: ("vinte e duas", "twenty-two", "veintidos"),
    23: ("vinte e tres", "twenty-three", "veintitres"),
}
LATE_HOUR_WORDS = {word: number for number, names in _SPOKEN.items() for word in names}
MINUTE_WORDS = {
    "meia": 30,
    "media": 30,
    "half": 30,
    "cuarto": 15,
    "quarto": 15,
    "quarter": 15,
    "pouco": 0,
    "pico": 0,
    "tanto": 0,
    "cacho": 0,
    "cinco": 5,
    "five": 5,
    "dez": 10,
    "ten": 10,
    "diez": 10,
    "onze": 11,
    "once": 11,
    "doze": 12,
    "doce": 12,
    "treze": 13,
    "trece": 13,
    "catorze": 14,
    "catorce": 14,
    "quinze": 15,
    "quince": 15,
    "dezesseis": 16,
    "dieciseis": 16,
    "dezessete": 17,
    "diecisiete": 17,
    "dezoito": 18,
    "dieciocho": 18,
    "dezenove": 19,
    "diecinueve": 19,
    "fifteen": 15,
    "vinte": 20,
    "twenty": 20,
    "veinte": 20,
    "vinte e cinco": 25,
    "twenty-five": 25,
    "veinticinco": 25,
    "trinta": 30,
    "thirty": 30,
    "treinta": 30,
    "trinta e cinco": 35,
    "treinta y cinco": 35,
    "quarenta": 40,
    "forty": 40,
    "cuarenta": 40,
    "quarenta e cinco": 45,
    "forty-five": 45,
    "cuarenta y cinco": 45,
    "cinquenta": 50,
    "fifty": 50,
    "cincuenta": 50,
    "cinquenta e cinco": 55,
    "cincuenta y cinco": 55,
} | {
    f"{ten}{glue}{one}": tens + ones
    for glue, names, units in (
        (
            " e ",
            {"vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50},
            "um dois tres quatro cinco seis sete oito nove",
        ),
        (" y ", {"treinta": 30, "cuarenta": 40, "cincuenta": 50}, "uno dos tres cuatro cinco seis siete ocho nueve"),
        ("-", {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}, "one two three four five six seven eight nine"),
    )
    for ten, tens in names.items()
    for ones, one in enumerate(units.split(), 1)
}
COUNTS = (  # what minutes and hours are counted in
    {word: number for word, number in MINUTE_WORDS.items() if number and word not in {"meia", "media", "half"}}
    | {word: number for word, number in LATE_HOUR_WORDS.items() if number}
    | NUMBERS
)
HOUR_WORDS = {word: n for word, n in NUMBERS.items() if 1 <= n <= 12 and len(word) > 2 and " " not in word} | {
    "una": 1,
    "uma": 1,
}


@lru_cache(maxsize=4)
def vocabulary(folded: str) -> frozenset[str]:
    """The words of a text: what none of its words can begin need not be looked for."""
    return frozenset(_WORD.findall(folded))
