"""Mails in quarantine: the operators hear of each new one, and its sender once, politely, where that is safe.

In: the store, the `House`, a function that reads a mail's head. Out: rows in the outbox.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog

from mailbot.decide.actions import Send
from mailbot.decide.budgets import why_silent
from mailbot.decide.context import DecideContext
from mailbot.decide.policy import circle
from mailbot.errors import MailbotError
from mailbot.house import Box, House
from mailbot.message.model import Message
from mailbot.runtime.alerts import queue, receivers, say, tell_operators
from mailbot.runtime.told import Told
from mailbot.store import Store
from mailbot.store.values import LedgerRow
from mailbot.understand.language import rate

log = structlog.get_logger("mailbot.quarantine")

TOLD = "quarantine:told"
MOST = 1000  # rows that are looked at
HEAD_BYTES = 64 * 1024
MANY = frozenset({"list-id", "list-unsubscribe", "list-post", "precedence", "feedback-id", "auto-submitted"})
CLEAR = 1.0  # nats by which a subject's language must lead
Read = Callable[[bytes, datetime, Box], Message]


def tell_quarantined(store: Store, house: House, moment: datetime, read: Read) -> int:
    """Tells of what is new in quarantine. Returns how many mails were queued. Done twice it says nothing twice."""
    rows = {row.id: row for row in store.ledger_rows("quarantined", MOST) if row.mailbox in house.boxes}
    told = Told(store, TOLD, rows)
    if not told.new:
        return 0
    some = [rows[number] for number in told.new]
    data = _data(some, house)
    queued = int(tell_operators(store, house, moment, told.key("quarantine"), "operators_alert", data))
    if receivers(house):  # the mail to the sender says that somebody was told
        queued += sum(_tell_sender(row, store, house, moment, read) for row in some)
    told.done()
    return queued


def _data(rows: list[LedgerRow], house: House) -> dict[str, object]:
    figures = [
        {"name": f"{row.id}, {row.mailbox}", "value": f"{row.reason[:300]} ({row.size:,} bytes)"} for row in rows
    ]
    return {
        "reason": say("quarantine", house.team_language, count=len(rows)),
        "mend": f"mailbot quarantine show {rows[0].id}; mailbot quarantine retry {rows[0].id}",
        "figures": figures,
    }


def _tell_sender(row: LedgerRow, store: Store, house: House, moment: datetime, read: Read) -> bool:
    box = house.boxes[row.mailbox]
    try:
        message = read(head_of(store.raw(row.sha256)), row.internal_date, box)
    except MailbotError as error:
        log.info("unreadable", mail=row.id, told=False, reason=str(error))
        return False
    to, silent = _receiver(message, store, house, box, moment)
    if silent:
        log.info("unreadable", mail=row.id, told=False, reason=silent)
        return False
    same = message.message_id or row.sha256  # the same mail in both mailboxes is one
    key = f"unreadable:{hashlib.sha256(f'{to} {same}'.encode()).hexdigest()[:32]}"
    language = _language(message, to, store, house, box)
    send = Send("unreadable", "customer", (to,), language, "the mail could not be read", "unreadable")
    told = queue(store, house, box, moment, key, send, message)
    log.info("unreadable", mail=row.id, told=told, to=to)
    return told


def head_of(raw: bytes) -> bytes:
    """The header block alone, as a mail without a body; of a larger one only what fits."""
    head = raw[:HEAD_BYTES]
    ends = [place for end in (b"\r\n\r\n", b"\n\n") if (place := head.find(end)) >= 0]
    head = head[: min(ends)] if ends else head.rpartition(b"\n")[0]
    kept, keep = [], True
    for line in head.splitlines():
        if not line[:1].isspace():  # what the head says of the body's structure would be missed in its absence
            keep = not line.lower().startswith((b"content-", b"mime-version"))
        if keep:
            kept.append(line)
    return b"\r\n".join(kept) + b"\r\n\r\n"


def _receiver(message: Message, store: Store, house: House, box: Box, moment: datetime) -> tuple[str, str]:
    """Who is told, and why nobody may be."""
    if message.automated is not None:
        return "", f"{message.automated.kind.value}: {message.automated.reason}"
    if signs := sorted(MANY & message.headers.keys()):
        return "", f"it came from a list or a machine: {', '.join(signs)}"  # a courtesy is not worth the least doubt
    ctx = DecideContext(
        now=moment, mailbox=box.name, role=box.role, address=box.address, own_addresses=house.own_addresses,
        directory=house.directory, limits=house.budgets, automatic_replies=house.automatic_replies,
    )  # fmt: skip
    around = circle(message, None, ctx)
    to = around.reply_to
    if not to:
        return "", around.note or "no address"
    sender = message.sender.address if message.sender else to
    ctx = DecideContext(
        now=moment, address=box.address, own_addresses=house.own_addresses, limits=house.budgets,
        automatic_replies=house.automatic_replies, marked=frozenset(store.marked((to, sender))),
        sent=store.sent_counts(moment, address=to),
    )  # fmt: skip
    if house.directory.is_engineer(to):
        return to, "an engineer's mail: the operators' mail is enough"
    silent = why_silent(to, ctx) or why_silent(sender, ctx)
    return to, silent[1] if silent else ""


def _language(message: Message, to: str, store: Store, house: House, box: Box) -> str:
    """The customer's language, else that of their last ticket, else the subject's when it is plain, else the pack's."""
    pack = house.packs[box.pack]
    customer = house.directory.customers.get(house.directory.customer_of(to) or "")
    if customer and customer.language:
        return customer.language
    for ticket in store.tickets_of_address(to, 1):
        if ticket.language:
            return ticket.language
    ranked = sorted(rate(message.subject).items(), key=lambda pair: -pair[1])
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] >= CLEAR:
        return ranked[0][0]
    return pack.default_language
