"""A mail as every finder reads it: the customer's own words, normalised once, with a way back to the mail.

In: a `Message` and its split lines. Out: a frozen `Doc`. Nobody after this folds, strips quote marks or cuts sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from mailbot.message.model import CUSTOMER_PARTS, Line, Message, Part
from mailbot.understand.cues import Words
from mailbot.understand.facts import Evidence
from mailbot.understand.text import fold

_PREFIX = re.compile(
    r"\s*(?:(?:re|res|resp|enc|encam|fw|fwd|rv|tr|aw|wg|automatic reply|resposta automatica|respuesta automatica)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]|\[#?[\w-]*\d[\w-]*\]|\[(?:ext|external|externo)\])\s*",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"^\s*(?:"
    r"at\s+[\w.$<>/]+\(|caused by:|\.\.\. \d+ (?:more|common)|traceback \(most|file \"[^\"]+\", line \d+"
    r"|[{}\[\]]+[,;]?\s*$|\"[\w.$@-]+\"\s*:|</?[a-zA-Z][^>]*>\s*$|<\?xml"
    r"|curl\s+-|-[HXd]\s+['\"]|[$#]\s+\w|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:/"
    r"|https?:)\S*(?:\s+HTTP/\S+)?\s*$|HTTP/\d"
    r"|(?-i:[A-Z][A-Za-z]+(?:-[A-Z][A-Za-z]*)+|x-[a-z-]+|(?:content|user|accept|client|api)-[a-z]+):\s+\S"
    r"|[\w.]+(?:Exception|Error)(?::|$)"
    r"|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d[.,]?\d*\]?\s|\[?\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"
    r"|(?:select|insert into|update|delete from)\s+\w+.*(?:from|values|set|where)\b"
    r")",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*•·–—▪◦‣o]\s+|\(?\d{1,2}\s*[.)\]:-]\s|\(?[a-h][.)]\s|[✔✅❌→>]\s*)")
_LABEL = re.compile(r"\s*[^\W\d_][^:.!?\n]{0,38}:(?:\s|$)")
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"')\]]*+(?=\s)|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:sr|sra|srs|dr|dra|mr|mrs|ms|ex|p\. ?ex|por ej|e\.g|i\.e|etc|vs|no|n|num|art|pag|tel|aprox|approx"
    r"|obs|ref|ud|uds|vcs|seg|ter|qua|qui|sex|sab|dom|lun|mar|mie|jue|vie|jan|fev|abr|mai|jun|jul|ago|set|out|nov"
    r"|dez|dic|ene|p|a|c))\.$"
)
_NUMBERED = re.compile(r"(?<!\d)(\d{1,2})\.$")

NARROWEST = 66  # characters to which mail clients wrap at least
LONGEST_WRAPPED = 110  # characters: a longer row was not wrapped by a mail client, so its end was typed

MOST_CHARACTERS = 200_000  # of a mail that are cut into sentences: what comes later is a dump


class Span(NamedTuple):
    start: int
    end: int

    def __contains__(self, offset: object) -> bool:
        return isinstance(offset, int) and self.start <= offset < self.end


class Row(NamedTuple):
    """One line of `Doc.text`: text[start:end], without \\n."""

    start: int
    end: int
    origin: int  # offset of its first character in Message.text
    date: datetime | None = None  # of the forwarded mail that it stands in
    forwarded: bool = False
    technical: bool = False  # code, a log line, a header, a stack trace: nobody's prose
    item: bool = False  # begins like a list item


@dataclass(frozen=True)
class Doc:
    """The customer's words of one mail. Offsets of rows, sentences, paragraphs are into `text` and `folded` alike."""

    message: Message
    lines: tuple[Line, ...]  # all of the mail, quotes included
    text: str  # NEW and FORWARDED lines joined by \n, without quote marks; a gap left by other lines is a blank row
    folded: Words  # lower case, no accents, plain quotes and dashes; same length
    rows: tuple[Row, ...]
    setting: tuple[str, ...] = ()  # where it came in (model.around.setting)

    @property
    def subject(self) -> str:
        return self.message.subject

    @cached_property
    def subject_clean(self) -> str:
        """The subject without Re:, ENC:, [#12] and the like."""
        return clean_subject(self.message.subject)

    @cached_property
    def subject_folded(self) -> Words:
        return Words(fold(self.subject_clean))

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Runs of rows between blank rows."""
        spans: list[Span] = []
        start = -1
        for row in self.rows:
            blank = not self.text[row.start : row.end].strip()
            if blank and start >= 0:
                spans.append(Span(start, row.start - 1))
                start = -1
            elif not blank and start < 0:
                start = row.start
        if start >= 0:
            spans.append(Span(start, len(self.text)))
        return tuple(spans)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences, list items, labelled lines; a technical row is one of its own. Wrapped rows are joined."""
        return tuple(_sentences(self))

    @cached_property
    def prose(self) -> Words:
        """`folded` with technical rows blanked out, same length: for the wording of people only."""
        if not any(row.technical for row in self.rows):
            return self.folded
        return Words(
            "\n".join(
                " " * (row.end - row.start) if row.technical else self.folded[row.start : row.end] for row in self.rows
            )
        )

    @cached_property
    def width(self) -> int:
        """Characters of the longest row of prose."""
        return max((row.end - row.start for row in self.rows if not row.technical), default=0)

    @cached_property
    def _starts(self) -> list[int]:
        return [row.start for row in self.rows]

    def row_at(self, offset: int) -> Row | None:
        """The row that an offset into `text` stands in."""
        index = bisect_right(self._starts, offset) - 1
        return self.rows[index] if index >= 0 else None

    def sentence_at(self, offset: int) -> Span:
        """The sentence that an offset stands in; an empty span when it stands between two."""
        index = bisect_right(self.sentences, offset, key=lambda span: span.start) - 1
        if index >= 0 and offset in self.sentences[index]:
            return self.sentences[index]
        return Span(offset, offset)

    def date_at(self, offset: int) -> datetime:
        """What relative dates at this place count from: the forwarded mail's date, else the mail's own."""
        row = self.row_at(offset)
        return (row.date if row else None) or self.message.date

    def origin(self, offset: int) -> int:
        """The place in Message.text of an offset into `text`."""
        row = self.row_at(offset)
        return row.origin + offset - row.start if row else -1

    def evidence(self, start: int, end: int) -> Evidence:
        """The words between two offsets into `text`, as evidence with their place in Message.text."""
        return Evidence(self.text[start:end], "body", self.origin(start), self.origin(max(start, end - 1)) + 1)

    def without(self, spans: Iterable[Span]) -> Doc:
        """The same mail with some stretches blanked out (offsets stay): what is left after answers were taken."""
        text, folded = self.text, str(self.folded)
        for span in spans:
            gap = "".join("\n" if c == "\n" else " " for c in text[span.start : span.end])
            text = text[: span.start] + gap + text[span.end :]
            folded = folded[: span.start] + gap + folded[span.end :]
        return replace(self, text=text, folded=Words(folded))


MOST_READ = 120_000  # characters of a mail: what stands further on is a dump, which the ticket keeps and nobody reads
MOST_OF_A_LINE = 20_000
_BLANKS = re.compile(r"[^\S\n]{100,}")
_KEPT = " " * 40
MOST_LINES = 10_000


def build(message: Message, lines: Sequence[Line], setting: tuple[str, ...] = ()) -> Doc:
    """The Doc of a mail whose lines are told apart (message.quote.split)."""
    rows: list[Row] = []
    texts: list[str] = []
    at, gap = 0, False
    for line in lines:
        if line.part not in CUSTOMER_PARTS:
            gap = True
            continue
        if gap and texts:
            rows.append(Row(at, at, line.start))
            texts.append("")
            at += 1
        gap = False
        if at > MOST_READ or len(rows) > MOST_LINES:
            break
        begun = line.start + len(line.raw) - len(line.text)
        for piece in line.text.split("\n"):  # far down, many lines are one
            text = _unblanked(piece[:MOST_OF_A_LINE])
            technical, item = bool(_TECHNICAL.match(text)), bool(_ITEM.match(text))
            forwarded = line.part is Part.FORWARDED
            rows.append(Row(at, at + len(text), begun, line.date, forwarded, technical, item))
            texts.append(text)
            at += len(text) + 1
            begun += len(piece) + 1
            if at > MOST_READ or len(rows) > MOST_LINES:
                break
    whole = "\n".join(texts)
    return Doc(message, tuple(lines), whole, Words(fold(whole)), tuple(rows), setting)


def _unblanked(text: str) -> str:
    """A line whose runs of blanks are filled where no table is that wide, at the same length: blanks may stand between
    any two words, so that every wording would be tried along the whole run, and again from each of its places."""
    return _BLANKS.sub(lambda run: _KEPT + "\u00b7" * (len(run[0]) - 2 * len(_KEPT)) + _KEPT, text)


def clean_subject(subject: str) -> str:
    """A subject without the marks of replies, forwards and tickets."""
    at = 0
    while match := _PREFIX.match(subject, at):
        at = match.end()
    return subject[at:].strip()


def _sentences(doc: Doc) -> Iterable[Span]:
    for paragraph in doc.paragraphs:
        start = paragraph.start
        if start > MOST_CHARACTERS:
            return
        for match in _END.finditer(doc.folded, paragraph.start, min(paragraph.end, MOST_CHARACTERS)):
            if match[0] == "\n":
                if not _breaks(doc, match.start()):
                    continue
            elif _ABBREVIATION.search(doc.folded[max(start, match.start() - 8) : match.end()]) or _enumerates(
                doc, match
            ):
                continue
            yield from _span(doc, start, match.end())
            start = match.end()
        yield from _span(doc, start, paragraph.end)


def _enumerates(doc: Doc, end: re.Match[str]) -> bool:
    """Whether a full stop belongs to the number of an item ("1. open 2. save"), not to the sentence ("it was 5.")."""
    number = _NUMBERED.search(doc.folded[max(0, end.start() - 2) : end.end()])
    if number is None:
        return False
    before = doc.folded[max(0, end.start() - 400) : end.start() - len(number[1])]
    return (
        not before.strip(" \t")
        or before.rstrip(" \t").endswith("\n")
        or _counts(doc.folded[end.end() : end.end() + 400], int(number[1]) + 1)
        or _counts(before, int(number[1]) - 1)
    )


def _counts(text: str, number: int) -> bool:
    """Whether an item of this number begins there."""
    mark = f"{number}."
    at = text.find(mark)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(mark) : at + len(mark) + 1]
        if after.isspace() and not (before.isalnum() or before in ("_", ".", ",")):
            return True
        at = text.find(mark, at + 1)
    return False


def _span(doc: Doc, start: int, end: int) -> Iterable[Span]:
    while start < end and doc.text[start].isspace():
        start += 1
    while end > start and doc.text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _breaks(doc: Doc, newline: int) -> bool:
    """Whether a line end ends a sentence, or only wraps it: a line is wrapped where the next word had no room."""
    index = bisect_right(doc._starts, newline) - 1
    row, after = doc.rows[index], doc.rows[index + 1]
    following = doc.text[after.start : after.end]
    if row.technical or after.technical or after.item or _LABEL.match(following):
        return True
    length = row.end - row.start
    if length < 50 or length > LONGEST_WRAPPED or not following[:1].islower():
        return True
    return length + 1 + len(following.split(" ", 1)[0]) <= max(NARROWEST, min(doc.width, LONGEST_WRAPPED) - 8)
