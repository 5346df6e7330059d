"""Secrets that customers paste, hidden before their words are sent on: passwords, keys, tokens, cookies, card numbers.

In: text. Out: the text with `[hidden: password]` in the secret's place, and what was hidden where. What only looks like a secret
stays: pipeline keys (UUID, hex), chat IDs, order numbers, CPF and CNPJ. Every search takes time linear in the text.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Masked:
    """A hidden secret: what it is, and where it stood in the text that was handed in."""

    kind: str
    start: int
    end: int


_NAMES = {
    "password": {"pt": "senha", "en": "password", "es": "contraseña"},
    "token": {"pt": "token de acesso", "en": "access token", "es": "token de acceso"},
    "api-key": {"pt": "chave de API", "en": "API key", "es": "clave de API"},
    "private-key": {"pt": "chave privada", "en": "private key", "es": "clave privada"},
    "authorization": {"pt": "cabeçalho Authorization", "en": "Authorization header", "es": "cabecera Authorization"},
    "cookie": {"pt": "cookie", "en": "cookie", "es": "cookie"},
    "card": {"pt": "número de cartão", "en": "card number", "es": "número de tarjeta"},
    "cvv": {
        "pt": "código de segurança do cartão",
        "en": "card security code",
        "es": "código de seguridad de la tarjeta",
    },
}

# ---- labels: `senha: x`, `"password": "x"`, `DB_PASSWORD=x`, `a senha é x` ----

_STRONG = r"senhas?|passwords?|passwd|passphrase|contrase(?:ñ|n)as?|pwd|pswd|parola"
_SECRET = (
    r"(?:client|consumer|app|shared|signing|webhook|secret)[_\- ]?(?:secret|key|token)|secret(?:[_\- ]?access[_\- ]?key)?|segredo|secreto"
    r"|(?:access|auth|refresh|id|session|security|bearer|api|bot|csrf|x-[a-z]{1,12})[_\- ]?token|token(?: de (?:acesso|acceso|api))?"
    r"|(?:x[_\-])?(?:api|app|access|account|encryption|storage|shared[_\- ]access|ocp-apim-subscription|subscription)[_\- ]?key"
    r"|apikey|accountkey|chave (?:de|da) (?:api|acesso|assinatura)|clave (?:de|del) (?:api|acceso)|credencia(?:l|is)|credencial(?:es)?"
)
_WEAK = r"pass|pw|clave|pin"
_BEFORE = r"(?<![^\W\d_])(?:[A-Za-z0-9]{1,20}[_.\-]){0,3}"
_LABEL = re.compile(
    rf"{_BEFORE}(?P<label>(?P<strong>{_STRONG})|(?P<secret>{_SECRET})|(?P<weak>{_WEAK}))(?![^\W_])"
    r"(?P<between>(?:[ \t]+(?:do|da|de|del|of|for|para|the|actual|atual|usuario|usuário|user|nova|nueva|new)\b){0,3})"
    r"[\"'`*]{0,3}[ \t]{0,4}(?P<sign>:=|=>|[:=]|(?:(?:é|eh|is|es|são|era|was)(?=[ \t:])[ \t]{0,4}:?)|(?=[ \t]))[ \t]{0,4}(?P<quote>[\"'`]?)",
    re.IGNORECASE,
)
_CAMEL = re.compile(
    r"(?<=[a-z])(?:Password|Passwd|Pwd|Senha|Secret|Token|ApiKey|AccessKey)[\"']?[ \t]{0,4}[:=][ \t]{0,4}(?P<quote>[\"']?)"
)
_XML = re.compile(
    rf"<(?:[A-Za-z0-9]{{1,20}}:)?(?P<name>{_STRONG}|secret|token|apikey|api-key|pwd)\b[^<>]{{0,200}}>(?P<value>[^<>]{{1,200}})</",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\s\"'`<>,;&]{1,400}")
_UUID_OR_HEX = re.compile(
    r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8,64}|\d+)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"[*•xX.\-_#?…]{2,}|[<{\[(].*|\$\{?.*|%.*|null|none|nil|true|false|undefined|n/?a", re.IGNORECASE
)
_NO_SECRET = frozenset(
    "inválida invalida inválido invalido incorreta incorreto incorrecta incorrecto errada errado wrong invalid incorrect expired expirada "
    "expirado expirou vencida vencido caducada caducado required obrigatória obligatoria requerida missing empty vazia vacía não nao not no "
    "ok sim yes sí reset redefinir redefinição resetar bloqueada bloqueado blocked bloqueó esquecida olvidada forgotten nova nueva new "
    "antiga old anterior field campo box page página tela screen policy política expiry expiration validade protected correta correcto "
    "correcta correct certa correto certo aqui here em en in by por para for que sem sin with without com con ainda still same mesma "
    "basic bearer oauth oauth2 jwt sso saml rotation manager vault hidden oculta secret".split()
)

# ---- shapes that are a secret wherever they stand ----

_TOKEN = re.compile(r"(?<![A-Za-z0-9_.\-/+])[A-Za-z0-9_][A-Za-z0-9_.\-/+]{15,4000}={0,2}")
_KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("token", r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?\.?"),
        ("api-key", r"(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}"),
        ("api-key", r"AIza[A-Za-z0-9_-]{35}"),
        ("token", r"ya29\.[A-Za-z0-9_.-]{20,}"),
        ("token", r"xox[abeoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}"),
        ("token", r"xapp-\d-[A-Za-z0-9-]{20,}"),
        ("token", r"gh[oprsu]_[A-Za-z0-9]{36,}"),
        ("token", r"github_pat_[A-Za-z0-9_]{22,}"),
        ("token", r"glpat-[A-Za-z0-9_-]{20,}"),
        ("api-key", r"(?:sk|rk|pk|whsec)_(?:live|test)?_?[A-Za-z0-9]{16,}"),
        ("api-key", r"sk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}"),
        ("api-key", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("token", r"(?:npm|hf|pypi|dop_v1|shpat|shpss|shpca|dckr_pat|glsa|ATATT|EAAC)[_-]?[A-Za-z0-9_-]{30,}"),
    )
)
_AUTHORIZATION = re.compile(
    r"(?:proxy-)?authorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:(?:basic|bearer|token|digest|apikey|key|hmac|aws4-hmac-sha256|negotiate)[ \t]{1,4})?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b(?P<scheme>bearer|basic)[ \t]{1,4}(?P<value>[A-Za-z0-9._~+/\-]{8,4000}={0,2})", re.IGNORECASE)
_URL_LOGIN = re.compile(r"(?<=://)[^\s:/@\"'<>]{0,100}:(?P<value>[^\s@/\"'<>]{1,200})@")
_JDBC_LOGIN = re.compile(r"jdbc:[a-z]{1,20}:[a-z]{1,20}:[^\s/@]{1,60}/(?P<value>[^\s@/]{1,100})@", re.IGNORECASE)
_COOKIE = re.compile(
    r"\b(?:set-)?cookie[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?(?P<value>[\w.\-]{1,80}=[^\r\n\"']{1,4000})", re.IGNORECASE
)
_SESSION = re.compile(
    r"\b(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|sessionid)=(?P<value>[^\s;\"']{8,400})", re.IGNORECASE
)
_KEY_BEGIN, _KEY_END = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"), "PRIVATE KEY"
_DIGITS = re.compile(r"(?<![0-9A-Za-z.,/_\-])\d(?:[ \-]?\d){12,70}(?![0-9A-Za-z/_\-])")
_CVV = re.compile(
    r"\b(?:cvv2?|cvc2?|cid|c[oó]digo de (?:segurança|seguranca|seguridad)|security code)\b\W{0,4}(?:is|es|é)?\W{0,3}(?P<value>\d{3,4})\b",
    re.IGNORECASE,
)
_BRANDS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|606282\d{10}|(?:636368|636297|504175|438935|451416)\d{10}"
)
_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1)})
_OTHER_NUMBER = re.compile(
    r"(?:pedido|order|orden|ordem|chat|conversa|conversation|conversación|protocolo|ticket|chamado|nota|nf-?e?|invoice|factura|fatura|boleto"
    r"|remessa|lote|rastreio|tracking|id|key|chave|clave|código|codigo|cnpj|cpf|imei|iccid|ean|gtin|sku|execu\w*|correlation)\W{0,3}"
    r"(?:\w{1,8}\W{1,2}){0,2}$",
    re.IGNORECASE,
)
_CARD_WORD = re.compile(r"cart[aã]o|card|tarjeta|visa|master|amex|cr[eé]dito|d[eé]bito|\bpan\b", re.IGNORECASE)


def mask(text: str) -> tuple[str, tuple[Masked, ...]]:
    """The text with its secrets hidden, and what was hidden, in order. Offsets are those of the text handed in."""
    found: list[Masked] = []
    for search in _SEARCHES:
        found.extend(search(text))
    if not found:
        return text, ()
    out, place, kept = [], 0, []
    for one in sorted(found, key=lambda m: (m.start, -m.end)):
        if one.start < place:
            continue
        out += [text[place : one.start], f"[hidden: {_NAMES[one.kind]['en']}]"]
        place = one.end
        kept.append(one)
    return "".join([*out, text[place:]]), tuple(kept)


def masked_kinds(kinds: Iterable[str], language: str) -> list[str]:
    """What was hidden, by name and without repeats, for the note below the words."""
    return [_NAMES[kind][language] for kind in dict.fromkeys(kinds)]


# ---- the searches ----


def _private_keys(text: str) -> Iterator[Masked]:
    place = 0
    while begin := _KEY_BEGIN.search(text, place):
        end = text.find("-----END ", begin.end())
        if end < 0:
            yield Masked("private-key", begin.start(), len(text))  # cut off: everything below may be the key
            return
        line = text.find("\n", end)
        place = len(text) if line < 0 else line
        close = text.find("-----", end + 9, place)
        yield Masked("private-key", begin.start(), close + 5 if close >= 0 else place)


def _headers(text: str) -> Iterator[Masked]:
    for found in _AUTHORIZATION.finditer(text):
        stop = min((i for i in (text.find("\n", found.end()), len(text)) if i >= 0))
        value = re.match(r"[^\r\n\"']{4,4000}", text[found.end() : min(stop, found.end() + 4000)])
        if value and not _PLACEHOLDER.fullmatch(value[0].strip()) and not _prose(value[0]):
            yield Masked("authorization", found.end(), found.end() + len(value[0].rstrip()))
    for found in _SCHEME.finditer(text):
        value_text = found["value"]
        if found["scheme"].lower() == "basic":
            if _is_login(value_text):
                yield Masked("authorization", found.start("value"), found.end("value"))
        elif any(c.isdigit() for c in value_text) and len(value_text) >= 12:
            yield Masked("token", found.start("value"), found.end("value"))


def _prose(value: str) -> bool:
    """ "Authorization: o header está sendo enviado" is a sentence, no credential."""
    words = value.split()
    return len(words) > 2 and not any(any(c.isdigit() for c in w) and len(w) > 8 for w in words) and "=" not in value


def _is_login(value: str) -> bool:
    try:
        return b":" in b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (Base64Error, ValueError):
        return False


def _labelled(text: str) -> Iterator[Masked]:
    for found in _LABEL.finditer(text):
        value = _VALUE.match(text, found.end())
        if value is None:
            continue
        said, plain = value[0].rstrip(".?)]}:"), not found["sign"]
        if found["quote"]:
            close = text.find(found["quote"], found.end(), found.end() + 200)
            if close > found.end() and "\n" not in text[found.end() : close]:
                said = text[found.end() : close]
        colon = found["sign"].rstrip().endswith((":", "=", ">")) if found["sign"] else False
        rest = text[found.end() + len(said) : found.end() + len(said) + 80].split("\n", 1)[0]
        if _is_secret(said, rest, found, colon=colon, plain=plain):
            yield Masked(
                "password" if found["strong"] or found["weak"] else _secret_kind(found["label"]),
                found.end(),
                found.end() + len(said),
            )
    for found in _CAMEL.finditer(text):
        value = _VALUE.match(text, found.end())
        if value and len(value[0]) >= 4 and not _PLACEHOLDER.fullmatch(value[0]):
            yield Masked("password" if "w" in found[0][:5].lower() else "token", found.end(), value.end())
    for found in _XML.finditer(text):
        if not _PLACEHOLDER.fullmatch(found["value"].strip()):
            kind = "token" if found["name"].lower() in ("token", "secret", "apikey", "api-key") else "password"
            yield Masked(kind, found.start("value"), found.end("value"))


def _secret_kind(label: str) -> str:
    return "api-key" if re.search(r"key|chave|clave", label, re.IGNORECASE) else "token"


def _is_secret(said: str, rest: str, found: re.Match[str], *, colon: bool, plain: bool) -> bool:
    """A value, or a word of a sentence about passwords? With a colon almost everything is one; without, it must look like it."""
    if len(said) < 3 or said.casefold() in _NO_SECRET or _PLACEHOLDER.fullmatch(said):
        return False
    digit, letter = any(c.isdigit() for c in said), any(c.isalpha() for c in said)
    odd = any(not c.isalnum() for c in said) or (said[1:] != said[1:].lower() and not said.isupper())
    if found["weak"] and (_UUID_OR_HEX.fullmatch(said) or not (digit and letter)):
        return False
    if plain:
        return bool(found["strong"]) and digit and (letter or odd) and len(said) >= 6
    if not colon:
        return (digit and len(said) >= 4) or (odd and len(said) >= 6 and not said.replace("-", "").isalpha())
    if found["quote"] or digit or odd:
        return bool(found["strong"]) or len(said) >= 8 or digit
    return bool(found["strong"]) and not rest.strip(" .,;)\"'")  # one word alone behind the colon


def _shapes(text: str) -> Iterator[Masked]:
    for found in _TOKEN.finditer(text):
        for kind, shape in _KNOWN:
            hit = shape.match(found[0])
            if hit:
                yield Masked(kind, found.start(), found.start() + hit.end())
                break


def _by_group(kind: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Masked]]:
    def search(text: str) -> Iterator[Masked]:
        for found in pattern.finditer(text):
            if not _PLACEHOLDER.fullmatch(found["value"]):
                yield Masked(kind, found.start("value"), found.end("value"))

    return search


def _cards(text: str) -> Iterator[Masked]:
    for run in _DIGITS.finditer(text):
        for start, end in _numbers(run):
            if _is_card(text[start:end], text[max(0, start - 40) : start]):
                yield Masked("card", start, end)


def _numbers(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole run when it can be one card; else its unbroken numbers."""
    groups = re.split(r"[ \-]", run[0])
    if 13 <= sum(map(len, groups)) <= 19:
        yield run.start(), run.end()
        return
    place = run.start()
    for group in groups:
        if 13 <= len(group) <= 19:
            yield place, place + len(group)
        place += len(group) + 1


def _is_card(number: str, before: str) -> bool:
    groups = tuple(len(g) for g in re.split(r"[ \-]", number))
    digits = re.sub(r"[ \-]", "", number)
    if not _BRANDS.fullmatch(digits) or not luhn(digits) or (len(groups) > 1 and groups not in _CARD_GROUPS):
        return False
    if len(groups) == 1 and (_cnpj(digits) or _OTHER_NUMBER.search(before)):
        return bool(_CARD_WORD.search(before))
    return len(set(digits)) > 2  # 4000 0000 0000 0000 is nobody's


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _cnpj(digits: str) -> bool:
    """A Brazilian company number: 14 digits with two check digits modulo 11."""
    if len(digits) != 14:
        return False
    for length in (12, 13):
        weights = [(length - 1 - i) % 8 + 2 for i in range(length)]
        rest = sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11
        if int(digits[length]) != (0 if rest < 2 else 11 - rest):
            return False
    return True


_SEARCHES: tuple[Callable[[str], Iterator[Masked]], ...] = (
    _private_keys,
    _headers,
    _shapes,
    _labelled,
    _by_group("password", _URL_LOGIN),
    _by_group("password", _JDBC_LOGIN),
    _by_group("cookie", _COOKIE),
    _by_group("cookie", _SESSION),
    _cards,
    _by_group("cvv", _CVV),
)
