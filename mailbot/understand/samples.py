"""Runs the samples that stand in a pack beside its families, fields and kinds: what must be found, what must not.

In: a pack. Out: the samples that fail, each with what was found instead. A field's sample is a sentence of a mail, a
kind's sample a whole first mail; `no` samples are near misses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from mailbot.message.model import Line, Message, Part
from mailbot.rules.pack import Family, FieldRule, KindRule, RulePack, Samples
from mailbot.understand.facts import Context, Facts
from mailbot.understand.text import fold
from mailbot.understand.understand import understand

_NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday: samples may say "yesterday"


@dataclass(frozen=True, slots=True)
class Failure:
    rule: str  # "kinds.incident", "fields.pipeline", "families.no_workaround"
    language: str
    text: str
    wanted: bool  # it was to be found
    got: str


def run_samples(pack: RulePack) -> list[Failure]:
    """All samples of a pack that do not come out as they should."""
    return [*_families(pack), *_fields(pack), *_kinds(pack)]


def count(pack: RulePack) -> int:
    """How many samples a pack has."""
    rules: list[Family | FieldRule | KindRule] = [
        *pack.families.values(),
        *pack.fields.values(),
        *pack.kinds.values(),
    ]
    return sum(len(texts) for r in rules for part in (r.samples.yes, r.samples.no) for texts in part.values())


def _each(samples: Samples) -> Iterable[tuple[bool, str, str]]:
    for wanted, said in ((True, samples.yes), (False, samples.no)):
        for language, texts in said.items():
            for text in texts:
                yield wanted, language, text


def _families(pack: RulePack) -> Iterator[Failure]:
    book = pack.all_phrases()
    for name, family in pack.families.items():
        for wanted, language, text in _each(family.samples):
            hit = book.search(fold(text)).get(name)
            if (hit is not None) is not wanted:
                yield Failure(f"families.{name}", language, text, wanted, f'"{hit.words}"' if hit else "nothing")


def _fields(pack: RulePack) -> Iterator[Failure]:
    for name, field in pack.fields.items():
        for wanted, language, text in _each(field.samples):
            facts = _read(pack, text, language)
            value = facts.fields.get(name)
            if (value is not None) is not wanted:
                got = value.evidence or value.value if value else "nothing"
                yield Failure(f"fields.{name}", language, text, wanted, got)


def _kinds(pack: RulePack) -> Iterator[Failure]:
    for name, kind in pack.kinds.items():
        for wanted, language, text in _each(kind.samples):
            got = _read(pack, text, language).kind
            if (got.value == name) is not wanted:
                yield Failure(f"kinds.{name}", language, text, wanted, f"{got.value}: {got.reason}")


def _read(pack: RulePack, text: str, language: str) -> Facts:
    lines, at = [], 0
    for raw in text.split("\n"):
        lines.append(Line(at, raw, Part.NEW if raw.strip() else Part.BLANK))
        at += len(raw) + 1
    message = Message(None, (), (), (), (), "", _NOON, _NOON, text=text)
    return understand(message, lines, pack, Context(language=language))
