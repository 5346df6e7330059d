"""What matching needs to ask of the store. Five questions, so that a test answers them with two dictionaries.

The store implements `Lookup`; nothing here touches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from mailbot.tickets.model import Ticket


class Lookup(Protocol):
    """Answers from what is stored; all of them are reads inside the caller's transaction."""

    def tickets_of(self, message_ids: Sequence[str]) -> Mapping[str, int]:
        """Message-ID (with <>) -> ticket number, for incoming mails that lie on a ticket and for mails that we sent."""
        ...

    def ticket(self, number: int) -> Ticket | None:
        """The ticket as it stands (merged tickets too: their `merged_into` says where they went)."""
        ...
