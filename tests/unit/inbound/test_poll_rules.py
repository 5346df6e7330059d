"""What a pass decides, with a folder in memory: numbering, first runs, renewals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fakes import FakeInbox, FakeLedger

from mailbot.errors import TemporaryError
from mailbot.inbound.model import Folder, Listed, PollResult
from mailbot.inbound.poll import GENERATION, poll_mailbox

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class FakeFolder:
    """One folder of a server, and a session with it."""

    mails: dict[int, bytes] = field(default_factory=dict)
    dates: dict[int, datetime] = field(default_factory=dict)
    uidvalidity: int = 7
    uidnext: int | None = 1
    broken: bool = False
    strict: bool = False  # refuses to flag a mail that is gone
    calls: list[str] = field(default_factory=list)

    def put(self, *texts: str, when: datetime = NOW) -> None:
        for text in texts:
            uid = self.uidnext or 1
            self.mails[uid], self.dates[uid], self.uidnext = text.encode(), when, uid + 1

    def anew(self, uidvalidity: int) -> None:
        self.mails, self.dates, self.uidvalidity, self.uidnext = {}, {}, uidvalidity, 1

    def __enter__(self) -> FakeFolder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def select(self, name: str, *, read_only: bool = False) -> Folder:
        self.calls.append("select")
        return Folder(name, self.uidvalidity, self.uidnext, len(self.mails), read_only, True)

    def uids(self) -> list[int]:
        self.calls.append("uids")
        return sorted(self.mails)

    def uids_since(self, day: date) -> list[int]:
        return [uid for uid in sorted(self.mails) if self.dates[uid].date() >= day]

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        return [Listed(uid, len(self.mails[uid]), self.dates[uid]) for uid in uids]

    def bodies(self, uids: Sequence[int], *, expected_bytes: int) -> dict[int, bytes]:
        return {uid: self.mails[uid] for uid in uids}

    def mark_seen(self, uids: Sequence[int]) -> None:
        if self.strict and set(uids) - self.mails.keys():
            raise TemporaryError("NO no such message")
        self.calls.append(f"seen {list(uids)}")


def poll(folder: FakeFolder, ledger: FakeLedger, **more: Any) -> PollResult:
    return poll_mailbox(FakeInbox(), ledger, connect=lambda box: folder, owner="test", **more)


def test_uids_given_anew_under_the_same_uidvalidity_are_other_mails() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("one", "two", "three")
    assert poll(folder, ledger).fetched == 3
    folder.anew(7)
    folder.put("four", "five")
    result = poll(folder, ledger)
    assert result.uidvalidity_changed
    assert result.fetched == 2
    assert result.uidvalidity == 7 + GENERATION
    assert ledger.raws() == [b"one", b"two", b"three", b"four", b"five"]
    folder.put("six")
    again = poll(folder, ledger)
    assert (again.fetched, again.uidvalidity_changed, again.ok) == (1, False, True)
    folder.anew(7)
    folder.put("seven")
    assert poll(folder, ledger).uidvalidity == 7 + 2 * GENERATION
    folder.anew(8)
    folder.put("eight")
    assert poll(folder, ledger).uidvalidity == 8
    assert len(ledger.raws()) == 8


def test_deleting_the_newest_mail_is_not_taken_for_new_numbering() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("one", "two")
    poll(folder, ledger)
    del folder.mails[2]
    result = poll(folder, ledger)
    assert not result.uidvalidity_changed
    assert (result.gone, result.ok) == (1, True)


def test_a_server_that_gives_no_uidnext_is_read() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("one")
    folder.uidnext = None
    assert poll(folder, ledger).fetched == 1
    del folder.mails[1]
    assert poll(folder, ledger).ok


def test_after_a_first_run_from_now_a_new_uidvalidity_does_not_bring_the_old_mails() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    ledger.set_at = NOW
    folder.put("ancient", "old", when=NOW - timedelta(days=90))
    assert poll(folder, ledger, since="now").fetched == 0
    folder.put("new")
    assert poll(folder, ledger).fetched == 1
    folder.anew(8)
    folder.put("ancient", "old", when=NOW - timedelta(days=90))
    folder.put("new", "newer")
    result = poll(folder, ledger)
    assert (result.fetched, result.uidvalidity_changed, result.ok) == (2, True, True)
    assert ledger.raws() == [b"new", b"new", b"newer"]  # the store tells the copy by Message-ID


def test_after_a_first_run_from_the_beginning_a_new_uidvalidity_brings_all() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("old", when=NOW - timedelta(days=90))
    poll(folder, ledger)
    folder.anew(8)
    folder.put("old", "unseen before", when=NOW - timedelta(days=90))
    assert poll(folder, ledger).fetched == 2


def test_an_old_uidvalidity_that_comes_back_is_known_again() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("one")
    poll(folder, ledger)
    folder.anew(8)
    folder.put("two")
    poll(folder, ledger)
    folder.anew(7)
    folder.put("one")
    back = poll(folder, ledger)
    assert (back.uidvalidity_changed, back.fetched, back.known) == (True, 0, 1)


def test_a_pass_without_news_asks_the_server_twice_only() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    folder.put("one")
    poll(folder, ledger)
    folder.calls.clear()
    result = poll(folder, ledger)
    assert folder.calls == ["select", "uids"]
    assert (result.on_server, result.in_ledger, result.ok) == (1, 1, True)


def test_a_mailbox_that_somebody_else_reads_is_left_alone() -> None:
    folder, ledger = FakeFolder(), FakeLedger()
    ledger.leases["support"] = "other"
    result = poll(folder, ledger)
    assert (result.skipped, result.ok, folder.calls) == (True, True, [])
    assert ledger.leases == {"support": "other"}


def test_a_mail_that_was_removed_does_not_keep_the_others_from_being_flagged() -> None:
    class Removing(FakeLedger):
        def receive(self, *args: Any) -> int:
            count = super().receive(*args)
            folder.mails.pop(2, None)
            return count

    folder, ledger = FakeFolder(strict=True), Removing()
    folder.put("one", "two", "three")
    result = poll(folder, ledger)
    assert (result.fetched, result.ok, result.gone) == (3, True, 1)
    assert "seen [1, 3]" in folder.calls
    assert ledger.to_flag("support", 7, 10) == []


def test_a_server_that_refuses_to_flag_is_reported_and_its_mails_are_kept() -> None:
    class Refusing(FakeFolder):
        def mark_seen(self, uids: Sequence[int]) -> None:
            raise TemporaryError("NO over quota")

    folder, ledger = Refusing(), FakeLedger()
    folder.put("one")
    result = poll(folder, ledger)
    assert "over quota" in str(result.error)
    assert (result.fetched, ledger.raws()) == (1, [b"one"])
    assert ledger.to_flag("support", 7, 10) == [1]
