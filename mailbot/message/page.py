"""HTML to the text that its reader sees. In: a page. Out: lines; quotes as "> ", two-cell rows as "label: value".

Hidden text, styles, scripts and images from elsewhere are dropped; links keep their target. One walk without recursion,
after caps: the parser is quadratic in nesting depth and in attributes of one tag.
"""

from __future__ import annotations

import html as entities
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from mailbot.message.limits import Limits
from mailbot.message.model import Defect

_DEEP, _LONG_TAG = 1500, 16_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "o:p",
    ]
)
_OPEN_ENDED = frozenset(
    ["p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup"]
)  # closed by their next sibling
_DATA_URI = re.compile(r"data:[^\"'\s<>]{200,}")
_DROP = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "noscript",
        "template",
        "svg",
        "math",
        "object",
        "embed",
        "iframe",
        "select",
        "textarea",
        "button",
        "map",
        "-comment",
        "!doctype",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "ul",
        "blockquote",
    ]
)
_SPACED = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "dl"])
_HIDDEN = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$|!)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0\s*(?:;|$|!)|mso-hide\s*:\s*all"
)
_TIGHT = re.compile(r"(?i)margin(?:-bottom|-block-end)?\s*:\s*0")
_INDENT_ONLY = re.compile(r"(?i)border\s*:\s*(?:none|0)|border-left\s*:\s*(?:none|0)")
_RULE_ABOVE = re.compile(r"(?i)border-top\s*:\s*solid")
_SIGNATURE = re.compile(
    r"(?i)\b(?:gmail_signature|moz-signature|x?_?signature|signature_editable|apple-mail-signature)\b"
)
_SPACE = re.compile(r"[ \t\r\n\f\xa0\u2007\u202f\u3000\u200b\u00ad\u034f\u200c\u200e]+")
_STRIPPED = re.compile(r"(?is)<(script|style)\b[^>]{0,1000}>.*?</\1\s*>|<!--.{0,20000}?-->")
RULE = "_" * 32


def to_text(page: str, limits: Limits, defects: list[Defect]) -> str:
    """The readable text of a page; one that is too deep or broken for the parser loses only its structure."""
    if len(page) > limits.html:
        defects.append(Defect("html-cut", f"HTML after the first {limits.html} characters is left out"))
        page = page[: limits.html]
    page = _DATA_URI.sub("data:", page.replace("\x00", ""))
    if _dangerous(page):
        defects.append(Defect("html-structure", "nested too deep or tags too long: its text is kept without structure"))
        return _bare(page)
    root = LexborHTMLParser(page).body
    return "" if root is None else _Writer().write(root)


def _dangerous(page: str) -> bool:
    """Deeper than the parser bears, or a tag with thousands of attributes."""
    depth = deepest = 0
    last = 0
    if page.count("<") > 300:
        for found in _TAG.finditer(page):
            name = found.group(2).lower()
            if found.start() - last > _LONG_TAG and ">" not in page[last : found.start()]:
                return True
            last = found.start()
            if name in _VOID or name in _OPEN_ENDED:
                continue
            depth = max(0, depth - 1) if found.group(1) else depth + 1
            deepest = max(deepest, depth)
    if deepest > _DEEP:
        return True
    return any(len(piece) > _LONG_TAG and ">" not in piece[:_LONG_TAG] for piece in page.split("<"))


def _bare(page: str) -> str:
    """Text between tags, by a single linear pass."""
    out = []
    for piece in page.split("<")[:200_000]:
        tag, closed, text = piece.partition(">")
        if closed:
            name = tag[:12].lstrip("/").split(" ")[0].lower()
            out.append(("\n" if name in _BLOCK or name == "br" else "") + text)
        elif not out:
            out.append(piece)
    lines = (_SPACE.sub(" ", line).strip() for line in entities.unescape("".join(out)).split("\n"))
    return "\n".join(line for line in lines if line)


class _Writer:
    """Collects lines while the tree is walked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.buffer: list[str] = []
        self.depth = 0  # of quoting
        self.pre = 0
        self.bullet = ""  # to be put before the next text
        self.lists: list[list[Any]] = []  # [kind, next number]
        self.rows: list[list[Any]] = []  # [first line, [(start, end) of each cell]]
        self.signature: tuple[int, int] | None = None  # lines of the signature element
        self.quoted = False

    def write(self, root: Any) -> str:
        node, leaving = root, False
        while True:
            if not leaving and self._enter(node) and node.first_child is not None:
                node = node.first_child
                continue
            self._leave(node)
            if node.mem_id == root.mem_id:
                break
            leaving = node.next is None
            node = node.parent if leaving else node.next
        self._flush()
        return self._finished()

    # ---- elements ----

    def _enter(self, node: Any) -> bool:
        tag = node.tag
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag in _DROP:
            return False
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or (style and _HIDDEN.search(style) and tag != "body"):
            return False
        if tag == "br":
            self._flush(keep_empty=True)
            return False
        if tag == "img":
            self._image(attributes)
            return False
        if tag in _BLOCK:
            self._block(tag, attributes, style)
        elif tag == "input" and (attributes.get("type") or "") != "hidden":
            self._text(" " + (attributes.get("value") or "") + " ")
        marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if marks != " " and _SIGNATURE.search(marks) and self.depth == 0 and self.signature is None and not self.quoted:
            self._flush()
            self.signature = (len(self.lines), -1)
        if "gmail_quote" in marks or "divRplyFwdMsg" in marks or "appendonsend" in marks or "yahoo_quoted" in marks:
            self.quoted = True
        return True

    def _block(self, tag: str, attributes: Any, style: str) -> None:
        self._flush()
        if self._spaced(tag, attributes, style):
            self._blank()
        if tag == "hr" or (style and _RULE_ABOVE.search(style)):
            self.quoted = True
            self._line(RULE)
        elif tag == "blockquote":
            if self._is_quote(attributes, style):
                self.depth += 1
                self.quoted = True
        elif tag == "pre":
            self.pre += 1
        elif tag in ("ol", "ul"):
            start = attributes.get("start") or "1"
            self.lists.append([tag, int(start) if start.isdecimal() and len(start) < 6 else 1])
        elif tag == "li":
            self._item(attributes)
        elif tag == "tr":
            self.rows.append([len(self.lines), []])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1][1].append([len(self.lines), -1])

    def _leave(self, node: Any) -> None:
        tag = node.tag
        if tag in ("-text", "br", "img", "hr") or tag in _DROP:
            return
        if tag == "a":
            self._target(node)
            return
        if tag not in _BLOCK:
            return
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or (style and _HIDDEN.search(style) and tag != "body"):
            return
        self._flush()
        if tag == "blockquote" and self._is_quote(attributes, style):
            self.depth = max(0, self.depth - 1)
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        elif tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        elif tag in ("td", "th") and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1][1] = len(self.lines)
        elif tag == "tr" and self.rows:
            self._row(*self.rows.pop())
        if self._spaced(tag, attributes, style):
            self._blank()
        if self.signature and self.signature[1] < 0:
            marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if _SIGNATURE.search(marks):
                self.signature = (self.signature[0], len(self.lines))

    def _spaced(self, tag: str, attributes: Any, style: str) -> bool:
        """Does a blank line stand before and after it? Not around a list inside a list."""
        if tag == "p":
            return not self._tight(attributes, style)
        return tag in _SPACED and not (tag in ("ul", "ol") and self.lists)

    @staticmethod
    def _is_quote(attributes: Any, style: str) -> bool:
        """Mail programs also use blockquote to indent: then it has no border and no mark."""
        if "gmail_quote" in (attributes.get("class") or "") or (attributes.get("type") or "") == "cite":
            return True
        return not (style and _INDENT_ONLY.search(style))

    @staticmethod
    def _tight(attributes: Any, style: str) -> bool:
        return "Mso" in (attributes.get("class") or "") or bool(style and _TIGHT.search(style))

    def _item(self, attributes: Any) -> None:
        kind, number = self.lists[-1] if self.lists else ("ul", 1)
        if kind == "ol":
            value = attributes.get("value") or ""
            number = int(value) if value.isdecimal() and len(value) < 6 else number
            self.lists[-1][1] = number + 1
        indent = "  " * max(0, min(len(self.lists), 8) - 1)
        self.bullet = indent + (f"{number}. " if kind == "ol" else "- ")

    def _image(self, attributes: Any) -> None:
        """Pictures inside the mail leave a mark; those from elsewhere (logos, tracking pixels) leave nothing."""
        source = attributes.get("src") or ""
        if source.startswith("cid:") and not self._tiny(attributes):
            name = (attributes.get("alt") or source[4:]).split("@")[0].strip()[:80]
            self._text(f" [image: {name}] ")

    @staticmethod
    def _tiny(attributes: Any) -> bool:
        return any((attributes.get(side) or "").rstrip("px ") in ("0", "1", "2") for side in ("width", "height"))

    def _target(self, node: Any) -> None:
        target = (node.attributes.get("href") or "").strip()
        if target.lower().startswith("mailto:") and "?" in target and self.buffer:  # a form, not somebody's address
            self._text(f" <{target.partition('?')[0][:200]}> ")
            return
        if not target.lower().startswith(("http://", "https://")) or len(target) > 500 or not self.buffer:
            return
        shown = "".join(self.buffer[-4:])
        bare = target.split("://", 1)[1].rstrip("/")
        if bare not in shown and target not in shown:
            self._text(f" <{target}> ")

    def _row(self, first: int, cells: list[list[int]]) -> None:
        """Puts the cells of a row on one line where each has one; in two columns the first is the label."""
        parts = [
            [line for line in self.lines[a : b if b >= 0 else len(self.lines)] if line.strip(" >")] for a, b in cells
        ]
        parts = [part for part in parts if part]
        if len(parts) < 2 or any(RULE in line for part in parts for line in part[:1]):
            return
        mark = "> " * self.depth
        heads = [part[0][len(mark) :] if part[0].startswith(mark) else part[0] for part in parts]
        if len(parts) == 2 and len(parts[0]) == 1 and len(heads[0]) <= 60 and len(parts[1]) <= 12:
            joined = f"{heads[0].rstrip(' :')}: {heads[1]}"
            self.lines[first:] = [mark + joined, *parts[1][1:]]
        elif all(len(part) == 1 for part in parts) and len(parts) <= 30:
            self.lines[first:] = [mark + " | ".join(heads)]

    # ---- text ----

    def _text(self, text: str) -> None:
        if self.pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.buffer.append(first)
            for other in others:
                self._flush(keep_empty=True)
                self.buffer.append(other)
            return
        text = _SPACE.sub(" ", text)
        if text == " " and not self.buffer:
            return
        if text:
            self.buffer.append(text)

    def _flush(self, *, keep_empty: bool = False) -> None:
        text = "".join(self.buffer)
        self.buffer.clear()
        if not self.pre:
            text = re.sub(" {2,}", " ", text).strip()
        if text.strip():
            if self.bullet:
                text, self.bullet = self.bullet + text.lstrip(), ""
            self._line(text)
        elif keep_empty:
            self._line("")

    def _line(self, text: str) -> None:
        self.lines.append("> " * self.depth + text if self.depth else text)

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip(" >"):
            self._line("")

    def _finished(self) -> str:
        if self.signature:
            self._mark_signature(*self.signature)
        out: list[str] = []
        empty = 0
        for line in self.lines:
            empty = 0 if line.strip(" >") else empty + 1
            if empty <= 2:
                out.append(line.rstrip() if line != "-- " else line)
        return "\n".join(out).strip("\n")

    def _mark_signature(self, start: int, end: int) -> None:
        """Puts "-- " before the signature element, unless the author's text goes on below it."""
        end = len(self.lines) if end < 0 else end
        below = []
        for line in self.lines[end:]:
            if line.startswith((">", RULE)):
                break
            below.append(line)
        signed = [line for line in self.lines[start:end] if line.strip()]
        if not signed or signed[0].strip() in ("--", "-- ") or (any(x.strip() for x in below) and not self.quoted):
            return
        self.lines.insert(start, "-- ")
