"""The fill-in form: a `mailto:` link that opens an answer with one labelled line per question (RFC 6068).

In: the address, subject, labels. Out: the link. Labels are those that the finder of labelled lines reads back.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

LIMIT = 1800  # Windows hands at most about 2,000 characters to a mail program


def mailto(address: str, subject: str, body: str = "", in_reply_to: str = "") -> str:
    """The link, percent-encoded throughout; nothing in the parts can add a receiver or a header to it."""
    link = _start(address, subject)
    if body:
        link += f"&body={quote(body.replace(chr(13), '').replace(chr(10), chr(13) + chr(10)), safe='')}"
    if in_reply_to:
        link += f"&in-reply-to={quote(in_reply_to, safe='')}"
    return link


@lru_cache(maxsize=8)  # the links of one mail share it
def _start(address: str, subject: str) -> str:
    return f"mailto:{quote(address, safe='@+')}?subject={quote(subject, safe='')}"


def form(address: str, subject: str, intro: str, labels: Sequence[str], in_reply_to: str = "") -> str:
    """The form for these labels. To fit `LIMIT` the threading goes first, then the intro, then the last labels."""
    lines = [f"{label}: \n" for label in labels]
    for keep in range(len(lines), 0, -1):
        for head, thread in ((intro + "\n\n", in_reply_to), (intro + "\n\n", ""), ("", "")):
            link = mailto(address, subject, head + "\n".join(lines[:keep]), thread)
            if len(link) <= LIMIT:
                return link
    return mailto(address, subject[:100])
