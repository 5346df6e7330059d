"""Mails that hang on a mail (message/rfc822) as text. In: the leaf's bytes. Out: a header block and the inner text.

People forward "as an attachment" with nothing above it: what stands inside is what they say. It is put below the text
with the line that mail clients write above forwarded text, so that `quote.split` labels it as forwarded.
"""

from __future__ import annotations

from mailbot.message import body, headers, mime
from mailbot.message.limits import Limits
from mailbot.message.model import Defect

MARK = "---------- Forwarded message ---------"
_MOST = 3


def texts(tree: mime.Entity, raw: bytes, limits: Limits, defects: list[Defect]) -> str:
    """The attached mails as forwarded text, "" where there are none or the mail is a report."""
    if tree.type == "multipart/report":
        return ""
    out: list[str] = []
    for leaf in tree.leaves():
        if leaf.type == "message/rfc822" and leaf.end - leaf.start <= 2 * limits.text and len(out) < _MOST:
            out.append(_one(leaf.content(raw), limits, defects))
    return "\n\n".join(text for text in out if text)


def _one(raw: bytes, limits: Limits, defects: list[Defect]) -> str:
    inner = mime.scan(raw, limits, defects)
    text = body.readable(inner, raw, limits, defects).text
    head = [MARK]
    for name in ("From", "Date", "To", "Subject"):
        value = next((headers.decoded(value) for field, value in inner.fields if field == name.lower()), "")
        if value:
            head.append(f"{name}: {value[:300]}")
    return "\n".join([*head, "", text]) if len(head) > 2 and text.strip() else ""
