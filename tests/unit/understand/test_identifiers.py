"""Chat IDs and execution keys, told from the numbers of orders, invoices, phones and other systems' tokens."""

from __future__ import annotations

import pytest

from mailbot.understand.facts import Context

from .reading import read
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
    ("O protocolo do chat é CH-2291-88.", "CH-2291-88"),
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


CODES = (
    ("A conversa ficou registrada como KV-2026-88131.", "KV-2026-88131"),
    ("é o chat 51-22-9b", "51-22-9b"),
    ("chat 60233", "60233"),
    ("Sobre a conversa ZQ/3317:", "ZQ/3317"),
    ("na conv_8bc42, aberta ontem", "conv_8bc42"),
    ("O papo com o técnico de vocês ficou com o número 77.120.455.", "77.120.455"),
    ("Falei com a equipe no 71-6620-14.", "71-6620-14"),
    ("My last conversation is filed under HLP/2026/0931.", "HLP/2026/0931"),
    ("Kindly bump chat-66d2-1180 up the ladder.", "chat-66d2-1180"),
    ("the chat ticket thing was 41-PX-3302, on my hand", "41-PX-3302"),
    ("(Your chat: RB-7719.)", "RB-7719"),
    ("La charla quedó como CNV-7714402.", "CNV-7714402"),
    ("· conversación anterior ........ MTY.4471.08", "MTY.4471.08"),
    ("Platicamos largo y tendido en 708123255073.", "708123255073"),
    ("El diálogo previo: AR-20718.", "AR-20718"),
)
NO_CODES = (
    "Falei no chat em 12/11/2026 com a Ana.",
    "The chat was on 2026-11-03 at 10:30.",
    "I talked to Diego on 555-0148.",
    "Hablé con Camila al 4088-3074.",
    "No chat disseram que a versão 2.14.3 resolve.",
    "In the chat they asked for 10.44.2.9.",
    "O chat fechou depois de 1500ms.",
    "Nuestro reclamo es por el flujo sync-erp-101.",
    "In the conversation we spoke of 1.280 orders.",
    "Ticket ref: HGA/IT/2026/1187 (ours).",
    "A conversa de 2026 foi longa.",
    "chat com erro 40213 clientes afetados",
)


@pytest.mark.parametrize(("words", "value"), CODES)
def test_a_chat_id_may_have_any_shape_behind_a_word_for_a_talk(words: str, value: str) -> None:
    assert slots(words).get("chat_id") == value


@pytest.mark.parametrize("words", NO_CODES)
def test_dates_phones_and_versions_beside_a_talk_are_no_chat_id(words: str) -> None:
    assert "chat_id" not in slots(words)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Ref.: OBK-771", "OBK-771"),
        ("It's LM-20261014-88, as I said.", "LM-20261014-88"),
        ("I want to escalate 7731-KT. That's the number off the top of the chat window.", "7731-KT"),
        ("CHT2026-11-0932", "CHT2026-11-0932"),
        ("PO ref: AB-4500198", None),
        ("Nossa nota fiscal NF-99812 não saiu.", None),
        ("Ticket ref: HGA/IT/2026/1187 (ours).", None),
        ("O fluxo INT-PEDIDOS-V2 parou em 2026-11-03.", None),
    ],
)
def test_in_an_escalation_a_code_that_stands_alone_is_the_chat(words: str, value: str | None) -> None:
    assert slots(words, context=Context(role="escalate")).get("chat_id") == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Me remito a la plática con el folio RX-660912, que sostuve con uno de sus agentes.", "RX-660912"),
        ("I'd like this moved up. Session d-5521-118, on the 12th.", "d-5521-118"),
        (
            "With reference to the exchange filed by you under PL/2026/3380, I ask for another.",
            "PL/2026/3380",
        ),
        ("I request the escalation of the chat 7a1144cd.", "7a1144cd"),
        ("Llevo una semana con su asistente en el hilo 7720-3351-06.", "7720-3351-06"),
        ("Do diálogo que mantive com o vosso atendente, registrado sob D-118-QTR-4, nada resultou.", "D-118-QTR-4"),
        ("quisiera que lo que conversamos por chat (atención 71 220 445) pase al siguiente nivel", "71 220 445"),
        ("Meu pedido 71 220 445 não chegou.", None),
        ("My phone is 337-555-0148 and the purchase order was 88104.", None),
        ("La factura MX-550912 se duplicó.", None),
    ],
)
def test_in_an_escalation_the_likeliest_code_is_the_chat_as_written(words: str, value: str | None) -> None:
    assert slots(words, context=Context(role="escalate")).get("chat_id") == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Parou às 9.\n72be2f18dc\nobrigado", "72be2f18dc"),
        ("Peguem a 9c13e5d7f2 como amostra.", "9c13e5d7f2"),
        ("totem-pedido-cozinha, hml, ontem, 8b8b22ff", "8b8b22ff"),
        ('He told me to give you "cb71e6f2".', "cb71e6f2"),
        ('"0xB82E44D18C - la de hoy 2pm"', "0xB82E44D18C"),
        ("key bb52cc", "bb52cc"),
        ("id de execução → bH8wZXJyMjAyNnZlc3Bi", "bH8wZXJyMjAyNnZlc3Bi"),
        ("A chave que o painel guarda: bf2201aac.", "bf2201aac"),
        ("La clave: 1.3.961.88e1-bf32.", "1.3.961.88e1-bf32"),
        ("Segue.\nqrx-82-1f1e8b\nAbs", "qrx-82-1f1e8b"),
        ("Key below\nK7-88d7", "K7-88d7"),
        ("bale-graph gave two families one slot\n31fe-87", "31fe-87"),
        ("sync-lotes / prd / 1bd6-7711-fc", "1bd6-7711-fc"),
        ("The id is run_6b7e19d2 and it printed 401.", "run_6b7e19d2"),
        ("A execução tem o código c4-88cb-29fe.", "c4-88cb-29fe"),
        ("La clave que trae es b5-77e1-d2.", "b5-77e1-d2"),
        ('It quit with "QBXML parse error 0x80040411".', None),
        ('Arriba a la derecha dice "sync error 0x80072ee8".', None),
        ("O comprovante é F001-00028811.", None),
        ("me liga 11 5555-0172", None),
        ("pedido 9c13e5d7f2 parado", None),
        ("commit 9c13e5d7f2", None),
        ("Em 20261103 caiu.", None),
        ("The key user is Ana.", None),
        ("the run of 2026", None),
        ("A chave que ele usa: a do portão.", None),
        ("pedidos-sap-v2", None),
        ("a cor #8b8b22ff ficou errada", None),
    ],
)
def test_a_short_key_is_found_where_it_stands_apart(words: str, value: str | None) -> None:
    assert slots(words).get("pipeline_key") == value


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "quero que isso suba",
            "Faz duas semanas que o mesmo atendente responde e nada anda.\nTudo está sob o número 215471860031.\n"
            "Quero alguém acima dele olhando isso, em produção.",
        ),
        (
            "215471860031, sin salida",
            "Llevamos tres semanas y nadie resuelve.\nQuiero hablar con un responsable, en producción.",
        ),
        (
            "LI-4411",
            "Third week that your first line goes in circles, LI-4410 and LI-4411 are our own notes.\n"
            "All of it is under 215471860031.\nI want a manager to take it over, production.",
        ),
    ],
)
def test_a_number_by_itself_is_the_chats_in_what_turns_out_to_be_an_escalation(subject: str, body: str) -> None:
    facts = read(body, subject)
    assert facts.kind.value == "escalation"
    assert facts.fields["chat_id"].value == "215471860031"


def test_a_number_by_itself_is_no_chats_in_another_kind() -> None:
    facts = read("Como faço para ler o campo 215471860031 de uma planilha no pipeline sync-x?", "dúvida")
    assert "chat_id" not in facts.fields
