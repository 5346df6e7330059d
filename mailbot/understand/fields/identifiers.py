"""Numbers and tokens, told apart by the words beside them: the chat ID and the key of an execution.

In: the mail. Out: `chat_id` and `pipeline_key`, and what looks like one but stands beside "pedido" or "invoice".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import chat_id, pipeline_key, place_weight
from mailbot.understand.fields.chat_id import chat_places
from mailbot.understand.fields.codes import BESIDE_OTHER
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence
from mailbot.understand.fields.narrative import sentences
from mailbot.understand.fields.pipeline_key import key_places
from mailbot.understand.fields.place_weight import Weighed
from mailbot.understand.fields.places import Place

name = "identifiers"
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
        loose = _escalating(doc, context)
        ruled = list(islice(chat_places(doc.text[:LIMIT], within(doc.folded, LIMIT), loose), MOST))
        in_subject = [p for p in chat_places(doc.subject_clean, doc.subject_folded, loose) if not p.why]
        if loose and context.fields.get("chat_id") is None:
            told = _likeliest("chat_id", chat_id.weighed(doc), chat_id.SURE)
        else:
            told = [p for p in ruled if not p.why], in_subject
        yield from _choose("chat_id", doc, context, ruled, told)
    if "pipeline_key" in pack.fields:
        ruled = list(islice(key_places(doc.text[:LIMIT], within(doc.folded, LIMIT)), MOST))
        yield from _choose(
            "pipeline_key",
            doc,
            context,
            ruled,
            _likeliest("pipeline_key", pipeline_key.weighed(doc), pipeline_key.SURE),
        )


_Told = tuple[Sequence[Place], Sequence[Place]]  # in the text, in the subject


def _choose(field: str, doc: Doc, context: Context, ruled: Sequence[Place], told: _Told) -> Iterable[Found | Rejected]:
    good, in_subject = told
    taken = {place.start for place in good}
    for place in ruled:
        if place.why and place.start not in taken:
            yield Rejected(field, place.value, name, place.why)
    held = context.fields.get(field)
    if held is not None:
        good = [
            p for p in good if p.value == held.value or corrects(doc, sentence(doc, p.start)) or p.confidence >= 0.9
        ]
        fixes = [p for p in good if p.value != held.value and corrects(doc, sentence(doc, p.start))]
        good, in_subject = fixes or good, []
    if good:
        best = max(good, key=lambda p: (p.confidence, -p.start))
        fixed = held is not None and held.value != best.value
        yield Found(field, best.value, doc.evidence(best.start, best.end), name, best.confidence, fixed)
    elif in_subject:
        best = max(in_subject, key=lambda p: p.confidence)
        yield Found(field, best.value, Evidence(best.value, "subject"), name, best.confidence - 0.1)


def _likeliest(field: str, codes: Sequence[Weighed], sure: float) -> _Told:
    """The codes that are likely the field's; none where a careful reader would see none."""
    chances = [(place_weight.chance(field, one.signs), one) for one in codes]
    places = [
        (one.source, Place(one.start, one.end, one.value, min(0.92, max(chance, 0.6))))
        for chance, one in chances
        if chance >= sure and BESIDE_OTHER not in one.signs
    ]
    return [place for source, place in places if source == "body"], [p for source, p in places if source == "subject"]


def _escalating(doc: Doc, context: Context) -> bool:
    return (
        context.role == "escalate"
        or context.kind == "escalation"
        or any(q.field == "chat_id" for q in context.asked)
        or _ESCALATES.search(doc.subject_folded) is not None
        or _ESCALATES.search(doc.folded) is not None
        or any(one.odds("escalation_wish") >= _WISH for one in sentences(doc))
    )
