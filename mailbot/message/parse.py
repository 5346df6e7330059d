"""Raw bytes to `Message`. In: the mail as it came and when. Out: a frozen value; a bad mail has defects, no error.

mail-parser lives here alone: it reads the address and Date fields, where its lexical care pays (RFC 5322 section 3).
Its two readers are called field by field: `MailParser` would walk and render a whole mail around them, twice. The MIME
tree is our own walk (`mime.scan`): mail-parser flattens forwarded mails and loses nameless parts.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache
from typing import Any

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from mailbot.errors import QuarantineError
from mailbot.message import automatic, body, bounce, forwarded, headers, mime
from mailbot.message.limits import DEFAULT, Limits
from mailbot.message.model import Address, Attachment, Defect, Message
from mailbot.message.seen import Seen

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # its messages hold header texts; defects tell the same

_ADDRESS_FIELDS = ("from", "to", "cc", "reply-to")
# Encoded words are decoded after the field is cut into addresses, by our own lenient decoder: mail-parser raises on
# broken ones. Until then their opening is hidden behind a letter that no sender uses.
_LOST = "unreadable"
_VEILED = "\uf8ff"
_BARE = re.compile(r"[\w.+%'=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_QUOTED = re.compile(r'"[^"]*"')
_ANGLE_FIRST = re.compile(rf"[^<]*<\s*(?:mailto:)?{_BARE.pattern}[^<]*", re.IGNORECASE)
# Zones that people's servers write and RFC 5322 does not know; mail-parser counts them as +0000.
_ZONES = {
    "BRT": -180,
    "BRST": -120,
    "ART": -180,
    "CLT": -240,
    "CLST": -180,
    "COT": -300,
    "PET": -300,
    "UYT": -180,
    "BOT": -240,
}
_ZONES |= {
    "ECT": -300,
    "VET": -240,
    "PYT": -240,
    "AMT": -240,
    "WET": 0,
    "WEST": 60,
    "CET": 60,
    "CEST": 120,
    "MET": 60,
    "BST": 60,
}
_ZONES |= {"EET": 120, "EEST": 180, "MSK": 180, "IST": 330, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660}
_ZONE_WORD = re.compile(r"\b([A-Z]{3,4})\b\s*(?:\(.*\))?\s*$")


def parse(
    raw: bytes,
    *,
    received: datetime,
    limits: Limits = DEFAULT,
    own: Callable[[Mapping[str, Sequence[str]]], bool] | None = None,
) -> Message:
    """Reads a mail.

    received: when our server took it (aware). own: says of the headers whether we sent the mail (loop guard).
    Raises QuarantineError only when the mail is larger than `limits.size`, or `received` is naive (ValueError).
    """
    if received.tzinfo is None:
        raise ValueError("received must be an aware datetime")
    if len(raw) > limits.size:
        raise QuarantineError(
            f"the mail has {len(raw):,} bytes, more than the {limits.size:,} that are read",
            mend="raise the size limit in the settings and retry it from quarantine",
        )
    defects: list[Defect] = []
    tree = mime.scan(raw, limits, defects)
    decoded = _headers(tree, defects)
    addresses, date = _typed_fields(tree, limits, defects)
    readable = body.readable(tree, raw, limits, defects)
    attached = forwarded.texts(tree, raw, limits, defects)
    known = set(map(id, readable.parts))
    report = bounce.read(tree, raw, decoded, readable.text)
    return Message(
        message_id=headers.message_id(_first(decoded, "message-id")),
        from_=addresses["from"],
        to=addresses["to"],
        cc=addresses["cc"],
        reply_to=addresses["reply-to"],
        subject=_first(decoded, "subject"),
        date=_plausible(date, received, defects),
        received=received,
        in_reply_to=headers.message_ids(_first(decoded, "in-reply-to"), 20),
        references=headers.message_ids(" ".join(decoded.get("references", ())), limits.references),
        text=f"{readable.text}\n\n{attached}".strip("\n") if attached else readable.text,
        text_source=readable.source if readable.text or not attached else "plain",
        html=readable.html,
        attachments=tuple(_attachment(leaf, raw) for leaf in tree.leaves() if id(leaf) not in known and _counts(leaf)),
        headers=decoded,
        automated=automatic.judge(Seen.of(tree, raw, decoded, readable.text, report, own)),
        bounced=report.recipients,
        bounced_message_id=report.message_id,
        defects=tuple(dict.fromkeys(defects)),
        size=len(raw),
    )


def attachment_bytes(raw: bytes, part: str, *, limits: Limits = DEFAULT) -> bytes:
    """The decoded bytes of `Attachment.part`. Raises KeyError when the mail has no such part."""
    for leaf in mime.scan(raw, limits, []).leaves():
        if leaf.number == part:
            return leaf.content(raw)
    raise KeyError(f"the mail has no part {part}")


def _headers(tree: mime.Entity, defects: list[Defect]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in tree.fields:
        text, odd = headers.raw_text(value)
        if odd:
            defects.append(Defect("8bit-header", f"{name}: neither ASCII nor UTF-8"))
        if name not in _ADDRESS_FIELDS:  # an encoded comma must not become a delimiter: these are read by _typed_fields
            text = headers.decode_words(text)
        found.setdefault(name, []).append(headers.one_line(text))
    for name in ("from", "subject", "message-id", "date", "sender"):
        if len(found.get(name, ())) > 1:
            defects.append(Defect("repeated-header", f"{name}: {len(found[name])} times"))
    return {name: tuple(values) for name, values in found.items()}


def _first(decoded: Mapping[str, Sequence[str]], name: str) -> str:
    values = decoded.get(name)
    return values[0] if values else ""


def _typed_fields(
    tree: mime.Entity, limits: Limits, defects: list[Defect]
) -> tuple[dict[str, tuple[Address, ...]], datetime | None]:
    date_text = ""
    texts: dict[str, list[str]] = {}
    for name, value in tree.fields:
        if name in _ADDRESS_FIELDS or name == "date":
            texts.setdefault(name, []).append(headers.raw_text(value)[0].replace("\r", " ").replace("\n", " "))
    found: dict[str, tuple[Address, ...]] = dict.fromkeys(_ADDRESS_FIELDS, ())
    for name in sorted(texts):
        if name == "date":
            date_text = texts[name][0][:200]
            continue
        text = _separated(", ".join(v for v in texts[name] if v)).replace("=?", _VEILED)
        pairs, flaws = _pairs(text)
        found[name] = _addresses(pairs, name, limits, defects)
        defects.extend(Defect("address", f"{name}: {flaw}") for flaw in flaws)
        if name == "from" and found[name] and any(flaw.startswith(_LOST) for flaw in flaws):
            found[name] = ()  # a second author, who cannot be read: as with two, nobody is believed
            texts[name] = []
    if not found["from"] and texts.get("from"):
        found["from"] = _only_address(texts["from"])
    read = parse_mail_date(date_text or None)
    date, zone = read.value, float(read.timezone or 0)
    if date is not None and not _zone_word(date_text):
        # An offset that no place on earth has says nothing about the sender's clock: the instant is kept, in UTC.
        return found, date.astimezone(timezone(timedelta(hours=zone if abs(zone) <= 14 else 0)))
    return found, _loose_date(date_text, defects)


@lru_cache(maxsize=256)  # our own addresses stand in every mail
def _pairs(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """((name, address), …) of an address field as mail-parser reads it, and what is wrong with it."""
    flaws: list[dict[str, Any]] = []
    pairs = get_addresses(text, defects=flaws, decode_names=True)
    lost = [f"{_LOST}: {flaw['raw'][:60]}" for flaw in flaws if not flaw["recovered"] and "@" in flaw["raw"]]
    told = (*(flaw["reason"] for flaw in flaws), *lost)
    return tuple((name, address) for name, address in pairs if address), told


def _separated(text: str) -> str:
    """Semicolons between addresses, as Outlook shows them, to commas; groups ("name: a, b;") keep theirs."""
    return text.replace(";", ",") if ";" in text and ":" not in text and '"' not in text else text


def _addresses(
    pairs: Sequence[tuple[str, str]], name: str, limits: Limits, defects: list[Defect]
) -> tuple[Address, ...]:
    out = []
    for label, address in pairs:
        label = "" if label == address else label
        if "@" in address:
            out.append(Address(_normal(address), headers.one_line(headers.decode_words(label.replace(_VEILED, "=?")))))
    if len(out) > limits.addresses:
        defects.append(Defect("too-many-addresses", f"{name}: {len(out)}, read up to {limits.addresses}"))
    return tuple(dict.fromkeys(out[: limits.addresses]))


def _normal(address: str) -> str:
    return headers.one_line(address).replace(" ", "").lower()


def _only_address(values: list[str]) -> tuple[Address, ...]:
    """The author of a From field that breaks the grammar: only when exactly one address stands in it, not as a part of
    what stands in quotes, where a name belongs, and where there is an angle bracket, right behind it and no other."""
    if any("<" in value and not _ANGLE_FIRST.fullmatch(value[:2000]) for value in values):
        return ()
    bare = [value[:2000].strip().strip('"') if value.count('"') == 2 else value[:2000] for value in values]
    found = dict.fromkeys(_normal(m.group()) for value in bare for m in _BARE.finditer(_QUOTED.sub(" ", value)))
    return tuple(Address(address) for address in found) if len(found) == 1 else ()


def _zone_word(text: str) -> int | None:
    found = _ZONE_WORD.search(text)
    return _ZONES.get(found.group(1)) if found else None


def _loose_date(text: str, defects: list[Defect]) -> datetime | None:
    """Dates that break RFC 5322 in the common ways: no seconds, other separators, zones by name."""
    if not text:
        return None
    minutes = _zone_word(text)
    if re.search(r"\b0\d{3}\b(?!\s*$)", text.split(":")[0]):  # the year 0026 is no slip of 2026
        text = ""
    try:
        parts = parsedate_tz(text)
        if parts is None:
            iso = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
            return iso if iso.tzinfo else iso.replace(tzinfo=UTC)
        offset = timedelta(minutes=minutes) if minutes is not None else timedelta(seconds=parts[9] or 0)
        return datetime(*parts[:6], tzinfo=timezone(offset))
    except (ValueError, OverflowError, TypeError):
        defects.append(Defect("date", f"cannot be read: {text[:60]}"))
        return None


def _plausible(date: datetime | None, received: datetime, defects: list[Defect]) -> datetime:
    if date is None:
        defects.append(Defect("date", "none that can be read: the time of receipt is taken"))
        return received
    if date.year < 1980 or date > received + timedelta(days=730):
        defects.append(Defect("date", f"absurd: {date.isoformat()}: the time of receipt is taken"))
        return received
    return date


def _counts(leaf: mime.Entity) -> bool:
    """Empty nameless text parts are no attachments."""
    return bool(leaf.filename or leaf.content_id or leaf.end > leaf.start or not leaf.type.startswith("text/"))


def _attachment(leaf: mime.Entity, raw: bytes) -> Attachment:
    return Attachment(
        part=leaf.number,
        filename=leaf.filename,
        content_type=leaf.type,
        size=leaf.decoded_size(raw),
        content_id=leaf.content_id,
        inline=leaf.disposition == "inline" or (bool(leaf.content_id) and leaf.disposition != "attachment"),
    )
