"""Who claimed an outgoing mail, and whether they can still be at it.

In: nothing, or a claim. Out: a claim in our name, or whether its maker may live. A claim names the machine (down to its
boot and process space), the process and a number of its own: "host/boot/space|pid|token#claim".
"""

from __future__ import annotations

import os
import secrets
import socket
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _machine() -> str:
    """Names this kernel and process space: only there does a process number say whether a claimer lives."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
        space = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        boot = space = "?"
    return f"{socket.gethostname()}/{boot}/{space}"


@lru_cache(maxsize=1)
def _token(pid: int) -> str:
    """Told apart from an earlier process with our number; a forked child gets its own."""
    return f"{pid}|{secrets.token_hex(4)}"


def me() -> str:
    """This process."""
    return f"{_machine()}|{_token(os.getpid())}"


def new_claim() -> str:
    return f"{me()}#{secrets.token_hex(4)}"


def may_live(claim: str) -> bool:
    """False only when the claimer is known to be dead: same machine, and no such process any more."""
    owner = claim.partition("#")[0]
    machine, _, rest = owner.partition("|")
    number = rest.partition("|")[0]
    if owner == me() or machine != _machine() or "?" in machine or not number.isdigit():
        return True
    if int(number) == os.getpid():
        return False  # our number, but not our token: the process before us had it
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
