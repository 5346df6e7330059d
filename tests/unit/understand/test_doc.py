"""The customer's words, normalised once, with a way back to the mail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.message.model import Line, Part
from mailbot.understand.doc import Span, build, clean_subject
from mailbot.understand.text import distance, fold, near

from .reading import doc, mail, plain_lines


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_makes_accents_quotes_and_dashes_plain() -> None:
    assert fold("“Não”—É\u00a0Ção’s") == '"nao"-e cao\'s'


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ambiente", "ambeinte", True),
        ("ambiente", "ambiene", True),
        ("escalamiento", "escalaminto", True),
        ("para", "parou", False),
        ("test", "teste", False),
        ("pipeline", "deadline", False),
    ],
)
def test_near_words_differ_by_a_slip_of_the_keys(one: str, other: str, alike: bool) -> None:
    assert near(one, other) is alike


def test_distance_stops_at_its_limit() -> None:
    assert distance("a", "abcdef", 2) == 3


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", " \t"])
def test_a_run_of_blanks_that_no_table_is_wide_is_no_blank_to_the_finders(blank: str) -> None:
    body = "Pipeline:" + blank * 40 + "sync" + blank * 5_000 + "segunda"
    made = doc(body)
    assert len(made.text) == len(body)
    assert "Pipeline:" + blank * 40 + "sync" in made.text
    assert made.text.endswith(" segunda")
    assert "\u00b7" * 1000 in made.text


def test_only_the_customers_words_are_in_the_text_and_gaps_part_paragraphs() -> None:
    body = "one\n> quoted\ntwo"
    lines = (Line(0, "one", Part.NEW), Line(4, "> quoted", Part.QUOTED, 1), Line(13, "two", Part.NEW))
    made = build(mail(body), lines)
    assert made.text == "one\n\ntwo"
    assert len(made.paragraphs) == 2
    assert body[made.origin(made.text.index("two")) :] == "two"


def test_quote_marks_are_taken_off_and_offsets_lead_back() -> None:
    body = "> > Pipeline: x-y"
    made = build(mail(body), (Line(0, body, Part.FORWARDED, 2),))
    assert made.text == "Pipeline: x-y"
    assert made.evidence(10, 13).start == body.index("x-y")


def test_sentences_end_at_stops_but_not_at_abbreviations_or_wrapped_lines() -> None:
    made = doc(
        "O Sr. Lima avisou. O fluxo parou às 8h.\nEste texto foi quebrado pelo programa de e-mail na coluna setenta e\n"
        "duas, e continua aqui.\n- um item\n- outro item"
    )
    texts = [made.text[s.start : s.end] for s in made.sentences]
    assert texts[0] == "O Sr. Lima avisou."
    assert any("setenta e\nduas" in text for text in texts)
    assert texts[-2:] == ["- um item", "- outro item"]


def test_technical_rows_are_blank_in_prose() -> None:
    made = doc("caiu\n    at com.example.Main.run(Main.java:10)\nfim")
    assert "example" not in made.prose
    assert len(made.prose) == len(made.text)


def test_what_is_taken_out_leaves_the_offsets() -> None:
    made = doc("a chave é 123\no fluxo parou")
    rest = made.without([Span(0, 13)])
    assert len(rest.text) == len(made.text)
    assert rest.text.strip() == "o fluxo parou"


@pytest.mark.parametrize(
    ("subject", "clean"),
    [
        ("RES: ENC: Re[2]: Erro", "Erro"),
        ("[#12] Re: Erro", "Erro"),
        ("[prod] erro", "[prod] erro"),
        ("Fwd: RV: TR: x", "x"),
        ("Re: ", ""),
    ],
)
def test_marks_of_replies_are_taken_off_the_subject(subject: str, clean: str) -> None:
    assert clean_subject(subject) == clean


def test_hostile_texts_are_read_in_linear_time() -> None:
    began = time.process_time()
    clean_subject("Re: " * 50_000)
    for body in ("x " * 250_000, "> " * 100_000, ".\n" * 100_000, "a" * 500_000):
        made = build(mail(body), plain_lines(body))
        assert made.sentences is not None
        assert len(made.prose) == len(made.text)
    assert time.process_time() - began < 10
