"""The tables. One class is one table; `metadata` holds them all for Alembic and for in-memory databases.

Values that are always read and written whole (a ticket's fields, a mail's parts) are JSON columns; what is searched,
counted or deleted by person has rows of its own. Times are aware UTC. The states are described in docs/states.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from mailbot.store.types import BigId, SafeText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class _Table(SQLModel):
    metadata = metadata
    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]  # rows come from the database: none is validated


def _key() -> Any:
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def _ticket(*, nullable: bool = False, index: bool = True) -> Any:
    return Field(
        default=None, sa_column=Column("ticket", BigId, ForeignKey("ticket.number"), nullable=nullable, index=index)
    )


def _text(*, nullable: bool = False, index: bool = False, unique: bool = False) -> Any:
    return Field(default=None, sa_type=SafeText, nullable=nullable, index=index, unique=unique)


def _json() -> Any:
    return Field(sa_type=JSON, nullable=False)


def _big(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_type=BigId, nullable=nullable)


class Meta(_Table, table=True):
    """Small settings of the installation itself: "breaker", "last backup"."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str = _text()


class Counter(_Table, table=True):
    """Numbers given out one by one without gaps: "ticket"."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int = _big()


class Ledger(_Table, table=True):
    """One row per mail seen on a server: its place, its bytes' digest and what became of it."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid"),
        Index("ix_ledger_pending", "internal_date", "uid", "id", sqlite_where=text("state = 'received'"),
              postgresql_where=text("state = 'received'")),
        Index("ix_ledger_to_flag", "mailbox", "uidvalidity", "uid", sqlite_where=text("flagged = 0"),
              postgresql_where=text("NOT flagged")),
    )  # fmt: skip
    id: int | None = _key()
    mailbox: str
    uidvalidity: int = _big()
    uid: int = _big()
    sha256: str = Field(index=True)
    size: int = _big()
    truncated: bool
    internal_date: datetime
    received_at: datetime
    state: str  # received | processed | ignored | quarantined
    flagged: bool
    attempts: int  # tries, counted before each is made
    failures: int = Field(sa_column_kwargs={"server_default": "0"})  # those of them that ended in an error
    reason: str = _text()
    detail: str = _text()
    message_id: str | None = _text(nullable=True, index=True)
    author: str = _text()
    sent_date: datetime | None = None  # the Date header
    content: str  # digest of subject and text: tells a copy from another mail under the same Message-ID
    ticket: int | None = _ticket(nullable=True)
    copy_of: int | None = _big(nullable=True)
    finished_at: datetime | None = None


class Baseline(_Table, table=True):
    """Where reading a folder begins: mails up to `last_uid` are left alone."""

    __tablename__ = "baseline"
    __table_args__ = (PrimaryKeyConstraint("mailbox", "uidvalidity"),)
    mailbox: str
    uidvalidity: int = _big()
    last_uid: int = _big()
    set_at: datetime


class Lease(_Table, table=True):
    """Who may do a thing alone, and until when."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    owner: str
    until: datetime


class TicketRow(_Table, table=True):
    """A ticket as it stands now; how it came to be so is in `event` and `field_change`."""

    __tablename__ = "ticket"
    number: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    version: int  # grows with each change; a decision made on an older one is made again
    pack: str
    mailbox: str
    state: str = Field(index=True)
    subject: str = _text()
    requester: str = Field(sa_type=SafeText, index=True)
    opened: datetime
    updated: datetime
    language: str | None = None
    kind: str | None = None
    priority: int | None = None
    rounds: int
    routed: bool
    customer: str | None = Field(default=None, index=True)
    team: str | None = None
    assignee: str | None = None
    stage: str | None = None
    link: str | None = _text(nullable=True)
    merged_into: int | None = _big(nullable=True)
    closed_for_silence: bool
    marked_incomplete: bool
    survey: str | None = None  # yes | no
    fields: dict[str, Any] = _json()
    declined: dict[str, Any] = _json()
    asked: dict[str, Any] = _json()
    missing: list[str] = _json()
    missing_first: list[str] = _json()  # what the first mail lacked, for the weekly figures
    cc: list[str] = _json()
    locked: list[str] = _json()
    state_since: datetime
    customer_at: datetime | None = None  # the customer's last own words
    first_reply_at: datetime | None = None
    engineer_reply_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    first_reply_due: datetime | None = None
    resolve_due: datetime | None = None


class Participant(_Table, table=True):
    """Who may see and answer a ticket, or stays in copy."""

    __tablename__ = "participant"
    __table_args__ = (PrimaryKeyConstraint("ticket", "address"),)
    ticket: int = Field(sa_column=Column("ticket", BigId, ForeignKey("ticket.number"), nullable=False))
    address: str = Field(sa_type=SafeText, nullable=False, index=True)
    role: str  # requester | participant
    since: datetime


class MessageRow(_Table, table=True):
    """One incoming mail on one ticket, with its texts, so that showing a ticket needs no raw mail."""

    __tablename__ = "message"
    id: int | None = _key()
    ticket: int = _ticket()
    ledger_id: int | None = Field(
        default=None, sa_column=Column("ledger_id", BigId, ForeignKey("ledger.id"), nullable=True, unique=True)
    )
    message_id: str | None = _text(nullable=True, index=True)
    author: str  # customer | engineer | machine
    sender: str = _text()
    sender_name: str = _text()
    proved: bool
    mailbox: str
    date: datetime
    received_at: datetime
    subject: str = _text()
    text: str = _text()
    new_text: str = _text()
    parts: list[Any] = _json()  # [part, start, end] of each run of lines
    attachments: list[Any] = _json()
    headers: dict[str, Any] = _json()  # to, cc, in_reply_to, references, authentication
    defects: list[Any] = _json()


class FieldChange(_Table, table=True):
    """The history of a ticket's fields, each value with the words it came from."""

    __tablename__ = "field_change"
    id: int | None = _key()
    ticket: int = _ticket()
    at: datetime
    field: str
    before: str | None = _text(nullable=True)
    value: str | None = _text(nullable=True)
    evidence: str = _text()
    finder: str
    confidence: float
    declined: bool
    message_id: str | None = _text(nullable=True)
    actor: str = _text()


class Event(_Table, table=True):
    """The timeline. `key` is unique: a reminder, a breach notice or an alert that must go out once has one."""

    __tablename__ = "event"
    id: int | None = _key()
    ticket: int | None = _ticket(nullable=True)
    at: datetime
    event: str
    text: str = _text()
    reason: str = _text()
    actor: str = _text()
    ledger_id: int | None = _big(nullable=True)
    key: str | None = _text(nullable=True, unique=True)


class TicketLink(_Table, table=True):
    """Tickets that belong together."""

    __tablename__ = "ticket_link"
    __table_args__ = (PrimaryKeyConstraint("ticket", "other"),)
    ticket: int = Field(sa_column=Column("ticket", BigId, ForeignKey("ticket.number"), nullable=False))
    other: int = Field(sa_column=Column("other", BigId, ForeignKey("ticket.number"), nullable=False, index=True))
    reason: str = _text()
    at: datetime


class MarkedAddress(_Table, table=True):
    """Addresses whose mail came back (RFC 3464)."""

    __tablename__ = "marked_address"
    address: str = Field(sa_type=SafeText, primary_key=True)
    permanent: bool
    reason: str = _text()
    times: int
    at: datetime


class OutboxRow(_Table, table=True):
    """A mail to be sent, or sent. Its bytes are in `outbox_raw`, so that a change of state does not rewrite them."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "id", sqlite_where=text("state IN ('queued', 'sending', 'uncertain')"),
              postgresql_where=text("state IN ('queued', 'sending', 'uncertain')")),
    )  # fmt: skip
    id: int | None = _key()
    key: str = _text(unique=True)
    ticket: int | None = _ticket(nullable=True)
    ledger_id: int | None = _big(nullable=True)
    message_id: str = _text(index=True)
    sender: str = _text()
    recipients: list[str] = _json()
    subject: str = _text()
    text: str = _text()
    questions: list[Any] = _json()
    template: str
    audience: str  # customer | team | operators
    language: str
    automatic: bool
    team: str | None = None
    reason: str = _text()
    stage: str | None = None  # the ticket's stage when it was written
    state: str  # queued | sending | sent | refused | uncertain
    prior: str  # the state before it was claimed
    held: bool
    created_at: datetime
    next_at: datetime | None = None  # None: waits for a person
    attempts: int
    doubts: int  # how often it became uncertain
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    begun_at: datetime | None = None
    sent_at: datetime | None = None
    response: str = _text()
    error: str = _text()


class OutboxRaw(_Table, table=True):
    """The finished bytes of an outgoing mail."""

    __tablename__ = "outbox_raw"
    id: int = Field(
        sa_column=Column(BigId, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    raw: bytes = Field(sa_type=LargeBinary, nullable=False)


class OutboxRecipient(_Table, table=True):
    """Who got how many mails of ours and when: what the budgets count."""

    __tablename__ = "outbox_recipient"
    __table_args__ = (
        PrimaryKeyConstraint("outbox_id", "address"),
        Index("ix_outbox_recipient_address", "address", "at"),
        Index("ix_outbox_recipient_domain", "domain", "at"),
        Index("ix_outbox_recipient_ticket", "ticket", "at"),
    )
    outbox_id: int = Field(
        sa_column=Column("outbox_id", BigId, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False)
    )
    address: str = Field(sa_type=SafeText, nullable=False)
    domain: str = _text()
    ticket: int | None = _big(nullable=True)
    at: datetime
    audience: str
    automatic: bool


class TicketWords(_Table, table=True):
    """The folded words of a ticket; the full-text index is built over this table (search.py)."""

    __tablename__ = "ticket_words"
    ticket: int = Field(sa_column=Column(BigId, ForeignKey("ticket.number"), primary_key=True, autoincrement=False))
    words: str = _text()


class Survey(_Table, table=True):
    """The one question after resolution."""

    __tablename__ = "survey"
    ticket: int = Field(sa_column=Column(BigId, ForeignKey("ticket.number"), primary_key=True, autoincrement=False))
    address: str = Field(sa_type=SafeText, nullable=False, index=True)
    asked_at: datetime
    answer: str | None = None  # yes | no
    comment: str = _text()
    answered_at: datetime | None = None
    message_id: str | None = _text(nullable=True)


class Incident(_Table, table=True):
    """A known incident that was declared; reports that match it are linked and told."""

    __tablename__ = "incident"
    id: int | None = _key()
    pack: str
    title: str = _text()
    text: str = _text()
    words: list[str] = _json()
    link: str | None = _text(nullable=True)
    opened_at: datetime
    opened_by: str = _text()
    closed_at: datetime | None = None


class IncidentTicket(_Table, table=True):
    """A ticket that reports a known incident."""

    __tablename__ = "incident_ticket"
    __table_args__ = (PrimaryKeyConstraint("incident", "ticket"),)
    incident: int = Field(sa_column=Column("incident", BigId, ForeignKey("incident.id"), nullable=False))
    ticket: int = Field(sa_column=Column("ticket", BigId, ForeignKey("ticket.number"), nullable=False, index=True))
    at: datetime


class Rotation(_Table, table=True):
    """Whose turn it is in a team that takes turns."""

    __tablename__ = "rotation"
    team: str = Field(primary_key=True)
    last: str = _text()


class Tally(_Table, table=True):
    """Counts that outlive the data they count: mails and tickets per day after retention and forgetting."""

    __tablename__ = "tally"
    __table_args__ = (PrimaryKeyConstraint("day", "what"),)
    day: str
    what: str
    count: int = _big()
