"""Outgoing mails that a server refused for good: nobody has read them, so somebody is told, as of one that came back.

In: the engine (its store and its `House`), the moment. Out: rows in the outbox. A customer's mail is told to the
ticket's engineers, an engineers' mail to the operators, an operators' mail to nobody: it stands in the outbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.decide.automatic import decide_refused
from mailbot.runtime.alerts import tell_of_mails
from mailbot.runtime.calendar import Running, box_of, context_for, render_for
from mailbot.runtime.told import Told
from mailbot.store.values import OutboxEntry

MOST = 1000  # rows that are looked at
RECENT = timedelta(days=10)  # a mail is given up after five; what is older was told, or refused before there was this


def tell_refusals(engine: Running, moment: datetime) -> int:
    """Tells of what is newly refused. Returns how many mails were queued. Done twice it says nothing twice."""
    store = engine.store
    rows = {e.id: e for e in store.outbox_list(["refused"], limit=MOST) if e.created_at > moment - RECENT}
    told = Told(store, "refusals:told", rows)
    if not told.new:
        return 0
    some = [rows[number] for number in told.new]
    key = told.key("refused")
    queued = sum(_tell_engineers(entry, engine, moment, f"{key}:{entry.id}") for entry in some)
    theirs = [entry for entry in some if entry.audience == "team"]
    if theirs:
        queued += tell_of_mails(theirs, lambda e: e.subject[:80], store, engine.house, moment, key, "refused")
    told.done()
    return queued


def _tell_engineers(entry: OutboxEntry, engine: Running, moment: datetime, key: str) -> int:
    store, house = engine.store, engine.house
    ticket = store.ticket(entry.ticket) if entry.audience == "customer" and entry.ticket is not None else None
    if ticket is None or ticket.pack not in house.packs:
        return 0
    box = box_of(ticket, house)
    ctx = context_for(ticket.requester, ticket.number, box, store, house, moment)
    decision = decide_refused(entry.recipients, entry.error, entry.subject, ticket, house.packs[ticket.pack], ctx)
    done = store.act(key, ticket.number, decision, render=render_for(box, house, moment, key))
    return 0 if done.repeated else len(done.outbox)
