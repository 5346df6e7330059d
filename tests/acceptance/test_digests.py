"""Digests as plays: the team's morning mail and the leads' Monday, once each, on working days only."""

from __future__ import annotations

from clockwork import Clockwork, sp

from mailbot.runtime.digests import run_digests

ANA, EDU = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>"


class Mornings(Clockwork):
    steps = (run_digests,)


def stage() -> Mornings:
    play = Mornings("sharpspring")  # Thursday, 29 October, 10:00
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação desde ontem.")
    play.writes(ANA, "Workflow parado", "O workflow de boas-vindas parou de disparar para novos contatos ontem.")
    return play


def test_a_team_gets_its_open_tickets_each_working_day_once():
    play = stage()
    play.until(sp(10, 30, 8))
    before = [s.template for s in play.sent if s.template == "digest_team"]
    assert len(before) <= 1  # the first day's, when the program was started after the opening
    play.until(sp(10, 30, 20))
    (digest,) = [s for s in play.sent if s.template == "digest_team"]
    assert digest.to == (f"{play.ticket().team}@vendor.example",)
    assert "Formulário não envia" in digest.text
    assert "Banco Aurora" in digest.text
    assert digest.mail["auto-submitted"] == "auto-generated"


def test_no_digest_on_a_weekend_or_a_holiday_and_none_twice():
    play = stage()
    play.until(sp(10, 30, 20))
    play.until(sp(11, 3, 8))
    assert play.sent == []
    play.until(sp(11, 3, 9, 30))
    assert sorted(s.template for s in play.sent) == ["digest_team", "digest_weekly"]
    assert [run_digests(play, play.now) for _ in range(3)] == [0, 0, 0]


def test_the_leads_get_the_week_in_figures_on_its_first_working_day():
    play = stage()
    summary = next(s for s in play.sent if s.template == "summary")
    play.writes(EDU, summary.subject, "Corrigido.\n/resolve", answers=summary)
    play.writes(ANA, play.reply.subject, "Sim, obrigada!", answers=play.reply)
    play.until(sp(11, 3, 9, 30))
    (week,) = [s for s in play.sent if s.template == "digest_weekly"]
    assert week.to == ("leads@vendor.example",)
    said = " ".join(week.text.split())
    assert "Opened: 2" in said
    assert "Resolved: 1" in said
    assert "Survey: yes / no: 1 / 0" in said
    assert "First reply, median" in said
    assert "Formulário não envia" in said  # the one that is still open


def test_the_leads_week_holds_charts_of_what_came_on_which_day_of_which_kind_and_what_it_lacked():
    play = Mornings("sharpspring", house_language="pt")
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação desde ontem.")
    play.writes(ANA, "Erro", "Não funciona desde ontem, dá erro.")
    play.wait(days=1)
    play.writes(ANA, "Ideia", "Seria ótimo poder duplicar um relatório com um clique, hoje refazemos tudo à mão.")
    play.writes(EDU, play.team("summary").subject, "/resolve", answers=play.team("summary"))
    play.until(sp(11, 3, 9, 30))
    (week,) = [s for s in play.sent if s.template == "digest_weekly"]
    said = " ".join(week.text.split())
    assert "qui 29 ▇▇▇▇▇▇▇▇▇▇▇▇ 2 0" in said
    assert "sex 30 ▇▇▇▇▇▇ 1 ▇▇▇▇▇▇ 1" in said
    assert "dom 1" not in said  # a day off on which nothing happened
    assert "Problema ou pedido de ajuda: ▇▇▇▇▇▇▇▇▇▇▇▇ 2" in said
    assert "Solicitação de funcionalidade: ▇▇▇▇▇▇ 1" in said
    assert "Parte do produto: ▇▇▇▇▇▇▇▇▇▇▇▇ 33 %" in said
    assert "Pedidos de informação por chamado: 0,3" in said
    assert "aguardando o cliente" in said  # and not "your answer": it is the leads who read it
    html = week.mail.get_body(("html",)).get_content()
    carried = {part["Content-ID"] for part in week.mail.walk() if part["Content-ID"]}
    assert carried
    assert all(f"cid:{cid.strip('<>')}" in html for cid in carried)
    play.close()
