"""Trains the weighing of pipelines' names: `python -m mailbot.understand.names_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of names.txt (`name or - | words`; a subject begins
with @). Out: fields/name_weights.json, or with --evaluate what it is worth on mails that it has not seen. Needs
scikit-learn (the extra `train`). One logistic regression over the signs of each place that may be a name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mailbot.understand.doc import Doc
from mailbot.understand.fields import name_weight, pipeline
from mailbot.understand.fitting import Seen, likeliest, measured, sentences, usual, write
from mailbot.understand.model import mails
from mailbot.understand.model.passages import doc_of

SENTENCES = Path(__file__).with_name("names.txt")
OF_SENTENCES = 3.0  # what a sentence counts beside a place of a mail
COST = 1.0  # the inverse of the penalty on large weights
NAMING = 4.0  # what a place that is the name weighs: most are none


@dataclass(frozen=True, slots=True)
class Names:
    """The places of one mail: (words, signs); the name that is right, "" for none; the fold."""

    places: list[tuple[str, tuple[str, ...]]]
    right: str
    fold: int
    weight: float = 1.0


def load() -> list[Names]:
    """All first mails to packs that have pipelines, and the sentences."""
    annotated = [mail for mail in mails.load() if mail.turn == 0 and mail.pack == "digibee"]
    out = [_names(doc_of(mail), mail.values.get("pipeline", ""), mail.case) for mail in annotated]
    for right, words in sentences(SENTENCES):
        mail = mails.AnnotatedMail(words, "digibee", "incident", "support", "", 0, datetime.now(UTC), "")
        mail.subject, mail.body = ("", words) if words[0] != "@" else (words[1:], "")
        out.append(replace(_names(doc_of(mail), right, words), weight=OF_SENTENCES))
    return out


def _names(doc: Doc, right: str, case: str) -> Names:
    places = [(one.words(doc).casefold(), one.signs) for one in pipeline.weighed(doc)]
    return Names(places, right.casefold(), mails.fold_of(case))


def fit(names: Sequence[Names]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    places = [(seen, bool(one.right) and words == one.right, one.weight) for one in names for words, seen in one.places]
    count = [weight * (NAMING if right else 1.0) for _, right, weight in places]
    return Seen([seen for seen, _, _ in places]).fit([right for _, right, _ in places], usual(COST), count)


def evaluate(names: Sequence[Names]) -> str:
    """How often the name of unseen mails is found."""
    pairs = []
    for held in range(mails.FOLDS):
        table = fit([one for one in names if one.fold != held])
        for one in (one for one in names if one.fold == held):
            chance, words = likeliest(table, one.places)
            pairs.append((words if chance >= pipeline.SURE else "", one.right))
    tally = measured(pairs)
    return (
        f"{len(names)} mails, {tally.given} name a pipeline; taken {tally.taken}, right {tally.right} "
        f"(P {tally.right / tally.taken:.1%}, R {tally.right / tally.given:.1%}), another {tally.both - tally.right}"
    )


def main(arguments: list[str]) -> int:
    names = load()
    if arguments:
        print(evaluate(names))
        return 0
    write(name_weight.FILE, fit(names))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
