"""Patterns that are tried only where the words are there that every match of them holds.

In: a regular expression over folded text, and a text that knows its words. Out: what `re` finds, sooner where nothing
is to be found: most of the hundreds of wordings that a mail is searched for are in none of its sentences, which one
look at the words shows. What a pattern needs is read off its syntax tree (needs.py); of one that tells no such
words nothing is asked, so that the outcome is always that of the pattern alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from mailbot.understand.needs import DIGIT, LONGEST, SHORTEST, Need, commonness, needs_of, too_short

_RUN = re.compile(r"\w+")
_FEW = 2  # needs of a pattern that are looked at
_MOST_REMEMBERED = 20_000  # words


class Words(str):
    """A folded text that knows which needs of the cues its words meet."""

    __slots__ = ("met",)
    met: int  # their bits; told on demand

    def __getattr__(self, name: str) -> int:
        if name != "met":
            raise AttributeError(name)
        index, met = _index(), 0
        for word in _RUN.findall(self):
            of_word = index.of_word.get(word)
            met |= index.look_up(word) if of_word is None else of_word
        self.met = met
        return met


class Cue:
    """A compiled pattern that asks of `Words`, beforehand, what it needs; of a plain string it asks nothing."""

    def __init__(self, pattern: str, *, cut: bool = False) -> None:
        """cut: it is searched in stretches of a text, too, which may end inside a word."""
        self.pattern = re.compile(pattern)
        self.cut = cut
        self.needs = 0  # its bits; none before the index is made, and of a cue that came too late for it
        _CUES.append(self)

    def may_be_in(self, text: str) -> bool:
        """False where there is no match for sure."""
        return type(text) is not Words or text.met & self.needs == self.needs

    def search(self, text: str) -> re.Match[str] | None:
        """As of `re.Pattern`."""
        if type(text) is Words and text.met & self.needs != self.needs:
            return None
        return self.pattern.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As of `re.Pattern`."""
        return self.pattern.finditer(text) if self.may_be_in(text) else iter(())

    def findall(self, text: str) -> list[str]:
        """As of `re.Pattern`, of one without groups."""
        return self.pattern.findall(text) if self.may_be_in(text) else []

    def sub(self, other: str, text: Words) -> Words:
        """As of `re.Pattern`."""
        return Words(self.pattern.sub(other, text)) if self.may_be_in(text) else text


_CUES: list[Cue] = []


class _Index:
    """Which needs a word meets: each need is a bit, and most words of a mail were met in others."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.of_word: dict[str, int] = {}  # remembered
        self._whole: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        bits: dict[Need, int] = {}
        for cue in cues:
            for need in sorted(needs_of(cue.pattern.pattern), key=commonness)[:_FEW]:
                asked = frozenset((word, whole and not cue.cut) for word, whole in need)
                if cue.cut and any(too_short(word) for word, _ in need):
                    continue
                if asked not in bits:
                    bits[asked] = 1 << len(bits)
                    for word, whole in asked:
                        table = self._whole if whole else self._begun
                        table[word] = table.get(word, 0) | bits[asked]
                cue.needs |= bits[asked]

    def look_up(self, word: str) -> int:
        """The bits of the needs that a word meets."""
        met = self._whole.get(word, 0)
        for length in range(SHORTEST, min(len(word), LONGEST) + 1):
            met |= self._begun.get(word[:length], 0)
        if word[0].isdecimal():
            met |= self._begun.get(DIGIT, 0)
        if len(self.of_word) < _MOST_REMEMBERED:
            self.of_word[word] = met
        return met


@lru_cache(maxsize=1)
def _index() -> _Index:
    return _Index(_CUES)


T = TypeVar("T", bound=str)


def within(text: T, most: int) -> T | str:
    """The first characters of a text; a short one stays what it is."""
    return text if len(text) <= most else text[:most]
