"""Where our questions stand in an answer, and which words of the customer's belong to which.

In: the mail's lines and the questions as we sent them, word for word. Out: `Answer`s: the words under a question, in
its line, or under its number. Lines are matched as rows of words, so wrapping, quote marks and bullets do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.message.model import CUSTOMER_PARTS, Line, Part
from mailbot.tickets.model import Question
from mailbot.understand.doc import Doc, Row, Span
from mailbot.understand.text import fold

MOST_WORDS = 30_000  # of a mail that are searched for our questions
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(
    r"[\s>*•·–-]*(?:(?:resp(?:osta|uesta)?|answer|ans|r|a|q|item|pergunta|pregunta|question|punto|ponto|point)\.?\s*)?"
    r"[#(\[]?(\d{1,2})\s?(?:[.)\]:ºª°]+(?!\d)|\s[-–—=]|[-–—](?=\s)|(?=\s*->))[-–—\s:]*"
)
_BARE_NUMBER = re.compile(r"[ \t>*•·–-]*(\d{1,2})[ \t]+(?=[^\W\d]|[\"'“«])")
_GLUED = re.compile(r"[ \t>*•·–-]*(\d{1,2})[.)](?=\S)")  # "4.Deadlock found", "5.9 y media": by the run of numbers
_GLUED_IN = re.compile(r"(?m)^[ \t>*•·–-]*\d{1,2}[.)]\d")
_LETTER = re.compile(r"[ \t>*•·–-]*\(?([a-h])(?:[.)]|\s[-–])\s+")
_NEXT = re.compile(r"(?<=[\s;,])\(?(\d{1,2})\s?[.)](?!\d)\s+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was written for one question. `span` in Doc.text; None where it stands in a quoted line."""

    question: Question
    text: str
    span: Span | None
    how: str  # "below", "in the line", "number", "order"


@dataclass(frozen=True, slots=True)
class _Place:
    question: Question
    first: int  # index of the line in which it begins
    last: int
    rest: str  # what follows it in its last line
    whole: bool


def quoted(doc: Doc, lines: Sequence[Line], asked: Sequence[Question]) -> tuple[list[Answer], list[Span]]:
    """Answers between our quoted questions, and the stretches of the customer's rows that are our own questions."""
    places = sorted(_places(lines, asked), key=lambda place: place.first)
    rows = {row.origin: row for row in doc.rows if row.end > row.start}
    ours = {index for place in places for index in range(place.first, place.last + 1)}
    stray = [Span(row.start, row.end) for index in sorted(ours) if (row := _row(lines[index], rows)) is not None]
    answers = []
    for number, place in enumerate(places):
        stop = places[number + 1].first if number + 1 < len(places) else len(lines)
        if place.rest:
            row = _row(lines[place.last], rows)
            span = Span(row.end - len(place.rest), row.end) if row else None
            answers.append(Answer(place.question, place.rest, span, "in the line"))
        below = _below(lines, place, stop, rows)
        if below:
            span = Span(below[0].start, below[-1].end)
            answers.append(Answer(place.question, doc.text[span.start : span.end], span, "below"))
    return answers, stray


def _row(line: Line, rows: dict[int, Row]) -> Row | None:
    return rows.get(line.start + len(line.raw) - len(line.text)) if line.part in CUSTOMER_PARTS else None


def _places(lines: Sequence[Line], asked: Sequence[Question]) -> Iterator[_Place]:
    """Where each question stands; the words of a question's first line are enough."""
    words: list[str] = []
    where: list[tuple[int, int]] = []  # line, end of the word in the line's raw text
    for index, line in enumerate(lines):
        for match in _WORD.finditer(fold(line.raw)):
            words.append(match[0])
            where.append((index, match.end()))
        if len(words) > MOST_WORDS:
            break
    starts: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        starts.setdefault(word, []).append(at)
    for question in asked:
        wanted = _bare(question)
        least = max(2, min(len(_WORD.findall(fold(_first_line(question)))), len(wanted)))
        if not wanted:
            continue
        for at in starts.get(wanted[0], ()):
            length = 0
            while length < len(wanted) and at + length < len(words) and words[at + length] == wanted[length]:
                length += 1
            if length >= least:
                first, (last, end) = where[at][0], where[at + length - 1]
                rest = lines[last].raw[end:].strip(" \t?!.:*_)-–—>\"'”»]")
                yield _Place(
                    question, first, last, rest if _is_rest(rest, words, at + length) else "", length == len(wanted)
                )
                break


def _is_rest(rest: str, words: list[str], after: int) -> bool:
    """Whether what follows a question in its line are somebody's words and not the rest of a wrapped hint."""
    return bool(_WORD.search(rest)) and after <= len(words)


def _first_line(question: Question) -> str:
    return re.sub(r"^\W*\d{1,2}\W+", "", question.text.strip().split("\n", 1)[0])


def _bare(question: Question) -> list[str]:
    """The words of a question without its number."""
    return _WORD.findall(fold(re.sub(r"^\W*\d{1,2}\W+", "", question.text.strip())))


def _below(lines: Sequence[Line], place: _Place, stop: int, rows: dict[int, Row]) -> list[Row]:
    """The customer's rows directly below a question, up to the next line that is not theirs."""
    out: list[Row] = []
    between = 0
    for index in range(place.last + 1, stop):
        line = lines[index]
        row = _row(line, rows)
        if row is not None:
            out.append(row)
        elif line.part is Part.BLANK or not line.text.strip():
            continue
        elif out:
            break
        else:
            between += 1
            if between > (0 if place.whole else 3):
                break
    return out


def numbered(doc: Doc, asked: Sequence[Question], taken: Sequence[Span]) -> list[Answer]:
    """Answers under the questions' numbers: "1) … 2) …", one a line or several in one; or lines that begin with all of
    them, from the first on, without a mark behind: "1 sync-orders", "2 prod"; or with letters for them: "a) …"."""
    marked = _numbered(doc, asked, taken, _NUMBER)
    if marked and _GLUED_IN.search(doc.text):
        glued = _numbered(doc, asked, taken, _GLUED)
        if len(glued) > len(marked) and [one.question.number for one in glued] == [*range(1, len(glued) + 1)]:
            return glued
    if marked:
        return marked
    for mark in (_BARE_NUMBER, _LETTER):
        listed = _numbered(doc, asked, taken, mark)
        from_first = sorted(question.number for question in asked)[: len(listed)]
        if len(listed) > 1 and [answer.question.number for answer in listed] == from_first:
            return listed
    return []


def _numbered(doc: Doc, asked: Sequence[Question], taken: Sequence[Span], mark: re.Pattern[str]) -> list[Answer]:
    by_number = {question.number: question for question in asked}
    lettered = dict(zip("abcdefgh", sorted(by_number), strict=False))
    items: list[tuple[int, int, int]] = []  # number, start, end
    for row in doc.rows:
        if row.end == row.start or row.technical or any(row.start in span for span in taken):
            continue
        match = mark.match(doc.folded, row.start, row.end)
        text_start = match.end() if match else row.start
        if match:
            number = lettered.get(match[1], 0) if match[1].isalpha() else int(match[1])
            items.append((number, text_start, row.end))
            for following in _NEXT.finditer(doc.folded, text_start, row.end):
                number = int(following[1])
                if number == items[-1][0] + 1 and number in by_number:
                    items[-1] = (items[-1][0], items[-1][1], following.start())
                    items.append((number, following.end(), row.end))
        elif items and doc.text[items[-1][2] : row.start].count("\n") <= (1 if _said(doc, items[-1]) else 2):
            items[-1] = (items[-1][0], items[-1][1], row.end)
    numbers = [number for number, _, _ in items]
    if not items or numbers != sorted(set(numbers)) or any(number not in by_number for number in numbers):
        return []
    return [
        Answer(by_number[number], doc.text[start:end].strip(), Span(start, end), "number")
        for number, start, end in items
    ]


def _said(doc: Doc, item: tuple[int, int, int]) -> bool:
    return bool(doc.text[item[1] : item[2]].strip())
