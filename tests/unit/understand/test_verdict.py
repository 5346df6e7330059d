"""A mail as a whole gives a narrative or not: one plain sentence is enough, a lone cue among other matters is not."""

from __future__ import annotations

import pytest

from mailbot.understand.model import kinds, verdict
from mailbot.understand.model.verdict import Told

OTHER = Told(9, frozenset({"justification"}))
OPEN = Told(9, frozenset())


def weighed(
    key: str, chances: list[float], cue: float, told: list[Told], near: float = 0.02, whole: float = 0
) -> float:
    """The probability by the verdict of a key of the table: "description later in sharpspring"."""
    name, _, pack = key.partition(verdict.IN)
    field = name.removesuffix(verdict.LATER)
    others = [near if label.startswith(verdict.NEAR) else 0.02 for label in verdict.beside(field)]
    seen = verdict.signs(field, chances, 0.02, cue, told, others, whole)
    return verdict.probability(field, seen, name != field, pack)


@pytest.mark.parametrize("key", sorted(verdict.table()))
def test_the_surer_the_best_sentence_the_surer_the_verdict(key: str) -> None:
    odds = [weighed(key, [chance, 0.02], 0.0, [OPEN, OTHER]) for chance in (0.05, 0.5, 0.98)]
    assert odds == sorted(odds)


@pytest.mark.parametrize("key", sorted(key for key in verdict.table() if not key.startswith("evidence")))
def test_a_plain_sentence_is_enough_and_none_is_not(key: str) -> None:
    plain = weighed(key, [0.99, 0.9, 0.02], 0.9, [OPEN] * 3, whole=3)
    nothing = weighed(key, [0.01, 0.01, 0.01], 0.0, [OTHER], whole=-3)
    assert plain > verdict.SURE > nothing


@pytest.mark.parametrize("key", ["description in sharpspring", "error_message", "prior_analysis", "justification"])
def test_a_near_miss_speaks_against_the_field(key: str) -> None:
    assert weighed(key, [0.4, 0.1], 0.0, [OPEN], near=0.95) < weighed(key, [0.4, 0.1], 0.0, [OPEN], near=0.02)


def test_a_pack_has_a_verdict_of_its_own_where_mails_enough_were_learnt() -> None:
    seen = verdict.signs("description", [0.3], 0.02, 0.7, [OPEN], [0.02] * len(verdict.beside("description")))
    of_all = verdict.probability("description", seen)
    assert verdict.probability("description", seen, pack="sharpspring") != of_all
    assert verdict.probability("description", seen, pack="parcels") == of_all


def test_a_mail_without_a_sentence_has_signs_all_the_same() -> None:
    others = [0.0] * len(verdict.beside("description"))
    seen = verdict.signs("description", [], 0.0, 0.0, [], others)
    assert len(seen) == len(verdict.table()["description"]) - 1


def test_kinds_that_nothing_was_learnt_about_are_left_to_the_clues() -> None:
    assert kinds.chances("parcels", ["lost", "late"], {}) is None
    assert kinds.chances("digibee", ["incident", "lost"], {}) is None


def test_learnt_chances_of_kinds_add_up_and_follow_the_clues() -> None:
    scores = {"issue": 1.0, "feature_request": 0.0, "ticket_status": 9.0}
    learnt = kinds.chances("sharpspring", scores, kinds.signs(scores, {"status_question": 0.95}, {}, "support"))
    assert learnt is not None
    assert sum(learnt.values()) == pytest.approx(1.0)
    assert max(learnt, key=lambda name: learnt[name]) == "ticket_status"
