"""How a wording is written, and what it is made of: rows of words, gaps, and groups of which one stands there.

In: a wording as a support lead writes it. Out: a row of elements, or a `WordingError` that says what is wrong with it.

    parou|parada       one of these words
    parad*   *ndo      words that begin so, that end so
    (plano b|saida)    one of these runs of words
    mais?              may be left out
    {boss}             a word or run of words of the list `boss`
    ..   ...           up to two words between; up to six
    <number> <many>    a number; one of ten or more
    <question> <start> <end>    a question mark; the sentence's first or last place

Case, accents, apostrophes and the marks between words do not count; common shorthand ("vcs", "pls") is read in full.
There are no regular expressions, so nothing can backtrack.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

MAX_TOKENS = 400  # a sentence is read up to here: longer ones are pasted data
_TOKEN = re.compile(r"https?://\S+|[^\W_]+(?:['._@-]+[^\W_]+)*|\?")
_PIECE = re.compile(r"[()|]|\?(?=[\s)|]|$)|[^\s()|?]+")
_GAPS = {"..": 2, "...": 6}
MARKS = {"<number>", "<many>", "<question>", "<start>", "<end>"}
SHORTHAND = {
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
    """One word out of several; `prefixes` are the beginnings of words, `suffixes` their ends."""

    literals: frozenset[str]
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the words cannot be listed."""
        return bool(self.prefixes or self.suffixes)


@dataclass(frozen=True, slots=True)
class Gap:
    limit: int


@dataclass(frozen=True)
class Group:
    """One of several runs; `optional`: or none. Runs are looked up by the word they begin with."""

    options: tuple[tuple[Element, ...], ...]
    optional: bool = False

    @cached_property
    def _by_word(self) -> tuple[dict[str, list[_Option]], frozenset[str], list[_Option]]:
        literal: dict[str, list[_Option]] = {}
        others: list[_Option] = []
        for option in self.options:
            firsts = firsts_of(option)
            needs = tuple(needs_of(option))
            if any(first.open for first in firsts) or not firsts:
                others.append((option, needs))
                continue
            entry = (option, needs[1:] if isinstance(option[0], Words) else needs)
            for word in {word for first in firsts for word in first.literals}:
                literal.setdefault(word, []).append(entry)
        return literal, frozenset(literal), others

    def among(self, words: frozenset[str]) -> tuple[tuple[Element, ...], ...]:
        """The runs that may stand among these words: that begin with one, and whose other words are there, too."""
        literal, begins, others = self._by_word
        if not others and begins.isdisjoint(words):  # mostly
            return ()
        found = {}
        for word in begins & words:
            for option, needs in literal[word]:
                for needed in needs:
                    if needed.isdisjoint(words):
                        break
                else:
                    found[id(option)] = option
        for option, needs in others:
            if not any(needed.isdisjoint(words) for needed in needs):
                found[id(option)] = option
        return tuple(found.values())


Element = Words | Gap | Group
_Option = tuple[tuple[Element, ...], tuple[frozenset[str], ...]]  # a run, and the words of each of which it needs one


def simplify(text: str) -> str:
    """Lower case without accents (length may change: for wordings only)."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


MAX_LETTERS = 48  # of a token: a longer run of letters is no word, and its beginnings must not be looked up one by one


def tokens(folded: str) -> list[str]:
    """The words of a folded sentence as wordings see them."""
    found = []
    for match in _TOKEN.finditer(folded):
        token = match[0][:MAX_LETTERS].replace("'", "")
        found.append(SHORTHAND.get(token, token))
        if len(found) >= MAX_TOKENS:
            break
    return found


class WordingError(ValueError):
    """A wording that cannot be read; the text says why."""


Lists = Mapping[str, Element]


def compile_list(texts: Iterable[str]) -> Element:
    """A list of words and runs of words that wordings name in braces."""
    return group_of([compile_wording(text) for text in texts])


def group_of(options: Iterable[tuple[Element, ...]]) -> Element:
    """One of several runs; single words are gathered into one element, which is what makes long lists cheap."""
    literals: set[str] = set()
    prefixes: set[str] = set()
    suffixes: set[str] = set()
    runs: list[tuple[Element, ...]] = []
    for option in options:
        if len(option) == 1 and isinstance(option[0], Words):
            literals |= option[0].literals
            prefixes |= set(option[0].prefixes)
            suffixes |= set(option[0].suffixes)
        elif len(option) == 1 and isinstance(option[0], Group) and not option[0].optional:
            runs += option[0].options
        else:
            runs.append(option)
    single = Words(frozenset(literals), tuple(sorted(prefixes)), tuple(sorted(suffixes)))
    if not runs:
        return single
    return Group(((single,), *runs) if literals or single.open else tuple(runs))


def compile_wording(text: str, lists: Lists | None = None) -> tuple[Element, ...]:
    """A wording as a row of elements. Raises `WordingError` for brackets that do not match or a gap at an end."""
    pieces = _PIECE.findall(simplify(text).replace("'", ""))
    options, rest = _options(pieces, 0, 0, lists or {})
    if rest != len(pieces):
        raise WordingError("a bracket is closed that was not opened")
    row: tuple[Element, ...] = options[0] if len(options) == 1 else (group_of(options),)
    if not row:
        raise WordingError("is empty")
    if isinstance(row[0], Gap) or isinstance(row[-1], Gap):
        raise WordingError("begins or ends with a gap")
    if all(isinstance(e, Group) and e.optional for e in row):
        raise WordingError("consists of words that may all be left out")
    return row


def _options(pieces: Sequence[str], at: int, depth: int, lists: Lists) -> tuple[list[tuple[Element, ...]], int]:
    """Reads runs of words; at the top level `|` binds words, inside brackets it binds runs."""
    runs: list[list[Element]] = [[]]
    while at < len(pieces):
        piece = pieces[at]
        if piece == ")":
            return [tuple(run) for run in runs], at
        if piece == "(":
            options, at = _options(pieces, at + 1, depth + 1, lists)
            if at >= len(pieces):
                raise WordingError("a bracket is not closed")
            runs[-1].append(group_of(options))
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
        elif piece.startswith("{"):
            if piece[1:-1] not in lists:
                raise WordingError(f"the list {piece} is not known (known: {', '.join(sorted(lists)) or 'none'})")
            runs[-1].append(lists[piece[1:-1]])
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
    run.append(Words(last.literals | other.literals, last.prefixes + other.prefixes, last.suffixes + other.suffixes))
    return at + 1


def _element(piece: str) -> Element:
    if piece in _GAPS:
        return Gap(_GAPS[piece])
    if piece.startswith("<"):
        if piece not in MARKS:
            raise WordingError(f"{piece} is unknown (known: {', '.join(sorted(MARKS))})")
        return Words(frozenset({piece, "<many>"} if piece == "<number>" else {piece}))
    if piece.endswith("*"):
        if len(piece) < 4:
            raise WordingError(f"{piece} is too short a beginning")
        return Words(frozenset(), (piece[:-1],))
    if piece.startswith("*") and "*" not in piece[1:]:
        if len(piece) < 4:
            raise WordingError(f"{piece} is too short an end")
        return Words(frozenset(), (), (piece[1:],))
    if "*" in piece or "<" in piece:
        raise WordingError(f"{piece}: a * stands at the beginning or the end of a word only")
    return Words(frozenset({SHORTHAND.get(piece, piece)}))


def firsts_of(row: Sequence[Element]) -> list[Words]:
    """The words that a row can begin with."""
    found: list[Words] = []
    for element in row:
        if isinstance(element, Words):
            return [*found, element]
        if isinstance(element, Group):
            for option in element.options:
                found += firsts_of(option)
            if not element.optional:
                return found
    return found


def needs_of(row: Sequence[Element]) -> Iterable[frozenset[str]]:
    """The sets of words of each of which a row must hold one, in order; what cannot be listed is left out."""
    for element in row:
        if isinstance(element, Gap) or (isinstance(element, Group) and element.optional):
            continue
        firsts = [element] if isinstance(element, Words) else firsts_of((element,))
        if not any(first.open for first in firsts):
            yield frozenset[str]().union(*(first.literals for first in firsts))


def collect(row: Sequence[Element], into: set[str]) -> None:
    for element in row:
        if isinstance(element, Words):
            into |= element.literals
        elif isinstance(element, Group):
            for option in element.options:
                collect(option, into)
