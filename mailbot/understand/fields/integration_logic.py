"""integration_logic: what the integration does and what they want to achieve. "A simple integration" tells neither.

Signs: data that are taken somewhere, perhaps changed, and brought elsewhere, in one sentence or two; a goal with such a
doing. A bare "how do I…" about a component is a question, not the logic behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, found, pairs, prose

FIELD = "integration_logic"

_TAKE = Cue(
    r"\b(?:l[eê]r?|leem|lee[nr]?|leemos|lemos|reads?|reading|peg(?:a|ar|amos|am)|busc(?:a|ar|amos|am|an)"
    r"|fetch\w*|pick(?:s|ing)?(?: up)?|pull(?:s|ing)?|receb(?:e|er|emos|em)|recib(?:e|ir|imos|en)|receive(?:s)?"
    r"|receiving|"
    r"consom(?:e|em)|consumi(?:r|mos)|consum(?:e|es|en|ing)|escut(?:a|ar)|listen(?:s|ing)?|escucha[rn]?"
    r"|varre[r]?|scan(?:s)?|captur(?:a|ar|e|es)|extra(?:i|ir|e|er|emos)|extract(?:s|ing)?|colet(?:a|ar|amos)"
    r"|collect(?:s|ing)?|"
    r"tom(?:a|ar|amos|an)|tra(?:z|zer|e|er|emos|zemos)|jal(?:a|ar|amos)|consult(?:a|ar|amos|am|an)|quer(?:y"
    r"|ies)|poll(?:s|ing)?|get(?:s|ting)?|take(?:s|n)?|taking|comes? in|com(?:es|ing) from|vem d[aeo]"
    r"|viene[n]? d|chega[m]?|llega[n]?|entra[m]?|entra[n]?|arrives?|puxa(?:r|mos)?|download(?:s)?|baixa[rm]?"
    r"|descarga[rn]?|import(?:a|ar|amos|s|ing)?)\b"
)
_BRING = Cue(
    r"\b(?:(?:come|comes|go|goes|land|lands|flow|end up|put|puts|jog(?:a|ar|amos)|cair|caia|parar|vaya|va|ir|ficar?"
    r"|quedar"
    r"|leav\w+) (?:into|in|to|on|onto|no|na|en|em|ao|pr[oa]|para|a|al)\b|(?:actualic|publiqu|registr|sincronic"
    r"|notifiqu|avis|grav|mand|envi|entregu|ger|dispar|atualiz|chegu"
    r"|llegu|qued|fiqu)e[mn]?\b|grav(?:a|ar|amos|am)|mand(?:a|ar|amos|am|an|e)|envi(?:a|ar|amos|am|an|e)"
    r"|send(?:s|ing)?|post(?:s|ing"
    r"|a|ar)?|push(?:es|ing)?|public(?:a|ar|amos|an)|publish(?:es|ing)?|writ(?:e|es|ing)|inser(?:e|ir|t|ts|ta"
    r"|tar|imos)|"
    r"atualiz(?:a|ar|amos|am|e)|actualiz(?:a|ar|amos|an|e)|updat(?:e|es|ing)|devolv(?:e|er|emos|em)|devuelv(?:e"
    r"|en)|return(?:s|ing)?|respond(?:e|er|emos)|entreg(?:a|ar|amos)|deliver(?:s|ing)?|sob(?:e|em)|sub(?:e|ir"
    r"|imos|en)|upload(?:s|ing)?|"
    r"guard(?:a|ar|amos)|registr(?:a|ar|amos)|register(?:s)?|stor(?:e|es|ing)|creat(?:e|es|ed|ing)|cri(?:a|ar"
    r"|amos|e|em)|crea(?:r|mos|n)?|cadastr(?:a|ar|amos)|sincroniz(?:a|ar|amos)|sync(?:s|hroni[sz]\w+)?|avis(?:a"
    r"|ar|amos|e)|notif(?:ica|icar|y|ies)|"
    r"alert(?:a|ar|e|s)?|raise(?:s)?|lan[cç](?:a|ar|amos)|book(?:s|ing)?|integr(?:a|ar|amos)|aliment(?:a|ar)"
    r"|feed(?:s|ing)?|ger(?:a|ar|amos)|gener(?:a|ar|amos|ate|ates)|pass(?:a|ar|amos|es|ing)|pas(?:a|ar|amos)\b"
    r"|repass(?:a|ar)|distribu\w+|"
    r"carreg(?:a|ar|amos)|carg(?:a|ar|amos)\b|load(?:s|ing)?|drop(?:s|ping)?|hand(?:s|ing)? (?:it|them|off|back"
    r"|over)|reach(?:es)?|dar? baixa|da(?:r)? de alta|abr(?:ir|e) (?:um |un )?(?:chamado|ticket)|keep(?:s)?"
    r"|mov(?:e|er|es|ing)|mueve|tir(?:a|ar)|merge(?:s)?|junt(?:a|ar|amos)|consolid\w+|unific\w+|agrup(?:a|ar"
    r"|amos)|group(?:s|ing)?|"
    r"convert(?:e|er|s|ir|ing)|conviert\w+|transform\w+|enriqu?[ce]\w+|enrich(?:es|ing)?|valid(?:a|ar|ate|ates)"
    r"|calcul(?:a|ar|ate|ates)|compar(?:a|ar|e|es|amos)|filtr(?:a|ar)|filter(?:s)?|map(?:s|ear|eia|ea)?"
    r"|reserv(?:a|ar|e|es)|split(?:s|ting)?|divid(?:e|ir)|expor|exponer|expose(?:s)?|remember(?:s)?|export(?:a"
    r"|ar|s)?)\b"
)
_PLACE = Cue(
    r"\b(?:drive|sharepoint|onedrive|notion|trello|zendesk|mailchimp|rates|precios|precos|prices|canal|channel"
    r"|fluxos?|flujos?"
    r"|whats|hospital|operadora|historico|tabela|tabla|table|erp|crm|sap|oracle|totvs|protheus|s?ftp|kafka|rabbitmq"
    r"|mq|filas?|colas?|queues?|apis?|bancos?"
    r"|bases? de dados|bases? de datos|databases?|db|postgres\w*|mysql|sql ?server|mongo\w*|planilhas?"
    r"|planillas?|spreadsheets?|excel|csv|xml|json|edi|cnab|webhooks?|"
    r"salesforce|hubspot|vtex|shopify|magento|netsuite|dynamics|stripe|s3|bucket|portal|sites?|loja|tienda"
    r"|store|app|aplicativo|sistemas?|systems?|wms|tms|bi|data ?warehouse|core|gateway|bureau|buro|marketplace"
    r"|transportadora|carrier|fornecedor|proveedor|"
    r"supplier|sensor\w*|folha|nomina|payroll|rh|rrhh|hr|servicenow|jira|teams|whatsapp|slack|e-?mails?"
    r"|correos?|sms|pastas?|carpetas?|folders?|diretorio|arquivos?|archivos?|files?|pedidos?|orders?|notas?"
    r"|facturas?|invoices?|clientes?|customers?|leads?|registros?|records?|"
    r"pagos?|pagamentos?|payments?|boletos?|produtos?|productos?|products?|estoque|stock|atenciones|laudos?"
    r"|exames?|matr[ií]cula\w*|alunos?|alumnos?|mensagens|mensajes|messages?|eventos?|events?|paginas?|pages?"
    r"|lista|list|dados|datos|data|readings?|leituras?|meters?|quotes?|cotac\w+|request|repair|retornos?"
    r"|batidas?|endpoint|topico?|topic)\b"
)
_GOAL = Cue(
    r"\b(?:queremos|quero|queria\w*|quiero|quisiera\w*|quisieramos|precis[ao]\w*|necesit\w+|need(?:s)? to"
    r"|want(?:s)? to|we'?d like|i'?d like|trying to|goal|aim|purpose|idea|ideia|objetivo|objective|finalidade?"
    r"|finalidad|intencao|intencion|intuito|pretend\w+|"
    r"o que (?:a gente|eu|nos)? ?(?:quer|queremos|quero|busc\w+|preciso)|lo que (?:quiero|queremos|busc\w+"
    r"|necesit\w+)|what (?:i'?m|we'?re|i|we) (?:after|want|need|trying)|tem que|tiene que|has to|have to|must"
    r"|should|deve|debe|serve para|sirve para)\b"
)
_HOW = re.compile(
    r"^\W*(?:\w+[,:]?\s+){0,4}?(?:como|how|qual|which|what|que|cual|con que|com que|onde|where|donde|da pra"
    r"|da para|tem como|is there|is it|can i|can one|could i|existe|e possivel|es posible|se puede|hay)\b"
)
_WISHES_THAT = Cue(  # "queria que o fluxo gravasse …", "we want the flow to …"
    r"\b(?:quer\w+|gostaria\w*|precis\w+|quisier\w+|quier\w+|necesit\w+|desej\w+|me gustaria|a ideia e"
    r"|la idea es) (?:q|que)\b"
    r"[^?]{0,120}\b(?:\w{2,}(?:asse|esse|isse|assem|essem|issem|ara|aran|iera|ieran)|fosse|fossem|fuera|fueran)\b"
    r"|\b(?:want|need|like|have|get|make)s? (?:the|our|this|that|it|my) ?(?:flow|pipeline|integration|process)? to\b"
)
_WHEN = re.compile(
    r"^\W*(?:\w+[,:]? ){0,4}?(?:quando|when|cuando|whenever|toda vez que|cada vez que|assim que|as soon as"
    r"|en cuanto|every|each"
    r"|cada|a cada|toda noite|todo dia|todos los dias|once an?)\b"
)
_FAILS = Cue(
    r"\b(?:falha\w*|falla\w*|fail\w*|erro|error|parou|caiu|cayo|down|quebr\w+|nao (?:chega|grava|funciona)"
    r"|no (?:llega|funciona))\b"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The surest sentence, else two neighbours that together bring data from one place to another."""
    best: tuple[float, str, int, int] | None = None
    for sentence in prose(doc):
        sign = judge(sentence)
        if sign and (best is None or sign[0] > best[0]):
            best = (sign[0], sign[1], sentence.start, sentence.end)
    if best is None:
        for one, other in pairs(doc):
            if one.bare.rstrip().endswith("?") or other.bare.rstrip().endswith("?"):
                continue
            odds = max(one.odds(FIELD), other.odds(FIELD))
            if moves(one.bare + " " + other.bare) and odds > 0.1 and not _FAILS.search(one.bare + other.bare):
                best = (0.65, "two sentences", one.start, other.end)
                break
    if best:
        yield found(doc, FIELD, best[2], best[3], best[1], best[0])


def moves(bare: str) -> bool:
    """Data are taken and brought, and things or places are named."""
    return bool(_TAKE.search(bare) and _BRING.search(bare) and len(set(_PLACE.findall(bare))) >= 2)


def judge(sentence: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when one sentence tells what the integration does or is to do."""
    bare, odds = sentence.bare, sentence.odds(FIELD)
    places = len(set(_PLACE.findall(bare)))
    asks = bare.rstrip().endswith("?")
    if asks and (_HOW.match(bare) and odds < 0.8):
        return None
    if _FAILS.search(bare) and odds < 0.7:
        return None
    if moves(bare) and odds > (0.35 if asks else 0.03):
        return max(0.75, odds), "takes and brings"
    if (
        _GOAL.search(bare)
        and _BRING.search(bare)
        and len(set(_PLACE.findall(bare))) >= 2
        and odds > (0.4 if asks else 0.03)
    ):
        return max(0.7, odds), "goal"
    if _GOAL.search(bare) and _BRING.search(bare) and _PLACE.search(bare) and odds > (0.6 if asks else 0.25):
        return max(0.7, odds), "goal"
    if _WISHES_THAT.search(bare) and odds > (0.2 if asks else 0.03):
        return max(0.7, odds), "wish"
    if _WHEN.search(bare) and places >= 2 and (_GOAL.search(bare) or _BRING.search(bare)) and not asks:
        return max(0.65, odds), "when, then"
    if len({match[0] for match in _BRING.finditer(bare)}) >= 2 and len(set(_PLACE.findall(bare))) >= 2 and not asks:
        return max(0.6, odds), "doings"
    if odds > (0.8 if asks else 0.35 if len(set(_PLACE.findall(bare))) >= 2 else 0.6):
        return odds, "classifier"
    return None
