"""The states of a ticket and the allowed moves between them, in one table.

In: a state and the wanted one. Out: "" when the move is allowed, else a sentence that says what is possible.
"""

from __future__ import annotations

from mailbot.tickets.model import State

_N, _W, _R = State.NEW, State.WAITING, State.READY
_P, _D, _S, _C = State.IN_PROGRESS, State.IN_DEVELOPMENT, State.RESOLVED, State.CLOSED

MOVES: dict[State, frozenset[State]] = {
    #  from: to
    _N: frozenset({_W, _R, _P, _D, _S, _C}),  # asked, complete, or an engineer takes it at once
    _W: frozenset({_R, _P, _D, _S, _C}),  # answered, or closed because nobody did
    _R: frozenset({_W, _P, _D, _S, _C}),  # an engineer may ask again
    _P: frozenset({_W, _R, _D, _S, _C}),
    _D: frozenset({_W, _P, _S, _C}),  # development hands it back or finishes it
    _S: frozenset({_P, _D, _C}),  # the customer says that it is not solved
    _C: frozenset({_P, _R, _W}),  # reopened; waiting when a late answer still leaves questions open
}


def why_not(now: State, wanted: State) -> str:
    """Why a ticket may not move from `now` to `wanted`; "" when it may, or is there already."""
    if now is wanted or wanted in MOVES[now]:
        return ""
    possible = ", ".join(sorted(s.value for s in MOVES[now]))
    return f"a ticket that is {now.value} cannot become {wanted.value}; possible are: {possible}"


def reopened(now: State, *, routed: bool, asked: bool = False) -> State:
    """Where a ticket goes on when the customer writes again after it was resolved or closed.

    routed: engineers have it. asked: the customer is asked something again.
    """
    if now not in (State.RESOLVED, State.CLOSED):
        return now
    if asked and not routed:
        return State.WAITING
    return State.IN_PROGRESS if routed else State.READY
