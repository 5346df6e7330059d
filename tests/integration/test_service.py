"""The whole service against a real Dovecot and a real SMTP server: every mail one message, every person one reply."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import pytest
from servers import Dovecot, MailUser

from mailbot.demo.smtp_server import DemoSmtpServer
from mailbot.runtime.engine import Engine
from mailbot.runtime.service import Service
from mailbot.settings import Settings, load
from mailbot.store.views import TicketDetail

SUPPORT, ESCALATE = "support@desk.example", "support.escalate@desk.example"
TEXTS = (
    ("Fluxo parado", "Bom dia, o fluxo integra-notas-{i} parou ontem às 14h20 em produção, dá 504 Gateway Timeout.\n"),
    ("Order import fails", "Hello, the pipeline orders-{i} fails in production since yesterday 9am with HTTP 500.\n"),
    ("Consulta", "Hola, ¿cómo puedo leer un archivo CSV grande con el conector SFTP? Caso {i}.\n"),
    ("Cannot sign in", "Hi, I cannot log in since I changed my phone, the code is refused. User {i}.\n"),
    (
        "Escalar",
        "Bom dia, peço para escalar o chat 2154700{i:05d}: ninguém respondeu há cinco dias e a loja está parada.\n",
    ),
)


def person(i: int) -> str:
    return f"person{i}@customer{i % 40}.example"


@cache
def mail(i: int, to: str) -> bytes:
    """The i-th mail: every tenth is an out-of-office notice, every twelfth has no Message-ID, every seventh is HTML."""
    subject, text = TEXTS[i % len(TEXTS)]
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = f"Person {i} <{person(i)}>", to, f"{subject} {i}"
    made["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=i % 90))
    if i % 12:
        made["Message-ID"] = f"<mail.{i}@customer{i % 40}.example>"
    if i % 10 == 9:
        made["Auto-Submitted"] = "auto-replied"
    if i % 7 == 3:
        made.set_content(f"<p>{text.format(i=i)}</p>", subtype="html")
    else:
        made.set_content(text.format(i=i))
    return made.as_bytes()


def automatic(i: int) -> bool:
    return i % 10 == 9


def settings(tmp_path: Path, boxes: dict[str, MailUser], dovecot: Dovecot, smtp_port: int, database: str) -> Settings:
    directory = tmp_path / "directory.yaml"
    directory.write_text("teams:\n  support: {address: team@desk.example}\n  leads: {address: leads@desk.example}\n")
    environ = {
        "MAILBOT_DATABASE_URL": database,
        "MAILBOT_BLOBS_URL": f"file://{tmp_path / 'blobs'}",
        "MAILBOT_DIRECTORY": str(directory),
        "MAILBOT_FIRST_RUN": "beginning",
        "MAILBOT_POLL_SECONDS": "0.5",
        "MAILBOT_SMTP__HOST": "127.0.0.1",
        "MAILBOT_SMTP__PORT": str(smtp_port),
        "MAILBOT_SMTP__SECURITY": "plain",
        "MAILBOT_LIMITS__PER_DOMAIN_HOUR": "1000",
        "MAILBOT_LIMITS__BREAKER_REPLIES": "100000",
    }
    for name, user in boxes.items():
        box = f"MAILBOT_MAILBOXES__{name.upper()}__"
        environ |= {
            box + "ADDRESS": SUPPORT if name == "support" else ESCALATE,
            box + "ROLE": name,
            box + "PACK": "digibee",
            box + "HOST": "127.0.0.1",
            box + "PORT": str(dovecot.port),
            box + "SECURITY": "plain",
            box + "USERNAME": user.name,
            box + "PASSWORD": user.password,
            box + "IDLE": "false",
        }
    return load(None, environ)


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[DemoSmtpServer]:
    with DemoSmtpServer(tmp_path / "sent") as server:
        yield server


def run(made: Settings) -> tuple[Service, list[TicketDetail]]:
    """One run until nothing is left to do, and all tickets after it."""
    engine = Engine(made)
    try:
        service = Service(engine)
        service.run_until_idle()
        found = [engine.store.show_ticket(line.number) for line in engine.store.list_tickets(limit=10_000)]
        return service, [ticket for ticket in found if ticket]
    finally:
        engine.close()


def replies_to_people(smtp: DemoSmtpServer, start: int = 0) -> Counter[str]:
    return Counter(to for m in smtp.mails[start:] for to in m.recipients if to.startswith("person"))


@pytest.mark.timeout(400)
def test_three_hundred_mails_are_one_message_and_one_reply_each(
    dovecot: Dovecot, smtp: DemoSmtpServer, tmp_path: Path
) -> None:
    boxes = {"support": dovecot.user(), "escalate": dovecot.user()}
    count = 298
    escalated = {i for i in range(count) if i % len(TEXTS) == 4}
    for name, user in boxes.items():
        own = [i for i in range(count) if (i in escalated) == (name == "escalate") or i % 50 == 0]
        user.deliver(*(mail(i, f"{SUPPORT}, {ESCALATE}" if i % 50 == 0 else SUPPORT) for i in own))
    late = threading.Timer(0.5, lambda: [boxes["support"].deliver(mail(i, SUPPORT)) for i in (298, 300)])
    database = f"sqlite:///{tmp_path / 'mailbot.db'}"
    made = settings(tmp_path, boxes, dovecot, smtp.port, database)
    late.start()
    first, _ = run(made)
    late.join()
    second, tickets = run(made)  # takes the two late ones where the first pass had its list already
    assert first.totals.failures == second.totals.failures == []
    people = {person(i) for i in [*range(count), 298, 300] if not automatic(i)}
    assert replies_to_people(smtp) == Counter(dict.fromkeys(people, 1))
    assert len(tickets) == len(people)
    assert all(len(t.messages) == 1 for t in tickets)
    for user in boxes.values():
        assert all(b"\\Seen" in flags for flags in user.flags().values())

    before = len(smtp.mails)
    third, again = run(made)
    assert (third.totals.fetched, third.totals.sent, len(smtp.mails)) == (0, 0, before)
    assert [t.line.number for t in again] == [t.line.number for t in tickets]

    for old in tmp_path.glob("mailbot.db*"):
        old.unlink()
    _, anew = run(made)
    assert len(anew) == len(people)
    assert replies_to_people(smtp, before) == Counter(dict.fromkeys(people, 1))


def test_a_gap_is_asked_answered_and_asked_no_more(dovecot: Dovecot, smtp: DemoSmtpServer, tmp_path: Path) -> None:
    boxes = {"support": dovecot.user(), "escalate": dovecot.user()}
    made = settings(tmp_path, boxes, dovecot, smtp.port, f"sqlite:///{tmp_path / 'mailbot.db'}")
    boxes["escalate"].deliver(
        letter(
            "Preciso escalar",
            "Bom dia, peço para escalar: a integração de notas está parada em produção há cinco dias e o analista "
            "encerrou o chat sem resolver. Queremos que outra pessoa olhe.\n",
            ESCALATE,
        )
    )
    run(made)
    asked = message_from_bytes(smtp.mails[-1].raw, policy=policy.default)
    assert asked["In-Reply-To"] == "<first@cliente.example>"
    assert asked["Auto-Submitted"] == "auto-replied"
    assert "chat" in asked.get_body(("plain",)).get_content().lower()
    boxes["escalate"].deliver(
        letter("Re: " + asked["Subject"], "é o 215470311984\n", ESCALATE, to_mail=str(asked["Message-ID"]))
    )
    _, (ticket,) = run(made)
    assert ticket.ticket.fields["chat_id"].value == "215470311984"
    assert len(ticket.messages) == 2
    assert Counter(e.audience for e in ticket.outbox) == {"customer": 2, "team": 1}
    assert [e.state for e in ticket.outbox] == ["sent"] * 3


def letter(subject: str, text: str, to: str, to_mail: str = "") -> bytes:
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = "Ana Souza <ana@cliente.example>", to, subject
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = "<second@cliente.example>" if to_mail else "<first@cliente.example>"
    if to_mail:
        made["In-Reply-To"] = to_mail
    made.set_content(text)
    return made.as_bytes()


def test_one_mailboxs_fault_does_not_stop_the_other(dovecot: Dovecot, smtp: DemoSmtpServer, tmp_path: Path) -> None:
    boxes = {"support": dovecot.user(), "escalate": dovecot.user()}
    boxes["support"].deliver(mail(1, SUPPORT))
    boxes["escalate"] = MailUser(boxes["escalate"].name, "wrong", dovecot)
    made = settings(tmp_path, boxes, dovecot, smtp.port, f"sqlite:///{tmp_path / 'mailbot.db'}")
    service, tickets = run(made)
    assert len(tickets) == 1
    assert len(service.totals.failures) == 1
    assert "escalate" in service.totals.failures[0]
