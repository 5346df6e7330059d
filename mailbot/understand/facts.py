"""What was understood from one mail: values with the words they came from, and what was rejected and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailbot.tickets.model import FieldValue, Question


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a value came from. `source`: body | subject | attachment | history; offsets into that text."""

    text: str
    source: str = "body"
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Found:
    """One value that one finder found. Narratives have the value "present"."""

    field: str
    value: str
    evidence: Evidence
    finder: str
    confidence: float = 1.0  # 0..1; the highest wins, a later one at equal confidence replaces an earlier one
    answer: bool = False  # given as the answer to our question, or as a correction: replaces what was there


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that looked like a value and was not taken."""

    field: str
    text: str
    finder: str
    why: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A choice among several with the reason. `scores`: option -> score, for `mailbot explain`."""

    value: str | None
    reason: str
    confidence: float = 1.0
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the mail itself when it is understood."""

    role: str = "support"  # of the mailbox: support | escalate
    language: str | None = None  # the ticket's, from the directory or an earlier mail
    kind: str | None = None
    priority: int | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    declined: Mapping[str, str] = field(default_factory=dict)
    heard: tuple[str, ...] = ()  # earlier new texts of the customers on this ticket, oldest first
    asked: tuple[Question, ...] = ()  # questions of our last request
    asked_before: Mapping[str, int] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    design_phase: bool = False  # the directory: this customer has a project team


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything understood from one mail, merged with what the ticket held before.

    `fields` and `declined` are the ticket's state after this mail; `found` is what this mail brought.
    """

    language: Guess
    kind: Guess
    priority: Guess  # value "1".."4" or None
    fields: Mapping[str, FieldValue]
    declined: Mapping[str, str]
    found: tuple[Found, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    changed: tuple[str, ...] = ()  # fields whose value is new or other than before
    wants_escalation: bool = False
    wants_status: bool = False
    new_text: str = ""  # the customer's own new words (NEW and FORWARDED lines), for the summary
