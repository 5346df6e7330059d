"""Trains the weighing of places: `python -m mailbot.understand.places_train [--evaluate]`.

In: the annotated mails under model/data/mails and the sentences of places.txt (`field value or - | words`). Out:
fields/place_weights.json, or with --evaluate what it is worth on mails that it has not seen. Needs scikit-learn (the
extra `train`). One logistic regression a field over the signs of each stretch that may be its value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailbot.rules.pack import RulePack
from mailbot.understand import model
from mailbot.understand.doc import Doc
from mailbot.understand.fields import chat_id, country, device, environment, pipeline_key, place_weight, project
from mailbot.understand.fields.place_weight import Weighed
from mailbot.understand.fitting import Seen, likeliest, measured, sentences, usual, write
from mailbot.understand.model import mails
from mailbot.understand.model.passages import doc_of, packs
from mailbot.understand.model.train_classifier import unseen

SENTENCES = Path(__file__).with_name("places.txt")
OF_SENTENCES = 3.0  # what a sentence counts beside a stretch of a mail


@dataclass(frozen=True, slots=True)
class Task:
    """How one field is learnt."""

    weighed: Callable[[Doc, RulePack], Sequence[Weighed]]
    sure: float
    cost: float = 0.5  # the inverse of the penalty on large weights


TASKS = {
    "chat_id": Task(lambda doc, _pack: chat_id.weighed(doc), chat_id.SURE, 1.0),
    "country": Task(lambda doc, _pack: country.weighed(doc), country.SURE),
    "device": Task(lambda doc, _pack: device.weighed(doc), device.SURE, 2.0),
    "environment": Task(environment.weighed, 0.5),
    "pipeline_key": Task(lambda doc, _pack: pipeline_key.weighed(doc), pipeline_key.SURE, 1.0),
    "project": Task(lambda doc, _pack: project.weighed(doc), project.SURE, 1.0),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """The stretches of one mail: (value, signs, whether it is right; None where that cannot be told)."""

    places: list[tuple[str, tuple[str, ...], bool | None]]
    right: str
    fold: int
    weight: float = 1.0


def load(field: str) -> list[Mail]:
    """All first mails of kinds that have the field on their form, and the sentences, each as a classifier reads them
    that has not seen them."""
    told = list(_told(field))
    out = []
    for fold, weights in enumerate(unseen()):
        with model.using(weights):
            out += [_mail(field, one, fold, weight) for one, weight in told if mails.fold_of(one.case) == fold]
    return out


def _told(field: str) -> Iterator[tuple[mails.AnnotatedMail, float]]:
    for mail in mails.load():
        form = packs()[mail.pack].kinds[mail.kind]
        if mail.turn == 0 and field in {*form.required, *form.welcome, *form.optional}:
            yield mail, 1.0
    for given, words in sentences(SENTENCES):
        about, _, right = given.partition(" ")
        if about == field:
            pack = next(pack for pack in packs().values() if field in pack.fields)
            mail = mails.AnnotatedMail(words, pack.name, "", "support", "", 0, datetime.now(UTC), "", body=words)
            mail.values = {} if right == "-" else {field: right}
            mail.sentences = [mails.Tagged(words, frozenset({field}))]
            yield mail, OF_SENTENCES


def _mail(field: str, mail: mails.AnnotatedMail, fold: int, weight: float) -> Mail:
    doc = doc_of(mail)
    right = mail.values.get(field, "").casefold()
    told = []
    for sentence in mail.sentences:
        if field in sentence.tags and (at := doc.text.find(sentence.text)) >= 0:
            told.append(range(at, at + len(sentence.text)))
    places = []
    for one in TASKS[field].weighed(doc, packs()[mail.pack]):
        good: bool | None = bool(right) and one.value.casefold() == right
        if good and one.source == "body" and not any(one.start in part for part in told):
            good = None
        places.append((one.value.casefold(), one.signs, good))
    return Mail(places, right, fold, weight)


def fit(found: Sequence[Mail], cost: float) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    places = [(seen, good, one.weight) for one in found for _, seen, good in one.places if good is not None]
    weights = [weight for _, _, weight in places]
    return Seen([seen for seen, _, _ in places]).fit([good for _, good, _ in places], usual(cost), weights)


def evaluate(field: str) -> str:
    """How often the value in unseen mails is found, by the weights alone."""
    found, task, pairs = load(field), TASKS[field], []
    for held in range(mails.FOLDS):
        table = fit([one for one in found if one.fold != held], task.cost)
        for one in (one for one in found if one.fold == held):
            chance, value = likeliest(table, [(value, seen) for value, seen, _ in one.places])
            pairs.append((value if chance >= task.sure else "", one.right))
    tally = measured(pairs)
    reachable = sum(any(value == one.right for value, _, _ in one.places) for one in found)
    return (
        f"{field}: {len(found)} mails, {tally.given} give it ({reachable} in a stretch that is weighed); "
        f"taken {tally.taken}, {tally.told()}"
    )


def main(arguments: list[str]) -> int:
    if arguments:
        for field in arguments[1:] or TASKS:
            print(evaluate(field))
        return 0
    tables = {field: fit(load(field), task.cost) for field, task in TASKS.items()}
    write(place_weight.FILE, tables)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
