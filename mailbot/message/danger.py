"""Which mails are read in a process that may be killed. In: raw bytes, limits. Out: why, "" for an ordinary mail.

A few passes of `bytes.count`: a mail of a megabyte costs well under a millisecond. What is over the soft limits is
what could make reading slow; reading itself is linear, so this is a net under the net.
"""

from __future__ import annotations

from mailbot.message.limits import MB, Limits

LARGE = 16 * MB
_BOUNDARY, _TYPE = (b"oundary", b"OUNDARY"), (b"ontent-", b"ONTENT-")


def why_dangerous(raw: bytes, limits: Limits) -> str:
    """Why reading this mail may take long or much memory; "" when it will not."""
    if len(raw) > LARGE:
        return "large"
    most = limits.header_block
    if len(raw) > most and not any(raw.find(end, 0, most) >= 0 for end in (b"\n\r\n", b"\n\n", b"\r\r")):
        return "long header"
    if sum(raw.count(word) for word in _BOUNDARY) > limits.depth:
        return "many boundaries"
    if sum(raw.count(word) for word in _TYPE) > 2 * limits.parts or raw.count(b"\n--") > 2 * limits.parts:
        return "many parts"
    return ""
