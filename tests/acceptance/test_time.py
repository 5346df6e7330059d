"""What time brings, as plays: silence, reminders, closings over a holiday; targets that are near, missed, by night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clockwork import Clockwork, sp
from theatre import quoted

from mailbot.runtime.calendar import run_due
from mailbot.tickets.model import State

ANA, EDU = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>"
GAP = {
    "digibee": "Bom dia,\n\nO fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP.\n\nObrigada,\nAna",
    "api-operations": "Hello,\n\nthe payments endpoint answers with errors in the integration environment.\n\nAna",
    "sharpspring": "Hola, el formulario no funciona. Gracias, Ana",
}
REST = (
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\n"
    "Mensagem de erro: java.net.SocketTimeoutException: connect timed out\n"
    "Data e hora: 29/10/2026 08:40\n"
    "Esperado x ocorrido: os pedidos deveriam chegar ao ERP, mas não chegam\n"
    "Análises anteriores: reiniciamos o agente e ele voltou por dez minutos, depois caiu de novo\n"
)


@pytest.fixture
def digibee():
    stage = Clockwork("digibee")
    yield stage
    stage.close()


def test_silence_is_reminded_once_then_closed_politely_over_weekend_and_holiday(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    request = play.reply
    # Thursday 10:07 and 18 hours of work: Monday would be it but for the holiday. Until Saturday nobody is bothered.
    play.until(sp(10, 30, 18))
    assert play.to_customers() == []
    play.until(sp(11, 3, 9))
    assert play.to_customers() == []
    play.until(sp(11, 3, 11))
    reminder = play.reply
    assert reminder.template == "reminder"
    assert reminder.to == ("ana@aurora.example",)
    assert request.mail["message-id"] in reminder.mail["references"]
    assert reminder.mail["auto-submitted"] == "auto-generated"
    assert play.ticket().rounds == 1
    # No second reminder; three days of work later it is closed, and that is said.
    play.until(sp(11, 6, 10))
    assert play.to_customers() == []
    play.until(sp(11, 6, 12))
    assert play.reply.template == "closing"
    assert play.ticket().state is State.CLOSED
    assert play.ticket().closed_for_silence
    play.until(sp(11, 20, 12))
    assert play.sent == []
    # A late answer opens it again, as the mail promised.
    late = play.writes(ANA, request.subject, REST + quoted(request), answers=request)
    assert (late.ticket, late.opened) == (1, False)
    assert play.ticket().state is State.READY


@pytest.mark.parametrize("pack", ["api-operations", "sharpspring"])
def test_every_pack_reminds_in_the_language_of_the_customer(pack):
    play = Clockwork(pack)
    play.writes(ANA, "Endpoint" if pack == "api-operations" else "Formulario", GAP[pack])
    assert play.ticket().state is State.WAITING
    play.until(sp(11, 4, 10))
    said = {"api-operations": "is still waiting for your answer", "sharpspring": "a la espera de su respuesta"}
    assert play.reply.template == "reminder"
    assert said[pack] in " ".join(play.reply.text.split())
    play.close()


def test_an_out_of_office_answer_is_no_answer_and_resets_nothing(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    request = play.reply
    play.until(sp(10, 30, 15))
    play.writes(ANA, "Resposta automática", "Estou de férias.", answers=request, Auto_Submitted="auto-replied")
    play.until(sp(11, 3, 11))
    assert play.reply.template == "reminder"


def test_an_answer_starts_a_new_silence_with_a_reminder_of_its_own(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    play.until(sp(11, 3, 11))
    reminder = play.reply
    play.writes(ANA, reminder.subject, "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d", answers=reminder)
    assert play.reply.template == "request_again"
    play.until(sp(11, 5, 10))
    assert play.to_customers() == []
    play.until(sp(11, 6, 10))
    assert play.to_customers() == ["reminder"]


def test_many_ticks_and_a_crash_between_them_remind_once(digibee, monkeypatch):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    play.now = sp(11, 4, 10)

    class Killed(BaseException):
        """Stands for SIGKILL in the middle of the transaction."""

    def dies(*_a, **_k):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("mailbot.store.apply.put", dies)
        with pytest.raises(Killed):
            run_due(play, play.now)
    assert play._went_out()[1:] == []
    counts = [run_due(play, play.now + timedelta(minutes=m)) for m in range(5)]
    assert counts == [1, 0, 0, 0, 0]


def test_a_ticket_that_changes_between_deciding_and_doing_is_left_for_the_next_tick(digibee, monkeypatch):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    play.until(sp(11, 3, 11))
    request = play.reply
    play.now = sp(11, 9, 10)
    stale = play.store.standings()
    play.writes(ANA, request.subject, REST, answers=request)
    monkeypatch.setattr(play.store, "standings", lambda *_: stale)
    assert run_due(play, play.now) == 0
    assert play.ticket().state is State.READY


def test_an_address_that_is_marked_gets_no_reminder_and_the_timeline_says_why(digibee):
    from mailbot.decide.actions import Decision, MarkAddress

    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    mark = MarkAddress("ana@aurora.example", True, "5.1.1")
    play.store.act("mark", 1, Decision((mark,), "x", ticket=1), render=lambda *_: pytest.fail("no mail"))
    play.until(sp(11, 4, 10))
    assert play.to_customers() == []
    assert any("no reminder" in e.text for e in play.store.show_ticket(1).timeline)


def test_the_leads_hear_once_before_a_target_is_missed_and_once_when_it_is(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"] + "\n" + REST)
    level = play.ticket().priority
    hours = play.house.packs["digibee"].service.first_reply[level]
    ends = play.ticket().opened + timedelta(hours=hours)
    assert 1 < hours <= 8
    play.until(ends - timedelta(minutes=70))
    assert play.sent == []
    play.until(ends - timedelta(minutes=5))
    soon = play.team("breach_soon")
    assert soon.to == ("leads@vendor.example",)
    assert "first reply" in soon.text
    play.until(ends + timedelta(hours=5))
    assert [s.template for s in play.sent] == ["breach"]
    assert "leads@vendor.example" in play.sent[0].to
    assert "[#1]" in play.sent[0].subject or "#1" in play.sent[0].text


def test_an_engineers_reply_meets_the_target_and_the_programs_own_does_not(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"] + "\n" + REST)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "Estamos olhando.", answers=summary)
    play.until(sp(10, 29, 17, 59))
    assert not [s for s in play.sent if s.template.startswith("breach") and "first reply" in s.text]


def test_while_the_customer_is_asked_the_teams_clock_stands_still(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"])
    request = play.reply
    play.until(sp(10, 30, 17))
    assert [s for s in play.sent if s.template.startswith("breach")] == []
    play.writes(ANA, request.subject, REST, answers=request)
    play.until(sp(10, 30, 17, 50))
    assert [s for s in play.sent if s.template == "breach"] == []


def test_a_critical_ticket_at_night_counts_by_the_clock_and_wakes_those_on_call():
    play = Clockwork("api-operations", sp(10, 31, 23))  # a Saturday night
    text = "Toda a API está fora do ar em produção desde as 22:40, nenhum cliente consegue pagar. Vazamento de dados!"
    play.writes(ANA, "URGENTE: API de pagamentos totalmente indisponível em produção", text)
    assert play.ticket().priority == 1
    assert play.team("on_call").to == ("oncall@vendor.example",)
    play.until(sp(11, 1, 1))
    missed = [s for s in play.sent if s.template == "breach"]
    assert len(missed) == 1
    assert {"leads@vendor.example", "oncall@vendor.example"} <= set(missed[0].to)
    play.close()


def test_a_resolved_ticket_is_closed_quietly_after_a_while_and_an_answer_then_opens_a_linked_one(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP["digibee"] + "\n" + REST)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "Corrigido.\n/resolve", answers=summary)
    resolved = play.reply
    play.until(sp(11, 20, 10))
    assert play.to_customers() == []
    assert play.ticket().state is State.CLOSED
    again = play.writes(ANA, resolved.subject, "O fluxo sync-pedidos parou de novo em produção.", answers=resolved)
    assert again.opened
    assert play.ticket(2).linked == (1,)
