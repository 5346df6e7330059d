"""The failing operation, told from documentation, evidence links, callbacks and files."""

from __future__ import annotations

import pytest

from .slots import slots

GIVEN = (
    ("O endpoint /v2/pix/cobrancas retorna 422", "/v2/pix/cobrancas"),
    ("fazemos POST em https://api.provedor.example/tiss/v4/guias.", "https://api.provedor.example/tiss/v4/guias"),
    ("chamamos GET /contas/123/saldo e volta 403", "/contas/123/saldo"),
    ("Calls to https://api.provedor.example/dict/v1/keys fail", "https://api.provedor.example/dict/v1/keys"),
    (
        "curl -X POST 'https://sandbox.provedor.example/v1/boletos' -H 'x: y'",
        "https://sandbox.provedor.example/v1/boletos",
    ),
    ("La operación que falla es DELETE /polizas/v2/altas/{id}", "/polizas/v2/altas/{id}"),
    ("a rota /clientes não responde", "/clientes"),
    ("when we call /v1/cards/tokens it hangs", "/v1/cards/tokens"),
    ("GET /payouts returns others' money: GET /payouts?limit=100 answers 200 with 40 foreign rows", "/payouts"),
    ("GET /payouts?limit=100 answers 500, GET /payouts/all does too", "/payouts?limit=100"),
    ("Endpoint: https://api.x.example/v1/a?b=1&c=2", "https://api.x.example/v1/a?b=1&c=2"),
    ("Operação: PATCH /v1/contratos/{id}/status", "/v1/contratos/{id}/status"),
    ("PUT https://api.x.example/v1/a (produção) dá 500", "https://api.x.example/v1/a"),
    ("o erro acontece na chamada `POST /v3/transferencias`.", "/v3/transferencias"),
    ("li em https://help.x.example/a mas o POST /v1/pix devolve 400", "/v1/pix"),
    ("the token endpoint (https://auth.x.example/oauth/token) answers 503", "https://auth.x.example/oauth/token"),
    ("POST https://api.x.example/v1/a\nContent-Type: application/json", "https://api.x.example/v1/a"),
    ("curl -s -i -X POST $BASE/weigh/slips -H 'X-Yard: 3'", "/weigh/slips"),
    ("curl -X POST ${API_URL}/v1/holds -d '{}'", "/v1/holds"),
    ("POST {{baseUrl}}/v2/reservas devuelve 409", "/v2/reservas"),
    ("método GET, recurso /estoque/saldos", "/estoque/saldos"),
    ("erro ao consumir api.x.example/v1/pedidos", "api.x.example/v1/pedidos"),
)

NOT_GIVEN = (
    "A documentação é https://docs.provedor.example/pix",
    "Segue o print: https://drive.cliente.example/d/abc",
    "vídeo em https://www.loom.com/share/abc",
    "o arquivo está em /var/log/app.log",
    "the file lies in $HOME/out/run.log",
    "e/ou, km/h, SP/SADT, 24/7",
    "cadastrei a URL de callback https://loja.example/webhook/pix",
    "our site https://www.cliente.example is up",
    "o serviço de consulta de CEP está fora",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_endpoint_is_found(words: str, value: str) -> None:
    assert slots(words, pack="api-operations").get("endpoint") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_endpoint_are_none(words: str) -> None:
    assert "endpoint" not in slots(words, pack="api-operations")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("O /aviation/taf ainda me servia a observação antiga.", "/aviation/taf"),
        ("Em /notas/comunicar as notas entram.", "/notas/comunicar"),
        ("/badges/topup me avienta 403", "/badges/topup"),
        ("2026-11-18T04:00:31-05:00 ERROR /puertos/emitir 503 upstream_timeout", "/puertos/emitir"),
        ("it is only /forecast/sun/site.", "/forecast/sun/site"),
        ("Contra https://cert.provedor.example/lotes pasan los de uno.", "https://cert.provedor.example/lotes"),
        ("Gravei em /home/ana/log.", None),
        ("O arquivo está em /tmp/saida/x.csv", None),
        ("Aceitamos sim/não e entrada/saída.", None),
    ],
)
def test_a_path_that_acts_or_is_named_is_the_endpoint(words: str, value: str | None) -> None:
    assert slots(words, pack="api-operations").get("endpoint") == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("O catálogo bebe de /catalogo/fichas e vem tudo em branco.", "/catalogo/fichas"),
        ("Acceptance, /meters/batch, I push 500 readings and 100 stay.", "/meters/batch"),
        ("Los letreros piden /anden/estado y les llega vacío.", "/anden/estado"),
        ("lo de reservas/v3/abrir en pre tira 409", "reservas/v3/abrir"),
        ("Socket: wss://live.provedor.example/ticks goes silent", "wss://live.provedor.example/ticks"),
        ("GET /lotes/QR-26%2F114 devuelve 404", "/lotes/QR-26%2F114"),
        ("pedimos GET /clima?tz=Europe/Madrid y viene en UTC", "/clima?tz=Europe/Madrid"),
        ("Our staff is pickup/delivery and the app is iOS/Android.", None),
        ("Somos compra/venta y el campo entrada/salida llega bien.", None),
        ("Sou do financeiro/contábil, e/ou chame a Ana.", None),
        ("We followed https://developer.provider.example/reference/v2 and it fails", None),
    ],
)
def test_an_address_is_weighed_by_what_stands_around_it(words: str, value: str | None) -> None:
    assert slots(words, pack="api-operations").get("endpoint") == value
