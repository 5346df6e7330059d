"""A small linear classifier of sentences: what is said in a passage, whatever field or kind it may matter to.

In: a sentence (or two, or a short list) as the customer wrote it. Out: for each label the probability, 0..1, that the
passage says such a thing; several labels may be true of one passage, or none. It is a second opinion beside the cues in
fields/ and rules/: 0.5 is "as likely as not", and it was trained on passages, not on whole mails.

Labels. Narratives: error_message, expected_vs_actual, prior_analysis, integration_logic, justification,
steps_to_reproduce, evidence, request, response. Wishes: how_to_question, feature_wish, status_question,
contract_question, escalation_wish. Matters: authentication_problem, infrastructure_request, design_phase,
external_system. Weight: outage_total, outage_partial, no_workaround, workaround_exists, test_environment_only,
deadline, urgency_only. Answers: declines_to_give, promise_to_send. Form: greeting, signature_line, disclaimer,
thanks_only.

One model serves pt, en and es: it is trained on all three and words of one meaning share a feature (lexicon.py).
`weights.bin` is made by `python -m mailbot.understand.model.train` and holds no text but single words.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from mailbot.understand.lanes import NARROW, Lanes
from mailbot.understand.logistic import chance
from mailbot.understand.model.features import Key, features, key_of, keys

FILE = Path(__file__).with_name("weights.bin")
UNIT = 0.16  # what a written weight of 1 stands for
MOST = 127  # largest written weight


class _Model(NamedTuple):
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[Key, int]  # feature -> units for all labels, packed
    lanes: Lanes


DECLINABLE = ("pipeline_key", "chat_id", "error_message", "evidence", "pipeline", "occurred_at", "environment")


@lru_cache(maxsize=1)
def _model() -> _Model:
    return _compiled(read(FILE.read_bytes()))


class Written(NamedTuple):
    """The model as the file holds it."""

    labels: Sequence[str]
    bias: Sequence[float]
    names: Sequence[str]  # of the features
    weights: bytes  # for each feature one byte a label, two's complement, in units


def read(file: bytes) -> Written:
    """A model out of its file: compressed (RFC 1950) JSON of labels, biases and names, and behind a NUL the weights."""
    head, _, weights = zlib.decompress(file).partition(b"\0")
    told = json.loads(head)
    return Written(told["labels"], told["bias"], told["names"], weights)


def write(model: Written) -> bytes:
    """The file of a model (see `read`)."""
    head = json.dumps(
        {"labels": model.labels, "bias": model.bias, "names": model.names}, ensure_ascii=False, separators=(",", ":")
    )
    return zlib.compress(head.encode() + b"\0" + model.weights, 9)


def _compiled(written: Written) -> _Model:
    count = len(written.labels)
    lanes, values = Lanes(count, NARROW), memoryview(written.weights).cast("b")
    rows = (values[at : at + count] for at in range(0, len(values), count))
    weights = {key_of(name): lanes.packed(row) for name, row in zip(written.names, rows, strict=True)}
    return _Model(tuple(written.labels), tuple(written.bias), weights, lanes)


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
    numbers.cache_clear()


@lru_cache(maxsize=256)
def chances(text: str) -> tuple[float, ...]:
    """The probability of every label for one passage, in the order of `known_labels`."""
    model = _model()
    seen = set(keys(text))
    total = sum(filter(None, map(model.weights.get, seen)))
    scale = UNIT / math.sqrt(len(seen) or 1)
    units = zip(model.lanes.unpacked(total), model.bias, strict=True)
    return tuple(
        [
            1 / (1 + exp(-logit)) if -30 < (logit := weight * scale + bias) < 30 else chance(logit)
            for weight, bias in units
        ]
    )


def labels(text: str) -> Mapping[str, float]:
    """Label -> probability for one passage, in pt, en or es: the model reads all three."""
    return dict(zip(_model().labels, chances(text), strict=True))


def explain(text: str, label: str, most: int = 8) -> tuple[tuple[str, float], ...]:
    """The features that spoke loudest for (above 0) or against (below 0) a label, strongest first."""
    model = _model()
    number = model.labels.index(label)
    names = features(text)
    scale = UNIT / math.sqrt(len(names) or 1)
    spoken = []
    for name in names:
        units = model.weights.get(key_of(name))
        if units is not None and (weight := model.lanes.unpacked(units)[number]):
            spoken.append((name, round(weight * scale, 3)))
    return tuple(sorted(spoken, key=lambda pair: -abs(pair[1]))[:most])


def probability(text: str, label: str) -> float:
    """The probability of one label (see `labels`)."""
    return chances(text)[numbers()[label]]


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, int]:
    """Label -> its place in `chances`."""
    return {label: number for number, label in enumerate(_model().labels)}


def known_labels() -> tuple[str, ...]:
    """The labels that the model tells apart."""
    return _model().labels
