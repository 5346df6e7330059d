"""A named wrong outcome, or what should be beside what is; not a mere stop."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "Os pedidos do site não chegam ao ERP.",
        "Deveria gerar um boleto por título e gerou só metade.",
        "O fluxo duplicou as faturas de hoje.",
        "Orders should be acknowledged within a minute, nothing is acknowledged.",
        "It skips about one file in ten.",
        "Every invoice goes out twice.",
        "The totals arrive as zero.",
        "Debía timbrar 1.850 recibos y se quedó en 412.",
        "Los pagos quedan registrados con la fecha equivocada.",
        "Las órdenes llegan sin cantidad.",
        "Antes respondia em 2 segundos, agora leva um minuto.",
    ],
)
def test_expected_vs_actual_is_given(body: str) -> None:
    assert given("expected_vs_actual", body)


@pytest.mark.parametrize(
    "body",
    [
        "O fluxo parou ontem às 14h.",
        "Está dando erro em produção.",
        "It stopped.",
        "The run fails on step three.",
        "No hay plan B.",
        "Se cayó a las 9:12.",
        "Preciso disso resolvido antes das 18h.",
        "java.lang.NullPointerException at Mapper.map",
        "We have no other way to receive orders.",
        "Can someone take a look?",
    ],
)
def test_expected_vs_actual_is_not_given(body: str) -> None:
    assert not given("expected_vs_actual", body)


@pytest.mark.parametrize(
    "body",
    [
        "O fluxo parou em produção, as notas não chegam ao ERP.\nMensagem de erro: connect timed out\n"
        "Análises anteriores: reiniciamos o agente e ele voltou por dez minutos",
        "The pipeline stopped in production, orders do not reach the ERP.\nError message: connect timed out\n"
        "Previous analysis: we restarted the agent and it came back for ten minutes",
        "El pipeline se detuvo en producción, los pedidos no llegan al ERP.\nMensaje de error: connect timed out\n"
        "Análisis previo: reiniciamos el agente y volvió por diez minutos",
    ],
)
def test_an_outcome_behind_a_stop_is_given_in_a_longer_mail_too(body: str) -> None:
    assert given("expected_vs_actual", body)
