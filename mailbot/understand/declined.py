"""What a customer says they do not have or cannot tell: "não tenho o ID do chat", "there is no error message".

In: the customer's sentences, the pack. Out: field -> the words that decline it. "I'll look it up" declines nothing, nor
does "we have no other way" or "there was no answer from you".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from mailbot.rules.pack import RulePack
from mailbot.understand import declined_weight as weight
from mailbot.understand import model
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.fields.narrative import Sentence, clauses
from mailbot.understand.text import fold

MOST_OF_A_REFUSAL = 200  # characters of an answer that is nothing but a refusal
ASKED_ABOUT = 0.97  # chance that an answer is about what its question asks
REFUSED = 0.5  # chance from which an answer is a refusal

_WE_HAVE_NOT = (
    r"(?:nao (?:\w+ )?(?:tenho|temos|tem|ha|existe[m]?|possuo|possuimos|sei|sabemos|consigo|conseguimos|guardei"
    r"|guardamos|anotei|salvei|achei|encontrei|encontramos|localizei|localizamos|lembro|lembramos|aparece"
    r"|apareceu|recebi|"
    r"recebemos|gerou|gera|foi gerad\w|tirei|tiramos|consegui|conseguimos|deu (?:pra|para|tempo)|posso|podemos"
    r"|disponho|dispomos|da (?:pra|para)|e possivel"
    r"|foi possivel|foi aberto|abri|abrimos)"
    r"|(?:no|ni) (?:\w+ )?(?:tengo|tenemos|tiene|hay|existe[n]?|cuento|contamos|dispongo|se\b|sabemos|puedo"
    r"|podemos|pude|pudimos|logre|logramos|alcance|guarde|guardamos|anote|encuentro|encontre|encontramos|recuerdo"
    r"|recordamos|aparece|aparecio"
    r"|genera|genero|saque|sacamos|es posible|hubo|abri|abrimos|me sale|nos sale)"
    r"|(?:do not|don't|dont|didn't|did not|doesn't|haven't|have not|hasn't|can't|cannot|can not|couldn't"
    r"|could not|never|unable to|not able to|no longer) (?:\w+ )?(?:have|has|know|keep|kept|see|saw|find|found"
    r"|get|got|give|provide|share|send|tell|say|remember|save|saved|took|take|show|shown|exist|wrote|note)"
    r"|(?:i|we)(?:'ve| have|'ve got)? (?:got )?(?:no|none))"
)
_NONE = (
    r"there (?:is|are|was|were|isn't|aren't|wasn't|'s) (?:no|not|none|n't)?|(?:has|shows|gives|with) no"
    r"|no \w+ (?:is |was )?(?:available|shown|given|exists?)"
    r"|(?:not|nao|no) (?:available|disponivel|disponible)|indisponivel|inexistente|sem\b|sin\b|without|none"
    r"|nenhum\w*|ningun\w*|perdi\b|perdemos|lost\b|deleted|apaguei|borre"
)
_HAVE_NOT = rf"(?:{_WE_HAVE_NOT}|{_NONE})"
_MAY_BE_MISSING = frozenset({"chat_id", "pipeline_key", "error_message", "evidence"})  # others: only "we do not have…"
_NOUNS = {
    "chat_id": r"(?:id|numero|nro|n|codigo|number|protocolo|ref\w*)\s*(?:\w+ )?(?:do|da|del|de la|of the|of that"
    r"|for the|desse|dessa|de ese)?\s*(?:chat|conversa|conversacion|conversation|atendimento|atencion)"
    r"|chat[- ]?id|(?:chat|conversation)(?:'s)? (?:id|number|ref\w*)|protocolo|\bchat\b|conversation (?:id"
    r"|number)",
    "pipeline_key": r"(?:pipeline|execution|run)[- ]?(?:key|id)|\bkeys?\b|chaves?|llaves?|clave de (?:la )?ejecucion"
    r"|id d[ae] (?:la )?(?:execucao|ejecucion)",
    "pipeline": r"\bpipelines?\b|(?:nome|nombre|name) (?:do|del|of the) (?:fluxo|flujo|flow|pipeline)",
    "project": r"\b(?:projeto|proyecto|project)\b",
    "error_message": r"(?:mensage[mn]|mensaje|message|texto|codigo|code|text)s?\s*(?:nenhum\w* |alguma )?(?:de |of "
    r"|do )?(?:erros?|error(?:es)?)|error (?:message|text|code)s?|\b(?:erros?|errors?"
    r"|errores)\b(?! \w*(?:rate|handling))|mensage[mn]\b|mensaje\b",
    "occurred_at": r"(?:data|fecha|date|horario|hora|time|exact time|day|quando|cuando|when)\b(?! (?:de|of|da"
    r"|do) (?:entrega|delivery|vencimento|vencimiento))",
    "evidence": r"\b(?:prints?|screen ?-?shots?|capturas?|pantallazos?|videos?|logs?|evidencias?|evidences?|imagens?"
    r"|imagen(?:es)?|fotos?|grava\w+|graba\w+|recordings?|pictures?)\b",
    "endpoint": r"\b(?:endpoints?|url)\b",
    "request": r"\b(?:(?:corpo|body|cuerpo|payload|headers?|cabecalhos?|cabeceras?)\b(?: d[ae] (?:la )?(?:requisicao"
    r"|request|peticion|solicitud))?)",
    "response": r"\b(?:(?:corpo|body|cuerpo) d[ae] (?:la )?(?:resposta|response|respuesta))\b",
    "device": r"\b(?:dispositivos?|aparelhos?|device|celular|telefono|phone model|modelo)\b",
    "steps_to_reproduce": r"\b(?:passos|passo a passo|pasos|paso a paso|steps|padrao|patron"
    r"|pattern)\b(?= (?:para|pra|to|de|que"
    r"|definid|fij|exat|exact))",
    "prior_analysis": r"\b(?:analises? (?:previas?|feitas?)|analisis previos?|prior analysis|testes? (?:feitos?"
    r"|realizados?)"
    r"|pruebas previas|tests? done)\b",
    "justification": r"\b(?:justificativa|justificacion|justification)\b",
    "component": r"\b(?:componente|component)\b",
    "environment": r"\b(?:ambiente|environment|entorno)\b",
}
_PROMISE = Cue(
    r"\b(?:vou|vamos|(?:me|nos|te|les) (?:passa|passam|manda|mandam|envia|pasa|pasan|da|dice|diz)\b|voy a"
    r"|vamos a|i'?ll|we'?ll|will\b|estou (?:procurando|buscando|levantando|vendo|atras)|estamos (?:procurando"
    r"|levantando|buscando|vendo)|procurando|buscando|looking (?:it|for)|"
    r"let me (?:check|look|find|ask)|assim que|as soon as|en cuanto|cuando (?:lo|la) tenga|quando (?:tiver"
    r"|eu tiver)|once i|later|mais tarde|mas tarde|amanha|manana|tomorrow|depois (?:mando|envio|passo)"
    r"|te (?:passo|mando)|les (?:paso|mando)|(?:procuro|verifico|confirmo|vejo|busco|averiguo|consulto|pregunto"
    r"|pergunto|reviso) )"
)
_NOT_MISSING = Cue(
    r"\b(?:outr[ao]s?|otr[ao]s?|other|another|alternativ\w+|workaround|retorno|resposta|respuesta|reply|answer"
    r"|duvida|dudas|certeza|problema|problem|solucao|solucion|solution|fix|conserto|correcao|correccion|arregl[oa]r?|resolver|solve|solucionar|corrigir|corregir|nada|anything|acesso|access"
    r"|erro algum antes|novidade|time to|tempo|tiempo|como (?:contornar|faturar|digitar|seguir|continuar)|"
    r"much to see|muito o que|mucho que|way|forma|jeito|manera|pressa|prisa|hurry)\b"
)
_MADE = re.compile(r"\b(?:gener\w+|ger(?:a|ou|ado)|aparec\w+|existe\w*)\b")  # of a flow: it made no file
_INSIDE = re.compile(r"\b(?:n[oa]s?|en el|en la|en los|in the|in our|do|del|of the) $")  # "in the log there is no…"
_STANDS_ELSEWHERE = re.compile(  # "veja no print" is no refusal, though "no" is a word of refusals
    r"\W*(?:(?:ver|vejam?|vide|vean?|see|olh[ae]m?|mir[ae]n?|check|est[ae]|segue|sigue|tem|va[ei]|it's|it is)\s+)"
    r"(?:n?[oa]s?|el|la|en|em|the|in|on|ahi|ai|there|todo|tudo)\b"
)
_STILL_COMING = re.compile(r"\b(?:antes|before|until|ate|hasta)\b")


def _absence(field: str) -> str:
    return _HAVE_NOT if field in _MAY_BE_MISSING else _WE_HAVE_NOT


@lru_cache(maxsize=len(_NOUNS))
def _patterns(field: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    nouns = _NOUNS[field]
    return (
        re.compile(rf"(?:{_absence(field)})\b[^.;:!?\n]{{0,{45 if field in _MAY_BE_MISSING else 18}}}?(?:{nouns})"),
        re.compile(rf"(?:{nouns})\b[^.;!?\n]{{0,28}}?\b(?:{_absence(field)})(?!\w)"),
    )


@lru_cache(maxsize=len(_NOUNS))
def _noun(field: str) -> re.Pattern[str]:
    return re.compile(_NOUNS[field])


_ANY = Cue(rf"\b(?:{_HAVE_NOT})")
_ERROR = (
    r"(?:errors?|erros?|errores|(?:mensage[mn]s?|mensajes?|msg|texto|text|codigo) (?:de |d[oe] )?err(?:or|o)(?:es|s)?)"
)
_NO_ERROR = Cue(  # "no errors anywhere", "não vem erro propriamente", "no lo alcancé a leer"
    rf"\b(?:no|zero|without|without any|sem|sin|nenhum\w*|ningun\w*) (?:\w+ )?{_ERROR}\b(?! (?:em|nos|nas|en)\b)"
    r"(?=[ ,]*(?:text|message|codes?|anywhere|at all|shown|logged|whatsoever|to speak|either|is|was|appears?|just"
    r"|only|algum\w*"
    r"|nenhum\w*|ningun\w*|propriamente|aparente|visible|visivel|en ningun|em lugar|na tela|en pantalla|so\b|solo\b"
    r"|y\b|e\b|and\b"
    r"|but\b|mas\b|pero\b|[.,;:)]|$))"
    rf"|\b(?:nao|no|n't|not|never|nunca|tampouco|tampoco) (?:(?:me|nos|se|lhe|le|ha|han|foi|fue|is|was|does|did"
    rf"|any) ){{0,2}}"
    rf"(?:v[eio]m|veio|viene|vino|aparec\w+|exist\w+|d[aeo]u?|dio|mostr\w+|muestr\w+|sa[ei]\w*|hay|ha|tem|teve"
    rf"|tiene|hubo|salt\w+"
    rf"|ger\w+|tir\w+|lan[cz]\w+|arroj\w+|devolv\w+|acus\w+|show\w*|see|saw|seen|get|gets|got|give|gives|throw\w*"
    rf"|rais\w+|log"
    rf"|logged|find|found|report\w*) (?:(?:qualquer|nenhum|nenhuma|ningun|ninguna|any|um|uma|un|una|algum|an?"
    rf"|mais) ){{0,2}}{_ERROR}\b"
    r"|\b(?:erro|error|mensage[mn]|mensaje|message|it|lo|la|qual|cual|que dizia|que decia)\b[^.;!?]{0,30}\b(?:no"
    r"|nao|n't|not) "
    r"(?:(?:lo|la|o|a|me|deu|dio|dava|daba|pude|consegui|alcance|alcanzo|tiempo|tempo|de|a|get to|able to|catch"
    r"|manage to) ){0,4}"
    r"(?:leer|ler|read|ver\b|anotar|catch|copiar|copy|note)"
    r"|\bno (?:lo|la) (?:alcance|pude|llegue) a? ?(?:leer|ver|anotar|copiar)|\bnao (?:consegui|deu (?:tempo|pra)"
    r"|pude) (?:de )?(?:ler|ver|anotar|copiar)"
)
_THAT_ERROR = Cue(r"\b(?:no|sin|sem|without|nao|not) (?:ese|este|esse|this|that|the|el|o) err(?:o|or)\b")
_NO_ERROR_SHOWN = Cue(
    r"\b(?:no|sem|sin|nenhum\w*|ningun\w*|without|nao (?:ha|tem|da|aparece|mostra)|no (?:hay|da|aparece|muestra"
    r"|sale)|there(?:'s| is| are) no)\s+(?:\w+\s+){0,2}(?:error|erro|errores|erros|mensaje|mensagem|message)\b"
)
_CANNOT_TELL_WHEN = Cue(
    r"\b(?:nao (?:sei|sabemos|consigo|lembro)|no (?:se|sabemos|puedo|recuerdo)|can't|cannot|couldn't|don't"
    r"|do not)\b[^.;!?]{0,30}\b(?:quando|cuando|when|a que hora|que dia|what time|what day|exat\w+|exact\w+)\b"
)


def read(doc: Doc, pack: RulePack, asked: Collection[str] = ()) -> dict[str, str]:
    """field -> the words, for every field of the pack that some sentence declines; `asked` are those that we asked."""
    out: dict[str, str] = {}
    before: int | None = None
    for sentence in clauses(doc):
        for field in _declined(sentence, pack, before, asked):
            out.setdefault(field, sentence.text.strip())
        before = weight.logit(sentence.odds("declines_to_give"))
    return out


def _declined(sentence: Sentence, pack: RulePack, before: int | None, asked: Collection[str]) -> Iterator[str]:
    said = cues(sentence)
    likely = sentence.odds("declines_to_give") >= weight.LEAST
    if not said and not (likely and any(weight.worth(sentence.odds, field) for field in model.DECLINABLE)):
        return
    if not said and (
        _PROMISE.search(sentence.bare) or _NOT_MISSING.search(sentence.bare) or _STANDS_ELSEWHERE.match(sentence.bare)
    ):
        return
    for field in pack.fields:
        if field not in model.DECLINABLE:
            if field in said:
                yield field
        elif field in said or weight.worth(sentence.odds, field):
            seen = weight.signs(sentence.bare, sentence.odds, field, field in said, before, field in asked)
            if weight.chance(seen) >= (weight.WITH_CUE if field in said else weight.SURE):
                yield field


def cues(sentence: Sentence) -> list[str]:
    """The fields that a sentence declines by its wording."""
    folded = sentence.bare
    if folded.rstrip().endswith("?") or not (_ANY.search(folded) or _NO_ERROR.search(folded)):
        return []
    return declines(folded)


def declines(folded: str) -> list[str]:
    """The fields that a folded sentence says are not there or cannot be told."""
    out = []
    for field in _NOUNS:
        if not _noun(field).search(folded):
            continue
        for pattern in _patterns(field):
            match = pattern.search(folded)
            if match and field not in _MAY_BE_MISSING and _MADE.search(match[0]):
                continue
            if match and field == "evidence" and _INSIDE.search(folded[: match.start()]):
                continue
            if (
                match
                and not _PROMISE.search(folded)
                and not _NOT_MISSING.search(folded[match.start() : match.end() + 25])
            ):
                out.append(field)
                break
    if "error_message" in out and not _NO_ERROR_SHOWN.search(folded):
        out.remove("error_message")
    if "error_message" in out and _THAT_ERROR.search(folded):
        out.remove("error_message")
    elif "error_message" not in out and _NO_ERROR.search(folded) and not _PROMISE.search(folded):
        out.append("error_message")
    if "occurred_at" in out and not _CANNOT_TELL_WHEN.search(folded):
        out.remove("occurred_at")
    return out


def refuses(text: str, field: str) -> bool:
    """Whether words that answer our question for a field say, in whatever way, that it is not to be had."""
    folded = fold(text).strip()
    if field not in model.DECLINABLE or len(folded) > MOST_OF_A_REFUSAL or folded.endswith("?"):
        return False
    if _PROMISE.search(folded) or _STANDS_ELSEWHERE.match(folded) or not weight.NEGATION.search(folded):
        return False

    def odds(label: str) -> float:
        if label.startswith("about:"):  # the question says what it is about
            return ASKED_ABOUT if label == f"about:{field}" else 1 - ASKED_ABOUT
        return model.probability(text, label)

    said = field in declines(folded)
    return weight.chance(weight.signs(folded, odds, field, said, None, True)) >= REFUSED


def says_none(folded: str) -> bool:
    """Whether words given as an answer say that there is none, without promising it."""
    begin = folded.strip(" \t\"'*_-:.,(>\n")[:160]
    if _PROMISE.search(folded[:220]):
        return False
    return bool(
        re.match(
            rf"(?:(?:eu|we|i|ja|infelizmente|lamentablemente|unfortunately|desculpe|perdon|sorry|isso|eso|this"
            rf"|essa?|esse|ese|la|lo|o|a|el|the|that|one|nos|me|print|captura|log|key|id|chat|chave"
            rf"|numero)[\s,]+){{0,4}}(?:{_HAVE_NOT})\b",
            begin,
        )
        or re.match(
            r"(?:no (?:key|id|chat|log|screenshot|name|print|error|message|video)s?\b|n/?a\b|n\.a\.|nd\b|n/d"
            r"|nao se aplica|no aplica|not applicable|none\b|nenhum\w*\W*$"
            r"|ningun\w*\W*$|nada\W*$|-+$|nao\W*$|no\W*$|no idea|ni idea|couldn't tell|sin dato|sem dado)",
            begin,
        )
    )


def promises(folded: str) -> bool:
    """Whether words say that the value comes later."""
    return bool(_PROMISE.search(folded))
