"""Batches: bounded, in order, and one bad mail never spoils the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.errors import TemporaryError
from mailbot.inbound.fetch import fetch, plan
from mailbot.inbound.model import FetchLimits, Listed

WHEN = datetime(2026, 3, 2, tzinfo=UTC)
LIMITS = FetchLimits(mail_bytes=1000, keep_bytes=50, batch_bytes=100, batch_mails=5, window_bytes=30)


class FakeReader:
    def __init__(self, mails: dict[int, bytes], bad: set[int] = frozenset(), gone: set[int] = frozenset()) -> None:
        self.mails, self.bad, self.gone = mails, bad, gone
        self.broken = False
        self.asked: list[tuple[int, ...]] = []

    def _check(self, uids: Sequence[int]) -> None:
        if self.bad & set(uids):
            raise TemporaryError(f"cannot read {sorted(self.bad & set(uids))}")

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        return [Listed(uid, len(self.mails[uid]), WHEN) for uid in uids]

    def bodies(self, uids: Sequence[int], *, expected_bytes: int) -> dict[int, bytes]:
        self.asked.append(tuple(uids))
        self._check(uids)
        return {uid: self.mails[uid] for uid in uids if uid not in self.gone}

    def window(self, uid: int, start: int, length: int) -> bytes | None:
        self._check([uid])
        return None if uid in self.gone else self.mails[uid][start : start + length]


@given(st.lists(st.integers(0, 300), max_size=60))
def test_groups_keep_order_and_stay_within_the_limits(sizes: list[int]) -> None:
    mails = [Listed(uid, size, WHEN) for uid, size in enumerate(sizes, 1)]
    groups = list(plan(mails, LIMITS))
    assert [mail for group in groups for mail in group] == mails
    for group in groups:
        assert len(group) == 1 or (sum(mail.size for mail in group) <= 100 and len(group) <= 5)


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_every_mail_comes_out_as_it_is(raws: list[bytes]) -> None:
    reader = FakeReader(dict(enumerate(raws, 1)))
    got = [mail for batch in fetch(reader, list(reader.mails), LIMITS) for mail in batch.mails]
    assert {mail.uid: mail.raw for mail in got} == reader.mails
    assert [mail.uid for mail in got] == sorted(reader.mails)
    assert not any(mail.truncated for mail in got)


def test_a_bad_mail_is_named_and_its_neighbours_are_read() -> None:
    reader = FakeReader(dict.fromkeys(range(1, 11), b"x" * 10), bad={3, 7})
    batches = list(fetch(reader, list(reader.mails), LIMITS))
    assert [mail.uid for batch in batches for mail in batch.mails] == [1, 2, 4, 5, 6, 8, 9, 10]
    assert [uid for batch in batches for uid, _ in batch.failed] == [3, 7]


def test_mails_that_are_gone_are_left_out_silently() -> None:
    reader = FakeReader({1: b"a", 2: b"b", 3: b"c" * 500, 4: b"d" * 2000}, gone={2, 3, 4})
    batches = list(fetch(reader, [1, 2, 3, 4], LIMITS))
    assert [mail.uid for batch in batches for mail in batch.mails] == [1]
    assert [batch.failed for batch in batches if batch.failed] == []


def test_a_mail_that_vanishes_between_two_windows_is_not_kept_by_halves() -> None:
    class Vanishing(FakeReader):
        def window(self, uid: int, start: int, length: int) -> bytes | None:
            return None if start else super().window(uid, start, length)

    assert [batch.mails for batch in fetch(Vanishing({1: b"x" * 500}), [1], LIMITS)] == [()]


def test_a_server_that_answers_nil_beyond_the_end_is_understood() -> None:
    class Nil(FakeReader):
        def window(self, uid: int, start: int, length: int) -> bytes | None:
            return super().window(uid, start, length) or None

    (batch,) = fetch(Nil({1: b"x" * 120}), [1], LIMITS)
    assert batch.mails[0].raw == b"x" * 120


def test_over_the_limit_only_the_head_is_kept() -> None:
    (batch,) = fetch(FakeReader({1: bytes(range(256)) * 8}), [1], LIMITS)
    assert (batch.mails[0].raw, batch.mails[0].size, batch.mails[0].truncated) == (bytes(range(50)), 2048, True)


def test_a_lost_connection_ends_the_fetch() -> None:
    class Lost(FakeReader):
        def _check(self, uids: Sequence[int]) -> None:
            self.broken = True
            raise TemporaryError("connection lost")

    with pytest.raises(TemporaryError):
        list(fetch(Lost({1: b"a", 2: b"b"}), [1, 2], LIMITS))
