"""What the classifier sees of a passage. In: text as written. Out: the names of its features, each once.

Words are folded (lower case, no accents) and what varies without meaning is replaced by its shape: `<time>`, `<5xx>`,
`<json>`. Features: words, pairs and triples of words, beginnings and ends of words (so that typing errors and
inflections share weight), pairs at a distance, and a few structural marks such as `=quote` or `=trace`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from mailbot.understand.model.lexicon import meaning

MOST_CHARACTERS = 1200  # of a passage that are read: longer ones are dumps whose beginning tells enough
MOST_WORDS = 90
MOST_SENSES = 40

_SHAPES = re.compile(
    r"""
    (?P<trace>^\s*at\s[\w.$]+\(|Traceback\b)
  | (?P<plain>[A-Za-zÀ-ÿ]+(?=[ ,\n]|$))
  | (?P<url>https?://\S+|www\.\S+)
  | (?P<email>[\w.+-]+@[\w-]+\.[\w.-]+)
  | (?P<img>\[?(?:imagem|imagen|image|cid):\s?[^\]\s]*\]?|[^\s<>"'(\[]+\.(?:png|jpe?g|gif|bmp|heic|webp|tiff?)\b)
  | (?P<vid>[^\s<>"'(\[]+\.(?:mp4|mov|avi|mkv|webm)\b)
  | (?P<log>[^\s<>"'(\[]+\.(?:log|har|txt|zip|7z|gz)\b)
  | (?P<doc>[^\s<>"'(\[]+\.(?:pdf|docx?|xlsx?|csv|pptx?)\b)
  | (?P<stamp>\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?[.,\d]*Z?\]?|(?<![\d:])\d\d:\d\d:\d\d(?:[.,]\d+)?)
  | (?P<time>(?<![\d:])\d{1,2}(?::\d\d|[hH]\d{0,2}\b|\s?(?:[ap]\.?m\.?|hs?|hrs)\b))
  | (?P<date>\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b|\d{4}-\d\d-\d\d)
  | (?P<json>[{\[]\s*["{\[][^\n]*|\{\s*\})
  | (?P<xml></?[A-Za-z][\w:.-]*(?:\s[^<>\n]*)?/?>)
  | (?P<exc>\b[\w.$]*[A-Za-z](?:Exception|Error|Fault)\b(?=\W|$))
  | (?P<path>(?<![\w/])/(?:[\w{}.:-]+/)*[\w{}.:-]+/?)
  | (?P<key>\b(?=[0-9a-f-]*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b)
  | (?P<code>\b[A-Z]{2,}[-_]?\d{2,}\b)
  | (?P<ident>\b[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+){2,}\b|\b[A-Za-z]+_[A-Za-z0-9]+\b|\b[A-Za-z]+-[A-Za-z]*\d[\w-]*)
  | (?P<status>\b[1-5]\d\d\b)
  | (?P<num>\d[\d.,]*)
  | (?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)
  | (?P<mark>->|=>|[?!:;>"“”«»…])
    """,
    re.VERBOSE | re.MULTILINE,
)
_RAISED = ("Exception", "Error", "Fault")
_QUOTED = re.compile(r"[\"“«'‘]([^\"”»\n]{6,})[\"”»'’]")
_ENUMERATED = re.compile(r"(?m)^\s*(?:\d{1,2}\s?[.)\-–]|[-*•])\s")
_HEADER = re.compile(r"(?m)^\s*[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]+)+:\s|\b(?:Authorization|Accept|Content-Type)\b\s*:")
_LABEL = re.compile(r"^\s*[^\W\d_][\w /]{2,28}:\s")


def fold(text: str) -> str:
    """Lower case without accents; the length may change."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text with shapes in place of what varies."""
    out: list[str] = []
    for match in _SHAPES.finditer(text[:MOST_CHARACTERS]):
        kind = match.lastgroup
        if kind == "plain":
            word = match.group()
            out.append("<exc>" if word.endswith(_RAISED) and len(word) > 9 else fold(word))
        elif kind == "word":
            out.append(fold(match.group()).replace("’", "'"))
        elif kind == "mark":
            mark = match.group()
            out.append('"' if mark in "“”«»" else mark)
        elif kind == "status":
            out.append("<2xx>" if match.group()[0] in "123" else f"<{match.group()[0]}xx>")
        else:
            out.append(f"<{kind}>")
        if len(out) >= MOST_WORDS:
            break
    return out


def _structure(text: str, tokens: list[str]) -> list[str]:
    found = []
    if _QUOTED.search(text):
        found.append("=quote")
    if len(_ENUMERATED.findall(text)) > 1:
        found.append("=list")
    if _HEADER.search(text):
        found.append("=header")
    if _LABEL.match(text):
        found.append("=label")
    if text.rstrip().endswith("?"):
        found.append("=question")
    if "\n" in text:
        found.append("=lines")
    count = len(tokens)
    found.append("=long" if count > 40 else "=middle" if count > 14 else "=short" if count > 5 else "=tiny")
    if text.isupper():
        found.append("=capitals")
    return found


def features(text: str) -> list[str]:
    """The features of a passage: at most a few hundred short strings, without repeats."""
    text = text[:MOST_CHARACTERS]
    tokens = words(text)
    names = _structure(text, tokens)
    padded = ["^", *tokens, "$"]
    names += tokens
    names += [f"{a} {b}" for a, b in pairwise(padded)]
    names += [f"{a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)]
    names += [f"{a} _ {b}" for a, b in zip(padded, padded[2:], strict=False)]
    for token in tokens:
        if len(token) > 4 and token[0] != "<":
            names.append(token[:4] + "*")
            names.append("*" + token[-3:])
            if len(token) > 6:
                names.append(token[:6] + "*")
    senses = [sense for token in tokens[:MOST_SENSES] if (sense := token if token[0] in "<?" else meaning(token))]
    names += [f"@{sense}" for sense in senses]
    names += [f"@{a} {b}" for a, b in pairwise(senses)]
    names += [f"@{a} {b} {c}" for a, b, c in zip(senses, senses[1:], senses[2:], strict=False)]
    names += [f"@{a} _ {b}" for a, b in zip(senses, senses[2:], strict=False)]
    return list(dict.fromkeys(names))
