"""Words from a mail, made safe to stand in ours: no control signs, no direction tricks, nothing that breaks a line.

In: any text. Out: text that a header line (`one_line`) or a body (`lines`) may carry as it is.
"""

from __future__ import annotations

import re

# Control signs; the marks that turn the reading direction round (Unicode TR9: a name could show as another one);
# U+2028/2029 and NEL, which some programs take for line ends; lone surrogates, which no charset can carry.
_BAD = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")


def lines(text: str) -> str:
    """Several lines: \\n line ends, no control signs but tab."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BAD.sub(" ", text) if _BAD.search(text) else text


def one_line(text: str, limit: int = 200) -> str:
    """One line of at most `limit` characters, runs of white space as one space."""
    if text.isprintable() and "  " not in text:  # holds no white space but blanks, and nothing of `_BAD`
        text = text.strip(" ")
    else:
        text = _SPACE.sub(" ", _BAD.sub(" ", text)).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def excerpt(text: str, limit: int) -> str:
    """The beginning of a longer text, cut at a word, on one line."""
    text = one_line(text, max(limit * 2, 400))
    if len(text) <= limit:
        return text
    cut = text[:limit].rpartition(" ")[0] or text[:limit]
    return cut.rstrip(" ,.;:–-") + "…"
