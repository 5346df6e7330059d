"""A support desk on real servers with a clock in hand: mails go in through IMAP, come out through SMTP, raw both ways.

desk = Desk(dovecot, smtp, tmp_path, monkeypatch, {"support": "digibee"})
desk.writes(ANA, "Fluxo parado", "O fluxo sync parou")      # APPENDed to Dovecot, polled, answered, sent
desk.mail_to("ana@aurora.example")                           # what the SMTP server took
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from servers import Dovecot

from mailbot.demo.smtp_server import DemoSmtpServer
from mailbot.rules.pack import load_packs
from mailbot.runtime import clock, engine
from mailbot.runtime.engine import Engine
from mailbot.runtime.service import Service
from mailbot.settings import load

AUTHSERV = "mx.desk.example"
ENGINEER, LEADS, ON_CALL = "edu@desk.example", "leads@desk.example", "oncall@desk.example"
DIRECTORY = f"""
engineers: [{{address: {ENGINEER}, name: Edu Reis}}]
operators: [ops@desk.example]
teams:
  support: {{address: team@desk.example}}
  product: {{address: product@desk.example}}
  production: {{address: production@desk.example}}
  integration: {{address: integration@desk.example}}
  on_call: {{address: production@desk.example, on_call: [{ON_CALL}]}}
  leads: {{address: {LEADS}}}
customers:
  aurora: {{name: Banco Aurora, domains: [aurora.example], on_call_phone: "+55 11 5555-0100"}}
"""

_packs = cache(load_packs)


class Desk:
    """`boxes`: name → pack; each is an account on Dovecot, its address NAME@desk.example."""

    def __init__(
        self, dovecot: Dovecot, smtp: DemoSmtpServer, folder: Path, patch: pytest.MonkeyPatch, boxes: dict[str, str],
        now: datetime,
    ) -> None:  # fmt: skip
        self.now, self.smtp, self._numbers = now, smtp, count(1)
        self.users = {name: dovecot.user() for name in boxes}
        patch.setattr(clock, "now", lambda: self.now)
        patch.setattr(engine, "load_packs", _packs)  # compiled once, not once for each play
        (folder / "directory.yaml").write_text(DIRECTORY, encoding="utf-8")
        environ = {
            "MAILBOT_DATABASE_URL": f"sqlite:///{folder / 'mailbot.db'}",
            "MAILBOT_BLOBS_URL": f"file://{folder / 'blobs'}",
            "MAILBOT_DIRECTORY": str(folder / "directory.yaml"),
            "MAILBOT_FIRST_RUN": "beginning",
            "MAILBOT_SECRET": "a secret of the tests",
            "MAILBOT_REPLY_PLUS_ADDRESS": "true",
            "MAILBOT_AUTHSERV_IDS": AUTHSERV,
            "MAILBOT_SMTP__HOST": "127.0.0.1",
            "MAILBOT_SMTP__PORT": str(smtp.port),
            "MAILBOT_SMTP__SECURITY": "plain",
        }
        for name, pack in boxes.items():
            box = f"MAILBOT_MAILBOXES__{name.upper()}__"
            environ |= {
                box + "ADDRESS": f"{name}@desk.example", box + "PACK": pack, box + "HOST": "127.0.0.1",
                box + "PORT": str(dovecot.port), box + "SECURITY": "plain", box + "IDLE": "false",
                box + "USERNAME": self.users[name].name, box + "PASSWORD": self.users[name].password,
            }  # fmt: skip
        self.engine = Engine(load(None, environ))
        self.engine.store.clock = lambda: self.now
        self.service = Service(self.engine)
        self.sent: list[EmailMessage] = []  # because of the last mail, or of the time that passed
        self._taken = 0

    def close(self) -> None:
        self.engine.close()

    # ---- what people do ----

    def writes(
        self, who: str, subject: str, text: str, *, to: str = "support", answers: EmailMessage | None = None,
        files: Sequence[tuple[str, str, bytes]] = (), proved: bool = True,
    ) -> None:  # fmt: skip
        """A mail arrives on the server, ten minutes after the last; it is read, decided on, and answered.

        answers: it goes to that mail's Reply-To, in its thread, and quotes it. proved: the receiving server vouches.
        """
        self.now += timedelta(minutes=10)
        made = EmailMessage(policy=policy.SMTP)
        address = f"{to}@desk.example"
        made["From"], made["To"], made["Subject"] = who, address, subject
        made["Date"] = format_datetime(self.now)
        domain = parseaddr(who)[1].rpartition("@")[2]
        made["Message-ID"] = f"<{next(self._numbers)}.{self.now:%d%H%M}@{domain}>"
        if answers is not None:
            made.replace_header("Subject", f"Re: {str(answers['Subject']).removeprefix('Re: ')}")
            made.replace_header("To", str(answers["Reply-To"] or answers["From"]))
            made["In-Reply-To"] = str(answers["Message-ID"])
            made["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
            text = f"{text}\n\n{_quoted(answers)}"
        made.set_content(text)
        for name, kind, content in files:
            main, _, sub = kind.partition("/")
            made.add_attachment(content, maintype=main, subtype=sub, filename=name)
        vouched = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\r\n" if proved else ""
        with self.users[to].client() as client:
            client.append("INBOX", vouched.encode() + made.as_bytes(), (), self.now)
        result = self.service.poll(to)
        assert result is not None
        assert (result.error, result.errors, result.fetched) == (None, (), 1)
        assert self.service.process() == 1
        self._send()

    def until(self, moment: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        """Time passes; what it brings is sent."""
        sent = []
        while self.now < moment:
            self.now = min(moment, self.now + step)
            for name in self.users:
                self.engine.read_at(name, self.now)  # nothing new lies there
            if self.engine.tick(self.now):
                self._send()
                sent += self.sent
        self.sent = sent

    def _send(self) -> None:
        done = self.service.deliver()
        assert done.error is None
        taken, self._taken = self.smtp.mails[self._taken :], len(self.smtp.mails)
        self.sent = [_read(mail.raw) for mail in taken]

    # ---- what can be seen ----

    def mail_to(self, address: str) -> EmailMessage:
        """The one mail that this address got just now."""
        found = self.mails_to(address)
        assert len(found) == 1, [(str(m["To"]), str(m["Subject"])) for m in self.sent]
        return found[0]

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [m for m in self.sent if address in {a.addr_spec for a in m["To"].addresses}]

    def ticket(self, number: int = 1) -> Any:
        return self.engine.store.ticket(number)

    def seen_on_the_server(self) -> bool:
        """Every mail on the server is flagged: all of them are safe here."""
        return all(b"\\Seen" in flags for user in self.users.values() for flags in user.flags().values())


def words(mail: EmailMessage) -> str:
    """The text part on one line."""
    return " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def _quoted(mail: EmailMessage) -> str:
    lines = mail.get_body(("plain",)).get_content().splitlines()  # type: ignore[union-attr]
    return f"On Tue, 3 Nov 2026, {mail['From']} wrote:\n" + "\n".join(f"> {line}".rstrip() for line in lines)
