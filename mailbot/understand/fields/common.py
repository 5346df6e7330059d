"""What several finders share: corrections, placeholders, clauses, words near a place.

In: folded text and offsets. Out: plain answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mailbot.rules.pack import RulePack
from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc, Span

LIMIT = 40_000  # characters of a mail that finders of prose read: what comes later is a dump

LONGEST = 400  # characters of a sentence that are read to either side of a place
MOST = 80  # places of one kind that are judged in one mail


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and where it stands in the words that were read."""

    value: str
    start: int
    end: int


CORRECTION = Cue(
    r"\b(?:corrig\w+|corrij\w+|correc(?:tion|cao|cion)\b|rec?tific\w+"
    r"|make (?:that|it) (?=(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|me (?:confundi|enganei|equivoque)|(?:confundi|enganei|equivoque)(?:-me|mos)?\b"
    r"|(?:desculp\w+|perdon|sorry|ops|opa|oops)[,.!]? (?:\w+ )?(?:foi|fue|era|it was)\b"
    r"|na verdade|na realidade|en realidad|en verdad|actually|i meant|quis dizer|quise decir|mis(?:read|typed|took"
    r"|remembered)|mistake|typo"
    r"|(?:wrong|incorrect) (?:name|one|id|key|date|day|time|hour|number|environment|pipeline|flow)|errat[ao]|erramos"
    r"|digit(?:ei|ou|e|o) (?:errad|mal)|passei errad[oa]|mixed up|me lie\b|troquei|isn't .{1,40}\bit(?:'s| is)\b"
    r"|la pifie|got (?:it|that) wrong|wrote (?:it )?wrong(?:ly)?|transpos\w+|inverti (?:dois|dos)|escrevi errado"
    r"|escribi mal|saiu errad[oa]"
    r"|salio mal escrit[oa]|nao e mais"
    r"|mandei errad[oa]|copiei errad[oa]|pasamos mal|puse mal|el correcto|la correcta|o correto|a correta|o certo"
    r"|a certa|the (?:correct|right) (?:one|name|id|key|date)"
    r"|(?:correct|right) (?:one|name|id|key|date|time) is|em vez d[aeo]|en vez de|en lugar de|instead of|and not"
    r"|nao e o?\b.{1,40}\b(?:e|mas)\b"
    r"|nao foi .{1,40} foi|no fue .{1,40} (?:sino|fue)|it(?:'s| is| was) not\b|wasn't .{1,40} (?:but|it was)"
    r"|disregard|scratch that|desconsider\w+|ignorem? (?:o|a)\b"
    r"|mixed (?:\w+ ){0,2}up|misturei|misturamos|troquei|trocamos|confund\w+|mezcle"
    r"|digitou errado|escreveu errado|se equivoco|les pase el|les? di (?:el|la)|otra conversacion|outro chat"
    r"|de outr[oa])",
    cut=True,
)

_NO_VALUE = re.compile(
    r"(?:[\W_]*|n\W{0,2}a\.?|n/d|nd|tbd|tba|x{2,}|y{2,}|\?+|\.{2,}|-+|_+|nan|null|none|nil|nenhum[a]?|ningun[ao]?"
    r"|no aplica|na|nao se aplica"
    r"|nao aplicavel|not applicable|preencher|a preencher|preencha aqui|por preencher|fill (?:in|me)|to be filled"
    r"|por completar|completar"
    r"|a definir|por definir|a confirmar|por confirmar|to confirm|vazio|vacio|empty|em branco|en blanco|blank"
    r"|desconhecid[oa]|desconocid[oa]|unknown"
    r"|sem informacao|sin informacion|sin datos|sem dados|escreva aqui|escriba aqui|write here|digite aqui"
    r"|(?:o|a|el|la|the)?\s?(?:de sempre|de siempre|usual(?: one)?|same(?: one| as (?:always|ever|usual))?"
    r"|mesm[oa](?: de sempre)?|mism[oa](?: de siempre)?|de costume|de costumbre|habitual|normal one)"
    r"|(?:idem|(?:o |a |el |la |the )?(?:mesm[oa]|mism[oa]|same)(?: one)?)"
    r"(?: (?:(?:ao?|do|da|del?|de la|que|em|as|in|of|to) )?"
    r"(?:(?:o|a|el|la|los|the|no|na) )?(?:\w+ ){0,2}"
    r"(?:anterior|previous|before|last(?: time)?|passad[oa]|pasad[oa]|outra vez|otra vez))?"
    r"|seu valor|value|valor|aqui|here)(?: yet| ainda| todavia| por ora| por ahora| for now)?[\s.!]*"
)
_DECLINED = re.compile(
    r"(?:eu |we |i |ja |ainda |infelizmente |lamentablemente |unfortunately )*"
    r"(?:nao (?:sei|tenho|temos|sabemos|ha|existe|achei|encontrei|consigo|localizei|aparece|lembro|foi gerad\w"
    r"|possuo|possuimos|conseguimos|disponho)"
    r"|no (?:se|lo se|tengo|tenemos|sabemos|hay|existe|la tengo|lo tengo|aparece|encuentro|recuerdo|cuento|contamos"
    r"|dispongo|la encuentro|lo encuentro|idea)"
    r"|(?:i |we )?(?:do not|don't|dont|didn't|did not) (?:know|have|remember|see|get|find)|not (?:available|known"
    r"|sure|shown|given|there)|no idea"
    r"|(?:i |we )?(?:haven't|have not|can't|cannot|couldn't|could not) (?:got|find|found|see|tell|get|say|locate)"
    r"|sem|sin|without|there (?:is|isn't|are) (?:no|none|any)|nao disponivel|no disponible|indisponivel|desconheco"
    r"|desconozco|nem sei|ni idea"
    r"|nao faco ideia|nenhum[a]?|ningun[ao]?|none|no (?:key|id|chat|error|name|message|pipeline|screenshot|log)s?)\b"
)


def is_placeholder(folded: str) -> bool:
    """Whether a text is only what stands where a value is missing: "-", "n/a", "xxx", "preencher"."""
    folded = folded.strip()
    return len(folded) < 60 and _NO_VALUE.fullmatch(folded) is not None


def says_none(folded: str) -> bool:
    """Whether a text begins by saying that the value does not exist or cannot be told ("não tenho, …")."""
    return _DECLINED.match(folded.strip(" \"'*_-:.,(")) is not None


_CLAUSE = re.compile(
    r"[.;:!?\n]|,(?!\d)|\s-\s|\b(?:mas|porem|pero|sino|but|while|whereas|enquanto|mientras|although|though|embora"
    r"|aunque|ja|y|e|and)\s"
)


def clause(folded: str, start: int, end: int, within: Span) -> Span:
    """The stretch between separators around a place, inside a sentence."""
    left = within.start
    for m in _CLAUSE.finditer(folded, within.start, start):
        left = m.end()
    right_match = _CLAUSE.search(folded, end, within.end)
    return Span(left, right_match.start() if right_match else within.end)


def sentence(doc: Doc, offset: int) -> Span:
    """The sentence around a place, or the line when it stands between sentences; of a very long one the part near"
    " it."""
    span = doc.sentence_at(offset)
    if span.end <= span.start:
        row = doc.row_at(offset)
        span = Span(row.start, row.end) if row else Span(offset, offset)
    return Span(max(span.start, offset - LONGEST), min(span.end, offset + LONGEST))


def corrects(doc: Doc, span: Span) -> bool:
    """Whether a sentence, or what leads to it ("Correction, sorry: I misread it."), corrects what was said before."""
    if not CORRECTION.may_be_in(doc.folded):
        return False
    return CORRECTION.pattern.search(doc.folded, max(0, span.start - 160), span.end) is not None


T = TypeVar("T")
_MADE: dict[tuple[str, int], tuple[RulePack, object]] = {}


def per_pack(name: str, pack: RulePack, make: Callable[[RulePack], T]) -> T:
    """What is made of a pack's data once: its patterns and tables. Kept as long as the pack is the same object."""
    held = _MADE.get((name, id(pack)))
    if held is None or held[0] is not pack:
        held = _MADE[name, id(pack)] = (pack, make(pack))
    return held[1]  # type: ignore[return-value]


def strip_value(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a value without the quotes, blanks and punctuation around it."""
    while start < end and text[start] in " \t\"'`“”‘’«»<[(*_:=-–>•":
        start += 1
    while end > start and text[end - 1] in " \t\"'`“”‘’«»>])*_.,;:!?":
        if text[end - 1] in ")]" and text.count("(" if text[end - 1] == ")" else "[", start, end):
            break
        end -= 1
    return start, end
