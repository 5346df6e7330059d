"""Where an earlier mail begins. In: lines without quote marks. Out: `Marker`.

It is an attribution ("On … wrote:"), a header block ("De: … Enviado em: …") or a separator ("- Original Message -").

What mail clients write above what they quote or pass on, in Portuguese, English and Spanish, and in the other large
European languages where the form is plain. Every pattern is tried on short lines only and cannot backtrack far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailbot.message import maildate

_LONGEST = 400  # of a line or of joined lines that are tried

_LABELS = {
    "from": "from de von da van fra från od от",
    "date": (
        "sent date enviado enviada enviadas enviados enviado_em enviada_em enviado_el enviada_el data fecha envoyé"
        " envoyé_le gesendet"
        " datum "
        "inviato verzonden sendt dato skickat wysłano отправлено дата data_de_envio fecha_de_envío fecha_y_hora"
        " message_du"
    ),
    "to": "to para à a an aan til till do кому pour destinatário destinatario",
    "cc": "cc bcc cco copie_à copia c/c con_copia_a",
    "subject": "subject assunto asunto objet sujet betreff oggetto onderwerp emne ämne temat тема",
    "other": (
        "reply-to responder_a importance importância importancia attachments anexos adjuntos prioridade prioridad "
        "priority sensitivity sensibilidade categories on_behalf_of"
    ),
}
_CANON = {label.replace("_", " "): name for name, labels in _LABELS.items() for label in labels.split()}
_FIELD = re.compile(
    r"^[*_ \t|]{0,4}([A-Za-zÀ-ÿА-я][A-Za-zÀ-ÿА-я/-]*(?: [a-zà-ÿ]+){0,3})[*_]{0,2}[ \t\xa0]*:[*_]{0,2}[ \t]*(.*)$"
)
_UNKNOWN_LABEL = re.compile(r"^[\w .-]{2,40}:\s+\S")

_OPEN = r"(?:on|em|en|no dia|em data|el|le|am|il|in data|op|den|på|w dniu|dnia|a\(s\)|às|at|vào|el día|dia)"
_VERB = (
    r"(?:wrote|writes|escreveu|escribi[óo]|a [ée]crit|schrieb|ha scritto|schreef|skrev|napisał(?:\(a\)|a)?"
    r"|napsal\(?a?\)?"
    r"|написал\(?а?\)?|пишет|va escriure|escribiu|kirjoitti|írta|yazdı|scrisse|escrevi|disse)"
)
_VERBS = (  # a piece of each
    "wrote", "writes", "escrev", "escrib", "crit", "schrieb", "schreef", "skrev", "napisa", "napsal", "написал",
    "пишет", "escriure", "kirjoitti", "írta", "yazd", "scriss", "disse",
)  # fmt: skip
_ATTRIBUTION = re.compile(
    rf"(?i)^\W{{0,3}}(?:{_OPEN}\b|\d|[a-zéáçûô]{{3,10}}\.?,? \d).{{4,300}}?\b{_VERB}\b[^:]{{0,120}}(:?)\W{{0,3}}$"
)
_NAMELESS_END = re.compile(
    r"<[^<>@\s]{1,100}@[^<>\s]{1,100}(?:<mailto:[^<>]*>)?\s*>\)?\s*:\s*$"
)  # any language: "date, name <a@b>:"
_NARRATED = re.compile(
    r"(?i)[,\d]\s*(?:o|a|os|as|um|uma|el|la|los|las|un|una|the|our|nosso|nossa|nuestro|nuestra|eu|yo|i|we)\s+\S+"
)
_OPENER = re.compile(
    rf"(?i)^\W{{0,3}}(?:{_OPEN}\b|\d{{1,4}}[./ -]|(?:mon|tue|wed|thu|fri|sat|sun|seg|ter|qua|qui|sex|s[áa]b|dom|lun"
    rf"|mar|mi[ée]|jue|vie|tir|ons|tor)\w*\b)"
)
_DAY_OPENER = re.compile(  # "Em qua., 11 de nov. de 2026", "On Nov 11, 2026, at 5:50"
    r"(?i)^\W{0,3}(?:on|em|en|el|le|am|il|op|den|på)\b\W{0,3}(?:\d{1,4}\b|[a-zéáçûô]{3,13}\b\.?,? (?:de )?\d{1,2}\b"
    r"|[a-zéáçûô-]{3,13}\.?,? [a-zéáçûô]{3,10}\.? \d{1,2}\b).{0,40}\b(?:(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2})"
)
_YEAR_OR_TIME = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2}")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_MAIL = re.compile(r"[\w.+'=-]{1,100}@[\w.-]{1,100}")

_DASHES = r"[-_=*#~\u2013\u2014\s]"
_ORIGINAL = re.compile(
    rf"(?i)^{_DASHES}{{2,60}}(?:original message|mensage[mn] original|mensaje original|message d'origine"
    rf"|message original|ursprüngliche nachricht"
    rf"|original e-?mail|e-?mail original|correo original|messaggio originale|oorspronkelijk bericht"
    rf"|oprindelig (?:besked|meddelelse)"
    rf"|opprinnelig melding|ursprungligt meddelande|oryginalna wiadomość|original appointment|compromisso original"
    rf"|cita original"
    rf"|reply to (?:message|sender)|исходное сообщение){_DASHES}{{2,60}}$"
)
_FORWARD = re.compile(
    rf"(?i)^(?:{_DASHES}{{2,60}}(?:forwarded (?:message|by|email)|mensage[mn] (?:encaminhada|reencaminhada|reenviada)"
    rf"|e-?mail encaminhado|encaminhad[oa](?: por)?|mensaje reenviado|correo reenviado|reenviado(?: por)?"
    rf"|message transféré|weitergeleitete nachricht"
    rf"|messaggio inoltrato|doorgestuurd bericht).{{0,80}}"
    rf"|(?:begin forwarded message|in[íi]cio d[ae] mensagem (?:encaminhada|reencaminhada)"
    rf"|inicio del mensaje reenviado"
    rf"|mensagem encaminhada|mensaje reenviado|début du message (?:réexpédié|transféré)"
    rf"|anfang der weitergeleiteten nachricht)\s*:)\s*$"
)
_REPLY_ABOVE = re.compile(
    r"(?i)^\W{0,12}(?:please )?(?:type|write|digite|escreva|responda|escriba|escribe|reply"
    r"|ingrese)\b.{0,30}\b(?:above|acima|encima|arriba|por encima)\b"
    r".{0,40}\W{0,12}$|^\W{2,12}.{0,30}(?:responder|reply|resposta|respuesta).{0,30}(?:acima|above|arriba"
    r"|encima).{0,40}\W{2,12}$"
)
_RULE = re.compile(r"^\s*(?:[-_=*]\s?){4,}\s*$")


@dataclass(slots=True)
class Marker:
    """Lines [start, end) introduce an earlier mail. kind: attribution | block | original | forward | reply-above."""

    kind: str
    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)  # canonical name -> value, of a header block
    author: str = ""  # name and address as written
    english: bool = False
    forward: bool = False  # a line says in words that it is a forward
    strong: bool = True  # surely one, even when no quote marks follow


def find(texts: Sequence[str], depths: Sequence[int], at: int) -> Marker | None:
    """The marker that begins at line `at`, or None. All lines of a marker have the same quote depth."""
    line = texts[at]
    if len(line) > _LONGEST or len(line) < 3:
        return None
    stripped = line.strip()
    if not stripped:
        return None
    if stripped[0] in "-_=*#~\u2013\u2014":
        found = _separator(texts, depths, at, stripped)
        if found:
            return found
    elif _FORWARD.match(stripped):
        return _with_block(texts, depths, Marker("forward", at, at + 1, forward=True))
    if ":" in stripped:
        block = header_block(texts, depths, at, need=3)
        if block:
            return block
        if _REPLY_ABOVE.match(stripped):
            return Marker("reply-above", at, at + 1)
    elif stripped[0] in "#-=*" and _REPLY_ABOVE.match(stripped):
        return Marker("reply-above", at, at + 1)
    return _attribution(texts, depths, at)


def _separator(texts: Sequence[str], depths: Sequence[int], at: int, stripped: str) -> Marker | None:
    if _REPLY_ABOVE.match(stripped) and stripped[0] in "#-=*~":
        return Marker("reply-above", at, at + 1)
    if _FORWARD.match(stripped):
        return _with_block(texts, depths, Marker("forward", at, at + 1, forward=True))
    if _ORIGINAL.match(stripped):
        return _with_block(texts, depths, Marker("original", at, at + 1))
    if _RULE.match(stripped):  # a line of dashes or underscores belongs to the header block below it
        below = _next(texts, depths, at + 1)
        if below is not None:
            found = header_block(texts, depths, below, need=2)
            if found:
                found.start = at
                return found
    return None


def _with_block(texts: Sequence[str], depths: Sequence[int], marker: Marker) -> Marker:
    below = _next(texts, depths, marker.end)
    block = header_block(texts, depths, below, need=1) if below is not None else None
    if block is None and below is not None:  # "---- Original Message ----" and then "On … wrote:"
        introduced = _attribution(texts, depths, below)
        if introduced is not None:
            marker.end, marker.author = introduced.end, introduced.author
    if block:
        marker.end, marker.fields, marker.author, marker.english = block.end, block.fields, block.author, block.english
    return marker


def _next(texts: Sequence[str], depths: Sequence[int], at: int, most: int = 3) -> int | None:
    """The next line with text of the same depth as the one before `at`, at most some blank lines away."""
    depth = depths[at - 1] if at else 0
    for place in range(at, min(at + most, len(texts))):
        if depths[place] != depth and texts[place].strip():
            return None
        if texts[place].strip():
            return place
    return None


def header_block(texts: Sequence[str], depths: Sequence[int], at: int, *, need: int) -> Marker | None:
    """A run of "De:/Enviado em:/Para:/Assunto:" lines with at least `need` of the four."""
    first = _field(texts[at])
    if first is None or first[0] not in ("from", "date", "subject", "to"):
        return None
    fields: dict[str, str] = {}
    english = False
    depth, place, end, blanks, loose, last = depths[at], at, at, 0, 0, ""
    while place < len(texts) and place < at + 24:
        text = texts[place]
        if not text.strip():
            blanks += 1
            if blanks > 1:
                break
            place += 1
            continue
        if depths[place] != depth or len(text) > 4000:
            break
        found = _field(text)
        if found is None or (found[0] in fields and found[0] != "other"):
            # a folded list of addresses goes on, without a blank line between
            if (
                found is None
                and not blanks
                and last in ("to", "cc", "from")
                and loose < 12
                and _folded(text, fields[last])
            ):
                fields[last] += " " + text.strip()
                loose += 1
                place += 1
                end = place
                continue
            break
        name, value, label = found
        fields[name] = value
        english = english or label in ("from", "sent", "subject")
        last, blanks = name, 0
        place += 1
        end = place
    marker = Marker("block", at, end, fields, fields.get("from", ""), english)
    return marker if _believable(marker, need, texts, end) else None


def _folded(text: str, before: str) -> bool:
    return bool(_MAIL.search(text)) or before.rstrip().endswith((";", ",", "<")) or text.startswith((" ", "\t"))


def _believable(marker: Marker, need: int, texts: Sequence[str], end: int) -> bool:
    """A header block and not the customer's own list ("De: 100", "Para: 50"). Who wrote and, with year and time, when
    are enough: "From: Ana", "Sent: 24 Nov 2026 8:31"."""
    fields = marker.fields
    known = [name for name in ("from", "date", "to", "subject") if name in fields]
    timed = maildate.has_time(fields.get("date", ""))
    stamped = timed and fields.get("from") and re.search(r"\b(?:19|20)\d\d\b", fields["date"]) is not None
    if (len(known) < need and not stamped) or (
        need > 1 and "from" not in fields and not ({"date", "subject", "to"} <= set(known))
    ):
        return False
    if need == 1:
        return True
    dated = timed or re.search(r"(?:19|20)\d\d", fields.get("date", "")) is not None
    addressed = _MAIL.search(fields.get("from", "")) is not None
    if not (
        addressed
        or stamped
        or (dated and ("subject" in fields or "to" in fields))
        or (need == 2 and {"to", "subject"} <= set(known))
    ):
        return False
    below = texts[end] if end < len(texts) else ""
    return addressed or dated or not _UNKNOWN_LABEL.match(below)


def _field(text: str) -> tuple[str, str, str] | None:
    """(canonical name, value, label as written in lower case) of a header-like line."""
    if ":" not in text[:60]:
        return None
    found = _FIELD.match(text[:_LONGEST])
    if found is None:
        return None
    label = " ".join(found.group(1).lower().split())
    name = _CANON.get(label)
    return (name, found.group(2).strip(" *"), label) if name else None


def _attribution(texts: Sequence[str], depths: Sequence[int], at: int) -> Marker | None:
    """ "On … wrote:" on one line or folded over up to four."""
    joined = texts[at].strip()
    if not _OPENER.match(joined) and not ("@" in joined and (joined.endswith(":") or _ANY_VERB.search(joined))):
        return None
    for more in range(4):
        if more:
            place = at + more
            if place >= len(texts) or not texts[place].strip() or depths[place] != depths[at]:
                return None
            if "@" not in texts[at] and _DAY_OPENER.match(texts[place].strip()[:_LONGEST]):
                return None  # it begins there: above it stands the end of an answer, "1 produção"
            joined = f"{joined} {texts[place].strip()}"
            if len(joined) > _LONGEST:
                return None
        found = _attributed(joined)
        if found is not None:
            return Marker("attribution", at, at + more + 1, author=found[0], strong=found[1])
        if more == 0 and joined.endswith((".", "?", "!", ";")):
            return None
    return None


_ANY_VERB = re.compile(rf"(?i)\b{_VERB}\b")
_NAME_FIRST = re.compile(  # "Ana <ana@x.example> escreveu no dia terça, 20/10/2026 à(s) 15:52:"
    rf"(?i)^\W{{0,3}}[^:]{{0,120}}@[^:]{{0,80}}\b{_VERB}\b.{{4,80}}\d{{1,2}}[:.h]\d{{2}}.{{0,12}}$"
)


def _attributed(text: str) -> tuple[str, bool] | None:
    """(author, surely one)"""
    if "@" not in text and ":" not in text[-125:]:
        return None
    if not any(c.isdigit() for c in text):
        return None
    wrote = any(verb in text.lower() for verb in _VERBS)
    found = _ATTRIBUTION.match(text) if wrote else None
    address = _MAIL.search(text) if "@" in text else None
    if found is None and wrote and address and text.rstrip().endswith(":") and _NAME_FIRST.match(text):
        return text, True
    if found is None:
        if (
            address
            and _NAMELESS_END.search(text)
            and _YEAR_OR_TIME.search(text[: address.start()])
            and not text.startswith("http")
        ):
            return text, True
        return None
    if not found.group(1) and not (address and text.rstrip().lower().endswith(("wrote", "escreveu", "escribió"))):
        return None
    if address:
        return text, True
    narrated = _NARRATED.search(re.sub(r"(?i)\bde\s+\w+\.?\s+de\s+\d{4}", "", text)) is not None
    strong = bool(_CLOCK.search(text) and re.search(r"\b(?:19|20)\d\d\b", text)) and not narrated
    return (text, strong) if _YEAR_OR_TIME.search(text) else None
