"""What time alone brings on a ticket: a reminder, a polite closing, a target that is near or missed.

In: how a ticket stands (`Standing`), its pack, the moment. Out: `Due`s, each with a key by which it is done once.
A pure function: asked each minute it says the same until the thing is done, and nothing that is done already.

Reminder and closing count from the last word of either side; automatic mail is no word. Targets count the team's own
time: while the ticket waits for the customer, or is resolved, the clock stands still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailbot.decide.calendar import NOTHING, Calendar, calendar_of
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import State

REMINDER, CLOSING, CLOSE_RESOLVED = "reminder", "closing", "close-resolved"
BREACH, BREACH_SOON = "breach", "breach_soon"
FIRST_REPLY, RESOLUTION = "first_reply", "resolution"
_RESTS = (State.WAITING, State.RESOLVED, State.CLOSED)  # the team's clock stands still


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket as far as time is concerned."""

    number: int
    version: int
    state: State
    opened: datetime
    spoke: datetime  # the last own words of the customer, or the last mail to them that was no reminder
    priority: int | None = None
    engineer_reply_at: datetime | None = None
    states: Sequence[tuple[datetime, State]] = ()  # when it came into which state, oldest first; `new` at `opened`
    done: Mapping[str, datetime] = field(default_factory=dict)  # key -> when it was carried out


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done now."""

    what: str  # reminder | closing | close-resolved | breach | breach_soon
    key: str  # unique: carried out once
    at: datetime  # the moment it became due, or when the target ends
    target: str = ""  # first_reply | resolution


def dues(standing: Standing, pack: RulePack, now: datetime) -> tuple[Due, ...]:
    """Everything that is due on a ticket at `now` and was not done yet."""
    found = (*_silence(standing, pack, now), *_targets(standing, pack, now))
    return tuple(due for due in found if due.key not in standing.done)


def reminder_key(standing: Standing) -> str:
    """The reminder of this silence: after the customer has written again, the next silence has one of its own."""
    return f"reminder:{standing.number}:{standing.spoke:%Y%m%dT%H%M%S}"


def _silence(standing: Standing, pack: RulePack, now: datetime) -> Sequence[Due]:
    its, calendar = pack.service, calendar_of(pack)
    if standing.state is State.RESOLVED:
        since = max(standing.spoke, standing.states[-1][0] if standing.states else standing.opened)
        at = _passed(calendar, since, its.close_resolved_after, now)
        return [Due(CLOSE_RESOLVED, f"close-resolved:{standing.number}:{since:%Y%m%dT%H%M%S}", at)] if at else ()
    if standing.state is not State.WAITING or its.reminder_after is None:
        return ()
    key = reminder_key(standing)
    reminded = standing.done.get(key)
    if reminded is None:
        at = _passed(calendar, standing.spoke, its.reminder_after, now)
        return [Due(REMINDER, key, at)] if at else ()
    at = _passed(calendar, reminded, its.close_after, now)
    return [Due(CLOSING, key.replace(REMINDER, CLOSING, 1), at)] if at else ()


def _passed(calendar: Calendar, since: datetime, hours: float | None, now: datetime) -> datetime | None:
    """When so much working time had passed, if it has by now."""
    if hours is None or now - since < timedelta(hours=hours):  # working time never runs faster than the clock
        return None
    at = calendar.after(since, timedelta(hours=hours))
    return at if at is not None and at <= now else None


def _targets(standing: Standing, pack: RulePack, now: datetime) -> Sequence[Due]:
    if standing.state in _RESTS:
        return ()
    found: list[Due] = []
    calendar = calendar_of(pack, standing.priority)
    for target in (FIRST_REPLY, RESOLUTION):
        hours = _hours(standing, pack, target) or 0
        warn = timedelta(hours=min(pack.service.warn_before, hours / 2))
        if now - standing.opened < timedelta(hours=hours) - warn:  # it cannot be due yet, whatever the calendar says
            continue
        ends = ends_at(standing, pack, target)
        if ends is None:
            continue
        base = f"sla:{standing.number}:{target}"
        if ends <= now:
            found.append(Due(BREACH, f"{base}:breach", ends, target))
        elif f"{base}:breach" not in standing.done and calendar.between(now, ends) <= warn:
            found.append(Due(BREACH_SOON, f"{base}:soon", ends, target))
    return found


def ends_at(standing: Standing, pack: RulePack, target: str) -> datetime | None:
    """When the target is missed if nothing happens; None when it is met, has no limit, or the clock stands still."""
    hours = _hours(standing, pack, target)
    if hours is None or standing.state in _RESTS or (target == FIRST_REPLY and standing.engineer_reply_at):
        return None
    calendar = calendar_of(pack, standing.priority)
    spent, since = _spent(standing, calendar)
    left = timedelta(hours=hours) - spent
    if left > NOTHING:
        return calendar.after(since, left)
    return since  # it was missed before the ticket came back to the team


def _hours(standing: Standing, pack: RulePack, target: str) -> float | None:
    its: Mapping[int, float] = getattr(pack.service, target)
    return its.get(standing.priority or 0)


def _spent(standing: Standing, calendar: Calendar) -> tuple[timedelta, datetime]:
    """The team's time before the present stretch of work, and when that began."""
    spent, state, since = NOTHING, State.NEW, standing.opened
    for at, following in standing.states:
        if (following in _RESTS) == (state in _RESTS):
            state = following
            continue
        if following in _RESTS:
            spent += calendar.between(since, at)
        state, since = following, at
    return spent, since
