"""Empties the outbox: claim, send, record. Oldest first, and in order for each recipient.

In: the outbox (a protocol that the store fulfils) and an SMTP session. Out: `Delivered` counts. Each mail's result is
committed before the next mail is sent, so that a killed process leaves at most one mail in doubt. A result that cannot
be committed (a full disk) is owed: it is written down before anything else is sent.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from mailbot.errors import MailbotError, TemporaryError
from mailbot.inbound.backoff import MAIL, SERVER, Backoff, Pace
from mailbot.outbound.model import BLANK, Delivered, Memory, OutboxMail, Outcome, Reply

Mail = TypeVar("Mail", bound=OutboxMail)

GIVE_UP = timedelta(days=5)  # RFC 5321 section 4.5.4.1: at least four to five days
SETTLE_AFTER = 3  # tries after which recipients that are put off no longer hold up the others
LOOKUPS = 5  # tries to look into the Sent folder before a mail in doubt is sent again without
MOST_RESENDS = 1  # of a mail whose connection was lost past DATA; after the next loss a person has to look
MOST_LOSSES = 3  # connections lost in a row after which the server is left alone for a while


class Outbox(Protocol[Mail]):
    """What delivery needs of the store. Every call is one committed transaction and may be repeated."""

    def claim_due(self, now: datetime, limit: int) -> Sequence[Mail]:
        """Take mails whose time has come, oldest first."""

    def begin(self, mail: Mail, now: datetime) -> bool:
        """Commit that this mail may be accepted from now on; False when the claim was lost to another process."""

    def unclaim(self, mails: Iterable[Mail]) -> int:
        """Give back mails that were claimed and not begun; it costs them no try."""

    def record_sent(self, outbox_id: int, now: datetime, response: str) -> None: ...
    def record_retry(self, outbox_id: int, next_at: datetime, error: str) -> None: ...
    def record_refused(self, outbox_id: int, error: str) -> None: ...
    def record_uncertain(self, outbox_id: int, next_at: datetime | None, error: str) -> None:
        """A new doubt. next_at None: a person has to look."""

    def record_left(self, outbox_id: int, error: str) -> None:
        """The doubt stays, nothing more is tried: a person has to look."""


class Sender(Protocol):
    """The part of `SmtpSession` that delivery needs."""

    def open(self) -> None: ...
    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        *,
        settle: bool = False,
        begin: Callable[[], object] = ...,
    ) -> Reply: ...


class Sent(Protocol):
    """The Sent folder that belongs to a mail's sender. Both raise MailbotError when it cannot be reached."""

    def find(self, mail: OutboxMail) -> bool | None:
        """Whether the folder holds a mail with this Message-ID; None when no folder is configured."""

    def keep(self, mail: OutboxMail) -> None:
        """Put a sent mail into the folder, unless it is there or none is configured."""


@dataclass(slots=True)
class _Run:
    outbox: Outbox[Any]
    smtp: Sender
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    sent: Sent | None
    pace: Pace
    backoff: Backoff
    blocked: dict[str, datetime]
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    losses: int = 0  # connections lost in a row
    owed: list[Callable[[], object]] = field(default_factory=list)

    def note(self, what: Callable[[], object]) -> None:
        """Has the outbox write something down; what it cannot take now is owed."""
        try:
            what()
        except MailbotError:
            self.owed.append(what)
            raise

    def result(self, error: MailbotError | None = None) -> Delivered:
        memory = Memory(self.pace, self.blocked, tuple(self.owed))
        return Delivered(**self.counts, memory=memory, error=error, notes=tuple(self.notes))


def deliver_due(
    outbox: Outbox[Mail],
    smtp: Sender,
    *,
    clock: Callable[[], datetime],
    limit: int = 50,
    memory: Memory = BLANK,
    sent: Sent | None = None,
    stop: Callable[[], bool] = lambda: False,
    chance: Callable[[], float] = random.random,
    backoff: Backoff = MAIL,
) -> Delivered:
    """Send what is due.

    memory: of the run before; while the server is down nothing is claimed, so that an outage costs no mail a try.
    sent: the Sent folders, where mails in doubt are looked up and sent ones are kept. stop: asked before each mail.
    Trouble of the server or of the store is a value in the result, except that of the claim, which is raised: nothing
    was begun then.
    """
    blocked = {address: until for address, until in memory.blocked.items() if until > clock()}
    run = _Run(outbox, smtp, clock, chance, sent, memory.pace, backoff, blocked)
    for place, what in enumerate(memory.owed):
        try:
            what()
        except MailbotError as error:
            run.owed = list(memory.owed[place:])
            return run.result(error)
    if not run.pace.ready(clock()):
        return run.result()
    if run.pace.failures:
        try:
            smtp.open()
        except MailbotError as error:
            run.pace = run.pace.failed(clock(), chance(), SERVER)
            return run.result(error)
        run.pace = run.pace.succeeded()
    mails = list(outbox.claim_due(clock(), limit))
    for place, mail in enumerate(mails):
        try:
            if stop():
                run.note(lambda: outbox.unclaim(mails[place:]))  # noqa: B023 called here, or after the loop has ended
                return run.result()
            _deliver(run, mail)
        except _ServerError as error:
            run.pace = run.pace.failed(clock(), chance(), SERVER)
            return _give_back(run, mails[place:], error.why)
        except MailbotError as error:  # of the store; what became of this mail is owed already
            return _give_back(run, mails[place:], error)
    return run.result()


def _give_back(run: _Run, mails: Sequence[OutboxMail], why: MailbotError) -> Delivered:
    """Ends the run: what was claimed and not begun waits for the next."""
    try:
        run.note(lambda: run.outbox.unclaim(mails))
    except MailbotError as error:
        return run.result(error)
    return run.result(why)


class _BeginError(Exception):
    """The mail was not sent: nobody could tell afterwards that it was. why: None when the claim was lost."""

    def __init__(self, why: MailbotError | None) -> None:
        self.why = why
        super().__init__(str(why))


class _ServerError(Exception):
    """The server is of no use at present."""

    def __init__(self, why: MailbotError) -> None:
        self.why = why
        super().__init__(str(why))


def _deliver(run: _Run, mail: OutboxMail) -> None:
    waits = [run.blocked[address] for address in mail.recipients if address in run.blocked]
    if waits:
        _hold(run, mail, max(waits))
        return
    if mail.doubts and _settled(run, mail):
        return
    try:
        run.smtp.open()  # before the mail counts as begun: an unreachable server must not cast doubt on it
    except MailbotError as error:
        raise _ServerError(error) from error
    try:
        settle = mail.attempts >= SETTLE_AFTER
        reply = run.smtp.send(mail.sender, mail.recipients, mail.raw, settle=settle, begin=lambda: _begin(run, mail))
    except _BeginError as error:
        if error.why is not None:
            raise error.why from error
        return
    except MailbotError as error:
        said = str(error)
        run.note(lambda: run.outbox.record_retry(mail.id, run.clock(), said))
        run.counts["retried"] += 1
        raise _ServerError(error) from error
    _record(run, mail, reply)
    run.losses = run.losses + 1 if reply.connection_lost else 0
    if run.losses >= MOST_LOSSES:
        why = f"{run.losses} connections in a row were lost; the last: {reply.text}"
        raise _ServerError(TemporaryError(why, mend="mails wait and are tried again"))


def _begin(run: _Run, mail: OutboxMail) -> None:
    """Just before the final dot: from here on a crash leaves the mail in doubt, and not before."""
    try:
        mine = run.outbox.begin(mail, run.clock())
    except MailbotError as error:
        raise _BeginError(error) from error
    if not mine:
        raise _BeginError(None)


def _hold(run: _Run, mail: OutboxMail, until: datetime) -> None:
    # A moment later than the mail before it, so that the order stays even if both fall due in one claim.
    until += timedelta(seconds=1)
    run.note(lambda: run.outbox.record_retry(mail.id, until, "waits for an earlier mail to the same recipient"))
    _block(run, mail, until)
    run.counts["held"] += 1


def _block(run: _Run, mail: OutboxMail, until: datetime) -> None:
    for address in mail.recipients:
        run.blocked[address] = max(until, run.blocked.get(address, until))


def _settled(run: _Run, mail: OutboxMail) -> bool:
    """A mail in doubt: True when it is dealt with, False when it is to be sent (again) now."""
    try:
        found = run.sent.find(mail) if run.sent is not None else None
    except MailbotError as error:
        if mail.attempts < LOOKUPS:
            next_at, said = _next(run, mail), f"the Sent folder cannot be looked into: {error}"
            run.note(lambda: run.outbox.record_retry(mail.id, next_at, said))
            _block(run, mail, next_at)
            run.counts["retried"] += 1
            return True
        found = None
    if found:
        text = "found in the Sent folder after the connection was lost"
        run.note(lambda: run.outbox.record_sent(mail.id, run.clock(), text))
        run.counts.update(sent=1, found=1)
        return True
    if mail.doubts > MOST_RESENDS:
        run.note(lambda: run.outbox.record_left(mail.id, _left(mail.doubts)))
        run.counts["uncertain"] += 1
        return True
    run.counts["resent"] += 1
    return False


def _left(doubts: int) -> str:
    """What a person reads of a mail that is not tried again."""
    return f"lost {doubts} times after it was sent in full; it may have arrived: ask, then retry it by hand"


def _record(run: _Run, mail: OutboxMail, reply: Reply) -> None:
    outbox = run.outbox
    if reply.outcome is Outcome.SENT:
        left_out = "; not taken for " + "; ".join(map(str, reply.refused)) if reply.refused else ""
        now = run.clock()
        run.note(lambda: outbox.record_sent(mail.id, now, reply.text + left_out))
        run.counts.update(sent=1, partly=1 if left_out else 0)
        _keep(run, mail)
    elif reply.outcome is Outcome.REFUSED:
        run.note(lambda: outbox.record_refused(mail.id, reply.text))
        run.counts["refused"] += 1
    elif reply.outcome is Outcome.UNCERTAIN:
        _doubt(run, mail, reply.text)
    elif mail.created_at is not None and run.clock() - mail.created_at > GIVE_UP:
        run.note(lambda: outbox.record_refused(mail.id, f"given up after {GIVE_UP.days} days: {reply.text}"))
        run.counts["refused"] += 1
    else:
        next_at = _next(run, mail)
        run.note(lambda: outbox.record_retry(mail.id, next_at, reply.text))
        _block(run, mail, next_at)
        run.counts["retried"] += 1


def _doubt(run: _Run, mail: OutboxMail, said: str) -> None:
    """Lost after the final dot. It is looked up in the Sent folder, or sent once more; the next loss is a person's."""
    run.counts["uncertain"] += 1
    doubts = mail.doubts + 1
    if doubts > MOST_RESENDS and run.sent is None:
        run.note(lambda: run.outbox.record_uncertain(mail.id, None, f"{_left(doubts)}; the last: {said}"))
        return
    next_at = _next(run, mail)
    run.note(lambda: run.outbox.record_uncertain(mail.id, next_at, said))
    _block(run, mail, next_at)


def _next(run: _Run, mail: OutboxMail) -> datetime:
    return run.clock() + timedelta(seconds=run.backoff.seconds(mail.attempts + 1, run.chance()))


def _keep(run: _Run, mail: OutboxMail) -> None:
    if run.sent is None:
        return
    try:
        run.sent.keep(mail)
    except MailbotError as error:  # the mail is out; a missing copy is not worth a second one
        run.notes.append(f"no copy of {mail.message_id} in the Sent folder: {error}")
