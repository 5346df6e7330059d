"""How likely a sentence is about each part of the product, by all its words: what the lists of wordings leave open.

In: a folded sentence, and what the lists say of it. Out: its signs, and what speaks for each part, as a logit. The
weights (component_weights.json) are made by `python -m mailbot.understand.components_train`; they hold words, no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from mailbot.understand.logistic import Weights, read, weighed
from mailbot.understand.model.lexicon import meaning

FILE = Path(__file__).with_name("component_weights.json")
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_STEM = 5  # letters of a word that tell
_LONGEST = 60  # words of a sentence that are read
_SMALL_WORDS = """
de do da dos das del la las los el lo to of the for por an um uma un una en em in on at is es as os ao na no que and it
my we su se me te nos or ou
"""
_SMALL = frozenset(_SMALL_WORDS.split())


def signs(folded: str, listed: Mapping[str, float]) -> tuple[str, ...]:
    """The signs of a sentence; `listed`: part -> weight of the wordings of the pack's lists in it."""
    words = _WORD.findall(folded)[:_LONGEST]
    telling = [word for word in words if word not in _SMALL]
    out = [word[:_STEM] for word in telling]
    out += [word for word in telling if len(word) > _STEM]
    out += [f"{a[:_STEM]} {b[:_STEM]}" for a, b in pairwise(telling)]
    out += [f"m={sense}" for word in telling if (sense := meaning(word))]
    for part, weight in listed.items():
        out.append(f"list={part}")
        if weight > 1.2:
            out.append(f"lists={part}")
        if weight > 2.2:
            out.append(f"listed={part}")
    if telling and len(telling) < 4:
        out.append("short")
    return tuple(dict.fromkeys(out))


def logits(seen: Iterable[str], weights: Mapping[str, Weights]) -> dict[str, float]:
    """Part -> what speaks for it in a sentence with these signs."""
    seen = tuple(seen)
    return {part: weighed(table, seen) for part, table in weights.items()}


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Weights]:
    """Part -> sign -> weight; the sign "" is the bias."""
    weights: Mapping[str, Weights] = read(FILE)
    return weights
