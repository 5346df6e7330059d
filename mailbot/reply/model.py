"""What the reply room needs and gives: who we are, and a finished mail."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.tickets.model import Question


@dataclass(frozen=True, slots=True)
class Identity:
    """The sender of our mails for one mailbox."""

    address: str  # From, the mailbox's own address
    name: str = ""
    domain: str = ""  # right side of our Message-IDs; the address's own when empty
    secrets: tuple[str, ...] = ()  # HMAC keys for Message-IDs and reply addresses, newest first
    plus: bool = (
        False  # the mail server takes sub-addresses (support+t12.…@): mails get a Reply-To that names the ticket
    )


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished mail: the bytes that SMTP gets, and what we must remember of it."""

    message_id: str
    sender: str  # envelope sender (MAIL FROM)
    recipients: tuple[str, ...]  # envelope recipients (RCPT TO)
    raw: bytes  # CRLF line ends, 7bit-safe
    subject: str
    text: str  # the text part exactly as sent
    questions: tuple[Question, ...] = ()
