"""A sequence or a repeatable call; not a symptom."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "Para reproduzir: criar um contato sem e-mail e salvar.",
        "O caixa lê o QR, o sistema chama a API e ela devolve recusado.",
        "1) abrir o app 2) tocar em Pix 3) confirmar",
        "curl -X POST https://api.x.example/v1/a -d '{\"a\":1}'",
        "Log in as a nurse, open a chart, press Print and the page goes blank.",
        "Ask for a token with any valid client and you get a 503 back.",
        "Basta hacer un GET a /saldo con una cuenta mancomunada.",
        "El usuario entra, elige la sucursal, confirma y se congela la pantalla.",
    ],
)
def test_steps_to_reproduce_is_given(body: str) -> None:
    assert given("steps_to_reproduce", body)


@pytest.mark.parametrize(
    "body",
    [
        "A API responde 409.",
        "Não funciona mais desde ontem.",
        "It happens at random.",
        "No sale el saldo.",
        "The whole API is down.",
        "Seguimos el paso a paso de la documentación.",
        "Segue o print.",
        "Quais os próximos passos?",
    ],
)
def test_steps_to_reproduce_is_not_given(body: str) -> None:
    assert not given("steps_to_reproduce", body)
