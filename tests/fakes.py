"""Stand-ins for rooms and servers, kept small and honest: they follow the protocols of the rooms that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mailbot.inbound.model import ReceivedMail


@dataclass(frozen=True)
class FakeInbox:
    """Fulfils `mailbot.inbound.account.Inbox`, and `Account` for SMTP."""

    host: str = "127.0.0.1"
    port_number: int = 0
    security: str = "plain"
    username: str | None = "support"
    password: str | None = "pw"
    oauth: Any = None
    ca_file: Path | None = None
    timeout_seconds: float = 10
    name: str = "support"
    folder: str = "INBOX"
    after: str = "seen"
    sent_folder: str | None = None


class FakeLedger:
    """The ledger in memory, with the unique key of the real one."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int, int], ReceivedMail] = {}
        self.done: set[tuple[str, int, int]] = set()
        self.starts: dict[tuple[str, int], int] = {}
        self.leases: dict[str, str] = {}
        self.calls: list[str] = []
        self.set_at = datetime.now(UTC)

    def lease(self, mailbox: str, owner: str, seconds: float) -> bool:
        return self.leases.setdefault(mailbox, owner) == owner

    def release(self, mailbox: str, owner: str) -> None:
        if self.leases.get(mailbox) == owner:
            del self.leases[mailbox]

    def last_uidvalidity(self, mailbox: str) -> int | None:
        found = [validity for name, validity in self.starts if name == mailbox]
        return found[-1] if found else None

    def highest_uid(self, mailbox: str, uidvalidity: int) -> int:
        return max((key[2] for key in self.rows if key[:2] == (mailbox, uidvalidity)), default=0)

    def reading_since(self, mailbox: str) -> datetime | None:
        firsts = [last for (name, _), last in self.starts.items() if name == mailbox]
        if not firsts or firsts[0] == 0:
            return None
        dates = [row.internal_date for key, row in self.rows.items() if key[0] == mailbox]
        return min([self.set_at, *dates])

    def start_of(self, mailbox: str, uidvalidity: int) -> int | None:
        return self.starts.get((mailbox, uidvalidity))

    def baseline(self, mailbox: str, uidvalidity: int, last_uid: int) -> None:
        self.starts[mailbox, uidvalidity] = last_uid

    def known_uids(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        return {uid for uid in uids if (mailbox, uidvalidity, uid) in self.rows}

    def receive(self, mailbox: str, uidvalidity: int, mails: Sequence[ReceivedMail]) -> int:
        self.calls.append(f"receive {len(mails)}")
        new = {(mailbox, uidvalidity, mail.uid): mail for mail in mails}
        count = len(new.keys() - self.rows.keys())
        self.rows = new | self.rows
        return count

    def to_flag(self, mailbox: str, uidvalidity: int, limit: int) -> list[int]:
        open_ = [k[2] for k in sorted(self.rows) if k[:2] == (mailbox, uidvalidity) and k not in self.done]
        return open_[:limit]

    def flagged(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        self.calls.append(f"flagged {len(uids)}")
        self.done |= {(mailbox, uidvalidity, uid) for uid in uids}

    def ledger_count(self, mailbox: str, uidvalidity: int) -> int:
        return sum(key[:2] == (mailbox, uidvalidity) for key in self.rows)

    def raws(self) -> list[bytes]:
        return [self.rows[key].raw for key in sorted(self.rows)]


@dataclass(frozen=True)
class FakeMail:
    """One row of the fake outbox."""

    id: int
    recipients: tuple[str, ...]
    raw: bytes
    sender: str = "support@ours.example"
    state: str = "queued"
    attempts: int = 0
    doubts: int = 0
    claim: str = ""
    created_at: datetime | None = None
    next_at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
    response: str = ""

    @property
    def message_id(self) -> str:
        return f"<{self.id}@ours.example>"


@dataclass
class FakeOutbox:
    """The outbox in memory."""

    mails: dict[int, FakeMail] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def add(self, *recipients: str, text: str = "Hello", **more: Any) -> FakeMail:
        number = len(self.mails) + 1
        raw = f"Message-ID: <{number}@ours.example>\r\nSubject: {number}\r\n\r\n{text}\r\n".encode()
        self.mails[number] = FakeMail(number, recipients, raw, **more)
        return self.mails[number]

    def claim_due(self, now: datetime, limit: int) -> list[FakeMail]:
        self.calls.append("claim_due")
        due = [m for m in self.mails.values() if m.state in ("queued", "uncertain") and m.next_at and m.next_at <= now][
            :limit
        ]
        for mail in due:
            self._set(mail.id, state="sending")
        return due

    def begin(self, mail: FakeMail, now: datetime) -> bool:
        self.calls.append(f"{mail.id} begin")
        return self.mails[mail.id].state == "sending"

    def unclaim(self, mails: Iterable[FakeMail]) -> int:
        waiting = [mail for mail in mails if self.mails[mail.id].state == "sending"]
        for mail in waiting:
            self._set(mail.id, state=mail.state)
        return len(waiting)

    def record_sent(self, outbox_id: int, now: datetime, response: str) -> None:
        self._set(outbox_id, state="sent", response=response)

    def record_retry(self, outbox_id: int, next_at: datetime, error: str) -> None:
        tries = self.mails[outbox_id].attempts + 1
        self._set(outbox_id, state="queued", next_at=next_at, attempts=tries, response=error)

    def record_refused(self, outbox_id: int, error: str) -> None:
        self._set(outbox_id, state="refused", response=error)

    def record_uncertain(self, outbox_id: int, next_at: datetime | None, error: str) -> None:
        mail = self.mails[outbox_id]
        tries = {"attempts": mail.attempts + 1, "doubts": mail.doubts + 1}
        self._set(outbox_id, state="uncertain", next_at=next_at, response=error, **tries)

    def record_left(self, outbox_id: int, error: str) -> None:
        self._set(outbox_id, state="uncertain", next_at=None, response=error)

    def states(self) -> list[str]:
        return [mail.state for mail in self.mails.values()]

    def _set(self, id: int, **values: Any) -> None:
        self.calls.append(f"{id} {values['state']}")
        self.mails[id] = replace(self.mails[id], **values)


@dataclass
class FakeClock:
    """A clock that stands still until it is told to move."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def even() -> float:
    """Dice that always show the middle: no jitter."""
    return 0.5


Clock = Callable[[], datetime]
