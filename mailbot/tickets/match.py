"""Which ticket a mail belongs to, and why.

In: a parsed mail, the store's answers (`Lookup`), who we are, whether the sender is proved.
Out: a `Match`. A pointer to a ticket (our own reply address or Message-ID, In-Reply-To and References, a `[#12]` in the
subject) counts only for somebody who has a part in that ticket; anybody else opens a new one and learns nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbot.message.model import AutomatedClass, Message
from mailbot.rules.directory import Directory
from mailbot.tickets.lookup import Lookup
from mailbot.tickets.model import Match, State, Ticket
from mailbot.tickets.own import OwnId, OwnIds
from mailbot.tickets.participants import why_participant

MOST_IDS = 60  # Message-IDs that are looked up: the newest ones decide, and a forged header may name thousands
_TAG = re.compile(r"\[#(\d{1,9})\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something in a mail that names a ticket."""

    ticket: int
    how: str
    own: OwnId | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the rules of belief depend on."""

    message: Message
    lookup: Lookup
    own: OwnIds
    proved: bool
    required: bool
    directory: Directory
    refused: dict[int, str] = field(default_factory=dict)


def match(
    message: Message,
    lookup: Lookup,
    *,
    own: OwnIds,
    proved: bool,
    authentication_required: bool = False,
    directory: Directory | None = None,
) -> Match:
    """The ticket that `message` belongs to; `Match.ticket` is None for a new one.

    proved: the sender was authenticated. authentication_required: a trusted authserv-id is configured, so that an
    unproved colleague is not believed (an unproved participant still is: our answer goes to their own address).
    """
    asked = _Asked(message, lookup, own, proved, authentication_required, directory or Directory())
    seen: set[int] = set()
    for pointer in pointers(message, lookup, own):
        ticket = _follow(pointer.ticket, lookup)
        if ticket is None or ticket.number in seen:
            continue
        seen.add(ticket.number)
        why = _believed(pointer, ticket, asked)
        if not why:
            asked.refused[ticket.number] = pointer.how
            continue
        return _settle(pointer, ticket, why, asked)
    if asked.refused:
        told = ", ".join(f"{how} names ticket {number}" for number, how in asked.refused.items())
        return Match(None, f"{told}, in which the sender has no part: a new ticket", refused=tuple(asked.refused))
    return Match(None, "no known reference: a new ticket")


def pointers(message: Message, lookup: Lookup, own: OwnIds) -> Iterator[Pointer]:
    """Everything in the mail that names a ticket, the strongest first; the store is asked late."""
    for address in (*message.to, *message.cc):
        mark = own.read_reply_address(address.address)
        if mark and mark.ticket:
            yield Pointer(mark.ticket, "our reply address", mark)
    ids = _referenced(message)
    for message_id in ids:
        mark = own.read_message_id(message_id)
        if mark and mark.ticket:
            yield Pointer(mark.ticket, f"our Message-ID {message_id}", mark)
    if ids:
        known = lookup.tickets_of(ids)
        for message_id in ids:
            if message_id in known:
                yield Pointer(known[message_id], f"reference to {message_id}")
    for tag in _TAG.findall(message.subject):
        yield Pointer(int(tag), f"subject tag [#{tag}]")


def _referenced(message: Message) -> list[str]:
    """In-Reply-To, then References from the newest; for a bounce the mail that came back stands first."""
    back = (message.bounced_message_id,) if message.bounced_message_id else ()
    ids = dict.fromkeys((*back, *message.in_reply_to, *reversed(message.references)))
    ids.pop(message.message_id or "", None)  # a mail that refers to itself refers to nothing
    return list(ids)[:MOST_IDS]


def _follow(number: int, lookup: Lookup) -> Ticket | None:
    """The ticket, or the one that it was merged into."""
    seen: set[int] = set()
    ticket = lookup.ticket(number)
    while ticket is not None and ticket.merged_into is not None and ticket.number not in seen:
        seen.add(ticket.number)
        ticket = lookup.ticket(ticket.merged_into)
    return ticket


def _believed(pointer: Pointer, ticket: Ticket, asked: _Asked) -> str:
    message = asked.message
    if message.automated and message.automated.kind is AutomatedClass.BOUNCE:
        # A DSN comes from a mail server, which has no part in anything: only our own mail's id makes it ours.
        return "our mail came back" if pointer.own else ""
    sender = message.sender
    if sender is None:
        return ""  # no author, or several: nobody to believe
    if asked.directory.is_engineer(sender.address):
        return "an engineer"  # whether the words count as theirs is for `decide` to say
    return why_participant(sender.address, ticket, asked.directory, by_domain=asked.proved or not asked.required)


def _settle(pointer: Pointer, ticket: Ticket, why: str, asked: _Asked) -> Match:
    reason = f"{pointer.how}, from {why}"
    own = pointer.own.audience if pointer.own else ""
    refused = tuple(asked.refused)
    automated = asked.message.automated is not None
    engineer = why == "an engineer"
    if ticket.state is not State.CLOSED or ticket.closed_for_silence or automated or engineer:
        return Match(ticket.number, reason, own=own, refused=refused)
    successor = _successor(ticket, asked)
    if successor is not None:
        reason = f"{reason}; ticket {ticket.number} is closed and goes on as {successor.number}"
        return Match(successor.number, reason, own=own, refused=refused)
    return Match(
        None,
        f"{reason}; ticket {ticket.number} is closed: a new one, linked",
        linked=ticket.number,
        own=own,
        refused=refused,
    )


def _successor(ticket: Ticket, asked: _Asked) -> Ticket | None:
    """The open ticket that an earlier answer to the closed one has opened already."""
    sender = asked.message.sender
    for number in sorted((n for n in ticket.linked if n > ticket.number), reverse=True):
        other = _follow(number, asked.lookup)
        if other is None or other.state is State.CLOSED or sender is None:
            continue
        if why_participant(sender.address, other, asked.directory, by_domain=asked.proved or not asked.required):
            return other
    return None
