"""A mail as the checks for automatic mail see it. In: the MIME tree, the header, the text. Out: a `Seen`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.message import absence, quote
from mailbot.message.bounce import Report
from mailbot.message.machine_marks import local_part, takes_no_answer
from mailbot.message.mime import Entity
from mailbot.message.model import Part

Headers = Mapping[str, Sequence[str]]
_OWN_PARTS = (Part.NEW, Part.SIGNATURE, Part.DISCLAIMER, Part.BLANK)


@dataclass(frozen=True)
class Seen:
    """A mail as the checks see it."""

    headers: Headers
    text: str
    report: Report
    own: bool
    calendar: str  # METHOD of a text/calendar part, upper case; "" when there is none

    @classmethod
    def of(
        cls,
        tree: Entity,
        raw: bytes,
        headers: Headers,
        text: str,
        report: Report,
        own: Callable[[Headers], bool] | None,
    ) -> Seen:
        return cls(headers, text[:8000], report, bool(own and own(headers)), _calendar_method(tree, raw))

    def one(self, name: str) -> str:
        values = self.headers.get(name)
        return values[0] if values else ""

    def words(self, name: str) -> str:
        """All values of a field in lower case."""
        return " ".join(self.headers.get(name, ())).lower()

    @cached_property
    def subject(self) -> str:
        return self.one("subject")

    @cached_property
    def local(self) -> str:
        """The sender's address before the @."""
        return local_part(self.one("from")).lower()

    @cached_property
    def takes_no_answer(self) -> bool:
        """A no-reply sender that names no other address for answers."""
        return takes_no_answer(self.local) and takes_no_answer(self.one("reply-to") or self.local)

    @cached_property
    def answers(self) -> bool:
        """It answers another mail."""
        return bool(self.headers.get("in-reply-to") or self.headers.get("references")) or absence.is_reply(self.subject)

    @cached_property
    def said(self) -> str:
        """The sender's own words, with signature and small print."""
        hints = quote.Hints(subject=self.subject)
        lines = quote.split(self.text, hints=hints)
        return "\n".join(line.raw for line in lines if line.part in _OWN_PARTS).strip()

    def says(self, test: Callable[[str], bool]) -> bool:
        """Is it in the sender's own words? Those are only sought where it is in the text at all."""
        return test(self.text) and test(self.said)


def _calendar_method(tree: Entity, raw: bytes) -> str:
    for leaf in tree.leaves():
        if leaf.type in ("text/calendar", "application/ics"):
            method = leaf.params.get("method", "")
            if not method and (found := re.search(rb"(?im)^METHOD:([A-Z-]{3,20})", leaf.content(raw, 20_000))):
                method = found.group(1).decode("ascii")
            return method.upper() or "PUBLISH"
    return ""
