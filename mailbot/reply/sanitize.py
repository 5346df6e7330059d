"""HTML and file names from a mail, made safe to be shown or sent on.

In: HTML as it came, a file name as it came. Out: HTML of plain tags without script, style, form, remote picture or odd
link; a file name without path, control signs or reserved words. What is too large or too deep for the cleaner comes
back as text.
"""

from __future__ import annotations

import re

import nh3

from mailbot.reply.clean import one_line
from mailbot.reply.style import data

MOST_CHARS = 1_000_000
MOST_DEPTH = 400  # the cleaner's time is quadratic in depth: 20,000 take a second, 100,000 half a minute
MOST_TAG = 20_000  # characters of one tag; its time is quadratic in the attributes, too
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})")
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "track", "wbr")
)
_TAGS = frozenset(
    (
        "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
        "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    )
)  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)
_PICTURE = re.compile(r"cid:[^\s<>\"\\]{1,200}", re.IGNORECASE)  # a part of the same mail: nothing is fetched
_NUMBER = re.compile(r"\d{1,4}%?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def clean_html(html: str) -> str:
    """HTML that can do nothing but be read. Too large, too deep or too strange: its source as text."""
    if len(html) > MOST_CHARS or too_deep(html):
        return f"<p>{data(html[:MOST_CHARS])}</p>"
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title", "noscript", "template", "textarea", "svg", "math"},
        strip_comments=True,
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.fullmatch(value.strip()) else None
    if name == "src":
        return value if _PICTURE.fullmatch(value.strip()) else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if _NUMBER.fullmatch(value) else None
    return value


def too_deep(html: str) -> bool:
    """Whether the cleaner would take long: nesting, or one tag of many attributes. Linear, without building a tree."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() in _VOID:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MOST_DEPTH:
            return True
    place = 0
    while (start := html.find("<", place)) >= 0:
        end = html.find(">", start)
        if end < 0:
            return len(html) - start > MOST_TAG
        if end - start > MOST_TAG:
            return True
        place = end + 1
    return False


def safe_name(name: str, fallback: str = "file") -> str:
    """A file name that is only a name: no path, control signs, leading dot or reserved word, at most 120 long."""
    text = one_line(name.replace("\\", "/").rpartition("/")[2], 400)
    text = re.sub(r'[<>:"|?*\x00-\x1f%]', "_", text).strip(" .")
    if not text or _RESERVED.match(text):
        text = f"{fallback}-{text}" if text else fallback
    if len(text) > 120:
        stem, dot, ending = text.rpartition(".")
        ending = ending[:16] if dot else ""
        text = f"{(stem or text)[: 118 - len(ending)]}.{ending}" if ending else text[:120]
    return text
