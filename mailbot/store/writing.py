"""The rows that a change of a ticket consists of. Every function runs within the transaction of `apply`.

In: the ticket before and after, timeline and history lines, a mail. Out: rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from mailbot.decide.actions import Decision, Send
from mailbot.message.model import Line, Message
from mailbot.store.base import insert_into, insert_new, upsert
from mailbot.store.evolve import Change
from mailbot.store.hot import Hot
from mailbot.store.ledger import author_of
from mailbot.store.models import (
    Event,
    FieldChange,
    MarkedAddress,
    MessageRow,
    Participant,
    Rotation,
    TicketLink,
    TicketRow,
)  # fmt: skip
from mailbot.store.types import key_text, storable_time
from mailbot.store.values import StaleDecisionError
from mailbot.tickets.model import FieldValue, State, Ticket

_T = TicketRow.__table__  # type: ignore[attr-defined]
_M = MessageRow.__table__  # type: ignore[attr-defined]
_P = Participant.__table__  # type: ignore[attr-defined]
_E = Event.__table__  # type: ignore[attr-defined]
_F = FieldChange.__table__  # type: ignore[attr-defined]
_K = TicketLink.__table__  # type: ignore[attr-defined]
_A = MarkedAddress.__table__  # type: ignore[attr-defined]
_R = Rotation.__table__  # type: ignore[attr-defined]

_VIEWED = (  # columns that are written as the view has them
    "pack", "mailbox", "subject", "requester", "opened", "language", "kind", "priority", "rounds", "routed",
    "customer", "team", "assignee", "stage", "link", "merged_into", "closed_for_silence", "marked_incomplete", "survey",
    "declined", "asked",
)  # fmt: skip
_FIELD_VALUE = tuple(f.name for f in fields(FieldValue))
_COMPUTED = ("version", "state", "updated", "fields", "cc", "locked")
_STAMPS = (
    "state_since", "customer_at", "first_reply_at", "engineer_reply_at", "resolved_at", "closed_at",
)  # fmt: skip


def _newer(name: str) -> Any:
    """The new time where there is one; of the first reply the oldest stays."""
    new, old = bindparam(f"new_{name}", type_=_T.c[name].type), _T.c[name]
    return func.coalesce(old, new) if name == "first_reply_at" else func.coalesce(new, old)


_UPDATE_TICKET = Hot(
    update(_T)
    .where(_T.c.number == bindparam("which"), _T.c.version == bindparam("seen"))
    .values({name: _newer(name) for name in _STAMPS}),
    keys=(*_VIEWED, *_COMPUTED),
)
_UPDATE_MISSING = Hot(update(_T).where(_T.c.number == bindparam("which")), keys=("missing",))
_INSERT_TICKET = Hot(_T.insert(), keys=("number", "missing", "missing_first", *_VIEWED, *_COMPUTED, *_STAMPS))
INSERT_MESSAGE = Hot(_M.insert(), keys=[c.name for c in _M.c if c.name != "id"])
_INSERT_EVENT = Hot(_E.insert(), keys=[c.name for c in _E.c if c.name != "id"])
_INSERT_HISTORY = Hot(_F.insert(), keys=[c.name for c in _F.c if c.name != "id"])
_ADD_PEOPLE = Hot(lambda on_sqlite: insert_new(_P, on_sqlite), keys=("ticket", "address", "role", "since"))


def _mark(on_sqlite: bool) -> Any:
    """A later mark counts up; one for good stays for good."""
    made = insert_into(_A, on_sqlite)
    new = made.excluded
    return made.on_conflict_do_update(
        index_elements=["address"],
        set_={
            "permanent": or_(_A.c.permanent, new.permanent), "reason": new.reason, "at": new.at,
            "times": _A.c.times + 1,
        },
    )  # fmt: skip


_MARK = Hot(_mark, keys=("address", "permanent", "reason", "times", "at"))
_LINK = Hot(lambda on_sqlite: insert_new(_K, on_sqlite), keys=("ticket", "other", "reason", "at"))
_TURN = Hot(lambda on_sqlite: upsert(_R, on_sqlite, ("team",), ("last",)), keys=("team", "last"))


def write_ticket(
    connection: Connection, before: Ticket, after: Ticket, change: Change, decision: Decision,
    sends: tuple[Send, ...], *, opening: bool, heard: bool,
) -> None:  # fmt: skip
    now = change.now
    values: dict[str, Any] = {name: getattr(after, name) for name in _VIEWED}
    values |= {
        "version": after.version, "state": after.state.value, "updated": now,
        "requester": key_text(after.requester),
        "fields": {name: _plain(value) for name, value in after.fields.items()},
        "cc": list(after.cc), "locked": sorted(after.locked),
    }  # fmt: skip
    stamps = _stamps(before, after, now, sends, opening=opening, heard=heard)
    missing = list(decision.missing)
    if opening:
        values |= {"number": after.number, "missing": missing, "missing_first": missing}
        _INSERT_TICKET.run(connection, values | stamps)
    else:
        values |= {"which": before.number, "seen": before.version}
        if _UPDATE_TICKET.run(connection, values | {f"new_{name}": at for name, at in stamps.items()}) != 1:
            raise StaleDecisionError(
                "the ticket changed meanwhile", where=f"ticket {before.number}", mend="decide again"
            )
        if heard:  # an engineer's command says nothing about what the customer still owes
            _UPDATE_MISSING.run(connection, {"which": before.number, "missing": missing})
    people = [key_text(a) for a in (after.participants if opening else change.joined)]
    if people:
        roles = [
            {
                "ticket": after.number,
                "address": a,
                "since": now,
                "role": "requester" if a == after.requester else "participant",
            }
            for a in sorted(people)
        ]
        _ADD_PEOPLE.many(connection, roles)
    if after.merged_into is not None and before.merged_into is None:
        _merge(connection, before.number, after.merged_into, now)
    if after.assignee and after.team and after.assignee != before.assignee:
        _TURN.run(connection, {"team": after.team, "last": after.assignee})


def _merge(connection: Connection, number: int, into: int, now: datetime) -> None:
    """Whoever had a part in the ticket has one where it goes on."""
    people = select(_P.c.address).where(_P.c.ticket == number)
    _ADD_PEOPLE.many(
        connection,
        [
            {"ticket": into, "address": address, "since": now, "role": "participant"}
            for address in connection.execute(people).scalars().all()
        ],
    )
    line = {"ticket": into, "at": now, "event": "merged", "text": f"[#{number}] goes on here", "actor": "mailbot"}
    _INSERT_EVENT.run(connection, {**line, "reason": ""})
    _LINK.run(connection, {"ticket": into, "other": number, "reason": "merged", "at": now})


def _stamps(
    before: Ticket, after: Ticket, now: datetime, sends: tuple[Send, ...], *, opening: bool, heard: bool
) -> dict[str, datetime | None]:
    """The times that this change sets; None leaves a time as it is."""
    moved = opening or after.state is not before.state
    replied = [send for send in sends if send.audience == "customer"]
    return {
        "state_since": now if moved else None,
        "customer_at": now if heard else None,
        "first_reply_at": now if replied else None,
        "engineer_reply_at": now if any(not send.automatic for send in replied) else None,
        "resolved_at": now if moved and after.state is State.RESOLVED else None,
        "closed_at": now if moved and after.state is State.CLOSED else None,
    }


def write_history(connection: Connection, change: Change, number: int | None) -> None:
    if change.events:
        _INSERT_EVENT.many(connection, [{**row, "ticket": number} for row in change.events])
    if change.history:
        _INSERT_HISTORY.many(connection, [{**row, "ticket": number} for row in change.history])
    for other, reason in change.links.items():
        link = {"ticket": number, "other": other, "reason": reason, "at": change.now}
        _LINK.run(connection, link)
    for mark in change.marks.values():
        row = {"address": key_text(mark.address), "permanent": mark.permanent, "reason": mark.reason, "times": 1}
        _MARK.run(connection, {**row, "at": change.now})


def _plain(value: FieldValue) -> dict[str, Any]:
    """As `asdict` makes it, without its deep copies."""
    return {name: getattr(value, name) for name in _FIELD_VALUE}


def message_row(
    number: int,
    ledger_id: int,
    message: Message,
    lines: Sequence[Line],
    new_text: str,
    author: str,
    proved: bool,
    mailbox: str,
) -> dict[str, Any]:
    sender = message.from_[0] if message.from_ else None
    return {
        "ticket": number, "ledger_id": ledger_id, "author": author, "proved": proved, "mailbox": mailbox,
        "message_id": key_text(message.message_id) if message.message_id else None,
        "sender": author_of(message), "sender_name": sender.name if sender else "",
        "date": storable_time(message.date), "received_at": message.received,
        "subject": message.subject, "text": message.text,
        "new_text": new_text, "parts": runs(lines),
        "attachments": [[a.part, a.filename, a.content_type, a.size, a.inline] for a in message.attachments],
        "headers": {
            "to": [a.address for a in message.to], "cc": [a.address for a in message.cc],
            "reply_to": [a.address for a in message.reply_to], "in_reply_to": list(message.in_reply_to),
            "references": list(message.references),
            "automated": [message.automated.kind.value, message.automated.reason] if message.automated else None,
        },
        "defects": [[d.code, d.detail] for d in message.defects],
    }  # fmt: skip


def runs(lines: Sequence[Line]) -> list[list[Any]]:
    """Neighbouring lines of one part as [part, start, end], so that a ticket can be shown with its quotes folded."""
    found: list[list[Any]] = []
    for line in lines:
        if found and found[-1][0] == line.part.value:
            found[-1][2] = line.end
        else:
            found.append([line.part.value, line.start, line.end])
    return found
