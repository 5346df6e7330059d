"""error_message: the text, the code or the trace of the error. "It gives an error" is none.

Signs, the surest first: a trace, exception or log line pasted; an HTTP status of 400 and above that something
answered; a product's error code; words in quotation marks where an error is told; wordings that are an error by
themselves ("connection refused"); what the classifier holds to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.narrative import PRESENT, Sentence, found, sentences

FIELD = "error_message"
MOST_OF_A_SUBJECT = 400  # characters in which a code is looked for

_EXCEPTION = re.compile(r"\b[A-Za-z][\w.$]*[a-z](?:Exception|Error|Fault)\b(?!\s+(?:[Hh]andl|e-?mail))")
_TRACE = re.compile(  # in the text as written: the capitals tell an exception's name from the word
    r"^\s*at [\w.$<>]+\("
    r"|Caused by:|Traceback \(|\bpanic:"
    r"|\bexit code [1-9]|\b[A-Z]{3,}\d*(?:_[A-Z0-9]{2,})+\b|\b(?:ORA|TNS|PLS|SQLCODE|MSG|E|ERR|AMQ|DFH|RFC|GW"
    r"|DB2|CPF|SVC)[-_ ]?\d{3,}\b|\bSQLSTATE\b"
)
_TRACE_IN = re.compile(r"[(:_\d]|exit code|SQLSTATE")  # one of these stands in all of them
_CODE = re.compile(
    r"\be(?:conn|timed|notfound|hostun|acces|pipe|addr|ai_)\w+\b|\b[a-z]{2,}_(?:[a-z]+_)*(?:fail\w*|error"
    r"|denied|expired|invalid|grant|not_found|timeout)\b|\binvalid_\w+"
    r"|\b(?:erro|error|falha|fallo|codigo|code|cod|errno|rc|status|http)\.?\s*(?:de erro|de error)?\s*(?:e|es"
    r"|is|era|was)?\s*(?:o|el|the|n[o.]?|nro|numero|number|code|#|:|=)?"
    r"\s*[-#]?(?=[a-z_-]{0,8}\d)([a-z]{0,6}[-_]?\d{2,})\b"
)
_CODE_IN = re.compile(r"[_\d]|e(?:conn|timed|notfound|hostun|acces|pipe|addr)")  # one of these stands in all of them
_STATUS = re.compile(r"(?<![\w.,/>-])(?:http(?:/\d(?:\.\d)?)?[\s:]*)?[45]\d\d(?:s\b|\b)(?![.,:/-]?\d|%|<|\")")
_STATUS_IN_SUBJECT = re.compile(  # a bare one between two marks, at an end, or before a word for when and where
    r"(?:^|[\s,;:|/(\[])(?:4\d\d|50\d)"
    r"(?=\s*(?:$|[,;:|/)\]]|\s-|(?:since|desde|on|em|en|after|apos|from|ao|al|todo|every)\b))"
)
_NUMBERED = re.compile(  # what has a number of its own: "lote 422"
    r"(?:\b(?:lote|lot|batch|pedidos?|orders?|orden(?:es)?|tickets?|chamado|caso|case|nota|nf-?e?|sala|room|lojas?|tiendas?"
    r"|stores?|linea|linha|line|ruta|rota|route|onibus|bus|filial|sucursal|caixa|caja|tela|page|pagina|depot|unit|site"
    r"|bay|gate|muelle|doca|turno|flight|vuelo|voo|codigo postal|item|no|n[o°º.]|nro|nr|numero|number|de|mil)\.?"
    r"|#|\$)\s*$"
)
_PHRASE = re.compile(
    r"\s*[-:(]?\s*\"?(?:bad request|unauthori[sz]ed|forbidden|not found|method not|conflict|gone|unsupported media"
    r"|unprocessable|too many|internal server|server error|not implemented|bad gateway|service unavailable|gateway time"
    r"|erro interno|error interno|timeout|interno do|nao autorizado|no autorizado)"
)
_NAMED = re.compile(
    r"\b(?:erro|error|errors|erros|http|status|codigo|code|cod|um|un|an?|o|el|the|os|los)\s*[:=#]?\s*\"?$|(?:->"
    r"|=>|[=(])\s*$"
)
_ARTICLE = re.compile(r"^(?:um|un|an?|o|el|the|os|los)\b")
_ANSWERED = re.compile(
    r"\b(?:d[aá]|dao|dando|dan|dio|deu|volta\w*|voltou|vuelve\w*|retorn\w+|respond\w+|contest\w+|devolv\w+"
    r"|devuelv\w+|return\w*|answer\w*|get|gets|getting|got|"
    r"receb\w+|recib\w+|tom[ao]\w*|com|con|with|vem|veio|viene|vienen|vino|sale|sai|cai|caindo|cae|lan[cz]a\w*"
    r"|tira\w*|throws?|throwing|gives?|giving|back|"
    r"mesmo|mismo|same|only|so|sempre|siempre|always|e|y|and|or|ou|is|foi|era|es|algun|some)\s*:?\s*\"?$"
)
_COUNTED = re.compile(
    r"\s+(?:de\s+)?(?:por\b|per\b|an? (?:hour|day|minute|second|week)|al (?:dia|mes)|cada\b|mil\b|[mgk]b\b|ms\b"
    r"|km\b|kg\b|reais|euros?|usd|horas?|"
    r"(?!err|fail|falh|fall|respons|respuest|respost|vezes|veces|times|comes|makes|is\b|nos\b|nas\b|nos\b|apos"
    r"|after|depois|despues|across|always|sometimes"
    r"|as\b|aos\b|os\b|los\b|las\b|mas\b)[a-z]{3,}s\b)"
)
_QUOTE = re.compile(r"\"([^\"\n]{3,400})\"|'([^'\n]{6,300})'(?!\w)|`([^`\n]{3,300})`")
_TELLS = re.compile(
    r"\b(?:err(?:o|os|or|ors|ores)|falh\w*|fall[ao]\w*|fail\w*|mens?ag\w*|mensaj\w*|messages?|msg|msj|excec\w*"
    r"|excepc\w*|exception|"
    r"aviso|alert\w*|warning|popup|pop-up|log|logs|stack|trace|diz|dice|says|saying|reads?|fala|acusa"
    r"|aparece\w*|apareceu|appears?|"
    r"shows?|mostra\w*|muestra\w*|exib\w+|sale|sai|salta|devolv\w+|devuelv\w+|retorn\w+|returns?|returned"
    r"|volt[ao]\w*|vem|veio|viene|"
    r"tir[ao]\w*|arroja\w*|larga|escupe|bota|cospe|estoura\w*|pops? up|spits?|chokes?|barfs?|responde\w*"
    r"|respond\w*|contesta\w*|answers?|gets?|getting|got|da|dando|dio|deu|dies|died|morre\w*|muere|cai\w*"
    r"|cay\w+|crash\w*|"
    r"termin\w+|end(?:s|ed)|par(?:a|ou|o)|stop\w*|quebra\w*|rompe|trava\w*|com|con|with|recus\w+|rechaz\w+"
    r"|rejeit\w+|reject\w*|"
    r"refus\w+|complain\w*|reclama\w*|queja\w*|moans?|throw\w*|lan[cz]a\w*|comes? back|timeout)\b[^\"'`]{0,80}$"
)
_NOT_AN_ERROR = re.compile(
    r"\b(?:clic\w*|cliq\w*|click\w*|botao|boton|button|menu|aba|tab|pestana|tela|pantalla|screen|campanha|campana"
    r"|campaign|formulario|form|"
    r"workflow|tag|etiqueta|template|plantilla|modelo|lista|list|assunto|asunto|subject|chamado|called|named"
    r"|nome|nombre|name|campo|"
    r"field|coluna|columna|column|pipeline|fluxo|flujo|flow|projeto|proyecto|project|passo|paso|step|etapa"
    r"|stage|status|estado|"
    r"opcao|opcion|option|label|titulo|title|titled|artigo|article|pagina|page|told|disseram|dijeron|escuch\w*"
    r"|ouvi\w*|hear\w*|"
    r"perfil|profile|arquivo|archivo|file|documento|document|fase|tipo|type|valor|value|texto)\s*(?:de|do|da"
    r"|del|the|o|el|la|a|em|en|in|"
    r"se|esta|is|is called|como|as|:|,|aparece como|fica|queda|stays|nao|no)?\s*$"
)
_SUPPORT_SAYS = Cue(
    r"\b(?:(?:so|solo|only|just) (?:recebo|recebemos|recibo|recibimos|get|hear|me dizem|me dicen)"
    r"|i'?ve been told|me (?:dizem|dicen|disseram|dijeron)|"
    r"(?:analista|atendente|agente|agent|engineer|suporte|soporte|support)\b.{0,40}(?:dis[sz]e\w*|diz|dijo|dice"
    r"|said|says|told|respond\w*))"
)
_WORDING = Cue(
    r"\b(?:connect(?:ion)?s? (?:was |is |were |being )?(?:refused|reset|timed? ?out|closed|aborted|rejected)"
    r"|connect timed out|read timed out|"
    r"(?:request|response|operation|socket|gateway) timed? ?out|timed out|"
    r"conex(?:ao|oes) (?:foi |esta sendo |sendo )?(?:recusada|negada|rejeitada|expirada|encerrada|fechada)\w*"
    r"|conexion (?:fue |es )?(?:rechazada|denegada|"
    r"rehusada|expirada|cerrada)|(?:recus\w+|rechaz\w+|refus\w+|reset\w*) (?:a |la |the |our )?(?:conexao"
    r"|conexion|connection)|"
    r"out of memory|sem memoria|falta de memoria|memoria insuficiente|estouro de memoria|heap space"
    r"|stack ?overflow|null ?pointer|"
    r"access denied|permission denied|acesso negado|acceso denegado|permissao negada|permiso denegado"
    r"|not authori[sz]ed|"
    r"unauthori[sz]ed|forbidden|invalid (?:credentials|token|grant|client|signature|password|api key)|"
    r"(?:credenciais|credenciales|senha|token|assinatura|firma|chave|clave)s? (?:invalid[ao]s?|expirad[ao]s?"
    r"|incorret[ao]s?|incorrect[ao]s?)|"
    r"certificat\w* (?:has |is |was )?(?:expired|revoked|vencido|expirado|invalid[oa]?|not trusted|untrusted)"
    r"|handshake|ssl error|pkix|"
    r"deadlock|lock wait|duplicate (?:key|entry)|unique constraint|(?:chave|llave"
    r"|clave) (?:primaria )?duplicad[ao]|quota exceeded|"
    r"(?:limite|cuota|cota) (?:de \w+ )?(?:excedid[ao]|superad[ao])|rate limit|too many (?:requests|connections|open)|"
    r"bad gateway|gateway time-?out|internal server error|service unavailable|bad request|unsupported media"
    r"|erro interno d\w+|"
    r"error interno d\w+|syntax error|parse error|unexpected (?:token|character|end)|malformed|"
    r"(?<!have )no such (?:file|host|table|key)|host (?:not found|unreachable)|unknown host"
    r"|name or service not known|disk (?:is )?full|disco (?:cheio|lleno)|"
    r"broken pipe|econn\w+|schema validation|cannot (?:read|coerce|parse|convert|deserialize|find)"
    r"|could not (?:connect|parse|resolve|obtain|open)|"
    r"(?:mandatory|required) field (?:\w+ )?(?:missing|is)|missing (?:a )?(?:required|mandatory) (?:field|parameter))\b"
)
_TIMEOUT = Cue(r"\b(?:time-?outs?|time out)\b")
_SET_TIMEOUT = re.compile(
    r"\b(?:aument\w+|rais\w+|increas\w+|subi\w*|subim\w+|configur\w+|set\w*|ajust\w+|mud\w+|chang\w+|cambi\w+"
    r"|baix\w+|baj\w+|defin\w+|put|coloc\w+|"
    r"longer|maior|mayor|higher)\b.{0,25}$"
)
_INDIRECT = Cue(
    r"\b(?:(?:o |el |the )?(?:erro|error|mensagem|mensaje|message|msg|log|plataforma|conector|connector|sistema"
    r"|tela|pantalla|screen|it)\b.{0,25}\b)?"
    r"(?:diz|dice|says|saying|fala|habla|reads|acusa|reclama|se queja|complains?|moans)\s+(?:que |that |de |em "
    r"|en |of |about |:)"
)
_LABEL = re.compile(
    r"^\W*(?:erro|error|mensage[mn]|mensaje|message|msg|exception|excecao|log)[\w ]{0,20}[:=]\s*(\S.*)$"
)
_VAGUE = re.compile(
    r"^(?:nao|no|none|nenhum\w*|ningun\w*|n/a|ver|see|vide|em anexo|adjunt\w+|attached|idem|\?+|-+|print\b"
    r"|captura\b|screenshot\b)"
)
_HOW = re.compile(r"\?\s*$")


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The surest sign only: one is enough."""
    best: tuple[float, str, int, int] | None = None
    for sentence in sentences(doc):
        sign = judge(sentence)
        if sign and (best is None or sign[0] > best[0]):
            best = (sign[0], sign[1], sentence.start, sentence.end)
    if best:
        yield found(doc, FIELD, best[2], best[3], best[1], best[0])
    elif _told_in(doc.subject_folded[:MOST_OF_A_SUBJECT]):
        words = doc.subject_clean
        yield Found(FIELD, PRESENT, Evidence(words, "subject", 0, len(words)), f"{FIELD}/status", 0.85)


def _told_in(subject: str) -> bool:
    """Whether a subject tells the code of an error: "error 1062 desde el martes", "sync-orders PRD 422"."""
    return bool(status(subject) or code(subject)) or any(
        not _NUMBERED.search(subject, max(0, match.start() - 20), match.start())
        for match in _STATUS_IN_SUBJECT.finditer(subject)
    )


def judge(sentence: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when the sentence holds the wording or code of an error."""
    folded = sentence.folded
    text = sentence.text
    named = "Exception" in text or "Error" in text or "Fault" in text
    if (_TRACE_IN.search(text) and _TRACE.search(text)) or (named and _EXCEPTION.search(text)):
        return 0.97, "trace"
    if sentence.technical and re.search(r"\b(?:error|fatal|severe|erro|failed|exception)\b", folded):
        return 0.95, "log"
    if _HOW.search(folded) and not _QUOTE.search(folded):
        return None
    label = _LABEL.match(folded)
    if label and len(label[1]) > 4 and not _VAGUE.match(label[1]):
        return 0.95, "label"
    return status(folded) or code(folded) or quotation(sentence) or wording(sentence)


def status(folded: str) -> tuple[float, str] | None:
    """An HTTP status of 400 and above, not a count of things."""
    for match in _STATUS.finditer(folded) if "4" in folded or "5" in folded else ():
        before, after = folded[max(0, match.start() - 30) : match.start()], folded[match.end() : match.end() + 25]
        if _PHRASE.match(after) or "http" in match[0]:
            return 0.95, "status"
        named = _NAMED.search(before)
        if match[0].endswith("s") or (named and (not _ARTICLE.search(named[0]) or not _COUNTED.match(after))):
            return 0.85, "status"
        if _ANSWERED.search(before) and not _COUNTED.match(after):
            return 0.8, "status"
    return None


def code(folded: str) -> tuple[float, str] | None:
    """A product's error code; "status 200" is none."""
    for match in _CODE.finditer(folded) if _CODE_IN.search(folded) else ():
        number = match[1]
        if not number or not (len(number) == 3 and number[0] in "123"):
            return 0.85, "code"
    return None


def quotation(sentence: Sentence) -> tuple[float, str] | None:
    """Words in quotation marks that something failing said."""
    folded = sentence.folded
    if "curl " in folded:
        return None
    for match in _QUOTE.finditer(folded):
        before = folded[max(0, match.start() - 110) : match.start()]
        if _NOT_AN_ERROR.search(before) or _SUPPORT_SAYS.search(before):
            continue
        if _TELLS.search(before) and (" " in match[0].strip() or len(match[0]) > 12):
            return 0.85 if sentence.odds(FIELD) > 0.3 else 0.7, "quotation"
    return None


def _names_a_thing(folded: str) -> bool:
    """Whether the quotation marks hold the name of a button, a field, a list."""
    return any(
        _NOT_AN_ERROR.search(folded[max(0, match.start() - 110) : match.start()]) for match in _QUOTE.finditer(folded)
    )


def wording(sentence: Sentence) -> tuple[float, str] | None:
    """What is an error by its wording alone, or is told in indirect speech."""
    folded = sentence.folded
    if _WORDING.search(folded):
        return 0.8, "wording"
    match = _TIMEOUT.search(folded)
    if match and not _SET_TIMEOUT.search(folded[: match.start()]):
        return 0.75, "wording"
    odds = sentence.odds(FIELD)
    if odds > 0.3 and _INDIRECT.search(folded) and not _SUPPORT_SAYS.search(folded):
        return max(0.6, odds), "told"
    if odds > 0.85 and sentence.odds("request") < 0.4 and not _names_a_thing(folded):
        return 0.6, "classifier"
    return None
