"""The service when something it needs goes away and comes back: it stays up, says so, and catches up by itself.

A real Dovecot and a real SMTP server; the clock is moved instead of waited for, so that a day's outage takes seconds.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import structlog
from servers import Dovecot, FaultySmtp, MailUser, TokenServer
from test_service import SUPPORT, mail, person, settings

from mailbot.runtime import clock
from mailbot.runtime.engine import Engine
from mailbot.runtime.health import HealthServer
from mailbot.runtime.service import Service
from mailbot.settings import OAuth
from mailbot.store.database import Database

pytestmark = pytest.mark.timeout(120)
PEOPLE = (0, 1, 2, 3, 5, 6)  # their mails in test_service: no escalations, no automated ones


@dataclass
class Running:
    """A service in this process, with its health page, its log and its clock."""

    service: Service
    health: HealthServer
    user: MailUser
    log: list[dict[str, Any]] = field(default_factory=list)

    def page(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def said(self, *words: str) -> bool:
        return any(all(word in str(line) for word in words) for line in list(self.log))


@dataclass
class Clock:
    """The real time and what was added to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def until(what: Callable[[], object], why: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"not within {seconds} s: {why}"
        time.sleep(0.05)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that tests may move."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def start(own_dovecot: Callable[..., Dovecot], tmp_path: Path, moved: Clock) -> Iterator[Callable[..., Any]]:
    """Starts a service with one mailbox on a Dovecot of its own."""
    running: list[Running] = []
    kept = structlog.get_config()

    def make(smtp_port: int, dovecot: Dovecot | None = None, **more: Any) -> tuple[Running, Dovecot]:
        dovecot = dovecot or own_dovecot()
        user = dovecot.user()
        (tmp_path / "db").mkdir(exist_ok=True)
        made = settings(tmp_path, {"support": user}, dovecot, smtp_port, f"sqlite:///{tmp_path / 'db' / 'mailbot.db'}")
        if grant := more.pop("oauth", None):
            box = made.mailboxes["support"].model_copy(update={"password": None, "oauth": grant(user)})
            more["mailboxes"] = {"support": box}
        made = made.model_copy(update={"poll_seconds": 0.3, "digest": False, "alert_minutes": 10, **more})
        engine = Engine(made)
        engine.store.clock = moved
        service = Service(engine)
        one = Running(service, HealthServer("127.0.0.1", 0, engine.health), user)

        def keep(_logger: object, _name: str, line: dict[str, Any]) -> str:
            one.log.append(dict(line))
            raise structlog.DropEvent

        structlog.configure(processors=[structlog.processors.format_exc_info, keep])
        service.start()
        running.append(one)
        return one, dovecot

    yield make
    for one in running:
        one.service.stop()
        one.service.engine.close()
        one.health.close()
    structlog.configure(**kept)


def told(smtp: FaultySmtp) -> list[str]:
    return [to for taken in smtp.mails for to in taken.recipients if to.startswith("person")]


def test_mails_wait_while_smtp_is_away_and_go_out_oldest_first(
    start: Callable[..., Any], faulty_smtp: FaultySmtp, moved: Clock
) -> None:
    faulty_smtp.always["connect"] = "421 4.3.2 down for repair"
    run, _ = start(faulty_smtp.port)
    run.user.deliver(*(mail(i, SUPPORT) for i in PEOPLE))
    store = run.service.engine.store
    until(lambda: store.counts().ledger.get("processed") == len(PEOPLE), "all mails are processed")
    until(lambda: run.said("send", "421"), "the log says that SMTP is away")
    assert run.page()[0] == 200, "a moment without SMTP is nothing for the night shift"
    moved.ahead = timedelta(hours=24)
    until(lambda: run.page()[0] == 503, "the health page tells it")
    assert any("not been sent" in p or "sent" in p for p in run.page()[1]["problems"]), run.page()
    assert store.counts().outbox.keys() <= {"queued", "sending"}, "an outage costs no mail its place"
    del faulty_smtp.always["connect"]
    moved.ahead += timedelta(minutes=10)
    until(lambda: len(told(faulty_smtp)) == len(PEOPLE), "everything goes out")
    order = [
        row.recipients[0]
        for row in sorted(store.outbox_list(limit=100), key=lambda r: r.id)
        if row.audience == "customer"
    ]
    assert told(faulty_smtp) == order
    assert sorted(told(faulty_smtp)) == sorted(person(i) for i in PEOPLE)
    ids = [message_from_bytes(taken.raw)["Message-ID"] for taken in faulty_smtp.mails]
    assert len(set(ids)) == len(ids)


def test_a_mailbox_that_is_away_is_told_and_read_again(
    start: Callable[..., Any], faulty_smtp: FaultySmtp, moved: Clock
) -> None:
    run, dovecot = start(faulty_smtp.port)
    until(lambda: run.service.engine.store.meta("read:support"), "the mailbox was read once")
    dovecot.kill()
    until(lambda: run.said("poll", "error"), "the log says that IMAP is away")
    moved.ahead = timedelta(minutes=30)
    until(lambda: run.page()[0] == 503, "the health page tells it")
    assert any("support" in problem for problem in run.page()[1]["problems"])
    dovecot.start()
    run.user.deliver(mail(1, SUPPORT))
    moved.ahead += timedelta(minutes=10)
    until(lambda: told(faulty_smtp) == [person(1)], "the mail is read and answered")
    until(lambda: run.page()[0] == 200, "all is well again")


def _break(monkeypatch: pytest.MonkeyPatch, pragma: str) -> Callable[[], None]:
    """From now on every write of SQLite fails as it does with `pragma`; returns what heals it."""
    real = Database.write

    def write(self: Database, name: str, **how: bool) -> Any:
        with suppress(AttributeError):
            self._local.checked = True
        return _Failing(real(self, name, **how), pragma)

    monkeypatch.setattr(Database, "write", write)
    return lambda: monkeypatch.setattr(Database, "write", real)


class _Failing:
    """A transaction on a connection that the pragma keeps from writing."""

    def __init__(self, inner: Any, pragma: str) -> None:
        self.inner, self.pragma = inner, pragma

    def __enter__(self) -> Any:
        connection = self.inner.__enter__()
        self.driver = connection.connection.dbapi_connection
        self.driver.execute(self.pragma)
        return connection

    def __exit__(self, *what: Any) -> Any:
        try:
            return self.inner.__exit__(*what)
        finally:
            self.driver.execute("PRAGMA query_only=OFF")
            self.driver.execute("PRAGMA max_page_count=1073741823")


@pytest.mark.parametrize(
    ("pragma", "says"), [("PRAGMA query_only=ON", "readonly"), ("PRAGMA max_page_count=1", "full")], ids=["ro", "full"]
)
def test_a_database_that_takes_nothing_loses_nothing(
    start: Callable[..., Any], faulty_smtp: FaultySmtp, monkeypatch: pytest.MonkeyPatch, moved: Clock,
    pragma: str, says: str,
) -> None:  # fmt: skip
    run, _ = start(faulty_smtp.port)
    until(lambda: run.service.engine.store.meta("read:support"), "the mailbox was read once")
    heal = _break(monkeypatch, pragma)
    run.user.deliver(*(mail(i, SUPPORT) for i in PEOPLE[:3]))
    until(lambda: run.said(says), "the log says what the database cannot do")
    assert run.service._scheduler.running
    assert all(thread.is_alive() for thread in run.service._threads)
    moved.ahead = timedelta(minutes=30)
    until(lambda: run.page()[0] == 503, "the health page tells it")
    heal()
    moved.ahead += timedelta(minutes=10)
    until(lambda: sorted(told(faulty_smtp)) == sorted(person(i) for i in PEOPLE[:3]), "all is read and answered")
    assert run.service.engine.store.counts().ledger.get("quarantined", 0) == 0
    until(lambda: run.page()[0] == 200, "all is well again")


def test_what_was_accepted_while_nothing_could_be_written_is_not_sent_again(
    start: Callable[..., Any], faulty_smtp: FaultySmtp, monkeypatch: pytest.MonkeyPatch, moved: Clock
) -> None:
    """The server said 250, and nobody could write that down for an hour."""
    heals: list[Callable[[], None]] = []
    real = faulty_smtp.fault

    def fault(point: str) -> str | None:
        if point == "accepted" and not heals:
            heals.append(_break(monkeypatch, "PRAGMA query_only=ON"))
        return real(point)

    faulty_smtp.fault = fault  # type: ignore[method-assign]
    run, _ = start(faulty_smtp.port)
    run.user.deliver(*(mail(i, SUPPORT) for i in PEOPLE[:3]))
    until(lambda: run.said("send", "readonly"), "the log says that nothing can be written")
    assert len(faulty_smtp.mails) == 1
    moved.ahead = timedelta(hours=1)  # longer than a claim lives
    until(lambda: run.page()[0] == 503, "the health page tells it")
    assert len(faulty_smtp.mails) == 1, "nothing is sent that cannot be written down"
    heals[0]()
    moved.ahead += timedelta(minutes=10)
    until(lambda: sorted(told(faulty_smtp)) == sorted(person(i) for i in PEOPLE[:3]), "the others are answered")
    until(lambda: set(run.service.engine.store.counts().outbox) == {"sent"}, "all is written down")
    ids = [message_from_bytes(taken.raw)["Message-ID"] for taken in faulty_smtp.mails]
    assert len(set(ids)) == len(ids), "and none was sent twice"


@pytest.mark.parametrize("hours", [24, -24], ids=["forwards", "backwards"])
def test_a_clock_that_jumps_a_day_stops_nothing(
    start: Callable[..., Any], faulty_smtp: FaultySmtp, moved: Clock, hours: int
) -> None:
    run, _ = start(faulty_smtp.port)
    run.user.deliver(mail(1, SUPPORT))
    until(lambda: told(faulty_smtp) == [person(1)], "the first is answered")
    moved.ahead = timedelta(hours=hours)
    run.user.deliver(mail(2, SUPPORT))
    until(lambda: told(faulty_smtp) == [person(1), person(2)], "the second is answered after the jump")
    moved.ahead = timedelta()
    run.user.deliver(mail(3, SUPPORT))
    until(lambda: told(faulty_smtp) == [person(1), person(2), person(3)], "the third after the jump back")
    until(lambda: run.page()[0] == 200, "all is well")


def test_a_token_that_ends_is_replaced_and_a_token_server_that_is_away_is_told(
    start: Callable[..., Any], dovecot: Dovecot, token_server: TokenServer, faulty_smtp: FaultySmtp, moved: Clock
) -> None:
    def grant(user: MailUser) -> OAuth:
        token_server.user = user.name
        return OAuth(client_id="mailbot", client_secret="s", token_url=token_server.url)

    run, _ = start(faulty_smtp.port, dovecot, oauth=grant)
    run.user.deliver(mail(1, SUPPORT))
    until(lambda: told(faulty_smtp) == [person(1)], "the first is answered")
    token_server.users.clear()  # the server refuses the old token before its time
    run.user.deliver(mail(2, SUPPORT))
    until(lambda: told(faulty_smtp) == [person(1), person(2)], "a new token was fetched")
    token_server.answer = lambda _form: (503, {"error": "temporarily_unavailable"})
    token_server.users.clear()
    run.user.deliver(mail(3, SUPPORT))
    until(lambda: run.said("poll", "error"), "the log says that no token is to be had")
    moved.ahead = timedelta(minutes=30)
    until(lambda: run.page()[0] == 503, "the health page tells it")
    token_server.answer = None
    moved.ahead += timedelta(minutes=10)
    until(lambda: told(faulty_smtp) == [person(1), person(2), person(3)], "the third after the token server's return")
