"""Weighed sums of signs, and the probability that such a sum stands for: what every learnt part of this room ends in.

In: signs, and weights by sign. Out: a logit, a probability. Logits beyond 30 say no more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

_EDGE = 6.0
Weights = Mapping[str, float]  # sign -> weight; the sign "" is the bias


def chance(logit: float) -> float:
    """The probability, 0..1, of a logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def logit(likely: float) -> float:
    """The logit of a probability, within -6..6: beyond, it says no more."""
    likely = min(max(likely, 1e-6), 1 - 1e-6)
    return max(-_EDGE, min(_EDGE, math.log(likely / (1 - likely))))


def strength(likely: float) -> int:
    """A probability as one of nine strengths, -4 to 4: for a sign that tells it."""
    return max(-4, min(4, round(logit(likely) / 1.5)))


def weighed(weights: Weights, signs: Iterable[str]) -> float:
    """The logit of some signs; those without a weight say nothing."""
    return weights[""] + sum(filter(None, map(weights.get, signs)))


def read(file: Path) -> Any:
    """A JSON file of weights. They are written with few digits: equal ones are one number in memory."""
    return json.loads(file.read_text(encoding="utf-8"), parse_float=cache(float))


class Learnt:
    """The weights that lie in one JSON file, read when they are first needed."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def weights(self) -> Weights:
        """All of them."""
        weights: Weights = read(self._file)
        return weights

    def chance(self, signs: Iterable[str]) -> float:
        """The probability, 0..1, of what these signs speak for."""
        return chance(weighed(self.weights, signs))
