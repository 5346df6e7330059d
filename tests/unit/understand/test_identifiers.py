"""Chat IDs and execution keys, told from the numbers of orders, invoices, phones and other systems' tokens."""

from __future__ import annotations

import pytest

from mailbot.understand.facts import Context

from .slots import holding, slots, why_not

GIVEN = (
    ("O ID do chat é 708123369074.", "708123369074"),
    ("chat 708123369074", "708123369074"),
    ("Conversa nº 708123369074", "708123369074"),
    ("Gostaria de escalar o atendimento 708123369074, pedido 1833306794.", "708123369074"),
    ("Achei no histórico: 708123255073", "708123255073"),
    ("O número é 708123255073, do chat de ontem.", "708123255073"),
    ("708123255073 (chat com a Renata)", "708123255073"),
    ("Ticket 48213 sem resposta, o chat era 708123255073", "708123255073"),
    ("ID da conversa: 7081-2336-9074", "7081-2336-9074"),
    ("I chatted with Ana; the conversation ID is 708123076688", "708123076688"),
    ("conversation #708123076688", "708123076688"),
    ("Escalo la conversación 708120322743, embarque 1133607258", "708120322743"),
    ("el id del chat es el 708156233490", "708156233490"),
    ("Llámenme al 4088883070, chat 708156233490", "708156233490"),
    ("chat: 215.470.098.123", "215.470.098.123"),
    ("order 998201 from chat 708123369074", "708123369074"),
    ("Atendimento: 708123369074 / Fatura: 708123369666", "708123369074"),
    ("O chat ID que me passaram foi o 708123369074", "708123369074"),
)

NOT_GIVEN = (
    "Pedido 708123369074 não chegou.",
    "NF 333197604 e pedido 1833306794 parados",
    "fatura 708156344920",
    "Meu celular é 00688883074",
    "Meu telefone: (11) 68888-3074",
    "CNPJ 00777444333090",
    "CPF 123.456.789-09",
    "falei no chat com o Bruno, meu ramal é 215470",
    "Call me on +1 617 555 0148 about the chat",
    "mi número nuevo es 4088883070",
    "factura 708156233490, chat no tengo",
    "El chat de soporte terminó con error 500 en 30000 ms",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_chat_id_is_found(words: str, value: str) -> None:
    assert slots(words).get("chat_id") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_chat_id_are_none(words: str) -> None:
    assert "chat_id" not in slots(words)


KEYS = (
    ("A key é 4e69cf73d1a2150b.", "4e69cf73d1a2150b"),
    ("key 3b60e4a2-55c7-1d0f-c3a6-42bf80d9e731", "3b60e4a2-55c7-1d0f-c3a6-42bf80d9e731"),
    ("pipeline key: 8d3f6bc72e1a1f3a6b50d4e7", "8d3f6bc72e1a1f3a6b50d4e7"),
    ("a chave da execução que falhou é 8d3f6bc72e1a1f3a6b50d4e7", "8d3f6bc72e1a1f3a6b50d4e7"),
    ("execução 8d3f6bc72e1a1f3a6b50d4e7 morreu", "8d3f6bc72e1a1f3a6b50d4e7"),
    ("(key 60c4bd32af7e1859)", "60c4bd32af7e1859"),
    ("Execution key is a39d5b20-3c4f-1e06-b7d8-60e12cf3548a", "a39d5b20-3c4f-1e06-b7d8-60e12cf3548a"),
    ("c2f0a3d1-6e4b-1f88-9b02-7a53d6e1f907", "c2f0a3d1-6e4b-1f88-9b02-7a53d6e1f907"),
    ('{"pipelineKey": "d7a23c6f80b91f5ecc04", "code": 500}', "d7a23c6f80b91f5ecc04"),
    ('"executionId": "d7a23c6f80b91f5ecc04"', "d7a23c6f80b91f5ecc04"),
    ("La clave de la ejecución: 1cf8a6e3-0d24-1b95-6f7e-53e2b94c08ad", "1cf8a6e3-0d24-1b95-6f7e-53e2b94c08ad"),
    ("llave 2e1137d0cf6a1b34", "2e1137d0cf6a1b34"),
    ("* key 2e1137d0cf6a1b34", "2e1137d0cf6a1b34"),
    ("pipeline sync-clientes key aB3dE5fG7hI9jK1l", "aB3dE5fG7hI9jK1l"),
    ("the run 51a3d7b0c6f91e8a from yesterday", "51a3d7b0c6f91e8a"),
    ("A pipeline key da execução das 3h é 51A3D7B0C6F91E8A", "51A3D7B0C6F91E8A"),
    ("chat 708123369074 e key 51a3d7b0c6f91e8a", "51a3d7b0c6f91e8a"),
    ("mando a key de duas execuções: 51a3d7b0c6f91e8a e 51a3d7b0c6f91e53", "51a3d7b0c6f91e8a"),
    ("Key: 01J9ZK4W8Q2M", "01J9ZK4W8Q2M"),
    ("execution id 01J9ZK4W8Q2M7N3P5R6S8T", "01J9ZK4W8Q2M7N3P5R6S8T"),
)
NO_KEYS = (
    "nossa API key é 8d3f6bc72e1a1f3a6b50d4e7",
    "traceId 8d3f6bc72e1a1f3a6b50d4e7",
    "x-request-id: a39d5b20-3c4f-1e06-b7d8-60e12cf3548a",
    "chave Pix 8d3f6bc72e1a1f3a6b50d4e7",
    "commit 8d3f6bc72e1a1f3a6b50d4e7",
    "O key user da área é o João",
    "A chave está errada",
    "token de acesso eyJhbGciOiJIUzI1NiJ9abc",
    "pedido 8d3f6bc72e1a1f3a",
    "chave: não tenho",
    "sessionid=8d3f6bc72e1a1f3a6b50d4e7",
    "The certificate fingerprint is 51a3d7b0c6f91e8a51a3d7b0c6f91e8a",
    "Order id 51a3d7b0-c6f9-1e8a-b000-777744441111 missing",
)
ESCALATED = (
    ("é o 708123400691", "708123400691"),
    ("Escalem o caso 708123255073 por favor", "708123255073"),
    ("contrato 708159334602", None),
    ("protocolo 708123255073", "708123255073"),
    ("PO 223307918803", None),
    ("the account number is 708123446309", None),
    ("escalate 708123446309 please", "708123446309"),
    ("El correcto es 708156599031", "708156599031"),
    ("orden de compra 1833220634", None),
    ("Segue o id: 708123369074", "708123369074"),
)


@pytest.mark.parametrize(("words", "value"), KEYS)
def test_the_key_of_an_execution_is_found(words: str, value: str) -> None:
    assert slots(words).get("pipeline_key") == value


@pytest.mark.parametrize("words", NO_KEYS)
def test_other_tokens_are_no_keys(words: str) -> None:
    assert "pipeline_key" not in slots(words)


@pytest.mark.parametrize(("words", "value"), ESCALATED)
def test_in_an_escalation_a_bare_number_is_the_chat_unless_it_is_called_something_else(
    words: str, value: str | None
) -> None:
    assert slots(words, context=Context(role="escalate")).get("chat_id") == value


def test_the_reason_names_the_word_beside_the_number() -> None:
    assert any("'pedido'" in why for why in why_not("Pedido 215470098123 parado", "chat_id"))


def test_a_corrected_chat_id_replaces_the_one_that_is_held() -> None:
    held = holding(chat_id="215499100111")
    words = "Disculpen, copié mal el número: el correcto es 215499100200."
    assert slots(words, context=Context(role="escalate", fields=held.fields))["chat_id"] == "215499100200"


def test_a_chat_id_may_have_letters_and_dashes() -> None:
    assert slots("Old conversation is CHT-88120011.")["chat_id"] == "CHT-88120011"
    assert slots("Conversa 4188-2009-1137, por favor escalem.")["chat_id"] == "4188-2009-1137"
