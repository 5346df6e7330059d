"""request: the body or the headers that were sent. "We sent the request as the manual says" is none.

Signs: a call that carries data or headers (curl -d, -H); header lines; a JSON, XML or form body that is announced as
sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields.narrative import Sentence, found, sentences

FIELD = "request"

_CURL = re.compile(r"(?:^|\s)-(?:d|h|-data\S*|-header|-json|F)\s*['\"@{]|--(?:data|header|json|form)\b")
_HEADER = re.compile(
    r"^\s*[>*-]?\s*(?:authorization|accept(?:-\w+)?|content-type|user-agent|idempotency-key|x-[\w-]+|api-?key"
    r"|client[-_]id|cookie|host)\s*:\s*\S|\b(?:authorization|content-type|x-[a-z][\w-]+|accept)\s*[:=]\s*\S"
)
_BODY = re.compile(
    r"[{\[]\s*\"[^\"]{1,60}\"\s*:|<[a-z][\w:.-]*(?:\s[^<>]*)?>[^<]*<|\b\w{2,30}=[^\s&]{1,80}&\w{2,30}=|\{\s*$"
)
_SENT = re.compile(
    r"\b(?:request|requisic\w+|peticion|solicitud|payload|body|corpo|cuerpo|headers?|cabec\w+|envi(?:o|amos|ei"
    r"|ado|ada|a|e|ar)|mand(?:o|amos|ei|a|e|ado)|post(?:ei|amos|ed|o|a|ing)?|send(?:ing)?|sent|passo|pasamos"
    r"|passamos|xml|json|parametros?|params?|query ?string|graphql|soap|entra|goes in|chamamos com|llamamos con"
    r"|call(?:ed)? (?:it )?with)\b"
)
_CAME_BACK = re.compile(
    r"\b(?:response|respuesta|resposta|retorn\w+|return\w*|respond\w*|contest\w+|devolv\w+|devuelv\w+|answer\w*"
    r"|repl(?:y|ies|ied)|volt(?:a|ou)|vuelve|vem|veio|viene|came|comes|back|recebo|recebemos|recibo|recibimos"
    r"|get|got|sai|sale)\b"
)
_ERROR_BODY = re.compile(
    r"\"(?:error|erro|errors|message|mensagem|mensaje|codigo|code|status|issue|title|motivo)\"\s*:|<(?:fault"
    r"|error|erro)"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The first sign, with the announcement where it stands on the line before."""
    before: Sentence | None = None
    announced = 0
    for sentence in sentences(doc):
        folded = sentence.folded
        if _CURL.search(folded) or (_HEADER.search(folded) and not folded.startswith("<")):
            yield found(doc, FIELD, sentence.start, sentence.end, "call" if "curl" in folded else "headers", 0.9)
            return
        body = _BODY.search(folded)
        if body:
            said = folded[: body.start()]
            near = (
                said
                if _SENT.search(said) or _CAME_BACK.search(said)
                else (before.folded if before and announced else "")
            )
            sent, back = _last(_SENT, near), _last(_CAME_BACK, near)
            if sent > back or (
                sent < 0 and back < 0 and sentence.odds(FIELD) > 0.75 and not _ERROR_BODY.search(folded)
            ):
                yield found(doc, FIELD, sentence.start, sentence.end, "body", 0.8)
                return
            after = folded[body.end() :]
            if re.search(
                r"\b(?:goes in|e o corpo|e o que (?:envi|mand)|es lo que (?:envi|mand)|is what we (?:send|post)"
                r"|vai no (?:body|corpo|post))",
                after,
            ):
                yield found(doc, FIELD, sentence.start, sentence.end, "body", 0.75)
                return
        if not sentence.technical or _SENT.search(folded):
            before, announced = sentence, 2
        elif announced:
            announced -= 0 if body else 1


def _last(cue: re.Pattern[str], text: str) -> int:
    """Where the last cue in a text begins, -1 where there is none."""
    at = -1
    for match in cue.finditer(text):
        at = match.start()
    return at
