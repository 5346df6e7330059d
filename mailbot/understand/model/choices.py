"""One of several, learnt: the kind of a mail, its priority. Signs are weighed for each; the heaviest is likeliest.

In: signs with how strongly each shows. Out: choice -> probability. The weights lie in a JSON file, pack -> choice ->
sign -> weight, made by train.py; a pack that is not there, or whose choices are others, was learnt nothing about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from mailbot.understand.logistic import read

Tables = Mapping[str, Mapping[str, Mapping[str, float]]]  # the sign "" is the bias
SCALE = 4.0  # brings weights and logits to the size of signs that are there or not
_FEWEST = 0.05  # chance below which a label is as good as not there


class Choices:
    """What was learnt of one question, read when it is first asked."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def _tables(self) -> Tables:
        tables: Tables = read(self.file)
        return tables

    def chances(self, pack: str, choices: Iterable[str], seen: Mapping[str, float]) -> dict[str, float] | None:
        """Choice -> probability, or None for a pack that nothing was learnt about."""
        table = self._tables.get(pack)
        if table is None or set(table) != set(choices):
            return None
        totals = weighed(table, seen)
        top = max(totals.values())
        shares = {choice: math.exp(total - top) for choice, total in totals.items()}
        return {choice: share / sum(shares.values()) for choice, share in shares.items()}


def weighed(table: Mapping[str, Mapping[str, float]], seen: Mapping[str, float]) -> dict[str, float]:
    """Choice -> what speaks for it, by the weights of one pack."""
    return {
        choice: weights[""] + sum([weights[name] * value for name, value in seen.items() if name in weights])
        for choice, weights in table.items()
    }


def of_labels(chances: Mapping[str, float]) -> dict[str, float]:
    """The signs of what a mail's sentences say: label -> its likeliest sentence's chance."""
    found = {}
    for label, chance in chances.items():
        if chance > _FEWEST:
            chance = min(chance, 1 - 1e-4)
            found[f"label {label}"] = (math.log(chance / (1 - chance)) - math.log(_FEWEST / (1 - _FEWEST))) / SCALE
    return found
