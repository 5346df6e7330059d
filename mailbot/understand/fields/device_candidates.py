"""What in a mail may be a device, as written: stretches around a word that names one ("tablet Noblex", "Opera en Linux
Mint"), however many words belong to it.

In: a mail. Out: `Stretch`es. Which of them is the device is weighed by place_weight.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mailbot.understand.doc import Doc
from mailbot.understand.fields.common import LIMIT, MOST
from mailbot.understand.fields.countries import CODES
from mailbot.understand.fields.devices import sort_of

_WORD = re.compile(r"[^\s,;:.!?()\[\]{}<>\"'`*/+|=–—]+(?:[.'’!][^\s,;:.!?()\[\]{}<>\"'`*/+|=–—]+)*")
_GLUE = frozenset(
    "con com with y e and no on en em in sobre bajo under sob do da de del dos an a um uma un una".split()  # noqa: SIM905
)
_JOINS = re.compile(r"[ \n]{1,2}|, | / |/| \+ ")  # no bracket: what stands in one is another thing
_LINK = re.compile(r"https?://|@|www\.")
_LONGEST = 7  # words
_MOST_LEFT = 3  # words before the first that names a device


class Stretch(NamedTuple):
    """text[start:end], and the sorts of its words."""

    start: int
    end: int
    sorts: tuple[str, ...]
    before: str  # the sort of the word before it: what it might go on with
    after: str


class _Token(NamedTuple):
    start: int
    end: int
    sort: str  # thing | maker | system | browser | tool | number | model | title | glue | word
    joined: bool  # whether it follows the one before with no break


def stretches(doc: Doc) -> list[Stretch]:
    """All of them, in order, at most `MOST` times six."""
    found: list[Stretch] = []
    for row in doc.rows:
        if row.start > LIMIT or len(found) > MOST * 6:
            break
        if not row.technical and row.end - row.start < 3000:
            tokens = list(_tokens(doc, row.start, row.end))
            found += _of_row(tokens)
    return found[: MOST * 6]


def _tokens(doc: Doc, start: int, end: int) -> Iterator[_Token]:
    last = -1
    for m in _WORD.finditer(doc.text, start, end):
        joined = last >= 0 and _JOINS.fullmatch(doc.text, last, m.start()) is not None
        last = m.end()
        yield _Token(m.start(), m.end(), _sort(doc.folded[m.start() : m.end()], m[0]), joined)


def _sort(folded: str, word: str) -> str:
    capital = word[0].isupper()
    if sort := sort_of(folded, capital) or (sort_of(folded.partition("-")[0], capital) if "-" in folded else ""):
        return sort
    if folded in CODES or sum(map(str.isdigit, word)) > 5:
        return "word"  # where it is, or a number of its own
    if _LINK.search(word):
        return "word"
    if folded[0].isdigit():
        return "number"
    if any(c.isdigit() for c in folded):
        return "model"
    if folded in _GLUE:
        return "glue"
    return "title" if word[0].isupper() else "word"


_NAMING = frozenset({"thing", "maker", "system", "browser"})


def _of_row(tokens: Sequence[_Token]) -> Iterator[Stretch]:
    """From up to three words before one that names a device to up to seven further on."""
    done: set[tuple[int, int]] = set()
    for anchor, token in enumerate(tokens):
        if token.sort not in _NAMING:
            continue
        first = anchor
        while first > 0 and anchor - first < _MOST_LEFT and tokens[first].joined and tokens[first - 1].sort != "word":
            first -= 1
        last = anchor
        while last + 1 < len(tokens) and last - anchor < _LONGEST - 1 and tokens[last + 1].joined:
            if not _goes(tokens, last + 1, anchor):
                break
            last += 1
        for start in range(first, anchor + 1):
            if tokens[start].sort in {"glue", "number"}:
                continue
            for end in range(anchor, min(last, start + _LONGEST - 1) + 1):
                if tokens[end].sort == "glue" or (start, end) in done:
                    continue
                done.add((start, end))
                yield Stretch(
                    tokens[start].start,
                    tokens[end].end,
                    tuple(one.sort for one in tokens[start : end + 1]),
                    tokens[start - 1].sort if start and tokens[start].joined else "",
                    tokens[end + 1].sort if end + 1 < len(tokens) and tokens[end + 1].joined else "",
                )


def _goes(tokens: Sequence[_Token], at: int, anchor: int) -> bool:
    """Whether a stretch goes on over a word. One that names nothing is taken right behind a thing: "lector de mesa"."""
    if tokens[at].sort != "word":
        return True
    before = tokens[at - 1].sort
    return at == anchor + 1 or (at == anchor + 2 and before == "glue" and tokens[anchor].sort == "thing")
