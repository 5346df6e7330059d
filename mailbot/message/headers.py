"""Header fields. In: the bytes of a header block or one field. Out: decoded one-line strings, parameters, Message-IDs.

Everything is linear in the length of the field: encoded words of one field are joined once (RFC 2047 section 6.2).
"""

from __future__ import annotations

import binascii
import quopri
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from mailbot.message import charset

_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])|\r(?=[ \t])")
_GAP = re.compile(r"[ \t\r\n]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff]")
_MSG_ID = re.compile(r"<([^<>\s]{1,990})>")
_PARAM = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;"]*)')
_NOT_BASE64 = bytes(
    c for c in range(256) if chr(c) not in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)


def raw_text(value: bytes) -> tuple[str, bool]:
    """A field's bytes as text with folds undone; True when there were bytes outside ASCII that are not UTF-8."""
    value = value.replace(b"\x00", b"")
    try:
        text, odd = value.decode("utf-8"), False
    except UnicodeDecodeError:
        text, odd = charset.decode(value, None)[0], True
    text = text.strip(" \t\r\n")
    return (_FOLD.sub("", text) if "\n" in text or "\r" in text else text), odd


def decode_words(text: str) -> str:
    """Encoded words to text (RFC 2047); what is none stays as it is."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[bytes] = []  # neighbours in one charset are joined before decoding: letters are split between words
    literal: list[str] = []
    label = ""
    end = 0

    def flush() -> None:
        if pending:
            read, complaint = charset.decode(b"".join(pending), label)
            garbage = bool(complaint) and ("\ufffd" in read or _CONTROL.search(read) is not None)
            out.append(" ".join(literal) if garbage else read)
            pending.clear()
            literal.clear()

    for found in _WORD.finditer(text):
        name, kind, content = found.group(1).lower(), found.group(2), found.group(3)
        between = text[end : found.start()]
        joined = bool(pending) and _GAP.fullmatch(between) is not None
        if pending and not (joined and name == label):
            flush()
        if not joined:
            out.append(between)
        pending.append(_unpack(kind, content))
        literal.append(found.group())
        label, end = name, found.end()
    flush()
    out.append(text[end:])
    return "".join(out)


def _unpack(kind: str, content: str) -> bytes:
    data = content.encode("utf-8", "replace")
    if kind in "bB":
        return base64(data)
    return quopri.decodestring(data.replace(b" ", b"_"), header=True)


def base64(data: bytes) -> bytes:
    """Base64 as it comes: foreign characters skipped, padding mended (RFC 2045 section 6.8)."""
    pieces = []
    for piece in data.split(b"=") if b"=" in data.rstrip(b"=\r\n\t ") else [data]:
        clean = piece.translate(None, _NOT_BASE64)
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        pieces.append(binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)))
    return b"".join(pieces)


def one_line(text: str) -> str:
    """No control characters, no direction overrides, single blanks, NFC."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", _CONTROL.sub(" ", text)).split()))


def decoded(value: bytes) -> str:
    """A field as a reader sees it."""
    return one_line(decode_words(raw_text(value)[0]))


def message_ids(text: str, most: int = 1000) -> tuple[str, ...]:
    """The Message-IDs of a field with their <>, in order, each once (RFC 5322 section 3.6.4)."""
    seen = dict.fromkeys(f"<{found.group(1)}>" for found in _MSG_ID.finditer(text))
    return tuple(seen)[-most:]


def message_id(text: str) -> str | None:
    """The one Message-ID of a Message-ID field, also where its <> are missing."""
    found = message_ids(text)
    if found:
        return found[0]
    bare = text.strip().strip("<>")
    return f"<{bare}>" if bare and not re.search(r"\s", bare) and len(bare) < 990 else None


def parameters(text: str) -> tuple[str, dict[str, str]]:
    """("text/plain", {"charset": "utf-8"}) of such a field (RFC 2045 section 5.1, RFC 2183, RFC 2231)."""
    value, _, rest = text.partition(";")
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAM.finditer(";" + rest):
        name, content = match.group(1).lower(), _unquoted(match.group(2))
        base, star, number = name.partition("*")
        if not star:
            found.setdefault(name, content)
            continue
        encoded = number.endswith("*") or number == ""
        digits = number.rstrip("*")
        if digits == "" or (digits.isdecimal() and len(digits) < 5):
            pieces.setdefault(base, {})[int(digits or 0)] = (content, encoded)
    for base, parts in pieces.items():
        found[base] = _joined(parts)
    return "".join(value.split()).lower(), found


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        return re.sub(r"\\(.)", r"\1", text)
    return text.split(" (", 1)[0].strip()


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    data, label = [], "utf-8"
    for place, number in enumerate(sorted(parts)):
        content, encoded = parts[number]
        if place == 0 and encoded and content.count("'") >= 2:
            label, _, content = content.split("'", 2)
        data.append(unquote_to_bytes(content) if encoded else content.encode("utf-8", "replace"))
    return charset.decode(b"".join(data), label or "utf-8")[0]


def safe_filename(name: str) -> str:
    """A file name that can be stored and shown: no path, no control characters, at most 150 characters."""
    name = one_line(decode_words(name)).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r'[<>:"|?*]', "_", name).strip(". ")
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = (stem[: 140 - len(ending)] + dot + ending) if dot and len(ending) < 20 else name[:150]
    return name
