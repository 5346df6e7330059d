"""The states of a ticket and the moves between them."""

from __future__ import annotations

import pytest

from mailbot.tickets.lifecycle import MOVES, reopened, why_not
from mailbot.tickets.model import State


def test_every_state_has_its_moves():
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_from_new_and_can_be_left(state):
    reached, edge = {State.NEW}, {State.NEW}
    while edge:
        edge = {to for at in edge for to in MOVES[at]} - reached
        reached |= edge
    assert state in reached
    assert MOVES[state]


def test_staying_where_one_is_needs_no_permission():
    assert all(why_not(state, state) == "" for state in State)


def test_a_refused_move_says_what_is_possible():
    told = why_not(State.CLOSED, State.RESOLVED)
    assert "closed cannot become resolved" in told
    assert "in_progress" in told


def test_a_late_answer_that_leaves_questions_open_waits_again_unless_engineers_have_the_ticket():
    assert reopened(State.CLOSED, routed=False, asked=True) is State.WAITING
    assert reopened(State.CLOSED, routed=True, asked=True) is State.IN_PROGRESS


@pytest.mark.parametrize(("routed", "then"), [(True, State.IN_PROGRESS), (False, State.READY)])
def test_a_later_answer_opens_a_resolved_or_closed_ticket_again(routed, then):
    assert {reopened(s, routed=routed) for s in (State.RESOLVED, State.CLOSED)} == {then}
    assert reopened(State.WAITING, routed=routed) is State.WAITING
