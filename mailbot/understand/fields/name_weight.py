"""How likely a place in a mail names the pipeline: signs in it and around it, weighed.

In: a `Place` with its text. Out: its signs, and the chance, 0..1, that a careful reader takes it for the name. The
weights (name_weights.json) are made by `python -m mailbot.understand.names_train`; they hold words and no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from mailbot.understand import logistic
from mailbot.understand.fields.name_candidates import Place
from mailbot.understand.fields.ordinary import ordinary

FILE = Path(__file__).with_name("name_weights.json")
_LEARNT = logistic.Learnt(FILE)
_REACH = 60  # characters to either side that are read
_STEM = 6  # letters of a word that tell
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_PART = re.compile(r"[^\W\d_]+|\d+")
_NOUN = re.compile(
    r"\b(?:(?P<sure>pipelines?|pipes?|fluxos?|flujos?|flows?)|(?P<project>proje[c]?tos?|projects?|proyectos?)"
    r"|(?P<maybe>integrac\w+|integrations?|process?[oe]?s?|jobs?|interfa[cz]es?|interfaz|rotinas?|rutinas?|routines?))\b"
)


@dataclass(frozen=True, slots=True)
class Around:
    """A text that holds names, and what else is known of the mail."""

    text: str
    folded: str
    source: str  # body | subject
    elsewhere: str  # folded: the subject for the body, the body for the subject
    sender: str  # folded: name and address


def signs(place: Place, around: Around, rule: float) -> list[str]:
    """What speaks for or against a place, each once; `rule` is the score that the wordings around it give."""
    words = around.text[place.start : place.end]
    folded = around.folded[place.start : place.end]
    before = _before(around.folded, place.start)
    after = _after(around.folded, place.end)
    count = around.folded.count(folded)
    kind = _shape(words)
    out = [
        f"how={place.how},{around.source}",
        f"shape={kind[:9]}",
        f"how={place.how},{kind[:4]}",
        f"words={min(5, words.count(' ') + 1)}",
        f"count={min(3, count)}",
        f"rule={min(5, round(rule))}",
    ]
    out += [f"has={c}" for c in sorted({c for c in words if not c.isalnum()})]
    out += [f"part={part[:_STEM]}" for part in dict.fromkeys(_PART.findall(folded))]
    if folded in around.elsewhere:
        out.append(f"elsewhere,{around.source}")
    if folded in around.sender or (len(folded) > 5 and folded.replace(" ", "") in around.sender):
        out.append("sender")
    if "-" in folded and " " not in folded and ordinary(folded):
        out.append("ordinary")
    out += _sides(before, after)
    return list(dict.fromkeys(out))


def _before(folded: str, at: int) -> str:
    reach = folded[max(0, at - _REACH) : at]
    return reach[reach.rfind("\n") + 1 :]


def _after(folded: str, at: int) -> str:
    return folded[at : at + _REACH].partition("\n")[0]


def _sides(before: str, after: str) -> Iterator[str]:
    (left, nouns), (right, others) = _left(before), _right(after)
    yield from (f"<{word[:_STEM]}" for word in left)
    yield from (f">{word[:_STEM]}" for word in right)
    yield f"<1{left[-1]}" if left else "<1^"
    yield f">1{right[0]}" if right else ">1$"
    yield f"<2{' '.join(left[-2:])}" if left else "alone" if not right else "<2^"
    yield f">2{' '.join(right[:2])}"
    yield from nouns
    yield from others


_Side = tuple[list[str], list[str]]  # the words beside a place, nearest four, and the signs of nouns there


@lru_cache(maxsize=128)  # several places begin or end where others do
def _left(before: str) -> _Side:
    near = before[-45:]
    nouns: list[str] = []
    for match in _NOUN.finditer(near):
        nouns.append(f"noun<{match.lastgroup}")
        if len(near) - match.end() < 4:
            nouns.append(f"next<{match.lastgroup}")
    return _TOKEN.findall(before)[-4:], nouns


@lru_cache(maxsize=128)
def _right(after: str) -> _Side:
    nouns: list[str] = []
    for match in _NOUN.finditer(after[:25]):
        nouns.append(f"noun>{match.lastgroup}")
        if match.start() < 4:
            nouns.append(f"next>{match.lastgroup}")
    return _TOKEN.findall(after)[:4], nouns


def _shape(words: str) -> str:
    """The form of a name: A capitals, a small letters, 9 digits, the rest as it stands; runs told once."""
    marks = ("9" if c.isdigit() else ("A" if c.isupper() else "a") if c.isalpha() else c for c in words)
    return "".join(mark for mark, _ in groupby(marks))


def chance(seen: Iterable[str]) -> float:
    """The chance that a place with these signs names the pipeline."""
    return _LEARNT.chance(seen)
