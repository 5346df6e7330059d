"""Bytes to text when the label lies. In: bytes and the declared charset. Out: text and what was wrong, never an error.

The ladder: the declared charset (as browsers read it), then UTF-8, then windows-1252 (RFC 2046 section 4.1.2).
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What senders write is often an older or narrower name of what they mean (WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "x-ansi": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac-roman",
}
# Codecs that are no charsets, or take quadratic time.
_NEVER = {
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
}
_SINGLE_BYTE = {"cp1252", "ascii", "iso8859-15", "iso8859-2", "cp1250"}
_HIGH = re.compile(rb"[\x80-\xff]")
_SIMILAR = {"iso2022_jp": "cp932", "euc_jp": "cp932", "cp932": "utf-8", "gb18030": "utf-8"}
_STATEFUL = ("iso2022", "utf-7", "hz", "utf-16", "utf-32")


@lru_cache(maxsize=256)
def codec(name: str) -> str | None:
    """The name of the Python codec for a declared charset; None when it is unknown or no charset."""
    label = name.strip().strip("\"'").lower()
    label = _MEANT.get(label, label)
    if not label or label in _NEVER or len(label) > 40:
        return None
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError, UnicodeError):
        return None
    if info.name in _NEVER or not getattr(info, "_is_text_encoding", True):
        return None
    return info.name


def decode(data: bytes, declared: str | None) -> tuple[str, str]:
    """(text, complaint); complaint is "" when the declared charset was right."""
    name = codec(declared) if declared else None
    if not _HIGH.search(data) and (name is None or not name.startswith(_STATEFUL)):
        known = name is not None or not declared
        return data.decode("ascii"), "" if known else f"unknown charset {declared!r}"
    if name is not None and name not in ("ascii", "utf-8"):
        if name in _SINGLE_BYTE:  # these accept nearly anything; accented UTF-8 in them is a lie of the label
            as_utf8 = _strict(data, "utf-8")
            if as_utf8 is not None:
                return as_utf8, f"declared {declared}, is utf-8"
        text = _strict(data, name)
        if text is not None:
            return text, ""
        if name in _SIMILAR and (text := _strict(data, _SIMILAR[name])) is not None:
            return text, f"declared {declared}, is {_SIMILAR[name]}"
    text = _strict(data, "utf-8")
    if text is not None:
        return text, "" if name == "utf-8" or not declared else f"declared {declared}, is utf-8"
    if name == "utf-8" or not declared:
        mended = data.decode("utf-8", "replace")
        lost = mended.count("\ufffd")
        good = sum(1 for c in mended if c > "\x7f") - lost if lost < 200 else 0
        if good > 4 * lost:  # UTF-8 with a few broken bytes, not another charset
            return mended, f"{lost} bytes are not utf-8"
    if name is not None and name not in ("ascii", "utf-8") and name not in _SINGLE_BYTE:
        loose = data.decode(name, "replace").encode("utf-8", "replace").decode("utf-8")  # UTF-7 makes lone surrogates
        return loose, f"some bytes are not {declared}"
    return data.decode("cp1252", "replace").replace(
        "\ufffd", "\ufffd"
    ), f"declared {declared or 'nothing'}, read as windows-1252"


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8")  # some codecs make lone surrogates
    except (UnicodeError, LookupError, ValueError):
        return None
    return text
