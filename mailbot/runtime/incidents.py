"""The end of a known incident: every ticket that reported it hears so, once.

In: the engine, the moment. Out: how many mails were queued.
"""

from __future__ import annotations

from datetime import datetime

from mailbot.decide.actions import Decision, Note, Send
from mailbot.decide.budgets import why_silent
from mailbot.runtime.calendar import Running, box_of, context_for, render_for
from mailbot.tickets.model import State


def run_incidents(engine: Running, moment: datetime) -> int:
    """Tells everybody who is still to hear that an incident is over."""
    store, house = engine.store, engine.house
    queued = 0
    for incident, title, number in store.incident_ends_to_tell():
        ticket = store.ticket(number)
        if ticket is None:
            continue
        box, key = box_of(ticket, house), f"incident-over:{incident}:{number}"
        ctx = context_for(ticket.requester, number, box, store, house, moment)
        silent = why_silent(ticket.requester, ctx)
        why = f"the incident is over: {title}"
        if silent is not None or ticket.state in (State.RESOLVED, State.CLOSED):
            told = silent[1] if silent else f"the ticket is {ticket.state.value}"
            decision = Decision((Note("incident", f"{why}; not told: {told}"),), why, ticket=number)
        else:
            pack = house.packs.get(ticket.pack) or house.packs[box.pack]
            language = ticket.language or pack.default_language
            copies = tuple(a for a in ticket.cc if a != ticket.requester)
            data = {"incident": {"title": title}}
            send = Send("incident_over", "customer", (ticket.requester,), language, why, "over", cc=copies, data=data)
            decision = Decision((send,), why, ticket=number)
        done = store.act(key, number, decision, render=render_for(box, house, moment, key))
        queued += 0 if done.repeated else len(done.outbox)
    return queued
