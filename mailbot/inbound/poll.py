"""One pass over one mailbox: what the ledger lacks is fetched, committed, flagged, and then compared.

In: an `Inbox` and the store. Out: a `PollResult`; server trouble is a value in it, never an exception, so that one
mailbox's fault cannot stop another. A mail is flagged or moved only after the store has committed its bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from mailbot.errors import MailbotError, TemporaryError
from mailbot.inbound.account import Inbox
from mailbot.inbound.fetch import fetch
from mailbot.inbound.imap import ImapSession
from mailbot.inbound.model import FetchLimits, Folder, PollResult, ReceivedMail
from mailbot.store.claims import new_claim

Since = Literal["beginning", "now"] | date
FLAG_BATCH = 100
KNOWN_BATCH = 5000
LEASE_SECONDS = 120.0  # a pass prolongs it with each batch; only a machine that vanished makes others wait for its end
GENERATION = 2**32  # UIDVALIDITY and UID have 32 bits (RFC 9051 section 2.3.1.1)


class Ledger(Protocol):
    """What polling needs of the store. Every call is one committed transaction and may be repeated."""

    def lease(self, mailbox: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to read a mailbox; False while another owner holds it."""

    def release(self, mailbox: str, owner: str) -> None:
        """Give the right back."""

    def last_uidvalidity(self, mailbox: str) -> int | None:
        """UIDVALIDITY of the newest baseline, None before the first run."""

    def highest_uid(self, mailbox: str, uidvalidity: int) -> int:
        """The highest UID that the ledger holds of this folder, 0 when it holds none."""

    def reading_since(self, mailbox: str) -> datetime | None:
        """When reading this mailbox began, or the oldest mail that was taken if that is earlier; None when the very
        first run started at the beginning."""

    def start_of(self, mailbox: str, uidvalidity: int) -> int | None:
        """The UID after which mails are taken, None when no baseline is recorded."""

    def baseline(self, mailbox: str, uidvalidity: int, last_uid: int) -> None:
        """Record where reading starts: mails up to `last_uid` are never taken."""

    def known_uids(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that the ledger holds."""

    def receive(self, mailbox: str, uidvalidity: int, mails: Sequence[ReceivedMail]) -> int:
        """Commit ledger rows and raw bytes; repeats are absorbed. Returns how many are new."""

    def to_flag(self, mailbox: str, uidvalidity: int, limit: int) -> list[int]:
        """UIDs that are stored and not yet flagged or moved on the server, oldest first."""

    def flagged(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """Record that the server was told."""

    def ledger_count(self, mailbox: str, uidvalidity: int) -> int:
        """How many mails the ledger holds of this folder."""


@dataclass(slots=True)
class _Pass:
    """The state of one pass: the connection, the store and what has been counted so far."""

    inbox: Inbox
    ledger: Ledger
    owner: str
    stop: Callable[[], bool]
    on_fetched: Callable[[int, int], None]
    result: PollResult
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, **more: int) -> None:
        self.result = replace(self.result, **{name: getattr(self.result, name) + n for name, n in more.items()})

    def hold(self) -> None:
        """Prolong the lease, or stop: another process may have taken over after a long pause of this one."""
        if self.stop():
            raise TemporaryError("stopped before the end of the pass", where=f"mailbox {self.inbox.name}")
        if not self.ledger.lease(self.inbox.name, self.owner, LEASE_SECONDS):
            raise TemporaryError("another process has taken over this mailbox", where=f"mailbox {self.inbox.name}")


def poll_mailbox(
    inbox: Inbox,
    ledger: Ledger,
    *,
    connect: Callable[[Inbox], ImapSession],
    owner: str | None = None,
    since: Since = "beginning",
    limits: FetchLimits | None = None,
    stop: Callable[[], bool] = lambda: False,
    on_fetched: Callable[[int, int], None] = lambda *_: None,
) -> PollResult:
    """Read one mailbox once.

    connect: opens a session, usually `imap.connect` with tokens bound. owner: names this pass in the lease; by default
    in a way that lets the store see when its process has died.
    since: where the very first run starts ("beginning", "now", or a day). stop: asked between batches.
    on_fetched: told (done, total) when it is known that there are new mails, and after each committed batch.
    """
    begun = time.monotonic()
    owner = owner or new_claim()
    work = _Pass(inbox, ledger, owner, stop, on_fetched, PollResult(inbox.name))
    error: MailbotError | None = None
    try:
        if not ledger.lease(inbox.name, owner, LEASE_SECONDS):
            return replace(work.result, skipped=True, notes=("another process is reading this mailbox",))
        try:
            with connect(inbox) as session:
                _read(work, session, since, limits or FetchLimits())
        finally:
            ledger.release(inbox.name, owner)
    except MailbotError as caught:
        error = caught
    return replace(
        work.result,
        notes=tuple(work.notes),
        errors=tuple(work.errors),
        error=error,
        seconds=time.monotonic() - begun,
    )


def _read(work: _Pass, session: ImapSession, since: Since, limits: FetchLimits) -> None:
    inbox, ledger = work.inbox, work.ledger
    folder = session.select(inbox.folder, read_only=inbox.after == "nothing")
    there = session.uids()
    folder, changed = _identify(work, folder, there)
    start = _start(work, session, folder, there, since, changed)
    work.result = replace(work.result, uidvalidity=folder.uidvalidity, uidvalidity_changed=changed)
    listed = [uid for uid in there if uid > start]
    known = _known(ledger, inbox.name, folder.uidvalidity, listed)
    new = [uid for uid in listed if uid not in known]
    work.count(known=len(known))
    if new:
        work.on_fetched(0, len(new))
    for batch in fetch(session, new, limits):
        if batch.mails:
            ledger.receive(inbox.name, folder.uidvalidity, batch.mails)
        work.count(fetched=len(batch.mails), truncated=sum(mail.truncated for mail in batch.mails))
        work.errors += [f"mail UID {uid} cannot be fetched: {reason}" for uid, reason in batch.failed]
        work.on_fetched(work.result.fetched, len(new))
        work.hold()
    _tell_server(work, session, folder)
    if new or work.result.flagged:
        _reconcile(work, session, folder, start)
    else:
        _compare(work, folder, listed, known)


def _identify(work: _Pass, folder: Folder, there: Sequence[int]) -> tuple[Folder, bool]:
    """The folder under the UIDVALIDITY that the ledger uses, and whether its UIDs mean other mails than before.

    Some servers give UIDs anew without a new UIDVALIDITY (a restored backup, a folder made again within a second). That
    shows when the ledger knows a UID that the server has yet to give. The ledger then counts a generation on top of it.
    """
    name, ledger = work.inbox.name, work.ledger
    last = ledger.last_uidvalidity(name)
    if last is None:
        return folder, False
    if last % GENERATION != folder.uidvalidity:
        work.notes.append(f"UIDVALIDITY changed to {folder.uidvalidity}: the whole folder is compared again")
        return folder, True
    if folder.uidnext and ledger.highest_uid(name, last) > max(folder.uidnext - 1, there[-1] if there else 0):
        work.notes.append("the server gives UIDs anew under the same UIDVALIDITY: the whole folder is compared again")
        return replace(folder, uidvalidity=last + GENERATION), True
    return replace(folder, uidvalidity=last), False


def _start(work: _Pass, session: ImapSession, folder: Folder, there: Sequence[int], since: Since, changed: bool) -> int:
    """The UID after which mails are taken; recorded on the first pass over a folder."""
    name, ledger = work.inbox.name, work.ledger
    start = ledger.start_of(name, folder.uidvalidity)
    if start is None:
        if changed:
            # Every UID means another mail (RFC 9051 section 2.3.1.1): the store absorbs those that it has under the old
            # numbers. Only what is older than the first run stays left alone, with a day's grace for time zones.
            began = ledger.reading_since(name)
            since = (began - timedelta(days=1)).date() if began else "beginning"
        start = _first_start(session, folder, there, since)
    elif not changed:
        return start
    ledger.baseline(name, folder.uidvalidity, start)  # also when an old UIDVALIDITY is back: it is the newest one now
    return start


def _first_start(session: ImapSession, folder: Folder, there: Sequence[int], since: Since) -> int:
    if since == "beginning":
        return 0
    highest = folder.uidnext - 1 if folder.uidnext else (there[-1] if there else 0)
    if since == "now":
        return highest
    return min(session.uids_since(since), default=highest + 1) - 1


def _known(ledger: Ledger, name: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    known: set[int] = set()
    for part in _cut(uids, KNOWN_BATCH):
        known |= ledger.known_uids(name, uidvalidity, part)
    return known


def _tell_server(work: _Pass, session: ImapSession, folder: Folder) -> None:
    """Flag or move what is committed, also what an earlier pass committed and could not flag any more."""
    inbox, ledger = work.inbox, work.ledger
    if inbox.after == "nothing":
        return
    if folder.read_only:
        work.notes.append(f"folder {folder.name!r} is read-only for this login: nothing is flagged or moved")
        return
    target = inbox.after.removeprefix("move:").strip() if inbox.after.startswith("move:") else ""
    if not target and not folder.keeps_seen:
        work.notes.append(
            f"the server does not keep \\Seen in folder {folder.name!r}: only the ledger knows what was read"
        )
    if target and session.ensure_folder(target):
        work.notes.append(f"folder {target!r} was created")
    while uids := ledger.to_flag(inbox.name, folder.uidvalidity, FLAG_BATCH):
        try:
            note = _mark(session, uids, target)
        except MailbotError:
            # Some servers refuse the whole command for one mail that somebody else has removed.
            there = set() if session.broken else set(session.uids())
            left = [uid for uid in uids if uid in there]
            if session.broken or len(left) == len(uids):
                raise
            note = _mark(session, left, target)
        if note and note not in work.notes:
            work.notes.append(note)
        ledger.flagged(inbox.name, folder.uidvalidity, uids)
        work.count(flagged=len(uids))
        work.hold()


def _mark(session: ImapSession, uids: Sequence[int], target: str) -> str:
    if target:
        return session.move(uids, target)
    session.mark_seen(uids)
    return ""


def _reconcile(work: _Pass, session: ImapSession, folder: Folder, start: int) -> None:
    """Compare the server's list with the ledger. Mails that came during the pass belong to the next one."""
    after = session.select(folder.name, read_only=True)
    if after.uidvalidity != folder.uidvalidity % GENERATION:
        work.errors.append("the folder was replaced during the pass; the next pass reads it anew")
        return
    ceiling = folder.uidnext or 0
    there = [uid for uid in session.uids() if uid > start and (not ceiling or uid < ceiling)]
    _compare(work, folder, there, _known(work.ledger, work.inbox.name, folder.uidvalidity, there))


def _compare(work: _Pass, folder: Folder, there: Sequence[int], held: set[int]) -> None:
    work.result = replace(
        work.result,
        on_server=len(there),
        in_ledger=len(held),
        missing=tuple(uid for uid in there if uid not in held),
        gone=max(0, work.ledger.ledger_count(work.inbox.name, folder.uidvalidity) - len(held)),
    )


def _cut(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
