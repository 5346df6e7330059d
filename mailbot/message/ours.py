"""Which lines are words that we sent. In: the texts of our mails. Out: `Known`, asked line by line.

Mail clients fold, indent and mark what they quote, so lines are compared by their words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

_WORDS = re.compile(r"[^\W_]+")
_LINK = re.compile(r"<(?:mailto:|https?:)[^<>]{0,2000}>", re.I)  # programs write a link's target behind its words
_MOST = 200_000  # characters of all texts together


class Known:
    """Texts that may come back in a quote."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.lines: set[str] = set()
        self.starts: set[str] = set()  # first three words of each line
        streams: list[str] = []
        left = _MOST
        for text in reversed(texts):
            text = text[:left]
            left -= len(text)
            words: list[str] = []
            for line in text.split("\n"):
                found = _WORDS.findall(_LINK.sub(" ", line).casefold())
                if found:
                    self.lines.add(" ".join(found))
                    self.starts.add(" ".join(found[:3]))
                    words += found
            streams.append(f" {' '.join(words)} ")
            if left <= 0:
                break
        self.stream = "\x00".join(streams)

    @cached_property
    def grams(self) -> set[tuple[str, str, str]]:
        """Three words as they follow one another: sought for lines that are none of ours as they stand."""
        flat = self.stream.split(" ")
        return set(zip(flat, flat[1:], flat[2:], strict=False))

    def __bool__(self) -> bool:
        return bool(self.lines)


class Reader:
    """Follows one quotation: a folded line is known by what came before it."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.at = -1  # where in the stream the last line ended, in the middle of a line of ours; -1: nowhere

    def knows(self, text: str, *, marked: bool) -> bool:
        """Is this line ours? marked: it carries a quote mark, is history in any case, and a part of ours is enough."""
        known = self.known
        if not known:
            return False
        words = _WORDS.findall(_LINK.sub(" ", text[:2000]).casefold())
        if not words:
            return False
        line = " ".join(words)
        before, self.at = self.at, -1
        if line in known.lines:
            return True
        if before >= 0 and known.stream.startswith(f"{line} ", before):
            self.at = before + len(line) + 1
            return True
        if len(words) < 3 or (words[0], words[1], words[2]) not in known.grams:
            return False
        begins = " ".join(words[:3]) in known.starts
        if not (marked or (begins and len(text) >= 50) or len(words) >= 8):
            return False
        place = known.stream.find(f" {line} ")
        if place < 0:
            return False
        self.at = place + len(line) + 2
        return True
