"""What a mail is, once it is parsed: frozen values, aware datetimes, defects instead of exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header (RFC 5322 section 3.4). `address` is folded to lower case for comparison."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the readable body. Its bytes are read on demand: `parse.attachment_bytes(raw, part)`."""

    part: str  # place in the MIME tree, "1.2.1", as IMAP numbers parts (RFC 9051 section 6.4.5.1)
    filename: str  # made safe: no path, no control characters; "" when it has none
    content_type: str
    size: int  # decoded bytes
    content_id: str = ""  # without <>
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with the mail that was read around. `code` is a stable word, `detail` says what was seen."""

    code: str
    detail: str = ""


class AutomatedClass(StrEnum):
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Automated:
    """Why a mail is held to be sent by a machine."""

    kind: AutomatedClass
    reason: str  # the check that said so and what it saw: "Auto-Submitted: auto-replied"


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    address: str
    permanent: bool
    status: str = ""  # enhanced status code (RFC 3463), "5.1.1"; "" when not told


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the receiving server and local DKIM say of the sender.

    `proved` is true only where an aligned DKIM, SPF or DMARC pass (RFC 7489 section 3.1) covers the one From address.
    """

    proved: bool = False
    method: str = ""  # "dmarc", "dkim", "spf", "dkim-local"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed mail. Bytes that could not be read are told in `defects`; nothing here raises."""

    message_id: str | None  # with <>, None when the mail has none
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str  # decoded, one line, no control characters
    date: datetime  # the Date header with its own offset; the time of receipt when absent or absurd
    received: datetime
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first (RFC 5322 section 3.6.4)
    text: str = ""  # the readable body: NFC, \n line ends; HTML turned to text where there is no plain part
    text_source: str = "none"  # "plain" | "html" | "none"
    html: str = ""  # the HTML part as it came, "" when none
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # lower-case name -> decoded values, topmost first
    automated: Automated | None = None
    bounced: tuple[BouncedRecipient, ...] = ()
    bounced_message_id: str | None = None  # Message-ID of the mail that came back, when the DSN tells it
    defects: tuple[Defect, ...] = ()
    size: int = 0  # raw bytes

    @property
    def sender(self) -> Address | None:
        """The one author; None when From is missing, unreadable or names several (fails closed)."""
        return self.from_[0] if len(self.from_) == 1 else None


class Part(StrEnum):
    """Whose words a line is."""

    NEW = "new"  # the sender's own new text
    FORWARDED = "forwarded"  # text that the sender passes on: counts as what they say
    QUOTED = "quoted"  # history: an earlier mail of anybody
    OURS = "ours"  # quoted text that we are known to have sent
    ATTRIBUTION = "attribution"  # "On ... wrote:", header block above a quote
    FORWARD_HEADER = "forward-header"  # the header block above forwarded text
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `Message.text`. `start` is its offset there: `text[start:start + len(raw)]` is the raw line."""

    start: int
    raw: str  # as it stands, without \n
    part: Part
    depth: int = 0  # number of leading quote marks ">"
    date: datetime | None = None  # of the forwarded mail that the line stands in

    @property
    def text(self) -> str:
        """The line without its quote marks."""
        return self.raw.lstrip("> \t") if self.depth else self.raw

    @property
    def end(self) -> int:
        return self.start + len(self.raw)


CUSTOMER_PARTS = frozenset({Part.NEW, Part.FORWARDED})
