"""Trains the classifier: `python -m mailbot.understand.model.train_classifier`, the first step of `make train`.

In: the passages of passages.py. Out: weights.bin, and below data/unseen the classifiers that have not seen a fold of
the mails, which the other trainers need. Needs scikit-learn (the extra `train`), which the program itself does not. The
same data give the same files.

One logistic regression a label over the features of a sentence (features.py), and a layer of hidden units that all
labels share (train_hidden.py), which also sees what stands around the sentence (around.py); what both say is weighed on
folds that they have not seen, so that 0.5 means "as likely as not". Labels of a mail as a whole are heard in each of
its sentences by the layer alone.
"""

from __future__ import annotations

import math
import multiprocessing
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from mailbot.understand import model
from mailbot.understand.model import around, mails, reader, train_hidden, train_reader
from mailbot.understand.model.features import features
from mailbot.understand.model.mails import FOLDS, fold_of
from mailbot.understand.model.passages import DATA, Letter, Passage, letters, load, of_mails, of_whole
from mailbot.understand.model.train_hidden import Hidden
from mailbot.understand.model.train_reader import Learnt

UNSEEN = DATA / "unseen"  # not in the repository
COST = 12.0  # the inverse of the penalty on large weights
POSITIVE = 2.0  # what a sentence that has the label weighs: they are few
FEWEST_SEEN = 9  # passages that a feature needs
FEWEST_AROUND = 300  # passages around which a word must stand
MOST_FEATURES = 28_000  # that are kept: the others cost memory (a third of a kilobyte each) and settle next to nothing
LONGEST = 800  # features that a passage has at most (MOST_WORDS): their weights must fit a lane of the sum
FEWEST = 20  # sentences that a label needs


class Rows:
    """Passages as unit vectors over numbered features, and what stands around them."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        named = [features(passage.text) for passage in passages]
        counts = Counter(name for names in named for name in names)
        self.names = sorted(name for name, count in counts.items() if count >= FEWEST_SEEN)
        number = {name: i for i, name in enumerate(self.names)}
        self.matrix = unit_rows(named, number)
        frequent = Counter(pair for passage in passages for pair in passage.around)
        self.around = sorted(pair for pair, count in frequent.items() if count >= FEWEST_AROUND)
        place = {pair: i for i, pair in enumerate(self.around)}
        seen = [
            (n, place[pair], around.WORTH[pair[0]])
            for n, p in enumerate(passages)
            for pair in p.around
            if pair in place
        ]
        lines, columns, worth = zip(*seen, strict=True) if seen else ((), (), ())
        beside = csr_matrix((worth, (lines, columns)), shape=(len(passages), len(place)))
        self.both = hstack([self.matrix, beside]).tocsr().astype(numpy.float32)


def unit_rows(named: Iterable[Sequence[str]], number: Mapping[str, int], kind: Any = float) -> csr_matrix:
    """Passages, each by the names of its features, as unit vectors over those that have a number."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for names in named:
        known = [number[name] for name in names if name in number]
        columns += known
        values += [1 / math.sqrt(len(names) or 1)] * len(known)
        ends.append(len(columns))
    return csr_matrix((numpy.array(values, kind), columns, ends), shape=(len(ends) - 1, len(number)))


@dataclass(slots=True)
class Fitted:
    """One label: its weights on all passages and without each fold, and what turns its margin and that of the hidden
    layer into a chance's logit."""

    label: str
    slope: float
    hidden_slope: float
    offset: float
    weights: list[tuple[Any, float]]  # (weights, bias): one for each fold held out, the last one of all
    passages: int  # that have it
    precision: float  # at a chance of one half, on folds held out
    recall: float


@dataclass(slots=True)
class Classifier:
    """All labels, and the layers that they share: one without each fold, the last one of all."""

    labels: list[Fitted]
    layers: list[Hidden]


@dataclass(slots=True)
class _Task:
    """What the processes that fit share."""

    passages: Sequence[Passage]
    rows: Rows
    labels: list[str]
    places: Any  # the fold of each passage
    truth: Any  # passages x labels
    known: Any
    hidden: Any = None  # margins of the layer that has not seen a passage's fold

    def chosen(self, held: int | None) -> Any:
        """The passages to learn from when a fold is held out."""
        return self.places != (-1 if held is None else held)


_HELD = (*range(FOLDS), None)
_TASK: _Task | None = None  # inherited by the processes of the pool


def fit_label(label: str) -> Fitted:
    """The classifier of one label, five times on four folds and once on all."""
    task = _task()
    column = task.labels.index(label)
    asked, positive = task.known[:, column] > 0, task.truth[:, column] > 0
    weights, margins = [], numpy.zeros(len(task.passages))
    for held in _HELD if not of_whole(label) else ():
        chosen = asked & task.chosen(held)
        fitted = LogisticRegression(
            C=COST, class_weight={False: 1.0, True: POSITIVE}, solver="liblinear", tol=0.01, random_state=1
        ).fit(task.rows.matrix[chosen], positive[chosen])
        weights.append((fitted.coef_[0], float(fitted.intercept_[0])))
        if held is not None:
            margins[task.places == held] = fitted.decision_function(task.rows.matrix[task.places == held])
    both = numpy.stack([margins, task.hidden[:, column]], axis=1)[asked]
    line = LogisticRegression(C=1e3).fit(both, positive[asked])
    slope, hidden_slope = (float(one) for one in line.coef_[0])
    said, true = line.decision_function(both) > 0, positive[asked]
    right, count = int((said & true).sum()), int(true.sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, count)
    return Fitted(label, slope, hidden_slope, float(line.intercept_[0]), weights, count, precision, recall)


def fit(passages: Sequence[Passage], rows: Rows) -> Classifier:
    """All labels that have enough passages, on all cores."""
    global _TASK
    counts = Counter(label for passage in passages for label in passage.labels)
    labels = sorted(
        (label for label, count in counts.items() if count >= FEWEST), key=lambda name: (of_whole(name), name)
    )
    places = numpy.array([fold_of(passage.group or str(n)) for n, passage in enumerate(passages)])
    truth = numpy.array([[label in one.labels for label in labels] for one in passages], numpy.float32)
    known = [[one.tells(label) for label in labels] for one in passages]
    _TASK = _Task(passages, rows, labels, places, truth, numpy.array(known, numpy.float32))
    with multiprocessing.get_context("fork").Pool() as pool:
        layers = pool.map(_fit_layer, _HELD, chunksize=1)
    _TASK.hidden = numpy.zeros(truth.shape, numpy.float32)
    for held in range(FOLDS):
        _TASK.hidden[places == held] = layers[held].margins(rows.both[places == held])
    with multiprocessing.get_context("fork").Pool() as pool:
        return Classifier(pool.map(fit_label, labels, chunksize=1), layers)


def _fit_layer(held: int | None) -> Hidden:
    task = _task()
    chosen = task.chosen(held)
    return train_hidden.fit(task.rows.both[chosen], len(task.rows.names), task.truth[chosen], task.known[chosen])


def _task() -> _Task:
    assert _TASK is not None
    return _TASK


def written(fitted: Classifier, rows: Rows, read: Sequence[Letter], held: int = -1) -> model.Written:
    """The model as its file holds it; of the folds but `held`, or of all. Raises ValueError if a sum could overflow."""
    labels = [one for one in fitted.labels if one.weights]
    layer, own = fitted.layers[held], len(rows.names)
    straight = numpy.stack([one.weights[held][0] * one.slope for one in labels], axis=1) / model.UNIT
    worth = numpy.array([around.WORTH[part] for part, _ in rows.around], numpy.float32).reshape(-1, 1)
    into = layer.into[:own] * train_hidden.GAIN / model.INTO
    names = [*(one.label for one in labels), *["a hidden unit"] * into.shape[1]]
    units = _in_units(numpy.hstack([straight, into]), names)
    beside = layer.into[own:] * worth * train_hidden.GAIN / model.AROUND
    slopes = numpy.array([one.hidden_slope for one in labels])
    biases = [one.offset + one.slope * one.weights[held][1] for one in labels]
    seen = _weightiest(units, straight.shape[1], rows.matrix.getnnz(axis=0))
    kept = [rows.names[row] for row in seen]
    layers, more = reader_of(kept, [one for one in read if fold_of(one.group) != held])
    return model.Written(
        [one.label for one in labels],
        [round(float(bias), 3) for bias in biases + slopes * layer.out_bias[: len(labels)]],
        [round(float(bias), 4) for bias in layer.bias],
        _in_units(layer.out[:, : len(labels)] * slopes / model.OUT).tolist(),
        kept,
        rows.around,
        layers,
        numpy.hstack([units[seen], more]).tobytes()
        + _in_units(beside, ["what stands around"] * beside.shape[1]).tobytes(),
    )


def reader_of(names: Sequence[str], read: Sequence[Letter]) -> tuple[reader.Layers, Any]:
    """The reader of whole mails, over these features: its layers, and the features' rows for its units."""
    learnt, labels, settings = learnt_from(names, read)
    fitted = train_reader.fit(learnt)
    into = _in_units(fitted.into * train_reader.GAIN / reader.INTO, ["a unit of the reader"] * fitted.into.shape[1])

    def rounded(table: Any) -> list[Any]:
        return [[round(float(x), 4) for x in row] for row in numpy.atleast_2d(table)]

    layers = reader.Layers(
        labels,
        rounded(fitted.bias)[0],
        rounded(fitted.subject)[0],
        _in_units(fitted.mixed / reader.WITHIN).tolist(),
        dict(zip(settings, rounded(fitted.setting), strict=True)),
        rounded(fitted.place),
        _in_units(fitted.inner / reader.WITHIN).tolist(),
        rounded(fitted.inner_bias)[0],
        _in_units(numpy.hstack([fitted.weighs, fitted.says]) / reader.OUT).tolist(),
        rounded(fitted.says_bias)[0],
    )
    return layers, into


def learnt_from(names: Sequence[str], read: Sequence[Letter]) -> tuple[Learnt, list[str], list[str]]:
    """What the reader learns from, the labels of mails and the names of where they came in."""
    number = {name: i for i, name in enumerate(names)}
    rows = unit_rows((features(text) for one in read for text in one.texts), number, numpy.float32)
    counts = Counter(label for one in read for said in one.labels for label in said)
    labels = sorted(label for label, count in counts.items() if count >= FEWEST)
    of_mails = sorted({label for one in read for label in one.whole})
    settings = sorted({name for one in read for name in one.where})
    packs = {label: {one.where[0] for one in read if label in one.whole} for label in of_mails}
    told = [[one.where[0] in packs[label] and label.startswith(one.told) for label in of_mails] for one in read]
    return (
        Learnt(
            rows,
            numpy.cumsum([0, *(len(one.texts) for one in read)])[:-1],
            csr_matrix([[name in one.where for name in settings] for one in read], dtype=numpy.float32),
            numpy.array([reader.place(at, len(one.texts)) for one in read for at in range(len(one.texts))]),
            _marked([[label in said for label in labels] for one in read for said in one.labels]),
            _marked([[known is None or label in known for label in labels] for one in read for known in one.known]),
            _marked([[label in one.whole for label in of_mails] for one in read]),
            _marked(told),
        ),
        of_mails,
        settings,
    )


def _marked(rows: Sequence[Sequence[bool]]) -> Any:
    return numpy.array(rows, numpy.float32)


def _in_units(weights: Any, names: Sequence[str] = ()) -> Any:
    """In whole units; with the names of the columns, sums of them are held against the bits of a lane."""
    units = numpy.clip(numpy.rint(weights), -model.MOST, model.MOST).astype(numpy.int8)
    largest = numpy.sort(numpy.abs(units.astype(int)), axis=0)[-LONGEST:].sum(axis=0)
    if names and largest.max() >= 1 << 15:
        name = names[int(largest.argmax())]
        raise ValueError(f"the weights of {name} do not fit the lanes ({largest.max()}): raise its unit in the model")
    return units


def _weightiest(units: Any, straight: int, counts: Any) -> Any:
    """The features that are kept, by number: those that weigh most for some label or for the hidden units, the frequent
    ones before the rare."""
    own = numpy.abs(units[:, :straight].astype(float)).max(axis=1)
    shared = numpy.sqrt((units[:, straight:].astype(float) ** 2).mean(axis=1))
    weight = (own / numpy.median(own) + shared / numpy.median(shared)) * counts**0.25
    return numpy.sort(numpy.argsort(-weight, kind="stable")[:MOST_FEATURES])


def classifier() -> Classifier:
    """Fits the classifier, from the data in the repository, and writes its file and those without each fold."""
    annotated = mails.load()
    passages = [*of_mails(annotated), *load()]
    rows = Rows(passages)
    fitted = fit(passages, rows)
    UNSEEN.mkdir(exist_ok=True)
    read = list(letters(annotated))
    for held in range(FOLDS):
        (UNSEEN / f"{held}.bin").write_bytes(model.write(written(fitted, rows, read, held)))
    model.FILE.write_bytes(model.write(written(fitted, rows, read)))
    return fitted


def unseen() -> list[model.Written]:
    """The classifiers that have not seen a fold, in the order of the folds; what is learnt from their chances is learnt
    from chances as a new mail gets them. Raises FileNotFoundError before `classifier` ran."""
    return [model.read((UNSEEN / f"{held}.bin").read_bytes()) for held in range(FOLDS)]


def report_labels(fitted: Sequence[Fitted]) -> str:
    """Precision and recall of every label on passages of folds held out, at a chance of one half."""
    lines = ["| label | passages | P | R |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {one.label} | {one.passages} | {one.precision:.2f} | {one.recall:.2f} |" for one in fitted]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report_labels(classifier().labels))
