"""Whether a mail as a whole gives a narrative: what its sentences say, weighed together with the cue of the finder.

In: the chances of a label in each sentence, and what the field's own finder found. Out: the probability, 0..1, that a
careful reader would say that the mail gives it. One sentence that says it plainly is enough, several that hint at it
count as well, and a cue that stands alone among sentences that say something else is doubted.

`verdicts.json` holds a dozen numbers a field, fitted by train.py on mails that neither the classifier nor the fit had
seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mailbot.understand.logistic import chance, logit

FILE = Path(__file__).with_name("verdicts.json")
SURE = 0.5  # probability from which a narrative is there
SURE_LATER = 0.45  # the same for a mail that is not the first of its ticket
LATER = " later"  # behind the name of a field: its verdict on such mails, which mostly answer and tell little else
IN = " in "  # between that and the name of a pack: what its forms ask for under one name differs from pack to pack
SHORT = 2  # sentences up to which there is hardly anything to weigh: what counts is a cue, or a plain sentence
SAID = 0.65  # chance of a sentence that says it plainly
HINTED = 0.1  # chance that is enough where the mail as a whole reads so, too
PLAIN = {"expected_vs_actual": 0.65}  # confidence of a cue from which it stands by itself in a longer mail, too
ALONE = frozenset({"prior_analysis", "integration_logic"})  # weighed without cues in a longer mail that answers nothing
_STANDING = ALONE | {"expected_vs_actual", "justification", "steps_to_reproduce"}  # whose cues count in a short mail
STANDING = frozenset({"error_message/status"})  # finders whose cue stands: "stopped with error 504"
_HINTED = {  # the same, where a few words are near misses: a quoted button, a number; a body is an answer as often
    "error_message": 0.3,
    "request": SAID,
}
_LEAST = {"error_message": 0.1, "prior_analysis": 0.1, "response": 0.1}  # chance that some sentence must have
_SURE = {  # the mails of train.py hold more near misses than others: set where errors on mails of other hands balance
    "description": 0.3,
    "expected_vs_actual": 0.25,
    "integration_logic": 0.4,
    "justification": 0.3,
    "prior_analysis": 0.4,
    "steps_to_reproduce": 0.45,
}
NEAR = "near:"  # before the name of a field: the label of sentences that read like it and do not count
_MISSED = frozenset(  # fields whose near misses were learnt
    [
        "description",
        "error_message",
        "expected_vs_actual",
        "prior_analysis",
        "evidence",
        "steps_to_reproduce",
        "justification",
    ]
)
TOLD_BY = {  # the labels of other sentences that tell what a field asks for
    "description": (
        "expected_vs_actual",
        "error_message",
        "feature_wish",
        "how_to_question",
        "infrastructure_request",
        "authentication_problem",
    )
}
_BESIDE = {  # what else a mail may tell that speaks for a field, or takes its place
    "description": (*TOLD_BY["description"], "status_question", "urgency_only", "escalation_wish"),
    "expected_vs_actual": (
        "error_message",
        "description",
        "prior_analysis",
        "outage_total",
        "outage_partial",
        "workaround_exists",
        "no_workaround",
        "how_to_question",
        "urgency_only",
    ),
    "steps_to_reproduce": ("request", "response", "prior_analysis", "description", "expected_vs_actual"),
}
_EDGE = 6.0  # logits beyond this say no more


class Told(NamedTuple):
    """A sentence that tells something: its words, and what it surely says."""

    words: int
    says: frozenset[str]


def beside(field: str) -> tuple[str, ...]:
    """The other labels that a field's verdict looks at."""
    return ((NEAR + field,) if field in _MISSED else ()) + _BESIDE.get(field, ())


def signs(
    field: str,
    chances: Iterable[float],
    subject: float,
    cue: float,
    told: Sequence[Told],
    others: Sequence[float] = (),
    whole: float = 0.0,
) -> tuple[float, ...]:
    """What is weighed: the surest sentence, the second, all together, the subject, the cue, its confidence; then how
    much the mail tells, and how much of it that no other label accounts for; then what the sentences say together of
    the mail as a whole; then the surest sentence of each other label that tells something about the field (`beside`).

    `chances` are of the field's label, sentence by sentence; `subject` is the subject's; `cue` is the confidence of
    what the finder found, 0 when it found nothing; `others` are the chances of the labels that `beside` names; `whole`
    is `model.whole` of the field, -6..6.
    """
    logits = sorted([logit(one) for one in chances], reverse=True)
    first = logits[0] if logits else -_EDGE
    second = logits[1] if len(logits) > 1 else -_EDGE
    together = math.log1p(sum([math.exp(one) for one in logits]))
    own = {field, "description"}
    open_ones = [one for one in told if one.says <= own]
    return (
        first,
        second,
        together,
        logit(subject),
        1.0 if cue else 0.0,
        cue,
        math.log1p(len(logits)),
        math.log1p(len(told)),
        math.log1p(len(open_ones)),
        math.log1p(sum([one.words for one in told])),
        math.log1p(sum([one.words for one in open_ones])),
        whole,
        *map(logit, others),
    )


def probability(field: str, seen: tuple[float, ...], later: bool = False, pack: str = "") -> float:
    """The probability that the mail gives the field; `later`: it is not the first of its ticket.

    A pack's own verdict goes before that of all packs, which serves packs that nothing was learnt about. Raises
    KeyError for a field without a verdict.
    """
    known, name = table(), f"{field}{LATER}" if later else field
    bias, *weights = known.get(f"{name}{IN}{pack}") or known.get(name) or known[field]
    return chance(bias + sum([weight * sign for weight, sign in zip(weights, seen, strict=True)]))


def stands(field: str, cue: float, short: bool) -> bool:
    """Whether a finder's cue of this confidence needs nothing to bear it out, in a mail that answers nothing."""
    return (short and field in _STANDING) or cue >= PLAIN.get(field, 1.1)


def least(field: str, short: bool, whole: float) -> float:
    """The chance that the surest sentence must have where no cue speaks for the field; `whole` as in `signs`."""
    if short and field != "description":
        return _HINTED.get(field, HINTED) if whole > 0 else SAID
    return _LEAST.get(field, 0.0)


def sure(field: str, later: bool = False) -> float:
    """The probability from which a field counts as given."""
    return SURE_LATER if later else _SURE.get(field, SURE)


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[float, ...]]:
    """Field -> bias and weights, in the order of `signs`."""
    read: dict[str, list[float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {field: tuple(numbers) for field, numbers in read.items()}


@contextmanager
def using(read: Mapping[str, Sequence[float]]) -> Iterator[None]:
    """Other verdicts in place of the file's, for training."""
    global table
    kept, made = table, {field: tuple(numbers) for field, numbers in read.items()}
    table = lru_cache(maxsize=1)(lambda: made)
    try:
        yield
    finally:
        table = kept
