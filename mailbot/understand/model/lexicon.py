"""Words of one meaning in three languages, so that what is learnt in one wording carries over to the others.

In: a folded word. Out: the name of its meaning in meanings.txt, or None. A word belongs to the first meaning that names
it; longer beginnings ("reprocess*") win over shorter ones.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("meanings.txt")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    name = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            name, _, line = line.partition(":")
        for word in line.split():
            (beginnings if word.endswith("*") else exact).setdefault(word.rstrip("*"), name)
    return exact, beginnings


@lru_cache(maxsize=8192)
def meaning(word: str) -> str | None:
    """The meaning of a folded word, or None."""
    exact, beginnings = _tables()
    found = exact.get(word)
    if found:
        return found
    for length in range(min(len(word), 12), 2, -1):
        found = beginnings.get(word[:length])
        if found:
            return found
    return None
