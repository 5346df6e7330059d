"""The service: one process that polls, processes, sends and keeps house until it is told to stop.

In: an `Engine`. APScheduler fires the polls and the housekeeping; IMAP IDLE wakes a poll early; one thread processes
and one sends, each woken by the one before it. A fault of one mailbox or of the SMTP server never stops the others: it
is logged, backed off, and seen in `/healthz`.
"""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import structlog

from mailbot.errors import MailbotError, StoreError
from mailbot.inbound.backoff import Pace
from mailbot.inbound.model import PollResult
from mailbot.inbound.poll import Since
from mailbot.outbound.model import Delivered
from mailbot.runtime import clock
from mailbot.runtime.engine import Engine

log = structlog.get_logger("mailbot.service")

LOOK_SECONDS = 1.0  # how long a thread sleeps at most before it looks for work by itself
REST_SECONDS = 5.0  # after a failure of the store
MOST_FAILURES = 3  # in a row, of one step: a run until idle ends then and says so; the service tries on


@dataclass(slots=True)
class Totals:
    """What a service did, for the line at its end."""

    fetched: int = 0
    found: int = 0  # new mails on the servers, fetched or still to be fetched
    processed: int = 0
    sent: int = 0
    failures: list[str] = field(default_factory=list)


class Service:
    """Runs until `stop()`; `run_until_idle` ends by itself when nothing is left to do."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.totals = Totals()
        self._paces = {name: Pace() for name in engine.settings.mailboxes}
        self._last_error: dict[str, str] = {}
        self._broken: dict[str, int] = {}  # steps that fail, and how often in a row
        self._received = threading.Event()
        self._queued = threading.Event()
        self._scheduler: Any = None
        self._counting = threading.Lock()  # mailboxes are polled side by side

    # --- one step each --------------------------------------------------------------------------------------------

    def poll(self, name: str, since: Since | None = None) -> PollResult | None:
        """One pass over a mailbox, unless it is backed off. Never raises."""
        if not self._paces[name].ready(clock.now()):
            return None
        try:
            result = self.engine.poll(name, since, self._counted())
        except MailbotError as error:  # of the store
            result = PollResult(name, error=error)
        self._paces[name] = (
            self._paces[name].failed(clock.now(), random.random())  # noqa: S311 spreading retries is no secret
            if result.error
            else self._paces[name].succeeded()
        )
        self._tell_poll(name, result)
        if result.error is None and not result.skipped:
            self.engine.read_at(name, clock.now())
        if result.fetched:
            self._received.set()
        return result

    def _counted(self) -> Callable[[int, int], None]:
        """Keeps the totals true while a poll is under way: it is told (done, total) before and after each batch."""
        before = [0, 0]

        def count(done: int, total: int) -> None:
            with self._counting:
                self.totals.fetched += done - before[0]
                self.totals.found += total - before[1]
            before[:] = [done, total]
            self._received.set()

        return count

    def _tell_poll(self, name: str, result: PollResult) -> None:
        told = {
            "mailbox": name,
            "fetched": result.fetched,
            "flagged": result.flagged,
            "seconds": round(result.seconds, 3),
        }
        if result.error:
            if self._last_error.get(name) != str(result.error):
                self.totals.failures.append(f"{name}: {result.error}")
            self._last_error[name] = str(result.error)
            log.error("poll", **told, error=str(result.error), next_try=str(self._paces[name].not_before))
            return
        self._last_error.pop(name, None)
        for trouble in result.errors:
            self.totals.failures.append(f"{name}: {trouble}")
            log.error("poll", **told, error=trouble)
        if result.difference:
            self.totals.failures.append(f"{name}: {result.difference} mails on the server are not in the ledger")
            log.error("reconcile", mailbox=name, missing=list(result.missing[:20]), on_server=result.on_server)
        for note in result.notes:
            log.warning("poll", mailbox=name, note=note)
        if result.fetched or result.flagged:
            log.info("poll", **told)

    def process(self) -> int:
        """All that waits in the ledger. Returns how many mails were looked at."""
        done = 0
        if self.totals.found:  # while the first of them are still on their way
            self.engine.warm()
        while not self.engine.stopping.is_set() and (outcomes := self.engine.process()):
            done += len(outcomes)
            self.totals.processed += len(outcomes)
            self.totals.failures += [
                f"mail {o.row.id} of {o.row.mailbox}: {o.reason}; it is kept"
                + (f" ('mailbot quarantine retry {o.row.id}' after the mend)" if o.state == "quarantined" else "")
                for o in outcomes
                if o.broke
            ]
            self._queued.set()
            if all(o.state == "failed" for o in outcomes):
                break  # they are tried again later, not at once
        return done

    def deliver(self) -> Delivered:
        """All that is due to be sent."""
        while True:
            done = self.engine.deliver()
            self.totals.sent += done.sent
            for note in done.notes:
                log.warning("send", note=note)
            if done.error:
                if self._last_error.get("smtp") != str(done.error):
                    what = "store" if isinstance(done.error, StoreError) else "smtp"
                    self.totals.failures.append(f"{what}: {done.error}")
                self._last_error["smtp"] = str(done.error)
                log.error("send", error=str(done.error), next_try=str(done.memory.pace.not_before))
            else:
                self._last_error.pop("smtp", None)
            if done.refused:
                log.warning("send", refused=done.refused)
            if (
                done.error
                or self.engine.stopping.is_set()
                or not (done.sent + done.refused + done.uncertain + done.retried)
            ):
                return done

    # --- the threads ----------------------------------------------------------------------------------------------

    def _loop(self, event: threading.Event, step: Callable[[], Any]) -> None:
        while not self.engine.stopping.is_set():
            event.wait(LOOK_SECONDS)
            event.clear()
            if self.engine.stopping.is_set():
                return
            name = step.__name__
            try:
                step()
                self._broken.pop(name, None)
            except MailbotError as error:
                log.error("store", step=name, error=str(error))
                self._rest(name, str(error))
            except Exception as error:
                log.exception("step failed", step=name)
                self._rest(name, f"{type(error).__name__}: {error} (a fault of mailbot: the log says where; see above)")

    def _rest(self, step: str, why: str) -> None:
        """After a step that failed. What it left waits in the database."""
        self._broken[step] = failures = self._broken.get(step, 0) + 1
        if failures == MOST_FAILURES:
            self.totals.failures.append(f"{step}: {why}")
        self.engine.stopping.wait(REST_SECONDS)

    def start(self) -> None:
        """Begins to work in the background."""
        from apscheduler.schedulers.background import BackgroundScheduler  # a run until idle keeps no time

        every = self.engine.settings.poll_seconds
        self.engine.began = clock.now()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name in self.engine.settings.mailboxes:
            self._scheduler.add_job(
                self.poll, "interval", args=[name], seconds=every, id=f"poll:{name}", next_run_time=clock.now()
            )
        self._scheduler.add_job(
            self._tick, "interval", seconds=60, id="tick", next_run_time=clock.now() + timedelta(seconds=5)
        )
        if self.engine.settings.jira is not None:
            self._scheduler.add_job(
                self._cards, "interval", minutes=self.engine.settings.jira.poll_minutes, id="cards",
                next_run_time=clock.now() + timedelta(seconds=10),
            )  # fmt: skip
        self._scheduler.start()
        self._threads = [
            threading.Thread(target=self._loop, args=(self._received, self.process), name="process", daemon=True),
            threading.Thread(target=self._loop, args=(self._queued, self.deliver), name="send", daemon=True),
        ]
        self._watch()
        for thread in self._threads:
            thread.start()
        self._received.set()
        self._queued.set()

    def _tick(self) -> None:
        """What time brings: housekeeping, and whatever the engine's calendar holds."""
        try:
            if self.engine.tick(clock.now()):
                self._queued.set()
        except MailbotError as error:
            log.error("tick", error=str(error))

    def _cards(self) -> None:
        """The cards of development. A Jira that is down is a trouble that is told; nothing here may stop the rest."""
        try:
            if self.engine.follow_cards(clock.now()):
                self._queued.set()
        except MailbotError as error:  # of the store
            log.error("cards", error=str(error))
        except Exception:
            log.exception("cards")

    def _watch(self) -> None:
        """IMAP IDLE on a connection of its own per mailbox: a hint to poll at once, never the truth."""
        from mailbot.inbound.idle import IdleWatcher

        self._watchers = [
            IdleWatcher(box, connect=self.engine.connect, wake=self.wake)  # type: ignore[arg-type]
            for box in self.engine.settings.mailboxes.values()
            if box.idle
        ]
        for watcher in self._watchers:
            watcher.start()

    def wake(self, name: str) -> None:
        """Polls a mailbox as soon as may be."""
        if self._scheduler is not None and not self.engine.stopping.is_set():
            self._scheduler.modify_job(f"poll:{name}", next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Ends the work: what is under way is finished, nothing new is begun."""
        self.engine.stopping.set()
        self._received.set()
        self._queued.set()
        for watcher in getattr(self, "_watchers", ()):
            watcher.stop()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
        for thread in getattr(self, "_threads", ()):
            thread.join()

    # --- two ways to run ------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Works until SIGTERM or SIGINT."""
        over = threading.Event()

        def end(number: int, _frame: FrameType | None) -> None:
            log.info("stopping", signal=signal.Signals(number).name)
            over.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        log.info(
            "started", mailboxes=list(self.engine.settings.mailboxes), poll_seconds=self.engine.settings.poll_seconds
        )
        self.start()
        while not over.wait(3600):
            pass
        self.stop()
        log.info("stopped", fetched=self.totals.fetched, processed=self.totals.processed, sent=self.totals.sent)

    def run_until_idle(self, since: Since | None = None) -> Totals:
        """Polls every mailbox once, processes and sends side by side, and ends when nothing is left to do.

        Mails that must wait (a server is down, a 4xx) are left for the next run and told in `failures`.
        """
        polls = [threading.Thread(target=self.poll, args=(name, since)) for name in self.engine.settings.mailboxes]
        workers = [
            threading.Thread(target=self._loop, args=(self._received, self.process), name="process", daemon=True),
            threading.Thread(target=self._loop, args=(self._queued, self.deliver), name="send", daemon=True),
        ]
        for thread in (*workers, *polls):
            thread.start()
        for thread in polls:
            thread.join()
        try:
            self._drain()
            self._cards()
            self._tick()
            self._drain()
        finally:
            self.engine.stopping.set()
            self._received.set()
            self._queued.set()
            for thread in workers:
                thread.join()
        return self.totals

    def _drain(self) -> None:
        """Waits until nothing is left to do, the SMTP server is down, or a step fails again and again."""
        while not self.engine.idle() and "smtp" not in self._last_error:
            if any(failures >= MOST_FAILURES for failures in self._broken.copy().values()):
                return
            self._received.set()
            self._queued.set()
            self.engine.stopping.wait(0.1)
