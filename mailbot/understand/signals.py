"""What the sentences of a ticket's customers say: families of phrases and labels, each with the sentence it stands in.

In: the customers' texts so far and this mail's. Out: `Signals`, which the kind, the priority and the policies read.
Error texts between quotes and technical lines are left out of the phrases: "authentication failed" inside an error
message is no request about a login.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from mailbot.message.model import Line, Message, Part
from mailbot.rules.pack import Clue, RulePack
from mailbot.rules.phrases import Hit, Phrasebook
from mailbot.understand import model
from mailbot.understand.doc import Doc, build
from mailbot.understand.fields.narrative import Sentence, sentences, whole
from mailbot.understand.model.around import setting
from mailbot.understand.text import fold, words

HEARD = 0.3  # chance from which a label counts
LEAST_CHANCE = 0.05  # of a label that is kept
MAX_POLITE = 14  # words up to which a polite closing is nothing else
_FORM = ("signature_line", "disclaimer")  # labels of sentences that say nothing about the matter
_PARTS = re.compile(r"[^a-z0-9]+")
_QUOTED = re.compile(r"\"[^\"\n]{2,200}\"|`[^`\n]{2,200}`|<[^<>\n]{2,80}>")


class Said(NamedTuple):
    """Something said, with the sentence that said it."""

    sentence: str
    hit: Hit | None = None  # the wording, where it was a family
    weight: float = 1.0
    mail: int = -1  # 0 is the ticket's first mail; the last one is the mail at hand

    @property
    def words(self) -> str:
        """The words that say it."""
        return self.hit.words if self.hit else _short(self.sentence)


@dataclass(frozen=True, slots=True)
class Signals:
    families: Mapping[str, Said] = field(default_factory=dict)
    labels: Mapping[str, Said] = field(default_factory=dict)  # the strongest sentence of each label
    subject: Mapping[str, Said] = field(default_factory=dict)  # families in a subject
    kinds: Mapping[str, float] = field(default_factory=dict)  # how the first mail as a whole reads (model.whole)
    priorities: Mapping[str, float] = field(default_factory=dict)

    def reason(self, clue: Clue, fields: Mapping[str, str], role: str) -> str:
        """Why a clue counts here, in the customer's words where there are any."""
        if clue.family or clue.subject:
            name = clue.family or clue.subject or ""
            said = (self.families.get(name) if clue.family else None) or self.subject[name]
            return f'"{said.words}"' if clue.family else f'subject: "{said.words}"'
        if clue.label:
            said = self.labels[clue.label]
            return f'{clue.label} {said.weight:.2f}: "{said.words}"'
        if clue.field:
            return f"{clue.field} {fields.get(clue.field)}" if clue.holds else f"{clue.field} is given"
        return f"sent to {role}" if clue.role else f"environment {fields.get('environment', 'unknown')}"

    def weigh(self, clue: Clue, fields: Mapping[str, str], role: str) -> float:
        """How much a clue counts here; 0 when it does not."""
        if clue.family and clue.family not in self.families and clue.family not in self.subject:
            return 0.0
        if clue.without and any(name in self.families or name in self.subject for name in clue.without):
            return 0.0
        if clue.beside and not any(name in self.families or name in self.subject for name in clue.beside):
            return 0.0
        if clue.environment and fields.get("environment", "unknown") not in clue.environment:
            return 0.0
        if clue.role and clue.role != role:
            return 0.0
        if clue.family:
            return clue.weight
        if clue.subject:
            return clue.weight if clue.subject in self.subject else 0.0
        if clue.label:
            said = self.labels.get(clue.label)
            return clue.weight * said.weight if said and said.weight >= HEARD else 0.0
        if clue.field:
            value = fields.get(clue.field)
            told = value and (not clue.holds or any(word in clue.holds for word in _PARTS.split(value.lower())))
            return clue.weight if told else 0.0
        return clue.weight if clue.role or clue.environment else 0.0

    def weighed(self, clues: Iterable[Clue], fields: Mapping[str, str], role: str) -> list[tuple[float, Clue]]:
        """Those of some clues that count here, with how much."""
        families, subject = self.families, self.subject
        return [
            (weight, clue)
            for clue in clues
            if not (clue.family and clue.family not in families and clue.family not in subject)  # most
            and (weight := self.weigh(clue, fields, role))
        ]


@dataclass(frozen=True, slots=True)
class MailSignals:
    """What one mail says; its sentences are weighed once."""

    families: Mapping[str, Said]
    labels: Mapping[str, Said]
    subject: Mapping[str, Said]
    kinds: Mapping[str, float]  # of the first mail of a ticket (model.whole), else empty
    priorities: Mapping[str, float]


def of_mail(doc: Doc, pack: RulePack, number: int = 0) -> MailSignals:
    """The signals of the mail at hand."""
    return _weigh(doc, pack.phrases, pack.says_nothing, number)


def of_text(text: str, pack: RulePack, number: int, role: str = "support") -> MailSignals:
    """The signals of an earlier mail, of which the text is kept, subject line first."""
    return _of_text(text, pack.phrases, pack.says_nothing, number, setting(pack.name, role, number > 0))


@lru_cache(maxsize=64)
def _of_text(
    text: str, phrases: Phrasebook, says_nothing: tuple[str, ...], number: int, where: tuple[str, ...]
) -> MailSignals:
    subject, _, body = text.partition("\n")
    return _weigh(_doc_of(subject, body, where), phrases, says_nothing, number)


def together(mails: Iterable[MailSignals]) -> Signals:
    """The signals of several mails, oldest first: the first wording and the strongest sentence of each."""
    families: dict[str, Said] = {}
    labels: dict[str, Said] = {}
    subject: dict[str, Said] = {}
    kinds, priorities = None, None
    for mail in mails:
        if kinds is None:
            kinds, priorities = mail.kinds, mail.priorities
        families = {**mail.families, **families}
        subject = {**mail.subject, **subject}
        for label, said in mail.labels.items():
            if label not in labels or said.weight > labels[label].weight:
                labels[label] = said
    return Signals(families, labels, subject, kinds or {}, priorities or {})


def _weigh(doc: Doc, phrases: Phrasebook, says_nothing: tuple[str, ...], number: int) -> MailSignals:
    families: dict[str, Said] = {}
    labels: dict[str, Said] = {}
    subject = doc.subject_clean
    in_subject = {name: Said(subject, hit, 1.0, number) for name, hit in _searched(phrases, subject).items()}
    known, number_of = model.known_labels(), model.numbers()
    form = [number_of[label] for label in _FORM if label in number_of]
    for sentence, judged in _readable(doc):
        chances = judged.chances
        if any(chances[one] >= 0.5 for one in form):
            continue
        hits = _searched(phrases, sentence)
        if any(name in hits for name in says_nothing) and len(words(sentence)) <= MAX_POLITE:
            continue
        for name, hit in hits.items():
            if name not in families:
                families[name] = Said(sentence, hit, 1.0, number)
        for label, chance in zip(known, chances, strict=True):
            if chance > LEAST_CHANCE and (label not in labels or chance > labels[label].weight):
                labels[label] = Said(sentence, None, chance, number)
    kinds, priorities = ({}, {}) if number else (whole(doc, model.KIND), whole(doc, model.PRIORITY))
    return MailSignals(families, labels, in_subject, kinds, priorities)


def _doc_of(subject: str, text: str, where: tuple[str, ...]) -> Doc:
    """A Doc of bare text, for texts of earlier mails."""
    from datetime import UTC, datetime

    epoch = datetime(2000, 1, 1, tzinfo=UTC)  # nobody asks: no date is read here
    lines, at = [], 0
    for raw in text.split("\n"):
        lines.append(Line(at, raw, Part.NEW if raw.strip() else Part.BLANK))
        at += len(raw) + 1
    return build(Message(None, (), (), (), (), subject, epoch, epoch, text=text), lines, where)


def _readable(doc: Doc) -> Iterable[tuple[str, Sentence]]:
    """The sentences of people, without code, each whole and as the classifier reads it."""
    for span, sentence in zip(doc.sentences, sentences(doc), strict=False):
        if not sentence.technical:
            yield doc.text[span.start : span.end], sentence


@lru_cache(maxsize=1024)
def _searched(phrases: Phrasebook, sentence: str) -> Mapping[str, Hit]:
    """Remembered: a ticket's earlier sentences come again with every mail."""
    return phrases.search(_QUOTED.sub(" ", fold(sentence)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
