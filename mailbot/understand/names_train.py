"""Trains the weighing of pipelines' names: `python -m mailbot.understand.names_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of names.txt (`name or - | words`; a subject begins
with @). Out: fields/name_weights.json, or with --evaluate what it is worth on
mails that it has not seen. Needs scikit-learn (the extra `train`). One logistic regression over the signs of each place
that may be a name.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.understand import logistic
from mailbot.understand.doc import Doc
from mailbot.understand.fields import name_weight, pipeline
from mailbot.understand.model import mails
from mailbot.understand.model.train import doc_of

SENTENCES = Path(__file__).with_name("names.txt")
COST = 3.0  # the inverse of the penalty on large weights
FEWEST = 2  # times that a sign is seen
LEAST = 0.02  # smallest weight that is written


@dataclass(frozen=True, slots=True)
class Names:
    """The places of one mail: (words, signs); the name that is right, "" for none; the fold."""

    places: list[tuple[str, tuple[str, ...]]]
    right: str
    fold: int


def load() -> list[Names]:
    """All first mails to packs that have pipelines, and the sentences."""
    annotated = [mail for mail in mails.load() if mail.turn == 0 and mail.pack == "digibee"]
    out = [_names(doc_of(mail), mail.values.get("pipeline", ""), mail.case) for mail in annotated]
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            right, words = line.split(" | ", 1)
            mail = mails.AnnotatedMail(words, "digibee", "incident", "support", "", 0, datetime.now(UTC), "")
            mail.subject, mail.body = ("", words) if words[0] != "@" else (words[1:], "")
            out.append(_names(doc_of(mail), "" if right == "-" else right, words))
    return out


def _names(doc: Doc, right: str, case: str) -> Names:
    places = [(one.words(doc).casefold(), one.signs) for one in pipeline.weighed(doc)]
    return Names(places, right.casefold(), mails.fold_of(case))


def fit(names: Sequence[Names]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    places = [(seen, bool(one.right) and words == one.right) for one in names for words, seen in one.places]
    counts = Counter(sign for seen, _ in places for sign in seen)
    signs = sorted(sign for sign, count in counts.items() if count >= FEWEST)
    number = {sign: i for i, sign in enumerate(signs)}
    rows = [[number[sign] for sign in seen if sign in number] for seen, _ in places]
    ends = numpy.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((numpy.ones(ends[-1]), [c for row in rows for c in row], ends), (len(rows), len(signs)))
    model = LogisticRegression(C=COST, solver="liblinear", tol=1e-5, random_state=1).fit(matrix, [y for _, y in places])
    weights = {sign: round(float(weight), 2) for sign, weight in zip(signs, model.coef_[0], strict=True)}
    return {"": round(float(model.intercept_[0]), 2)} | {s: w for s, w in weights.items() if abs(w) >= LEAST}


def evaluate(names: Sequence[Names]) -> str:
    """How often the name of unseen mails is found."""
    tally: Counter[str] = Counter()
    for held in range(mails.FOLDS):
        table = fit([one for one in names if one.fold != held])
        for one in names:
            if one.fold != held:
                continue
            best, words = max(
                ((sum([table.get(sign, 0.0) for sign in ("", *seen)]), words) for words, seen in one.places),
                default=(-1.0, ""),
            )
            taken = words if logistic.chance(best) >= pipeline.SURE else ""
            tally["given"] += bool(one.right)
            tally["taken"] += bool(taken)
            tally["right"] += bool(taken) and taken == one.right
            tally["wrong"] += bool(taken) and bool(one.right) and taken != one.right
    return (
        f"{len(names)} mails, {tally['given']} name a pipeline; taken {tally['taken']}, right {tally['right']} "
        f"(P {tally['right'] / tally['taken']:.1%}, R {tally['right'] / tally['given']:.1%}), another {tally['wrong']}"
    )


def main(arguments: list[str]) -> int:
    names = load()
    if arguments:
        print(evaluate(names))
        return 0
    table = fit(names)
    lines = ",\n".join(f"{json.dumps(sign, ensure_ascii=False)}: {weight}" for sign, weight in sorted(table.items()))
    name_weight.FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
