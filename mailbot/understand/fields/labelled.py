"""Labelled lines and forms, for every field: "Pipeline: x | Ambiente: PRD", tables, our own fill-in form.

In: the mail, the pack's labels in all languages. Out: slots with their value, narratives as "present"; a placeholder
or "não tenho" behind a label is told as rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc, Span
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import environment_words as environment
from mailbot.understand.fields.common import is_placeholder, says_none
from mailbot.understand.fields.labels import Entry, entries, lookup
from mailbot.understand.fields.narrative import misses
from mailbot.understand.fields.occurred_at import us_dates
from mailbot.understand.fields.values import SLOTS, read
from mailbot.understand.text import fold

name = "labelled"
DECLINED = "said not to exist"  # a Rejected with this reason is an answer: "I don't have it"

_WHERE = re.compile(r"\W*(?:onde|where|donde|stage)\W*")
_FIRST = re.compile(r"[.,;?!\n]")  # behind the first part of a sentence
_NOTHING_TOLD = re.compile(  # behind "no hay", "sem": "no hay conexión con el servidor" is an error's text
    r"\b(?:err\w+|mens\w+|messages?|nada|ningun\w*|nenhum\w*|none|any\w*|text[oe]?s?|codig\w+|code|id[ei]a|ten[gh]o|temos"
    r"|tenemos|know|sei|sabemos|se|have|see|aparec\w+|appears?|shown|consegu\w+|vist\w+|vi|lembr\w+|recuerd\w+)\b"
)
_LONGEST = 600  # characters of a narrative that are kept as evidence
_EMPTY = {
    "prior_analysis": re.compile(r"(?:ja )?(?:tentamos |tried |probamos )?(?:de )?(?:tudo|todo|everything"
                                 r"|varias (?:analises|coisas|cosas)|several things|many things|nothing|nada\b.*"
                                 r"|not yet|ainda nao|todavia no|aun no"
                                 r"|(?:vou|vamos|comeco|comecamos|empiezo|starting|i'll|we'll|voy a)\b[^.;:]{0,50}"
                                 r"\b(?:daqui a pouco|depois|amanha|manana|luego|later|tomorrow|soon|en un rato))"
                                 r"(?: (?:aqui|ya|possible|posible"
                                 r"|possivel))?\W*"),
    "justification": re.compile(r"(?:e |es |it is |muito |muy |very |super )*(?:urgent\w*|urgente|critic\w+|asap"
                                r"|prioridade|priority|importante?|important)\W*"),
    "expected_vs_actual": re.compile(r"(?:que )?(?:it |o fluxo |el flujo |tudo |todo |everything )?(?:funcion\w+"
                                     r"|to work|works?|working)(?: (?:corretamente|correctamente|normal\w*|correctly"
                                     r"|bem|bien|ok))?(?:\W*(?:naturally|of course|obviously|obviamente|obvio|claro"
                                     r"|por supuesto|ue))?\W*"),
    "error_message": re.compile(r"(?:there(?:'s| is| was| were| are) (?:none|nothing)|(?:we (?:are|were) told )?none"
                                r"(?: (?:was|were|is) \w+)?|nope|nada\b.*|inexist\w+|sim|si|yes|yep|varios|several|many"
                                r"|various|some|(?:nao|no) (?:houve|teve|tem|apareceu|tive|consegui|hubo|consta[n]?"
                                r"|aparecio|salio|hay)(?: (?:nenhum\w*|ningun\w*|err\w+|mens\w+|nada|mais|mas))*"
                                r"|(?:ele |it |se )?(?:deu|da|dio|gave|gives)(?: (?:um|un|an))? err(?:o|or))\W*"),
    "response": re.compile(r"(?:sem|sin|no) (?:resposta|respuesta|response)\b.{0,40}|nunca (?:responde|contesta)\W*"
                           r"|never (?:answers|responds)\W*"),
}  # fmt: skip


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """Every labelled value of the mail."""
    months = us_dates(doc, context)
    times: list[tuple[Entry, str, Span, bool]] = []
    for entry in (part for whole in entries(doc, pack) for part in split(doc, whole, pack)):
        for field in entry.fields:
            if field == "occurred_at":
                times.extend(_time(doc, pack, entry, months))
            if field in SLOTS:
                if field != "occurred_at":
                    yield from _slot(doc, pack, entry, field)
            else:
                yield from _narrative(doc, entry, field)
            if field == "occurred_at" and not times:
                yield from _nothing(doc, entry, field)
    yield from _when(doc, times)


def split(doc: Doc, entry: Entry, pack: RulePack) -> list[Entry]:
    """ "Projeto/Pipeline: A / B" gives two values; any other entry is itself."""
    labels = re.split(r"\s*(?:/|\be\b|\by\b|\band\b|&)\s*", doc.text[entry.label.start : entry.label.end])
    if len(labels) < 2 or entry.sure:
        return [entry]
    fields = [lookup(label, pack) for label in labels]
    values = list(re.finditer(r"[^/|;\n]*[^/|;\n\s]", doc.text[entry.value.start : entry.value.end]))
    if len(values) != len(labels) or not all(sure for _, sure in fields):
        return [entry]
    at = entry.value.start
    return [
        Entry(names, entry.label, Span(at + m.start(), at + m.end()), True)
        for (names, _), m in zip(fields, values, strict=True)
    ]


def _slot(doc: Doc, pack: RulePack, entry: Entry, field: str) -> Iterable[Found | Rejected]:
    text = doc.text[entry.value.start : min(entry.value.end, entry.value.start + 400)]
    if entry.below and len((text.splitlines()[:1] and text.splitlines()[0].split()) or []) > 8:
        return  # prose below a heading, no value
    found = read(field, text, pack, doc.date_at(entry.label.start))
    if found is None:
        yield from _nothing(doc, entry, field)
        return
    label = doc.folded[entry.label.start : entry.label.end]
    named = environment.value_of(fold(text[found.start : found.end]), pack) if field == "environment" else ""
    if found.value == "other" and _WHERE.fullmatch(label) and named is None:
        return  # "where: the checkout page" names no environment
    evidence = doc.evidence(entry.label.start, entry.value.start + found.end)
    yield Found(field, found.value, evidence, name, 0.97 if entry.sure else 0.9)


def _narrative(doc: Doc, entry: Entry, field: str) -> Iterable[Found | Rejected]:
    folded = doc.folded[entry.value.start : entry.value.end].strip()
    empty = _EMPTY.get(field)
    begins = _FIRST.split(folded, maxsplit=1)[0] if field == "error_message" else folded
    none = says_none(folded) and (field != "error_message" or _NOTHING_TOLD.search(begins) or begins.count(" ") < 3)
    if not folded or is_placeholder(folded) or none or (empty and empty.fullmatch(begins)):
        yield from _nothing(doc, entry, field)
        return
    if field == "evidence" and not _shows(doc, entry.value):
        yield from _nothing(doc, entry, field)
        return
    end = min(entry.value.end, entry.value.start + _LONGEST)
    if all(misses(field, doc.text[start:end], doc.setting) for start in (entry.value.start, entry.label.start)):
        yield Rejected(field, doc.text[entry.value.start : end][:200], name, "says nothing of the kind")
        return
    yield Found(field, "present", doc.evidence(entry.label.start, end), name, 0.95 if entry.sure else 0.85)


def _shows(doc: Doc, value: Span) -> bool:
    """Whether what stands behind a label for evidence holds any: a link or lines of a log. Words alone ("they send it
    today") are none, and files have their own finder."""
    if "://" in doc.text[value.start : value.end]:
        return True
    return any(row.technical and row.start < value.end and value.start < row.end for row in doc.rows)


def _nothing(doc: Doc, entry: Entry, field: str) -> Iterable[Rejected]:
    words = doc.text[entry.value.start : entry.value.end][:200].strip()
    if not words:
        return
    folded = doc.folded[entry.value.start : entry.value.end]
    why = DECLINED if says_none(folded) and not is_placeholder(folded) else "a placeholder, or no value of this kind"
    yield Rejected(field, words, name, why)


def _time(doc: Doc, pack: RulePack, entry: Entry, months: bool | None) -> Iterable[tuple[Entry, str, Span, bool]]:
    text = doc.text[entry.value.start : min(entry.value.end, entry.value.start + 200)]
    anchor = doc.date_at(entry.label.start)
    found = read("occurred_at", text, pack, anchor, months)
    if found:
        alone = (
            re.search(r"\b(?:hora|horario|time|hour)\b", doc.folded[entry.label.start : entry.label.end]) is not None
        )
        lent = (
            alone
            and not re.search(r"\d[/.-]\d|\b(?:hoje|ontem|today|yesterday|hoy|ayer|20\d\d)\b", text.lower())
            and found.value[10:] != ""
        )
        yield entry, found.value, Span(entry.value.start + found.start, entry.value.start + found.end), lent


def _when(doc: Doc, times: list[tuple[Entry, str, Span, bool]]) -> Iterable[Found]:
    """One moment of all labelled ones: "Data: 04/11" and "Hora: 14:20" belong together."""
    whole = [t for t in times if "T" in t[1] and not t[3]]
    dates = [t for t in times if "T" not in t[1]]
    clocks = [t for t in times if "T" in t[1] and t[3]]
    best = (whole or dates or clocks)[:1]
    if not best:
        return
    entry, value, span, _ = best[0]
    if not whole and dates and clocks:
        value += clocks[0][1][10:]
    yield Found("occurred_at", value, doc.evidence(entry.label.start, span.end), name, 0.97 if entry.sure else 0.9)
