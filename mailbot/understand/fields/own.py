"""Slots that a pack has made up itself: no finder knows them, their names, labels and closed lists are all there is.

In: what the labelled lines and the answers gave for such a field, and the mail. Out: its value: the option of a closed
list that the words name, or the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from mailbot.rules.pack import FieldRule, RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Found
from mailbot.understand.fields.values import SLOTS
from mailbot.understand.text import fold

MOST_WORDS = 12  # of an open value: more is a story
IN_PROSE = 0.6  # confidence of an option that is only named in running text
_LABEL = re.compile(r"^[^:=\n]{1,60}[:=]\s*")
_LEAD = re.compile(
    r"^(?:(?:e|eh|é|es|is|it's|it is|o|a|el|la|the|our|nosso|nuestro|sim|yes|si)\b[\s,:]*)+", re.IGNORECASE
)


def own_slots(pack: RulePack) -> dict[str, FieldRule]:
    """The slots of a pack that no finder knows."""
    return {name: rule for name, rule in pack.fields.items() if rule.type == "slot" and name not in SLOTS}


def with_values(found: Iterable[Found], doc: Doc, pack: RulePack) -> list[Found]:
    """The same findings with real values for the pack's own slots; what holds no value is left out."""
    own = own_slots(pack)
    if not own:
        return list(found)
    result: list[Found] = []
    for item in found:
        if item.field not in own:
            result.append(item)
        elif value := read(own[item.field], item.evidence.text, labelled=not item.answer):
            result.append(replace(item, value=value))
    given = {item.field for item in result}
    for name, rule in own.items():
        if name not in given and rule.values and (place := named(rule, doc.prose)):
            value, start, end = place
            result.append(Found(name, value, doc.evidence(start, end), "own", IN_PROSE))
    return result


def read(rule: FieldRule, text: str, *, labelled: bool) -> str | None:
    """The value in words that are given as one; None when they name no option, or tell a story."""
    if labelled:
        text = _LABEL.sub("", text.strip())
    if rule.values:
        place = named(rule, fold(text))
        return place[0] if place else None
    line = _LEAD.sub("", text.strip().split("\n")[0].strip()).strip(" .,;\"'")
    return line if line and len(line.split()) <= MOST_WORDS else None


def named(rule: FieldRule, folded: str) -> tuple[str, int, int] | None:
    """The option of a closed list that a folded text names first, and where."""
    best: tuple[str, int, int] | None = None
    for value, said in rule.values.items():
        wordings = [w for texts in said.values() for w in texts] or [value]
        for wording in wordings:
            match = re.search(rf"(?<!\w){re.escape(fold(wording))}(?!\w)", folded)
            if match and (best is None or match.start() < best[1]):
                best = value, match.start(), match.end()
    return best
