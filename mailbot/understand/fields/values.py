"""A value of a field read from a text that is given as that value: after a label, or as the answer to a question.

In: the words (raw and folded, of the same length), the pack, the moment that relative dates count from.
Out: a `Reading` with its place in those words, or None when they hold no such value.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from mailbot.rules.pack import RulePack
from mailbot.understand.dates import Moment, moments
from mailbot.understand.fields import chat_id, component, country, device, endpoint, environment, pipeline, project
from mailbot.understand.fields.common import Reading, is_placeholder, per_pack, says_none, strip_value
from mailbot.understand.text import fold

SLOTS = frozenset(
    {
        "pipeline",
        "project",
        "environment",
        "pipeline_key",
        "occurred_at",
        "chat_id",
        "endpoint",
        "device",
        "country",
        "component",
    }
)


def read(field: str, text: str, pack: RulePack, anchor: datetime, month_first: bool | None = None) -> Reading | None:
    """The value of a slot in words that are given as one. Bare values and short sentences are both understood.

    "não tenho" and placeholders ("-", "n/a") give None; tell them apart with `common.says_none`.
    """
    folded = fold(text)
    hint = examples(pack).get(field, ())
    if not text.strip() or is_placeholder(folded) or folded.strip(" .\"'") in hint:
        return None
    if field == "occurred_at":
        return _moment(text, folded, anchor, month_first)
    if field in {"environment", "country", "component"}:
        return _closed(field, text, folded, pack)
    if says_none(folded) and not re.search(r"\d{4}", text):
        return None
    if field in {"pipeline", "project"}:
        return _name(field, text, folded)
    if field == "chat_id":
        return _chat(text, folded)
    if field == "pipeline_key":
        return _key(text)
    if field == "endpoint":
        place = endpoint.read(text)
        return Reading(text[place[0] : place[1]], *place) if place else None
    if field == "device":
        return _device(text, folded)
    start, end = strip_value(text, 0, len(text))
    return Reading(text[start:end], start, end) if start < end else None


def examples(pack: RulePack) -> dict[str, tuple[str, ...]]:
    """The examples that our own forms show, folded: they are no values when they come back."""

    def make(pack: RulePack) -> dict[str, tuple[str, ...]]:
        shown = {"pipeline", "project", "pipeline_key", "chat_id", "endpoint"}
        return {n: tuple(fold(e) for e in rule.examples) for n, rule in pack.fields.items() if n in shown}

    return per_pack("examples", pack, make)


def _moment(text: str, folded: str, anchor: datetime, month_first: bool | None) -> Reading | None:
    told = [m for m in moments(folded, text, anchor, month_first) if m.lead not in {"not", "every"}]
    days = [m for m in told if m.day and m.day <= anchor.date() + timedelta(days=1)]
    clocks = [m for m in told if m.day is None]
    if not days and clocks:
        first = clocks[0]
        day = anchor.date()
        if first.time and first.time > anchor.time():
            day -= timedelta(days=1)
        return _reading(first.on(day))
    if not days:
        return None
    best = next((m for m in days if m.time), days[0])
    if best.time is None and clocks and best.day:
        best = Moment(
            min(best.start, clocks[0].start), max(best.end, clocks[0].end), best.day, clocks[0].time, best.how
        )
    vague = (
        best.part in {"early", "morning", "afternoon", "night", "dawn"}
        and best.day == anchor.date()
        and best.how == "relative"
    )
    if best.time is None and vague:
        return None  # "hoje cedo" is no clear time
    return _reading(best)


def _reading(moment: Moment) -> Reading:
    return Reading(moment.iso, moment.start, moment.end)


def _closed(field: str, text: str, folded: str, pack: RulePack) -> Reading | None:
    if field == "country":
        found = country.read(text, folded)
        return Reading(*found) if found else None
    if field == "component":
        part = component.read(text, pack)
        return Reading(*part) if part else None
    return environment.read(text, folded, pack)


_LEAD = re.compile(
    r"(?:(?:e|eh|es|is|it's|it is|o|a|el|la|the|nosso|our|nuestro|se chama|chama-se|se llama|it is called"
    r"|it's called|called|chamado|llamado|nome|name|nombre|do|del|of|foi|fue|was|seria|sao|son|pipeline|fluxo|flujo"
    r"|flow|projeto|project|proyecto|integracao|integration|integracion"
    r"|sim|yes|si|claro|sure|ok|certo|correto|correct[oa]?|aqui|here)\b[\s,:\"'`-]*)*"
)


_ELSEWHERE = re.compile(
    r"\b(?:ja (?:informei|mandei|enviei|passei|falei)|segue|sigue|anex\w+|adjunt\w+|attach\w+|prints?|captura"
    r"|screenshot|ver|veja|vejam|vea|see|acima|abaixo"
    r"|arriba|abajo|above|below|mesm[oa] (?:d[aeo]|que)|mism[oa] (?:del?|que)|same as|vou|vamos|will|i'll|we'll"
    r"|voy a|luego|depois|later|look(?:ing)? it up|let you know"
    r"|ainda|todavia|aun no|not yet|under construction|em construcao|en construccion|no name|sem nome|sin nombre"
    r"|nameless|(?:as|like) (?:i|we) said|como (?:ja |ya )?(?:falei|disse|dije|dijimos|comentei|mencionei|avisei)"
    r"|nao (?:tem|depende|existe|temos|e um"
    r"|sei)|no (?:tiene|depende|existe|tenemos|es un)|(?:is not|isn't|not) (?:a|one)|the one|aquele|aquel"
    r"|o que|el que|la que|^\W*(?:e |es |is |it's )?(?:o|a|el|la|lo) d(?:[aeo]s?|el?|e la)"
    r"|todos|todas|all|any|every|each|cada|varios|varias|several|many|multiple|qualquer"
    r"|cualquier\w*|depende|depends|verificar|perguntar|ask|nothing|nada)\b"
)


def _name(field: str, text: str, folded: str) -> Reading | None:
    """A name: the whole of a short text without its lead, or the name inside a sentence."""
    first, _, _rest = text.partition("\n")
    size = len(first)
    line = folded[:size]
    if field == "pipeline":
        inner = pipeline.names(first, line)
        slugs = [p for p in inner if re.search(r"[-_]", first[p[0] : p[1]])]
        if slugs and (len(line.split()) > 4 or len(inner) == 1):
            return Reading(first[slugs[0][0] : slugs[0][1]], *slugs[0])
    quoted = re.search(r"[\"'`“‘«]([^\"'`”’»]{2,60})[\"'`”’»]", first)
    lead = _LEAD.match(line)
    start = lead.end() if lead and lead.end() < size else 0
    if quoted and len(line.split()) > 3:
        return Reading(quoted[1], *quoted.span(1))
    cut = re.search(r"(?<=\w)[.;!?](?=\s|$)|,\s|\s\(|\s-\s|\s\||\t| {3,}", first[start:])
    end = start + cut.start() if cut else size
    start, end = strip_value(first, start, end)
    words = first[start:end]
    if not re.search(r"\w{2}", words) or is_placeholder(fold(words)) or says_none(fold(words)):
        return None
    if _ELSEWHERE.search(fold(first[:end])) and not re.search(r"[-_]", words):
        return None
    if len(words.split()) > 7 or len(words) > 80:
        inner = pipeline.names(first, line) if field == "pipeline" else list(project.places(first, line, line))
        return Reading(first[inner[0][0] : inner[0][1]], *inner[0]) if inner else None
    return Reading(words, start, end)


def _chat(text: str, folded: str) -> Reading | None:
    for m in re.finditer(r"(?<![\w@])(?<![A-Za-z]-)#?(\d(?:[ .-]?\d){5,19})(?!\w|-[A-Za-z])", text):
        before = folded[max(0, m.start() - 40) : m.start()]
        if chat_id.beside_other(before) or text[max(0, m.start() - 1) : m.start()] in {"+", "("}:
            continue
        words = m[1]
        value = words if re.fullmatch(r"\d+", words) else re.sub(r"\D", "", words) if " " in words else words
        return Reading(value, *m.span(1))
    short = re.fullmatch(r"\W*(?:(?:e|é|o|el|es|is|it's|id|ID|n[oº]?\.?|#)\s*)*(\d{4,8})\W*", text.strip())
    if short:
        at = text.index(short[1])
        return Reading(short[1], at, at + len(short[1]))
    token = re.search(r"(?<![\w@])(?=[\w-]*\d)[A-Za-z0-9][\w-]{5,60}(?!\w)", text)
    if token and not chat_id.beside_other(folded[max(0, token.start() - 40) : token.start()]):
        return Reading(token[0], *token.span())
    return None


def _key(text: str) -> Reading | None:
    for m in re.finditer(r"(?<![\w@/])[0-9A-Za-z][\w-]{6,80}(?![\w@/])", text):
        if re.search(r"\d", m[0]) and not re.fullmatch(r"\d{1,7}|20\d\d-\d\d-\d\d\w*", m[0]):
            return Reading(m[0].rstrip("-_"), m.start(), m.start() + len(m[0].rstrip("-_")))
    return None


def _device(text: str, folded: str) -> Reading | None:
    first, _, _ = text.partition("\n")
    start, end = strip_value(first, 0, len(first))
    known = list(device.places(first))
    if not known and _ELSEWHERE.search(fold(first)):
        return None
    if len(first[start:end].split()) <= 8:
        lead = re.match(
            r"(?:(?:e|es|is|it's|no|na|on|en|em|um|uma|un|una|a|an|o|el|the|um celular"
            r"|celular)\s+)*",
            folded[start:end],
        )
        begin = start + (lead.end() if lead else 0)
        return Reading(first[begin:end], begin, end) if known or not re.search(r"[.!?]\s", first[start:end]) else None
    return Reading(first[known[0][0] : known[0][1]], *known[0]) if known else None
