"""What the calendar brings: reminders, closings, warnings. Each is carried out once, however often the tick comes.

In: the engine (its store and its `House`), the moment. Out: how many mails were queued. What is due is decided by
`decide.due`, what is done about it by `decide.calendar_mail`; `store.act` does it in one transaction under its key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from mailbot.decide.actions import Send
from mailbot.decide.calendar_mail import decide_due
from mailbot.decide.context import DecideContext
from mailbot.decide.due import Due, Standing, dues
from mailbot.house import Box, House
from mailbot.reply.model import Outgoing
from mailbot.store import Store
from mailbot.store.values import StaleDecisionError
from mailbot.tickets.model import Ticket

log = structlog.get_logger("mailbot.calendar")


class Running(Protocol):
    """What the calendar needs of the engine."""

    @property
    def store(self) -> Store: ...
    @property
    def house(self) -> House: ...


def run_due(engine: Running, moment: datetime) -> int:
    """Everything that is due on any ticket. Repeatable; a ticket that changes meanwhile waits for the next tick."""
    store, house = engine.store, engine.house
    queued = 0
    for name, pack in house.packs.items():
        if not any(box.pack == name for box in house.boxes.values()):
            continue
        for standing in store.standings(name):
            for due in dues(standing, pack, moment):
                queued += _carry_out(due, standing, store, house, moment)
    return queued


def _carry_out(due: Due, standing: Standing, store: Store, house: House, moment: datetime) -> int:
    ticket = store.ticket(standing.number)
    if ticket is None or ticket.version != standing.version:
        return 0
    box = box_of(ticket, house)
    ctx = context_for(ticket.requester, ticket.number, box, store, house, moment)
    decision = decide_due(due, ticket, house.packs[ticket.pack], ctx)
    # Of two things that are due at once the second is decided on the ticket as the first one left it: next tick.
    try:
        done = store.act(
            due.key, ticket.number, decision, render=render_for(box, house, moment, due.key), version=standing.version
        )
    except StaleDecisionError:
        return 0
    if not done.repeated:
        log.info("calendar", ticket=ticket.number, what=due.what, target=due.target, reason=decision.reason)
    return 0 if done.repeated else len(done.outbox)


def box_of(ticket: Ticket, house: House) -> Box:
    """The mailbox that a ticket is answered from: its own, else the first of its pack, else the first of all."""
    if ticket.mailbox in house.boxes:
        return house.boxes[ticket.mailbox]
    return box_of_pack(ticket.pack, house)


def box_of_pack(pack: str, house: House) -> Box:
    boxes = list(house.boxes.values())
    return next((box for box in boxes if box.pack == pack), boxes[0])


def render_for(box: Box, house: House, moment: datetime, key: str) -> Callable[[Ticket | None, Send], Outgoing]:
    """What makes the finished mails of a decision that no mail caused."""

    def render(ticket: Ticket | None, send: Send) -> Outgoing:
        pack = house.packs.get(ticket.pack if ticket else box.pack) or house.packs[box.pack]
        return house.compose(
            send, ticket, pack, box.identity, directory=house.directory, template_set=house.templates, now=moment,
            ref=key,
        )  # fmt: skip

    return render


def context_for(
    address: str, number: int | None, box: Box, store: Store, house: House, moment: datetime
) -> DecideContext:
    """The context of a decision that no mail caused: budgets, marked addresses, the breaker."""
    return DecideContext(
        now=moment,
        mailbox=box.name,
        role=box.role,
        address=box.address,
        own_addresses=house.own_addresses,
        directory=house.directory,
        authentication_required=bool(house.authserv_ids),
        sent=store.sent_counts(moment, address=address, ticket=number),
        limits=house.budgets,
        marked=frozenset(store.marked((address,))),
        team_language=house.team_language,
        automatic_replies=house.automatic_replies,
    )
