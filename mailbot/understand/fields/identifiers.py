"""Numbers and tokens, told apart by the words beside them: the chat ID and the key of an execution.

In: the mail. Out: `chat_id` and `pipeline_key`, and what looks like one but stands beside "pedido" or "invoice".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import LIMIT, MOST, corrects, sentence

name = "identifiers"

_NUMBER = re.compile(r"(?<![\w./+@,-])[#]?(\d(?:[ .-]?\d){5,19})(?![\w/@]|[.,-]\d)")
_CHAT = re.compile(
    r"\b(?:chats?|bate-?papo|livechat|conversas?|conversac(?:ion|iones)|conversations?|charla|atendimentos?|atencion"
    r"|sess(?:ao|oes)|hilo del chat|chat\s?id|id do chat|historico|historial|history|intercom|zendesk chat|thread)\b"
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
_LETTERED = re.compile(
    r"(?:\s*(?:[:=#(\"'-]|\b(?:id|ID|Id|n[oº°.]|nr|number|no|num|ref|reference|refer[eê]ncia|is|was|é|e|era|es|fue"
    r"|foi|com o|do|del|da|código|codigo|code|numero|número|o|el|the|n)\b\.?))*\s*"
    r"(?P<id>(?=[A-Za-z-]{0,8}\d)(?=[\w-]*[A-Za-z])[A-Za-z]{1,6}[-_]?\d[\w-]{4,30})(?![\w@/])"
)
_CASE = re.compile(
    r"\b(?:casos?|cases?|chamados?|solicitud|solicitacao|protocolo|ocorrencia|id|ids|numero|number"
    r"|ref|referencia|reference|interacao|interaction|interaccion|escal\w+|certo|correto|correcto"
    r"|correct)\b"
)
_PHONE_SHAPE = re.compile(r"\d{4,5}[ .-]\d{4}$|^\d{2,3}[ .-]\d{3,5}[ .-]\d{3,4}$|^0?800|^\d{2} \d{4,5}")
_TAX_SHAPE = re.compile(r"^\d{3}\.\d{3}\.\d{3}-\d\d$|^\d\d\.\d{3}\.\d{3}")

_TOKEN = re.compile(
    r"(?<![\w@/.:-])(?P<token>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-zA-Z]{12,64}"
    r"|[0-9a-zA-Z]{4,}(?:[-_][0-9a-zA-Z]{4,}){1,7})(?![\w@/-]|\.[a-z])"
)
_SHORT_TOKEN = re.compile(r"(?P<token>[0-9a-zA-Z][0-9a-zA-Z_-]{6,80})(?![\w@/])")
_KEY = re.compile(
    r"(?:\b(?:pipeline[\s_-]?keys?|execution[\s_-]?(?:key|id)|run[\s_-]?(?:key|id)|keys?|chaves?|claves?|llaves?"
    r"|execucao|execucoes|ejecucion(?:es)?|executions?|runs?|execution|corrida)\b|\bpipelinekey\b|\bexecutionkey\b"
    r"|\bexecutionid\b)"
)
_NOT_KEY = re.compile(
    r"\b(?:api[\s_-]?keys?|chave(?: d[aeo])? (?:api|pix|acesso|nfe?|nota|licenca|seguranca|criptografia)"
    r"|chave[\s_-]?pix|clave (?:de )?(?:api|acceso|seguridad|privada|publica)|license key|primary key|foreign key"
    r"|public key|private key|ssh|chave primaria|chave estrangeira"
    r"|trace[\s_-]?id|traceid|correlation[\s_-]?id|correlationid|request[\s_-]?id|requestid|x-request-id"
    r"|span[\s_-]?id|transaction[\s_-]?id|txid|token|bearer|session|sessao|sesion|commit|sha\d*|md5|checksum|hash"
    r"|boundary|cid|cookie|jsessionid|nonce|etag|message-id"
    r"|pedido|order|orden|fatura|invoice|factura|chat|conversa|conversation|conversacion|conta|account|cuenta"
    r"|cliente|customer|client[\s_-]?id|secret|senha|password|contrasena|tenant|certificado|certificate|fingerprint"
    r"|thumbprint|serial|uuid do|id do pedido|device[\s_-]?id)\b"
)
_BETWEEN = re.compile(
    r"(?:\s*(?:\([^)\n]{0,30}\)|(?:da|de|do|of|the|del|desta|dessa|esa|esta|la|el|a|o|is|e|es|era|was|seria"
    r"|id|key|nro|numero|n[ºo°]|execucao|execution|ejecucion|pipeline|com|con|with|first|one|that|failed"
    r"|primeira|primera|falhou|fallida|fallo|ultima|last|erro|error|problema"
    r"|aqui|here|abaixo|below|segue|sigue|foi|fue|for|mais recente|recente|afetada|affected|en cuestion"
    r"|em questao|uma|una|delas|afectada|que|falha|which|copiada|copiei)\b|[:=#>\"'`*(\[,-]))*\s*"
)
_JSON_KEY = re.compile(r"[\"']([\w-]+)[\"']\s*[:=]\s*[\"']?$|\b([\w.-]+)=[\"']?$")


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    value: str
    confidence: float
    why: str = ""


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The chat ID and the pipeline key, as far as the pack asks for them."""
    for field, search in (("chat_id", chat_places), ("pipeline_key", key_places)):
        if field in pack.fields:
            yield from _choose(field, doc, context, search)


def _choose(field: str, doc: Doc, context: Context, search: object) -> Iterable[Found | Rejected]:
    assert callable(search)
    text, folded = doc.text[:LIMIT], doc.folded[:LIMIT]
    loose = field == "chat_id" and _escalating(doc, context)
    places: list[_Place] = list(islice(search(text, folded, loose), MOST))
    for place in places:
        if place.why:
            yield Rejected(field, place.value, name, place.why)
    good = [p for p in places if not p.why]
    in_subject = [p for p in search(doc.subject_clean, doc.subject_folded, loose) if not p.why]
    held = context.fields.get(field)
    if held is not None:
        good = [
            p for p in good if p.value == held.value or corrects(doc, sentence(doc, p.start)) or p.confidence >= 0.9
        ]
        fixes = [p for p in good if p.value != held.value and corrects(doc, sentence(doc, p.start))]
        good, in_subject = fixes or good, []
    if good:
        best = max(good, key=lambda p: (p.confidence, -p.start))
        fixed = held is not None and held.value != best.value
        yield Found(field, best.value, doc.evidence(best.start, best.end), name, best.confidence, fixed)
    elif in_subject:
        best = max(in_subject, key=lambda p: p.confidence)
        yield Found(field, best.value, Evidence(best.value, "subject"), name, best.confidence - 0.1)


def _escalating(doc: Doc, context: Context) -> bool:
    return (
        context.role == "escalate"
        or context.kind == "escalation"
        or any(q.field == "chat_id" for q in context.asked)
        or re.search(r"\bescal(?!a(?:r|vel|bil)\w* (?:o pipeline|horizontal))", doc.folded + " " + doc.subject_folded)
        is not None
    )


def chat_places(text: str, folded: str, loose: bool = False) -> Iterable[_Place]:
    """Numbers that may be a chat's, with how sure that is or why not. `loose`: the mail is an escalation."""
    yield from _lettered(text, folded)
    for m in _NUMBER.finditer(folded):
        start, end = m.span(1)
        value = text[start:end]
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
                yield _Place(
                    start,
                    end,
                    value if value != digits and " " not in value else (digits if " " in value else value),
                    0.9,
                )
            continue
        if other >= 0:
            if len(digits) >= 8:
                word = (_NOT_CHAT.search(before, other) or [""])[0]
                yield _Place(start, end, value, 0, f"looks like a chat ID, but stands beside '{word}'")
            continue
        if len(digits) < 9 or _PHONE_SHAPE.search(value) or _TAX_SHAPE.search(value) or value != digits:
            continue
        if re.search(r"[+(]\s*$|\(\d+\)\s*$", before):
            continue
        following = _CHAT.search(after)
        if following and not _NOT_CHAT.search(after[: following.start()]):
            yield _Place(start, end, value, 0.85)
        elif loose and len(digits) >= 10:
            near = bool(_CASE.search(before)) or not before.strip(" -*•>:e#o")
            yield _Place(start, end, value, 0.75 if near else 0.6)


def _lettered(text: str, folded: str) -> Iterable[_Place]:
    """Chat IDs with letters in them ("CHT-77120934"), right behind the word."""
    for m in _CHAT.finditer(folded):
        behind = _LETTERED.match(text, m.end(), m.end() + 90)
        if behind:
            yield _Place(behind.start("id"), behind.end("id"), behind["id"], 0.88)


def beside_other(before: str) -> bool:
    """Whether the words before a number say that it is an order's, an invoice's, a phone's…"""
    return _last(_NOT_CHAT, before) > _last(_CHAT, before)


def _last(pattern: re.Pattern[str], text: str) -> int:
    at = -1
    for m in pattern.finditer(text):
        at = m.start()
    return at


def key_places(text: str, folded: str, _loose: bool = False) -> Iterable[_Place]:
    """Tokens that may be the key of an execution, with how sure that is or why not."""
    seen: set[int] = set()
    for m in _KEY.finditer(folded):
        before = folded[max(0, m.start() - 14) : m.end() + 12]
        after = _BETWEEN.match(folded, m.end(), m.end() + 120)
        if after is None:
            continue
        token = _SHORT_TOKEN.match(text, after.end())
        if token is None or not re.search(r"\d", token["token"]) or token.start() in seen:
            continue
        value = token["token"].rstrip("-_")
        if _NOT_KEY.search(before) or re.fullmatch(r"\d{1,2}[a-z]?|20\d\d-\d\d-\d\d|\d+ms|\d+", value):
            continue
        if (
            not re.search(r"[a-fA-F]|[g-zG-Z]", value)
            or len(value) < 8
            or re.fullmatch(r"[a-z]+(?:-[a-z]+)*-?v?\d{1,2}", value)
        ):
            continue
        strong = m[0].startswith(("pipeline", "execution", "key", "run", "chave", "clave", "llave"))
        seen.add(token.start())
        yield _Place(token.start(), token.start() + len(value), value, 0.92 if strong else 0.85)
    for m in _TOKEN.finditer(text):
        value = m["token"]
        if m.start() in seen or not _opaque(value):
            continue
        before = folded[max(0, m.start() - 40) : m.start()]
        before = before[before.rfind("\n") + 1 :]
        word = _NOT_KEY.search(before)
        named = _JSON_KEY.search(before)
        if word or (named and not re.search(r"key|exec|run|ejec", named[1] or named[2] or "")):
            beside = (word or named or [""])[0]
            yield _Place(m.start(), m.end(), value, 0, f"looks like a key, but stands beside '{beside.strip()}'")
            continue
        alone = not before.strip(" -*•>:\"'`([")
        yield _Place(m.start(), m.end(), value, 0.8 if alone else 0.65)


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
