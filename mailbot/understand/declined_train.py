"""Trains the weighing of what is declined: `python -m mailbot.understand.declined_train [--evaluate]`.

In: the annotated mails under model/data/mails (tags `declined:FIELD`). Out: declined_weights.json, or with --evaluate
what it is worth on mails that neither it nor the classifier has seen. Needs scikit-learn (the extra `train`). The
classifier's word on each sentence comes from a model that was trained without the mail's fold, so that the weights
learn how far it can be trusted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.understand import declined, declined_weight, logistic, model
from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields.narrative import clauses
from mailbot.understand.fitting import Seen, usual, write
from mailbot.understand.model import mails
from mailbot.understand.model.passages import doc_of, packs
from mailbot.understand.model.train_classifier import unseen

COST = 0.2  # the inverse of the penalty on large weights


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence of one mail and a field that it may decline."""

    mail: tuple[str, int]
    field: str
    signs: tuple[str, ...]
    right: bool


def load() -> tuple[list[Weighed], dict[tuple[str, int], frozenset[str]]]:
    """Every sentence that may decline something, and what each mail declines."""
    annotated = mails.load()
    forms = {name: frozenset(pack.fields) for name, pack in packs().items()}
    given = {mail.case: mail.given for mail in annotated if mail.turn == 0}
    weighed: list[Weighed] = []
    right: dict[tuple[str, int], frozenset[str]] = {}
    for held, weights in enumerate(unseen()):
        with model.using(weights):
            for mail in annotated:
                if mails.fold_of(mail.case) == held:
                    known = given.get(mail.case, frozenset()) if mail.turn else frozenset(model.DECLINABLE)
                    weighed += _weighed(mail, forms[mail.pack], known)
                    right[mail.case, mail.turn] = _declined(mail)
    return weighed, right


def _declined(mail: mails.AnnotatedMail) -> frozenset[str]:
    tags = {tag for sentence in mail.sentences for tag in sentence.tags}
    return frozenset(f for f in model.DECLINABLE if f"declined:{f}" in tags and f not in mail.values)


def _weighed(mail: mails.AnnotatedMail, form: frozenset[str], known: frozenset[str]) -> Iterator[Weighed]:
    doc = doc_of(mail)
    spans = list(_spans(doc, mail))
    before: int | None = None
    for sentence in clauses(doc):
        cues = declined.cues(sentence)
        for field in model.DECLINABLE:
            if field in form and (field in cues or declined_weight.worth(sentence.odds, field)):
                seen = declined_weight.signs(
                    sentence.bare, sentence.odds, field, field in cues, before, field not in known
                )
                says = any(
                    f"declined:{field}" in tags and _covers(span, Span(sentence.start, sentence.end))
                    for span, tags in spans
                )
                yield Weighed((mail.case, mail.turn), field, tuple(seen), says)
        before = declined_weight.logit(sentence.odds("declines_to_give"))


def _spans(doc: Doc, mail: mails.AnnotatedMail) -> Iterator[tuple[Span, frozenset[str]]]:
    """Where the annotated sentences stand."""
    at = 0
    for tagged in mail.sentences:
        words = tagged.text.split("\n")[0].strip()
        start = doc.text.find(words, at)
        if start >= 0:
            yield Span(start, start + len(words)), tagged.tags
            at = start


def _covers(one: Span, other: Span) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0 and shared >= 0.5 * min(one.end - one.start, other.end - other.start)


def fit(weighed: Sequence[Weighed]) -> dict[str, float]:
    """The weight of every sign; "" is the bias."""
    return Seen([one.signs for one in weighed]).fit([one.right for one in weighed], usual(COST))


def evaluate(weighed: Sequence[Weighed], right: dict[tuple[str, int], frozenset[str]]) -> str:
    """How often what unseen mails decline is found."""
    said: dict[tuple[str, int], set[str]] = {}
    for held in range(mails.FOLDS):
        table = fit([one for one in weighed if mails.fold_of(one.mail[0]) != held])
        for one in weighed:
            sure = logistic.chance(logistic.weighed(table, one.signs)) >= declined_weight.SURE
            if sure and mails.fold_of(one.mail[0]) == held:
                said.setdefault(one.mail, set()).add(one.field)
    lines = []
    for field in (*model.DECLINABLE, None):
        wanted = {(mail, f) for mail, fields in right.items() for f in fields if field in (f, None)}
        got = {(mail, f) for mail, fields in said.items() for f in fields if field in (f, None)}
        both = len(wanted & got)
        precision, recall = both / max(1, len(got)), both / max(1, len(wanted))
        lines.append(f"{field or 'all':15} {len(wanted):4} declined; P {precision:.1%}, R {recall:.1%}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    weighed, right = load()
    if arguments:
        print(evaluate(weighed, right))
        return 0
    write(declined_weight.FILE, fit(weighed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
