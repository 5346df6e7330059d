"""What is wrong just now: each trouble with a lasting name, so that it is told once and again only after it was well.

In: the store, the settings, the time. Out: `Trouble`s. `/healthz` shows them at once; `Watch` mails them to operators.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.house import House
from mailbot.runtime.alerts import say, tell_operators
from mailbot.runtime.cards import TROUBLE as CARDS
from mailbot.settings import Settings
from mailbot.store import Store


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person must look at."""

    name: str  # stays the same while it lasts: "unread:support"
    key: str  # of the sentence in `alerts.SAID`
    values: dict[str, object]
    where: str = ""
    mend: str = ""
    since: datetime | None = None  # None: not known, it counts from when it was first seen
    template: str = "operators_alert"
    at_once: bool = True  # it is mailed as soon as it is seen; False: after `alert_minutes`

    def text(self, language: str = "en") -> str:
        return say(self.key, language, **self.values)


def troubles(store: Store, settings: Settings, now: datetime, began: datetime | None = None) -> Iterator[Trouble]:
    """Everything that is wrong at `now`.

    began: when this program began to work: what lay still before that is no trouble of it yet.
    """
    patience = timedelta(minutes=settings.alert_minutes)
    floor = began or datetime.min.replace(tzinfo=now.tzinfo)
    for name in sorted(settings.mailboxes):
        where, read = f"mailbox {name}, {settings.mailboxes[name].host}", store.meta(f"read:{name}")
        mend = "mailbot check"
        if read is None:
            yield Trouble(f"unread:{name}", "never", {"name": name}, where, mend, at_once=False)
            continue
        last = datetime.fromisoformat(read)
        if now - max(last, floor) > patience:
            yield Trouble(
                f"unread:{name}", "unread", {"name": name, "minutes": _minutes(now - last)}, where, mend, last
            )
    waits = store.oldest_pending(settings.mailboxes)
    if waits is not None and now - max(waits, floor) > patience:
        yield Trouble(
            "unprocessed", "unprocessed", {"minutes": _minutes(now - waits)}, "", "mailbot status; look into the log",
            waits,
        )  # fmt: skip
    oldest = store.oldest_queued()
    if oldest is not None and now - max(oldest, floor) > patience:
        yield Trouble(
            "unsent", "unsent", {"minutes": _minutes(now - oldest)}, f"SMTP {settings.smtp.host}",
            "mailbot outbox list; mailbot check", oldest,
        )  # fmt: skip
    if settings.jira is not None and (held := store.meta(CARDS)):
        told = json.loads(held)
        yield Trouble(
            "jira", "jira", {"why": told["text"]}, told["where"], told["mend"] or "mailbot check",
            datetime.fromisoformat(told["since"]), at_once=told["at_once"],
        )  # fmt: skip
    if why := store.breaker():
        yield Trouble(
            "breaker", "breaker", {"why": why}, "", "mailbot outbox list; mailbot outbox release",
            template="breaker_alert",
        )  # fmt: skip


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.0f}"


def watch(store: Store, house: House, settings: Settings, now: datetime, began: datetime | None) -> int:
    """Mails each new trouble to the operators. Returns how many mails were queued.

    What was told is remembered under `trouble:NAME` with the time it was first seen, and forgotten when it is well:
    the next time it is another trouble.
    """
    told = 0
    standing = {trouble.name: trouble for trouble in troubles(store, settings, now, began)}
    names = {*(f"unread:{name}" for name in settings.mailboxes), "unprocessed", "unsent", "breaker", "jira"}
    for name in sorted(names):
        trouble, first = standing.get(name), store.meta(f"trouble:{name}")
        if trouble is None:
            if first is not None:
                store.remember(f"trouble:{name}", None)
            continue
        if first is None:
            first = now.isoformat()
            store.remember(f"trouble:{name}", first)
        if not trouble.at_once and now - datetime.fromisoformat(first) <= timedelta(minutes=settings.alert_minutes):
            continue
        data = {
            "reason": trouble.text(house.team_language), "where": trouble.where, "mend": trouble.mend,
            "since": (trouble.since.isoformat() if trouble.since else first),
        }  # fmt: skip
        told += tell_operators(store, house, now, f"trouble:{name}:{first}", trouble.template, data)
    return told
