"""Sums of many small vectors of whole numbers at once: each vector is one large number, each place a lane of its bits.

In: weights of labels or languages by feature. Out: their sums. Python adds two such numbers in one step, whatever the
count of lanes; a sum must stay within the bits of a lane but one, and its sign. Wide lanes have 32 bits, narrow 16.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

WIDE, NARROW = 32, 16  # bits of a lane
_CODES = {WIDE: "i", NARROW: "h"}


def packed(places: Iterable[tuple[int, int]], bits: int = WIDE) -> int:
    """The number that holds (lane, value) pairs; lanes that are not named are 0."""
    return sum([value << bits * lane for lane, value in places])


class Lanes:
    """Takes packed numbers apart."""

    def __init__(self, count: int, bits: int = WIDE) -> None:
        self._form = struct.Struct(f"<{count}{_CODES[bits]}")
        # Half of what a lane holds is added to each, so that none borrows from its neighbour: what then stands in it
        # differs from its two's complement in the highest bit alone.
        self._zero = packed(((lane, 1 << (bits - 1)) for lane in range(count)), bits)

    def packed(self, values: Iterable[int]) -> int:
        """The number that holds a value for every lane, in order."""
        return (int.from_bytes(self._form.pack(*values), "little") ^ self._zero) - self._zero

    def unpacked(self, total: int) -> tuple[int, ...]:
        """The values of all lanes, in order."""
        return self._form.unpack(((total + self._zero) ^ self._zero).to_bytes(self._form.size, "little"))
