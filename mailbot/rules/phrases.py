"""Families of phrases: wordings of one meaning, found in a sentence in one pass, in time linear in its length.

In: families with their wordings. Out: a `Phrasebook` that tells which families a sentence holds and by which words.
No regular expressions: a wording is a row of words, so nothing can backtrack.

    parou|parada       one of these words
    parad*             words that begin so
    (plano b|saida)    one of these runs of words
    mais?              may be left out
    ..   ...           up to two words between; up to six
    <number> <many>    a number; one of ten or more
    <question> <start> <end>    a question mark; the sentence's first or last place

Case, accents, apostrophes and the marks between words do not count; common shorthand ("vcs", "pls", "xq") is read in
full, and a slip of one letter in a longer word is forgiven.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

MAX_TOKENS = 400  # a sentence is read up to here: longer ones are pasted data
_TOKEN = re.compile(r"https?://\S+|[^\W_]+(?:['._@-]+[^\W_]+)*|\?")
_PIECE = re.compile(r"[()|]|\?(?=[\s)|]|$)|[^\s()|?]+")
_GAPS = {"..": 2, "...": 6}
_MARKS = {"<number>", "<many>", "<question>", "<start>", "<end>"}
_MANY = 10
_SHORT = {
    "vcs": "voces", "vc": "voce", "ces": "voces", "q": "que", "k": "que", "qdo": "quando", "qnd": "quando",
    "tb": "tambem", "tbm": "tambem", "tmb": "tambien", "pq": "porque", "xq": "porque", "xfa": "porfavor",
    "n": "nao", "naum": "nao", "num": "nao", "ñ": "nao", "ta": "esta", "tá": "esta", "tao": "estao", "tava": "estava",
    "pra": "para", "pro": "para", "pros": "para", "pras": "para", "p": "para", "msg": "mensagem", "msgs": "mensagens",
    "obg": "obrigado", "obgd": "obrigado", "hj": "hoje", "mto": "muito", "mt": "muito", "aki": "aqui", "td": "tudo",
    "pls": "please", "plz": "please", "u": "you", "ur": "your", "thx": "thanks", "tks": "thanks", "cuz": "because",
    "gotta": "must", "wanna": "want", "dps": "depois", "cmg": "comigo", "usr": "usuario", "uds": "ustedes",
    "favor": "favor", "pfv": "favor", "pf": "favor", "porfa": "favor", "porfavor": "favor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """One word out of several; `prefixes` are the beginnings of words."""

    literals: frozenset[str]
    prefixes: tuple[str, ...] = ()

    def takes(self, token: str) -> bool:
        return token in self.literals or (bool(self.prefixes) and token.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class Gap:
    limit: int


@dataclass(frozen=True, slots=True)
class Group:
    options: tuple[tuple[Element, ...], ...]
    optional: bool = False


Element = Words | Gap | Group


@dataclass(frozen=True, slots=True)
class Hit:
    """One wording found: the family, the words that were there, and its place in words."""

    family: str
    words: str
    wording: str
    start: int
    end: int


def simplify(text: str) -> str:
    """Lower case without accents (length may change: for wordings only)."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def tokens(folded: str) -> list[str]:
    """The words of a folded sentence as wordings see them."""
    found = []
    for match in _TOKEN.finditer(folded):
        token = match[0].replace("'", "")
        found.append(_SHORT.get(token, token))
        if len(found) >= MAX_TOKENS:
            break
    return found


class WordingError(ValueError):
    """A wording that cannot be read; the text says why."""


def compile_wording(text: str) -> tuple[Element, ...]:
    """A wording as a row of elements. Raises `WordingError` for brackets that do not match or a gap at an end."""
    pieces = _PIECE.findall(simplify(text).replace("'", ""))
    options, rest = _options(pieces, 0, 0)
    if rest != len(pieces):
        raise WordingError("a bracket is closed that was not opened")
    row: tuple[Element, ...] = options[0] if len(options) == 1 else (Group(tuple(options)),)
    if not row:
        raise WordingError("is empty")
    if isinstance(row[0], Gap) or isinstance(row[-1], Gap):
        raise WordingError("begins or ends with a gap")
    if all(isinstance(e, Group) and e.optional for e in row):
        raise WordingError("consists of words that may all be left out")
    return row


def _options(pieces: Sequence[str], at: int, depth: int) -> tuple[list[tuple[Element, ...]], int]:
    """Reads runs of words; at the top level `|` binds words, inside brackets it binds runs."""
    runs: list[list[Element]] = [[]]
    while at < len(pieces):
        piece = pieces[at]
        if piece == ")":
            if not depth:
                return [tuple(run) for run in runs], at
            return [tuple(run) for run in runs], at
        if piece == "(":
            options, at = _options(pieces, at + 1, depth + 1)
            if at >= len(pieces):
                raise WordingError("a bracket is not closed")
            runs[-1].append(Group(tuple(options)))
        elif piece == "?":
            if not runs[-1] or isinstance(runs[-1][-1], Gap):
                raise WordingError("a ? stands behind no word")
            last = runs[-1].pop()
            runs[-1].append(Group(last.options, True) if isinstance(last, Group) else Group(((last,),), True))
        elif piece == "|":
            if depth:
                runs.append([])
            else:
                at = _alternative(pieces, at, runs[-1])
        else:
            runs[-1].append(_element(piece))
        at += 1
    return [tuple(run) for run in runs], at


def _alternative(pieces: Sequence[str], at: int, run: list[Element]) -> int:
    """`a|b` outside brackets: joins the next word to the last."""
    if not run or at + 1 >= len(pieces) or pieces[at + 1] in "()|?":
        raise WordingError("a | stands without a word on both sides (use brackets for several words)")
    last, other = run.pop(), _element(pieces[at + 1])
    if not isinstance(last, Words) or not isinstance(other, Words):
        raise WordingError("a | stands beside a gap or brackets (put all of it in brackets)")
    run.append(Words(last.literals | other.literals, last.prefixes + other.prefixes))
    return at + 1


def _element(piece: str) -> Element:
    if piece in _GAPS:
        return Gap(_GAPS[piece])
    if piece.startswith("<"):
        if piece not in _MARKS:
            raise WordingError(f"{piece} is unknown (known: {', '.join(sorted(_MARKS))})")
        return Words(frozenset({piece, "<many>"} if piece == "<number>" else {piece}))
    if piece.endswith("*"):
        if len(piece) < 4:
            raise WordingError(f"{piece} is too short a beginning")
        return Words(frozenset(), (piece[:-1],))
    if "*" in piece or "<" in piece:
        raise WordingError(f"{piece}: a * stands at the end of a word only")
    return Words(frozenset({_SHORT.get(piece, piece)}))


@dataclass(frozen=True)
class _Wording:
    family: str
    text: str
    row: tuple[Element, ...]
    guard: bool = False


@dataclass
class _Index:
    """Wordings by the word they begin with."""

    literal: dict[str, list[_Wording]] = field(default_factory=dict)
    prefix: dict[str, list[_Wording]] = field(default_factory=dict)


class Phrasebook:
    """All families of a pack, ready to be searched. Compiled on first use."""

    def __init__(self, families: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> None:
        """families: name -> (wordings, wordings that forbid it in the same sentence)."""
        self._families = families

    @cached_property
    def _index(self) -> _Index:
        index = _Index()
        for name, (wordings, guards) in self._families.items():
            for guard, texts in ((False, wordings), (True, guards)):
                for text in texts:
                    wording = _Wording(name, text, compile_wording(text), guard)
                    for first in _firsts(wording.row):
                        for literal in first.literals:
                            index.literal.setdefault(literal, []).append(wording)
                        for prefix in first.prefixes:
                            index.prefix.setdefault(prefix, []).append(wording)
        return index

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Every longer word of the wordings: what slips are mended to."""
        found: set[str] = set()
        for wordings, guards in self._families.values():
            for text in (*wordings, *guards):
                _collect(compile_wording(text), found)
        return frozenset(w for w in found if len(w) >= 7 and w.isalpha())

    @cached_property
    def _slips(self) -> dict[str, str]:
        """Every word of the vocabulary with one letter left out -> the word."""
        return {w[:i] + w[i + 1 :]: w for w in sorted(self._vocabulary) for i in range(1, len(w))}

    def mend(self, token: str) -> str:
        """The word that was meant, where a longer word differs from one of the vocabulary by one letter or a swap."""
        if len(token) < 6 or not token.isalpha() or token in self._vocabulary:
            return token
        if token in self._slips and token[-1] != "s":
            return self._slips[token]
        for i in range(1, len(token)):
            cut = token[:i] + token[i + 1 :]
            if cut in self._vocabulary and i < len(token) - 1:
                return cut
            other = self._slips.get(cut)
            if other and len(other) == len(token) and i < len(token) - 2:
                return other
        return token

    def search(self, folded: str) -> dict[str, Hit]:
        """The families of one folded sentence, each with its first wording there. Guards are heeded."""
        return self.search_tokens(tokens(folded))

    def search_tokens(self, words: Sequence[str]) -> dict[str, Hit]:
        """The same for words that are cut already."""
        row = ["<start>", *(self._mended(w) for w in words), "<end>"]
        hits: dict[str, Hit] = {}
        barred: set[str] = set()
        index = self._index
        for at, token in enumerate(row):
            for wording in _starting(index, token):
                if wording.family in barred or (wording.family in hits and not wording.guard):
                    continue
                ends = _match(wording.row, row, at)
                if not ends:
                    continue
                if wording.guard:
                    barred.add(wording.family)
                else:
                    end = min(ends)
                    text = " ".join(t for t in row[at:end] if t not in _MARKS)
                    hits[wording.family] = Hit(wording.family, text, wording.text, at - 1, end - 1)
        return {name: hit for name, hit in hits.items() if name not in barred}

    def _mended(self, word: str) -> str:
        if word == "?":
            return "<question>"
        if word[0].isdigit() and word.replace(".", "").replace(",", "").isdigit():
            return "<many>" if int(word.replace(".", "").replace(",", "")[:12]) >= _MANY else "<number>"
        return self.mend(word)


def _starting(index: _Index, token: str) -> Iterable[_Wording]:
    yield from index.literal.get(token, ())
    for length in range(3, len(token) + 1):
        yield from index.prefix.get(token[:length], ())


def _firsts(row: Sequence[Element]) -> list[Words]:
    """The words that a row can begin with."""
    found: list[Words] = []
    for element in row:
        if isinstance(element, Words):
            return [*found, element]
        if isinstance(element, Group):
            for option in element.options:
                found += _firsts(option)
            if not element.optional:
                return found
    return found


def _collect(row: Sequence[Element], into: set[str]) -> None:
    for element in row:
        if isinstance(element, Words):
            into |= element.literals
        elif isinstance(element, Group):
            for option in element.options:
                _collect(option, into)


def _match(row: Sequence[Element], words: Sequence[str], at: int) -> set[int]:
    """The places where a row that begins at `at` can end. The set of places is bounded by the row's gaps."""
    places = {at}
    for element in row:
        if isinstance(element, Words):
            places = {p + 1 for p in places if p < len(words) and element.takes(words[p])}
        elif isinstance(element, Gap):
            places = {q for p in places for q in range(p, min(p + element.limit, len(words)) + 1)}
        else:
            reached = {end for p in places for option in element.options for end in _match(option, words, p)}
            places = reached | places if element.optional else reached
        if not places:
            break
    return places
