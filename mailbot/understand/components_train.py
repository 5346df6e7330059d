"""Trains the weighing of sentences about parts of the product: `python -m mailbot.understand.components_train`.

In: the annotated mails under model/data/mails and the sentences of components.txt (`part or - | words`). Out:
fields/component_weights.json, or with --evaluate what it is worth on mails that it has not seen, together with the
pack's lists. Needs scikit-learn (the extra `train`). One logistic regression a part over the signs of each sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.understand.doc import Doc
from mailbot.understand.fields import component, component_weight
from mailbot.understand.fitting import Seen, measured, sentences, usual, write
from mailbot.understand.model import mails
from mailbot.understand.model.passages import doc_of, packs
from mailbot.understand.text import fold

SENTENCES = Path(__file__).with_name("components.txt")
PACK = "sharpspring"
COST = 2.0  # the inverse of the penalty on large weights
OF_SENTENCES = 3.0  # what a sentence of the list counts beside one of a mail
GIVEN = 5.0  # what a sentence that gives the part weighs: they are few
LEAST = 0.1  # smallest weight that is written


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: its signs, the part that it gives ("" none), the fold."""

    signs: tuple[str, ...]
    part: str
    fold: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Mail:
    """A first mail, the part that it is about ("" none), the fold."""

    doc: Doc
    part: str
    fold: int


def load() -> tuple[list[Told], list[Mail]]:
    """The sentences to learn from, and the mails to measure on."""
    pack = packs()[PACK]
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
    for part, words in sentences(SENTENCES):
        told.append(Told(component.signs(fold(words), pack), part, mails.fold_of(words), OF_SENTENCES))
    return told, whole


def fit(told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Part -> the weight of every sign; "" is the bias."""
    seen = Seen([one.signs for one in told])
    count = [one.weight * (GIVEN if one.part else 1.0) for one in told]
    parts = sorted({one.part for one in told} - {""})
    return {part: seen.fit([one.part == part for one in told], usual(COST), count, LEAST) for part in parts}


def evaluate() -> str:
    """How often the part of unseen mails is told."""
    told, whole = load()
    pack = packs()[PACK]
    pairs = []
    for held in range(mails.FOLDS):
        tables = fit([one for one in told if one.fold != held])
        for one in (one for one in whole if one.fold == held):
            verdict = component.judged(one.doc, pack, True, tables)
            pairs.append((verdict.part if verdict.sure else "", one.part))
    tally = measured(pairs)
    return f"{len(whole)} mails, {tally.given} tell their part; taken {tally.taken}, {tally.told()}"


def main(arguments: list[str]) -> int:
    if arguments:
        print(evaluate())
        return 0
    write(component_weight.FILE, fit(load()[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
