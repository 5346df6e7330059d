"""The MIME tree of a mail as places in its bytes. In: raw bytes. Out: `Entity` with offsets; nothing is copied.

One pass over the lines that begin with "--" (RFC 2046 section 5.1): linear however the parts are nested or lie.
A mail inside a mail (message/*) is a leaf.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbot.message import headers as field_text
from mailbot.message.limits import Limits
from mailbot.message.model import Defect

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")

_FIELD_AFTER_CR = re.compile(rb"\r[!-9;-~]{1,76}:")
_WELL_KNOWN = re.compile(rb"(?i)[\r\n](?:from|to|subject|date|mime-version|content-type|message-id):")


@dataclass(slots=True)
class Entity:
    """One node. `raw[start:end]` is its body as on the wire; leaves have no children."""

    number: str = ""  # as IMAP counts parts, "1.2"; "" for a multipart at the top
    fields: list[tuple[str, bytes]] = field(default_factory=list)  # lower-case name, value with folds
    start: int = 0
    end: int = 0
    type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    encoding: str = ""
    content_id: str = ""
    children: list[Entity] = field(default_factory=list)
    multipart: bool = False

    def leaves(self) -> Iterator[Entity]:
        """All leaves in the order of the mail; no recursion."""
        todo = [self]
        while todo:
            node = todo.pop()
            if node.multipart:
                todo.extend(reversed(node.children))
            else:
                yield node

    def content(self, raw: bytes, most: int | None = None) -> bytes:
        """The decoded body; `most`: at most so many bytes of the wire are read."""
        end = self.end if most is None else min(self.end, self.start + most)
        data = raw[self.start : end]
        if self.encoding == "base64":
            return field_text.base64(data)
        if self.encoding == "quoted-printable":
            return quopri.decodestring(data)
        if self.encoding in ("x-uuencode", "uuencode", "x-uue"):
            return _uudecoded(data)
        return data

    def decoded_size(self, raw: bytes) -> int:
        """Bytes after decoding, without decoding what is large."""
        size = self.end - self.start
        if self.encoding == "base64":
            blanks = sum(raw.count(c, self.start, self.end) for c in (b"\n", b"\r", b" "))
            padding = raw.count(b"=", max(self.start, self.end - 8), self.end)
            return max(0, (size - blanks) * 3 // 4 - padding)
        if self.encoding and self.encoding not in ("7bit", "8bit", "binary") and size < 1_000_000:
            return len(self.content(raw))
        return size


def scan(raw: bytes, limits: Limits, defects: list[Defect]) -> Entity:
    """The tree of a mail; what limits leave out is told in `defects`."""
    newline = _line_end(raw, limits)
    start = _after_envelope(raw, newline)
    root, body = _entity(raw, start, len(raw), newline, limits, {}, defects)
    root.number = "" if root.multipart else "1"
    if root.multipart:
        _parts(raw, root, body, newline, limits, defects)
    return root


def _line_end(raw: bytes, limits: Limits) -> bytes:
    """LF, also where CR stands before it; CR where only CR ends the lines of the header, whatever LF is in the text.
    A server's own line stands first in what it delivers, so nobody's CR in a header field makes a mail of this kind."""
    lf = raw.find(b"\n", 0, limits.header_block)
    if lf < 0:
        return b"\r" if b"\r" in raw else b"\n"
    return b"\r" if len(_FIELD_AFTER_CR.findall(raw[:lf])) > 1 else b"\n"


def _parts(raw: bytes, root: Entity, body: int, newline: bytes, limits: Limits, defects: list[Defect]) -> None:
    stack = [root]  # open multiparts
    known: dict[bytes, int] = {}  # delimiter line -> level; with "--" behind: the level, negated and less one
    _open(root, 0, known)
    leaf: Entity | None = None
    count = 0
    look, mark = max(body - 1, 0), newline + b"--"
    while stack:
        at = raw.find(mark, look)
        if at < 0:
            break
        line_start = at + 1
        line_end = raw.find(newline, line_start)
        line_end = len(raw) if line_end < 0 else line_end
        look = line_end
        level = known.get(raw[line_start : min(line_end, line_start + 300)].rstrip()) if known else None
        if level is None:
            if line_end >= len(raw):
                break
            continue
        closing = level < 0
        level = -level - 1 if closing else level
        edge = at - 1 if at > 0 and newline == b"\n" and raw[at - 1 : at] == b"\r" else at
        if leaf is not None:
            leaf.end = max(leaf.start, edge)
            leaf = None
        for node in stack[level + 1 :]:
            node.end = max(node.start, edge)
        _forget(known, level if closing else level + 1)
        if closing:
            stack[level].end = line_end
            del stack[level:]
            continue
        del stack[level + 1 :]
        count += 1
        if count > limits.parts:
            defects.append(Defect("too-many-parts", f"parts after the first {limits.parts} are left out"))
            break
        parent = stack[-1]
        child, start = _entity(raw, min(line_end + 1, len(raw)), len(raw), newline, limits, known, defects)
        child.number = f"{parent.number}.{len(parent.children) + 1}".lstrip(".")
        parent.children.append(child)
        look = start - 1
        if child.multipart and len(stack) >= limits.depth:
            defects.append(Defect("too-deep", f"parts nested deeper than {limits.depth} are left out"))
            child.multipart, child.type = False, "application/octet-stream"
        if child.multipart:
            stack.append(child)
            _open(child, len(stack) - 1, known)
        else:
            leaf = child
    if leaf is not None:
        leaf.end = len(raw) if count <= limits.parts else max(leaf.start, leaf.end)
    for node in stack:
        node.end = len(raw)
    if stack and count <= limits.parts:
        defects.append(Defect("boundary-not-closed", stack[-1].params.get("boundary", "")[:80]))
    _mend_empty(root, defects)


def _open(node: Entity, level: int, known: dict[bytes, int]) -> None:
    boundary = node.params["boundary"].encode("utf-8", "replace")
    known.setdefault(b"--" + boundary, level)
    known.setdefault(b"--" + boundary + b"--", -level - 1)


def _forget(known: dict[bytes, int], level: int) -> None:
    """Drops the delimiters of levels that are closed; the newest stand last."""
    while known:
        line, value = next(reversed(known.items()))
        if (value if value >= 0 else -value - 1) < level:
            return
        del known[line]


def _mend_empty(root: Entity, defects: list[Defect]) -> None:
    """A multipart whose boundary never comes is read as text."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.multipart and not node.children:
            node.multipart, node.type = False, "text/plain"
            node.number = node.number or "1"
            defects.append(Defect("no-parts", "a multipart without its boundary is read as text"))
        todo.extend(node.children)


def _entity(
    raw: bytes, start: int, end: int, newline: bytes, limits: Limits, known: dict[bytes, int], defects: list[Defect]
) -> tuple[Entity, int]:
    """(the node whose header block begins at start, where its body begins)"""
    node = Entity()
    node.fields, body = header_block(raw, start, end, newline, limits, known, defects)
    values: dict[str, str] = {}
    for name, value in node.fields:
        if name.startswith("content-") and name not in values:
            values[name] = field_text.raw_text(value)[0]
    kind, params = field_text.parameters(values.get("content-type", "text/plain"))
    if kind.count("/") != 1 or kind.startswith("/") or kind.endswith("/"):
        kind = "text/plain" if kind in ("", "text") else "application/octet-stream"
    disposition, more = field_text.parameters(values.get("content-disposition", ""))
    node.type, node.params, node.disposition = kind[:100], params, disposition
    node.encoding = values.get("content-transfer-encoding", "").split(";")[0].strip().strip("\"'").lower()
    node.content_id = values.get("content-id", "").strip().strip("<>")[:200]
    node.filename = field_text.safe_filename(more.get("filename") or params.get("name") or "")
    node.start = node.end = body
    boundary = params.get("boundary", "")
    node.multipart = kind.startswith("multipart/") and 0 < len(boundary) <= 250
    if kind.startswith("multipart/") and not node.multipart:
        defects.append(Defect("no-boundary", "a multipart without a boundary is read as text"))
        node.type = "text/plain"
    if not node.multipart:
        node.end = end
    return node, body


def header_block(
    raw: bytes, start: int, end: int, newline: bytes, limits: Limits, known: dict[bytes, int], defects: list[Defect]
) -> tuple[list[tuple[str, bytes]], int]:
    """([(name, value)], offset of the body). Ends at a blank line, a delimiter, or a line that is no field."""
    fields: list[tuple[str, bytes]] = []
    name, value_start, value_end = "", 0, 0

    def keep() -> None:
        if not name:
            return
        if value_end - value_start > limits.header:
            defects.append(Defect("header-too-long", f"{name}: read up to {limits.header} bytes"))
        fields.append((name, raw[value_start : min(value_end, value_start + limits.header)]))

    at = start
    while at < end:
        if at - start > limits.header_block or len(fields) >= limits.headers:
            defects.append(Defect("headers-too-long", f"fields after the first {at - start} bytes are left out"))
            keep()
            return fields, _after_blank(raw, at, end)
        stop = raw.find(newline, at, end)
        stop = end if stop < 0 else stop
        first = raw[at : at + 1]
        if first in (newline, b"\r") and not raw[at:stop].strip(b"\r"):
            keep()
            return fields, min(stop + 1, end)
        if first in (b" ", b"\t"):
            value_end = stop
            if not name and raw[at:stop].strip():
                break  # text where a field should be
        else:
            match = _NAME.match(raw, at, min(stop, at + 300))
            if match is None or (first == b"-" and raw[at : min(stop, at + 300)].rstrip() in known):
                keep()
                name = ""
                if raw.startswith(b">From ", at) or (not known and _more_fields(raw, stop + 1, end)):
                    defects.append(Defect("broken-header", "a line among the header fields is none"))
                    at = stop + 1
                    continue
                defects.append(Defect("no-blank-line", "the header block ends without a blank line"))
                return fields, at
            keep()
            name = match.group(1).decode("ascii").lower()
            value_start, value_end = match.end(), stop
        at = stop + 1
    keep()
    return fields, min(at, end)


def _more_fields(raw: bytes, at: int, end: int) -> bool:
    """Do well-known fields follow before the next blank line? Then a broken line among them does not end the block."""
    stop = min(_after_blank(raw, at, min(end, at + 16_384)), at + 16_384)
    return stop < end and _WELL_KNOWN.search(raw, max(at - 1, 0), stop) is not None


def _after_blank(raw: bytes, at: int, end: int) -> int:
    places = [p + len(gap) for gap in (b"\n\n", b"\n\r\n", b"\r\r") if (p := raw.find(gap, at, end)) >= 0]
    return min(places, default=end)


def _after_envelope(raw: bytes, newline: bytes) -> int:
    """Skips blank lines and a mbox "From " line before the first field."""
    at = 0
    while raw[at : at + 1] in (b"\r", b"\n", b"\xef") and at < 1000:
        if raw[at : at + 3] == b"\xef\xbb\xbf":
            at += 3
        elif raw[at : at + 1] == b"\xef":
            break
        else:
            at += 1
    if raw.startswith(b"From ", at):
        stop = raw.find(newline, at)
        at = len(raw) if stop < 0 else stop + 1
    return at


def _uudecoded(data: bytes) -> bytes:
    out = []
    for line in data.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)
