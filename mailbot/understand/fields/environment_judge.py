"""Whether a word names the place of a mail, by the words beside it: "in production", but "the production line".

In: the mail and a match of a word for a place. Out: how surely it is one, or why it is none.
"""

from __future__ import annotations

import re

from mailbot.understand.doc import Doc
from mailbot.understand.fields.common import sentence
from mailbot.understand.fields.environment_scope import A_PLAN
from mailbot.understand.fields.environment_words import PLAIN, kind_of

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
STRONG_IN = re.compile(
    rf"(?:{_BEFORE_NOUN}|\b(?:em|in|en|on|into|against|isso e|e em|es en|e o de|es el de|e no de|e a de|no de|na de"
    rf"|en el de)\s+(?:o |a "
    rf"|el |la |the |our |nosso |nossa |nuestro |nuestra |ambiente )?[\"'`\[(]?$)"
)
AFTER_NOUN = re.compile(
    rf"[\"'`\])]?\s*(?:{_PLACE_NOUN}|api|system|account|org|one|base|side|box|workspace"
    rf"|space)\b"
)
MANUFACTURE = re.compile(
    r"(?:\b(?:ordem|ordens|op|ops|linha|linhas|engenharia|planta|plantas|chao|apontamento|apontamentos|gerente"
    r"|gerencia|parada|custo|custos|processo|volume"
    r"|controle|pcp|planejamento|setor|area|departamento|equipe|meta|metas|turno|lider|supervisor|celula|ficha"
    r"|relatorio|boletim|diario|capacidade"
    r"|orden|ordenes|linea|lineas|jefe|jefa|piso|plan|costos|proceso|supervisora|parte|partes|lote|lotes|unidades"
    r"|unidade|fabrica) (?:de |da |de la |del )?(?:la |a )?|\b(?:turnos?|maquinas?|operarios?|operadores) em )$"
)
MANUFACTURED = re.compile(
    r"\s+(?:line|lines|order|orders|manager|plant|planning|floor|schedule|volume|figures|costs?|batch|run|quota"
    r"|target|staff|shift|facility|(?:na|da|de la|en la|in the|at the|no) (?:fabrica|planta|plant|factory|linha"
    r"|linea|chao)|de (?!hoje|hoy|ontem|ayer|voces|ustedes|uds)"
    r"[a-z]+|industrial|da fabrica|mensal|diaria|semanal|agricola|leiteira|manager)"
)
PLANNED = re.compile(
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
SAID_NOT = re.compile(
    r"\b(?:isn't|is not|it's not|wasn't|nao e|nao era|no es|no era)\s+(?:in |on |em |en |o "
    r"|a |el |the |de |o de |el de )*$"
)
_TEAM = re.compile(
    r"(?:\b(?:time|equipe|equipo|team|pessoal|gente|area|analista|engineer|ingeniero|colega|com|con|with|by|our|o|el"
    r"|nosso)\s+(?:de\s+|do\s+|da\s+|of\s+)?)$"
)
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


def judge(doc: Doc, m: re.Match[str]) -> tuple[float, str]:
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
    if SAID_NOT.search(before):
        return 0, "said not to be it"
    if PLANNED.search(before) and (_MOVES.search(before) or kind_of(word) == "production"):
        return 0, A_PLAN
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
        if MANUFACTURE.search(before) and not re.search(r"\bambiente", before[-24:]):
            return 0, "manufacturing, not a place"
        if MANUFACTURED.match(after) and not re.search(r"\bambiente", before[-24:]):
            return 0, "manufacturing, not a place"
        if alone or STRONG_IN.search(before) or AFTER_NOUN.match(after):
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
    if any(word in terms for terms in PLAIN.values()):
        return (4, "") if alone or _IN.search(before) or AFTER_NOUN.match(after) or raw.isupper() else (3, "")
    if AFTER_NOUN.match(after) or re.search(_BEFORE_NOUN, before):
        return 4, ""
    if word in {"qa", "dev", "des", "hom"} and not alone and not AFTER_NOUN.match(after):
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
    if alone or re.search(_BEFORE_NOUN, before) or AFTER_NOUN.match(after):
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
