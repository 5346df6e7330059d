"""What a customer says they do not have; not what they promise or lack in another way."""

from __future__ import annotations

import pytest

from mailbot.understand import declined
from tests.unit.understand import narratives as n


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("Não tenho o ID do chat.", "chat_id"),
        ("Key não tenho, o monitor não abre.", "pipeline_key"),
        ("- Key: não tenho, a execução nem aparece na lista", "pipeline_key"),
        ("There is no error message at all, it just sits there.", "error_message"),
        ("Captura no tengo, no guardé ninguna.", "evidence"),
        ("Não temos como enviar print, vídeo nem log.", "evidence"),
        ("I have no screenshots.", "evidence"),
        ("I never kept the chat ID.", "chat_id"),
        ("We don't have a pipeline yet.", "pipeline"),
        ("I can't tell you exactly when.", "occurred_at"),
        ("A chave da execução a tela mostra em branco.", "pipeline_key"),
        ("Nobody here has a login that shows execution keys.", "pipeline_key"),
        ("La clave de la ejecución ya se borró del historial.", "pipeline_key"),
    ],
)
def test_it_is_declined(body: str, field: str) -> None:
    assert field in declined.read(n.doc(body), n.pack())


@pytest.mark.parametrize(
    "body",
    [
        "Não temos outra forma de faturar.",
        "A chave eu procuro e mando amanhã.",
        "We have no other pipeline like it.",
        "Ainda não tive retorno do chat.",
        "Nenhum conector alcança a rede em produção.",
        "O recibo vem sem erro nenhum, mas vazio?",
        "I'll send the log later.",
        "Vocês não têm o log?",
    ],
)
def test_nothing_is_declined(body: str) -> None:
    assert not declined.read(n.doc(body), n.pack())
