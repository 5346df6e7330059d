"""Whose words a line is. In: the readable text and what we sent before. Out: one labelled `Line` per line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.message.model import Line, Part

_DEPTH = re.compile(r"(?: ?>)+")
_WROTE = re.compile(r"(?i)^\W*(em|on|el|le|am)\b.{6,200}(escreveu|wrote|escribi[óo])\s*:\s*$")


def split(text: str, *, sent: Sequence[str] = ()) -> tuple[Line, ...]:
    """Labels every line of `text`; `sent`: the text parts of our mails on the ticket."""
    ours = {" ".join(line.split()).casefold() for mail in sent for line in mail.splitlines() if line.strip()}
    out, start = [], 0
    for raw in text.split("\n"):
        found = _DEPTH.match(raw)
        depth = found.group().count(">") if found else 0
        bare = " ".join(raw.lstrip("> \t").split()).casefold()
        if not bare:
            part = Part.BLANK
        elif depth:
            part = Part.OURS if bare in ours else Part.QUOTED
        elif _WROTE.match(raw[:400]):
            part = Part.ATTRIBUTION
        else:
            part = Part.NEW
        out.append(Line(start, raw, part, depth))
        start += len(raw) + 1
    return tuple(out)
