"""Helpers of the understanding tests: a mail from a few words, a pack, what was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from mailbot.message.model import Address, Line, Message, Part
from mailbot.message.quote import split
from mailbot.rules.pack import RulePack, load_packs
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context, Facts
from mailbot.understand.model.around import setting
from mailbot.understand.understand import understand

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@lru_cache(maxsize=1)
def packs() -> dict[str, RulePack]:
    return load_packs(ROOT / "rules")


def mail(body: str, subject: str = "") -> Message:
    return Message("<1@x>", (Address("ann@office.example", "Ann"),), (), (), (), subject, NOW, NOW, text=body)


def doc(body: str, subject: str = "") -> Doc:
    return build(mail(body, subject), split(body), setting("digibee", "support", False))


def plain_lines(body: str, *, forwarded_from: int | None = None) -> tuple[Line, ...]:
    lines, at = [], 0
    for number, raw in enumerate(body.split("\n")):
        part = Part.FORWARDED if forwarded_from is not None and number >= forwarded_from else Part.NEW
        lines.append(Line(at, raw, part if raw.strip() else Part.BLANK))
        at += len(raw) + 1
    return tuple(lines)


def read(body: str, subject: str = "", pack: str = "digibee", context: Context | None = None) -> Facts:
    return understand(mail(body, subject), split(body), packs()[pack], context or Context())
