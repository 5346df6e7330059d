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
`weights.json` is made by `python -m mailbot.understand.model.train` and holds no text but single words.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from mailbot.understand.model.features import features

_FILE = Path(__file__).with_name("weights.json")


class _Model(NamedTuple):
    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[tuple[int, int], ...]]  # feature -> (label number, hundredths)...


@lru_cache(maxsize=1)
def _model() -> _Model:
    read = json.loads(_FILE.read_text(encoding="utf-8"))
    shared: dict[tuple[int, int], tuple[int, int]] = {}  # most pairs occur many times: half the memory
    weights = {
        name: tuple(shared.setdefault(pair, pair) for pair in zip(flat[::2], flat[1::2], strict=True))
        for name, flat in read["weights"].items()
    }
    return _Model(tuple(read["labels"]), tuple(read["bias"]), weights)


@lru_cache(maxsize=2048)
def _margins(text: str) -> tuple[float, ...]:
    model = _model()
    sums = [0] * len(model.labels)
    names = features(text)
    for name in names:
        for number, weight in model.weights.get(name, ()):
            sums[number] += weight
    scale = 0.01 / math.sqrt(len(names) or 1)
    return tuple(total * scale + bias for total, bias in zip(sums, model.bias, strict=True))


def labels(text: str, language: str | None = None) -> Mapping[str, float]:  # noqa: ARG001
    """Label -> probability for one passage. `language` is not needed: the model reads all three."""
    return {
        label: 1 / (1 + math.exp(-max(-30.0, min(30.0, margin))))
        for label, margin in zip(_model().labels, _margins(text), strict=True)
    }


def explain(text: str, label: str, most: int = 8) -> tuple[tuple[str, float], ...]:
    """The features that spoke loudest for (above 0) or against (below 0) a label, strongest first."""
    model = _model()
    number = model.labels.index(label)
    names = features(text)
    scale = 0.01 / math.sqrt(len(names) or 1)
    spoken = [
        (name, round(weight * scale, 3))
        for name in names
        for labelled, weight in model.weights.get(name, ())
        if labelled == number
    ]
    return tuple(sorted(spoken, key=lambda pair: -abs(pair[1]))[:most])


def probability(text: str, label: str) -> float:
    """The probability of one label (see `labels`)."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, _margins(text)[_number(label)]))))


@lru_cache(maxsize=64)
def _number(label: str) -> int:
    return _model().labels.index(label)


def known_labels() -> tuple[str, ...]:
    """The labels that the model tells apart."""
    return _model().labels
