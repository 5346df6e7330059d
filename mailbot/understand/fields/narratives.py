"""The finders of narratives, one after the other, for the fields that the pack has.

In: a Doc. Out: at most one Found for each narrative. They look at the same sentences, which are cut and judged once;
what they find by their cues is then weighed with what the classifier makes of the whole mail (model/verdict.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import (
    description,
    error_message,
    evidence,
    expected_vs_actual,
    integration_logic,
    justification,
    prior_analysis,
    request,
    response,
    steps_to_reproduce,
    title,
)
from mailbot.understand.fields.narrative import (
    PRESENT,
    Sentence,
    found,
    likeliest,
    spoken,
    subject_odds,
    together,
    told,
)
from mailbot.understand.model import verdict

TELLS = 0.3  # chance from which a subject by itself describes the matter
NARRATIVES: dict[str, Callable[[Doc, RulePack, Context], Iterable[Found | Rejected]]] = {
    "description": description.find,
    "error_message": error_message.find,
    "expected_vs_actual": expected_vs_actual.find,
    "prior_analysis": prior_analysis.find,
    "integration_logic": integration_logic.find,
    "justification": justification.find,
    "title": title.find,
    "steps_to_reproduce": steps_to_reproduce.find,
    "evidence": evidence.find,
    "request": request.find,
    "response": response.find,
}


def find(doc: Doc, pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """What the narratives' finders say, for those fields that the pack knows, each weighed by the whole mail."""
    for name, finder in NARRATIVES.items():
        if name in pack.fields:
            needless = name in verdict.ALONE and not _short(doc, context) and not context.heard
            yield from weighed(name, [] if needless else list(finder(doc, pack, context)), doc, context, pack.name)


def _short(doc: Doc, context: Context) -> bool:
    """Whether a mail that answers nothing says so little that there is hardly anything to weigh."""
    return not context.heard and len(told(doc)) <= verdict.SHORT


def weighed(
    name: str, cues: Sequence[Found | Rejected], doc: Doc, context: Context, pack: str = ""
) -> Iterator[Found | Rejected]:
    """The finder's find, if the mail bears it out; the likeliest sentence, where the finder knows no such wording."""
    cue = max((item for item in cues if isinstance(item, Found)), key=lambda item: item.confidence, default=None)
    if name not in verdict.table() or (name == "evidence" and cue is None):
        yield from cues  # "the print is attached", and nothing is, or only a logo: evidence is what lies there
        return
    later = bool(context.heard)
    chance, sentence = judge(name, doc, cue, later, pack)
    for item in cues:
        if isinstance(item, Rejected):
            yield item
    short, in_subject = _short(doc, context), False
    if cue is not None and not later and _stands(name, cue, doc, short):
        given = True
    else:
        odds = sentence.odds(name) if sentence is not None else 0.0
        subject = 0.0 if later else subject_odds(doc, name)
        plain = max(odds, subject) >= verdict.least(name, short, together(doc, name))
        given = chance >= verdict.sure(name, later) and (cue is not None or plain)
        in_subject = subject > odds
    if given and cue is not None:
        yield replace(cue, confidence=round(max(cue.confidence, chance), 3))
    elif given and in_subject:
        words = doc.subject_clean
        yield Found(name, PRESENT, Evidence(words, "subject", 0, len(words)), f"{name}/subject", chance)
    elif given and sentence is not None:
        yield found(doc, name, sentence.start, sentence.end, "whole", chance)
    elif cue is not None:
        yield Rejected(name, cue.evidence.text, cue.finder, f"the mail as a whole does not bear it out ({chance:.2f})")


def _stands(name: str, cue: Found, doc: Doc, short: bool) -> bool:
    """Whether a cue needs nothing to bear it out. A subject that describes the matter is weighed as a sentence."""
    if name == "description" and cue.evidence.source == "subject":
        says = subject_odds(doc, name)
        return says >= TELLS and says >= subject_odds(doc, verdict.NEAR + name)
    return cue.finder in verdict.STANDING or verdict.stands(name, cue.confidence, short)


def judge(name: str, doc: Doc, cue: Found | None, later: bool = False, pack: str = "") -> tuple[float, Sentence | None]:
    """The probability that the mail gives a narrative, and the sentence that most speaks for it."""
    sentences = spoken(doc)
    chances = [sentence.odds(name) for sentence in sentences]
    best = sentences[chances.index(max(chances))] if chances else None
    return verdict.probability(name, signs_of(name, doc, cue, chances), later, pack), best


def signs_of(name: str, doc: Doc, cue: Found | None, chances: Sequence[float]) -> tuple[float, ...]:
    """What the verdict weighs, for one field of one mail."""
    subject = subject_odds(doc, name)
    beside = likeliest(doc, verdict.beside(name))
    return verdict.signs(name, chances, subject, cue.confidence if cue else 0.0, told(doc), beside, together(doc, name))
