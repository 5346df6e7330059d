"""The corridor: one mail visits each room once, in order. It calls the rooms and decides nothing itself.

In: a ledger row, the store, the `House` (packs, directory, mailboxes, templates: the same for every mail).
Out: an `Outcome`, and one structured line per mail: why this ticket, what kind, reply or silence.

    parse -> authenticate -> duplicate? -> match -> quote.split -> understand -> decide -> store.apply (renders inside)
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import structlog

from mailbot.decide.actions import Decision, Send
from mailbot.errors import MailbotError, PermanentError, QuarantineError, TemporaryError
from mailbot.house import Box, House
from mailbot.message import parse as parsing
from mailbot.message.model import Message
from mailbot.message.quote import split_message
from mailbot.reading import Understood, decide_mail, read_mail, understand_mail
from mailbot.reply.mime import File
from mailbot.reply.model import Outgoing
from mailbot.store.values import LedgerRow, StaleDecisionError
from mailbot.tickets.model import Ticket
from mailbot.understand.facts import Context, Facts
from mailbot.understand.understand import understand

log = structlog.get_logger("mailbot.pipeline")

MOST_ATTEMPTS = 4  # a mail that fails this often is put aside, so that it never blocks the next
MOST_DEATHS = 5  # of the program, after which a mail is processed in a process of its own, which it may end
MOST_BATCH, MOST_BATCH_SECONDS = 20, 1.0  # mails that are counted as tried together, and how long they may take
LARGE = 256 * 1024  # bytes
MOST_STALE = 6  # how often a decision is made anew because somebody changed the ticket meanwhile


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail."""

    row: LedgerRow
    state: str  # processed | ignored | quarantined | duplicate | repeated
    reason: str
    ticket: int | None = None
    opened: bool = False
    message: Message | None = None
    facts: Facts | None = None
    decision: Decision | None = None
    sent: tuple[tuple[Send, Outgoing], ...] = ()
    broke: bool = False  # the program or its files, not the mail alone: tried again, or kept in quarantine


def process(
    row: LedgerRow, store: Any, house: House, now: datetime | None = None, *, doubtful: bool = False
) -> Outcome:
    """One mail, from its bytes to rows. Repeatable: done twice it changes nothing the second time.

    doubtful: it ended the program, or failed, before: it is read in the killable child.
    Raises TemporaryError when the store is out of reach; the row stays `received`. A mail that cannot be read is
    quarantined; any other exception is the caller's (`process_pending` counts attempts).
    """
    box = house.boxes[row.mailbox]
    raw = store.raw(row.sha256)
    try:
        message = read_mail(raw, row.internal_date, box, house, doubtful=doubtful)
    except QuarantineError as error:
        store.quarantine(row.id, str(error))
        return _told(Outcome(row, "quarantined", str(error)))
    for _ in range(MOST_STALE):
        try:
            return _told(_try(row, message, raw, box, store, house, now or datetime.now(UTC)))
        except StaleDecisionError:
            continue
    raise TemporaryError(f"ticket changed {MOST_STALE} times while mail {row.id} was decided", mend="it is tried again")


def _try(row: LedgerRow, message: Message, raw: bytes, box: Box, store: Any, house: House, now: datetime) -> Outcome:
    with store.reading():
        copy = store.find_duplicate(row, message)
        back = _back(message, row, store) if copy is None else ""
        decided = _decided(message, raw, box, store, house, now) if copy is None and not back else None
    if copy is not None:
        store.copy_of(row, message, copy)
        reason = f"the same mail came to {copy.mailbox} already"
        return Outcome(row, "duplicate", reason, copy.ticket, message=message)
    if decided is None:
        store.unmark(back)
        with store.reading():
            decided = _decided(message, raw, box, store, house, now)
    read, decision = decided
    sent: list[tuple[Send, Outgoing]] = []

    def render(ticket: Ticket | None, send: Send) -> Outgoing:
        pack = house.packs.get(ticket.pack, read.pack) if ticket else read.pack
        made = house.compose(
            send,
            ticket,
            pack,
            box.identity,
            message=message,
            directory=house.directory,
            template_set=house.templates,
            now=now,
            ref=_ref(row),
            files=_files(send, raw),
        )
        sent.append((send, made))
        return made

    applied = store.apply(
        row.id,
        message,
        decision,
        render=render,
        pack=read.pack.name,
        lines=read.lines,
        new_text=read.facts.new_text,
        author=_author(decision),
        proved=read.authentication.proved,
        ticket=read.ticket,
    )
    state = "repeated" if applied.repeated else "ignored" if decision.ignored else "processed"
    return Outcome(
        row, state, decision.reason, applied.ticket, applied.opened, message, read.facts, decision, tuple(sent)
    )


def _decided(
    message: Message, raw: bytes, box: Box, store: Any, house: House, now: datetime
) -> tuple[Understood, Decision]:
    read = understand_mail(message, raw, box, house, store)
    return read, decide_mail(read, box, house, store, now)


def _back(message: Message, row: LedgerRow, store: Any) -> str:
    """Who writes has a mailbox again: their address, marked since a mail of ours came back, may be written to."""
    if message.automated is not None or message.sender is None:
        return ""
    address = message.sender.address
    return address if any(mark.at < row.internal_date for mark in store.marked((address,)).values()) else ""


def _ref(row: LedgerRow) -> str:
    """What makes the mails of this row unique: two mailboxes may get the same bytes. It outlives the database, so that
    a mail that is read again after a loss is answered under the same Message-ID."""
    return f"{row.mailbox}/{row.uidvalidity}/{row.uid}/{row.sha256}"


def _author(decision: Decision) -> str:
    """Whose words the mail holds, as the decision took them."""
    return "engineer" if decision.by_engineer else "customer"


def _files(send: Send, raw: bytes) -> tuple[File, ...]:
    """The incoming mail's attachments that go along, as the decision lists them."""
    if not send.attach_original:
        return ()
    listed = [a for a in send.data.get("attachments", ()) if a.get("sent")]
    return tuple(
        File(a["filename"] or f"attachment-{a['part']}", a["content_type"], parsing.attachment_bytes(raw, a["part"]))
        for a in listed
    )


def process_pending(
    store: Any,
    house: House,
    *,
    limit: int = 200,
    now: Callable[[], datetime] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Outcome]:
    """Everything that waits in the ledger, oldest first, up to `limit`. One mail's failure never stops the next.

    Each is a commit of its own, so that fetching and sending go on meanwhile; SQLite syncs them together.
    Raises TemporaryError when the store is out of reach: nothing more can be done just now.
    """
    outcomes: list[Outcome] = []
    rows = [row for row in store.pending(limit) if row.mailbox in house.boxes]  # others wait for their mailbox's return
    if rows:
        warm(house)
    while rows and not stop():
        batch = rows[: _tried_together(rows)]
        del rows[: len(batch)]
        done = _batch(batch, store, house, now, stop)
        outcomes += done
        rows = batch[len(done) :] + rows
    if outcomes:
        store.sync()
    return outcomes


def warm(house: House) -> None:
    """Loads what the first mail would load, seconds on a slow machine: a process that ends meanwhile must not make the
    mail at the head of the queue a suspect."""
    message = parsing.parse(b"Subject: x\r\n\r\nO pipeline parou.\r\n", received=datetime.now(UTC))
    for name in {box.pack for box in house.boxes.values()} - _WARM:
        understand(message, split_message(message), house.packs[name], Context())
        _WARM.add(name)


_WARM: set[str] = set()  # packs that this process has understood a mail with


def _batch(
    batch: Sequence[LedgerRow], store: Any, house: House, now: Callable[[], datetime] | None, stop: Callable[[], bool]
) -> list[Outcome]:
    """The outcomes of as many of these mails as are done within `MOST_BATCH_SECONDS`, at least one."""
    ids, outcomes = [row.id for row in batch], list[Outcome]()
    careful = batch[0].deaths > 0 and house.prepare(batch[0])
    # Counted before it is tried: a mail that kills the process each time must not be tried for ever.
    store.attempted(ids)
    began = perf_counter()
    try:
        for row in batch:
            outcomes.append(_guarded(row, store, house, now() if now else None, careful=careful))
            if stop() or perf_counter() - began > MOST_BATCH_SECONDS:
                break
    except TemporaryError:
        with suppress(MailbotError):  # a store that is out of reach is not these mails' fault
            store.not_attempted(ids[len(outcomes) :])
        raise
    store.not_attempted(ids[len(outcomes) :])
    return outcomes


def _tried_together(rows: Sequence[LedgerRow]) -> int:
    """How many of the next mails are counted as tried together: a large or a doubtful one stands alone."""
    for place, row in enumerate(rows[:MOST_BATCH]):
        if row.size > LARGE or row.attempts:
            return max(1, place)
    return min(len(rows), MOST_BATCH)


def _guarded(row: LedgerRow, store: Any, house: House, now: datetime | None, *, careful: bool) -> Outcome:
    """One mail in this process; in one of its own when this program ended again and again while it was read."""
    doubtful = careful or row.failures > 0
    if not careful or row.deaths < MOST_DEATHS or house.alone is None:
        return try_one(row, store, house, now, doubtful=doubtful)
    try:
        outcome: Outcome | None = house.alone(row, now)
    except QuarantineError as error:
        store.quarantine(row.id, str(error))
        return _told(Outcome(row, "quarantined", str(error)))
    return outcome or try_one(row, store, house, now, doubtful=doubtful)


def try_one(
    row: LedgerRow, store: Any, house: House, now: datetime | None = None, *, doubtful: bool = False
) -> Outcome:
    """One mail. Raises TemporaryError when the store is out of reach; whatever else breaks is the mail's failure."""
    try:
        return process(row, store, house, now, doubtful=doubtful)
    except TemporaryError:
        raise
    except Exception as error:
        return _failed(row, store, error)


def _failed(row: LedgerRow, store: Any, error: Exception) -> Outcome:
    """A mail that broke something: tried again some times, then kept in quarantine with the reason."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"{type(error).__name__}: {error}"
    detail = "".join(traceback.format_exception(error))[-8000:]
    final = isinstance(error, PermanentError) or row.failures + 1 >= MOST_ATTEMPTS
    if final:
        store.quarantine(row.id, reason, detail)
    else:
        store.failed(row.id)
    state = "quarantined" if final else "failed"
    place = f"{where.filename}:{where.lineno}"
    log.error(
        "mail", mail=row.id, mailbox=row.mailbox, state=state, reason=reason, place=place, failures=row.failures + 1
    )
    return Outcome(row, state, reason, broke=True)


def _told(outcome: Outcome) -> Outcome:
    """The one line per mail."""
    decision, message = outcome.decision, outcome.message
    sends = decision.sends() if decision else ()
    log.info(
        "mail",
        mail=outcome.row.id,
        mailbox=outcome.row.mailbox,
        state=outcome.state,
        message_id=message.message_id if message else None,
        ticket=outcome.ticket,
        opened=outcome.opened,
        kind=outcome.facts.kind.value if outcome.facts else None,
        reply=next((s.template for s in sends if s.audience == "customer"), None),
        told=[s.template for s in sends if s.audience != "customer"],
        missing=list(decision.missing) if decision else [],
        reason=outcome.reason,
    )
    return outcome


__all__ = [
    "Box",
    "House",
    "Outcome",
    "Understood",
    "decide_mail",
    "process",
    "process_pending",
    "read_mail",
    "try_one",
    "understand_mail",
]
