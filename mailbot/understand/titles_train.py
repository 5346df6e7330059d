"""Trains the weighing of subjects: `python -m mailbot.understand.titles_train [--evaluate]`.

In: the annotated mails under model/data/mails that say whether their subject is a title, and the subjects of titles.txt
(`yes or - | subject`). Out: fields/title_weights.json, or with --evaluate what it is worth on subjects that it has not
seen. Needs scikit-learn (the extra `train`). One logistic regression over the signs of each subject.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.understand.doc import clean_subject
from mailbot.understand.fields import title, title_weight
from mailbot.understand.fitting import Seen, sentences, usual, write
from mailbot.understand.logistic import chance, weighed
from mailbot.understand.model import mails
from mailbot.understand.text import fold

SENTENCES = Path(__file__).with_name("titles.txt")
COST = 1.0  # the inverse of the penalty on large weights


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject with its signs, whether it names anything, whether it is a title, and its fold."""

    signs: tuple[str, ...]
    names: bool
    right: bool
    fold: int


def load() -> Iterator[Subject]:
    """The subjects to learn from."""
    for mail in mails.load():
        if mail.title is not None and mail.subject:
            yield _subject(mail.subject, mail.title, mail.case)
    for value, words in sentences(SENTENCES):
        yield _subject(words, bool(value), words)


def _subject(text: str, right: bool, case: str) -> Subject:
    text = clean_subject(text)
    folded = fold(text)
    return Subject(tuple(title.signs(text, folded)), title.sums_up(folded), right, mails.fold_of(case))


def fit(subjects: Sequence[Subject]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    return Seen([one.signs for one in subjects]).fit([one.right for one in subjects], usual(COST))


def evaluate(subjects: Sequence[Subject]) -> str:
    """Of unseen subjects, how many that are taken are titles, and how many titles are taken: by the words alone too."""
    taken, alone = [], []
    for held in range(mails.FOLDS):
        table = fit([one for one in subjects if one.fold != held])
        for one in (one for one in subjects if one.fold == held):
            likely = chance(weighed(table, one.signs)) >= title_weight.LEAST
            taken.append((one.names and likely, one.right))
            alone.append((one.names, one.right))
    return f"{len(subjects)} subjects; {_told(taken)}; by their words alone {_told(alone)}"


def _told(pairs: Sequence[tuple[bool, bool]]) -> str:
    both = sum(taken and right for taken, right in pairs)
    return f"P {both / sum(t for t, _ in pairs):.1%}, R {both / sum(r for _, r in pairs):.1%}"


def main(arguments: list[str]) -> int:
    subjects = list(load())
    if arguments:
        print(evaluate(subjects))
        return 0
    write(title_weight.FILE, fit(subjects))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
