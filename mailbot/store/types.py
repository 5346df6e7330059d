"""Column types that are the same on SQLite and PostgreSQL.

In: Python values as the rooms hold them. Out: aware UTC datetimes, 64-bit ids, texts and JSON that both databases take.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# UID and UIDVALIDITY are unsigned 32 bit (RFC 9051 section 2.3.1.1), so they overflow PostgreSQL's signed INTEGER.
# SQLite gives out row ids only to columns whose type is exactly INTEGER, which is 64 bit there.
BigId = BigInteger().with_variant(Integer, "sqlite")

LONGEST_KEY = 400  # characters; RFC 5321 section 4.5.3.1.3 allows 256 octets for an address

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
LATE = 5000  # years before it are nearer to the first than to the last

_REPLACEMENT = "\ufffd"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL (NUL) and UTF-8 (surrogates) do not have."""
    if text.isascii():
        return text.replace("\x00", _REPLACEMENT) if "\x00" in text else text
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def key_text(text: str) -> str:
    """A text short enough to be indexed (PostgreSQL refuses entries over 2,700 bytes); a long one ends in a digest."""
    text = storable(text)
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 65]}~{hashlib.sha256(text.encode()).hexdigest()}"


def storable_time(value: datetime) -> datetime:
    """The time in UTC; one that UTC cannot hold (year 1 with an offset to the east) becomes the nearest that it can."""
    try:
        return value.astimezone(UTC)
    except (OverflowError, ValueError):
        return FIRST if value.year < LATE else LAST


class SafeText(TypeDecorator[str]):
    """TEXT that takes whatever a hostile mail contains; what cannot be stored becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


def to_json(value: Any) -> str:
    """JSON as the JSON columns hold it: compact, readable letters, nothing that a database refuses."""
    if not value and isinstance(value, (list, dict)):  # most columns of a ticket hold nothing
        return "[]" if isinstance(value, list) else "{}"
    text = _ENCODE(value)
    if "\\u0000" in text or (not text.isascii() and _UNSTORABLE.search(text)):
        text = _ENCODE(_clean(value))
    return text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value
