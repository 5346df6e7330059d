"""Rows of digibee as plays, in three languages: a question, reasons to escalate, priorities, who may write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from theatre import DIRECTORY, ESCALATE, Theatre, quoted

from mailbot.rules.directory import Team
from mailbot.tickets.model import State

ANA, RUI = "Ana Souza <ana@aurora.example>", "Rui Prado <rui@webmail.example>"
STAFF = DIRECTORY.model_copy(
    update={"teams": {**DIRECTORY.teams, "infrastructure": Team(address="infra@vendor.example")}}
)


def first_mail(subject: str, text: str, **more) -> Theatre:
    play = Theatre("digibee", directory=STAFF)
    play.writes(more.pop("who", ANA), subject, text, **more)
    return play


# --- D3: a question and its fields ---

QUESTIONS = {
    "pt": (
        "Dúvida sobre XML",
        "Olá, como converto um XML em JSON no meu fluxo?\n\nObrigada,\nAna",
        "Lógica da integração: o fluxo lê notas em XML de um FTP, converte em JSON e envia ao ERP\n"
        "Pipeline: notas-erp\nAmbiente: teste",
        "Obrigado!",
    ),
    "en": (
        "Question on XML",
        "Hello, which component turns XML into JSON in a flow?\n\nThanks,\nAna",
        "Integration logic: the flow reads invoices in XML from an FTP, turns them into JSON for the ERP\n"
        "Pipeline: notas-erp\nEnvironment: test",
        "Thank you!",
    ),
    "es": (
        "Consulta sobre XML",
        "Hola, ¿con qué componente convierto XML a JSON en mi flujo?\n\nGracias,\nAna",
        "Lógica de la integración: el flujo lee facturas en XML de un FTP, las convierte a JSON y las envía al ERP\n"
        "Pipeline: notas-erp\nAmbiente: pruebas",
        "¡Gracias!",
    ),
}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_asked_for_its_logic_pipeline_and_environment_and_then_goes_to_the_team(language):
    subject, text, answer, thanks = QUESTIONS[language]
    play = first_mail(subject, text)
    assert (play.ticket().kind, play.ticket().language) == ("question", language)
    assert play.asked == ["integration_logic", "pipeline", "environment"]  # no key, no error, no time: nothing failed
    assert [s.template for s in play.sent] == ["request_info"]
    request = play.reply
    play.writes(ANA, request.subject, answer + "\n\n" + quoted(request), answers=request)
    assert play.reply.template == "acknowledge"
    assert thanks in play.reply.text
    summary = play.team("summary")
    assert summary.to == ("support@vendor.example",)
    assert "notas-erp" in summary.text
    assert "FTP" in summary.text
    assert play.ticket().fields["environment"].value == "test"
    assert not play.ticket().marked_incomplete
    play.close()


# --- D8: reasons for escalating ---

CASE = {
    "pt": "ID do chat: 215470098123\nDescrição: o fluxo sync-pedidos duplica pedidos\nAmbiente: produção\n\n",
    "en": "Chat ID: 215470098123\nDescription: the flow sync-orders duplicates orders\nEnvironment: production\n\n",
    "es": "ID del chat: 215470098123\nDescripción: el flujo sync-pedidos duplica pedidos\nAmbiente: producción\n\n",
}
REASONS = {
    "pt": (
        "Peço para escalar: a resposta do analista contradiz o que a documentação promete.",
        "Quero escalar porque o cenário mudou: no chat eram dez pedidos, agora são todas as lojas.",
        "Gostaria de escalar para que outra pessoa olhe o caso.",
    ),
    "en": (
        "I want to escalate: we were promised that it would be fixed on Monday, and it is not.",
        "Please escalate: the situation has changed since the chat, now every store is affected.",
        "Please escalate, we would like somebody else to look at it.",
    ),
    "es": (
        "Pido escalar: la respuesta que nos dieron contradice lo acordado.",
        "Quiero escalar porque el escenario cambió: ahora afecta a todas las tiendas.",
        "Quiero escalar para que otra persona revise el caso.",
    ),
}
NO_REASON = {
    "pt": "Quero escalar, muito urgente.",
    "en": "Please escalate, very urgent.",
    "es": "Por favor escalar, muy urgente.",
}


@pytest.mark.parametrize(("language", "reason"), [(lang, text) for lang in REASONS for text in REASONS[lang]])
def test_a_reason_to_escalate_is_understood_and_the_leads_read_it(language, reason):
    play = first_mail("Caso 215470098123", CASE[language] + reason, to=ESCALATE)
    assert play.reply.template == "acknowledge"
    assert play.asked == []
    summary = play.team("summary")
    assert summary.to == ("leads@vendor.example",)
    assert reason in " ".join(summary.text.replace("\n>", "\n").split())
    play.close()


@pytest.mark.parametrize("language", NO_REASON)
def test_urgency_alone_is_no_reason_to_escalate_and_the_reason_is_asked(language):
    play = first_mail("Caso 215470098123", CASE[language] + NO_REASON[language], to=ESCALATE)
    assert play.asked == ["justification"]
    request = play.reply
    play.writes(ANA, request.subject, REASONS[language][2], answers=request, to=ESCALATE)
    assert play.reply.template == "acknowledge"
    assert play.team("summary").to == ("leads@vendor.example",)
    play.close()


# --- D9: priorities ---

DOWN = {  # language: priority -> what is told
    "pt": {
        1: "Todo o ambiente de produção está fora do ar desde as 8h40, nenhum pipeline executa e não temos contorno.",
        2: "Parte dos pipelines de produção está parada desde as 8h40, sem solução de contorno.",
        3: "O fluxo sync-pedidos parou em produção, mas conseguimos contornar reprocessando os pedidos à mão.",
        4: "Como faço para ler um CSV grande no meu fluxo?",
    },
    "en": {
        1: "Our whole production environment is down since 8:40, no pipeline runs and there is no workaround.",
        2: "Some pipelines in production are stopped since 8:40 without any workaround.",
        3: "The pipeline sync-orders stopped in the test environment with a timeout.",
        4: "How do I read a large CSV file in my flow?",
    },
    "es": {
        1: "Todo el ambiente de producción está caído desde las 8:40, ningún pipeline corre y no hay alternativa.",
        2: "Parte de los pipelines de producción está detenida desde las 8:40, sin alternativa.",
        3: "El pipeline sync-pedidos se detuvo en el ambiente de pruebas con un timeout.",
        4: "¿Cómo leo un CSV grande en mi flujo?",
    },
}
SAID = {
    "pt": {2: "prioridade alta", 3: "prioridade média", 4: "prioridade baixa"},
    "en": {2: "high priority", 3: "medium priority", 4: "low priority"},
    "es": {2: "prioridad alta", 3: "prioridad media", 4: "prioridad baja"},
}


@pytest.mark.parametrize(("language", "level"), [(lang, level) for lang in DOWN for level in DOWN[lang]])
def test_the_four_priorities_and_what_each_does(language, level):
    play = first_mail("Pipelines", DOWN[language][level])
    assert play.ticket().priority == level
    said = " ".join(play.reply.text.split())
    if level == 1:  # a person at once, and the questions beside it
        assert play.ticket().state is State.READY
        assert "P1" in play.team("summary").subject
        assert play.reply.template == "request_info"
    else:
        assert play.ticket().state is State.WAITING
        assert [s.template for s in play.sent] == ["request_info"]
        assert SAID[language][level] in said
    play.close()


# --- D10: anyone, at any hour ---

STRANGERS = {
    "pt": "Olá, ainda não somos clientes. A plataforma tem conector para SAP e treinamento em português?",
    "en": "Hi, we are not customers yet. Does the platform have a connector for SAP?",
    "es": "Hola, todavía no somos clientes. ¿La plataforma tiene conector para SAP?",
}


@pytest.mark.parametrize("language", STRANGERS)
@pytest.mark.parametrize("authenticated", [False, True])
def test_a_stranger_on_a_sunday_night_is_answered_at_once_and_a_person_sees_it(language, authenticated):
    play = Theatre("digibee", directory=STAFF, authenticated=authenticated)
    play.now = datetime(2026, 11, 1, 5, 40, tzinfo=UTC)  # a Sunday, 02:40 where the team works
    play.writes(RUI, "SAP", STRANGERS[language])
    assert play.ticket().kind == "general"
    assert play.ticket().customer is None
    assert play.reply.template == "acknowledge"
    assert play.reply.to == ("rui@webmail.example",)
    assert play.reply.mail["date"].datetime == play.now  # not put off to Monday
    assert play.team("summary").to == ("support@vendor.example",)
    play.close()


def test_a_stranger_with_a_technical_problem_gets_general_help_and_no_customers_data():
    play = Theatre("digibee", directory=STAFF)
    text = "O fluxo sync-pedidos parou hoje às 8h40 em produção com erro 504, os pedidos não chegam ao ERP."
    play.writes(
        RUI, "Fluxo parado", text + "\nPipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\nReiniciamos e voltou a cair."
    )
    assert play.reply.template == "policy_no_contract"
    assert "5555-0100" not in play.reply.text
    assert play.team("summary")
    play.close()


# --- D15: general, authentication, infrastructure ---

REQUESTS = [
    ("general", "pt", "Olá, a plataforma tem documentação em espanhol?", [], "support"),
    ("general", "en", "Hello, do you offer training for new users of the platform?", [], "support"),
    ("general", "es", "Hola, ¿la plataforma tiene documentación en español?", [], "support"),
    ("authentication", "pt", "Não consigo entrar na plataforma desde que troquei de celular.", [], "support"),
    ("authentication", "en", "I cannot sign in to the platform since I changed my phone.", [], "support"),
    ("authentication", "es", "No puedo ingresar a la plataforma desde que cambié de teléfono.", [], "support"),
    ("infrastructure", "pt", "Favor liberar o IP 203.0.113.7 no firewall da VPN.", ["environment"], "infra"),
    ("infrastructure", "en", "Please add the IP 203.0.113.7 to the allowlist of our VPN.", ["environment"], "infra"),
    ("infrastructure", "es", "Favor renovar el certificado de la VPN del ambiente de pruebas.", [], "infra"),
]


@pytest.mark.parametrize(("kind", "language", "text", "needs", "team"), REQUESTS)
def test_general_sign_in_and_infrastructure_requests_are_asked_for_little_and_reach_their_team(
    kind, language, text, needs, team
):
    play = first_mail("Solicitação", text)
    assert (play.ticket().kind, play.ticket().language, play.ticket().priority) == (kind, language, 4)
    assert play.asked == needs
    if needs:
        assert play.ticket().state is State.WAITING
        play.writes(ANA, play.reply.subject, "PROD", answers=play.reply)
        assert play.ticket().fields["environment"].value == "production"
    assert play.reply.template == "acknowledge"
    assert play.team("summary").to == (f"{team}@vendor.example",)
    play.close()
