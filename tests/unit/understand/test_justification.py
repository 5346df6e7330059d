"""A reason for escalating; not urgency alone."""

from __future__ import annotations

import pytest

from mailbot.understand.facts import Context
from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "Já são nove dias sem retorno.",
        "Não concordamos com o diagnóstico do analista.",
        "Queremos que outra pessoa olhe o caso.",
        "Nobody has given us a date for two weeks.",
        "We were promised a fix by Friday and nothing came.",
        "The scenario changed after the chat.",
        "Llevamos dos semanas sin respuesta.",
        "Nos dijeron que estaba resuelto y no lo está.",
        "Estamos pagando multa por isso.",
        "I feel we have come to a standstill and would like a second pair of eyes.",
    ],
)
def test_justification_is_given(body: str) -> None:
    assert given("justification", body, context=Context(kind="escalation"))


@pytest.mark.parametrize(
    "body",
    [
        "Favor escalar com urgência!",
        "Please escalate my ticket ASAP.",
        "Solicito escalar el caso 215470.",
        "É no ambiente de produção.",
        "Urgente!!",
        "O fluxo de pacientes está gravando o mesmo registro duas vezes no CRM.",
        "The customer sync is dropping a third of the records.",
        "Quiero escalar el chat 21547.",
    ],
)
def test_justification_is_not_given(body: str) -> None:
    assert not given("justification", body, context=Context(kind="escalation"))
