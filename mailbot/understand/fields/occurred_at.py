"""When it happened: of all the days and times in a mail, the one of the failure.

In: the mail. Out: one `occurred_at` as ISO local minutes or a date, or why a moment was not taken: a deadline, a plan,
when the chat was opened, until when it worked. Candidates: moment_candidates.py; their weighing: moment_weight.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import corrects
from mailbot.understand.fields.moment_candidates import Candidate, candidates
from mailbot.understand.fields.moment_cues import FIRST, SAME_TIME

name = "occurred_at"
HINTED = 0.2  # chance of a time, on a day that is taken, from which it is the time of it


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The moment of the failure, if the mail tells one."""
    if "occurred_at" not in pack.fields:
        return
    month_first = us_dates(doc, context)
    told = candidates(doc, month_first)
    for c in told:
        if c.why:
            yield Rejected("occurred_at", _words(doc, c), name, c.why)
    possible = [c for c in told if c.chance >= HINTED]
    fixes = [c for c in possible if c.source == "body" and corrects(doc, c.span)]
    held = context.fields.get("occurred_at")
    if held is not None:
        yield from _later(doc, possible, fixes, held.value)
        return
    best = _best([c for c in fixes if not c.why], possible) or _best([c for c in possible if not c.why], possible)
    if best is not None:
        yield Found("occurred_at", best.moment.iso, _evidence(doc, best), name, 0.6 + 0.3 * best.chance)


def us_dates(doc: Doc, context: Context) -> bool | None:
    """Whether 11/05 is read month first: in English mail from American time zones. None: not English."""
    sample = f" {doc.folded[:1500]} {doc.subject_folded} "
    english = sum([sample.count(w) for w in (" the ", " and ", " is ", " to ", " at ", " our ", " of ", " we ")])
    other = sum(
        [sample.count(w) for w in (" de ", " que ", " o ", " a ", " el ", " la ", " em ", " en ", " do ", " nao ")]
    )
    if context.language not in (None, "en") or (other > english) or (english == 0 and context.language != "en"):
        return None
    offset = doc.message.date.utcoffset() or timedelta(0)
    return timedelta(hours=-10) <= offset <= timedelta(hours=-4)


def _words(doc: Doc, c: Candidate) -> str:
    text = doc.subject_clean if c.source == "subject" else doc.text
    return text[c.moment.start : c.moment.end]


def _evidence(doc: Doc, c: Candidate) -> Evidence:
    if c.source == "subject":
        return Evidence(_words(doc, c), "subject")
    return doc.evidence(c.moment.start, c.moment.end)


def _later(doc: Doc, possible: list[Candidate], fixes: list[Candidate], held: str) -> Iterable[Found | Rejected]:
    """A later mail: only a correction, the first failure of all, or the time of a known day changes what there is."""
    first = [
        c
        for c in possible
        if c.timed and not c.why and c.source == "body" and FIRST.search(doc.folded, c.span.start, c.span.end)
    ]
    fresh = [c for c in (fixes or first) if _value(doc, c, held) != held]
    best = max(fresh, key=lambda c: (c.timed, c.chance), default=None)
    if best is not None:
        yield Found("occurred_at", _value(doc, best, held), _evidence(doc, best), name, 0.9, True)
        return
    for c in possible:
        value = _value(doc, c, held)
        if "T" not in held and c.timed and value.startswith(held) and not c.why:
            yield Found("occurred_at", value, _evidence(doc, c), name, 0.9, True)
            return
        if not c.why:
            yield Rejected("occurred_at", _words(doc, c), name, "the ticket has one, and this corrects nothing")


def _value(doc: Doc, c: Candidate, held: str) -> str:
    """A moment of a later mail beside what the ticket holds: a time alone is one of the day that is known."""
    value = c.moment.iso
    if c.moment.time is None and "T" in held and SAME_TIME.search(doc.folded, c.span.start, c.span.end):
        return value + held[held.index("T") :]
    return held[:10] + value[10:] if c.lent in {"today", "yesterday"} else value


def _best(good: list[Candidate], possible: list[Candidate]) -> Candidate | None:
    """The likeliest, of the text before logs before the subject; with the time of its day where one is told."""
    for source in ("body", "log", "subject"):
        best = max(
            (c for c in good if c.source == source), key=lambda c: (round(c.chance, 2), -c.moment.start), default=None
        )
        if best is not None:
            break
    else:
        return None
    if best.timed:
        return best
    timed = [c for c in possible if c.timed and c.moment.day == best.moment.day]
    return max(timed, key=lambda c: (c.source == "body", c.chance), default=best)
