"""Sending over a real socket: what is certain, what is in doubt, and what to do then."""

from __future__ import annotations

import dataclasses
import ssl
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeClock, FakeInbox, FakeMail, FakeOutbox, even
from servers import FaultySmtp, MailUser, make_certificate

from mailbot.errors import PermanentError, TemporaryError
from mailbot.inbound.imap import connect
from mailbot.outbound.deliver import deliver_due
from mailbot.outbound.model import Delivered, Memory, Outcome
from mailbot.outbound.sent import SentFolders
from mailbot.outbound.smtp import SmtpSession

RAW = b"Subject: hello\r\n\r\nfirst\r\n.dot\r\n..dots\r\nlast\r\n"


def account(server: Any, **more: Any) -> FakeInbox:
    return FakeInbox(**{"port_number": server.port, "username": None, "timeout_seconds": 3, **more})


def send(server: Any, raw: bytes = RAW, to: tuple[str, ...] = ("b@theirs.example",), **more: Any) -> Any:
    with SmtpSession(account(server), final_seconds=2) as smtp:
        return smtp.send("a@ours.example", to, raw, **more)


def deliver(outbox: FakeOutbox, server: Any, clock: FakeClock | None = None, **more: Any) -> Delivered:
    with SmtpSession(account(server), final_seconds=2) as smtp:
        return deliver_due(outbox, smtp, clock=clock or FakeClock(), chance=even, **more)


def test_a_mail_arrives_octet_by_octet(smtp_sink: Any, faulty_smtp: FaultySmtp) -> None:
    assert send(smtp_sink).outcome is Outcome.SENT
    assert send(faulty_smtp).outcome is Outcome.SENT
    assert smtp_sink.mails[0].raw == faulty_smtp.mails[0].raw == RAW
    assert smtp_sink.mails[0].path.read_bytes() == RAW


def test_bare_line_ends_cannot_smuggle_a_second_mail(faulty_smtp: FaultySmtp) -> None:
    evil = b"Subject: one\r\n\r\nfirst\n.\nMAIL FROM:<evil@theirs.example>\r.\rlast"
    assert send(faulty_smtp, evil).outcome is Outcome.SENT
    assert faulty_smtp.mails[0].raw == (
        b"Subject: one\r\n\r\nfirst\r\n.\r\nMAIL FROM:<evil@theirs.example>\r\n.\r\nlast\r\n"
    )
    assert len(faulty_smtp.mails) == 1


def test_one_connection_carries_a_batch(faulty_smtp: FaultySmtp) -> None:
    outbox = FakeOutbox()
    for number in range(20):
        outbox.add(f"c{number}@theirs.example")
    assert deliver(outbox, faulty_smtp).sent == 20
    assert faulty_smtp.connections == 1
    assert [mail.recipients[0] for mail in faulty_smtp.mails] == [f"c{n}@theirs.example" for n in range(20)]


def test_a_server_that_ends_connections_after_some_mails_gets_new_ones(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.per_connection = 3
    outbox = FakeOutbox()
    for number in range(10):
        outbox.add(f"c{number}@theirs.example")
    assert deliver(outbox, faulty_smtp).sent == 10
    assert faulty_smtp.connections == 4
    assert len(faulty_smtp.mails) == 10


def test_a_connection_that_idled_away_is_opened_again(faulty_smtp: FaultySmtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.outbound.smtp.IDLE_SECONDS", -1.0)
    with SmtpSession(account(faulty_smtp)) as smtp:
        assert smtp.send("a@ours.example", ["b@theirs.example"], RAW).outcome is Outcome.SENT
        faulty_smtp.faults["noop"] = ["drop"]
        assert smtp.send("a@ours.example", ["b@theirs.example"], RAW).outcome is Outcome.SENT
    assert faulty_smtp.connections == 2


@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(("answer", "outcome"), [("451 later", Outcome.RETRY), ("550 never", Outcome.REFUSED)])
def test_a_refusal_counts_as_said(faulty_smtp: FaultySmtp, point: str, answer: str, outcome: Outcome) -> None:
    faulty_smtp.faults[point] = [answer]
    reply = send(faulty_smtp)
    assert reply.outcome is outcome
    assert answer in reply.text
    assert faulty_smtp.mails == []


@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "dot"])
def test_a_refused_mail_does_not_disturb_the_next(faulty_smtp: FaultySmtp, point: str) -> None:
    faulty_smtp.faults[point] = ["550 never"]
    outbox = FakeOutbox()
    outbox.add("one@theirs.example")
    outbox.add("two@theirs.example")
    result = deliver(outbox, faulty_smtp)
    assert (result.sent, result.refused) == (1, 1)
    assert outbox.states() == ["refused", "sent"]
    assert "550 never" in outbox.mails[1].response
    assert faulty_smtp.connections == 1


@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "body"])
def test_a_connection_lost_before_the_final_dot_is_safe_to_try_again(faulty_smtp: FaultySmtp, point: str) -> None:
    faulty_smtp.faults[point] = ["drop"]
    large = RAW + (b"x" * 70 + b"\r\n") * 300_000  # more than the sockets' buffers: the loss is seen while sending
    assert send(faulty_smtp, large).outcome is Outcome.RETRY


@pytest.mark.parametrize("point", ["dot", "accepted"])
def test_a_connection_lost_after_the_final_dot_leaves_doubt(faulty_smtp: FaultySmtp, point: str) -> None:
    faulty_smtp.faults[point] = ["drop"]
    assert send(faulty_smtp).outcome is Outcome.UNCERTAIN


def test_no_answer_to_the_final_dot_leaves_doubt(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.faults["accepted"] = ["hang"]
    assert send(faulty_smtp).outcome is Outcome.UNCERTAIN


def test_no_answer_before_is_safe_to_try_again(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.faults["rcpt"] = ["hang"]
    assert send(faulty_smtp).outcome is Outcome.RETRY


def test_some_recipients_refused_for_good_do_not_stop_the_others(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["rcpt:gone@theirs.example"] = "550 no such user"
    outbox = FakeOutbox()
    outbox.add("gone@theirs.example", "b@theirs.example")
    result = deliver(outbox, faulty_smtp)
    assert (result.sent, result.partly) == (1, 1)
    assert faulty_smtp.mails[0].recipients == ("b@theirs.example",)
    assert "gone@theirs.example: 550 no such user" in outbox.mails[1].response


def test_some_recipients_put_off_hold_the_mail_for_a_few_tries_only(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["rcpt:full@theirs.example"] = "452 mailbox full"
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.add("full@theirs.example", "b@theirs.example")
    for _ in range(3):
        assert deliver(outbox, faulty_smtp, clock).retried == 1
        assert faulty_smtp.mails == []
        clock.forward(hours=1)
    assert deliver(outbox, faulty_smtp, clock).partly == 1
    assert faulty_smtp.mails[0].recipients == ("b@theirs.example",)


def test_all_recipients_refused_is_a_refusal(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["rcpt"] = "550 no such user"
    reply = send(faulty_smtp, to=("x@theirs.example", "y@theirs.example"))
    assert reply.outcome is Outcome.REFUSED
    assert "x@theirs.example" in reply.text
    assert "y@theirs.example" in reply.text


def test_what_the_server_cannot_carry_is_refused_with_the_reason(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.extensions = ("SIZE 1000",)
    assert "at most 1000" in send(faulty_smtp, b"x" * 1001).text
    assert "8BITMIME" in send(faulty_smtp, "Subject: x\r\n\r\né\r\n".encode()).text
    assert "SMTPUTF8" in send(faulty_smtp, to=("joão@theirs.example",)).text
    faulty_smtp.extensions = ("8BITMIME", "SMTPUTF8")
    assert send(faulty_smtp, "Subject: x\r\n\r\né\r\n".encode(), to=("joão@theirs.example",)).outcome is Outcome.SENT
    assert faulty_smtp.mails[0].recipients == ("joão@theirs.example",)


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
def test_a_password_logs_in_also_beyond_ascii(faulty_smtp: FaultySmtp, mechanisms: str) -> None:
    faulty_smtp.mechanisms, faulty_smtp.users = mechanisms, {"support": "senhaçé"}
    with SmtpSession(account(faulty_smtp, username="support", password="senhaçé")) as smtp:
        smtp.open()
    assert faulty_smtp.logins == [f"{mechanisms.split()[0]} support"]
    with (
        SmtpSession(account(faulty_smtp, username="support", password="wrong")) as smtp,
        pytest.raises(PermanentError, match="PASSWORD") as caught,
    ):
        smtp.open()
    assert "wrong user" in str(caught.value)  # the server's words, not our password
    assert "'wrong'" not in str(caught.value)


def test_a_server_that_wants_a_login_refuses_no_mail(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["mail"] = "530 5.7.0 Authentication required"
    outbox = FakeOutbox()
    outbox.add("b@theirs.example")
    result = deliver(outbox, faulty_smtp)
    assert isinstance(result.error, PermanentError)
    assert outbox.states() == ["queued"]


def test_a_login_that_is_put_off_is_temporary(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.mechanisms, faulty_smtp.always = "PLAIN", {"auth": "454 4.7.0 try later"}
    with SmtpSession(account(faulty_smtp, username="support")) as smtp, pytest.raises(TemporaryError, match="454"):
        smtp.open()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    cert, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified(faulty_smtp: FaultySmtp, certificate: tuple[Path, ssl.SSLContext], security: str) -> None:
    cert, faulty_smtp.tls = certificate
    faulty_smtp.starttls = security == "starttls"
    trusting = account(faulty_smtp, host="localhost", security=security, ca_file=cert)
    with SmtpSession(trusting) as smtp:
        assert smtp.send("a@ours.example", ["b@theirs.example"], RAW).outcome is Outcome.SENT
    with (
        SmtpSession(dataclasses.replace(trusting, ca_file=None)) as smtp,
        pytest.raises(PermanentError, match="certificate is not trusted"),
    ):
        smtp.open()


def test_starttls_never_falls_back(faulty_smtp: FaultySmtp) -> None:
    with (
        SmtpSession(account(faulty_smtp, security="starttls")) as smtp,
        pytest.raises(PermanentError, match="STARTTLS"),
    ):
        smtp.open()


def test_tls_on_a_plain_port_is_told(faulty_smtp: FaultySmtp) -> None:
    with SmtpSession(account(faulty_smtp, security="tls")) as smtp, pytest.raises(PermanentError, match="starttls"):
        smtp.open()


def test_plain_text_off_loopback_is_refused_for_smtp() -> None:
    with (
        SmtpSession(FakeInbox(host="192.0.2.1", port_number=25)) as smtp,
        pytest.raises(PermanentError, match="PLAINTEXT"),
    ):
        smtp.open()


def test_an_outage_costs_no_mail_a_try_and_drains_in_order(faulty_smtp: FaultySmtp) -> None:
    outbox, clock, memory = FakeOutbox(), FakeClock(), Memory()
    for number in range(30):
        outbox.add(f"c{number % 3}@theirs.example")
    faulty_smtp.always["connect"] = "421 down for maintenance"
    runs = 0
    for _ in range(24 * 60):
        result = deliver(outbox, faulty_smtp, clock, memory=memory)
        memory = result.memory
        runs += result.error is not None
        clock.forward(minutes=1)
    assert {mail.attempts for mail in outbox.mails.values()} == {0}
    assert 250 < runs < 500  # once in about five minutes
    faulty_smtp.always.clear()
    clock.forward(minutes=10)
    result = deliver(outbox, faulty_smtp, clock, memory=memory)
    assert result.sent == 30
    assert [mail.raw.split(b"\r\n")[0] for mail in faulty_smtp.mails] == [
        f"Message-ID: <{n}@ours.example>".encode() for n in range(1, 31)
    ]


def test_mails_to_one_person_keep_their_order(faulty_smtp: FaultySmtp) -> None:
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.add("a@theirs.example")
    outbox.add("b@theirs.example")
    faulty_smtp.faults["rcpt:a@theirs.example"] = ["451 greylisted"]
    first = deliver(outbox, faulty_smtp, clock)
    assert (first.sent, first.retried) == (1, 1)
    outbox.add("a@theirs.example")  # the next mail to the same person, while the first waits
    second = deliver(outbox, faulty_smtp, clock, memory=first.memory)
    assert (second.sent, second.held) == (0, 1)
    clock.forward(minutes=5)
    assert deliver(outbox, faulty_smtp, clock, memory=second.memory).sent == 2
    assert [mail.raw.split(b"@")[0] for mail in faulty_smtp.mails[1:]] == [b"Message-ID: <1", b"Message-ID: <3"]


def test_tries_become_rarer_and_end_after_five_days(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["rcpt"] = "451 later"
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.add("a@theirs.example", created_at=clock())
    waits = []
    while outbox.states() == ["queued"]:
        before = clock()
        deliver(outbox, faulty_smtp, clock)
        if outbox.states() == ["queued"]:
            clock.now = outbox.mails[1].next_at or clock.now
            waits.append((clock() - before).total_seconds() / 60)
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == 360
    assert len(waits) < 35
    assert outbox.states() == ["refused"]
    assert "given up after 5 days" in outbox.mails[1].response


@pytest.mark.parametrize(("point", "copies"), [("dot", 1), ("accepted", 2)])
def test_a_mail_in_doubt_is_sent_again_with_the_same_message_id(
    faulty_smtp: FaultySmtp, point: str, copies: int
) -> None:
    faulty_smtp.faults[point] = ["drop"]
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.add("a@theirs.example")
    assert deliver(outbox, faulty_smtp, clock).uncertain == 1
    clock.forward(minutes=5)
    result = deliver(outbox, faulty_smtp, clock)
    assert (result.sent, result.resent) == (1, 1)
    assert {mail.raw for mail in faulty_smtp.mails} == {outbox.mails[1].raw}
    assert len(faulty_smtp.mails) == copies


def test_a_mail_that_stays_in_doubt_is_left_to_a_person(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["accepted"] = "drop"
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.add("a@theirs.example")
    for _ in range(10):
        deliver(outbox, faulty_smtp, clock)
        clock.forward(hours=12)
    assert len(faulty_smtp.mails) == 2, "sent once more and never again by itself"
    assert outbox.states() == ["uncertain"]
    assert outbox.mails[1].next_at is None
    assert outbox.mails[1].doubts == 2
    assert "lost 2 times" in outbox.mails[1].response
    assert "may have arrived" in outbox.mails[1].response


@pytest.mark.parametrize("point", ["connect", "mail", "rcpt", "data"])
def test_what_is_lost_before_the_final_dot_is_no_doubt_and_may_be_lost_often(
    faulty_smtp: FaultySmtp, point: str
) -> None:
    faulty_smtp.faults[point] = ["drop"] * 12
    outbox, clock, memory = FakeOutbox(), FakeClock(), Memory()
    outbox.add("a@theirs.example")
    for _ in range(30):
        memory = deliver(outbox, faulty_smtp, clock, memory=memory).memory
        if faulty_smtp.faults[point]:
            assert "1 begin" not in outbox.calls, "a process that dies now leaves no doubt"
        clock.forward(hours=6)
    assert outbox.states() == ["sent"]
    assert len(faulty_smtp.mails) == 1


class Away(FakeOutbox):
    """An outbox whose store takes nothing down for a while: a full disk."""

    away: tuple[str, ...] = ()

    def _or_fail(self, name: str) -> None:
        if name in self.away:
            raise TemporaryError("database or disk is full")

    def begin(self, mail: FakeMail, now: Any) -> bool:
        self._or_fail("begin")
        return super().begin(mail, now)

    def unclaim(self, mails: Any) -> int:
        self._or_fail("unclaim")
        return super().unclaim(mails)

    def record_sent(self, outbox_id: int, now: Any, response: str) -> None:
        self._or_fail("sent")
        super().record_sent(outbox_id, now, response)

    def record_retry(self, outbox_id: int, next_at: Any, error: str) -> None:
        self._or_fail("retry")
        super().record_retry(outbox_id, next_at, error)


def test_a_mail_that_was_sent_while_the_disk_was_full_is_not_sent_again(faulty_smtp: FaultySmtp) -> None:
    outbox, clock, memory = Away(), FakeClock(), Memory()
    for number in range(3):
        outbox.add(f"c{number}@theirs.example")
    outbox.away = ("sent", "unclaim")
    for _ in range(3):
        result = deliver(outbox, faulty_smtp, clock, memory=memory)
        memory = result.memory
        assert "full" in str(result.error)
    assert len(faulty_smtp.mails) == 1
    outbox.away = ()
    assert deliver(outbox, faulty_smtp, clock, memory=memory).sent == 2
    assert outbox.states() == ["sent"] * 3
    assert len(faulty_smtp.mails) == 3


def test_a_mail_is_not_sent_while_nobody_can_write_down_that_it_is(faulty_smtp: FaultySmtp) -> None:
    outbox, clock = Away(), FakeClock()
    outbox.add("a@theirs.example")
    outbox.away = ("begin",)
    result = deliver(outbox, faulty_smtp, clock)
    assert "full" in str(result.error)
    assert faulty_smtp.mails == []
    assert (outbox.states(), outbox.mails[1].attempts) == (["queued"], 0)
    outbox.away = ()
    assert deliver(outbox, faulty_smtp, clock, memory=result.memory).sent == 1


def test_a_put_off_that_could_not_be_written_down_is_written_down_later(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.faults["rcpt"] = ["451 greylisted"]
    outbox, clock = Away(), FakeClock()
    outbox.add("a@theirs.example")
    outbox.away = ("retry", "unclaim")
    memory = deliver(outbox, faulty_smtp, clock).memory
    outbox.away = ()
    memory = deliver(outbox, faulty_smtp, clock, memory=memory).memory
    assert (outbox.states(), outbox.mails[1].attempts, faulty_smtp.mails) == (["queued"], 1, [])
    clock.forward(minutes=5)
    assert deliver(outbox, faulty_smtp, clock, memory=memory).sent == 1


def test_connections_lost_one_after_the_other_end_the_run(faulty_smtp: FaultySmtp) -> None:
    faulty_smtp.always["data"] = "drop"
    outbox = FakeOutbox()
    for number in range(10):
        outbox.add(f"c{number}@theirs.example")
    result = deliver(outbox, faulty_smtp)
    assert result.retried == 3
    assert "in a row" in str(result.error)
    assert [mail.attempts for mail in outbox.mails.values()] == [1] * 3 + [0] * 7
    assert set(outbox.states()) == {"queued"}


def test_a_stop_gives_unsent_mails_back(faulty_smtp: FaultySmtp) -> None:
    outbox = FakeOutbox()
    for number in range(5):
        outbox.add(f"c{number}@theirs.example")
    result = deliver(outbox, faulty_smtp, stop=lambda: len(faulty_smtp.mails) == 2)
    assert result.sent == 2
    assert outbox.states() == ["sent"] * 2 + ["queued"] * 3
    assert {mail.attempts for mail in outbox.mails.values()} == {0}


def test_a_claim_that_was_lost_is_not_sent(faulty_smtp: FaultySmtp) -> None:
    class Taken(FakeOutbox):
        def begin(self, mail: FakeMail, now: Any) -> bool:
            return False

    outbox = Taken()
    outbox.add("a@theirs.example")
    assert deliver(outbox, faulty_smtp).sent == 0
    assert faulty_smtp.mails == []


@dataclasses.dataclass(frozen=True)
class OwnBox(FakeInbox):
    address: str = "support@ours.example"
    sent_folder: str | None = "Enviados é"


def box_of(user: MailUser) -> OwnBox:
    return OwnBox(port_number=user.server.port, username=user.name)


def from_us(number: int = 1) -> bytes:
    return f"Message-ID: <{number}@ours.example>\r\nFrom: Support <Support@ours.example>\r\n\r\nhi\r\n".encode()


def test_sent_mails_are_kept_in_the_sent_folder_once(mail_user: MailUser, faulty_smtp: FaultySmtp) -> None:
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.mails = {n: FakeMail(n, ("a@theirs.example",), from_us(n)) for n in (1, 2)}
    with SentFolders([box_of(mail_user)], connect, clock) as sent:
        assert deliver(outbox, faulty_smtp, clock, sent=sent).sent == 2
        sent.keep(outbox.mails[1])
    assert list(mail_user.flags("Enviados é").values()) == [{b"\\Seen"}] * 2


def test_a_mail_in_doubt_that_lies_in_the_sent_folder_is_not_sent_again(
    mail_user: MailUser, faulty_smtp: FaultySmtp
) -> None:
    with mail_user.client() as client:
        client.create_folder("Enviados é")
    mail_user.deliver(from_us(1), folder="Enviados é")
    outbox, clock = FakeOutbox(), FakeClock()
    for number in (1, 2):
        mail = FakeMail(number, (f"{number}@theirs.example",), from_us(number), state="uncertain", doubts=1)
        outbox.mails[number] = mail
    with SentFolders([box_of(mail_user)], connect, clock) as sent:
        result = deliver(outbox, faulty_smtp, clock, sent=sent)
    assert (result.sent, result.found, result.resent) == (2, 1, 1)
    assert [mail.raw for mail in faulty_smtp.mails] == [from_us(2)]


def test_after_the_second_loss_the_sent_folder_is_asked_once_more_and_then_a_person(
    mail_user: MailUser, faulty_smtp: FaultySmtp
) -> None:
    with mail_user.client() as client:
        client.create_folder("Enviados é")
    faulty_smtp.always["accepted"] = "drop"
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.mails = {n: FakeMail(n, (f"{n}@theirs.example",), from_us(n)) for n in (1, 2)}
    with SentFolders([box_of(mail_user)], connect, clock) as sent:
        for run in range(6):
            deliver(outbox, faulty_smtp, clock, sent=sent)
            clock.forward(hours=12)
            if run == 1:  # both were lost twice; the server's own copy of the second comes late
                mail_user.deliver(from_us(2), folder="Enviados é")
    assert outbox.states() == ["uncertain", "sent"]
    assert (outbox.mails[1].next_at, outbox.mails[1].doubts) == (None, 2)
    assert len(faulty_smtp.mails) == 4


def test_a_sent_folder_out_of_reach_puts_the_doubt_off_but_not_for_ever(faulty_smtp: FaultySmtp) -> None:
    outbox, clock = FakeOutbox(), FakeClock()
    outbox.mails = {1: FakeMail(1, ("a@theirs.example",), from_us(), state="uncertain", doubts=1, attempts=1)}
    with SentFolders([OwnBox(port_number=1)], connect, clock) as sent:
        tries = 0
        while outbox.states() != ["sent"]:
            tries += 1
            result = deliver(outbox, faulty_smtp, clock, sent=sent)
            clock.forward(hours=1)
    assert tries == 5
    assert any("no copy" in note for note in result.notes)
    assert len(faulty_smtp.mails) == 1
