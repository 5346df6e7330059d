"""The wording or code of an error, and what only says that there is one."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        'O conector cai com "ORA-12541: TNS:no listener".',
        "A chamada devolve 503 Service Unavailable.",
        'Aparece "saldo insuficiente (cód. 51)" na tela.',
        "java.lang.IllegalStateException: stream closed",
        "It dies with exit code 139.",
        "We keep getting 401s from the token endpoint.",
        "The mapper says: cannot convert null to integer",
        "El flujo se cae con timeout al conectar a la base.",
        'Sale "Servicio no disponible, intente más tarde".',
        "Contesta un 422 en todas.",
    ],
)
def test_error_message_is_given(body: str) -> None:
    assert given("error_message", body)


@pytest.mark.parametrize(
    "body",
    [
        "Está dando erro desde ontem.",
        "Só dá erro.",
        "It gives an error every time.",
        "No hay forma, da error.",
        "Aparece uma mensagem estranha.",
        "Processamos uns 500 pedidos por hora.",
        "Aumentei o timeout para 60 segundos.",
        'I was told "we are looking into it" twice.',
        'Cliquei em "Salvar e fechar".',
        "How do I handle an exception in a branch?",
    ],
)
def test_error_message_is_not_given(body: str) -> None:
    assert not given("error_message", body)


@pytest.mark.parametrize(
    "subject",
    [
        "sync-orders PRD 422",
        "404 since noon, sync-orders",
        "401",
        "embarques en PRD, error 1062 desde el martes",
        "erro 504 no sync",
    ],
)
def test_the_code_of_an_error_in_the_subject_is_one(subject: str) -> None:
    assert given("error_message", "The orders are not coming in.", subject)


@pytest.mark.parametrize(
    "subject", ["lote 422", "500 pedidos parados", "Tienda 404, precios", "PIE-440", "chamado 503"]
)
def test_a_number_of_something_else_in_the_subject_is_none(subject: str) -> None:
    assert not given("error_message", "The orders are not coming in.", subject)
