"""The fill-in form of a request, filled in and sent, gives every field that was asked."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from mailbot.message.model import Address, Message
from mailbot.message.quote import split
from mailbot.reply import samples
from mailbot.reply.compose import compose
from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import LANGUAGES, Language, load_packs
from mailbot.understand.facts import Context
from mailbot.understand.understand import understand

ROOT = Path(__file__).resolve().parents[3]
PACKS = load_packs(ROOT / "rules")
TEMPLATES = TemplateSet(ROOT / "templates")
NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
# What a customer types behind each colon, in each language.
ANSWERS: dict[str, dict[Language, str]] = {
    "pipeline": {"pt": "sync-orders", "en": "sync-orders", "es": "sync-orders"},
    "environment": {"pt": "Produção", "en": "Production", "es": "Producción"},
    "pipeline_key": dict.fromkeys(LANGUAGES, "b7e1f0c4-9d3a-4e55-8a17-2f60c9d4e812"),
    "chat_id": dict.fromkeys(LANGUAGES, "215470098123"),
    "component": {"pt": "Workflows", "en": "Workflows", "es": "Workflows"},
    "occurred_at": {"pt": "04/11/2026 14:20", "en": "2026-11-04 14:20", "es": "04/11/2026 14:20"},
    "evidence": dict.fromkeys(LANGUAGES, "https://drive.example/print-erro.png"),
    "error_message": dict.fromkeys(LANGUAGES, "java.net.SocketTimeoutException: Read timed out"),
    "title": {
        "pt": "Consulta de saldo devolve 504 em produção",
        "en": "Balance query returns 504 in production",
        "es": "La consulta de saldo devuelve 504 en producción",
    },
    "expected_vs_actual": {
        "pt": "os pedidos deveriam chegar ao ERP e não chegam",
        "en": "orders should reach the ERP and do not arrive",
        "es": "los pedidos deberían llegar al ERP y no llegan",
    },
    "prior_analysis": {
        "pt": "reiniciamos o agente e ele voltou por dez minutos",
        "en": "we restarted the agent and it came back for ten minutes",
        "es": "reiniciamos el agente y volvió durante diez minutos",
    },
    "steps_to_reproduce": {
        "pt": "1) abrir a tela de pedidos 2) clicar em Enviar 3) o erro aparece",
        "en": "1) open the orders page 2) click Send 3) the error shows",
        "es": "1) abrir la pantalla de pedidos 2) hacer clic en Enviar 3) aparece el error",
    },
    "justification": {
        "pt": "esperamos há três dias e o faturamento está parado",
        "en": "we have waited three days and invoicing has stopped",
        "es": "esperamos desde hace tres días y la facturación está detenida",
    },
    "description": {
        "pt": "a integração de pedidos parou de gravar no ERP desde a última atualização",
        "en": "the order integration stopped writing to the ERP since the last update",
        "es": "la integración de pedidos dejó de grabar en el ERP desde la última actualización",
    },
    "integration_logic": {
        "pt": "lê pedidos do Salesforce, transforma em XML e grava no SAP",
        "en": "it reads orders from Salesforce, turns them into XML and writes them to SAP",
        "es": "lee pedidos de Salesforce, los transforma en XML y los graba en SAP",
    },
}
CASES = [
    (pack.name, kind, language)
    for pack in PACKS.values()
    for kind, rule in pack.kinds.items()
    if rule.required
    for language in LANGUAGES
]


@pytest.mark.parametrize(("name", "kind", "language"), CASES)
def test_each_line_of_the_form_is_understood(name: str, kind: str, language: Language) -> None:
    pack = PACKS[name]
    asked = pack.required(kind)
    sample = next(iter(samples.samples(pack, language, ("request_info",))))
    assert sample.ticket is not None
    send = replace(sample.send, ask=asked, language=language, data={"kind": kind})
    about = replace(sample.ticket, kind=kind, fields={})
    out = compose(send, about, pack, samples.IDENTITY, template_set=TEMPLATES, now=NOW, ref="x")
    page = cast(EmailMessage, message_from_bytes(out.raw, policy=policy.default)).get_body(("html",))
    assert page is not None
    link = re.search(r'href="(mailto:[^"]+)"', str(page.get_content()))
    assert link is not None
    parts = parse_qs(urlsplit(html.unescape(link[1])).query)
    body = parts["body"][0].replace("\r\n", "\n")
    for field in asked:
        label = pack.fields[field].name[language]
        assert f"{label}: \n" in body
        body = body.replace(f"{label}: \n", f"{label}: {ANSWERS[field][language]}\n", 1)
    person = Address(samples.CUSTOMER, "Ana Souza")
    to, subject = Address("support@vendor.example"), parts["subject"][0]
    message = Message("<b@x.example>", (person,), (to,), (), (), subject, NOW, NOW, text=body, text_source="plain")
    context = Context(language=language, kind=kind, asked=out.questions, asked_before=dict.fromkeys(asked, 1))
    facts = understand(message, split(body, sent=(out.text,)), pack, context)
    missing = [field for field in asked if field not in facts.fields]
    assert not missing, f"not read back from:\n{body}"
    assert facts.language.value == language
