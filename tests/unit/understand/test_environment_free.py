"""Places told in free words, and bare words between two marks; what reads alike and names no place."""

from __future__ import annotations

import pytest

from .slots import holding, slots

FREE = (
    ("É no valendo mesmo.", "production"),
    ("O erro tá na loja de verdade, aquela que os clientes usam.", "production"),
    ("Já está com cliente real passando no caixa.", "production"),
    ("isso foi no sistema pra valer", "production"),
    ("Foi no ambiente oficial, o que o público acessa.", "production"),
    ("não é o de treino, é o de verdade", "production"),
    ("It happened in the real one, not the practice one.", "production"),
    ("This is the proper live shop.", "production"),
    ("it is live, with paying customers on it", "production"),
    ("These are real patients.", "production"),
    ("the real system, not the training company", "production"),
    ("Es en el sistema de verdad, con pasajeros reales.", "production"),
    ("Pasa en el entorno de explotación.", "production"),
    ("la tienda real, la que usan los clientes", "production"),
    ("En el (real) se cae siempre.", "production"),
    ("Es el bueno, no el de ensayo.", "production"),
    ("Tudo isso no banco de provas.", "test"),
    ("Estou na cópia do sistema, ninguém é afetado.", "test"),
    ("We are on the test bench only.", "test"),
    ("for now it sits in the trial version", "test"),
    ("Seguimos en el banco de pruebas.", "test"),
    ("Estamos numa cópia.", "test"),
    ("Foi no ambiente de treino.", "other"),
    ("It is our playground environment.", "other"),
    ("Corre en un entorno llamado laboratorio-7.", "other"),
    ("fica num ambiente chamado lab-tania", "other"),
    ("Está en el ambiente de entrenamiento.", "other"),
)

BARE = (
    ("pedidos-oms, produção, desde ontem", "production"),
    ("guia-envio · pro · 4f5a6b7c8d9e0f1a", "production"),
    ("sync-orders | Live | 11:40", "production"),
    ("stock-push production", "production"),
    ("11:20, production, key 4f5a6b7c8d9e0f1a", "production"),
    ("qr-mint live, 03:52", "production"),
    ("en pdn", "production"),
    ("notas-envia, teste.", "test"),
    ("Me dice Juan que producción.", "production"),
    ("He says production.", "production"),
    ("Produção, óbvio.", "production"),
    ("It's about production; the test environment has made-up data.", "production"),
    ("Es producción, el de pruebas ni lo usamos.", "production"),
    ("Únicamente PRO, el de test entra por otro lado.", "production"),
    ("live, not testing", "production"),
    ("No es la prueba, es productivo.", "production"),
    ("production yeah", "production"),
    ("Amb: prod", "production"),
    ("Env - Quality", "test"),
    ("It works in staging, not in production.", "production"),
)

NONE = (
    "No real customers were harmed.",
    "Sem clientes reais ainda, por sorte nada foi montado.",
    "Queremos passar para clientes de verdade em março.",
    "We want it running before real customers come.",
    "O desconto está valendo desde segunda.",
    "Não está valendo a pena.",
    "De verdade, estou cansado.",
    "¿Es de verdad?",
    "o de verdade? acho",
    "The real problem is the invoice.",
    "In real time the screen shows nothing.",
    "El bueno de Juan lo miró.",
    "Compras, produção, expedição: ninguém recebe os pedidos.",
    "O Beto da produção, que cuida disso, saiu.",
    "A gente da produção não tem culpa.",
    "Temos TST e PRD no mesmo servidor.",
    "We have test and production on one box.",
    "Si eso está en pruebas no lo sé.",
    "I sent you a copy.",
    "Segue a cópia do contrato.",
    "Um cliente chamado Souza ligou.",
    "The training was good.",
    "We practice every day.",
    "é no app que todo mundo usa",
    "the same environment as always",
)


@pytest.mark.parametrize(("words", "place"), FREE)
def test_a_place_told_in_free_words(words: str, place: str) -> None:
    assert slots(words).get("environment") == place


@pytest.mark.parametrize(("words", "place"), BARE)
def test_a_bare_word_for_a_place(words: str, place: str) -> None:
    assert slots(words).get("environment") == place


@pytest.mark.parametrize("words", NONE)
def test_what_only_reads_like_a_place(words: str) -> None:
    assert "environment" not in slots(words)


def test_a_wrong_place_is_put_right() -> None:
    said = "Very sorry, I wrote wrongly. It was in the production one."
    assert slots(said, context=holding(environment="test"))["environment"] == "production"
