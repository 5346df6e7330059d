"""The name of a pipeline in running prose: "o fluxo sync-pedidos-sap caiu", "our orders-to-sap flow", log "[name]".

In: the mail. Out: one `pipeline` as written. A function ("the invoicing integration") or "our pipeline" is none. What
the wordings here give to a place is one sign among those that name_weight.py weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence, strip_value
from mailbot.understand.fields.name_candidates import ERROR_CODE, Place, places
from mailbot.understand.fields.name_weight import Around, chance, signs
from mailbot.understand.fields.ordinary import ordinary
from mailbot.understand.text import fold

name = "pipeline"
SURE = 0.25  # chance from which a name is taken for the pipeline's
BESIDE_OTHER = 0.25  # what a chance counts right behind a word for something else: "la fila recibos-entrada"

_NOUN = (
    r"(?:pipelines?|pipes?|fluxos?|flujos?|flows?|integracao|integracion|integration|processo|proceso|process"
    r"|job|interface|interfaz|rotina|rutina|orquestracao|capsula|capsule)"
)
_STEMS = (
    "integra",
    "proces",
    "job",
    "interfa",
    "rotin",
    "rutin",
    "orquestra",
    "capsul",
)  # of _NOUN, beside those of _SURE_NOUN
_SURE_NOUN = r"(?:pipelines?|pipes?|fluxos?|flujos?|flows?)"
_CALLED = (
    r"(?:,?\s+(?:chamad[oa]|de nome|com (?:o )?nome|denominad[oa]|nomead[oa]|named|by name|by the name of|called"
    r"|llamad[oa]|de nombre"
    r"|con nombre|cujo nome e|que se chama|que se llama|that is called"
    r"|em questao|afetad[oa]|affected|in question|afectad[oa]|e o|e|is|es el|es|seria o|seria el|certo e o|certo e"
    r"|correto e o|correto e|correct[oa] es(?: el)?|name is|nome e|nombre es))*"
)
_SLUG = re.compile(
    r"(?<![\w@./\\:%&=?+#$~-])[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*[_-][a-z0-9]+(?:\.[0-9]+)*(?![\w@\\/=%]|-\w"
    r"|\.[a-z]{2,}\b|:\d)"
)
_SLUG_IN = re.compile(r"[_-][a-z0-9]")  # in every slug
_QUOTED_AFTER = re.compile(rf"\b{_NOUN}{_CALLED}\s*[:,-]?\s*(?P<q>[\"'`*])(?P<name>[^\"'`*\n]{{2,60}})(?P=q)")
_TOKEN_AFTER = re.compile(rf"\b{_NOUN}{_CALLED}\s*[:=-]?\s+(?P<name>[a-z]\w*(?:[-.]\w+)*)(?![\w@/-])")
_TOKEN_BEFORE = re.compile(rf"(?<![\w@/.-])(?P<name>[a-z]\w*(?:[-.]\w+)*)\s+{_SURE_NOUN}\b")
_QUOTED_BEFORE = re.compile(rf"(?P<q>[\"'`])(?P<name>[^\"'`\n]{{2,60}})(?P=q)\s+{_SURE_NOUN}\b")
_BRACKET = re.compile(r"\[([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+)\]")
_HEADING = re.compile(r"(?m)^[ \t>*-]{0,4}([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\s?:\s")
_SMALL = r"(?:d[eao]s?|del|da|of|the|to|for|para|e|y|and|v\d+|\d+|->|→|>|x|[-–/+&])"
_TITLE_AFTER = re.compile(
    rf"\b(?i:{_SURE_NOUN}){_CALLED}[ ]*:?[ ]+"
    rf"(?P<name>[A-ZÀ-Ý0-9][\w&/+-]*(?:\.\w+)*(?:[ ]+(?:{_SMALL}[ ]+){{0,3}}[A-ZÀ-Ý0-9][\w&/+-]*(?:\.\w+)*){{0,6}})"
)
_TITLE_BEFORE = re.compile(
    rf"(?:\b(?i:our|the|my|your)\s+)"
    rf"(?P<name>[A-Z][\w&/+-]*(?:\.\w+)*(?:[ ]+(?:{_SMALL}[ ]+)?[A-Z0-9][\w&/+-]*(?:\.\w+)*){{1,6}})"
    rf"[ ]+(?i:{_SURE_NOUN})\b"
)
_TITLE_CLAUSE = Cue(
    r"\b(?:[Aa]bout|[Ss]obre|[Cc]oncern\w*|[Rr]egarding|[Dd]o|[Dd]el|[Oo]|[Ee]l|[Ww]ith|[Ii]t's|[Éé] o"
    r"|[Es]s el)\s+(?P<name>[A-Z][\w&/+-]*(?: (?:[a-z]{1,3} )?[A-Z][\w&/+-]*){1,4})"
    r",?\s+(?:which|que|that|(?:is|está|esta|runs|roda|corre)\b)[^.\n]{0,70}\b(?:[Pp]roject|[Pp]rojeto|[Pp]royecto"
    r"|flow|pipeline|fluxo|flujo|prod|production|produ[çc]\w+|QA|HML|PRD)\b"
)
_HUMPS = re.compile(r"(?<![\w./:@$#<\"'-])(?:[A-Z][a-z0-9]{2,}){2,}(?:[A-Z][a-z0-9]{1,}|[A-Z]{2,4})(?![\w./:@(>\"'-])")
_HUMP_IN = re.compile(r"[a-z0-9][A-Z]")  # in all of them
_DIGIT_NAME = re.compile(
    r"(?m)^[ \t>*-]{0,4}(?P<name>[a-z]{3,}[0-9][a-z]{2,}[a-z0-9]*)(?=[ ](?:fell|died|is|was|has|stopped|keeps?"
    r"|failed|fails|caiu|parou|est[áa]|deu|falh\w+|se cay\w+|fall\w+|no |n[ãa]o |dej\w+)|,|:)"
)
_CAMEL = re.compile(r"[A-Za-z]*[a-z][A-Z]\w*|[A-Z]{2,}[a-z]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Za-z]+\d\w*")
_DETERMINER = re.compile(
    r"(?:\b(?:o|os|no|na|do|da|el|la|los|las|del|al|ao|the|our|nosso|nossa|nuestro|nuestra|my|meu|minha|mi|su"
    r"|your|this|este|esse|esta|essa|ese|esa|on|in|with|about|sobre|of|de|em|en"
    r"|called|named|for|pelo|pela|se|is|e|es|era|was|usando|ver|vejam|verificar|verifiquem|olhar|olhem|armando"
    r"|montando|construyendo|criando|creando|making|building|build|working on|trabajando en|mexendo|mexendo no"
    r"|desenvolvendo|tenho o|tenemos|temos o|para|pra|name given is|check|review"
    r"|revisar|revisen|revise|run|rodar|rodamos|restart|reiniciar|look at|peguem|pegue|tomen|take|use|when|quando"
    r"|cuando|que"
    r"|and|y)|\s[\"'`(\[])\s*[\"'`(]?$"
)
_OTHER_THING = re.compile(
    r"\b(?:user|usuario|login|host|servidor|server|tabela|tabla|table|campo|field|coluna|column|columna|fila|queue"
    r"|cola|topico|topic|bucket|step|passo|componente|component|conector|connector"
    r"|conta|account|cuenta|arquivo|file|archivo|branch|header|cabecalho|parametro|parameter|variavel|variable"
    r"|property|propriedade|propiedad|atributo|schema|banco|database|base|db|container|pod"
    r"|namespace|repositorio|repository|repo|endpoint|url|rota|path|pasta|folder|carpeta|diretorio|script|classe"
    r"|class|metodo|method|tag|etiqueta|status|evento|event|globals?|project|projeto|proyecto"
    r"|plugin|pacote|package|imagem|image|dominio|domain|certificado|certificate|alias|biblioteca|library|versao"
    r"|version|funcao|function|codigo|code|trigger|chave|key|grant|scope|role|perfil)"
    r"(?:\s+(?:de|do|da|of|the|o|a|el|la|is|e|es|chamad[oa]|called|named|llamad[oa]|name|novo|nova"
    r"|new))*\s*[:=]?\s*[\"'`(]?$"
)
_OTHER_AFTER = re.compile(
    r"[\"'`]?\s+(?:project|projeto|proyecto|table|tabela|tabla|queue|fila|cola|connector"
    r"|conector|step|component|header|field|campo|user|server|host|file|bucket|topic|branch"
    r"|library|endpoint|token|system|portal|team|account)\b"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    score: float


class Judged(NamedTuple):
    """A place that may name the pipeline, the chance that it does, and what that was made of."""

    place: Place
    source: str  # body | subject
    chance: float
    around: Around
    rule: float  # the score that the wordings here give it

    @property
    def signs(self) -> tuple[str, ...]:
        """What was weighed."""
        return tuple(signs(self.place, self.around, self.rule))

    def words(self, doc: Doc) -> str:
        """The name as written."""
        return (doc.subject_clean if self.source == "subject" else doc.text)[self.place.start : self.place.end]


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The pipeline that the mail is about: the name with the most to show for it."""
    if "pipeline" not in pack.fields:
        return
    shown = {fold(example) for example in pack.fields["pipeline"].examples}
    judged = [one for one in weighed(doc) if fold(one.words(doc)) not in shown]
    for one in judged:
        if one.place.how == "rule" and one.chance < SURE and one.source == "body":
            yield Rejected(
                "pipeline", one.words(doc), name, "looks like a name, but nothing says that it is a pipeline's"
            )
    good = [one for one in judged if one.chance >= SURE]
    if not good:
        return
    best = max(good, key=lambda one: (_fixed(doc, one, context), one.chance, one.source == "body", -one.place.start))
    words = best.words(doc)
    held = context.fields.get("pipeline")
    if held is not None and held.value.casefold() != words.casefold() and not _fixed(doc, best, context):
        yield Rejected("pipeline", words, name, "the ticket has one, and this corrects nothing")
        return
    start, end = best.place.start, best.place.end
    evidence = Evidence(words, "subject") if best.source == "subject" else doc.evidence(start, end)
    yield Found("pipeline", words, evidence, name, min(0.95, best.chance), held is not None)


def weighed(doc: Doc) -> list[Judged]:
    """Every place of the mail that may name the pipeline, with the signs for it and its chance."""
    text, folded = doc.text[:LIMIT], within(doc.folded, LIMIT)
    sender = fold(" ".join(f"{one.name} {one.address}" for one in doc.message.from_))
    out: list[Judged] = []
    for source, words, lower, elsewhere, scored in (
        ("body", text, folded, doc.subject_folded, islice(_in_text(text, folded, doc), MOST)),
        ("subject", doc.subject_clean, doc.subject_folded, folded, _in_subject(doc)),
    ):
        scores: dict[tuple[int, int], float] = {}
        for c in scored:
            scores[c.start, c.end] = max(scores.get((c.start, c.end), 0.0), c.score)
        met = [*places(words, lower)]
        told = {(place.start, place.end) for place in met}
        met += [Place(start, end, "rule") for start, end in scores if (start, end) not in told]
        around = Around(words, lower, source, elsewhere, sender)
        for place in met:
            rule = scores.get((place.start, place.end), 0.0)
            likely, beside_other = chance(place, around, rule)
            out.append(Judged(place, source, likely * (BESIDE_OTHER if beside_other else 1.0), around, rule))
    return out


def _fixed(doc: Doc, one: Judged, context: Context) -> bool:
    """Whether the name is given as a correction of the one that the ticket has."""
    if "pipeline" not in context.fields or one.source == "subject":
        return False
    return corrects(doc, sentence(doc, one.place.start))


def names(text: str, folded: str) -> list[tuple[int, int]]:
    """The places of names that stand beside "pipeline" or "flow" in a text, the surest first."""
    found = sorted(_beside_noun(text, folded, folded), key=lambda c: -c.score)
    return [(c.start, c.end) for c in found] or [m.span() for m in _SLUG.finditer(folded) if not ordinary(m[0])]


def _in_text(text: str, folded: str, doc: Doc) -> Iterable[_Candidate]:
    prose = doc.prose[:LIMIT]
    yield from _beside_noun(text, prose, folded)
    for m in _BRACKET.finditer(folded):
        row = doc.row_at(m.start())
        if row is not None and row.technical and not text[m.start(1) : m.end(1)].isupper():
            yield _Candidate(m.start(1), m.end(1), 3.5)
    for m in _HEADING.finditer(text):
        if not ordinary(m[1]) and not m[1].startswith(("accept", "cache", "host", "set-", "user", "authorization")):
            yield _Candidate(m.start(1), m.end(1), 2.6)
    subject = doc.subject_folded
    for m in _SLUG.finditer(prose) if _SLUG_IN.search(prose) else ():
        if ordinary(m[0]) or ERROR_CODE.fullmatch(m[0]):
            continue
        before = prose[max(0, m.start() - 50) : m.start()]
        if _OTHER_THING.search(before) or _OTHER_AFTER.match(prose, m.end()):
            continue
        score = _shape(m[0])
        if text[m.start() : m.end()].isupper() and "_" in m[0]:
            score -= 1.5  # an error's or a constraint's name
        elif text[m.start()].isupper() and "_" not in m[0]:
            score -= 1.2  # "Coca-Cola", "JSON-RPC"
        if m[0] in subject:
            score += 2
        line = before[before.rfind("\n") + 1 :]
        if not line.strip(" -*•>\"'`(["):
            score += 1.5
        elif re.search(r"[.:!?]\s+$", line) or _DETERMINER.search(before):
            score += 1.2
        if re.search(rf"\b{_NOUN}\b[^.;\n]{{0,40}}$", before) or re.match(
            rf"[^.;\n]{{0,25}}\b{_SURE_NOUN}\b", prose[m.end() : m.end() + 50]
        ):
            score += 1
        yield _Candidate(m.start(), m.end(), score)


def _shape(slug: str) -> float:
    """How much a token looks like the name of a pipeline rather than like a word or a field."""
    parts = re.split(r"[-_]", slug)
    score = 1.0 + (0.6 if len(parts) >= 3 else 0) + (0.4 if re.search(r"v\d|\d", slug) else 0)
    if len(parts) == 2 and re.search(
        r"(?:(?<!fe)ed|facing|consuming|saving|breaking|running|lasting|standing|going|looking"
        r"|critical)$",
        parts[1],
    ):
        score -= 1.5
    if "_" in slug and "-" not in slug:
        score -= 0.2  # a field, a variable, a user
    return score


def _has_noun(folded: str) -> bool:
    """Whether there may be one of _SURE_NOUN."""
    return "pipe" in folded or "flux" in folded or "fluj" in folded or "flow" in folded


def _beside_noun(text: str, folded: str, whole: str) -> Iterable[_Candidate]:
    """`folded` may lack technical rows, `whole` is all of the text, folded."""
    quoted = '"' in folded or "'" in folded or "`" in folded or "*" in folded
    named = _has_noun(folded)
    any_noun = named or any(stem in folded for stem in _STEMS)  # otherwise none of _NOUN
    for m in (
        (*_QUOTED_AFTER.finditer(folded), *(_QUOTED_BEFORE.finditer(folded) if named else ()))
        if quoted and any_noun
        else ()
    ):
        start, end = m.span("name")
        words = text[start:end]
        if re.search(r"\b(?:error|erro|exception|timeout|failed|falha)\b", m["name"]) or len(words.split()) > 6:
            continue
        sure = re.search(_SURE_NOUN, m[0]) is not None
        yield _Candidate(start, end, 5 if sure else 3)
    for m in (*_TOKEN_AFTER.finditer(folded), *(_TOKEN_BEFORE.finditer(folded) if named else ())) if any_noun else ():
        start, end = m.span("name")
        raw = text[start:end]
        sure = re.search(rf"\b{_SURE_NOUN}\b", folded[m.start() : start] + " " + folded[end : m.end()]) is not None
        if _SLUG.fullmatch(m["name"]) and ("-" in raw or "_" in raw):
            if not ordinary(m["name"]) or len(re.split("[-_]", raw)) > 2 or (sure and re.search(r"\d", raw)):
                yield _Candidate(start, end, (4.5 if sure else 3) + (_shape(m["name"]) - 1) / 2)
        elif _CAMEL.fullmatch(raw) and not re.search(
            r"(?:Exception|Error)$|^(?:v?\d+|[a-z]\d|s3|b2b|b2c|h2h"
            r"|oauth2?)$",
            raw,
            re.IGNORECASE,
        ):
            yield _Candidate(start, end, 4 if sure else 1.5)
    named = named or _has_noun(text.lower())
    for m in _TITLE_AFTER.finditer(text) if named else ():
        start, end = strip_value(text, *m.span("name"))
        if not re.match(
            r"(?:SAP|API|ERP|CRM|REST|SOAP|SFTP|FTP|SQL|Oracle|Salesforce|Digibee|HTTP|ETL|EDI|VTEX"
            r"|NF-?e|AWS|JSON|XML|TI|IT|PROD|PRD|TEST|HML|DEV|QA|I|A|O|E)$",
            text[start:end],
        ):
            yield _Candidate(start, end, 3.5)
    for m in _TITLE_BEFORE.finditer(text) if named else ():
        yield _Candidate(m.start("name"), m.end("name"), 3)
    for m in _TITLE_CLAUSE.pattern.finditer(text) if _TITLE_CLAUSE.may_be_in(whole) else ():
        yield _Candidate(m.start("name"), m.end("name"), 2.6)
    for m in _HUMPS.finditer(text) if _HUMP_IN.search(text) else ():
        if not re.search(
            r"(?:Exception|Error|Pool|Failure|Timeout|Factory|Manager|Impl|Handler|Listener|Service"
            r"|Controller|Mapper|Context|Request|Response|Template|Adapter|Client|Server)$",
            m[0],
        ):
            yield _Candidate(m.start(), m.end(), 2.2)
    for m in _DIGIT_NAME.finditer(text):
        yield _Candidate(m.start("name"), m.end("name"), 2.2)


def _in_subject(doc: Doc) -> Iterable[_Candidate]:
    text, folded = doc.subject_clean, doc.subject_folded
    for c in _beside_noun(text, folded, folded):
        yield _Candidate(c.start, c.end, c.score - 0.5)
    for m in _SLUG.finditer(folded):
        if ordinary(m[0]) or _OTHER_THING.search(folded[: m.start()]) or _OTHER_AFTER.match(folded, m.end()):
            continue
        alone = not folded[: m.start()].strip(" [](){}:-|/\"'") or not folded[m.end() :].strip(" [](){}:-|/\"'.!")
        yield _Candidate(m.start(), m.end(), _shape(m[0]) + (1.8 if alone else 1))
