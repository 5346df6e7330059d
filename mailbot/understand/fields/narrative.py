"""What the finders of narratives share: the sentences of a mail that are worth judging, and how a find is told.

In: a Doc. Out: `Sentence`s, each with its folded words and what the classifier makes of it, asked for on demand.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from mailbot.rules.pack import RulePack
from mailbot.understand import model
from mailbot.understand.cues import Words
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.model import verdict

MOST_SENTENCES = 120  # of one mail that are judged: what comes later is pasted
MOST_HEARD = 60  # that tell what it is as a whole
MOST_PASTED = 30  # technical rows that are judged
MOST_CHARACTERS = 700  # of one sentence
LONG = 200  # characters of a sentence from which its pieces are judged, too: dictated mails have no full stop
PIECE = 80  # least characters of a piece that is cut off
MOST_PIECES = 40  # of one sentence
MOST_PIECES_IN_ALL = 240  # of one mail: a dump on one line has thousands
PRESENT = "present"
FEWEST_WORDS = 4  # of a sentence that tells something
LEAST = 0.03  # chance below which words that stand where a narrative was asked for are none
NOT_GIVEN = -1.0  # logit up to which such words do not read as one together
MISSED = 0.3  # chance of a near miss from which labelled words are one
WEIGHED_WORDS = 40  # longer ones are taken as they are
_FORM = frozenset({"greeting", "signature_line", "thanks_only", "disclaimer"})

_ENDS = re.compile(r"(?<=[.!?;])\s+|\n")
_QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|'[^'\n]{3,300}'(?!\w)|`[^`\n]{1,300}`")
_JOINT = re.compile(
    r"[,;:](?=\s)|\n|\s(?=(?:e|y|and|mas|pero|but|so|ai|dai|entao|entonces|then|depois|despues|luego|que|porque|because"
    r"|while|enquanto|mientras|ya|ja|quando|cuando|when|only|solo|tambem|tambien|also|o|a|el|la|the|we|i|it|nos)\s)"
)


class _Place(NamedTuple):
    start: int
    end: int
    text: str
    folded: Words
    technical: bool  # code, a log line, a header: nobody's prose
    forwarded: bool
    bare: Words  # folded, with quoted stretches emptied: for the wording of the writer alone
    around: int = 0  # what stands around it, for the classifier


class Sentence(_Place):
    """A stretch of the mail that is judged. Every finder asks what the classifier makes of it: it is judged once."""

    @cached_property
    def chances(self) -> tuple[float, ...]:
        """What the classifier makes of it where it stands, in the order of its labels."""
        return model.chances(self.text, self.around)

    def odds(self, label: str) -> float:
        """The classifier's probability that this sentence says such a thing."""
        return self.chances[model.numbers()[label]]

    def rival(self, labels: tuple[str, ...]) -> float:
        """The probability of the likeliest of some other labels."""
        chances, number = self.chances, model.numbers()
        return max([chances[number[label]] for label in labels])


@lru_cache(maxsize=8)
def _sentences(doc_key: _Key) -> tuple[Sentence, ...]:
    doc, letter = doc_key.doc, _letter(doc_key)
    out = []
    for span in doc.sentences[:MOST_SENTENCES]:
        end = min(span.end, span.start + MOST_CHARACTERS)
        row = doc.row_at(span.start)
        forwarded, technical = bool(row and row.forwarded), bool(row and row.technical)
        out.append(_sentence(doc, letter, span.start, end, forwarded, technical))
    return tuple(out)


@lru_cache(maxsize=8)
def _letter(doc_key: _Key) -> model.Letter:
    """The mail as the classifier sees it around a passage."""
    doc, spans = doc_key.doc, doc_key.doc.sentences[:MOST_SENTENCES]
    texts = [doc.text[span.start : min(span.end, span.start + MOST_CHARACTERS)] for span in spans]
    return model.Letter(doc.setting, doc.subject_clean, texts, spans)


def subject_odds(doc: Doc, label: str) -> float:
    """The classifier's probability that the subject says such a thing; 0 where there is none."""
    if not doc.subject_clean:
        return 0.0
    return model.chances(doc.subject_clean, _of_subject(_Key(doc)))[model.numbers()[label]]


@lru_cache(maxsize=8)
def _of_subject(doc_key: _Key) -> int:
    return _letter(doc_key).subject()


class _Key:
    """A Doc as a key of the cache: the same object is the same mail."""

    __slots__ = ("doc",)

    def __init__(self, doc: Doc) -> None:
        self.doc = doc

    def __hash__(self) -> int:
        return id(self.doc)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.doc is self.doc


def sentences(doc: Doc) -> tuple[Sentence, ...]:
    """The sentences that are judged, in order."""
    return _sentences(_Key(doc))


def sentence_from(doc: Doc, start: int) -> Sentence | None:
    """The judged sentence that begins there."""
    index = bisect_left(sentences(doc), start, key=lambda one: one.start)
    found = sentences(doc)[index : index + 1]
    return found[0] if found and found[0].start == start else None


def prose(doc: Doc) -> Iterator[Sentence]:
    """Those that somebody wrote, not pasted."""
    return (sentence for sentence in sentences(doc) if not sentence.technical)


@lru_cache(maxsize=8)
def _clauses(doc_key: _Key) -> tuple[Sentence, ...]:
    doc, letter = doc_key.doc, _letter(doc_key)
    out: list[Sentence] = []
    left = MOST_PIECES_IN_ALL
    for span, sentence in zip(doc.sentences[:MOST_SENTENCES], _sentences(doc_key), strict=True):
        if sentence.technical:
            continue
        out.append(sentence)
        if span.end - span.start > LONG and left > 0:
            pieces = list(_pieces(doc, letter, span.start, span.end, sentence.forwarded))
            out += pieces
            left -= len(pieces)
    return tuple(out)


def _pieces(doc: Doc, letter: model.Letter, start: int, end: int, forwarded: bool) -> Iterator[Sentence]:
    """A long sentence cut at its joints, never inside quotation marks."""
    quoted = [match.span() for match in _QUOTED.finditer(doc.folded, start, end)]
    left, count = start, 0
    for joint in _JOINT.finditer(doc.folded, start, end):
        weak = joint.end() == joint.start() + 1 and doc.folded[joint.start()] == " "
        if joint.start() - left < PIECE * (1.6 if weak else 1.0) or end - joint.end() < PIECE / 2:
            continue
        if any(first < joint.start() < last for first, last in quoted):
            continue
        yield _sentence(doc, letter, left, joint.start(), forwarded)
        left, count = joint.end(), count + 1
        if count >= MOST_PIECES:
            return
    if left > start:
        yield _sentence(doc, letter, left, end, forwarded)


def _sentence(
    doc: Doc, letter: model.Letter, start: int, end: int, forwarded: bool, technical: bool = False
) -> Sentence:
    folded = Words(doc.folded[start:end])
    bare = Words(_QUOTED.sub('""', folded)) if _QUOTED.search(folded) else folded
    around = letter.around(start, end)
    return Sentence(start, end, doc.text[start:end], folded, technical, forwarded, bare, around)


def clauses(doc: Doc) -> tuple[Sentence, ...]:
    """Those that somebody wrote, and the pieces of the long ones behind each."""
    return _clauses(_Key(doc))


@lru_cache(maxsize=8)
def _spoken(doc_key: _Key) -> tuple[Sentence, ...]:
    pasted = tuple(sentence for sentence in _sentences(doc_key) if sentence.technical)
    return (*_clauses(doc_key), *pasted[:MOST_PASTED])


def spoken(doc: Doc) -> tuple[Sentence, ...]:
    """Everything that may give a narrative: what somebody wrote, in sentences and pieces, and what was pasted."""
    return _spoken(_Key(doc))


@lru_cache(maxsize=8)
def _told(doc_key: _Key) -> tuple[verdict.Told, ...]:
    names = model.known_labels()
    out = []
    for sentence in _spoken(doc_key):
        odds = zip(names, sentence.chances, strict=True)
        says = frozenset([name for name, chance in odds if chance > 0.5 and ":" not in name])
        words = sentence.text.count(" ") + 1
        if words >= FEWEST_WORDS and not says & _FORM:
            out.append(verdict.Told(words, says))
    return tuple(out)


def told(doc: Doc) -> tuple[verdict.Told, ...]:
    """The sentences that tell something: no greeting, no signature, no thanks."""
    return _told(_Key(doc))


@lru_cache(maxsize=8)
def _likeliest(doc_key: _Key) -> tuple[float, ...]:
    said = [sentence.chances for sentence in _spoken(doc_key)]
    return tuple(map(max, zip(*said, strict=True))) or (0.0,) * len(model.known_labels())


def likeliest(doc: Doc, labels: Iterable[str]) -> list[float]:
    """The chances of some labels in the sentence that is the likeliest to have each."""
    number, top = model.numbers(), _likeliest(_Key(doc))
    return [top[number[label]] for label in labels]


@lru_cache(maxsize=8)
def _whole(doc_key: _Key) -> dict[str, dict[str, float]]:
    doc, sentences = doc_key.doc, _sentences(doc_key)[:MOST_HEARD]
    return model.whole(doc.setting, doc.subject_clean, [sentence.text for sentence in sentences])


def whole(doc: Doc, asked: str) -> dict[str, float]:
    """What the mail is as a whole (model.whole): field, kind or priority -> logit."""
    return _whole(_Key(doc))[asked]


def together(doc: Doc, field: str) -> float:
    """What the sentences say together of whether the mail gives a field: logit, -6..6."""
    return whole(doc, model.GIVES).get(field, 0.0)


def may_be(name: str, words: str, where: tuple[str, ...] = ()) -> bool:
    """Whether words that stand where a narrative was asked for may be one: "because", "as I said", "we looked" are not.

    One likely sentence is enough, or that all together read so; `where` the mail came in is Doc.setting. A code by
    itself and long words are taken as they are, and so are fields that the classifier does not know.
    """
    if name not in model.known_labels() or not 1 < len(words.split()) <= WEIGHED_WORDS:
        return True
    number, labels = model.numbers(), (name, *verdict.TOLD_BY.get(name, ()))
    spans = _ends_of(words)
    letter = model.Letter(where, "", [words[start:end] for start, end in spans], spans)
    said = [(words[start:end], letter.around(start, end)) for start, end in (*spans, (0, len(words)))]
    if any(model.chances(*one)[number[label]] >= LEAST for one in said for label in labels):
        return True
    read = model.whole(where, "", [words[start:end] for start, end in spans])
    return read[model.GIVES].get(name, NOT_GIVEN) > NOT_GIVEN


def _ends_of(words: str) -> list[tuple[int, int]]:
    """Where the sentences of a few words stand."""
    starts = [0, *(match.end() for match in _ENDS.finditer(words))]
    ends = [*(match.start() for match in _ENDS.finditer(words)), len(words)]
    return list(zip(starts, ends, strict=True))


def misses(name: str, words: str, where: tuple[str, ...] = ()) -> bool:
    """Whether words behind a field's label are a near miss of it: "Motivo: ya lo saben", "Tests: the usual ones"."""
    near = verdict.NEAR + name
    if near not in model.known_labels() or may_be(name, words, where):
        return False
    return model.probability(words, near) >= MISSED


def pairs(doc: Doc, most: int = 420) -> Iterator[tuple[Sentence, Sentence]]:
    """Neighbouring sentences of prose: what one begins the next may complete."""
    before: Sentence | None = None
    for sentence in prose(doc):
        if before and sentence.start - before.end < 6 and sentence.end - before.start <= most:
            yield before, sentence
        before = sentence


def found(doc: Doc, field: str, start: int, end: int, cue: str, confidence: float) -> Found:
    """A narrative that is there, with the words that say so."""
    return Found(field, PRESENT, doc.evidence(start, end), f"{field}/{cue}", round(min(1.0, confidence), 3))


@dataclass(frozen=True, slots=True)
class Narrative:
    """A finder of one narrative, as the list of finders takes it."""

    name: str
    find: Callable[[Doc, RulePack, Context], Iterable[Found | Rejected]]

    def __call__(self, doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
        """Nothing where the pack has no such field."""
        return self.find(doc, pack, context) if self.name in pack.fields else ()


Sign = tuple[float, str]  # confidence, and what spoke for it


def surest(
    doc: Doc,
    field: str,
    judge: Callable[[Sentence], Sign | None],
    judge_pair: Callable[[Sentence, Sentence], Sign | None],
) -> Iterator[Found]:
    """The surest sentence; where none says it alone, the first two neighbours that say it together."""
    best: tuple[float, str, int, int] | None = None
    for sentence in clauses(doc):
        sign = judge(sentence)
        if sign and (best is None or sign[0] > best[0]):
            best = (sign[0], sign[1], sentence.start, sentence.end)
    if best is None:
        for one, other in pairs(doc):
            sign = judge_pair(one, other)
            if sign:
                best = (sign[0], sign[1], one.start, other.end)
                break
    if best:
        yield found(doc, field, best[2], best[3], best[1], best[0])
