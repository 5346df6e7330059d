"""The failing API operation: its URL or path as written, without the HTTP method.

In: the mail. Out: one `endpoint`; documentation, evidence links, portals, callbacks and file paths are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields import endpoint_weight as weight
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence

name = "endpoint"

_URL = re.compile(r"https?://[^\s<>\"'`|\\^]+", re.IGNORECASE)
_DOTTED = re.compile(r"\.[\w-]")  # in the name of every host
_BARE_HOST = re.compile(
    r"(?<![\w/.:@-])[a-z0-9][\w-]*(?:\.[\w-]+)+(?::\d+)?/[\w.~{}$*-]+(?:/[\w.:~@{}$*-]+)*/?(?:\?[\w=&%.{}-]*)?",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?<![\w/.:<}@-])/[\w.:~@{}$*%-]+(?:/[\w.:~@{}$*%-]+)*/?(?:\?[\w=&%.{}:/-]*)?")
_BASED = re.compile(  # behind a variable that holds the host: "$BASE/scale/tickets", "{{url}}/v1/holds"
    r"(?:\$\{?[A-Za-z_]\w{0,40}\}?|\{\{ ?\w{1,40} ?\}\})"
    r"(?P<path>/[\w.:~@{}*%-]+(?:/[\w.:~@{}*%-]+)*/?(?:\?[\w=&%.{}:/-]*)?)"
)
_METHOD = re.compile(
    r"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b(?:\s+(?:em|en|to|on|no|na|a|ao|para|in|at"
    r"|against|contra|de|do|al|la|el|the|hacia|request to|requests to|call to))?[\s:\"'`(]*$",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:endpoints?|rotas?|rutas?|routes?|operac(?:ao|ion)|operation|recurso|resource|chamad\w+|chamamos|chama"
    r"|chamar|llam\w+|calls?|called|calling|invoc\w+|requisic\w+|request\w*|hitting|hit|api|servico|servicio|service"
    r"|consult\w+|bate|batendo"
    r"|url|path|caminho|metodo|method|consumi\w+|consume|curl|wget|acessa\w*|envi\w+ (?:para|a)"
    r"|behind it)\b[^.\n]{0,40}$"
)
_NOT_HOST = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:docs?|help|ajuda|ayuda|wiki|blog|drive|status|portal|confluence|jira|github|gitlab"
    r"|youtube|youtu|loom|imgur|prnt|video|videos|share|sharepoint|onedrive|dropbox|wetransfer|gyazo|notion|figma"
    r"|miro|trello|teams|zoom|meet|linkedin"
    r"|facebook|instagram|twitter|w3|schemas|google|developer|developers|support|suporte|soporte|console|kb|swagger"
    r"|learn|forum|community|cdn|static|img|images|files?|evidencias?|gravacoes|capturas?|prints?|monitor|grafana"
    r"|kibana|datadog|sentry|app|admin|painel|panel|www|hooks?|webhooks?|callbacks?)(?:[.-][\w-]+)*(?:[/:?#]|$)",
    re.IGNORECASE,
)
_NOT_CUE = re.compile(
    r"\b(?:document\w+|docs?|manual|guia|guide|guide|artigo|article|articulo|pagina|page|tutorial|leia|li|lei|read"
    r"|ler|swagger|help center|portal|prints?|screenshot\w*|videos?|grava\w+|grabacion|grab\w+|recording|recorded"
    r"|evidenc\w+|captur\w+|logs?|link|callback|webhook|redirect|subi|uploaded|anex\w+|adjunt\w+"
    r"|site|website|blog|tela|screen|pantalla|pasta|folder|carpeta|diretorio|directory|arquivo|archivo|file"
    r"|menu)\b[^.;\n]{0,45}$"
)
_SOCKET = re.compile(r"\bwss?://[^\s<>\"'`|\\^]+", re.IGNORECASE)
_LOOSE = re.compile(  # "ponto/v2/batidas": a path without its first slash
    r"(?<![\w/.:<}@#-])[a-z][\w-]{1,30}(?:/[\w.:~@{}%-]{1,40}){1,6}/?(?:\?[\w=&%.{}:/-]*)?", re.IGNORECASE
)
_NUMBERS = re.compile(r"[^/]*[\d/.-]*")
_FILE_ROOT = re.compile(
    r"/(?:var|home|tmp|usr|opt|etc|mnt|bin|root|users|srv|dev|proc|data|logs?|entrada|saida"
    r"|processad\w+|in|out|inbound|outbound)(?:/|$)",
    re.IGNORECASE,
)
_FILE_END = re.compile(
    r"\.(?:png|jpe?g|gif|pdf|mp4|mov|zip|log|txt|csv|docx?|xlsx?|html?|js|css|java|py|svg|webm"
    r"|har|hl7)(?:[?#]|$)",
    re.IGNORECASE,
)
_API_LIKE = re.compile(
    r"/v\d+(?:\.\d+)?(?:/|$)|/api(?:/|$)|[{:]\w+|\?\w+=|/(?:oauth|token|auth|rest|graphql|fhir"
    r"|services?)\b|//(?:[\w-]+\.)*(?:api|gw|gateway|ws|sandbox|hml|staging)[.-]",
    re.IGNORECASE,
)


_SPOKEN_PATH = re.compile(r"/[a-z][\w-]*(?:/[\w{}:.-]+)+/?(?:\?\S*)?", re.IGNORECASE)
_BEFORE_PATH = re.compile(
    r"\b(?:o|a|el|la|los|the|your|our|vuestro|vuestra|vosso|vossa|su|seu|sua|em|en|no|na|in|on|by|from|via|a|para|to"
    r"|ao|al|only|solo"
    r"|name|nombre|nome|contra|against|is|es|e)[,:]?\s+[\"'`(]*$"
)
_AFTER_PATH = re.compile(
    r"[\"'`)]*,?\s+(?:me\s|nos\s|te\s|ainda\s|still\s|now\s|ahora\s|agora\s|sempre\s|siempre\s|always\s)?(?:abre"
    r"|answers?"
    r"|returns?|responds?|responde|devuelve|devolve|retorna|gives?|da|fails?|falla|falha|avienta|tira|serves?|served"
    r"|servia"
    r"|sirve|is|was|esta|pasan?|entram?|rejeita|rechaza|sends?|throws?|[45]\d\d)\b"
)
_STAMPED = re.compile(r".*\d\d:\d\d(?::\d\d)?\S*\s+(?:error|warn\w*|info|fatal)\b")
_HANDED = re.compile(
    r"\b(?:contra|against|cuerpo que recibimos de|body (?:we get )?from|off|direccion[^.]{0,40}|address[^.]{0,40}"
    r"|endereco[^.]{0,40}"
    r"|from|de|desde)\s*:?\s*[\"'`(<]*$"
)


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    score: float
    why: str = ""
    rules: tuple[str, ...] = ()


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The endpoint with the most to show for it; of equals the first, and a URL before a path."""
    if "endpoint" not in pack.fields:
        return
    text, folded = doc.text[:LIMIT], doc.folded[:LIMIT]
    judged = [(weight.chance(weighed), place) for place, weighed in candidates(text, folded)]
    good = [one for one in judged if one[0] >= weight.SURE]
    for chance, place in judged:
        if chance < weight.SURE:
            why = place.why or "an address or a path, but nothing says that it is called"
            yield Rejected("endpoint", doc.text[place.start : place.end], name, why)
    held = context.fields.get("endpoint")
    if held is not None:
        good = [one for one in good if corrects(doc, sentence(doc, one[1].start))]
    if good:
        chance, best = max(good, key=lambda one: (round(one[0], 1), one[1].score, -one[1].start))
        value, evidence = _named(doc, best)
        yield Found("endpoint", value, evidence, name, min(0.9, chance), held is not None)
        return
    if held is None:
        subject = [p for p in _places(doc.subject_clean, doc.subject_folded) if not p.why]
        if subject:
            value = doc.subject_clean[subject[0].start : subject[0].end]
            yield Found("endpoint", value, Evidence(value, "subject"), name, 0.6)


def _named(doc: Doc, best: _Place) -> tuple[str, Evidence]:
    """The endpoint as the mail names it: without the query of one call, where it stands without one as well."""
    value = doc.text[best.start : best.end]
    path, query, _ = value.partition("?")
    if query and len(path) > 3:
        bare = re.compile(rf"(?<![\w/.]){re.escape(path)}(?![\w/?{{-]|\.\w)")
        if found := bare.search(doc.text):
            return path, doc.evidence(*found.span())
        if bare.search(doc.subject_clean):
            return path, Evidence(path, "subject")
    return value, doc.evidence(best.start, best.end)


def candidates(text: str, folded: str) -> list[tuple[_Place, list[str]]]:
    """What may be the endpoint, and the signs of each."""
    if "/" not in text:
        return []
    return [
        (one, weight.signs(text, folded, one.start, one.end, one.rules))
        for one in islice(_everything(text, folded), MOST)
    ]


def _everything(text: str, folded: str) -> Iterable[_Place]:
    taken: list[tuple[int, int]] = []
    for place in _places(text, folded):
        taken.append((place.start, place.end))
        yield place
    for pattern in (_SOCKET, _LOOSE) if "://" in text else (_LOOSE,):
        for m in pattern.finditer(text):
            end = _trim(text, m.start(), m.end())
            if _NUMBERS.fullmatch(text, m.start(), end) or any(a < end and m.start() < b for a, b in taken):
                continue
            taken.append((m.start(), end))
            yield _Place(m.start(), end, 0, "no address, and nothing says that it is called", ("loose",))


def read(text: str) -> tuple[int, int] | None:
    """The URL or path in a text that is given as the endpoint."""
    for pattern in (_URL, _BARE_HOST, _PATH):
        m = pattern.search(text)
        if m:
            return m.start(), _trim(text, m.start(), m.end())
    return None


def _places(text: str, folded: str) -> Iterable[_Place]:
    urls: list[tuple[int, int]] = []
    for m in _URL.finditer(text) if "://" in text else ():
        end = _trim(text, m.start(), m.end())
        urls.append((m.start(), m.end()))
        yield _weigh(text, folded, m.start(), end, True)
    for m in _BARE_HOST.finditer(text) if _DOTTED.search(text) else ():
        if not any(start <= m.start() < end for start, end in urls):
            urls.append((m.start(), m.end()))
            yield _weigh(text, folded, m.start(), _trim(text, m.start(), m.end()), False)
    based = _BASED.finditer(text) if "$" in text or "{{" in text else ()
    for m in based:
        start = m.start("path")
        if not any(first <= start < end for first, end in urls):
            urls.append(m.span())
            yield _weigh(text, folded, start, _trim(text, start, m.end()), False)
    for m in _PATH.finditer(text):
        if any(start <= m.start() < end for start, end in urls):
            continue
        end = _trim(text, m.start(), m.end())
        if end - m.start() >= 3 and re.search(r"[a-zA-Z]", text[m.start() : end]):
            yield _weigh(text, folded, m.start(), end, False)


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ".,;:!?)]}'\"*_-":
        closing = text[end - 1]
        if closing in ")]}" and text.count({")": "(", "]": "[", "}": "{"}[closing], start, end) >= text.count(
            closing, start, end
        ):
            break
        end -= 1
    return end


def _weigh(text: str, folded: str, start: int, end: int, url: bool) -> _Place:
    words = text[start:end]
    line = folded[max(0, start - 90) : start]
    line = line[line.rfind("\n") + 1 :]
    method = _METHOD.search(line)
    cue = _CUE.search(line)
    spoken = not url and not _FILE_ROOT.match(words) and _SPOKEN_PATH.fullmatch(words) is not None
    acts = spoken and (_BEFORE_PATH.search(line) or not line.strip(" -*>\u2022") or _AFTER_PATH.match(folded, end))
    stamped = spoken and _STAMPED.match(line) is not None
    handed = url and (_HANDED.search(line) is not None or _AFTER_PATH.match(folded, end) is not None)
    score = (
        (4 if method else 0)
        + (2.5 if acts or stamped or handed else 0)
        + (3 if cue else 0)
        + (2 if _API_LIKE.search(words) else 0)
        + (0.5 if url else 0)
    )
    why = _against(words, line, url, method is not None, cue)
    if re.match(r"\s*(?:>|<)\s", line) and method:
        score -= 3  # the trace of a call that stands above in full
    if not why and not url and score < 2:
        why = "a path, but nothing says that it is called"
    if not why and url and score < 1:
        why = "an address, but nothing says that it is called"
    said = {"method": method, "cue": cue, "acts": acts or stamped or handed, "like": _API_LIKE.search(words)}
    rules = [
        f"score={max(0, round(score))}",
        f"why={' '.join(why.split()[:3])}",
        *(s for s, met in said.items() if met),
    ]
    return _Place(start, end, 0 if why else score, why, tuple(rules))


def _against(words: str, line: str, url: bool, method: bool, cue: re.Match[str] | None) -> str:
    """What says that a place is no operation, "" for nothing."""
    if url and _NOT_HOST.match(words) and not method and not re.search(r"\b(?:curl|endpoint)\b", line):
        return "a page or a file, not an operation"
    if _FILE_END.search(words) or (not url and _FILE_ROOT.match(words) and not method):
        return "a file, not an operation"
    against = _NOT_CUE.search(line)
    if against and not method and (not cue or against.start() > cue.start()):
        return f"stands beside '{against[0].split()[0]}'"
    return ""
