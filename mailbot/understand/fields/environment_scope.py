"""Of several places in one mail, the one that it is about: where it fails, not where it works or will go later.

In: the mail and its mentions of places. Out: the same mentions with the weight that their sentences give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailbot.understand.doc import Doc, Span
from mailbot.understand.fields.common import clause, sentence

A_PLAN = "a plan, not where it is now"
NOT_IT = "said not to be it"
UNTOLD = "nothing says that it happens there"
LATER = re.compile(
    r"\b(?:so|solo|only|apenas)\s+(?:entra|vai|sobe|sale)\b|\bentra (?:em|en|n?o? ?dia|el)\b|\b(?:will|sera|vai ser"
    r"|iremos|go live|goes live|not yet|ainda nao|todavia no|aun no)\b"
    r"|\b(?:em|en|in|para|until) (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro"
    r"|dezembro|enero|febrero|marzo|mayo"
    r"|junio|julio|septiembre|octubre|noviembre|diciembre|january|february|march|april|june|july|august|september"
    r"|october|november|december)\b|\bnao (?:existe|subiu|esta)\b"
)
_WORKS = re.compile(
    r"\b(?:funcion(?:a|am|an|ando|ou|aram|o|aron)|works?|worked|passed|passes|passou|working|fine|ok|okay"
    r"|normal(?:mente"
    r"|ly)?|passam?|tudo certo|ta certo|sem (?:problema"
    r"|erro|falha)s?|sin (?:problema|error|falla)s?|no (?:problem|issue)s?"
    r"|without (?:problem|error|issue)s?|bien|bem|perfeit\w+|perfect\w*|corre|green|clean|succeeds?|success\w*"
    r"|igual de bien|levantad[oa]|intact[oa]?|bom|boa|up and running|dejemoslo|leave it|deixa|sai certo"
    r"|sale bien|da certo|(?:esta|ta) (?:bom|boa|bueno)"
    r"|ya se (?:cambio|hizo)|ja foi|already done|healthy|saudavel|estavel|innocent|inocente|limp[oa]|impecable"
    r"|impecavel)\b"
)
_FAILS = re.compile(
    r"\b(?:falh\w+|fall[ao]\w*|fails?|failing|failed|errors?|erros?|errores|pasa|nos pasa|ocurr\w+|ocorr\w+"
    r"|acontec\w+|suced\w+|happen\w*|quebr\w+|ca[iey]\w*|trav\w+|par(?:ou|ad[oa]s?)|down"
    r"|crash\w*|[45]\d\d|timeout|broken?|stopp?\w*|stuck|rejeit\w+|rechaz\w+|reject\w*|da erro|da problema|roto"
    r"|se cae|reproduz\w*|reproduc\w*|lent[oa]|slow|problema|issue|aparece)\b"
)
_NEG = re.compile(r"\b(?:nao|no|not|never|nunca|jamais|sin|sem|without|neither|tampoco|tambem nao|nem|ni)\b|n't\b")
_ELLIPSIS = re.compile(
    r"[\"')]?\s*,?\s*(?:tambem |already |ya |ja |it |they |they're |isso |esto |eso )?(?:nao|no"
    r"|not|sim|si|yes|doesn't|does not|does|it does|it doesn't|isn't|is not)\s*(?:$|[.,;!?)\n]"
    r"|\bmas\b|\bbut\b)"
)
_BUT_NOT = re.compile(
    r"(?:,|\b(?:but|mas|pero|and|e|y|so que|only)\s*,?)\s*(?:not|nao|no|never|nunca)\s+(?:in|on|em|en|no)\s+(?:the "
    r"|o |a "
    r"|el |la |our |nosso )?$"
)
_HERE_NOT = re.compile(
    r"\b(?:nao (?:acontece|ocorre|da erro|falha|reproduz\w*)|no (?:pasa|ocurre|sucede|falla)|(?:doesn't|does not"
    r"|never) (?:happen|fail|occur))\b"
)
_SAME = re.compile(r"\b(?:mesm[oa]|same|mism[oa]|identic\w+|igual)\b")
_PAST = re.compile(r"\b(?:ate|until|hasta|antes|before|sempre|always|siempre|used to)\b")
_ONLY = re.compile(
    r"\b(?:so|somente|apenas|solo|solamente|unicamente|only|just|exclusivamente"
    r"|exclusively)\s+(?:acontece\s|ocorre\s|happens\s|pasa\s|falha\s|fails\s|da erro\s)?(?:em|in|en"
    r"|no|on|na)\s+(?:\w+ )?(?:de )?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word for a place, where it stands, and how surely it is one; `why` it is none."""

    start: int
    end: int
    value: str
    score: float
    why: str = ""


def weigh(doc: Doc, found: list[Mention]) -> Iterable[Mention]:
    """Gives each mention its due: where it fails counts most, where it works not at all."""
    several = len({m.value for m in found if not m.why or m.why in {A_PLAN, NOT_IT}}) > 1
    state_before: tuple[Span, int] | None = None
    for number, mention in enumerate(found):
        before = doc.folded[max(0, mention.start - 50) : mention.start]
        if several and state_before and mention.start in state_before[0] and _BUT_NOT.search(before):
            yield replace(
                mention, score=5.0 if state_before[1] > 0 else 0, why="" if state_before[1] > 0 else "it works there"
            )
            continue
        if mention.why or not several:
            part = clause(doc.folded, mention.start, mention.end, sentence(doc, mention.start))
            text = doc.folded[part.start : part.end]
            here_not = not mention.why and (_HERE_NOT.search(text) or (_SAME.search(text) and state_of(text) > 0))
            yield replace(mention, score=0, why="it does not happen there") if here_not else mention
            continue
        span = sentence(doc, mention.start)
        part = clause(doc.folded, mention.start, mention.end, span)
        text = doc.folded[part.start : part.end]
        following = next((m.start for m in found[number + 1 :] if m.why != UNTOLD), span.end)
        if mention.score >= 4.5:
            mention = replace(mention, score=mention.score + 2)  # the place and nothing else: an answer
        state = state_of(text) or state_of(doc.folded[mention.end : min(following, span.end)])
        ellipsis = _ELLIPSIS.match(doc.folded, mention.end)
        if ellipsis and ellipsis.end() <= span.end + 1 and state_before and state_before[0] == span:
            state = -state_before[1]
        elif _ONLY.search(before):
            state = -1
        if state:
            state_before = (span, state)
        if state > 0:
            yield Mention(mention.start, mention.end, mention.value, 0, "it works there")
        elif LATER.search(text):
            yield Mention(mention.start, mention.end, mention.value, 0, A_PLAN)
        elif state < 0:
            yield Mention(mention.start, mention.end, mention.value, mention.score + 3)
        else:
            yield mention


def state_of(text: str) -> int:
    """1: it works there, -1: it fails there, 0: not told."""
    fails, works = _FAILS.search(text), _WORKS.search(text)
    hit = min((m for m in (fails, works) if m), key=lambda m: m.start(), default=None)
    if hit is None:
        return 0
    if hit is works and _PAST.search(text):
        return 0
    sign = 1 if hit is works else -1
    before = text[max(0, hit.start() - 22) : hit.start()]
    return -sign if _NEG.search(before) else sign
