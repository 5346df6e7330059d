"""The annotated mails and labelled sentences as passages, each with what is true of it: what is learnt from.

In: the files under data/. Out: `Passage`s. Never read while the program runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import yaml

from mailbot.message.model import Address, Attachment, Line, Message, Part
from mailbot.rules.pack import RulePack, load_packs
from mailbot.understand import model
from mailbot.understand.doc import Doc, Span, build
from mailbot.understand.fields.narrative import MOST_CHARACTERS, MOST_HEARD, MOST_SENTENCES
from mailbot.understand.model import around, mails, verdict

DATA = Path(__file__).with_name("data")
RULES = Path(__file__).parents[3] / "rules"
JUDGED = (
    "description",
    "error_message",
    "expected_vs_actual",
    "prior_analysis",
    "integration_logic",
    "justification",
    "steps_to_reproduce",
    "evidence",
    "request",
    "response",
)
_OF_SUBJECTS = frozenset([*JUDGED, "escalation_wish", "feature_wish", "how_to_question", "environment", "occurred_at"])
_SLOTS = frozenset(["pipeline", "project", "pipeline_key", "endpoint", "device", "country", "component", "title"])
_CLOSING = frozenset({"signature_line", "disclaimer"})
_PLACES = ("production", "test", "other")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with its labels; `known` are the labels that its source tells apart, None: all."""

    text: str
    labels: frozenset[str]
    language: str
    group: str  # what stands in one fold together
    known: frozenset[str] | None = None
    around: frozenset[tuple[str, str]] = frozenset()  # what stands around it in its mail: part and name
    whole: tuple[str, ...] = ()  # labels of the whole mail, or their beginnings, that its source tells

    def tells(self, label: str) -> bool:
        """Whether the source says if the label is true of it."""
        if of_whole(label):
            return bool(self.whole) and label.startswith(self.whole)
        return self.known is None or label in self.known


def of_whole(label: str) -> bool:
    """Whether a label is the whole mail's: what a sentence says of it, the layer hears better."""
    return label.startswith(model.WHOLE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole mail in the sentences that the program cuts, its subject first, with what is true of each and of all."""

    texts: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    known: tuple[frozenset[str] | None, ...]  # the labels that are told of each, None: all
    where: tuple[str, ...]  # it came in: around.setting
    group: str
    whole: frozenset[str]  # labels of the mail
    told: tuple[str, ...]  # labels, or their beginnings, that are told of it


def load(folder: Path = DATA) -> list[Passage]:
    """All passages of the folder; the file name's beginning is the language.

    A YAML file lists `{text, labels}`; a text file holds one passage a line below a line `== label, label` (or none).
    """
    out: list[tuple[str, frozenset[str], str]] = []
    for path in sorted(folder.glob("*.txt")):
        labels: frozenset[str] = frozenset()
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("=="):
                labels = frozenset(line.strip("= ").split(", ")) - {"none"}
            elif line.strip():
                out.append((line.replace("\\n", "\n"), labels, path.name[:2]))
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            out.append((entry["text"], frozenset(entry["labels"]), path.name[:2]))
    known = frozenset().union(*(labels for _, labels, _ in out))
    return [Passage(text, labels, language, "", known) for text, labels, language in out]


def of_mails(annotated: Iterable[mails.AnnotatedMail]) -> Iterator[Passage]:
    """The sentences of annotated mails as passages: what is not there is a label of its own, and so is each narrative's
    near miss, which teaches more than a sentence about something else."""
    for mail in annotated:
        of_mail, whole = _of_mail(mail)
        for sentence, beside in zip(mail.sentences, _around(mail), strict=True):
            labels = {tag for tag in sentence.tags if tag[0] != "~" and ":" not in tag} - _SLOTS
            labels |= {verdict.NEAR + tag[1:] for tag in sentence.tags if tag[0] == "~" and tag[1:] in JUDGED}
            about = {tag.lstrip("~").removeprefix("declined:") for tag in sentence.tags}
            if any(tag.startswith("declined:") for tag in sentence.tags):
                labels.add("declines_to_give")
            labels |= {f"about:{field}" for field in about & set(model.DECLINABLE)}
            if "environment" in labels and mail.values.get("environment") in _PLACES:
                labels.add(f"environment:{mail.values['environment']}")
            labels |= of_mail
            yield Passage(sentence.text, frozenset(labels), mail.language, mail.case, None, beside, whole)
        if mail.subject and not mail.turn and (mail.subject_told or mail.subject_gives):
            yield _of_subject(mail)


def letters(annotated: Iterable[mails.AnnotatedMail]) -> Iterator[Letter]:
    """The annotated mails as the reader of whole mails learns from them, without their signatures."""
    for mail in annotated:
        doc, (of_mail, told) = doc_of(mail), _of_mail(mail)
        passages = list(of_mails([mail]))
        places = _places(doc, mail)
        spans = _open(doc, mail, places)[:MOST_HEARD]
        said = list(zip(places, passages, strict=False))
        subject = passages[len(mail.sentences) :]
        labels = [frozenset(label for one in subject for label in one.labels)]
        for span in spans:
            over = [one.labels for place, one in said if place and place.start < span.end and span.start < place.end]
            labels.append(frozenset(label for one in over for label in one if not of_whole(label)))
        texts = [doc.subject_clean, *(doc.text[span.start : span.end][:MOST_CHARACTERS] for span in spans)]
        known = [subject[0].known if subject else frozenset[str](), *[None] * len(spans)]
        yield Letter(tuple(texts), tuple(labels), tuple(known), doc.setting, mail.case, frozenset(of_mail), told)


def _of_subject(mail: mails.AnnotatedMail) -> Passage:
    """The subject of a first mail as a passage; what it gives beside the text, not all of them tell."""
    doc = doc_of(mail)
    texts = [doc.text[span.start : span.end] for span in doc.sentences[:MOST_SENTENCES]]
    beside = frozenset((part, name) for part, names in around.of_subject(doc.setting, texts) for name in names)
    labels = mail.subject_gives & _OF_SUBJECTS
    known = _OF_SUBJECTS if mail.subject_told else labels
    return Passage(doc.subject_clean, labels, mail.language, mail.case, known, beside)


def _of_mail(mail: mails.AnnotatedMail) -> tuple[set[str], tuple[str, ...]]:
    """The labels of a mail as a whole, and which of them (or which beginnings) are told of it.

    Its fields where the form of its kind asks for them, its kind and priority where it is the first of its case.
    """
    asked = form(mail)
    labels = {f"{model.GIVES}{name}" for name in asked & mail.given}
    told = [f"{model.GIVES}{name}" for name in sorted(asked)]
    if mail.turn == 0:
        labels |= {f"{model.KIND}{mail.kind}", *(f"{model.PRIORITY}{one}" for one in mail.priority)}
        told += [model.KIND, model.PRIORITY] if mail.priority else [model.KIND]
    return labels, tuple(told)


def form(mail: mails.AnnotatedMail) -> set[str]:
    """The narratives that the form of a mail's kind asks for."""
    rules = packs()[mail.pack].kinds
    needed = {name for rule in rules.values() for name in rule.required}
    form = {*rules[mail.kind].required, *(set(rules[mail.kind].optional) - needed)}
    return form & set(JUDGED)


@lru_cache(maxsize=1)
def packs() -> dict[str, RulePack]:
    """The packs of the repository."""
    return load_packs(RULES)


def _around(mail: mails.AnnotatedMail) -> Iterator[frozenset[tuple[str, str]]]:
    """What stands around each sentence of a mail. Signatures do not count: the program mostly reads mails without."""
    doc = doc_of(mail)
    places = _places(doc, mail)
    spans = _open(doc, mail, places)
    texts = [doc.text[span.start : span.end] for span in spans]
    of_mail = around.of_mail(doc.setting, doc.subject_clean, texts)
    for place in places:
        parts = [*of_mail, *around.of_place(texts, spans, *place)] if place else of_mail
        yield frozenset([(part, name) for part, names in parts for name in names])


def _places(doc: Doc, mail: mails.AnnotatedMail) -> list[Span | None]:
    """Where the annotated sentences of a mail stand."""
    places: list[Span | None] = []
    at = 0
    for sentence in mail.sentences:
        words = sentence.text.strip()
        begin = doc.text.find(words, at)
        places.append(Span(begin, begin + len(words)) if begin >= 0 else None)
        at = max(at, begin)
    return places


def _open(doc: Doc, mail: mails.AnnotatedMail, places: Iterable[Span | None]) -> list[Span]:
    """The sentences of a mail without those that close it."""
    closing = [p for p, one in zip(places, mail.sentences, strict=True) if p and one.tags & _CLOSING]
    return [span for span in doc.sentences[:MOST_SENTENCES] if not any(span.start in p for p in closing)]


def doc_of(mail: mails.AnnotatedMail) -> Doc:
    """The annotated mail as the finders read it."""
    lines, at = [], 0
    for raw in mail.body.split("\n"):
        lines.append(Line(at, raw, Part.NEW if raw.strip() else Part.BLANK))
        at += len(raw) + 1
    files = tuple(
        Attachment(str(number), name, _content_type(name), 60_000) for number, name in enumerate(mail.attachments, 2)
    )
    sender = Address("customer@client.example", mail.sender.split("<")[0].strip())
    message = Message(
        None, (sender,), (), (), (), mail.subject, mail.date, datetime.now(UTC), text=mail.body, attachments=files
    )
    return build(message, lines, around.setting(mail.pack, mail.mailbox, bool(mail.turn)))


def _content_type(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    images = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
    return images.get(ending, {"mp4": "video/mp4", "pdf": "application/pdf"}.get(ending, "text/plain"))
