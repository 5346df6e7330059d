"""Trains the verdicts, the kinds and the priorities: `python -m mailbot.understand.model.train [--evaluate]`.

In: the annotated mails under data/, under classifiers and with finders that are trained (train_classifier.py, and
`make train`). Out: verdicts.json, kinds.json and priorities.json beside this module, or with --evaluate what they are
worth on mails that they have not seen, as Markdown. Needs scikit-learn (the extra `train`), which the program itself
does not. The same data give the same files.

A verdict (verdict.py) is one logistic regression a field, over what classifiers that have not seen a mail and the
finders' cues say of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mailbot.rules.pack import RulePack
from mailbot.understand import model
from mailbot.understand.facts import Context, Found
from mailbot.understand.fields import narratives
from mailbot.understand.fields.narrative import spoken
from mailbot.understand.model import kinds, mails, priorities, train_choices, verdict
from mailbot.understand.model.choices import Tables
from mailbot.understand.model.mails import FOLDS, fold_of
from mailbot.understand.model.passages import JUDGED, doc_of, form, packs
from mailbot.understand.model.train_choices import KIND, PRIORITY, Choice, choices_seen
from mailbot.understand.model.train_classifier import unseen

LEAST_GIVEN = 100  # mails with and without a field that its verdict needs,
LEAST_LATER = 200  # and that a pack's own verdict on later mails needs: there the one side is rare


@dataclass(slots=True)
class Seen:
    """What the verdict of one field sees of one mail, and whether the mail gives it."""

    rows: list[tuple[float, ...]]
    given: list[bool]
    cases: list[str]


def _asks(pack: RulePack, field: str) -> bool:
    return any(field in (*rule.required, *rule.optional) for rule in pack.kinds.values())


def seen_by(packs: dict[str, RulePack], annotated: Iterable[mails.AnnotatedMail], into: dict[str, Seen]) -> None:
    """Adds the signs of these mails for every field that their kind's form asks, under the model in use; for fields
    that the forms of several packs ask, those of each pack by themselves as well."""
    shared = {name for name in JUDGED if sum(_asks(pack, name) for pack in packs.values()) > 1}
    for mail in annotated:
        pack, doc, asked = packs[mail.pack], doc_of(mail), form(mail)
        for name in JUDGED:
            if name not in asked:
                continue
            finder = narratives.NARRATIVES[name]
            needless = name in verdict.ALONE and not mail.turn
            cues = () if needless else finder(doc, pack, Context(role=mail.mailbox))
            cue = max((c for c in cues if isinstance(c, Found)), key=lambda item: item.confidence, default=None)
            chances = [sentence.odds(name) for sentence in spoken(doc)]
            given = name in mail.given or (name == "evidence" and cue is not None and bool(mail.attachments))
            signs = narratives.signs_of(name, doc, cue, chances)
            of_all = f"{name}{verdict.LATER}" if mail.turn else name
            for key in (of_all, f"{of_all}{verdict.IN}{mail.pack}") if name in shared else (of_all,):
                seen = into.setdefault(key, Seen([], [], []))
                seen.rows.append(signs)
                seen.given.append(given)
                seen.cases.append(mail.case)


@dataclass(slots=True)
class Trained:
    """What three of the files hold, and what they were fitted on."""

    verdicts: dict[str, list[float]]
    kinds: Tables
    priorities: Tables
    seen: dict[str, Seen]
    chosen: list[Choice]


def train() -> Trained:
    """What is learnt from the classifier's chances and the finders."""
    annotated = mails.load()
    folds = [[mail for mail in annotated if fold_of(mail.case) == held] for held in range(FOLDS)]
    seen: dict[str, Seen] = {}
    for fold, weights in zip(folds, unseen(), strict=True):
        with model.using(weights):
            seen_by(packs(), fold, seen)
    seen = {name: one for name, one in sorted(seen.items()) if enough(name, one)}
    verdicts = {name: weigh(one) for name, one in seen.items()}
    chosen: list[Choice] = []
    for fold, weights in zip(folds, unseen(), strict=True):
        with model.using(weights), verdict.using(verdicts):
            chosen += choices_seen(packs(), [(mail, doc_of(mail)) for mail in fold if not mail.turn])
    of_kind, of_priority = train_choices.fit(chosen, KIND), train_choices.fit(chosen, PRIORITY)
    return Trained(verdicts, of_kind, of_priority, seen, chosen)


def weigh(seen: Seen, chosen: Any = None) -> list[float]:
    """Bias and weights of a field's verdict, fitted on all mails or on some."""
    pick = numpy.ones(len(seen.rows), bool) if chosen is None else chosen
    scale = StandardScaler()
    fitted = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-9).fit(
        scale.fit_transform(numpy.array(seen.rows)[pick]), numpy.array(seen.given)[pick]
    )
    weights = fitted.coef_[0] / scale.scale_
    return [round(float(x), 4) for x in (fitted.intercept_[0] - weights @ scale.mean_, *weights)]


def enough(key: str, seen: Seen) -> bool:
    """Whether there are mails enough that give a field, and that do not, to tell them apart."""
    least = LEAST_LATER if verdict.LATER in key and verdict.IN in key else LEAST_GIVEN
    return min(sum(seen.given), len(seen.given) - sum(seen.given)) >= least


def report(seen: dict[str, Seen]) -> str:
    """Precision and recall of every verdict on mails that neither the classifier nor the fit has seen."""
    lines = [
        "| field | mails | gives it | P | R | the cue alone P | R |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in sorted(seen.items()):
        folds = numpy.array([fold_of(case) for case in one.cases])
        said = numpy.zeros(len(folds), bool)
        for held in range(FOLDS):
            bias, *weights = weigh(one, folds != held)
            said[folds == held] = numpy.array(one.rows)[folds == held] @ numpy.array(weights) + bias >= 0
        given, cue = numpy.array(one.given), numpy.array([row[4] > 0 for row in one.rows])
        cells = []
        for guess in (said, cue):
            right = int((guess & given).sum())
            cells += [f"{right / max(1, guess.sum()):.2f}", f"{right / max(1, given.sum()):.2f}"]
        lines.append(f"| {name} | {len(folds)} | {int(given.sum())} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Writes the files; with --evaluate prints what they are worth instead."""
    made = train()
    choices = [train_choices.report(made.chosen, question) for question in (KIND, PRIORITY)]
    print(report(made.seen), *choices, sep="\n\n")
    if "--evaluate" in arguments:
        return
    for file, table in ((verdict.FILE, made.verdicts), (kinds.FILE, made.kinds), (priorities.FILE, made.priorities)):
        file.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
