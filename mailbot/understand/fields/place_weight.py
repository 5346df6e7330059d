"""How likely a place in a mail gives a field, judged by the words around it: signs, weighed.

In: a stretch of a mail. Out: its signs, and the chance, 0..1, that a careful reader takes it for the field. The weights
(place_weights.json, a table for each field) are made by `python -m mailbot.understand.places_train`; they hold words
and no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mailbot.understand import logistic
from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields.narrative import sentence_from
from mailbot.understand.model.lexicon import meaning

FILE = Path(__file__).with_name("place_weights.json")
_REACH = 90  # characters to either side that are read
_STEM = 6  # letters of a word that tell
_MOST_WORDS = 24  # of the sentence
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What may be the value of a field: text[start:end], what it stands for, and its signs."""

    start: int
    end: int
    value: str
    signs: tuple[str, ...]
    source: str = "body"  # body | subject
    why: str = ""  # why a wording of the text says that it is none


def reads(doc: Doc, span: Span, labels: Mapping[str, str]) -> Iterator[str]:
    """How the classifier reads the sentence of a place; `labels` are its labels by what the sign calls them."""
    said = sentence_from(doc, span.start)
    if said is not None:
        yield from (f"reads {called}={logistic.strength(said.odds(label))}" for called, label in labels.items())


def around(doc: Doc, start: int, end: int, span: Span) -> Iterator[str]:
    """The signs of the words beside doc.text[start:end], in its sentence."""
    first, last = max(span.start, start - _REACH), min(span.end, end + _REACH)
    left = list(_TOKEN.finditer(doc.folded, first, start))
    right = list(_TOKEN.finditer(doc.folded, end, last))
    near, far = [m[0] for m in left], [m[0] for m in right]
    yield from (f"<{word[:_STEM]}" for word in near[-4:])
    yield from (f">{word[:_STEM]}" for word in far[:4])
    yield f"<1{near[-1]}" if near else "<1^"
    yield f">1{far[0]}" if far else ">1$"
    yield f"<2{' '.join(near[-2:])}"
    yield f">2{' '.join(far[:2])}"
    plain = [m[0] for m in left if not doc.text[m.start()].isupper() and m[0][0].isalpha()]
    yield f"<<{plain[-1]}" if plain else "<<^"  # with the names between left out: "from Denver, "
    yield f"<<<{' '.join(plain[-2:])}"
    words = [*near[-_MOST_WORDS:], *far[:_MOST_WORDS]]
    yield from (f"s={word[:_STEM]}" for word in words if len(word) > 2)
    yield from (f"m={sense}" for word in words if (sense := meaning(word)))
    yield from (f"<m={sense}" for word in near[-6:] if (sense := meaning(word)))
    yield from (f">m={sense}" for word in far[:6] if (sense := meaning(word)))
    size = len(near) + len(far)
    yield f"size={'0' if size == 0 else '1-3' if size < 4 else '4-9' if size < 10 else '10-'}"
    if not any(word.isalnum() for word in far):
        yield "ends"
    if not any(word.isalnum() for word in near):
        yield "begins"
    if "\n" in doc.text[max(0, start - 1) : start] and doc.text[end : end + 1] in {"\n", ""}:
        yield "line"
    if doc.text[start].isupper():
        yield "capital"


def chance(field: str, signs: Iterable[str]) -> float:
    """The chance that a place with these signs gives the field."""
    return logistic.chance(logistic.weighed(_tables()[field], signs))


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, logistic.Weights]:
    tables: Mapping[str, logistic.Weights] = logistic.read(FILE)
    return tables
