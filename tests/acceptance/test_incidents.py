"""Known incidents as plays: declared by mail or by an operator, told to those who report them, over for all at once."""

from __future__ import annotations

from clockwork import Clockwork

from mailbot.runtime.incidents import run_incidents

ANA, EVE, EDU = "Ana Souza <ana@aurora.example>", "Eve <eve@other.example>", "Edu <edu@vendor.example>"
FORM = "O formulário de contato não envia o e-mail de confirmação desde ontem."
PAGE = "A landing page da campanha de natal abre em branco no celular desde hoje cedo."


class Service(Clockwork):
    steps = (run_incidents,)


def test_who_reports_a_declared_incident_is_told_and_hears_once_when_it_ends():
    play = Service("sharpspring")
    number = play.store.open_incident("sharpspring", "Formulários não enviam e-mails", ["formulario confirmacao"])
    play.writes(ANA, "Formulário não envia", FORM)
    assert "Formulários não enviam e-mails" in " ".join(play.reply.text.split())
    play.writes(EVE, "Landing page em branco", PAGE)
    assert "Formulários" not in play.reply.text
    play.store.close_incident(number)
    assert [run_incidents(play, play.now) for _ in range(3)] == [1, 0, 0]
    play.sent = play._went_out()
    assert play.reply.template == "incident_over"
    assert play.reply.to == ("ana@aurora.example",)
    assert "Formulários não enviam e-mails" in " ".join(play.reply.text.split())
    play.close()


def test_an_engineer_declares_an_incident_by_replying_and_ends_it_the_same_way():
    play = Service("sharpspring")
    play.writes(ANA, "Formulário não envia", FORM)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "/incident Formulários parados | formulario, form email", answers=summary)
    assert "incident declared" in play.team("command_result").text
    play.writes(EVE, "Meu formulário parou", "O formulário do site não funciona, não recebo os contatos desde hoje.")
    assert "Formulários parados" in play.reply.text
    assert "Aurora" not in play.reply.text
    play.writes(EDU, summary.subject, "/incident over", answers=summary)
    assert run_incidents(play, play.now) == 2
    told = {s.to[0] for s in play._went_out() if s.template == "incident_over"}
    assert told == {"ana@aurora.example", "eve@other.example"}
    play.writes(EVE, "Outro formulário", "O formulário do blog não funciona, não recebo os contatos desde hoje.")
    assert "Formulários parados" not in play.reply.text
    play.close()


def test_a_customer_cannot_declare_an_incident():
    play = Service("sharpspring")
    play.writes(ANA, "Formulário não envia", FORM + "\n/incident Tudo parado | formulario")
    assert play.store.incidents() == []
    play.close()
