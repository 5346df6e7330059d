"""The garbage collector, for a program that loads much once and then handles many small mails.

`starting` before the rooms are loaded, `started` when everything that stays is there.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 5_000, 20, 20  # new objects per collection, and collections per next older one


def starting() -> None:
    """Nothing is collected while modules, rules and models are loaded: almost all of it stays."""
    gc.disable()


def started() -> None:
    """What is there now stays until the end, and no later collection looks at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.enable()
