"""Whether an engineer's words end with a sign-off of their own: then ours does not follow below.

In: the words as they go to the customer, the engineer's name, the team's name. Out: yes or no. Most signatures were cut
when the mail was read; what is left stands above a command ("Abraço,\\nMarta\\n/resolve"), on one line ("Best, Marta")
or is a bare name. In doubt there is none: two sign-offs are clumsy, none at all is curt.
"""

from __future__ import annotations

import re

from mailbot.message.model import Part
from mailbot.message.signature import is_closing, label, same_name

_LAST = 12  # lines that a sign-off with its card may take
_ONE_LINE = re.compile(r"(.{2,40}?)(?:[,.!;:]| [-–—])\s*([^\W\d_].{0,40})")
_NAME = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?: (?:d[aeo]s? )?[A-ZÀ-Þ][^\W\d_]*\.?){0,3}[.!]?")
# Thanks, and what one waits for or offers: a closing only with a name behind it; alone they are words to the customer.
_SOFT = re.compile(r"(?i)\b(?:obrigad|gra[ct]|thank|thx|fico|ficamos|aguardo|quedo)")


def is_signed(text: str, engineer: str = "", team: str = "") -> bool:
    """engineer: as in their From header, "" where it holds none. team: the name that our own sign-off would show."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][-_LAST:]
    if not lines:
        return False
    last = lines[-1].lstrip("-–— *_").rstrip("*_")
    if _named(last, engineer) or (team and last.casefold().rstrip(".!") == team.casefold()):
        return True
    return _on_one_line(last, engineer) or _below_a_closing(lines, engineer)


def _named(line: str, engineer: str) -> bool:
    return bool(engineer) and len(line.split()) <= 5 and not line.endswith("?") and same_name(line, engineer)


def _on_one_line(line: str, engineer: str) -> bool:
    """ "Best, Marta", "Abs. Edu", "Saludos - Marta"; "Obrigado, Ana" thanks the customer."""
    found = _ONE_LINE.fullmatch(line)
    if found is None or not is_closing(found[1]):
        return False
    return _named(found[2], engineer) or (not _SOFT.search(found[1]) and bool(_NAME.fullmatch(found[2])))


def _below_a_closing(lines: list[str], engineer: str) -> bool:
    """A closing, and below it nothing but a name or a card."""
    folded = label(lines, name=engineer)
    for at in range(len(lines) - 1, -1, -1):
        alone = at == len(lines) - 1
        if is_closing(lines[at]) and not (alone and _SOFT.search(lines[at])):
            return alone or folded[at] is Part.SIGNATURE or (at == len(lines) - 2 and bool(_NAME.fullmatch(lines[-1])))
    return False
