"""Where it happens: the place where it fails, not where it works, is planned or is a factory."""

from __future__ import annotations

import pytest

from .slots import holding, slots, why_not

GIVEN = (
    ("Ayer, en el entorno de demostración, la lluvia entró por diez.", "other"),
    ("Em nosso ambiente de laboratório o conector corrompe os nomes.", "other"),
    ("O fluxo está rodando em produção e caiu.", "production"),
    ("Ambiente: PRD", "production"),
    ("no ambiente de PROD", "production"),
    ("É em prod.", "production"),
    ("Isso acontece só em homologação.", "test"),
    ("Em HML dá erro, em PRD não.", "test"),
    ("Em QA passa, em produção não.", "production"),
    ("Testamos em homologação e funcionou, o problema é em produção.", "production"),
    ("Funciona no ambiente de teste mas falha em produção", "production"),
    ("Falha no ambiente de teste mas em produção está ok", "test"),
    ("Vamos subir para produção em janeiro, hoje está em homologação.", "test"),
    ("O erro ocorre no nosso sandbox.", "other"),
    ("Estou no ambiente de desenvolvimento.", "other"),
    ("em DEV", "other"),
    ("produção", "production"),
    ("Teste", "test"),
    ("homolog", "test"),
    ("ambiente produtivo inteiro fora", "production"),
    ("O pipeline x-y-z (PRD) falha", "production"),
    ("O pipeline abc-def de produção está lento", "production"),
    ("está em staging por enquanto", "test"),
    ("é o ambiente de UAT", "test"),
    ("estamos em pré-produção", "test"),
    ("Nosso ambiente de treinamento não abre", "other"),
    ("Precisamos liberar o IP no ambiente de produção e no de homologação", "production"),
    ("acontece tanto em produção quanto em homologação", "production"),
    ("o link é https://hml.cliente.example/api/v1", "test"),
    ("favor não mexer em produção", "production"),
    ("It's failing in live.", "production"),
    ("happens on production", "production"),
    ("our prod environment", "production"),
    ("Production, obviously.", "production"),
    ("It is the test environment.", "test"),
    ("only in staging", "test"),
    ("It works in staging but not in production.", "production"),
    ("Prod is fine, it only breaks in QA.", "test"),
    ("it breaks in UAT", "test"),
    ("We are not live yet, this is our sandbox.", "other"),
    ("In dev everything is fine, in prod it dies", "production"),
    ("This is our DR environment", "other"),
    ("The flow runs in production every night", "production"),
    ("Live.", "production"),
    ("in the live environment", "production"),
    ("El de producción. El de pruebas va por otro túnel.", "production"),
    ("test for now, then prod once we are happy", "test"),
    ("lo vamos a armar en pruebas", "test"),
    ("É a base valendo, produção.", "production"),
    ("same thing in test and production", "test"),
    ("PROD - high priority", "production"),
    ("Our test tenant is broken", "test"),
    ("test", "test"),
    ("En producción falla, en pruebas no.", "production"),
    ("Es en el entorno productivo.", "production"),
    ("Producción, por favor.", "production"),
    ("Pruebas.", "test"),
    ("En QA anda bien pero en productivo no", "production"),
    ("estamos desarrollando en sandbox", "other"),
    ("entorno de desarrollo", "other"),
    ("lo tenemos en homologación", "test"),
    ("falla en prod", "production"),
    ("Ambiente productivo caído", "production"),
    ("en vivo no funciona", "production"),
    ("segue o log\n2026-11-05 05:31:02.114 INFO  [prd] executionKey=b71f0c9e step=1", "production"),
    ("2026-11-05 16:31:44 ERROR hml cubiertas-ml 429 too_many_requests", "test"),
    ("Dev here, filling in for Kiki: it stopped in prod", "production"),
)

NOT_GIVEN = (
    "Ambiente: o de sempre",
    "Ambiente: idem ao chamado anterior",
    "Environment: same as last time",
    "Environment: the usual one",
    "Ainda não publicamos em produção.",
    "A ordem de produção 3321 não foi integrada.",
    "A linha de produção parou.",
    "Os apontamentos de produção não chegam no ERP.",
    "O gerente de produção está reclamando.",
    "Fiz um teste e não funcionou.",
    "O time de QA está parado esperando.",
    "O dev do nosso time vai olhar.",
    "Estamos em go-live, produção entra dia 20.",
    "We go live in March.",
    "We went live in spring.",
    "I tested it twice.",
    "our QA team found it",
    "the production line stopped",
    "production orders are not created",
    "the dev team is on it",
    "We will deploy to production next week",
    "live chat told me to write here",
    "Las órdenes de producción llegan en cero.",
    "el jefe de producción",
    "Hicimos pruebas y nada.",
    "En desarrollo no pasa.",
    "Todavía no está en producción.",
    "dev here, filling in for Kiki",
    "Dwayne (dev) for Ellen. The quotes are zero.",
    "2026-11-05 16:31:44 ERROR test-suite failed, [production-line] stopped",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_environment_is_found(words: str, value: str) -> None:
    assert slots(words).get("environment") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_environment_are_none(words: str) -> None:
    assert "environment" not in slots(words)


def test_a_later_mention_changes_the_environment_only_as_a_correction() -> None:
    held = holding(environment="production")
    assert "environment" not in slots("Em homologação temos o mesmo fluxo.", context=held)
    assert slots("Me enganei, na verdade é em homologação.", context=held)["environment"] == "test"


def test_the_host_of_a_call_tells_the_environment_where_nothing_else_does() -> None:
    assert slots("curl https://hml.gw.cliente.example/v1/pedidos")["environment"] == "test"
    assert slots("curl https://gw.cliente.example/v1/pedidos").get("environment") is None


def test_the_subject_tells_the_environment_where_the_body_does_not() -> None:
    assert slots("Parou tudo.", subject="[PRD] pedidos-oms")["environment"] == "production"
    assert "environment" not in slots("Parou tudo.", subject="Ordens de produção paradas")


def test_manufacturing_is_told_as_the_reason() -> None:
    assert "manufacturing, not a place" in why_not("A ordem de produção 3321 não foi integrada.", "environment")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("O envia-guia (live) rejeita tudo.", "production"),
        ("Corre en el entorno real.", "production"),
        ("It fails in our QA environment.", "test"),
        ("Estou mexendo só no de teste.", "test"),
        ("I built it in our dev realm.", "other"),
        ("Onde: produção", "production"),
        ("PRO", "production"),
        ("No de produção; o de homologação já foi trocado e está bom.", "production"),
        ("Temos dois turnos em produção na fábrica.", None),
        ("Our QA lead found it.", None),
    ],
)
def test_a_place_is_told_in_many_ways(words: str, place: str | None) -> None:
    assert slots(words).get("environment") == place


def test_a_place_that_is_denied_gives_way_to_the_one_that_is_told() -> None:
    words = "I mixed things up: it isn't test, it's production."
    assert slots(words, context=holding(environment="test"))["environment"] == "production"
