"""May an automatic mail go to this address now? The first reason for silence wins; no reason means yes.

In: an address, the context. Out: (event, text) of the note that explains the silence, or None.
"""

from __future__ import annotations

import re

from mailbot.decide.context import DecideContext
from mailbot.message.machine_marks import takes_no_answer
from mailbot.tickets.own import without_subaddress

# Nobody reads these, or a machine does (RFC 2142 sections 4 and 5, and what is usual).
_NOBODY = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|abuse|root|daemon|listserv|majordomo|bounces?|bounce[-+=].*|owner-.*|.*-bounces?"
    r"|microsoftexchange[0-9a-f]{20,})"
)


_LABEL = re.compile(r"[A-Za-z0-9-]{1,63}")
_WRITABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,255}")


def can_be_written_to(address: str) -> bool:
    """Whether mail can be sent there: an ASCII local part (no SMTPUTF8, RFC 6531) and a domain that IDNA takes."""
    if not _WRITABLE.fullmatch(address):
        return False
    domain = address.rpartition("@")[2]
    try:
        labels = (domain if domain.isascii() else domain.encode("idna").decode("ascii")).split(".")
    except UnicodeError:
        return False
    return all(_LABEL.fullmatch(label) for label in labels)


def is_nobody(address: str) -> bool:
    """True for addresses that no person reads: mailer-daemon, postmaster, noreply and their kind."""
    local = address.rpartition("@")[0].lower()
    return bool(_NOBODY.fullmatch(local.partition("+")[0]) or _NOBODY.fullmatch(local)) or takes_no_answer(address)


def is_own(address: str, ctx: DecideContext) -> bool:
    """True for our mailboxes' addresses, with or without a sub-address."""
    own = {*ctx.own_addresses, ctx.address} - {""}
    return address in own or without_subaddress(address) in own


def why_silent(address: str, ctx: DecideContext) -> tuple[str, str] | None:
    """Why no automatic mail may go to `address` now; None when it may."""
    if not can_be_written_to(address):
        return "silent", "the sender has no address that can be answered"
    if is_own(address, ctx):
        return "silent", f"{address} is our own address"
    if is_nobody(address):
        return "silent", f"nobody reads {address}"
    if address in ctx.marked:
        return "silent", f"mail to {address} came back; nothing automatic goes there"
    if not ctx.automatic_replies:
        return "silent", "automatic replies are switched off for this mailbox"
    if ctx.breaker_open:
        return "breaker", "a burst of automatic mail: replies are held back until an operator has looked"
    return _over_budget(address, ctx)


def _over_budget(address: str, ctx: DecideContext) -> tuple[str, str] | None:
    sent, limits = ctx.sent, ctx.limits
    domain = address.rpartition("@")[2]
    for what, span, count, limit in (
        (address, "hour", sent.address_hour, limits.address_hour),
        (address, "day", sent.address_day, limits.address_day),
        (f"@{domain}", "hour", sent.domain_hour, limits.domain_hour),
        (f"@{domain}", "day", sent.domain_day, limits.domain_day),
        ("this ticket", "hour", sent.ticket_hour, limits.ticket_hour),
        ("this ticket", "day", sent.ticket_day, limits.ticket_day),
    ):
        if limit and count >= limit:
            return "budget", f"{count} automatic mails for {what} within a {span}; the limit is {limit}"
    return None
