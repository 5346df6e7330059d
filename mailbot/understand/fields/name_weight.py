"""How likely a place in a mail names the pipeline: signs in it and around it, weighed.

In: a `Place` with its text. Out: its signs, and the chance, 0..1, that a careful reader takes it for the name. The
weights (name_weights.json) are made by `python -m mailbot.understand.names_train`; they hold words and no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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
_NEAREST = 4  # words of a side that are signs
_CLOSE = 36  # characters in which they mostly stand
_STEM = 6  # letters of a word that tell
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_NO_LETTER = re.compile(r"[\W_]")
_PART = re.compile(r"[^\W\d_]+|\d+")
_GROUP = re.compile(r"(?:how|shape|words|count|rule|has|part)=|.+?(?=[<>](?:1|m=))", re.DOTALL)
_NOUN = re.compile(
    r"\b(?:(?P<sure>pipelines?|pipes?|fluxos?|flujos?|flows?)|(?P<project>proje[c]?tos?|projects?|proyectos?)"
    r"|(?P<maybe>integrac\w+|integrations?|process?[oe]?s?|jobs?|interfa[cz]es?|interfaz|rotinas?|rutinas?|routines?))\b"
)
_NOUN_IN = re.compile(r"pipe|flu[xj]|flow|proj|proy|integra|proces|job|interfa|rotin|rutin|routin")  # in all of _NOUN
_OTHER = """
fila filas queue queues cola colas topico topic topics tabela table tabla campo field columna coluna column usuario
user login servidor server host maquina machine bucket arquivo archivo file pasta folder carpeta branch conector
connector conta account cuenta projeto project proyecto certificado certificate chat conversa conversation factura
fatura invoice pedido order token header parametro parameter variavel variable
"""
_OTHERS = frozenset(_OTHER.split())  # what else has a name of that form


class _Side(NamedTuple):
    """What stands on one side of a place: its signs; those of the nearest word; what that word means."""

    signs: tuple[str, ...]  # each once
    near: tuple[str, ...]
    meaning: tuple[str, ...]
    weight: float  # of its signs together
    other: bool = False  # whether the nearest word is one for something else


@dataclass(frozen=True)
class Around:
    """A text that holds names, and what else is known of the mail."""

    text: str
    folded: str
    source: str  # body | subject
    elsewhere: str  # folded: the subject for the body, the body for the subject
    sender: str  # folded: name and address
    _left: dict[int, _Side] = field(default_factory=dict, repr=False, compare=False)  # several places begin
    _right: dict[int, _Side] = field(default_factory=dict, repr=False, compare=False)  # or end where others do

    @cached_property
    def nouns(self) -> bool:
        """Whether a word for a pipeline, or for what may be one, can stand beside a place."""
        return _NOUN_IN.search(self.folded) is not None

    def left(self, at: int) -> _Side:
        """What stands before an offset."""
        side = self._left.get(at)
        if side is None:
            side = self._left[at] = _left(_before(self.folded, at), self.nouns)
        return side

    def right(self, at: int) -> _Side:
        """What stands behind an offset."""
        side = self._right.get(at)
        if side is None:
            side = self._right[at] = _right(_after(self.folded, at), self.nouns)
        return side


def signs(place: Place, around: Around, rule: float) -> list[str]:
    """What speaks for or against a place, each once; `rule` is the score that the wordings around it give."""
    left, right = around.left(place.start), around.right(place.end)
    own = [group + rest for group, rest in _own(place, around, rule, left, right)]
    return list(dict.fromkeys([*own, *left.signs, *right.signs]))


def chance(place: Place, around: Around, rule: float) -> tuple[float, bool]:
    """The chance that a place names the pipeline, and whether it stands right behind a word for something else.

    The same as that of its `signs`; those of a side are weighed once, however many places begin or end there.
    """
    left, right = around.left(place.start), around.right(place.end)
    groups = _groups()
    own = sum(
        [groups[group].get(rest, 0.0) for group, rest in _own(place, around, rule, left, right) if group in groups]
    )
    return logistic.chance(_LEARNT.weights[""] + own + left.weight + right.weight), left.other


def _own(place: Place, around: Around, rule: float, left: _Side, right: _Side) -> list[tuple[str, str]]:
    """The signs of the place itself, and of what it is beside what; none that is a side's. Each is what it begins with
    ("part=", or a way or shape before what it stands beside) and the rest of it: of dozens of places in a mail hardly
    one is a name, and of the signs that a place might have few have a weight, so that they are not written out."""
    words = around.text[place.start : place.end]
    folded = around.folded[place.start : place.end]
    kind = outline(words, _LONGEST_SHAPE)
    how, shape = place.how, kind[:4]
    out = [
        ("how=", f"{how},{around.source}"),
        ("shape=", kind),
        ("how=", f"{how},{shape}"),
        ("words=", str(min(5, words.count(" ") + 1))),
        ("count=", str(min(3, around.folded.count(folded)))),
        ("rule=", str(min(5, round(rule)))),
    ]
    if not words.isalnum():
        out += [("has=", mark) for mark in sorted(set(_NO_LETTER.findall(words)))]
    if not words.isascii():
        out.append(("has=", "accent"))
    out += [("part=", part[:_STEM]) for part in dict.fromkeys(_PART.findall(folded))]
    out += [("", sign) for sign in _beside_itself(folded, around, left, right)]
    near = (*left.near, *right.near)
    out += [(how, side) for side in near]
    if shape:
        out += [(shape, side) for side in (*near, *left.meaning, *right.meaning)]
    return out


def _beside_itself(folded: str, around: Around, left: _Side, right: _Side) -> Iterator[str]:
    """The signs of where else the words stand."""
    if folded in around.elsewhere:
        yield f"elsewhere,{around.source}"
    if folded in around.sender or (len(folded) > 5 and folded.replace(" ", "") in around.sender):
        yield "sender"
    if "-" in folded and " " not in folded and ordinary(folded):
        yield "ordinary"
    if left.near == ("<1",) and right.near == (">1",):
        yield "alone"


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, Mapping[str, float]]:
    """The weights by what their signs begin with ("part=", or a way or shape before what it stands beside)."""
    groups: dict[str, dict[str, float]] = {}
    for sign, weight in _LEARNT.weights.items():
        group = _GROUP.match(sign)
        at = group.end() if group else 0
        groups.setdefault(sign[:at], {})[sign[at:]] = weight
    return groups


def _before(folded: str, at: int) -> str:
    reach = folded[max(0, at - _REACH) : at]
    return reach[reach.rfind("\n") + 1 :]


def _after(folded: str, at: int) -> str:
    return folded[at : at + _REACH].partition("\n")[0]


@lru_cache(maxsize=128)  # before the first word of a line, for one, stands nothing
def _left(before: str, nouns: bool) -> _Side:
    words = _TOKEN.findall(before[-_CLOSE:])  # the first of these may be cut
    words = (words if len(words) > _NEAREST or len(before) <= _CLOSE else _TOKEN.findall(before))[-_NEAREST:]
    signs: list[str] = []
    for match in _NOUN.finditer(near := before[-45:]) if nouns else ():
        signs.append(f"noun<{match.lastgroup}")
        if len(near) - match.end() < 4:
            signs.append(f"next<{match.lastgroup}")
    if not _OTHERS.isdisjoint(words[-2:]):
        signs.append("other<1" if words[-1] in _OTHERS else "other<")
    return _side("<", words, words[-1] if words else "", " ".join(words[-2:]), signs)


@lru_cache(maxsize=128)
def _right(after: str, nouns: bool) -> _Side:
    words = _TOKEN.findall(after[:_CLOSE])  # the last of these may be cut
    words = (words if len(words) > _NEAREST or len(after) <= _CLOSE else _TOKEN.findall(after))[:_NEAREST]
    signs: list[str] = []
    for match in _NOUN.finditer(after[:25]) if nouns else ():
        signs.append(f"noun>{match.lastgroup}")
        if match.start() < 4:
            signs.append(f"next>{match.lastgroup}")
    return _side(">", words, words[0] if words else "", " ".join(words[:2]), signs)


def _side(mark: str, words: Sequence[str], nearest: str, two: str, more: Sequence[str]) -> _Side:
    weights, near = _LEARNT.weights, f"{mark}1{nearest}"
    if not words:
        return _Side((near,), (near,), (), weights.get(near, 0.0))
    seen = [mark + word[:_STEM] for word in words]
    seen += (near, f"{mark}2{two}")
    means: tuple[str, ...] = ()
    if sense := meaning(nearest):
        means = (f"{mark}m={sense}",)
        seen += means
    if not ENVIRONMENTS.isdisjoint(words):
        seen.append(f"place{mark}")
    seen += more
    once = tuple(dict.fromkeys(seen))
    weight = sum([weights[sign] for sign in once if sign in weights])
    return _Side(once, (near,), means, weight, "other<1" in more)
