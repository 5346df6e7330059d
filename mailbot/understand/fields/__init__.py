"""The field finders. Order is the list below: at equal confidence the earlier one wins.

Every finder is one module with a `find(doc, pack, context)` and a `name`; narratives have their own list, put behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import (
    component,
    country,
    device,
    endpoint,
    environment,
    identifiers,
    labelled,
    narratives,
    occurred_at,
    pipeline,
    project,
)

FinderFunction = Callable[[Doc, RulePack, Context], Iterable[Found | Rejected]]

FINDERS: tuple[FinderFunction, ...] = (
    labelled.find,
    identifiers.find,
    pipeline.find,
    project.find,
    environment.find,
    occurred_at.find,
    endpoint.find,
    device.find,
    country.find,
    component.find,
    narratives.find,
)
