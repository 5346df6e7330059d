"""A mail that a server refuses for good has reached nobody: somebody is told, once, and can act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from theatre import Sent, Theatre

from mailbot.runtime.calendar import run_due
from mailbot.runtime.refusals import tell_refusals

ANA, EDU = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>"
QUESTION = "Olá, o fluxo sync-orders parou ontem às 14h20 em produção, com erro de timeout."


class Refusing(Theatre):
    """A theatre with a mail server that takes everything but what `refuses` names (address → its answer)."""

    def __init__(self, *, house_language: str) -> None:
        super().__init__("digibee", house_language=house_language)
        self.refuses: dict[str, str] = {}

    def delivers(self) -> list[Sent]:
        """The outbox is worked off, a minute passes; what went out because of what was refused."""
        for mail in self.store.claim_due(self.now):
            assert self.store.begin(mail, self.now)
            answer = next((self.refuses[a] for a in mail.recipients if a in self.refuses), "")
            if answer:
                self.store.record_refused(mail.id, answer)
            else:
                self.store.record_sent(mail.id, self.now, "250 taken")
        self.wait(minutes=1)
        tell_refusals(self, self.now)
        self.sent = self._went_out()
        return self.sent


@pytest.fixture(params=["pt", "en", "es"])
def play(request: pytest.FixtureRequest) -> Iterator[Refusing]:
    made = Refusing(house_language=request.param)
    yield made
    made.close()


def test_the_engineers_hear_once_of_a_customers_mail_that_was_refused(play: Refusing) -> None:
    play.refuses = {"ana@aurora.example": "550 5.1.1 no such user here"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    told = [s for s in play.delivers() if s.template == "refused"]
    assert len(told) == 1
    assert told[0].audience == "team"
    assert told[0].to == ("support@vendor.example",)
    for words in ("ana@aurora.example", "550 5.1.1 no such user here", "Fluxo parado", "#1"):
        assert words in told[0].subject + told[0].text
    assert play.delivers() == []  # once, however often the minute comes
    assert [e.event for e in play.store.show_ticket(1).timeline].count("refused") == 2  # the outbox's line, and why


def test_an_address_that_is_unknown_is_marked_and_gets_nothing_until_somebody_writes_from_it(play: Refusing) -> None:
    play.refuses = {"ana@aurora.example": "550 5.1.1 no such user here"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    play.delivers()
    assert play.store.marked(("ana@aurora.example",))
    play.refuses = {}
    play.writes(ANA, "Resposta automática: férias", "Estou de férias.", Auto_Submitted="auto-replied")
    assert play.silent
    assert play.store.marked(("ana@aurora.example",))  # a program wrote, nobody
    play.writes("Bia <bia@aurora.example>", "Outro fluxo", QUESTION.replace("orders", "stock"))
    assert play.store.marked(("ana@aurora.example",))  # and somebody else frees only herself
    play.writes(ANA, "Outro fluxo parado", QUESTION.replace("orders", "cash"))
    assert play.reply.to == ("ana@aurora.example",)
    assert not play.store.marked(("ana@aurora.example",))


@pytest.mark.parametrize("marked", [True, False])
def test_no_reminder_goes_to_a_marked_address(play: Refusing, marked: bool) -> None:
    if marked:
        play.refuses = {"ana@aurora.example": "550 5.1.1 no such user here"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    play.delivers()
    for _ in range(12):
        play.wait(hours=12)
        run_due(play, play.now)
    assert ("reminder" in {s.template for s in play.delivers()}) is not marked


def test_a_mail_that_was_on_its_way_before_the_mark_frees_nothing(play: Refusing) -> None:
    play.refuses = {"ana@aurora.example": "550 5.1.1 no such user here"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    before = play.now
    play.delivers()
    play.now = before - timedelta(minutes=10)  # `deliver` lets seven pass: it arrived before the refusal
    play.writes(ANA, "Outro fluxo parado", QUESTION.replace("orders", "cash"))
    assert play.silent
    assert play.store.marked(("ana@aurora.example",))


def test_a_mail_that_is_refused_for_its_contents_marks_nobody(play: Refusing) -> None:
    play.refuses = {"ana@aurora.example": "552 5.3.4 message too big"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    assert [s.template for s in play.delivers() if s.audience == "team"] == ["refused"]
    assert not play.store.marked(("ana@aurora.example",))


def test_the_operators_hear_of_an_engineers_mail_that_was_refused_and_nobody_of_their_own(play: Refusing) -> None:
    play.writes(ANA, "Fluxo parado", QUESTION)
    play.delivers()
    play.refuses = {"support@vendor.example": "550 5.7.1 relaying denied", "ops@vendor.example": "550 5.1.1 who?"}
    play.writes(ANA, "URGENTE: fluxo sync-orders parado", QUESTION + " Tudo parado, ninguém consegue faturar!")
    assert any(s.audience == "team" for s in play.sent)
    told = play.delivers()
    assert [(s.template, s.audience, s.to) for s in told] == [("operators_alert", "operators", ("ops@vendor.example",))]
    assert "550 5.7.1 relaying denied" in told[0].text
    assert "mailbot outbox retry" in told[0].text
    assert play.delivers() == []  # the alert itself was refused: no mail about it, it stands in the outbox
    assert "refused" in {e.state for e in play.store.outbox_list() if e.template == "operators_alert"}


def test_a_mail_that_was_tried_again_and_refused_again_is_told_again(play: Refusing) -> None:
    play.refuses = {"ana@aurora.example": "550 5.7.1 policy"}
    play.writes(ANA, "Fluxo parado", QUESTION)
    play.delivers()
    refused = [e.id for e in play.store.outbox_list(["refused"])]
    play.store.outbox_retry(refused)
    tell_refusals(play, play.now)  # a minute passes before the next try
    assert [s.template for s in play.delivers()] == ["refused"]
