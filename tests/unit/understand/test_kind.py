"""What kind of request a mail is: first mails in free wording, and what later mails may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mailbot.tickets.model import FieldValue
from mailbot.understand.facts import Context

from .reading import read

CASES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).resolve().parents[2] / "cases" / "kinds.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)


def share_right(what: str) -> tuple[float, list[str]]:
    wrong, judged = [], 0
    for case in CASES:
        if what not in case:
            continue
        judged += 1
        facts = read(case["body"], case["subject"], case["pack"], Context(role=case.get("role", "support")))
        got = getattr(facts, what).value
        wanted = case[what] if isinstance(case[what], list) else [case[what]]
        if got not in wanted:
            wrong.append(f"{case['subject']}: {got} instead of {wanted}")
    return 1 - len(wrong) / judged, wrong


def test_kinds_of_first_mails_in_free_wording_are_told() -> None:
    right, wrong = share_right("kind")
    assert right >= 0.95, wrong


def test_priorities_of_first_mails_in_free_wording_are_told() -> None:
    right, wrong = share_right("priority")
    assert right >= 0.95, wrong


def test_languages_of_first_mails_in_free_wording_are_told() -> None:
    right, wrong = share_right("language")
    assert right >= 0.99, wrong


INCIDENT = "nf\nO pipeline emite-nf parou hoje às 9h em produção com erro 500."


def later(
    body: str, kind: str = "incident", heard: str = INCIDENT, pack: str = "digibee", role: str = "support"
) -> str:
    context = Context(role=role, language="pt", kind=kind, heard=(heard,))
    return str(read(body, "Re: nf", pack, context).kind.value)


@pytest.mark.parametrize(
    "body",
    [
        "Quero escalar esse caso, já são dez dias.",
        "Please escalate this, we need your manager.",
        "Solicito que lo vea otra persona, un supervisor.",
    ],
)
def test_a_wish_to_escalate_in_a_later_mail_makes_it_an_escalation(body: str) -> None:
    assert later(body) == "escalation"


@pytest.mark.parametrize(
    "body",
    [
        "Não precisa escalar, obrigado.",
        "Já escalei internamente com o meu gerente.",
        "There's no need to escalate yet.",
        "Precisamos escalar as réplicas do nosso lado.",
        "La matriz de escalamiento que mandaron está vieja.",
    ],
)
def test_what_only_looks_like_a_wish_to_escalate_changes_nothing(body: str) -> None:
    assert later(body) == "incident"


@pytest.mark.parametrize(
    "body", ["Obrigado pelo retorno!", "é o 2154", "PROD", "Alguma novidade?", "Qual o preço disso?"]
)
def test_a_later_mail_without_clear_evidence_leaves_the_kind(body: str) -> None:
    assert later(body) == "incident"


def test_an_outage_in_a_later_mail_makes_a_question_an_incident() -> None:
    asked = "dúvida\nComo faço paginação no conector REST? Estou montando o fluxo em dev."
    body = "Agora piorou: desde as 9h o fluxo de produção está parado, devolve erro 500."
    assert later(body, "question", asked) == "incident"


def test_an_escalation_stays_one_whatever_comes_later() -> None:
    heard = "Escalar caso\nQuero escalar o caso do fluxo de notas."
    assert later("O fluxo parou de novo hoje com erro 500 em produção.", "escalation", heard) == "escalation"


def test_a_first_mail_that_says_nothing_leaves_the_second_free() -> None:
    body = "Estamos integrando e o sandbox devolve 401 em todas as chamadas."
    assert later(body, "production_operation", "ajuda\nOi, preciso de ajuda.", "api-operations") == "integration"


def test_asking_how_an_issue_is_going_does_not_make_it_a_status_question() -> None:
    heard = "formulário\nO formulário do site parou de enviar os contatos desde ontem."
    assert later("Alguma novidade sobre o meu chamado?", "issue", heard, "sharpspring") == "issue"


def test_a_kind_set_by_a_person_is_never_guessed_again() -> None:
    context = Context(kind="general", locked=frozenset({"kind"}))
    assert read("Tudo parado em produção, nenhum pipeline responde.", "", "digibee", context).kind.value == "general"


def test_the_outage_wins_over_questions_in_the_same_mail() -> None:
    body = (
        "1. Como dou acesso a uma colega?\n2. O pipeline baixa-titulos está parado desde as 8h em produção.\n"
        "3. Qual o valor de mais uma licença?"
    )
    assert read(body, "três assuntos").kind.value == "incident"


def test_a_question_in_the_escalation_mailbox_is_a_question_when_it_is_plainly_one() -> None:
    body = "Só uma dúvida: qual componente uso para converter XML em JSON no meu fluxo de teste?"
    assert read(body, "dúvida", context=Context(role="escalate")).kind.value == "question"


def test_trouble_in_the_escalation_mailbox_is_an_escalation() -> None:
    body = "Continuamos sem emitir notas em produção, o fluxo devolve erro desde terça."
    assert read(body, "notas", context=Context(role="escalate")).kind.value == "escalation"


def test_words_inside_a_quoted_error_are_no_request_about_a_login() -> None:
    body = 'O pipeline carga-crm parou hoje às 9h: "password authentication failed for user svc_crm".'
    assert read(body, "carga-crm").kind.value == "incident"


def test_every_guess_has_a_reason() -> None:
    facts = read("O fluxo x-y parou.", context=Context(fields={"environment": FieldValue("production", "PRD")}))
    assert facts.kind.reason
    assert facts.priority.reason
    assert facts.kind.scores


@pytest.mark.parametrize(
    "body",
    [
        "Ontem às 15h chamei https://sandbox.fornecedor.example/exames/v2 e veio 422.",
        "I called https://test.supplier.example/quotes at 3 pm yesterday and got 500.",
        "Ayer a las 15 llamé a https://homolog.proveedor.example/sellos y devolvió 422.",
    ],
)
def test_an_endpoint_of_a_test_host_is_an_integration(body: str) -> None:
    facts = read(body, "erro 422", "api-operations")
    assert facts.kind.value == "integration"
    assert "endpoint http" in facts.kind.reason


@pytest.mark.parametrize(
    "body",
    [
        "Ontem às 15h chamei https://api.fornecedor.example/exames/latest e veio 500.",
        "I called https://api.supplier.example/contest/devices at 3 pm yesterday and got 500.",
    ],
)
def test_a_host_that_only_holds_the_letters_is_none(body: str) -> None:
    assert read(body, "erro 500", "api-operations").kind.value == "production_operation"
