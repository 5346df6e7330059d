"""What stands around a sentence: which neighbours it has, and that the classifier hears them."""

from __future__ import annotations

import pytest

from mailbot.understand import model
from mailbot.understand.fields.narrative import sentences
from mailbot.understand.model import around
from mailbot.understand.model.reader import Layers
from tests.unit.understand.reading import doc

NO_READER = Layers([], [], [], [], {}, [], [], [], [], [])
MAIL = ["Good morning,", "The nightly import stopped.", "We restarted the agent.", "Same thing.", "Regards"]


def _spans(texts: list[str]) -> list[tuple[int, int]]:
    ends = [sum(map(len, texts[: n + 1])) + n for n in range(len(texts))]
    return [(end - len(text), end) for text, end in zip(texts, ends, strict=True)]


def _parts(start: int, end: int) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for part, names in around.of_place(MAIL, _spans(MAIL), start, end):
        told.setdefault(part, set()).update(names)
    return told


def test_a_sentence_has_the_one_before_and_the_one_after() -> None:
    told = _parts(*_spans(MAIL)[2])
    assert "import" in told[around.BEFORE]
    assert "same" in told[around.AFTER]
    assert "agent" not in told[around.BEFORE] | told[around.AFTER]


def test_a_piece_of_a_sentence_has_the_neighbours_of_the_whole() -> None:
    start, end = _spans(MAIL)[2]
    assert _parts(start + 3, end - 4) == _parts(start, end)


@pytest.mark.parametrize(("place", "part"), [(0, around.BEFORE), (4, around.AFTER)])
def test_nothing_stands_before_the_first_and_after_the_last(place: int, part: str) -> None:
    assert _parts(*_spans(MAIL)[place])[part] == around.NONE


def test_the_place_counts_from_both_ends() -> None:
    assert {"from beginning 2", "from end 3"} <= _parts(*_spans(MAIL)[2])[around.PLACE]


def test_a_mail_of_no_sentences_has_a_setting_only() -> None:
    parts = dict(around.of_mail(around.setting("digibee", "support", False), "", []))
    assert set(parts[around.PLACE]) == {"digibee", "support", "digibee support", "first"}
    assert parts[around.SUBJECT] == around.NONE
    assert not parts[around.MAIL]


def _odds(body: str, words: str, label: str) -> float:
    (one,) = [sentence for sentence in sentences(doc(body)) if sentence.text == words]
    return one.odds(label)


@pytest.mark.parametrize(
    ("test", "chat", "words"),
    [
        ("We ran one order by hand.\nThat one passed.\n", "The team is new.\nThat one passed.\n", "That one passed."),
        ("Rodamos um pedido na mão.\nAí passou.\n", "A equipe é nova.\nAí passou.\n", "Aí passou."),
        ("Corrimos un pedido a mano.\nAsí entró.\n", "El equipo es nuevo.\nAsí entró.\n", "Así entró."),
    ],
)
def test_a_sentence_is_judged_where_it_stands(test: str, chat: str, words: str) -> None:
    alone = model.probability(words, "prior_analysis")
    assert len({alone, _odds(test, words, "prior_analysis"), _odds(chat, words, "prior_analysis")}) == 3


def test_a_sentence_without_surroundings_is_judged_by_itself() -> None:
    assert model.chances("Same result.") == model.chances("Same result.", 0)


def test_a_file_gives_back_what_was_written() -> None:
    weights = bytes([1, 255, 2, 0, 0, 127, 3, 4])  # two features of one label and two units, two units around
    around_it = [["before", "@test"]]
    made = model.Written(["label"], [-1.5], [0.25, 0.0], [[3], [-4]], ["a", "a b"], around_it, NO_READER, weights)
    assert model.read(model.write(made)) == made


def test_hidden_units_weigh_words_together() -> None:
    """Each of two words speaks for a label, both together hardly: no straight weights can say so."""
    row = bytes([0, 100, 100])  # nothing straight, both units alike; the second counts only where both words stand
    made = model.Written(["either"], [-0.5], [0.0, -2.5], [[30], [-127]], ["one", "two"], [], NO_READER, row * 2)
    with model.using(made):
        one, two, both, neither = (model.probability(text, "either") for text in ("one", "two", "one two", "three"))
    assert min(one, two) > 0.5 > max(both, neither)
