"""What every match of a regular expression over folded text holds: whole words, or beginnings of words.

In: the pattern. Out: sets of words, of each of which one stands in every match; none where its syntax tree does not
tell. A word of the text begins where no letter, digit or underscore stands before it, as re has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from mailbot.understand.text import fold

try:
    _SYNTAX: Any = import_module("re._parser")  # the tree that re itself compiles; not part of its documented face
except ImportError:  # another Python: nothing is asked beforehand, which is slower and finds the same
    _SYNTAX = None
DIGIT = "0"  # the beginning of every word that begins with a digit
LONGEST = 4  # letters of a beginning
SHORTEST = 2
_MOST = 400  # words that a pattern may begin with: more are no help
_COMMON_WORDS = """
a o e de do da que no nao na en el la the to of in is it y se un um an com con for not and or i we as at on
"""
_COMMON = frozenset(_COMMON_WORDS.split())

Word = tuple[str, bool]  # its letters, and whether they are all of it or only its beginning
Need = frozenset[Word]  # one of them stands in every match
Item = tuple[Any, Any]  # of a syntax tree: operator and argument


def needs_of(pattern: str) -> list[Need]:
    """Sets of words: every match of a pattern over folded text holds one of each. None where nobody can tell."""
    if _SYNTAX is None:
        return []
    tree = _SYNTAX.parse(pattern)
    return [] if tree.state.flags & re.IGNORECASE else _of_row(tree.data, at_edge=False)


def commonness(need: Need) -> int:
    """How many sentences hold one of these words, roughly."""
    return sum(12 if word in _COMMON else 6 if len(word) < 3 else 2 if len(word) < 4 else 1 for word, _ in need)


class _UnknownError(Exception):
    """What stands there may begin with any letter."""


def _of_row(row: Sequence[Item], *, at_edge: bool) -> list[Need]:
    """The needs of a row of items; `at_edge`: a word that begins there begins in the text, too."""
    found: list[Need] = []
    for number, (op, value) in enumerate(row):
        if at_edge and (need := _beginning(row[number:])):
            found.append(need)
        if op.name == "LITERAL":
            at_edge = not _is_letter(chr(value))
            continue
        if (inner := _inside(op, value)) is not None:
            found += _of_row(inner, at_edge=at_edge)
        elif op.name == "BRANCH":
            ways = [min(_of_row(way.data, at_edge=at_edge), key=commonness, default=None) for way in value[1]]
            if all(ways):
                found.append(frozenset().union(*(way for way in ways if way)))
        if number + 1 < len(row):
            at_edge = _leaves_edge(op, value, at_edge=at_edge)
    return found


def _inside(op: Any, value: Any) -> list[Item] | None:
    """The row of a group or of a repetition that is there at least once."""
    name = op.name
    inner: list[Item] | None = None
    if name == "SUBPATTERN" and not value[1] & re.IGNORECASE:
        inner = value[3].data
    elif name == "ATOMIC_GROUP":
        inner = value.data
    elif name.endswith("_REPEAT") and value[0] > 0:
        inner = value[2].data
    return inner


def _leaves_edge(op: Any, value: Any, *, at_edge: bool) -> bool:
    """Whether what a word begins with behind an item is the beginning of a word of the text."""
    name = op.name
    if name == "AT":
        return at_edge or value.name in {"AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING"}
    if name == "ASSERT_NOT":
        return at_edge or (value[0] < 0 and _is_word_class(value[1].data))
    if name == "ASSERT":
        return at_edge
    if name == "BRANCH":
        return all(_row_leaves_edge(way.data, at_edge=at_edge) for way in value[1])
    if name == "SUBPATTERN":
        return _row_leaves_edge(value[3].data, at_edge=at_edge)
    if name == "ATOMIC_GROUP":
        return _row_leaves_edge(value.data, at_edge=at_edge)
    if name.endswith("_REPEAT"):
        once = _row_leaves_edge(value[2].data, at_edge=False)
        return once and (at_edge or value[0] > 0)
    letters = _letters(op, value)
    return letters is not None and not any(map(_is_letter, letters))


def _row_leaves_edge(row: Sequence[Item], *, at_edge: bool) -> bool:
    for op, value in row:
        at_edge = _leaves_edge(op, value, at_edge=at_edge)
    return at_edge


def _is_word_class(row: Sequence[Item]) -> bool:
    r"""Whether a row is one character of a class that holds all of \w."""
    if len(row) != 1 or row[0][0].name != "IN":
        return False
    members = row[0][1]
    return members[0][0].name != "NEGATE" and any(
        kind.name == "CATEGORY" and what.name == "CATEGORY_WORD" for kind, what in members
    )


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _letters(op: Any, value: Any) -> list[str] | None:
    """The characters that an item takes, a digit for all digits and a blank for all blanks; None for too many."""
    name = op.name
    if name == "LITERAL":
        return [chr(value)]
    if name != "IN":
        return None
    found: list[str] = []
    for kind, what in value:
        if kind.name == "LITERAL":
            found.append(chr(what))
        elif kind.name == "RANGE" and what[1] - what[0] < 10:
            found += map(chr, range(what[0], what[1] + 1))
        elif kind.name == "CATEGORY" and what.name == "CATEGORY_SPACE":
            found.append(" ")
        else:
            return None
    return found


def _beginning(row: Sequence[Item]) -> Need | None:
    """The words that a row can begin with; None where some way through it tells none."""
    done: set[Word] = set()
    try:
        done |= {(begun, False) for begun in _extended({""}, row, done)}
    except _UnknownError:
        return None
    need = {(word, True) if whole else (word[:LONGEST], False) for word, whole in done}
    if not need or len(need) > _MOST or any(too_short(word) and not whole for word, whole in need):
        return None
    return frozenset(need)


def too_short(begun: str) -> bool:
    """Whether a beginning says too little of a word."""
    return len(begun) < SHORTEST and begun != DIGIT


def _extended(begun: set[str], row: Iterable[Item], done: set[Word]) -> set[str]:
    """What beginnings of a word become behind a row; those that end there, or go on in some way, are put to `done`."""
    for op, value in row:
        if not begun:
            break
        name = op.name
        if name == "LITERAL":
            begun = _with_letters(begun, chr(value), done)
        elif name == "SUBPATTERN" and not value[1] & re.IGNORECASE:
            begun = _extended(begun, value[3].data, done)
        elif name == "ATOMIC_GROUP":
            begun = _extended(begun, value.data, done)
        elif name == "BRANCH":
            begun = set().union(*(_extended(begun, way.data, done) for way in value[1]))
        elif name.endswith("_REPEAT"):
            once = _extended(begun, value[2].data, done)
            if value[1] != 1:  # more of it may follow
                done |= {(one, False) for one in once if one}
                once -= {one for one in once if one}
            begun = once | begun if value[0] == 0 else once
        elif name == "ASSERT_NOT" and value[0] > 0 and _is_word_class(value[1].data):
            begun = _ended(begun, done)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            continue
        elif name == "AT" and value.name == "AT_BOUNDARY":
            begun = _ended(begun, done)
        elif name == "IN" and [(kind.name, str(what)) for kind, what in value] == [("CATEGORY", "CATEGORYDIGIT")]:
            done |= {(one, False) if one else (DIGIT, False) for one in begun}
            begun = set()
        elif (letters := _letters(op, value)) is not None:
            begun = _with_letters(begun, letters, done)
        else:
            if "" in begun:
                raise _UnknownError
            done |= {(one, False) for one in begun}
            begun = set()
        if len(begun) + len(done) > _MOST:
            raise _UnknownError
    return begun


def _ended(begun: set[str], done: set[Word]) -> set[str]:
    done |= {(one, True) for one in begun if one}
    return begun & {""}


def _with_letters(begun: set[str], letters: Sequence[str], done: set[Word]) -> set[str]:
    longer: set[str] = set()
    for char in dict.fromkeys(letters):
        if not _is_letter(char):
            longer |= _ended(begun, done)
            continue
        small = char if char.isascii() and char.islower() else fold(char)
        for one in begun:
            if len(one) < LONGEST:
                longer.add(one + small)
            else:
                done.add((one, False))
    return longer
