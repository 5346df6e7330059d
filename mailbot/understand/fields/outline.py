"""The form of a name or a code, whatever it says. In: the words. Out: its marks, runs told once."""

from __future__ import annotations


class _Marks(dict[int, str]):
    """A table for str.translate that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = "9" if char.isdigit() else ("A" if char.isupper() else "a") if char.isalpha() else char
        return self[code]


_MARKS = _Marks()


def outline(words: str, longest: int) -> str:
    """How words begin: A capitals, a small letters, 9 digits, the rest as it stands; `longest` marks at most."""
    out = last = ""
    for mark in words.translate(_MARKS):
        if mark != last:
            out += mark
            last = mark
            if len(out) == longest:
                break
    return out
