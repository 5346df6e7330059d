"""The key of one execution, told from the tokens of other systems: trace IDs, API keys, commits.

In: a text, raw and folded. Out: places of tokens, with how surely they are a key or why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.fields import codes, place_weight
from mailbot.understand.fields.places import Place

_TOKEN = re.compile(
    r"(?<![\w@/.:-])(?P<token>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-zA-Z]{12,64}"
    r"|[0-9a-zA-Z]{4,}(?:[-_][0-9a-zA-Z]{4,}){1,7})(?![\w@/-]|\.[a-z])"
)
_SHORT_TOKEN = re.compile(r"(?P<token>[0-9a-zA-Z](?:[0-9a-zA-Z_-]|\.(?=[\w-]*\d)){4,80})(?![\w@/]|\.[a-z]{2,}\b)")
_SHORT_HEX = re.compile(  # 8 to 11 digits of hex: too short to be taken beside anything else
    r"(?<![\w@/.:#-])(?P<token>0x[0-9a-fA-F]{8,16}|(?=[0-9]*[a-f])(?=(?:[a-f]*\d){2})[0-9a-f]{8,11})(?![\w@/-]|\.\w)"
)
_HEX_IN = re.compile(r"\d[a-fx]|[a-f]\d")  # in all of them
_ALONE = re.compile(  # a line of its own: "t4-99e8", "atl-91-0e0e7a"
    r"(?m)^[ \t>*\"'\u2022-]*"
    r"(?P<token>[0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{2,8}){0,3}-(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,8})"
    r"[\"'.,]?[ \t]*$"
)
_TOLD = re.compile(r"[^.;:\n]{1,40}[:\u2192]\s*[\"'`(]?")  # "the key that the big screen keeps: …"
_KEY = Cue(
    r"(?:\b(?:pipeline[\s_-]?keys?|execution[\s_-]?(?:key|id)|run[\s_-]?(?:key|id)|keys?|chaves?|claves?|llaves?"
    r"|execucao|execucoes|ejecucion(?:es)?|executions?|runs?|execution|corrida)\b|\bpipelinekey\b|\bexecutionkey\b"
    r"|\bexecutionid\b)"
)
_NOT_KEY = re.compile(
    r"(?<![\w-])(?:api[\s_-]?keys?|chave(?: d[aeo])? (?:api|pix|acesso|nfe?|nota|licenca|seguranca|criptografia)"
    r"|chave[\s_-]?pix|clave (?:de )?(?:api|acceso|seguridad|privada|publica)|license key|primary key|foreign key"
    r"|public key|private key|ssh|chave primaria|chave estrangeira"
    r"|trace[\s_-]?id|traceid|correlation[\s_-]?id|correlationid|request[\s_-]?id|requestid|x-request-id"
    r"|span[\s_-]?id|transaction[\s_-]?id|txid|token|bearer|session|sessao|sesion|commit|sha\d*|md5|checksum|hash"
    r"|boundary|cid|cookie|jsessionid|nonce|etag|message-id"
    r"|pedido|order|orden|fatura|invoice|factura|chat|conversa|conversation|conversacion|conta|account|cuenta"
    r"|cliente|customer|client[\s_-]?id|secret|senha|password|contrasena|tenant|certificado|certificate|fingerprint"
    r"|thumbprint|serial|uuid do|id do pedido|device[\s_-]?id)(?![\w-])"
)
_BETWEEN = re.compile(
    r"(?:\s*(?:\([^)\n]{0,30}\)|(?:da|de|do|of|the|del|desta|dessa|esa|esta|la|el|a|o|is|e|es|era|was|seria"
    r"|id|key|nro|numero|n[ºo°]|execucao|execution|ejecucion|pipeline|com|con|with|first|one|that|failed"
    r"|primeira|primera|falhou|fallida|fallo|ultima|last|erro|error|problema"
    r"|aqui|here|abaixo|below|segue|sigue|foi|fue|for|mais recente|recente|afetada|affected|en cuestion"
    r"|em questao|uma|una|delas|afectada|que|falha|which|copiada|copiei)\b|[:=#>\"'`*(\[,\u2192-]))*\s*"
)
_JSON_KEY = re.compile(r"[\"']([\w-]+)[\"']\s*[:=]\s*[\"']?$|\b([\w.-]+)=[\"']?$")


SURE = 0.5  # chance from which the likeliest code of a mail is the key
_ANY = re.compile(  # a token with two digits or more and a letter, however it is made
    r"(?<![\w@.#-])(?=[\w-]{0,40}\d)(?P<token>[0-9A-Za-z]{1,64}(?:[-_][0-9A-Za-z]{1,40}){0,7})(?![\w@-]|\.\w)"
)
_MOMENT = re.compile(r"\d{1,2}h\d{2}|\d{4}-\d\d-\d\dT?.*|\d{1,2}-[A-Za-z]{3}-\d{2,4}", re.IGNORECASE)
_LABELS = {"about": "about:pipeline_key"}


def weighed(doc: Doc) -> list[place_weight.Weighed]:
    """What may be the key, with the signs of each; what the rules say is one of them."""
    return codes.weighed(doc, key_places, _spans, _LABELS)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for m in _ANY.finditer(text):
        token = m["token"]
        digits = sum(map(str.isdigit, token))
        if len(token) > 4 and digits > 1 and not _MOMENT.fullmatch(token) and re.search(r"[A-Za-z]", token):
            yield m.span("token")


def key_places(text: str, folded: str, _loose: bool = False) -> Iterable[Place]:
    """Tokens that may be the key of an execution, with how sure that is or why not."""
    seen: set[int] = set()
    for m in _KEY.finditer(folded):
        before = folded[max(0, m.start() - 14) : m.end() + 12]
        token = _token_behind(text, folded, m.end())
        if token is None or token.start() in seen:
            continue
        value = token["token"].rstrip("-_")
        if _NOT_KEY.search(before) or re.fullmatch(r"\d{1,2}[a-z]?|20\d\d-\d\d-\d\d|\d+ms|\d+", value):
            continue
        if (
            not re.search(r"[a-zA-Z]", value)
            or (len(value) < 8 and not re.fullmatch(r"(?=[0-9]*[a-f])(?=(?:[a-f]*\d){2})[0-9a-f]{5,7}", value))
            or re.fullmatch(r"[a-z]+(?:-[a-z]+)*-?v?\d{1,2}", value)
        ):
            continue
        strong = m[0].startswith(("pipeline", "execution", "key", "run", "chave", "clave", "llave"))
        seen.add(token.start())
        yield Place(token.start(), token.start() + len(value), value, 0.92 if strong else 0.85)
    short = _SHORT_HEX.finditer(text) if _HEX_IN.search(text) else ()
    alone_in_line = _ALONE.finditer(text) if "-" in text else ()
    for m in sorted((*_TOKEN.finditer(text), *short, *alone_in_line), key=_start):
        value = m["token"]
        start, end = m.span("token")
        if start in seen or not (m.re is not _TOKEN or _opaque(value)):
            continue
        seen.add(start)
        before = folded[max(0, start - 40) : start]
        before = before[before.rfind("\n") + 1 :]
        word = _NOT_KEY.search(before)
        named = _JSON_KEY.search(before)
        if word or (named and not re.search(r"key|exec|run|ejec", named[1] or named[2] or "")):
            beside = (word or named or [""])[0]
            yield Place(start, end, value, 0, f"looks like a key, but stands beside '{beside.strip()}'")
            continue
        alone = not before.strip(" -*•>:\"'`([")
        yield Place(start, end, value, (0.8 if alone else 0.65) if m.re is _TOKEN else 0.6)


def _start(m: re.Match[str]) -> int:
    return m.start("token")


def _token_behind(text: str, folded: str, at: int) -> re.Match[str] | None:
    """The token right behind a word for a key, or behind a few more words and a colon."""
    after = _BETWEEN.match(folded, at, at + 120)
    token = _SHORT_TOKEN.match(text, after.end()) if after else None
    if token and re.search(r"\d", token["token"]):
        return token
    told = _TOLD.match(folded, at)
    token = _SHORT_TOKEN.match(text, told.end()) if told and not _NOT_KEY.search(told[0]) else None
    mixed = token and re.search(r"\d", token["token"]) and re.search(r"[a-zA-Z]", token["token"])
    return token if mixed else None


def _opaque(token: str) -> bool:
    """Whether a token is hex, a UUID or base62 noise, and no word, date or number."""
    body = token.replace("-", "").replace("_", "")
    if re.fullmatch(r"[0-9a-fA-F]{12,64}", body):
        return bool(re.search(r"[a-fA-F]", body)) and len(re.findall(r"\d", body)) >= 3
    if "-" in token or "_" in token:
        return False
    digits = len(re.findall(r"\d", body))
    switches = len(re.findall(r"(?<=[a-zA-Z])\d|(?<=\d)[a-zA-Z]", body))
    return len(body) >= 16 and digits >= 3 and switches >= 4
