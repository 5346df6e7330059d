"""A place in a text where an identifier may stand.

In: nothing. Out: what the finders of identifiers hand each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A number or token, how surely it is the one that is looked for, and `why` it is not."""

    start: int
    end: int
    value: str
    confidence: float
    why: str = ""
