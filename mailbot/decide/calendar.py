"""Working time: which moments are business hours, and how much of them lies between two moments.

In: a pack's `service` and `timezone`. Out: a `Calendar`. Moments are aware; spans are working time.
Holidays come from the `holidays` package, computed and not fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mailbot.rules.pack import RulePack

NOTHING = timedelta(0)
MOST_DAYS = 4000  # a span that needs more days than this never ends: a calendar without working days


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166-1, with the region's own where one is named)."""
    import holidays  # takes a fifth of a second to import: only who asks pays

    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))


def knows_country(country: str, region: str | None = None) -> bool:
    """Whether the `holidays` package knows the country, and the region within it."""
    try:
        public_holidays(country, region, 2026)
    except NotImplementedError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done. `opens` and `closes` are minutes after midnight, local time."""

    zone: str = "UTC"
    country: str | None = None
    region: str | None = None
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    opens: int = 9 * 60
    closes: int = 18 * 60

    def works_on(self, day: date) -> bool:
        """True for a working day: a listed weekday that is no public holiday."""
        if day.isoweekday() not in self.weekdays or self.opens >= self.closes:
            return False
        return self.country is None or day not in public_holidays(self.country, self.region, day.year)

    def local(self, moment: datetime) -> datetime:
        """The moment on the team's own clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """The day's opening and closing in UTC; daylight saving makes a day shorter or longer, as it does in life."""
        return self._at(day, self.opens), self._at(day, self.closes)

    def _at(self, day: date, minutes: int) -> datetime:
        day += timedelta(days=minutes // 1440)  # "24:00" is the next day's midnight
        at = time(minutes % 1440 // 60, minutes % 60)
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is at work at this moment."""
        day = self.local(moment).date()
        if not self.works_on(day):
            return False
        opens, closes = self.hours_of(day)
        return opens <= moment < closes

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of work from a moment on, each (begin, end) in UTC; at most MOST_DAYS days ahead."""
        day = self.local(moment).date()
        for _ in range(MOST_DAYS):
            if self.works_on(day):
                opens, closes = self.hours_of(day)
                if closes > moment:
                    yield max(opens, moment.astimezone(UTC)), closes
            day += timedelta(days=1)

    def between(self, since: datetime, until: datetime) -> timedelta:
        """The working time from `since` to `until`; nothing when `until` is not later."""
        total = NOTHING
        if until <= since:
            return total
        for begin, end in self._from(since):
            if begin >= until:
                break
            total += min(end, until) - begin
        return total

    def after(self, since: datetime, span: timedelta) -> datetime | None:
        """The first moment at which `span` of working time has passed since `since`; None when that never comes."""
        left = span
        for begin, end in self._from(since):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None


ALWAYS = Calendar(weekdays=(1, 2, 3, 4, 5, 6, 7), opens=0, closes=1440)  # by day and night


@lru_cache(maxsize=64)
def _calendar(zone: str, country: str | None, region: str | None, days: tuple[int, ...], hours: str) -> Calendar:
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    return Calendar(zone, country, region, days, opens, closes)


def calendar_of(pack: RulePack, priority: int | None = None) -> Calendar:
    """The calendar by which a pack's team works; the clock itself for a priority that counts by day and night."""
    its = pack.service
    if priority is not None and priority in its.around_the_clock:
        return ALWAYS
    return _calendar(pack.timezone, its.country, its.region, its.weekdays, f"{its.opens}-{its.closes}")
