"""A stage for conversations: raw mail in, raw mail out, every room real, the store in memory, the clock in hand.

play = Theatre("digibee")
play.customer("Ana <ana@aurora.example>", "Fluxo parado", "O fluxo sync parou")
play.bot.asks("environment")
"""

from __future__ import annotations

import email
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.policy import default as modern
from email.utils import format_datetime, parseaddr
from pathlib import Path

from mailbot.inbound.model import ReceivedMail
from mailbot.pipeline import Box, House, Outcome, process_pending
from mailbot.reply.model import Identity
from mailbot.reply.render import TemplateSet
from mailbot.rules.directory import Customer, Directory, Engineer, Team
from mailbot.rules.pack import load_packs
from mailbot.store import open_store

ROOT = Path(__file__).resolve().parents[2]
SUPPORT, ESCALATE, AUTHSERV = "support@vendor.example", "support.escalate@vendor.example", "mx.vendor.example"
START = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
DIRECTORY = Directory(
    engineers=(Engineer(address="edu@vendor.example", name="Edu"), Engineer(address="lia@vendor.example", name="Lia")),
    teams={
        name: Team(address=f"{name}@vendor.example", on_call=("oncall@vendor.example",) if name == "operations" else ())
        for name in ("support", "leads", "product", "operations", "integration", "account", "project-aurora", "email")
    },
    customers={
        "aurora": Customer(
            name="Banco Aurora",
            domains=("aurora.example",),
            project_team="project-aurora",
            on_call_phone="+55 11 5555-0100",
        )
    },
    operators=("ops@vendor.example",),
)
_PACKS: dict = {}


@dataclass
class Sent:
    """A mail of ours as its receiver gets it."""

    template: str
    audience: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=modern)

    @property
    def text(self) -> str:
        return self.mail.get_body(("plain",)).get_content()

    @property
    def subject(self) -> str:
        return str(self.mail["subject"])

    @property
    def cc(self) -> list[str]:
        return [a.addr_spec for h in self.mail.get_all("cc", []) for a in h.addresses]


class Theatre:
    def __init__(
        self, pack: str, *, authenticated: bool = False, directory: Directory = DIRECTORY, house_language: str = "en"
    ) -> None:
        if not _PACKS:
            _PACKS.update(load_packs(ROOT / "rules"))
        self.now = START
        self.store = open_store("sqlite://", "memory://", clock=lambda: self.now)
        secrets = ("a secret of the tests",)
        self.house = House(
            packs=_PACKS,
            boxes={
                name: Box(name, address, role, pack, Identity(address, secrets=secrets, plus=True))
                for name, address, role in (("support", SUPPORT, "support"), ("escalate", ESCALATE, "escalate"))
            },
            templates=TemplateSet(ROOT / "templates"),
            directory=directory,
            secrets=secrets,
            authserv_ids=(AUTHSERV,) if authenticated else (),
            team_language=house_language,
        )
        self.uid = 0
        self.sent: list[Sent] = []
        self._seen = 0

    # ---- what people do ----

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def deliver(self, raw: bytes, mailbox: str = "support") -> Outcome:
        """A mail arrives and is worked off at once. `self.sent` is what went out because of it."""
        self.uid += 1
        self.wait(minutes=7)
        self.store.receive(mailbox, 1, [ReceivedMail(self.uid, raw, self.now, len(raw))])
        outcomes = process_pending(self.store, self.house, now=lambda: self.now)
        assert len(outcomes) == 1
        self.sent = self._went_out()
        return outcomes[0]

    def writes(
        self,
        who: str,
        subject: str,
        text: str,
        *,
        to: str = SUPPORT,
        answers: Sent | Message | None = None,
        proved: bool = False,
        mailbox: str | None = None,
        files: Sequence[tuple[str, str, bytes]] = (),
        **headers: str,
    ) -> Outcome:
        raw = self.letter(who, subject, text, to=to, answers=answers, proved=proved, files=files, **headers)
        return self.deliver(raw, mailbox or ("escalate" if "escal" in to else "support"))

    def letter(
        self, who: str, subject: str, text: str, *, to=SUPPORT, answers=None, proved=False, files=(), **headers
    ) -> bytes:
        """A mail's bytes. files: (name, content type, content) of attachments."""
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"], made["Subject"] = who, to, subject
        made["Date"] = format_datetime(self.now)
        made["Message-ID"] = (
            f"<{self.uid + 1}.{abs(hash((who, subject, text))):x}@{parseaddr(who)[1].rpartition('@')[2]}>"
        )
        if answers is not None:
            parent = answers.mail if isinstance(answers, Sent) else answers
            made["In-Reply-To"] = str(parent["message-id"])
            made["References"] = f"{parent['references'] or ''} {parent['message-id']}".strip()
            if parent["reply-to"] and to == SUPPORT:
                del made["To"]
                made["To"] = str(parent["reply-to"])
        for name, value in headers.items():
            made[name.replace("_", "-")] = value
        made.set_content(text)
        for name, kind, content in files:
            main, _, sub = kind.partition("/")
            made.add_attachment(content, maintype=main, subtype=sub, filename=name)
        head = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={parseaddr(who)[1].rpartition('@')[2]}\r\n"
        return (head.encode() if proved else b"") + made.as_bytes()

    # ---- what can be seen ----

    def _went_out(self) -> list[Sent]:
        rows = sorted(self.store.outbox_list(limit=1000), key=lambda row: row.id)
        new, self._seen = rows[self._seen :], len(rows)
        return [Sent(r.template, r.audience, r.recipients, self.store.outbox_raw(r.id) or b"") for r in new]

    @property
    def reply(self) -> Sent:
        """The one mail that the customer got on account of the last mail."""
        mails = [s for s in self.sent if s.audience == "customer"]
        assert len(mails) == 1, [s.template for s in self.sent]
        return mails[0]

    @property
    def asked(self) -> list[str]:
        """The fields that the mail to the customer asks for, in order; each question stands in it word for word."""
        sent = next(m for m in self.ticket().sent if m.message_id == str(self.reply.mail["message-id"]))
        assert all(question.text in sent.text for question in sent.questions)
        return [question.field for question in sent.questions]

    @property
    def silent(self) -> bool:
        return not any(s.audience == "customer" for s in self.sent)

    def team(self, template: str) -> Sent:
        """The one mail of this template that engineers got on account of the last mail."""
        mails = [s for s in self.sent if s.audience == "team" and s.template == template]
        assert len(mails) == 1, [s.template for s in self.sent]
        return mails[0]

    def ticket(self, number: int = 1):
        return self.store.ticket(number)

    def close(self) -> None:
        self.store.close()


def quoted(
    sent: Sent, attribution: str = "Em ter., 3 de nov. de 2026 às 12:07, Suporte <support@vendor.example> escreveu:"
) -> str:
    """Our mail as a client quotes it."""
    return attribution + "\n" + "\n".join(f"> {line}".rstrip() for line in sent.text.splitlines())
