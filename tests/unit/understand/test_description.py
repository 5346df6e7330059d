"""Mails from which the matter can be understood, and pleas from which it cannot."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "O formulário de contato do site não manda nada.",
        "Preciso liberar o IP 10.0.0.4 na porta 443.",
        "The customer sync is dropping a third of the records.",
        "Do you have a public status page I can subscribe to?",
        "cambie de celular y ya no me sale el codigo de verificacion",
        "¿Nos pueden ampliar la capacidad del 20 al 30 de noviembre?",
    ],
)
def test_a_matter_that_is_told_is_a_description(body: str) -> None:
    assert given("description", body)


@pytest.mark.parametrize(
    "body",
    [
        "Oi, aquilo parou de novo. Conseguem dar uma olhada pra mim?",
        "Could somebody please give me a hand? It's kind of critical and I have no idea who else to ask.",
        "Segue print do erro, por favor verificar.",
        "Please escalate chat 215470129955 ASAP!!!",
        "Hola, necesito ayuda por favor, es urgente.",
        "Kindly do the needful.",
    ],
)
def test_a_plea_alone_is_none(body: str) -> None:
    assert not given("description", body, "ajuda")


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        ("Podem ver?", "Contatos duplicados depois da importação"),
        ("Could you look?", "Landing page blank since Monday"),
        ("¿Lo pueden ver?", "Contactos duplicados después de la importación"),
    ],
)
def test_a_subject_that_tells_it_is_enough(body: str, subject: str) -> None:
    assert given("description", body, subject)
