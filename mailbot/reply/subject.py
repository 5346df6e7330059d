"""Subject lines: one `Re:`, one ticket tag, however often a subject went to and fro.

In: a subject as it came. Out: the subject of our answer.
"""

from __future__ import annotations

import re

from mailbot.reply.clean import one_line

_PREFIX = re.compile(
    r"\s*(?:re|res|rv|enc|fw|fwd|aw|sv|tr|wg|antw)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:\s*", re.IGNORECASE
)
_TAG = re.compile(r"\s*\[#\d{1,12}\]\s*")


def bare(subject: str) -> str:
    """The subject without its prefixes and our tags."""
    text = one_line(_TAG.sub(" ", one_line(subject, 900)), 900)
    while found := _PREFIX.match(text):
        text = text[found.end() :]
    return one_line(text, 150)


def reply(subject: str, number: int | None) -> str:
    """`Re: subject [#12]`."""
    tag = f" [#{number}]" if number else ""
    return f"Re: {bare(subject)}{tag}"
