"""prior_analysis: what the customer already checked or tried, with what they found.

"We tried everything" has no finding. Signs: somebody who checked (first person, a colleague, a supplier) and an outcome
in the same sentence or the next; a comparison that narrows the fault down ("works with 10 records, not with 100"); what
the classifier holds to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, surest

FIELD = "prior_analysis"

_CHECKED = Cue(
    r"\b(?:(?:nao |no |not |nothing )?(?:sees?|veem|ven)\b|nao ve\b|no ve\b|test(?:ei|amos|aram|ou|ed)"
    r"|verifi(?:quei|camos|que|co|ed|caram)|confer(?:i|imos|iu)|olh(?:ei|amos|ou"
    r"|aram)|valid(?:ei|amos|ou|ated|e)|compar(?:ei|amos|ou|ed|e|ando|ing)|"
    r"revis(?:ei|amos|ou|e|o|aron)|che(?:quei|camos|quee|queamos|cked|queo)|checad[oa]|rod(?:ei|amos|ou)"
    r"|reprocess(?:ei|amos|ou|ed)|reproces(?:e|amos|aron)|"
    r"reinici(?:ei|amos|ou|e|o|aron)|reenvi(?:ei|amos|ou|e|o)|reexecut\w+|restart(?:ed|ing)|tested|verified"
    r"|compared|looked|ran|re-?ran|rerun|cleared|replayed|prob(?:e|amos|aron|o)\b|"
    r"comprob(?:e|amos|aron|o)|corr(?:i|imos|io)\b|ejecut(?:e|amos|aron|o)\b|execut(?:ei|amos|ou)|cambi(?:e"
    r"|amos|aron|o)\b|tro(?:quei|camos|cou)|limp(?:ei|amos|ou|ie|iamos)|"
    r"tir(?:ei|amos|ou)|deslig(?:uei|amos|ou)|aument(?:ei|amos|ou|e|o)\b|sub(?:i|imos|iu|io)\b|consult(?:ei"
    r"|amos|ou|e|o)\b|cham(?:ei|amos|ou)|llam(?:e|amos|o)\b|called|calling|chamando|llamando|"
    r"fiz|fizemos|fez|hice|hicimos|hizo|did|medi\w*|measured|isol(?:ei|amos|ou|ated)|aisl(?:e|amos|o)\b"
    r"|restored|reboot(?:ed|ing)|redeploy\w*|reinstal\w+|switched|rolled|roll(?:ing)? ?back|rollback|"
    r"analis(?:ei|amos|ou)|anali(?:ce|zamos|zo)|analy[sz]ed|refiz\w*|refizemos|revert\w+|confirm(?:ei|amos|ou"
    r"|aram|e|o|aron|ed|s|am|an|a)\b|mir(?:e|amos|o|aron)\b|"
    r"vimos|vi\b|saw|noticed|not(?:amos|ei|e)\b|con(?:tei|tamos|te|to|tou)\b|counted|lanz(?:e|amos)|relanz\w+"
    r"|relanc\w+|tent(?:ei|amos|ou|aram)|intent(?:e|amos|o|aron)\b|tried|trying|"
    r"ping(?:ed|amos|uei|ue|ou)?|telnet\w*|curl|traceroute|quit(?:e|amos|o)|remov(?:ed|i|emos|eu|e)|recri(?:ei"
    r"|amos|ou)|recreat\w+|recre(?:amos|e)|"
    r"regener\w+|regerei|ger(?:ei|amos)|gener(?:e|amos)|apag(?:uei|amos|ue)|borr(?:e|amos)|delet\w+|copi(?:ei"
    r"|amos|ed|e)|queried|repli(?:quei|camos|que|cated)|"
    r"desactiv(?:e|amos)|desativ(?:ei|amos)|disabl\w+|turned|descart(?:ei|amos|e|ado|aron|ou)|ruled|swap\w*"
    r"|downgrad\w*|testing|running|testando|rodando|corriendo|probando|disabling|reprocessing|upgrad\w*"
    r"|volt(?:ei|amos) (?:a|para|pra|pro|na|ao)|volv(?:i|imos) a|voltando|volviendo|"
    r"abri|abrimos|opened|entr(?:ei|amos)|entre\b|logged|logu?ei|logamos|re-?saved|salvei|guarde|diff(?:ed)?"
    r"|bounced|rotat\w+|upgraded|downgraded|atualiz(?:ei|amos)|actualic\w+|"
    r"inspe(?:cionei|cionamos|ccion\w+)|inspected|debug\w*|depur\w+|monitor(?:ei|amos|ed|e)|ped(?:i"
    r"|imos) (?:pra|para|ao|a|al)|asked|reset(?:ei|amos|ted)?|resete\w*|republi\w+|publi(?:quei|camos|que)"
    r"|re-?invited|invited|convidei|"
    r"procur(?:ei|amos)|busqu?(?:ei|e|amos)|searched|encontr(?:ei|amos|e)|found|achei|achamos|descobri\w*"
    r"|descubri\w*|discovered|percebi|percebemos|identifi(?:quei|camos|que|ed)|detect\w+|"
    r"simul(?:ei|amos|e|ated)|reproduz(?:i|imos)|reproduj\w+|reproduced|repet(?:i|imos|iu)|repeated|levant(?:ei"
    r"|amos)|exclu(?:i|imos)|elimin(?:ei|amos|e)|separ(?:ei|amos)|"
    r"extra(?:i|imos)|baix(?:ei|amos)|baj(?:e|amos)|pegu?ei|pegamos|pus|puse|pusimos|coloqu?ei|colocamos|put"
    r"|took|taking|raised|lowered|increased|reduced|reduz\w+|reduj\w+|cort(?:ei|amos|e)|"
    r"mand(?:ei|amos|e)|envi(?:ei|amos|e)|sent|post(?:ei|ed|amos)|ajust(?:ei|amos|e|ed)|adjusted|mud(?:ei|amos"
    r"|ou)|changed|went through|walked through|dug|traced|rastre\w+|audit\w*|pergunt(?:ei|amos)|pregunt\w+"
    r"|liberei|liberamos|escalei)\b"
)
_STEMS = (  # of verbs in -ar, with every ending that tells of the past: whoever did it, in pt and es
    "ajust analis analiz analic aisl audit aument baix baj borr busc busqu cambi chec cheq coloc coloqu compar "
    "comprob confirm consult contact contrast cruz descart desativ desactiv deslig ejecut elimin encontr "
    "execut filtr inspeccion inspecion intent isol lanz lanc lig limp limpi not olh peg pergunt ping prob "
    "procur prob quit rastre recri recre reenvi reexecut reinici reinstal relanz relanc repass replic repliqu "
    "reproces reprocess reset restaur revis rod sac simul solicit subst tent test tir troc troqu valid verific "
    "verifiqu apag apagu"
)
_DID = Cue(
    r"\b(?:(?:" + "|".join(dict.fromkeys(_STEMS.split())) + r")(?:ei|ou|amos|aram|aron|ado|ada|ados|adas)\b"
    r"|(?:he|hemos|ha|han|has|tenho|temos|tinhamos|habiamos|we've|i've|have|has|had) (?:ya |ja |already |lo |la )?"
    r"(?:\w+ado|\w+ido|visto|hecho|vuelto|abierto|feito|\w+ed|run|seen|done|taken|put|gone|found|rebuilt)\b"
    r"|(?:dei|demos|deu|deram|di|dimos|dio|dieron|fiz|fizemos|fez|fizeram|hice|hicimos|hizo|hicieron|did|gave|feito"
    r"|feita"
    r"|hecho|done|mandou|mandaron|mandei)(?: it| lhe| le)? (?:um|uma|un|una|a|o|el|the|outro|otro|another|mais um|rodar"
    r"|correr|reiniciar|subir)?\s*(?:re\w+|restart|reinicio|rollback|reset\w*|teste\w*|prueba\w*|test\w*|ping"
    r"|telnet|retry"
    r"|deploy|curl|refresh|outra|otra|de novo|again|same|mesm\w+|mism\w+)\b"
    r"|(?:re-?start|re-?deploy|reinicio|rollback|reprocess\w*|teste|test|reset) (?:d[oae]|del|of|com|con|with|from"
    r"|on|via|en"
    r"|em|no|na|as|at|feito|done)\b"
    r"|(?:fui|fomos|fuimos|went|went back|cambi[oe]|descubr\w+|descobr\w+|encontro|comprobo|reviso|miro|probo"
    r"|verifico|reinicio"
    r"|abriu|abrio|mediu|midio|vio|viu|leu|leyo|corri|corrimos|corrio|med[ií]|medimos) (?:ate |hasta |to |na|no|a|o"
    r"|el|la|as"
    r"|los|las|os|the|que|direto|directo|lo|con|com|down|into|through|over)\b"
    r"|(?:dba|infra\w*|redes?|network\w*|ti\b|it (?:team|dept|guys?)|sistemas|seguranca|seguridad|security"
    r"|firewall team"
    r"|fornecedor|proveedor|supplier|vendor|parceiro|partner|banco|bank|provedor|hosting|dev\w*|colega|companer\w+"
    r"|colleague"
    r"|tecnico|technician|informatic\w+|folks|guys|colleagues|pessoal d[aeo]|gente d[ae]|equipo de|time de"
    r"|equipe de|people)\b[^.;]{0,40}\b(?:diz|disse|dizem|dice|dicen|dijo|dijeron|says?|said"
    r"|jura\w*|swears?"
    r"|garant\w+|asegura\w*|assegura\w*|reckons?|afirma\w*|insist\w*|tells?|told|mostrou|mostro|showed|nao ve|no ve"
    r"|sees? no\w*))\b"
)
_NARROWED = Cue(  # "lote pequeno sai inteiro", "one by one they go through"
    r"\b(?:pequen[oa]s?|small(?:er)?|chic[oa]s?|menor(?:es)?|sozinh[oa]s?|on (?:its|their) own|por separado"
    r"|separad[oa]s?"
    r"|um por um|uma por uma|one by one|one at a time|de a un[oa]|uno por uno|una por una|solit[oa]s?|manual\w*"
    r"|a mao|a mano"
    r"|by hand|postman|insomnia|swagger|curl|diret[oa]|direct[oa]?(?:mente)?|directly|local\w*|outr[oa]s?|otr[oa]s?"
    r"|other"
    r"|another|demais|restantes?|rest|antig[ou][oa]?s?|anterior(?:es)?|previous|old|velh[oa]s?|viej[oa]s?|sandbox"
    r"|homolog\w+|hml|qa|test\w*"
    r"|staging)\b"
    r"[^.;?]{0,50}\b(?:passa(?:m|va|ou)?|pasa(?:n|ba)?|funciona(?:[mn]|va|ba)?|anda(?:n|ba)?|works?|worked|goes|go"
    r"|go through|goes through|sai|saem|sale[n]?"
    r"|entra[mn]?"
    r"|responde[mn]?|vai|vao|va|van|normal\w*|fine|ok|certinho|bem|bien|inteir[oa]s?|enter[oa]s?|conecta[mn]?"
    r"|sin problema\w*"
    r"|sem problema\w*|no (?:bother|problem|trouble))\b"
)
_PROVED = Cue(  # what was found stands before it: "all of them are foreign, I have checked it"
    r"[,;:] (?:(?:lo|la|isso|eso|ja|ya|como|as|we|i|it|eu|nos) )*(?:he|hemos|tenho|temos|have|has|was|fue|foi|'ve)? ?"
    r"(?:watched|looked|saw|vi|vimos|olhei|mire|comprobado|verificado|confirmado|revisado|mirado|conferido|checked"
    r"|verified|confirmed|tested|probado|testado"
    r"|conferi|conferimos|confirmamos|confirmei|verifique|comprobe|revise|verifiquei|verificamos)\b"
)
_PLEA = Cue(
    r"\b(?:kindly|please|pls|plz|por favor|porfa\w*|favor|podem|poderiam|pueden|podrian|can you|could you|needful"
    r"|solicit\w+"
    r"|peco|pedimos|ruego|rogamos|comunic\w+|inform\w+ que)\b"
)
_OUTCOME = re.compile(
    r"\b(?:mesm[oa]s?|same|mism[oa]s?|igual|iguais|iguales|identic\w*|continu\w*|still|sigue\w*|seguia\w*"
    r"|persist\w*|(?:nao|no|nada|nothing|never|didn't|hasn't) (?:se )?(?:mud\w+|cambi\w+|chang\w+|help\w*"
    r"|fix\w*|resolv\w+|adiant\w+|surti\w+|efect\w*|melhor\w+|mejor\w+)|"
    r"funcion\w+|works?|worked|working|pass(?:a|ou|aram|am|es|ed|ing|ando)|pas(?:a|o|aron|an)\b|conect\w+"
    r"|connect(?:s|ed)?|respond\w*|responde\w*|contest[ao]\w*|answer(?:s|ed)|"
    r"ok\b|normal\w*|fine|clean|bem|bien|certinho|certo|corret\w+|correct\w*|good|ativ[oa]s?|activ[oa]s?|active"
    r"|valid[oa]s?|valid|vigente|no ar|de pe|up\b|arriba|"
    r"(?:nao|no|not|sem|sin|without|nenhum\w*|ningun\w*|never|zero|0|none|nobody|nothing|nada|isn't|wasn't"
    r"|aren't|n't) (?:\w+ ){0,4}\w+|"
    r"volt(?:a|ou|aram) (?:a|o|\d|com|mesm)|vuelve a|volvio a|voltou|came back|back (?:again|to)|again|de novo"
    r"|de nuevo|otra vez|novamente|fail(?:s|ed|ing)?|falh\w+|fall\w+|erro|error|"
    r"sem (?:sucesso|efeito|resultado|mudanca)|sin (?:exito|efecto|exito|cambio\w*|resultado)|no (?:luck|effect"
    r"|difference|change|joy)|in vain|em vao|"
    r"so (?:it|the|that|not|we)|entao|logo\b|portanto|asi que|por lo tanto|therefore|ou seja|o sea|meaning"
    r"|which means|isola\w*|points? to|aponta\w*|apunta\w*|"
    r"mas\b|porem|but\b|pero\b|however|sin embargo|vem\b|veio|viene\w*|volta\w*|devolv\w+|devuelv\w+|return\w*"
    r"|retorn\w+|"
    r"so (?:acontece|ocorre|falha|com|quando)|solo (?:pasa|ocurre|falla|con|cuando)|only (?:happens|fails|with"
    r"|when|for|on)|sumiu|desaparec\w+|disappeared|resolveu|solved|"
    r"melhor\w+|mejor\w*|improv\w+|pior\w*|peor|worse|better|mostr\w+|muestra\w*|shows?|diz|dice|says|aponta"
    r"|indica\w*|segundos?|seconds?|ms\b|\d+ ?%|\d+ de \d+|\d+ of \d+|aparece\w*|"
    r"bat(?:e|em|eu)|iguais|matches?|difference|diferenca|diferencia|prefilled|preenchid[oa]|vazi[oa]|empty"
    r"|vacio|aceit\w+|accept\w*|acept\w*|recus\w+|rechaz\w+|refus\w+|timeout|tempo|tiempo|expir\w+|vence\w*"
    r"|caiu|caem|cairam|cayo|se cay\w+|died|dies|trava\w*|parou|se detuvo|stopped|deu\b|da\b|dio\b|dando|sai\b"
    r"|saiu|sale\b|salio|vai\b|foi\b|va\b|fue\b|goes through|went through)\b"
)
_NO_FINDING = Cue(
    r"\b(?:tent\w+|tried|prob\w+|intent\w+|test\w+|fizemos|hicimos|did|verific\w+|olhamos|revis\w+|analis\w+"
    r"|analiz\w+|looked|checked)\b[^.;,]{0,25}\b(?:de tudo|tudo|todo\b|everything|all (?:we|possible|kinds)|"
    r"todas as|todas las|varias (?:coisas|cosas|vezes|veces|analises)|many things|several things|exaustiv\w+"
    r"|exhaustiv\w+|a fondo|a fundo|at length|thoroughly|everywhere|at all angles|todos os testes)"
)
_OTHER = Cue(
    r"\b(?:voces|vcs|ustedes|you|your (?:team|engineer|agent|analyst|colleague)|o (?:analista|atendente"
    r"|suporte)|a (?:analista|atendente)|el (?:analista|agente|ingeniero|soporte)|the (?:analyst|agent"
    r"|engineer)|support)\s+(?:ja |ya |already |have |has )?"
    r"(?:verific\w+|check\w*|confirm\w+|test\w+|look\w*|revis\w+|olh\w+|dis[sz]\w+|dijo|said|told|encerr\w+"
    r"|cerr\w+|closed)"
)
_NOT_DONE = re.compile(
    r"\b(?:nao|no|not|n't|haven't|didn't|nunca|never|ainda nao|todavia no)\s+(?:\w+\s+){0,1}$|\b(?:vou|vamos"
    r"|voy a|i'?ll|we'?ll|will|going to|pretend\w+|amanha|manana vamos|tomorrow)\b"
)
_FINDS = re.compile(r"[\w)]{2,}[^.;]*?(?:,|\be\b|\by\b|\band\b|\bque\b|\bthat\b|:|;)\s*\w+\s+\w+")
_TICKET = Cue(  # what was opened, sent or answered is a request to us
    r"\b(?:abri\w*|opened|raised|logged|registr\w+|cre(?:e|amos)|mand\w+|envi\w+|sent) (?:um |uma |un |una |a |an "
    r"|o |el |the |ja |ya "
    r"|este |esse |this |otro |outro )*(?:chamado|ticket|caso|case|reclam\w+|e-?mail|correo|mensage[mn]|solicit\w+)\b"
)
_NOT_YET = Cue(r"\b(?:todavia no|ainda nao|aun no|haven't|have not|not yet|nada mas|nada mais)\b")
_FUTURE = re.compile(r"[^.;,]{0,12}\b(?:vai|vao|va a|van a|voy a|vou|will|going to|'ll)\b")
_WORKAROUND = Cue(
    r"\b(?:por enquanto|por ahora|de momento|for now|meanwhile|mientras|enquanto|contorn\w+|workaround|in the meantime"
    r"|vamos|estamos|we are|we're|levando|limping|digit\w+)\b"
)
RIVALS = (
    "workaround_exists",
    "no_workaround",
    "feature_wish",
    "how_to_question",
    "integration_logic",
    "justification",
    "deadline",
)
_COMPARISON = Cue(
    r"(?:\b(?:com|con|with|em|en|in|from|de|da|desde|pela|por|via|no|na)\b[^,;.]{2,70}\b(?:funciona|passa\w*"
    r"|pasa\w*|works?|vai|va|conecta|responde|normal|ok|bem|bien|fine|anda|goes through|passes)\b"
    r"[^.]{0,12}[,;.]?\s*(?:e |y |and |mas |pero |but |ja |while )?[^.]{0,60}\b(?:nao|no|not|falha|falla|fails?"
    r"|n't|never|nunca|vuelve|volta)\b)"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The surest sentence; else two neighbours of which one checks and the other finds."""
    yield from surest(doc, FIELD, judge, judge_pair)


def judge(sentence: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when one sentence tells of a check and what it showed."""
    bare = sentence.bare
    if bare.rstrip().endswith("?"):
        return None
    odds = sentence.odds(FIELD)
    if _NO_FINDING.search(bare) and odds < 0.9:
        return None
    if (_OTHER.search(bare) or _TICKET.search(bare)) and odds < 0.9:
        return None
    for checked in _checks(bare):
        rest = bare[checked.end() :]
        if _OUTCOME.search(rest) and odds > (0.1 if checked.re is _CHECKED.pattern else 0.06):
            return max(0.8, odds), "checked and found"
        if odds > 0.6 or (odds > 0.25 and _FINDS.search(rest)):
            return max(0.6, odds), "checked"
    if _PROVED.search(bare) and odds > 0.05:
        return max(0.7, odds), "proved"
    if _COMPARISON.search(bare) and odds > 0.1:
        return max(0.7, odds), "comparison"
    if (
        _NARROWED.search(bare)
        and not _PLEA.search(bare)
        and not _WORKAROUND.search(bare)
        and sentence.rival(RIVALS) < 0.5
    ):
        return max(0.65, odds), "narrowed down"
    if odds > (0.8 if _PLEA.search(bare) or _NOT_YET.search(bare) else 0.5):
        return odds, "classifier"
    return None


def _checks(bare: str) -> Iterator[re.Match[str]]:
    """The first doing of each list of verbs that is told as done."""
    for verbs in (_CHECKED, _DID):
        for checked in verbs.finditer(bare):
            around = bare[max(0, checked.start() - 25) : checked.start()]
            if not _NOT_DONE.search(around) and not _FUTURE.match(bare, checked.end()):
                yield checked
                break


def judge_pair(one: Sentence, other: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when the finding stands in the sentence after the check."""
    if (
        _NO_FINDING.search(one.bare)
        or _OTHER.search(one.bare)
        or one.bare.rstrip().endswith("?")
        or other.bare.rstrip().endswith("?")
    ):
        return None
    if any(_checks(one.bare)) and one.odds(FIELD) > 0.2 and (_OUTCOME.search(other.bare) or other.odds(FIELD) > 0.3):
        return 0.7, "checked, then found"
    return None
