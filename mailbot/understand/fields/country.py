"""The country that the requests come from, where the mail states it: "Calls originate from the UK".

In: the mail. Out: one `country`, ISO 3166 alpha-2. Where somebody works or sells is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc, Span
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import place_weight
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence
from mailbot.understand.fields.countries import ALPHA2, CODES

name = "country"


@dataclass(frozen=True, slots=True)
class _Mention:
    """A country named in a mail; `why` its words do not tell of the requests, `since` where the words that do begin."""

    start: int
    end: int
    value: str
    why: str
    since: int


_COUNTRY = re.compile(
    r"(?<![\w@.-])(" + "|".join(re.escape(n) for n in sorted(CODES, key=len, reverse=True)) + r")(?![\w@-]|\.\w)"
)
_WORD = re.compile(r"\w+")
_FIRST_WORDS = frozenset(_WORD.match(n)[0] for n in CODES)  # type: ignore[index]  # found faster than all the names
_TRAFFIC = (
    r"(?:requests?|callers?|requisic(?:ao|oes)|calls?|chamadas?|llamad[oa]s?|llamamos|chamamos|traffic|trafego"
    r"|trafico"
    r"|servers?|servidor(?:es)?|infra\w*|datacenters?|data ?centers?|ips?|instancias?|instances?|peticion(?:es)?"
    r"|solicitud(?:es)?"
    r"|consultas?|hosts?|hosted|hosting|hosped\w+|alojad\w+|origem|origen|origin\w*|origina\w*|cluster|gateway"
    r"|backend|maquinas?|machines?|nuvem|cloud|nube|ambiente|conexao|conexion|connections?|aplicac(?:ao|ion)"
    r"|application|apps?|integrador|red|rede|network|conect\w+|connect\w*|saida|salida|egress|kiosks?|quioscos?"
    r"|totens|terminals?|terminales)"
)
_FROM = re.compile(
    rf"\b{_TRAFFIC}\b[^.;\n]{{0,60}}\b(?:from|in|out of|do|da|de|dos|no|na|nos|em|por|desde|en|del|a partir d[aeo]|is"
    rf"|are|is all|are all|all|only|todo|toda|e|es|son|sao|fica[m]?|esta[on]?)\s+(?:the |el |la |los |o |a "
    rf"|os )?(?:[^\W\d_]+(?: [^\W\d_]+){{0,3}}, (?:portanto |so |asi que |ou seja |o sea )?)?$"
    rf"|\b{_TRAFFIC}\b[^.;:\n]{{0,30}}[:=(-]\s*$"
)
_LEAVES = re.compile(
    r"\b(?:saem|sai|saindo|salen?|saliendo|partem|parten|originate[sd]?|originating|originad\w+|originam|originan"
    r"|coming|come|comes|vem|vienen|provienen|leave|leaving|hit you|llamamos|chamamos|we call|calling|batemos"
    r"|conectamos|pegamos|consumimos|consultamos|operamos desde|rodamos|connecting|connect|conectando)\b[^.;\n]{0,40}"
    r"\b(?:from|in|do|da|de|dos|no|na|desde|en|em|out of|del)\s+(?:the |el |la |los |o |a "
    r"|os )?(?:[^\W\d_]+(?: [^\W\d_]+){0,3}, )?(?:no |na |in |en |em )?$"
)
_OURS = re.compile(  # what we ourselves do from there: "accedemos desde España", "we poll from Wales"
    r"\b(?:poll\w*|runs?|running|asks?|access\w*|accede\w*|acess\w+|acces[oa]|acesso|opera\w*|tir[oa]\w*|dispar\w+"
    r"|compramos"
    r"|consult\w+|envi\w+|mand\w+|feit[oa]|hech[oa]|done|use|usamos|work|trabaj\w+|trabalh\w+|fetch\w*|submit\w*"
    r"|post\w*"
    r"|hit|egress|outbound)\b[^.;:\n]{0,40}\b(?:from|desde|daqui d[aeo]|aqui d[aeo]|de aqui de|de|is in|out of"
    r"|in)\s+(?:the |el |la |o |a |an )?"
    r"(?:old pc in )?(?:[^\W\d_]+(?: [^\W\d_]+){0,3}, )?(?:no |na |in |en |em )?$"
)
_LINKED = re.compile(  # where the line ends: "estamos en Gijón, España, con fibra de la buena"
    r"\b(?:fibra|fibre|fiber|broadband|adsl|ip fij[ao]|ip fixo|ip fixa|fixed ip|static ip|vpn|4g|5g|starlink|linea"
    r"|line|conexion"
    r"|conexao|connection|internet|isp|proveedor|desde ahi|desde alli|desde aqui|daqui sai|dali sai|from there"
    r"|from here)\b"
)
_PRONOUNS = frozenset({"us", "u.s.", "the us"})
_COMMON = frozenset({"malta", "turkey", "chile", "china", "curacao", "guiana"})  # malt, a bird, pepper, a girl, healing
_USES = re.compile(  # "todavía nadie lo usa", "usa el token": the verb
    r"(?:\b(?:lo|la|los|las|se|o|a|os|as|que|quien|quem|nadie|ninguem|no|nao|ya|ja|todavia|ainda|solo|so|tambien|tambem"
    r"|gente|ele|ela|el|ella|usted|voce|me|nos|siempre|sempre|nunca|e|y)\s|^)$"
)
_GOES_ON = re.compile(r" [^\W\d_]")
SURE = 0.5  # chance from which the likeliest mention is taken
_OPENS = re.compile(
    r"\s*(?:(?:we're|we are|i'm|estamos|estou|estoy|todo|all|tudo|all of it)\s+)?(?:\w+ ){0,3}?"
    r"(?:from|desde|in|en|em|no|na|de|do|da)?\s*(?:the |el |la )?(?:[^\W\d_]+(?: [^\W\d_]+){0,2}, )?(?:no |na |in "
    r"|en |em )?$"
)
_WHENCE = re.compile(
    r"[,\s(-]{1,4}(?:que\s(?:e|es)\s)?(?:de onde|donde|de donde|desde donde|where|which is where|from where"
    r"|whence)\b[^.;\n]{0,25}"
    r"\b(?:partem|saem|sai|vem|salen|sale|vienen|parten|come|comes|originate|leave|sit|run|estao|estan)\b"
)
_PEOPLE = re.compile(
    r"\b(?:customers?|clientes?|users?|usuarios?|patients?|pacientes?|team|equipe|equipo|colegas?"
    r"|branch\w*|filia\w+|sucursal\w*|stores?|lojas?|tiendas?|office|escritorio"
    r"|oficina)\b[^.;\n]{0,25}$"
)


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The country of the requests, if one is stated: the wordings that say so first, then the likeliest mention."""
    if "country" not in pack.fields:
        return
    mentions = list(_mentions(doc))
    best = next((m for m in mentions if not m.why), None)
    if best is None and mentions:
        chances = [(place_weight.chance(name, signs(doc, m)), m) for m in mentions]
        likely, unruled = max(chances, key=lambda pair: (pair[0], -pair[1].start))
        best = unruled if likely >= SURE else None
    held = context.fields.get("country")
    for m in mentions:
        if m is not best:
            yield Rejected("country", doc.text[m.start : m.end], name, m.why or "the mail names another first")
    if best is None:
        return
    if held is not None and not corrects(doc, sentence(doc, best.start)):
        yield Rejected(
            "country", doc.text[best.start : best.end], name, "the ticket has one, and this corrects nothing"
        )
        return
    yield Found("country", best.value, doc.evidence(best.since, best.end), name, 0.85, held is not None)


def _mentions(doc: Doc) -> Iterator[_Mention]:
    folded = doc.prose[:LIMIT]
    for m in islice(_named(folded), MOST):
        words = doc.text[m.start() : m.end()]
        if m[1] in _PRONOUNS and not words[0].isupper():
            continue
        if m[1] == "usa" and words == "usa" and _is_verb(folded, m):
            continue
        span = sentence(doc, m.start())
        line = folded.rfind("\n", 0, m.start()) + 1
        before = folded[max(min(span.start, line), m.start() - 110) : m.start()]
        why, since = "", m.start()
        if (len(words) <= 4 or m[1] in _COMMON) and not words[0].isupper() and words != "uk":
            why = "written like a common word"
        elif flows := (
            _FROM.search(before)
            or _LEAVES.search(before)
            or _WHENCE.match(folded, m.end())
            or _OURS.search(before)
            or _opening(folded, m, span, before)
        ):
            since = max(span.start, m.start() - (len(flows[0]) if flows.end() <= len(before) else 0))
            if _PEOPLE.search(before) and not re.search(rf"\b{_TRAFFIC}\b", before):
                why = "where people are, not where the requests come from"
        else:
            why = "nothing says that the requests come from there"
        yield _Mention(m.start(), m.end(), CODES[m[1]], why, since)


def _is_verb(folded: str, m: re.Match[str]) -> bool:
    """Whether "usa" is what somebody does with a thing, no country."""
    before = folded[max(0, m.start() - 20) : m.start()].rpartition("\n")[2]
    return _USES.search(before) is not None or (
        not before.rstrip().endswith(",") and _GOES_ON.match(folded, m.end()) is not None
    )


def _named(folded: str) -> Iterator[re.Match[str]]:
    done = 0
    for word in _WORD.finditer(folded):
        if word[0] in _FIRST_WORDS and word.start() >= done and (m := _COUNTRY.match(folded, word.start())):
            done = m.end()
            yield m


def weighed(doc: Doc) -> list[place_weight.Weighed]:
    """All mentions of countries with their signs."""
    return [place_weight.Weighed(m.start, m.end, m.value, signs(doc, m)) for m in _mentions(doc)]


def signs(doc: Doc, mention: _Mention) -> tuple[str, ...]:
    """What speaks for or against a mention."""
    span = sentence(doc, mention.start)
    out = [*place_weight.around(doc, mention.start, mention.end, span), f"why={mention.why[:12]}"]
    return tuple(dict.fromkeys(out))


def _opening(folded: str, m: re.Match[str], span: Span, before: str) -> re.Match[str] | None:
    """A short sentence that says no more: "From Tampere, Finland.", or one that tells of the line there."""
    rest = folded[m.end() : span.end]
    opens = _OPENS.fullmatch(before)
    if opens and re.match(r"\s*(?:from|desde)\b", before) and not rest.strip(" .!"):
        return opens
    return opens if opens and _LINKED.search(rest) else None


def read(text: str, folded: str) -> tuple[str, int, int] | None:
    """The country in a text that is given as one: a name, or a code in capitals."""
    m = _COUNTRY.search(folded)
    if m:
        return CODES[m[1]], m.start(), m.end()
    code = re.search(r"(?<![A-Za-z])([A-Z]{2})(?![A-Za-z])", text.strip())
    if code and code[1] in ALPHA2 and len(text.strip()) <= 12:
        return code[1], text.index(code[1]), text.index(code[1]) + 2
    return None
