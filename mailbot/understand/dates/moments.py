"""Days and times that stand together make one moment: "ontem, por volta das 16h40", "on Sunday 8 November at 20:10".

In: folded text, the raw text of the same length, the anchor (the mail's own date). Out: `Moment` values in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from mailbot.understand.dates.calendar import Day, days
from mailbot.understand.dates.clock import Clock, clocks, on_24h_clock
from mailbot.understand.dates.spoken import spoken
from mailbot.understand.dates.words import PARTS, alternatives, vocabulary

TimeOfDay = time


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a time of day or both, as a piece of text tells it. Local to the anchor's zone, minutes.

    `how` is that of its day (`Day.how`), or "clock" for a time alone. `lead` is what stands before it:
    "since", "until", "every", "after", "not" or "".
    """

    start: int
    end: int
    day: date | None
    time: time | None
    how: str
    part: str = ""
    lead: str = ""
    weak: bool = False  # only a bare number, "at 9"
    dial: TimeOfDay | None = None  # as read off a clock face, where before or after noon is open

    @property
    def iso(self) -> str:
        """ISO 8601: date and minutes, or the date alone; "" without a day."""
        if self.day is None:
            return ""
        return f"{self.day.isoformat()}T{self.time:%H:%M}" if self.time else self.day.isoformat()

    def on(self, day: date, today: date | None = None) -> Moment:
        """The same time on a day that was told elsewhere; people work by day."""
        if self.dial is not None and today is not None and day != today:
            return replace(self, day=day, time=_by_day(self.dial))
        return replace(self, day=day)


_SOFT = (
    r"as|a|at|aas|around|about|circa|ca|c|approximately|approx|aprox|aproximadamente|roughly|por volta|perto|cerca"
    r"|la|las|alas|lo|pelas"
    r"|pelo|pela|umas|das|da|de|do|del|desde|since|from|on|em|no|na|el|the|tipo|sobre|eso|hacia|exatamente|exactly"
    r"|justo|precisamente"
    r"|mais ou menos|mas o menos|masomenos|horario|hora|horas|hrs|hs|time|nesse|neste|mesmo|same|dia|day|of|in|por"
    r"|entre|between|partir"
    r"|almoco|almuerzo|lunch|lunchtime"
    r"|logo|just|right|shortly|early|cedo|late|temprano|brasilia|brt|hora local|local time|local|gmt|utc|bst|est|edt"
    r"|et|pt|ct|cst|cdt"
    r"|pst|pdt|cet|cest|h|z|also|ja|started|comecou|inicio|aprox\.|foi|was|fue|alrededor|pasadas|seguinte|como|unas"
    r"|ao|al|bout|some time|sometime|round|casi|quase|nearly|almost|bem|well|fim|final|end|inicio|comeco|agora|ahora"
    r"|gone"
    r"|digamos|ponle|pongamos|say"
    r"|ai|volta|after|past|soon|a little|a bit|pouco|poco|depois|despues|apos|ultima|primera|primeira|first thing"
)
_DAY_PARTS = frozenset([*PARTS, "cedo", "cedinho", "temprano", "tempranito", "early", "late"])
_DAY_PART = alternatives(sorted(_DAY_PARTS))
_PART = re.compile(
    rf"\b(?:(?:de|pela|na|a|da|ao|por la|en la|de la|a la|in the|during the|late|early)\s+)?(?:la\s)?({_DAY_PART})\b"
)
_GREETING = re.compile(r"\b(?:boas?|bom|buen[oa]?s?|good|lovely|guten)\s+$")
_HELLO = re.compile(  # a line of its own
    r"(?:morning|afternoon|evening|tardes|noches)\b[^\n\w]*(?:(?:all|team|folks|both|everyone)\b[^\n\w]*)?(?:\n|$)"
)
_GAP = re.compile(rf"(?:'s\b)?(?:[\s,;()\[\]|@~/:>-]|\b(?:{_SOFT})\b|\.(?=,))*")
_RANGE = re.compile(
    r"[\s,]*(?:a|as|e|ate|ate as|to|until|till|y|and|hasta|hasta las|a las|al|-|through|or|ou|o)+[\s,]*(?:las?|as|o"
    r"|el|dia|the)?\s*"
)
_NOT_NO = re.compile(r",\s*no\s$")
_AND = re.compile(r"\b(?:e|y|and|to|a|ate|hasta|al|until|through|ou|or|but|mas)\b|-\s|[;|]|\n")
_LEADS = (
    (
        "since",
        re.compile(
            r"\b(?:desde|since|from|a partir|partir|starting|started|comecou|empezo|as from|de las|das)\s*(?:(?:o|a"
            r"|as|el|la|las|the|de|del|do|dia|on|at|em|hoje|about|around|da|que|umas)\s)*$"
        ),
    ),
    (
        "until",
        re.compile(
            r"\b(?:ate|until|till|til|hasta|by|(?<!shortly )(?<!just )before|antes d[aeo]|antes del?|no later than"
            r"|prazo|deadline|due"
            r"|vencimento|venc\.?|vence|vencem|expires?|expira|no mas tardar|para|pra|valid[ao]|entrega)\s*(?:(?:o|a"
            r"|as|el|la|las|the|dia|em|on|de|end of)\s)*$"
        ),
    ),
    ("after", re.compile(r"\b(?:apos|depois d[aeo]s?|after|despues del?|tras)\s*(?:(?:o|a|as|el|la|las|the|dia)\s)*$")),
    (
        "not",
        re.compile(
            r"(?:(?:^|[,;(]\s*|\b(?:e|y|and)\s)(?:nao|not|no(?=\s(?:a las|el)\s))\s+"
            r"(?:(?:as|a las|at|em|on|in|o|el|the|dia|da|de|on the)\s+)*$)|\b(?:nao foi|nao e|nao era|no fue|no es"
            r"|nem foi|nem era"
            r"|nem|nor|ni|not|wasn't|isn't|instead of|em vez de|ao inves de|en vez de"
            r"|e nao|y no|and not)\s+(?:(?:as|a|o|no|na|em|dia|de|at|on|in|the|el|la|las|en)\s){0,2}$"
        ),
    ),
    (
        "every",
        re.compile(
            r"\b(?:tod[ao]s?(?! (?:foi|fue|era|isso|isto|esto|eso)\b)(?: [ao]s?)?"
            r"|todo dia|todos los dias|cada|every|each|diariamente|daily|normalmente"
            r"|geralmente|sempre|usually|siempre|todas las noches|agendad[ao]|scheduled|runs? at|roda|pega"
            r"|programad[ao])\s+(?:\w+\s){0,3}$"
        ),
    ),
)
_RUN = re.compile(
    r"(?<![\w-])(?:runs?|jobs?|batch\w*|cargas?|execucao|execucoes|rotinas?|corridas?|ejecucion\w*|procesos?|processamento"
    r"|backup|nightly|overnight|schedule\w*|cron|madrugada|lote|load)(?![\w-])"
)
NIGHT = 6  # hour before which somebody who writes has not gone to bed, or has just got up
MOST = 80  # moments of one text
LIMIT = 40_000  # characters: nobody tells when it happened after twenty pages


def moments(folded: str, raw: str, anchor: datetime, month_first: bool | None = None) -> list[Moment]:
    """The moments that a text tells, in order. Relative words count from `anchor`, in its zone."""
    folded, raw = folded[:LIMIT], raw[:LIMIT]
    atoms = _atoms(folded, raw, anchor, month_first)
    return [m for group in islice(_groups(folded, atoms), MOST) if (m := _moment(folded, group, anchor))]


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    part: str


_Atom = Day | Clock | _Part


def _atoms(folded: str, raw: str, anchor: datetime, month_first: bool | None) -> list[_Atom]:
    found: list[_Atom] = [*days(folded, raw, anchor, month_first), *spoken(folded), *clocks(folded)]
    for m in _PART.finditer(folded) if not vocabulary(folded).isdisjoint(_DAY_PARTS) else ():
        if _GREETING.search(folded, max(0, m.start() - 9), m.start()) or _HELLO.match(folded, _line(folded, m.start())):
            continue  # "Boa tarde, hoje às 8h", "Afternoon,": no part of the day that is told
        if m[1] == "manana" and not m[0].startswith(("la", "de la", "por la", "en la", "a la", "esta")):
            continue
        found.append(_Part(m.start(), m.end(), PARTS.get(m[1], "early")))
    # The longer of two that overlap; a day before a time, a time before a part of the day.
    rank = {Day: 0, Clock: 1, _Part: 2}
    found.sort(key=lambda a: (a.start, rank[type(a)], -a.end))
    kept: list[_Atom] = []
    for atom in found:
        while kept and kept[-1].end > atom.start and _better(atom, kept[-1]):
            kept.pop()
        if not kept or kept[-1].end <= atom.start:
            kept.append(atom)
    return kept


def _better(one: _Atom, other: _Atom) -> bool:
    rank = {Day: 2, Clock: 1, _Part: 0}
    key = (rank[type(one)], one.end - one.start)
    return key > (rank[type(other)], other.end - other.start)


def _groups(folded: str, atoms: list[_Atom]) -> Iterator[list[_Atom]]:
    group: list[_Atom] = []
    for atom in atoms:
        if group and not _joins(folded, group, atom):
            yield group
            group = []
        group.append(atom)
    if group:
        yield group


def _line(folded: str, at: int) -> int:
    """Where the line of an offset begins."""
    return folded.rfind("\n", 0, at) + 1


def _joins(folded: str, group: list[_Atom], atom: _Atom) -> bool:
    gap = folded[group[-1].end : atom.start]
    if len(group) >= 8 or len(gap) > 44 or gap.count("\n") > 1:
        return False
    have_day = [a for a in group if isinstance(a, Day)]
    have_clock = [a for a in group if isinstance(a, Clock)]
    if isinstance(atom, Clock):
        if any(d.moment for d in have_day):
            return False
        if have_clock:
            return bool(_RANGE.fullmatch(gap)) or (have_clock[-1].rough and bool(_GAP.fullmatch(gap)))
        return bool(_GAP.fullmatch(gap))
    if isinstance(atom, Day) and have_day:
        if atom.moment or any(d.moment for d in have_day) or _AND.search(gap):
            return False
        denied = atom.how == "relative" and _NOT_NO.search(gap)  # "el viernes, no hoy"
        return not denied and bool(_GAP.fullmatch(gap)) and _agree(have_day[-1], atom)
    return bool(_GAP.fullmatch(gap))


def _agree(one: Day, other: Day) -> bool:
    """Whether two days beside each other are one day told twice: "ontem, 17/11", "lunes 09/11"."""
    if one.day == other.day:
        return True
    if one.weekday is not None and other.weekday is not None:
        return False
    exact = {"numeric", "named", "iso", "dayofmonth"}
    if one.how in exact and other.how in exact:
        return False  # a list of days
    return one.weekday is not None or other.weekday is not None or other.how in {"numeric", "named"}


_WEIGHT = {"iso": 5, "named": 4, "numeric": 4, "ago": 3, "relative": 2, "dayofmonth": 2, "weekday": 1}


def _moment(folded: str, group: list[_Atom], anchor: datetime) -> Moment | None:
    told = [a for a in group if isinstance(a, Day)]
    times = [a for a in group if isinstance(a, Clock)]
    parts = [a.part for a in group if isinstance(a, _Part)] + [d.part for d in told if d.part]
    if not told:
        times = [t for t in times if t.lone]
        if not times:
            return None
    day = max(told, key=lambda d: (_WEIGHT[d.how], -d.start)) if told else None
    solid = [a for a in group if not isinstance(a, _Part)]
    start, end = solid[0].start, max(a.end for a in group)
    part = next((p for p in parts if p != "early"), "early" if parts else "")
    lead = _lead(folded, start)
    if told and told[0].how == "relative" and _NOT_NO.search(folded, max(0, start - 6), start):
        lead = "not"
    if day and day.how == "dayofmonth" and day.day > anchor.date() and lead != "until":
        day = replace(day, day=_a_month_earlier(day.day))  # "desde o dia 28", written on the 5th
    if day and day.moment:
        return Moment(start, end, day.moment.date(), day.moment.time(), day.how, part, lead)
    clock = next((t for t in times if not t.rough), times[0]) if times else None
    at: time | None = None
    dial: time | None = None
    on = day.day if day else None
    if clock:
        hour = on_24h_clock(clock.hour, part) if clock.open and part else clock.hour
        at = time(hour % 24, clock.minute)
        if at.hour == 12 and part == "morning" and clock.open and "morning" in folded[start:end]:
            at = at.replace(hour=0)  # "three minutes past twelve this morning"; "12 de la mañana" is noon
        if clock.face and not part:
            dial = at if at.hour <= 12 and not _run_before(folded, clock.start) else None
            at = _half_of_day(dial, on, anchor) if dial else at
        if on and day and day.how == "relative" and _is_last_night(folded, day) and at.hour < 6:
            on += timedelta(days=1)  # "last night at 2" is after midnight
        elif on == anchor.date() and day and day.how == "relative" and anchor.hour < NIGHT and _later(at, anchor):
            on -= timedelta(days=1)  # written after midnight: "today at 22h" was before it
    how = day.how if day else "clock"
    return Moment(start, end, on, at, how, part, lead, weak=bool(clock and clock.weak and not day), dial=dial)


def _run_before(folded: str, start: int) -> bool:
    """Whether a run is named in the same sentence, shortly before a time: jobs run by night too."""
    before = folded[max(0, start - 30) : start]
    return _RUN.search(before[max(before.rfind(". "), before.rfind("\n")) + 1 :]) is not None


def _later(at: time, anchor: datetime) -> bool:
    return (at.hour, at.minute) > (anchor.hour, anchor.minute)


def _half_of_day(at: time, on: date | None, anchor: datetime) -> time:
    """Before or after noon, of a time read off a clock face with no part of the day told.

    Today, or without a day: the last time that the clock showed it. On another day: three o'clock is in the afternoon.
    """
    if on is not None and on != anchor.date():
        return _by_day(at)
    after, before = at.replace(hour=at.hour % 12 + 12), at.replace(hour=at.hour % 12)
    evening = anchor.hour >= 19 and 0 <= anchor.hour - after.hour <= 3 and not _later(after, anchor)
    if on is not None and 7 <= at.hour <= 11 and not _later(before, anchor) and not evening:
        return before  # "today at nine": of the evening one would say so
    if _later(before, anchor):
        return after if on else at
    return before if _later(after, anchor) else after


def _by_day(at: time) -> time:
    return at.replace(hour=at.hour % 12 + 12) if at.hour % 12 < 6 or (at.hour == 6 and at.minute) else at


def _a_month_earlier(day: date) -> date:
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _is_last_night(folded: str, day: Day | Moment) -> bool:
    return bool(day.part == "night") and folded[day.start : day.end] in {
        "last night",
        "anoche",
        "noite passada",
        "la noche pasada",
    }


def _lead(folded: str, start: int) -> str:
    before = folded[max(0, start - 40) : start]
    before = before[before.rfind("\n") + 1 :]
    for name, pattern in _LEADS:
        if pattern.search(before):
            return name
    return ""
