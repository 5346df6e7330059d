"""How likely a place in a mail names the pipeline: signs in it and around it, weighed.

In: a `Place` with its text. Out: its signs, and the chance, 0..1, that a careful reader takes it for the name. The
weights (name_weights.json) are made by `python -m mailbot.understand.names_train`; they hold words and no mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mailbot.understand import logistic
from mailbot.understand.fields.name_candidates import ENVIRONMENTS, Place
from mailbot.understand.fields.ordinary import ordinary
from mailbot.understand.fields.outline import outline
from mailbot.understand.model.lexicon import meaning

FILE = Path(__file__).with_name("name_weights.json")
_LEARNT = logistic.Learnt(FILE)
_LONGEST_SHAPE = 9
_REACH = 60  # characters to either side that are read
_STEM = 6  # letters of a word that tell
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_PART = re.compile(r"[^\W\d_]+|\d+")
_NOUN = re.compile(
    r"\b(?:(?P<sure>pipelines?|pipes?|fluxos?|flujos?|flows?)|(?P<project>proje[c]?tos?|projects?|proyectos?)"
    r"|(?P<maybe>integrac\w+|integrations?|process?[oe]?s?|jobs?|interfa[cz]es?|interfaz|rotinas?|rutinas?|routines?))\b"
)
_OTHER = """
fila filas queue queues cola colas topico topic topics tabela table tabla campo field columna coluna column usuario
user login servidor server host maquina machine bucket arquivo archivo file pasta folder carpeta branch conector
connector conta account cuenta projeto project proyecto certificado certificate chat conversa conversation factura
fatura invoice pedido order token header parametro parameter variavel variable
"""
_OTHERS = frozenset(_OTHER.split())  # what else has a name of that form


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
    left, right = _left(_before(around.folded, place.start)), _right(_after(around.folded, place.end))
    return list(dict.fromkeys([*_own(place, around, rule, left, right), *left.signs, *right.signs]))


def chance(place: Place, around: Around, rule: float) -> tuple[float, bool]:
    """The chance that a place names the pipeline, and whether it stands right behind a word for something else.

    The same as that of its `signs`; those of a side are weighed once, however many places begin or end there.
    """
    left, right = _left(_before(around.folded, place.start)), _right(_after(around.folded, place.end))
    own = logistic.weighed(_LEARNT.weights, _own(place, around, rule, left, right))
    return logistic.chance(own + left.weight + right.weight), left.other


def _own(place: Place, around: Around, rule: float, left: _Side, right: _Side) -> list[str]:
    """The signs of the place itself, and of what it is beside what; each once, none that is a side's."""
    words = around.text[place.start : place.end]
    folded = around.folded[place.start : place.end]
    count = around.folded.count(folded)
    kind = outline(words, _LONGEST_SHAPE)
    out = [
        f"how={place.how},{around.source}",
        f"shape={kind}",
        f"how={place.how},{kind[:4]}",
        f"words={min(5, words.count(' ') + 1)}",
        f"count={min(3, count)}",
        f"rule={min(5, round(rule))}",
    ]
    if not words.isalnum():
        out += [f"has={c}" for c in sorted({c for c in words if not c.isalnum()})]
    out += [f"part={part[:_STEM]}" for part in dict.fromkeys(_PART.findall(folded))]
    if folded in around.elsewhere:
        out.append(f"elsewhere,{around.source}")
    if folded in around.sender or (len(folded) > 5 and folded.replace(" ", "") in around.sender):
        out.append("sender")
    if "-" in folded and " " not in folded and ordinary(folded):
        out.append("ordinary")
    if left.near == ("<1",) and right.near == (">1",):
        out.append("alone")
    shape = kind[:4]
    near = (*left.near, *right.near)
    out += [f"{place.how}{side}" for side in near]
    if shape:
        out += [f"{shape}{side}" for side in (*near, *left.meaning, *right.meaning)]
    return out


def _before(folded: str, at: int) -> str:
    reach = folded[max(0, at - _REACH) : at]
    return reach[reach.rfind("\n") + 1 :]


def _after(folded: str, at: int) -> str:
    return folded[at : at + _REACH].partition("\n")[0]


class _Side(NamedTuple):
    """What stands on one side of a place: its signs; those of the nearest word; what that word means."""

    signs: tuple[str, ...]  # each once
    near: tuple[str, ...]
    meaning: tuple[str, ...]
    weight: float  # of its signs together
    other: bool = False  # whether the nearest word is one for something else


@lru_cache(maxsize=128)  # several places begin or end where others do
def _left(before: str) -> _Side:
    words = _TOKEN.findall(before)[-4:]
    near = before[-45:]
    nouns: list[str] = []
    for match in _NOUN.finditer(near):
        nouns.append(f"noun<{match.lastgroup}")
        if len(near) - match.end() < 4:
            nouns.append(f"next<{match.lastgroup}")
    if not _OTHERS.isdisjoint(words[-2:]):
        nouns.append("other<1" if words[-1] in _OTHERS else "other<")
    return _side("<", words, words[::-1], " ".join(words[-2:]), nouns)


@lru_cache(maxsize=128)
def _right(after: str) -> _Side:
    words = _TOKEN.findall(after)[:4]
    nouns: list[str] = []
    for match in _NOUN.finditer(after[:25]):
        nouns.append(f"noun>{match.lastgroup}")
        if match.start() < 4:
            nouns.append(f"next>{match.lastgroup}")
    return _side(">", words, words, " ".join(words[:2]), nouns)


def _side(mark: str, words: Sequence[str], nearest: Sequence[str], two: str, nouns: Sequence[str]) -> _Side:
    if not words:
        return _Side((f"{mark}1",), (f"{mark}1",), (), _LEARNT.weights.get(f"{mark}1", 0.0))
    near = (f"{mark}1{nearest[0]}",)
    sense = meaning(nearest[0])
    means = (f"{mark}m={sense}",) if sense else ()
    placed = (f"place{mark}",) if not ENVIRONMENTS.isdisjoint(words) else ()
    spoken = [f"{mark}{word[:_STEM]}" for word in words]
    seen = tuple(dict.fromkeys((*spoken, *near, f"{mark}2{two}", *means, *placed, *nouns)))
    weights = _LEARNT.weights
    return _Side(seen, near, means, sum([weights.get(sign, 0.0) for sign in seen]), "other<1" in nouns)
