"""description: the problem or the request can be understood from the mail. "Please help" alone cannot.

What is left of the prose when greetings, thanks, pleas, urgency, introductions and promises are taken away has to
name a matter; the subject may do so, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.narrative import PRESENT, Sentence, found, prose
from mailbot.understand.fields.title import sums_up

FIELD = "description"

_SAYS_SOMETHING = (
    "expected_vs_actual",
    "error_message",
    "integration_logic",
    "how_to_question",
    "feature_wish",
    "contract_question",
    "authentication_problem",
    "infrastructure_request",
    "external_system",
    "design_phase",
    "outage_total",
    "outage_partial",
    "steps_to_reproduce",
    "status_question",
)
_FORM_ONLY = ("greeting", "thanks_only", "signature_line", "disclaimer", "promise_to_send", "declines_to_give")
_SAYS_NOTHING = ("urgency_only", "evidence", "escalation_wish", "deadline", "justification")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+")
_EMPTY_WORDS = """
    negocio indo ajudinha socorrer demanda levada levado nivel acima superior senhores senhoras sitting weeks week
    reply peak opens soon opening season semana semanas semanas ticket raised raise higher level person alguien arriba
    aqueles troco paradinha trem treco coisinha chave waiting meses mes month months pendiente pendente aberto abierto
    demora demorando demorado retornaram novidade novidades novedad novedades voltar
    andando hiya bump line podem arrumar arrumem consertar consertem avanza avanca
    ninguem nadie nobody responde respondem respond responds falei hable said continua continues sigue
    dar da dame dao dan dando dado give gives echar mano dedo pulinho
    her his him hers theirs copied copia copio cc everyone everybody today
    kindly needful stuck kinda sort already done did
    talked falamos hablamos combinado combined discussed reported
    reportado reportei happening acontecendo pasando sucediendo
    a abaixo abajo about abraco abs adjunta adjunto afternoon again agora agradecemos agradeco agradezco aguardo
    ahora ai ainda ajuda ajudam ajudar ajude ajudem al algo alguem alguien all always an and anexa anexada
    anexado anexo answer any anyone ao aos aquela aquele aqui aquilo are as asap ask assim assist assistance
    assunto asunto at atenciosamente atendimento atenta atento atentos att attached attachment aun await ayer
    ayuda ayudan ayudar ayudarme ayuden back be been below bem best boa bom broken buen buenas buenos but by
    caiu call can captura capturas caros case cases caso casos cayo celular chamado chamados chat checar check
    checked cheers coisa com como con consegue conseguem contact contacto contato conversa conversacion
    conversation correo cosa could critica critical critico cuando da das de deal dealing dear del desde details
    detalhes detalles dia dias did directly do does dos down e e-mail el ela ele else em email encaminhar
    encaminho end enviar envie enviei envio equipe equipo erro error errors erros es esa escalacao escalado
    escalamento escalamiento escalar escalate escalation escale escalem escalen escalonamento ese eso espero
    essa esse esta estao este estimado estimados estos estou eu everyone evidencia evidencias falha falhas falla
    fallo favor fico fix foi folks for fora forward forwarded forwarding foto from fue funciona funcionando
    funcionar fwd gente get give good gostaria gostariamos got gracias grata grato guys ha had hand has have hay
    he hello help helping here hey hi hoje hola how hoy i i'm id idea if image imagem imagen important
    importante in is isso issue issues isto it it's its ja just kind know la las le les lhe ligar like llamar lo
    log logs look looking los mais manda mandar mando mas matter me mesma mesmo meu mi minha mirar miren mis
    misma mismo mobile morning muita muito muy my n't na nada nao nas ne necesitamos necesito need needs no
    noches noite nos nossa nossas nosso nossos not nova novamente novo now nueva nuevo number numero o obrigada
    obrigado of oi ok ola olha olhada olhar olhem on one ontem or os ou our out para parada parado paro parou
    peco pedimos pero pessoal phone pido please pode podem podemos poderia poderiam podrian por posible possible
    possivel pra precisa precisamos preciso prezado prezados print prints prioridad prioridade priority pro
    problem problema problemas problems protocolo puede pueden quando que quebrado quebrou quedo quero quick
    quien quiero quisiera ramal rapido reclamacao reenvio regards reply resolvam resolver resposta respuesta
    retorno revisa revisar revisen right saludos same sao screenshot screenshots se segue seguem sem sempre send
    sending sent ser seu she si siempre sim sin since situacao situacion situation so sobre socorro solicitamos
    solicitar solicito solve some somebody someone son soporte still stop stopped su sua subject suporte support
    sus ta take tambem tarde tardes tava te team telefone telefono tem tema temos tenho ter thank thanks that
    the them there these they thing things this those thx ticket tickets time to today todos tudo u um uma un
    una unas unos uns up urgencia urgent urgente urgentisimo urgentissimo urgently us valeu vcs vejam ver
    verifica verificar verifiquem video voce voces wait waiting want was we were what when who will with without
    work working works would y ya you your
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_MOST = 120


def find(doc: Doc, _pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """The sentence that says most about the matter, else the subject."""
    best: tuple[float, Sentence] | None = None
    for number, sentence in enumerate(prose(doc)):
        if number >= _MOST:
            break
        weight = judge(sentence)
        if weight and (best is None or weight > best[0]):
            best = (weight, sentence)
    if best:
        yield found(doc, FIELD, best[1].start, best[1].end, "text", best[0])
    elif context.fields.get(FIELD) is None and sums_up(doc.subject_folded) and len(telling(doc.subject_folded)) >= 3:
        subject = doc.subject_clean
        yield Found(FIELD, PRESENT, Evidence(subject, "subject", 0, len(subject)), "description/subject", 0.6)


def telling(folded: str) -> list[str]:
    """The words of a text that name a matter."""
    return [word for word in _WORD.findall(folded) if len(word) > 2 and word not in _EMPTY and not word.isdigit()]


def judge(sentence: Sentence) -> float | None:
    """How well a sentence tells the matter (0.5..1), or None."""
    words = telling(sentence.folded)
    if not words:
        return None
    says = sentence.rival(_SAYS_SOMETHING)
    if sentence.rival(_FORM_ONLY) > 0.7:
        return None
    if len(words) >= 5:
        return 0.7 + 0.3 * says
    nothing = sentence.rival(_SAYS_NOTHING)
    if len(words) >= 3 and (says > 0.3 or nothing < 0.4):
        return 0.6 + 0.4 * says
    asks = sentence.bare.rstrip().endswith("?")
    if len(words) == 2 and not asks and says > 0.04 and nothing < 0.3:
        return 0.55
    if says > (0.3 if len(words) == 2 else 0.5) and nothing < 0.5:
        return 0.55
    return None
