"""Answers to "did this solve it for you?" as people write them, and what is none."""

from __future__ import annotations

import pytest

from mailbot.decide.survey import read_answer

SAID = {
    "yes": [
        "Sim",
        "Sim, obrigado!",
        "sí, gracias",
        "Yes",
        "yes, thanks a lot",
        "Yes!",
        "Resolveu, obrigada",
        "Olá,\n\nSim, resolvido. Obrigada!",
        "It works now, thank you",
        "Ya funciona, gracias",
        "SIM",
        "Sí.",
        "Tudo certo por aqui, valeu",
        "Sim, não falhou mais",
        "No more errors since yesterday, thanks",
    ],
    "no": [
        "Não",
        "não, ainda falha",
        "no, todavía falla",
        "No.",
        "No, it still fails",
        "Ainda não",
        "O erro continua",
        "Sim, mas ainda falha",
        "não resolveu",
        "sigue fallando",
        "It did not work",
        "No, el mismo error de ayer",
        "Still the same error",
        "Não. O fluxo continua parado.",
        "todavía no funciona",
        "It doesn't work",
    ],
    "": ["Quem é o responsável?", "Segue o log em anexo", "Poderiam me dizer o horário?"],
    "thanks": ["Obrigado!", "Muito obrigada, abraço", "Thanks!", "Gracias"],
}
FAILS = ["não, ainda falha", "no, todavía falla", "No, it still fails", "O erro continua", "Sim, mas ainda falha"]
BARE = ["Não", "No.", "no", "Não, obrigada"]


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in SAID.items() for text in texts])
def test_answers_are_read_in_three_languages(value, text):
    assert read_answer(text).value == value


@pytest.mark.parametrize("text", FAILS)
def test_a_no_that_says_that_it_still_fails_is_told_from_a_bare_one(text):
    assert read_answer(text).fails


@pytest.mark.parametrize("text", BARE)
def test_a_bare_no_does_not_say_that_it_fails(text):
    assert read_answer(text).value == "no"
    assert not read_answer(text).fails
