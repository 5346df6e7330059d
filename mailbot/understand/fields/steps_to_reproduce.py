"""steps_to_reproduce: the steps, in any form, by which the error comes. A symptom alone is none.

Signs: a numbered list of doings; "to reproduce"; a command that can be run again; a row of doings in one sentence or in
neighbouring ones ("opens the record, types the number, clicks Check"); a call with the data that make it fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, clauses, found, pairs, prose, sentences

FIELD = "steps_to_reproduce"

_REPRODUCE = Cue(
    r"\b(?:(?:para|pra|p/|como|how|to|steps? to|pasos para|passos para"
    r"|passo a passo para)\s+(?:se\s+)?(?:re)?(?:produ[zc]\w*|reproduce|repro|simular|simulate|replicar"
    r"|replicate|repetir|repeat|ver (?:o|el) (?:erro|error)|see (?:it|the)|verlo|trigger)|"
    r"repro(?:duc\w*|duz\w*)?\s*(?:steps)?\s*:|passos\s*:|pasos\s*:|steps\s*:|passo a passo|paso a paso"
    r"|step by step|roteiro|"
    r"basta\b|basta con\b|(?:e|es) so\b|just (?:call|send|ask|do|open|post|run|try|book)|you can (?:trigger|see"
    r"|reproduce) it|(?:siempre|sempre) (?:igual|assim|asi|que)|any (?:call|request|valid)|qualquer (?:chamada"
    r"|requisicao|um)|cualquier llamada|cada vez que|every time|toda vez que|whenever|sempre que|siempre que)"
)
_ACT = Cue(
    r"\b(?:digitei|confirmei|cliquei|passei|abri|entrei|salvei|mandei|enviei|coloquei|peguei|repeti|volto|voltei|fui em"
    r"|pulse|puse|entre|guarde|confirme|pase|typed|tapped|chose|clic\w*|click\w*|abr(?:o|e|imos|ir|a|en|em)"
    r"|open(?:s|ed|ing)?|entr(?:o|a|amos|ar|e|an"
    r"|am)\b(?! em contato)|log(?:s|ged)? ?in|logs?\b in|faz(?:emos)? login|faco|hago|hacemos|inicio sesion"
    r"|inicia sesion|autentic\w+|authenticat\w+|"
    r"selecion\w+|seleccion\w+|select(?:s|ed)?|escolh\w+|eli[gj]\w+|choos\w+|pick(?:s|ed)?|preench\w+|fill(?:s"
    r"|ed)?|llen\w+|digit(?:a|o|amos|ar|e)\b|teclea|type(?:s|d)?|informa(?:r|mos)?|ingres\w+|enter(?:s|ed)?|"
    r"salv(?:o|a|amos|ar)\b|save(?:s|d)?|guard(?:o|a|amos|ar)\b|grav(?:o|a|ar)\b|confirm(?:o|a|ar|amos|s|ed)?\b"
    r"|press(?:es|ed|iona\w*)?|tap(?:s|ped)?|toc(?:o|a|ar|amos)\b|puls(?:o|a|ar)\b|apert\w+|"
    r"acess(?:o|a|ar|amos)\b|acced\w+|va(?:i|mos)? (?:em|no|na|a|al)\b|voy a|go(?:es)? to|naveg\w+|scan(?:s"
    r"|ned)?|escanei\w+|escanea\w*|le o qr|lee\b|passa o cartao|pasa la tarjeta|"
    r"envi(?:o|a|ar|amos|e)\b|mand(?:o|a|ar|amos|e)\b|send(?:s)?|sending|sent|post(?:o|s|ed|amos)?\b|faz(?:er"
    r"|emos)? (?:um |o )?(?:get|post|put|patch|delete)|(?:get|post|put|patch|delete) (?:em|a|to|en|/)|cham(?:o"
    r"|a|ar|amos|e)\b|llam(?:o|a|ar|amos|e|en)\b|call(?:s|ing|ed)?\b|"
    r"ger(?:o|a|ar|amos)\b|gener(?:o|a|ar|amos|e)\b|request(?:s)? a|pega um|peg(?:o|a|amos|ar)\b|pid(?:o|e|en"
    r"|amos)|ped(?:ir|imos)|ask for|cri(?:o|a|ar|amos|e)\b|cre(?:o|a|ar|amos|e)\b|create(?:s|d)?|cadastr\w+"
    r"|registr(?:o|a|ar|amos)\b|register\w*|da(?:r|mos)? de alta|add(?:s|ed)?|adicion\w+|agreg\w+|"
    r"cancel(?:o|a|ar|amos|s|led|ing)?\b|remarc\w+|reprogram\w+|book(?:s|ed)?|agend\w+|emit(?:ir|o|imos|e)\b"
    r"|anul\w+|edit(?:o|a|ar|s)?\b|alter\w+|troc(?:o|a|ar)\b|mud(?:o|a|ar)\b|cambi(?:o|a|ar|as)\b|change(?:s"
    r"|d)?|drag(?:s)?|arrast\w+|upload(?:s|ed)?|sub(?:o|e|imos|ir)\b|import(?:o|a|ar|s)?\b|export(?:o|a|ar"
    r"|s)?\b|"
    r"esper(?:o|a|ar|amos|e)\b|wait(?:s)?|aguard(?:o|a|ar|amos)\b|refresc\w+|refresh\w*|atualiz(?:o|a|ar)\b"
    r"|repet(?:e|ir|imos|o)\b|repit\w+|retry|retries|repeat\w*|revog\w+|revoc\w+|revoke\w*|filtr(?:o|a|ar)\b"
    r"|filter\w*|ordeno|order by|dispar(?:o|a|ar|e)\b|trigger\w*|run(?:s)?\b|ejecut(?:o|a|ar|amos)\b|execut(?:o"
    r"|a|ar|amos)\b|rod(?:o|ar)\b|"
    r"mont(?:o|a|ar|amos)\b|arm(?:o|a|ar|amos)\b|assin(?:o|a|ar|amos)\b|firm(?:o|a|ar|amos)\b|sign(?:s|ed)?\b"
    r"|pon(?:go|e|er|es)\b|poe|poner|put(?:s)?\b|le da\b|le doy|dar(?:le)? (?:clic|a)|consult(?:o|a|ar|amos)\b"
    r"|query|quer(?:y|ies)|cot(?:o|a|ar|iza|izar)\b|liber(?:o|a|ar)\b|pag(?:o|a|ar|amos)\b|pay(?:s)?\b"
    r"|start(?:s)? a|sync\w*|use(?:s)? the|usar|utiliz\w+|marca(?:r)?\b|pede|take(?:s)? a|tira)\b"
)
_SEQUENCE = Cue(
    r"\b(?:depois|entao|em seguida|por (?:ultimo|fim)|primeiro|then|after that|afterwards|next|finally|first"
    r"|despues|luego|enseguida|primero|al final|por ultimo|e ai|y ahi|dai)\b|->|=>|\s>\s|;|,"
)
_NUMBERED = re.compile(
    r"(?:^|\s)(?:1\s?[.)ºª°-]|\(1\)|a\))\s*\S.{2,200}?(?:\s|\n)(?:2\s?[.)ºª°-]|\(2\)|b\))\s*\S", re.DOTALL
)
_CURL = re.compile(r"(?:^|\s)(?:curl\s+[-'\"h]|http\s+(?:get|post)|wget\s|invoke-(?:restmethod|webrequest))")
_CALL = Cue(
    r"\b(?:get|post|put|patch|delete)\s+(?:(?:em|no|na|a|to|en|al|on|direto|para)\s+)?(?:/\w|https?:/)"
    r"|\b(?:cham\w+|llam\w+|calls?|called|calling|hit(?:s|ting)?|consulta\w*)\b[^.\n]{0,40}(?:\s/\w|https?:/)"
)
_OUTCOME = Cue(
    r"\b(?:volta\w*|vuelve\w*|retorn\w+|return\w*|respond\w*|contest\w+|devolv\w+|devuelv\w+|answer\w*"
    r"|comes? back|vem|veio|viene\w*|toma|da\b|dá|recus\w+|rechaz\w+|refus\w+|reject\w*|rejeit\w+|falha|falla"
    r"|fails?|erro|error|"
    r"trava\w*|hang\w*|gira\w*|spinner|never|nunca|nada|nothing|aparece\w*|appears?|fica\w*|queda\w*|stays?"
    r"|sai\b|sale|[1-5]\d\d|sempre|siempre|always|sigue\w*|still|igual)\b"
)
_HABIT = Cue(
    r"\b(?:how (?:do|can|should)|como (?:faco|fazer|hago|puedo|posso)|seria possivel|would it be|gostaria"
    r"|quisiera|i'?d like|sugest|sugier|suggest)\b"
)
_LEAST = 0.1  # chance up to which only numbered doings count


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The surest sign; a list counts as a whole."""
    best = _list(doc)
    whole = sentences(doc)
    done = set(map(id, whole))
    for sentence in (*whole, *(one for one in clauses(doc) if id(one) not in done)):
        sign = judge(sentence)
        if sign and (best is None or sign[0] > best[0]):
            best = (sign[0], sign[1], sentence.start, sentence.end)
    if best is None:
        for one, other in pairs(doc, 600):
            sign = judge_pair(one, other)
            if sign:
                best = (sign[0], sign[1], one.start, other.end)
                break
    if best:
        yield found(doc, FIELD, best[2], best[3], best[1], best[0])


def judge(sentence: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when one sentence tells how the error comes."""
    if _CURL.search(sentence.folded[:300]):
        return 0.85, "command"
    if sentence.technical:
        return None
    bare, odds = sentence.bare, sentence.odds(FIELD)
    if bare.rstrip().endswith("?") or (odds <= _LEAST and not _NUMBERED.search(sentence.text)) or _HABIT.search(bare):
        return None
    acts = len({match.start() for match in _ACT.finditer(bare)})
    if _REPRODUCE.search(bare) and (acts or _CALL.search(bare)) and odds > 0.2:
        return max(0.85, odds), "to reproduce"
    if _NUMBERED.search(sentence.text) and acts > 1:
        return 0.85, "numbered"
    if acts >= 3 and _SEQUENCE.search(bare) and odds > (0.2 if acts == 3 else 0.1):
        return max(0.75, odds), "row of doings"
    if acts >= 2 and _OUTCOME.search(bare) and _SEQUENCE.search(bare) and odds > 0.25:
        return max(0.7, odds), "doings and outcome"
    if _CALL.search(bare) and odds > (0.2 if _OUTCOME.search(bare) else 0.4):
        return max(0.65, odds), "call"
    if odds > 0.6:
        return odds, "classifier"
    return None


def judge_pair(one: Sentence, other: Sentence) -> tuple[float, str] | None:
    """(confidence, the sign) when the doings stand in one sentence and what comes of them in the next."""
    if one.bare.rstrip().endswith("?") or other.bare.rstrip().endswith("?") or _HABIT.search(one.bare):
        return None
    acts = len(_ACT.findall(one.bare))
    more = len(_ACT.findall(other.bare))
    if (
        acts
        and more
        and _OUTCOME.search(other.bare)
        and acts + more >= 3
        and max(one.odds(FIELD), other.odds(FIELD)) > 0.25
    ):
        return 0.65, "doings, then outcome"
    if _CALL.search(one.bare) and _OUTCOME.search(other.bare) and max(one.odds(FIELD), other.odds(FIELD)) > 0.3:
        return 0.65, "call, then outcome"
    return None


def _list(doc: Doc) -> tuple[float, str, int, int] | None:
    """A list of at least two items that are doings, in order."""
    run: list[tuple[int, int]] = []
    for sentence in prose(doc):
        numbered = re.match(r"\s*(?:\d{1,2}\s?[.)º-]|passo \d|paso \d|step \d|[a-e]\))", sentence.folded)
        if numbered and _ACT.search(sentence.bare):
            run.append((sentence.start, sentence.end))
    if len(run) >= 2:
        return 0.8, "list", run[0][0], run[-1][1]
    return None
