"""Small things that are written beside mail: notes on the timeline, things done once, whose turn it was.

In: words, keys. Out: whether it was new.
"""

from __future__ import annotations

from sqlalchemy import select

from mailbot.store.base import Part, insert_new
from mailbot.store.models import Event, Rotation

_E = Event.__table__  # type: ignore[attr-defined]
_R = Rotation.__table__  # type: ignore[attr-defined]


class NotePart(Part):
    """Notes and turns."""

    def note(self, ticket: int | None, event: str, text: str, *, reason: str = "", actor: str = "mailbot") -> None:
        """A line on a ticket's timeline, or on nobody's (None): what operators can look up."""
        self.note_once(None, ticket, event, text, reason=reason, actor=actor)

    def note_once(
        self, key: str | None, ticket: int | None, event: str, text: str, *, reason: str = "", actor: str = "mailbot"
    ) -> bool:
        """The same, but only the first time for a `key` ("sla:12:first-reply"). False when it was there."""
        row = {
            "key": key,
            "ticket": ticket,
            "at": self.clock(),
            "event": event,
            "text": text,
            "reason": reason,
            "actor": actor,
        }
        with self.db.write("note") as connection:
            made = insert_new(_E, self.db.sqlite).returning(_E.c.id)
            return connection.execute(made, row).first() is not None

    def assigned_last(self) -> dict[str, str]:
        """Team → engineer who got its last ticket."""
        with self.db.read() as connection:
            return {row.team: row.last for row in connection.execute(select(_R.c.team, _R.c.last))}
