"""Keeping the store clean: what is old goes, what belongs to nothing goes, a person's data goes on request.

In: ages, an address. Out: counts of what was removed. Rows stay where figures depend on them; their words go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Text, and_, cast, delete, or_, select, update

from mailbot.store.base import Part
from mailbot.store.models import (
    Event,
    FieldChange,
    Ledger,
    MarkedAddress,
    MessageRow,
    OutboxRaw,
    OutboxRecipient,
    OutboxRow,
    Participant,
    Survey,
    TicketRow,
    TicketWords,
)  # fmt: skip
from mailbot.store.types import key_text

_L = Ledger.__table__  # type: ignore[attr-defined]
_T = TicketRow.__table__  # type: ignore[attr-defined]
_M = MessageRow.__table__  # type: ignore[attr-defined]
_O = OutboxRow.__table__  # type: ignore[attr-defined]
_B = OutboxRaw.__table__  # type: ignore[attr-defined]
_C = OutboxRecipient.__table__  # type: ignore[attr-defined]
_P = Participant.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_F = FieldChange.__table__  # type: ignore[attr-defined]
_S = Survey.__table__  # type: ignore[attr-defined]
_W = TicketWords.__table__  # type: ignore[attr-defined]
_A = MarkedAddress.__table__  # type: ignore[attr-defined]

FORGOTTEN = "(forgotten)"
_YOUNG = 3600  # seconds: a blob this young may wait for its ledger row
_MANY = 500
_HEAD = 256 * 1024


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What retention removed."""

    blobs: int = 0
    messages: int = 0
    outgoing: int = 0
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person. The rows and their counts remain."""

    messages: int = 0
    blobs: int = 0
    tickets: int = 0
    outgoing: int = 0


class HousekeepingPart(Part):
    """Retention, forgetting, orphans."""

    def retain(self, *, raw_days: int | None = None, text_days: int | None = None) -> Cleaned:
        """Deletes what is older than the settings allow; None keeps it for ever.

        raw_days: raw mails, in and out. text_days: the texts of mails on closed tickets, counted from the closing.
        Mails that wait, are in quarantine, or are not sent yet are never touched.
        """
        now = self.clock()
        blobs, outgoing, messages = self._delete_blobs(_L.c.author == FORGOTTEN), 0, 0
        if raw_days is not None:
            before = now - timedelta(days=raw_days)
            with self.db.write("retain-raw") as connection:
                sent = and_(_O.c.state.in_(("sent", "refused")), _O.c.created_at < before)
                outgoing = connection.execute(delete(_B).where(_B.c.id.in_(select(_O.c.id).where(sent)))).rowcount
            done = and_(_L.c.state.in_(("processed", "ignored")), _L.c.finished_at < before)
            blobs += self._delete_blobs(done)
        if text_days is not None:
            before = now - timedelta(days=text_days)
            old = select(_T.c.number).where(_T.c.state == "closed", _T.c.closed_at < before)
            with self.db.write("retain-text") as connection:
                full = and_(_M.c.ticket.in_(old), or_(_M.c.text != "", _M.c.new_text != ""))
                messages = connection.execute(update(_M).where(full).values(**_NO_WORDS)).rowcount
                connection.execute(update(_O).where(_O.c.ticket.in_(old)).values(text="", questions=[]))
                connection.execute(delete(_W).where(_W.c.ticket.in_(old)))
        return Cleaned(blobs, messages, outgoing, self.clean_orphans())

    def _delete_blobs(self, which: Any) -> int:
        """Blobs of these ledger rows, unless another row that is kept has the same bytes."""
        other = _L.alias()
        kept = select(other.c.id).where(other.c.sha256 == _L.c.sha256, other.c.state.in_(("received", "quarantined")))
        with self.db.read() as connection:
            digests = list(connection.execute(select(_L.c.sha256).distinct().where(which, ~kept.exists())).scalars())
        gone = 0
        self.db.checkpoint("delete.blobs")
        for digest in digests:
            gone += self.blobs.exists(digest)
            self.blobs.delete(digest)
        return gone

    def clean_orphans(self) -> int:
        """Deletes blobs that no ledger row names: left behind by a crash between the bytes and the row."""
        orphans = 0
        for some in _in_packs(self.blobs.digests()):
            with self.db.read() as connection:
                known = set(connection.execute(select(_L.c.sha256).where(_L.c.sha256.in_(some))).scalars())
            self.db.checkpoint("delete.orphans")
            for digest in some:
                if digest not in known and self.blobs.age(digest) > _YOUNG:
                    self.blobs.delete(digest)
                    orphans += 1
        self.blobs.clean()
        return orphans

    def forget(self, address: str) -> Forgotten:
        """Deletes a person's data: their mails, what their tickets say, our mails to them.

        Tickets, mails and outgoing mails stay as empty rows, so that figures keep their counts. What other people
        quoted of them in their own mails is not found by this.
        """
        who = key_text(address.strip().lower())
        mine = select(_T.c.number).where(_T.c.requester == who)
        theirs = or_(_M.c.sender == who, _M.c.ticket.in_(mine))
        with self.db.read() as connection:
            numbers = set(connection.execute(mine).scalars())
            rows = select(_M.c.ledger_id).where(_M.c.sender == who, _M.c.ledger_id.is_not(None))
            ledger = set(connection.execute(rows).scalars())
            ledger |= set(connection.execute(select(_L.c.id).where(_L.c.author == who)).scalars())
        unread = self._unread_of(who)
        ledger |= unread
        with self.db.write("forget") as connection:
            connection.execute(
                update(_L)
                .where(_L.c.id.in_(unread))
                .values(state="ignored", reason=FORGOTTEN, finished_at=self.clock())
            )
            messages = connection.execute(
                update(_M).where(theirs).values(**_NO_WORDS, subject="", sender_name="", headers={}, message_id=None)
            ).rowcount
            connection.execute(update(_M).where(_M.c.sender == who).values(sender=FORGOTTEN))
            tickets = connection.execute(
                update(_T)
                .where(_T.c.requester == who)
                .values(requester=FORGOTTEN, subject="", fields={}, declined={}, cc=[], version=_T.c.version + 1)
            ).rowcount
            connection.execute(
                update(_F).where(_F.c.ticket.in_(numbers)).values(before=None, value=None, evidence="", message_id=None)
            )
            connection.execute(delete(_W).where(_W.c.ticket.in_(numbers)))
            connection.execute(delete(_P).where(_P.c.address == who))
            connection.execute(delete(_A).where(_A.c.address == who))
            connection.execute(
                update(_S).where(_S.c.address == who).values(address=FORGOTTEN, comment="", message_id=None)
            )
            outgoing = self._forget_sent(connection, who)
            self._forget_named(connection, who)
            connection.execute(
                update(_L).where(_L.c.id.in_(ledger)).values(author=FORGOTTEN, message_id=None, detail="", content="")
            )
        blobs = self._delete_blobs(_L.c.author == FORGOTTEN)  # of earlier ones too, had the program ended just here
        return Forgotten(messages, blobs, tickets, outgoing)

    def _unread_of(self, who: str) -> set[int]:
        """Mails in quarantine that seem to be from the person: nobody could read their author when they came."""
        found = set()
        with self.db.read() as connection:
            rows = connection.execute(select(_L.c.id, _L.c.sha256).where(_L.c.state == "quarantined")).all()
        for number, digest in rows:
            if self.blobs.exists(digest) and _is_from(self.blobs.get(digest), who):
                found.add(number)
        return found

    def _forget_sent(self, connection: Connection, who: str) -> int:
        """Our mails to the person: what is not sent yet is not sent any more."""
        ids = set(connection.execute(select(_C.c.outbox_id).where(_C.c.address == who)).scalars())
        empty = {"text": "", "subject": "", "questions": [], "recipients": [FORGOTTEN], "response": "", "error": ""}
        connection.execute(delete(_B).where(_B.c.id.in_(ids)))
        connection.execute(delete(_C).where(_C.c.address == who))
        waiting = and_(_O.c.id.in_(ids), _O.c.state.in_(("queued", "uncertain")))
        connection.execute(update(_O).where(waiting).values(state="refused", next_at=None))
        return connection.execute(update(_O).where(_O.c.id.in_(ids)).values(**empty)).rowcount

    def _forget_named(self, connection: Connection, who: str) -> None:
        """The address where others name it: in the Cc of tickets and mails, on timelines."""
        named = cast(_T.c.cc, Text).contains(who, autoescape=True)
        for row in connection.execute(select(_T.c.number, _T.c.cc).where(named)).all():
            rest = [address for address in row.cc if address != who]
            if rest == row.cc:
                continue
            connection.execute(update(_T).where(_T.c.number == row.number).values(cc=rest, version=_T.c.version + 1))
        named = cast(_M.c.headers, Text).contains(who, autoescape=True)
        for row in connection.execute(select(_M.c.id, _M.c.headers).where(named)).all():
            kept = json.loads(_without(json.dumps(row.headers, ensure_ascii=False), who))
            connection.execute(update(_M).where(_M.c.id == row.id).values(headers=kept))
        for table, names in ((_E, ("text", "reason", "actor")), (_F, ("actor",))):
            columns = [table.c[name] for name in names]
            named = or_(*(column.contains(who, autoescape=True) for column in columns))
            for number, *texts in connection.execute(select(table.c.id, *columns).where(named)).all():
                cleaned = dict(zip(names, (_without(one, who) for one in texts), strict=True))
                connection.execute(update(table).where(table.c.id == number).values(**cleaned))


_NO_WORDS: dict[str, Any] = {"text": "", "new_text": "", "parts": [], "attachments": [], "defects": []}


def _is_from(raw: bytes, who: str) -> bool:
    """Whether a From line of a mail that could not be parsed names the address."""
    head = re.split(rb"\r?\n\r?\n", raw[:_HEAD], maxsplit=1)[0].decode("utf-8", "replace").lower()
    lines = re.findall(r"(?:^|\n)from:((?:[^\n]|\n[ \t])*)", head)
    return any(_without(line, who) != line for line in lines)


def _without(text: str, who: str) -> str:
    """The text with the address taken out, and only the whole address: not the end of a longer one."""
    return re.sub(rf"(?<![\w.+-]){re.escape(who)}(?![\w.-]*\w)", FORGOTTEN, text)


def _in_packs(items: Iterable[str]) -> Iterable[list[str]]:
    pack: list[str] = []
    for item in items:
        pack.append(item)
        if len(pack) == _MANY:
            yield pack
            pack = []
    if pack:
        yield pack
