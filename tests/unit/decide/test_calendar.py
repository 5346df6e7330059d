"""Working time: weekends, holidays, zones, days that are shorter or longer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.decide.calendar import ALWAYS, Calendar

SP = ZoneInfo("America/Sao_Paulo")
BRAZIL = Calendar("America/Sao_Paulo", "BR")
HOUR = timedelta(hours=1)


def sp(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SP)


def test_only_the_hours_of_work_count():
    assert BRAZIL.between(sp(3, 8), sp(3, 20)) == 9 * HOUR
    assert BRAZIL.between(sp(3, 17), sp(4, 10)) == 2 * HOUR
    assert BRAZIL.between(sp(4, 10), sp(3, 17)) == timedelta(0)


def test_weekends_and_holidays_do_not_count():
    # 2 November 2026 is a Monday and All Souls' Day, a public holiday in Brazil.
    assert BRAZIL.between(sp(30, 17, month=10), sp(3, 10)) == 2 * HOUR
    assert not BRAZIL.works_on(date(2026, 11, 2))
    assert Calendar("America/Sao_Paulo").works_on(date(2026, 11, 2))


def test_the_holidays_are_those_of_the_country_and_its_region():
    assert not Calendar(country="US").works_on(date(2026, 11, 26))
    assert BRAZIL.works_on(date(2026, 11, 26))
    assert not Calendar(country="MX").works_on(date(2026, 11, 16))
    assert not Calendar(country="ES").works_on(date(2026, 10, 12))
    assert BRAZIL.works_on(date(2026, 7, 9))
    assert not Calendar(country="BR", region="SP").works_on(date(2026, 7, 9))


def test_a_span_ends_where_so_much_work_was_done():
    assert BRAZIL.after(sp(30, 17, month=10), 2 * HOUR) == sp(3, 10)
    assert BRAZIL.after(sp(3, 9), 9 * HOUR) == sp(3, 18)
    assert Calendar(weekdays=()).after(sp(3, 9), HOUR) is None


def test_day_and_night_count_where_they_are_to_count():
    assert ALWAYS.between(sp(1, 3), sp(2, 3)) == 24 * HOUR
    assert ALWAYS.after(sp(1, 3), 5 * HOUR) == sp(1, 8)


def test_a_day_on_which_the_clock_changes_is_as_long_as_it_is():
    night_too = Calendar("Europe/Madrid", weekdays=(1, 2, 3, 4, 5, 6, 7), opens=0, closes=1440)
    madrid = ZoneInfo("Europe/Madrid")
    spring, next_day = datetime(2026, 3, 29, tzinfo=madrid), datetime(2026, 3, 30, tzinfo=madrid)
    assert night_too.between(spring, next_day) == 23 * HOUR


@pytest.mark.parametrize(("hour", "open_"), [(8, False), (9, True), (17, True), (18, False)])
def test_it_is_open_from_the_opening_until_before_the_closing(hour, open_):
    assert BRAZIL.is_open(sp(3, hour)) is open_


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 60 * 200).map(lambda m: timedelta(minutes=m)),
)
def test_between_and_after_agree(since, span):
    ends = BRAZIL.after(since, span)
    assert BRAZIL.between(since, ends) == span
    assert ends > since
