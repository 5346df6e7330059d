"""What kind of request a ticket is: the pack's clues are weighed, and the heaviest kind wins, with its reasons.

In: signals, the fields known, the pack, the context. Out: a `Guess`. Of a first mail, what was learnt from many mails
(model/kinds.py) settles what the clues leave close. A ticket keeps its kind unless a later mail speaks
clearly for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailbot.rules.pack import Clue, KindRule, RulePack
from mailbot.understand.facts import Context, Guess
from mailbot.understand.model import kinds
from mailbot.understand.signals import Signals

INERTIA = 2.0  # what an earlier kind has ahead of the others
GROUNDED = 1.5  # weight from which an earlier kind stood on what was said, and not on there being nothing else
CLOSE = 1.0  # weight by which the clues of a kind are ahead of the next below which what was learnt settles it
CLEAR = 5.0  # from which nothing else need be asked; between the two, what was learnt must be sure
LEARNT = 0.9  # chance from which it is
SURE = 0.6  # chance from which a label of a later mail may turn a ticket into another kind


@dataclass(frozen=True, slots=True)
class Heard:
    """The signals of a ticket: of all its mails, of those before this one, of this one alone."""

    all: Signals
    before: Signals
    now: Signals


def guess(heard: Heard, fields: Mapping[str, str], pack: RulePack, context: Context) -> Guess:
    """The kind of the ticket after this mail."""
    held = context.kind if context.kind in pack.kinds else None
    if held and "kind" in context.locked:
        return Guess(held, "set by a person")
    if held and pack.kinds[held].stays:
        return Guess(held, "the ticket is of this kind, which stays")
    scores: dict[str, float] = {}
    clues: dict[str, list[Clue]] = {}
    for name, rule in pack.kinds.items():
        scores[name], clues[name] = score(rule, heard.all, fields, context.role)
    rounded = {name: round(value, 2) for name, value in scores.items()}
    ahead = sorted((0.0, 0.0, *scores.values()), reverse=True)
    lead = ahead[0] - ahead[1]
    open_still = held is None and lead < CLEAR
    learnt = kinds.chances(pack.name, pack.kinds, seen(heard.all, rounded, context.role)) if open_still else None
    if learnt and (lead < CLOSE or max(learnt.values()) >= LEARNT):
        best = max(learnt, key=lambda name: learnt[name])
        reasons = [heard.all.reason(clue, fields, context.role) for clue in clues[best][:4]]
        reasons.append(f"the mail as a whole reads so ({learnt[best]:.2f})")
        return Guess(best, "; ".join(dict.fromkeys(reasons)), learnt[best], rounded)
    open_kinds = _open(held, heard, fields, pack, context)
    if held:
        scores[held] += INERTIA
    best = max(open_kinds, key=lambda name: scores[name])
    if scores[best] <= 0 and pack.fallback_kind in scores:
        best = held or pack.fallback_kind
    margin = scores[best] - max((value for name, value in scores.items() if name != best), default=0.0)
    reasons = [heard.all.reason(clue, fields, context.role) for clue in clues[best][:4]]
    if best == held:
        reasons.append("the ticket is of this kind")
    reason = "; ".join(dict.fromkeys(reasons)) or "nothing speaks for another kind"
    return Guess(best, reason, max(0.0, min(1.0, 0.5 + margin / 6)), rounded)


def seen(signals: Signals, scores: Mapping[str, float], role: str) -> dict[str, float]:
    """What the learnt part weighs (model/kinds.py)."""
    said = {label: said.weight for label, said in signals.labels.items()}
    return kinds.signs(scores, said, signals.kinds, role)


def _open(held: str | None, heard: Heard, fields: Mapping[str, str], pack: RulePack, context: Context) -> Sequence[str]:
    """The kinds that a ticket may be of after this mail: any at first, and while the held one stands on nothing."""
    if held is None or score(pack.kinds[held], heard.before, fields, context.role)[0] < GROUNDED:
        return tuple(pack.kinds)
    open_kinds = [held]
    for name, rule in pack.kinds.items():
        said = any(_says(heard.now, sign) for sign in rule.takes_over)
        if name != held and (said or (name == pack.escalation_kind and context.role == "escalate")):
            open_kinds.append(name)
    return open_kinds


def _says(now: Signals, sign: str) -> bool:
    label = now.labels.get(sign)
    return sign in now.families or (label is not None and label.weight >= SURE)


def score(rule: KindRule, signals: Signals, fields: Mapping[str, str], role: str) -> tuple[float, list[Clue]]:
    """The weight of a kind, and the clues that speak for it, the heaviest first."""
    weighed = signals.weighed(rule.clues, fields, role)
    total = rule.bias + sum(weight for weight, _ in weighed)
    return total, [clue for weight, clue in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]
