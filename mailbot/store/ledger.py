"""The ledger of incoming mail: what was seen on which server, and what became of it.

In: mails as fetched. Out: rows in order of arrival, and the raw bytes. The states are in docs/states.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from mailbot.errors import StoreError
from mailbot.message.model import Message
from mailbot.store.base import Part, insert_new, upsert
from mailbot.store.hot import Hot
from mailbot.store.models import Baseline, Event, Ledger
from mailbot.store.tickets import follow
from mailbot.store.types import key_text, storable_time
from mailbot.store.values import Duplicate, LedgerRow, Received

_L = Ledger.__table__  # type: ignore[attr-defined]
_B = Baseline.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_CHUNK = 5000
_COLUMNS = (
    _L.c.id, _L.c.mailbox, _L.c.uidvalidity, _L.c.uid, _L.c.sha256, _L.c.size, _L.c.internal_date, _L.c.received_at,
    _L.c.state, _L.c.attempts, _L.c.truncated, _L.c.flagged, _L.c.reason, _L.c.detail, _L.c.message_id, _L.c.author,
    _L.c.ticket, _L.c.copy_of, _L.c.failures,
)  # fmt: skip
_PLACE = and_(_L.c.mailbox == bindparam("mailbox"), _L.c.uidvalidity == bindparam("uidvalidity"))
_PENDING = Hot(
    select(*_COLUMNS)
    .where(_L.c.state == "received")
    .order_by(_L.c.internal_date, _L.c.uid, _L.c.id)
    .limit(bindparam("most"))
)
_KNOWN = Hot(select(_L.c.uid).where(_PLACE, _L.c.uid.between(bindparam("first"), bindparam("last"))))
_TO_FLAG = Hot(select(_L.c.uid).where(_PLACE, ~_L.c.flagged).order_by(_L.c.uid).limit(bindparam("most")))
_FLAG = Hot(update(_L).where(_PLACE, _L.c.uid == bindparam("number")).values(flagged=True))
_RECEIVED = (
    "mailbox", "uidvalidity", "uid", "sha256", "size", "truncated", "internal_date", "received_at", "state", "flagged",
    "attempts", "failures", "reason", "detail", "author", "content",
)  # fmt: skip
_RECEIVE = Hot(lambda on_sqlite: insert_new(_L, on_sqlite), keys=_RECEIVED)
_WAITING = Hot(
    select(_L.c.state, _L.c.mailbox, _L.c.sha256, _L.c.ticket, _L.c.received_at)
    .where(_L.c.id == bindparam("ledger"))
    .with_for_update()
)
_ATTEMPTED = Hot(update(_L).where(_L.c.id == bindparam("one")).values(attempts=_L.c.attempts + 1))
_NOT_ATTEMPTED = Hot(
    update(_L)
    .where(_L.c.id == bindparam("one"), _L.c.state == "received", _L.c.attempts > 0)
    .values(attempts=_L.c.attempts - 1)
)
_COPIES_BY_ID = Hot(
    select(_L.c.id, _L.c.mailbox, _L.c.ticket, _L.c.author, _L.c.sent_date, _L.c.content)
    .where(_L.c.message_id == bindparam("mid"), _L.c.ticket.is_not(None), _L.c.id != bindparam("own"))
    .where(_L.c.state == "processed")
    .order_by(_L.c.id)
    .limit(20)
)
_COPIES_BY_BYTES = Hot(
    select(_L.c.id, _L.c.mailbox, _L.c.ticket)
    .where(_L.c.sha256 == bindparam("sha"), _L.c.ticket.is_not(None), _L.c.id != bindparam("own"))
    .where(_L.c.state == "processed")
    .order_by(_L.c.id)
    .limit(20)
)


_ANEW = {"state": "received", "attempts": 0, "failures": 0, "finished_at": None}
_BEGINNING = 300  # characters


def content_digest(message: Message) -> str:
    """Tells whether two mails under one Message-ID say the same, whatever was added to their headers on the way.

    Two halves: of all words, and of how the mail begins, since a list or a gateway adds its footer at the end.
    """
    words = " ".join(f"{message.subject}\n{message.text}".split())
    return _half(words) + _half(words[:_BEGINNING])


def _half(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def _same(row: Any, content: str, date: Any) -> bool:
    """The same words; or the same beginning, sent at the same second."""
    held = row.content or ""
    return held[:16] == content[:16] or (row.sent_date == date and held[16:] == content[16:])


def author_of(message: Message) -> str:
    """The From addresses as one comparable text."""
    return key_text(",".join(sorted(a.address for a in message.from_)))


def find_copy(connection: Connection, ledger_id: int, sha256: str, message: Message) -> Duplicate | None:
    """The first copy of a mail that lies on a ticket.

    A copy has the same bytes, or the same Message-ID, author and words (`_same`). The words must agree because some
    senders give every mail of theirs one Message-ID, and because a forged one must not swallow a true mail.
    """
    rows = _COPIES_BY_BYTES.all(connection, {"sha": sha256, "own": ledger_id})
    if not rows and message.message_id:
        rows = _COPIES_BY_ID.all(connection, {"mid": key_text(message.message_id), "own": ledger_id})
        if rows:
            author, content, date = author_of(message), content_digest(message), storable_time(message.date)
            rows = [r for r in rows if r.author == author and _same(r, content, date)]
    if not rows:
        return None
    return Duplicate(
        rows[0].id, follow(connection, rows[0].ticket), rows[0].mailbox, tuple(dict.fromkeys(r.mailbox for r in rows))
    )


def finished(message: Message, now: Any) -> dict[str, Any]:
    """The ledger's columns that are known once a mail was parsed."""
    return {
        "message_id": key_text(message.message_id) if message.message_id else None,
        "author": author_of(message),
        "sent_date": storable_time(message.date),
        "content": content_digest(message),
        "finished_at": now,
    }


class LedgerPart(Part):
    """Receiving, and what was received."""

    # --- the inbound room ---------------------------------------------------------------------------------------

    def receive(self, mailbox: str, uidvalidity: int, mails: Sequence[Received]) -> int:
        """Keeps the bytes, then the rows, in one commit. Repeats are absorbed. Returns how many are new."""
        if not mails:
            return 0
        digests = self.blobs.put_many([mail.raw for mail in mails])
        self.db.checkpoint("receive.blobs")
        now = self.clock()
        rows = [
            {
                "mailbox": mailbox, "uidvalidity": uidvalidity, "uid": mail.uid, "sha256": digest, "size": mail.size,
                "truncated": mail.truncated, "internal_date": storable_time(mail.internal_date), "received_at": now,
                "state": "received", "flagged": False, "attempts": 0, "failures": 0, "reason": "", "detail": "",
                "author": "", "content": "",
            }
            for mail, digest in zip(mails, digests, strict=True)
        ]  # fmt: skip
        with self.db.write("receive") as connection:
            return _RECEIVE.many(connection, rows)

    def known_uids(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
        """Those of `uids` that the ledger holds."""
        found: set[int] = set()
        wanted = sorted(uids)
        with self.db.read() as connection:
            for at in range(0, len(wanted), _CHUNK):
                some = wanted[at : at + _CHUNK]
                place = {"mailbox": mailbox, "uidvalidity": uidvalidity, "first": some[0], "last": some[-1]}
                found.update(set(some).intersection(row[0] for row in _KNOWN.all(connection, place)))
        return found

    def baseline(self, mailbox: str, uidvalidity: int, last_uid: int) -> None:
        """Reading of this folder begins after `last_uid`."""
        with self.db.write("baseline") as connection:
            connection.execute(
                upsert(_B, self.db.sqlite, ("mailbox", "uidvalidity"), ("last_uid", "set_at")),
                {"mailbox": mailbox, "uidvalidity": uidvalidity, "last_uid": last_uid, "set_at": self.clock()},
            )

    def start_of(self, mailbox: str, uidvalidity: int) -> int | None:
        """The UID after which mails are taken; None when no baseline was set."""
        with self.db.read() as connection:
            return connection.execute(
                select(_B.c.last_uid).where(_B.c.mailbox == mailbox, _B.c.uidvalidity == uidvalidity)
            ).scalar()

    def highest_uid(self, mailbox: str, uidvalidity: int) -> int:
        """The highest UID that the ledger holds of this folder, 0 when it holds none."""
        with self.db.read() as connection:
            place = {"mailbox": mailbox, "uidvalidity": uidvalidity}
            return connection.execute(select(func.max(_L.c.uid)).where(_PLACE), place).scalar() or 0

    def reading_since(self, mailbox: str) -> datetime | None:
        """When reading this mailbox began, or the oldest mail that was taken if that is earlier.

        None when the very first run started at the beginning of the folder.
        """
        with self.db.read() as connection:
            first = connection.execute(
                select(_B.c.last_uid, _B.c.set_at).where(_B.c.mailbox == mailbox).order_by(_B.c.set_at).limit(1)
            ).first()
            if first is None or first.last_uid == 0:
                return None
            oldest = connection.execute(select(func.min(_L.c.internal_date)).where(_L.c.mailbox == mailbox)).scalar()
            began: datetime = min(first.set_at, oldest) if oldest else first.set_at
            return began

    def last_uidvalidity(self, mailbox: str) -> int | None:
        """UIDVALIDITY of the newest baseline, or of the newest mail where there is none; None before the first run."""
        with self.db.read() as connection:
            newest = select(_B.c.uidvalidity).where(_B.c.mailbox == mailbox).order_by(_B.c.set_at.desc()).limit(1)
            found = connection.execute(newest).scalar()
            if found is None:
                newest = select(_L.c.uidvalidity).where(_L.c.mailbox == mailbox).order_by(_L.c.id.desc()).limit(1)
                found = connection.execute(newest).scalar()
            return found

    def to_flag(self, mailbox: str, uidvalidity: int, limit: int) -> list[int]:
        """UIDs that are safe here and not yet flagged or moved on the server, oldest first."""
        with self.db.read() as connection:
            place = {"mailbox": mailbox, "uidvalidity": uidvalidity, "most": limit}
            return [row[0] for row in _TO_FLAG.all(connection, place)]

    def flagged(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """The server was told."""
        if uids:
            with self.db.write("flagged") as connection:
                _FLAG.many(
                    connection, [{"mailbox": mailbox, "uidvalidity": uidvalidity, "number": uid} for uid in uids]
                )

    def ledger_count(self, mailbox: str, uidvalidity: int) -> int:
        """How many mails of this folder the ledger holds."""
        with self.db.read() as connection:
            place = {"mailbox": mailbox, "uidvalidity": uidvalidity}
            return connection.execute(select(func.count()).select_from(_L).where(_PLACE), place).scalar_one()

    # --- the pipeline -------------------------------------------------------------------------------------------

    def pending(self, limit: int = 100) -> list[LedgerRow]:
        """Mails to be processed, in order of arrival."""
        with self.db.read() as connection:
            return [LedgerRow(*row) for row in _PENDING.all(connection, {"most": limit})]

    def ledger_row(self, ledger_id: int) -> LedgerRow | None:
        """One row; None when there is none."""
        with self.db.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(_L.c.id == ledger_id)).first()
            return LedgerRow(*row) if row else None

    def ledger_rows(self, state: str | None = None, limit: int = 100) -> list[LedgerRow]:
        """Rows of one state (or all), newest first."""
        query = select(*_COLUMNS).order_by(_L.c.id.desc()).limit(limit)
        with self.db.read() as connection:
            return [
                LedgerRow(*row)
                for row in connection.execute(query if state is None else query.where(_L.c.state == state))
            ]

    def raw(self, sha256: str) -> bytes:
        """The mail as it came. Raises StoreError when it is gone or damaged."""
        return self.blobs.get(sha256)

    def attempted(self, ledger_ids: Sequence[int]) -> None:
        """Counts a try before it is made, so that a mail that kills the process is known by its count."""
        if ledger_ids:
            with self.db.write("attempted", synced=False) as connection:
                _ATTEMPTED.many(connection, [{"one": one} for one in ledger_ids])

    def failed(self, ledger_id: int) -> None:
        """The try ended in an error: it was no death of the program."""
        with self.db.write("failed") as connection:
            connection.execute(update(_L).where(_L.c.id == ledger_id).values(failures=_L.c.failures + 1))

    def not_attempted(self, ledger_ids: Sequence[int]) -> None:
        """Takes a count back: the mail's turn did not come, or the store was out of reach when it did."""
        if ledger_ids:
            with self.db.write("not_attempted", synced=False) as connection:
                _NOT_ATTEMPTED.many(connection, [{"one": one} for one in ledger_ids])

    def find_duplicate(self, row: LedgerRow, message: Message) -> Duplicate | None:
        """An earlier copy of this mail on a ticket: from another mailbox, or from before a change of UIDVALIDITY."""
        with self.db.read() as connection:
            return find_copy(connection, row.id, row.sha256, message)

    def copy_of(self, row: LedgerRow, message: Message, first: Duplicate) -> bool:
        """Records the mail as a copy: processed, on the same ticket, nothing sent. False when it was done before."""
        reason = f"copy of mail {first.ledger_id} in {first.mailbox}"
        now = self.clock()
        with self.db.write("copy", synced=False) as connection:
            return record_copy(connection, row.id, first, finished(message, now), reason)

    def ignore(self, ledger_id: int, reason: str, ticket: int | None = None, *, message: Message | None = None) -> bool:
        """No reply, no ticket: received → ignored. False when the mail was not waiting any more."""
        now = self.clock()
        known = finished(message, now) if message else {"finished_at": now}
        return self._finish("ignore", ledger_id, state="ignored", reason=reason, ticket=ticket, **known)

    def quarantine(self, ledger_id: int, reason: str, detail: str = "", *, message: Message | None = None) -> bool:
        """Kept for a person: received → quarantined. False when the mail was not waiting any more."""
        now = self.clock()
        known = finished(message, now) if message else {"finished_at": now}
        return self._finish("quarantine", ledger_id, state="quarantined", reason=reason, detail=detail, **known)

    def _finish(self, name: str, ledger_id: int, **values: Any) -> bool:
        with self.db.write(name) as connection:
            changed = connection.execute(
                update(_L).where(_L.c.id == ledger_id, _L.c.state == "received").values(**values)
            )
            return changed.rowcount == 1

    # --- operators ----------------------------------------------------------------------------------------------

    def retry_quarantined(self, ledger_ids: Iterable[int] | None = None) -> int:
        """quarantined → received, all of them or these; they are processed as if they had come now."""
        which = _L.c.state == "quarantined"
        if ledger_ids is not None:
            which = and_(which, _L.c.id.in_(list(ledger_ids)))
        with self.db.write("quarantine-retry") as connection:
            changed = connection.execute(update(_L).where(which).values(**_ANEW))
            return changed.rowcount


def record_copy(connection: Connection, ledger_id: int, first: Duplicate, known: dict[str, Any], reason: str) -> bool:
    """The row of a copy, and a line on the ticket's timeline that says where else the mail came in."""
    changed = connection.execute(
        update(_L)
        .where(_L.c.id == ledger_id, _L.c.state == "received")
        .values(state="processed", reason=reason, ticket=first.ticket, copy_of=first.ledger_id, **known)
        .returning(_L.c.mailbox)
    ).first()
    if changed is None:
        return False
    text = f"the same mail also came to {changed.mailbox}"
    line = {"ticket": first.ticket, "at": known["finished_at"], "event": "copy", "text": text, "reason": reason}
    connection.execute(_E.insert(), {**line, "actor": "mailbot", "ledger_id": ledger_id})
    return True


def waiting(connection: Connection, ledger_id: int) -> Any:
    """The row, locked for this transaction. Raises StoreError when there is none."""
    row = _WAITING.first(connection, {"ledger": ledger_id})
    if row is None:
        raise StoreError("no such mail in the ledger", where=f"ledger {ledger_id}")
    return row
