"""Waiting after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailbot.inbound.backoff import MAIL, READY, Backoff

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_it_doubles_up_to_the_longest() -> None:
    plain = Backoff(first=60, longest=1000, jitter=0)
    assert [plain.seconds(n, 0.5) for n in range(7)] == [0, 60, 120, 240, 480, 960, 1000]


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_its_bounds(failures: int, chance: float) -> None:
    plain = Backoff(MAIL.first, MAIL.longest, 0).seconds(failures, 0)
    assert 0.75 * plain <= MAIL.seconds(failures, chance) <= 1.25 * plain


def test_a_server_is_left_alone_longer_and_longer_until_it_works() -> None:
    pace = READY
    assert pace.ready(NOW)
    waits = []
    for _ in range(10):
        pace = pace.failed(NOW, 0.5)
        waits.append(((pace.not_before or NOW) - NOW).total_seconds())
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 300
    assert not pace.ready(NOW + timedelta(seconds=299))
    assert pace.ready(NOW + timedelta(seconds=300))
    assert pace.succeeded().ready(NOW)
