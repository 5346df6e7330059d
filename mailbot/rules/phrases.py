"""Families of phrases: wordings of one meaning, found in a sentence in one pass, in time linear in its length.

In: families with their wordings (`wording.py` says how they are written). Out: a `Phrasebook` that tells which families
a sentence holds and by which words. A slip in a longer word, a letter too few, twice or swapped, is forgiven.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from mailbot.rules.wording import (
    MARKS,
    Element,
    Gap,
    Group,
    Lists,
    Words,
    collect,
    compile_list,
    compile_wording,
    firsts_of,
    needs_of,
    tokens,
)

MAX_REMEMBERED = 20_000  # mended words that are kept
MANY = 10  # from which a number is <many>


@dataclass(frozen=True)
class _Wording:
    family: str
    text: str
    row: tuple[Element, ...]
    guard: bool = False
    needs: tuple[frozenset[str], ...] = ()  # of each of which a sentence must hold one, the rarest first: saves most


class _Pool:
    """Equal elements become one object, so that what was found for one of them in a sentence serves every wording."""

    def __init__(self) -> None:
        self._known: dict[Element, Element] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def wording(self, family: str, text: str, lists: Lists, *, guard: bool) -> _Wording:
        row = self._row(compile_wording(text, lists))
        needs = dict.fromkeys(self._sets.setdefault(one, one) for one in needs_of(row))
        return _Wording(family, text, row, guard, tuple(sorted(needs, key=_commonness)))

    def _row(self, row: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(self._one(element) for element in row)

    def _one(self, element: Element) -> Element:
        known = self._known.get(element)
        if known is None:
            known = element
            if isinstance(element, Group):
                known = Group(tuple(self._row(option) for option in element.options), element.optional)
            self._known[known] = known
        return known


class Hit(NamedTuple):
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
        return " ".join(w for w in self.sentence[slice(*place)] if w not in MARKS) if place else ""


_Filed = tuple[tuple[_Wording, tuple[frozenset[str], ...]], ...]


@dataclass
class _Index:
    """Wordings by the word that best tells whether they may be there; guards by their family."""

    by_word: dict[str, list[_Wording]] = field(default_factory=dict)
    by_beginning: dict[str, list[_Wording]] = field(default_factory=dict)
    always: list[_Wording] = field(default_factory=list)  # begin with the end of a word: tried everywhere
    guards: dict[str, list[_Wording]] = field(default_factory=dict)
    _of_word: dict[str, _Filed] = field(default_factory=dict)  # remembered

    def add(self, wording: _Wording) -> None:
        """Files a wording under its rarest needed words; one that begins with beginnings of words, under those."""
        if wording.guard:
            self.guards.setdefault(wording.family, []).append(wording)
        elif wording.needs:
            for word in wording.needs[0]:
                self.by_word.setdefault(word, []).append(wording)
        else:
            for first in firsts_of(wording.row):
                for word in first.literals:
                    self.by_word.setdefault(word, []).append(wording)
                for prefix in first.prefixes:
                    self.by_beginning.setdefault(prefix, []).append(wording)
                if first.suffixes:
                    self.always.append(wording)

    def candidates(self, words: Iterable[str], present: frozenset[str]) -> Iterable[_Wording]:
        """The wordings that may be in a sentence of these words, each once: all that they need is there."""
        found = {id(wording): wording for wording in self.always}
        for word in words:
            by_word = self._of_word.get(word)
            for wording, others in self._look_up(word) if by_word is None else by_word:
                for needed in others:
                    if needed.isdisjoint(present):
                        break
                else:
                    found[id(wording)] = wording
        return found.values()

    def _look_up(self, word: str) -> _Filed:
        """Those filed under a word or under one of its beginnings, with what they need beside it."""
        found = list(self.by_word.get(word, ()))
        for length in range(3, len(word) + 1):
            found += self.by_beginning.get(word[:length], ())
        kept = tuple((one, tuple(needed for needed in one.needs if word not in needed)) for one in found)
        if len(self._of_word) < MAX_REMEMBERED:
            self._of_word[word] = kept
        return kept


_COMMON = """
de a o no que e para the do esta em nao por el la is com to and y for it en as da in dia this con se nos um on at como
desde so of our na nosso uma your one bom voces hoje ja you mesmo os ou me tarde boa not we lo from i del has with los
un sem time that have hi nada ontem agora favor error hoy all tudo since what can please are ambiente producao pipeline
"""
_EVERYWHERE = frozenset(_COMMON.split())


def _commonness(words: frozenset[str]) -> tuple[int, int, str]:
    """How many sentences hold one of these words, roughly: marks stand in most, short words in many."""
    weight = sum(40 if w[0] == "<" else 12 if w in _EVERYWHERE else 4 if len(w) < 4 else 1 for w in words)
    return weight, len(words), min(words)


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
        pool = _Pool()
        return tuple(
            pool.wording(name, text, self._lists, guard=guard)
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
            collect(wording.row, found)
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
        if not 6 <= len(token) <= 40 or not token.isalpha() or token in self._known:  # a run of letters is no word
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
        known = self._symbols
        row = ("<start>", *[known.get(word) or self._symbol(word) for word in words], "<end>")
        sentence = _Sentence(row)
        hits: dict[str, Hit] = {}
        for wording in self._index.candidates(dict.fromkeys(row), sentence.present):
            if wording.family not in hits and sentence.holds(wording):
                hits[wording.family] = Hit(wording.family, wording, row)
        guards = self._index.guards
        return {name: hit for name, hit in hits.items() if name not in guards or not sentence.holds_any(guards[name])}

    @cached_property
    def _symbols(self) -> dict[str, str]:
        return {}

    def _symbol(self, word: str) -> str:
        """What a word counts as: itself, the word that was meant, or a mark."""
        symbol = self._read(word)
        if len(self._symbols) < MAX_REMEMBERED:
            self._symbols[word] = symbol
        return symbol

    def _read(self, word: str) -> str:
        if word.isalpha():
            return self.mend(word)
        if word == "?":
            return "<question>"
        if word[0].isdecimal() and word.replace(".", "").replace(",", "").isdecimal():
            return "<many>" if int(word.replace(".", "").replace(",", "")[:12]) >= MANY else "<number>"
        return self.mend(word)


class _Sentence:
    """A sentence being searched. Sets of places are the bits of a number, so that all places are tried at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.present = frozenset(words)
        self._everywhere = (1 << len(words)) - 1
        self._bits: dict[str, int] = {}
        bits, bit = self._bits, 1
        for word in words:
            bits[word] = bits.get(word, 0) | bit
            bit <<= 1
        self._masks: dict[int, int] = {}  # by the element's identity: hashing its words takes longer
        self._options: dict[int, tuple[tuple[Element, ...], ...]] = {}

    def find(self, wording: _Wording) -> tuple[int, int] | None:
        """The first place of a wording, (start, end) in words."""
        first = wording.row[0]
        starts = self._mask(first) if isinstance(first, Words) else self._everywhere
        while starts:
            start = starts & -starts
            ends = self._run(wording.row, start)
            if ends:
                return start.bit_length() - 1, (ends & -ends).bit_length() - 1
            starts ^= start
        return None

    def holds_any(self, wordings: Iterable[_Wording]) -> bool:
        """Whether one of some wordings is there."""
        present = self.present
        for wording in wordings:
            for needed in wording.needs:
                if needed.isdisjoint(present):
                    break
            else:
                if self._run(wording.row, self._everywhere):
                    return True
        return False

    def holds(self, wording: _Wording) -> bool:
        """Whether a wording is there at all."""
        return bool(self._run(wording.row, self._everywhere))

    def _run(self, row: Sequence[Element], places: int) -> int:
        """The places where a row that begins at one of the places can end; the work is bounded by the row's length."""
        masks = self._masks
        for element in row:
            if isinstance(element, Words):
                mask = masks.get(id(element))
                places = (places & (self._mask(element) if mask is None else mask)) << 1
            elif isinstance(element, Gap):
                for _ in range(element.limit):
                    places |= places << 1
            else:
                reached = places if element.optional else 0
                options = self._options.get(id(element))
                for option in self._starting(element) if options is None else options:
                    reached |= self._run(option, places)
                places = reached
            if not places:
                return 0
        return places

    def _mask(self, element: Words) -> int:
        """The places of the words that an element takes."""
        mask, prefixes, suffixes = 0, element.prefixes, element.suffixes
        literals = element.literals
        if not literals.isdisjoint(self.present):
            for word in self.present & literals:
                mask |= self._bits[word]
        if prefixes:
            for word, places in self._bits.items():
                if word.startswith(prefixes):
                    mask |= places
        if suffixes:
            for word, places in self._bits.items():
                if word.endswith(suffixes):
                    mask |= places
        self._masks[id(element)] = mask
        return mask

    def _starting(self, group: Group) -> tuple[tuple[Element, ...], ...]:
        """The runs of a group that the words here can begin."""
        options = self._options[id(group)] = group.among(self.present)
        return options
