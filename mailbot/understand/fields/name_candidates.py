"""What in a mail may be the name of a pipeline: tokens and runs of words that look given, not spoken.

In: a text as written. Out: `Place`s. Which of them is the name is weighed by name_weight.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mailbot.understand.fields.common import MOST
from mailbot.understand.fields.environment_words import PLAIN, WORDY
from mailbot.understand.text import fold

_TOKEN = re.compile(r"\S+")
_OPENING = "([{<\"'`*_“‘«¿¡"
_CLOSING = ")]}>\"'`*_”’»,.;:!?…"
_LONGEST_TOKEN = 70
_LONGEST_RUN = 7
_LONGEST_SPOKEN = 5  # words of a name in small letters
_ADDRESS = re.compile(r"@|://|^www\.|^/|\.(?:com|net|org|io|br|mx|png|jpe?g|pdf|xlsx?|csv|txt|log|zip|docx?)\b", re.I)
_NUMBER = re.compile(r"#?v?\d+(?:\.\d+)*[a-z]?$", re.I)
_CLOCK_OR_DATE = re.compile(
    r"\d{1,4}[:h/.-]\d{1,2}(?:[:h/.-]\d{1,4})?(?:h|hs|hrs|am|pm|z)?$|\d{1,2}(?:h|am|pm|hs)$", re.I
)
_KEY = re.compile(r"(?=.*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,})*$", re.I)
_MIXED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]|[^\W\d_]\d|\d[^\W\d_]|[A-ZÀ-Þ]{2}[a-zà-ÿ]")
ERROR_CODE = re.compile(  # "too_many_requests": of an error, no name
    r"(?:too_many|invalid|missing|unknown|unsupported|expired|duplicate|insufficient|unauthori[sz]ed|rate_limit|no_such)_\w+"
    r"|\w+_(?:not_found|denied|expired|failed|failure|error|exceeded|required|mismatch|timeout|timed_out|invalid|exists"
    r"|refused|unavailable|unauthori[sz]ed)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[^\W_][-_./→>+&·|:~][^\W_]|_")
_ELISION = re.compile(r"[a-z]{1,4}['’]\w+$", re.I)
_SMALL = frozenset(
    "de do da dos das del la las los el to of the for para por a e y and en em in on com con with".split()  # noqa: SIM905
)
_LINKS = frozenset(["-", "–", "—", "->", "→", ">", "/", "+", "&", "·", "|", "x"])
_PARENTHESIS = re.compile(r" ?\([^()\n]{1,24}\)")
_STOPS = frozenset(".;:!?…")
_NAMING_WORDS = """
called named christened dubbed nicknamed titled labelled labeled baptised baptized name goes known chama
chamam chamamos chamo chamado chamada chamei apelidou apelidado apelidamos apelidei apelido batizou batizado
batizamos batizei nome atende conhecido conhecida llama llaman llamamos llamais llamo llamado llamada bautizo
bautizado bautizamos bautizaron bautice apodado apodo nombre dicen decimos pusimos puse puso pusieron conocido
conocida
"""
_NAMING = frozenset(_NAMING_WORDS.split())  # what leads to a name, however it is spelt: "le pusimos precio del grano"
ENVIRONMENTS = frozenset(word for table in (PLAIN, WORDY) for words in table.values() for word in words)
_LEADING_WORDS = """
is es e o a el la the de como as by por it ele ela lo le se um una un uma foi fue was to at
"""
_LEADING = frozenset(_LEADING_WORDS.split())  # between that and the name
_LAST_WORDS = """
que which that who and y e pero mas but when quando cuando porque because is es esta was foi fue
"""
_NO_MORE = frozenset(_LAST_WORDS.split())  # where a name in small letters has ended
_PLACE_WORDS = """
no na nos nas em en in on at de do da del of the our el la los o a ambiente entorno environment area lado side
desde from
"""
_BEFORE_PLACE = frozenset(_PLACE_WORDS.split())  # between a name and the place where it runs
_PLAIN = re.compile(r"(?:[a-zß-öø-ÿ,;!?()\"' \t\r]|[.:](?![^\W_]))*+")  # small letters and marks between words
_LETTERS = re.compile(r"[a-z]+")
_LEADING_TO_NAMES = frozenset(run for word in (*_NAMING, *ENVIRONMENTS) for run in _LETTERS.findall(word))
_QUOTED = re.compile(r"(?<!\w)([\"'`*“‘«])(?P<name>[^\"'`*“”‘’«»\n]{2,60})[\"'`*”’»](?!\w)")
_SPEECH = re.compile(r"[.!?] |\b(?:error|erro|failed|invalid|null)\b", re.I)


class Place(NamedTuple):
    """Where a name may stand: text[start:end], and how it was met."""

    start: int
    end: int
    how: str  # token | run | cut | grown | counted | quoted | extended | named | placed | subject | rule


class _Word(NamedTuple):
    start: int
    end: int
    kind: str  # odd | title | number | small | link | word
    closed: bool  # whether punctuation follows, so that no run goes on
    opened: bool  # whether a quotation mark or a bracket precedes


@lru_cache(maxsize=4)  # a mail is asked for a pipeline and for a project
def places(text: str, folded: str) -> tuple[Place, ...]:
    """All of them, each once, in order; at most `MOST`."""
    found: dict[tuple[int, int], Place] = {}
    for place in _all(text, folded):
        found.setdefault((place.start, place.end), place)
        if len(found) >= MOST:
            break
    return tuple(sorted(found.values()))


def _all(text: str, folded: str) -> Iterator[Place]:
    for match in _QUOTED.finditer(text):
        if len(match["name"].split()) <= _LONGEST_RUN and not _SPEECH.search(match["name"]):
            yield Place(*match.span("name"), "quoted")
    at = 0
    for line in text.split("\n"):
        if line and len(line) < 3000 and not _says_nothing(line, folded[at : at + len(line)]):
            yield from _of_line(text, folded, [_word(at, match) for match in _TOKEN.finditer(line)])
        at += len(line) + 1


def _says_nothing(line: str, folded: str) -> bool:
    """Whether a line has neither a word that looks given nor one that leads to a name: most wrapped lines are so."""
    return _PLAIN.fullmatch(line) is not None and _LEADING_TO_NAMES.isdisjoint(_LETTERS.findall(folded))


def _word(at: int, match: re.Match[str]) -> _Word:
    start, end = match.start() + at, match.end() + at
    raw = match[0]
    if raw in _LINKS:
        return _Word(start, end, "link", False, False)
    if raw.isalpha():  # most are
        kind = ("small" if raw in _SMALL else "word") if raw.islower() and len(raw) <= _LONGEST_TOKEN else _kind(raw)
        return _Word(start, end, kind, False, False)
    core = raw.lstrip(_OPENING)
    start += len(raw) - len(core)
    kept = core.rstrip(_CLOSING)
    if "(" in kept and core[len(kept) :].startswith(")"):
        kept += ")"  # "METEO_GATE(2)"
    end -= len(core) - len(kept)
    closed = len(kept) < len(core)
    return _Word(start, end, _kind(kept), closed, start > match.start() + at)


def _kind(core: str) -> str:
    if not core or len(core) > _LONGEST_TOKEN:
        return "word"
    if core.isalpha():  # most are: nothing but case and length to look at
        if core.islower():
            return "small" if core in _SMALL else "word"
        if _MIXED.search(core):
            return "odd"
        return _spoken(core)
    if _ADDRESS.search(core) or ("_" in core and ERROR_CODE.fullmatch(core)):
        return "word"
    if _NUMBER.match(core):
        return "number"
    if _CLOCK_OR_DATE.match(core) or _KEY.match(core) or _ELISION.match(core):
        return "word"
    if _MIXED.search(core) or _SEPARATOR.search(core):
        return "odd"
    return _spoken(core)


def _spoken(core: str) -> str:
    if core[0].isupper():
        return "small" if fold(core) in _SMALL else "title"
    return "small" if core in _SMALL else "word"


def _of_line(text: str, folded: str, words: Sequence[_Word]) -> Iterator[Place]:
    for word in words:
        if word.kind == "odd":
            yield Place(word.start, word.end, "token")
    for first, last in _runs(words):
        yield from _of_run(text, words, first, last)
    yield from _counted(words)
    for index, word in enumerate(words):
        if word.kind in {"word", "title", "small"}:
            said = folded[word.start : word.end]
            if said in _NAMING:
                yield from _named(folded, words, index)
            elif said in ENVIRONMENTS:
                yield from _placed(folded, words, index)


def _named(folded: str, words: Sequence[_Word], at: int) -> Iterator[Place]:
    """What follows a word for naming, one word and more: "se llama precio del grano: agarra…"."""
    first = at + 1
    while first < len(words) and first - at < 4 and folded[words[first].start : words[first].end] in _LEADING:
        first += 1
    for last in range(first, min(len(words), first + _LONGEST_SPOKEN)):
        word = words[last]
        if last > first and (words[last - 1].closed or word.opened or folded[word.start : word.end] in _NO_MORE):
            break
        if word.kind != "small" and word.end > word.start:
            yield Place(words[first].start, word.end, "named")


def _placed(folded: str, words: Sequence[_Word], at: int) -> Iterator[Place]:
    """What stands before a word for where it runs: "el asignador en producción", "wagon rides (prod)"."""
    last = at - 1
    while last >= 0 and at - last < 4 and folded[words[last].start : words[last].end] in _BEFORE_PLACE:
        last -= 1
    if last < 0 or words[last].kind == "small":
        return
    if words[last].closed and folded[words[last].end] in _STOPS:
        return
    first = last
    while True:
        before = words[first - 1] if first else None
        if before is None or before.closed or first == last or before.kind == "small":
            yield Place(words[first].start, words[last].end, "placed")
        if before is None or before.closed or last - first + 1 >= _LONGEST_SPOKEN or words[first].opened:
            return
        first -= 1


def _runs(words: Sequence[_Word]) -> Iterable[tuple[int, int]]:
    """Stretches of capitalised words, odd tokens and numbers, with small words between."""
    index = 0
    while index < len(words):
        if words[index].kind not in {"odd", "title"}:
            index += 1
            continue
        first = last = index
        index += 1
        while index < len(words) and not words[index - 1].closed and index - first < _LONGEST_RUN:
            if words[index].opened:
                break
            if words[index].kind in {"odd", "title", "number"}:
                last = index
            elif words[index].kind not in {"small", "link"} or index - last > 2:
                break
            index += 1
        yield first, last
        index = last + 1


def _of_run(text: str, words: Sequence[_Word], first: int, last: int) -> Iterator[Place]:
    start, end = words[first].start, words[last].end
    yield Place(start, end, "run")
    if more := _PARENTHESIS.match(text, end):
        yield Place(start, more.end(), "extended")
    if words[first].kind == "odd" or first == 0 or words[first - 1].closed or text[start:end].isupper():
        yield from _grown(words, first, last)
    if last > first:
        after = first + 1
        while after < last and words[after].kind in {"small", "link"}:
            after += 1
        yield Place(words[after].start, end, "cut")
        before = last - 1
        while before > first and words[before].kind in {"small", "link"}:
            before -= 1
        yield Place(start, words[before].end, "cut")


def _grown(words: Sequence[_Word], first: int, last: int) -> Iterator[Place]:
    """A run with one or two words in small letters behind it: "AIREA silo 6", "Chair-6 headcount"."""
    for more in (last + 1, last + 2):
        if more >= len(words) or words[more - 1].closed or words[more].opened or words[more].kind == "link":
            return
        if words[more].kind != "small":
            yield Place(words[first].start, words[more].end, "grown")


def _counted(words: Sequence[_Word]) -> Iterator[Place]:
    """Small words that end in a number, behind an article: "o pdg repasse tags 4"."""
    for index, word in enumerate(words):
        if word.kind != "number" or index < 2:
            continue
        first = index
        while first > 0 and index - first < 4 and words[first - 1].kind == "word" and not words[first - 1].closed:
            first -= 1
        if index - first >= 2 and (first == 0 or words[first - 1].kind == "small"):
            yield Place(words[first].start, word.end, "counted")
