"""How urgent a ticket is: the pack's signs are looked for, and the first rule whose conditions hold decides.

In: signals, fields, kind, the pack. Out: a `Guess` "1".."4", or None where the pack does not judge it. What was learnt
from many mails (model/priorities.py) corrects the rules where it is sure, in packs that allow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mailbot.rules.pack import Clue, PriorityRule, RulePack
from mailbot.understand.facts import Context, Guess
from mailbot.understand.model import priorities
from mailbot.understand.signals import Signals

ALL = ("1", "2", "3", "4")
SURE = 0.7  # chance of another priority from which the rules are corrected,
SURER = 0.99  # and where words that the mail says decided them: "we get by", "all of it is down"
Weighed = Mapping[str, Sequence[tuple[float, Clue]]]  # sign -> its clues that count, with how much
HIGHEST = "1"  # wakes somebody up: only the rules give it


def guess(signals: Signals, fields: Mapping[str, str], kind: str | None, pack: RulePack, context: Context) -> Guess:
    """The priority of the ticket after this mail."""
    if "priority" in context.locked and context.priority is not None:
        return Guess(str(context.priority), "set by a person")
    weighed = weigh(signals, fields, pack, context.role)
    ruled, by_words = _ruled(weighed, signals, fields, kind, pack, context.role)
    if ruled.value is None or not pack.learnt_priorities:
        return ruled
    learnt = priorities.chances(pack.name, ALL, seen(weighed, signals, fields, kind, ruled.value))
    if learnt is None:
        return ruled
    open_ones = [name for name in ALL if name != HIGHEST or ruled.value == HIGHEST]
    best = max(open_ones, key=lambda name: learnt[name])
    if best == ruled.value or learnt[best] < (SURER if by_words else SURE):
        return Guess(ruled.value, ruled.reason, learnt[ruled.value], learnt)
    reason = f"{ruled.reason}; yet the mail as a whole reads like {best} ({learnt[best]:.2f})"
    return Guess(best, reason, learnt[best], learnt)


def weigh(signals: Signals, fields: Mapping[str, str], pack: RulePack, role: str) -> Weighed:
    """The clues of every sign of the pack that count here, with how much."""
    return {name: signals.weighed(clues, fields, role) for name, clues in pack.signs.items()}


def by_rules(
    weighed: Weighed, signals: Signals, fields: Mapping[str, str], kind: str | None, pack: RulePack, role: str
) -> Guess:
    """The priority by the pack's rules alone."""
    return _ruled(weighed, signals, fields, kind, pack, role)[0]


def _ruled(
    weighed: Weighed, signals: Signals, fields: Mapping[str, str], kind: str | None, pack: RulePack, role: str
) -> tuple[Guess, bool]:
    """The same, and whether words of the mail decided it."""
    told = ((name, _told(name, clues, signals, fields, role)) for name, clues in weighed.items())
    signs = {name: said for name, said in told if said}
    for rule in pack.priorities:
        if holds(rule, signs, fields, kind):
            words = [signs[name] for name in (*rule.signs, *rule.any_sign) if name in signs]
            return Guess(str(rule.priority), "; ".join([rule.reason, *words]).strip("; ")), bool(words)
    default = pack.kinds[kind].default_priority if kind in pack.kinds else None
    default = default if default is not None else pack.default_priority
    return Guess(str(default) if default is not None else None, "the kind's usual priority"), False


def seen(
    weighed: Weighed, signals: Signals, fields: Mapping[str, str], kind: str | None, ruled: str
) -> dict[str, float]:
    """What the learnt part weighs (model/priorities.py)."""
    weights = {name: sum([weight for weight, _ in clues], 0.0) for name, clues in weighed.items()}
    said = {label: said.weight for label, said in signals.labels.items()}
    return priorities.signs(ruled, weights, said, signals.priorities, fields.get("environment", "unknown"), kind or "")


def sign(name: str, signals: Signals, fields: Mapping[str, str], pack: RulePack, role: str) -> str:
    """The words that show a sign; "" when its clues do not reach a weight of one."""
    return _told(name, signals.weighed(pack.signs[name], fields, role), signals, fields, role)


def _told(
    name: str, clues: Sequence[tuple[float, Clue]], signals: Signals, fields: Mapping[str, str], role: str
) -> str:
    if sum([weight for weight, _ in clues]) < 1:
        return ""
    words = [signals.reason(clue, fields, role) for weight, clue in clues if weight > 0]
    return f"{name}: {', '.join(words[:2])}"


def holds(rule: PriorityRule, signs: Mapping[str, str], fields: Mapping[str, str], kind: str | None) -> bool:
    """Whether all conditions of a rule hold."""
    if rule.kind and kind not in rule.kind:
        return False
    if rule.environment and fields.get("environment", "unknown") not in rule.environment:
        return False
    if any(name not in signs for name in rule.signs) or any(name in signs for name in rule.without):
        return False
    return not rule.any_sign or any(name in signs for name in rule.any_sign)
