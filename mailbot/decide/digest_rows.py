"""A ticket as digests and their charts see it: a value made by the store, no more columns than they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket. `missing_first`: the fields that its first request asked for."""

    number: int
    subject: str
    state: str
    opened: datetime
    kind: str | None = None
    priority: int | None = None
    team: str | None = None
    assignee: str | None = None
    customer: str | None = None
    rounds: int = 0
    missing_first: tuple[str, ...] = ()
    engineer_reply_at: datetime | None = None
    resolved_at: datetime | None = None
    answer: str | None = None  # to the survey
    answered_at: datetime | None = None
