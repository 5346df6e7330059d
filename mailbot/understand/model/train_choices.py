"""Fits what settles the kind and the priority of a first mail: one multinomial logistic regression a pack and question.

In: annotated mails, under a classifier and verdicts that have not seen them. Out: tables for choices.py, and what they
are worth on mails that they have not seen. Needs scikit-learn (the extra `train`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from mailbot.rules.pack import RulePack
from mailbot.understand import kind, priority, signals
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context
from mailbot.understand.model import mails
from mailbot.understand.model.choices import Tables, weighed
from mailbot.understand.model.mails import FOLDS, fold_of
from mailbot.understand.understand import understand

KIND, PRIORITY = "kind", "priority"
COST = 1.0  # the inverse of the penalty on large weights


@dataclass(frozen=True, slots=True)
class Choice:
    """What is seen of one first mail for one question, what is right (any of them), and what the rules say alone."""

    question: str
    pack: str
    case: str
    right: tuple[str, ...]
    ruled: str
    signs: dict[str, float]


def choices_seen(
    packs: Mapping[str, RulePack], annotated: Iterable[tuple[mails.AnnotatedMail, Doc]]
) -> Iterator[Choice]:
    """The questions of these first mails, under the model and the verdicts in use."""
    for mail, doc in annotated:
        pack = packs[mail.pack]
        said = signals.together([signals.of_mail(doc, pack)])
        facts = understand(doc.message, doc.lines, pack, Context(role=mail.mailbox))
        scores = facts.kind.scores
        best = max(scores, key=lambda name: scores[name])
        yield Choice(KIND, mail.pack, mail.case, (mail.kind,), best, kind.seen(said, scores, mail.mailbox))
        values = {name: value.value for name, value in facts.fields.items()}
        weighed_signs = priority.weigh(said, values, pack, mail.mailbox)
        ruled = priority.by_rules(weighed_signs, said, values, facts.kind.value, pack, mail.mailbox).value
        if mail.priority and ruled is not None:
            seen = priority.seen(weighed_signs, said, values, facts.kind.value, ruled)
            yield Choice(PRIORITY, mail.pack, mail.case, mail.priority, ruled, seen)


def fit(seen: Sequence[Choice], question: str, but: int | None = None) -> Tables:
    """Pack -> choice -> sign -> weight, fitted on all mails or on those outside one fold."""
    out = {}
    ours = [one for one in seen if one.question == question and (but is None or fold_of(one.case) != but)]
    for pack in sorted({one.pack for one in ours}):
        rows = [(one.signs, right, 1 / len(one.right)) for one in ours if one.pack == pack for right in one.right]
        names = DictVectorizer(sparse=False)
        fitted = LogisticRegression(C=COST, solver="newton-cholesky", tol=1e-9).fit(
            names.fit_transform([signs for signs, _, _ in rows]),
            [right for _, right, _ in rows],
            sample_weight=[weight for _, _, weight in rows],
        )
        columns = [str(name) for name in names.get_feature_names_out()]
        out[pack] = {
            str(name): {"": round(float(bias), 4), **{c: round(float(w), 4) for c, w in zip(columns, row, strict=True)}}
            for name, bias, row in zip(fitted.classes_, fitted.intercept_, fitted.coef_, strict=True)
        }
    return out


def report(seen: Sequence[Choice], question: str) -> str:
    """How often the choice is right on first mails that nothing had seen, and how often the pack's rules alone are."""
    lines = [f"| {question}, pack | mails | right | by the rules alone |", "| --- | ---: | ---: | ---: |"]
    fitted = [fit(seen, question, but=held) for held in range(FOLDS)]
    for pack in sorted({one.pack for one in seen if one.question == question}):
        ours = [one for one in seen if (one.question, one.pack) == (question, pack)]
        right = ruled = 0
        for one in ours:
            totals = weighed(fitted[fold_of(one.case)][pack], one.signs)
            right += max(totals, key=lambda name: totals[name]) in one.right
            ruled += one.ruled in one.right
        lines.append(f"| {pack} | {len(ours)} | {right / len(ours):.3f} | {ruled / len(ours):.3f} |")
    return "\n".join(lines)
