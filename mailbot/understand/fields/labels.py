"""Lines and forms that name a field and give its value: "Pipeline: x", "Ambiente - PRD", a label above its value.

In: the mail and the labels of the pack's fields, in every language. Out: `Entry` places, not yet read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc, Row, Span
from mailbot.understand.fields.common import LIMIT, per_pack
from mailbot.understand.text import fold, near, squeeze


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and the place of what stands behind it (empty when nothing does)."""

    fields: tuple[str, ...]
    label: Span
    value: Span
    sure: bool  # the label is known word for word
    below: bool = False  # the value stands on the lines below


_BULLET = r"\s*(?:[-*•·–—▪◦‣>✔✅➡→#]{1,4}\s*|\(?\d{1,2}\s?[.)\]:-]\s*|\(?[a-h][.)]\s+){0,2}[*_\"'\[]{0,3}"
_LINE = re.compile(
    rf"{_BULLET}(?P<label>[^\W\d_][^:=|\t\n]{{0,70}}?)[*_\"'\]]{{0,3}}\s*(?P<sep>:+|=+>?|\s[-–—]{{1,2}}>?\s|→|\t+"
    rf"|\s?\|\s|\?\s*[:=-]?(?=\s|$))[*_]{{0,2}}\s*"
)
_SEPARATED = re.compile(r"[:=→\t|?]|\s[-–—]")
_INSIDE = re.compile(
    r"(?:[|;,\t(]|\s[-–/]\s|\.\s|\s{3})\s*+[*_]{0,2}(?P<label>[^\W\d_][^:="
    r"|;,\t\n.]{0,40}?)[*_]{0,2}\s*(?::|=)(?!/)\s*"
)
_PAREN = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_QUALIFYING = """
actual afectado afetada afetado affected approximate apresentada apresentado aproximada aproximado at atual
certo com completa complete completo con correct correcto correta correto cuando da da-falha das de del do donde
dos e ejecucion em en enviada enviado erro error es event evento exact exata exato execucao execution exibida
exibido failed failure falha fallo first for full id in incident incidente inicial interna interno is last
mostrado n na name no nombre nome number numero nº ocorrencia of on onde primeira primeiro primera quando que
que-aparece real recebida recebido received retornado returned returns run sent shown the ultima ultimo usado
used utilizada utilizado when where with
"""
_QUALIFIER = frozenset(_QUALIFYING.split())
_NOT_QUALIFIED = re.compile(
    r"\b(?:reuniao|meeting|reunion|venc\w+|prazo|deadline|go-?live|nasc\w+|birth|entrega"
    r"|delivery|contrat\w+|contract|emiss\w+|proxim\w+|next|abertura|opened|pagamento"
    r"|payment|admiss\w+|nf|user|users|usuario|cliente|customer|api)\b"
)
_GENERIC = re.compile(rf"{_BULLET}[^\W\d_][\w /-]{{1,40}}\s?(?:\([^)]*\))?\s?:(?:\s|$)")
_GREETING = frozenset({"equipo", "time", "equipe", "team", "pessoal", "suporte", "soporte", "support"})
_ALONE_NEEDS_FORM = frozenset(
    {"equipo", "when", "where", "mensagem", "message", "mensaje", "data", "erro", "error", "live"}
)


@dataclass(frozen=True, slots=True)
class _Labels:
    known: dict[str, tuple[str, ...]]  # folded label -> fields
    by_edge: dict[tuple[str, int], list[str]]  # first or last three letters, count of words -> labels


def _make(pack: RulePack) -> _Labels:
    known: dict[str, list[str]] = {}
    for field, rule in pack.fields.items():
        spoken = [t for texts in rule.labels.values() for t in texts]
        spoken += [*rule.name.values(), *rule.question.values(), field, field.replace("_", " ")]
        for text in spoken:
            held = known.setdefault(squeeze(text), [])
            if field not in held:
                held.append(field)
    by_edge: dict[tuple[str, int], list[str]] = {}
    for label in known:
        if len(label) >= 6:  # long enough to be misspelt
            count = len(label.split())
            by_edge.setdefault(("^" + label[:3], count), []).append(label)
            by_edge.setdefault((label[-3:] + "$", count), []).append(label)
    return _Labels({k: tuple(v) for k, v in known.items()}, by_edge)


def lookup(text: str, pack: RulePack) -> tuple[tuple[str, ...], bool]:
    """The fields that a label names, and whether it is known word for word."""
    labels = per_pack("labels", pack, _make)
    label = squeeze(_PAREN.sub(" ", text) if "(" in text or "[" in text else text)
    if not label or len(label) > 90:
        return (), False
    if label in labels.known:
        return labels.known[label], True
    words = label.split()
    if len(label) >= 6 and len(words) <= 4:
        edges = (("^" + label[:3], len(words)), (label[-3:] + "$", len(words)))
        alike = {other for edge in edges for other in labels.by_edge.get(edge, ()) if abs(len(other) - len(label)) <= 2}
        for other in sorted(alike):
            if all(near(a, b) for a, b in zip(words, other.split(), strict=True)):
                return labels.known[other], False
    if len(words) <= 8:
        for size in range(min(len(words) - 1, 4), 0, -1):
            if words[size] in _QUALIFIER and (head := " ".join(words[:size])) in labels.known:
                if _NOT_QUALIFIED.search(fold(text)):
                    break
                return labels.known[head], False
    parts = [labels.known.get(squeeze(part), ()) for part in text.split("/")] if "/" in text else []
    if parts and all(parts):
        return tuple(dict.fromkeys(field for fields in parts for field in fields)), False
    return (), False


def entries(doc: Doc, pack: RulePack) -> list[Entry]:
    """All labelled values of a mail, in order. A value reaches to the next label or blank line."""
    rows = [row for row in doc.rows if row.start < LIMIT]
    heads = {index: list(_heads(doc, row, pack)) for index, row in enumerate(rows) if not row.technical}
    formal = sum(len(h) for h in heads.values())
    starts = [index for index in sorted(heads) if heads[index] or _is_generic(doc, rows[index])]
    found: list[Entry] = []
    for index in sorted(heads):
        line = heads[index]
        row = rows[index]
        if not line:
            bare = _bare(doc, rows, index, pack, formal)
            if bare:
                found.append(bare)
            continue
        for number, (fields, label, value_start, sure) in enumerate(line):
            end = line[number + 1][1].start if number + 1 < len(line) else row.end
            value = _trim(doc, value_start, end)
            after = number + 1 == len(line)
            below = False
            if after:
                at = bisect_right(starts, index)
                stop = starts[at] if at < len(starts) else len(rows)
                value, below = _grow(doc, rows, index, stop, value)
            if below and squeeze(doc.text[label.start : label.end]) in _GREETING and formal < 3:
                continue
            found.append(Entry(fields, label, value, sure, below))
    return found


def _heads(doc: Doc, row: Row, pack: RulePack) -> Iterator[tuple[tuple[str, ...], Span, int, bool]]:
    line = doc.text[row.start : min(row.end, row.start + 1000)]
    at = 0
    m = _LINE.match(line) if _SEPARATED.search(line) else None
    if m and not (m["label"][-1:].isdigit() and line[m.end() : m.end() + 1].isdigit()):
        fields, sure = lookup(m["label"], pack)
        plain = m["sep"][0] in ":=?\t→|"
        if fields and (plain or sure) and not (m["sep"].strip() in {"-", "–", "—"} and len(line) > 160):
            yield (
                fields,
                Span(row.start + m.start("label"), row.start + m.end("label")),
                row.start + m.end(),
                sure and plain,
            )
            at = m.end()
    for m in _INSIDE.finditer(line, max(0, at - 1)) if ":" in line or "=" in line else ():
        fields, sure = lookup(m["label"], pack)
        if fields and sure:
            yield fields, Span(row.start + m.start("label"), row.start + m.end("label")), row.start + m.end(), sure


def _is_generic(doc: Doc, row: Row) -> bool:
    if row.technical or doc.text.find(":", row.start, row.end) < 0:
        return False
    return _GENERIC.match(doc.text, row.start, row.end) is not None


def _trim(doc: Doc, start: int, end: int) -> Span:
    text = doc.text
    while start < end and text[start] in " \t|;,*_-–:>":
        start += 1
    while end > start and text[end - 1] in " \t|;,*_(":
        end -= 1
    return Span(start, end)


def _grow(doc: Doc, rows: list[Row], index: int, stop: int, value: Span) -> tuple[Span, bool]:
    """The value with the lines below it, up to the next label or blank line."""
    below = value.end <= value.start
    end = value.end
    start = value.start if not below else -1
    blanks = 0
    for row in rows[index + 1 : min(stop, index + 60)]:
        if not doc.text[row.start : row.end].strip():
            blanks += 1
            if start >= 0 or blanks > 1:
                break
            continue
        if start < 0:
            start = row.start
        end = row.end
    if start < 0:
        return value, False
    return _trim(doc, start, end) if below else Span(start, max(end, value.end)), below


def _bare(doc: Doc, rows: list[Row], index: int, pack: RulePack, formal: int) -> Entry | None:
    """A label alone on its line, without a colon, above its value: only in what is plainly a form."""
    if index + 1 >= len(rows):
        return None
    row, below = rows[index], rows[index + 1]
    words = doc.text[below.start : below.end].strip()
    if not words:
        return None
    line = re.sub(r"^[\W\d_]+", "", doc.text[row.start : row.end]).strip()
    if not line or len(line) > 40:
        return None
    fields, sure = lookup(line, pack)
    if not fields or not sure or lookup(words, pack)[0]:
        return None
    if formal < 1 and not _another(doc, rows, index, pack):
        return None
    return Entry(fields, Span(row.start, row.end), _trim(doc, below.start, below.end), True, True)


def _another(doc: Doc, rows: list[Row], index: int, pack: RulePack) -> bool:
    """Whether another line of the mail is only a label as well."""
    lines: Iterable[Row] = (
        r for n, r in enumerate(rows[:80]) if n != index and r.end - r.start <= 40 and not r.technical
    )
    return any(lookup(re.sub(r"^[\W\d_]+", "", doc.text[r.start : r.end]), pack)[1] for r in lines)
