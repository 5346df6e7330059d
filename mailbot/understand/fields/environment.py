"""Where it happens: production, test or another place, as people say it, with the scope of each mention.

In: the mail. Out: one `environment`, or why a mention was not taken: a plan, manufacturing, the place where it works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import (
    LIMIT,
    MOST,
    Reading,
    clause,
    corrects,
    says_none,
    sentence,
    strip_value,
)
from mailbot.understand.fields.environment_free import free_mentions
from mailbot.understand.fields.environment_judge import (
    AFTER_NOUN,
    MANUFACTURE,
    MANUFACTURED,
    PLANNED,
    STRONG_IN,
    judge,
)
from mailbot.understand.fields.environment_scope import LATER, Mention, state_of, weigh
from mailbot.understand.fields.environment_words import HOST, HOST_WORDS, PLAIN, places, value_of

name = "environment"


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The environment of the mail: of several, the one where it fails."""
    if "environment" not in pack.fields:
        return
    mentions = list(_mentions(doc, pack))
    subject = list(_in_subject(doc, pack))
    for mention in mentions:
        if mention.why:
            yield Rejected("environment", doc.text[mention.start : mention.end], name, mention.why)
    good = [m for m in mentions if not m.why]
    best = max(good, key=lambda m: (m.score, -m.start), default=None)
    if best is not None and best.score > 0:
        if "environment" in context.fields and not corrects(doc, sentence(doc, best.start)):
            yield Rejected(
                "environment", doc.text[best.start : best.end], name, "the ticket has one, and this corrects nothing"
            )
            return
        span = clause(doc.folded, best.start, best.end, sentence(doc, best.start))
        start = max(span.start, best.start - 40)
        evidence = doc.evidence(start, best.end)
        yield Found(
            "environment", best.value, evidence, name, min(0.95, 0.6 + best.score / 20), _corrected(doc, best, context)
        )
    elif subject and "environment" not in context.fields:
        found = max(subject, key=lambda m: m.score)
        words = doc.subject_clean[found.start : found.end]
        yield Found("environment", found.value, Evidence(words, "subject"), name, 0.6)
    elif "environment" not in context.fields:
        yield from _host(doc)


def _corrected(doc: Doc, mention: Mention, context: Context) -> bool:
    return "environment" in context.fields and corrects(doc, sentence(doc, mention.start))


def _mentions(doc: Doc, pack: RulePack) -> Iterable[Mention]:
    named = places(pack)
    folded = doc.folded[:LIMIT]
    found: list[Mention] = []
    for m in islice(named.found(folded), MOST):
        row = doc.row_at(m.start())
        if row is not None and row.technical:
            continue
        value = value_of(m[1], pack)
        if value is None:
            continue
        score, why = judge(doc, m)
        if score or why:
            found.append(Mention(m.start(), m.end(), value, score, why))
    yield from weigh(doc, _together(found, free_mentions(doc.prose[:LIMIT])))


def _together(named: list[Mention], free: Iterable[Mention]) -> list[Mention]:
    """Both in the order of the text. A free wording stands back where a taken name lies inside it, and takes the place
    of a name that was not taken."""
    extra = list(free)
    if not extra:
        return named
    for more in extra:
        inside = [m for m in named if m.start < more.end and more.start < m.end]
        if any(not m.why and m.score >= more.score for m in inside):
            continue
        named = [m for m in named if m not in inside] + [more]
    return sorted(named, key=lambda m: m.start)


def _in_subject(doc: Doc, pack: RulePack) -> Iterable[Mention]:
    named = places(pack)
    folded = doc.subject_folded
    for m in named.found(folded):
        value = value_of(m[1], pack)
        before, after = folded[max(0, m.start() - 40) : m.start()], folded[m.end() : m.end() + 30]
        if value is None or PLANNED.search(before) or MANUFACTURE.search(before) or MANUFACTURED.match(after):
            continue
        plain = any(m[1] in terms for terms in PLAIN.values())
        marked = re.search(r"[\[(|/:-]\s*$", before) or re.match(r"\s*(?:[\])|/:-]|$)", after) or not before.strip()
        if m[1] in {"live", "real", "oficial", "official", "local", "pre", "test", "teste"} and not (
            STRONG_IN.search(before) or (marked and m[1].startswith("t"))
        ):
            continue
        if plain or STRONG_IN.search(before) or AFTER_NOUN.match(after) or marked:
            yield Mention(m.start(), m.end(), value, 3 if plain else 2)


def _host(doc: Doc) -> Iterable[Found]:
    for m in HOST.finditer(doc.folded[:LIMIT]):
        for word in re.split(r"[.-]", m[0])[:-1]:
            if word in HOST_WORDS:
                yield Found("environment", HOST_WORDS[word], doc.evidence(m.start(), m.end()), name, 0.5)
                return


def read(text: str, folded: str, pack: RulePack) -> Reading | None:
    """The place in words that are given as the environment; a named place outside the list is "other"."""
    named = places(pack)
    hits = [(m, v) for m in named.found(folded) if (v := value_of(m[1], pack))]
    fails = [
        (m, v) for m, v in hits
        if not PLANNED.search(folded[max(0, m.start() - 60) : m.start()])
        and state_of(folded[_clause_start(folded, m.start()) : _clause_end(folded, m.end())]) <= 0
        and not LATER.search(folded[_clause_start(folded, m.start()) : _clause_end(folded, m.end())])
    ]  # fmt: skip
    for m, value in (fails or hits)[:1]:
        return Reading(value, *m.span())
    words = folded.strip(" .\"'*")
    if (
        re.fullmatch(r"[a-z][a-z0-9 _-]{1,40}", words)
        and len(words.split()) <= 4
        and not says_none(words)
        and not re.search(
            r"[?@:]|\b(?:todos|all|both"
            r"|ambos|os dois|vou|vamos|will|verific\w+|check|ver|depois|later|luego|anexo|attached|segue)\b",
            words,
        )
    ):
        start, end = strip_value(text, 0, len(text))
        return Reading("other", start, end) if start < end else None
    return None


def _clause_start(folded: str, at: int) -> int:
    cuts = [folded.rfind(c, 0, at) for c in (".", ",", ";", "\n", " mas ", " but ", " pero ")]
    return max(0, *cuts)


def _clause_end(folded: str, at: int) -> int:
    cuts = [c for c in (folded.find(s, at) for s in (".", ",", ";", "\n", " mas ", " but ", " pero ")) if c >= 0]
    return min(cuts, default=len(folded))
