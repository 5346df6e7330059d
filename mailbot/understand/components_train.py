"""Trains the weighing of sentences about parts of the product: `python -m mailbot.understand.components_train`.

In: the annotated mails under model/data/mails and the sentences of components.txt (`part or - | words`). Out:
fields/component_weights.json, or with --evaluate what it is worth on mails that it has not seen, together with the
pack's lists. Needs scikit-learn (the extra `train`). One logistic regression a part over the signs of each sentence.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.rules.pack import load_packs
from mailbot.understand.doc import Doc
from mailbot.understand.fields import component, component_weight
from mailbot.understand.model import mails
from mailbot.understand.model.train import RULES, doc_of
from mailbot.understand.text import fold

SENTENCES = Path(__file__).with_name("components.txt")
PACK = "sharpspring"
COST = 2.0  # the inverse of the penalty on large weights
GIVEN = 5.0  # what a sentence that gives the part weighs: they are few
FEWEST = 2  # times that a sign is seen
LEAST = 0.1  # smallest weight that is written

Tables = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: its signs, the part that it gives ("" none), the fold."""

    signs: tuple[str, ...]
    part: str
    fold: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A first mail, the part that it is about ("" none), the fold."""

    doc: Doc
    part: str
    fold: int


def load() -> tuple[list[Told], list[Mail]]:
    """The sentences to learn from, and the mails to measure on."""
    pack = load_packs(RULES)[PACK]
    told, whole = [], []
    for mail in mails.load():
        if mail.pack != PACK or mail.turn or "component" not in pack.kinds[mail.kind].required:
            continue
        held = mails.fold_of(mail.case)
        part = mail.values.get("component", "")
        whole.append(Mail(doc_of(mail), part, held))
        for sentence in mail.sentences:
            given = part if "component" in sentence.tags else ""
            told.append(Told(component.signs(fold(sentence.text), pack), given, held))
        if not part or "component" in mail.subject_gives:
            told.append(Told(component.signs(fold(mail.subject), pack), part, held))
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            part, words = line.split(" | ", 1)
            told.append(Told(component.signs(fold(words), pack), part.strip("-"), mails.fold_of(words)))
    return told, whole


def fit(told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Part -> the weight of every sign; "" is the bias."""
    counts = Counter(sign for one in told for sign in one.signs)
    signs = sorted(sign for sign, count in counts.items() if count >= FEWEST)
    number = {sign: i for i, sign in enumerate(signs)}
    rows = [[number[sign] for sign in one.signs if sign in number] for one in told]
    ends = numpy.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((numpy.ones(ends[-1]), [c for row in rows for c in row], ends), (len(rows), len(signs)))
    tables = {}
    for part in sorted({one.part for one in told} - {""}):
        given = [one.part == part for one in told]
        model = LogisticRegression(C=COST, solver="liblinear", tol=1e-5, random_state=1)
        model.fit(matrix, given, sample_weight=[GIVEN if one.part else 1.0 for one in told])
        weights = {sign: round(float(weight), 2) for sign, weight in zip(signs, model.coef_[0], strict=True)}
        tables[part] = {"": round(float(model.intercept_[0]), 2)} | {
            s: w for s, w in weights.items() if abs(w) >= LEAST
        }
    return tables


def evaluate() -> str:
    """How often the part of unseen mails is told."""
    told, whole = load()
    pack = load_packs(RULES)[PACK]
    tally = Counter[str]()
    for held in range(mails.FOLDS):
        tables = fit([one for one in told if one.fold != held])
        for one in (one for one in whole if one.fold == held):
            verdict = component.judged(one.doc, pack, True, tables)
            taken = verdict.part if verdict.sure else ""
            tally["given"] += bool(one.part)
            tally["taken"] += bool(taken)
            tally["both"] += bool(taken and one.part)
            tally["right"] += bool(taken) and taken == one.part
    return (
        f"{len(whole)} mails, {tally['given']} tell their part; taken {tally['taken']}, "
        f"P {tally['both'] / tally['taken']:.1%}, R {tally['both'] / tally['given']:.1%}, "
        f"value {tally['right'] / tally['both']:.1%}"
    )


def main(arguments: list[str]) -> int:
    if arguments:
        print(evaluate())
        return 0
    tables = fit(load()[0])
    component_weight.FILE.write_text(
        json.dumps(tables, ensure_ascii=False, sort_keys=True, indent=0) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
