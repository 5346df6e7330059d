"""A copy is the same mail again, not merely the same Message-ID."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailbot.message.model import Address, Message
from mailbot.store.ledger import _same, content_digest

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAIL = Message(
    "<one@x.example>", (Address("ana@x.example"),), (), (), (), "Fluxo", NOON, NOON, text="O fluxo parou. " * 40
)


class Row:
    def __init__(self, message: Message) -> None:
        self.content, self.sent_date = content_digest(message), message.date


def test_the_same_words_are_a_copy_whenever_they_were_sent() -> None:
    assert _same(Row(MAIL), content_digest(MAIL), NOON + timedelta(days=1))


def test_a_footer_of_a_gateway_does_not_make_another_mail() -> None:
    longer = replace(MAIL, text=MAIL.text + "\n-- \nScanned by the gateway")
    assert _same(Row(MAIL), content_digest(longer), NOON)
    assert not _same(Row(MAIL), content_digest(longer), NOON + timedelta(seconds=5))


def test_other_words_under_the_same_message_id_and_second_are_another_mail() -> None:
    other = replace(MAIL, text="Esqueci de dizer: a chave é b7e1f0c4.")
    assert not _same(Row(MAIL), content_digest(other), NOON)
