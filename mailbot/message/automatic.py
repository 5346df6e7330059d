"""Was a mail sent by a machine? In: what is seen of it. Out: the class and the check that said so, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mailbot.message.bounce import Report
from mailbot.message.mime import Entity
from mailbot.message.model import Automated, AutomatedClass


@dataclass(frozen=True, slots=True)
class Seen:
    headers: Mapping[str, Sequence[str]]
    text: str
    report: Report
    own: bool

    @classmethod
    def of(
        cls,
        tree: Entity,
        headers: Mapping[str, Sequence[str]],
        text: str,
        report: Report,
        own: Callable[[Mapping[str, Sequence[str]]], bool] | None,
    ) -> Seen:
        return cls(headers, text, report, bool(own and own(headers)))


def judge(seen: Seen) -> Automated | None:
    for value in seen.headers.get("auto-submitted", ()):
        if value and not value.lower().startswith("no"):
            return Automated(AutomatedClass.AUTO_REPLY, f"Auto-Submitted: {value}")
    return None
