"""The finders of narratives, one after the other, for the fields that the pack has.

In: a Doc. Out: at most one Found for each narrative. They look at the same sentences, which are cut and judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import (
    description,
    error_message,
    evidence,
    expected_vs_actual,
    integration_logic,
    justification,
    prior_analysis,
    request,
    response,
    steps_to_reproduce,
    title,
)

NARRATIVES: dict[str, Callable[[Doc, RulePack, Context], Iterable[Found | Rejected]]] = {
    "description": description.find,
    "error_message": error_message.find,
    "expected_vs_actual": expected_vs_actual.find,
    "prior_analysis": prior_analysis.find,
    "integration_logic": integration_logic.find,
    "justification": justification.find,
    "title": title.find,
    "steps_to_reproduce": steps_to_reproduce.find,
    "evidence": evidence.find,
    "request": request.find,
    "response": response.find,
}


def find(doc: Doc, pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """What the narratives' finders say, for those fields that the pack knows."""
    for name, finder in NARRATIVES.items():
        if name in pack.fields:
            yield from finder(doc, pack, context)
