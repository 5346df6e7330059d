"""message.bounce: what came back, and from whom."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from mailbot.message.model import BouncedRecipient, Message
from mailbot.message.parse import parse

RECEIVED = datetime(2026, 11, 3, tzinfo=UTC)


def dsn(
    status: str, *, kind: str = "delivery-status", returned: str = "Message-ID: <ours.1@vendor.example>\n"
) -> Message:
    raw = (
        "From: Mail Delivery System <mailer-daemon@mx.example>\nSubject: Undelivered\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=x\n\n--x\n\nCould not deliver.\n"
        f"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{status}\n"
        f"--x\nContent-Type: message/rfc822\n\nFrom: support@vendor.example\n{returned}\nbody\n--x--\n"
    )
    return parse(raw.encode(), received=RECEIVED)


def test_a_failure_names_the_recipient_for_good_and_our_mail() -> None:
    mail = dsn("Final-Recipient: rfc822; Bob@X.example\nAction: failed\nStatus: 5.1.1\n")
    assert mail.automated is not None
    assert mail.automated.kind.value == "bounce"
    assert mail.bounced == (BouncedRecipient("bob@x.example", True, "5.1.1"),)
    assert mail.bounced_message_id == "<ours.1@vendor.example>"


def test_a_delay_is_not_for_good() -> None:
    mail = dsn("Final-Recipient: rfc822; bob@x.example\nAction: delayed\nStatus: 4.4.1\n")
    assert mail.bounced == (BouncedRecipient("bob@x.example", False, "4.4.1"),)


def test_several_recipients_are_told_apart() -> None:
    mail = dsn(
        "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n"
        "Final-Recipient: rfc822; b@x.example\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; c@x.example\nAction: failed\nStatus: 4.2.2\n"
    )
    assert [(b.address, b.permanent) for b in mail.bounced] == [("a@x.example", True), ("c@x.example", False)]


def test_a_success_report_and_a_read_receipt_bounce_nobody() -> None:
    delivered = dsn("Final-Recipient: rfc822; a@x.example\nAction: delivered\nStatus: 2.0.0\n")
    read = dsn("Final-Recipient: rfc822; a@x.example\nDisposition: manual-action\n", kind="disposition-notification")
    for mail in (delivered, read):
        assert mail.automated is not None
        assert (mail.automated.kind.value, mail.bounced) == ("auto-reply", ())


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("MAILER-DAEMON@mx.example", "failure notice", "<bob@x.example>:\nuser unknown 5.1.1"),
        ("postmaster@mx.example", "Não foi possível entregar", "bob@x.example: 550 5.1.1 usuário desconhecido"),
        ("postmaster@mx.example", "No se pudo entregar: aviso", "bob@x.example 550 5.1.1 buzón inexistente"),
    ],
)
def test_bounces_in_plain_text(sender: str, subject: str, text: str) -> None:
    raw = f"Return-Path: <>\nFrom: {sender}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    mail = parse(raw.encode(), received=RECEIVED)
    assert mail.automated is not None
    assert mail.automated.kind.value == "bounce"
    assert [b.address for b in mail.bounced] == ["bob@x.example"]


def test_a_person_who_passes_a_bounce_on_is_a_person() -> None:
    text = "Begin forwarded message:\n\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@x.example>\n550 5.1.1 user unknown"
    raw = f"From: Ana <ana@cliente.example>\nSubject: Fwd: Undelivered Mail Returned to Sender\n\n{text}\n"
    assert parse(raw.encode(), received=RECEIVED).automated is None


def test_a_bounce_without_from_breaks_nothing() -> None:
    raw = b"Return-Path: <>\nSubject: Undelivered Mail Returned to Sender\n\nuser unknown: bob@x.example\n"
    mail = parse(raw, received=RECEIVED)
    assert mail.automated is not None
    assert mail.automated.kind.value == "bounce"


def test_a_long_bounce_in_plain_text_is_read_fast() -> None:
    raw = (
        b"From: MAILER-DAEMON@x.example\nSubject: Returned mail: Deferred\n\n"
        b"550 5.1.1 <bob@corp.example>... User unknown\n" + b"\n" * 150_000 + b"x"
    )
    began = time.thread_time()
    found = parse(raw, received=datetime(2026, 11, 3, tzinfo=UTC))
    assert found.bounced[0].address == "bob@corp.example"
    assert time.thread_time() - began < 1
