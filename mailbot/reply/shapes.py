"""What secrets look like: the labels before them, and the shapes that are a secret wherever they stand.

Patterns only; `redact.py` says when a match counts. Every repetition is bounded or over disjoint signs: linear time.
"""

from __future__ import annotations

import re

import re2

# What is hidden, by name.
NAMES = {
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

STRONG = r"senhas?|passwords?|passwd|passphrase|contrase(?:ñ|n)as?|pwd|pswd"
_KEYED = "|".join(
    (
        r"(?:client|consumer|app|shared|signing|webhook)[_\- ]?(?:secret|key|token)",
        r"secret[_\- ]?(?:access[_\- ]?)?(?:key|token)",
        r"secret|segredo|secreto",
        r"(?:access|auth|refresh|id|session|security|bearer|api|bot|csrf|x-[a-z]{1,12})[_\- ]?token",
        r"token(?: de (?:acesso|acceso|api))?",
        r"(?:x[_\-])?(?:api|app|access|account|encryption|storage|subscription)[_\- ]?key",
        r"shared[_\- ]access[_\- ]key|ocp-apim-subscription-key",
        r"chave (?:de|da) (?:api|acesso|assinatura)|clave (?:de|del) (?:api|acceso)",
        r"credencia(?:l|is|les)",
    )
)
_WEAK = r"pass|pw|clave|pin"
_OF = r"(?:[ \t]+(?:do|da|de|del|of|for|para|the|actual|atual|usuario|usuário|user|nova|nueva|new)\b){0,3}"
_SIGN = r":=|=>|[:=]|(?:(?:é|eh|is|es|era|was)(?=[ \t:])[ \t]{0,4}:?)|(?=[ \t])"
LABEL = re.compile(
    r"(?<![^\W\d_])"
    rf"(?P<label>(?P<strong>{STRONG})|(?P<keyed>{_KEYED})|(?P<weak>{_WEAK}))(?![^\W_])(?:{_OF})"
    rf"[\"'`*]{{0,3}}[ \t]{{0,4}}(?P<sign>{_SIGN})[ \t]{{0,4}}(?P<quote>[\"'`]?)",
    re.IGNORECASE,
)
# "senha do painel, se precisar: x", "password for the admin user is x": words between, a value plainly made up
FAR_LABEL = re.compile(
    rf"(?<![^\W\d_])(?P<label>{STRONG})(?![^\W_])"
    r"(?P<between>(?:[ \t,(/–-]{1,4}[^\s:=.!?;,()]{1,20}){1,8}?)[,)]?[ \t]{0,4}"
    r"(?:[:=]|(?:é|eh|is|es)(?=[ \t]))[ \t]{0,4}(?P<quote>[\"'`]?)",
    re.IGNORECASE,
)
NO_OWNER = re.compile(  # what then stands behind the colon is something else's name
    r"(?i)\b(?:pipelines?|fluxo|flujo|flow|erros?|errors?|ambiente|environment|entorno|projeto|proyecto|project|chamado"
    r"|ticket|id|endpoint|http|expir\w*|vence\w*|venci\w*|falh\w*|fall\w*|fail\w*|troc\w*|troqu\w*|cambi\w*|chang\w*"
    r"|reset\w*|redefin\w*|restablec\w*|policy|política|regra|rule|regla)\b"
)
MADE_UP = re.compile(
    r"(?=.*[^\W\d_])(?=.*[\d$@!#%*&+^?])(?:(?=.*[$!#%*&+^?])|(?=.*\d)(?=.*[A-Z])(?=.*[a-z])).{6,60}"
    r"(?<!\.txt)(?<!\.log)(?<!\.png)(?<!\.pdf)"
)
ADDRESS_OR_PATH = re.compile(r".*(?:://|[\w.+-]+@[\w-]+\.[\w.]+|/\w+/).*|[\w-]+(?:\.[\w-]+){2,}")
ANY_LABEL = re2.compile(rf"(?i)(?:{STRONG}|{_KEYED}|{_WEAK})")
CAMEL = re.compile(
    r"(?<=[a-z])(?P<label>Password|Passwd|Pwd|Senha|Secret|Token|ApiKey|AccessKey)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
)
XML = re.compile(
    rf"<(?:[A-Za-z0-9]{{1,20}}:)?(?P<name>{STRONG}|secret|token|api-?key)\b[^<>]{{0,200}}>(?P<value>[^<>]{{1,200}})</",
    re.IGNORECASE,
)
VALUE = re.compile(r"[^\s\"'`<>,;&]{1,400}")
UUID_OR_HEX = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8,64}|\d+", re.IGNORECASE
)
PLACEHOLDER = re.compile(
    r"[*•xX.\-_#?…]{2,}|[<{\[(].*|\$\{?.*|%.*|null|none|nil|true|false|undefined|n/?a", re.IGNORECASE
)
NO_SECRET = frozenset(
    """
    inválida invalida inválido invalido incorreta incorreto incorrecta incorrecto errada errado wrong invalid
    incorrect expired expirada expirado expirou vencida vencido caducada caducado required obrigatória
    obligatoria requerida missing empty vazia vacía não nao not no ok sim yes sí reset redefinir redefinição
    resetar bloqueada bloqueado blocked bloqueó esquecida olvidada forgotten nova nueva new antiga old anterior
    field campo box page página tela screen policy política expiry expiration validade protected correta correto
    correcta correcto correct certa certo aqui here em en in by por para for que sem sin with without com con
    ainda still same mesma basic bearer oauth oauth2 jwt sso saml rotation manager vault hidden oculta secret
    """.split()  # noqa: SIM905  a list of a hundred strings reads worse
)

# ---- shapes ----

# Where a known token may begin, found in one pass; what stands before must not belong to a longer word.
ANY_KNOWN = re2.compile(
    r"eyJ|AKIA|ASIA|AGPA|AIDA|AROA|AIza|ya29\.|xox[a-z]|xapp-|gh[oprsu]_|github_pat_|glpat-|[srp]k[_-]|whsec_|SG\."
    r"|npm[_-]|hf_|pypi-|dop_v1|shp(?:at|ss|ca)_|dckr_pat|glsa_"
)
IN_WORD = re.compile(r"[A-Za-z0-9_.\-/+]")
KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("token", r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?"),  # JWT, RFC 7519
        ("api-key", r"(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}"),  # AWS
        ("api-key", r"AIza[A-Za-z0-9_-]{35}"),  # Google
        ("token", r"ya29\.[A-Za-z0-9_.-]{20,}"),
        ("token", r"xox[abeoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}"),  # Slack
        ("token", r"xapp-\d-[A-Za-z0-9-]{20,}"),
        ("token", r"gh[oprsu]_[A-Za-z0-9]{36,}"),  # GitHub
        ("token", r"github_pat_[A-Za-z0-9_]{22,}"),
        ("token", r"glpat-[A-Za-z0-9_-]{20,}"),  # GitLab
        ("api-key", r"(?:[srp]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}"),  # Stripe
        ("api-key", r"sk-(?:proj-|ant-[a-z0-9]{1,8}-)?[A-Za-z0-9_]{20,}[A-Za-z0-9_-]*"),
        ("api-key", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),  # SendGrid
        ("token", r"(?:npm|hf|pypi|dop_v1|shpat|shpss|shpca|dckr_pat|glsa)[_-][A-Za-z0-9_-]{30,}"),
    )
)
AUTHORIZATION = re.compile(
    r"authorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
    r"(?:(?:basic|bearer|token|digest|apikey|key|hmac|aws4-hmac-sha256|negotiate)[ \t]{1,4})?",
    re.IGNORECASE,
)
SCHEME = re.compile(r"\b(?P<scheme>bearer|basic)[ \t]{1,4}(?P<value>[A-Za-z0-9._~+/\-]{8,4000}={0,2})", re.IGNORECASE)
URL_LOGIN = re.compile(r"(?<=://)[^\s:/@\"'<>]{0,100}:(?P<value>[^\s@/\"'<>]{1,200})@")
JDBC_LOGIN = re.compile(r"jdbc:[a-z]{1,20}:[a-z]{1,20}:[^\s/@]{1,60}/(?P<value>[^\s@/]{1,100})@", re.IGNORECASE)
COOKIE = re.compile(
    r"\b(?:set-)?cookie[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?(?P<value>[\w.\-]{1,80}=[^\r\n\"']{1,4000})", re.IGNORECASE
)
SESSION = re.compile(
    r"\b(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|sessionid)=(?P<value>[^\s;\"']{8,400})", re.IGNORECASE
)
KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")

# ---- cards ----

ANY_DIGITS = re2.compile(r"\d(?:[ \-]?\d){12}")
DIGITS = re.compile(r"(?<![0-9A-Za-z.,/_\-])\d(?:[ \-]?\d){12,70}(?![0-9A-Za-z/_\-])")
CVV = re.compile(
    r"\b(?:cvv2?|cvc2?|c[oó]digo de (?:segurança|seguranca|seguridad)|security code)\b"
    r"\W{0,4}(?:is|es|é)?\W{0,3}(?P<value>\d{3,4})\b",
    re.IGNORECASE,
)
BRANDS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|606282\d{10}|(?:636368|636297|504175|438935|451416)\d{10}"
)
CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1)})
OTHER_NUMBER = re.compile(
    r"(?:pedido|order|orden|ordem|chat|conversa|conversation|conversación|protocolo|ticket|chamado|nota|nf-?e?|invoice"
    r"|factura|fatura|boleto|remessa|lote|rastreio|tracking|id|key|chave|clave|código|codigo|cnpj|cpf|imei|iccid|ean|gtin"
    r"|sku|execu\w{1,8}|correlation)\W{0,3}(?:\w{1,8}\W{1,2}){0,2}$",
    re.IGNORECASE,
)
CARD_WORD = re.compile(r"cart[aã]o|card|tarjeta|visa|master|amex|cr[eé]dito|d[eé]bito|\bpan\b", re.IGNORECASE)

# One pass tells of most texts that there is nothing to look for: the searches' hints, and what they begin with.
HINT = (
    "private key", "authorization", "bearer", "basic", "password", "passwd", "pwd", "senha", "secret", "token", "key",
    "</", "://", "jdbc:", "cookie", "sess", "connect.sid", "cvv", "cvc", "digo de seg", "security code",
)  # fmt: skip
ANYTHING = re2.compile(
    "|".join((f"(?i:{'|'.join(map(re.escape, HINT))})", ANY_LABEL.pattern, ANY_KNOWN.pattern, ANY_DIGITS.pattern))
)
