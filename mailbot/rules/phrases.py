"""Families of phrases: wordings of one meaning, found in a sentence in one pass, in time linear in its length.

In: families with their wordings. Out: a `Phrasebook` that tells which families a sentence holds and by which words.
No regular expressions: a wording is a row of words, so nothing can backtrack.

    parou|parada       one of these words
    parad*   *ndo      words that begin so, that end so
    (plano b|saida)    one of these runs of words
    mais?              may be left out
    {boss}             a word or run of words of the list `boss`
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

MAX_REMEMBERED = 20_000  # mended words that are kept
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
    def _by_word(self) -> tuple[dict[str, list[tuple[Element, ...]]], list[tuple[Element, ...]]]:
        literal: dict[str, list[tuple[Element, ...]]] = {}
        others: list[tuple[Element, ...]] = []
        for option in self.options:
            firsts = firsts_of(option)
            if any(first.open for first in firsts) or not firsts:
                others.append(option)
                continue
            for word in {word for first in firsts for word in first.literals}:
                literal.setdefault(word, []).append(option)
        return literal, others

    def among(self, words: frozenset[str]) -> tuple[tuple[Element, ...], ...]:
        """The runs that may begin with one of these words."""
        literal, others = self._by_word
        found = {id(option): option for word in literal.keys() & words for option in literal[word]}
        return (*found.values(), *others)


Element = Words | Gap | Group


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


Lists = Mapping[str, Element]


def compile_list(texts: Iterable[str]) -> Element:
    """A list of words and runs of words that wordings name in braces."""
    return _group([compile_wording(text) for text in texts])


def _group(options: Iterable[tuple[Element, ...]]) -> Element:
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
    row: tuple[Element, ...] = options[0] if len(options) == 1 else (_group(options),)
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
            runs[-1].append(_group(options))
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
        if piece not in _MARKS:
            raise WordingError(f"{piece} is unknown (known: {', '.join(sorted(_MARKS))})")
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
    return Words(frozenset({_SHORT.get(piece, piece)}))


@dataclass(frozen=True)
class _Wording:
    family: str
    text: str
    row: tuple[Element, ...]
    guard: bool = False

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of words of each of which a sentence must hold one: what saves most of the search."""
        sets: set[frozenset[str]] = set()
        for element in self.row:
            if isinstance(element, Gap) or (isinstance(element, Group) and element.optional):
                continue
            firsts = [element] if isinstance(element, Words) else firsts_of((element,))
            if not any(first.open for first in firsts):
                sets.add(frozenset().union(*(first.literals for first in firsts)))
        return tuple(sorted(sets, key=len))


@dataclass(frozen=True, slots=True)
class Hit:
    """A family found in a sentence, and the wording that found it; its words are looked up when asked for."""

    family: str
    rule: _Wording
    sentence: tuple[str, ...]

    @property
    def wording(self) -> str:
        return self.rule.text

    @property
    def words(self) -> str:
        """The words of the sentence that the wording covers."""
        place = _Sentence(self.sentence).find(self.rule)
        return " ".join(w for w in self.sentence[slice(*place)] if w not in _MARKS) if place else ""


@dataclass
class _Index:
    """Wordings by the word that best tells whether they may be there; guards by their family."""

    by_word: dict[str, list[_Wording]] = field(default_factory=dict)
    by_beginning: dict[str, list[_Wording]] = field(default_factory=dict)
    always: list[_Wording] = field(default_factory=list)  # begin with the end of a word: tried everywhere
    guards: dict[str, list[_Wording]] = field(default_factory=dict)

    def add(self, wording: _Wording) -> None:
        """Files a wording under its rarest needed words; one that begins with beginnings of words, under those."""
        if wording.guard:
            self.guards.setdefault(wording.family, []).append(wording)
        elif wording.needs:
            for word in min(wording.needs, key=_commonness):
                self.by_word.setdefault(word, []).append(wording)
        else:
            for first in firsts_of(wording.row):
                for word in first.literals:
                    self.by_word.setdefault(word, []).append(wording)
                for prefix in first.prefixes:
                    self.by_beginning.setdefault(prefix, []).append(wording)
                if first.suffixes:
                    self.always.append(wording)

    def candidates(self, words: Iterable[str]) -> Iterable[_Wording]:
        """The wordings that may be in a sentence of these words, each once."""
        yield from self.always
        seen: set[int] = set()
        for word in words:
            for wording in self.by_word.get(word, ()):
                if id(wording) not in seen:
                    seen.add(id(wording))
                    yield wording
            for length in range(3, len(word) + 1):
                for wording in self.by_beginning.get(word[:length], ()):
                    if id(wording) not in seen:
                        seen.add(id(wording))
                        yield wording


def _commonness(words: frozenset[str]) -> tuple[int, int, str]:
    """Short words stand in many sentences."""
    return sum(6 if len(word) < 4 else 1 for word in words), len(words), min(words)


class Phrasebook:
    """All families of a pack, ready to be searched. Compiled on first use."""

    def __init__(
        self,
        families: Mapping[str, tuple[Sequence[str], Sequence[str]]],
        lists: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """families: name -> (wordings, wordings that forbid it in the same sentence); lists: name -> its words."""
        self._families = families
        self._words = lists or {}

    @cached_property
    def _lists(self) -> Lists:
        return {name: compile_list(texts) for name, texts in self._words.items()}

    @cached_property
    def _wordings(self) -> tuple[_Wording, ...]:
        return tuple(
            _Wording(name, text, compile_wording(text, self._lists), guard)
            for name, (wordings, guards) in self._families.items()
            for guard, texts in ((False, wordings), (True, guards))
            for text in texts
        )

    @cached_property
    def _index(self) -> _Index:
        index = _Index()
        for wording in self._wordings:
            index.add(wording)
        return index

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every word of the wordings: never mended."""
        found: set[str] = set()
        for wording in self._wordings:
            _collect(wording.row, found)
        return frozenset(found)

    @cached_property
    def _slips(self) -> dict[str, str]:
        """Every longer word with one inner letter left out -> the word. First and last letters carry meaning."""
        long = [w for w in sorted(self._known) if len(w) >= 7 and w.isalpha()]
        return {w[:i] + w[i + 1 :]: w for w in long for i in range(1, len(w) - 1)}

    @cached_property
    def _mended(self) -> dict[str, str]:
        return {}

    def mend(self, token: str) -> str:
        """The word that was meant, where a longer word differs from a known one by an inner letter or a swap."""
        if len(token) < 6 or not token.isalpha() or token in self._known:
            return token
        mended = self._mended.get(token)
        if mended is None:
            mended = self._mend(token)
            if len(self._mended) < MAX_REMEMBERED:
                self._mended[token] = mended
        return mended

    def _mend(self, token: str) -> str:
        """A letter left out, doubled, or two swapped; another letter is another word ("tratado", "travado")."""
        if token in self._slips:
            return self._slips[token]
        for i in range(1, len(token) - 1):
            if token[i] == token[i - 1] and (cut := token[:i] + token[i + 1 :]) in self._known:
                return cut
            swapped = token[: i - 1] + token[i] + token[i - 1] + token[i + 1 :]
            if i > 1 and swapped in self._known:
                return swapped
        return token

    def search(self, folded: str) -> dict[str, Hit]:
        """The families of one folded sentence, each with its first wording there. Guards are heeded."""
        return self.search_tokens(tokens(folded))

    def search_tokens(self, words: Sequence[str]) -> dict[str, Hit]:
        """The same for words that are cut already."""
        row = ("<start>", *(self._symbol(w) for w in words), "<end>")
        sentence = _Sentence(row)
        hits: dict[str, Hit] = {}
        for wording in self._index.candidates(dict.fromkeys(row)):
            if wording.family not in hits and sentence.holds(wording):
                hits[wording.family] = Hit(wording.family, wording, row)
        guards = self._index.guards
        return {
            name: hit for name, hit in hits.items() if not any(sentence.holds(guard) for guard in guards.get(name, ()))
        }

    def _symbol(self, word: str) -> str:
        if word == "?":
            return "<question>"
        if word[0].isdecimal() and word.replace(".", "").replace(",", "").isdecimal():
            return "<many>" if int(word.replace(".", "").replace(",", "")[:12]) >= _MANY else "<number>"
        return self.mend(word)


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


def _collect(row: Sequence[Element], into: set[str]) -> None:
    for element in row:
        if isinstance(element, Words):
            into |= element.literals
        elif isinstance(element, Group):
            for option in element.options:
                _collect(option, into)


class _Sentence:
    """A sentence being searched. Sets of places are the bits of a number, so that all places are tried at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.present = frozenset(words)
        self._everywhere = (1 << len(words)) - 1
        self._bits: dict[str, int] = {}
        for at, word in enumerate(words):
            self._bits[word] = self._bits.get(word, 0) | 1 << at
        self._masks: dict[int, int] = {}
        self._options: dict[int, tuple[tuple[Element, ...], ...]] = {}

    def find(self, wording: _Wording) -> tuple[int, int] | None:
        """The first place of a wording, (start, end) in words."""
        for at in range(len(self.words)):
            ends = self._run(wording.row, 1 << at)
            if ends:
                return at, (ends & -ends).bit_length() - 1
        return None

    def holds(self, wording: _Wording) -> bool:
        """Whether a wording is there at all."""
        for needed in wording.needs:
            if self.present.isdisjoint(needed):
                return False
        return bool(self._run(wording.row, self._everywhere))

    def _run(self, row: Sequence[Element], places: int) -> int:
        """The places where a row that begins at one of the places can end; the work is bounded by the row's length."""
        for element in row:
            if isinstance(element, Words):
                places = (places & self._mask(element)) << 1
            elif isinstance(element, Gap):
                for _ in range(element.limit):
                    places |= places << 1
            else:
                reached = places if element.optional else 0
                for option in self._starting(element):
                    reached |= self._run(option, places)
                places = reached
            if not places:
                return 0
        return places

    def _mask(self, element: Words) -> int:
        """The places of the words that an element takes."""
        mask = self._masks.get(id(element))
        if mask is None:
            mask = 0
            for word in self.present & element.literals:
                mask |= self._bits[word]
            if element.open:
                for word in self.present:
                    if word.startswith(element.prefixes) or word.endswith(element.suffixes):
                        mask |= self._bits[word]
            self._masks[id(element)] = mask
        return mask

    def _starting(self, group: Group) -> tuple[tuple[Element, ...], ...]:
        """The runs of a group that the words here can begin."""
        options = self._options.get(id(group))
        if options is None:
            options = self._options[id(group)] = group.among(self.present)
        return options
