"""A small classifier of sentences: what is said in a passage, whatever field or kind it may matter to.

In: a sentence (or two, or a short list) as the customer wrote it. Out: for each label the probability, 0..1, that the
passage says such a thing; several labels may be true of one passage, or none. It is a second opinion beside the cues in
fields/ and rules/: 0.5 is "as likely as not", and it was trained on passages, not on whole mails.

Labels. Narratives: error_message, expected_vs_actual, prior_analysis, integration_logic, justification,
steps_to_reproduce, evidence, request, response. Wishes: how_to_question, feature_wish, status_question,
contract_question, escalation_wish. Matters: authentication_problem, infrastructure_request, design_phase,
external_system. Weight: outage_total, outage_partial, no_workaround, workaround_exists, test_environment_only,
deadline, urgency_only. Answers: declines_to_give, promise_to_send. Form: greeting, signature_line, disclaimer,
thanks_only. Of the mail as a whole, heard in all of its sentences together: `kind:`, `priority:` and `gives:`
(`whole`, reader.py).

Each label has a weight for every feature of the passage (features.py). The features also feed a few dozen hidden units
that all labels share (train_hidden.py), and so does what stands around the passage in its mail (around.py); a unit
counts when it is above 0. All weights are whole numbers, so that every machine comes to the same sums.

One model serves pt, en and es: it is trained on all three and words of one meaning share a feature (lexicon.py).
`weights.bin` is made by `python -m mailbot.understand.model.train_classifier` and holds no text but single words.
"""

from __future__ import annotations

import json
import math
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from mailbot.understand.lanes import NARROW, Lanes
from mailbot.understand.logistic import chance
from mailbot.understand.model.around import WORTH, Parts, of_mail, of_place, of_subject
from mailbot.understand.model.features import Key, features, key_of, keys
from mailbot.understand.model.reader import Layers, Reader

FILE = Path(__file__).with_name("weights.bin")
UNIT = 0.16  # what a written weight of 1 stands for, from a feature to a label
INTO = 0.06  # from a feature to a hidden unit
AROUND = 0.02  # from what stands around a passage to a hidden unit
OUT = 0.015  # from a hidden unit to a label
STEPS = 64  # in which a hidden unit counts from 0 to 1
MOST = 127  # largest written weight


class _Rows(dict[int, int]):
    """The weights of features by number, each row packed when it is first asked for: most mails of a team say the same
    words, and a packed row takes twice the memory of a written one."""

    def __init__(self, written: bytes, lanes: Lanes, width: int) -> None:
        super().__init__()
        self._written, self._lanes, self._width = memoryview(written).cast("b"), lanes, width

    def __missing__(self, number: int) -> int:
        row = self._written[(number - 1) * self._width : number * self._width]
        packed = self[number] = self._lanes.packed(row)
        return packed


class _Model(NamedTuple):
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    features: dict[Key, int]  # feature -> its number, from 1
    weights: _Rows  # of each feature, by its number: units for all labels, all hidden units and the reader's, packed
    lanes: Lanes
    bias_in: tuple[float, ...]  # of each hidden unit, in steps,
    hidden: tuple[int, ...]  # and its weights for all labels, packed
    out: Lanes
    around: Mapping[str, Mapping[str, int]]  # part -> name -> units for all hidden units, packed
    between: Lanes
    reader: Reader


KIND, PRIORITY, GIVES = "kind:", "priority:", "gives:"  # before the names of labels of the whole mail
WHOLE = (KIND, PRIORITY, GIVES)
DECLINABLE = ("pipeline_key", "chat_id", "error_message", "evidence", "pipeline", "occurred_at", "environment")


@lru_cache(maxsize=1)
def _model() -> _Model:
    return _compiled(read(FILE.read_bytes()))


class Written(NamedTuple):
    """The model as the file holds it."""

    labels: Sequence[str]
    bias: Sequence[float]
    hidden_bias: Sequence[float]
    out: Sequence[Sequence[int]]  # for each hidden unit a weight a label
    names: Sequence[str]  # of the features
    around: Sequence[tuple[str, str]]  # part and name of what stands around a passage
    reader: Layers
    weights: bytes  # two's complement: for each feature one byte a label, one a hidden unit and one a unit of the
    # reader, then for each of `around` one a hidden unit

    @property
    def width(self) -> int:
        """Bytes of a feature."""
        return len(self.labels) + len(self.hidden_bias) + len(self.reader.bias)


def read(file: bytes) -> Written:
    """A model out of its file: compressed (RFC 1950) JSON of all but the features' weights, these behind a NUL."""
    head, _, weights = zlib.decompress(file).partition(b"\0")
    told = json.loads(head)
    return Written(**told | {"reader": Layers(**told["reader"])}, weights=weights)


def write(model: Written) -> bytes:
    """The file of a model (see `read`)."""
    told = model._asdict() | {"reader": model.reader._asdict()}
    del told["weights"]
    head = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(head.encode() + b"\0" + model.weights, 9)


def _compiled(written: Written) -> _Model:
    count, units, values = written.width, len(written.hidden_bias), memoryview(written.weights).cast("b")
    lanes, out, between = Lanes(count, NARROW), Lanes(len(written.labels)), Lanes(units, NARROW)
    own = count * len(written.names)
    numbered = {key_of(name): number for number, name in enumerate(written.names, 1)}
    weights = _Rows(written.weights[:own], lanes, count)
    around: dict[str, dict[str, int]] = {part: {} for part in WORTH}
    rows = (values[at : at + units] for at in range(own, len(values), units))
    for (part, name), row in zip(written.around, rows, strict=True):
        around[part][sys.intern(name)] = between.packed(row)
    return _Model(
        tuple(written.labels),
        tuple(written.bias),
        numbered,
        weights,
        lanes,
        tuple([bias * STEPS for bias in written.hidden_bias]),
        tuple(map(out.packed, written.out)),
        out,
        around,
        between,
        Reader(written.reader),
    )


@contextmanager
def using(written: Written) -> Iterator[None]:
    """Another model in place of the file's, for training: the one that has not seen the mails at hand."""
    global _model
    kept, made = _model, _compiled(written)
    _model = lru_cache(maxsize=1)(lambda: made)
    _forget()
    try:
        yield
    finally:
        _model = kept
        _forget()


def _forget() -> None:
    chances.cache_clear()
    _own.cache_clear()
    numbers.cache_clear()


class Letter:
    """What stands around the passages of one mail."""

    def __init__(
        self, where: Iterable[str], subject: str, sentences: Sequence[str], spans: Sequence[tuple[int, int]]
    ) -> None:
        """A mail of these sentences, whose offsets are `spans`; `where` it came in is around.setting."""
        self._where, self._sentences, self._spans = tuple(where), sentences, spans
        self._of_mail = _units(of_mail(self._where, subject, sentences))

    def around(self, start: int, end: int) -> int:
        """For `chances`: what surrounds the passage between these offsets."""
        return self._of_mail + _units(of_place(self._sentences, self._spans, start, end))

    def subject(self) -> int:
        """For `chances`: what surrounds the subject."""
        return _units(of_subject(self._where, self._sentences))


def _units(parts: Parts) -> int:
    known = _model().around
    return sum([sum(filter(None, map(known[part].get, names))) for part, names in parts])


@lru_cache(maxsize=128)
def chances(text: str, around: int = 0) -> tuple[float, ...]:
    """The probability of every label for one passage, in the order of `known_labels`.

    `around` is what a `Letter` says of its place, 0 where nothing is known of what stands around it.
    """
    logits = _logits(_model(), *_own(text), around)
    return tuple([1 / (1 + exp(-logit)) if -30 < logit < 30 else chance(logit) for logit in logits])


@lru_cache(maxsize=128)
def _own(text: str) -> tuple[tuple[int, ...], int]:
    """The sums of a passage's own features, and their number."""
    seen, model = set(keys(text)), _model()
    known = filter(None, map(model.features.get, seen))
    return model.lanes.unpacked(sum(map(model.weights.__getitem__, known))), len(seen)


def _logits(model: _Model, values: Sequence[int], features: int, around: int = 0) -> list[float]:
    """For every label, of the sums of a passage's features and of what stands around it."""
    share = 1 / math.sqrt(features or 1)
    scale, beside, count = INTO * STEPS * share, AROUND * STEPS, len(model.labels)
    own = values[count : count + len(model.bias_in)]
    terms = zip(own, model.between.unpacked(around), model.bias_in, strict=True)
    steps = [int(value * scale + other * beside + bias) for value, other, bias in terms]
    active = sum([units * weights for units, weights in zip(steps, model.hidden, strict=True) if units > 0])
    scale, step = UNIT * share, OUT / STEPS
    told = zip(values, model.out.unpacked(active), model.bias, strict=False)
    return [straight * scale + hidden * step + bias for straight, hidden, bias in told]


def labels(text: str) -> Mapping[str, float]:
    """Label -> probability for one passage, in pt, en or es: the model reads all three."""
    return dict(zip(known_labels(), chances(text), strict=True))


def explain(text: str, label: str, most: int = 8) -> tuple[tuple[str, float], ...]:
    """The features that spoke loudest for (above 0) or against (below 0) a label, strongest first."""
    model = _model()
    number = model.labels.index(label)
    names = features(text)
    known = {name: model.features[key] for name in names if (key := key_of(name)) in model.features}
    units = {name: model.weights[number] for name, number in known.items()}
    total = sum(units.values())

    def told(sums: int) -> float:
        return _logits(model, model.lanes.unpacked(sums), len(names))[number]

    spoken = [(name, round(told(total) - told(total - one), 3)) for name, one in units.items() if one]
    spoken.sort(key=lambda pair: -abs(pair[1]))
    return tuple(pair for pair in spoken if pair[1])[:most]


def probability(text: str, label: str) -> float:
    """The probability of one label (see `labels`)."""
    return chances(text)[numbers()[label]]


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, int]:
    """Label -> its place in `chances`."""
    return {label: number for number, label in enumerate(known_labels())}


def whole(where: Iterable[str], subject: str, sentences: Sequence[str]) -> dict[str, dict[str, float]]:
    """What a mail is as a whole: for each of WHOLE, kind, priority or field -> logit, -6..6.

    `where` it came in is around.setting.
    """
    model = _model()
    sums = [_own(text) for text in (subject, *sentences)]
    at = len(model.labels) + len(model.hidden)
    units = [(values[at:], 1 / math.sqrt(count or 1)) for values, count in sums]
    logits = model.reader.logits(units, where)
    return {
        asked: {label.removeprefix(asked): logit for label, logit in logits.items() if label.startswith(asked)}
        for asked in WHOLE
    }


def known_labels() -> tuple[str, ...]:
    """The labels of single passages that the model tells apart."""
    return _model().labels
