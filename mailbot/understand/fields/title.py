"""title: a subject that sums the problem up, or a line of its own given as one: a headline above the text.

"Erro", "ajuda", "(sem assunto)", "urgent!!!" sum up nothing; a sentence in running text is no title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import title_weight
from mailbot.understand.fields.narrative import PRESENT, found

FIELD = "title"

_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_FUNCTION_WORDS = """
    a about agora ahora ainda al an and any ao aos aquela aquele are as at aun ayer be been by com con cuando da
    das de del desde do dos e el em en enc es esa ese eso essa esse esta estao estas este esto estos eu favor foi
    for from fue fw fwd ha hay hoje hoy i in is isso isto it its ja la las los mais me meu mi minha mis muita
    muito my na nas no nos nossa nossas nosso nossos now nuestra nuestras nuestro nuestros o of on ontem or os
    ou our para please por pra pro quando que re ref res rv sao se sem ser seu sin since sobre some son still su
    sua sus tem ter that the these this those to today u um uma umas un una unas unos uns us ver was we were
    with without y yesterday you your
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_EMPTY_WORDS = """
    abertura abrir afternoon again ajuda algo alguem alguien alta ambiente another answer apertura api apis
    aplicacao app asap asistencia assistance assistencia assunto asunto atencao atencion atendimento attention
    ayuda boa bom buenas buenos caiu can case caso chamado chamados check coisa complaint conseguem consulta
    consultas contact contacto contato continuacao cosa could critica critical critico denovo dia dias doesn't
    dont down duda dudas duvida duvidas e-mail email entorno environment erro error errores errors erros failure
    falha falhas falla fallas fallo fallos favor feedback few fix follow-up followup fora funciona funcionando
    general geral good gracias hello help hi high hml hola homologacao homologacion idea ideia imediato
    immediately important importante improvement incident incidente incidentes incidents info informacao
    informacion information inmediato integracao integracion integracoes integration isn't issue issues look
    mail mejora melhoria mensagem mensaje message morning n't nada nao necesitamos necesito need nenhum new no
    noite none nosso not nothing nova novamente novo nueva nuevo obrigado oi ok ola olhar open other otra outra
    outro parou pedido pergunta plataforma platform pls plz podem portal prd precisamos preciso pregunta
    prioridad prioridade priority problem problema problemas problems prod producao produccion production prueba
    pueden qa queja quero query question questions quick quickly quiero rapida rapido reclamacao reclamo reply
    request resolvam resolver resposta respuesta retorno revisar sandbox seguimiento service servicio servico
    sim sistema site socorro solicitacao solicitud solve somebody someone soporte sos staging subject sugerencia
    sugerencias sugestao sugestoes suggestion suporte support system tarde tardes test teste testing thanks
    thing things ticket tickets urgencia urgency urgent urgente urgentes urgentissimo vazio verificar vez want
    work working works yes thought thoughts roadmap following follow call called spoke spoken talk talked meeting chat
    conversation ligacao llamada reuniao reunion conversa conversacion falamos hablamos hablado agreed combinado
    acordado continuing continuando siguiendo wish wishlist desejo deseo note nota heads fyi lembrete recordatorio
    reminder comment comentario remark porfa porfis porfavor pliz orientacao orientacion apoio apoyo tecnica tecnico
    technical varias varios questoes questao cuestion cuestiones retomando retomo contactando anda cae todo tudo
    explique expliquen inconveniente inconvenientes ustedes usted voces vos vcs read quick please one thing bits
    incidencia incidencias coisinha cosita preguntita
    perguntinha rapidinho rapidinha rapidita rapidito salvem salven auxilio auxiliar
    plantao comunicado aviso newsletter boletim boletin hi-there hey heads-up quick-one urgentemente rogo
    gentileza peco pido aguardo espero dia-dia enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro january february
    march april may june july august september october november december
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_NO_SUBJECT = re.compile(r"^\W*(?:\(?\s*(?:sem assunto|no subject|sin asunto|none|null|\(?vazio\)?)\s*\)?)\W*$")
_GREETING = re.compile(
    r"^\W*(?:ol[ae]s?|oi|opa|e ai|fala|bom dia|boa (?:tarde|noite)|prezad\w+|car[oa]s?|senhor\w*|hola|buen(?:os"
    r"|as|a)?|estimad\w+|saludos|hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|"
    r"morning|afternoon|evening|greetings|team|equipo|equipe|pessoal|gente|time|folks|all)\b"
)
_RUNNING = re.compile(  # somebody tells or asks: no headline
    r"^(?:yo|so|hey|ok|okay|well|bueno|bom|entao|pues|ay|ai|uh|um|i|we|eu|nos|a gente|yo|nosotros|segue|sigue"
    r"|attached)\b"
    r"|\b(?:i'm|i am|we're|we are|estoy|estamos|estou|stuck on|help me|me ayud\w+|me ajud\w+)\b"
)
_LABEL = re.compile(
    r"^\W*(?:\w+\s){0,3}?(?:titulo|title|assunto|asunto|subject|resumo|resumen|summary|headline|heading|encabezado"
    r"|cabecalho)(?:\s\w+){0,5}\s*(?::|=|\s-)\s*(?P<title>\S.*)$"
)
_ANNOUNCED = re.compile(r"\b(?:titulo|title|headline|heading|encabezado)\b[^.!?]{0,40}:\s*$")


def find(doc: Doc, _pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """A labelled line, the subject, else a headline."""
    for row in doc.rows[:40]:
        label = _LABEL.match(doc.folded[row.start : min(row.end, row.start + 300)])
        if label and not row.forwarded and sums_up(label["title"]):
            yield found(doc, FIELD, row.start + label.start("title"), row.end, "labelled", 0.95)
            return
    subject = doc.subject_clean
    if sums_up(doc.subject_folded) and title_weight.chance(signs(subject, doc.subject_folded)) >= title_weight.LEAST:
        yield Found(FIELD, PRESENT, Evidence(subject, "subject", 0, len(subject)), "title/subject", 0.9)
        return
    line = headline(doc, asked=any(question.field == FIELD for question in context.asked))
    if line:
        yield found(doc, FIELD, line[0], line[1], "headline", 0.75)
    elif subject:
        yield Rejected(FIELD, subject, "title/subject", "it does not say what the matter is")


# Words that say what becomes of the one thing that a line names: "NFE não sai", "Pix 502", "webhook down".
_STATE_WORDS = """
    erro erros error errores errors falha falhas fail fails failing failed falla fallo fallas failure nao no not n't
    nada never nunca sem sin without down fora caiu parou parado parada cae caido caida lento lenta slow timeout
    doesn't dont don't isn't can't cannot funciona funcionando works working sale sai llega chega queda volta
    outage outages pane interrupcao interrupcion indisponivel indisponible unavailable stopped stuck delayed late
    missing blank wrong duplicate duplicated double refused rejected atrasado atrasada atrasados errado errada errados
    duplicado duplicada duplicados duplicadas vazio vazia vazios vacio vacia vacios faltando faltan recusado recusada
    recusados rechazado rechazada rechazados equivocado equivocada trocado trocada
"""
_STATES = frozenset(_STATE_WORDS.split())
_FAULTS = frozenset(
    ["erro", "erros", "error", "errores", "errors", "falha", "falhas", "falla", "fallo", "fallas", "failure"]
)


def sums_up(folded: str) -> bool:
    """Whether a line names a matter: two telling words, or one beside a word such as "question" or "fails"."""
    if _NO_SUBJECT.match(folded):
        return False
    words = _words(folded)
    names = _names(words)
    if all(word.isdigit() for word in names):
        return False
    named = [word for word in names if not word.isdigit()]
    if len(names) >= 3 or (len(names) >= 2 and len(words) >= 4):
        return True
    if not named or len(named[0]) <= 2:
        return False
    if len(names) >= 2:
        return len(words) > 2 or any(word in _STATES or any(c.isdigit() for c in word) for word in words)
    return len(words) >= 2 and any(word in _STATES for word in words)


def signs(subject: str, folded: str) -> list[str]:
    """What is weighed of a subject (title_weight.py)."""
    words = _words(folded)
    return title_weight.signs(subject, len(_names(words)), any(word in _STATES - _FAULTS for word in words))


def _words(folded: str) -> list[str]:
    return _WORD.findall(folded)[:60]


def _names(words: list[str]) -> list[str]:
    return [word for word in words if word not in _FUNCTION and word not in _EMPTY and len(word) > 1]


def headline(doc: Doc, *, asked: bool = False) -> tuple[int, int] | None:
    """The first line, where it stands out above the text: alone with no full stop, or in capitals.

    `asked`: we asked for one, so that the first line needs no blank below it, and any line that is announced will do.
    """
    rows = [row for row in doc.rows[:12] if doc.text[row.start : row.end].strip()]
    if asked:
        for before, row in pairwise(rows):
            told = _ANNOUNCED.search(doc.folded[before.start : before.end])
            if told and sums_up(doc.folded[row.start : row.end]):
                return row.start, row.end
    for row in rows[:3]:
        text, folded = doc.text[row.start : row.end].strip(), doc.folded[row.start : row.end].strip()
        if _GREETING.match(folded) and len(folded) < 60:
            continue
        if row.item or row.technical or len(text) > 110 or len(text) < 8:
            return None
        loud = text.upper() == text and any(c.isalpha() for c in text)
        first = re.match(r"[^.!?]{8,90}[.!?]", text)
        if not loud and first and first[0].upper() == first[0] and any(c.isalpha() for c in first[0]):
            return (row.start, row.start + first.end()) if sums_up(folded[: first.end()]) else None
        if _RUNNING.search(folded):
            return None
        if asked and not re.search(r"[.,;?!:](?:\s|$)", text) and len(_WORD.findall(folded)) >= 3 and sums_up(folded):
            return row.start, row.end
        alone = _alone(doc, row.end)
        if loud and sums_up(folded) and (alone or text[-1] in ".!"):
            return row.start, row.end
        if (
            alone
            and text[-1] not in ".,;?!:"
            and len(_WORD.findall(folded)) >= 3
            and _more(doc, row.end)
            and sums_up(folded)
        ):
            return row.start, row.end
        return None
    return None


def _alone(doc: Doc, end: int) -> bool:
    """Whether the next line is blank."""
    following = doc.text[end + 1 : end + 200].split("\n", 1)[0]
    return end + 1 < len(doc.text) and not following.strip()


def _more(doc: Doc, end: int) -> bool:
    """Whether a text of some length follows: a headline stands above something."""
    return len(doc.text[end:].split()) > 15
