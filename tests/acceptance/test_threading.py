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


ANSWERS = {
    "pipeline_key": "9f8b6c1e-2d3a-4f5b-8c7d-8e9f0a1b2c3d",
    "error_message": "java.net.SocketTimeoutException: connect timed out",
    "occurred_at": "03/11/2026 às 08:40",
    "expected_vs_actual": "os pedidos deveriam chegar ao ERP, mas não chegam",
    "prior_analysis": "reiniciamos o agente e ele voltou por dez minutos, depois caiu de novo",
}


def _above(asked, request):
    return "\n".join(ANSWERS[field] for field, _ in asked) + "\n\nAna\n\n" + quoted(request)


def _below(asked, request):
    return quoted(request) + "\n\n" + "\n".join(ANSWERS[field] for field, _ in asked) + "\n\nAna"


def _between(asked, request):
    text = quoted(request)
    for field, question in asked:
        lines = "\n".join(f"> {line}".rstrip() for line in question.splitlines())
        assert lines in text
        text = text.replace(lines, f"{lines}\n\n{ANSWERS[field]}\n", 1)
    return text


def _numbered(asked, _request):
    return "Oi,\n\n" + "\n".join(f"{n}) {ANSWERS[field]}" for n, (field, _) in enumerate(asked, 1)) + "\n\nAna"


@pytest.mark.parametrize("style", [_above, _below, _between, _numbered], ids=lambda style: style.__name__[1:])
def test_an_answer_is_read_wherever_it_stands_and_nothing_is_asked_again(play, style):
    play.writes(ANA, "Fluxo parado", GAP)
    request = play.reply
    asked = [(q.field, q.text) for q in play.ticket().sent[-1].questions]
    assert {field for field, _ in asked} <= set(ANSWERS)
    assert len(asked) >= 4
    play.writes(ANA, request.subject, style(asked, request), answers=request)
    assert play.reply.template == "acknowledge"
    assert {field for field, _ in asked} <= set(play.ticket().fields)
    assert play.ticket().fields["pipeline_key"].value.replace("-", "") == ANSWERS["pipeline_key"].replace("-", "")
    assert play.ticket().fields["occurred_at"].value.startswith("2026-11-03T08:40")


def test_one_bare_line_two_mails_a_colleague_and_a_correction_are_merged(play):
    play.writes(ANA, "Fluxo parado", GAP)
    request = play.reply
    play.writes(ANA, request.subject, ANSWERS["pipeline_key"] + "\n\n" + quoted(request), answers=request)
    again = play.reply
    assert again.template == "request_again"
    assert "pipeline_key" not in play.asked
    text = f"Mensagem de erro: {ANSWERS['error_message']}\nData e hora: {ANSWERS['occurred_at']}"
    play.writes(BIA, "RES: " + again.subject, text + "\nAmbiente: homologação", answers=again)
    held = play.ticket().fields
    assert {"pipeline_key", "error_message", "occurred_at"} <= set(held)
    assert held["environment"].value in ("staging", "homologation", "test", "hml", "homolog")


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
