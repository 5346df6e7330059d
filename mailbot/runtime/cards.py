"""Tickets in development follow their cards, on a schedule of their own.

In: the engine, a board that knows the cards' statuses, the moment. Out: how many mails were queued. What went wrong is
remembered as a trouble (`runtime.troubles` tells it) and never stops anything: the tickets keep their stage.
A ticket moves when its card's status has changed since the last look, so that an engineer's own /stage stands until
then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from mailbot.decide.actions import Decision, Note
from mailbot.decide.development import card_of, decide_card
from mailbot.errors import MailbotError, PermanentError
from mailbot.house import House
from mailbot.runtime.calendar import Running, box_of, context_for, render_for
from mailbot.store import Store
from mailbot.store.values import StaleDecisionError

log = structlog.get_logger("mailbot.cards")

SEEN = "cards:seen"  # meta: {ticket: [card, status]} of the last look
TROUBLE = "cards:trouble"  # meta: {"text", "mend", "since", "at_once"} while the board cannot be asked


class Board(Protocol):
    def statuses(self, keys: Sequence[str]) -> Mapping[str, str | None]: ...


def run_cards(engine: Running, board: Board, site: str, moment: datetime) -> int:
    """One look at every card that an open ticket follows; none are asked for when there is no such ticket."""
    store, house = engine.store, engine.house
    linked = {row.number: row for row in store.linked_tickets()}
    followed = {n: key for n, row in linked.items() if (key := card_of(row.link, site)) and _follows(row.pack, house)}
    if not followed:
        _is_well(store)  # nobody waits for it any more: a trouble of yesterday is none today
        return 0
    try:
        statuses = board.statuses(sorted(set(followed.values())))
    except MailbotError as error:
        _remember(store, error, moment)
        return 0
    _is_well(store)
    before: dict[str, list[str]] = json.loads(store.meta(SEEN) or "{}")
    seen: dict[str, list[str]] = {}
    queued = 0
    for number, key in sorted(followed.items()):
        status, last = statuses.get(key), before.get(str(number))
        now = [key, status or ""]
        if now != last:
            try:
                queued += _moved(number, key, status, engine, moment)
            except StaleDecisionError:  # somebody changed the ticket meanwhile: it is looked at again
                now = last or []
            except MailbotError as error:  # one ticket's trouble is not the others': it is tried at the next look
                log.error("card", ticket=number, card=key, error=str(error))
                now = last or []
        if now:
            seen[str(number)] = now
    if seen != before:
        store.remember(SEEN, json.dumps(seen))
    return queued


def _follows(pack: str, house: House) -> bool:
    return pack in house.packs and bool(house.packs[pack].jira_stages)


def _moved(number: int, key: str, status: str | None, engine: Running, moment: datetime) -> int:
    store, house = engine.store, engine.house
    ticket = store.ticket(number)
    if ticket is None or ticket.pack not in house.packs:
        return 0
    box = box_of(ticket, house)
    ctx = context_for(ticket.requester, number, box, store, house, moment)
    if status is None:
        why = f"Jira knows no card {key}, or does not show it to mailbot's login"
        decision: Decision | None = Decision((Note("card", why, "Jira"),), why, ticket=number)
        log.warning("card", ticket=number, card=key, note=why)
    else:
        decision = decide_card(key, status, ticket, house.packs[ticket.pack], ctx)
    if decision is None:
        return 0
    mark = f"card:{number}:{ticket.version}:{key}:{status or '?'}"
    done = store.act(
        mark, number, decision, render=render_for(box, house, moment, mark), actor="Jira", version=ticket.version
    )
    log.info("card", ticket=number, card=key, status=status, reason=decision.reason)
    return 0 if done.repeated else len(done.outbox)


def _is_well(store: Store) -> None:
    if store.meta(TROUBLE) is not None:
        store.remember(TROUBLE, None)


def _remember(store: Store, error: MailbotError, moment: datetime) -> None:
    held = json.loads(store.meta(TROUBLE) or "{}")
    told = {
        "text": error.what, "where": error.where, "mend": error.mend, "since": held.get("since") or moment.isoformat(),
        "at_once": isinstance(error, PermanentError),
    }  # fmt: skip
    store.remember(TROUBLE, json.dumps(told))
    log.error("cards", error=str(error))
