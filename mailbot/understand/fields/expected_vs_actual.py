"""expected_vs_actual: what should have happened can be told from what did happen.

A named wrong outcome is enough ("the orders do not reach the ERP", "it doubled every invoice"); "it stopped", "it gives
an error" or a trace is none. Signs: a wording of what should be beside what is; an outcome that is missing, doubled,
empty, late or other than it should be; what the classifier holds to be one, alone or with the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, surest

FIELD = "expected_vs_actual"
RIVALS = (
    "prior_analysis",
    "integration_logic",
    "feature_wish",
    "how_to_question",
    "justification",
    "no_workaround",
    "workaround_exists",
    "authentication_problem",
    "contract_question",
    "escalation_wish",
)  # what a sentence may be instead: the likelier one has it

CLEAR = ("feature_wish", "how_to_question", "contract_question", "justification")

_SHOULD = Cue(
    r"\b(?:deveria\w*|devia\w*|debia\w*|deberia\w*|debio|tendria\w*|tenia (?:que|de)|tinha (?:que|de)"
    r"|teria\w* (?:que|de)|"
    r"era (?:p(?:a?ra|ro?)|para)\b|eram (?:pra|para)|should(?:n't)?|supposed to|meant to|ought to|expected"
    r"|expect(?:ing|s)?|we expect|"
    r"esperad[oa]s?|esperav\w+|esperab\w+|o (?:normal|certo|correto) (?:e|era|seria)|lo (?:normal"
    r"|correcto) (?:es|era|seria)|"
    r"normally|usually|normalmente|it used to|used to|costumava|solia\w*|sempre (?:veio|foi|chegou|levou)"
    r"|siempre (?:vino|fue|llego|tardo)|"
    r"antes (?:levava|vinha|chegava|tardaba|venia|llegaba|demorava|ia|iba|era|caia)|hasta ayer|ate ontem"
    r"|until (?:yesterday|last))\b"
)
_WISH = Cue(
    r"\b(?:deveria(?:mos|m)? (?:ter|haver) (?:um|uma|mais)|should (?:i|we|you)\b|debo\b|devo\b|should work"
    r"|deveria funcionar|deberia funcionar|"
    r"expect(?:ing)? (?:a |your |to hear|an )|esperamos (?:su|sua|o retorno|retorno|respuesta)|as expected"
    r"|como (?:esperado|combinado)|conforme esperado)"
)
_CONTRAST = re.compile(
    r"\b(?:mas|porem|so que|e (?:esta|veio|vieram|foi|foram|ficou|ficaram|nao|parou|gravou|chegou|saiu|sairam"
    r"|nenhum)|but|however|instead|while|yet|"
    r"pero|sin embargo|solo que|y (?:no|esta|vino|quedo|se|llego|llegan|salio|ninguno)|and (?:it|they|we|none"
    r"|nothing|only|now|instead)|"
    r"em vez|en vez|ao inves|en lugar|rather than|quando|cuando|when|nao|no|not|n't|nenhum\w*|ningun\w*|none"
    r"|nothing|nada|so|solo|only|"
    r"enquanto|mientras|sendo que|siendo que|a pesar|apesar|although|aunque|though|vazi\w|vaci\w|empty|zero"
    r"|cero|hoje|hoy|now|agora|ahora)\b|[;:]|"
    r"\d.*\d"
)
_INSTEAD = Cue(
    r"\b(?:em vez d|en vez d|ao inves d|en lugar d|em lugar d|instead(?: of)?\b|rather than\b"
    r"|e nao\b.{0,30}como deveria|y no\b.{0,30}como deberia)"
)

_ARRIVE = (
    r"cheg\w+|lleg\w+|arriv\w+|reach\w*|land(?:s|ed|ing)?|entr(?:a|am|ou|aram|an|o|aron|ando)|aparec\w+"
    r"|appear\w*|show(?:s|ing|n)? up|show(?:s|ing|n)?|"
    r"sai|saem|saiu|sairam|saindo|sale|salen|salio|salieron|saliendo|sobe|subiu|subindo|sube|suben|subio"
    r"|subiendo|cai|caem|caiu|caindo|cae|caen|"
    r"grav\w+|guard\w+|grab\w+|sav(?:e|es|ed|ing)|ger(?:a|am|ou|ado\w*|ando)|gener(?:a|an|o|aron|ado\w*|ando"
    r"|ates?|ated)|cri(?:a|am|ou|ando|ado\w*)|"
    r"crea(?:n|ron|do|te[sd]?)?|cre(?:o|an)|created?|emit\w+|envi(?:a|am|an|ou|o|aron|ado\w*|ando)|sent|sends?"
    r"|mand(?:a|am|an|ou|o|ando)|"
    r"receb\w+|recib\w+|receiv\w+|get(?:s|ting)?|got|atualiz\w+|actualiz\w+|updat\w+|integr(?:a|am|an|ou|o|ando"
    r"|ado\w*|aron)|process(?:a|am|an|ou|o|ando|es|ed|ado\w*)|"
    r"sincroniz\w+|sync\w*|import\w+|export\w+|carg\w+|carreg\w+|load(?:s|ed|ing)?|baix(?:a|am|ou|ando)"
    r"|dispar\w+|trigger\w*|"
    r"retorn\w+|return(?:s|ed|ing)?|devolv\w+|devuelv\w+|vem|veio|vieram|vindo|viene|vienen|vino|vinieron"
    r"|come[s]?|came|public\w+|publish\w*|"
    r"calcul\w+|appl(?:y|ies|ied)|aplic\w+|reflet\w+|reflej\w+|reflect\w*|mov\w+|mueve\w*|imprim\w+|print(?:s"
    r"|ed|ing)?|pass(?:es|ed)? (?:on|to|from|do|de)|"
    r"deliver\w*|entreg\w+|writ(?:e|es|ten|ing)|wrote|written|post(?:s|ed|ing)?|consum\w+|pick(?:s|ed|ing)?"
    r"|l[ee]\b|read|bat(?:e|em)|cuadra\w*|match\w*|"
    r"fech(?:a|am|ou)|cierra\w*|nasce\w*|dar baixa|inser\w+|regist\w+|execut\w+|ejecut\w+|runs?|rod(?:a|am|ou)"
    r"|corre\w*|conclui\w*|timbr\w+|factur\w+|fatur\w+|apont\w+|"
    r"deduct\w*|debit\w+|credit\w+|abon\w+|cobr\w+|charg\w+|transmit\w+|anex\w+|attach\w*|preench\w+|fill\w*"
    r"|populat\w*|muestr\w+|mostr\w+|exib\w+|sum\w+|loads?|lists?"
)
_NOT_HAPPENING = Cue(
    r"\b(?:nao|no|not|never|nunca|n't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|hasn't|haven't|nenhum\w*"
    r"|ningun\w*|none|nothing|nobody|ninguem|nadie|nada|nem|"
    r"ni|neither|without|sem|sin|stopped|stops|parou de|pararam de|deixou de|deixaram de|dejo de|dejaron de"
    r"|dej[oa]\w* de|fail(?:s|ed|ing)? to|only|so|solo|apenas|just)\s+"
    r"(?:(?:mais|more|se|os|as|lo|la|los|las|le|les|me|nos|ha|han|has|have|had|been|being|it|is|was|are|esta"
    r"|estao|estan|estava|foi|foram|fue|fueron|the|"
    r"todos?|all|every|ever|even|of|them|our|o|a|el|um|uma|un|una|any|vai|vao|va|van|actually|got|get|a\w*|de"
    r"|do|da|the|em|chegou a|\w+|\w+ \w+)\s+){0,3}(?:" + _ARRIVE + r")\b"
)
_WRONG = Cue(
    r"\b(?:duplic\w+|dobr(?:a|ou|ando|ad\w+)|doubl(?:e|es|ed|ing)|twice|two times|three times|dos veces"
    r"|duas vezes|tres (?:veces|vezes)|triplic\w+|em dobro|por duplicado|"
    r"(?:com|con|with|sem|sin|without|a|an) (?:the |o |a |el |la |su |seu |os |las? |um "
    r"|una? )?(?:\w+ )?(?:valor\w*|value\w*|data\w*|date\w*|fecha\w*|status|preco\w*|price\w*|"
    r"precio\w*|peso\w*|weight\w*|total\w*|amount\w*|monto\w*|saldo\w*|cpf|pdf|xml|imposto\w*|impuesto\w*|tax"
    r"|item\w*|itens|nome\w*|nombre\w*|quant\w+|cant\w+|hora\w*|time)\b|"
    r"errad[oa]s?|wrong(?:ly)?|equivocad[oa]s?|incorret\w+|incorrect\w*|trocad[oa]s?|invertid[oa]s?|swapped"
    r"|cambiad[oa]s?|"
    r"vazi[oa]s?|vaci[oa]s?|empty|em branco|en blanco|blank|zerad[oa]s?|em zero|en cero|zeros?|cero|nul[oa]s?|null|"
    r"falta(?:m|n|ndo|ram|ron)?|missing|faltante\w*|skip(?:s|ped|ping)?|drop(?:s|ped|ping)|pul(?:a|ando|ou)"
    r"|salta(?:ndo|n)?|omit\w+|ignor(?:ed|a|ad[oa]s?|ou|o|ando|an|am)|"
    r"some|sumiu|sumiram|sumindo|desaparec\w+|disappear\w*|vanish\w*|perd(?:e|em|eu|endo|idos?|idas?|en|io"
    r"|iendo)|los(?:es|t|ing)|"
    r"atrasad[oa]s?|late|desatualizad\w+|desactualizad\w+|outdated|stale|yesterday's|"
    r"multiplicad\w+|multiplied|truncad\w+|truncated|cortad[oa]s?|cut off|divergente\w*|diferente\w*|different"
    r"|distint[oa]s?|"
    r"(?:outr[oa]|otr[oa]|another|someone else's|other) (?:pessoa|persona|person|cliente|customer|paciente"
    r"|patient|conta|cuenta|account|filial|depot|depo\w*)|"
    r"rejeitad[oa]s?|rechazad[oa]s?|rejected|rejects|rejeitando|rechazando|rejecting|pres[oa]s?|trabad[oa]s|stuck in|"
    r"lent[oa]s?|lentid\w+|slow\w*|demor\w+|tard(?:a|an|ando|o|aron)|crawl\w*|levando|takes?|taking|hours instead)\b"
)
_THING = Cue(
    r"\b(?:pedidos?|orders?|orden(?:es)?|ordens|notas?|nf-?es?|nfs|faturas?|facturas?|invoices?|boletos?"
    r"|clientes?|customers?|registros?|records?|leads?|contatos?|"
    r"contactos?|contacts?|pagamentos?|pagos?|payments?|arquivos?|archivos?|files?|titulos?|produtos?"
    r"|productos?|products?|items?|itens|linhas?|lineas?|rows?|lines?|"
    r"dados|datos|data|mensage(?:m|ns)|mensajes?|messages?|recibos?|receipts?|cobrancas?|cobros?|guias?|laudos?"
    r"|saldos?|balances?|estoques?|stock|inventar\w+|valor(?:es)?|"
    r"values?|amounts?|montos?|precos?|precios?|prices?|campos?|fields?|e-?mails?|correos?|usuarios?|users?"
    r"|alunos?|alumnos?|students?|pacientes?|patients?|"
    r"relatorios?|reportes?|reports?|cadastros?|apontamentos?|entregas?|deliver\w+|shipments?|envios?|remessas?"
    r"|remesas?|transac\w+|transaction\w*|vendas?|ventas?|sales?|"
    r"tickets?|chamados|ordenes|turnos?|citas?|agendamentos?|appointments?|bookings?|reservas?|documentos?"
    r"|documents?|xmls?|csvs?|pdfs?|labels?|etiquetas?|movimientos?|"
    r"movimentos?|asientos?|lancamentos?|entries|entry|comiss\w+|comisiones|commissions?|folha|nomina|payroll"
    r"|sinistros?|claims?|polizas?|apolices?|policies|policy|"
    r"contratos?|contracts?|devoluc\w+|returns|refunds?|estornos?|reembols\w+|tarefas?|tareas?|tasks?|status"
    r"|lotes?|batch(?:es)?|cargas?|sms|notifica\w+|alert\w*|"
    r"cotac\w+|cotizac\w+|quotes?|veh\w+|motoristas?|drivers?|lojas?|tiendas?|stores?|filiais|sucursales"
    r"|branches|matricul\w+|enrol\w+|pontos?|puntos?|points|feeds?|"
    r"medic\w+|leitur\w+|lectur\w+|readings?|meters?|fretes?|fletes?|freight|rotas?|rutas?|routes?|vagas?"
    r"|batidas?|marcac\w+|punches|horas|horarios?|conta(?:s)?|cuentas?|accounts?|fotos?|photos?|imagens"
    r"|imagenes|images|anexos?|adjuntos?|attachments?|resultados?|results?|exames?|examenes|exams?"
    r"|certificad\w+ de|conciliac\w+|baixas?|timbr\w+|cfdis?|cartoes|tarjetas?|cards?|manifest\w*|custom\w*"
    r"|pesos?|weights?|listas?|lists?|planilhas?|planillas?|spreadsheets?|tabelas?|tablas?|tables?|fila|cola"
    r"|queue|topics?|portal|erp|crm|sap|wms|tms)\b"
)
_NOUN = Cue(
    r"\b(?:os|as|los|las|the|our|my|noss\w+|nuestr\w+|un[ao]s|todos|todas|all|cada|each|every|half|metade|mitad"
    r"|d[oa]s?|del"
    r"|pr[oa]s?|al|la|el)\s+(?!que\b|what\b|same\b)[a-z]{4,}"
)
_STOPPED = Cue(  # "it stopped running" names no outcome
    r"\b(?:stopped|stops|quit|par\w+ de|deix\w+ de|dej\w+ de|ceased) (?:execut|ejecut|run|rod|corr|funcion|work"
    r"|respond)\w*"
)
_UNIT = r"(?:s|seg\w*|sec\w*|m|min\w*|h|hs|hrs?|hora\w*|hour\w*|dias?|days?|ms)\b"
_SMALL = (
    r"(?:\d[\d.,]*|an?|um|uma|un|una|half an?|meia|media|dois|duas|dos|tres|two|three|four|five|ten|cinco|dez|diez"
    r"|meio)"
)
_BEFORE = (
    r"(?:antes|before|normal\w*|usual\w*|habitual\w*|contra|vs|versus|against|de siempre|de sempre|used to|up from"
    r"|eran|eram"
    r"|era|em vez|en vez|instead|em lugar|took|levava\w*|tardaba\w*|demoraba\w*|demorava\w*|costum\w+|solia\w*"
    r"|sempre foi)"
)
_SLOWER = Cue(  # "leva meia hora, antes eram 3 minutos", "a job of minutes takes an hour now"
    rf"\b{_SMALL} ?{_UNIT}[^.;]{{0,50}}\b{_BEFORE}\b[^.;]{{0,30}}\b{_SMALL}\b"
    rf"|\b{_BEFORE}\b[^.;]{{0,40}}\b{_SMALL} ?{_UNIT}[^;]{{0,60}}\b(?:now|agora|ahora|hoje|hoy|today|desde|since"
    rf"|passou|paso"
    rf"|tem|esta\w*)\b[^.;]{{0,50}}\b(?:{_SMALL}|\w+) ?{_UNIT}"
)
_NUMBER = r"(?:\d[\d.,]*(?: ?(?:k|mil|mill?\w*|thousand))?)"
_SOME = rf"(?:{_NUMBER}|half|metade|la mitad|algun[ao]s|algum[ao]s|some|um terco|un tercio|a third)"
_FEWER = Cue(  # "2 de 940 medições", "of 95 only 60 are there", "9 mil cartas, saíram 400"
    rf"\b(?:{_NUMBER}|nenhum\w*|ningun\w*|none|half|metade|mitad) (?:d[aeo]s?|de l[ao]s|of|out of|of the|of our)"
    rf" (?:l[ao]s |the |our |uns |umas |unos )?{_NUMBER}\b(?! (?:de )?(?:janeiro|fevereiro|marco|abril|maio|junho|julho"
    r"|agosto|setembro|outubro|novembro|dezembro|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre"
    r"|diciembre|tiendas|lojas|stores))"
    rf"|\b(?:de|of|dos|das|from) (?:l[ao]s |the |our )?{_NUMBER}[^.;]{{0,40}}\b(?:so|solo|apenas|unicamente|only|just"
    rf"|somente|solamente|consta[mn]?|figura[mn]?|pasaron|passaram|foram|fueron|were|are there|chegaram|llegaron"
    rf"|sairam|salieron|entraram|entraron"
    rf"|arrived)\b[^.;]{{0,25}}{_NUMBER}"
    rf"|\b{_NUMBER} \w+(?: \w+)?,? (?:e |y |and |but |mas |pero )?(?:so |solo |only |apenas |just )?(?:sai\w*"
    rf"|sal(?:en|ieron)"
    rf"|cheg\w+|lleg\w+|entr\w+|arriv\w+|grav\w+|landed|made it|came|vier\w+|vinieron) (?:so |solo |only |apenas "
    rf"|just )?"
    rf"{_NUMBER}\b"
)
_STALE = Cue(
    r"\b(?:qued\w+|fic\w+|stay\w*|mostr\w+|muestr\w+|show\w*|still|continu\w+|sigue\w*|seguim\w*|segue\w*|displays?"
    r"|congelad[oa]s?|frozen"
    r"|vend\w+|veem|ven|ve|see|sees|stuck)\b[^.;]{0,40}\b(?:de ayer|d[aeo]s? ontem|de antes|de anteayer|yesterday'?s?"
    r"|last (?:week|night|month)'?s|old \w+|viej[oa]s?|velh[oa]s?|antig[ou]\w*"
    r"|(?:que|that|which) (?:ja|ya|already|have|has|foi|foram|fue|fueron|was|were)\b)"
)
_TWICE = Cue(
    rf"\b(?:{_NUMBER}|duas|tres|quatro|dos|cuatro|two|three|four|varias|several|many|muchas|muitas) (?:vezes|veces"
    rf"|times)"
    r"\b[^.;]{0,50}\b(?:a |o |l[ao]s? |el |the |as |os )?(?:mesm|mism|same)\w*"
    r"|\b(?:mesm|mism|same)\w*\b[^.;]{0,40}\b(?:duas|dos|tres|two|three|\d+) (?:vezes|veces|times)\b"
    r"|\b(?:por duplicado|em duplicad\w+|em dobro|en duplicado|em triplicado|by two|two of each|el doble|o dobro"
    r"|double the)\b"
)
_NOT_THERE = Cue(
    r"\b(?:nao|no|not|n't|nunca|never|nada|nothing|none|nenhum\w*|ningun\w*|tampouco|tampoco|sequer)\b(?: \w+){0,3}? "
    r"(?:exist\w*|(?:volt|vuelv|retorn|regres)\w+ (?:p?a?ra|pr[oa]|a[ol]?|to|into|n[oa]|en)\b|consta\w*"
    r"|desc[eia]\w*|baja\w*|aparec\w+|figura\w*|there\b|on (?:the|our)|tramit\w+|firma\w*"
    r"|assin\w+|cruz\w+|acert\w+|conta\w*|tem d\w+|came? (?:through|across|over)|make[s]? it|made it"
    r"|go(?:es)? (?:across"
    r"|over|through)|transit\w+|mexe\w*|muev\w+|mov\w+|pingou|pinga|ca(?:i|iu|em)\b|cae\w*|show\w*|bat\w+)"
    r"|\b(?:dej[oa]\w*|deix\w+|par\w+|stopped|quit|ceas\w+) (?:de )?(?:\w{4,}[aei]r|\w{4,}ing)\b"
    r"|\b(?:sat|sitting|sits|parad[oa]s|encalhad\w+|acumul\w+|amonton\w+|piling|pile[sd]? up|varad[oa]s|atascad[oa]s"
    r"|detenid[oa]s|stuck) (?:\w+ )?(?:na|no|en|in|on|there|at|ali|ahi|alla|la)\b"
)
_ABOUT_US = Cue(  # what is missing is our answer, the customer's data, or knowledge
    r"\b(?:retorno|resposta|respuesta|reply|repl(?:y|ies)|answer|novedad\w*|novidade\w*|chamado|ticket|caso|case|chat"
    r"|mensage[mn] de erro|mensaje de error|error message|(?:nenhum|ningun|algum) erro\w*|no errors?|any errors?"
    r"|screenshot"
    r"|print|captura|documentac\w+|documentation|manual|funcion\w+|trabalh\w+|trabaj\w+|work\w*|respond\w+)\b"
)
_VAGUE = Cue(
    r"\b(?:comportamento (?:estranho|inesperado)|comportamiento (?:raro|inesperado)|unexpected behaviou?r"
    r"|strange|estranho|esquisit\w+|raro|tudo errado|todo mal|everything is wrong)\b"
)
_NO_OTHER_WAY = Cue(
    r"\b(?:no other|outr[ao] (?:forma|jeito|maneira|meio|via|fonte)|otr[ao] (?:forma|manera|modo|via|fuente)"
    r"|plan[oe]? b|workaround|contorn\w+|alternativ\w+|"
    r"(?:nao|no) (?:temos|tenemos|hay|tem|ha) como|by hand|na mao|a mano|manualmente|manually)\b"
)
_DEMAND = Cue(
    r"\b(?:preciso|precisamos|necesit\w+|need|quero|quiero|want|gostaria\w*|would like|favor|please|podem"
    r"|pueden|could you|can you|poderiam|podrian)\b"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The surest sentence, or two neighbours that only together say it."""
    yield from surest(doc, FIELD, judge, judge_pair)


def judge(sentence: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when one sentence says it."""
    bare = sentence.bare
    asks = bare.rstrip().endswith("?")
    odds = sentence.odds(FIELD)
    if asks and odds < 0.7:
        return None
    if odds < 0.8 and _VAGUE.search(bare):
        return None
    rival = sentence.rival(RIVALS)
    beaten = rival > 0.5 and rival > odds
    should = _SHOULD.search(bare)
    if should and not _WISH.search(bare) and (not beaten or sentence.rival(CLEAR) < 0.8):
        if _CONTRAST.search(bare[should.end() :] + " " + bare[: should.start()]):
            return max(0.8, odds), "should"
        if odds > 0.15 and _THING.search(bare):
            return max(0.7, odds), "should"
    if odds > 0.1 and not beaten and _INSTEAD.search(bare):
        return max(0.75, odds), "instead"
    if odds < 0.9 and _NO_OTHER_WAY.search(bare):
        return None
    if beaten or (odds < 0.5 and _DEMAND.search(bare)):
        return None
    told = bare
    bare = _STOPPED.sub(" ", bare)
    if _SLOWER.search(bare):
        return max(0.7, odds), "slower"
    if (_FEWER.search(bare) or _STALE.search(bare) or _TWICE.search(bare)) and not _ABOUT_US.search(bare):
        return max(0.7, odds), "wrong outcome"
    if _NOT_HAPPENING.search(bare) and not _ABOUT_US.search(bare) and (odds > 0.1 or _named(told, odds)):
        return max(0.7, odds), "missing outcome"
    if _NOT_THERE.search(bare) and not _ABOUT_US.search(bare) and (odds > 0.08 or _named(told, odds)):
        return max(0.65, odds), "missing outcome"
    if odds > 0.02 and _WRONG.search(bare) and (odds > 0.2 or _named(told, odds)):
        return max(0.7, odds), "wrong outcome"
    if odds > 0.5 or (odds > 0.35 and rival < odds and _named(told, odds)):
        return odds, "classifier"
    return None


def _named(bare: str, odds: float) -> bool:
    """Whether a sentence names something of which there may be an outcome."""
    return _THING.search(bare) is not None or (odds > 0.008 and _NOUN.search(bare) is not None)


def judge_pair(one: Sentence, other: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when two sentences say it together: "It should send 14. Nothing came." """
    should = _SHOULD.search(one.bare) and not _WISH.search(one.bare) and not one.bare.rstrip().endswith("?")
    if should and (_NOT_HAPPENING.search(other.bare) or _WRONG.search(other.bare) or other.odds(FIELD) > 0.3):
        return 0.75, "should, then"
    return None
