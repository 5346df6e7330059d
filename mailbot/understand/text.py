"""Helpers to compare words: folding without moving offsets, words, small spelling mistakes.

In: any text. Out: plain values. `fold` keeps the length, so an offset into the folded text is one into the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = "\u00a0\u2007\u202f\u2009\u200a\u3000\ufeff\u200b\t"
_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u00b4\u0060", "'")
_QUOTES |= dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


class _Folding(dict[int, str]):
    """A table for str.translate that is filled as characters are met; one character maps to one character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _SPACES:
            folded = " "
        else:
            folded = _QUOTES.get(char) or _DASHES.get(char) or unicodedata.normalize("NFD", char)[0].lower()
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case without accents; curly quotes, dashes and odd spaces made plain. len(fold(t)) == len(t)."""
    if text.isascii() and "\t" not in text and "`" not in text:
        return text.lower()
    return text.translate(_FOLDING)


def words(text: str) -> list[str]:
    """The words of a text, as they stand ("don't" is one word)."""
    return _WORD.findall(text)


def squeeze(text: str) -> str:
    """Folded, with every run of anything but letters and digits as one space: for comparing wordings."""
    return " ".join(_WORD.findall(fold(text)))


@lru_cache(maxsize=2048)
def near(one: str, other: str) -> bool:
    """Whether two folded words differ by at most one slip of the keys (two from nine letters on).

    A slip is a letter too many, too few, another one or two swapped (optimal string alignment). Words below five
    letters must be equal: "para" and "parou" are different words.
    """
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 5:
        return False
    return distance(one, other, limit := 1 if shorter < 9 else 2) <= limit


def distance(one: str, other: str, limit: int = 3) -> int:
    """Optimal string alignment distance; anything above `limit` is told as limit + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
