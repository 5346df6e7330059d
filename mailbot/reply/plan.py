"""The plan of a mail: its text and HTML with places for the data, and how the data are put in.

In: a `Plan` (made by `markdown.py`, once per shape of mail) and the data. Out: both parts. Data are put in as they are:
in the text part literally, in the HTML part escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mailbot.reply import style
from mailbot.reply.wrap import WIDTH, columns, wrap

OPEN, CLOSE = "\ue000", "\ue001"  # around a placeholder's number; from the private use area, never in a template
_SLOT = re.compile(f"{OPEN}(\\d+){CLOSE}")
_PICTURE = re.compile(r"cid:[A-Za-z0-9._@-]{1,200}")  # a part of this mail, never a remote file
_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)


class Verbatim(str):
    """Data whose lines stay as they are in the text part: logs, an engineer's own words."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for the data with this index. `use`: as text, in a link's address, or as a picture's source."""

    index: int
    use: Literal["text", "href", "src"] = "text"


Segments = tuple["str | Slot", ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text part: what stands before its first line and before the others, and its words."""

    words: Segments
    first: str = ""
    rest: str = ""
    apart: bool = True  # a blank line before it
    number: int | None = None  # of a numbered item at the top level
    table: tuple[tuple[Segments, ...], ...] = ()
    slots: tuple[int, ...] = ()  # the data that its words show


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item as it stands in the text part, and the places whose data it shows."""

    number: int
    text: str
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class Plan:
    head: dict[str, Segments]
    blocks: tuple[Block, ...]
    html: Segments


@dataclass(frozen=True, slots=True)
class Filled:
    head: dict[str, str]
    text: str
    html: str
    items: tuple[Item, ...] = field(default=())


def segments(text: str, use: Literal["text", "href", "src"] = "text") -> list[str | Slot]:
    parts: list[str | Slot] = []
    for place, piece in enumerate(_SLOT.split(text)):
        if place % 2:
            parts.append(Slot(int(piece), use))
        elif piece:
            parts.append(piece)
    return parts


def _href(value: str) -> str:
    """A link's address out of data: only web and mail addresses; anything else leads nowhere."""
    value = value.strip()
    return style.attribute(value) if _SAFE_LINK.fullmatch(value) else "#"


def _put(slot: Slot, values: Sequence[str]) -> str:
    value = values[slot.index]
    if slot.use == "text":
        return style.data(value)
    if slot.use == "href":
        return _href(value)
    return value if _PICTURE.fullmatch(value) else ""


def _as_text(words: Segments, values: Sequence[str]) -> str:
    if len(words) == 1 and isinstance(words[0], str):
        return words[0]
    return "".join([w if isinstance(w, str) else values[w.index] for w in words])


def fill(plan: Plan, values: Sequence[str]) -> Filled:
    """Both parts with the data put in. `values[i]` belongs to the placeholder i."""
    out: list[str] = []
    items: list[Item] = []
    for block in plan.blocks:
        if block.table:
            rows = [[_as_text(cell, values) for cell in row] for row in block.table]
            made: Sequence[str] = columns(rows, block.first, block.rest)
        else:
            slots = block.slots
            width = 0 if slots and any(isinstance(values[i], Verbatim) for i in slots) else WIDTH
            made = wrap(_as_text(block.words, values), block.first, block.rest, width)
            if not made:
                continue
            if block.number is not None:
                items.append(Item(block.number, "\n".join(made), frozenset(slots)))
        if block.apart and out:
            out.append("")
        out.extend(made)
    html = "".join([part if isinstance(part, str) else _put(part, values) for part in plan.html])
    head = {name: _as_text(words, values) for name, words in plan.head.items()}
    return Filled(head, "\n".join(out) + "\n", html, tuple(items))
