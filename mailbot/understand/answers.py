"""Answers to our request: what a customer wrote under, beside or in the order of the questions we asked.

In: the mail (`Doc`), its lines, the pack, the context with the questions as they were sent. Out: the values given, the
fields declined with the words, and the stretches of text that are used up, so that no finder reads them again.

An answer to a slot is read as that slot; an answer to a narrative is that narrative when it says something: not "ok",
not a question back, not "see below", not a promise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.message.model import Line
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Question
from mailbot.understand import asked, declined
from mailbot.understand.asked import Answer
from mailbot.understand.doc import Doc, Row, Span
from mailbot.understand.facts import Context, Evidence, Found
from mailbot.understand.fields import own, pipeline, values
from mailbot.understand.fields.common import is_placeholder
from mailbot.understand.fields.narrative import may_be
from mailbot.understand.model import probability
from mailbot.understand.text import fold

SURE = 0.97
NAMED = 0.12  # chance from which a mail that answers our question for the pipeline names it: below a finder's
NAMED_BELOW = 0.06  # the same in the words right under that question
REFUSES = 0.75  # chance that an answer refuses, from which it gives no narrative
_USED_UP = frozenset({"prior_analysis", "title", "justification"})  # their dates and names are no facts of the failure
_SHORT = 14  # words of a mail that may be nothing but a value
_POINTS_ELSEWHERE = re.compile(
    r"\W*(?:(?:ver?|veja|vide|see|conforme|como|as|ya|ja|already|idem|ditto|same as|igual|mismo|mesmo|segun"
    r"|please see|favor ver|esta|it is|it's|vai|va)\b[\s,]*)*"
    r"(?:abaixo|acima|abajo|arriba|above|below|anexo|em anexo|adjunto|attached|attachment|print|captura"
    r"|screenshot|assunto|asunto|subject|e-?mail anterior|correo anterior|previous (?:mail|email)"
    r"|anterior(?:mente)?|earlier|before|dito|dicho|said|informad[oa]|enviad[oa]|sent|told|respondid[oa]|idem"
    r"|ditto|ok(?:ay)?|sim|yes|si|nao sei|feito|done|hecho|certo|claro|sure)\W*"
)
_NO_REASON = re.compile(
    r"\W*(?:(?:just )?because(?: (?:i|we) sa(?:y|id) so)?|porque (?:sim|si|lo digo yo|eu estou dizendo))\b"
    r"(?:[\s,]+(?:ue|uai|ora|pues|pos|po|y ya|y punto|e pronto|e ponto|of course))?\W*"
)
_UNDECIDED = re.compile(  # of a name: "still thinking of one", "ainda sem nome"
    r"\W*(?:(?:we're|we are|i'm|i am|it is|it's|estamos|estou|estoy)\s)?(?:still|not yet|undecided|tbd|no name"
    r"|nameless|ainda|todavia|aun|sem nome|sin nombre|por definir|a definir|thinking|pensando)(?![\w-])"
)
_CODE_LIKE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z0-9]{2,})+\b|\b[A-Z]{2,}-?\d{3,}")  # "RFC_SYSTEM_FAILURE", "ORA-12541"
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_PLAIN_WORD = re.compile(r"[^\W\d_]{1,12}")
_EVERYTHING = re.compile(
    r"\W*(?:(?:ja |ya |we |i |el |ele |ella |ela |he |she |have |has )*"
    r"(?:tent\w+|test\w+|tried|prob\w+|hice|hicimos|fiz\w*|did|done)\s)?\W*(?:de |of |with )?"
    r"(?:tudo|todo|everything|the usual|o de sempre|lo de siempre|varias (?:coisas|cosas)|(?:several|many) things)"
    r"(?:\s(?:um pouco|possivel|posible|possible|we could|i could|que pude|o que deu))?\W*"
)
_SIGN_OFF = re.compile(
    r"\W*(?:att|atte|abs|abracos?|atenciosamente|cordialmente|obrigad[oa]s?|grat[oa]|valeu"
    r"|saludos?(?: cordiales)?|un saludo|atentamente|gracias|muchas gracias|thanks?|thank you|many thanks"
    r"|regards|kind regards|best(?: regards)?|cheers|bjs?|beijos?|um abraco|"
    r"bom dia|boa tarde|boa noite|ola|oi|hola|hi|hello|hey|good morning|good afternoon|buenos dias"
    r"|buenas(?: tardes)?|buen dia|prezados?|estimados?|dear \w+|tudo bem|segue[m]?(?: as respostas| abaixo"
    r"| a resposta)?|seguem as respostas|see below|answers below|ver abajo|respondo abajo|sure|claro"
    r"|here you go|aqui (?:esta|vai))\b[\s,!.:;]*(?:[^\W\d_]+[\s,!.:;]*){0,3}"
)
_BY_PLACE = frozenset({"answers/order", "answers/bare"})  # told by where they stand, not by what stands beside them
_NAME_LIKE = re.compile(r"[-_./\d]|[a-z][A-Z]")
_COMMA = re.compile(r"\s*[,;|/]\s+|\s+[|/]\s*")
_SENTENCES = re.compile(r"[.!?:]\s+\S")
_ALL_OF_IT = re.compile(
    r"\W*(?:(?:infelizmente|lamentablemente|unfortunately|i|we|nos|eu|nosotros)\W+)?(?:nao (?:temos|tenho"
    r"|possuimos|dispomos)|no (?:tenemos|tengo|contamos|dispongo)|(?:do not|don't) have)\b[^.!?]{0,25}"
    r"\b(?:ess[ae]s?|est[ae]s?|es[ao]s?|nada|nenhum\w*|ningun\w*|nothing|any|th(?:is|at|ese|ose)"
    r"|tais)\b[^.!?]{0,30}[.!]?\W*"
)
_BULLET = re.compile(r"^\s*(?:[-*•·–—▪◦‣]\s*)+")
_LABELLED = re.compile(r"^\W*[^\W\d_][\w /]{1,30}\s*[:=]\s*\S")
_QUESTIONS = frozenset({"how_to_question", "status_question"})
_LINK = re.compile(r"https?://[^\s/]+/\S")
_MISFITS = 4  # numbered answers for one that cannot be one: a refusal in words that nobody knew
_SAYS_NOTHING = (
    "greeting",
    "thanks_only",
    "urgency_only",
    "promise_to_send",
    "signature_line",
    "status_question",
    "how_to_question",
)


def read(
    doc: Doc, lines: Sequence[Line], pack: RulePack, context: Context
) -> tuple[list[Found], dict[str, str], list[Span]]:
    """(values given as answers, field -> the words that decline it, stretches of Doc.text that are used up)."""
    found: dict[str, Found] = {}
    refused = declined.read(doc, pack, frozenset(question.field for question in context.asked))
    used: list[Span] = []
    if context.asked:
        answers, used = asked.quoted(doc, lines, context.asked)
        if any(_ALL_OF_IT.fullmatch(doc.folded[row.start : row.end].strip()) for row in doc.rows[:20]):
            refused = {question.field: doc.text.strip()[:200] for question in context.asked} | refused
        for way in (_by_number, _in_order, _bare):
            answers = answers or way(doc, pack, context, used)
        for answer in answers:
            _take(answer, doc, pack, found, refused)
            if answer.span and answer.how != "bare":
                used += _used(answer.question.field, answer.span, doc, found)
        _name_given(doc, context, answers, found)
    for name in found:
        refused.pop(name, None)
    return list(found.values()), refused, sorted(set(used), key=lambda span: span.start)


def _take(answer: Answer, doc: Doc, pack: RulePack, found: dict[str, Found], refused: dict[str, str]) -> None:
    """Puts one answer where it belongs; the later one wins."""
    name = answer.question.field
    given = value_of(answer, doc, pack)
    if given:
        found[name] = given
    elif declined.says_none(fold(answer.text)) or declined.refuses(answer.text, name):
        refused[name] = answer.text.strip()


def _used(field: str, span: Span, doc: Doc, found: dict[str, Found]) -> list[Span]:
    """What no finder reads again of an answer: the words of a value; the whole where it gives none, or where its dates
    and names are no facts of the failure. "sync-orders, already running in prod" tells the environment, too."""
    given = found.get(field)
    if field in values.SLOTS and given is not None:
        at = doc.text.find(given.evidence.text, span.start, span.end)
        return [Span(at, at + len(given.evidence.text))] if at >= 0 else [span]
    return [span] if field in values.SLOTS or field in _USED_UP else []


def _name_given(doc: Doc, context: Context, answers: Sequence[Answer], found: dict[str, Found]) -> None:
    """The pipeline's name in an answer of several words, or in a mail that answers our question for it in prose."""
    if not any(question.field == "pipeline" for question in context.asked) or "pipeline" in context.fields:
        return
    place = next((a.span for a in reversed(answers) if a.question.field == "pipeline" and a.span), None)
    given = found.get("pipeline")
    placed = given is None or given.finder not in _BY_PLACE or _NAME_LIKE.search(given.value) is not None
    if given and placed and len(given.value.split()) < 3 and not _PLAIN_WORD.fullmatch(given.value):
        return  # a name by itself
    named = [one for one in pipeline.weighed(doc) if one.source == "body"]
    likely = [
        one
        for one in named
        if one.chance >= (NAMED_BELOW if place else NAMED) and (place is None or one.place.start in place)
    ]
    if given and not placed and not likely:  # "Coffee done." stands where the name was asked, which stands elsewhere
        likely = [one for one in named if one.chance >= pipeline.SURE]
    if likely:
        best = max(likely, key=lambda one: (one.chance, -one.place.start))
        evidence = doc.evidence(best.place.start, best.place.end)
        found["pipeline"] = Found("pipeline", best.words(doc), evidence, "answers/name", SURE, answer=True)
    elif given and given.finder in {"answers/order", "answers/bare"} and _PLAIN_WORD.fullmatch(given.value):
        del found["pipeline"]  # "oi", "Caríssimos": no name was asked in that line


def value_of(answer: Answer, doc: Doc, pack: RulePack) -> Found | None:
    """What an answer gives for its field, or None."""
    name, text = answer.question.field, answer.text
    finder = f"answers/{answer.how}"
    if name in values.SLOTS:
        anchor = doc.date_at(answer.span.start) if answer.span else doc.message.date
        folded = fold(text)
        shaped = name in _SHAPE and _SHAPE[name].search(folded) is not None
        if name in {"pipeline", "project"} and _UNDECIDED.match(folded):
            return None
        if name == "occurred_at" and shaped and not _DIGIT.search(folded) and declined.refuses(text, name):
            return None  # "não há como saber, a agenda só mostra de hoje em diante"
        if not shaped and (
            declined.says_none(folded) or declined.promises(folded) or _SIGN_OFF.fullmatch(folded.strip())
        ):
            return None
        reading = values.read(name, text, pack, anchor)
        if reading is None or (
            name == "environment" and reading.value == "other" and not shaped and " " in text.strip()
        ):
            return None
        at = answer.span.start + reading.start if answer.span else -1
        evidence = doc.evidence(at, at + reading.end - reading.start) if answer.span else Evidence(text.strip())
        return Found(name, reading.value, evidence, finder, SURE, answer=True)
    own_slot = own.own_slots(pack).get(name)  # a slot that only this pack knows: its words are its value
    if declined.says_none(fold(text)) if own_slot else not has_content(name, text, doc.setting):
        return None
    evidence = doc.evidence(answer.span.start, answer.span.end) if answer.span else Evidence(text.strip())
    return Found(name, "present", evidence, finder, SURE, answer=True)


def has_content(name: str, text: str, where: tuple[str, ...] = ()) -> bool:
    """Whether words given for a narrative say something."""
    folded = fold(text).strip()
    words = _WORD.findall(folded)
    if not words or is_placeholder(folded) or _POINTS_ELSEWHERE.fullmatch(folded) or _SIGN_OFF.fullmatch(folded):
        return False
    if _NO_REASON.fullmatch(folded):
        return False
    if name == "evidence":  # words alone are none: files and logs are seen by its own finder
        return _LINK.search(text) is not None
    if declined.says_none(folded) and not _goes_on(folded):
        return False
    if len(words) < 25 and (declined.refuses(text, name) or _no_more(text, folded)):
        return False
    if declined.promises(folded) and len(words) < 25 and probability(text, "promise_to_send") > 0.4:
        return False
    asks = folded.rstrip().endswith("?") and name not in {"description", "title"}  # what is asked is told by asking it
    if asks and len(re.findall(r"[.!?]+(?:\s|$)", folded)) <= 1:
        return False
    if len(words) < 3 and name not in {"error_message", "title", "response", "request"}:
        return False
    if len(words) < 8 and max(probability(text, label) for label in _SAYS_NOTHING[:4]) > 0.7:
        return False
    return (name == "error_message" and _CODE_LIKE.search(text) is not None) or may_be(name, text, where)


def _no_more(text: str, folded: str) -> bool:
    """Whether an answer is a refusal by the classifier, or a word on having tried "everything"."""
    return _EVERYTHING.fullmatch(folded) is not None or probability(text, "declines_to_give") > REFUSES


def _goes_on(folded: str) -> bool:
    """Whether words that begin like a refusal tell something after all: "não chega nenhum pedido desde ontem"."""
    return len(_WORD.findall(folded)) > 9 and not re.match(
        r"\W*(?:(?:infelizmente|lamentablemente|unfortunately|i|we|eu)\W+)*(?:nao (?:tenho|temos|sei|sabemos)"
        r"|no (?:tengo|tenemos|se|sabemos)|(?:don't|do not|didn't) (?:have|know))\b",
        folded,
    )


def _by_number(doc: Doc, pack: RulePack, context: Context, used: Sequence[Span]) -> list[Answer]:
    """Answers under our numbers, unless what stands there cannot be an answer (the customer's own list of steps)."""
    answers = asked.numbered(doc, context.asked, used)
    if len(answers) == 1 and not (answers[0].question.number > 1 or fits(answers[0], doc, pack)):
        return []
    misfits = [answer for answer in answers if not fits(answer, doc, pack)]
    return answers if len(misfits) * _MISFITS <= len(answers) else []


def fits(answer: Answer, doc: Doc, pack: RulePack) -> bool:
    """Whether words can be the answer to a question: a value, a refusal, a promise, or too short to tell."""
    folded = fold(answer.text).strip()
    if value_of(answer, doc, pack) or declined.says_none(folded) or declined.promises(folded):
        return True
    return len(_WORD.findall(folded)) <= 6 or answer.question.field not in values.SLOTS


def _in_order(doc: Doc, pack: RulePack, context: Context, used: Sequence[Span]) -> list[Answer]:
    """One line for each question, in order, without numbers: taken when every line fits its question."""
    rows = _own_rows(doc, used)
    if len(rows) > 1 and doc.folded[rows[0].start : rows[0].end].rstrip().endswith(":"):
        rows = rows[1:]  # "Renan aqui, o que faltava:"
    spans = [_stripped(doc, row) for row in rows]
    open_questions = list(context.asked)
    if len(spans) == 1 and len(open_questions) > 1 and not _SENTENCES.search(doc.text, spans[0].start, spans[0].end):
        spans = _pieces(doc, spans[0])
    if len(open_questions) < 2 or len(spans) != len(open_questions):
        return []
    if sum(bool(_LABELLED.match(doc.text[span.start : span.end])) for span in spans) > 1:
        return []
    answers = [
        Answer(question, doc.text[span.start : span.end], span, "order")
        for question, span in zip(open_questions, spans, strict=True)
    ]
    slots = [answer for answer in answers if answer.question.field in values.SLOTS]
    return answers if slots and all(value_of(a, doc, pack) or declined.says_none(fold(a.text)) for a in answers) else []


def _pieces(doc: Doc, span: Span) -> list[Span]:
    """The stretches between the commas of one line."""
    cuts = [match.span() for match in _COMMA.finditer(doc.folded, span.start, span.end)]
    edges = [span.start, *(place for cut in cuts for place in cut), span.end]
    return [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _bare(doc: Doc, pack: RulePack, context: Context, used: Sequence[Span]) -> list[Answer]:
    """A mail that is nothing but a value which only one open question can take, or the text that one asks for."""
    rows = _own_rows(doc, used)
    if not rows:
        return []
    first = _stripped(doc, rows[0])
    whole = Span(first.start, rows[-1].end)
    open_questions = [question for question in context.asked if question.field not in context.fields]
    takers = []
    text = doc.text[first.start : first.end]
    if len(_WORD.findall(text)) <= _SHORT and not text.rstrip().endswith("?"):
        for question in open_questions:
            if question.field in values.SLOTS and takes(question, text, len(open_questions) == 1):
                answer = Answer(question, text, first, "bare")
                if value_of(answer, doc, pack):
                    takers.append(answer)
    if takers:
        return [min(takers, key=lambda answer: _SPECIFIC.index(answer.question.field))]
    if len(open_questions) == 1 and open_questions[0].field not in values.SLOTS:
        answer = Answer(open_questions[0], doc.text[whole.start : whole.end], whole, "bare")
        asks = _QUESTIONS if answer.question.field == "title" else frozenset[str]()
        if says_something(answer.text, asks) or answer.question.field in own.own_slots(pack):
            return [answer]
    return []


_SPECIFIC = (
    "occurred_at",
    "environment",
    "country",
    "endpoint",
    "pipeline_key",
    "chat_id",
    "component",
    "device",
    "pipeline",
    "project",
)
_SHAPE = {
    "environment": re.compile(
        r"\b(?:prod\w*|prd|live|vivo|tes(?:te|tes|t|ting)|tst|homol\w*|hml|hmg|staging|stg|qa|uat|dev(?:elop\w*)?|desenv\w*"
        r"|desarrollo|sandbox|prueba\w*|local|demo\w*|pre-?prod\w*|trein\w*|train\w*|entrena\w*|capacita\w*|formac\w*"
        r"|lab\w*|pilot\w*)\b"
    ),
    "chat_id": re.compile(r"(?<![\w.])\d[\d .-]{5,22}\d(?!\w)"),
    "pipeline_key": re.compile(r"\b(?=[\w-]*\d)[0-9a-f]{6,}(?:-[0-9a-f]{2,})*\b|\b(?=\w*\d)(?=\w*[a-z])\w{10,}\b"),
    "endpoint": re.compile(r"https?://|(?<!\w)/\w"),
    "pipeline": re.compile(r"\b[a-z0-9]+(?:[-_][a-z0-9]+)+\b"),
    "occurred_at": re.compile(
        r"\d|ontem|hoje|ayer|hoy|yesterday|today|segunda|terca|quarta|quinta|sexta|sabado|domingo|lunes|martes"
        r"|miercoles|jueves|viernes|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    ),
}


def takes(question: Question, text: str, alone: bool) -> bool:
    """Whether a bare value has the shape that a field's values have; the only open question may take any short word."""
    folded = fold(text)
    shape = _SHAPE.get(question.field)
    if question.field == "pipeline_key" and re.fullmatch(r"\W*\d{11,13}\W*", folded) and not alone:
        return False  # digits only: a chat
    if shape and shape.search(folded):
        return True
    if question.field in {"country", "component"}:
        return len(_WORD.findall(folded)) <= 10
    return alone and shape is None and 0 < len(_WORD.findall(folded)) <= 6 and not _SIGN_OFF.fullmatch(folded)


def says_something(text: str, but: frozenset[str] = frozenset()) -> bool:
    """Whether a whole mail is more than thanks, a plea, a promise or a question about the ticket; `but`: labels that
    are no objection."""
    words = len(_WORD.findall(text))
    if words < 3:
        return False
    limit = 0.5 if words < 20 else 0.85
    labels = [label for label in _SAYS_NOTHING if label not in but]
    return all(probability(text, label) < limit for label in labels) and not declined.promises(fold(text))


def _own_rows(doc: Doc, used: Sequence[Span]) -> list[Row]:
    """The rows that say something: without greetings, sign-offs and what is used up."""
    out = []
    for row in doc.rows[:200]:
        folded = doc.folded[row.start : row.end].strip()
        if folded and not any(row.start in span for span in used) and not _SIGN_OFF.fullmatch(folded):
            out.append(row)
    return out


def _stripped(doc: Doc, row: Row) -> Span:
    bullet = _BULLET.match(doc.text[row.start : row.end])
    return Span(row.start + (bullet.end() if bullet else 0), row.end)
