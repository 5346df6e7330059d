"""The identifier of an earlier chat, told from the numbers of orders, invoices, phones and processes.

In: a text, raw and folded. Out: places of numbers and codes, with how surely they are a chat's or why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from mailbot.understand.cues import Cue
from mailbot.understand.doc import Doc
from mailbot.understand.fields import codes, place_weight
from mailbot.understand.fields.common import MOST
from mailbot.understand.fields.places import Place

_NUMBER = re.compile(r"(?<![\w./+@,-])[#]?(\d(?:[ .-]?\d){5,19})(?![\w/@]|[.,-]\d)")
_CHAT = Cue(
    r"\b(?:chats?|bate-?papo|livechat|conversas?|conversac(?:ion|iones)|conversations?|charla|atendimentos?|atencion"
    r"|sess(?:ao|oes)|hilo del chat|chat\s?id|id do chat|historico|historial|history|intercom|zendesk chat|thread"
    r"|platicas?|papo|dialogos?|dialogue)\b|\bconv(?=[-_#.]\w*\d)"
)
_NOT_CHAT = re.compile(
    r"\b(?:fatura|faturas|invoices?|facturas?|pedidos?|orders?|po|oc|ordem|ordens|orden|ordenes|nf|nfe|nfs|nota"
    r"|notas|contratos?|contracts?|agreement|tel|telefone|telefono|phone|fone|fono|celular|cel|cell|mobile|movil"
    r"|whatsapp|wpp|ramal|ext"
    r"|extension|interno|call|ligar|llamar|llamen|liguem|fax|cnpj|cpf|cep|rut|nif|rfc|vat|abn|cuit|ruc|dni|nit|curp"
    r"|rg|ie|inscricao|tickets?|boletos?|embarques?|shipments?|remessa|lotes?|batch|titulos?|serial|serie|conta"
    r"|account|cuenta|ip|porta|port"
    r"|puerto|matricula|registered|purchase|compra|guia|guias|rastreio|tracking|protocolos? (?:da|do) (?:anatel"
    r"|procon|banco)|cartao|card|tarjeta|carteirinha|sku|ean|codigo de barras|linha digitavel|convenio|agencia|cte"
    r"|mdfe|danfe|laudo|paciente"
    r"|cliente|customer|cid|processo|proceso|apolice|poliza|sinistro|siniestro|imei|patente|placa|oficio|folio|txid"
    r"|transacao|transaction|transaccion|pagamento|payment|pago|licenca|license|licencia|versao|version|build"
    r"|numero nuevo|numero novo|contato|contacto|fijo|registro|record)\b"
)
_TALKED = Cue(
    r"\b(?:falei|falamos|conversei|conversamos|hable|hablamos|hablado|platique|platicamos"
    r"|platica"
    r"|platicado|chate\w+|chatt\w+|spoke|spoken|talked|discussed|discuti\w*|tratamos|tratei|first contact|queja"
    r"|reclamo"
    r"|reclamacao|correspondence)\b"
)
_CODE = re.compile(r"(?<![\w@./#-])(?<!\d:)#?(?P<id>[A-Za-z0-9]+(?:[-_./#][A-Za-z0-9]+){0,6})(?![\w@]|[-_/:]\w|\.\w)")
_TIGHT = re.compile(
    r"(?:[:=#(\[\"',]|\.{2,}|\u2026|\u2192|\b(?:is|was|it's|e|es|era|foi|fue|numero|num|n|no|nr|nro|number|id|code"
    r"|codigo|under|as"
    r"|como|en|in|on|na|em|the|el|la|o|a|ref|reference|referencia|com|con|chat|conversa|conversacion|conversation"
    r"|charla|atendimento|session|sessao|sesion|thread|anterior|previa|previo"
    r"|bearing)\b[.\u00ba\u00b0:]*)\s*[\"'#(]*$"
)
_NAMED = re.compile(r"(?:chat|conv\w{0,6}|cht|cnv|charla|convers\w*)[-_#./]?(?=[\w-]*\d)", re.IGNORECASE)
_DATED = re.compile(
    r"(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d(?:T.*)?|[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)?\d\d|[0-3]?\d[-/.]\d{1,4}"
    r"|v?\d{1,2}(?:\.\d{1,2})+|\d{1,3}(?:\.\d{1,3}){3}"
    r"|\d+[.,]\d+"
    r"|(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])(?:T.*)?"
    r"|[1-5]\d\d|(?:19|20)\d\d|\d+(?:ms|s|h|kb|mb|gb|min|hrs?|px|k|m|am|pm|usd|eur|mxn|kg|th|st|nd|rd)",
    re.IGNORECASE,
)
_POINTS = Cue(  # a number that stands elsewhere in the mail is told to be the chat's
    r"\b(?:number|numero|num|codigo|code|id|that's|that is|eso es|isso e|esse e|ese es|above|acima|arriba|up there)\b"
    r"[^.!?\n]{0,45}\b(?:chat|conversa\w*|conversation|charla|atendimento)\b"
)
_CASE = re.compile(
    r"\b(?:casos?|cases?|chamados?|solicitud|solicitacao|protocolo|ocorrencia|id|ids|numero|number"
    r"|ref|referencia|reference|interacao|interaction|interaccion|escal\w+|certo|correto|correcto"
    r"|correct)\b"
)
_CASE_BEFORE = re.compile(
    r"(?:\b(?:escal\w+|casos?|cases?|chamado|solicitud|solicitacao|protocolo|ocorrencia|id|numero|number|ref"
    r"|referencia"
    r"|reference|folio"
    r"|registro|it's|it is|filed under|logged as|registrad[oa] como|es el|e o)\b[\s.:#=(-]*(?:(?:is|e|es|o|el"
    r"|the)\s)?[\"'(]*)$"
)
_OUR_WORDS = re.compile(
    r"\b(?:tickets?|protocolo|chamado|registro|registrad[oa]|folio)\b"
)  # "my chat ticket thing was 55-QJ"
_OURS = re.compile(r"\s*\(?(?:ours|nosso|nossa|nuestr[oa]|intern[oa]|internal)\b")
_SET_OFF = re.compile(r"^[\s\-*>#:.]*$|[:\u2192]\s*[\"'(]?$")
_SENTENCE_END = re.compile(r"(?<!\.)[.;!?](?=\s)|\n")
_PHONE_SHAPE = re.compile(r"\d{4,5}[ .-]\d{4}$|^\d{2,3}[ .-]\d{3,5}[ .-]\d{3,4}$|^0?800|^\d{2} \d{4,5}")
_TAX_SHAPE = re.compile(r"^\d{3}\.\d{3}\.\d{3}-\d\d$|^\d\d\.\d{3}\.\d{3}")

_SPACED = re.compile(r"(?<![\w./+@,-])#?(?P<id>\d{1,6}(?:[ .-]\d{2,6}){1,5})(?![\w/@]|[.,-]\d)")
_ANY = re.compile(  # a token with two digits or more, however it is made
    r"(?<![\w@./#-])(?<!\d:)#?(?P<id>(?=[\w./#-]{0,30}\d)[A-Za-z0-9]{1,24}(?:[-_./#][A-Za-z0-9]{1,16}){0,6})"
    r"(?![\w@]|[-_/:]\w|\.\w)"
)
SURE = 0.23  # chance from which the likeliest code of an escalation is the chat's
_LABELS = {"it": "chat_id", "about": "about:chat_id"}


def weighed(doc: Doc) -> list[place_weight.Weighed]:
    """What in an escalation may be the chat's identifier, with the signs of each; what the rules say is one of them."""
    return codes.weighed(doc, chat_places, _spans, _LABELS)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_SPACED, _ANY):
        for m in islice(pattern.finditer(text), MOST):
            value = m["id"]
            if 3 < len(value) < 33 and sum(map(str.isdigit, value)) > 1 and not _DATED.fullmatch(value):
                yield m.span("id")


def chat_places(text: str, folded: str, loose: bool = False) -> Iterable[Place]:
    """Numbers that may be a chat's, with how sure that is or why not. `loose`: the mail is an escalation."""
    loose = loose or _POINTS.search(folded) is not None
    yield from _numbers(text, folded, loose)
    yield from _behind(text, folded)
    if loose:
        yield from _alone(text, folded)


def _numbers(text: str, folded: str, loose: bool) -> Iterable[Place]:
    for m in _NUMBER.finditer(folded):
        start, end = m.span(1)
        value = text[start:end]
        if _DATED.fullmatch(value):
            continue
        digits = re.sub(r"\D", "", value)
        before = folded[max(0, start - 70) : start]
        cut = max(before.rfind("\n\n"), before.rfind(". "), before.rfind("? "), before.rfind("! "))
        before = before[cut + 1 :] if cut >= 0 else before
        after = folded[end : end + 45]
        after = re.split(r"[.\n]\s|\n", after)[0]
        chat = _last(_CHAT, before)
        other = _last(_NOT_CHAT, before)
        if chat >= 0 and chat > other:
            close = len(before) - chat < 22 or len(digits) >= 12
            if len(digits) >= 7 and (close or not _PHONE_SHAPE.search(value)):
                yield Place(start, end, value, 0.9)
            continue
        if other >= 0:
            if len(digits) >= 8:
                word = (_NOT_CHAT.search(before, other) or [""])[0]
                yield Place(start, end, value, 0, f"looks like a chat ID, but stands beside '{word}'")
            continue
        if len(digits) < 9 or _PHONE_SHAPE.search(value) or _TAX_SHAPE.search(value) or value != digits:
            continue
        if re.search(r"[+(]\s*$|\(\d+\)\s*$", before):
            continue
        following = _CHAT.search(after)
        if following and not _NOT_CHAT.search(after[: following.start()]):
            yield Place(start, end, value, 0.85)
        elif loose and len(digits) >= 10:
            near = bool(_CASE.search(before)) or not before.strip(" -*•>:e#o")
            yield Place(start, end, value, 0.75 if near else 0.6)


def _behind(text: str, folded: str) -> Iterable[Place]:
    """Codes of any shape behind a word for a chat or a talk ("conversa TMR/2231", "filed under SUP/2026/04")."""
    for pattern, noun in ((_CHAT, True), (_TALKED, False)):
        for word in islice(pattern.finditer(folded), MOST):
            stretch = folded[word.start() : word.end() + 80]
            cut = _SENTENCE_END.search(stretch)
            end = word.start() + (cut.start() if cut else len(stretch))
            for m in _CODE.finditer(text, word.start(), end + 1):
                place = _code_place(folded, word, m, noun)
                if place:
                    yield place
                    break


def _code_place(folded: str, word: re.Match[str], m: re.Match[str], noun: bool) -> Place | None:
    value = m["id"]
    start, end = m.span("id")
    if start < word.end():  # "chat-77c1-0942": the word is part of the code
        return Place(start, end, value, 0.86) if _NAMED.match(value) and is_code(value) else None
    between = folded[word.end() : start]
    if not is_code(value) or _NOT_CHAT.search(_OUR_WORDS.sub(" ", between)) or len(between.split()) > 9:
        return None
    if between.strip(" #:=(") and not _TIGHT.search(folded[word.start() : start]):
        return None
    if value.isdigit():
        short = len(value) < 9
        ends = re.match(r"\s*(?:$|[.,;:!?)\n-])", folded[end:])
        if short and (not noun or len(between) > 24 or not ends):
            return None
        return Place(start, end, value, 0.8)
    if not noun and (_PHONE_SHAPE.search(value) or re.fullmatch(r"\d{3,5}-\d{4}", value) or value.islower()):
        return None
    return Place(start, end, value, 0.86 if noun else 0.78)


def _alone(text: str, folded: str) -> Iterable[Place]:
    """In an escalation: a code with letters that says so itself, stands alone, or behind "ref", "case", "it's"."""
    short = len(text.strip()) < 60
    for m in islice(_CODE.finditer(text), MOST * 4):
        value = m["id"]
        if not is_code(value) or value.isdigit() or (value.islower() and not _NAMED.match(value)):
            continue
        start, end = m.span("id")
        before = folded[max(0, start - 50) : start]
        before = before[before.rfind("\n") + 1 :]
        if _NOT_CHAT.search(before) or _OURS.match(folded, end):
            continue
        if _NAMED.match(value):
            yield Place(start, end, value, 0.82)
        elif short or (
            any(c.isupper() for c in value) and (not before.strip(" -*>#:.") or _CASE_BEFORE.search(before))
        ):
            yield Place(start, end, value, 0.6)


def is_code(token: str) -> bool:
    """Whether a token has the form of an identifier: three digits or more, no date, version, amount, key or name."""
    parts = re.split(r"[-_./#]", token)
    digits = sum(c.isdigit() for c in token)
    if digits < 3 or not 5 <= len(token) <= 32 or _DATED.fullmatch(token):
        return False
    if any(part.isalpha() and len(part) > 5 and not _NAMED.match(part + "1") for part in parts):
        return False
    body = "".join(parts)
    if re.fullmatch(r"[0-9a-f]{12,}", body) and not body.isdigit():
        return False  # the key of an execution
    if _NAMED.match(token):
        return True
    if token.islower() and len(parts) > 1 and digits < 4 and not all(any(c.isdigit() for c in p) for p in parts):
        return False  # a name: "sync-erp-101"
    return not (len(parts) == 1 and not body.isdigit() and token.islower())


def beside_other(before: str) -> bool:
    """Whether the words before a number say that it is an order's, an invoice's, a phone's…"""
    return _last(_NOT_CHAT, before) > _last(_CHAT, before)


def _last(pattern: Cue | re.Pattern[str], text: str) -> int:
    at = -1
    for m in pattern.finditer(text):
        at = m.start()
    return at
