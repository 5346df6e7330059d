"""The one clock of the running program. Pure rooms are handed a time; only this module reads it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
