"""Did you mean …? In: a wrong word and the right ones. Out: a hint, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(wrong: str, known: Iterable[str]) -> str:
    """`did you mean "x"?`, or "" when no known word is near."""
    match = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f'did you mean "{match[0]}"?' if match else ""
