"""The classifier: deterministic, quick to load, explainable, and right on plain sentences."""

from __future__ import annotations

import pytest

from mailbot.understand import model
from mailbot.understand.model.features import features, words


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Já reiniciamos o agente e continua igual, mas direto pelo Postman funciona.", "prior_analysis"),
        ("Seria ótimo ter um modo escuro no painel.", "feature_wish"),
        ("Please escalate this case to your manager.", "escalation_wish"),
        ("¿Cómo configuro un reintento en el conector REST?", "how_to_question"),
        ("Quanto custa mais uma licença no nosso contrato?", "contract_question"),
        ("Não consigo entrar, minha senha não é aceita.", "authentication_problem"),
    ],
)
def test_plain_sentences_get_their_label(text: str, label: str) -> None:
    assert model.labels(text)[label] > 0.5


def test_every_probability_lies_between_0_and_1() -> None:
    assert all(0 <= value <= 1 for value in model.labels("x" * 5000).values())


def test_explain_names_the_words_that_spoke() -> None:
    assert any(
        "escalat" in name or name == "@escalate" for name, _ in model.explain("Please escalate", "escalation_wish")
    )


def test_what_varies_without_meaning_is_one_word() -> None:
    assert words("às 14h20 deu 503") == words("às 9:15 deu 500")
    assert words("key 7d4402c1be9f4a03") == words("key 0a91d3f766b24c1e")


def test_features_do_not_repeat() -> None:
    names = features("erro erro erro")
    assert len(names) == len(set(names))
