"""Helpers for the tests of narratives and answers: a Doc from a body, with the quote splitter's labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from mailbot.message.model import Address, Attachment, Line, Message
from mailbot.message.quote import split
from mailbot.rules.pack import RulePack
from mailbot.rules.pack import load_packs as load
from mailbot.tickets.model import Question
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context, Found
from mailbot.understand.fields import narratives
from mailbot.understand.model.around import setting

RULES = Path(__file__).resolve().parents[3] / "rules"
WHEN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def pack(name: str = "digibee") -> RulePack:
    return load(RULES)[name]


def message(body: str, subject: str = "", attachments: Sequence[Attachment] = (), html: str = "") -> Message:
    sender = (Address("ana@cliente.example", "Ana"),)
    return Message(
        "<1@cliente.example>",
        sender,
        (),
        (),
        (),
        subject,
        WHEN,
        WHEN,
        text=body,
        html=html,
        attachments=tuple(attachments),
    )


def lines(body: str, sent: Sequence[str] = ()) -> tuple[Line, ...]:
    return split(body, sent=sent)


def doc(body: str, subject: str = "", attachments: Sequence[Attachment] = ()) -> Doc:
    return build(message(body, subject, attachments), lines(body), setting("digibee", "support", False))


def given(
    field: str, body: str, subject: str = "", attachments: Sequence[Attachment] = (), context: Context | None = None
) -> bool:
    """Whether the narrative is found in a mail: by the finder's cue or by the mail as a whole."""
    mail, known = doc(body, subject, attachments), context or Context()
    found = narratives.weighed(field, list(narratives.NARRATIVES[field](mail, pack(), known)), mail, known)
    return any(isinstance(item, Found) for item in found)


def questions(*fields: str, language: str = "pt", of: str = "digibee") -> tuple[Question, ...]:
    """Questions as our reply shows them: numbered, with the hint on the next line."""
    rules = pack(of).fields
    return tuple(
        Question(field, number, f"{number}. {rules[field].question[language]}\n   {rules[field].hint[language]}")
        for number, field in enumerate(fields, 1)
    )


def reply_text(asked: Sequence[Question]) -> str:
    """Our request as it was sent."""
    return "\n".join(
        ["Olá, Ana.", "", "Falta pouco para começar:", "", *(q.text for q in asked), "", "Equipe de Suporte"]
    )


def quote(text: str) -> str:
    return "\n".join(("> " + line).rstrip() for line in text.split("\n"))
