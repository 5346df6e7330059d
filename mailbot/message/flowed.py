"""format=flowed to plain lines (RFC 3676 section 4.2). In: text with soft breaks. Out: text with whole paragraphs."""

from __future__ import annotations

import re

_QUOTE = re.compile(r">*")


def unfold(text: str, *, delsp: bool = False) -> str:
    """Joins lines that end in a blank with the next one of the same quote depth; "-- " stays a line of its own."""
    out: list[str] = []
    pieces: list[str] = []
    depth = 0

    def flush() -> None:
        if pieces:
            out.append((">" * depth + " " if depth else "") + "".join(pieces))
            pieces.clear()

    for line in text.split("\n"):
        found = _QUOTE.match(line)
        marks = found.end() if found else 0
        content = line[marks:]
        if content.startswith(" "):
            content = content[1:]  # space-stuffing, section 4.4
        if pieces and (marks != depth or content == "-- "):
            flush()
        depth = marks
        soft = content.endswith(" ") and content != "-- "
        pieces.append(content[:-1] if soft and delsp else content)
        if not soft:
            flush()
    flush()
    return "\n".join(out)
