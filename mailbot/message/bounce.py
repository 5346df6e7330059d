"""Delivery reports. In: the MIME tree and the headers. Out: its kind, who was not reached, which mail of ours.

DSNs (RFC 3464) are read here; the free forms of older servers by flufl.bounce, behind a wall: it raises on odd mails.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import getaddresses
from enum import StrEnum

from mailbot.message.mime import Entity
from mailbot.message.model import BouncedRecipient

_READ = 200_000  # bytes of a report that are looked at
_LINES = 2_000  # of them that flufl.bounce tries its hundred patterns on


class Kind(StrEnum):
    """What a report says."""

    NONE = ""
    FAILURE = "failure"
    DELAY = "delay"
    SUCCESS = "success"
    RECEIPT = "receipt"  # message disposition notification, RFC 8098
    COMPLAINT = "complaint"  # abuse report, RFC 5965


@dataclass(frozen=True, slots=True)
class Report:
    kind: Kind = Kind.NONE
    reason: str = ""
    recipients: tuple[BouncedRecipient, ...] = ()
    message_id: str | None = None


_DAEMON = re.compile(
    r"(?i)^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|maildaemon|post-?master|post_master|(?:mail-?)?bounces?"
    r"|bounced?-?mail|"
    r"mail[-_]?(?:er|delivery|system|admin)|double-bounce|mmdf|uucp|smtpd?|non-?delivery\w*"
    r"|no-?reply-bounce)(?:[+=_-].*)?$"
)
_DAEMON_NAME = re.compile(
    r"(?i)mailer[- ]daemon|mail (?:delivery|administrator|system|router)|delivery (?:sub)?system|postmaster"
    r"|sistema de (?:entrega|correo)|administrador del? (?:sistema|correo)|microsoft (?:outlook|exchange)"
    r"|internet mail|mail ?er"
)
_ADMINISTRATOR = re.compile(r"(?i)system administrator|(?:^|[<\s])(?:sysadmin|nobody|root)@")
_SUBJECT = re.compile(
    r"(?i)undeliver|non-?deliver|not delivered|delivery (?:status|failure|failed|report|problem|has failed"
    r"|notification|error|unsuccessful)|"
    r"(?:mail|message|e-?mail)\w* (?:delivery )?(?:fail|could not|not |undeliver|returned|status|system error"
    r"|rejected|blocked|delayed)|"
    r"returned (?:mail|to sender|e-?mail)|return(?:ed)? to sender|failure (?:notice|delivery|report)"
    r"|failed (?:delivery|mail|message)|"
    r"delivery\W+(?:delayed|temporarily)|could not (?:be delivered|send)|unable to deliver|warning: could not send"
    r"|user unknown|unknown user|"
    r"mail (?:failed|failure|system error)|problem delivering|rejected(?::| mail| posting)|nondeliverable"
    r"|unzustellbar|zustell|rücksendung|"
    r"n[ãa]o (?:foi )?(?:p[ôo]de ser )?entreg|falha (?:na|de) entrega|notifica[çc][ãa]o de (?:falha|status)"
    r"|devolvid[oa]|retornad[oa] ao remetente|"
    r"no se (?:pudo|puede|ha podido) entregar|error de entrega|fallo (?:en|de) (?:la )?entrega|no entregado|devuelto"
    r"|entrega (?:fallida|retrasada)|"
    r"non (?:remis|distribu|recapitat)|échec|mancata consegna|message status|mail not accepted"
    r"|the following recipient|bounce|dsn:|ndn:|"
    r"adresse (?:inconnue|invalide)|送信|配信|失敗|エラー|не доставлен|недоставлен"
)
_TEXT = re.compile(
    r"(?i)(?:user|recipient|mailbox|address|account|host|domain|usu[áa]rio|destinat[áa]rio|endere[çc]o"
    r"|caixa)\w*\W+(?:\w+\W+){0,4}"
    r"(?:unknown|not (?:found|exist|known|listed|available|valid)|does ?n[o']t|doesn't|rejected|unavailable|disabled"
    r"|full|over ?quota|inv[áa]lid|"
    r"inexist|lotad|desconhec|inactive|invalid|no longer)|"
    r"(?:could not|cannot|couldn't|can't|was not|not|unable to|failed to|wasn't) (?:be )?(?:deliver|send|sent|reach"
    r"|relay)|"
    r"(?:undeliver|delivery (?:to|of).{0,80}fail|permanent (?:fatal )?error|fatal errors|returned (?:message|to)"
    r"|were rejected|"
    r"transcript of session|no such (?:user|domain|recipient|mailbox)|giving up|has been returned|quota exceeded"
    r"|mailbox full"
    r"|reason for the problem)|"
    r"n[ãa]o (?:p[ôo]de|foi poss[íi]vel|foi)\W+(?:ser )?entreg|no se (?:pudo|puede|ha podido) entregar|"
    r"\b[45]\d\d[ -]\d?\.?\d?\.?\d*|\b[45]\.\d{1,3}\.\d{1,3}\b|配信|送信|届"
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY_CODE = re.compile(r"\b([45])\d\d[ \-]")
_ADDRESS = re.compile(r"[\w.+%'=/&~!#$*{}|?^`-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ORIGINAL_ID = re.compile(r"(?im)^[ \t>]*message-id:\s*(<[^<>\s]{1,300}>)")
_TEMPORARY = re.compile(
    r"(?i)delay|warning|still (?:trying|being)|will (?:be retried|retry|keep trying|continue)|temporar|retrasad|atras"
)


def read(tree: Entity, raw: bytes, headers: Mapping[str, Sequence[str]], text: str) -> Report:
    """The report in a mail; kind NONE when it is none."""
    leaves = list(tree.leaves())[:50]
    types = {leaf.type for leaf in leaves}
    declared = tree.params.get("report-type", "").lower() if tree.type == "multipart/report" else ""
    if ("message/feedback-report" in types and tree.type == "multipart/report") or declared == "feedback-report":
        return Report(Kind.COMPLAINT, "feedback report")
    if declared == "disposition-notification" or (
        "message/disposition-notification" in types and tree.type == "multipart/report"
    ):
        return Report(Kind.RECEIPT, "disposition notification", message_id=_original_id(leaves, raw, text))
    statuses = [leaf for leaf in leaves if leaf.type in ("message/delivery-status", "message/global-delivery-status")]
    signs = _machine_signs(headers, text)
    if not signs and not statuses and not declared:
        return Report()  # a person's mail, which the words of bounces need not be sought in
    machine, signs = bool(signs), signs + _told_signs(headers, text)
    if (statuses and (tree.type == "multipart/report" or machine)) or declared == "delivery-status":
        found = _delivery_status(statuses, raw)
        if found is not None:
            return Report(found[0], "delivery status notification", found[1], _original_id(leaves, raw, text))
    if not _is_bounce(signs):
        return Report()
    recipients = _free_form(raw, headers, text, _original(leaves, raw))
    late = bool(_TEMPORARY.search(_one(headers, "subject"))) and not any(r.permanent for r in recipients)
    return Report(Kind.DELAY if late else Kind.FAILURE, ", ".join(signs), recipients, _original_id(leaves, raw, text))


# ---- is it one? ----


def _machine_signs(headers: Mapping[str, Sequence[str]], text: str) -> list[str]:
    """What the envelope or the sender says for a bounce, in words."""
    signs = []
    sender = _one(headers, "from")
    address = _ADDRESS.search(sender)
    local = (address.group() if address else sender.strip("<> ")).partition("@")[0]
    name = sender[: address.start()] if address else sender
    if _DAEMON.match(local) or _DAEMON_NAME.search(name) or sender.replace(" ", "") == "<>":
        signs.append(f"From: {sender[:60]}")
    elif _ADMINISTRATOR.search(sender) and "?" not in text[:2000]:
        signs.append(f"Sender: {sender[:60]}")
    back = _one(headers, "return-path").strip().strip("<>").strip()
    if headers.get("return-path") and (not back or _DAEMON.match(back.partition("@")[0])):
        signs.append(f"Return-Path: <{back}>")
    if headers.get("x-failed-recipients"):
        signs.append("X-Failed-Recipients")
    if text.startswith("{") and '"notificationType":"Bounce"' in text[:300].replace(" ", ""):
        signs.append("X-Failed: notification of the sending service")
    return signs


def _told_signs(headers: Mapping[str, Sequence[str]], text: str) -> list[str]:
    """What the subject and the text say for a bounce; people write about bounces too."""
    signs = []
    subject = _one(headers, "subject")
    if _SUBJECT.search(subject) and not re.match(r"(?i)\s*(?:re|res|fwd?|enc|rv)\s*:", subject):
        signs.append(f"Subject: {subject[:60]}")
    if _TEXT.search(text[:6000]):
        signs.append("text of a bounce")
    return signs


def _is_bounce(signs: Sequence[str]) -> bool:
    """Two signs, one of them of the envelope or the sender: people write about bounces too."""
    machine = any(sign.startswith(("From", "Return-Path", "X-Failed")) for sign in signs)
    return (machine and len(signs) >= 2) or len(signs) >= 3  # an administrator may be a person: subject and text too


def _one(headers: Mapping[str, Sequence[str]], name: str) -> str:
    values = headers.get(name)
    return values[0] if values else ""


# ---- whom does it name? ----


def _delivery_status(leaves: Sequence[Entity], raw: bytes) -> tuple[Kind, tuple[BouncedRecipient, ...]] | None:
    """RFC 3464 section 2: a group of fields for the server, then one for each recipient."""
    found: dict[str, BouncedRecipient] = {}
    actions: set[str] = set()
    for leaf in leaves:
        text = leaf.content(raw, _READ).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        for group in re.split(r"\n[ \t]*\n", text)[:500]:
            fields = _group(group)
            address = _status_address(fields)
            action = fields.get("action", "").split("(")[0].strip().lower()
            if not action and not address:
                continue
            status = _STATUS.search(fields.get("status", "")) or _STATUS.search(fields.get("diagnostic-code", ""))
            code = status.group() if status else ""
            if not action:
                action = {"2": "delivered", "4": "delayed"}.get(code[:1], "failed")
            actions.add(action)
            if address and action in ("failed", "delayed"):
                found[address] = BouncedRecipient(address, action == "failed" and not code.startswith("4"), code)
    if not actions:
        return None
    kind = Kind.FAILURE if "failed" in actions else Kind.DELAY if "delayed" in actions else Kind.SUCCESS
    return kind, tuple(found.values())


def _group(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = ""
    for line in text.split("\n")[:60]:
        if line[:1] in " \t" and last:
            fields[last] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        if colon:
            last = name.strip().lower()
            fields.setdefault(last, value.strip())
    return fields


def _status_address(fields: Mapping[str, str]) -> str:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = fields.get(name, "")
        found = _ADDRESS.search(value.partition(";")[2] or value)
        if found:
            return found.group().strip("<>").lower()
    return ""


def _original(leaves: Sequence[Entity], raw: bytes) -> bytes:
    """The head of the mail that came back."""
    for leaf in leaves:
        if leaf.type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            return leaf.content(raw, 60_000)
    return b""


def _original_id(leaves: Sequence[Entity], raw: bytes, text: str) -> str | None:
    head = _original(leaves, raw).decode("utf-8", "replace")
    found = _ORIGINAL_ID.search(head) or _ORIGINAL_ID.search(text[-60_000:])
    if found:
        return found.group(1)
    loose = re.search(r"(?im)^message-id:\s*\n?\s*(<[^<>\s]{1,300}>)", head)
    return loose.group(1) if loose else None


def _free_form(
    raw: bytes, headers: Mapping[str, Sequence[str]], text: str, original: bytes
) -> tuple[BouncedRecipient, ...]:
    found: dict[str, BouncedRecipient] = {}
    for value in headers.get("x-failed-recipients", ()):
        for address in _ADDRESS.findall(value):
            found[address.lower()] = BouncedRecipient(address.lower(), True, _status_near(text, address))
    if found:
        return tuple(found.values())
    temporary, permanent = _by_flufl(raw)
    for group, lasting in ((temporary, False), (permanent, True)):
        for address in group:
            code = _status_near(text, address)
            found[address] = BouncedRecipient(address, lasting and not code.startswith("4"), code)
    return tuple(found.values()) or _by_text(text, original)


def _by_flufl(raw: bytes) -> tuple[list[str], list[str]]:
    from flufl.bounce import all_failures  # a hundred patterns, for those who get a bounce

    # It writes a stack trace for every odd mail; what it could not read is told in our own words.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        message = message_from_bytes(b"\n".join(raw[:_READ].split(b"\n", _LINES)[:_LINES]))
        if not getaddresses([str(message.get("from", ""))]):  # one of its detectors needs an author
            del message["from"]
            message["from"] = "nobody@mail.invalid"
        groups = all_failures(message)
    except Exception:  # it raises IndexError and others on odd mails; then we only know less
        return [], []
    temporary, permanent = (
        sorted(a.decode("utf-8", "replace").strip("<>").lower() for a in group if isinstance(a, bytes))
        for group in groups
    )
    return [a for a in temporary if _ADDRESS.fullmatch(a)], [a for a in permanent if _ADDRESS.fullmatch(a)]


def _by_text(text: str, original: bytes) -> tuple[BouncedRecipient, ...]:
    """The address in the text that the returned mail was sent to, or the one beside a refusal."""
    head = re.split(r"(?im)^(?:-{3,}.{0,60}(?:original|copy|returned|header)|received: )", text[:20_000])[0]
    named = list(dict.fromkeys(a.lower() for a in _ADDRESS.findall(head)))
    sent_to = re.search(rb"(?im)^to:\s*(.{0,500})", original) or re.search(
        rb"(?im)^[ >]*to:\s*(.{0,500})", text.encode()[:60_000]
    )
    wanted = {a.lower() for a in _ADDRESS.findall(sent_to.group(1).decode("utf-8", "replace"))} if sent_to else set()
    picked = (
        [a for a in named if a in wanted]
        or [a for a in named if _DAEMON.match(a.partition("@")[0]) is None][:1]
        or sorted(wanted)[:3]
    )
    out = []
    for address in picked[:20]:
        code = _status_near(text, address)
        lasting = not code.startswith("4") and not (not code and _TEMPORARY.search(head))
        out.append(BouncedRecipient(address, lasting, code))
    return tuple(out)


def _status_near(text: str, address: str) -> str:
    """The enhanced status code (RFC 3463) that stands closest behind an address."""
    at = text.lower().find(address.lower())
    near = text[max(at, 0) : max(at, 0) + 1500]
    found = _STATUS.search(near) or _STATUS.search(text[:8000])
    if found:
        return found.group()
    code = _REPLY_CODE.search(near)
    return f"{code.group(1)}.0.0" if code else ""
