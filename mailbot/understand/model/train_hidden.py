"""Fits the hidden layer of the classifier: a few dozen numbers a sentence that all labels share.

In: sentences as rows of features, their own and those of what stands around them, and the labels of each. Out:
`Hidden`, the weights from features to hidden units, and from these to labels. What one label teaches about a wording
serves the others that way, and two words can mean together what neither means alone; the straight weights, which learn
each label by itself (train_classifier.py), are the surer for what is said plainly, and both are weighed together.

Gradient descent by Adam (Kingma and Ba, 2015) in batches; each step touches only the features that its sentences have.
Features and units are dropped at random while it learns (Srivastava et al., 2014), so that no single word decides.
The same data give the same numbers on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix

UNITS = 80
ROUNDS = 10  # over all sentences
BATCH = 256
RATE = 0.005  # of learning, at its most
WARM = 0.15  # of all steps, in which the rate rises; then it falls
UNSEEN = 0.3  # of the features that a step does not see
ASLEEP = 0.25  # of the units that a step does not use
BARE = 0.1  # of the sentences that a step sees without what stands around them
GAIN = 3.0  # on the sum of a row's features, whose values are small
_DECAY, _DECAY_SQUARE, _TINY = 0.9, 0.999, 1e-8  # of Adam's averages


@dataclass(frozen=True, slots=True)
class Hidden:
    """The layer: features x units, a bias a unit, units x labels, a bias a label."""

    into: Any
    bias: Any
    out: Any
    out_bias: Any

    def margins(self, matrix: csr_matrix) -> Any:
        """What the layer says of rows, a number for each label."""
        return numpy.maximum(matrix @ self.into * GAIN + self.bias, 0) @ self.out + self.out_bias


class Adam:
    """The averages of one table's gradients."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.first, self.second = numpy.zeros(shape, numpy.float32), numpy.zeros(shape, numpy.float32)

    def step(self, table: Any, gradient: Any, rate: float, number: int, rows: Any = slice(None)) -> None:
        first = self.first[rows] * _DECAY + gradient * (1 - _DECAY)
        second = self.second[rows] * _DECAY_SQUARE + gradient * gradient * (1 - _DECAY_SQUARE)
        self.first[rows], self.second[rows] = first, second
        straight, scale = 1 - _DECAY**number, 1 - _DECAY_SQUARE**number
        table[rows] -= rate * (first / straight) / (numpy.sqrt(second / scale) + _TINY)


def fit(matrix: csr_matrix, own: int, truth: Any, known: Any, seed: int = 1) -> Hidden:
    """The layer for these rows, whose first `own` features are the sentence's own.

    `truth` and `known` are rows x labels: whether it has the label, and whether that is told.
    """
    chance = numpy.random.default_rng(seed)
    count, labels = matrix.shape[0], truth.shape[1]
    into = chance.normal(0, 0.1, (matrix.shape[1], UNITS)).astype(numpy.float32)
    out = chance.normal(0, UNITS**-0.5 / 2, (UNITS, labels)).astype(numpy.float32)
    bias, out_bias = numpy.zeros(UNITS, numpy.float32), numpy.full(labels, -3, numpy.float32)
    tables = (into, bias, out, out_bias)
    adams = [Adam(table.shape) for table in tables]
    steps, number = ROUNDS * -(-count // BATCH), 0
    for _ in range(ROUNDS):
        order = chance.permutation(count)
        for at in range(0, count, BATCH):
            number += 1
            rate = RATE * share(number / steps)
            picked = order[at : at + BATCH]
            rows = matrix[picked]
            columns, places = numpy.unique(rows.indices, return_inverse=True)
            kept = chance.random(len(rows.data), numpy.float32) > UNSEEN
            bare = numpy.repeat(chance.random(len(picked)) < BARE, numpy.diff(rows.indptr))
            values = rows.data * (kept & ~(bare & (rows.indices >= own))) / (1 - UNSEEN)
            seen = csr_matrix((values.astype(numpy.float32), places, rows.indptr), (len(picked), len(columns)))
            summed = seen @ into[columns] * GAIN + bias
            awake = (summed > 0) * (chance.random(summed.shape, numpy.float32) > ASLEEP) / numpy.float32(1 - ASLEEP)
            units = summed * awake
            said = 1 / (1 + numpy.exp(-(units @ out + out_bias)))
            wrong = (said - truth[picked]) * known[picked] / numpy.float32(len(picked))
            back = wrong @ out.T * awake
            gradients = (seen.T @ back * GAIN, back.sum(0), units.T @ wrong, wrong.sum(0))
            for table, adam, gradient, touched in zip(
                tables, adams, gradients, (columns, *[slice(None)] * 3), strict=True
            ):
                adam.step(table, gradient, rate, number, touched)
    return Hidden(*tables)


def share(done: float) -> float:
    """Of the highest rate, at this part of the way."""
    return done / WARM if done < WARM else 0.5 * (1 + float(numpy.cos(numpy.pi * (done - WARM) / (1 - WARM)))) + 1e-3
