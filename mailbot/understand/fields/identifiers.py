"""Numbers and tokens, told apart by the words beside them: the chat ID and the key of an execution.

In: the mail. Out: `chat_id` and `pipeline_key`, and what looks like one but stands beside "pedido" or "invoice".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import chat_id, pipeline_key, place_weight
from mailbot.understand.fields.chat_id import chat_places
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence
from mailbot.understand.fields.narrative import sentences
from mailbot.understand.fields.place_weight import Weighed
from mailbot.understand.fields.places import Place

name = "identifiers"
SURER = 0.25  # by which a code of the subject must be likelier than all of the text to go before them
_WISH = 0.5  # chance of a sentence from which the mail wants to be escalated
_ESCALATES = Cue(
    r"\bescal(?!a(?:r|vel|bil)\w* (?:o pipeline|horizontal))|\b(?:supervisor\w*|subid|suban|elevar|elevem|eleven"
    r"|elevate"
    r"|bump\w*|otra persona|outra pessoa|someone (?:else|senior|higher)|somebody (?:else|new)|otro companero"
    r"|otro analista"
    r"|outro (?:analista|atendente)|another (?:analyst|engineer|agent|person))\b"
)


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The chat ID and the pipeline key, as far as the pack asks for them."""
    if "chat_id" in pack.fields:
        yield from chat(doc, context)
    if "pipeline_key" in pack.fields:
        told = _likeliest("pipeline_key", pipeline_key.weighed(doc), pipeline_key.SURE)
        yield from _choose("pipeline_key", doc, context, told)


def chat(doc: Doc, context: Context) -> Iterable[Found | Rejected]:
    """The chat ID: in an escalation of all codes the likeliest, elsewhere what wordings say is one."""
    loose = _escalating(doc, context)
    if loose and context.fields.get("chat_id") is None:
        told = _likeliest("chat_id", chat_id.weighed(doc), chat_id.SURE)
    else:
        ruled = list(islice(chat_places(doc.text[:LIMIT], within(doc.folded, LIMIT), loose), MOST))
        in_subject = [p for p in chat_places(doc.subject_clean, doc.subject_folded, loose) if not p.why]
        told = _Told([p for p in ruled if not p.why], in_subject, [p for p in ruled if p.why])
    yield from _choose("chat_id", doc, context, told)


class _Told(NamedTuple):
    """The codes that may be a field's, and those of the text that wordings say are something else's."""

    good: list[Place]
    in_subject: list[Place]
    others: list[Place]


def _choose(field: str, doc: Doc, context: Context, told: _Told) -> Iterable[Found | Rejected]:
    good, in_subject, others = told
    taken = {place.start for place in good}
    for place in others:
        if place.start not in taken:
            yield Rejected(field, place.value, name, place.why)
    held = context.fields.get(field)
    if held is not None:
        good = [
            p for p in good if p.value == held.value or corrects(doc, sentence(doc, p.start)) or p.confidence >= 0.9
        ]
        fixes = [p for p in good if p.value != held.value and corrects(doc, sentence(doc, p.start))]
        good, in_subject = fixes or good, []
    best = max(good, key=lambda p: (p.confidence, -p.start), default=None)
    above = max(in_subject, key=lambda p: p.confidence, default=None)
    if best is not None and (above is None or above.confidence - best.confidence < SURER):
        fixed = held is not None and held.value != best.value
        yield Found(field, best.value, doc.evidence(best.start, best.end), name, best.confidence, fixed)
    elif above is not None:
        yield Found(field, above.value, Evidence(above.value, "subject"), name, above.confidence - 0.1)


def _likeliest(field: str, codes: Sequence[Weighed], sure: float) -> _Told:
    """The codes that are likely the field's; none where a careful reader would see none."""
    told = _Told([], [], [])
    for one in codes:
        if one.why:
            told.others.append(Place(one.start, one.end, one.value, 0, one.why))
        elif (chance := place_weight.chance(field, one.signs)) >= sure:
            likely = Place(one.start, one.end, one.value, min(0.92, max(chance, 0.6)))
            (told.good if one.source == "body" else told.in_subject).append(likely)
    return told


def _escalating(doc: Doc, context: Context) -> bool:
    return (
        context.role == "escalate"
        or context.kind == "escalation"
        or any(q.field == "chat_id" for q in context.asked)
        or _ESCALATES.search(doc.subject_folded) is not None
        or _ESCALATES.search(doc.folded) is not None
        or any(one.odds("escalation_wish") >= _WISH for one in sentences(doc))
    )
