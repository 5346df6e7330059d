"""The wordings by which the moment of a failure is told from other moments, in Portuguese, English and Spanish.

In: folded text around a moment. Out: patterns, and how far the nearest of a kind stands.
"""

from __future__ import annotations

import re

FAILS = re.compile(
    # Portuguese
    r"\b(?:parou|pararam|paramos|parad[oa]s?|ca(?:iu|iram|indo|ir|imos|ido|ida)|falh\w+|erros?|quebr\w+|trav\w+"
    r"|comec(?:ou|aram|ado)|inici(?:ou|aram|ado)"
    r"|ocorr\w+|acontec\w+|morr\w+|interromp\w+|rejeit\w+|recus\w+|devolv\w+|fora|indisponi\w+|timeouts?|lent[oa]s?"
    r"|lentidao|duplic\w+|sumi\w*|bloque\w+"
    r"|(?:volt(?:ou|aram|a)|retorn(?:ou|aram|a|ando)) (?:a |com |um |o )?(?:erro|dar|falhar|cair|[45]\d\d|timeout)"
    r"|instav\w+|intermit\w+|estour\w+"
    r"|perd(?:eu|emos|eram|ido|ida|idos|idas|endo)|zerad\w+|errad[oa]s?|problemas?|incidente|pau|nenhum[a]?|ninguem"
    r"|pendente|represad\w+|pres[oa]s?|terminou|abort\w+"
    r"|atras\w+|reclam\w+|percebemos|notamos|identific\w+|detect\w+|surg\w+|aparec\w+|cortad\w+|deixou|deixaram"
    r"|degrad\w+|oscil\w+|vazi[oa]s?"
    r"|apresent\w+ (?:um |uma |o |a )?(?:err\w+|falh\w+|lentid\w+|problem\w+|instab\w+|timeout\w*|mensag\w+"
    r"|comport\w+)"
    # English
    r"|fail\w*|miss(?:ed|es)|die[ds]?|dead|down|brok\w+|stopp\w*|stops|crash\w*|errors?|fell|started|began|happen\w*"
    r"|occur\w*|outages?|reject\w*|time[ds]?[ -]?out"
    r"|stuck|hang\w*|hung|slow\w*|crawl\w*|unable|missing|lost|drop(?:ped|s|ping)\b|duplicat\w*|went (?:down|wrong"
    r"|dark|red|blank|offline|silent|dead|missing)|returns?|returned"
    r"|twice|sideways|engasg\w+|chok\w+|south|double[ds]?|skip\w*|wrong|issue"
    r"|incident|first (?:seen|noticed|one|failure)|noticed|nothing"
    r"|none|blew|choked|halted"
    r"|froze\w*|stall\w*|bounc\w*|degrad\w*|seeing|spotted|threw|throw\w*"
    r"|stopped|empty|blank|zero"
    # Spanish
    r"|ca(?:yo|yeron|ido|ida|ye\w*|e)|fall(?:o|a|an|aron|ando|as|ado|aba)|se paro|detuv\w+|deten\w+|dej(?:o|aron|a"
    r"|an|ado)|empez(?:o|aron|amos|ado)|empiez\w+|comenz(?:o|aron|amos|ado)"
    r"|suced\w+|arranc(?:o|aron)|romp\w+|rot[oa]|colg\w+|rechaz\w+|ningun\w*|nadie|perdi\w+|tron(?:o|aron)"
    r"|present\w+ (?:un |una |el |la )?(?:err\w+|fall\w+|problem\w+|lentit\w+)"
    r"|vaci[oa]s?|cero|surgi\w+|muert[oa]s?|mort[oa]s?|dos veces|doble|duas vezes|em dobro|dobrad\w+|tartaruga|virou"
    r"|devuel\w+|termin(?:o|aron|ado)|paso|saltaron|salto|salio (?:mal|con|un|el)|atorad\w+"
    r"|atasc\w+|trabad\w+|tir(?:o|ando|a) error"
    r"|[45]\d\d)\b"
)
PAST = re.compile(
    r"\b(?:parou|pararam|caiu|cairam|falhou|falharam|deu|deram|travou|travaram|quebrou|morreu|comecou|comecaram"
    r"|iniciou|ocorreu|aconteceu|sumiu|sumiram|rejeitou|recusou|duplicou|foi|foram"
    r"|perdeu|perdemos|terminou|abortou|atrasou|surgiu|apareceu|deixou|deixaram|gerou|tivemos|houve|recebemos"
    r"|registramos|notamos|percebemos|nao \w+(?:ou|eu|iu|aram|eram|iram)"
    r"|failed|died|dropped|broke|stopped|crashed|fell|started|began|happened|occurred|rejected|timed out|hung|lost"
    r"|skipped|went|noticed|blew|froze|threw|missed|was|were|got|had|did not|didn't|never|came"
    r"|cayo|cayeron|fallo|fallaron|se paro|detuvo|detuvieron|dejo|dejaron|empezo|empezaron|comenzo|comenzaron"
    r"|ocurrio|sucedio|arranco|rompio|colgo|rechazo|trono|termino|paso|salto|salio|fue|fueron|tuvimos|hubo|recibimos"
    r"|no \w+(?:o|aron|ieron))\b"
)
DID = re.compile(  # any verb in the past: something happened
    r"\b(?!(?:seu|meu|eleu|museu|pneu|europeu|ateu|trofeu|sou|estou|vou|dou|chapeu|ceu|veu|viu|avisaram|pediram)\b)"
    r"(?:[a-z]{2,}(?:ou|eu|iu|aram|eram|iram)|[a-z]{3,}(?:aron|ieron)|[a-z]{3,}(?<!need)(?<!indeed)(?<!ss)ed"
    r"|came|went"
    r"|landed|put|let|ran|veio|vieram|saiu|sairam|fez|fizeram|ficou|ficaram|deu|deram|foi|foram|vino|vinieron|hizo"
    r"|hicieron|dio|dieron|quedo|entro|llego|salio|genero|cargo|duplico|proceso|devolvio|mostro|cobro|borro)\b"
)
OF_THEN = re.compile(r"\b(?:[oa]s?|l[oa]s?|el)\sd[eao]\s$")  # "los de ayer"
STATE = re.compile(
    r"\b(?:assim|asi|like this|this way|isso|esto|continua\w*|segue|sigue|persist\w*|vem|viene\w*|has been|have been"
    r"|is|are|esta|estao|estamos|ta|tao|tem|temos|seguimos|ocorre|only|so da|solo)\b"
)
NEGATION = re.compile(r"\b(?:nao|no|not|sem|sin|without|cannot|never|nunca)\b|n't\b")
BEGAN = re.compile(
    r"\b(?:comec\w+|inici\w+|began|started|starting|first|primeir[oa]|primer[oa]?|empez\w+|comenz\w+|arranc\w+"
    r"|parou|caiu|fell|died|stopped|crashed|se cayo|cayo|ocorreu|aconteceu"
    r"|occurred|happened|ocurrio|sucedio|foi|fue)\b"
)
WORKED = "until then it worked"
UNCHANGED = "nothing has changed since then"
TRIED = "a test of theirs"
CHANGED = "a change of theirs"
FAR = 999
JOINT = re.compile(r"[,;:]\s|\s(?:e|y|and|mas|but|pero|so|entao|quando|when|cuando)\s")
MISSED = re.compile(
    r"\b(?:nao (?:rod|inici|execut|dispar|termin|comec|concl|entr|sai|process|subi|cheg)\w+|nem (?:rodou|iniciou"
    r"|comecou)"
    r"|(?:never|didn't|did not) (?:start|run|finish|complete|fire|kick|trigger|arrive)\w*"
    r"|no (?:corrio|inicio|arranco|termino|se ejecuto|se disparo|llego|proceso|salio|finalizo))\b"
)
UNTIL_WHEN = re.compile(
    r"\s*,?\s*(?:when|quando|cuando|e (?:depois|desde|ai)|y (?:despues|desde|ahi)|and (?:then"
    r"|since)|depois|despues|desde entao)\b"
)
ELSE = (
    (UNCHANGED, re.compile(
        r"\b(?:nao|nada|sem|no|nothing|nobody|nadie|ningun\w*|haven't|hasn't|sin|without"
        r"|never)\s(?:\w+\s){0,4}(?:mud\w+|alter\w+|subi\w+|mex\w+|cambi\w+|chang\w+|deploy\w*|toc\w+|touch\w*"
        r"|public\w+|release\w*|atualiz\w+|actualiz\w+|updat\w+|modific\w+)"
        r"|\b(?:ultim[oa] (?:mudanca|alteracao|deploy|publicacao|cambio|modificacion|despliegue|release)"
        r"|last (?:change|deploy\w*|release|update|modification))\b")),
    ("when the chat or ticket was opened", re.compile(
        r"(?<!que )(?<!quando )(?<!cuando )(?<!when we )(?<!soon as we )\b(?:abri(?:mos|u|ram|r)?|aberto|aberta"
        r"|abert[oa]s|abrir|opened|open(?:ed)? (?:a|the|our|this) (?:ticket"
        r"|chat|case)|raised|levant(?:e|amos|ou|o)|logged|registr(?:ei|amos|ou|e)|report(?:ei|amos|ed|e|ou)"
        r"|abierto|abierta|abrimos|(?:o |the |el |our |nosso |meu |my |este |this )?(?:chats?|chamado|ticket)"
        r"|atendimento|conversa(?:mos|cion)?|conversation|caso"
        r"|protocolo|fal(?:ei|amos|ou) com|hablamos|hable|spoke|talked|ligamos|llamamos|called you|cobr\w+|escrev\w+"
        r"|escrib\w+|(?:i|we) wrote"
        r"|e-?mail|correo|respost\w+|respuest\w+|response|heard (?:back|from|nothing)|repl(?:y|ied)|answer\w*"
        r"|promet\w+|promis\w+|disseram|told|dijeron"
        r"|informaram|informed|retorno de voces|encerr\w+|closed|cerr\w+|nos pediram|pediram|asked|mandei|enviei"
        r"|enviamos|mandamos|sent you)\b")),
    ("a plan or an appointment", re.compile(
        r"\b(?:go(?:es|ing)?[- ]live|went live|(?:entramos|salimos|fomos|entrou|salio) (?:em|a|en|para|pra"
        r"|in) (?:producao|produccion|o ar)|plazos?|reuni(?:ao|oes|on|ones)|meetings?|call|apresenta(?:cao|r)"
        r"|audit\w*|prazo|deadline|venc\w+"
        r"|expir(?:a|am|e|es|ing)\b|renov\w+|renew\w*|planej\w+"
        r"|previst\w+|planned|schedul\w+|agend(?:ad|ar|am|ou)\w*"
        r"|lancamento (?:d[aeo]|oficial)|launch\w*|sprint|ferias|vacation|vacaciones|kick-?off|entrega|delivery"
        r"|workshop|webinar"
        r"|trein\w+|training|inaugur\w+|black friday|feriado|festivo|holiday|horario comercial|horario laboral"
        r"|business hours|office hours|expediente|firm(?:o|amos|ado)|assin(?:ou|amos|ado|atura)|signed|entra em"
        r"|entra en|piloto|visita|fecha(?:mento"
        r"|r)|fecham?\b|cierre|due|janela|manutencao program\w+"
        r"|maintenance window|mostra|demo|board|comite|regulador|entrou n[oa]|joined|contratad\w+|admitid\w+"
        r"|comunicar|amanha|tomorrow)\b")),
    (WORKED, re.compile(
        r"\b(?:funcionav\w+|funcionaba\w*|funcionou|funciono|worked|working (?:fine|until)|was (?:fine|ok|working"
        r"|good)|were fine|rodou (?:ok|normal|bem|certo|liso|com sucesso)|rodav\w+|passav\w+|pasaban?|sem problemas?"
        r"|sin problemas?|estava (?:ok|normal|certo|bem)|estaba (?:ok|normal|bien)"
        r"|ultim[ao] (?:execucao|carga|ejecucion|corrida|vez|sucesso|que)|last (?:successful|good|time it worked"
        r"|run that)|corrio (?:bien|ok|normal)|andab\w+|ia normal|vinha|venia|all good|with no (?:issue|problem)s?"
        r"|normalmente|successfully|com sucesso|con exito|tudo (?:ok|certo|normal)|todo (?:ok|bien|normal))\b")),
    (TRIED, re.compile(
        r"\b(?:test(?:ei|amos|ou|ed|eamos)|retest\w*|reprocess\w+|re-?execut\w+|reejecut\w+|re-?ran|reran|re-?run"
        r"|relanz\w+"
        r"|tentei|tentamos|tried|intent(?:e|amos)|prob(?:e|amos)|repet\w+|rodamos|executei|executamos|corrimos"
        r"|we ran)\b")),
    (CHANGED, re.compile(
        r"\b(?:reinici\w+|restart\w*|corrig\w+|limpamos|rebooted|subimos|publicamos|deployed|atualizamos|actualizamos"
        r"|upgraded|updated|mudamos|cambiamos|changed|alteramos|migr\w+|revogamos|revocamos|revoked|criamos|creamos"
        r"|created|rodamos o deploy|trocamos|instalamos|installed)\b")),
)  # fmt: skip
REQUEST = re.compile(
    r"\?|\b(?:precis(?:o|amos)|quer(?:o|emos)|podem|poderiam|conseguem|por favor|favor|need|want|please|could (?:you"
    r"|someone)|can (?:you|someone)|would like|necesit\w+|quier\w+|quisier\w+|pueden|podrian|me ligando|retorno"
    r"|gostaria\w*|aguard\w+|esperamos)\b"
)
LIVE_SINCE = re.compile(
    r"\b(?:clientes?|customers?|no ar|en vivo|live|usamos|using|use|uses|usando|roda(?:ndo)? (?:assim )?(?:ha|desde)"
    r"|running since|trabalh\w+|trabaj\w+|work(?:ing|ed)? (?:here|with)|parceir\w+|contrato)\b"
)
TODAY_HABIT = re.compile(
    r"\b(?:ainda hoje|until today|ate hoje|hasta hoy|hoje em dia|hoy en dia|still today"
    r"|hoje mesmo|hoy mismo|de hoje nao passa|nowadays)\b"
)
STAMP_KEY = re.compile(
    r"[\"']?\b(?:timestamp|time|date|datetime|ts|at|occurred\w*|created\w*|data\w*|fecha\w*|hora"
    r"|start\w*|when|when_?|dh\w*|@timestamp|event\w*|log\w*|failed\w*|error\w*|inicio\w*"
    r"|erro\w*)[\"']?\s*[:=]\s*[\"']?$"
)
UNSURE = re.compile(
    r"\b(?:who knows|not sure|no idea|sei la|nao sei|no se (?:si|bien|cuando)|vai saber|quien sabe|could be (?:older"
    r"|earlier"
    r"|longer)|may have (?:started|begun)|might have|pode (?:ser|ter|vir)|puede (?:ser|venir|que)|deve ter|supongo|creo"
    r"|acho que|or so|ou antes|o antes|or (?:earlier|before|yesterday|maybe)|(?:today|hoje|hoy) (?:or|ou"
    r"|o) (?:yesterday"
    r"|ontem|ayer)|mais antig[oa]|mas viejo|older|more exact|de atras|uns dias|unos dias|some days)\b"
)
UNKNOWN = re.compile(  # the day itself is in doubt
    r"\b(?:who knows|quien sabe|vai saber|nao sei (?:ao certo|se foi|bem)|no se (?:bien|si fue)|(?:could|couldn't"
    r"|can't) "
    r"(?:swear|say which)|not sure (?:which|if it|whether)|(?:today|hoje|hoy|this \w+)\??,? (?:or|ou|o|u) (?:maybe "
    r"|talvez"
    r" |quiza )?(?:yesterday|ontem|ayer|anoche|last night)|(?:yesterday|ontem|ayer|madrugada)\??,? (?:or|ou|o|u)"
    r" (?:maybe "
    r"|talvez )?(?:the day"
    r"|anteontem|antier|anteayer|anoche|hoje|hoy|today)|(?:ou|o|or) (?:antes|before)(?= *[.,;\n])|uns falam|unos dicen"
    r"|some say|(?:pode|puede|could|may|might) (?:ser|vir|venir|be|have (?:started"
    r"|begun))"
    r" (?:de |mais |mas )?(?:older|earlier|antig\w+|antes|atras|before|longer|viejo))\b"
)
CORRECTED = re.compile(  # "el martes 17, perdón, corrijo: el lunes 16"
    r"[\s,.;(-]{1,4}(?:perdon|perdao|sorry|desculpa|digo|corrijo|corrigindo|minto|miento|alias|quero dizer|quiero decir"
    r"|quise decir|quis dizer|i mean|i meant|no wait|wait no|wait|mejor dicho|ou melhor|or rather|make that)"
    r"(?=,? (?:corrijo|corrigindo|digo|el|on|it was|it's|na|no|foi|fue|as|a las|at|i mean|not|nao)\b|:\s)"
)
SENT = re.compile(r"(?:^|\n)(?:enviad[oa](?: el| em)?|sent(?: on)?)\s?:\s(?:\w+,\s)?$")  # the head of a forwarded mail
HAPPY = re.compile(r"\b(?:feliz|buen|buena|bom|boa|happy|lindo|linda|black|good|otimo|excelente|great|nice)\s$")
FIRST = re.compile(
    r"\b(?:first|primeir[oa]|primer[oa]?|earliest|(?:started|empezo|comecou|inicio) (?:it all|tudo|todo))\b"
)
SAME_TIME = re.compile(r"\b(?:mesm[oa] (?:horario|hora)|same (?:time|hour)|mism[oa] (?:hora|horario))\b")


def nearest(pattern: re.Pattern[str], before: str, after: str) -> int:
    """How far the nearest words of a kind stand from a place; a sentence's later clauses count as farther."""
    best = FAR
    for m in pattern.finditer(before):
        best = min(best, len(before) - m.end() + 15 * len(JOINT.findall(before[m.end() :])))
    if behind := pattern.search(after):
        best = min(best, behind.start() + 15 * len(JOINT.findall(after[: behind.start()])))
    return best
