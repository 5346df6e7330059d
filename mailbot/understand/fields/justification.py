"""justification: a reason for escalating. "Please escalate, very urgent" gives none.

Reasons: an expectation not met, no answer or the time waited, disagreement, the wish that somebody else look, a changed
scenario, harm to the business told as the reason. Read only where a case is being escalated or pressed: the finder is
asked for every mail, and the form of an escalation alone makes use of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, found, prose

FIELD = "justification"

_ESCALATE = re.compile(
    r"\b(?:escal\w+|escalat\w+|supervisor\w*|gerente|gerencia|gestor\w*|gestao|coordena\w+|coordinador\w*"
    r"|manager|management|diretor\w*|director\w*|nivel (?:2|dois|dos|acima|superior|tres)|second line"
    r"|level (?:2|3|two)|"
    r"(?:team|support) lead|lider\w*|subir o caso|elevar)\b"
)
_WAITED = re.compile(
    r"\b(?:(?:ha|faz|fazem|hace|llev\w+|already|been|for|ja sao|ja faz|ja se passaram|van|lleva\w*"
    r"|after)\s+(?:ja |ya |mais de |mas de |more than |over |quase |casi |almost |nearly |about |cerca de |uns "
    r"|unos )*(?:\w+\s+)?"
    r"(?:dias?|semanas?|days?|weeks?|meses|mes|months?|horas|hours)|(?:\d+|dois|duas|tres|quatro|cinco|seis"
    r"|sete|oito|nove|dez|onze|doze|quinze|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|dos|cuatro|siete|ocho|nueve|diez|once|doce|quince)\s+"
    r"(?:\w+\s+)?(?:dias?|semanas?|days?|weeks?|meses|months?)\b(?:[^.]{0,40}\b(?:sem|sin|without|aberto"
    r"|abierto|open|esperando|waiting|running|seguidos|uteis|habiles|no)\b)?|"
    r"(?:primeira|segunda|terceira|quarta|quinta|third|second|fourth|fifth|\d+[aª]|\d+(?:nd|rd|th)|tercera"
    r"|cuarta) (?:vez|time)|ja e a \w+ vez|again and again|varias vezes|varias veces|several times"
    r"|days running)"
)
_NO_ANSWER = re.compile(
    r"\b(?:(?:sem|sin|without|no|nao|not|never|nunca|nenhum\w*|ningun\w*|any)\s+(?:\w+\s+){0,4}(?:retorno\w*"
    r"|resposta\w*|respuesta\w*|repl(?:y|ies)|answer\w*|update\w*|novidade\w*|novedad\w*|solucao|solucion"
    r"|solution|prazo|plazo|posic\w+|feedback|word|progress|avanc\w+|avance\w*|acompanhamento|seguimiento"
    r"|contato|contacto|previsao|root cause|causa raiz)|"
    r"(?:ninguem|nadie|nobody|no one|no-one)\s+(?:\w+\s+){0,5}(?:respond\w+|respondeu|contest\w+|retorn\w+"
    r"|ret?orna|resolv\w+|resuelv\w+|answer\w*|repl\w+|came|come|called|lig\w+|llam\w+|da|me da|nos da"
    r"|explic\w+|sabe|knows|got|gets|assum\w+|cuida|atiende|atende)|"
    r"ultima (?:resposta|respuesta)|last (?:reply|answer|response|update)|ainda (?:nao|sem)|todavia (?:no|sin)"
    r"|still (?:no|waiting|nothing)|so (?:recebo|recebemos)|solo (?:recibo|recibimos)|only (?:get|receive)"
    r"|parad[oa] (?:na|no|com)|estancad\w+|standstill|stuck|sem (?:avanco|evolucao)|nao (?:avanca|anda|evolui)"
    r"|no avanza|going nowhere|in circles|"
    r"deram (?:prazo|retorno)|quem (?:de|da) (?:prazo|retorno))\b"
)
_UNMET = re.compile(
    r"\b(?:(?:nao|no|not|n't|never|nunca)\s+(?:\w+\s+){0,3}(?:resolv\w+|resuelv\w+|resolvid\w+|solucion\w+"
    r"|solv\w+|fix\w*|funcion\w+|work\w*|atend\w+|satisf\w+|cumpri\w+|cumpli\w+|help\w*|ajud\w+|ayud\w+"
    r"|adiant\w+|sirv\w+|serve|aplica|apply|fit|hold)|"
    r"(?:encerr\w+|cerr(?:o|aron|ado)|clos(?:ed|ing)|fech(?:ou|aram|ado))\b|promet\w+|promis\w+|disseram"
    r"|dijeron|told|informaram|indic(?:o|aron|ou)|ficaram de|quedaron de|contradi\w+|contradic\w+|"
    r"(?:nao|no|not|don't|do not|dis)\s*(?:\w+\s+){0,2}(?:concord\w+|agree\w*|acuerdo|aceit\w+|acept\w+"
    r"|accept\w*|coincid\w+)|discord\w+|disagree\w*|insatisf\w+|unhappy|unsatisf\w+|dissatisf\w+|descontent\w+"
    r"|frustrat\w*|inaceit\w+|inacept\w+|unacceptable|inadmiss?i\w+|descaso|falta de (?:respeito|respeto)"
    r"|had enough|cansad\w+|harto|"
    r"expectativa\w*|expectation\w*|prazo (?:venc|estour|passou|nao)|deadline|sla|reaberto|reopened|reabr\w+"
    r"|voltou a (?:ocorrer|acontecer|falhar)|volvio a (?:pasar|ocurrir|fallar)|happened again|recorrente"
    r"|recurrente|recurring|de novo o mesmo|same (?:thing|problem|answer|questions)|mesm[ao]s? (?:problema"
    r"|resposta|perguntas)|asi no se puede|assim nao da|can't go on|nao da mais|no da mas)\b"
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:outr[oa]s? (?:pessoa|analista|olhar|especialista|engenheiro|profissional|area|time)"
    r"|otr[oa]s? (?:persona|analista|mirada|especialista|ingeniero|area|equipo)|someone (?:else|senior|more|who"
    r"|with|above)|somebody (?:else|senior|more|who|with|above)|another (?:person|pair|engineer|look|analyst"
    r"|opinion)|"
    r"(?:second|fresh|segunda|different) (?:pair|opinion|opinao|opiniao|look|mirada|eyes|set)|fresh (?:pair"
    r"|eyes|look)|pair of eyes|especialista|specialist|expert\b|experto|senior|alguem (?:com|que|acima|mais|de)"
    r"|alguien (?:con|que|de|mas|por)|mais experien\w+|mas experien\w+|more experience\w*|quem decide"
    r"|quien decid\w+|who decides|with authority|con autoridad|com autoridade|autonomia|outra abordagem"
    r"|otro enfoque|another approach)\b"
)
_CHANGED = re.compile(
    r"\b(?:(?:cenario|escenario|scenario|situac\w+|situation|circumstances|contexto|context|escopo|alcance"
    r"|scope|volume\w*|requisito\w*|requirements?)\b[^.]{0,40}\b(?:mudou|mudaram|cambi\w+|chang\w+|outro|otro"
    r"|different|nao e mais|ya no|no longer|cresc\w+|grew|dobr\w+|doubl\w+|aument\w+)|"
    r"deixou de (?:servir|atender|valer)|dejo de servir|no longer (?:works|fits|applies|holds|valid)"
    r"|ja nao (?:serve|atende|vale)|ya no (?:sirve|aplica|vale)|things have (?:moved|changed)|agora (?:tambem"
    r"|sao)|now (?:also|it's)|mudou depois)\b"
)
_HARM = re.compile(
    r"\b(?:multa\w*|fine[sd]?\b|penalt\w+|penalid\w+|prejuizo\w*|perjuicio\w*|perd(?:endo|iendo|emos|a|as)\b"
    r"|losing|loss(?:es)?|lose\b|cost(?:s|ing)? us|custa\w*|cuesta\w*|risco|riesgo|risk\w*|regulador\w*"
    r"|regulator\w*|auditor\w*|audit\b|procon|ouvidoria|ombudsman|reclamac\w+|reclamos|complain\w*|cancel(?:ar"
    r"|amento|ing|ling)|"
    r"rescind\w+|terminate|advogad\w+|abogad\w+|lawyer|juridico|legal|diretoria|directorio|board|presidencia"
    r"|ceo|imagem|reputa\w+|parad[oa]s?|detenid\w+|halted|stopped|bloquead\w+|blocked|afetad\w+|afectad\w+"
    r"|affected|impact\w*|faturamento|facturacion|revenue|caminha\w+|camiones|trucks?|doca|fila|colas|lojas"
    r"|tiendas|stores|pacientes|patients|clientes?|customers?|sales|vendas|ventas|embarque|shipment)\b"
)
_REASON = re.compile(
    r"\b(?:porque|pq|because|pois|since|por isso|por eso|por lo que|that is why|that's why|so i|therefore"
    r"|motivo|razao|razon|reason|justific\w+|ya que|ja que|uma vez que|dado que|visto que|given that|due to"
    r"|devido|debido|as (?:we|it|the|i)\b|por que|assim|asi que|entao|tendo em vista|considerando)\b"
)
_BARE = re.compile(
    r"^\W*(?:(?:por favor|favor|please|pls|kindly|bom dia|ola|hola|hi|hello|prezados|estimados|gostaria de"
    r"|gostariamos de|quero|queria|queremos|quisiera|solicito|solicitamos|solicitar|peco|pedimos|pido|preciso"
    r"|precisamos|necesito|necesitamos|i want|i need|i'?d like|we need|we'?d like|to|que|de|o|a|el|la|the|my"
    r"|our|meu|nosso|mi|nuestro|este|esse|this|ese|caso|case|ticket|chamado|chat|conversa\w*|"
    r"conversation|atendimento|escal\w+|urgen\w+|urgent\w*|com|con|with|asap|maxima|muito|muy|very|imediat\w+"
    r"|inmediat\w+|immediat\w+|hoje|hoy|today|agora|ahora|now|e|y|and|!|\d+|n|numero|number|id|prioridade"
    r"|prioridad|priority|alta|high|critico|critical|it|is|isso|isto|esto|se|possivel|posible|possible"
    r"|obrigad\w+|gracias|thanks|thank|you)\W*)+$"
)


def find(doc: Doc, _pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """The surest sentence; harm counts where the mail presses for escalation, too."""
    pressing = (
        bool(_ESCALATE.search(doc.folded[:20000]) or _ESCALATE.search(doc.subject_folded))
        or context.kind == "escalation"
        or context.role == "escalate"
    )
    best: tuple[float, str, int, int] | None = None
    for sentence in prose(doc):
        sign = judge(sentence, pressing)
        if sign and (best is None or sign[0] > best[0]):
            best = (sign[0], sign[1], sentence.start, sentence.end)
    if best:
        yield found(doc, FIELD, best[2], best[3], best[1], best[0])


def judge(sentence: Sentence, pressing: bool = True) -> tuple[float, str] | None:
    """(confidence, the sign) when one sentence gives a reason."""
    bare = sentence.bare
    if _BARE.match(bare) or (len(bare) > 3 and bare.rstrip().endswith("?") and not _REASON.search(bare)):
        return None
    odds = sentence.odds(FIELD)
    signs = [
        name
        for name, cue in (
            ("somebody else", _SOMEBODY_ELSE),
            ("no answer", _NO_ANSWER),
            ("expectation not met", _UNMET),
            ("changed", _CHANGED),
            ("time waited", _WAITED),
        )
        if cue.search(bare)
    ]
    if signs and odds > 0.25:
        return max(0.8, odds), signs[0]
    if len(signs) > 1 and pressing:
        return 0.75, signs[0]
    if _ESCALATE.search(bare) and _REASON.search(bare) and odds > 0.2:
        return max(0.75, odds), "reason"
    if pressing and _HARM.search(bare) and odds > 0.35:
        return max(0.65, odds), "harm"
    if odds > 0.5:
        return odds, "classifier"
    return None
