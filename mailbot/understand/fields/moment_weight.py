"""How likely a moment is the one of the failure: signs around it, weighed.

In: a moment with the sentence it stands in. Out: its signs, and the chance, 0..1, that a careful reader takes it. The
weights (moment_weights.json) are made by `python -m mailbot.understand.moments_train`; they hold words and no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.understand import logistic
from mailbot.understand.dates import Moment
from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields import moment_cues as cues
from mailbot.understand.fields.common import corrects

FILE = Path(__file__).with_name("moment_weights.json")
_LEARNT = logistic.Learnt(FILE)
REACH = 110  # characters to either side that are read
_NEAR = (15, 40, 60, REACH)
_TOKEN = re.compile(r"[a-z']+|\d+|[?:()\[\]=-]")
_WORD = re.compile(r"[a-z']{3,}")
_STEM = 6  # letters of a word that tell


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a moment stands."""

    anchor: datetime  # what relative words count from
    span: Span  # its sentence
    source: str  # body | subject
    lent: str = ""  # where the day of a lone time comes from
    number: int = 0  # moments of the mail before it
    reads: float | None = None  # chance that its sentence says when something happened, by the classifier


def signs(doc: Doc, folded: str, moment: Moment, setting: Setting) -> list[str]:
    """What speaks for or against a moment, each once."""
    span = setting.span
    before = folded[max(span.start, moment.start - REACH) : moment.start]
    after = folded[moment.end : min(span.end, moment.end + REACH)]
    back = (setting.anchor.date() - moment.day).days if moment.day else 0
    timed = "timed" if moment.time else "day"
    out = [
        timed,
        f"how={moment.how}",
        f"lead={moment.lead}",
        f"lead={moment.lead},{timed}",
        f"part={moment.part}",
        f"from={setting.source}",
        f"lent={setting.lent}",
        f"back={back if back < 4 else '4' if back < 15 else '15' if back < 60 else '60'},{timed}",
        f"number={min(setting.number, 4)}",
        f"long={min(len(_WORD.findall(folded, span.start, span.end)) // 4, 5)}",
    ]
    if setting.reads is not None:
        reads = logistic.strength(setting.reads)
        out += [f"reads={reads}", f"reads={reads},{timed}"]
    if back == 0 and not moment.time:
        out.append(f"today,{'past' if cues.PAST.search(before[-60:]) or cues.PAST.search(after[:60]) else 'present'}")
    if moment.time and moment.day:
        out.append(f"written={_written_after(moment, setting.anchor)}")
    if moment.weak:
        out += ["weak", f"weak,{setting.lent}"]
    if folded.count('"', span.start, moment.start) % 2:
        out.append("quoted")
    out += _wordings(before, after)
    if cues.UNSURE.search(folded, span.start, span.end):
        out.append(f"unsure,{timed}")
    if setting.source == "body":
        if _bare(folded, moment, span):
            out.append(f"bare,{timed}")
        if corrects(doc, span):
            out.append("corrects")
    out += _words(before, after)
    out += [f"in:{word[:_STEM]}" for word in _WORD.findall(folded, span.start, span.end)]
    return list(dict.fromkeys(out))


def _wordings(before: str, after: str) -> Iterable[str]:
    fails = cues.nearest(cues.FAILS, before, after)
    yield f"fails={_near(fails)}"
    yield f"did={_near(cues.nearest(cues.DID, before, after))}"
    yield f"negation={_near(cues.nearest(cues.NEGATION, before, after))}"
    for reason, pattern in cues.ELSE:
        other = cues.nearest(pattern, before, after)
        if other < cues.FAR:
            yield f"{reason}={_near(other)}"
            yield f"{reason}{'<' if other < fails else '>'}"
    if cues.MISSED.search(before) or cues.MISSED.search(after):
        yield "missed"
    if cues.BEGAN.search(before[-40:]) or cues.BEGAN.search(after[:25]):
        yield "began"
    if cues.STATE.search(before) or cues.STATE.search(after):
        yield "state"
    if cues.REQUEST.search(before + after):
        yield "request"
    if cues.LIVE_SINCE.search(before[-45:]):
        yield "live since"
    if cues.UNTIL_WHEN.match(after):
        yield "until when"


def _written_after(moment: Moment, anchor: datetime) -> int:
    """How long after a moment the mail was written, as one of five lengths: "02:14, and nobody is awake" is now."""
    told = datetime.combine(moment.day or anchor.date(), moment.time or anchor.time())
    minutes = (anchor.replace(tzinfo=None) - told).total_seconds() / 60
    return sum(minutes >= edge for edge in (4, 35, 120, 600))


def _near(distance: int) -> int:
    return sum(distance >= edge for edge in _NEAR)


def _words(before: str, after: str) -> Iterable[str]:
    left, right = _TOKEN.findall(before)[-7:], _TOKEN.findall(after)[:8]
    yield from (f"<{word[:_STEM]}" for word in left)
    yield from (f">{word[:_STEM]}" for word in right)
    yield f"<<{' '.join(left[-2:])}"
    yield f">>{' '.join(right[:2])}"
    if left:
        yield f"<1{left[-1]}"
    if right:
        yield f">1{right[0]}"


def _bare(folded: str, moment: Moment, span: Span) -> bool:
    """Whether a sentence is nothing but a moment: "4. el domingo 8", "(22h31)"."""
    if span.end - span.start > 80 or moment.lead not in {"", "since"}:
        return False
    rest = folded[span.start : moment.start] + " " + folded[moment.end : span.end]
    return len(_WORD.findall(rest)) <= 1 and not any(pattern.search(rest) for _, pattern in cues.ELSE)


def chance(seen: Iterable[str]) -> float:
    """The chance that a moment with these signs is the one."""
    return _LEARNT.chance(seen)
