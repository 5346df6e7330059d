"""Cues find what their patterns find; what they ask of a text beforehand only saves the search."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

import mailbot.understand.fields  # noqa: F401  (makes all cues)
from mailbot.message.model import Line, Message, Part
from mailbot.understand import cues
from mailbot.understand.cues import Cue, Words, within
from mailbot.understand.doc import Doc, build
from mailbot.understand.fields import name_weight, pipeline
from mailbot.understand.fields.narrative import spoken
from mailbot.understand.logistic import chance, weighed
from mailbot.understand.model import mails
from mailbot.understand.needs import commonness, needs_of
from mailbot.understand.text import fold

EVERY = 60  # of the annotated mails that are read
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def docs() -> list[Doc]:
    found = []
    for mail in mails.load()[::EVERY]:
        lines, at = [], 0
        for raw in mail.body.split("\n"):
            lines.append(Line(at, raw, Part.NEW if raw.strip() else Part.BLANK))
            at += len(raw) + 1
        found.append(build(Message(None, (), (), (), (), mail.subject, NOW, NOW, text=mail.body), lines))
    return found


@pytest.fixture(scope="module")
def texts() -> list[Words]:
    return [text for doc in docs() for text in (doc.folded, *(sentence.bare for sentence in spoken(doc)))]


def test_every_cue_finds_in_mails_what_its_pattern_finds(texts: list[Words]) -> None:
    assert len(texts) > 200
    assert texts[0].met >= 0
    asking = [cue for cue in cues._CUES if cue.needs]
    assert len(asking) > 50
    saved = 0
    for cue in asking:
        for text in texts:
            if not cue.may_be_in(text):
                saved += 1
                assert cue.pattern.search(text) is None, (cue.pattern.pattern[:60], text)
    assert saved > len(asking) * len(texts) / 2, "what a cue asks beforehand spares most searches"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bno\b", {("no", True)}),
        (r"\bno\w*", {("no", False)}),
        (r"\b(?:parou|caiu)\b", {("paro", False), ("caiu", True)}),
        (r"\b(?:an?|um)\b", {("a", True), ("an", True), ("um", True)}),
        (r"(?<![\w/])fila[- ]", {("fila", True)}),
        (r"\w+ (?:por|para) favor", {("favo", False)}),
        (r"\b(?:the|o) erro\b", {("erro", True)}),
        (r"\b[Pp]rojeto", {("proj", False)}),
        (r"\bid(?!\w)", {("id", True)}),
        (r"\b(?:\d+|two) days?\b", {("day", True), ("days", True)}),
    ],
)
def test_a_pattern_needs_its_rarest_words(pattern: str, words: set[tuple[str, bool]]) -> None:
    assert min(needs_of(pattern), key=commonness) == words


@pytest.mark.parametrize(
    "pattern",
    [r"erro", r"(?i)\berro\b", r"\b(?:erro|\w+) ?x", r"\ba\w*", r"(?<![^\w])erro", r"(?:\berro\b)?", r"\b(?:erro|) "],
)
def test_of_a_pattern_that_tells_no_words_nothing_is_asked(pattern: str) -> None:
    assert needs_of(pattern) == []


def test_a_plain_string_and_a_late_cue_are_always_searched() -> None:
    text = Words("nothing here")
    assert text.met >= 0
    late = Cue(r"\bmissing\b")
    try:
        assert late.may_be_in(text)
        assert late.search(text) is None
        assert cues._CUES[0].may_be_in("")
    finally:
        cues._CUES.remove(late)


def test_a_text_may_be_cut_inside_a_word_where_a_cue_allows_for_it() -> None:
    whole, cut = Cue(r"\bsino\b"), Cue(r"\bsino\b", cut=True)
    for _ in range(2):
        cues._CUES.pop()
    index = cues._Index([whole, cut])
    met = index.look_up("sinonimo")
    assert met & whole.needs == 0
    assert met & cut.needs == cut.needs


def test_a_short_text_keeps_what_it_knows() -> None:
    text = Words("erro no fluxo")
    assert within(text, 100) is text
    assert within(text, 4) == "erro"


def test_the_chance_of_a_name_is_that_of_its_signs() -> None:
    weights = name_weight._LEARNT.weights
    places = [(one, doc) for doc in docs() for one in pipeline.weighed(doc)]
    assert len(places) > 300
    for one, _ in places:
        likely, _ = name_weight.chance(one.place, one.around, one.rule)
        left, right = one.around.left(one.place.start), one.around.right(one.place.end)
        pairs = name_weight._own(one.place, one.around, one.rule, left, right)
        own = weighed(weights, [group + rest for group, rest in pairs])
        assert likely == pytest.approx(chance(own + left.weight + right.weight), abs=1e-9)


def test_a_line_of_plain_words_is_passed_over_only_where_nothing_in_it_may_be_a_name() -> None:
    from mailbot.understand.fields import name_candidates

    for doc in docs():
        for line in doc.text.split("\n"):
            if line and name_candidates._says_nothing(line, fold(line)):
                words = [name_candidates._word(0, match) for match in re.finditer(r"\S+", line)]
                assert list(name_candidates._of_line(line, fold(line), words)) == []
