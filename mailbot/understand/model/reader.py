"""What a mail is as a whole: which fields it gives, its kind, its priority, heard in all of its sentences together.

In: of each sentence the sum of its features' rows (model/__init__.py), the subject's first, and where the mail came in.
Out: a logit for every label of the whole mail. A sentence by itself rarely settles that: "the other file passed" is an
analysis behind a failed one, and a deed behind a request for advice. So each sentence is read with the mean of all of
them added to it; then every label asks each sentence how much it has to say about the label, and what (attention:
Bahdanau et al., 2015). train_reader.py makes the weights, whole numbers all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import mul
from typing import NamedTuple

from mailbot.understand.lanes import Lanes

EVEN = 1e-5  # added to a variance, so that nothing is divided by 0
INTO = 0.04  # what a written weight of 1 stands for: from a feature to a unit
WITHIN = 0.0045  # from a unit to a unit
OUT = 0.006  # from a unit to a label
STEPS = 16  # in which a unit counts from 0 to 1
FINE = 4  # steps of a mean in one of these
MOST = 6.0  # logits beyond this say no more
FAR = 4  # sentences from the beginning or the end beyond which it is all the same
PLACES = (FAR + 1) ** 2
Vector = Sequence[float]


class Layers(NamedTuple):
    """The reader as its file holds it, all but the features' rows."""

    labels: Sequence[str]
    bias: Vector  # of the units of a sentence,
    subject: Vector  # and what the subject has besides
    mixed: Sequence[Sequence[int]]  # from each unit of the mean of a mail to the units of its sentences
    setting: Mapping[str, Vector]  # what is added in a pack, a mailbox, the first mail of a ticket
    place: Sequence[Vector]  # what is added in each place (see `place`)
    inner: Sequence[Sequence[int]]  # from each unit of a sentence, read in its mail, to the inner ones
    inner_bias: Vector
    out: Sequence[Sequence[int]]  # for each inner unit, then each of the sentence: what it weighs for every label, then
    # what it says of it
    out_bias: Vector


class Reader:
    """Reads whole mails."""

    def __init__(self, layers: Layers) -> None:
        self.labels = tuple(layers.labels)
        self._bias = tuple(layers.bias)
        self._subject = tuple(map(sum, zip(layers.bias, layers.subject, strict=True)))
        self._setting = {name: tuple(values) for name, values in layers.setting.items()}
        self._settings: dict[tuple[str, ...], list[float]] = {}
        self._across, self._inward = Lanes(len(layers.bias)), Lanes(len(layers.inner_bias))
        self._outward = Lanes(2 * len(self.labels))
        self._mixed = [self._across.packed(row) for row in layers.mixed]
        self._inner = [self._inward.packed(row) for row in layers.inner]
        self._inner_bias = [bias * STEPS for bias in layers.inner_bias]
        self._place = [tuple(values) for values in layers.place]
        self._out = [self._outward.packed(row) for row in layers.out]
        self._out_bias = tuple(layers.out_bias)

    def logits(self, sums: Sequence[tuple[Sequence[int], float]], where: Iterable[str]) -> dict[str, float]:
        """Label -> logit, -6..6. `sums`: of each sentence the sum of its rows and what a unit of it is worth, the
        subject's first; `where` the mail came in is around.setting."""
        own = [self._own(values, share, at == 0) for at, (values, share) in enumerate(sums)]
        evened = [_even(row) for row in own]
        mean = [sum(column) * FINE // len(own) for column in zip(*evened, strict=True)]
        unit = WITHIN / (STEPS * FINE)
        around = [value * unit for value in self._across.unpacked(sum(map(mul, mean, self._mixed)))]
        around = [a + b for a, b in zip(around, self._in(tuple(where)), strict=True)]
        places = [self._place[place(at, len(own))] for at in range(len(own))]
        told = [
            self._told([a + b + c for a, b, c in zip(row, around, of_place, strict=True)])
            for row, of_place in zip(own, places, strict=True)
        ]
        columns, count = list(zip(*told, strict=True)), len(self.labels)
        return {
            label: max(-MOST, min(MOST, _weighed(columns[at], columns[count + at]) + self._out_bias[at]))
            for at, label in enumerate(self.labels)
        }

    def _in(self, where: tuple[str, ...]) -> list[float]:
        if where not in self._settings:
            known = [self._setting[name] for name in where if name in self._setting]
            self._settings[where] = [sum(column) for column in zip(*known, strict=True)] or [0.0] * len(self._bias)
        return self._settings[where]

    def _own(self, values: Sequence[int], share: float, subject: bool) -> list[float]:
        scale = INTO * share
        bias = self._subject if subject else self._bias
        return [value * scale + more for value, more in zip(values, bias, strict=True)]

    def _told(self, row: Vector) -> tuple[int, ...]:
        beside = _even(row)
        summed = self._inward.unpacked(sum(map(mul, beside, self._inner)))
        units = [value * WITHIN + bias for value, bias in zip(summed, self._inner_bias, strict=True)]
        inner = [int(unit) if unit > 0 else 0 for unit in units]
        return self._outward.unpacked(sum(map(mul, inner + beside, self._out)))


def _even(row: Vector) -> list[int]:
    """A row of mean 0 and length 1 a unit, in steps (layer normalisation: Ba et al., 2016)."""
    mean = sum(row) / len(row)
    scale = STEPS / math.sqrt(max(0.0, sum(map(mul, row, row)) / len(row) - mean * mean) + EVEN)
    less = mean * scale
    return [int(value * scale - less) for value in row]


def _weighed(weights: Sequence[int], says: Sequence[int]) -> float:
    """What the sentences say, each by its share: the softmax of the weights."""
    unit, top = OUT / STEPS, max(weights)
    shares = [math.exp((weight - top) * unit) for weight in weights]
    heard: float = sum(map(mul, shares, says))
    return heard * unit / sum(shares)


def place(at: int, count: int) -> int:
    """The number of a sentence's place, by how far it is from both ends of a mail of so many, the subject first."""
    return min(at, FAR) * (FAR + 1) + min(count - 1 - at, FAR)
