"""Trains the classifier and the verdicts: `make train`, or `python -m mailbot.understand.model.train [--evaluate]`.

In: the labelled passages and annotated mails under data/. Out: weights.bin, verdicts.json, kinds.json and
priorities.json beside this module, or with --evaluate what they are worth on mails that they have not seen, as
Markdown. Needs scikit-learn (the extra `train`), which the program itself does not. The same data give the same files.

One logistic regression a label over the features of a sentence (features.py); its margins are calibrated on folds that
it has not seen, so that 0.5 means "as likely as not". A verdict (verdict.py) is one more logistic regression, over what
such unseen classifiers and the finders' cues say of whole mails.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mailbot.message.model import Address, Attachment, Line, Message, Part
from mailbot.rules.pack import RulePack, load_packs
from mailbot.understand import model
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context, Found
from mailbot.understand.fields import narratives
from mailbot.understand.fields.narrative import spoken
from mailbot.understand.model import kinds, mails, priorities, train_choices, verdict
from mailbot.understand.model.choices import Tables
from mailbot.understand.model.features import features
from mailbot.understand.model.mails import FOLDS, fold_of
from mailbot.understand.model.train_choices import KIND, PRIORITY, Choice, choices_seen

DATA = Path(__file__).with_name("data")
RULES = Path(__file__).parents[3] / "rules"
COST = 12.0  # the inverse of the penalty on large weights
POSITIVE = 2.0  # what a sentence that has the label weighs: they are few
FEWEST_SEEN = 9  # passages that a feature needs
FAINTEST = 7  # units that the largest weight of a feature has at least: fainter ones cost memory and settle nothing
LONGEST = 800  # features that a passage has at most (MOST_WORDS): their weights must fit a lane of the sum
FEWEST = 20  # sentences that a label needs
LEAST_GIVEN = 30  # mails with and without a field that its verdict needs
JUDGED = (
    "description",
    "error_message",
    "expected_vs_actual",
    "prior_analysis",
    "integration_logic",
    "justification",
    "steps_to_reproduce",
    "evidence",
    "response",
)
_SLOTS = frozenset(
    ["pipeline", "project", "pipeline_key", "endpoint", "device", "country", "component", "title", "request"]
)
_PLACES = ("production", "test", "other")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with its labels; `known` are the labels that its source tells apart, None: all."""

    text: str
    labels: frozenset[str]
    language: str
    group: str  # what stands in one fold together
    known: frozenset[str] | None = None


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
        for sentence in mail.sentences:
            labels = {tag for tag in sentence.tags if tag[0] != "~" and ":" not in tag} - _SLOTS
            labels |= {verdict.NEAR + tag[1:] for tag in sentence.tags if tag[0] == "~" and tag[1:] in JUDGED}
            about = {tag.lstrip("~").removeprefix("declined:") for tag in sentence.tags}
            if any(tag.startswith("declined:") for tag in sentence.tags):
                labels.add("declines_to_give")
            labels |= {f"about:{field}" for field in about & set(model.DECLINABLE)}
            if "environment" in labels and mail.values.get("environment") in _PLACES:
                labels.add(f"environment:{mail.values['environment']}")
            yield Passage(sentence.text, frozenset(labels), mail.language, mail.case)


class Rows:
    """Passages as unit vectors over numbered features."""

    def __init__(self, texts: Sequence[str]) -> None:
        named = [features(text) for text in texts]
        counts = Counter(name for names in named for name in names)
        self.names = sorted(name for name, count in counts.items() if count >= FEWEST_SEEN)
        number = {name: i for i, name in enumerate(self.names)}
        rows = [[number[name] for name in names if name in number] for names in named]
        values = [1 / math.sqrt(len(names) or 1) for names, row in zip(named, rows, strict=True) for _ in row]
        ends = numpy.cumsum([0, *(len(row) for row in rows)])
        self.matrix = csr_matrix((values, [f for row in rows for f in row], ends), shape=(len(rows), len(number)))


@dataclass(slots=True)
class Fitted:
    """One label: its weights on all passages and without each fold, and what turns a margin into a chance's logit."""

    label: str
    slope: float
    offset: float
    weights: list[tuple[Any, float]]  # (weights, bias): one for each fold held out, the last one of all
    passages: int  # that have it
    precision: float  # at a chance of one half, on folds held out
    recall: float


def fit_label(label: str, passages: Sequence[Passage], rows: Rows) -> Fitted:
    """The classifier of one label, five times on four folds and once on all."""
    places = numpy.array([fold_of(passage.group or str(n)) for n, passage in enumerate(passages)])
    asked = numpy.array([passage.known is None or label in passage.known for passage in passages])
    positive = numpy.array([label in passage.labels for passage in passages])
    weights, margins = [], numpy.zeros(len(passages))
    for held in (*range(FOLDS), None):
        chosen = asked & (places != (-1 if held is None else held))
        fitted = LogisticRegression(
            C=COST, class_weight={False: 1.0, True: POSITIVE}, solver="liblinear", tol=0.01, random_state=1
        ).fit(rows.matrix[chosen], positive[chosen])
        weights.append((fitted.coef_[0], float(fitted.intercept_[0])))
        if held is not None:
            margins[places == held] = fitted.decision_function(rows.matrix[places == held])
    line = LogisticRegression(C=1e3).fit(margins[asked].reshape(-1, 1), positive[asked])
    slope, offset = float(line.coef_[0][0]), float(line.intercept_[0])
    said, true = margins[asked] * slope + offset > 0, positive[asked]
    right, count = int((said & true).sum()), int(true.sum())
    return Fitted(label, slope, offset, weights, count, right / max(1, int(said.sum())), right / max(1, count))


def fit(passages: Sequence[Passage], rows: Rows) -> list[Fitted]:
    """All labels that have enough passages, on all cores."""
    global _SHARED
    counts = Counter(label for passage in passages for label in passage.labels)
    labels = sorted(label for label, count in counts.items() if count >= FEWEST)
    _SHARED = (passages, rows)
    with multiprocessing.get_context("fork").Pool() as pool:
        return pool.map(_fit_shared, labels, chunksize=1)


_SHARED: tuple[Sequence[Passage], Rows] | None = None  # inherited by the processes of the pool


def _fit_shared(label: str) -> Fitted:
    assert _SHARED is not None
    return fit_label(label, *_SHARED)


def written(fitted: Sequence[Fitted], rows: Rows, held: int = -1) -> model.Written:
    """The model as its file holds it; of the folds but `held`, or of all. Raises ValueError if a sum could overflow."""
    weights = numpy.stack([one.weights[held][0] * one.slope for one in fitted], axis=1)
    units = numpy.clip(numpy.rint(weights / model.UNIT), -model.MOST, model.MOST).astype(numpy.int8)
    largest = numpy.sort(numpy.abs(units.astype(int)), axis=0)[-LONGEST:].sum(axis=0)
    if largest.max() >= 1 << 15:
        label = fitted[int(largest.argmax())].label
        raise ValueError(f"the weights of {label} do not fit the lanes ({largest.max()}): raise model.UNIT")
    seen = numpy.flatnonzero(units.any(axis=1))
    biases = [round(one.slope * one.weights[held][1] + one.offset, 3) for one in fitted]
    return model.Written(
        [one.label for one in fitted], biases, [rows.names[row] for row in seen], units[seen].tobytes()
    )


def lean(whole: model.Written) -> model.Written:
    """The model without the features that hardly weigh for any label."""
    count, values = len(whole.labels), memoryview(whole.weights).cast("b")
    rows = [whole.weights[at : at + count] for at in range(0, len(values), count)]
    kept = [n for n, row in enumerate(rows) if max(map(abs, memoryview(row).cast("b"))) >= FAINTEST]
    names, weights = [whole.names[n] for n in kept], b"".join(rows[n] for n in kept)
    return model.Written(whole.labels, whole.bias, names, weights)


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
    return build(message, lines)


def _content_type(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    images = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
    return images.get(ending, {"mp4": "video/mp4", "pdf": "application/pdf"}.get(ending, "text/plain"))


@dataclass(slots=True)
class Seen:
    """What the verdict of one field sees of one mail, and whether the mail gives it."""

    rows: list[tuple[float, ...]]
    given: list[bool]
    cases: list[str]


def _asks(pack: RulePack, field: str) -> bool:
    return any(field in (*rule.required, *rule.optional) for rule in pack.kinds.values())


def seen_by(packs: dict[str, RulePack], annotated: Iterable[mails.AnnotatedMail], into: dict[str, Seen]) -> None:
    """Adds the signs of these mails for every field that their kind's form asks, under the model in use; for fields
    that the forms of several packs ask, those of each pack by themselves as well."""
    shared = {name for name in JUDGED if sum(_asks(pack, name) for pack in packs.values()) > 1}
    for mail in annotated:
        pack, doc = packs[mail.pack], doc_of(mail)
        needed = {name for rule in pack.kinds.values() for name in rule.required}
        form = {*pack.kinds[mail.kind].required, *(set(pack.kinds[mail.kind].optional) - needed)}
        for name in JUDGED:
            if name not in form:
                continue
            finder = narratives.NARRATIVES[name]
            needless = name in verdict.ALONE and not mail.turn
            cues = () if needless else finder(doc, pack, Context(role=mail.mailbox))
            cue = max((c for c in cues if isinstance(c, Found)), key=lambda item: item.confidence, default=None)
            chances = [sentence.odds(name) for sentence in spoken(doc)]
            given = name in mail.given or (name == "evidence" and cue is not None and bool(mail.attachments))
            signs = narratives.signs_of(name, doc, cue, chances)
            of_all = f"{name}{verdict.LATER}" if mail.turn else name
            for key in (of_all, f"{of_all}{verdict.IN}{mail.pack}") if name in shared else (of_all,):
                seen = into.setdefault(key, Seen([], [], []))
                seen.rows.append(signs)
                seen.given.append(given)
                seen.cases.append(mail.case)


@dataclass(slots=True)
class Trained:
    """The four files, and what the later three were fitted on."""

    weights: model.Written
    verdicts: dict[str, list[float]]
    kinds: Tables
    priorities: Tables
    labels: list[Fitted]
    seen: dict[str, Seen]
    chosen: list[Choice]


def train() -> Trained:
    """Everything, from the data in the repository."""
    annotated = mails.load()
    passages = [*of_mails(annotated), *load()]
    rows = Rows([passage.text for passage in passages])
    packs = load_packs(RULES)
    fitted = fit(passages, rows)
    folds = [[mail for mail in annotated if fold_of(mail.case) == held] for held in range(FOLDS)]
    unseen = [written(fitted, rows, held) for held in range(FOLDS)]
    seen: dict[str, Seen] = {}
    for fold, weights in zip(folds, unseen, strict=True):
        with model.using(weights):
            seen_by(packs, fold, seen)
    seen = {name: one for name, one in sorted(seen.items()) if enough(one)}
    verdicts = {name: weigh(one) for name, one in seen.items()}
    chosen: list[Choice] = []
    for fold, weights in zip(folds, unseen, strict=True):
        with model.using(weights), verdict.using(verdicts):
            chosen += choices_seen(packs, [(mail, doc_of(mail)) for mail in fold if not mail.turn])
    of_kind, of_priority = train_choices.fit(chosen, KIND), train_choices.fit(chosen, PRIORITY)
    return Trained(lean(written(fitted, rows)), verdicts, of_kind, of_priority, fitted, seen, chosen)


def weigh(seen: Seen, chosen: Any = None) -> list[float]:
    """Bias and weights of a field's verdict, fitted on all mails or on some."""
    pick = numpy.ones(len(seen.rows), bool) if chosen is None else chosen
    scale = StandardScaler()
    fitted = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-9).fit(
        scale.fit_transform(numpy.array(seen.rows)[pick]), numpy.array(seen.given)[pick]
    )
    weights = fitted.coef_[0] / scale.scale_
    return [round(float(x), 4) for x in (fitted.intercept_[0] - weights @ scale.mean_, *weights)]


def enough(seen: Seen) -> bool:
    """Whether there are mails enough that give a field, and that do not, to tell them apart."""
    return min(sum(seen.given), len(seen.given) - sum(seen.given)) >= LEAST_GIVEN


def report(seen: dict[str, Seen]) -> str:
    """Precision and recall of every verdict on mails that neither the classifier nor the fit has seen."""
    lines = [
        "| field | mails | gives it | P | R | the cue alone P | R |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in sorted(seen.items()):
        folds = numpy.array([fold_of(case) for case in one.cases])
        said = numpy.zeros(len(folds), bool)
        for held in range(FOLDS):
            bias, *weights = weigh(one, folds != held)
            said[folds == held] = numpy.array(one.rows)[folds == held] @ numpy.array(weights) + bias >= 0
        given, cue = numpy.array(one.given), numpy.array([row[4] > 0 for row in one.rows])
        cells = []
        for guess in (said, cue):
            right = int((guess & given).sum())
            cells += [f"{right / max(1, guess.sum()):.2f}", f"{right / max(1, given.sum()):.2f}"]
        lines.append(f"| {name} | {len(folds)} | {int(given.sum())} | {' | '.join(cells)} |")
    return "\n".join(lines)


def report_labels(fitted: Sequence[Fitted]) -> str:
    """Precision and recall of every label on passages of folds held out, at a chance of one half."""
    lines = ["| label | passages | P | R |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {one.label} | {one.passages} | {one.precision:.2f} | {one.recall:.2f} |" for one in fitted]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Writes the files, and with --evaluate prints what they are worth instead."""
    made = train()
    choices = [train_choices.report(made.chosen, question) for question in (KIND, PRIORITY)]
    print(report_labels(made.labels), report(made.seen), *choices, sep="\n\n")
    if "--evaluate" in arguments:
        return
    model.FILE.write_bytes(model.write(made.weights))
    verdict.FILE.write_text(json.dumps(made.verdicts, indent=1) + "\n", encoding="utf-8")
    kinds.FILE.write_text(json.dumps(made.kinds, indent=1) + "\n", encoding="utf-8")
    priorities.FILE.write_text(json.dumps(made.priorities, indent=1) + "\n", encoding="utf-8")
    size = model.FILE.stat().st_size / 1e6
    print(f"\n{model.FILE.name}: {len(made.weights.labels)} labels, {len(made.weights.names)} features, {size:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
