"""What kind of request a first mail is, learnt: the weighed clues of the pack, together with what its sentences say.

In: each kind's weight by the pack's clues, the likeliest sentence of each label, the mailbox. Out: kind -> probability.
The clues stay the reasons that are told; this settles what they leave close. `kinds.json` (train.py) holds the numbers
for each pack; a pack that is not there, or whose kinds are others, goes by its clues alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mailbot.understand.model.choices import SCALE, Choices, of_labels

FILE = Path(__file__).with_name("kinds.json")
_LEARNT = Choices(FILE)


def signs(
    scores: Mapping[str, float], chances: Mapping[str, float], whole: Mapping[str, float], role: str
) -> dict[str, float]:
    """What is weighed, by name. `scores`: kind -> weight of its clues; `chances`: label -> its likeliest sentence's;
    `whole`: kind -> what the sentences say together (model.whole)."""
    best = max(scores, key=lambda name: scores[name])
    found = {f"score {name}": max(-10.0, min(12.0, value)) / SCALE for name, value in scores.items()}
    found |= {f"whole {name}": whole[name] / SCALE for name in scores if name in whole}
    return found | {f"best {best}": 1.0, f"role {role}": 1.0} | of_labels(chances)


def chances(pack: str, kinds: Iterable[str], seen: Mapping[str, float]) -> dict[str, float] | None:
    """Kind -> probability, or None for a pack that nothing was learnt about."""
    return _LEARNT.chances(pack, kinds, seen)
