"""The name of a pipeline, told from functions, ordinary hyphenated words and other things' names."""

from __future__ import annotations

import pytest

from mailbot.understand.fields.name_candidates import places

from .slots import holding, slots

GIVEN = (
    ("o fluxo sync-pedidos-sap caiu", "sync-pedidos-sap"),
    ("O pipeline `estoque-lojas` parou.", "estoque-lojas"),
    ('O pipeline "Baixa de Títulos" está lento.', "Baixa de Títulos"),
    ("o pipeline Baixa Titulos Diaria não roda", "Baixa Titulos Diaria"),
    ("O fluxo chamado pedidos_vtex_erp deu erro", "pedidos_vtex_erp"),
    ("O pipeline SyncClientesSalesforce retorna 500", "SyncClientesSalesforce"),
    ("pedidos-b2b está fora desde ontem", "pedidos-b2b"),
    ("O consulta-cep-v2 não responde.", "consulta-cep-v2"),
    ("Estamos com problema no envio-nfe-sefaz", "envio-nfe-sefaz"),
    ("O pipeline é o titulos-cobranca-api.", "titulos-cobranca-api"),
    ("nome do pipeline é pedidos-marketplace", "pedidos-marketplace"),
    ("O erro acontece no pipeline pagamentos2", "pagamentos2"),
    ("2026-11-04 10:00:01 ERROR [carga-precos-noturna] key=bcd074efa185b2 falha", "carga-precos-noturna"),
    ('Pode ver o fluxo "Alta Clientes v3"?', "Alta Clientes v3"),
    ("o cliente-sync-crm e o login single-sign-on", "cliente-sync-crm"),
    ("o pipeline que faz a carga de preços (preco-loja-carga) falhou", "preco-loja-carga"),
    ("nota-fiscal-eletronica: erro 500", "nota-fiscal-eletronica"),
    ("O projeto portal-cliente tem o pipeline cad-contatos", "cad-contatos"),
    ("our orders-to-sap flow is down", "orders-to-sap"),
    ("the pipeline named invoice-export-nightly fails", "invoice-export-nightly"),
    ("the Daily Stock Feed pipeline produces nothing", "Daily Stock Feed"),
    ("'Orders Inbound' flow throws 500", "Orders Inbound"),
    ("gl-posting-v4 is timing out", "gl-posting-v4"),
    ("We run hr-leavers-sync every night and it died", "hr-leavers-sync"),
    ("This concerns pipeline POS_SALES_DAILY", "POS_SALES_DAILY"),
    ("the carrier-rates pipeline", "carrier-rates"),
    ("Could you check stock-reservations? It is a pre-production flow", "stock-reservations"),
    ("The pipeline is called Refund Notifier.", "Refund Notifier"),
    ("El flujo alta-proveedores se cayó", "alta-proveedores"),
    ("El flujo 'Alta Clientes' no responde", "Alta Clientes"),
    ("el pipeline llamado Cierre Diario falla", "Cierre Diario"),
    ("El facturas-timbrado-v2 devuelve error", "facturas-timbrado-v2"),
    ("Se trata de guias-despacho.", "guias-despacho"),
    ("El proceso conciliacion_bancaria_diaria terminó mal", "conciliacion_bancaria_diaria"),
    ("pipeline: ordenes-compra, ambiente PRD", "ordenes-compra"),
    ("pipeline ordenes-compra, ambiente PRD, key 60c4bd32af7e1859", "ordenes-compra"),
    ("El pipeline correcto es stock-tiendas-v2", "stock-tiendas-v2"),
)

NOT_GIVEN = (
    "Every order comes back with too_many_requests.",
    "La API contesta invalid_category_id en todos los anuncios.",
    "O conector devolve token_expired desde ontem.",
    "A planilha tem uma linha por loja, contei-as com o dedo, e o circuito repete todas.",
    "At twenty-five to three the integration stopped, says my brother-in-law.",
    "Nome do fluxo: o da lista",
    "Flujo: el de las guías",
    "I'm still at the sketching-on-napkins stage.",
    "There was much head-scratching over it.",
    "The prize-giving is on Saturday.",
    "Nosso pipeline parou.",
    "A integração de faturamento parou.",
    "não consigo ver o e-mail de boas-vindas",
    "Segue o passo-a-passo do bem-vindo",
    "usamos a fila pedidos-entrada no RabbitMQ",
    "o usuário svc-integracao perdeu acesso",
    "o campo reason_code vem vazio",
    "conector soap-nfe com erro",
    "veja https://gw.cliente.example/pipeline/abc-def/v1",
    "o fluxo trava e o pipeline morre",
    "The invoicing integration stopped.",
    "our customer sync is down",
    "The flow fails at the second step",
    "It's a follow-up to our kick-off call; the end-to-end test failed",
    "the content-type header is wrong",
    "client_secret was rotated",
    "the table order-lines is locked",
    "I need the real-time feed back; it's mission-critical and up-to-date data is a must-have",
    "it fails for well-known customers, third-party ones too",
    "month-end close is waiting",
    "A Salesforce pipeline keeps failing",
    "La integración de pedidos no anda",
    "nuestro flujo no anda",
    "en el flujo de nómina",
    "No se pudo conectar, dejémoslo así; ver auto-respuesta",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_pipeline_is_found(words: str, value: str) -> None:
    assert slots(words).get("pipeline") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_pipeline_are_none(words: str) -> None:
    assert "pipeline" not in slots(words)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("estoque-loja-sync", "estoque-loja-sync"),
        ("Erro no fluxo cobranca-pix", "cobranca-pix"),
        ("[PRD] pedidos-oms", "pedidos-oms"),
        ("orders-api-eu / prod / down", "orders-api-eu"),
        ("Re: Escalation - gl-feed", "gl-feed"),
        ("Follow-up call", None),
        ("E-mail não chega", None),
        ("dúvida segunda-feira", None),
        ("RES: Problema integração SAP", None),
    ],
)
def test_the_subject_names_the_pipeline(subject: str, name: str | None) -> None:
    assert slots("Bom dia, podem ver?", subject=subject).get("pipeline") == name


def test_a_correction_replaces_the_name_and_another_mention_does_not() -> None:
    held = holding(pipeline="cad-forn-erp")
    words = "Digitei errado: trata-se do pipeline cad-forn-erp-v2."
    assert slots(words, context=held)["pipeline"] == "cad-forn-erp-v2"
    assert "pipeline" not in slots("O fluxo baixa-titulos usa a mesma conta.", context=held)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("leituras_medidor_dia não sobe nada desde cedo.", "leituras_medidor_dia"),
        ("The flow by name Gate_Pass_Sync is getting failed.", "Gate_Pass_Sync"),
        ("Estou montando cota-seguro em homologação.", "cota-seguro"),
        ("This is about Dock Slot Planner, which belongs to the Yard project.", "Dock Slot Planner"),
        ("stock4web fell over again", "stock4web"),
        ("O FaturaClienteSap está lento.", "FaturaClienteSap"),
        ("O campo valor_total e o access_token vieram vazios.", None),
        ("ERROR constraint [UQ_DOCK_SLOT] violated", None),
        ("We got SSL_HANDSHAKE_FAILED and NullPointerException.", None),
    ],
)
def test_names_come_in_every_spelling(words: str, name: str | None) -> None:
    assert slots(words).get("pipeline") == name


def test_an_x_joins_the_words_of_a_name() -> None:
    words = "Estampilla x Botella se corta"
    assert words[:20] in [words[place.start : place.end] for place in places(words, words.lower())]


def test_the_example_of_our_own_form_is_no_name() -> None:
    assert "pipeline" not in slots("Pipeline: pedidos-erp-sync")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ('Sabe o "Ronda Noturna"? O de produção.', "Ronda Noturna"),
        ('our "Book & Board" (production) thanked people in Dutch.', "Book & Board"),
        ("Hice una cosa que se llama precio de la yuca: agarra el valor y avisa.", "precio de la yuca"),
        ("É o que a gente chama de fila do forno, ele avisa o padeiro.", "fila do forno"),
        ("METEO_PORT(2) works not.", "METEO_PORT(2)"),
        ("Ela se chama Marta e trabalha à noite.", None),
        ("A colleague called Peter restarted it.", None),
        ("La fila recibos-entrada en producción está llena en el broker.", None),
        ("A nossa integração de estoque em produção caiu.", None),
        ("Our shop in production is slow.", None),
        ("El sistema en producción va lento.", None),
    ],
)
def test_a_name_may_be_spelt_like_any_words(words: str, name: str | None) -> None:
    assert slots(words).get("pipeline") == name


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("poda-lembrete", "poda-lembrete"),
        ("[HML] adubo-pulveriza lento", "adubo-pulveriza"),
        ("[QA] cuna-avisos lenta", "cuna-avisos"),
        ("produção parada", None),
        ("slow since monday", None),
    ],
)
def test_a_subject_alone_names_it(subject: str, name: str | None) -> None:
    assert slots("8s virou 6min, a key mando depois", subject=subject).get("pipeline") == name
