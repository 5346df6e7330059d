"""The readable text of a mail. In: the MIME tree and the raw bytes. Out: `Readable`.

The text is NFC with \\n line ends and without control characters.

The plain part is preferred unless it is empty or a stub; HTML is turned to text (`page.to_text`); format=flowed is
unfolded (RFC 3676).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mailbot.message import charset, flowed, page
from mailbot.message.limits import Limits
from mailbot.message.mime import Entity
from mailbot.message.model import Defect

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile(r"\r\n|[\r\x0c\x85\u2028\u2029]")
_STUB = re.compile(
    r"(?i)(does not|doesn't|não|no|cannot|can't|unable to)\s+(\w+\s+){0,3}(support|display|view|suporta|exib|soporta"
    r"|muestra|admite)\w*"
    r"\s+(\w+\s+){0,3}html|html\s+(e-?mail|mail|message|version|format)|view (this|it|the) (\w+ )?(in|on|online)|"
    r"(visualizar|ver|abrir?) (este|o|el) (e-?mail|mensagem|mensaje|correo) (no|en|em) "
)


@dataclass(frozen=True, slots=True)
class Readable:
    text: str = ""
    source: str = "none"  # "plain" | "html" | "none"
    html: str = ""
    parts: tuple[Entity, ...] = ()  # the leaves that the text was made of: no attachments


@dataclass(slots=True)
class _Pieces:
    """What one branch offers as text: the same in both forms (multipart/alternative), or only one of them."""

    plain: list[Entity]
    html: list[Entity]
    both: bool = False


def readable(tree: Entity, raw: bytes, limits: Limits, defects: list[Defect]) -> Readable:
    """The text to read and the HTML as it came; what is over the limits is cut and told."""
    pieces = _collect(tree)
    budget = limits.text
    texts: list[str] = []
    pages: list[str] = []
    used: list[Entity] = []
    sources: set[str] = set()
    for piece in pieces:
        if budget <= 0:
            defects.append(Defect("text-cut", f"text after the first {limits.text} bytes is left out"))
            break
        plain = [_plain(leaf, raw, budget, defects) for leaf in piece.plain]
        marked = [_text_of(leaf, raw, budget, defects) for leaf in piece.html]
        budget -= sum(leaf.end - leaf.start for leaf in piece.plain + piece.html)
        pages += marked
        used += piece.plain + piece.html
        text, markup = "\n".join(plain), "\n".join(marked)
        if markup.strip() and (not text.strip() or _is_stub(text, markup)):
            text = page.to_text(markup, limits, defects)
            sources.add("html")
        elif text.strip():
            sources.add("plain")
        texts.append(text.strip("\n"))
    text = tidy("\n\n".join(t for t in texts if t.strip()))
    source = "html" if "html" in sources else "plain" if text.strip() else "none"
    return Readable(text, source if text.strip() else "none", "\n".join(pages), tuple(used))


def tidy(text: str) -> str:
    """One form of line ends, NFC, no control characters; blanks at the ends of lines stay ("-- " is a mark)."""
    text = _CONTROL.sub("", _BREAK.sub("\n", text))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.strip("\n")


def _collect(tree: Entity) -> list[_Pieces]:
    """The text leaves in the order of the mail. Iterative: the depth is the sender's choice."""
    out: list[_Pieces] = []
    todo: list[tuple[Entity, _Pieces | None]] = [(tree, None)]
    while todo:
        node, within = todo.pop()
        if node.multipart:
            if node.type == "multipart/alternative" and within is None:
                within = _Pieces([], [], both=True)
                out.append(within)
            children = node.children[:1] if node.type in ("multipart/report", "multipart/signed") else node.children
            todo.extend((child, within) for child in reversed(children))
            continue
        if not _is_text(node):
            continue
        is_page = node.type == "text/html"
        if within is not None:
            (within.html if is_page else within.plain).append(node)
        else:
            out.append(_Pieces([], [node]) if is_page else _Pieces([node], []))
    return [p for p in out if p.plain or p.html]


def _is_text(leaf: Entity) -> bool:
    if leaf.type not in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text"):
        return False
    return leaf.disposition in ("", "inline") and not leaf.filename


def _text_of(leaf: Entity, raw: bytes, budget: int, defects: list[Defect]) -> str:
    if leaf.end - leaf.start > budget:
        defects.append(Defect("text-cut", f"part {leaf.number}: read up to {budget} bytes"))
    text, complaint = charset.decode(leaf.content(raw, budget), leaf.params.get("charset"))
    if complaint:
        defects.append(Defect("charset", f"part {leaf.number}: {complaint}"))
    return text


def _plain(leaf: Entity, raw: bytes, budget: int, defects: list[Defect]) -> str:
    text = _BREAK.sub("\n", _text_of(leaf, raw, budget, defects))
    if leaf.params.get("format", "").lower() == "flowed":
        return flowed.unfold(text, delsp=leaf.params.get("delsp", "").lower() == "yes")
    return text


def _is_stub(text: str, markup: str) -> bool:
    """A plain part that only says that there is an HTML part."""
    short = text.strip()
    if re.match(r"(?i)<(!doctype|html|head|body|div|p|table)\b", short):
        return True
    return len(short) < 300 and len(markup) > 2 * len(short) and _STUB.search(short) is not None
