"""What kind of request a ticket is: the pack's clues are weighed, and the heaviest kind wins, with its reasons.

In: signals, the fields known, the pack, the context. Out: a `Guess`. A ticket keeps its kind unless a later mail speaks
clearly for another.
"""

from __future__ import annotations

from collections.abc import Mapping

from mailbot.rules.pack import KindRule, RulePack
from mailbot.understand.facts import Context, Guess
from mailbot.understand.signals import Signals

INERTIA = 3.0  # what an earlier kind has ahead of the others


def guess(signals: Signals, fields: Mapping[str, str], pack: RulePack, context: Context) -> Guess:
    """The kind of the ticket after this mail."""
    if "kind" in context.locked and context.kind in pack.kinds:
        return Guess(context.kind, "set by a person")
    scores: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for name, rule in pack.kinds.items():
        scores[name], reasons[name] = score(rule, signals, fields, context.role)
    if context.kind in scores:
        scores[context.kind] += INERTIA
        reasons[context.kind].append("the ticket is of this kind")
    best = max(scores, key=lambda name: scores[name])
    if scores[best] <= 0 and pack.fallback_kind in scores:
        best = context.kind if context.kind in scores else pack.fallback_kind
    rest = [value for name, value in scores.items() if name != best]
    margin = scores[best] - max(rest, default=0.0)
    rounded = {name: round(value, 2) for name, value in scores.items()}
    reason = "; ".join(reasons[best][:4]) or "nothing speaks for another kind"
    return Guess(best, reason, max(0.0, min(1.0, 0.5 + margin / 6)), rounded)


def score(rule: KindRule, signals: Signals, fields: Mapping[str, str], role: str) -> tuple[float, list[str]]:
    """The weight of a kind and its reasons, the heaviest first."""
    total = rule.bias
    found: list[tuple[float, str]] = []
    for clue in rule.clues:
        weight, words = signals.weigh(clue, fields, role)
        if weight:
            total += weight
            found.append((weight, words))
    found.sort(key=lambda pair: -pair[0])
    return total, [words for weight, words in found if weight > 0]
