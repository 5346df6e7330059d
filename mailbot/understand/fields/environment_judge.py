"""Whether a word names the place of a mail, by the words beside it: "in production", but "the production line".

In: the mail and a match of a word for a place. Out: how surely it is one, or why it is none.
"""

from __future__ import annotations

import re

from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields.common import sentence
from mailbot.understand.fields.environment_scope import A_PLAN, NOT_IT
from mailbot.understand.fields.environment_words import PLAIN, kind_of

_PLACE_NOUN = (
    r"(?:ambientes?|ambiente de|environments?|env|entornos?|instancia|instance|tenant|realm|stage|cluster"
    r"|servidor(?:es)?|server|area)"
)
_BEFORE_NOUN = rf"\b{_PLACE_NOUN}(?:\s+(?:de|do|da|dos|das|e|:|of|el de|e o de|=|is|era|-))*\s*[:=(]?\s*[\"'`]?$"
_IN = re.compile(
    rf"(?:{_BEFORE_NOUN}|\b(?:em|in|en|on|no|na|do ambiente|nosso|our|nuestro|and|e|y|ou|or|our own|the|de|del|do|da"
    rf"|into|direto em|for|from|desde|about|sobre|concerns|so em|"
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
    rf"|space|tunnel|vpn|deployments?|set-?up|estate|database|db|machine|host|data ?base|shop|store|site)\b"
)
MANUFACTURE = re.compile(
    r"(?:\b(?:ordem|ordens|op|ops|linha|linhas|engenharia|planta|plantas|chao|apontamento|apontamentos|gerente"
    r"|gerencia|parada|custo|custos|processo|volume"
    r"|controle|pcp|planejamento|setor|area|departamento|equipe|meta|metas|turno|lider|supervisor|celula|ficha"
    r"|relatorio|boletim|diario|capacidade|gente|pessoal|turma|galera|povo|colegas?|rapazes|muchachos|companeros"
    r"|gerentes?"
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
    r"(?<![\w-])(?:vamos|ir|ira|irao|vai|iremos|subir|subiremos|subira|sobe|suba|publicar|promover|promovermos"
    r"|migrar|levar"
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
    r"|a |el |la |los |as |os |na |no |our |the |de |o de |el de )*$"
)
_TEAM = re.compile(
    r"(?:\b(?:time|equipe|equipo|team|pessoal|gente|area|analista|engineer|ingeniero|colega|com|con|with|by|our|o|el"
    r"|nosso)\s+(?:de\s+|do\s+|da\s+|of\s+)?)$"
)
_SPEAKS = re.compile(r"\s(?:here|speaking|writing|aqui|aca|falando|escrevendo|hablando|escribiendo)\b")  # "dev here"
_NAMED = re.compile(  # "Dwayne (dev)"
    r"(?:^|[\n.!?,;:-]\s?)\s*[A-Z\u00c0-\u00dd][\w'-]+(?: [A-Z\u00c0-\u00dd][\w'-]+)? \($"
)
_AND_NOT = re.compile(  # "in production, not the test one"; in Portuguese "no" is "in the"
    r"(?:^|[,.;:(\n-]|\b(?:its|it's|it is))\s*(?:not (?:in |on |from |about )?(?:the |our |a |your )?"
    r"|no (?:en |es )?(?:el |la |los |las )(?:de )?|nao (?:e |em |no |na |o |a )(?:o |a )?(?:de )?)[\"']?$"
)
_TOPIC = re.compile(
    r"(?:^|[\n.;!?:]\s*)(?:no, |nao, |sim, |yes, |si, )?(?:it's|its|it is|this is|that's|that is|'?tis|all of it is"
    r"|es|esto es"
    r"|eso es|e|isso e|isto e|trata-se|se trata|fica|estamos|esta|ta|happens?|ocurre|pasa|acontece|ocorre|sucede)\s+"
    r"(?:all |only |so |solo |just )?(?:happening )?(?:about |in |on |en |em |no |na |sobre |de |del |do |da )?"
    r"(?:the |your |our |el |la |o |a |nosso |nuestro )?[\"']?$"
)
_ACTS = re.compile(
    r"\s+(?:sends?|returns?|rejects?|gives?|shows?|answers?|keeps?|manda|envia|devuelve|devolve|rejeita|rechaza)\b"
)
_SOMEBODY = re.compile(  # "Beto da produção"
    r"(?<![\w.!?-])(?<![.!?] )[A-Z\u00c0-\u00dd][a-z\u00e0-\u00fd]{2,}\s+(?:da|de la|from)\s+$"
)
_HAVE_BOTH = re.compile(
    r"\b(?:temos|tenemos|we have|we've got|existem|hay|there are|possuimos|between|entre)\s+(?:\w+\s){0,2}?"
    r"(?:tst|test\w*|qa|hml|homolog\w*|dev|prd|prod\w*|stg|staging|prueba\w*|sandbox)\s*(?:e|y|and|&|/|,)\s*(?:(?:o"
    r"|um|el"
    r"|un|a|one|de)\s)*$"
)
_DEPARTMENT = re.compile(
    r"\b(?:compras|vendas|ventas|sales|estoque|almacen|warehouse|expedicao|despacho|logistica|logistics|financeiro"
    r"|finanzas|finance|rh|rrhh|hr|comercial|qualidade|calidad|quality|pcp|manutencao|mantenimiento|maintenance|corte"
    r"|costura|montagem|montaje|embalagem|empaque|packing|pintura|engenharia|ingenieria|faturamento|facturacion)\b"
)
_SET_OFF = re.compile(r"(?:^|[\n,;:|/\u00b7\u2022\u2192>\]-]|[.!?](?=\s))\s*(?:[(\"']\s*)?$")
_BEHIND_NAME = re.compile(r"(?<![\w-])(?:[a-z][\w.]*[-_][\w-]*\w|[a-z]+[\w]*\d\w*)[\"'`]?,?\s+(?:ja )?$")
_ENDS_THERE = re.compile(
    r"[\"'`)\]]*\s*(?:$|[\n,;:|)/\u00b7\u2022\u2192]|[.!?](?:\s|$)|\s-|(?:obviously|obvs?|obvio|obviamente|claro"
    r"|pura?o?|mesmo"
    r"|nomas|ue|yeah|yes|yep|po|pues|si|sim|inteir[oa]|enter[oa]|tod[oa]|same|since|desde|de novo|again|w/o|without"
    r"|with|le dicen|lhe chamam|siempre|sempre|always|now|ahora|agora|not the|not|nao o|no el|no la)\b)"
)
_SAID = re.compile(
    r"\b(?:says?|said|dice|dijo|diz|disse|falou|confirm\w+|told (?:me|us)|told|term is|runs?|running|ran"
    r"|executed|rodando|roda|corre|corriendo|unicamente|somente|apenas|solo|solamente|only|just|purely"
    r"|exclusivamente|que es"
    r"|que e|q e|esto es|isto e|isso e|this is|it is|that is|i\.e\.|o sea|ou seja|que)"
    r"\s*(?:que|that|it's|its|is|e|es|la|el|the|a|o)?\s*[:,]?\s*(?:in |on |en |em )?[\"'`]?$"
)
_IF = re.compile(
    r"(?:^|[\n.,;:(!?]\s*|\b(?:saber|sei|se|not sure|e|y|mas|but|pero|o|ou)\s)(?:si|se|if|whether|caso)\s+(?:eso"
    r"|isso|esto|isto|it|this|that|es|e|e no|esta|is|ta|seja|fuera|sea|was|it's)\b"
    r"[^.,;:\n]{0,20}$"
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


# Words that name a place when nothing else stands between two marks: "sync-orders, production, 11:40".
_BARE_WORDS = """
    production producao produccion explotacion live pro test teste testes pruebas prueba testing qa dev desarrollo
    desenvolvimento development
"""
_BARE = frozenset(_BARE_WORDS.split())


def _is_the_topic(word: str, before: str, after: str) -> bool:
    """Whether a sentence begins by saying that this is the place: "It's about production; …"."""
    if word in {"pro", "prueba", "test", "teste"} or (word.startswith("prod") and MANUFACTURED.match(after)):
        return False
    return bool(_TOPIC.search(before) and (_ENDS_THERE.match(after) or AFTER_NOUN.match(after)))


def _stands_alone(doc: Doc, m: re.Match[str], before: str, span: Span) -> bool:
    """Whether a word stands between two marks of punctuation, behind a name or behind "says", with nothing after it."""
    folded = doc.folded
    line_end = folded.find("\n", m.end())
    after = folded[m.end() : line_end if line_end >= 0 else None][:40]
    if not _ENDS_THERE.match(after):
        return False
    word = m[1]
    if _SAID.search(before):
        return word != "pro" or m[0].isupper() or doc.text[m.start() : m.end()].isupper()
    line = before[before.rfind("\n") + 1 :]
    if not _SET_OFF.search(line) and not _BEHIND_NAME.search(line):
        return False
    if word == "live" and line.rstrip().endswith(("-", "/")):
        return False
    return not (
        word.startswith("prod")
        and _DEPARTMENT.search(folded, max(span.start, m.start() - 80), min(span.end, m.end() + 60))
    )


_PEOPLE_OF = re.compile(
    r"\b(?:chefes?|jef[ae]s?|encarregad[oa]s?|encargad[oa]s?|gerentes?|lider(?:es)?|supervisor\w*|pessoal|gente|turma|turno"
    r"|equipe|equipo|heads?|managers?|people|foreman|chief) (?:d[aeo]|de la|of|from|in)\s$"
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
    if SAID_NOT.search(before) or _AND_NOT.search(before):
        return 0, NOT_IT
    if PLANNED.search(before) and (_MOVES.search(before) or kind_of(word) == "production"):
        return 0, A_PLAN
    if _IF.search(before):
        return 0, "only supposed"
    if _HAVE_BOTH.search(before):
        return 0, "one of the places that they have"
    if word in {"qa", "dev"} and (
        _SPEAKS.match(after) or (after.startswith(")") and _NAMED.search(doc.text[max(0, m.start() - 40) : m.start()]))
    ):
        return 0, "people, not a place"
    opens = _OPENING.fullmatch(folded, span.start, m.start())
    if (
        word not in _UNSURE
        and opens
        and span.end - span.start < 120
        and _ANSWERS.match(after)
        and not (word in {"qa", "dev"} and _TEAM.search(before))
    ):
        return 4.5, ""
    if word in _BARE and _is_the_topic(word, before, after):
        return 4.5, ""
    if word == "production" and _ACTS.match(after) and re.search(r"\b(?:that|what|which|since [^.]{1,20})\s$", before):
        return 2.5, ""
    if word in _BARE and _stands_alone(doc, m, before, span):
        return (4.5 if _SAID.search(before) else 3.5), ""
    if word == "pro":
        return (
            (4, "")
            if alone or (raw.isupper() and (_IN.search(before) or re.search(r"[(\[/|:]\s*$", before)))
            else (0, "")
        )
    if word in {"producao", "produccion", "production"}:
        if MANUFACTURE.search(before) and not re.search(r"\bambiente", before[-24:]):
            return 0, "manufacturing, not a place"
        if _SOMEBODY.search(doc.text, max(0, m.start() - 40), m.start()):
            return 0, "people, not a place"
        if _PEOPLE_OF.search(before):
            return 0, "people, not a place"
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
        r"\b(?:e o de|es el de|e no de|it's the|es la de|o de|el de|lo de|no de|na de|en el de|la de"
        r"|the one in)\s+$",
        before,
    ):
        return 4, ""
    return 0, ""
