"""How urgent a ticket is, by the packs' signs and rules."""

from __future__ import annotations

import pytest

from mailbot.tickets.model import FieldValue
from mailbot.understand import priority
from mailbot.understand.facts import Context
from mailbot.understand.model import priorities
from mailbot.understand.signals import Signals

from .reading import packs, read

LIVE = {"environment": FieldValue("production", "PRD")}
TEST = {"environment": FieldValue("test", "HML")}


def rated(body: str, pack: str = "digibee", fields: dict[str, FieldValue] | None = None) -> str | None:
    return read(body, "", pack, Context(fields=fields or {})).priority.value


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Todos os pipelines de produção estão fora desde as 8h e não temos plano B.", "1"),
        ("Our entire production environment is down and there is no workaround.", "1"),
        ("Toda la plataforma está caída en producción, sin alternativa.", "1"),
        ("O fluxo de notas parou em produção e não temos como contornar.", "2"),
        ("The invoice flow in production stopped this morning, we have no other way.", "2"),
        ("El flujo de facturas en producción se cayó y no hay otra forma de emitirlas.", "2"),
        ("O fluxo de notas parou em produção. Por enquanto lançamos à mão.", "3"),
        ("The invoice flow in production stopped; we key them in by hand for now.", "3"),
        ("El flujo de facturas en producción se cayó. Mientras tanto las cargamos a mano.", "3"),
        ("Como faço paginação no conector REST?", "4"),
    ],
)
def test_digibee_by_outage_and_workaround(body: str, wanted: str) -> None:
    fields = LIVE if wanted != "4" else {}
    assert rated(body, fields=fields) == wanted


def test_trouble_in_the_test_environment_is_medium() -> None:
    assert rated("O pipeline valida-cpf está fora em homologação, devolve erro 500.", fields=TEST) == "3"


def test_a_workaround_that_does_not_work_is_none() -> None:
    body = "O fluxo de notas parou em produção hoje. O contorno sugerido não se aplica ao nosso caso."
    assert rated(body, fields=LIVE) == "2"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Um cliente viu os dados de outra pessoa no extrato, em produção.", "1"),
        ("Patients can see somebody else's results in production.", "1"),
        ("La clave revocada sigue funcionando en producción y devuelve datos.", "1"),
        ("Em produção nenhum dos nossos 3 mil lojistas consegue cobrar desde as 9h, volta 500.", "2"),
        ("In production a few users see a slow search; retrying helps.", "3"),
        ("Seria ótimo ter um SDK em Python.", "4"),
    ],
)
def test_api_operations_by_severity(body: str, wanted: str) -> None:
    assert rated(body, "api-operations") == wanted


def test_sharpspring_does_not_judge_priority() -> None:
    assert rated("O formulário parou.", "sharpspring") is None


def test_a_priority_set_by_a_person_stays() -> None:
    context = Context(priority=2, locked=frozenset({"priority"}))
    assert read("Como faço um loop?", "", "digibee", context).priority.value == "2"


def test_what_was_learnt_corrects_the_rules_only_where_it_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "O fluxo de notas parou em produção e não temos como contornar."
    monkeypatch.setattr(priorities, "chances", lambda *_: {"1": 0.1, "2": 0.35, "3": 0.55, "4": 0.0})
    assert rated(body, fields=LIVE) == "2"
    monkeypatch.setattr(priorities, "chances", lambda *_: {"1": 0.0, "2": 0.03, "3": 0.97, "4": 0.0})
    guess = read(body, "", "digibee", Context(fields=LIVE)).priority
    assert guess.value == "3"
    assert "reads like 3 (0.97)" in guess.reason


@pytest.mark.parametrize(
    "body",
    [
        "O fluxo sync-pedidos parou em produção, mas conseguimos contornar reprocessando os pedidos à mão.",
        "The flow sync-orders stopped in production, but we get by reprocessing the orders by hand.",
        "El flujo sync-pedidos se detuvo en producción, pero lo resolvemos cargando los pedidos a mano.",
    ],
)
def test_a_workaround_told_in_so_many_words_is_not_overruled(body: str) -> None:
    assert rated(body, fields=LIVE) == "3"


def test_a_pack_that_has_rules_of_its_own_is_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priorities, "chances", lambda *_: {"1": 1.0, "2": 0.0, "3": 0.0, "4": 0.0})
    pack = packs()["digibee"].model_copy(update={"learnt_priorities": False})
    context = Context(fields=LIVE)
    assert priority.guess(Signals(), {"environment": "production"}, "incident", pack, context).value == "2"


def test_every_rule_says_why() -> None:
    for pack in packs().values():
        assert all(rule.reason for rule in pack.priorities)
