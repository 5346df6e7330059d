"""Trains the weighing of endpoints: `python -m mailbot.understand.endpoints_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of endpoints.txt (`value or - | words`). Out:
fields/endpoint_weights.json, or with --evaluate what it is worth on mails that it has not seen. Needs scikit-learn (the
extra `train`). One logistic regression over the signs of each address or path.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.understand.fields import endpoint, endpoint_weight
from mailbot.understand.fitting import Seen, likeliest, measured, sentences, usual, write
from mailbot.understand.model import mails
from mailbot.understand.model.passages import doc_of
from mailbot.understand.text import fold

SENTENCES = Path(__file__).with_name("endpoints.txt")
COST = 1.0  # the inverse of the penalty on large weights


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
    out += [_mail(words, right, words) for right, words in sentences(SENTENCES)]
    return out


def _mail(text: str, right: str, case: str) -> Mail:
    judged = endpoint.candidates(text, fold(text))
    return Mail([(text[p.start : p.end].casefold(), seen) for p, seen in judged], right.casefold(), case)


def fit(learnt: Sequence[Mail]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    places = [row for one in learnt for row in one.rows()]
    return Seen([seen for seen, _ in places]).fit([right for _, right in places], usual(COST))


def evaluate(learnt: Sequence[Mail]) -> str:
    """How often the endpoint of unseen mails is found."""
    pairs = []
    for held in range(mails.FOLDS):
        table = fit([one for one in learnt if mails.fold_of(one.case) != held])
        for one in learnt:
            if mails.fold_of(one.case) == held:
                chance, words = likeliest(table, one.places)
                pairs.append((words if chance >= endpoint_weight.SURE else "", one.right))
    tally = measured(pairs)
    return (
        f"{len(learnt)} mails, {tally.given} give an endpoint; taken {tally.taken}, right {tally.right} "
        f"(P {tally.right / tally.taken:.1%}, R {tally.right / tally.given:.1%})"
    )


def main(arguments: list[str]) -> int:
    learnt = load()
    if arguments:
        print(evaluate(learnt))
        return 0
    write(endpoint_weight.FILE, fit(learnt))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
