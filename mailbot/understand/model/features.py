"""What the classifier sees of a passage. In: text as written. Out: the names of its features, each once.

Words are folded (lower case, no accents) and what varies without meaning is replaced by its shape: `<time>`, `<5xx>`,
`<json>`. Features: words, pairs and triples of words, beginnings and ends of words (so that typing errors and
inflections share weight), pairs at a distance, and a few structural marks such as `=quote` or `=trace`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from itertools import islice, pairwise, repeat

from mailbot.understand.model.lexicon import meaning

MOST_CHARACTERS = 1200  # of a passage that are read: longer ones are dumps whose beginning tells enough
MOST_WORDS = 90
MOST_SENSES = 40

_SHAPES = re.compile(
    r"""
    (?P<trace>^\s*at\s[\w.$]+\()
  | [ ]*+(?:  # a blank before belongs to the match, so that not every alternative is tried at it
    (?P<traceback>Traceback\b)
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
  | (?P<mark>->|=>|[?!:;>"“”«»…]))
    """,
    re.VERBOSE | re.MULTILINE,
)
_PLAIN = _SHAPES.groupindex["plain"]
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


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    return "<exc>" if word.endswith(_RAISED) and len(word) > 9 else sys.intern(fold(word))


@lru_cache(maxsize=8192)
def _joined(word: str) -> str:
    return sys.intern(fold(word).replace("’", "'"))


def words(text: str) -> list[str]:
    """The words of a text with shapes in place of what varies."""
    out: list[str] = []
    for match in islice(_SHAPES.finditer(text[:MOST_CHARACTERS]), MOST_WORDS):
        if match.lastindex == _PLAIN:  # most are
            out.append(_plain(match[_PLAIN]))
            continue
        kind = match.lastgroup or ""
        if kind == "word":
            out.append(_joined(match[kind]))
        elif kind == "mark":
            mark = match[kind]
            out.append('"' if mark in "“”«»" else mark)
        elif kind == "status":
            out.append("<2xx>" if match[kind][0] in "123" else f"<{match[kind][0]}xx>")
        else:
            out.append("<trace>" if kind == "traceback" else f"<{kind}>")
    return out


def structure(text: str, tokens: list[str]) -> list[str]:
    """The structural marks of a text of these words."""
    found = []
    if _QUOTED.search(text):
        found.append("=quote")
    if "\n" in text and len(_ENUMERATED.findall(text)) > 1:
        found.append("=list")
    if ":" in text and _HEADER.search(text):
        found.append("=header")
    if ":" in text and _LABEL.match(text):
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


Key = str | tuple[str | None, ...]  # a feature; several words that make one stay apart: joining them takes time


def keys(text: str) -> list[Key]:
    """The features of a passage, some of them several times."""
    text = text[:MOST_CHARACTERS]
    tokens = words(text)
    padded = ["^", *tokens, "$"]
    found: list[Key] = [*structure(text, tokens), *tokens]
    found += _runs(padded)
    for token in tokens:
        found += _pieces(token)
    meant = senses(tokens)
    found += meant
    found += _runs(meant)
    return found


def senses(tokens: list[str]) -> list[str]:
    """The meanings of words, in order, of those that have one: "@down"."""
    return [sense for token in tokens[:MOST_SENSES] if (sense := _sense(token))]


def _runs(tokens: list[str]) -> list[Key]:
    """Pairs, triples, and pairs with one between (None)."""
    second, third = tokens[1:], tokens[2:]
    return [
        *pairwise(tokens),
        *zip(tokens, second, third, strict=False),
        *zip(tokens, repeat(None), third, strict=False),
    ]


@lru_cache(maxsize=8192)
def _pieces(token: str) -> tuple[str, ...]:
    """Beginnings and the end of a word."""
    if len(token) < 5 or token[0] == "<":
        return ()
    ends = (token[:4] + "*", "*" + token[-3:])
    return (*ends, token[:6] + "*") if len(token) > 6 else ends


@lru_cache(maxsize=8192)
def _sense(token: str) -> str:
    sense = token if token[0] in "<?" else meaning(token)
    return sys.intern(f"@{sense}") if sense else ""


def written(key: Key) -> str:
    """The name of a feature: "não funciona", "@down _ <time>"."""
    if isinstance(key, str):
        return key
    parts = ["_" if part is None else part for part in key]
    if parts[0][0] == "@":
        parts[1:] = [part.removeprefix("@") for part in parts[1:]]
    return " ".join(parts)


def key_of(name: str) -> Key:
    """The feature of a name."""
    if " " not in name:
        return sys.intern(name)
    parts = name.split(" ")
    if name[0] == "@":
        parts = [parts[0], *(part if part == "_" else f"@{part}" for part in parts[1:])]
    return tuple([None if part == "_" else sys.intern(part) for part in parts])


def features(text: str) -> list[str]:
    """The names of a passage's features: at most a few hundred short strings, without repeats."""
    return [written(key) for key in dict.fromkeys(keys(text))]
