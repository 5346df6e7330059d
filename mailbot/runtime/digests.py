"""Digests: each team's open tickets on each working day at the opening hour, the week's figures for the leads.

In: the engine, the moment. Out: how many mails were queued. A digest has a key of its day or week: it goes out once,
at the first tick after the opening; a day on which the program did not run has none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.decide.actions import Decision, Send
from mailbot.decide.calendar import calendar_of
from mailbot.decide.digest import daily, weekly
from mailbot.house import Box, House
from mailbot.rules.pack import RulePack
from mailbot.runtime.calendar import Running, box_of_pack, context_for, render_for
from mailbot.store import Store

WEEK = timedelta(days=7)
LAST = "digest:"  # meta: pack -> the day of its last digest, so that most ticks ask nothing more


def run_digests(engine: Running, moment: datetime) -> int:
    """Every digest that is due at this moment and did not go out yet."""
    store, house = engine.store, engine.house
    queued = 0
    for pack in house.packs.values():
        if pack.service.digest and any(box.pack == pack.name for box in house.boxes.values()):
            queued += _of_pack(pack, store, house, moment)
    return queued


def _of_pack(pack: RulePack, store: Store, house: House, moment: datetime) -> int:
    calendar = calendar_of(pack)
    day = calendar.local(moment).date()
    if not calendar.works_on(day) or moment < calendar.hours_of(day)[0]:
        return 0
    if store.meta(f"{LAST}{pack.name}") == day.isoformat():
        return 0
    rows = store.digest_rows(pack.name, moment - WEEK)
    box = box_of_pack(pack.name, house)
    ctx = context_for(box.address, None, box, store, house, moment)
    sends: list[tuple[str, Send | None]] = []
    for team in sorted({row.team or pack.default_team for row in rows}):
        sends.append((f"digest:{pack.name}:{team}:{day.isoformat()}", daily(rows, team, pack, ctx)))
    if not any(calendar.works_on(day - timedelta(days=back)) for back in range(1, day.isoweekday())):
        year, week, _ = day.isocalendar()  # the first working day of its week
        sends.append((f"weekly:{pack.name}:{year}-{week:02}", weekly(rows, pack, moment - WEEK, ctx)))
    queued = sum(_put(key, send, box, store, house, moment) for key, send in sends if send is not None)
    store.remember(f"{LAST}{pack.name}", day.isoformat())
    return queued


def _put(key: str, send: Send, box: Box, store: Store, house: House, moment: datetime) -> int:
    done = store.act(key, None, Decision((send,), send.reason), render=render_for(box, house, moment, key))
    return 0 if done.repeated else len(done.outbox)
