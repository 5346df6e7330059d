"""Outgoing mails that a server refused for good: nobody has read them, so somebody is told, as of one that came back.

In: the engine (its store and its `House`), the moment. Out: rows in the outbox. A customer's mail is told to the
ticket's engineers, an engineers' mail to the operators, an operators' mail to nobody: it stands in the outbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.decide.automatic import decide_refused
from mailbot.runtime.alerts import say, tell_operators
from mailbot.runtime.calendar import Running, box_of, context_for, render_for
from mailbot.runtime.told import Told
from mailbot.store import Store
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
        queued += _tell_operators(theirs, store, engine, moment, key)
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


def _tell_operators(some: list[OutboxEntry], store: Store, engine: Running, moment: datetime, key: str) -> int:
    house = engine.house
    figures = [
        {"name": f"{e.id}, {e.template}, {e.subject[:80]}", "value": f"{', '.join(e.recipients)}: {e.error[:300]}"}
        for e in some
    ]
    data = {
        "reason": say("refused", house.team_language, count=len(some)),
        "mend": f"mailbot outbox list --state refused; mailbot outbox retry {' '.join(str(e.id) for e in some)}",
        "figures": figures,
    }
    return int(tell_operators(store, house, moment, key, "operators_alert", data))
