"""Where it happens: production, test or another place, as people say it, with the scope of each mention.

In: the mail. Out: one `environment`, or why a mention was not taken: a plan, manufacturing, the place where it works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import place_weight
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
from mailbot.understand.fields.environment_scope import LATER, UNTOLD, Mention, state_of, weigh
from mailbot.understand.fields.environment_words import DOTTED, HOST, HOST_WORDS, LOG_TAG, PLAIN, places, value_of

name = "environment"
SURE = 0.2  # chance from which a mention is taken for which a wording speaks
_UNTOLD = 0.6  # the same where no wording speaks for it,
_AGAINST = 0.75  # and where one speaks against it
_NEVER = 2.0
_DRAWN_OUT = re.compile(r"(.)\1{2,}")  # "prodddd"
_KEY = re.compile(r"(?=.*\d)[0-9a-f-]{8,}|(?:[a-z]+\d+){2,}[a-z]*")  # of an execution: no place
_SET_OFF = re.compile(r"[\[(|/,]\s*$")
_LISTED = re.compile(r"(?:^|[.\n:;]\s*|\s)[a-z]{3,20},\s(?:[a-z]{3,20},\s)?$")
_GOES_ON = re.compile(r"(?:,\s[a-z]{3,20}){0,4}(?:,|\s(?:e|y|and))\s[a-z]{3,20}(?=\s*(?:[:.;\n]|$))")


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The environment of the mail: of several, the one where it fails."""
    if "environment" not in pack.fields:
        return
    mentions = list(_mentions(doc, pack))
    likely = [
        (chance, m) for m in mentions if (chance := place_weight.chance(name, signs(doc, m, mentions))) >= _sure(doc, m)
    ]
    chance, best = max(likely, key=lambda pair: (pair[0], -pair[1].start), default=(0.0, None))
    for mention in mentions:
        if mention is not best and (mention.why or best is None):
            words = doc.text[mention.start : mention.end]
            yield Rejected("environment", words, name, mention.why or UNTOLD)
    if best is not None:
        if "environment" in context.fields and not corrects(doc, sentence(doc, best.start)):
            yield Rejected(
                "environment", doc.text[best.start : best.end], name, "the ticket has one, and this corrects nothing"
            )
            return
        span = clause(doc.folded, best.start, best.end, sentence(doc, best.start))
        start = max(span.start, best.start - 40)
        evidence = doc.evidence(start, best.end)
        sure = 0.6 + chance / 4
        yield Found("environment", best.value, evidence, name, sure, _corrected(doc, best, context))
    elif "environment" not in context.fields:
        subject = max(_in_subject(doc, pack), key=lambda m: m.score, default=None)
        if subject is not None:
            words = doc.subject_clean[subject.start : subject.end]
            yield Found("environment", subject.value, Evidence(words, "subject"), name, 0.6)
        else:
            yield from _tagged(doc) or _host(doc)


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
        found.append(Mention(m.start(), m.end(), value, score, why or ("" if score else UNTOLD)))
    yield from weigh(doc, _together(found, free_mentions(within(doc.prose, LIMIT))))


def _sure(doc: Doc, mention: Mention) -> float:
    """The chance from which a mention is taken; above 1 where it tells of what comes later."""
    part = clause(doc.folded, mention.start, mention.end, sentence(doc, mention.start))
    before = doc.folded[max(0, mention.start - 40) : mention.start]
    if mention.score <= 0 and LATER.search(doc.folded, part.start, part.end):
        return _NEVER
    if _LISTED.search(before) and _GOES_ON.match(doc.folded, mention.end):
        return _AGAINST  # "sales, production, shipping": departments
    if mention.score > 0:
        return SURE
    return _UNTOLD if mention.why in {"", UNTOLD} else _AGAINST


def weighed(doc: Doc, pack: RulePack) -> list[place_weight.Weighed]:
    """All mentions of places with their signs."""
    mentions = list(_mentions(doc, pack))
    return [place_weight.Weighed(m.start, m.end, m.value, signs(doc, m, mentions)) for m in mentions]


def signs(doc: Doc, mention: Mention, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """What speaks for or against a mention, one of `mentions`."""
    span = sentence(doc, mention.start)
    word, rule, why = doc.folded[mention.start : mention.end], min(6, round(mention.score)), mention.why[:14]
    others = ",".join(sorted({_beside(one, mention) for one in mentions if one is not mention}))
    out = [
        *place_weight.around(doc, mention.start, mention.end, span),
        f"rule={rule}",
        f"rule={rule},others={others}",
        f"others={others}",
        f"mentions={min(3, len(mentions))}",
        "first" if mention is mentions[0] else "later",
        f"why={why}",
        f"word={word[:12]}",
        f"value={mention.value}",
        f"value={mention.value},{why}",
    ]
    labels = {"it": f"environment:{mention.value}", "any": "environment", "about": "about:environment"}
    reads = list(place_weight.reads(doc, span, labels))
    out += [*reads, *(f"{sign},rule={rule}" for sign in reads[:1])]
    return tuple(dict.fromkeys(out))


def _beside(other: Mention, mention: Mention) -> str:
    """Whether another mention is of the same place, and whether a wording speaks for it."""
    return ("same" if other.value == mention.value else "other") + ("+" if other.score > 0 else "-")


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
        marked = re.search(r"[\[(|/:,-]\s*$", before) or re.match(r"\s*(?:[\])|/:,-]|$)", after) or not before.strip()
        if m[1] in {"live", "real", "oficial", "official", "local", "pre", "test", "teste"} and not (
            STRONG_IN.search(before)
            or (marked and m[1].startswith("t"))
            or (m[1] == "live" and _SET_OFF.search(before))
        ):
            continue
        if plain or STRONG_IN.search(before) or AFTER_NOUN.match(after) or marked:
            yield Mention(m.start(), m.end(), value, 3 if plain else 2)


def _tagged(doc: Doc) -> list[Found]:
    """The place that a log line is tagged with: "05:31:02 INFO [prd] step=1"."""
    for row in doc.rows:
        if row.technical and row.start < LIMIT and (tag := LOG_TAG.search(doc.folded, row.start, row.end)):
            return [Found("environment", HOST_WORDS[tag["place"]], doc.evidence(*tag.span("place")), name, 0.5)]
    return []


def _host(doc: Doc) -> Iterable[Found]:
    folded = within(doc.folded, LIMIT)
    for m in HOST.finditer(folded) if DOTTED.search(folded) else ():
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
    if plain := value_of(_DRAWN_OUT.sub(r"\1", words.rstrip("!")), pack):
        return Reading(plain, *strip_value(text, 0, len(text)))
    if (
        re.fullmatch(r"[a-z][a-z0-9 -]{1,40}", words)
        and not _KEY.fullmatch(words)
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
