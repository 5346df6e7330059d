"""Memory, for a program that loads much once and then handles many small mails in a few threads.

`starting` before the rooms are loaded and a thread is begun, `started` when everything that stays is there.
"""

from __future__ import annotations

import contextlib
import gc

YOUNG, MIDDLE, OLD = 5_000, 20, 20  # new objects per collection, and collections per next older one
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def starting() -> None:
    """Nothing is collected while modules, rules and models are loaded: almost all of it stays."""
    gc.disable()
    _one_arena()


def started() -> None:
    """What is there now stays until the end, and no later collection looks at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.enable()


def _one_arena() -> None:
    """All threads share one heap: glibc would give each its own, and keep in each what a batch of mails once took.
    Other C libraries do not know the setting, nor need it."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
