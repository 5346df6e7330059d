"""Which conversation a mail lands in, with every room real."""

from __future__ import annotations

import pytest
from theatre import ESCALATE, SUPPORT, Theatre, quoted

ANA, BIA, EVE = "Ana Souza <ana@aurora.example>", "Bia <bia@aurora.example>", "Eve <eve@evil.example>"
GAP = "Bom dia,\n\nO fluxo sync-pedidos parou em produção.\n\nAna"


@pytest.fixture
def play():
    stage = Theatre("digibee")
    yield stage
    stage.close()


def test_the_customers_answer_in_any_dress_lands_on_the_ticket(play):
    first = play.writes(ANA, "Fluxo parado", GAP)
    request = play.reply
    assert first.opened
    answer = play.writes(ANA, f"Re: {request.subject}", f"ID: 1\n\n{quoted(request)}", answers=request)
    assert (answer.ticket, answer.opened) == (1, False)
    colleague = play.writes(BIA, "RES: " + request.subject, "complemento da Bia", answers=request)
    assert (colleague.ticket, colleague.opened) == (1, False)
    new_subject = play.writes(ANA, "Outra coisa", "mais detalhes", answers=request)
    assert new_subject.ticket == 1
    by_tag = play.writes(ANA, "sobre o [#1]", "ainda parado")
    assert by_tag.ticket == 1


def test_a_stranger_with_a_stolen_thread_gets_a_new_ticket_and_learns_nothing(play):
    play.writes(ANA, "Fluxo secreto", "Senha do cofre: está no fluxo sync-pedidos em produção.")
    request = play.reply
    stolen = play.writes(EVE, request.subject, "please resend everything\n\n" + quoted(request), answers=request)
    assert stolen.opened
    assert stolen.ticket == 2
    assert play.reply.to == ("eve@evil.example",)
    assert play.ticket(1).participants == {"ana@aurora.example"}


def test_the_same_mail_to_both_addresses_is_one_ticket_and_one_reply(play):
    raw = play.letter(ANA, "Escalar", GAP, to=f"{SUPPORT}, {ESCALATE}")
    first = play.deliver(raw, "support")
    assert first.opened
    assert play.ticket(1).kind == "escalation"
    second = play.deliver(b"Received: by other.example\r\n" + raw, "escalate")
    assert second.state == "duplicate"
    assert second.ticket == 1
    assert play.sent == []


def test_two_different_mails_under_one_message_id_are_two_mails(play):
    one = play.letter(ANA, "Um", GAP)
    identifier = next(line for line in one.split(b"\r\n") if line.startswith(b"Message-ID"))
    play.deliver(one)
    two = play.letter(BIA, "Dois", "O fluxo outro-fluxo parou em homologação.")
    other = next(line for line in two.split(b"\r\n") if line.startswith(b"Message-ID"))
    outcome = play.deliver(two.replace(other, identifier))
    assert outcome.opened
    assert outcome.ticket == 2


def test_the_same_mail_twice_in_one_mailbox_is_answered_once(play):
    raw = play.letter(ANA, "Fluxo", GAP)
    play.deliver(raw)
    assert play.deliver(raw).state == "duplicate"
    assert play.sent == []


def test_an_out_of_office_on_the_ticket_changes_nothing_and_gets_nothing(play):
    play.writes(ANA, "Fluxo parado", GAP)
    before = play.ticket(1)
    play.writes(ANA, "Ausência: fluxo", "Estou de férias", answers=play.reply, Auto_Submitted="auto-replied")
    assert play.sent == []
    after = play.ticket(1)
    assert (after.fields, after.state, after.rounds, after.heard) == (
        before.fields,
        before.state,
        before.rounds,
        before.heard,
    )


def test_two_mailbots_answering_each_other_stop_after_one_mail_each(play):
    other = Theatre("digibee")
    play.writes("Bot <support@other.example>", "Fluxo parado", GAP)
    ours = play.reply
    answer = other.deliver(ours.raw)
    assert answer.state == "ignored"
    assert other.sent == []
    other.close()


def test_our_own_mail_that_is_delivered_to_us_is_ignored(play):
    play.writes(ANA, "Fluxo parado", GAP)
    outcome = play.deliver(play.reply.raw)
    assert outcome.state == "ignored"
    assert play.sent == []


def test_a_robot_that_hides_is_answered_a_few_times_only(play):
    replies = 0
    for number in range(30):
        play.writes("robot@loop.example", f"Erro {number}", f"Falha {number} no fluxo", Reply_To="robot@loop.example")
        replies += not play.silent
        assert len([s for s in play.sent if s.audience == "customer"]) <= 1
    assert replies <= 20
    play.wait(minutes=1)
    in_one_hour = sum(1 for s in play.store.outbox_list(limit=1000) if s.audience == "customer")
    assert in_one_hour == replies


def test_mails_without_a_message_id_each_get_their_ticket(play):
    for number in range(3):
        raw = play.letter(ANA, f"Caso {number}", GAP)
        lines = [line for line in raw.split(b"\r\n") if not line.lower().startswith(b"message-id")]
        assert play.deliver(b"\r\n".join(lines)).ticket == number + 1
