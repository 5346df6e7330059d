"""Helpers for the tests of slots: what one finder, or all of them, make of a few words."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from mailbot.message.model import Address, Message
from mailbot.message.quote import split
from mailbot.rules.pack import RulePack, load_packs
from mailbot.tickets.model import FieldValue
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import (
    component,
    country,
    device,
    endpoint,
    environment,
    identifiers,
    labelled,
    occurred_at,
    pipeline,
    project,
)
from mailbot.understand.model.around import setting

RULES = Path(__file__).resolve().parents[3] / "rules"
THURSDAY = "2026-11-05T08:47:00-03:00"
FINDERS = (labelled, identifiers, pipeline, project, environment, occurred_at, endpoint, device, country, component)


@cache
def packs() -> dict[str, RulePack]:
    return load_packs(RULES)


def doc(body: str, subject: str = "", date: str = THURSDAY, pack: str = "digibee") -> Doc:
    when = datetime.fromisoformat(date)
    ana = (Address("ana@cliente.example", "Ana"),)
    message = Message("<1@cliente.example>", ana, (), (), (), subject, when, when, text=body, text_source="plain")
    return build(message, split(body), setting(pack, "support", False))


def holding(**values: str) -> Context:
    """The context of a ticket that holds these values."""
    return Context(fields={name: FieldValue(value, value, "test", 0.9) for name, value in values.items()})


def items(
    body: str, subject: str = "", date: str = THURSDAY, pack: str = "digibee", context: Context | None = None
) -> list[Found | Rejected]:
    mail = doc(body, subject, date, pack)
    return [item for finder in FINDERS for item in finder.find(mail, packs()[pack], context or Context())]


def slots(
    body: str, subject: str = "", date: str = THURSDAY, pack: str = "digibee", context: Context | None = None
) -> dict[str, str]:
    """The best value of every field, as understand.merge chooses within a mail."""
    best: dict[str, Found] = {}
    for item in items(body, subject, date, pack, context):
        if isinstance(item, Found):
            rival = best.get(item.field)
            if rival is None or (item.answer, item.confidence) > (rival.answer, rival.confidence):
                best[item.field] = item
    return {name: item.value for name, item in best.items()}


def why_not(body: str, field: str, pack: str = "digibee", context: Context | None = None) -> list[str]:
    """The reasons for which candidates of a field were not taken."""
    found = items(body, pack=pack, context=context)
    return [item.why for item in found if isinstance(item, Rejected) and item.field == field]
