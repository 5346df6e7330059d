"""How the HTML part looks: inline styles, since mail programs drop style sheets; one small sheet for dark screens.

In: pieces of text. Out: pieces of HTML. No picture, no script, no remote file: nothing is loaded when a mail is opened.
"""

from __future__ import annotations

import re

_FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"

OPEN = {
    "paragraph_open": '<p style="margin:0 0 14px">',
    "blockquote_open": '<blockquote class="q" style="margin:0 0 14px;padding:2px 0 2px 12px;'
    'border-left:3px solid #c9d1d9;color:#3d444d">',
    "bullet_list_open": '<ul style="margin:0 0 14px;padding:0 0 0 22px">',
    "ordered_list_open": '<ol style="margin:0 0 14px;padding:0 0 0 24px">',
    "list_item_open": '<li style="margin:0 0 8px">',
    "heading_open": '<p style="margin:20px 0 8px;font-weight:600;font-size:16px">',
    "heading_close": "</p>",
    "table_open": '<table role="presentation" cellpadding="0" cellspacing="0" width="100%" '
    'style="border-collapse:collapse;margin:0 0 16px;width:100%">',
    "th_open": '<th class="c" align="left" style="padding:6px 10px 6px 0;border-bottom:2px solid #d8dee4;'
    'font-size:13px;font-weight:600;vertical-align:top">',
    "th_close": "</th>",
    "td_open": '<td class="c" style="padding:6px 10px 6px 0;border-bottom:1px solid #e6eaef;vertical-align:top;'
    'overflow-wrap:anywhere">',
    "td_close": "</td>",
    "code_open": f'<code style="{_MONO};font-size:13px">',
    "code_block_open": f'<pre class="q" style="{_MONO};font-size:13px;margin:0 0 14px;white-space:pre-wrap;'
    'overflow-wrap:anywhere">',
}
_CELL = "padding:6px 10px 6px 0;border-bottom:1px solid #e6eaef;vertical-align:top"
LABEL = f'<td class="c m" width="30%" style="{_CELL};color:#59636e;overflow-wrap:break-word">'
FIRST = f'<td class="c m" style="{_CELL};color:#59636e;white-space:nowrap">'  # of a table with headings: a number
STATE = f'<td class="c" style="{_CELL};overflow-wrap:break-word">'  # short words that should stay whole
PARAGRAPH_IN_LIST = '<p style="margin:0 0 6px">'
RULE = '<hr class="c" style="border:0;border-top:1px solid #e6eaef;margin:18px 0">'
LINK = '<a style="color:#0969da" class="a" href="'
BUTTON = (
    '<a class="b" style="display:inline-block;margin:2px 10px 8px 0;padding:9px 16px;border-radius:6px;'
    'background:#0b5fc0;color:#ffffff;text-decoration:none;font-weight:600" href="'
)
PICTURE = '<img style="max-width:100%;height:auto;border:0" src="'
BUTTONS_OPEN, BUTTONS_CLOSE = '<p style="margin:4px 0 12px">', "</p>"
INLINE = {
    "strong_open": '<strong style="font-weight:600">',
    "strong_close": "</strong>",
    "em_open": '<span class="m" style="color:#59636e">',
    "em_close": "</span>",
}
_DARK = (
    "@media (prefers-color-scheme:dark){"
    "body,.p{background:#0d1117!important;color:#e6edf3!important}"
    ".q{color:#c9d1d9!important;border-color:#3d444d!important}"
    ".m{color:#9aa4af!important}.c{border-color:#30363d!important}"
    ".a{color:#6cb6ff!important}.b{background:#1f6feb!important}}"
)


def page(body: str, *, language: str, title: str) -> str:
    """A whole HTML document around the body: at most 640 px wide, as wide as the screen on a phone."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(title)}</title><style>{_DARK}</style></head>\n"
        f'<body style="margin:0;padding:0;background:#ffffff;color:#1f2328">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="p" align="left" '
        f'style="padding:16px;{_FONT};font-size:15px;line-height:1.5;color:#1f2328">\n'
        f'<div style="max-width:640px">\n{body}\n</div>\n</td></tr></table></body></html>\n'
    )


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_WHOLE = re.compile(r"\be-mails?\b", re.IGNORECASE)  # browsers break a line behind its hyphen


def words(text: str) -> str:
    """A template's own words."""
    return _WHOLE.sub(lambda m: f'<span style="white-space:nowrap">{m[0]}</span>', escape(text))


def attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;").replace("'", "&#39;")


_INDENT = re.compile(r"(?m)^[ \t]+|  +")


def data(text: str) -> str:
    """Data in the HTML part: shown as it is, line breaks and indents kept, never read as HTML."""
    page = attribute(text)
    if "\n" not in page:
        return page
    page = _INDENT.sub(lambda m: "&nbsp;" * len(m[0].expandtabs(4)), page.strip("\n"))
    return page.replace("\n", "<br>\n")
