"""The values of the inbound room.

In: nothing. Out: frozen records of what was read from a server and of what one pass over a mailbox did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.errors import MailbotError


@dataclass(frozen=True, slots=True)
class Folder:
    """A selected folder (RFC 9051 section 6.3.2)."""

    name: str
    uidvalidity: int
    uidnext: int | None  # None: the server did not say
    exists: int
    read_only: bool
    keeps_seen: bool  # \\Seen is in PERMANENTFLAGS, so a flag set here outlives the session


@dataclass(frozen=True, slots=True)
class Listed:
    """What the server says of one mail before it is fetched."""

    uid: int
    size: int  # RFC822.SIZE, octets
    internal_date: datetime  # aware


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as fetched."""

    uid: int
    raw: bytes
    internal_date: datetime  # aware
    size: int  # RFC822.SIZE, octets: more than len(raw) when truncated
    truncated: bool = False  # only the headers and the first octets were fetched, because the mail is over the limit


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much is asked of the server at once."""

    mail_bytes: int = 40 * 1024 * 1024  # larger mails are truncated
    keep_bytes: int = 1024 * 1024  # what is kept of a truncated mail, headers included
    batch_bytes: int = 8 * 1024 * 1024  # summed RFC822.SIZE of one FETCH
    batch_mails: int = 100
    window_bytes: int = 2 * 1024 * 1024  # mails beyond batch_bytes are read in windows of this size


@dataclass(frozen=True, slots=True)
class Batch:
    """The mails of one FETCH, and the UIDs that could not be read with the reason for each."""

    mails: tuple[ReceivedMail, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one pass over one mailbox did."""

    mailbox: str
    fetched: int = 0  # mails committed to the store in this pass
    known: int = 0  # mails on the server that the ledger had before
    flagged: int = 0  # mails flagged or moved
    truncated: int = 0
    on_server: int = 0  # mails that should be in the ledger, as the server lists them at the end
    in_ledger: int = 0  # how many of them the ledger holds
    missing: tuple[int, ...] = ()  # UIDs on the server at the end that the ledger does not hold
    gone: int = 0  # ledger rows whose mail is no longer in the folder (moved or deleted, by us or by others)
    uidvalidity: int | None = None
    uidvalidity_changed: bool = False
    skipped: bool = False  # another process holds the lease
    notes: tuple[str, ...] = ()  # worth knowing, nothing is wrong
    errors: tuple[str, ...] = ()  # single mails or steps that failed; the pass went on
    error: MailbotError | None = None  # what ended the pass early; all that was committed before is kept
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """The pass ran to its end (or another process is at it) and nothing failed."""
        return self.error is None and not self.errors and not self.missing

    @property
    def difference(self) -> int:
        """Mails of the server that the ledger lacks after the pass; 0 is right."""
        return len(self.missing)
