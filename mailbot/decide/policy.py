"""Whom a reply goes to: the sender, the copies that may stay, and nobody whom an outsider smuggled in.

In: a mail, the ticket or None, the context. Out: addresses, and notes on those left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.decide.budgets import is_nobody, is_own
from mailbot.decide.context import DecideContext
from mailbot.message.model import Address, Message
from mailbot.tickets.model import Ticket
from mailbot.tickets.participants import company_domain

MOST_COPIES = 10  # a reply to a mail with hundreds in copy must not become a mailing of ours


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one mail."""

    reply_to: str  # where the reply goes; "" when the mail has no author that can be answered
    cc: tuple[str, ...]  # who gets a copy of it
    dropped: tuple[str, ...]  # addresses in copy that were left out
    note: str = ""  # on a Reply-To that was not followed


def circle(message: Message, ticket: Ticket | None, ctx: DecideContext) -> Circle:
    """Where the reply to `message` goes, and who stays in copy."""
    sender = message.sender
    if sender is None:
        return Circle("", (), (), "the mail has no single author: nobody is answered")
    reply_to, note = _reply_address(message, sender, ticket)
    wanted = dict.fromkeys(a.address for a in (*message.to, *message.cc))
    if ticket is not None:
        wanted.update(dict.fromkeys((*ticket.cc, ticket.requester)))
    kept: list[str] = []
    dropped: list[str] = []
    for address in wanted:
        if address in (reply_to, sender.address) or not address or is_own(address, ctx):
            continue
        if ctx.directory.is_engineer(address) or _is_team(address, ctx):
            continue  # they get the summary; a customer's copy would tell them nothing more
        allowed = _may_stay(address, sender, ticket, ctx) and len(kept) < MOST_COPIES
        (kept if allowed else dropped).append(address)
    return Circle(reply_to, tuple(kept), tuple(dropped), note)


def _reply_address(message: Message, sender: Address, ticket: Ticket | None) -> tuple[str, str]:
    """Reply-To is followed only inside the sender's own company or to a participant: anything else is a known trick."""
    others = {a.address for a in message.reply_to} - {sender.address}
    if not others:
        return sender.address, ""
    if len(others) == 1:
        (other,) = others
        domain = company_domain(sender.address)
        if (domain and domain == company_domain(other)) or (ticket is not None and other in ticket.participants):
            return other, ""
    return sender.address, f"Reply-To {', '.join(sorted(others))} is foreign to the sender and was not followed"


def _may_stay(address: str, sender: Address, ticket: Ticket | None, ctx: DecideContext) -> bool:
    if is_nobody(address) or address in ctx.marked:
        return False
    if ticket is not None and (address in ticket.participants or address in ticket.cc or address == ticket.requester):
        return True
    domain = company_domain(address)
    if domain and domain == company_domain(sender.address):
        return True
    customer = ctx.directory.customer_of(sender.address)
    if customer is not None and ctx.directory.customer_of(address) == customer:
        return True
    return ctx.authentication.proved  # a proved sender may bring in whom they like: an agency, a supplier


def _is_team(address: str, ctx: DecideContext) -> bool:
    return any(address == team.address or address in team.members for team in ctx.directory.teams.values())
