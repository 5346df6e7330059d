"""Codes of any form in a mail, and how likely each is the identifier that a field asks for: signs, weighed.

In: the mail, and what the rules of a field say of its tokens and numbers. Out: `Weighed` stretches of its text and
subject, whose chance place_weight.py gives. What is told: the form of the code, the words beside it, what the rules
say, and how the classifier reads its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from mailbot.understand.cues import within
from mailbot.understand.doc import Doc
from mailbot.understand.fields import place_weight
from mailbot.understand.fields.common import LIMIT, MOST, sentence
from mailbot.understand.fields.outline import outline
from mailbot.understand.fields.place_weight import Weighed
from mailbot.understand.fields.places import Place

Search = Callable[[str, str, bool], Iterable[Place]]

_HEX = re.compile(r"(?:0x)?[0-9a-f]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SEPARATED = re.compile(r"[-_./# ]")
_NAMED_AS = re.compile(r"([a-z][\w-]{0,24})[\"']?\s*[:=]\s*[\"'\[(]?$")
_MOST_DIGITS, _MOST_CHARACTERS = 13, 40


def form(value: str) -> list[str]:
    """The signs of what a code looks like."""
    digits = sum(map(str.isdigit, value))
    parts = _SEPARATED.split(value)
    made = "number" if value.isdigit() else "uuid" if _UUID.fullmatch(value) else "mixed"
    if made == "mixed" and _HEX.fullmatch("".join(parts)):
        made = "hex"
    out = [
        f"digits={min(digits, _MOST_DIGITS)}",
        f"parts={len(parts)}",
        f"short={outline(value, 10)}",
        f"form={made}",
        f"form={made},{min(len(value), _MOST_CHARACTERS) // 4}",
        f"longest={min(8, max(map(len, parts)))}",
    ]
    if value[:2].lower() == "0x":
        out.append("0x")
    if value.isalnum() and not value.isupper() and not value.islower() and not value.isdigit():
        out.append("both cases")
    return out + [f"part={part.lower()}" for part in parts if part.isalpha()]


def weighed(
    doc: Doc, search: Search, spans: Callable[[str], Iterator[tuple[int, int]]], labels: Mapping[str, str]
) -> list[Weighed]:
    """What may be the field's code, in the text and in the subject.

    `search` is what the rules know of such codes, `spans` any others that have the form; `labels` are the classifier's
    that tell of the field (place_weight.reads).
    """
    out = []
    text, folded = doc.text[:LIMIT], within(doc.folded, LIMIT)
    for start, end, rule in _places(text, folded, search, spans):
        span = sentence(doc, start)
        seen = [*place_weight.around(doc, start, end, span), *form(text[start:end]), *_ruled(rule)]
        reads = list(place_weight.reads(doc, span, labels))
        seen += [*reads, *(f"{sign},{one}" for sign in reads[:1] for one in _ruled(rule)[:1])]
        row = doc.row_at(start)
        if row is not None and row.technical:
            seen.append("technical")
        if folded.count('"', span.start, start) % 2:
            seen.append("quoted")
        if named := _NAMED_AS.search(folded, span.start, start):
            seen.append(f"named={named[1]}")
        out.append(Weighed(start, end, text[start:end], tuple(dict.fromkeys(seen)), why=rule.why if rule else ""))
    subject, lower = doc.subject_clean, doc.subject_folded
    for start, end, rule in _places(subject, lower, search, spans):
        seen = [f"subject {one}" for one in (*form(subject[start:end]), *_ruled(rule))]
        seen += [f"subject <{word}" for word in _WORD.findall(lower, 0, start)[-2:]]
        seen += [f"subject >{word}" for word in _WORD.findall(lower, end)[:2]]
        out.append(Weighed(start, end, subject[start:end], tuple(dict.fromkeys(seen)), "subject"))
    return out


def _places(
    text: str, folded: str, search: Search, spans: Callable[[str], Iterator[tuple[int, int]]]
) -> list[tuple[int, int, Place | None]]:
    ruled = {(p.start, p.end): p for p in islice(search(text, folded, True), MOST)}
    every = dict.fromkeys([*ruled, *islice(spans(text), MOST)])
    return [(start, end, ruled.get((start, end))) for start, end in list(every)[:MOST]]


def _ruled(rule: Place | None) -> list[str]:
    """What the rules say of a code."""
    if rule is None:
        return ["rule=none"]
    return [f"rule={rule.confidence}"] if not rule.why else ["rule=not"]
