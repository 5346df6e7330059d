"""Wordings: how they are written and what they find."""

from __future__ import annotations

import time

import pytest

from mailbot.rules.phrases import Phrasebook
from mailbot.rules.wording import WordingError, compile_wording
from mailbot.understand.text import fold

BOSS = {"boss": ("gerente", "team lead", "quem decide")}


def finds(wording: str, sentence: str, *unless: str) -> bool:
    return "it" in Phrasebook({"it": ((wording,), unless)}, BOSS).search(fold(sentence))


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        ("parou|caiu", "o fluxo caiu ontem"),
        ("parad*", "as lojas estão paradas"),
        ("(plano b|alternativa)", "não há plano B"),
        ("sem nenhum? contorno", "estamos sem contorno"),
        ("sem nenhum? contorno", "estamos sem nenhum contorno"),
        ("quero ... gerente", "Quero falar com o gerente."),
        ("no ... works", "No, not one of them works"),
        ("falar com {boss}", "Posso falar com quem decide?"),
        ("{boss} nisso", "quero o team lead nisso"),
        ("<start> status", "Status, por favor"),
        ("<many> lojas", "são 140 lojas"),
        ("<number> lojas", "são 3 lojas"),
        ("como ... <question>", "Como faço isso?"),
        ("não funciona", "NAO FUNCIONA"),
        ("doesnt work", "It doesn’t work"),
        ("voces podem", "vcs podem ver isso"),
    ],
)
def test_a_wording_finds_what_it_means(wording: str, sentence: str) -> None:
    assert finds(wording, sentence)


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        ("parou|caiu", "o fluxo paroquial"),
        ("quero .. gerente", "quero que alguém fale depois com o gerente"),
        ("<many> lojas", "são 3 lojas"),
        ("<start> status", "qual o status"),
        ("como ... <question>", "como combinado, segue"),
        ("(plano b|alternativa)", "o plano de vocês, b"),
    ],
)
def test_a_wording_leaves_out_what_only_looks_like_it(wording: str, sentence: str) -> None:
    assert not finds(wording, sentence)


def test_a_sentence_with_an_unless_wording_does_not_count() -> None:
    assert finds("escalar", "quero escalar o caso", "não ... escalar")
    assert not finds("escalar", "não precisa escalar o caso", "não ... escalar")


@pytest.mark.parametrize("word", ["escalonmento", "escaloonamento", "esaclonamento"])
def test_a_slip_of_the_keys_in_a_long_word_is_forgiven(word: str) -> None:
    assert finds("escalonamento", f"peço {word} do caso")


def test_another_letter_is_another_word() -> None:
    assert not finds("travados", "foram tratados")


def test_a_hit_tells_the_words_and_the_wording() -> None:
    hit = Phrasebook({"it": (("quero .. gerente",), ())}).search("eu quero o gerente agora")["it"]
    assert (hit.words, hit.wording) == ("quero o gerente", "quero .. gerente")


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("", "empty"),
        ("... parou", "begins or ends with a gap"),
        ("(um|dois", "not closed"),
        ("um)", "not opened"),
        ("? um", "behind no word"),
        ("{nobody}", "not known"),
        ("<nothing>", "unknown"),
        ("a*", "too short"),
        ("um? dois?", "may all be left out"),
        ("um | (dois)", "on both sides"),
    ],
)
def test_a_wording_that_cannot_be_read_says_why(wording: str, why: str) -> None:
    with pytest.raises(WordingError, match=why):
        compile_wording(wording)


def test_a_long_sentence_takes_no_longer_than_its_length() -> None:
    book = Phrasebook({"it": (("a ... a ... a ... a ... b",), ("a .. (a|b) ... c",))})
    book.search("x")
    began = time.perf_counter()
    assert book.search("a " * 100_000) == {}
    assert time.perf_counter() - began < 1.0


def test_a_word_of_a_million_letters_takes_no_time() -> None:
    book = Phrasebook({"it": (("parad*", "*ndo"), ())})
    began = time.perf_counter()
    assert book.search("a" * 1_000_000) == {}
    assert time.perf_counter() - began < 1.0
