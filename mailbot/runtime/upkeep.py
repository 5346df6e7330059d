"""What time brings, once a minute: the breaker, alerts, the ends of grants, quarantine, housekeeping.

In: the store, the `House`, the settings, the time. Out: how many mails were queued. Each step stands alone: one that
fails is logged and stops none of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from mailbot.errors import MailbotError
from mailbot.house import House
from mailbot.runtime.alerts import say, tell_operators
from mailbot.settings import Settings
from mailbot.store import Store
from mailbot.store.mailroom import RELEASED

log = structlog.get_logger("mailbot.upkeep")

BURST = timedelta(minutes=10)
WARN_DAYS = 14  # before an OAuth2 grant ends
HOUSEKEEPING = "housekeeping"  # meta: the day on which it was last done


def in_turn(steps: Mapping[str, Callable[[], int | None]]) -> int:
    """Each step, whatever became of the one before it."""
    queued = 0
    for name, step in steps.items():
        try:
            queued += step() or 0
        except MailbotError as error:
            log.error("tick", step=name, error=str(error))
        except Exception:
            log.exception("tick", step=name)
    return queued


def break_burst(store: Store, settings: Settings, now: datetime) -> None:
    """Holds automatic replies when too many were queued within ten minutes.

    Those from before an operator's release do not count again.
    """
    limit, since = settings.limits.breaker_replies, now - BURST
    if store.sent_since(since) <= limit or store.breaker() is not None:
        return
    if released := store.meta(RELEASED):
        since = max(since, datetime.fromisoformat(released))
    count = store.sent_since(since)
    if count <= limit:
        return
    waiting = store.hold(f"{count} automatic replies within ten minutes; the limit is {limit}")
    log.error("breaker", replies=count, limit=limit, held=waiting)


def warn_of_grants(store: Store, house: House, now: datetime, grants: Mapping[str, float | None]) -> int:
    """Once a day, from two weeks before: an OAuth2 grant ends. grants: login → seconds until then, None: not known."""
    told = 0
    for name, seconds in sorted(grants.items()):
        if seconds is None or seconds > WARN_DAYS * 86400:
            continue
        key = "grant" if seconds > 0 else "grant-over"
        data = {
            "reason": say(key, house.team_language, name=name, days=max(0, int(seconds // 86400))),
            "where": f"OAuth2, {name}",
            "mend": "renew the consent or the client secret, then set OAUTH__… and GRANT_EXPIRES in .env",
            "since": "",
        }
        told += tell_operators(store, house, now, f"grant:{name}:{now.date().isoformat()}", "operators_alert", data)
    return told


def keep_house(store: Store, settings: Settings, now: datetime) -> None:
    """Once a day: what is older than MAILBOT_RETENTION_DAYS goes, and raw mails that belong to nothing."""
    today = now.date().isoformat()
    if store.meta(HOUSEKEEPING) == today:
        return
    days = settings.retention_days or None
    gone = store.retain(raw_days=days, text_days=days)
    store.remember(HOUSEKEEPING, today)
    log.info("housekeeping", raw_mails=gone.blobs, texts=gone.messages, sent=gone.outgoing, orphans=gone.orphans)
