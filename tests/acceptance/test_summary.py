"""What a summary tells of the neighbourhood: earlier tickets, similar open ones, the customer."""

from __future__ import annotations

from clockwork import Clockwork

ANA, BIA = "Ana Souza <ana@aurora.example>", "Bia Lima <bia@aurora.example>"
EVE = "Eve <eve@other.example>"
FORM = "O formulário de contato não envia o e-mail de confirmação desde ontem."


def test_a_summary_names_earlier_tickets_of_the_customer_and_who_they_are():
    play = Clockwork("sharpspring")
    play.writes(ANA, "Importação de contatos", "A importação de contatos por CSV parou com erro de codificação ontem.")
    play.writes(BIA, "Formulário não envia", FORM)
    said = play.team("summary").text
    assert "#1 Importação de contatos" in said  # a colleague's ticket: the same customer
    assert "Banco Aurora" in said
    play.close()


def test_a_summary_of_a_later_mail_does_not_name_its_own_ticket_as_an_earlier_one():
    play = Clockwork("digibee")
    play.writes(
        ANA, "Fluxo sync-pedidos parado", "O fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP."
    )
    for text in ("Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d", "Mensagem de erro: connect timed out"):
        play.writes(ANA, play.reply.subject, text, answers=play.reply)
    said = play.team("summary").text
    assert "Earlier" not in said
    assert "Error message: connect timed out" in said  # and not "Error message: Mensagem de erro: …"
    play.close()


def test_similar_open_tickets_of_others_are_named_to_engineers_and_never_to_customers():
    play = Clockwork("sharpspring")
    play.writes(ANA, "Formulário de contato", FORM)
    play.writes(EVE, "Problema com formulário", "Meu formulário de contato não envia a confirmação por e-mail.")
    said = play.team("summary").text
    assert "#1 Formulário de contato" in said
    assert "Similar" in said
    assert "Aurora" not in play.reply.text
    assert "#1" not in play.reply.text
    play.close()


def test_what_has_nothing_in_common_is_not_similar():
    play = Clockwork("sharpspring")
    play.writes(ANA, "Formulário de contato", FORM)
    play.writes(EVE, "Landing page", "A landing page do formulário de natal abre em branco no celular desde hoje cedo.")
    assert "Similar" not in play.team("summary").text
    play.close()


def test_mails_that_only_ask_do_not_search(monkeypatch):
    play = Clockwork("digibee")
    monkeypatch.setattr(play.store, "similar", lambda *_a, **_k: 1 / 0)
    monkeypatch.setattr(play.store, "tickets_of_customer", lambda *_a, **_k: 1 / 0)
    play.writes(ANA, "Fluxo parado", "O fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP.")
    assert play.reply.template == "request_info"
    play.close()
