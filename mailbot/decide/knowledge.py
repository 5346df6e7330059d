"""Articles of help that fit a mail: at most three, none when nothing fits.

In: a pack's articles, the mail's language and words. Out: articles, best first. They are ranked by BM25 (Robertson and
Zaragoza 2009, k1 1.2, b 0.75); only those are named that share two words of their title or keywords with the mail.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from mailbot.rules.pack import Article

MOST, AT_LEAST = 3, 2
_K1, _B, _SHORT, _STEM = 1.2, 0.75, 4, 7
_READ = 4000  # characters of a mail


def _terms(text: str) -> list[str]:
    """Folded words of four letters and more, cut to seven: their beginnings bear the sense."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\w+", "".join(c for c in spread if not unicodedata.combining(c)))
    return [word[:_STEM] for word in words if len(word) >= _SHORT]


@lru_cache(maxsize=64)
def _index(articles: tuple[Article, ...]) -> tuple[tuple[frozenset[str], Counter[str]], ...]:
    """For each article: the words of title and keywords, and how often each word occurs (those count threefold)."""
    made = []
    for article in articles:
        marks = _terms(" ".join((article.title, *article.keywords)))
        made.append((frozenset(marks), Counter(marks * 3 + _terms(article.text))))
    return tuple(made)


def fitting(articles: Sequence[Article], language: str, text: str) -> tuple[Article, ...]:
    """The articles of this language that fit the text, best first."""
    listed = tuple(article for article in articles if article.language == language)
    if not listed:
        return ()
    asked = set(_terms(text[:_READ]))
    index = _index(listed)
    mean = sum(sum(counts.values()) for _, counts in index) / len(index) or 1.0
    found = []
    for place, (marks, counts) in enumerate(index):
        if len(marks & asked) < AT_LEAST:
            continue
        length = sum(counts.values())
        score = 0.0
        for term in asked & counts.keys():
            holders = sum(term in other for _, other in index)
            rare = math.log(1 + (len(index) - holders + 0.5) / (holders + 0.5))
            often = counts[term]
            score += rare * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * length / mean))
        found.append((-score, place))
    return tuple(listed[place] for _, place in sorted(found)[:MOST])
