"""Sums of many small vectors of whole numbers at once: each vector is one large number, each place a lane of its bits.

In: weights of labels or languages by feature. Out: their sums. Python adds two such numbers in one step, whatever the
count of lanes; a sum must stay within the bits of a lane but one, and its sign. Wide lanes have 32 bits, narrow 16.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

WIDE, NARROW = 32, 16  # bits of a lane
_CODES = {WIDE: "I", NARROW: "H"}


def packed(places: Iterable[tuple[int, int]], bits: int = WIDE) -> int:
    """The number that holds (lane, value) pairs; lanes that are not named are 0."""
    return sum([value << bits * lane for lane, value in places])


class Lanes:
    """Takes packed numbers apart."""

    def __init__(self, count: int, bits: int = WIDE) -> None:
        self._form = struct.Struct(f"<{count}{_CODES[bits]}")
        self._half = 1 << (bits - 1)  # added to every lane, so that none borrows from its neighbour
        self._zero = packed(((lane, self._half) for lane in range(count)), bits)

    def packed(self, values: Iterable[int]) -> int:
        """The number that holds a value for every lane, in order."""
        return int.from_bytes(self._form.pack(*[value + self._half for value in values]), "little") - self._zero

    def unpacked(self, total: int) -> list[int]:
        """The values of all lanes, in order."""
        half = self._half
        return [lane - half for lane in self._form.unpack((total + self._zero).to_bytes(self._form.size, "little"))]
