"""Octets and words of the SMTP dialogue. Pure.

In: a mail, or a server's text. Out: what DATA carries, or one line for people.
"""

from __future__ import annotations

import re

LINE_END = re.compile(rb"\r\n|\r|\n")
DOT = re.compile(rb"(?m)^\.")


def dot_stuffed(raw: bytes) -> bytes:
    """A mail as DATA carries it: CRLF line ends (RFC 5321 section 2.3.8), leading dots doubled (section 4.5.2), no
    final dot. Bare CR and LF become line ends, so that no server can read one mail as two."""
    rest = raw.replace(b"\r\n", b"")
    lines = LINE_END.sub(b"\r\n", raw) if b"\r" in rest or b"\n" in rest else raw
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return DOT.sub(b"..", lines) if lines.startswith(b".") or b"\n." in lines else lines


def clean(text: bytes | str) -> str:
    """A server's text on one line, of bounded length."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(plain.split())[:300]
