"""A mail as a whole gives a narrative or not: one plain sentence is enough, a lone cue among other matters is not."""

from __future__ import annotations

import pytest

from mailbot.understand.model import kinds, verdict
from mailbot.understand.model.verdict import Told

OTHER = Told(9, frozenset({"justification"}))
OPEN = Told(9, frozenset())


@pytest.mark.parametrize("field", sorted(verdict.table()))
def test_the_surer_the_best_sentence_the_surer_the_verdict(field: str) -> None:
    odds = [
        verdict.probability(field, verdict.signs(field, [chance, 0.02], 0.02, 0.0, [OPEN, OTHER]))
        for chance in (0.05, 0.5, 0.98)
    ]
    assert odds == sorted(odds)


@pytest.mark.parametrize("field", sorted(set(verdict.table()) - {"evidence"}))
def test_a_plain_sentence_is_enough_and_none_is_not(field: str) -> None:
    plain = verdict.signs(field, [0.99, 0.9, 0.02], 0.02, 0.9, [OPEN] * 3)
    nothing = verdict.signs(field, [0.01, 0.01, 0.01], 0.01, 0.0, [OTHER])
    assert verdict.probability(field, plain) > verdict.SURE > verdict.probability(field, nothing)


def test_a_mail_without_a_sentence_has_signs_all_the_same() -> None:
    assert len(verdict.signs("description", [], 0.0, 0.0, [])) == len(verdict.table()["description"]) - 1


def test_kinds_that_nothing_was_learnt_about_are_left_to_the_clues() -> None:
    assert kinds.chances("parcels", ["lost", "late"], {}) is None
    assert kinds.chances("digibee", ["incident", "lost"], {}) is None


def test_learnt_chances_of_kinds_add_up_and_follow_the_clues() -> None:
    scores = {"issue": 1.0, "feature_request": 0.0, "ticket_status": 9.0}
    learnt = kinds.chances("sharpspring", scores, kinds.signs(scores, {"status_question": 0.95}, "support"))
    assert learnt is not None
    assert sum(learnt.values()) == pytest.approx(1.0)
    assert max(learnt, key=lambda name: learnt[name]) == "ticket_status"
