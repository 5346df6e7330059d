"""The wire and the real store together: killed at any transaction, two at once, and a server that drops at random."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from fakes import FakeClock, FakeInbox, even
from servers import FaultySmtp, MailUser

from mailbot.decide.actions import Send
from mailbot.inbound.imap import connect
from mailbot.inbound.model import FetchLimits
from mailbot.inbound.poll import poll_mailbox
from mailbot.outbound.deliver import deliver_due
from mailbot.outbound.model import Memory
from mailbot.outbound.smtp import SmtpSession
from mailbot.reply.model import Outgoing
from mailbot.store import Store, open_store
from mailbot.store.outbox import put
from mailbot.store.values import OutboxEntry

LIMITS = FetchLimits(batch_mails=5)


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "mailbot.db"
    open_store(f"sqlite:///{file}", "memory://").close()
    return file


STEPS = ("begin", "commit", "committed")


@pytest.fixture(params=["sqlite"])
def urls(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> tuple[str, str]:
    """Database and blob URL of an empty store."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url"), f"file://{tmp_path}/blobs"
    shutil.copy(empty_database, tmp_path / "mailbot.db")
    return f"sqlite:///{tmp_path}/mailbot.db", f"file://{tmp_path}/blobs"


@pytest.fixture
def store(urls: tuple[str, str]) -> Iterator[Store]:
    opened = open_store(*urls)
    yield opened
    opened.close()


def mail(number: int) -> bytes:
    return f"From: a@customer.example\r\nMessage-ID: <{number}@customer.example>\r\n\r\nhello {number}\r\n".encode()


def inbox(user: MailUser, **more: str) -> FakeInbox:
    return FakeInbox(port_number=user.server.port, username=user.name, **more)


def raws(store: Store) -> list[bytes]:
    return sorted(store.raw(row.sha256) for row in store.ledger_rows(limit=10_000))


def queue(store: Store, count: int) -> None:
    now = FakeClock().now
    send = Send("acknowledge", "customer", ("c@theirs.example",), "en", "test", "reply")
    with store.db.write("test") as connection:
        for n in range(count):
            raw = f"Message-ID: <{n}@ours.example>\r\n\r\nhello\r\n".encode()
            to = (f"c{n}@theirs.example",)
            outgoing = Outgoing(f"<{n}@ours.example>", "support@ours.example", to, raw, "hello", "hello")
            put(connection, send, outgoing, None, key=f"k{n}", ledger_id=None, now=now, held=False)


def sent_ids(server: FaultySmtp) -> Counter[bytes]:
    return Counter(taken.raw.split(b"\r\n")[0].removeprefix(b"Message-ID: ") for taken in server.mails)


def uncertain(store: Store) -> list[OutboxEntry]:
    return store.outbox_list(["uncertain"], limit=1000)


def test_300_mails_of_two_mailboxes_are_in_the_ledger_once(mail_user: MailUser, dovecot: object, store: Store) -> None:
    other = mail_user.server.user()
    for number in range(150):
        mail_user.deliver(mail(number))
        other.deliver(mail(number))
    for _ in range(2):
        results = [
            poll_mailbox(inbox(mail_user), store, connect=connect),
            poll_mailbox(inbox(other, name="escalate"), store, connect=connect),
        ]
        assert all(result.ok for result in results)
    assert [result.known for result in results] == [150, 150]
    assert raws(store) == sorted([mail(number) for number in range(150)] * 2)


@pytest.mark.parametrize("urls", ["sqlite", "postgres"], indirect=True)
def test_two_stores_on_one_database_read_each_mail_once(mail_user: MailUser, urls: tuple[str, str]) -> None:
    for number in range(60):
        mail_user.deliver(mail(number))
    results = []

    def run() -> None:
        mine = open_store(*urls)
        for _ in range(5):
            results.append(poll_mailbox(inbox(mail_user), mine, connect=connect, limits=LIMITS))
        mine.close()

    open_store(*urls).close()
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result.ok for result in results)
    assert sum(result.fetched for result in results) == 60
    final = open_store(*urls)
    assert raws(final) == sorted(mail(n) for n in range(60))
    assert final.leases() == []
    final.close()


def kill(where: str, urls: tuple[str, str], work: Callable[[Store], object]) -> None:
    """Do the work in another process that kills itself (SIGKILL) at one checkpoint of the store."""

    def checkpoint(name: str) -> None:
        if name == where:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            work(open_store(*urls, checkpoint=checkpoint))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, f"{where} was not passed"


@pytest.mark.parametrize(
    ("urls", "transaction", "step"),
    [
        *product(["sqlite"], ["lease", "baseline", "receive", "flagged", "release"], STEPS),
        ("postgres", "lease", "committed"),
        ("postgres", "receive", "commit"),
        ("postgres", "flagged", "begin"),
    ],
    indirect=["urls"],
)
def test_a_poll_killed_at_any_transaction_is_made_good(
    mail_user: MailUser, urls: tuple[str, str], transaction: str, step: str
) -> None:
    mail_user.deliver(*(mail(number) for number in range(12)))
    box = inbox(mail_user)
    kill(f"{transaction}.{step}", urls, lambda store: poll_mailbox(box, store, connect=connect, limits=LIMITS))
    store = open_store(*urls)
    result = poll_mailbox(box, store, connect=connect, limits=LIMITS)
    assert not result.skipped  # the dead process's lease keeps nobody waiting
    assert result.ok
    assert raws(store) == sorted(mail(number) for number in range(12))
    assert list(mail_user.flags().values()) == [{b"\\Seen"}] * 12
    assert store.to_flag("support", result.uidvalidity or 0, 100) == []
    store.close()


@pytest.mark.parametrize(
    ("urls", "transaction", "step"),
    [
        *product(["sqlite"], ["claim", "begin", "sent"], STEPS),
        ("postgres", "claim", "committed"),
        ("postgres", "sent", "begin"),
    ],
    indirect=["urls"],
)
def test_a_delivery_killed_at_any_transaction_is_made_good(
    faulty_smtp: FaultySmtp, urls: tuple[str, str], transaction: str, step: str
) -> None:
    store = open_store(*urls)
    queue(store, 5)
    store.close()

    def run(store: Store) -> None:
        with SmtpSession(FakeInbox(port_number=faulty_smtp.port, username=None)) as smtp:
            for _ in range(3):
                deliver_due(store, smtp, clock=lambda: datetime.now(UTC))

    kill(f"{transaction}.{step}", urls, run)
    store = open_store(*urls)
    run(store)
    assert Counter(entry.state for entry in store.outbox_list()) == {"sent": 5}
    twice = [number for number in sent_ids(faulty_smtp).values() if number > 1]
    assert len(sent_ids(faulty_smtp)) == 5
    # Only a mail that was accepted and not yet recorded may come twice, with the same Message-ID.
    assert twice == ([2] if (transaction, step) in {("sent", "begin"), ("sent", "commit")} else [])
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_drops_at_random_gets_every_mail(faulty_smtp: FaultySmtp, store: Store, seed: int) -> None:
    dice = random.Random(seed)
    acts = {"mail": "drop", "rcpt": "451 later", "data": "drop", "body": "drop", "dot": "drop", "accepted": "drop"}
    happened: Counter[str] = Counter()

    def fault(point: str) -> str | None:
        if point in acts and dice.random() < 0.05:
            happened[point] += 1
            return acts[point]
        return None

    faulty_smtp.fault = fault  # type: ignore[method-assign]
    queue(store, 200)
    clock, memory, states = FakeClock(), Memory(), Counter({"queued": 200})
    with SmtpSession(FakeInbox(port_number=faulty_smtp.port, username=None), final_seconds=5) as smtp:
        for _ in range(400):
            memory = deliver_due(store, smtp, clock=clock, memory=memory, chance=even).memory
            clock.forward(minutes=1)
            states = Counter(entry.state for entry in store.outbox_list(limit=1000))
            if not states.keys() - {"sent", "uncertain"} and all(e.next_at is None for e in uncertain(store)):
                break
        left = uncertain(store)  # lost twice past DATA: a person looks
        assert states == Counter({"sent": 200 - len(left), "uncertain": len(left)}) - Counter()
        ids = sent_ids(faulty_smtp)
        assert max(ids.values()) <= 2, "sent again once"
        assert sum(ids.values()) - len(ids) <= happened["accepted"]
        assert happened["accepted"] > 0
        everyone = {f"<{number}@ours.example>".encode() for number in range(200)}
        assert everyone - ids.keys() <= {entry.message_id.encode() for entry in left}, "what is missing can be seen"
        faulty_smtp.fault = lambda _point: None  # type: ignore[method-assign]
        assert store.outbox_retry() == len(left)
        clock.now = datetime.now(UTC) + timedelta(hours=1)  # the store has the real time
        deliver_due(store, smtp, clock=clock, memory=memory, limit=200)
    assert len(sent_ids(faulty_smtp)) == 200
    assert Counter(entry.state for entry in store.outbox_list(limit=1000)) == {"sent": 200}
