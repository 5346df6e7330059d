"""Trains the classifier: `python -m mailbot.understand.model.train [--evaluate]`.

In: the labelled passages under data/. Out: weights.json beside this module, or with --evaluate the precision and recall
of every label by cross-validation, as Markdown. Pure Python, no randomness: the same data give the same bytes.

One linear support vector machine per label (squared hinge loss, L2, dual coordinate descent: Hsieh et al., ICML 2008),
then a sigmoid on its margins (Platt) fitted on margins that cross-validation gave: 0.5 means "as likely as not".
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from mailbot.understand.model.features import features, fold

DATA = Path(__file__).with_name("data")
WEIGHTS = Path(__file__).with_name("weights.json")
FOLDS = 5
COST = 1.0  # of a passage on the wrong side
POSITIVE = 3.0  # times that for one that has the label: they are few
EPOCHS = 12
KEPT = 2400  # weights of a label that are written
LEAST = 0.004  # smallest weight that is written


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    labels: frozenset[str]
    language: str


def load(folder: Path = DATA) -> list[Passage]:
    """All passages of the folder; the file name's beginning is the language.

    A YAML file lists `{text, labels}`; a text file holds one passage a line below a line `== label, label` (or none).
    """
    out = []
    for path in sorted(folder.glob("*.txt")):
        labels: frozenset[str] = frozenset()
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("=="):
                labels = frozenset(line.strip("= ").split(", ")) - {"none"}
            elif line.strip():
                out.append(Passage(line.replace("\\n", "\n"), labels, path.name[:2]))
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            out.append(Passage(entry["text"], frozenset(entry["labels"]), path.name[:2]))
    return out


def groups(passages: Sequence[Passage]) -> list[int]:
    """A group number for each passage: those that mirror or nearly repeat each other share one.

    Two passages belong together when they share a rare literal (a number, a quoted text, a name in Latin letters that
    stands in few passages) or most of their beginnings of words.
    """
    pieces = []
    for passage in passages:
        text = fold(passage.text)
        pieces.append({text[i : i + 5] for i in range(max(1, len(text) - 4))})
    index: dict[str, list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        for one in piece:
            index[one].append(number)
    parent = list(range(len(passages)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number, piece in enumerate(pieces):
        shared: Counter[int] = Counter()
        for one in piece:
            if len(index[one]) <= 40:
                shared.update(other for other in index[one] if other < number)
        for other, count in shared.items():
            if count >= 0.3 * min(len(piece), len(pieces[other])) and count >= 4:
                one_root, other_root = sorted((root(number), root(other)))
                parent[other_root] = one_root  # the smallest member names the group, whatever the order
    return [root(number) for number in range(len(passages))]


def folds(passages: Sequence[Passage], grouping: Sequence[int]) -> list[int]:
    """A fold for each passage: groups stay together, labels and languages are spread evenly."""
    members: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(grouping):
        members[group].append(number)
    filled: list[Counter[str]] = [Counter() for _ in range(FOLDS)]
    place = [0] * len(passages)
    for group in sorted(members, key=lambda g: (-len(members[g]), g)):
        strata = [
            f"{passages[n].language} {label}" for n in members[group] for label in sorted(passages[n].labels) or ["-"]
        ]
        fold_number = min(range(FOLDS), key=lambda f: (sum(filled[f][s] for s in strata), sum(filled[f].values()), f))
        filled[fold_number].update(strata)
        for number in members[group]:
            place[number] = fold_number
    return place


class Rows:
    """Passages as unit vectors over numbered features."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts: Counter[str] = Counter()
        named = [features(text) for text in texts]
        for names in named:
            counts.update(names)
        kept = sorted(name for name, count in counts.items() if count > 1)
        self.names = kept
        number = {name: i for i, name in enumerate(kept)}
        self.rows = [[number[name] for name in names if name in number] for names in named]
        self.scale = [1 / math.sqrt(len(names) or 1) for names in named]


def train_one(rows: Rows, chosen: Sequence[int], positive: Sequence[bool]) -> list[float]:
    """Weights of one label, the last one the bias. `positive` says it for each chosen row."""
    weights = [0.0] * (len(rows.names) + 1)
    dual = [0.0] * len(chosen)
    order = list(range(len(chosen)))
    shuffle = random.Random(7)  # noqa: S311 - a fixed order, no secret
    data = [(rows.rows[n], rows.scale[n]) for n in chosen]
    scales = [(0.5 / (COST * (POSITIVE if yes else 1.0)), 1.0 if yes else -1.0) for yes in positive]
    norms = [len(row) * scale * scale + 1.0 for row, scale in data]
    for epoch in range(EPOCHS):
        shuffle.shuffle(order)
        for i in order:
            if epoch % 3 and not dual[i] and epoch < EPOCHS - 1:
                continue  # most passages lie far on the right side and stay there
            row, scale = data[i]
            extra, sign = scales[i]
            margin = sum([weights[f] for f in row]) * scale + weights[-1]
            gradient = sign * margin - 1 + extra * dual[i]
            if dual[i] == 0 and gradient >= 0:
                continue
            new = max(dual[i] - gradient / (norms[i] + extra), 0.0)
            step = (new - dual[i]) * sign
            dual[i] = new
            weights[-1] += step
            step *= scale
            for f in row:
                weights[f] += step
    return weights


def margin_of(rows: Rows, number: int, weights: Sequence[float]) -> float:
    return sum([weights[f] for f in rows.rows[number]]) * rows.scale[number] + weights[-1]


def sigmoid_of(margins: Sequence[float], positive: Sequence[bool]) -> tuple[float, float]:
    """(slope, offset) such that 1 / (1 + exp(-(slope * margin + offset))) is the share of positives at a margin."""
    slope, offset = 2.0, 0.0
    yes = sum(positive)
    high, low = (yes + 1) / (yes + 2), 1 / (len(positive) - yes + 2)
    for _ in range(60):  # Newton's method
        g0 = g1 = h00 = h01 = h11 = 0.0
        for margin, is_positive in zip(margins, positive, strict=True):
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, slope * margin + offset))))
            difference, weight = p - (high if is_positive else low), max(p * (1 - p), 1e-9)
            g0 += difference * margin
            g1 += difference
            h00 += weight * margin * margin
            h01 += weight * margin
            h11 += weight
        h00, h11 = h00 + 1e-6, h11 + 1e-6
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        slope, offset = slope - step0, offset - step1
        if abs(step0) + abs(step1) < 1e-6:
            break
    return slope, offset


def cross_validated(passages: Sequence[Passage], rows: Rows, label: str, place: Sequence[int]) -> list[float]:
    """The margin of every passage under a model that has not seen its fold."""
    margins = [0.0] * len(passages)
    for held in range(FOLDS):
        chosen = [n for n in range(len(passages)) if place[n] != held]
        weights = train_one(rows, chosen, [label in passages[n].labels for n in chosen])
        for n in range(len(passages)):
            if place[n] == held:
                margins[n] = margin_of(rows, n, weights)
    return margins


def train(passages: Sequence[Passage]) -> tuple[dict[str, object], dict[str, list[float]]]:
    """(the model as it is written, label -> cross-validated probability of every passage)."""
    rows = Rows([p.text for p in passages])
    place = folds(passages, groups(passages))
    labels = sorted({label for p in passages for label in p.labels})
    table: dict[str, list[list[float]]] = defaultdict(list)
    biases, slopes, held_out = [], [], {}
    for position, label in enumerate(labels):
        margins = cross_validated(passages, rows, label, place)
        positive = [label in p.labels for p in passages]
        slope, offset = sigmoid_of(margins, positive)
        held_out[label] = [1 / (1 + math.exp(-max(-30.0, min(30.0, slope * m + offset)))) for m in margins]
        weights = train_one(rows, range(len(passages)), positive)
        biases.append(round(slope * weights[-1] + offset, 3))
        slopes.append(round(slope, 3))
        strongest = sorted(range(len(rows.names)), key=lambda f: (-abs(weights[f]), f))[:KEPT]
        for f in strongest:
            if abs(weights[f]) >= LEAST:
                table[rows.names[f]].append([position, round(weights[f] * slope * 100)])
    compact = {name: [int(x) for pair in pairs if pair[1] for x in pair] for name, pairs in sorted(table.items())}
    model = {"labels": labels, "bias": biases, "weights": {k: v for k, v in compact.items() if v}}
    return model, held_out


def report(passages: Sequence[Passage], held_out: dict[str, list[float]]) -> str:
    """Precision and recall of every label at 0.5, overall and for each language, as a Markdown table."""
    languages = ("all", "pt", "en", "es")
    lines = [
        "| label | passages | " + " | ".join(f"{x} P / R" for x in languages) + " |",
        "| --- | ---: |" + " ---: |" * len(languages),
    ]
    for label, probabilities in sorted(held_out.items()):
        cells = []
        for language in languages:
            right = wrong = missed = 0
            for passage, probability in zip(passages, probabilities, strict=True):
                if language not in ("all", passage.language):
                    continue
                said, has = probability >= 0.5, label in passage.labels
                right, wrong, missed = right + (said and has), wrong + (said and not has), missed + (has and not said)
            cells.append(f"{right / max(1, right + wrong):.2f} / {right / max(1, right + missed):.2f}")
        lines.append(f"| {label} | {sum(label in p.labels for p in passages)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    passages = load()
    model, held_out = train(passages)
    if "--evaluate" in arguments:
        print(report(passages, held_out))
        return
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    WEIGHTS.write_text(text + "\n", encoding="utf-8")
    print(f"{WEIGHTS.name}: {len(passages)} passages, {len(held_out)} labels, {WEIGHTS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
