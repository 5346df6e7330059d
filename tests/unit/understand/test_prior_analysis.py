"""What was checked with what was found; not “we tried everything”."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "Já reiniciamos o agente e voltou por dez minutos.",
        "Testei pelo Postman e respondeu 200, então o serviço está de pé.",
        "Limpamos o cache e continuou igual.",
        "Ran it again at 9 and it failed at the same record.",
        "We checked the credentials and they are fine.",
        "With ten rows it passes, with a thousand it does not.",
        "Probamos con otro usuario y da lo mismo.",
        "El proveedor revisó su lado y no ve nuestras llamadas.",
        "O DBA olhou e não há lock nenhum.",
        "Our network team looked and sees no packets from your side.",
    ],
)
def test_prior_analysis_is_given(body: str) -> None:
    assert given("prior_analysis", body)


@pytest.mark.parametrize(
    "body",
    [
        "Já tentamos de tudo.",
        "We tried everything.",
        "Hicimos varias pruebas.",
        "Vou verificar com o time e retorno.",
        "Have you checked your logs?",
        "O fluxo parou ontem às 14h20.",
        "The pipeline is failing in production.",
        "El ambiente es producción.",
        "Ya lo analizamos a fondo.",
        "Someone will look at it tomorrow.",
    ],
)
def test_prior_analysis_is_not_given(body: str) -> None:
    assert not given("prior_analysis", body)
