"""Outgoing mails that were lost twice past DATA: nobody knows whether they arrived, so the operators hear of each.

In: the store, the `House`. Out: rows in the outbox. They stay `uncertain` until `mailbot outbox retry`.
"""

from __future__ import annotations

from datetime import datetime

from mailbot.house import House
from mailbot.runtime.alerts import tell_of_mails
from mailbot.runtime.told import Told
from mailbot.store import Store

MOST = 1000  # rows that are looked at


def tell_doubts(store: Store, house: House, moment: datetime) -> int:
    """Tells of what is newly left to a person. Returns how many mails were queued. Done twice it says nothing twice."""
    rows = {e.id: e for e in store.outbox_list(["uncertain"], limit=MOST) if e.next_at is None}
    told = Told(store, "doubts:told", rows)
    if not told.new:
        return 0
    some = [rows[number] for number in told.new]
    queued = tell_of_mails(some, lambda e: e.message_id, store, house, moment, told.key("doubts"), "doubt")
    told.done()
    return int(queued)
