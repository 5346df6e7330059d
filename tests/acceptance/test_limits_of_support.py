"""What support cannot do, said politely, with a person behind it; and further rows of the three organisations."""

from __future__ import annotations

import pytest
from clockwork import STAFF
from theatre import DIRECTORY, Theatre

from mailbot.tickets.model import State

ANA, EDU = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>"
TECHNICAL = {
    "pt": "O fluxo sync-pedidos parou hoje às 8h40 em produção com erro 504, os pedidos não chegam ao ERP.\n"
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\nAnálises: reiniciamos o agente e caiu de novo.",
    "en": "The pipeline sync-orders stopped today at 8:40 am in production, error 504, orders do not reach the ERP.\n"
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\nAnalysis: we restarted the agent and it fell again.",
    "es": "El pipeline sync-pedidos se detuvo hoy a las 8:40 en producción, error 504, los pedidos no llegan al ERP.\n"
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\nAnálisis previo: reiniciamos el agente y cayó de nuevo.",
}

CANNOT = {  # kind, language: what is asked, what the reply says, who sees it
    ("contract", "pt"): ("Qual o valor de mais dez licenças no nosso contrato?", "não pode compartilhar", "support"),
    ("contract", "en"): ("What would ten more licences cost under our contract?", "cannot share", "support"),
    ("contract", "es"): ("¿Cuánto cuestan diez licencias más en nuestro contrato?", "no puede compartir", "support"),
    ("external_system", "pt"): (
        "A API da transportadora está errada e é deles, vocês conseguem corrigir lá?", "que não é nosso", "support",
    ),
    ("external_system", "en"): (
        "The courier's API is wrong and it is theirs, could you get them to fix it?", "is not ours", "support",
    ),
    ("external_system", "es"): (
        "La API del transportista está mal y es de ellos, ¿pueden pedirles que la corrijan?", "no es nuestro",
        "support",
    ),
    ("design_phase", "pt"): (
        "O fluxo de comissões ainda está sendo desenhado pela equipe de projetos de vocês, dá para incluir o estorno?",
        "já a encaminhamos a essa equipe", "project-aurora",
    ),
    ("design_phase", "en"): (
        "Your project team is still designing the claims flow, can the fraud check be added?",
        "we have passed it on to them", "project-aurora",
    ),
    ("design_phase", "es"): (
        "El flujo de comisiones todavía lo está diseñando su equipo de proyectos, ¿se puede sumar el reintegro?",
        "ya lo derivamos a ese equipo", "project-aurora",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "language"), CANNOT)
def test_what_support_cannot_do_is_said_and_a_person_sees_it(kind, language):
    text, said, team = CANNOT[kind, language]
    play = Theatre("digibee")
    play.writes(ANA, "Pedido", text)
    assert (play.ticket().kind, play.ticket().language) == (kind, language)
    assert play.reply.template == f"policy_{kind}"
    assert said in " ".join(play.reply.text.split())
    assert play.team("summary").to == (f"{team}@vendor.example",)
    assert play.ticket().state is State.READY  # a ticket like any other: somebody answers it
    play.writes(EDU, "Re", "Falei com quem cuida disso.", answers=play.team("summary"))
    assert "Falei com quem cuida disso." in play.reply.text
    play.close()


@pytest.mark.parametrize("language", TECHNICAL)
def test_without_proof_there_is_general_help_only_and_with_it_the_same_mail_is_worked_on(language):
    play = Theatre("digibee", authenticated=True)
    play.writes(ANA, "sync", TECHNICAL[language])
    assert play.reply.template == "policy_unproved_sender"
    assert "SPF" in play.reply.text
    assert "5555-0100" not in play.reply.text
    assert play.team("summary")  # a person sees it too
    play.writes(ANA, "sync 2", TECHNICAL[language], proved=True)
    assert play.reply.template in ("acknowledge", "request_again", "request_info")
    assert play.ticket(2).language == language
    play.close()


def test_support_reads_only_and_asks_those_who_may_grant_it_for_access():
    from mailbot.rules.directory import Customer

    aurora = Customer(name="Banco Aurora", domains=("aurora.example",), grants_access=("chefe@aurora.example",))
    play = Theatre("digibee", directory=DIRECTORY.model_copy(update={"customers": {"aurora": aurora}}))
    play.writes(ANA, "Fluxo", TECHNICAL["pt"])
    summary = play.team("summary") if any(s.template == "summary" for s in play.sent) else None
    while summary is None:
        play.writes(ANA, play.reply.subject, "Não temos mais nada a acrescentar sobre isso.", answers=play.reply)
        summary = next((s for s in play.sent if s.template == "summary"), None)
    play.writes(EDU, summary.subject, "/access", answers=summary)
    asked = play.reply
    assert set(asked.to) | set(asked.cc) == {"ana@aurora.example", "chefe@aurora.example"}
    assert "a equipe só pode ler" in " ".join(asked.text.split())
    assert "chefe@aurora.example" in asked.text
    assert play.ticket().state is State.WAITING
    # Whoever may grant it answers, and the engineer hears of it on the same ticket.
    granted = play.writes("Chefe <chefe@aurora.example>", asked.subject, "Acesso liberado.", answers=asked)
    assert (granted.ticket, granted.opened) == (1, False)
    assert "Acesso liberado." in play.team("update").text
    play.close()


SOFT = {
    "pt": ("Bom dia, uma operação da API falha para alguns clientes em produção.", "Se fizer sentido no seu caso"),
    "en": (
        "Good morning, an operation of the API fails for some customers in production.",
        "If it applies to your case",
    ),
    "es": (
        "Buenos días, una operación de la API falla para algunos clientes en producción.",
        "Si corresponde a su caso",
    ),
}


@pytest.mark.parametrize("language", SOFT)
def test_what_applies_only_sometimes_is_asked_softly_and_never_missing(language):
    text, said = SOFT[language]
    play = Theatre("api-operations", directory=STAFF)
    play.writes(ANA, "Erro", text)
    assert said in " ".join(play.reply.text.split())
    assert play.ticket().kind == "production_operation"
    assert not {"device", "endpoint", "request", "country", "response"} & set(play.asked)
    play.close()
    wish = Theatre("api-operations", directory=STAFF)
    wish.writes(ANA, "Sugestão de SDK em Python", "Seria ótimo ter um SDK em Python, sem pressa.")
    assert "Se fizer sentido" not in wish.reply.text  # nothing fails: no device, no endpoint to ask for
    wish.close()


def test_the_customers_list_separates_new_in_development_and_resolved():
    play = Theatre("sharpspring", authenticated=True)
    texts = {
        "Formulário": "O formulário de contato não envia o e-mail de confirmação desde ontem.",
        "Relatório": "O relatório de vendas parou de carregar ontem.",
        "Workflow": "O workflow de boas-vindas não dispara para novos contatos desde ontem.",
    }
    summaries = []
    for subject, text in texts.items():
        play.writes(ANA, subject, text, proved=True)
        summaries.append(play.team("summary"))
    play.writes(EDU, "Re", "/link SS-1\n/stage open", answers=summaries[1])
    play.writes(EDU, "Re", "/stage in-progress", answers=summaries[1])
    play.writes(EDU, "Re", "/resolve", answers=summaries[2])
    play.writes(ANA, "Status dos meus chamados", "Poderiam me dizer o status dos meus chamados?", proved=True)
    said = " ".join(play.reply.text.split())
    order = [
        said.index(w) for w in ("Abertos", "Formulário", "Em desenvolvimento", "Relatório", "Resolvidos", "Workflow")
    ]
    assert order == sorted(order)
    assert "●●○○○" in said
    play.close()


def test_an_answer_to_an_open_case_reaches_its_engineer_in_the_same_thread_and_the_robot_is_silent():
    play = Theatre("sharpspring")
    play.writes(ANA, "Formulário", "O formulário de contato não envia o e-mail de confirmação desde ontem.")
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "Estamos olhando.", answers=summary)
    theirs = play.reply
    answer = play.writes(ANA, theirs.subject, "Acontece também no outro formulário.", answers=theirs)
    assert (answer.ticket, answer.opened) == (1, False)
    assert play.silent
    update = play.team("update")
    assert update.to == ("edu@vendor.example",)
    assert "Acontece também no outro formulário." in update.text
    assert "escalate" not in update.text.partition("own words")[0]  # nobody asked for that
    root = summary.mail["references"].split()[0]
    assert root in update.mail["references"]
    play.close()
