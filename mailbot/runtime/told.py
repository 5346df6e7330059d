"""Which rows the operators heard of already: those that left and come back are new again.

In: the store, a name, the rows that are there now. Out: the new ones, and a round number that makes keys of mails.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from mailbot.store import Store

AT_ONCE = 20  # rows in one telling; the rest comes a minute later


class Told:
    """What was told under a name (meta: {"round": n, "ids": [...]}). Until `done` it names the same rows again."""

    def __init__(self, store: Store, name: str, present: Iterable[int]) -> None:
        self._store, self._name = store, name
        held = json.loads(store.meta(name) or '{"round": 0, "ids": []}')
        here = set(present)
        self._round: int = held["round"]
        self._known = set(held["ids"]) & here
        self.new = sorted(here - self._known)[:AT_ONCE]
        if not self.new and self._known != set(held["ids"]):  # should those that left come back, they are new
            self._remember(self._round)

    def key(self, prefix: str) -> str:
        """Of the mail that tells of `new`: the same when the program dies before `done`."""
        return f"{prefix}:{self._round}:{hashlib.sha256(repr(self.new).encode()).hexdigest()[:16]}"

    def done(self) -> None:
        self._known |= set(self.new)
        self._remember(self._round + 1)

    def _remember(self, round_: int) -> None:
        self._store.remember(self._name, json.dumps({"round": round_, "ids": sorted(self._known)}))
