"""The grammar of dates and times in support mail: Portuguese, English, Spanish, and what machines write.

In: folded text, the raw text of the same length, the moment that relative words count from. Out: `Moment` values.
Own work, because dateparser reads "ontem às 14h20" as two days ago and `build 2026`, ports and phones as dates.
"""

from mailbot.understand.dates.moments import Moment, moments

__all__ = ["Moment", "moments"]
