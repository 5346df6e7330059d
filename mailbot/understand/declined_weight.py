"""How likely a sentence says that a field is not to be had: signs in it, weighed.

In: a sentence's folded words, what the classifier makes of them, and whether we asked for the field. Out: its signs for
one field, and the chance, 0..1, that a careful reader takes the field for declined. The weights
(declined_weights.json) are made by `python -m mailbot.understand.declined_train`; they hold words and no mail.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from mailbot.understand import logistic, model

FILE = Path(__file__).with_name("declined_weights.json")
_LEARNT = logistic.Learnt(FILE)
SURE = 0.4  # chance from which a field is declined
WITH_CUE = 0.07  # the same, where a wording says so, too
LEAST = 0.05  # chance of either label of the classifier below which nothing is weighed
_MOST = 400  # characters of a sentence whose words are signs
_STEM = 6  # letters of a word that tell
_EDGE = 4  # logits beyond this say no more
_TOKEN = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[?!:]")
NEGATION = re.compile(
    r"\b(?:nao|n|no|not|cannot|never|nunca|jamais|jamas|nem|ni|nor|neither|sem|sin|without|nada|nothing|nenhum\w*"
    r"|ningun\w*|none|nobody|ninguem|nadie|zero|cero|tampouco|tampoco|inexistente|unavailable|indispon\w+|falta\w*"
    r"|impossivel|imposible|impossible|perd\w+|lost|gone|sumi\w+|desaparec\w+|apag\w+|borr\w+|delet\w+|wiped|purg\w+"
    r"|expir\w+|descon\w+|ignor\w+|vazi\w+|vaci\w+|blank|empty|branco)\b|n't\b"
)
_NOUN = {
    "pipeline_key": re.compile(
        r"\b(?:chaves?|keys?|claves?|llaves?|id|codigo|code|number|numero|identificador|identifier|hash)\b"
    ),
    "chat_id": re.compile(
        r"\b(?:chats?|convers\w+|protocolo|id|number|numero|reference|referencia|charla|atendimento|codigo)\b"
    ),
    "error_message": re.compile(
        r"\b(?:err\w+|mens\w+|message|aviso\w*|alerta\w*|warning|falla\w*|falha\w*|letr\w+|complain\w*|exception|codigo)\b"
    ),
    "evidence": re.compile(
        r"\b(?:prints?|screen\w*|captur\w+|fotos?|photos?|videos?|logs?|picture\w*|image\w*|graba\w+)\b"
    ),
    "pipeline": re.compile(r"\b(?:nomes?|nombres?|names?|called|llama\w*|chama\w*|pipelines?|flu[xj]os?|flows?)\b"),
    "occurred_at": re.compile(r"\b(?:hora\w*|dia|day|date|data|fecha|time|when|quando|cuando)\b"),
    "environment": re.compile(r"\b(?:ambientes?|environments?|entornos?|prod\w*|test\w*|pruebas?|live)\b"),
}


def logit(likely: float) -> int:
    """A probability as a whole logit, -4..4."""
    likely = min(max(likely, 1e-4), 1 - 1e-4)
    return max(-_EDGE, min(_EDGE, round(math.log(likely / (1 - likely)))))


def worth(odds: Callable[[str], float], field: str) -> bool:
    """Whether a sentence may decline a field at all."""
    return odds("declines_to_give") >= LEAST and odds(f"about:{field}") >= LEAST


def signs(
    folded: str, odds: Callable[[str], float], field: str, cue: bool, before: int | None, asked: bool
) -> list[str]:
    """What speaks for or against, each once. `cue`: a wording of declined.py declines the field; `before`: the logit
    that the sentence before declines something, None for the first; `asked`: this mail answers our question for it.
    """
    declines, about = logit(odds("declines_to_give")), logit(odds(f"about:{field}"))
    others = max(odds(f"about:{other}") for other in model.DECLINABLE if other != field)
    out = [field, f"d{declines}", f"a{about}", f"a{about},{field}", f"d{declines},{field}"]
    out += [f"d{declines // 2},a{about // 2}", f"p{logit(odds('promise_to_send'))}", f"o{logit(others)}"]
    out.append(f"before{before}")
    if asked:
        out += ["asked", f"asked,{field}", f"asked,d{declines}"]
    if cue:
        out += ["cue", f"cue,{field}", f"cue,d{declines}"]
    if folded.rstrip().endswith("?"):
        out.append("question")
    return list(dict.fromkeys([*out, *_words(folded[:_MOST], field)]))


def _words(folded: str, field: str) -> Iterator[str]:
    stems = [token[:_STEM] for token in _TOKEN.findall(folded)]
    for stem in stems:
        yield f"w={stem}"
        yield f"{field[:6]}:{stem}"
    for one, other in pairwise(["^", *stems, "$"]):
        yield f"b={one} {other}"
    yield f"n{min(6, len(stems) // 5)}"
    nouns = [m.span() for m in _NOUN[field].finditer(folded)]
    denied = [m.span() for m in NEGATION.finditer(folded)]
    if denied:
        yield "negation"
    if nouns:
        yield f"noun,{field}"
    near = min((max(a[0] - b[1], b[0] - a[1]) for a in nouns[:8] for b in denied[:8]), default=None)
    if near is not None:
        yield f"near{min(5, near // 8)}"
        yield f"near{min(5, near // 8)},{field}"


def chance(seen: Iterable[str]) -> float:
    """The chance that a sentence with these signs declines the field."""
    return _LEARNT.chance(seen)
