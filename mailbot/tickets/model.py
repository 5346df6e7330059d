"""The ticket as the pure rooms see it: a frozen view, made by the store before a mail is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    WAITING = "waiting_for_customer"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    IN_DEVELOPMENT = "in_development"
    RESOLVED = "resolved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value that a ticket holds, with the words it came from."""

    value: str
    evidence: str
    finder: str = ""
    confidence: float = 1.0
    message_id: str | None = None  # of the mail that it came in


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands, word for word, in a mail that we sent."""

    field: str
    number: int  # as shown to the customer, from 1
    text: str  # its line or lines exactly as in the text part


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail of ours on the ticket: needed to tell our words from the customer's in an answer."""

    message_id: str
    text: str
    questions: tuple[Question, ...] = ()
    template: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    number: int
    pack: str
    mailbox: str  # name of the mailbox it came to first
    state: State
    subject: str
    requester: str  # address
    participants: frozenset[str]  # addresses that may see and answer it
    opened: datetime
    language: str | None = None
    kind: str | None = None
    priority: int | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    declined: Mapping[str, str] = field(default_factory=dict)  # field -> the words that said so
    asked: Mapping[str, int] = field(default_factory=dict)  # field -> how often it was asked
    rounds: int = 0  # requests sent
    routed: bool = False  # the team has its summary
    heard: tuple[str, ...] = ()  # the customers' new texts so far (subject line first), oldest first
    sent: tuple[SentMail, ...] = ()  # our mails, oldest first
    customer: str | None = None  # key in the directory
    team: str | None = None
    assignee: str | None = None
    stage: str | None = None
    link: str | None = None
    cc: tuple[str, ...] = ()
    locked: frozenset[str] = (
        frozenset()
    )  # set by a person: kind, priority, language or a field name; not to be re-guessed
    linked: tuple[int, ...] = ()  # tickets that belong to it (a new one after closing, a merged one)
    merged_into: int | None = None  # this ticket goes on there
    closed_for_silence: bool = False  # closed politely because the customer did not answer: a later answer reopens it
    marked_incomplete: bool = False  # routed although required fields were still open
    survey: str | None = None  # the requester's answer after resolution: "yes" | "no"
    version: int = 0  # grows with each change in the store


@dataclass(frozen=True, slots=True)
class Match:
    """Which ticket a mail belongs to, and why. `ticket` None: a new one."""

    ticket: int | None
    reason: str  # "references <id>", "subject tag [#12] from a participant", "no known reference"
    linked: int | None = None  # a new ticket because this one is closed
    own: str = ""  # audience of our own mark on the mail, when its HMAC was right: "c" customer | "e" engineers
    refused: tuple[int, ...] = ()  # tickets that the mail points at and that its sender has no part in
