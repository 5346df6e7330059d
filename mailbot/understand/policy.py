"""Wishes that cut across kinds: to escalate, to hear how a ticket is going.

In: signals of the mail at hand alone. Out: yes or no, by the pack's signs `wants_escalation` and `wants_status`.
"""

from __future__ import annotations

from collections.abc import Mapping

from mailbot.rules.pack import RulePack
from mailbot.understand.priority import sign
from mailbot.understand.signals import Signals


def wants(what: str, signals: Signals, fields: Mapping[str, str], pack: RulePack, role: str) -> bool:
    """Whether the sign of a wish is there; False where the pack does not know it."""
    return what in pack.signs and bool(sign(what, signals, fields, pack, role))
