"""What a text or a subject says that people do not say. In: a mail's own text, its subject. Out: the signs, in words.

Each pattern is tried only where a word of it stands in the text; most mails pay for some `in` tests.
"""

from __future__ import annotations

import re
from functools import lru_cache

_THING = (
    r"(?:mensagem|resposta|e-?mail|notifica[çc][ãa]o|mensaje|respuesta|correo|notificaci[óo]n|message|response|reply"
    r"|notification|notice)"
)
_AUTOMATIC = re.compile(
    rf"(?im)\b(?:esta|este|isto|esto|this) (?:é|e|is|es) (?:uma? |una? |an? )?(?:\w+ )?{_THING} "
    r"(?:autom[áa]tic[oa]\b(?! que)|automated|automatic|auto-?generated|(?:foi )?(?:gerad|generad|enviad)\w+ autom)"
    r"|\b(?:esta|este|isto|esto|this) (?:é|e|is|es) (?:uma? |una? |an? )?(?:automat\w+|auto-?generated"
    rf"|system[- ]generated) {_THING}"
    rf"|\b(?:esta|este|this) {_THING} (?:foi |fue |ha sido |was |has been )?(?:automatically )?"
    r"(?:gerad\w+|enviad\w+|criad\w+|generad\w+|cread\w+|sent|generated|created) (?:autom\w+|by an? automat)"
    rf"|\b(?:esta|este|this) {_THING} (?:was |has been )automatically"
    rf"|^\W{{0,6}}(?:{_THING} (?:autom[áa]tic[oa]|gerad[oa] automaticamente|enviad[oa] automaticamente"
    r"|generad[oa] autom[áa]ticamente|enviad[oa] autom[áa]ticamente)|automat(?:ed|ic) (?:message|response|reply"
    r"|e-?mail)"
    r"|gerad[oa] automaticamente|generado autom[áa]ticamente|automatically generated)\b"
    r"(?:[^\w\n]*$|\W{0,2}[.:!*]|[^\w\n]{1,4}(?:por|by|n[ãa]o|no|favor) )"
)
_NO_ANSWER = re.compile(
    r"(?i)\b(?:(?:favor|por favor|please)?,? ?(?:n[ãa]o|no) (?:responda|responder"
    r"|conteste)\b(?! a todos)(?: (?:a )?(?:est[ea]|esse)\b)"
    r"|favor,? (?:n[ãa]o|no) responder\b|do not (?:reply|respond) (?:to|directly)(?: to)? this"
    r"|(?:please )?do not reply\.|replies (?:to this|are not)|n[ãa]o (?:é|e) monitorad|not monitored|unmonitored"
    r"|no es monitoread)"
)
_ACKNOWLEDGED = re.compile(  # of a text in lower case: twice as fast as any case
    r"(?m)\b(?:recebemos (?:a |o )?(?:su|seu)[ae]? |(?:hemos recibido|recibimos|recib[íi]) (?:su|tu) "
    r"|we(?:'ve| have)? (?:just )?(?:received|got) your |got your request|receipt of your|acknowledge (?:that|receipt)"
    r"|(?:recebi|recebemos) (?:o )?seu e-?mail|he recibido su (?:correo|mensaje)"
    r"|(?:sua|seu|su|tu|your|an?|the|o|el|se ha \w+ el|um|un) (?:support |new )?(?:mensagem|solicita[çc][ãa]o"
    r"|chamado|e-?mail|contato|pedido"
    r"|ticket|mensaje|solicitud|correo|caso|consulta|request|message|enquiry|inquiry|case|incident|submission)"
    r"(?: for support)?(?: (?:interno|número|n[ºo°.]+))?(?: ?\W?\W?[\w-]*\d[\w-]*\W?)? "
    r"(?:foi|fue|ha sido|has been|was|se ha)\b (?:\w+ )?"
    r"(?:recebid|registrad|abert|criad|encerrad|resolvid|atualizad|recibid|cread|abiert|cerrad|resuelt|generad"
    r"|received|registered|logged|created|opened|submitted|solved|resolved|closed|assigned)"
    r"|^(?:incident|case|request|ticket|chamado|caso) \S*\d\S* (?:has been|was|foi|fue|ha sido) (?:opened|created"
    r"|abert|cread)"
    r"|se ha (?:generado|creado|registrado|abierto) (?:el|un|su|la|una)\b"
    r"|thank(?:s| you) (?:very much )?for (?:contacting|reaching out|getting in touch|your (?:message|request"
    r"|e-?mail|enquiry|inquiry))"
    r"|(?:obrigad[oa]|agradecemos|grat[oa]s?) (?:por|pelo) (?:entrar em |seu |o |sua )?(?:contato|mensagem)"
    r"|gracias por (?:contactar|comunicarse|escribir|ponerse en contacto|su (?:mensaje|correo|solicitud))"
    r"|(?:your|su|seu) (?:ticket|case) number|n[úu]mero d[eo] (?:seu |su )?(?:protocolo|chamado|ticket|caso)"
    r"|creation of a (?:trouble )?ticket)"
)
_ACKNOWLEDGED_WORDS = (
    "rece", "reci", "got your", "thank", "obrigad", "agradec", "gracias", "ticket", "chamado", "case", "caso",
    "acknowl", "solicit", "request", "mensage", "mensaje", "incident", "protocolo",
)  # fmt: skip
_PROMISED = re.compile(
    r"(?i)\b(?:(?:will|'ll) (?:be )?(?:get back|respond|reply|in touch|contact you|review|follow|answered|reviewed"
    r"|send)"
    r"|(?:is|are) being (?:reviewed|looked)|within (?:the next )?\d+ (?:business |working )?(?:hours|days)|on it\b"
    r"|will be (?:answered|reviewed)|can view|em breve|assim que poss[íi]vel|o mais breve|em at[ée] \d+ (?:horas|dias)"
    r"|responderemos|retornaremos|responderei|retornarei|entraremos em contato|entrar[áa] em contato"
    r"|ser[áa] respondid|sendo analisad"
    r"|acompanh\w+ (?:o|seu)|a la brevedad|lo antes posible|en breve|nos pondremos en contacto|contactaremos"
    r"|ser[áa] atendid|lo atender|le responder|siendo (?:revisad|analizad)|add additional comments|to reopen)"
)
_NUMBERED = re.compile(
    r"(?i)(?:ticket|chamado|protocolo|caso|case|folio|request|solicitud|solicita[çc][ãa]o|incident|inquiry|n[úu]mero"
    r"|number|id|ref)"
    r"\W{0,3}(?:(?:number|n[úu]mero|is|é|es|generado|creado|aberto|id|de|do|msg)\W{0,3}){0,3}#?\(?[A-Z]{0,4}-?\d{3,}"
)
_FOOTERS = tuple(  # of a text in lower case
    re.compile(pattern)
    for pattern in (
        r"(?m)^\W{0,8}(?:(?:click |clique )?(?:here )?(?:to )?unsubscribe\b(?!\w)|cancelar (?:a )?(?:inscri[çc][ãa]o"
        r"|assinatura|suscripci[óo]n)|descadastr\w+(?:-se)?|darse de baja|opt[- ]out)[^?\n]{0,60}$",
        r"unsubscribe ?(?:here|\||from this|https?:)|\| ?(?:unsubscribe|descadastr\w+|cancelar inscri[çc][ãa]o)"
        r"|clique (?:aqui|em|no link)(?: abaixo)?,? (?:para )?(?:cancelar|(?:se )?descadastr)|(?:link|visit"
        r"|click).{0,40} (?:below )?to unsubscribe"
        r"|haga clic aqu[íi] para (?:cancelar|darse)",
        r"(?:manage|update|change|gerenciar|administrar|gestionar) (?:your |suas |sus )?(?:e-?mail "
        r"|notification )?(?:preferences|preferências|preferencias)"
        r"|turn off this request's notifications",
        r"view (?:this|it|the)?.{0,20} ?(?:in (?:your |a )?browser|online)\b|(?:abr[ai]|ver"
        r"|vis[ui]al\w+)(?: \w+){0,4} n[oa] navegador"
        r"|ver en (?:el|su) navegador|n[ãa]o est[áa] vendo este e-?mail",
        r"(?:voc[êe] (?:est[áa] )?receb\w+|you(?:'re| are)? (?:are )?receiv\w+"
        r"|(?:usted )?(?:est[áa] )?recib\w+) (?:este|esta|this) "
        r"(?:e-?mail|mensagem|correo|mensaje|message|notification|newsletter)(?: \w+)? (?:porque|because|por )",
        r"(?:n[ãa]o (?:quer|quiser|deseja)|ya no (?:quiere|desea)|don't want to|no longer wish to|para n[ãa]o)"
        r" (?:mais )?(?:receb|recib|receiv)\w+ (?:mais )?(?:(?:estes|nossos|nossas|estos|nuestros|these|our"
        r"|e-?mails?|mensagens|correos),? ?)+",
    )
)
_FOOTER_WORDS = (
    "unsubscri",
    "inscri",
    "assinatura",
    "descadastr",
    "darse de baja",
    "opt",
    "prefer",
    "browser",
    "navegador",
    "receb",
    "recib",
    "receiv",
    "privac",
    "suscripc",
    "turn off",
    "darte",
)
_CHALLENGE = re.compile(
    r"(?i)(?:allow incoming (?:messages|mail|e-?mails?) only|only from senders I have|add yourself to my (?:guest"
    r"|allow|contact)"
    r"|so I can receive your e-?mails?|your (?:message|e-?mail) (?:is being held|(?:was|has been) (?:waitlisted|held"
    r"|quarantined))"
    r"|Is being held until|para que (?:a )?sua mensagem seja entregue"
    r"|confirme? (?:o )?seu envio|para que su (?:mensaje|correo) sea entregado"
    r"|prove (?:that )?you are (?:a )?(?:human|person)"
    r"|e-?mail system requires? (?:a )?verification|you have new held messages|your address has not been verified)"
)
_CHALLENGE_WORDS = (
    "held", "senders", "guest", "receive your", "waitlist", "quarantin", "seja entregue", "envio", "sea entregado",
    "prove ", "verif",
)  # fmt: skip
_RECEIPT = re.compile(
    r"(?i)(?:\b(?:was|foi|se) (?:read|lida|lido|le[íy][óo]) (?:on|em|el) (?:\d"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|segunda|ter[çc]a|quarta|quinta|sexta|s[áa]bado|domingo|lunes|martes"
    r"|mi[ée]rcoles|jueves|viernes)|deleted without being read"
    r"|exclu[íi]da sem ser lida"
    r"|eliminado sin (?:haber sido|ser) le[íi]do|was received by:|(?:mensagem|message"
    r"|mensaje) (?:\w+ ){0,2}(?:foi entregue|has been delivered"
    r"|was delivered|se entreg[óo]|ha sido entregado)|the mailbox .{0,80} read|no delivery notification was sent"
    r"|n[ãa]o enviou uma notifica[çc][ãa]o de entrega|no envi[óo] una notificaci[óo]n de entrega)"
)
_RECEIPT_SUBJECT = re.compile(
    r"(?i)^(?:(?:not )?read|(?:n[ãa]o )?lid[ao]|(?:no )?le[íi]do|entregue|entregado|delivered|relayed"
    r"|retransmitid[ao]|retransmitido|return receipt|read receipt|delivery receipt"
    r"|confirma[çc][ãa]o de (?:leitura|entrega)|confirmaci[óo]n de (?:lectura|entrega)|acuse de recibo)(?:\s*[:(-]"
    r"|\s*$)"
)
_ANSWERED_INVITATION = re.compile(
    r"(?i)^(?:accepted|declined|tentative(?:ly accepted)?|aceit[oa]|recusad[oa]|provis[óo]ri[oa]|aceptad[oa]"
    r"|rechazad[oa]|provisional"
    r"|cancell?ed(?: event)?|cancelad[oa]|new time proposed|novo hor[áa]rio proposto|nueva hora propuesta)\s*(?::|\("
    r"|-)"
)
# Subjects that only programs write.
_REPORT = re.compile(
    r"(?i)^(?:\[?preview\]? ?)?report domain:.{1,120}submitter:|^\[firing:\d+\]|^\[resolved(?::\d+)?\] "
    r"|^\*\* (?:problem|recovery|acknowledgement)"
    r"|^cron <|^logwatch for|^build (?:failed|is back to normal) in jenkins|^.{1,60}digest, vol \d+, issue \d+"
    r"|^digest for \S+@\S+ - "
    r"|^\S+ mailing list memberships? reminder|^confirm [0-9a-f]{3,}"
    r"|^your message to .{1,60} awaits moderator approval"
    r"|^rejected posting to|^anacron job|^dmarc aggregate report|^\[postmaster\] |^aws notification|^alarm: \""
    r"|^efax message from"
    r"|^scanned (?:image|document|from)|^new (?:voicemail|fax|message \d+ in mailbox)|^\[pbx\]|^voicemail from"
    r"|^\[slack\]|^notification: .{1,120} @ "
    r"|^\[monitor alert\]|^monitor is (?:down|up)|^\*{0,2}message you sent blocked|^uol antispam"
    r"|.{0,40}you have (?:new |\d+ )*(?:messages in quarantine|held messages|missed messages)"
)
_PROGRAM_TEXT = re.compile(
    r"(?im)^\W{0,40}(?:nagios|zabbix)\W{1,40}$|^problem started at \d|^original problem id|^sent by (?:grafana"
    r"|alertmanager|prometheus)"
    r"|^see <https?://[^>\n]{0,200}/job/|^powered by (?:jira|boxbe|zendesk|freshdesk)"
    r"|gerado automaticamente por glpi|^ref:msg\d"
    r"|^notification type: (?:problem|recovery)|has entered the alarm state|^the monitor was last triggered"
    r"|left a \d+:\d\d long message|you have (?:a |received a )?(?:new )?\d* ?(?:page )?(?:voicemail|fax)\b"
    r"|^device model:|^send .{1,60} mailing list submissions to"
    r"|this is an aggregate report|dmarc aggregate report|an aggregate tls report|spam firewall|^backup job:"
    r"|messages? in quarantine|held messages"
)
_SUBSTANCE = re.compile(
    r"(?i)\b(?:pipelines?|ambiente|environment|entorno|produ[çc][ãa]o|production|producci[óo]n|homolog\w+|http"
    r"|[45]\d\d"
    r"|logs?|par(?:ou|ada|[óo])|stopped|fails|failed|falh\w+|fall[aó]|endpoint|chat)\b"
    r"|\b(?:please|can you|could you|podem|pode(?:riam)?|pueden|podr[íi]an) (?:check|help|look|ver\w*|ajudar"
    r"|analisar|revisar"
    r"|ayudar)"
)
_REPLY_ABOVE = re.compile(
    r"(?i)^\W{0,60}(?:(?:please )?(?:type|write|reply|digite|escreva|responda|escriba)\b"
    r"|para responder por e-?mail).{0,40}\b(?:above|acima|encima|arriba)\b.{0,40}$"
)
_BOILERPLATE = re.compile(r"(?i)^\s*(?:fwd?|fw|enc|rv|tr|wg|encaminhad\w*|reenv\w*)\s*:")


def is_forward(subject: str) -> bool:
    return _BOILERPLATE.match(subject) is not None


def says_automatic(text: str) -> bool:
    """ "This is an automatic message", said of the mail itself."""
    return _has(text, ("autom", "auto-gen", "autogen", "generated")) and _AUTOMATIC.search(text) is not None


def wants_no_answer(text: str) -> bool:
    """ "Do not reply to this e-mail.\""""
    return _has(text, ("respon", "contest", "reply", "replies", "monitor")) and _NO_ANSWER.search(text) is not None


def acknowledges(subject: str, text: str) -> bool:
    """ "We have received your request.\""""
    told = f"{subject}\n{text}".lower()
    return any(word in told for word in _ACKNOWLEDGED_WORDS) and _ACKNOWLEDGED.search(told) is not None


def promises(text: str) -> bool:
    """ "We will get back to you.\""""
    return _PROMISED.search(text) is not None


def numbered(subject: str, text: str) -> bool:
    """The number of a request in another desk's books."""
    return _NUMBERED.search(f"{subject}\n{text}") is not None


def footers(text: str) -> int:
    """How many kinds of a newsletter's small print stand there."""
    low = text.lower()
    if not any(word in low for word in _FOOTER_WORDS):
        return 0
    return sum(pattern.search(low) is not None for pattern in _FOOTERS)


def challenges(text: str) -> bool:
    """A filter wants its sender to prove that they are a person."""
    return _has(text, _CHALLENGE_WORDS) and _CHALLENGE.search(text) is not None


def receipt(subject: str, text: str) -> bool:
    """A receipt without its machine-readable part (RFC 8098 asks for one; Outlook's rules and Notes drop it)."""
    return _RECEIPT_SUBJECT.match(subject) is not None and _RECEIPT.search(text[:2000]) is not None


def answers_invitation(subject: str) -> bool:
    return _ANSWERED_INVITATION.match(subject) is not None


def has_substance(subject: str, text: str) -> bool:
    """Something that a person tells or asks a desk; the subject, which programs repeat, does not count."""
    bare = re.sub(r"(?i)^(?:\W*(?:re|res|fwd?|enc)\s*:|\[[^\]]{0,80}\])+", "", subject).strip()
    return _SUBSTANCE.search(text.replace(bare, " ") if bare else text) is not None


@lru_cache(maxsize=64)
def reports(subject: str) -> bool:
    """A subject that only programs write."""
    return _REPORT.match(subject) is not None


def program_text(text: str) -> bool:
    """A line that only programs write."""
    return _PROGRAM_TEXT.search(text) is not None


def reply_above(text: str) -> bool:
    """The first line asks to write above it: a ticket system's mail as it left the house."""
    return _REPLY_ABOVE.match(text.lstrip().partition("\n")[0][:200]) is not None


def _has(text: str, words: tuple[str, ...]) -> bool:
    low = text.lower()
    return any(word in low for word in words)
