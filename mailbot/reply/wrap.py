"""Line breaks of the text part: short enough that no mail client folds them again when it quotes our questions.

In: words and what stands before them. Out: lines of at most `WIDTH` characters (a longer single word stays whole).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

SHORT = 400  # characters: most paragraphs are a template's own, mail after mail
WIDTH = 72  # Gmail folds what it quotes at 74; "> " before the line included


def wrap(text: str, first: str = "", rest: str = "", width: int = WIDTH) -> tuple[str, ...]:
    """Lines for one paragraph; line breaks in it stay. width 0: nothing is folded. Nothing for a blank text."""
    return _wrapped(text, first, rest, width) if len(text) <= SHORT else tuple(_wrap(text, first, rest, width))


@lru_cache(maxsize=1024)
def _wrapped(text: str, first: str, rest: str, width: int) -> tuple[str, ...]:
    return tuple(_wrap(text, first, rest, width))


def _wrap(text: str, first: str, rest: str, width: int) -> list[str]:
    if not text.strip():
        return []
    out: list[str] = []
    before = first
    for line in text.strip("\n").split("\n"):
        if not width or len(before) + len(line) <= width:
            out.append((before + line).rstrip())
            before = rest
            continue
        current, room = before, False
        for word in line.split(" "):
            if room and len(current) + 1 + len(word) > width:
                out.append(current.rstrip())
                current, room = rest, False
            current = f"{current} {word}" if room else current + word
            room = room or bool(word)
        out.append(current.rstrip())
        before = rest
    return out


def columns(rows: Sequence[Sequence[str]], first: str = "", rest: str = "") -> list[str]:
    """A table as text: `label: value` for two columns; more stand side by side, or in one item each when too wide."""
    head, body = rows[0], [row for row in rows[1:] if any(cell.strip() for cell in row)]
    titled = any(cell.strip() for cell in head)
    out: list[str] = []
    if len(head) == 2:
        for label, value in [head, *body] if titled else body:
            out.extend(wrap(f"{label}: {value}" if label.strip() else value, first, rest + "  "))
        return out
    shown = [list(head), *body] if titled else list(body)
    widths = [max(len(row[i]) for row in shown) for i in range(len(head))] if shown else []
    if sum(widths) + 2 * len(widths) <= WIDTH - len(first) and not any("\n" in cell for row in shown for cell in row):
        return [(first + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True))).rstrip() for row in shown]
    for row in body:
        cells = [
            f"{h}: {c}" if titled and h.strip() and i else c for i, (h, c) in enumerate(zip(head, row, strict=True))
        ]
        shown_cells = [cell for cell, value in zip(cells, row, strict=True) if value.strip()]
        out.extend(wrap("- " + " · ".join(shown_cells), first, rest + "  "))
    return out
