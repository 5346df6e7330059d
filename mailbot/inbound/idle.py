"""IMAP IDLE (RFC 2177) as a wake-up call: tells that a mailbox should be polled now. Polling stays the truth.

In: an inbox and a way to connect. Out: calls of `wake(name)` from a thread of its own, on a connection of its own.
Lost, spurious and repeated calls do no harm; servers without IDLE are left to the schedule.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from mailbot.errors import MailbotError, PermanentError
from mailbot.inbound.account import Inbox
from mailbot.inbound.backoff import Backoff, Pace
from mailbot.inbound.imap import ImapSession

RENEW_SECONDS = 9 * 60.0  # RFC 2177 wants a renewal within 29 minutes; NAT routers forget connections sooner
SLICE_SECONDS = 1.0  # how long a stop may have to wait
RECONNECT = Backoff(first=2, longest=600)
NO_IDLE_SECONDS = 3600.0  # how often a server without IDLE, or a login that is refused, is tried again


class IdleWatcher:
    """Watches one mailbox until `stop`. `state` tells operators what it is doing."""

    def __init__(
        self,
        inbox: Inbox,
        *,
        connect: Callable[[Inbox], ImapSession],
        wake: Callable[[str], None],
        renew_seconds: float = RENEW_SECONDS,
        reconnect: Backoff = RECONNECT,
    ) -> None:
        self._inbox, self._connect, self._wake = inbox, connect, wake
        self._renew, self._reconnect = renew_seconds, reconnect
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"idle-{inbox.name}", daemon=True)
        self.state = "not started"

    def start(self) -> None:
        """Begin watching."""
        self._thread.start()

    def stop(self, seconds: float = 5) -> None:
        """End watching, and wait at most so long for the connection to be closed."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        pace = Pace()
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                self._watch()
                wait = NO_IDLE_SECONDS  # it returns only when stopped, or when the server has no IDLE
            except PermanentError as error:
                self.state, wait = f"cannot watch: {error}", NO_IDLE_SECONDS
            except MailbotError as error:
                if time.monotonic() - begun > self._renew:
                    pace = pace.succeeded()  # it held for a while: this is a new failure, not one more
                now = datetime.now(UTC)
                pace = pace.failed(now, random.random(), self._reconnect)  # noqa: S311 (spread, not secrecy)
                wait = ((pace.not_before or now) - now).total_seconds()
                self.state = f"reconnecting in {wait:.0f} s: {error}"
            self._stop.wait(wait)
        self.state = "stopped"

    def _watch(self) -> None:
        """Wait for news until stopped. Raises TemporaryError when the connection is lost."""
        with self._connect(self._inbox) as session:
            if not session.has("IDLE"):
                self.state = "the server has no IDLE: the schedule alone polls"
                return
            session.select(self._inbox.folder, read_only=True)
            self._wake(self._inbox.name)  # what came while nobody watched
            while not self._stop.is_set():
                self.state = "watching"
                if session.idle(self._renew, SLICE_SECONDS, self._stop.is_set):
                    self._wake(self._inbox.name)
