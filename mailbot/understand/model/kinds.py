"""What kind of request a first mail is, learnt: the weighed clues of the pack, together with what its sentences say.

In: each kind's weight by the pack's clues, the likeliest sentence of each label, the mailbox. Out: kind -> probability.
The clues stay the reasons that are told; this settles what they leave close. `kinds.json` (train.py) holds the numbers
for each pack; a pack that is not there, or whose kinds are others, goes by its clues alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("kinds.json")
_SCALE = 4.0  # brings weights and logits to the size of the other signs
_FEWEST = 0.05  # chance below which a label is as good as not there


def signs(scores: Mapping[str, float], chances: Mapping[str, float], role: str) -> dict[str, float]:
    """What is weighed, by name. `scores`: kind -> weight of its clues; `chances`: label -> its likeliest sentence's."""
    best = max(scores, key=lambda name: scores[name])
    found = {f"score {name}": max(-10.0, min(12.0, value)) / _SCALE for name, value in scores.items()}
    found[f"best {best}"] = 1.0
    found[f"role {role}"] = 1.0
    for label, chance in chances.items():
        if chance > _FEWEST:
            chance = min(chance, 1 - 1e-4)
            found[f"label {label}"] = (math.log(chance / (1 - chance)) - math.log(_FEWEST / (1 - _FEWEST))) / _SCALE
    return found


def chances(pack: str, kinds: Iterable[str], seen: Mapping[str, float]) -> dict[str, float] | None:
    """Kind -> probability, or None for a pack that nothing was learnt about."""
    table = _tables().get(pack)
    if table is None or set(table) != set(kinds):
        return None
    totals = weighed(table, seen)
    top = max(totals.values())
    shares = {kind: math.exp(total - top) for kind, total in totals.items()}
    return {kind: share / sum(shares.values()) for kind, share in shares.items()}


def weighed(table: Mapping[str, Mapping[str, float]], seen: Mapping[str, float]) -> dict[str, float]:
    """Kind -> what speaks for it, by the weights of one pack."""
    return {
        kind: weights[""] + sum(weights[name] * value for name, value in seen.items() if name in weights)
        for kind, weights in table.items()
    }


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Pack -> kind -> sign -> weight; the sign "" is the bias."""
    read: Mapping[str, Mapping[str, Mapping[str, float]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read
