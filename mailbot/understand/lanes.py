"""Sums of many small vectors of whole numbers at once: each vector is one large number, each place a lane of its bits.

In: weights of labels or languages by feature. Out: their sums. Python adds two such numbers in one step, whatever the
count of lanes; a sum must stay within 31 bits and its sign.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

_BITS = 32
_HALF = 1 << (_BITS - 1)  # added to every lane, so that none borrows from its neighbour


def packed(places: Iterable[tuple[int, int]]) -> int:
    """The number that holds (lane, value) pairs; lanes that are not named are 0."""
    return sum([value << _BITS * lane for lane, value in places])


class Lanes:
    """Takes packed numbers apart."""

    def __init__(self, count: int) -> None:
        self._form = struct.Struct(f"<{count}I")
        self._zero = packed((lane, _HALF) for lane in range(count))

    def unpacked(self, total: int) -> list[int]:
        """The values of all lanes, in order."""
        return [lane - _HALF for lane in self._form.unpack((total + self._zero).to_bytes(self._form.size, "little"))]
