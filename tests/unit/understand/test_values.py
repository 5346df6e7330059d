"""Values read from words that are given as one: bare, in a short sentence, or refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailbot.understand.fields.values import read

from .slots import THURSDAY, packs

PACK = {
    "component": "sharpspring",
    "endpoint": "api-operations",
    "device": "api-operations",
    "country": "api-operations",
}
GIVEN = (
    ("pipeline", "sync-x", "sync-x"),
    ("pipeline", "é o sync-pedidos-sap", "sync-pedidos-sap"),
    ("pipeline", "O nome é Carga de Preços.", "Carga de Preços"),
    ("pipeline", "Chama-se `pedidos-b2b`", "pedidos-b2b"),
    ("pipeline", "It's called Vendor Onboarding Nightly", "Vendor Onboarding Nightly"),
    ("pipeline", "orders-eu, in the Retail project", "orders-eu"),
    ("pipeline", "não sei", None),
    ("pipeline", "facturacion-isapres", "facturacion-isapres"),
    ("pipeline", "cnab-retorno-cobranca", "cnab-retorno-cobranca"),
    ("pipeline", "já informei acima", None),
    ("pipeline", "ainda não sei, vou perguntar", None),
    ("pipeline", "the one that syncs customers", None),
    ("pipeline", "Clientes", "Clientes"),
    ("pipeline", "CLIENTES_SAP_V2", "CLIENTES_SAP_V2"),
    ("pipeline", "ver print", None),
    ("pipeline", "segue em anexo", None),
    ("pipeline", "o mesmo do chamado anterior", None),
    ("pipeline", "I'll look it up and let you know", None),
    ("pipeline", "still under construction, no name yet", None),
    ("environment", "PRD", "production"),
    ("environment", "é em produção mesmo", "production"),
    ("environment", "Live.", "production"),
    ("environment", "HML, ainda não subiu", "test"),
    ("environment", "Staging to begin with.", "test"),
    ("environment", "Production, obviously.", "production"),
    ("environment", "nosso sandbox", "other"),
    ("environment", "contingência", "other"),
    ("environment", "não sei", None),
    ("environment", "os dois", None),
    ("environment", "the DR site", "other"),
    ("environment", "em produção, em teste funciona", "production"),
    ("environment", "it's the QA one", "test"),
    ("environment", "vou verificar", None),
    ("environment", "pre-prod", "test"),
    ("environment", "both prod and staging", "production"),
    ("environment", "ambiente de integração", "other"),
    ("pipeline_key", "c2f0a3d1-6e4b-1f88-9b02-7a53d6e1f907", "c2f0a3d1-6e4b-1f88-9b02-7a53d6e1f907"),
    ("pipeline_key", "a key é 4e69cf73d1a2150b", "4e69cf73d1a2150b"),
    ("pipeline_key", "9f70e3b1a48c1d2265f3 (a primeira)", "9f70e3b1a48c1d2265f3"),
    ("pipeline_key", "no idea where to find it", None),
    ("pipeline_key", "sync-pedidos", None),
    ("chat_id", "708123400691", "708123400691"),
    ("chat_id", "é o 708123400691", "708123400691"),
    ("chat_id", "#708123400691", "708123400691"),
    ("chat_id", "não sei, meu telefone é 00688883074", None),
    ("occurred_at", "ontem às 19:20", "2026-11-04T19:20"),
    ("occurred_at", "hoje 7h31", "2026-11-05T07:31"),
    ("occurred_at", "20/10 às 17:35", "2026-10-20T17:35"),
    ("occurred_at", "às 7h", "2026-11-05T07:00"),
    ("occurred_at", "hoje cedo", None),
    ("occurred_at", "não sei dizer", None),
    ("occurred_at", "ontem", "2026-11-04"),
    ("occurred_at", "Começou hoje 05/11 às 07:35", "2026-11-05T07:35"),
    ("occurred_at", "around 9 last night", "2026-11-04T21:00"),
    ("occurred_at", "this morning at 6", "2026-11-05T06:00"),
    ("occurred_at", "4 Nov, 14:20 UTC", "2026-11-04T14:20"),
    ("occurred_at", "el martes por la tarde, tipo 4", "2026-11-03T16:00"),
    ("occurred_at", "a las 14:20 del martes", "2026-11-03T14:20"),
    ("occurred_at", "14:20", "2026-11-04T14:20"),
    ("occurred_at", "since Tuesday", "2026-11-03"),
    ("occurred_at", "first at 10:02 on 2 November, last one 30 minutes ago", "2026-11-02T10:02"),
    ("occurred_at", "terça, 03/11, entre 10h e 11h", "2026-11-03T10:00"),
    ("endpoint", "/v1/pix", "/v1/pix"),
    ("endpoint", "POST /polizas/v2/altas", "/polizas/v2/altas"),
    ("endpoint", "é o https://api.x.example/v1/a.", "https://api.x.example/v1/a"),
    ("endpoint", "não se aplica", None),
    ("device", "iPhone 12", "iPhone 12"),
    ("device", "No Chrome do Windows 11", "Chrome do Windows 11"),
    ("device", "todos", None),
    ("device", "n/a", None),
    ("device", "não depende de dispositivo", None),
    ("device", "maquininha PAX A920", "maquininha PAX A920"),
    ("country", "Brasil", "BR"),
    ("country", "do Brasil", "BR"),
    ("country", "US", "US"),
    ("country", "UK", "GB"),
    ("country", "São Paulo", None),
    ("component", "é na landing page", "landing_pages"),
    ("component", "não sei", None),
    ("component", "formulários", "forms"),
    ("pipeline", "As I said, still nameless.", None),
    ("pipeline", "como falei, não existe ainda", None),
    ("pipeline", "não é um pipeline, são todos", None),
    ("project", "Open Frete", "Open Frete"),
    ("project", "é o projeto Portal do Cliente", "Portal do Cliente"),
    ("project", "não tem projeto", None),
)


@pytest.mark.parametrize(("field", "words", "value"), GIVEN)
def test_the_words_of_an_answer_give_its_value_or_none(field: str, words: str, value: str | None) -> None:
    reading = read(field, words, packs()[PACK.get(field, "digibee")], datetime.fromisoformat(THURSDAY))
    assert (reading.value if reading else None) == value
    if reading and field not in {"environment", "occurred_at", "country", "component"}:
        assert words[reading.start : reading.end] == reading.value
