"""A mail's bytes, made by hand: headers that cannot be broken out of, parts that every server takes.

In: header values as text, parts. Out: bytes with CRLF line ends, ASCII only, lines of at most 998 octets (RFC 5322
section 2.1.1), so that neither 8BITMIME nor SMTPUTF8 is needed. The same input gives the same bytes: boundaries come
from the caller. (The standard library's EmailMessage takes fifteen times as long; the tests read every mail with it.)
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import quote
from urllib.parse import quote as percent

from mailbot.errors import PermanentError
from mailbot.reply.clean import one_line
from mailbot.reply.sanitize import safe_name

_PLAIN = re.compile(r"[ -~]*")
_LINE = 76
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_CONTENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,255}")
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along. `content_id`: shown inside the HTML part, where `cid:` names it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def address(text: str) -> str:
    """An address as it may stand in a header and in RCPT TO: ASCII, the domain in its IDNA form.

    Raises `PermanentError` for anything else (a local part beyond ASCII needs SMTPUTF8, RFC 6531: not asked for).
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        made = f"{local}@{domain.encode('idna').decode('ascii') if not domain.isascii() else domain}"
    except UnicodeError:
        made = ""
    if not _ADDRESS.fullmatch(made) or len(made) > 254:
        raise PermanentError(f"no mail can be sent to {one_line(text, 80)!r}", mend="the address has no usable form")
    return made


def _words(text: str) -> str:
    """RFC 2047 encoded words, folded: each carries whole characters and is at most 75 octets long."""
    chunks: list[bytes] = []
    size = 33  # the first stands behind the header's name
    current = b""
    for char in text:
        raw = char.encode("utf-8", "replace")
        if len(current) + len(raw) > size:
            chunks.append(current)
            current, size = b"", 45
        current += raw
    chunks.append(current)
    return "\r\n ".join(f"=?utf-8?B?{b64encode(chunk).decode('ascii')}?=" for chunk in chunks)


def _fold(pieces: Sequence[str], used: int, between: str = " ") -> str:
    out, room = "", _LINE - used
    for place, piece in enumerate(pieces):
        last = piece.rpartition("\r\n")[2]
        if not place:
            out = piece
        elif len(piece.split("\r\n", 1)[0]) + len(between) > room:
            out, room = f"{out}{between.rstrip()}\r\n {piece}", _LINE - 1
        else:
            out = f"{out}{between}{piece}"
            room -= len(between)
        room = (_LINE - len(last)) if "\r\n" in piece else room - len(last)
    return out


def unstructured(name: str, value: str) -> str:
    """A header of free text (Subject), encoded where it must be."""
    value = one_line(value, 900)
    if not _PLAIN.fullmatch(value) or "=?" in value or any(len(word) > 70 for word in value.split(" ")):
        return f"{name}: {_words(value)}\r\n"
    return f"{name}: {_fold(value.split(' '), len(name) + 2)}\r\n"


def token(name: str, value: str) -> str:
    """A header whose value we make ourselves: one or several words of ASCII. Raises ValueError for anything else."""
    if not _PLAIN.fullmatch(value) or any(len(word) > 900 for word in value.split(" ")):
        raise ValueError(f"{name}: {value!r} must be plain ASCII")
    return f"{name}: {_fold(value.split(' '), len(name) + 2)}\r\n"


def mailbox(name: str, display: str) -> str:
    """`Name <address>` (RFC 5322 section 3.4); the address must have passed `address`."""
    display = one_line(display, 100)
    if not display:
        return name
    if _PLAIN.fullmatch(display) and "=?" not in display and len(display) <= 60:
        return f'"{quote(display)}" <{name}>'
    while len(display.encode("utf-8", "replace")) > 45:  # one encoded word: between two some readers put a space
        display = display[:-1]
    word = b64encode(display.encode("utf-8", "replace")).decode("ascii")
    return f"=?utf-8?B?{word}?= <{name}>"


def mailboxes(name: str, addresses: Sequence[str]) -> str:
    """A header of finished mailboxes."""
    return f"{name}: {_fold(addresses, len(name) + 2, ', ')}\r\n"


def text_part(content: str, subtype: str) -> bytes:
    """A text part in quoted-printable (RFC 2045 section 6.7): readable when seen raw, and 7bit-safe."""
    raw = content.replace("\n", "\r\n").encode("utf-8", "replace")
    body = binascii.b2a_qp(raw, istext=True)
    if b"\n" not in raw:
        body = body.replace(b"\n", b"\r\n")  # the encoder takes its line ends from the text
    # A line "From " is altered by mbox files and a lone "." ends DATA for careless servers.
    body = body.replace(b"\nFrom ", b"\n=46rom ").replace(b"\n.\r", b"\n=2E\r")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode("ascii") + body


def file_part(file: File) -> bytes:
    """A file in base64. What claims to be a mail goes as plain bytes: mails may not be encoded (RFC 2046 5.2.1)."""
    kind = file.content_type.lower()
    if not _CONTENT_TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    name = safe_name(file.name)
    while len(name.encode("utf-8", "replace")) > 200:  # percent-encoded it must fit into one line
        name = name[1:]
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    full = f'filename="{plain}"'
    if plain != name:  # RFC 2231; the plain one stands in Content-Type, for programs that do not know it
        full = f"filename*=utf-8''{percent(name.encode('utf-8', 'replace'), safe='')}"
    place = "inline" if file.content_id else "attachment"
    head = f'Content-Type: {kind};\r\n name="{plain}"\r\nContent-Transfer-Encoding: base64\r\n'
    head += f"Content-Disposition: {place};\r\n {full}\r\n"
    if file.content_id:
        if not _CONTENT_ID.fullmatch(file.content_id):
            raise ValueError(f"{file.content_id!r} is no Content-ID")
        head += f"Content-ID: <{file.content_id}>\r\n"
    body = binascii.b2a_base64(file.content, newline=False)
    folded = b"\r\n".join(body[i : i + 76] for i in range(0, len(body), 76))
    return head.encode("ascii") + b"\r\n" + folded + b"\r\n"


def multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """`=_` in the boundary cannot stand in quoted-printable, nor in base64: no part can hold it."""
    edge = f"--=_{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{subtype};\r\n boundary="=_{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
