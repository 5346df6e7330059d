"""Annotated mails: what the classifier and the verdicts are trained on, sentence by sentence.

In: text files, each a row of cases. Out: `AnnotatedMail`s. Never read while the program runs.

    === dig-pt-001 | digibee | incident | support | pt | 2026-11-03T09:12:00-03:00 | Ana Souza <ana@cliente.example>
    subject: pedidos parados
    attach: tela.png
    priority: 2, 3
    values: pipeline=sync-pedidos; environment=production
    text:
    [pipeline environment] Nosso fluxo sync-pedidos em PRD
    +[expected_vs_actual] parou e os pedidos não chegam no SAP.
    [~prior_analysis] Já tentamos de tudo.

The tag names what the sentence gives: fields, `declined:FIELD` (said not to be had), `~FIELD` (reads like it, but does
not count), or another label of the classifier; `-` is none. `+[…]` goes on in the same line of the mail; `[.]` goes on
with the tag of the line before. `--- date | sender` begins a later mail of the same case. `values` are the slots of the
mail, `subject-gives` all that its subject gives (`-` for nothing), `subject-adds` what it gives beside the text (where
nobody said what else it gives), `title: yes|no` whether the subject sums the problem up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

FOLDS = 5  # in which what is trained is held against what it has not seen
FOLDER = Path(__file__).with_name("data") / "mails"
_LINE = re.compile(r"(?P<joined>\+?)\[(?P<tags>[^\]]*)\] ?(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence, and what it gives."""

    text: str
    tags: frozenset[str]


@dataclass(slots=True)
class AnnotatedMail:
    """One mail of a case; `turn` 0 is the first."""

    case: str
    pack: str
    kind: str
    mailbox: str
    language: str
    turn: int
    date: datetime
    sender: str
    subject: str = ""
    attachments: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    subject_gives: frozenset[str] = frozenset()
    subject_told: bool = False  # whether that is all that the subject gives, not only what the text does not
    priority: tuple[str, ...] = ()  # what a careful lead accepts; none where it is not judged
    title: bool | None = None  # whether the subject sums the problem up; None where nobody said
    sentences: list[Tagged] = field(default_factory=list)
    body: str = ""

    @property
    def given(self) -> frozenset[str]:
        """The fields that this mail gives in its own words."""
        tags = {tag for sentence in self.sentences for tag in sentence.tags if tag[0] not in "~-" and ":" not in tag}
        return frozenset(tags) | self.subject_gives | frozenset(self.values)


def fold_of(case: str) -> int:
    """The fold that a case is held out in: all its sentences in one."""
    return sum(map(ord, case)) % FOLDS


class AnnotationError(ValueError):
    """A file that cannot be read: says the file, the line and what is wrong with it."""


def load(folder: Path = FOLDER) -> list[AnnotatedMail]:
    """All mails of the folder's text files, in order. Raises `AnnotationError`."""
    return [mail for path in sorted(folder.glob("*.txt")) for mail in read(path)]


def read(path: Path, *, quotes: bool = False) -> Iterator[AnnotatedMail]:
    """The mails of one file. Raises `AnnotationError`.

    quotes: the lines where our request is quoted ("{{quoted_request: environment}}") stay in the body.
    """
    mail: AnnotatedMail | None = None
    in_text = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if line.startswith("=== "):
                if mail:
                    yield mail
                mail, in_text = _first(line[4:]), False
            elif mail is None:
                continue
            elif re.match(r"--- \d{4}-\d\d-\d\d.*\|", line):
                yield mail
                mail, in_text = _later(mail, line[4:]), False
            elif in_text:
                _text(mail, line, quotes)
            elif line.startswith("text:"):
                in_text = True
            elif line.strip():
                _head(mail, line)
        except ValueError as error:
            raise AnnotationError(f"{path.name}:{number}: {error}") from error
    if mail:
        yield mail


def _first(header: str) -> AnnotatedMail:
    parts = [part.strip() for part in header.split("|")]
    if len(parts) != 7:
        raise ValueError(f"the header needs 7 parts between |, it has {len(parts)}")
    case, pack, kind, mailbox, language, date, sender = parts
    return AnnotatedMail(case, pack, kind, mailbox, language, 0, datetime.fromisoformat(date), sender)


def _later(before: AnnotatedMail, header: str) -> AnnotatedMail:
    date, sender = (part.strip() for part in header.split("|", 1))
    return AnnotatedMail(
        before.case,
        before.pack,
        before.kind,
        before.mailbox,
        before.language,
        before.turn + 1,
        datetime.fromisoformat(date),
        sender,
    )


def _head(mail: AnnotatedMail, line: str) -> None:
    name, _, value = (part.strip() for part in line.partition(":"))
    if name == "subject":
        mail.subject = value
    elif name == "attach":
        mail.attachments = tuple(part.strip() for part in value.split(",") if part.strip())
    elif name == "values":
        pairs = (part.partition("=") for part in re.split(r";\s+|;$", value) if part.strip())
        mail.values = {key.strip(): text.strip() for key, _, text in pairs}
    elif name in {"subject-gives", "subject-adds"}:
        mail.subject_gives = frozenset(re.split(r"[,\s]+", value)) - {"-"}
        mail.subject_told = name == "subject-gives"
    elif name == "title":
        mail.title = value.lower().startswith("y")
    elif name == "priority":
        mail.priority = tuple(re.findall(r"[1-4]", value))
    elif name != "declined":
        raise ValueError(f"{name!r} is no head line (known: subject, attach, priority, values, declined, title)")


def _text(mail: AnnotatedMail, line: str, quotes: bool) -> None:
    if not line.strip():
        mail.body += "\n"
        return
    if line.startswith("{{"):
        mail.body += f"{line}\n" if quotes else ""  # where the request is quoted: nobody's words
        return
    match = _LINE.match(line)
    if match is None:
        raise ValueError("a line of a mail stands behind a tag in brackets")
    tags, text = frozenset(match["tags"].split()) - {"-"}, match["text"]
    if tags == {"."}:
        if not mail.sentences:
            raise ValueError("[.] goes on with no sentence")
        last = mail.sentences[-1]
        mail.sentences[-1] = Tagged(f"{last.text}\n{text}", last.tags)
    else:
        mail.sentences.append(Tagged(text, tags))
    joined = bool(match["joined"]) and mail.body.strip()
    mail.body = f"{mail.body.rstrip()} {text}\n" if joined else f"{mail.body}{text}\n"
