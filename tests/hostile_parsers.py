"""Readers that misbehave, for the tests of the killable child: by the word in the mail's subject."""

from __future__ import annotations

import os
import time
from datetime import datetime

from mailbot.message.parse import parse as good


def parse(raw: bytes, *, received: datetime, limits: object, own: object) -> object:
    """Hangs, eats memory, dies, recurses or breaks where the mail asks for it; else reads it."""
    if b"PLEASE HANG" in raw:
        time.sleep(600)
    if b"PLEASE EAT" in raw:
        eaten = [bytearray(50_000_000) for _ in range(1000)]
        raise AssertionError(f"{len(eaten)} pieces of memory were given")
    if b"PLEASE DIE" in raw:
        os.abort()
    if b"PLEASE RECURSE" in raw:
        parse(raw, received=received, limits=limits, own=own)
    if b"PLEASE BREAK" in raw:
        raise KeyError("broken")
    print("what is printed must not get between the frames")
    return good(raw, received=received, limits=limits, own=own)  # type: ignore[arg-type]
