"""The part of the product that a mail is about, named or not: the words that speak for each part are the pack's data.

In: the mail, the pack's `values` (names of a part) and `signs` (what speaks for it). Out: one `component`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import component_weight
from mailbot.understand.fields.common import CORRECTION, LIMIT, LONGEST, MOST, per_pack
from mailbot.understand.logistic import Weights
from mailbot.understand.text import fold

name = "component"
LEARNT = 1.0  # what a learnt logit weighs beside the lists
_LOWEST = -3.0  # logit below which a part is simply not it
SURE = -1.0  # score from which a part is taken: lists and logit together
APART = 0.2  # over the next

_ASIDE = re.compile(
    r"^\s*(?:ps|p\.s|obs|aproveitando|aprovecho|by the way|btw|a proposito|separately|also"
    r"|outra coisa|otra cosa|and a smaller|unrelated)\b"
)
_DROPPED = re.compile(
    r"\b(?:esquec\w+|forget|olvid\w+|ignore\w*|desconsider\w+|disregard|never mind"
    r"|nothing to do with|nao tem (?:nada )?(?:a ver|haver)|no tiene (?:nada )?que ver|not the"
    r"|nao e (?:o|a|no|na|em)|no es (?:el|la|en)|esta cert[oa]|is (?:fine|right|correct)|otros?"
    r"|outros?|other|ok\b)\b"
)
_POINTED = re.compile(
    r"(?:\b(?:modulo|area|parte|tela|menu|aba|secao|seccion|section|module|tab|screen|pantalla"
    r"|ferramenta|tool|pagina|recurso|feature|componente|component|pestana|apartado)\s+(?:de\s+"
    r"|do\s+|da\s+|of\s+)?[\"']?|\b(?:it's|e na|e no|e em|e nos|e nas|es en|is in)\s+(?:the\s+"
    r"|la\s+|las\s+|los\s+|el\s+)?)$"
)
_BREAKS = re.compile(
    r"(?:\s\w+){0,4}?\s(?:nao|no|not|never|nunca|doesn't|does not|don't|do not|isn't|is not|won't|can't|cannot"
    r"|stopped|parou|sumi\w*"
    r"|falh\w+|fail\w*|fall\w+|trav\w+|broke\w*|desapare\w+|perde\w*|dejo de|dejaron|para[m]? de|rebot\w+|deixou)\b"
)
_WHEN = re.compile(
    r"\b(?:quando|when|cuando|whenever|sempre que|siempre que|depois que|after"
    r"|despues de que)\b[^,.;]{0,40}$"
)
_COMMON = """
counts credencial debito encuesta erp ganho inscricao inscricoes inscripciones junk negocio negocios perdido recibo
registration secuencia segmento segmentos sequencia soma survey totales totals verba won
acceso access acesso admin assinatura blog board branch cartao charge chat comercial contact contacto
contato correo csv deal e-mail email endpoint etiquetas ficha fichas figures firma form headline idioma
importacao importacion importar importing inbox interface leads listas lists login lp negocio other otra otro
outra outro page perfil plan plano precio preco price proposta propuesta rama record records rep reps roi seat
seats secuencia sender sequence sms stage stages submit tags tarjeta tier upgrade boleto
    convite invitacion trilha columns journey user users usuario usuarios
vendedor widget
"""
_WORD = re.compile(r"\b\w{1,3}")
_SAID_OF_ANYTHING = frozenset(_COMMON.split())
_MAIL_WORDS = frozenset({"email", "e-mail", "correo", "emails", "e-mails", "correos"})
_OWN_ADDRESS = re.compile(
    r"\b(?:meu|minha|seu|su|mi|my|your|this|este|esse|por|by|via|neste|nesse|un|um|outro"
    r"|another|primeiro|anterior|nome,?|name,?|nombre,?|telefone|and|responder|respond[ae]n?"
    r"|reply|login|usuario|mandar\w*|mandei|enviei|cadastrad[oa] com o)\s+(?:el\s|o\s|the\s)?$"
)


_TOLD = re.compile(r"\breport(?:é|ó|ei|ou|amos|aron|aram|ad[oa]s?|ed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A wording with a gap, "waits ... days": up to six words between."""

    wording: str
    pattern: re.Pattern[str]
    pieces: tuple[tuple[str, ...], ...]  # a text holds one of each, or not the wording

    def search(self, folded: str) -> re.Match[str] | None:
        """The wording in a text."""
        for piece in self.pieces:
            for stem in piece:
                if stem in folded:
                    break
            else:
                return None
        return self.pattern.search(folded)


@dataclass(frozen=True, slots=True)
class _Table:
    plain: tuple[str, ...]  # wordings without a gap, the longest first
    heads: dict[str, re.Pattern[str] | None]  # by the first three letters: those wordings, compiled when first met
    scenes: dict[str, list[_Scene]]  # by the first three letters of a word that they begin with
    weights: dict[str, tuple[tuple[str, float], ...]]  # folded wording -> parts and how much it says for each
    parts: frozenset[str]


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The part with the most words that speak for it."""
    if "component" not in pack.fields:
        return
    held = context.fields.get("component")
    fixing = held is not None and CORRECTION.search(doc.folded) is not None
    if held is None and len(doc.text.strip()) < 30 and (bare := read(doc.text, pack)):
        yield Found("component", bare[0], doc.evidence(bare[1], bare[2]), name, 0.7)
        return
    verdict = judged(doc, pack, use_subject=held is None)
    best = verdict.part
    if not best:
        return
    if held is not None and (not fixing or best == held.value):
        if best != held.value:
            yield Rejected("component", best, name, "the ticket has one, and this corrects nothing")
        return
    if not verdict.sure:
        yield Rejected("component", best, name, f"{best} {verdict.score:.1f} by {verdict.margin:.1f}: not sure enough")
        return
    start, end, in_subject = verdict.place
    evidence = Evidence(doc.subject_clean[start:end], "subject") if in_subject else doc.evidence(start, end)
    yield Found("component", best, evidence, name, min(0.9, 0.5 + verdict.margin / 10), fixing)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The part that most speaks for, "" when nothing does, and whether it is told surely enough."""

    part: str
    score: float
    margin: float  # over the next
    place: tuple[int, int, bool]  # and whether it is in the subject
    sure: bool


def judged(doc: Doc, pack: RulePack, use_subject: bool, weights: Mapping[str, Weights] | None = None) -> Verdict:
    """What the lists and the learnt weights of all words say together."""
    table = per_pack("component", pack, _table)
    listed, places = _score(doc, table, use_subject)
    learnt, likely = _learnt(doc, table, use_subject, component_weight.tables() if weights is None else weights)
    scores = {
        part: listed.get(part, 0.0) + LEARNT * max(learnt.get(part, _LOWEST), _LOWEST)
        for part in {*listed, *(part for part in learnt if part in table.parts)}
    }
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return Verdict("", 0.0, 0.0, (0, 0, False), False)
    best, score = ranked[0]
    margin = score - ranked[1][1] if len(ranked) > 1 else score
    place = places.get(best) or likely[best]
    return Verdict(best, score, margin, place, score >= SURE and margin >= APART)


def signs(folded: str, pack: RulePack) -> tuple[str, ...]:
    """The signs of one sentence."""
    return _signs(folded, per_pack("component", pack, _table))


def _signs(folded: str, table: _Table) -> tuple[str, ...]:
    listed: dict[str, float] = {}
    for wording, _, _ in _wordings(table, folded):
        for part, weight in table.weights[wording]:
            listed[part] = listed.get(part, 0.0) + weight
    return component_weight.signs(folded, listed)


def _learnt(
    doc: Doc, table: _Table, use_subject: bool, weights: Mapping[str, Weights]
) -> tuple[dict[str, float], dict[str, tuple[int, int, bool]]]:
    """Part -> the logit of the sentence that most speaks for it, and that sentence."""
    best: dict[str, float] = {}
    where: dict[str, tuple[int, int, bool]] = {}
    spans = [(s.start, s.end, False) for s in doc.sentences if s.start < LIMIT][:MOST]
    if use_subject:
        spans.append((0, len(doc.subject_folded), True))
    for start, end, in_subject in spans:
        folded = doc.subject_folded if in_subject else doc.prose[start : min(end, start + LONGEST)]
        if not in_subject and "report" in folded:
            folded = _without_telling(folded, doc.text[start : start + len(folded)])
        for part, logit in component_weight.logits(_signs(folded, table), weights).items():
            if part not in best or logit > best[part]:
                best[part], where[part] = logit, (start, end, in_subject)
    return best, where


def read(text: str, pack: RulePack) -> tuple[str, int, int] | None:
    """The part that a short text names, and where."""
    table = per_pack("component", pack, _table)
    folded = fold(text)
    scores: dict[str, float] = {}
    places: dict[str, tuple[int, int]] = {}
    for wording, start, end in _wordings(table, folded):
        for part, weight in table.weights[wording]:
            scores[part] = scores.get(part, 0) + max(weight, 1.0)
            places.setdefault(part, (start, end))
    if not scores:
        return None
    best = max(scores, key=lambda part: (scores[part], -places[part][0]))
    return best, *places[best]


def _without_telling(folded: str, text: str) -> str:
    """The sentence without the verb that looks like a report: "ya lo reporté"."""
    for m in _TOLD.finditer(text):
        folded = folded[: m.start()] + " " * (m.end() - m.start()) + folded[m.end() :]
    return folded


def _score(doc: Doc, table: _Table, use_subject: bool) -> tuple[dict[str, float], dict[str, tuple[int, int, bool]]]:
    scores: dict[str, float] = {}
    places: dict[str, tuple[int, int, bool]] = {}
    seen: dict[tuple[str, str], int] = {}

    def add(wording: str, at: tuple[int, int], factor: float, in_subject: bool) -> None:
        for part, weight in table.weights[wording]:
            times = seen.get((part, wording), 0)
            seen[part, wording] = times + 1
            again = (1, 0.2, 0.1) if wording in _SAID_OF_ANYTHING else (1, 0.4, 0.2)
            scores[part] = scores.get(part, 0) + weight * factor * again[min(times, 2)]
            places.setdefault(part, (*at, in_subject))

    if use_subject:
        for wording, start, end in _wordings(table, doc.subject_folded):
            add(wording, (start, end), 1.6, True)
    prose = doc.prose[:LIMIT]
    spans = [s for s in doc.sentences if s.start < LIMIT]
    starts = [s.start for s in spans]
    for wording, first, last in islice(_wordings(table, prose), MOST * 5):
        number = bisect_right(starts, first) - 1
        if number < 0:
            continue
        span = spans[number]
        before = prose[max(span.start, first - 60) : first]
        weight = 1.2 if number < 4 else 1.0
        if _ASIDE.match(prose[span.start : span.start + 60]):
            weight = 0.3
        if prose[first:last] == "reporte" and doc.text[last - 1] in "\u00e9\u00c9":
            continue  # "ya lo reporté": told, no report
        clause = (
            re.split(r"[,;:]\s|\s-\s|\bmas\b|\bbut\b|\bpero\b", before)[-1] + prose[first : min(last + 14, span.end)]
        )
        if _DROPPED.search(clause):
            weight *= 0.15
        if _POINTED.search(before):
            weight *= 1.8
        if _BREAKS.match(prose, last, max(last, span.end)):
            weight *= 1.6
        if _WHEN.search(before):
            weight *= 0.7
        if wording in _MAIL_WORDS and _OWN_ADDRESS.search(before):
            weight *= 0.2
        add(wording, (first, last), weight, False)
    return scores, places


def _wordings(table: _Table, folded: str) -> Iterable[tuple[str, int, int]]:
    """The wordings of the table in a text, and where. A wording is only looked for where a word begins like one."""
    done = 0
    seen: dict[int, _Scene] = {}
    scenes, heads = table.scenes, table.heads
    for word in _WORD.finditer(folded):
        begins = word[0]
        if begins in scenes:
            for scene in scenes[begins]:
                seen[id(scene)] = scene
        if begins in heads and word.start() >= done and (m := _of_head(table, begins).match(folded, word.start())):
            done = m.end()
            yield _key(table, m[0]), m.start(), m.end()
    for scene in seen.values():
        if found := scene.search(folded):
            yield scene.wording, found.start(), found.end()


def _of_head(table: _Table, head: str) -> re.Pattern[str]:
    """The wordings that a word with these first letters may begin."""
    pattern = table.heads[head]
    if pattern is None:
        able = (w for w in table.plain if w.startswith(head) or (w[-1] == "*" and head.startswith(w[:-1])))
        pattern = table.heads[head] = re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(_expression, able))})")
    return pattern


def _key(table: _Table, found: str) -> str:
    """The wording in the table that was matched (wildcards stand for endings)."""
    if found in table.weights:
        return found
    for size in range(len(found), 2, -1):
        if found[:size] + "*" in table.weights:
            return found[:size] + "*"
    return found


_GAPPED = 1.7  # what a wording with a gap says for its part


def _table(pack: RulePack) -> _Table:
    rule = pack.fields["component"]
    weights: dict[str, dict[str, float]] = {}
    for said, base in ((rule.values, 2.0), (rule.signs, 1.3)):
        for part, phrases in said.items():
            for wordings in phrases.values():
                for wording in wordings:
                    key = fold(wording)
                    weight = base + (0.6 if " " in key or "-" in key.strip("*") else 0)
                    weight = _GAPPED if "..." in key else weight
                    weights.setdefault(key, {}).setdefault(part, weight)
    for wording in _SAID_OF_ANYTHING:
        for part in weights.get(wording, {}):
            weights[wording][part] = 1.0
    plain = tuple(sorted((w for w in weights if "..." not in w), key=len, reverse=True))
    scenes: dict[str, list[_Scene]] = {}
    for wording in (w for w in weights if "..." in w):
        scene = _Scene(wording, re.compile(_gapped(wording)), _stems(wording))
        for first in wording.partition(" ...")[0].split("|"):
            scenes.setdefault(_WORD.findall(first)[0], []).append(scene)
    table = {w: tuple(parts.items()) for w, parts in weights.items()}
    heads = frozenset(w[:size] for w in plain for size in (1, 2, 3) if size == 3 or len(re.split(r"\W", w)[0]) == size)
    parts = frozenset({*rule.values, *rule.signs})
    return _Table(plain, dict.fromkeys(heads), scenes, table, parts)


def _expression(word: str) -> str:
    return re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) + r"\b"


def _stems(wording: str) -> tuple[tuple[str, ...], ...]:
    """What stands in a text for each piece of a wording with gaps, one of several."""
    return tuple(tuple(w.removesuffix("*") for w in piece.strip().split("|")) for piece in wording.split("..."))


def _gapped(wording: str) -> str:
    """The expression of a wording with gaps and alternatives: "waits ... days|weeks"."""
    pieces = [piece.strip() for piece in wording.split("...")]
    spoken = ["(?:" + "|".join(_expression(w) for w in piece.split("|")) + ")" for piece in pieces]
    return r"(?<![\w@.-])" + r"(?:[ ,\n]+[^\s,.;:!?]+){0,6}?[ ,\n]+".join(spoken)
