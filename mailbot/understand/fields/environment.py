"""Where it happens: production, test or another place, as people say it, with the scope of each mention.

In: the mail. Out: one `environment`, or why a mention was not taken: a plan, manufacturing, the place where it works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc, Span
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import (
    LIMIT,
    MOST,
    Reading,
    clause,
    corrects,
    per_pack,
    says_none,
    sentence,
    strip_value,
)
from mailbot.understand.text import fold

name = "environment"

_EDGE = r"(?<![\w/.@-])"
_END = r"(?![\w@/]|-\w|\.\w)"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


# Words that name a place whatever stands beside them.
_PLAIN = {
    "production": _listed(
        "prod, prd, produtivo, produtiva, productiva,  productivo, ambiente productivo, ambiente produtivo, "
        "en vivo, produc "
    ),
    "test": _listed(
        "homologacao, homologacion, homolog, homol, hml, hmg, hom, staging, stg, pre-producao, pre producao, "
        "preproducao, preproduccion, pre-produccion, pre-production, preproduction, pre-prod, preprod, uat, "
        "ambiente de homologacion "
    ),
    "other": _listed("sandbox, sbx "),
}
# Words that name a place only behind "in the", "ambiente" or as a whole answer.
_WORDY = {
    "production": _listed("producao, produccion, production, live, real, pro, oficial, official "),
    "test": _listed(
        "teste, testes, test, tests, tst, prueba, pruebas, qa, stage, acceptance, testing, validacao, qas, "
        "pre, calidad "
    ),
    "other": _listed(
        "dev, desenvolvimento, desarrollo, development, desenv, desa, des, demo, local, treinamento, "
        "training, capacitacion, contingencia, dr, poc, piloto, pilot, performance, lab, formacion, "
        "demonstracao, disaster recovery, sit "
    ),
}
_PLACE_NOUN = (
    r"(?:ambientes?|ambiente de|environments?|env|entornos?|instancia|instance|tenant|realm|stage|cluster"
    r"|servidor(?:es)?|server|area)"
)
_BEFORE_NOUN = rf"\b{_PLACE_NOUN}(?:\s+(?:de|do|da|dos|das|e|:|of|el de|e o de|=|is|era|-))*\s*[:=(]?\s*[\"'`]?$"
_IN = re.compile(
    rf"(?:{_BEFORE_NOUN}|\b(?:em|in|en|on|no|na|do ambiente|nosso|our|nuestro|and|e|y|ou|or|our own|the|de|del|do|da"
    rf"|into|direto em|for|from|so em|"
    r"solo en|only in|against|para o|e o de|es el de|el de|o de|it's|its|it is|isso e|e em|es en|e|es)\s+(?:o |a "
    r"|el |la |the |our |nosso |nuestro |su )?[\"'`\[(]?$)"
)
_STRONG_IN = re.compile(
    rf"(?:{_BEFORE_NOUN}|\b(?:em|in|en|on|into|against|isso e|e em|es en|e o de|es el de|e no de|e a de|no de|na de"
    rf"|en el de)\s+(?:o |a "
    rf"|el |la |the |our |nosso |nossa |nuestro |nuestra |ambiente )?[\"'`\[(]?$)"
)
_AFTER_NOUN = re.compile(
    rf"[\"'`\])]?\s*(?:{_PLACE_NOUN}|api|system|account|org|one|base|side|box|workspace"
    rf"|space)\b"
)
_MANUFACTURE = re.compile(
    r"(?:\b(?:ordem|ordens|op|ops|linha|linhas|engenharia|planta|plantas|chao|apontamento|apontamentos|gerente"
    r"|gerencia|parada|custo|custos|processo|volume"
    r"|controle|pcp|planejamento|setor|area|departamento|equipe|meta|metas|turno|lider|supervisor|celula|ficha"
    r"|relatorio|boletim|diario|capacidade"
    r"|orden|ordenes|linea|lineas|jefe|jefa|piso|plan|costos|proceso|supervisora|parte|partes|lote|lotes|unidades"
    r"|unidade|fabrica) (?:de |da |de la |del )?(?:la |a )?|\b(?:turnos?|maquinas?|operarios?|operadores) em )$"
)
_MANUFACTURED = re.compile(
    r"\s+(?:line|lines|order|orders|manager|plant|planning|floor|schedule|volume|figures|costs?|batch|run|quota"
    r"|target|staff|shift|facility|(?:na|da|de la|en la|in the|at the|no) (?:fabrica|planta|plant|factory|linha"
    r"|linea|chao)|de (?!hoje|hoy|ontem|ayer|voces|ustedes|uds)"
    r"[a-z]+|industrial|da fabrica|mensal|diaria|semanal|agricola|leiteira|manager)"
)
_PLANNED = re.compile(
    r"\b(?:vamos|ir|ira|irao|vai|iremos|subir|subiremos|subira|sobe|suba|publicar|promover|promovermos|migrar|levar"
    r"|passar|pase|pasar|pasaremos|salimos|saldremos"
    r"|saldra|salir|salida|entra|entrara|entrar|entraremos|entrada|ida|go|going|goes|move|moving|promote|promoted"
    r"|release|released|virada|rumo|virar|colocar"
    r"|poner|ponerlo|puesta|puesto|pass|transition|live date|deploy to|deploying to|roll out|rollout|push|pushing"
    r"|ship|then|later|eventually|depois|luego|sem data|data|fecha|antes|before|until|ate|hasta"
    r"|not yet|ainda nao|todavia no|aun no|not|isn't|nao (?:esta|estamos|subiu|foi|entrou|chegou)|no (?:esta|estamos"
    r"|salio|ha salido))"
    r"(?:\s\w+){0,3}?\s+(?:(?:a|ao|para|pra|to|em|in|en|into|de|d[ao]|il|it)\s+)?(?:(?:o|a|la"
    r"|el)\s+)?(?:ambiente (?:de |produtivo)?)?$"
)
_LATER = re.compile(
    r"\b(?:so|solo|only|apenas)\s+(?:entra|vai|sobe|sale)\b|\bentra (?:em|en)\b|\b(?:will|sera|vai ser"
    r"|iremos|go live|goes live|not yet|ainda nao|todavia no|aun no)\b"
    r"|\b(?:em|en|in|para|until) (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro"
    r"|dezembro|enero|febrero|marzo|mayo"
    r"|junio|julio|septiembre|octubre|noviembre|diciembre|january|february|march|april|june|july|august|september"
    r"|october|november|december)\b|\bnao (?:existe|subiu|esta)\b"
)
_WORKS = re.compile(
    r"\b(?:funcion(?:a|am|an|ando|ou|aram|o|aron)|works?|worked|passed|passes|passou|working|fine|ok|okay"
    r"|normal(?:mente"
    r"|ly)?|passam?|tudo certo|ta certo|sem (?:problema"
    r"|erro|falha)s?|sin (?:problema|error|falla)s?|no (?:problem|issue)s?"
    r"|without (?:problem|error|issue)s?|bien|bem|perfeit\w+|perfect\w*|corre|green|clean|succeeds?|success\w*"
    r"|igual de bien|levantad[oa]|intact[oa]?|bom|boa|up and running|dejemoslo|leave it|deixa|sai certo"
    r"|sale bien|da certo|(?:esta|ta) (?:bom|boa|bueno)"
    r"|ya se (?:cambio|hizo)|ja foi|already done|healthy|saudavel|estavel)\b"
)
_FAILS = re.compile(
    r"\b(?:falh\w+|fall[ao]\w*|fails?|failing|failed|errors?|erros?|errores|pasa|nos pasa|ocurr\w+|ocorr\w+"
    r"|acontec\w+|suced\w+|happen\w*|quebr\w+|ca[iey]\w*|trav\w+|par(?:ou|ad[oa]s?)|down"
    r"|crash\w*|[45]\d\d|timeout|broken?|stopp?\w*|stuck|rejeit\w+|rechaz\w+|reject\w*|da erro|da problema|roto"
    r"|se cae|reproduz\w*|reproduc\w*|lent[oa]|slow|problema|issue|aparece)\b"
)
_NEG = re.compile(r"\b(?:nao|no|not|never|nunca|jamais|sin|sem|without|neither|tampoco|tambem nao|nem|ni)\b|n't\b")
_ELLIPSIS = re.compile(
    r"[\"')]?\s*,?\s*(?:tambem |already |ya |ja |it |they |they're |isso |esto |eso )?(?:nao|no"
    r"|not|sim|si|yes|doesn't|does not|does|it does|it doesn't|isn't|is not)\s*(?:$|[.,;!?)\n]"
    r"|\bmas\b|\bbut\b)"
)
_BUT_NOT = re.compile(
    r"\b(?:but|mas|pero|and|e|y|so que|only)\s*,?\s*(?:not|nao|no|never|nunca)\s+(?:in|on|em|en|no)\s+(?:the |o |a "
    r"|el |la |our |nosso )?$"
)
_HERE_NOT = re.compile(
    r"\b(?:nao (?:acontece|ocorre|da erro|falha|reproduz\w*)|no (?:pasa|ocurre|sucede|falla)|(?:doesn't|does not"
    r"|never) (?:happen|fail|occur))\b"
)
_SAME = re.compile(r"\b(?:mesm[oa]|same|mism[oa]|identic\w+|igual)\b")
_PAST = re.compile(r"\b(?:ate|until|hasta|antes|before|sempre|always|siempre|used to)\b")
_SAID_NOT = re.compile(
    r"\b(?:isn't|is not|it's not|wasn't|nao e|nao era|no es|no era)\s+(?:in |on |em |en |o "
    r"|a |el |the |de |o de |el de )*$"
)
_ONLY = re.compile(
    r"\b(?:so|somente|apenas|solo|solamente|unicamente|only|just|exclusivamente"
    r"|exclusively)\s+(?:acontece\s|ocorre\s|happens\s|pasa\s|falha\s|fails\s|da erro\s)?(?:em|in|en"
    r"|no|on|na)\s+(?:\w+ )?(?:de )?$"
)
_TEAM = re.compile(
    r"(?:\b(?:time|equipe|equipo|team|pessoal|gente|area|analista|engineer|ingeniero|colega|com|con|with|by|our|o|el"
    r"|nosso)\s+(?:de\s+|do\s+|da\s+|of\s+)?)$"
)
_HOST = re.compile(r"(?<![\w.@-])[a-z0-9][\w-]*(?:\.[\w-]+)+")
_HOST_WORDS = {
    **dict.fromkeys(
        ("hml", "hmg", "homolog", "homologacao", "staging", "stg", "test", "teste", "qa", "uat", "preprod"), "test"
    ),
    **dict.fromkeys(("sandbox", "sbx", "dev", "desenv"), "other"),
    **dict.fromkeys(("prod", "prd"), "production"),
}


_A_PLAN = "a plan, not where it is now"
_UNSURE = frozenset({"pre", "des", "desa", "local", "sit", "lab", "performance", "dr", "real", "hom"})
_MOVES = re.compile(
    r"\b(?:sub|publi|promo|migr|lev|pass|pas[ae]|mov|deploy|push|go|goes|going|saldr|salir|entra|virada|ship|rollout)"
)
_OPENING = re.compile(
    r"[\W\d_]*(?:(?:e|es|no|na|en|em|in|on|the|el|la|o|a|de|do|da|del|it's|ambiente|entorno|sim|si|yes)\W+)*"
)
_ANSWERS = re.compile(
    r"\s*(?:[,.;!)/]|$|\n|\s-\s|(?:for now|por enquanto|por ahora|por ora|mesmo|ainda bem|obviously|obviamente"
    r"|claro|only|solo|apenas)\b)"
)


def _kind_of(word: str) -> str:
    return next((v for table in (_PLAIN, _WORDY) for v, terms in table.items() if word in terms), "")


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    value: str
    score: float
    why: str = ""


def _pattern(pack: RulePack) -> re.Pattern[str]:
    """All words for a place: the built-in ones and the pack's own."""
    words: dict[str, str] = {}
    for table in (_PLAIN, _WORDY):
        for value, terms in table.items():
            words.update(dict.fromkeys(terms, value))
    rule = pack.fields.get("environment")
    for value, phrases in (rule.values if rule else {}).items():
        for terms in phrases.values():
            bare = (fold(t) for t in terms)
            words.update({t: value for t in bare if not t.startswith(("em ", "en ", "in "))})
    return re.compile(_EDGE + "(" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")" + _END)


def value_of(word: str, pack: RulePack) -> str | None:
    """What a folded word or two say of the place; None when they name none."""
    rule = pack.fields.get("environment")
    for value, phrases in (rule.values if rule else {}).items():
        if any(word == fold(t) for terms in phrases.values() for t in terms):
            return value
    for table in (_PLAIN, _WORDY):
        for value, terms in table.items():
            if word in terms:
                return value
    return None


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


def _corrected(doc: Doc, mention: _Mention, context: Context) -> bool:
    return "environment" in context.fields and corrects(doc, sentence(doc, mention.start))


def _mentions(doc: Doc, pack: RulePack) -> Iterable[_Mention]:
    pattern = per_pack("environment", pack, _pattern)
    folded = doc.folded[:LIMIT]
    found: list[_Mention] = []
    for m in islice(pattern.finditer(folded), MOST):
        row = doc.row_at(m.start())
        if row is not None and row.technical:
            continue
        value = value_of(m[1], pack)
        if value is None:
            continue
        score, why = _judge(doc, m)
        if score or why:
            found.append(_Mention(m.start(), m.end(), value, score, why))
    yield from _weigh(doc, found)


def _judge(doc: Doc, m: re.Match[str]) -> tuple[float, str]:
    """How surely a word names a place: (score, why not)."""
    folded, word = doc.folded, m[1]
    before = folded[max(0, m.start() - 60) : m.start()]
    after = folded[m.end() : m.end() + 30]
    span = sentence(doc, m.start())
    alone = re.fullmatch(
        r"[\W_]*(?:(?:e|es|it's|it is|en|em|in|na|no|de|o|ambiente|ambiente de|entorno de|env"
        r"|environment)\s+)*" + re.escape(word) + r"[\W_]*(?:(?:obviously|claro|por favor|please"
        r"|obviamente|mesmo|environment|ambiente"
        r"|obvio)[\W_]*)?",
        folded[span.start : span.end],
    )
    raw = doc.text[m.start() : m.end()]
    if _SAID_NOT.search(before):
        return 0, "said not to be it"
    if _PLANNED.search(before) and (_MOVES.search(before) or _kind_of(word) == "production"):
        return 0, _A_PLAN
    opens = _OPENING.fullmatch(folded, span.start, m.start())
    if (
        word not in _UNSURE
        and opens
        and span.end - span.start < 120
        and _ANSWERS.match(after)
        and not (word in {"qa", "dev"} and _TEAM.search(before))
    ):
        return 4.5, ""
    if word == "pro":
        return (
            (4, "")
            if alone or (raw.isupper() and (_IN.search(before) or re.search(r"[(\[/|:]\s*$", before)))
            else (0, "")
        )
    if word in {"producao", "produccion", "production"}:
        if _MANUFACTURE.search(before) and not re.search(r"\bambiente", before[-24:]):
            return 0, "manufacturing, not a place"
        if _MANUFACTURED.match(after) and not re.search(r"\bambiente", before[-24:]):
            return 0, "manufacturing, not a place"
        if alone or _STRONG_IN.search(before) or _AFTER_NOUN.match(after):
            return 4, ""
        marked: object = re.search(r"[\[(|/:]\s*$", before) and re.match(r"\s*(?:[\])|/,.;]|$|\n)", after)
        marked = marked or (
            re.search(r"[,-]\s*$", before) and re.search(rf"\b{_PLACE_NOUN}\b", folded[span.start : m.start()])
        )
        marked = marked or (
            re.search(r",\s*$", before)
            and re.match(r"\s*(?:mesmo|obviamente|obviously|claro)?\s*(?:[.;)!]|$|\n)", after)
        )
        marked = marked or (
            opens and re.match(r"\s(?:segue|sigue|continua|esta|is|keeps|still|caiu|fora|down|cayo)\b", after)
        )
        return (3, "") if marked or _IN.search(before) or raw.isupper() else (0, "")
    if word in {"live", "real", "oficial", "official"}:
        good = alone or (
            re.search(_BEFORE_NOUN, before)
            or re.search(r"[(\[/]\s*$", before)
            or (word == "live" and re.search(r"\b(?:in|on|into|our|the|en|em|for|to)\s+$", before))
        )
        good = good and not re.match(
            r"\s+(?:chat|data|feed|person|in\b|agent|session|demo|call|support|with|since"
            r"|yet|for|now|on\b|event|stream|with|customers?|users?|traffic|date|again|next|soon)",
            after,
        )
        return (
            (4, "")
            if good or (word == "live" and re.match(r"\s+(?:environment|env|system|tenant|one|account|side)\b", after))
            else (0, "")
        )
    if any(word in terms for terms in _PLAIN.values()):
        return (4, "") if alone or _IN.search(before) or _AFTER_NOUN.match(after) or raw.isupper() else (3, "")
    if _AFTER_NOUN.match(after) or re.search(_BEFORE_NOUN, before):
        return 4, ""
    if word in {"qa", "dev", "des", "hom"} and not alone and not _AFTER_NOUN.match(after):
        if re.match(
            r"\s+(?:team|engineer|analyst|lead|ta|esta|is|are|says|said|lo|nos|confirm|volvi|runs?|ran"
            r"|tester|testou)",
            after,
        ):
            return 0, "people, not a place"
        if _TEAM.search(before) and not re.search(rf"\b(?:{_PLACE_NOUN})\b[^.]*$", before[-20:]):
            return 0, "people, not a place"
    if word in {"desenvolvimento", "desarrollo", "development"} and re.search(
        r"\b(?:esta|estamos|ainda|sigue|still"
        r"|under|is|em fase de|todavia"
        r"|continua|segue|aun)\s+(?:em|en|in"
        r"|under)?\s*$",
        before,
    ):
        return 0, "being built, not a place"
    if alone or re.search(_BEFORE_NOUN, before) or _AFTER_NOUN.match(after):
        return 4, ""
    if word in _UNSURE:
        return 0, ""
    if re.search(r"\b(?:no|na|o|a|el|la|del|do|da)\s(?:(?:nosso|nossa|nuestro|nuestra)\s)?de\s[\"'`\[(]?$", before):
        return 4, ""
    if re.search(r"\b(?:em|in|en|on)\s+(?:our |nosso |nuestro |the |o |el )?[\"'`(]?$", before) and not re.match(
        r"\s+(?:case|cases|data|run|mode|caso|modo|phase|fase|de\b)", after
    ):
        return 3.5, ""
    if re.search(r"[(\[]\s*$", before) and re.match(r"\s*[)\],]", after):
        return 3.5, ""
    if raw.isupper() and (_IN.search(before) or re.search(r"[(\[/|,-]\s*$", before)):
        return 3.5, ""
    if re.search(
        r"\b(?:e o de|es el de|e no de|it's the|es la de|o de|el de|no de|na de|en el de|la de"
        r"|the one in)\s+$",
        before,
    ):
        return 4, ""
    return 0, ""


def _weigh(doc: Doc, found: list[_Mention]) -> Iterable[_Mention]:
    """Gives each mention its due: where it fails counts most, where it works not at all."""
    several = len({m.value for m in found if not m.why or m.why == _A_PLAN}) > 1
    state_before: tuple[Span, int] | None = None
    for number, mention in enumerate(found):
        before = doc.folded[max(0, mention.start - 50) : mention.start]
        if several and state_before and mention.start in state_before[0] and _BUT_NOT.search(before):
            yield replace(
                mention, score=5.0 if state_before[1] > 0 else 0, why="" if state_before[1] > 0 else "it works there"
            )
            continue
        if mention.why or not several:
            part = clause(doc.folded, mention.start, mention.end, sentence(doc, mention.start))
            text = doc.folded[part.start : part.end]
            here_not = not mention.why and (_HERE_NOT.search(text) or (_SAME.search(text) and _state(text) > 0))
            yield replace(mention, score=0, why="it does not happen there") if here_not else mention
            continue
        span = sentence(doc, mention.start)
        part = clause(doc.folded, mention.start, mention.end, span)
        text = doc.folded[part.start : part.end]
        following = found[number + 1].start if number + 1 < len(found) else span.end
        if mention.score >= 4.5:
            mention = replace(mention, score=mention.score + 2)  # the place and nothing else: an answer
        state = _state(text) or _state(doc.folded[mention.end : min(following, span.end)])
        ellipsis = _ELLIPSIS.match(doc.folded, mention.end)
        if ellipsis and ellipsis.end() <= span.end + 1 and state_before and state_before[0] == span:
            state = -state_before[1]
        elif _ONLY.search(before):
            state = -1
        if state:
            state_before = (span, state)
        if state > 0:
            yield _Mention(mention.start, mention.end, mention.value, 0, "it works there")
        elif _LATER.search(text):
            yield _Mention(mention.start, mention.end, mention.value, 0, _A_PLAN)
        elif state < 0:
            yield _Mention(mention.start, mention.end, mention.value, mention.score + 3)
        else:
            yield mention


def _state(text: str) -> int:
    """1: it works there, -1: it fails there, 0: not told."""
    fails, works = _FAILS.search(text), _WORKS.search(text)
    hit = min((m for m in (fails, works) if m), key=lambda m: m.start(), default=None)
    if hit is None:
        return 0
    if hit is works and _PAST.search(text):
        return 0
    sign = 1 if hit is works else -1
    before = text[max(0, hit.start() - 22) : hit.start()]
    return -sign if _NEG.search(before) else sign


def _in_subject(doc: Doc, pack: RulePack) -> Iterable[_Mention]:
    pattern = per_pack("environment", pack, _pattern)
    folded = doc.subject_folded
    for m in pattern.finditer(folded):
        value = value_of(m[1], pack)
        before, after = folded[max(0, m.start() - 40) : m.start()], folded[m.end() : m.end() + 30]
        if value is None or _PLANNED.search(before) or _MANUFACTURE.search(before) or _MANUFACTURED.match(after):
            continue
        plain = any(m[1] in terms for terms in _PLAIN.values())
        marked = re.search(r"[\[(|/:-]\s*$", before) or re.match(r"\s*(?:[\])|/:-]|$)", after) or not before.strip()
        if m[1] in {"live", "real", "oficial", "official", "local", "pre", "test", "teste"} and not (
            _STRONG_IN.search(before) or (marked and m[1].startswith("t"))
        ):
            continue
        if plain or _STRONG_IN.search(before) or _AFTER_NOUN.match(after) or marked:
            yield _Mention(m.start(), m.end(), value, 3 if plain else 2)


def _host(doc: Doc) -> Iterable[Found]:
    for m in _HOST.finditer(doc.folded[:LIMIT]):
        for word in re.split(r"[.-]", m[0])[:-1]:
            if word in _HOST_WORDS:
                yield Found("environment", _HOST_WORDS[word], doc.evidence(m.start(), m.end()), name, 0.5)
                return


def read(text: str, folded: str, pack: RulePack) -> Reading | None:
    """The place in words that are given as the environment; a named place outside the list is "other"."""
    pattern = per_pack("environment", pack, _pattern)
    hits = [(m, v) for m in pattern.finditer(folded) if (v := value_of(m[1], pack))]
    fails = [
        (m, v) for m, v in hits
        if not _PLANNED.search(folded[max(0, m.start() - 60) : m.start()])
        and _state(folded[_clause_start(folded, m.start()) : _clause_end(folded, m.end())]) <= 0
        and not _LATER.search(folded[_clause_start(folded, m.start()) : _clause_end(folded, m.end())])
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
