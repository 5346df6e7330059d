"""justification: a reason for escalating. "Please escalate, very urgent" gives none.

Reasons: an expectation not met, no answer or the time waited, disagreement, the wish that somebody else look, a changed
scenario, harm to the business told as the reason. Read only where a case is being escalated or pressed: the finder is
asked for every mail, and the form of an escalation alone makes use of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue, within
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, found, prose

FIELD = "justification"

_ESCALATE = Cue(
    r"\b(?:escal\w+|escalat\w+|supervisor\w*|gerente|gerencia|gestor\w*|gestao|coordena\w+|coordinador\w*"
    r"|manager|management|diretor\w*|director\w*|nivel (?:2|dois|dos|acima|superior|tres)|second line"
    r"|level (?:2|3|two)|"
    r"(?:team|support) lead|lider\w*|subir o caso|elevar)\b"
)
_WAITED = Cue(
    r"\b(?:ha|faz|fazem|hace|llev\w+|already|been|for|after|sao|van|tras|pass\w+)\s+(?:ja |ya |mais de |mas de "
    r"|more than |over |quase |casi |almost |nearly |about |cerca de |uns |unos |se passaram |por "
    r"|(?:\w+\s+){0,2}?)?"
    r"(?:\d+|um|uma|un|una|a|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|quinze|vinte|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|dos|cuatro|siete|ocho|nueve|diez"
    r"|once|doce|quince|veinte|varios|varias|several|many)\s+"
    r"(?:\w+\s+)?(?:dias?|semanas?|days?|weeks?|meses|mes|months?|fortnight|quinzena)\b"
    r"|\b(?:\d+|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|quinze|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|fifteen|dos|cuatro|siete|ocho|nueve|diez|once|doce"
    r"|quince)\s+(?:\w+\s+)?(?:dias?|semanas?|days?|weeks?|meses|months?)\b[^.]{0,40}\b(?:sem|sin|without"
    r"|abert\w+|abiert\w+|open|esperando|waiting|running|seguidos|uteis|habiles|and still|e nada|y nada)\b"
    r"|\b(?:(?:ja )?e a |es la |this is the |it's the |after the )?(?:segunda|terceira|quarta|quinta|second"
    r"|third|fourth|fifth|\d+[aª]|\d+(?:nd|rd|th)|tercera|cuarta|enesima) (?:vez|time|missed)\b|\bdays running"
    r"|dias seguidos|\bsexto dia|casi un mes|quase um mes|almost a month|(?:been|since|for) a fortnight"
    r"|\b(?:explic\w+|pedi\w*|cobr\w+|asked|chased|contact\w+|lig\w+|llam\w+|escrib\w+|escrevi\w*"
    r"|insist\w+)\b[^.;]{0,30}\b(?:varias vezes|varias veces|several times|again|de novo|muchas veces"
    r"|muitas vezes)"
)
_NO_ANSWER = Cue(
    r"\b(?:(?:sem|sin|without|no|nao|not|never|nunca|nenhum\w*|ningun\w*|any|ainda|todavia"
    r"|still)\s+(?:\w+\s+){0,4}?(?:retorno\w*|resposta\w*|respuesta\w*|repl(?:y|ies)|answer(?:s|ed)?|update\w*"
    r"|novidade\w*|novedad\w*|solucao|solucion|solution|prazo|plazo|posic\w+|feedback|word|progress|avanc\w+"
    r"|avance\w*|acompanhamento|seguimiento|contato|contacto|previsao|root cause|causa raiz|resolv\w+"
    r"|resuelv\w+|resolution|atendid\w+)"
    r"|(?:ninguem|nadie|nobody|no one|no-one)\s+(?:\w+\s+){0,5}?(?:respond\w+|contest\w+|retorn\w+|resolv\w+"
    r"|resuelv\w+|answer\w*|repl\w+|came|come|called|lig\w+|llam\w+|da|explic\w+|sabe|knows|assum\w+|cuida"
    r"|atiende|atende|solve\w*|take\w*|picks?)"
    r"|ultima (?:resposta|respuesta)|last (?:reply|answer|response|update)|still (?:waiting|nothing|no )"
    r"|so (?:recebo|recebemos)|solo (?:recibo|recibimos)|only (?:get|receive)|heard nothing|estancad\w+"
    r"|come to a standstill|at a standstill|caso (?:esta )?parado|ticket (?:is )?stuck|stuck (?:with|on) (?:the"
    r"|your|level|first|tier)|sem (?:avanco|evolucao)|nao (?:avanca|anda|evolui)|no avanza|nada (?:avanca"
    r"|avanza|anda)|going nowhere|in circles|sat untouched"
    r"|deram (?:prazo|retorno)|(?:quem|quien) (?:de|da|me de|nos de) (?:prazo|retorno|respuesta|resposta))\b"
)
_UNMET = Cue(
    r"\b(?:(?:nao|no|not|n't|never|nunca)\s+(?:\w+\s+){0,3}?(?:atend\w+ (?:o|a|as|os|nosso\w*|nossa\w*|ao)"
    r"|satisf\w+|cumpri\w+|cumpli\w+|nos sirv\w+|nos serve|aplica a nuestr\w+|se aplica|did the trick|hold"
    r"|solve (?:it|our|the)|resolve[mu]? (?:o|nosso|a))"
    r"|(?:encerr\w+|cerr(?:o|aron|ado)|clos(?:ed|ing)|fech(?:ou|aram|ado))\b[^.;]{0,60}\b(?:chat|caso|case"
    r"|ticket|chamado|conversa\w*|conversation|atendimento|sem|sin|without|resolv\w*|resuelt\w*|aceite|dizendo"
    r"|diciendo|saying|on me|inatividade|inactividad)"
    r"|(?:chat|caso|case|ticket|chamado|conversa\w*|conversation|atendimento)\b[^.;]{0,40}\b(?:encerr\w+"
    r"|cerr(?:o|ado|aron)|was closed|got closed|closed|fechad\w+)"
    r"|promet\w+|promis\w+|(?:combin|acord|agreed|acert|ajust)\w* (?:com|con|with) (?:voces|vcs|ustedes|you"
    r"|vosotros)|nada saiu|nada aconteceu"
    r"|nothing (?:came|happened)|no paso nada|no salio nada|venho reclamar|vengo a reclamar|(?:me|nos|i've been"
    r"|we've been|we were|i was|been) (?:disseram|dijeron|told|dicho)"
    r"|(?:disseram|dijeron|informaram|told (?:us|me)|indicou|indico)\b|ficaram de|quedaron de|contradi\w+"
    r"|contradic\w+"
    r"|(?:nao|no|not|don't|do not)\s+(?:\w+\s+){0,2}?(?:concord\w+|agree\w*|acuerdo|aceit\w+|acept\w+|accept\w*"
    r"|coincid\w+)|discord\w+|disagree\w*|insatisf\w+|unhappy|unsatisf\w+|dissatisf\w+|descontent\w+"
    r"|frustrat\w*|inaceit\w+|inacept\w+|unacceptable|inadmiss?i\w+|descaso|falta de respe\w+|had enough"
    r"|cansad\w+|harto|hartos"
    r"|expectativa\w*|expectations?\b|prazo (?:venc|estour|passou|nao)|missed deadline|\bsla\b|reaberto"
    r"|reopened|reabr\w+|recorrente|recurrente|recurring|same (?:answer|questions)|mesm[ao]s? (?:resposta"
    r"|perguntas)|misma[s]? (?:respuesta|preguntas)|lo mismo a|asi no se puede|assim nao da|can't go on like"
    r"|nao da mais|no da mas|nao podemos mais|no podemos esperar|can't wait any)\b"
)
_SOMEBODY_ELSE = Cue(
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
_CHANGED = Cue(
    r"\b(?:(?:cenario|escenario|scenario|situac\w+|situation|circumstances|contexto|context|escopo|alcance"
    r"|scope|volume\w*|requisito\w*|requirements?)\b[^.]{0,40}\b(?:mudou|mudaram|cambi\w+|chang\w+|outro|otro"
    r"|different|nao e mais|ya no|no longer|cresc\w+|grew|dobr\w+|doubl\w+|aument\w+)|"
    r"deixou de (?:servir|atender|valer)|dejo de servir|no longer (?:works|fits|applies|holds|valid)"
    r"|ja nao (?:serve|atende|vale)|ya no (?:sirve|aplica|vale)|things have (?:moved|changed)|agora (?:tambem"
    r"|sao)|now (?:also|it's)|mudou depois)\b"
)
_HANDLED = Cue(
    r"\b(?:(?:explain\w*|expliquei|explicamos|explique|told|contei|conte|repet\w+"
    r"|repeat\w*)\b[^.;]{0,40}\b(?:people|pessoas|personas|times|vezes|veces|again|de novo|de nuevo|everyone"
    r"|analistas?|agents?)"
    r"|(?:\w+ )?(?:people|pessoas|personas|analistas|agents|engineers|atendentes|agentes"
    r"|ingenieros)\b[^.;]{0,50}\b(?:each|cada (?:um|uno)|different\w*|diferente\w*|distint\w+|something else"
    r"|otra cosa|outra coisa)"
    r"|copy[- ]?(?:and[- ])?paste|copia e cola|copia y pega|respostas? padrao|respuestas? (?:de machote"
    r"|estandar|automatic\w+)|canned|boilerplate|scripted"
    r"|(?:diagn[oó]s\w+|conclus\w+|dictamen|parecer|analise|analisis|assessment|recomendac\w+|recommendation"
    r"|orientac\w+|indicac\w+|sugest\w+|suggestion|fix|patch|parche|paliativ\w+|workaround|solucao"
    r"|solucion)\b[^.;]{0,45}\b(?:errad\w+|equivocad\w+|wrong|incorrect\w*|nao|no|not|n't|contradi\w+|falh\w+"
    r"|fail\w*|insuficien\w+|doesn't|isn't|wasn't|didn't)"
    r"|no further (?:on|forward|ahead)|no mesmo lugar|en el mismo lugar|mesma situacao|same place|square one"
    r"|estaca zero|fojas cero|gone quiet|radio silence|sumiu o|desapareci[oó] (?:el|la)|pass(?:ed"
    r"|ing) (?:around|from)|jogo de empurra|nos pasan de|de um (?:para|pro) outro|de uno a otro"
    r"|gravidade|gravedad|severity|subestim\w+|underestimat\w+)\b"
)
_GRAVE = Cue(
    r"\b(?:multa\w*|fined\b|fine us|penalt\w+|penalid\w+|sanc(?:ao|ion)\w*|prejuizo\w*|perjuicio\w*|(?:perdendo"
    r"|perdemos|perdiendo|perdemos|losing|lose|loss of)\s+(?:\w+\s+){0,3}(?:dinheiro|plata|dinero|money|vendas?"
    r"|ventas?|sales|business|negocio\w*|clientes?|customers?|clients?|\d|r\$|us\$|receita|revenue|contratos?"
    r"|contracts?)|"
    r"cost(?:s|ing)? us|regulador\w*|regulator\w*|auditor\w*|ouvidoria|ombudsman|procon|ameac\w+|amenaz\w+"
    r"|threat\w+|rescind\w+|rescis\w+|advogad\w+|abogad\w+|lawyer\w*|diretoria|board of|ceo\b|reputa\w+"
    r"|imagem da empresa)\b"
)
_HARM = Cue(
    r"\b(?:multa\w*|fine[sd]?\b|penalt\w+|penalid\w+|prejuizo\w*|perjuicio\w*|perd(?:endo|iendo|emos|a|as)\b"
    r"|losing|loss(?:es)?|lose\b|cost(?:s|ing)? us|custa\w*|cuesta\w*|risco|riesgo|risk\w*|regulador\w*"
    r"|regulator\w*|auditor\w*|audit\b|procon|ouvidoria|ombudsman|reclamac\w+|reclamos|complain\w*|cancel(?:ar"
    r"|amento|ing|ling)|"
    r"rescind\w+|terminate|advogad\w+|abogad\w+|lawyer|juridico|legal|diretoria|directorio|board|presidencia"
    r"|ceo|imagem|reputa\w+|parad[oa]s?|detenid\w+|halted|stopped|bloquead\w+|blocked|afetad\w+|afectad\w+"
    r"|affected|impact\w*|faturamento|facturacion|revenue|caminha\w+|camiones|trucks?|doca|fila|colas|lojas"
    r"|tiendas|stores|pacientes|patients|clientes?|customers?|sales|vendas|ventas|embarque|shipment)\b"
)
_REASON = Cue(
    r"\b(?:porque|pq|because|pois|since|por isso|por eso|por lo que|that is why|that's why|so i|therefore"
    r"|motivo|razao|razon|reason|justific\w+|ya que|ja que|uma vez que|dado que|visto que|given that|due to"
    r"|devido|debido|as (?:we|it|the|i)\b|por que|assim|asi que|entao|tendo em vista|considerando)\b"
)
# Whole words, taken once and for all (atomic and possessive): in any other way it is exponential in a row of digits.
_BARE = re.compile(
    r"^\W*+(?:(?>(?:por favor|favor|please|pls|kindly|bom dia|ola|hola|hi|hello|prezados|estimados|gostaria de"
    r"|gostariamos de|quero|queria|queremos|quisiera|solicito|solicitamos|solicitar|peco|pedimos|pido|preciso"
    r"|precisamos|necesito|necesitamos|i want|i need|i'?d like|we need|we'?d like|to|que|de|o|a|el|la|the|my"
    r"|our|meu|nosso|mi|nuestro|este|esse|this|ese|caso|case|ticket|chamado|chat|conversa\w*|"
    r"conversation|atendimento|escal\w+|urgen\w+|urgent\w*|com|con|with|asap|maxima|muito|muy|very|imediat\w+"
    r"|inmediat\w+|immediat\w+|hoje|hoy|today|agora|ahora|now|e|y|and|\d+|n|numero|number|id|prioridade"
    r"|prioridad|priority|alta|high|critico|critical|it|is|isso|isto|esto|se|possivel|posible|possible"
    r"|obrigad\w+|gracias|thanks|thank|you)(?!\w))\W*+)++$"
)


SIGNS = (
    ("somebody else", _SOMEBODY_ELSE),
    ("no answer", _NO_ANSWER),
    ("expectation not met", _UNMET),
    ("how it was handled", _HANDLED),
    ("changed", _CHANGED),
    ("time waited", _WAITED),
)


def find(doc: Doc, _pack: RulePack, context: Context) -> Iterator[Found | Rejected]:
    """The surest sentence; harm counts where the mail presses for escalation, too."""
    pressing = (
        bool(_ESCALATE.search(within(doc.folded, 20_000)) or _ESCALATE.search(doc.subject_folded))
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
    pressed = pressing and (odds > 0.08 or not _is_the_fault(sentence))
    if pressed or odds > 0.25:
        sign = next((name for name, cue in SIGNS if cue.search(bare)), None)
        if sign:
            return max(0.75 if pressed else 0.7, odds), sign
    if _ESCALATE.search(bare) and _REASON.search(bare) and not _BARE.match(bare) and odds > 0.05:
        return max(0.7, odds), "reason"
    if pressing and _GRAVE.search(bare):
        return max(0.7, odds), "harm"
    if pressing and _HARM.search(bare) and odds > (0.2 if _REASON.search(bare) else 0.35):
        return max(0.65, odds), "harm"
    if odds > (0.5 if pressing else 0.6) and sentence.odds("escalation_wish") < 0.85:
        return odds, "classifier"
    return None


def _is_the_fault(sentence: Sentence) -> bool:
    """Whether a sentence tells the fault itself rather than how it was dealt with."""
    return sentence.rival(("expected_vs_actual", "error_message", "outage_partial", "prior_analysis")) > 0.5
