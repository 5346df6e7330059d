"""IDLE against a real Dovecot: a wake-up call, never the truth."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any

import pytest
from fakes import FakeInbox
from servers import CRIPPLED, Dovecot, MailUser

from mailbot.inbound.backoff import Backoff
from mailbot.inbound.idle import IdleWatcher
from mailbot.inbound.imap import connect

MAIL = b"Subject: hello\r\n\r\nhello\r\n"


def watch(user: MailUser, **more: Any) -> tuple[IdleWatcher, queue.Queue[str]]:
    calls: queue.Queue[str] = queue.Queue()
    box = FakeInbox(port_number=user.server.port, username=user.name, timeout_seconds=3)
    watcher = IdleWatcher(box, **{"connect": connect, "wake": calls.put, **more})
    watcher.start()
    return watcher, calls


def test_a_new_mail_wakes(mail_user: MailUser) -> None:
    watcher, calls = watch(mail_user)
    assert calls.get(timeout=5) == "support"  # on connecting: what came while nobody watched
    for _ in range(3):
        time.sleep(0.3)
        mail_user.deliver(MAIL)
        assert calls.get(timeout=5) == "support"
    assert watcher.state == "watching"
    begun = time.monotonic()
    watcher.stop()
    assert time.monotonic() - begun < 3
    assert watcher.state == "stopped"


def test_idle_is_renewed_and_still_wakes(mail_user: MailUser) -> None:
    watcher, calls = watch(mail_user, renew_seconds=0.5)
    calls.get(timeout=5)
    time.sleep(2)
    mail_user.deliver(MAIL)
    assert calls.get(timeout=5) == "support"
    watcher.stop()


def test_flag_changes_do_not_wake(mail_user: MailUser) -> None:
    mail_user.deliver(MAIL)
    watcher, calls = watch(mail_user)
    calls.get(timeout=5)
    time.sleep(0.3)
    with mail_user.client() as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen"])
        client.delete_messages([1])
        client.expunge()
    with pytest.raises(queue.Empty):
        calls.get(timeout=2)
    watcher.stop()


def test_a_lost_connection_is_opened_again_without_spinning(own_dovecot: Callable[..., Dovecot]) -> None:
    server = own_dovecot()
    user = server.user()
    tries = 0

    def counting(box: Any) -> Any:
        nonlocal tries
        tries += 1
        return connect(box)

    watcher, calls = watch(user, connect=counting, reconnect=Backoff(first=0.2, longest=1))
    calls.get(timeout=5)
    server.kill()
    time.sleep(2)
    assert "reconnecting" in watcher.state
    assert 1 < tries < 10
    server.start()
    assert calls.get(timeout=10) == "support"
    time.sleep(0.3)
    user.deliver(MAIL)
    assert calls.get(timeout=5) == "support"
    watcher.stop()


def test_a_wrong_password_is_not_tried_again_and_again(mail_user: MailUser) -> None:
    calls: queue.Queue[str] = queue.Queue()
    box = FakeInbox(port_number=mail_user.server.port, username=mail_user.name, password="wrong")
    watcher = IdleWatcher(box, connect=connect, wake=calls.put)
    watcher.start()
    time.sleep(1.5)
    assert "cannot watch" in watcher.state
    watcher.stop()
    assert calls.empty()


def test_a_server_without_idle_is_left_to_the_schedule() -> None:
    imap_server = pytest.importorskip("mailbot.demo.imap_server")
    assert CRIPPLED
    with imap_server.DemoImapServer({"support": "pw"}) as server:
        session = connect(FakeInbox(port_number=server.port))
        session.has = lambda name: name != "IDLE"  # type: ignore[method-assign]
        watcher = IdleWatcher(FakeInbox(), connect=lambda box: session, wake=lambda name: None)
        watcher.start()
        time.sleep(0.3)
        assert "no IDLE" in watcher.state
        watcher.stop()


def test_the_embedded_server_wakes_too() -> None:
    imap_server = pytest.importorskip("mailbot.demo.imap_server")
    calls: queue.Queue[str] = queue.Queue()
    with imap_server.DemoImapServer({"support": "pw"}) as server:
        watcher = IdleWatcher(FakeInbox(port_number=server.port), connect=connect, wake=calls.put)
        watcher.start()
        calls.get(timeout=5)
        time.sleep(0.5)
        server.deliver("support", [MAIL])
        assert calls.get(timeout=5) == "support"
        watcher.stop()
