"""The probability that a weighed sum of signs stands for: what every learnt part of this room ends in.

In: a logit. Out: a probability. Logits beyond 30 say no more.
"""

from __future__ import annotations

import math


def chance(logit: float) -> float:
    """The probability, 0..1, of a logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
