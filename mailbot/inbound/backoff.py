"""How long to wait after failures: pure arithmetic, the clock and the dice are handed in.

In: the count of failures in a row and a random number. Out: seconds, or the moment from which a retry is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first` up to `longest` seconds, spread by ±`jitter` so that clients do not come back at once."""

    first: float
    longest: float
    jitter: float = 0.25

    def seconds(self, failures: int, chance: float) -> float:
        """Wait after the given number of failures in a row (1 = the first). chance: uniform in [0, 1)."""
        if failures <= 0:
            return 0.0
        # 2**60 seconds is beyond any cap; the bound keeps the power small after months of failures.
        plain = min(self.longest, self.first * 2.0 ** min(failures - 1, 60))
        return plain * (1 - self.jitter + 2 * self.jitter * chance)


SERVER = Backoff(first=2, longest=300)  # a mailbox or SMTP server that does not answer
MAIL = Backoff(first=60, longest=6 * 3600)  # one mail that was put off with a 4xx (RFC 5321 section 4.5.4.1)


@dataclass(frozen=True, slots=True)
class Pace:
    """The failures in a row of one server, and when it may be tried again. Values are immutable: keep the newest."""

    failures: int = 0
    not_before: datetime | None = None

    def ready(self, now: datetime) -> bool:
        """Whether a try is due."""
        return self.not_before is None or now >= self.not_before

    def failed(self, now: datetime, chance: float, backoff: Backoff = SERVER) -> Pace:
        """After one more failure."""
        failures = self.failures + 1
        return Pace(failures, now + timedelta(seconds=backoff.seconds(failures, chance)))

    def succeeded(self) -> Pace:
        """After a success: no waiting."""
        return Pace()


READY = Pace()
