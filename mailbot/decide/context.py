"""What `decide` is handed beside the mail: who we are, who is known, what time it is, what was sent already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mailbot.message.model import Authentication
from mailbot.rules.directory import Directory
from mailbot.tickets.model import Ticket


@dataclass(frozen=True, slots=True)
class Limits:
    """Automatic mails at most, to one receiver. 0: no limit."""

    address_hour: int = 6
    address_day: int = 20
    domain_hour: int = 60
    domain_day: int = 400
    ticket_hour: int = 6
    ticket_day: int = 12


@dataclass(frozen=True, slots=True)
class Sent:
    """Automatic mails to customers (outbox rows), within the last hour and the last day before `now`."""

    address_hour: int = 0
    address_day: int = 0
    domain_hour: int = 0
    domain_day: int = 0
    ticket_hour: int = 0
    ticket_day: int = 0


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An incident that was declared. `words`: wordings; one whose words a mail all holds is enough."""

    id: int
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """The question that was asked after a ticket was resolved, and its answer so far."""

    ticket: Ticket
    asked_at: datetime
    answer: str | None = None  # yes | no
    answered_at: datetime | None = None  # of the first answer


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ticket's way that its customer may know of."""

    at: datetime
    state: str = ""  # it came into this state, or
    stage: str = ""  # into this stage of development


def no_history(_number: int) -> Sequence[Step]:
    return ()


@dataclass(frozen=True, slots=True)
class DecideContext:
    """Everything a decision may depend on that is not in the mail, the ticket or the pack. No clock is read."""

    now: datetime
    mailbox: str = "support"  # its name in the settings
    role: str = "support"  # support | escalate
    address: str = ""  # the mailbox's own address
    own_addresses: frozenset[str] = frozenset()  # all mailboxes' addresses, the senders' and operators' robots included
    directory: Directory = field(default_factory=Directory)
    authentication: Authentication = field(default_factory=Authentication)
    authentication_required: bool = (
        False  # settings name a trusted authserv-id: what is not proved counts as not proved
    )
    sent: Sent = field(default_factory=Sent)
    limits: Limits = field(default_factory=Limits)
    marked: frozenset[str] = frozenset()  # addresses whose mail came back: no automatic mail goes there
    breaker_open: bool = False  # a burst: automatic replies are held back
    own_mail: bool = False  # the mail's own Message-ID carries our HMAC: we sent it, and it came round to us
    attach_bytes: int = 2 * 1024 * 1024  # attachments go along up to this many bytes in all; the rest is named
    team_language: str = "en"  # of the mails to engineers and operators
    automatic_replies: bool = True  # False: nothing automatic to customers at all (a mailbox that is only watched)
    tickets: Sequence[Ticket] = ()  # the sender's own tickets, newest first: for questions about their state
    history: Callable[[int], Sequence[Step]] = no_history  # of a ticket by its number, oldest first
    others: Mapping[int, Ticket] = field(default_factory=dict)  # tickets that a command names (merge)
    earlier: Sequence[Ticket] = ()  # of the customer, or of the sender where no customer is known; newest first
    similar: Sequence[Mapping[str, object]] = ()  # open tickets in like words: rows for the summary, best first
    incidents: Sequence[KnownIncident] = ()  # that are declared for the pack and not over, the newest first
    survey: Survey | None = None  # of the resolved or closed ticket that the mail answers
    assigned_last: Mapping[str, str] = field(
        default_factory=dict
    )  # team -> engineer who got the last ticket (round-robin)
