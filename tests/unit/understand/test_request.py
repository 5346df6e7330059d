"""Bodies and headers that were sent, and answers that were not."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        'Body enviado:\n{"cpf":"***","valor":10}',
        "Content-Type: application/xml\nX-Versao-TISS: 4.01.00",
        "curl -X POST https://a.example/v1 -H 'Accept: */*' -d '{\"a\":1}'",
        'We send:\n\n{"site":"HBR","channel":"sms"}',
        'body que mandamos:\n{"concepto":"cuota","monto":18500.0}',
    ],
)
def test_request_is_given(body: str) -> None:
    assert given("request", body)


@pytest.mark.parametrize(
    "body",
    [
        'O retorno foi {"erro":"invalido"}',
        "Mandamos a requisição conforme o manual.",
        'and back comes 201 with:\n{"id":"rm_5520"}',
    ],
)
def test_request_is_not_given(body: str) -> None:
    assert not given("request", body)
