"""Is this an absence note? In: a mail's own text, its subject. Out: whether it says so, and whether it says only that.

People write about absences too: "I am on vacation, but the flow stopped, can you look?". A note is known by what it
does not hold: clause by clause it tells an absence, a return, whom to turn to, thanks or a name, and nothing else.
"""

from __future__ import annotations

import re

# A program wrote this before somebody's subject: nobody begins a mail of their own like that.
_PREFIX = re.compile(
    r"(?i)^[\W_]{0,4}(?:(?:automatic|automated|auto)[ -]?(?:reply|response|responder|answer)|autoreply"
    r"|resposta autom[áa]tica|respuesta autom[áa]tica|contestaci[óo]n autom[áa]tica"
    r"|(?:mensagem|aviso|mensaje|message) autom[áa]tic[oa]|out[ -]of[ -](?:the[ -])?office(?: (?:auto|automatic)?"
    r" ?(?:reply|response|notification|message))?|vacation (?:reply|response|responder|message|notice)"
    r"|auto(?=:))(?P<end>\s*[:\-\u2013(\[]|\s*$)"
)
# Languages that customers do not write in: such a prefix is enough.
_FOREIGN = re.compile(
    r"(?i)^\W{0,4}(?:automatische (?:antwort|abwesenheit)|abwesenheit\w*|r[ée]ponse automatique|absence du bureau"
    r"|absence(?=\s?:)|absent(?=\s?:)|hors du bureau|risposta automatica|fuori (?:sede|ufficio)|assenza"
    r"|automatisch antwoord|afwezig\w*|autosvar|automatisk (?:svar|besked)|fr[åa]nvaro\w*|frav[æe]r\w*"
    r"|automaattinen vastaus|poissa|odpowied[źz] automatyczna|automatick[áa] odpov[ěe][ďd]|автоответ"
    r"|автоматический ответ|otomatik yan[ıi]t|自動応答|不在|自动(?:回复|答复)|自動(?:回覆|回復))"
    r"|자동 ?(?:회신|응답)"
)
# What people, too, write at the head of a subject.
_TOPIC = re.compile(
    r"(?i)^\W{0,4}(?:(?:out[ -]of[ -](?:the[ -])?office|ooo|(?:on )?(?:annual |sick |maternity |paternity |parental )?"
    r"(?:leave|vacation|holidays?)|away(?: from (?:the |my )?(?:office|desk))?|no longer (?:with|at)\b|office closed"
    r"|(?:aviso de |aviso: )?(?:aus[êe]ncia|afastamento|f[ée]rias|licen[çc]a|recesso)|ausente|fora do escrit[óo]rio"
    r"|(?:em|de) f[ée]rias|escrit[óo]rio fechado|(?:estoy )?fuera de (?:la )?oficina|ausencia|(?:estoy )?de vacaciones"
    r"|vacaciones|licencia|oficina cerrada)\b|re(?:cebi|cib[íi]) (?:o )?(?:seu|su) (?:e-?mail|correo|mensa\w+))"
)
_ABSENT = re.compile(
    r"(?i)\b(?:(?:estou|estarei|estaremos|encontro-me|me encontro|ficarei|seguirei|est[áa]"
    r"|estar[áa]) (?:[\w-]+ ){0,5}?"
    r"(?:f[ée]rias|ausente|fora (?:do|da|de|at[ée])|de folga|licen[çc]a|afastad[oa]|(?:de|em) viagem|viajando|recesso)"
    r"|gozo de f[ée]rias|n[ãa]o (?:fa[çc]o mais parte|trabalho mais|estou mais n)|escrit[óo]rio (?:\w+ ){0,2}fechad"
    r"|(?:am|'m|be|i'll be|currently|is|we are) (?:[\w-]+ ){0,4}?(?:out of (?:the |my )?office|ooo\b|on (?:[\w-]+ )?"
    r"(?:leave|vacation|holidays?)|on pto|away\b|out (?:until|till|from|this|on|of|all|today)|off (?:shift|work"
    r"|until)|travel+ing"
    r"|unavailable|returning)|^\W{0,3}out of (?:the )?office|no longer (?:with|at|works?|employed|an employee)"
    r"|office (?:\w+ ){0,2}closed"
    r"|(?:estoy|estar[ée]|estaremos|me encuentro|me encontrar[ée]|est[áa]|estar[áa]) (?:[\w-]+ ){0,5}?"
    r"(?:vacaciones|fuera de|ausente|licencia|de permiso|de viaje|incapacidad|feriado)|ya no (?:trabaj|labor|form[oa])"
    r"|oficina (?:\w+ ){0,2}cerrad)"
)
_ABSENT_LOW = re.compile(_ABSENT.pattern.removeprefix("(?i)"))  # of a text in lower case: much faster
_TURN_TO = re.compile(  # whom to turn to meanwhile: whatever it is about
    r"(?i)\b(?:urg[eê]n|emerg|em caso|en caso|in case\b|if (?:you|your|it|this)\b|se (?:for|precisar)\b"
    r"|si (?:es|necesita)\b|contact|reach out|contat|contacte|contactar|procur[ae]|ligue|ligar|comun[íi]quese"
    r"|dir[ií]j[ai]|escrib[ai]|escribir|falar com|direcion|encaminhar|please (?:call|write|direct|refer|email)"
    r"|call|ring|llamar?|fale com|assuntos|asuntos|temas|consultas|d[úu]vidas|matters|enquiries|inquiries|emergencies)"
)
_ALSO = re.compile(  # what else stands beside an absence in a note
    r"(?i)\b(?:retorn|regres|volto|voltarei|vuelvo|volver[ée]|back\b|return|reopen|reabr"
    r"|will (?:not )?(?:reply|respond|answer|see|read|be (?:answered|sent))|responderei|responder[ée]|respondid"
    r"|atenderei"
    r"|(?:sem|com|limitado|limited|no|sin|con|without|intermittent) (?:\w+ ){0,2}(?:acesso|acceso|access)\b"
    r"|(?:n[ãa]o terei|no tendr[ée]|not have|have (?:limited|no)) (?:\w+ )?(?:acesso|acceso|access)\b"
    r"|(?:neste|durante|nesse|during|in (?:my|mi)|n?a minha) (?:\w+ ){0,2}(?:per[íi]odo|period|time|absence"
    r"|aus[êe]ncia)|obrigad|agrade[cç]|thank|gracias|grat[oa]\b|ol[áa]\b|oi\b|hello|hi\b|hola|dear|prezad|estimad"
    r"|bo[am] (?:dia|tarde|noite)|buen[oa]s|car[oa]s?\b|att\b|atenciosamente|atentamente|abra[çc]os?|saludos"
    r"|cordialmente|regards|best\b|cheers|sincerely|autom[áa]tic|automated|automaticamente|not monitored"
    r"|n[ãa]o (?:é|e|ser[áa]) (?:lid|monitorad))"
)
_TROUBLE = re.compile(
    r"(?i)\b(?:erros?|errors?|falh\w+|fail\w*|fall[aóo]\w*|parou|parad[oa]s?|par[óo]|detenid[oa]|stopped|pipelines?"
    r"|flux\w+|flujos?|flows?|logs?|anexos?|attached|adjunt\w+|bloquead\w+|blocked|chat|incident[es]*|[45]\d\d)\b"
)
_ABOUT = re.compile(r"(?i)^\W*(?:para|for|por(?! favor))\b")
_LABEL = re.compile(
    r"(?i)^\W*(?!(?:tel|cel|fone|phone|mobile|ramal|ext|e-?mail|whats|urg|plant|guard)\w*\W)\w[\w ]{0,30}:\s*\S"
)
_BARE = re.compile(r"(?i)^(?:[\W\d]|\b(?:de|da|do|das|dos|del|la|el|e|y|and|of|the|ext|ramal|tel|cel|fone|to|at|until"
                   r"|from|a|at[ée]|hasta|no|em|en|on|dia|d[íi]a|s|às|am|pm|h)\b|\b\w+ro de\b)*$")  # fmt: skip
_CLAUSE = re.compile(r"[.!;,\n]+(?=\s|$)|\s[-\u2013\u2014|]\s|\b(?:mas|but|pero|por[ée]m|however|no entanto)\b", re.I)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_REPLY = re.compile(r"(?i)^\s*(?:re|res|rsp|resp|aw|sv|r|antw|odp|回复)\s*(?:\[\d+\]|\(\d+\))?\s*:")
_WORDS = (
    "office", "oficina", "escrit", "féri", "feri", "vaca", "leave", "licen", "ausen", "away", "holiday", "longer",
    "já não", "ya no", "não faço", "não trabalho", "não estou", "afast", "fora ", "fuera ", "viag", "viaj", "travel",
    "unavailable", "out ", "off ", "recesso", "ooo", "pto", "permiso", "incapacidad",
)  # fmt: skip


def prefixed(subject: str) -> bool:
    """The subject begins as programs begin it, or people who write about automatic replies."""
    return _PREFIX.match(subject) is not None


def foreign(subject: str) -> bool:
    """The subject begins as programs begin it in a language that customers do not write."""
    return _FOREIGN.search(subject) is not None


def topic(subject: str) -> bool:
    """The subject's first words are about an absence."""
    return _TOPIC.match(subject) is not None


def is_reply(subject: str) -> bool:
    return _REPLY.match(subject) is not None


def tells(text: str) -> bool:
    """An absence is told somewhere in the first lines."""
    top = text[:1500].lower()
    return any(word in top for word in _WORDS) and _ABSENT_LOW.search(top) is not None


def troubled(text: str) -> bool:
    """Words of trouble, which no note of an absence has."""
    return _TROUBLE.search(text) is not None


def hints(text: str) -> bool:
    """Whom to turn to, or when the sender returns, and no trouble."""
    return (_TURN_TO.search(text) or _ABSENT.search(text)) is not None and not troubled(text)


def only(text: str) -> bool:
    """Nothing else is told: no question, no clause of another kind."""
    if "?" in _ADDRESS.sub("", text) or len(text) > 3000:
        return False
    found = False
    for clause in _CLAUSE.split(_ADDRESS.sub("", text)):
        if _TURN_TO.search(clause):
            continue
        if _TROUBLE.search(clause):
            return False
        if _ABSENT.search(clause):
            found = True
        elif not (_ALSO.search(clause) or _ABOUT.match(clause) or _is_name(clause)):
            return False
    return found


def _is_name(clause: str) -> bool:
    """A name, a title, a place, a date or a number: no small words but those between names."""
    if _LABEL.match(clause):
        return False
    return _BARE.match(re.sub(r"[A-ZÀ-Þ][\w'’-]*|\d[\w/:.]*", "", clause)) is not None and len(clause) < 80
