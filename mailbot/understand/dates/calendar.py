"""Days in text: 2026-11-04, 05/11, 5 de novembro, Nov 5th, "na segunda", ontem, "el lunes 9", "há 2 dias".

In: folded text, the raw text of the same length, the anchor. Out: `Day` values with their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.understand.dates.ago import lengths_ago
from mailbot.understand.dates.named import days_in_words, holidays
from mailbot.understand.dates.words import (
    FULL_MONTHS,
    MONTHS,
    ORDINAL_WEEKDAYS,
    RELATIVE,
    RELATIVE_PARTS,
    SHORT_WEEKDAYS,
    WEEKDAYS,
    alternatives,
    vocabulary,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written. `how`: iso, numeric, named, weekday, relative, dayofmonth, ago; `part` of it when told."""

    start: int
    end: int
    day: date
    how: str
    part: str = ""
    moment: datetime | None = None  # "20 minutes ago" and stamps tell the time as well
    weekday: int | None = None  # only the name of a weekday: `day` is the last one


_MONTH = alternatives(MONTHS)
_ISO = re.compile(
    r"(?<![\d/-])(20[0-4]\d)[-/.](0[1-9]|1[0-2])[-/.](0[1-9]|[12]\d|3[01])"
    r"(?:(?:t|\s+|_|\s*[,-]\s*|\s+(?:as|at|a las)\s+)([01]\d|2[0-3])[:h]([0-5]\d)(?::?[0-5]\d(?:[.,]\d+)?)?"
    r"(?:\s?z\b|\s?[+-]\d\d:?\d\d\b)?)?(?![\d/]|-\d)"
)
_COMPACT = re.compile(
    r"(?<![\w-])(20[2-4]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])t?([01]\d|2[0-3])([0-5]\d)[0-5]\dz?(?!\w)"
)
_APACHE = re.compile(rf"(?<![\d/])(\d\d)/({_MONTH})/(20\d\d):(\d\d):(\d\d):\d\d")
_CTIME = re.compile(
    rf"\b(?:(?:{alternatives(SHORT_WEEKDAYS)})\s+)?({_MONTH})\s+(\d{{1,2}})\s+(\d\d):(\d\d):\d\d(?:[.,]\d+)?"
    r"(?:\s+[a-z]{2,5})?(?:\s+(20\d\d))?\b"
)
_NUMERIC = re.compile(r"(?<![\w/.:,+$#-])(\d{1,2})([/.-])(\d{1,2})(?:\2(20\d\d|\d\d))?(?![\w/%]|[.,:-]\d)")
_NUMERIC_IN = re.compile(r"\d[/.-]\d")
_NAMED = re.compile(
    rf"(?<![\w/.:,$#-])(\d{{1,2}})(?:st|nd|rd|th|[ºo°ª])?(?P<glue>\s+de\s+|\s+of\s+|\s*[-/.]\s*|\s+|)({_MONTH})\b\.?"
    r"(?:(?:\s*,\s*|\s+del?\s+|\s*[-/]\s*|\s+)(20\d\d|\d\d(?=\s*(?:$|[,;)]|\s(?:as|at)\b)))(?![:\dh]))?"
)
_MONTH_FIRST = re.compile(
    rf"(?<![\w-])(?!set\b|out\b|ago\b|dez\b)({_MONTH})\b\.?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%/]|[.,]\d|\s?(?:am|pm|a\.m|p\.m|h)\b)"
    r"(?:\s*,?\s*(20\d\d)\b)?"
)
_DAY_OF_MONTH = re.compile(
    r"\b(?:(?:n[oa]s?|do|desde o|el|del)?\s*\bdia|desde el|(?:on|since|from|until|by|till|for|before) the"
    r"|the (?=\d+(?:st|nd|rd|th)\b))"
    r"\s+(\d{1,2})(st|nd|rd|th|[ºo°])?(?![\w:/%º]|[.,-]\d|\s?(?:h|hs|hrs|am|pm|x|vezes|lojas|pedidos|registros"
    r"|tiendas)\b)"
)
_THE_NTH = re.compile(
    r"\b(?:on|of|was|is|not|since|from|until|by|till|for|before|it's|meant|around|about|morning|night|evening"
    r"|to)\s+(?P<day>(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)(?:\sinst(?:ant|\b\.?))?)"
    r"(?=\s*(?:$|[,.;:!?)\n]|-\s|(?:itself|night|morning|at|around|about|from|and|not|was|in|of|when|we|it|the|our|instead|after|before"
    r"|to|until|but|same|is|this|last)\b))"
)
_FIRST_THE_NTH = re.compile(  # an answer, or the beginning of a sentence: "2. the 15th, no time given"
    r"(?:(?:^|\n)[-*•>\d.) \t]{0,8}|[.:;(]\s)(?P<day>the\s(\d{1,2})(?:st|nd|rd|th))\b"
    r"(?=\s*(?:$|[,.;!?)\n]|(?:at|around|about|early|late|in the)\b|\d))"
)
_EL_N = re.compile(
    r"\b(?:el|del|desde el|al)\s(\d{1,2})(?=\s*(?:$|[,.;)\n](?!\d)|(?:a la|a las|por la|en la|de madrugada"
    r"|al mediodia|de este mes|del mes|tipo|como a|a eso|pasad[oa]|desde|se|le|les|nos|me|los|las|la|no|ya|dejo"
    r"|empez\w+|comenz\w+|salier\w+|salio|fall\w+|entr\w+|lleg\w+|hubo|tuvimos|solo|apenas)\b))"
)
_WEEKDAY = re.compile(
    rf"\b({alternatives(WEEKDAYS)})(?P<feira>[- ]feira)?(?P<s>s)?\b\.?"
    r"(?P<last>\s(?:passad[oa]|pasado|retrasad[oa]|ultim[oa]|(?:of )?last week|da semana passada|de la semana pasada"
    r"|anterior|(?:just )?gone|just past|past(?=\s*(?:$|[,.;]))))?"
    r"(?P<next>\s(?:que vem|que viene|next|proxim[oa]|da semana que vem|de la semana que viene|de la proxima semana))?"
    r"(?:(?:\s*,?\s*\(?(?:n?o?\s*dia\s|the\s|el\s|dia\s)?\s*)(?P<number>\d{1,2})(?:st|nd|rd|th|[ºo°])?\)?"
    rf"(?![\w:/%]|[.,-]\d|\s?(?:h|hs|hrs|horas|am|pm|a\.m|p\.m|minut\w+|d[ae] (?:manha|tarde|noite|madrugada)"
    rf"|de la \w+|(?:in the|in|at) (?:morning|afternoon|evening|night)|[ey] \w+|menos \w+|past|o'clock|-?ish|para as"
    rf"|para las|pras|x)\b|\s?(?:de |of |[-/])?\s?(?:{_MONTH})\b))?"
)
_INTO = re.compile(  # the night between two days belongs to the second from midnight on
    r"\b(?:madrugada|meia[- ]noite|virada|medianoche|midnight|overnight|early hours|small hours)\s(?:d[aeo]|del|on"
    r"|of)?\s?"
    rf"(?P<first>{alternatives(WEEKDAYS)})(?:[- ]feira)?\s(?:para|pra|a|ao|al|into|to|on|-)\s(?:o |a |el |the )?"
    rf"(?P<second>{alternatives(WEEKDAYS)})\b(?:[- ]feira)?"
)
_ORDINAL_FEIRA = re.compile(r"(?<!\d)([2-6])[aª]?[- ]?feira\b(?P<last>\s(?:passada|ultima))?")
_RELATIVE = re.compile(rf"(?<![\w/])({alternatives([*RELATIVE, *RELATIVE_PARTS])})\b")
_BEFORE_NUMERIC = re.compile(
    r"(?:(?:^|\n)\s*|[(\[]\s*|:\s*|\b(?:em|no|na|dia|dias|desde|de|do|da|del|el|on|since|from|partir|partir de|ate"
    r"|until|by|hasta|antes"
    r"|seen|vist[oa]|data|fecha|date|quando|cuando|when|entre|between|ontem|hoje|ayer|hoy|yesterday|today|pra|para|foi|fue|was|of"
    r"|manha|tarde"
    r"|noite|deploy|despliegue|feira|lunes|martes|miercoles|jueves|viernes|sabado|domingo|sexta|segunda|terca|quarta"
    r"|quinta"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday),?\s*)$"
)
_AFTER_NUMERIC = re.compile(
    r"\s*(?:,\s*)?(?:as|a las|at|por volta|around|about|[-,]?\s*\d{1,2}(?:h|:\d\d)|das|\d{1,2}\s?(?:am|pm)|pela"
    r"|de manha|a tarde|a noite"
    r"|por la|desde|a partir|[)\]])"
)
_SINCE_DOTTED = re.compile(r"\b(?:since|desde|on|em|dia|el|seit|am)(?:\s(?:o|el|the))?(?:\s(?:dia))?\s$")
_MARK_BEFORE = re.compile(r"(?:^|[,;()|/\n-]|seen|visto|vez)\s*$")
_MARK_AFTER = re.compile(r"\s*(?:$|[,;:.)|\n]|-\s)")
_FRACTION_WORD = re.compile(
    r"\b(?:retry|tentativa|attempt|intento|parte|part|passo|step|paso|page|pagina|etapa|item|versao|version|v|nivel"
    r"|level|turno)\s*$"
)
_TWENTY_FOUR = re.compile(r"24/7|7/24|24/365")
_WEEKDAY_BEFORE = re.compile(
    r"(?:\b(?:n[ao]|desde(?: a| o| el)?|foi|q foi|era|dessa|desta|nessa|nesta|esta|essa|ultima|ultimo|este|nesse"
    r"|neste|desse|deste"
    r"|d[ao]|de|ontem,?"
    r"|[dn]?aquel[ae]|hoje,?|a partir d[ae]|ate(?: a)?|pra|para|proxima|proximo|toda|todas as|as|el|por|pela|since|on"
    r"|last|this|of"
    r"|until|by"
    r"|comecou|parou|caiu|travou|quebrou|falhou|aconteceu|ocorreu|iniciou|sumiu|piorou|voltou|abriu|fechou"
    r"|from|foi|was|isso|isto|madrugada de|noite de|manha de|tarde de|pasado|entre)\s*|[(,:]\s*|[-.]\s|(?:^|\n)\s*)$"
)
_ORDINAL_NEXT = re.compile(
    r"\s*(?:$|[,.;:!?)\n]|-\s|\d|(?:passad|retrasad|ultim|as|a|o|os|de manha|de noite|de tarde|de madrugada|cedo"
    r"|pela|por volta|la pel"
    r"|que|nao|nosso|nossa|nossos|nossas|tudo|todo|toda|todos|todas|nenhum|nenhuma|ninguem|comec\w+|par\w+|caiu|deu"
    r"|esta|estao|ta|tao|ao|aos|perto|logo"
    r"|agora|ultim[oa]|pelo|pela|a noite|dia|entre|tipo|depois|antes|quando|de|do|da|desta|dessa|e|estamos|temos"
    r"|recebemos|voltou|aparec\w+|falh\w+|um"
    r"|uma|uns|umas"
    r"|ja|so|para|eu|ele|ela|eles|elas|minha|meu|tivemos|houve|foi|em|no|na|nos|nas|sem|com|alguns|algumas|varios"
    r"|varias|isso|aqui"
    r"|cada|mais|desde|ate|noite|\w{2,}(?:[ae]i|ou|eu|iu|[aei]mos|aram|eram|iram))\b)"
)
_CLOCK_NEXT = re.compile(r",? (?:as )?\d{1,2}(?::\d\d|h(?:\d\d)?)\b")  # "1a vez quarta 10:30"
_ORDINAL_NOUN = re.compile(
    r"\s*(?:a|o|e|em|de|da|do|ou|mais)?\s*(?:ou|via|vez|tentativa|parte|etapa|chamada|em diante|diante|opcao|linha"
    r"|feira livre)\b"
)
_OF_LAST_WEEK = re.compile(r"semana pas|last week$|^retrasad")
_LAST_WEEK = re.compile(r"\b(?:semana passada|semana pasada|last week),?\s(?:el|na|no|on)?\s*$")
_WEEK_RANGE = re.compile(
    r"\b(?:segunda|seg|monday|mon|lunes|lun|domingo|sunday)(?:[- ]feira)?s?\s?(?:a|ate|to|thru|through|till|until"
    r"|al?|-)\s?"
    r"(?:sexta|sex|friday|fri|viernes|vie|sabado|saturday|sat|domingo|sunday)(?:[- ]feira)?s?\b"
)
_EVERY = re.compile(r"\b(?:tod[ao]s?|todas as|todos os|cada|every|each|aos|as|los)\s*$")


_ONLY_MONTHS = frozenset("jan feb fev apr abr jun jul aug sep sept oct nov dec dic".split())  # noqa: SIM905
_NTH_IN = re.compile(r"the \d|\d(?:st|nd|rd|th)\b")  # "sat the 10th"
_WEEKS = timedelta(days=60)
_FEIRA = frozenset({"feira"})
_RELATIVE_WORDS = frozenset(word for phrase in (*RELATIVE, *RELATIVE_PARTS) for word in phrase.split()[-1:])
_NTHS = frozenset({"st", "nd", "rd", "th"})
_DAY_WORDS = frozenset({"dia", "the", "el"})


def days(folded: str, raw: str, anchor: datetime, month_first: bool | None = None) -> Iterator[Day]:
    """All days in a text, in no particular order; where two overlap, the earlier yielded is the better.

    `month_first`: how 11/05 is read; None: by what is likely (a day that has been, not one to come).
    """
    words = vocabulary(folded)
    month = not words.isdisjoint(MONTHS)
    yield from _worded(folded, words, anchor)
    yield from _stamps(folded, anchor, month)
    yield from _numeric(folded, raw, anchor, month_first)
    if month:
        yield from _named(folded, raw, anchor)
    if not words.isdisjoint(WEEKDAYS) or not words.isdisjoint(_FEIRA):
        yield from _weekdays(folded, raw, anchor)
        for m in _INTO.finditer(folded):
            second = WEEKDAYS[m["second"]]
            into = anchor.date() - timedelta(days=(anchor.weekday() - second) % 7)
            yield Day(m.start("first"), m.end(), into, "weekday", weekday=second)
    if not words.isdisjoint(_RELATIVE_WORDS):
        yield from _relative(folded, anchor)
    for start, end, back, moment in lengths_ago(folded, words, anchor):
        yield Day(start, end, back, "ago", moment=moment)
    for m in (*_THE_NTH.finditer(folded), *_FIRST_THE_NTH.finditer(folded)) if words & _NTHS else ():
        if found := day_of_month(int(m[2]), anchor.date()):
            yield Day(m.start("day"), m.end(), found, "dayofmonth")
    for m in _EL_N.finditer(folded) if "el" in words or "del" in words else ():
        if found := day_of_month(int(m[1]), anchor.date()):
            yield Day(m.start(), m.end(), found, "dayofmonth")
    for m in _DAY_OF_MONTH.finditer(folded) if not words.isdisjoint(_DAY_WORDS) else ():
        found = day_of_month(int(m[1]), anchor.date())
        if found and not (m[0].startswith("the") and not m[2]):
            yield Day(m.start(), m.end(), found, "dayofmonth")


def _worded(folded: str, words: frozenset[str], anchor: datetime) -> Iterator[Day]:
    for start, end, number, day in days_in_words(folded, words):
        if number == 0 and (found := day_of_month(day, anchor.date())):
            yield Day(start, end, found, "dayofmonth")
        elif number and (found := last_with(number, day, anchor.date())):
            yield Day(start, end, found, "named")
    for start, end, found in holidays(folded, words, anchor.date()):
        yield Day(start, end, found, "named")


def _stamps(folded: str, anchor: datetime, month: bool) -> Iterator[Day]:
    for m in (*_ISO.finditer(folded), *_COMPACT.finditer(folded)) if "20" in folded else ():
        if day := make(m[1], m[2], m[3]):
            at = datetime(day.year, day.month, day.day, int(m[4]), int(m[5])) if m[4] else None  # noqa: DTZ001
            yield Day(m.start(), m.end(), day, "iso", moment=at)
    if not month or ":" not in folded:
        return
    for m in _APACHE.finditer(folded):
        if day := make(m[3], MONTHS[m[2]], m[1]):
            at = datetime(day.year, day.month, day.day, int(m[4]) % 24, int(m[5]) % 60)  # noqa: DTZ001
            yield Day(m.start(), m.end(), day, "iso", moment=at)
    for m in _CTIME.finditer(folded):
        day = make(m[5], MONTHS[m[1]], m[2]) if m[5] else last_with(MONTHS[m[1]], int(m[2]), anchor.date())
        if day:
            at = datetime(day.year, day.month, day.day, int(m[3]) % 24, int(m[4]) % 60)  # noqa: DTZ001
            yield Day(m.start(), m.end(), day, "iso", moment=at)


def _numeric(folded: str, raw: str, anchor: datetime, month_first: bool | None) -> Iterator[Day]:
    for m in _NUMERIC.finditer(folded) if _NUMERIC_IN.search(folded) else ():
        first, glue, second, year = int(m[1]), m[2], int(m[3]), m[4]
        before = folded[max(0, m.start() - 24) : m.start()]
        if _TWENTY_FOUR.match(m[0]) or _FRACTION_WORD.search(before):
            continue
        if glue == "." and not year and (end := _dotted_end(raw, m, before)):
            found = numeric_day(first, second, None, anchor.date(), False)
            if found and anchor.date() - found <= _WEEKS:
                yield Day(m.start(), end, found, "numeric")
                continue
        cued = bool(_BEFORE_NUMERIC.search(before)) or bool(_AFTER_NUMERIC.match(folded, m.end()))
        dotted = glue == "." and len(m[1]) == len(m[3]) == 2 and bool(_AFTER_NUMERIC.match(folded, m.end()))
        if not year and ((glue != "/" and not dotted) or not (cued or _set_off(folded, m, before))):
            continue
        if year and len(year) == 2 and (abs(int(year) - anchor.year % 100) > 1 or (glue == "." and not cued)):
            continue
        if found := numeric_day(first, second, year, anchor.date(), month_first):
            yield Day(m.start(), m.end(), found, "numeric")


def _dotted_end(raw: str, m: re.Match[str], before: str) -> int:
    """Where a day and month with two dots end, "since 28.10. the flow"; 0 where they are none, or a sentence ends."""
    dotted = raw.startswith(".", m.end()) and int(m[3]) <= 12 and _SINCE_DOTTED.search(before)
    return m.end() + 1 if dotted and not raw[m.end() + 1 :].lstrip()[:1].isupper() else 0


def _set_off(folded: str, m: re.Match[str], before: str) -> bool:
    """Whether a day and month of two digits stand between marks: "execução 1d8c, 24/11." """
    return len(m[1]) == len(m[3]) == 2 and bool(_MARK_BEFORE.search(before) and _MARK_AFTER.match(folded, m.end()))


def numeric_day(first: int, second: int, year: str | None, today: date, month_first: bool | None) -> date | None:
    """05/11 as a day: day first, unless the customs of the writer or the calendar say month first."""
    readings = [(second, first), (first, second)]  # (month, day)
    made = []
    for month, day in readings:
        if year:
            found = make(2000 + int(year) if len(year) == 2 else year, month, day)
        else:
            found = last_with(month, day, today)
        made.append(found)
    day_first, month_first_day = made
    if month_first is None or day_first is None or month_first_day is None:
        return day_first or month_first_day
    near = timedelta(days=90)
    recent = [d is not None and today - near <= d <= today for d in made]
    if recent[0] != recent[1]:
        return day_first if recent[0] else month_first_day
    return month_first_day if month_first else day_first


def _without_stop(raw: str, m: re.Match[str]) -> int:
    """Where a day and month end: "by 20 November. On Friday" tells two days, "20 nov. às 9h" goes on with its time."""
    if m[0][-1] != "." or not (m[3] in FULL_MONTHS or raw[m.end() :].lstrip()[:1].isupper()):
        return m.end()
    return m.end() - 1


def _named(folded: str, raw: str, anchor: datetime) -> Iterator[Day]:
    for m in _NAMED.finditer(folded):
        name = m[3]
        plain = m["glue"].strip() == "" and not m[4]
        if (
            plain
            and name not in FULL_MONTHS
            and not raw[m.start(3)].isupper()
            and not _AFTER_NUMERIC.match(folded, m.end())
            and not _lately(name, m[1], anchor)
        ):
            continue
        year = m[4]
        if year:
            day = make(2000 + int(year) if len(year) == 2 else year, MONTHS[name], m[1])
        else:
            day = last_with(MONTHS[name], int(m[1]), anchor.date())
        if day:
            yield Day(m.start(), _without_stop(raw, m), day, "named")
    for m in _MONTH_FIRST.finditer(folded):
        if not raw[m.start()].isupper() and m[1] not in FULL_MONTHS and not (m[3] or _lately(m[1], m[2], anchor)):
            continue
        if m[1] in {"may", "march", "mar", "set"} and not raw[m.start()].isupper():
            continue
        day = make(m[3], MONTHS[m[1]], m[2]) if m[3] else last_with(MONTHS[m[1]], int(m[2]), anchor.date())
        if day:
            yield Day(m.start(), m.end(), day, "named")


def _lately(month: str, day: str, anchor: datetime) -> bool:
    """Whether "oct 20" in small letters is a day of the last weeks, of a month whose short name is no other word."""
    found = last_with(MONTHS[month], int(day), anchor.date()) if month in _ONLY_MONTHS else None
    return found is not None and timedelta(0) <= anchor.date() - found <= _WEEKS


def _weekdays(folded: str, raw: str, anchor: datetime) -> Iterator[Day]:
    today = anchor.date()
    for m in _ORDINAL_FEIRA.finditer(folded):
        back = (today.weekday() - int(m[1]) + 2) % 7 or (7 if m["last"] else 0)
        yield Day(m.start(), m.end(), today - timedelta(days=back), "weekday", weekday=int(m[1]) - 2)
    week = [m.span() for m in _WEEK_RANGE.finditer(folded)]
    for m in _WEEKDAY.finditer(folded):
        if any(start <= m.start() < end for start, end in week):
            continue  # "de segunda a sexta": working hours
        name, before = m[1], folded[max(0, m.start() - 24) : m.start()]
        if m["s"] and name not in {"lune", "marte"}:
            continue  # "Mondays", "sextas": a habit
        if _EVERY.search(before) and not m["last"]:
            continue
        if name in SHORT_WEEKDAYS and not _short_weekday(m, raw, before):
            continue
        if name in ORDINAL_WEEKDAYS and not m["feira"] and not _is_weekday(m, folded, before):
            continue
        weekday = WEEKDAYS[name]
        number = int(m["number"]) if m["number"] else 0
        day = near_with(weekday, number, today) if number else None
        end = m.end()
        if day is not None and "," in folded[m.end(1) : m.start("number")] and abs((today - day).days) > 45:
            day = None  # "el miércoles, 12 tambores"
        if number and day is None:
            number, end = 0, m.start("number")  # the number is no day: "on Friday 300 orders"
        if day is None:
            day = today - timedelta(days=(today.weekday() - weekday) % 7)
            last = (m["last"] or "").strip()
            ahead = before.rstrip().endswith(("last", "this past", "ultima", "ultimo", "pasado", "passado", "passada"))
            if day == today and (last or ahead):
                day -= timedelta(days=7)
            if _OF_LAST_WEEK.search(last) or _LAST_WEEK.search(before):
                day = today - timedelta(days=today.weekday() + 7) + timedelta(days=weekday)
                if last.startswith("retrasad") and (today - day).days < 7:
                    day -= timedelta(days=7)
            if m["next"] or re.search(r"\b(?:proxim[oa]|next|coming)\s*$", before):
                day = today + timedelta(days=((weekday - today.weekday() - 1) % 7) + 1)
        yield Day(m.start(), end, day, "weekday", weekday=None if number else weekday)


def _short_weekday(m: re.Match[str], raw: str, before: str) -> bool:
    if not (m["number"] or "." in m[0] or _WEEKDAY_BEFORE.search(before) or raw[m.end() : m.end() + 1] in {",", "/"}):
        return False
    if raw[m.start()].isupper() or "." in m[0] or _NTH_IN.search(m[0]):
        return True
    return re.search(r"\b(?:na|desde|no|since|on|last|el)\s*$", before) is not None


def _is_weekday(m: re.Match[str], folded: str, before: str) -> bool:
    """Whether "segunda" is Monday and not "the second"."""
    if m["last"] or m["number"] or m["next"]:
        return bool(m["last"] or m["next"] or _WEEKDAY_BEFORE.search(before))
    if _CLOCK_NEXT.match(folded, m.end()):
        return True
    if not _WEEKDAY_BEFORE.search(before) or _ORDINAL_NOUN.match(folded, m.end()):
        return False
    return bool(_ORDINAL_NEXT.match(folded, m.end())) or bool(re.search(r"\bdesde (?:a )?$", before))


def _relative(folded: str, anchor: datetime) -> Iterator[Day]:
    for m in _RELATIVE.finditer(folded):
        if m[1] in RELATIVE_PARTS:
            back, part = RELATIVE_PARTS[m[1]]
        else:
            back, part = RELATIVE[m[1]], ""
        yield Day(m.start(), m.end(), anchor.date() - timedelta(days=back), "relative", part)


def make(year: int | str, month: int | str, day: int | str) -> date | None:
    """A date, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def last_with(month: int, day: int, today: date) -> date | None:
    """The day and month nearest to today: mostly one that has been, a coming one up to five months ahead."""
    choices = [d for year in (today.year - 1, today.year, today.year + 1) if (d := make(year, month, day))]
    return min(choices, key=lambda d: (today - d).days if d <= today else (d - today).days * 1.4, default=None)


def day_of_month(day: int, today: date) -> date | None:
    """The last such day of a month; one to come in this month stays to come."""
    if found := make(today.year, today.month, day):
        return found
    before = today.replace(day=1) - timedelta(days=1)
    return make(before.year, before.month, day)


def near_with(weekday: int, day: int, today: date) -> date | None:
    """The nearest day with this weekday and this number in its month."""
    for back in range(190):
        for day_ in (today - timedelta(days=back), today + timedelta(days=back)):
            if day_.day == day and day_.weekday() == weekday:
                return day_
    return None
