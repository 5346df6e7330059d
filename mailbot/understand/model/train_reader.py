"""Fits the reader of whole mails (reader.py): which fields a mail gives, its kind, its priority.

In: annotated mails as rows of features, sentence by sentence, and what is true of each mail. Out: `Reader`. The mails
are cut into sentences as the program cuts them, without their signatures. What single sentences say is learnt along
with it, which keeps the units honest, and is thrown away: single sentences are judged by the layer of train_hidden.py.

A sentence is the sum of its features' rows; the mean of all sentences of its mail, made even, is added to each, so
that "it is the same" reads otherwise behind a test than behind a greeting; units above 0 then weigh, for every label,
how much the sentence has to say about it and what it says. Gradient descent by Adam (Kingma and Ba, 2015); features,
units and what stands around are dropped at random (Srivastava et al., 2014). The same data give the same numbers on the
same machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix

from mailbot.understand.model.reader import EVEN, PLACES
from mailbot.understand.model.train_hidden import Adam, share

UNITS = 64  # of a sentence
INNER = 64  # that weigh it in its mail
ROUNDS = 6  # over all mails
BATCH = 48  # mails
RATE = 0.004  # of learning, at its most
UNSEEN = 0.25  # of the features that a step does not see
ASLEEP = 0.25  # of the units that a step does not use
ALONE = 0.2  # of what comes from the other sentences, likewise
OF_MAILS = 4.0  # what a label of the mail weighs beside those of all its sentences
GAIN = 3.0  # on the sum of a row's features, whose values are small
MOST_CHANGE = 1.0  # length of a step's gradient


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the fit sees: a mail's sentences one after the other, its subject first. `starts`: the mails' first rows."""

    rows: csr_matrix  # sentences x features
    starts: Any
    settings: csr_matrix  # mails x names of where they came in
    places: Any  # of each sentence, its place: see reader.place
    truth: Any  # sentences x labels of sentences
    known: Any
    whole: Any  # mails x labels of mails
    told: Any

    def picked(self, mails: Any) -> Learnt:
        """The same for some mails."""
        ends = numpy.append(self.starts[1:], self.rows.shape[0])
        counts = ends[mails] - self.starts[mails]
        starts = numpy.concatenate([[0], numpy.cumsum(counts)[:-1]])
        rows = numpy.repeat(self.starts[mails] - starts, counts) + numpy.arange(counts.sum())
        return Learnt(
            self.rows[rows],
            starts,
            self.settings[mails],
            self.places[rows],
            self.truth[rows],
            self.known[rows],
            self.whole[mails],
            self.told[mails],
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """The tables, by name."""

    into: Any  # features x units
    bias: Any
    subject: Any  # what the subject has besides
    mixed: Any  # units x units: from the mean of the mail to each sentence
    setting: Any  # names x units
    place: Any  # places x units
    inner: Any  # units x units
    inner_bias: Any
    weighs: Any  # those units, then a sentence's own as it is read in its mail, x labels of mails
    says: Any
    says_bias: Any
    out: Any  # the same x labels of sentences: thrown away
    out_bias: Any

    def tables(self) -> tuple[Any, ...]:
        """All of them, in order."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def even(units: Any) -> tuple[Any, Any]:
    """Rows of mean 0 and length 1 a unit, and what each was divided by (layer normalisation: Ba et al., 2016)."""
    centred = units - units.mean(1, keepdims=True)
    scale = 1 / numpy.sqrt((centred * centred).mean(1, keepdims=True) + EVEN)
    return centred * scale, scale


def _even_back(evened: Any, scale: Any, gradient: Any) -> Any:
    along = (gradient * evened).mean(1, keepdims=True)
    return scale * (gradient - gradient.mean(1, keepdims=True) - evened * along)


def fit(learnt: Learnt, seed: int = 1) -> Reader:
    """The reader for these mails."""
    chance = numpy.random.default_rng(seed)
    reader = begun(learnt, chance)
    tables = reader.tables()
    adams = [Adam(table.shape) for table in tables]
    starts, sizes = learnt.starts, numpy.diff(numpy.append(learnt.starts, learnt.rows.shape[0]))
    steps, number = ROUNDS * -(-len(starts) // BATCH), 0
    for _ in range(ROUNDS):
        for mails in _batches(sizes, chance):
            number += 1
            rate = RATE * share(number / steps)
            seen = learnt.picked(mails)
            columns, places = numpy.unique(seen.rows.indices, return_inverse=True)
            kept = (chance.random(len(seen.rows.data), numpy.float32) > UNSEEN) / numpy.float32(1 - UNSEEN)
            form = (seen.rows.shape[0], len(columns))
            matrix = csr_matrix((seen.rows.data * kept, places, seen.rows.indptr), form)
            gradients = _gradients(reader, columns, matrix, seen, chance)
            length = float(numpy.sqrt(sum(float((one * one).sum()) for one in gradients)))
            if length > MOST_CHANGE:
                gradients = [one * numpy.float32(MOST_CHANGE / length) for one in gradients]
            for table, adam, gradient, touched in zip(
                tables, adams, gradients, (columns, *[slice(None)] * (len(tables) - 1)), strict=True
            ):
                adam.step(table, gradient, rate, number, touched)
    return reader


def begun(learnt: Learnt, chance: Any) -> Reader:
    def normal(*shape: int, spread: float) -> Any:
        return chance.normal(0, spread, shape).astype(numpy.float32)

    labels, whole = learnt.truth.shape[1], learnt.whole.shape[1]
    spread = UNITS**-0.5 / 2
    return Reader(
        into=normal(learnt.rows.shape[1], UNITS, spread=0.1),
        bias=numpy.zeros(UNITS, numpy.float32),
        subject=numpy.zeros(UNITS, numpy.float32),
        mixed=normal(UNITS, UNITS, spread=spread),
        setting=normal(learnt.settings.shape[1], UNITS, spread=0.1),
        place=normal(PLACES, UNITS, spread=0.1),
        inner=normal(UNITS, INNER, spread=spread),
        inner_bias=numpy.zeros(INNER, numpy.float32),
        weighs=normal(INNER + UNITS, whole, spread=spread),
        says=normal(INNER + UNITS, whole, spread=spread),
        says_bias=numpy.zeros(whole, numpy.float32),
        out=normal(INNER + UNITS, labels, spread=spread),
        out_bias=numpy.full(labels, -3, numpy.float32),
    )


def _batches(sizes: Any, chance: Any) -> Iterator[Any]:
    """All mails in random order, some of one length together."""
    order = chance.permutation(len(sizes))
    batches = []
    for at in range(0, len(order), BATCH * 40):
        chunk = order[at : at + BATCH * 40]
        chunk = chunk[numpy.argsort(sizes[chunk], kind="stable")]
        batches += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    return (batches[number] for number in chance.permutation(len(batches)))


@dataclass(frozen=True, slots=True)
class Asleep:
    """What a step leaves out: factors of 0, or of what keeps the mean as it was."""

    around: Any
    inner: Any
    units: Any

    @classmethod
    def drawn(cls, sentences: int, chance: Any) -> Asleep:
        def factors(count: int, share: float) -> Any:
            drawn = chance.random((sentences, count), numpy.float32) > share
            return drawn / numpy.float32(1 - share)

        return cls(factors(UNITS, ALONE), factors(UNITS, ASLEEP / 2), factors(INNER + UNITS, ASLEEP))


def _gradients(reader: Reader, columns: Any, matrix: csr_matrix, seen: Learnt, chance: Any) -> list[Any]:
    """One step: the gradient of the loss for every table, that of `into` for the features of `columns` alone."""
    return gradients(reader, columns, matrix, seen, Asleep.drawn(matrix.shape[0], chance))[1]


def gradients(
    reader: Reader, columns: Any, matrix: csr_matrix, seen: Learnt, asleep: Asleep
) -> tuple[float, list[Any]]:
    """The loss of these mails, and its gradient for every table in order."""
    starts, sentences = seen.starts, matrix.shape[0]
    sizes = numpy.diff(numpy.append(starts, sentences))
    of = numpy.repeat(numpy.arange(len(starts)), sizes)
    size = sizes[:, None].astype(numpy.float32)
    own = matrix @ reader.into[columns] * GAIN + reader.bias
    own[starts] += reader.subject
    evened, own_scale = even(own)
    mean = numpy.add.reduceat(evened, starts) / size
    around = mean @ reader.mixed + seen.settings @ reader.setting
    beside, scale = even(own + (around[of] + reader.place[seen.places]) * asleep.around)
    summed = (beside * asleep.inner) @ reader.inner + reader.inner_bias
    awake = (summed > 0) * asleep.units[:, :INNER]
    units = numpy.hstack([summed * awake, beside * asleep.units[:, INNER:]])

    said = 1 / (1 + numpy.exp(-(units @ reader.out + reader.out_bias)))
    wrong = (said - seen.truth) * seen.known / numpy.float32(sentences)
    heavy = units @ reader.weighs
    heavy = numpy.exp(heavy - numpy.maximum.reduceat(heavy, starts)[of])
    heavy /= numpy.add.reduceat(heavy, starts)[of]
    says = units @ reader.says
    raw = numpy.add.reduceat(heavy * says, starts)
    whole = 1 / (1 + numpy.exp(-(raw + reader.says_bias)))
    wrong_whole = (whole - seen.whole) * seen.told * numpy.float32(OF_MAILS / max(1.0, float(seen.told.sum())))
    loss = _loss(said, seen.truth, seen.known) / sentences
    loss += OF_MAILS * _loss(whole, seen.whole, seen.told) / max(1.0, float(seen.told.sum()))

    to_says = heavy * wrong_whole[of]
    to_heavy = to_says * (says - raw[of])
    both = wrong @ reader.out.T + to_heavy @ reader.weighs.T + to_says @ reader.says.T
    back = both[:, :INNER] * awake
    straight = both[:, INNER:] * asleep.units[:, INNER:]
    to_beside = _even_back(beside, scale, (back @ reader.inner.T) * asleep.inner + straight)
    to_each = to_beside * asleep.around
    to_around = numpy.add.reduceat(to_each, starts)
    to_own = to_beside + _even_back(evened, own_scale, (to_around @ reader.mixed.T / size)[of])
    return loss, [
        matrix.T @ to_own * GAIN,
        to_own.sum(0),
        to_own[starts].sum(0),
        mean.T @ to_around,
        seen.settings.T @ to_around,
        _by_place(to_each, seen.places),
        (beside * asleep.inner).T @ back,
        back.sum(0),
        units.T @ to_heavy,
        units.T @ to_says,
        wrong_whole.sum(0),
        units.T @ wrong,
        wrong.sum(0),
    ]


def _by_place(rows: Any, places: Any) -> Any:
    marks = csr_matrix(
        (numpy.ones(len(places), rows.dtype), (places, numpy.arange(len(places)))), (PLACES, len(places))
    )
    return marks @ rows


def _loss(said: Any, truth: Any, known: Any) -> float:
    sure = numpy.clip(numpy.where(truth > 0, said, 1 - said), 1e-7, 1)
    return float(-(numpy.log(sure) * known).sum())
