"""Which required fields are still open, which of them are worth asking, and which were declined for good.

In: the pack, the kind, what is known. Out: an `Open`. A field that the customer does not have is asked once more, with
the hint where to find it; declined after that hint, it is accepted as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailbot.rules.pack import RulePack
from mailbot.tickets.model import FieldValue


@dataclass(frozen=True, slots=True)
class Open:
    """`missing`: required and not given, declined ones included. `ask`: those to be asked. In the kind's order."""

    missing: tuple[str, ...]
    ask: tuple[str, ...]
    accepted: tuple[str, ...]  # declined after the hint was given
    optional: tuple[str, ...]  # "if applicable" and not given


def open_fields(
    pack: RulePack,
    kind: str | None,
    fields: Mapping[str, FieldValue],
    declined: Mapping[str, str],
    asked: Mapping[str, int],
) -> Open:
    """What is still open on a ticket of this kind."""
    missing = tuple(name for name in pack.required(kind) if name not in fields)
    accepted = tuple(name for name in missing if name in declined and asked.get(name, 0) > 0)
    rule = pack.kinds.get(kind or "")
    optional = tuple(n for n in rule.optional if n not in fields and n not in declined) if rule else ()
    return Open(missing, tuple(name for name in missing if name not in accepted), accepted, optional)
