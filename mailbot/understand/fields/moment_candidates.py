"""The days and times of a mail that may be the moment of the failure: in the text, in logs, in the subject.

In: the mail. Out: `Candidate`s, each with its chance (moment_weight.py), or why it cannot be the one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mailbot.understand.dates import Moment, moments
from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields.common import LIMIT, sentence
from mailbot.understand.fields.moment_cues import (
    CORRECTED,
    HAPPY,
    OF_THEN,
    SENT,
    STAMP_KEY,
    TODAY_HABIT,
    UNKNOWN,
)
from mailbot.understand.fields.moment_weight import Setting, chance, signs
from mailbot.understand.fields.narrative import sentence_from

SURE = 0.32  # chance from which a moment is taken
SOON = 250  # characters behind a time within which a sentence may tell its day: "It was Saturday."
LENDS = 40  # characters behind a time from which a day in its sentence is of something else: "yesterday's orders"
DATES = 0.04  # chance of a sentence below which a day in it dates something else
_CHAT_STAMP = re.compile(  # "[03/11 19:55] Tonho: …", "19:55 - Tonho: …"
    r"\s*\[?(?:\d\d?[/.-]\d\d?(?:[/.-]\d{2,4})?,?\s+)?\d\d?:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\]\s?|\s-\s)"
    r"[^\W\d][^:\n]{0,28}:\s"
)
_CHAT_NAME = re.compile(
    r"(?m)^(?:[A-ZÀ-Þ][^\W\d_]{1,14}(?: [A-ZÀ-Þ][^\W\d_]{0,14})?,? +\[?\d\d?:\d\d(?: ?[AaPp][Mm])?\]?(?:$|:\s)"
    r"|[a-z]{2,14} +\[?\d\d?:\d\d\]?$)"
)
_DAY_OF_IT = re.compile(
    r"(?:(?:it|this|that|all this|all that) (?:was|happened)(?: all)?|(?:tudo )?(?:isto|isso)? ?(?:foi|aconteceu|era)"
    r"|(?:todo )?(?:eso|esto)? ?(?:fue|paso|ocurrio|era)) (?:[\w,-]+ ){0,4}[\w,-]+[.!]?$"
)
_POSSESSIVE = re.compile(r"['’]s [a-z]")
_VAGUE_PARTS = frozenset({"early", "morning", "afternoon", "evening", "night", "dawn"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A moment that a mail tells, the sentence that tells it, and the chance that it is the one; or why it is not."""

    moment: Moment
    chance: float
    span: Span
    source: str = "body"  # body | subject | log
    why: str = ""
    lent: str = ""  # where the day of a lone time comes from: here | before | timed | today | yesterday
    signs: tuple[str, ...] = ()  # what its chance was made of

    @property
    def timed(self) -> bool:
        return self.moment.time is not None


def candidates(doc: Doc, month_first: bool | None) -> list[Candidate]:
    """All of them, those of the text first, in the order of the mail."""
    return [*_prose(doc, month_first), *_logs(doc), *_subject(doc, month_first)]


def _prose(doc: Doc, month_first: bool | None) -> Iterable[Candidate]:
    found: list[tuple[Moment, datetime, Span]] = []
    for start, end, anchor in _stretches(doc):
        for m in moments(doc.prose[start:end], doc.text[start:end], anchor, month_first):
            found.append((_shift(m, start), anchor, sentence(doc, m.start + start)))
    for number, (moment, anchor, span) in enumerate(found):
        lent = ""
        if moment.day is None:
            moment, lent = _with_day(doc, moment, span, found, anchor)
        yield _judged(doc, doc.folded, moment, Setting(anchor, span, "body", lent, number))


def _judged(doc: Doc, folded: str, moment: Moment, setting: Setting) -> Candidate:
    why = _unfit(folded, moment, setting.anchor) or _vague(folded, moment, setting)
    if not why and setting.source == "body" and _is_chat_stamp(doc, moment):
        why = "when a message of a chat was sent"
    if not why and setting.source == "body":
        setting = replace(setting, reads=_reads(doc, setting.span))
        if moment.time is None and setting.reads is not None and setting.reads < DATES:
            why = "the sentence tells of something else"
    seen = () if why else tuple(signs(doc, folded, moment, setting))
    likely = chance(seen) if seen else 0.0
    if not why and likely < SURE:
        why = "nothing says that this is when it failed"
    return Candidate(moment, likely, setting.span, setting.source, why, setting.lent, seen)


def _reads(doc: Doc, span: Span) -> float | None:
    """How likely the sentence of a moment says when something happened: "a colleague who joined yesterday", "today the
    flow reads the orders" tell of other matters."""
    said = sentence_from(doc, span.start)
    return None if said is None else max(said.odds(label) for label in ("occurred_at", "about:occurred_at"))


def _stretches(doc: Doc) -> Iterable[tuple[int, int, datetime]]:
    """The text in stretches of one anchor: the mail's own words, each forwarded mail."""
    start = 0
    date_ = doc.rows[0].date if doc.rows else None
    for row in doc.rows:
        if row.start > LIMIT:
            break
        if row.date != date_:
            yield start, row.start, date_ or doc.message.date
            start, date_ = row.start, row.date
    yield start, min(len(doc.text), LIMIT), date_ or doc.message.date


def _shift(m: Moment, by: int) -> Moment:
    return replace(m, start=m.start + by, end=m.end + by)


def _with_day(
    doc: Doc, clock: Moment, span: Span, found: list[tuple[Moment, datetime, Span]], anchor: datetime
) -> tuple[Moment, str]:
    """The day of a time that stands alone: of its sentence, of one before, else the last time that it was so late."""
    here = [m for m, _, _ in found if m.day and m.start in span and m.start - clock.start < LENDS and _lends(doc, m)]
    here = [m for m in here if m.time is None] or here
    if here:
        return _on(doc, anchor, clock, min(here, key=lambda m: abs(m.start - clock.start))), "here"
    before = [
        m
        for m, _, _ in found
        if m.day and m.start < clock.start < m.start + 400 and m.day <= anchor.date() and _lends(doc, m)
    ]
    if before:
        return _on(doc, anchor, clock, before[-1]), "timed" if before[-1].time else "before"
    after = [
        m
        for m, _, of in found
        if m.day and m.time is None and clock.end < m.start < clock.end + SOON
        if _DAY_OF_IT.match(doc.folded[of.start : of.end])
    ]
    if after:
        return _on(doc, anchor, clock, after[0]), "before"
    day, lent = anchor.date(), "today"
    if clock.time and (clock.time.hour, clock.time.minute) > (anchor.hour, anchor.minute):
        day, lent = day - timedelta(days=1), "yesterday"
    return clock.on(day, anchor.date()), lent


def _lends(doc: Doc, told: Moment) -> bool:
    """Whether a day may be that of a time told elsewhere: not "yesterday's orders", "a lista é a de ontem"."""
    if told.lead in {"until", "not", "every"}:
        return False
    of_something = told.how in {"relative", "weekday"} and told.time is None
    return not (
        of_something
        and (_POSSESSIVE.match(doc.folded, told.end) or OF_THEN.search(doc.folded, max(0, told.start - 16), told.start))
    )


def _on(doc: Doc, anchor: datetime, clock: Moment, told: Moment) -> Moment:
    """A time on a day told elsewhere; "the 2am run failed last night" is after midnight."""
    day = told.day or doc.message.date.date()
    night = told.how == "relative" and doc.folded[told.start : told.end] in {"last night", "anoche", "noite passada"}
    late = clock.time is not None and clock.time.hour < 6
    lead = clock.lead if clock.lead != "every" else ""
    return replace(clock.on(day + timedelta(days=1) if night and late else day, anchor.date()), lead=lead)


def _is_chat_stamp(doc: Doc, moment: Moment) -> bool:
    """Whether a moment is only that of a message in a pasted chat."""
    line = doc.folded.rfind("\n", 0, moment.start) + 1
    if stamp := _CHAT_STAMP.match(doc.folded, line):
        return moment.start < stamp.end()
    named = _CHAT_NAME.match(doc.text, line) if moment.how == "clock" else None
    return named is not None and moment.start < named.end() and len(_CHAT_NAME.findall(doc.text)) > 1


def _unfit(folded: str, moment: Moment, anchor: datetime) -> str:
    if moment.day is None:
        return "a time without a day"
    if moment.lead == "not" or CORRECTED.match(folded, moment.end):
        return "said not to be it"
    if SENT.search(folded, max(0, moment.start - 30), moment.start):
        return "when a mail was sent"
    if moment.day > anchor.date() or (
        moment.day == anchor.date()
        and moment.time
        and moment.time > (anchor + timedelta(minutes=10)).time()
        and anchor.hour < 23
    ):
        return "still to come when the mail was written"
    if anchor.date() - moment.day > timedelta(days=500):
        return "too long ago"
    return ""


def _vague(folded: str, moment: Moment, setting: Setting) -> str:
    """Why a day without a time tells no moment."""
    if moment.how == "weekday" and HAPPY.search(folded, max(0, moment.start - 12), moment.start):
        return "a greeting or a name"
    doubt = None if moment.time else UNKNOWN.search(folded, setting.span.start, setting.span.end + 40)
    if doubt and doubt.start() < moment.end + 60 and moment.start < doubt.end() + 60:
        return "said not to be known"
    if moment.how != "relative" or moment.time is not None:
        return ""
    if moment.part in _VAGUE_PARTS and moment.day == setting.anchor.date():
        return "no clear time of a day that is still on"
    if TODAY_HABIT.search(folded, max(setting.span.start, moment.start - 12), moment.end + 12):
        return "today as a deadline or as nowadays"
    if OF_THEN.search(folded, max(setting.span.start, moment.start - 16), moment.start):
        return "said of something of that day"
    return ""


def _logs(doc: Doc) -> Iterable[Candidate]:
    """Stamps of technical lines: the first that tells an error, else the first."""
    known: date | None = None
    for row in doc.rows:
        if not row.technical or row.start > LIMIT:
            continue
        line, raw = doc.folded[row.start : row.end][:400], doc.text[row.start : row.end][:400]
        anchor = doc.date_at(row.start)
        for m in moments(line, raw, anchor)[:2]:
            if m.time is None:
                continue
            begins = (
                not line[: m.start].strip(" [(<>$#\"'|-")
                or STAMP_KEY.search(line[: m.start])
                or (m.how == "iso" and ":" not in line[: m.start])
            )
            if m.day is None:
                if not begins or not re.match(r"\d\d:\d\d:\d\d", line[m.start :]):
                    continue
                day = known or anchor.date()
                if not known and m.time > anchor.time():
                    day -= timedelta(days=1)
                m = m.on(day, day)
            known = m.day
            if not begins:
                continue
            bad = re.search(
                r"\b(?:error|erro|err|fatal|warn\w*|exception|fail\w*|severe|critical|timeout"
                r"|[45]\d\d)\b",
                line[m.end :],
            )
            why = _unfit(line, m, anchor)
            moved = _shift(m, row.start)
            yield Candidate(moved, 0.8 if bad else 0.6, Span(row.start, row.end), "log", why)


def _subject(doc: Doc, month_first: bool | None) -> Iterable[Candidate]:
    folded, now = doc.subject_folded, doc.message.date
    for number, m in enumerate(moments(folded, doc.subject_clean, now, month_first)):
        lent = ""
        if m.day is None and m.time is not None and not m.weak:
            late = (m.time.hour, m.time.minute) > (now.hour, now.minute)
            m, lent = m.on(now.date() - timedelta(days=late), now.date()), "yesterday" if late else "today"
        judged = _judged(doc, folded, m, Setting(now, Span(0, len(folded)), "subject", lent, number))
        if m.part and not m.time and m.day == now.date():
            judged = replace(judged, why=judged.why or "no clear time of a day that is still on")
        yield judged
