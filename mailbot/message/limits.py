"""How much of a mail is read. In: sizes. Out: `Limits`, handed to `parse`.

Soft limits: what lies above is left out and told as a defect. Hard limit: `QuarantineError`.
"""

from __future__ import annotations

from dataclasses import dataclass

KB, MB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one mail; sizes are bytes unless said otherwise."""

    size: int = 64 * MB  # hard: larger mails are not read at all
    header_block: int = 256 * KB  # of the mail or of a part
    header: int = 32 * KB  # one field, folded lines joined
    headers: int = 1000  # fields in one block
    depth: int = 60  # multiparts inside multiparts
    parts: int = 1000  # leaves of the MIME tree
    text: int = 2 * MB  # of all readable text parts together, as on the wire
    html: int = 1 * MB  # characters of HTML that are turned to text
    addresses: int = 500  # of one address header
    references: int = 200  # Message-IDs kept of References


DEFAULT = Limits()
