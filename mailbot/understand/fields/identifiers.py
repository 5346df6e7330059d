"""Numbers and tokens, told apart by the words beside them: the chat ID and the key of an execution.

In: the mail. Out: `chat_id` and `pipeline_key`, and what looks like one but stands beside "pedido" or "invoice".
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import chat_id, place_weight
from mailbot.understand.fields.chat_id import chat_places
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence
from mailbot.understand.fields.pipeline_key import key_places
from mailbot.understand.fields.places import Place

name = "identifiers"
_BESIDE_OTHER = 0.6  # chance that a code beside a word for something else needs
_BESIDE_SUBJECT = 0.5  # chance that a code in the text needs where the subject gives one
_ESCALATES = Cue(
    r"\bescal(?!a(?:r|vel|bil)\w* (?:o pipeline|horizontal))|\b(?:supervisor\w*|subid|suban|elevar|elevem|eleven"
    r"|elevate"
    r"|bump\w*|otra persona|outra pessoa|someone (?:else|senior|higher)|somebody (?:else|new)|otro companero"
    r"|otro analista"
    r"|outro (?:analista|atendente)|another (?:analyst|engineer|agent|person))\b"
)


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The chat ID and the pipeline key, as far as the pack asks for them."""
    for field, search in (("chat_id", chat_places), ("pipeline_key", key_places)):
        if field in pack.fields:
            yield from _choose(field, doc, context, search)


def _choose(field: str, doc: Doc, context: Context, search: object) -> Iterable[Found | Rejected]:
    assert callable(search)
    text, folded = doc.text[:LIMIT], within(doc.folded, LIMIT)
    loose = field == "chat_id" and _escalating(doc, context)
    places: list[Place] = list(islice(search(text, folded, loose), MOST))
    for place in places:
        if place.why:
            yield Rejected(field, place.value, name, place.why)
    in_subject = [p for p in search(doc.subject_clean, doc.subject_folded, loose) if not p.why]
    good = [p for p in places if not p.why]
    if loose and context.fields.get(field) is None:
        good = _likeliest(doc, good, bool(in_subject))
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


def _likeliest(doc: Doc, ruled: list[Place], in_subject: bool) -> list[Place]:
    """The code of an escalation that is likeliest the chat's; none where a careful reader would see none."""
    chances = [(place_weight.chance("chat_id", one.signs), -one.start, one) for one in chat_id.weighed(doc)]
    chances = [one for one in chances if one[0] >= _BESIDE_OTHER or "rule=not" not in one[2].signs]
    if not chances:
        return ruled
    best, _, one = max(chances, key=lambda c: c[:2])
    if best < (_BESIDE_SUBJECT if in_subject else chat_id.SURE):
        return []
    return [Place(one.start, one.end, one.value, min(0.9, max(best, 0.6)))]


def _escalating(doc: Doc, context: Context) -> bool:
    return (
        context.role == "escalate"
        or context.kind == "escalation"
        or any(q.field == "chat_id" for q in context.asked)
        or _ESCALATES.search(doc.subject_folded) is not None
        or _ESCALATES.search(doc.folded) is not None
    )
