"""The embedded servers of the demo: good enough to stand in for real ones."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from conftest import missing
from fakes import FakeInbox, FakeLedger
from servers import make_certificate

from mailbot.errors import PermanentError
from mailbot.inbound.imap import connect
from mailbot.inbound.poll import poll_mailbox
from mailbot.outbound.model import Outcome
from mailbot.outbound.smtp import SmtpSession

imap_server = pytest.importorskip("mailbot.demo.imap_server")
smtp_server = pytest.importorskip("mailbot.demo.smtp_server")

MAIL = b"From: a@customer.example\r\nSubject: hello\r\n\r\nhello\r\n"


def test_two_users_have_a_mailbox_each() -> None:
    with imap_server.DemoImapServer({"support": "one", "escalate": "two"}) as server:
        server.deliver("support", [MAIL, MAIL])
        server.deliver("escalate", [MAIL])
        fetched = [
            poll_mailbox(
                FakeInbox(port_number=server.port, username=name, password=word), FakeLedger(), connect=connect
            )
            for name, word in server.users.items()
        ]
        assert [result.fetched for result in fetched] == [2, 1]
        assert all(result.ok for result in fetched)
        with pytest.raises(PermanentError, match="PASSWORD"):
            connect(FakeInbox(port_number=server.port, password="two"))


def test_it_moves_and_reads_large_mails_in_windows() -> None:
    large = MAIL + (b"x" * 70 + b"\r\n") * 150_000
    with imap_server.DemoImapServer({"support": "pw"}) as server:
        server.deliver("support", [large])
        ledger = FakeLedger()
        result = poll_mailbox(FakeInbox(port_number=server.port, after="move:Done"), ledger, connect=connect)
        assert (result.flagged, result.on_server, result.ok) == (1, 0, True)
        assert ledger.raws() == [large]


def test_it_speaks_tls(tmp_path: Path) -> None:
    cert, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with imap_server.DemoImapServer({"support": "pw"}, tls=context) as server:
        box = FakeInbox(host="localhost", port_number=server.port, security="tls", ca_file=cert)
        assert poll_mailbox(box, FakeLedger(), connect=connect).ok


def test_sent_mails_lie_in_the_folder_under_speaking_names(tmp_path: Path) -> None:
    with smtp_server.DemoSmtpServer(tmp_path / "out") as server:
        subject = "Subject: =?utf-8?q?Re=3A_Integra=C3=A7=C3=A3o_=2E=2E/parada?="
        raw = f"{subject}\r\n\r\nhi\r\n".encode()
        with SmtpSession(FakeInbox(port_number=server.port, username=None)) as smtp:
            assert smtp.send("us@ours.example", ["Ana@customer.example"], raw).outcome is Outcome.SENT
        (kept,) = server.mails
    assert kept.raw == raw
    assert [path.name for path in (tmp_path / "out").iterdir()] == [
        "0001-ana-customer-example-re-integração-parada.eml"
    ]


def test_an_absent_server_skips_unless_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILBOT_TEST_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        missing("Dovecot")
    monkeypatch.setenv("MAILBOT_TEST_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="demands it"):
        missing("Dovecot")
