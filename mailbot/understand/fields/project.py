"""The name of a project in running prose: "o projeto Portal do Fornecedor", "the Phoenix project", "proyecto 'Alta 2'".

In: the mail. Out: one `project` as written. "Projeto de integração" and "the project team" name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import name_candidates, place_weight
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence, strip_value
from mailbot.understand.fields.ordinary import ordinary
from mailbot.understand.fields.outline import outline
from mailbot.understand.text import fold

name = "project"
SURE = 0.35  # chance from which a stretch names the project
_HOW = frozenset({"run", "token", "quoted", "cut", "extended"})
_CAPITAL = re.compile(r"[A-ZÀ-Þ]")
_REACH = 60  # characters to either side in which a pipeline or a word for a project stands
_NEAR = re.compile(r"proje[ck]?t|proyect|[^\W_][-_.:>][^\W_]")
_SLUGS = re.compile(r"[\w.:>-]*\w")

_CALLED = r"(?:,?\s+(?:chamado|de nome|denominado|named|called|llamado|se chama|se llama|is called|e o|is|es el))?"
_WORD = r"[A-ZÀ-Ý0-9][\w&/+'-]*(?:\.\w+)*"
_INSIDE = r"(?:d[eao]s?|del|por|para|for|em|en|to|of|the|e|y|and|la|las|los|[-–&])"
_AFTER = Cue(
    rf"\b(?:[Pp]roje[c]?to|PROJETO|[Pp]roject|PROJECT|[Pp]royecto"
    rf"|PROYECTO){_CALLED}\s*[:\"'`“‘«]*\s*(?P<name>{_WORD}(?:\s+(?:{_INSIDE}\s+){{0,2}}{_WORD}){{0,5}})"
)
_QUOTED = Cue(
    rf"\b(?:projec?to|project"
    rf"|proyecto){_CALLED}\s*[:,-]?\s*(?P<q>[\"'`])(?P<name>[^\"'`\n]{{2,60}})(?P=q)"
)
_SLUG = Cue(rf"\b(?:projec?to|project|proyecto){_CALLED}\s*:?\s+(?P<name>[a-z0-9]+(?:[-_][a-z0-9]+)+)(?![\w@/])")
_BEFORE = Cue(
    rf"\b(?:[Tt]he|[Oo]ur|[Oo]f"
    rf"|[Ff]or)\s+[\"'“‘]?(?P<name>{_WORD}(?:\s+(?:{_INSIDE}\s+)?{_WORD}){{0,5}})[\"'”’]?\s+project\b(?!\s+(?:team"
    rf"|manager))"
)
_PIPELINE = r"(?<![\w-])(?=\w{0,80}[-_]\w)[A-Za-z]\w{0,79}(?:-\w{1,79}){0,12}"  # bounded: a word may be a megabyte
_TITLED = r"[A-ZÀ-Ý][\w&+'-]*(?:[ ](?:(?:d[eao]s?|del|de la|of|the|e|y|and|&)[ ])?[A-ZÀ-Ý0-9][\w&+'-]*){0,3}"
_LISTED = re.compile(  # beside the name of the pipeline in a short list: "hl7-sesiones-out / Nefro Core / prod"
    rf"(?m)^[ \t>*•-]*(?:[^\s:|,/]{{1,14}}(?:[ ][^\s:|,/]{{1,14}})?[*]{{0,2}}[ .]*:[ ]*|\d[.)] [^.]{{0,25}}\. )?(?:"
    rf"(?P<after>{_PIPELINE})[ ]?(?:,? (?:in|under|em|en|dentro de|of|as part of|part of) |[/|·] ?| \("
    rf"|, )(?P<a>{_TITLED})"
    rf"(?=\)?[ ]*(?:[,./|·)]|$))|(?P<b>{_TITLED})(?: ?[/|·>→] ?|, |\. )"
    rf"(?:(?:o |el |the )?(?:fluxo|flujo|flow|pipeline) )?"
    rf"(?P<before>{_PIPELINE})(?=[ ]?(?:[,./|·>→]|$)))"
)
_SLUG_IN = re.compile(r"[-_]\w")  # in every _PIPELINE
_OF = Cue(rf"(?P<after>{_PIPELINE}),? (?:d[eo]|del|in|under|inside|dentro d[eo]) (?P<name>{_TITLED})(?=[,.](?:\s|$))")
_WITHIN = Cue(  # "RTP_Posting_GL under SpiceFin in PRD", "se llama cierre_turno y está dentro de Renal Norte"
    rf"\b(?:dentro d[eo]|inside(?: of)?|under|(?:as )?part of|(?:faz )?parte d[eo]|belongs to|pertence a|pertenece a"
    rf"|cuelga de)\s+(?:the |o |el |la |los )?(?P<name>{_TITLED})(?=[,.;)](?:\s|$)|\n|$| (?:in|em|en|on|no|na) \w)"
)
_SLUG_BEFORE = re.compile(r"\w[-_]\w")
_ENVIRONMENT = re.compile(r"\b(?:prod|prd|pdn|live|hml|homolog|test|qa|stag|dev|sandbox|prueba)")
_IN_LOG = re.compile(r"\[(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)/[a-z][a-z0-9]*(?:-[a-z0-9]+)+\]")
_NOT_A_NAME = re.compile(r"(?:I|A|O|E|TI|IT|SAP|ERP|CRM|Manager|Team|Digibee|Vocês|Voces|Ustedes)$")


_PLACE_OR_TIME = re.compile(
    r"(?:prod\w*|prd|pdn|pro|live|test\w*|hml|homolog\w*|qa|uat|stag\w*|dev\w*|sandbox|pruebas?|desarrollo|ontem"
    r"|hoje|ayer|hoy"
    r"|today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|segunda|terca|quarta|quinta|sexta"
    r"|sabado"
    r"|domingo|lunes|martes|miercoles|jueves|viernes|urgente?|error|erro|fwd|ola|hola|hi|hello|key|status|bom dia"
    r"|boa tarde|bom"
    r"|nao|no|sim|si|yes|seguinte|siguiente|obrigad[oa]|gracias|thanks)(?: .*)?"
)


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The project that is named, if one is."""
    if "project" not in pack.fields:
        return
    for source, text, prose, folded in (
        ("body", doc.text[:LIMIT], within(doc.prose, LIMIT), within(doc.folded, LIMIT)),
        ("subject", doc.subject_clean, doc.subject_folded, doc.subject_folded),
    ):
        for start, end in _likely(doc) if source == "body" else places(text, prose, folded):
            words = text[start:end]
            if "project" in context.fields and not (source == "body" and corrects(doc, sentence(doc, start))):
                yield Rejected("project", words, name, "the ticket has one, and this corrects nothing")
                continue
            evidence = doc.evidence(start, end) if source == "body" else Evidence(words, "subject")
            yield Found("project", words, evidence, name, 0.8, "project" in context.fields)
            return


def _likely(doc: Doc) -> Iterable[tuple[int, int]]:
    """The stretch of the text that is likeliest a project's name, if one is likely enough."""
    judged = [(place_weight.chance(name, one.signs), one) for one in weighed(doc)]
    chance, best = max(judged, key=lambda pair: (pair[0], -pair[1].start), default=(0.0, None))
    if best is not None and chance >= SURE:
        yield best.start, best.end


def weighed(doc: Doc) -> list[place_weight.Weighed]:
    """What in the text may name the project: what the rules find, and names and quoted words in lines of people."""
    text, prose, folded = doc.text[:LIMIT], within(doc.prose, LIMIT), within(doc.folded, LIMIT)
    ruled = list(dict.fromkeys(islice(places(text, prose, folded), MOST)))
    spans = dict.fromkeys(ruled, "rule")
    for place in name_candidates.places(text, folded) if _SLUG_IN.search(text) or ruled else ():
        if place.how not in _HOW or not prose[place.start].strip() or not _CAPITAL.search(text, place.start, place.end):
            continue
        line = folded.rfind("\n", 0, place.start) + 1
        if _NEAR.search(folded, max(line, place.start - _REACH), place.end + _REACH):
            spans.setdefault((place.start, place.end), place.how)
    return [
        place_weight.Weighed(start, end, text[start:end], tuple(dict.fromkeys(_signs(doc, start, end, how, ruled))))
        for (start, end), how in islice(spans.items(), MOST)
    ]


def _signs(doc: Doc, start: int, end: int, how: str, ruled: Sequence[tuple[int, int]]) -> Iterator[str]:
    span = sentence(doc, start)
    words = doc.folded[start:end]
    yield from place_weight.around(doc, start, end, span)
    first = ruled.index((start, end)) if (start, end) in ruled else -1
    inside = any(a <= start and end <= b for a, b in ruled)
    yield f"rule={'first' if first == 0 else 'later' if first > 0 else 'inside' if inside else 'none'}"
    yield f"how={how}"
    yield f"shape={outline(doc.text[start:end], 12)}"
    yield f"words={min(4, words.count(' ') + 1)}"
    yield from (f"word={word[:6]}" for word in words.split())
    if _PLACE_OR_TIME.fullmatch(words) or _NOT_A_NAME.match(doc.text[start:end]):
        yield "place or time"
    line = doc.folded.rfind("\n", 0, start) + 1
    before = doc.folded[max(line, start - _REACH) : start]
    after = doc.folded[end : end + _REACH].partition("\n")[0]
    for mark, words_beside, near in (
        ("<", _SLUGS.findall(before)[:-5:-1], before),
        (">", _SLUGS.findall(after)[:4], after[:20]),
    ):
        slug = (at for at, word in enumerate(words_beside) if _SLUG_IN.search(word) and not ordinary(word))
        yield from (f"slug{mark}{at}" for at in islice(slug, 1))
        if "proje" in near or "proyec" in near:
            yield f"noun{mark}"
    yield f"times={min(3, doc.folded.count(words))}"
    if any(words in fold(one.name or "") or words.replace(" ", "") in one.address for one in doc.message.from_):
        yield "sender"


def _beside_pipeline(text: str, folded: str) -> Iterable[tuple[int, int]]:
    """Names that stand beside a pipeline's in a short list, or before it in a log's brackets."""
    for m in _IN_LOG.finditer(text) if "[" in text else ():
        yield m.span("name")
    for m in _LISTED.finditer(text) if _SLUG_IN.search(text) else ():
        group = "a" if m["a"] else "b"
        words, slug = m[group], fold(m["after"] or m["before"])
        if ordinary(slug) or _PLACE_OR_TIME.fullmatch(fold(words)) or _NOT_A_NAME.match(words):
            continue
        if group == "b" and " " not in words and not _ENVIRONMENT.search(fold(m.string[m.end() : m.end() + 30])):
            continue  # "SEGUINTE, pedidos-sap, travou"
        yield m.span(group)
    for m in _OF.pattern.finditer(text) if _OF.may_be_in(folded) else ():
        if not ordinary(fold(m["after"])) and not _NOT_A_NAME.match(m["name"]):
            yield m.span("name")
    for m in _WITHIN.pattern.finditer(text) if _WITHIN.may_be_in(folded) else ():
        before = text[max(0, m.start() - 70) : m.start()].rpartition("\n")[2].rpartition(". ")[2]
        fit = not _NOT_A_NAME.match(m["name"]) and not _PLACE_OR_TIME.fullmatch(fold(m["name"]))
        if fit and any(not ordinary(fold(word)) for word in before.split() if _SLUG_BEFORE.search(word)):
            yield m.span("name")


def places(text: str, prose: str, folded: str) -> Iterable[tuple[int, int]]:
    """Where a project is named in a text; `prose` is its folded text without technical rows."""
    for m in _QUOTED.finditer(prose):
        yield strip_value(text, *m.span("name"))
    for m in _SLUG.finditer(prose):
        yield m.span("name")
    for cue in (_AFTER, _BEFORE):
        for m in cue.pattern.finditer(text) if cue.may_be_in(folded) else ():
            start, end = strip_value(text, *m.span("name"))
            if start < end and not _NOT_A_NAME.match(text[start:end]) and prose[start:end].strip():
                yield start, end
    yield from _beside_pipeline(text, folded)
