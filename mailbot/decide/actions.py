"""What a Decision is made of. Each action is data and says why; the store and the outbound room carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mailbot.tickets.model import FieldValue, State


@dataclass(frozen=True, slots=True)
class Send:
    """A mail to be sent: to the customer (`audience` customer), to engineers (team), or to the operators.

    `key` makes it unique among the mails on account of one incoming mail ("reply", "route:leads"), so that a repeated
    decision is absorbed. `data` is what the template gets beside the ticket: plain JSON-like values only.
    """

    template: str  # file name without language: "request_info", "acknowledge", "summary"
    audience: str  # customer | team | operators
    to: tuple[str, ...]
    language: str
    reason: str
    key: str
    cc: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()  # fields to be asked, in order
    data: Mapping[str, Any] = field(default_factory=dict)
    team: str | None = None
    automatic: bool = True  # counts against the budgets and carries Auto-Submitted; False: an engineer's own words
    attach_original: bool = False  # the incoming mail's attachments go along


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the ticket's own columns; None leaves a column as it is."""

    language: str | None = None
    kind: str | None = None
    priority: int | None = None
    state: State | None = None
    team: str | None = None
    assignee: str | None = None
    stage: str | None = None
    link: str | None = None
    routed: bool | None = None
    rounds: int | None = None
    customer: str | None = None
    marked_incomplete: bool | None = None  # routed although required fields were still open
    locked: tuple[str, ...] = ()  # kind, priority or field names that a person has set: added to the ticket's
    merged_into: int | None = None
    closed_for_silence: bool | None = None  # closed because the customer did not answer: a later answer reopens it
    requester: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetFields:
    """The ticket's fields and declined fields after this mail (complete, not a difference)."""

    fields: Mapping[str, FieldValue]
    declined: Mapping[str, str]
    changed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line on the ticket's timeline."""

    event: str  # a stable word: "opened", "kind", "routed", "silent", "unproved-sender"
    text: str
    actor: str = "mailbot"


@dataclass(frozen=True, slots=True)
class Join:
    """Addresses that become participants or stay in copy."""

    participants: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Ties this ticket to another one (a new one after closing, a merge)."""

    other: int
    reason: str


@dataclass(frozen=True, slots=True)
class MarkAddress:
    """An address whose mail came back (DSN): no automatic mail goes there while it is marked."""

    address: str
    permanent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """A further ticket for the same requester, participants and pack, linked to this one.

    `send` is about the new ticket: the engineers need a mail of it that they can answer.
    """

    subject: str
    reason: str
    send: Send | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The requester's answer to the one question after resolution. `ticket` may be another than the decision's."""

    ticket: int
    answer: str  # yes | no
    comment: str = ""
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reports:
    """The ticket reports a known incident: it hears when that ends."""

    incident: int


@dataclass(frozen=True, slots=True)
class Declare:
    """An engineer declares a known incident; the ticket at hand is the first that reports it."""

    title: str
    words: tuple[str, ...]  # wordings: a mail that holds all the words of one of them reports it
    by: str


@dataclass(frozen=True, slots=True)
class EndIncident:
    """The incident that the ticket reports is over: all who reported it hear so."""

    by: str


Action = (
    Send | Update | SetFields | Note | Join | Link | MarkAddress | Split | Surveyed | Reports | Declare | EndIncident
)


@dataclass(frozen=True, slots=True)
class Decision:
    """All that is to be done on account of one mail.

    `open_ticket`: a new ticket is made first; the actions then are about it. `ignored`: no ticket is touched, with the
    reason (automated mail, our own mail). `missing`: the required fields still not given, in the order of the kind's
    list.
    """

    actions: tuple[Action, ...]
    reason: str
    open_ticket: bool = False
    ticket: int | None = None
    ignored: bool = False
    missing: tuple[str, ...] = ()
    by_engineer: bool = False  # the words are an engineer's: no answer of the customer's

    def sends(self) -> tuple[Send, ...]:
        return tuple(a for a in self.actions if isinstance(a, Send))
