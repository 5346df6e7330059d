"""Markdown to the two parts of a mail: plain text and HTML.

In: a skeleton, which is the template's own Markdown with a placeholder wherever data goes; and the data. Data never
passes through the Markdown parser, so what a customer writes cannot become a link, a heading or a table. Out: text and
HTML. A skeleton is parsed once and kept as a `Plan`; most mails of a template share one, and only the data are put in.

What it makes of Markdown: `\\` at a line's end keeps the line break; `*quiet words*` are shown muted; a paragraph that
holds nothing but links becomes buttons (HTML); mailto buttons, which no one could read, are left out of the text part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mailbot.reply import style
from mailbot.reply.plan import Block, Plan, Segments, Slot, segments

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_inline", "html_block", "code"])
# Links are checked when the data are known (`_href`), not while a placeholder stands for them.
_parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
_parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
_parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]


@lru_cache(maxsize=1024)
def parse(skeleton: str) -> Plan:
    """Reads the head (`Name: value` lines down to `---`) and the Markdown below it."""
    head: dict[str, Segments] = {}
    top, rule, body = skeleton.lstrip("\n").partition("\n---\n")
    if rule:
        for line in top.splitlines():
            name, _, value = line.partition(":")
            head[name.strip().lower()] = tuple(segments(value.strip()))
    else:
        body = skeleton
    walker = _Walker()
    walker.walk(_parser.parse(body))
    return Plan(head, tuple(walker.blocks), _joined(walker.html))


def _joined(parts: Sequence[str | Slot]) -> Segments:
    out: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        else:
            out.append(part)
    return tuple(out)


class _Walker:
    """Walks the tokens once and writes both parts' plans. A method per token type; not every one looks at its token."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.html: list[str | Slot] = []
        self.lists: list[int | None] = []  # per open list: the next number, or None for bullets
        self.marker: tuple[str, int | None] | None = None  # of an item whose first block is to come
        self.indent = ""
        self.quotes = 0
        self.tight = False
        self.opening = False
        self.row: list[Segments] | None = None
        self.rows: list[tuple[Segments, ...]] = []

    def walk(self, tokens: Sequence[Token]) -> None:
        for place, token in enumerate(tokens):
            handler = getattr(self, token.type, None)
            if handler is not None:
                handler(token)
            elif token.type == "inline":
                self._inline(token, tokens[place - 1])
            elif token.type in style.OPEN:
                self.html.append(style.OPEN[token.type])

    # ---- blocks ----

    def _inline(self, token: Token, parent: Token) -> None:
        children = token.children or []
        if parent.type in ("td_open", "th_open"):
            assert self.row is not None
            text, page = _inline_parts(children)
            self.row.append(_joined(text))
            self.html.extend(page)
            return
        if parent.type == "paragraph_open" and not parent.hidden and _only_links(children):
            self.html.append(style.BUTTONS_OPEN)
            text, page = _inline_parts(children, buttons=True)
            self.html.extend([*page, style.BUTTONS_CLOSE])
            if text:
                self._block(_joined(text))
            return
        text, page = _inline_parts(children)
        if parent.type == "paragraph_open" and not parent.hidden:
            self.html.append(style.PARAGRAPH_IN_LIST if self.lists else style.OPEN["paragraph_open"])
        self.html.extend(page)
        if parent.type == "paragraph_open" and not parent.hidden:
            self.html.append("</p>")
        self._block(_joined(text))

    def _block(self, words: Segments, table: tuple[tuple[Segments, ...], ...] = ()) -> None:
        quote = "> " * self.quotes
        first = rest = quote + self.indent
        number, apart = None, True
        if self.marker is not None:
            sign, number = self.marker
            first, self.marker = quote + self.indent[: -len(sign)] + sign, None
            apart = not self.tight or self.opening
            self.opening = False
        elif self.lists and self.tight:
            apart = False
        slots = tuple([word.index for word in words if isinstance(word, Slot)])
        self.blocks.append(Block(words, first, rest, apart, number if len(self.lists) == 1 else None, table, slots))

    def paragraph_open(self, token: Token) -> None:
        """Written with its words, since a paragraph of links is none."""

    def fence(self, token: Token) -> None:
        self.html.extend([style.OPEN["code_block_open"], *_page(segments(token.content.rstrip("\n"))), "</pre>"])
        self._block(tuple(segments(token.content.rstrip("\n"))))

    code_block = fence

    def hr(self, token: Token) -> None:  # noqa: ARG002
        self.html.append(style.RULE)
        self.blocks.append(Block(("—" * 12,)))

    def blockquote_open(self, token: Token) -> None:  # noqa: ARG002
        self.quotes += 1
        self.html.append(style.OPEN["blockquote_open"])

    def blockquote_close(self, token: Token) -> None:  # noqa: ARG002
        self.quotes -= 1
        self.html.append("</blockquote>")

    # ---- lists ----

    def bullet_list_open(self, token: Token) -> None:  # noqa: ARG002
        self._list(None, "bullet_list_open")

    def ordered_list_open(self, token: Token) -> None:
        self._list(int(token.attrs.get("start", 1)), "ordered_list_open")

    def _list(self, start: int | None, name: str) -> None:
        self.lists.append(start)
        self.opening = True
        self.html.append(style.OPEN[name])

    def bullet_list_close(self, token: Token) -> None:
        self.lists.pop()
        self.html.append("</ol>" if token.type.startswith("ordered") else "</ul>")

    ordered_list_close = bullet_list_close

    def list_item_open(self, token: Token) -> None:  # noqa: ARG002
        number = self.lists[-1]
        sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.tight = number is None  # numbered questions stand apart, so that an answer fits between them
        self.marker = (sign, number)
        self.indent += " " * len(sign)
        self.html.append(style.OPEN["list_item_open"])

    def list_item_close(self, token: Token) -> None:  # noqa: ARG002
        number = self.lists[-1]
        sign = "- " if number is None else f"{number - 1}. "
        self.indent = self.indent[: len(self.indent) - len(sign)]
        self.html.append("</li>")

    # ---- tables ----

    def table_open(self, token: Token) -> None:  # noqa: ARG002
        self.rows = []
        self.html.append(style.OPEN["table_open"])

    def table_close(self, token: Token) -> None:  # noqa: ARG002
        self.html.append("</table>")
        self._block((), tuple(self.rows))

    def thead_open(self, token: Token) -> None:  # noqa: ARG002
        self.mark = len(self.html)

    def thead_close(self, token: Token) -> None:  # noqa: ARG002
        if not any(self.rows[-1]):  # a table without headings: labels stand at the left
            del self.html[self.mark :]

    def tr_open(self, token: Token) -> None:  # noqa: ARG002
        self.row = []
        self.html.append("<tr>")

    def tr_close(self, token: Token) -> None:  # noqa: ARG002
        self.rows.append(tuple(self.row or ()))
        self.row = None
        self.html.append("</tr>")

    def td_open(self, token: Token) -> None:  # noqa: ARG002
        labels = len(self.rows[0]) == 2 and not any(self.rows[0])
        first = style.LABEL if labels else style.FIRST
        later = style.OPEN["td_open"] if len(self.row or ()) == 1 else style.STATE
        self.html.append(later if self.row else first)


def _only_links(children: Sequence[Token]) -> bool:
    depth, links = 0, 0
    for child in children:
        if child.type == "link_open":
            depth, links = depth + 1, links + 1
        elif child.type == "link_close":
            depth -= 1
        elif not depth and (child.type not in ("text", "softbreak") or child.content.strip()):
            return False
    return links > 0


def _inline_parts(children: Sequence[Token], *, buttons: bool = False) -> tuple[list[str | Slot], list[str | Slot]]:
    text: list[str | Slot] = []
    page: list[str | Slot] = []
    address: list[str | Slot] = []
    for child in children:
        if child.type == "text":
            parts = segments(child.content)
            text.extend(parts)
            page.extend(_page(parts))
        elif child.type == "code_inline":
            parts = segments(child.content)
            text.extend(parts)
            page.extend([style.OPEN["code_open"], *_page(parts), "</code>"])
        elif child.type == "softbreak":
            text.append(" ")
            page.append("\n")
        elif child.type == "hardbreak":
            text.append("\n")
            page.append("<br>\n")
        elif child.type == "link_open":
            address = segments(str(child.attrs.get("href", "")), "href")
            quoted = [style.attribute(a) if isinstance(a, str) else a for a in address]
            page.extend([style.BUTTON if buttons else style.LINK, *quoted, '">'])
        elif child.type == "image":
            source = segments(str(child.attrs.get("src", "")), "src")
            page.extend([style.PICTURE, *(p for p in source if isinstance(p, Slot)), '" alt="'])
            page.extend([*(p for p in segments(child.content)), '">'])
            text.extend(segments(child.content))
        elif child.type == "link_close":
            page.append("</a>")
            if not buttons:
                text.extend([" <", *address, ">"])
            elif not any(isinstance(a, Slot) or a.startswith("mailto:") for a in address):
                text.extend([": ", *address])
        elif child.type in style.INLINE:
            page.append(style.INLINE[child.type])
    if buttons and not any(isinstance(part, str) and part == ": " for part in text):
        text = []
    return text, page


def _page(parts: Sequence[str | Slot]) -> list[str | Slot]:
    return [style.words(part) if isinstance(part, str) else part for part in parts]
