"""How likely a subject sums the matter up, judged by its words: signs, weighed.

In: a subject without the marks of replies. Out: its signs, and the chance, 0..1, that a careful reader takes it for a
title. The weights (title_weights.json) are made by `python -m mailbot.understand.titles_train`; they hold words only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from mailbot.understand import logistic
from mailbot.understand.model.features import words
from mailbot.understand.model.lexicon import meaning

FILE = Path(__file__).with_name("title_weights.json")
_LEARNT = logistic.Learnt(FILE)
LEAST = 0.25  # chance below which a subject is none, whatever it names
_MOST_WORDS = 30
_STEM = 6  # letters of a word that tell


def signs(subject: str, telling: int, state: bool) -> list[str]:
    """What speaks for or against a subject, each once; `telling`: how many of its words name anything; `state`: whether
    one says what becomes of it ("down", "não sai")."""
    return list(dict.fromkeys(_signs(subject, telling, state)))


def _signs(subject: str, telling: int, state: bool) -> Iterator[str]:
    tokens = words(subject)[:_MOST_WORDS]
    senses = [sense for token in tokens if (sense := meaning(token))]
    yield from (f"w={token[:_STEM]}" for token in tokens)
    yield from (f"p={one[:_STEM]} {other[:_STEM]}" for one, other in pairwise(["^", *tokens, "$"]))
    yield from (f"m={sense}" for sense in senses)
    yield from (f"mm={one} {other}" for one, other in pairwise(["^", *senses, "$"]))
    yield f"telling={min(telling, 8)}"
    yield f"state={state}"
    yield f"telling={min(telling, 4)},state={state}"
    yield f"words={min(len(tokens), 12)}"
    yield f"unknown={min(len(tokens) - len(senses), 6)}"
    if subject.rstrip().endswith("?"):
        yield "question"
    if subject.isupper():
        yield "capitals"
    if any(token[0] == "<" for token in tokens):
        yield "shape"


def chance(seen: Iterable[str]) -> float:
    """The chance that a subject with these signs sums the matter up."""
    return _LEARNT.chance(seen)
