"""Trains the weighing of endpoints: `python -m mailbot.understand.endpoints_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of endpoints.txt (`value or - | words`). Out:
fields/endpoint_weights.json, or with --evaluate what it is worth on mails that it has not seen. Needs scikit-learn (the
extra `train`). One logistic regression over the signs of each address or path.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.understand import logistic
from mailbot.understand.fields import endpoint, endpoint_weight
from mailbot.understand.model import mails
from mailbot.understand.model.train import doc_of
from mailbot.understand.text import fold

SENTENCES = Path(__file__).with_name("endpoints.txt")
COST = 1.0  # the inverse of the penalty on large weights
FEWEST = 2  # times that a sign is seen
LEAST = 0.02  # smallest weight that is written


@dataclass(frozen=True, slots=True)
class Mail:
    """The places of one mail: (words, signs); the endpoint, "" for none; the case."""

    places: list[tuple[str, list[str]]]
    right: str
    case: str

    def rows(self) -> list[tuple[list[str], bool]]:
        """What is learnt from: a call of the endpoint with other parameters teaches nothing."""
        bare = self.right.partition("?")[0]
        return [
            (seen, words == self.right)
            for words, seen in self.places
            if words == self.right or not bare or words.partition("?")[0] != bare
        ]


def load() -> list[Mail]:
    """All first mails to packs that have endpoints, and the sentences."""
    out = []
    for mail in mails.load():
        if mail.turn == 0 and mail.pack == "api-operations":
            doc = doc_of(mail)
            out.append(_mail(doc.text, mail.values.get("endpoint", ""), mail.case))
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            right, words = line.split(" | ", 1)
            out.append(_mail(words, "" if right == "-" else right, words))
    return out


def _mail(text: str, right: str, case: str) -> Mail:
    judged = endpoint.candidates(text, fold(text))
    return Mail([(text[p.start : p.end].casefold(), seen) for p, seen in judged], right.casefold(), case)


def fit(learnt: Sequence[Mail]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    places = [row for one in learnt for row in one.rows()]
    counts = Counter(sign for seen, _ in places for sign in seen)
    signs = sorted(sign for sign, count in counts.items() if count >= FEWEST)
    number = {sign: i for i, sign in enumerate(signs)}
    rows = [[number[sign] for sign in seen if sign in number] for seen, _ in places]
    ends = numpy.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((numpy.ones(ends[-1]), [c for row in rows for c in row], ends), (len(rows), len(signs)))
    model = LogisticRegression(C=COST, solver="liblinear", tol=1e-5, random_state=1).fit(matrix, [y for _, y in places])
    weights = {sign: round(float(weight), 2) for sign, weight in zip(signs, model.coef_[0], strict=True)}
    return {"": round(float(model.intercept_[0]), 2)} | {s: w for s, w in weights.items() if abs(w) >= LEAST}


def evaluate(learnt: Sequence[Mail]) -> str:
    """How often the endpoint of unseen mails is found."""
    tally: Counter[str] = Counter()
    for held in range(mails.FOLDS):
        table = fit([one for one in learnt if mails.fold_of(one.case) != held])
        for one in learnt:
            if mails.fold_of(one.case) != held:
                continue
            weighed = [(sum([table.get(sign, 0.0) for sign in ("", *seen)]), words) for words, seen in one.places]
            best, words = max(weighed, default=(-1.0, ""))
            taken = words if logistic.chance(best) >= endpoint_weight.SURE else ""
            tally["given"] += bool(one.right)
            tally["taken"] += bool(taken)
            tally["right"] += bool(taken) and taken == one.right
    return (
        f"{len(learnt)} mails, {tally['given']} give an endpoint; taken {tally['taken']}, right {tally['right']} "
        f"(P {tally['right'] / tally['taken']:.1%}, R {tally['right'] / tally['given']:.1%})"
    )


def main(arguments: list[str]) -> int:
    learnt = load()
    if arguments:
        print(evaluate(learnt))
        return 0
    table = fit(learnt)
    lines = ",\n".join(f"{json.dumps(sign, ensure_ascii=False)}: {weight}" for sign, weight in sorted(table.items()))
    endpoint_weight.FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
