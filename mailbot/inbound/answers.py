"""Reads what an IMAP server answered, as imapclient hands it on.

In: dictionaries and tuples of an answer. Out: values of `inbound.model`, octets, command arguments. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mailbot.inbound.model import Folder

UIDS_PER_COMMAND = 200  # keeps command lines far under the 8000 octets of RFC 7162 section 4


def is_news(answers: Sequence[tuple[Any, ...]]) -> bool:
    """Whether untagged answers tell of new mail; "still here" lines and expunges do not."""
    return any(len(answer) > 1 and answer[1] == b"EXISTS" for answer in answers)


def read_folder(name: str, answer: Mapping[bytes, Any], read_only: bool) -> Folder:
    flags = {bytes(flag).lower().strip(b"()") for flag in answer.get(b"PERMANENTFLAGS", (b"\\seen",))}
    uidnext = answer.get(b"UIDNEXT")
    return Folder(
        name=name,
        uidvalidity=int(answer.get(b"UIDVALIDITY", 0)),
        uidnext=int(uidnext) if uidnext else None,
        exists=int(answer.get(b"EXISTS", 0)),
        read_only=read_only or b"READ-ONLY" in answer,
        keeps_seen=b"\\seen" in flags,
    )


def aware(when: object) -> datetime:
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when
    return datetime.now(UTC)  # the server gave none: the mail has arrived by now


def body_of(item: Mapping[bytes, Any]) -> bytes | None:
    # Asked for BODY[]<0.N>, servers answer BODY[]<0> (RFC 9051 section 7.5.2); a few leave the origin out.
    for key, value in item.items():
        if key.upper().startswith(b"BODY[]") and value is not None:
            return bytes(value)
    return None


def parts(uids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), UIDS_PER_COMMAND):
        yield list(uids[start : start + UIDS_PER_COMMAND])


def joined(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def clean(text: str) -> str:
    """A server's text on one line, of bounded length."""
    text = re.sub(r"^b(['\"])(.*)\1$", r"\2", text.strip())
    return " ".join(text.split())[:300]
