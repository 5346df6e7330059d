"""Trains the weighing of moments: `python -m mailbot.understand.moments_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of moments.txt (`moment or - | words`, written on
Thursday 5 November 2026, 08:47). Out: fields/moment_weights.json, or with --evaluate what it is worth on mails that it
has not seen. Needs scikit-learn (the extra `train`). One logistic regression over the signs of each moment.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from mailbot.message.model import Address, Message
from mailbot.message.quote import split_message
from mailbot.understand import fitting, model
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context
from mailbot.understand.fields import moment_candidates, moment_weight
from mailbot.understand.fields.occurred_at import us_dates
from mailbot.understand.fitting import sentences
from mailbot.understand.logistic import weighed
from mailbot.understand.model import mails
from mailbot.understand.model.around import setting
from mailbot.understand.model.train_classifier import unseen

SENTENCES = Path(__file__).with_name("moments.txt")
WRITTEN = datetime.fromisoformat("2026-11-05T08:47:00-03:00")
KINDS = ("incident", "production_operation", "integration")  # whose form asks when it happened
COST = 1.0  # the inverse of the penalty on large weights
OF_WORDS = 0.5  # what a word counts beside the other signs
OF_SENTENCES = 1.5  # what a sentence counts beside the moment of a mail
SENTENCE = "sentence "


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment of a text with its signs, and whether it is the one."""

    signs: tuple[str, ...]
    right: bool
    fold: int
    weight: float = 1.0


def load() -> Iterator[tuple[Doc, str, str]]:
    """(mail, the moment that it tells or "", its case)."""
    for mail in mails.load():
        if mail.turn == 0 and mail.kind in KINDS:
            where = setting(mail.pack, mail.mailbox, False)
            yield _doc(mail.body, mail.subject, mail.date, where), mail.values.get("occurred_at", ""), mail.case
    for value, words in sentences(SENTENCES):
        yield _doc(words, "", WRITTEN), value, f"{SENTENCE}{words}"


def _doc(body: str, subject: str, when: datetime, where: tuple[str, ...] = ()) -> Doc:
    sender = (Address("ana@cliente.example", "Ana"),)
    message = Message("<1@x>", sender, (), (), (), subject, when, when, text=body)
    return build(message, split_message(message), where)


def seen(doc: Doc, value: str, case: str) -> Iterator[Seen]:
    """The moments of a mail that have to be weighed."""
    for c in moment_candidates.candidates(doc, us_dates(doc, Context())):
        if c.signs:
            right = bool(value) and (c.moment.iso == value or (not c.timed and value.startswith(c.moment.iso)))
            yield Seen(c.signs, right, mails.fold_of(case), OF_SENTENCES if case.startswith(SENTENCE) else 1.0)


def fit(moments: Sequence[Seen]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    rows = fitting.Seen([moment.signs for moment in moments], _scale)
    fitted = LogisticRegression(C=COST, max_iter=5000, tol=1e-7)
    return rows.fit([moment.right for moment in moments], fitted, [moment.weight for moment in moments])


def _scale(sign: str) -> float:
    return OF_WORDS if sign[0] in "<>" or sign.startswith("in:") else 1.0


def evaluate(moments: Sequence[Seen]) -> str:
    """How many moments of unseen mails are judged rightly."""
    tally: Counter[tuple[bool, bool]] = Counter()
    for held in range(mails.FOLDS):
        table = fit([moment for moment in moments if moment.fold != held])
        unseen = [moment for moment in moments if moment.fold == held]
        tally.update((weighed(table, m.signs) > 0, m.right) for m in unseen)
    right = tally[True, True]
    return (
        f"{sum(tally.values())} moments; of those taken {right / (right + tally[True, False]):.1%} are right, "
        f"of the right ones {right / (right + tally[False, True]):.1%} are taken"
    )


def main(arguments: list[str]) -> int:
    told = list(load())
    moments: list[Seen] = []
    for fold, weights in enumerate(unseen()):
        with model.using(weights):
            for doc, value, case in told:
                if mails.fold_of(case) == fold:
                    moments += seen(doc, value, case)
    if arguments:
        print(evaluate(moments))
        return 0
    fitting.write(moment_weight.FILE, fit(moments))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
