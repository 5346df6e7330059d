"""Places told in free words: "o valendo", "the real shop", "con clientes de verdad", "banco de provas", "an environment
called lab-heitor". They count less than a name for the place does.

In: folded text. Out: mentions of places. One search, and only in mails that hold one of the words it turns on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailbot.understand.cues import Cue
from mailbot.understand.fields.common import MOST
from mailbot.understand.fields.environment_scope import Mention

_SYSTEM = (
    r"(?:ambiente|entorno|sistema|system|lojas?|tiendas?|shop|stores?|site|sitio|website|web|servidor|server|base"
    r"|portal"
    r"|app|aplicativo|versao|version|plataforma|platform|instancia|instance|environment|env|set-?up|tenant|estate"
    r"|realm"
    r"|side|box|painel|panel|conta|cuenta|account)"
)
_PLACE = r"(?:ambiente|entorno|environment|env|instancia|instance|tenant|realm|workspace|servidor|server)"
_OF_PEOPLE = (
    r"(?:clientes?|customers?|clients?|gente|people|users?|usuari[oa]s?|pacientes?|patients?|alun[oa]s?|alumn[oa]s?"
    r"|students?"
    r"|passageiros?|pasajeros?|passengers?|hospedes|huespedes|guests?|members?|socios?|associados?|familias?"
    r"|families|publico|public|povo"
    r"|compradores|buyers?|dinheiro|dinero|plata|money|dollars|pounds|euros|pedidos?|orders?|vendas?|ventas?|compras"
    r"|payments?|pagamentos?|pagos?|traffic|dados|datos|data)"
)
_REAL = r"(?:reais|reales|real|de verdade|de verdad|verdadeir[oa]s?|verdader[oa]s?)"
_ENDS = (
    r"(?=\s*(?:[,.;:!?)\]|/]|$|\n|-\s|(?:e|y|and|mas|but|pero|que|not|no|nao|sem|mesmo|nomas|la|obviously|obvs?"
    r"|claro)\b))"
)
_PRODUCTION = (
    rf"\b{_SYSTEM} (?:que (?:e|es) )?(?:de verdade?|real|verdadeir[oa]|verdader[oa]|oficial|definitiv[oa]|quente"
    rf"|valendo"
    r"|que vale|pra valer|para valer|ao vivo|en vivo|viv[oa]|de explotacion)\b"
    rf"|\b(?:real|proper|genuine|official|live)(?: and \w+| proper| live| production)? {_SYSTEM}\b"
    r"|\b(?:proper|real) production\b"
    r"|\b(?:o|no|do|em|e|pro|ao|base|ambiente|rodando|tudo|ja) valendo\b(?! (?:a pena|d[aeo]|desde|a partir|ate|para"
    r"|r\$|\d))"
    r"|\b(?:no|o|a|na|el|la|en el|en la) (?:de verdade?|de la verdad|pra valer|que vale)\b" + _ENDS
    + r"|(?:\b(?:e|es|en|no|na|the|in|on|is|it's)\s+)?\((?:el|la|o|a|the) (?:real|de verdade?|buen[oa]|live"
    r"|oficial)\)"
    r"|\b(?:es|en|e|,) el (?:bueno|real)" + _ENDS
    + r"|\ben real\b" + _ENDS
    + r"|\b(?:en|de) explotacion(?: real)?\b" + _ENDS
    + r"|\bexplotacion real\b"
    r"|\bthe (?:real|proper|live)(?: and \w+)? (?:one|thing)\b"
    rf"|\b(?:real|actual|actually paying|paying|live) {_OF_PEOPLE}\b|\b{_OF_PEOPLE} {_REAL}\b"
    r"|\bin anger\b|\b(?:customer|public)-facing (?:one|side|system|site|shop|store)\b"
    rf"|\b(?:o|a|el|la|the) (?:one )?(?:que |that |which )?(?:o|a|os|as|el|la|los|las|our|the)? ?(?:nossos "
    rf"|nuestros )?{_OF_PEOPLE}"
    r" (?:usam?|usan|use|uses|veem?|ven|see|sees|acessam?|compram?|compran|buys?)\b"
    rf"|\b(?:el|la) que (?:usan?|ven?|consultan?|compran?) (?:el|la|los|las) {_OF_PEOPLE}\b"
)  # fmt: skip
_TEST = (
    r"\b(?:banco|bancada|area|versao|copia|sala|mesa|quadro|cancha|campo) de (?:provas?|pruebas?|testes?|ensaios?"
    r"|ensayos?)\b"
    r"|\b(?:test|testing|trial|rehearsal|dry[- ]run|staging) (?:bed|bench|version|area|copy|rig|lab|ground|side"
    r"|set-?up|kit)\b"
    r"|\btestbed\b|\bambiente de (?:ensaios?|provas?|validacao|validacion|aceitacao|aceptacion)\b"
    r"|\bentorno de (?:ensayos?|validacion|aceptacion|calidad)\b|\bmarcha blanca\b|\bcollaudo\b"
    r"|\b(?:na|numa|nessa|en la|en una|in the|in a|on the|on a) (?:copia|copy)"
    r"(?: (?:do|da|del|de la|of the|of our) (?:sistema|base|system|environment|ambiente|entorno))?\b" + _ENDS
)
_OTHER = (
    r"\b(?:ambiente|entorno|environment|area|espaco|espacio|space|system|sistema|realm|instance"
    r"|tenant) (?:de )?(?:treino"
    r"|entrenamiento|brincadeira|simulac\w+|simulador|practica|practicas|playground|experiment\w+|estudos?)\b"
    r"|\b(?:playground|simulator|simulation|practice|training|experimental|classroom) "
    r"(?:environment|env|space|area|system|realm|instance|tenant|one|company)\b"
    r"|\b(?:maquina|notebook|pc|servidor|machine|box) de (?:dev|desenvolvimento|desarrollo)\b|\bdev (?:machine|box"
    r"|laptop)\b"
    rf"|\b{_PLACE} (?:\w+,? )?(?:chamad[oa]|llamad[oa]|called|named|de nome|de nombre|que (?:se )?(?:chama(?:mos)?"
    r"|llamamos|llama|llamaremos|chamaremos)|(?:that|which) we(?:'ll)? call)(?: de)? [\"'`]?[a-z][\w-]*"
)
_FREE = Cue(rf"(?P<production>{_PRODUCTION})|(?P<test>{_TEST})|(?P<other>{_OTHER})")
_HINTS = (
    "verdad", "real", "reais", "valendo", "valer", " vale", "oficial", "official", "definitiv", "quente", "ao vivo",
    "vivo", "viva", "explotacion", "proper", "genuine", "live ", "paying", "in anger", "-facing", "(o ", "(el ",
    "el bueno", " usa", "use", " ve ", "veem", "compra", "banco de", "bancada", " de prova", "de prueba", "ensa",
    "trial", "rehearsal", "dry run", "dry-run", "bench", "testbed", "test ", "staging ", "validac", "aceita",
    "acepta", "marcha", "collaudo", "copia", "copy", "treino", "entrena", "brinca", "simul", "practic", "playground",
    "training", "classroom", "experiment", " de dev", "dev ", "chamad", "llam", "called", "named", "calidad", "acesa",
)  # fmt: skip
_WINDOW = 60  # characters before a word that the search turns on, in which its wording begins
_NONE = re.compile(
    r"\b(?:nao|not|no (?:hay|es|son|habia|era|eran|hubo|tiene\w*|tenemos|afect\w+|toc\w+)|nenhum[a]?|ningun[ao]?|sem"
    r"|sin|without|never|nunca|nobody|nem|ni|zero|sequer|neither)\b[^.,;:]{0,24}$"
    r"|n't\b[^.,;:]{0,24}$"
)
_COUNTED = re.compile(r"(?:real|actual|paying|live|genuine|proper|customers?|people|money|patients?|data|traffic)\b")
_NOT_YET = re.compile(
    r"\b(?:antes|before|until|ate|hasta|quando|when|cuando|once|assim que|depois|despues|after|vamos|vai|will|iremos"
    r"|going|levar|passar|pasar|subir|next|quero|queremos|want|would|could|puede|pode|seria|if|si|se|whether|como)\b"
    r"[^.,;:\n]{0,30}$"
)
_UNSURE = re.compile(r"\s*\?|\s*,?\s*(?:acho|creo|i think|i guess|supon\w+|acredito|talvez|maybe|perhaps|imagino)\b")
_CONTRAST = re.compile(
    r"\b(?:not|no|nao|instead of|em vez d[aeo]|en vez del?)\s+(?:(?:in|on|em|en|na|no|the|a|o|el|la|our|de|es|e|o de"
    r"|el de"
    r"|aquele|aquel)\s+){0,3}(?:test\w*|training|practice|staging|sandbox|rehearsal|demo|toy|copy|dummy|play\w*|dev"
    r"|qa|uat"
    r"|pretend|trial|mock|treino|treinamento|ensaio|homolog\w*|hml|prueba\w*|ensayo|practica\w*|copia|mentira\w*"
    r"|brinquedo|brincadeira|simula\w+|capacitacion)\b"
)
_BARE = re.compile(r"the (?:real|proper|live)(?: and \w+)? (?:one|thing)")
_PRESENT = re.compile(r"(?:^|[.;:,!?\n(-]\s*|\b(?:it's|its|it is|this is|that's|was|in|on|and|es|e) )$")


def free_mentions(folded: str) -> Iterable[Mention]:
    """Places told in free words, in the order of the text."""
    done = 0
    for start, end in _windows(folded) if _FREE.may_be_in(folded) else ():
        for m in _FREE.pattern.finditer(folded, max(start, done), min(len(folded), end + _WINDOW)):
            if m.start() >= end:
                break
            done = m.end()
            mention = _taken(folded, m)
            if mention:
                yield mention


def _windows(folded: str) -> list[tuple[int, int]]:
    """The stretches around the words that the search turns on."""
    spots: list[int] = []
    for hint in _HINTS:
        at = folded.find(hint)
        while at >= 0:
            spots.append(at)
            at = folded.find(hint, at + len(hint))
    windows: list[tuple[int, int]] = []
    for at in sorted(spots)[:MOST]:
        start = max(0, at - _WINDOW)
        if windows and start <= windows[-1][1]:
            windows[-1] = windows[-1][0], at + 20
        else:
            windows.append((start, at + 20))
    return windows


def _taken(folded: str, m: re.Match[str]) -> Mention | None:
    """A free wording as a mention, unless it is denied, planned or doubted."""
    value = m.lastgroup or ""
    before = folded[max(0, m.start() - 60) : m.start()]
    before = before[before.rfind("\n\n") + 1 :]
    if _UNSURE.match(folded, m.end()) or _NONE.search(before):
        return None
    if value != "production":
        return Mention(m.start(), m.end(), value, 3.0)
    if before.endswith("no ") and _COUNTED.match(m[0]):
        return None  # "no real customers", but in Portuguese "no sistema real"
    contrast = _CONTRAST.search(folded, m.end(), m.end() + 60) is not None
    if not contrast and (_NOT_YET.search(before) or (_BARE.match(m[0]) and not _PRESENT.search(before))):
        return None
    return Mention(m.start(), m.end(), value, 4.0 if contrast else 2.5)
