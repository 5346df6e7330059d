"""What the trainers of weighers share (`*_train.py`): sentences, a logistic regression over signs, how it is measured.

In: signs and what is right. Out: tables of weights and their JSON files. Needs scikit-learn (the extra `train`): the
program itself never imports it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.understand.logistic import Weights, chance, weighed

FEWEST = 2  # times that a sign is seen
LEAST = 0.05  # smallest weight that is written


def sentences(file: Path) -> Iterator[tuple[str, str]]:
    """(what the words give, the words) of the lines `value | words`; "-" gives nothing, # begins a remark."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            value, words = line.split(" | ", 1)
            yield "" if value == "-" else value, words


def usual(cost: float) -> LogisticRegression:
    """The regression of most weighers; `cost` is the inverse of the penalty on large weights."""
    return LogisticRegression(C=cost, solver="liblinear", tol=1e-5, random_state=1)


class Seen:
    """Rows of signs as a matrix: what tables of weights are fitted on."""

    def __init__(self, rows: Sequence[Iterable[str]], scale: Callable[[str], float] = lambda _sign: 1.0) -> None:
        """scale: what a sign counts beside the others."""
        counts = Counter(sign for row in rows for sign in row)
        self._signs = sorted(sign for sign, count in counts.items() if count >= FEWEST)
        self._scale = [scale(sign) for sign in self._signs]
        number = {sign: i for i, sign in enumerate(self._signs)}
        numbered = [[number[sign] for sign in row if sign in number] for row in rows]
        columns = [column for row in numbered for column in row]
        ends = numpy.cumsum([0, *map(len, numbered)])
        self._matrix = csr_matrix(
            ([self._scale[column] for column in columns], columns, ends), (len(numbered), len(self._signs))
        )

    def fit(
        self,
        right: Sequence[bool],
        model: LogisticRegression,
        weights: Sequence[float] | None = None,
        least: float = LEAST,
    ) -> dict[str, float]:
        """Sign -> weight; "" is the bias. weights: what each row counts; least: the smallest weight that is kept."""
        model.fit(self._matrix, right, sample_weight=weights)
        pairs = zip(self._signs, model.coef_[0], self._scale, strict=True)
        table = {sign: round(float(weight) * scale, 2) for sign, weight, scale in pairs}
        return {"": round(float(model.intercept_[0]), 2)} | {s: w for s, w in table.items() if abs(w) >= least}


def write(file: Path, tables: Mapping[str, Any]) -> None:
    """One weight a line, in order, so that a change of them can be read."""
    file.write_text(json.dumps(tables, ensure_ascii=False, sort_keys=True, indent=0) + "\n", encoding="utf-8")


def likeliest(weights: Weights, places: Iterable[tuple[str, Iterable[str]]]) -> tuple[float, str]:
    """The chance and the words of the likeliest of some (words, signs); (0, "") of none."""
    logits = [(weighed(weights, signs), words) for words, signs in places]
    best, words = max(logits, default=(-30.0, ""))
    return chance(best), words


class Measured(NamedTuple):
    """How many mails give a value, of how many one was taken, and how often both, and it the right one."""

    given: int
    taken: int
    both: int
    right: int

    def told(self) -> str:
        """Precision and recall of there being a value, and how often it is the right one."""
        return f"P {self.both / self.taken:.1%}, R {self.both / self.given:.1%}, value {self.right / self.both:.1%}"


def measured(pairs: Iterable[tuple[str, str]]) -> Measured:
    """Of (value taken, right value) of each mail, "" for none."""
    rows = [(bool(right), bool(taken), bool(taken and right), bool(taken) and taken == right) for taken, right in pairs]
    return Measured(*map(sum, zip(*rows, strict=True)))
