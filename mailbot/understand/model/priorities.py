"""How urgent a mail is, learnt: what the pack's rules say of it, with their signs and what its sentences say.

In: the priority by the rules, the weight of each sign of the pack, the likeliest sentence of each label, environment,
kind. Out: priority -> probability. The rules stay the reasons that are told; this corrects them where many mails of
that sort were read otherwise. `priorities.json` (train.py) holds the numbers for each pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mailbot.understand.model.choices import SCALE, Choices, of_labels

FILE = Path(__file__).with_name("priorities.json")
_LEARNT = Choices(FILE)


def signs(
    ruled: str,
    weights: Mapping[str, float],
    chances: Mapping[str, float],
    whole: Mapping[str, float],
    environment: str,
    kind: str,
) -> dict[str, float]:
    """What is weighed, by name.

    `ruled`: priority by the rules; `weights`: sign -> weight of its clues; `chances`: label -> its likeliest
    sentence's; `whole`: priority -> what the sentences say together (model.whole).
    """
    found = {f"sign {name}": max(-1.0, min(3.0, value)) for name, value in weights.items()}
    found |= {f"rule {ruled}": 1.0, f"in {environment}": 1.0, f"kind {kind}": 1.0}
    found[f"rule {ruled} in {environment}"] = 1.0
    found[f"kind {kind} in {environment}"] = 1.0
    found |= {f"whole {name}": value / SCALE for name, value in whole.items()}
    return found | of_labels(chances)


def chances(pack: str, priorities: Iterable[str], seen: Mapping[str, float]) -> dict[str, float] | None:
    """Priority -> probability, or None for a pack that nothing was learnt about."""
    return _LEARNT.chances(pack, priorities, seen)
