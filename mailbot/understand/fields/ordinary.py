"""Hyphenated words that are ordinary language ("end-to-end", "boas-vindas", "trata-se"), not names of anything.

In: a folded token with hyphens or underscores. Out: whether it is an ordinary word, a header, a class or a UUID.
"""

from __future__ import annotations

import re

_FIRST = """
a-la ad aero agro alem all ano anti arco auto back bate bem best bi big bio boa boas bom bottom built carro
cartao case cata check cheque client close co contra copia cost counter couve cross cut data day de decreto dia
do double down drag drawing drop e easy eco end error ex extra fail far fast first five follow foto four free
front full geo go guarda half hand hands hard hidro high home homem hora hyper i in inter job key kick know lava
left load log long low macro main mal man mao mata materia mega meia meio meta micro mid mini month mother moto
multi must navio near neuro new nice non off old on one open opt out over palavra pan part passo peer peixe plug
point ponto porta pos post pre pro pronto psico puxa quarta quarter quasi quinta radio re read real recem retry
right roll run salva second segunda self sem semi server set sexta short sign single site slow so socio soft
state step sub super tecnico tele terca termo thank third three time tira to top trem tri troca two ultra un
under uni up up-to user vale vice video web week well work write year
"""
_LAST = """
a alvo as aware base based board book by chave chefe commerce date day days driven em end error exception factor
failure feira feiras fonte free friendly geral grown hand hour hours house in ins la las learning led level lhe
lhes like limite line live lo los made mae mail mails manager me mestre minded minute month mor na no nos o off
offs old on only os out padrao piloto point proof ray ready related safe se shirt side size sized specific te term
teste the time timeout to up up-to-date ups urlencoded vos way week wide year you
"""
_WHOLE = """
access_token application_json back-to-back bad-gateway check-in check-out client_credentials client_id
client_secret content-type day-to-day dead-letter drag-and-drop e-mail end-to-end expires_in face-to-face
grant_type handshake_failure iso-8859-1 know-how log-in no-reply one-by-one out-of-office passo-a-passo
pay-per-use peer-to-peer plug-and-play ponto-a-ponto read-only refresh_token sha-256 sign-in site-to-site
so-called start-up step-by-step tem-se up-to-date user-agent utf-8 word-for-word x-api-key x-client-id
x-www-form-urlencoded
"""
_SPACES = frozenset(
    {"java", "javax", "org", "com", "utf", "iso", "sha", "tls", "rfc", "http", "smtp", "covid", "wi", "usb"}
)
_FIRSTS, _LASTS, _WHOLES = (frozenset(text.split()) for text in (_FIRST, _LAST, _WHOLE))
_FIELD_END = """
id ids code date at token type key status name url uri secret error count time total number num flag message
msg description value valor data fecha codigo version hash email phone address amount price currency user
password grant failure found limit exceeded denied request response body header required invalid client pago
"""
_FIELD_START = """
access client refresh grant error invalid expires unauthorized user svc is has fk pk idx tbl vw sp fn usr app
x http https status response request
"""
_FIELD_ENDS, _FIELD_STARTS = frozenset(_FIELD_END.split()), frozenset(_FIELD_START.split())
_DOING = re.compile(
    r"[a-z]+-(?:giving|scratching|making|breaking|keeping|taking|going|running|turning|blowing|bending|raising|watching"
    r"|wrenching|warming|racking|dropping|whelming|curdling|splitting|chilling|consuming|saving|facing|looking)"
)
_COUNTED = re.compile(r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty-[a-z]+")
_BETWEEN = frozenset({"on", "in", "at", "for", "with", "the", "over"})
_JOINS = frozenset({"to", "of", "a", "by", "feira", "de", "and", "in"})


def ordinary(slug: str) -> bool:
    """Whether a hyphenated token is an ordinary word, a verb with its pronoun or a header."""
    parts = re.split(r"[-_]", slug)
    if slug in _WHOLES or slug.startswith(("x-", "mc-", "content-")) or not any(len(p) > 2 for p in parts):
        return True
    if "_" in slug and "-" not in slug and (parts[-1] in _FIELD_ENDS or parts[0] in _FIELD_STARTS):
        return True  # a field, a status, an OAuth word
    if parts[0] in _SPACES or all(re.fullmatch(r"(?=.*\d)[0-9a-f]{4,}", p) for p in parts):
        return True  # a package, a standard, a UUID
    if _COUNTED.fullmatch(slug) or slug.endswith("-in-law"):
        return True
    if len(parts) == 2 and _DOING.fullmatch(slug):
        return True  # "prize-giving", "head-scratching"
    if len(parts) == 3 and parts[1] in _BETWEEN and parts[0].endswith("ing"):
        return True  # "sketching-on-napkins"
    if len(parts) == 2:
        return parts[0] in _FIRSTS or parts[1] in _LASTS or parts[1].isdigit()
    return (parts[0] in _FIRSTS and parts[1] in _JOINS) or parts[-1] in {"failure", "error", "exception", "timeout"}
