"""What goes in and out of the store: frozen values, no database types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mailbot.decide.actions import Send
from mailbot.errors import StoreError, TemporaryError
from mailbot.reply.model import Outgoing
from mailbot.tickets.model import Question, Ticket

Render = Callable[[Ticket | None, Send], Outgoing]
"""Makes the finished mail for a Send; called inside the transaction because it needs the ticket's number."""


class StoreUnavailableError(StoreError, TemporaryError):
    """The database or the blob store cannot be used just now: locked, full, read-only, gone. Nothing was changed."""


class StaleDecisionError(StoreError, TemporaryError):
    """The ticket changed after it was loaded: load it again, decide again, apply again."""


class Received(Protocol):
    """What the store needs of a mail that came from a server; `ReceivedMail` is one, and so is the inbound room's."""

    @property
    def uid(self) -> int: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def internal_date(self) -> datetime: ...
    @property
    def size(self) -> int: ...
    @property
    def truncated(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as it came from the server."""

    uid: int
    raw: bytes
    internal_date: datetime  # aware (RFC 9051 section 2.3.3)
    size: int  # RFC822.SIZE as the server tells it, bytes
    truncated: bool = False  # only the head of it was fetched


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One mail's entry in the ledger."""

    id: int
    mailbox: str
    uidvalidity: int
    uid: int
    sha256: str
    size: int
    internal_date: datetime
    received_at: datetime
    state: str  # received | processed | ignored | quarantined
    attempts: int
    truncated: bool = False
    flagged: bool = False
    reason: str = ""
    detail: str = ""
    message_id: str | None = None
    author: str = ""
    ticket: int | None = None
    copy_of: int | None = None
    failures: int = 0  # tries that ended in an error

    @property
    def deaths(self) -> int:
        """Tries that ended with the program. Somebody else may have ended it."""
        return self.attempts - self.failures


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier copy of the same mail that is already on a ticket."""

    ledger_id: int
    ticket: int  # merged tickets followed
    mailbox: str  # where the earlier copy came in
    mailboxes: tuple[str, ...] = ()  # of all copies known before this one


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did. `repeated`: the mail was done before and nothing changed."""

    ticket: int | None
    opened: bool = False
    repeated: bool = False
    copy_of: int | None = None  # ledger id, when another copy was on a ticket in the meantime
    outbox: tuple[int, ...] = ()
    view: Ticket | None = None  # the ticket after it


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A claimed outgoing mail. `state` is what it was before the claim: queued | uncertain."""

    id: int
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    attempts: int  # failed tries before this one
    state: str
    claim: str  # token for `begin`
    doubts: int = 0  # how often its fate was unknown: > 0 means it may have been sent already
    ticket: int | None = None
    subject: str = ""
    audience: str = "customer"
    automatic: bool = True
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """An outgoing mail as lists show it."""

    id: int
    ticket: int | None
    message_id: str
    recipients: tuple[str, ...]
    subject: str
    template: str
    audience: str
    language: str
    automatic: bool
    state: str  # queued | sending | sent | refused | uncertain
    held: bool
    created_at: datetime
    attempts: int
    doubts: int
    next_at: datetime | None = None
    sent_at: datetime | None = None
    response: str = ""
    error: str = ""
    reason: str = ""
    text: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """An address whose mail came back."""

    address: str
    permanent: bool
    reason: str
    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that a search found."""

    ticket: int
    subject: str
    state: str
    score: float  # higher is better; comparable within one answer only
    kind: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of everything there is, for health and metrics."""

    ledger: Mapping[str, int] = field(default_factory=dict)
    outbox: Mapping[str, int] = field(default_factory=dict)
    tickets: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
