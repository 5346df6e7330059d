"""Rows of sharpspring as plays, in three languages: the part of the product, and the two backlogs."""

from __future__ import annotations

import pytest
from theatre import DIRECTORY, Theatre, quoted

from mailbot.rules.directory import Team
from mailbot.tickets.model import State

ANA = "Ana Souza <ana@aurora.example>"
STAFF = DIRECTORY.model_copy(
    update={
        "teams": {**DIRECTORY.teams, **{name: Team(address=f"{name}@vendor.example") for name in ("crm", "billing")}}
    }
)


def first_mail(subject: str, text: str) -> Theatre:
    play = Theatre("sharpspring", directory=STAFF)
    play.writes(ANA, subject, text)
    return play


# --- S1: the part of the product ---

TOLD = [  # what is written, the part that it is about, its name for the reader, the team that gets it
    ("O formulário de contato do site não envia o e-mail de confirmação desde ontem.", "forms", "support"),
    ("A importação de contatos por CSV falha com erro de codificação desde ontem.", "contacts", "crm"),
    ("Fomos cobrados duas vezes na fatura de outubro.", "billing", "billing"),
    ("The monthly report shows zero for every campaign since yesterday.", "reports", "support"),
    ("A deal cannot be moved to the next stage of the sales board since this morning.", "crm", "crm"),
    ("La página del webinar queda en blanco en el celular desde ayer.", "landing_pages", "support"),
    (
        "El flujo de automatización de bienvenida no se dispara para contactos nuevos desde ayer.",
        "workflows",
        "support",
    ),
]


@pytest.mark.parametrize(("text", "component", "team"), TOLD)
def test_the_part_of_the_product_is_read_in_the_mail_and_its_team_gets_it(text, component, team):
    play = first_mail("Ajuda", text)
    assert play.ticket().fields["component"].value == component
    assert play.reply.template == "acknowledge"
    assert play.team("summary").to == (f"{team}@vendor.example",)
    play.close()


UNTOLD = {
    "pt": (
        "Erro",
        "Não funciona desde ontem, dá erro.",
        "Parte do produto: relatórios\nDescrição: o relatório mensal mostra zero",
        "relatórios",
    ),
    "en": (
        "Help",
        "It does not work since yesterday, please help.",
        "Part of the product: reports\nDescription: the monthly report shows zero",
        "reports",
    ),
    "es": (
        "Ayuda",
        "No funciona nada desde ayer, ayúdenme por favor.",
        "Parte del producto: reportes\nDescripción: el reporte mensual muestra cero",
        "reportes",
    ),
}


@pytest.mark.parametrize("language", UNTOLD)
def test_a_part_that_cannot_be_told_is_asked_with_the_list_to_choose_from(language):
    subject, text, answer, one = UNTOLD[language]
    play = first_mail(subject, text)
    assert play.asked[0] == "component"
    assert one in " ".join(play.reply.text.split())
    request = play.reply
    play.writes(ANA, request.subject, answer + "\n\n" + quoted(request), answers=request)
    assert play.ticket().fields["component"].value == "reports"
    assert play.reply.template == "acknowledge"
    assert play.ticket().state is State.READY
    play.close()


# --- S2: two backlogs ---

ISSUES = {
    "pt": "O relatório de vendas parou de carregar ontem.",
    "en": "The sales report stopped loading yesterday.",
    "es": "El reporte de ventas dejó de cargar ayer.",
}
WISHES = {
    "pt": "Seria ótimo poder duplicar um relatório com um clique, hoje temos que refazer tudo à mão.",
    "en": "It would be great to duplicate a report in one click, today we rebuild each by hand.",
    "es": "Sería genial poder duplicar un reporte con un clic, hoy rehacemos todo a mano.",
}


@pytest.mark.parametrize("language", ISSUES)
def test_an_issue_goes_to_support_and_a_wish_for_the_same_part_to_product_management(language):
    issue = first_mail("SharpSpring", ISSUES[language])
    assert (issue.ticket().kind, issue.ticket().team) == ("issue", "support")
    assert issue.team("summary").to == ("support@vendor.example",)
    # The same people, the same part of the product, another backlog; and both are told apart in the team's lists.
    issue.writes(ANA, "SharpSpring 2", WISHES[language])
    wish = issue.ticket(2)
    assert (wish.kind, wish.team) == ("feature_request", "product")
    assert wish.fields["component"].value == issue.ticket(1).fields["component"].value == "reports"
    assert issue.team("summary").to == ("product@vendor.example",)
    assert {n: issue.store.show_ticket(n).line.team for n in (1, 2)} == {1: "support", 2: "product"}
    issue.close()


def test_an_engineer_moves_a_ticket_to_the_other_backlog_by_replying():
    play = first_mail("SharpSpring", ISSUES["en"])
    summary = play.team("summary")
    play.writes("Edu <edu@vendor.example>", summary.subject, "/kind feature_request\n/assign product", answers=summary)
    assert (play.ticket().kind, play.ticket().team) == ("feature_request", "product")
    assert play.team("summary").to == ("product@vendor.example",)
    play.close()
