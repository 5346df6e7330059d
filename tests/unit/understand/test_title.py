"""Subjects and headlines that sum a problem up, and those that do not."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given

BODY = "Bom dia,\n\nDesde ontem isso acontece com todos os clientes da loja e ninguém consegue trabalhar direito."


@pytest.mark.parametrize(
    "subject",
    [
        "Cobrança Pix retornando 422",
        "RES: ENC: Laudos não chegam no prontuário",
        "Complete outage of your production API",
        "Turnos cancelados siguen confirmados",
        "Statements API - how long does a cursor stay valid?",
        "CRÍTICO!!! Falta um SDK em Kotlin",
    ],
)
def test_a_subject_that_names_the_matter_is_a_title(subject: str) -> None:
    assert given("title", BODY, subject)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Erro",
        "ajuda",
        "(sem assunto)",
        "URGENTE URGENTE URGENTE",
        "Problema",
        "help",
        "Re: Dúvida",
        "Erro na API",
        "Consulta urgente",
        "#48213",
    ],
)
def test_a_subject_that_says_nothing_is_none(subject: str) -> None:
    assert not given("title", BODY, subject)


def test_a_headline_in_capitals_is_a_title() -> None:
    body = "VAZAMENTO DE DADOS NA CONSULTA DE EXTRATO.\n\nHoje um cliente viu os lançamentos de outra pessoa."
    assert given("title", body, "URGENTE")


def test_a_sentence_in_running_text_is_no_title() -> None:
    assert not given("title", "Gente, parou nas lojas e o balcão só toma erro. São 140 lojas.", "Erro")


@pytest.mark.parametrize(
    "subject",
    [
        "NFE NAO SAI",
        "Pix 502",
        "Webhook down",
        "Laudos sem assinatura",
        "Lista de turnos vacía desde ayer",
        "Checkout lento",
        "Payments failing",
    ],
)
def test_a_short_subject_that_says_what_becomes_of_the_thing_is_a_title(subject: str) -> None:
    assert given("title", BODY, subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Order tracker",
        "following our meeting of Thursday",
        "pregunta rápida de un novato",
        "ajuda com um negócio aqui",
        "cyber monday!!!",
        "Incidencia en el TPV",
        "Boa tarde, preciso de orientação",
        "Bom dia/boa noite",
        "Questões várias",
        "Retomando nosso contato",
        "ayuda porfa",
        "una pregunta rapidita",
        "urgent please read",
        "Quick one",
        "no anda",
        "Necesito que alguien me explique",
        "newsletter octubre",
    ],
)
def test_a_topic_or_a_call_for_help_is_no_title(subject: str) -> None:
    assert not given("title", BODY, subject)


def test_somebody_who_tells_is_no_headline() -> None:
    body = "yo, demo weekend, stuck on ur sandbox\n\n" + BODY
    assert not given("title", body, "help")


def test_a_line_that_is_announced_as_the_heading_is_a_title() -> None:
    assert given("title", "Heading you may keep as: Delivery slots unavailable since morning\n" + BODY, "API issue")


def test_when_asked_the_first_line_is_a_title_unless_it_tells_a_story() -> None:
    from mailbot.understand.fields.title import headline
    from tests.unit.understand.reading import doc

    assert headline(doc("Double toll charges on turnpike routes\nfirst one was friday"), asked=True)
    assert not headline(doc("foi hoje as 7h31. o resto o Fábio da TI manda\nabs"), asked=True)
    assert not headline(doc("Double toll charges on turnpike routes\nfirst one was friday"))
