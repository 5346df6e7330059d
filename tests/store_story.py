"""Small makers for tests of the store: mails, decisions, finished mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mailbot.decide.actions import Decision, Send, SetFields, Update
from mailbot.message.model import Address, Message
from mailbot.reply.model import Outgoing
from mailbot.store import Store
from mailbot.store.values import Applied, LedgerRow, ReceivedMail
from mailbot.tickets.model import FieldValue, Question, State, Ticket

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
ANA = "ana@cliente.example"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def mail(uid: int, *, at: datetime | None = None, raw: bytes = b"") -> ReceivedMail:
    raw = raw or f"Message-ID: <{uid}@cliente.example>\r\nSubject: case {uid}\r\n\r\nhello {uid}\r\n".encode()
    return ReceivedMail(uid, raw, at or NOW + timedelta(seconds=uid), len(raw))


def message(key: str = "1", **more: Any) -> Message:
    given: dict[str, Any] = {
        "message_id": f"<{key}@cliente.example>", "from_": (Address(ANA, "Ana"),),
        "to": (Address("support@us.example"),), "cc": (), "reply_to": (), "subject": f"case {key}",
        "date": NOW, "received": NOW,
        "text": f"O pipeline sync-orders falha em produção ({key})",
    }  # fmt: skip
    return Message(**(given | more))


def send(key: str = "reply", **more: Any) -> Send:
    given: dict[str, Any] = {
        "template": "request_info", "audience": "customer", "to": (ANA,), "language": "pt",
        "reason": "fields are missing", "key": key, "ask": ("chat_id",),
    }  # fmt: skip
    return Send(**(given | more))


def value(text: str, words: str = "") -> FieldValue:
    return FieldValue(text, words or f"it says {text}", "label", 0.9, "<1@cliente.example>")


def opening(*more: Any, missing: tuple[str, ...] = ("chat_id",)) -> Decision:
    """A new ticket that asks for the chat ID."""
    fields = SetFields({"pipeline": value("sync-orders"), "environment": value("production")}, {}, ("pipeline",))
    update = Update(language="pt", kind="incident", priority=3, state=State.WAITING, reason="chat ID is missing")
    return Decision((update, fields, *(more or (send(),))), "no known reference", open_ticket=True, missing=missing)


def on_ticket(number: int, *actions: Any, missing: tuple[str, ...] = ()) -> Decision:
    return Decision(actions, "references", ticket=number, missing=missing)


def render(ticket: Ticket | None, mail: Send) -> Outgoing:
    number = ticket.number if ticket else 0
    questions = tuple(Question(name, at, f"{at}. {name}?") for at, name in enumerate(mail.ask, 1))
    text = f"ticket {number}, round {ticket.rounds if ticket else 0}: " + " ".join(q.text for q in questions)
    return Outgoing(
        f"<mb.{number}.{mail.key}.{len(ticket.sent) if ticket else 0}@us.example>", "support@us.example", mail.to,
        f"To: {mail.to}\r\n\r\n{text}\r\n".encode(), f"Re: [#{number}]", text, questions,
    )  # fmt: skip


def arrive(store: Store, *uids: int, mailbox: str = "support", uidvalidity: int = 1) -> list[LedgerRow]:
    """Mails arrive; returns what waits."""
    store.receive(mailbox, uidvalidity, [mail(uid) for uid in uids])
    return store.pending()


def open_ticket(store: Store, key: str = "1", *, decision: Decision | None = None, **more: Any) -> Applied:
    """A mail arrives and becomes a ticket."""
    row = next(r for r in arrive(store, int(key)) if r.uid == int(key))
    return store.apply(
        row.id, message(key, **more), decision or opening(), render=render, pack="digibee", new_text=f"falha {key}"
    )
