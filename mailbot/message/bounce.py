"""Delivery reports. In: the MIME tree and headers. Out: who could not be reached, for good or for now, and our mail's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailbot.message.mime import Entity
from mailbot.message.model import BouncedRecipient


@dataclass(frozen=True, slots=True)
class Report:
    recipients: tuple[BouncedRecipient, ...] = ()
    message_id: str | None = None


def read(tree: Entity, raw: bytes, headers: Mapping[str, Sequence[str]]) -> Report:
    """The report in a mail, empty when it is none."""
    return Report()
