"""What the API answered, and waits without an answer."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "A API responde 409 em todas.",
        'Retorno: 400 {"erro":"NOSSO_NUMERO_DUPLICADO"}',
        "O retorno é 200 com a lista vazia.",
        "ask for a token and you get a 503 back",
        "ustedes responden 202 en las dos",
        'a API devolve "assinatura nao reconhecida"',
        "< HTTP/1.1 400 Bad Request",
    ],
)
def test_response_is_given(body: str) -> None:
    assert given("response", body)


@pytest.mark.parametrize(
    "body",
    [
        "A tela fica girando e nunca termina.",
        "Ainda não tive resposta de vocês.",
        "The spinner never ends.",
        "No responde nada.",
    ],
)
def test_response_is_not_given(body: str) -> None:
    assert not given("response", body)
