"""Known incidents: which of them a mail reports.

In: a mail's words, the incidents that are declared. Out: the one it reports, or None. A wording fits when every word of
it begins a word of the mail, without regard to case and accents: "pedido erp" fits "os pedidos não chegam ao ERP".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mailbot.decide.context import KnownIncident

MOST = 20_000  # characters of a mail that are looked at
_SHORT = 4


def _words(text: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", text[:MOST].casefold())
    return re.findall(r"\w+", "".join(c for c in spread if not unicodedata.combining(c)))


def reported(incidents: Sequence[KnownIncident], text: str) -> KnownIncident | None:
    """The first incident that a text reports."""
    if not incidents:
        return None
    said = set(_words(text))
    for incident in incidents:
        for wording in incident.words:
            asked = _words(wording)
            if asked and all(word in said or any(s.startswith(word) for s in said) for word in asked):
                return incident
    return None


def wordings(title: str, told: str) -> tuple[str, ...]:
    """The wordings of "--match": divided by commas; without any, the long words of the title, all of them."""
    listed = tuple(" ".join(_words(part)) for part in told.split(",") if _words(part))
    if listed:
        return listed
    words = [word for word in _words(title) if len(word) >= _SHORT]
    return (" ".join(words),) if words else ()
