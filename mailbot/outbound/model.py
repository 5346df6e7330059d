"""The values of the outbound room.

In: nothing. Out: the outbox's mails as delivery sees them, what a server said to one mail, and the counts of one run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from mailbot.errors import MailbotError
from mailbot.inbound.backoff import READY, Pace


class OutboxMail(Protocol):
    """One claimed row of the outbox: finished bytes with a fixed Message-ID."""

    @property
    def id(self) -> int: ...
    @property
    def message_id(self) -> str: ...  # with angle brackets
    @property
    def sender(self) -> str: ...  # MAIL FROM, "" for the null reverse-path
    @property
    def recipients(self) -> Sequence[str]: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def attempts(self) -> int: ...  # failed tries before this one
    @property
    def doubts(self) -> int: ...  # how often its fate was unknown: more than 0 means that it may have been accepted
    @property
    def claim(self) -> str: ...  # token for `Outbox.begin`
    @property
    def created_at(self) -> datetime | None: ...


class Outcome(StrEnum):
    """What became of one mail in one SMTP transaction."""

    SENT = "sent"  # accepted for at least one recipient, and nobody is to be tried again
    RETRY = "retry"  # certainly not accepted; may be tried again
    REFUSED = "refused"  # certainly not accepted, for good
    UNCERTAIN = "uncertain"  # the connection was lost after the end of the mail was sent: accepted or not


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient that the server did not take."""

    address: str
    code: int  # SMTP reply code
    text: str

    def __str__(self) -> str:
        return f"{self.address}: {self.code} {self.text}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said to one mail."""

    outcome: Outcome
    text: str  # the decisive answer
    refused: tuple[Refusal, ...] = ()  # recipients left out although the mail was accepted for others
    connection_lost: bool = False  # the session cannot be used again


@dataclass(frozen=True, slots=True)
class Memory:
    """What one delivery run leaves to the next in the same process. Losing it does no harm."""

    pace: Pace = READY  # how long a server that failed is left alone
    blocked: Mapping[str, datetime] = field(default_factory=dict)  # recipient: when their earlier mail is tried again
    owed: tuple[Callable[[], object], ...] = ()  # what the outbox could not take down: a full disk must not resend


BLANK = Memory()


@dataclass(frozen=True, slots=True)
class Delivered:
    """Counts of one delivery run."""

    sent: int = 0
    retried: int = 0
    refused: int = 0
    uncertain: int = 0
    found: int = 0  # uncertain mails that were found in the Sent folder, counted in `sent` too
    resent: int = 0  # uncertain mails that were sent again with the same Message-ID
    held: int = 0  # put off because an earlier mail to the same recipient was
    partly: int = 0  # accepted, but not for all recipients; counted in `sent` too
    memory: Memory = BLANK  # hand it to the next run
    error: MailbotError | None = None  # why the run ended early: the server could not be reached or used
    notes: tuple[str, ...] = ()
