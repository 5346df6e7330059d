"""response: the answer that the API gave: a status, a body or a message. An endless wait is none.

Signs: an HTTP status beside a word of answering; a status line; a JSON or XML body that is announced as returned or
names
an error; a message in quotation marks that the API gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.error_message import code, quotation, status
from mailbot.understand.fields.narrative import Sentence, found, sentences

FIELD = "response"

_ANSWERS = Cue(
    r"\b(?:respond\w*|responde\w*|respost\w*|respuest\w*|response|retorn\w+|return\w*|devolv\w+|devuelv\w+"
    r"|contest\w+|answer\w*|repl(?:y|ies|ied)|volt(?:a|am|ou|ando)|vuelve[n]?|vem|vêm|veio|vinham|vinha"
    r"|viene[n]?|vino|venia|"
    r"da[o]?\b|dan\b|dando|deu|dio|gives?|giving|gave|comes? back|back comes|came back|toma|tomamos|recebo"
    r"|recebemos|recebe|recibo|recibimos|recibe|gets?|getting|got|status|http|sai|sale|llega|chega|arrives?"
    r"|falla con|fails? with|falha com|termin\w+|with|com|con|un|um|uns|a|->|=>)\b|->|=>"
)
_NEUTRAL = Cue(
    r"(?<![\w.,/:>-])(?:http(?:/\d(?:\.\d)?)?[\s:]*)?(?:200|201|202|203|204|206|301|302|303|304|307"
    r"|308)\b(?![.,:/-]?\d|%|\s+(?:mil|lojas|tiendas|stores|pedidos|orders|clientes|customers|linhas|rows|users"
    r"|registros|\w{3,}os\b|\w{3,}as\b))"
)
_STATUS_LINE = re.compile(r"^\s*[<>]?\s*http/\d(?:\.\d)? [1-5]\d\d")
_BODY = re.compile(
    r"[{\[]\s*\"[^\"]{1,60}\"\s*:|\"\w{2,30}\"\s*:\s*(?:\"|\d|true|false|null)"
    r"|<[a-z][\w:.-]*(?:\s[^<>]*)?>[^<]*<|\[\s*\]|\{\s*\}"
)
_ERROR_BODY = re.compile(
    r"\"(?:error\w*|erro\w*|errors|mensagem|mensaje|codigo|cod|issue|motivo|message|detail|fault\w*)\"\s*:"
    r"|<(?:fault|error|erro|resultado|result)"
)
_SENT = re.compile(
    r"\b(?:envi(?:o|amos|ei|ado|ada|a)|mand(?:o|amos|ei|a)|send(?:ing)?|sent|body (?:que|we|sent)|corpo (?:que"
    r"|enviado)|cuerpo (?:que|enviado)|payload|request|requisic\w+|peticion|post(?:ei|amos|ed|o)?)\b"
)
_API = Cue(
    r"\b(?:api|endpoint|servi[cç]o|servicio|service|voces|vcs|ustedes|your side|you|gateway|backend|chamada"
    r"|llamada|call|requisic\w+|request|webhook|consulta|https?|post)\b"
)
_QUOTE = re.compile(r"\"([^\"\n]{4,300})\"")
_SAYS = re.compile(
    r"\b(?:respond\w*|devolv\w+|devuelv\w+|retorn\w+|return\w*|contest\w+|answer\w*|volt(?:a|am|ou)|vuelve"
    r"|responde\w*|vem|viene|comes? back)\b[^\"]{0,60}$"
)
_GIVES = Cue(
    r"\b(?:respond\w*|respost\w*|respuest\w*|response|retorn\w+|return\w*|devolv\w+|devuelv\w+|contest\w+|answer\w*"
    r"|repl(?:y|ies|ied)|volt(?:a|am|ou|ando)|vuelve[n]?|vem|veio|viene[n]?|vino|suelta\w*|solt\w+|cospe|escupe|spits?"
    r"|throws?|lanza\w*|arroja\w*|tira\w*|bota|says?|diz|dice[n]?|comes? back|back comes|came back|receb\w+"
    r"|recib\w+|gets?"
    r"|getting|got|recus\w+|rechaz\w+|refus\w+|rejeit\w+|reject\w*|bounc\w+|nega\w*|den(?:y|ies|ied)|com a mensagem"
    r"|con el mensaje|with (?:the )?(?:message|error|code)|da\b|dao|dan\b|dando|deu|dio|gives?|gave|giving)\b"
)
_GIVES_CODE = Cue(  # "the service says K-19", "answers with E1043"
    r"\b(?:says?|said|diz|dice|answer\w*|respond\w*|contest\w+|return\w*|retorn\w+|devuelv\w+|devolv\w+|volt\w+"
    r"|gives?|da"
    r"|codigo|code|motivo|reason)\b:? (?:(?:back|with|com|con|um|un|an?|o|el|the|so|just|only|solo|error|erro|code"
    r"|codigo|no|n)"
    r" )*\"?[a-z]{1,6}[-_]?\d{2,6}\b"
)
_BRINGS = Cue(  # "a resposta vem com outro nome", "the answer holds another customer's data"
    r"\b(?:(?:o|a|la|el|the|su|sua|its?) )?(?:resposta|retorno|respuesta|response|answer|reply|payload de (?:resposta"
    r"|respuesta)|json (?:de )?(?:resposta|respuesta|retorno))\b[^.;]{0,25}\b(?:tra(?:z|e|zem|en)|vem|veio|viene"
    r"|vino|contains?"
    r"|cont[ei]\w+|holds?|has|tem|tiene|mostra|muestra|shows?|comes?|came|is (?:empty|missing|wrong|blank)"
    r"|esta vaci[ao]"
    r"|lista|lists?|includes?|inclui|incluye|carries)\b"
)
_SCREEN = Cue(
    r"\b(?:tela|pantalla|screen|painel|panel|portal|dashboard|button|botao|boton|pop-?up|app|maquininha|terminal"
    r"|aplicativo"
    r"|aplicacion|browser|navegador|pagina|page)\b"
)
_NO_ANSWER = Cue(
    r"\b(?:(?:sem|sin|no|without|nao|never|nunca)\s+(?:\w+\s+)?(?:resposta|respuesta|response|repl\w+"
    r"|respond\w*|retorn\w+|contest\w+|answer\w*))\b"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The first sentence that holds an answer of the API."""
    before = ""
    for sentence in sentences(doc):
        sign = judge(sentence, before)
        if sign:
            yield found(doc, FIELD, sentence.start, sentence.end, sign[1], sign[0])
            return
        before = sentence.folded


def judge(sentence: Sentence, before: str = "") -> tuple[float, str] | None:
    """(confidence, the sign) when a sentence holds an answer; `before`: the folded sentence that may announce it."""
    folded = sentence.folded
    if _STATUS_LINE.match(folded):
        return 0.95, "status line"
    if folded.rstrip().endswith("?") and not status(folded):
        return None
    if re.search(r"(?<!\w)status\s*[=:]\s*[1-5]\d\d\b|->\s*[1-5]\d\d\b", folded):
        return 0.9, "status"
    said = status(folded)
    if said and (said[0] > 0.9 or _ANSWERS.search(folded)):
        return 0.85, "status"
    neutral = _NEUTRAL.search(folded)
    if neutral and (("http" in neutral[0]) or _ANSWERS.search(folded[max(0, neutral.start() - 60) : neutral.start()])):
        return 0.8, "status"
    body = _BODY.search(folded)
    if body:
        announced = folded[: body.start()] or before
        sent, back = _last(_SENT, announced), _last(_ANSWERS.pattern, announced)
        if (_ERROR_BODY.search(folded) and sent <= back) or back > sent:
            return 0.85, "body"
        if _ERROR_BODY.search(folded) and sentence.odds(FIELD) > 0.4:
            return 0.7, "body"
    for match in _QUOTE.finditer(folded):
        if _SAYS.search(folded[max(0, match.start() - 100) : match.start()]) and (
            _API.search(folded) or _API.search(before) or sentence.odds(FIELD) > 0.4
        ):
            return 0.75, "message"
    if not _SCREEN.search(folded) and (
        (quotation(sentence) and (_GIVES.search(folded) or _API.search(folded) or _API.search(before)))
        or (code(folded) and _GIVES.search(folded))
        or _GIVES_CODE.search(folded)
    ):
        return 0.7, "message"
    if _BRINGS.search(folded) and not _NO_ANSWER.search(folded) and sentence.odds(FIELD) > 0.005:
        return 0.65, "told"
    if re.match(r"^\W*(?:response|respuesta|resposta|retorno|return)\s*:\s*\S", folded) and not _NO_ANSWER.search(
        folded
    ):
        return 0.85, "label"
    if sentence.odds(FIELD) > 0.7 and not _NO_ANSWER.search(folded):
        return 0.6, "classifier"
    return None


def _last(cue: re.Pattern[str], text: str) -> int:
    """Where the last cue in a text begins, -1 where there is none."""
    at = -1
    for match in cue.finditer(text):
        at = match.start()
    return at
