"""The name of a project in running prose: "o projeto Portal do Fornecedor", "the Phoenix project", "proyecto 'Alta 2'".

In: the mail. Out: one `project` as written. "Projeto de integração" and "the project team" name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import LIMIT, corrects, sentence, strip_value

name = "project"

_CALLED = r"(?:,?\s+(?:chamado|de nome|denominado|named|called|llamado|se chama|se llama|is called|e o|is|es el))?"
_WORD = r"[A-ZÀ-Ý0-9][\w&/+'-]*(?:\.\w+)*"
_INSIDE = r"(?:d[eao]s?|del|por|para|for|em|en|to|of|the|e|y|and|la|las|los|[-–&])"
_AFTER = re.compile(
    rf"\b(?:[Pp]rojeto|PROJETO|[Pp]roject|PROJECT|[Pp]royecto"
    rf"|PROYECTO){_CALLED}\s*[:\"'`“‘«]*\s*(?P<name>{_WORD}(?:\s+(?:{_INSIDE}\s+){{0,2}}{_WORD}){{0,5}})"
)
_QUOTED = re.compile(
    rf"\b(?:projeto|project"
    rf"|proyecto){_CALLED}\s*[:,-]?\s*(?P<q>[\"'`])(?P<name>[^\"'`\n]{{2,60}})(?P=q)"
)
_SLUG = re.compile(rf"\b(?:projeto|project|proyecto){_CALLED}\s*:?\s+(?P<name>[a-z0-9]+(?:[-_][a-z0-9]+)+)(?![\w@/])")
_BEFORE = re.compile(
    rf"\b(?:[Tt]he|[Oo]ur|[Oo]f"
    rf"|[Ff]or)\s+[\"'“‘]?(?P<name>{_WORD}(?:\s+(?:{_INSIDE}\s+)?{_WORD}){{0,5}})[\"'”’]?\s+project\b(?!\s+(?:team|manager))"
)
_NOT_A_NAME = re.compile(r"(?:I|A|O|E|TI|IT|SAP|ERP|CRM|Manager|Team|Digibee|Vocês|Voces|Ustedes)$")


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The project that is named, if one is."""
    if "project" not in pack.fields:
        return
    for source, text, folded in (
        ("body", doc.text[:LIMIT], doc.prose[:LIMIT]),
        ("subject", doc.subject_clean, doc.subject_folded),
    ):
        for start, end in places(text, folded):
            words = text[start:end]
            if "project" in context.fields and not (source == "body" and corrects(doc, sentence(doc, start))):
                yield Rejected("project", words, name, "the ticket has one, and this corrects nothing")
                continue
            evidence = doc.evidence(start, end) if source == "body" else Evidence(words, "subject")
            yield Found("project", words, evidence, name, 0.8, "project" in context.fields)
            return


def places(text: str, folded: str) -> Iterable[tuple[int, int]]:
    """Where a project is named in a text."""
    for m in _QUOTED.finditer(folded):
        yield strip_value(text, *m.span("name"))
    for m in _SLUG.finditer(folded):
        yield m.span("name")
    for pattern in (_AFTER, _BEFORE):
        for m in pattern.finditer(text):
            start, end = strip_value(text, *m.span("name"))
            if start < end and not _NOT_A_NAME.match(text[start:end]) and folded[start:end].strip():
                yield start, end
