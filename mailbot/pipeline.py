"""The corridor: one mail visits each room once, in order. It calls the rooms and decides nothing itself.

In: a ledger row, the store, the `House` (packs, directory, mailboxes, templates: the same for every mail).
Out: an `Outcome`, and one structured line per mail: why this ticket, what kind, reply or silence.

    parse -> authenticate -> duplicate? -> match -> quote.split -> understand -> decide -> store.apply (renders inside)
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import structlog
from dkim import dnsplug

from mailbot.decide.actions import Decision, Send
from mailbot.decide.commands import named_tickets
from mailbot.decide.context import DecideContext, Limits, Sent
from mailbot.decide.decide import decide
from mailbot.decide.policy import circle
from mailbot.errors import PermanentError, QuarantineError, TemporaryError
from mailbot.message import parse as parsing
from mailbot.message.authentication import DnsFunc, authenticate
from mailbot.message.limits import DEFAULT as PARSE_LIMITS
from mailbot.message.limits import Limits as ParseLimits
from mailbot.message.model import Authentication, Line, Message
from mailbot.message.quote import split_message
from mailbot.reply.compose import compose
from mailbot.reply.mime import File
from mailbot.reply.model import Identity, Outgoing
from mailbot.reply.render import TemplateSet
from mailbot.rules.directory import Directory
from mailbot.rules.pack import RulePack
from mailbot.store.values import LedgerRow, StaleDecisionError
from mailbot.tickets.match import match
from mailbot.tickets.model import Match, Question, Ticket
from mailbot.tickets.own import OwnIds, without_subaddress
from mailbot.understand.facts import Context, Facts, Guess
from mailbot.understand.understand import understand

log = structlog.get_logger("mailbot.pipeline")

MOST_ATTEMPTS = 4  # a mail that fails this often is put aside, so that it never blocks the next
MOST_DEATHS = 8  # the same for one in whose reading the process died
MOST_BATCH, MOST_BATCH_SECONDS = 20, 1.0  # mails in one commit; other writers wait that long at most
LARGE = 256 * 1024  # bytes
MOST_STALE = 6  # how often a decision is made anew because somebody changed the ticket meanwhile


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, as far as a mail's way through the house depends on it."""

    name: str
    address: str
    role: str
    pack: str
    identity: Identity


@dataclass(frozen=True)
class House:
    """What stays the same from mail to mail. Read once at the start."""

    packs: Mapping[str, RulePack]
    boxes: Mapping[str, Box]
    templates: TemplateSet
    directory: Directory = field(default_factory=Directory)
    secrets: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    verify_dkim: bool = False
    dnsfunc: DnsFunc | None = None  # None: the network's own, when `verify_dkim` is set
    team_language: str = "en"
    budgets: Limits = field(default_factory=Limits)
    parse_limits: ParseLimits = PARSE_LIMITS
    attach_bytes: int = 2 * 1024 * 1024
    automatic_replies: bool = True
    compose: Callable[..., Outgoing] = compose  # replay leaves the engineers' mails unwritten

    @property
    def own_addresses(self) -> frozenset[str]:
        return frozenset(box.address for box in self.boxes.values())

    def own_ids(self, box: Box) -> OwnIds:
        return OwnIds(box.identity.domain or box.address.rpartition("@")[2], self.secrets)


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail on its ticket, understood. Nothing was changed to get here: `mailbot explain` stops at this point too."""

    message: Message
    authentication: Authentication
    match: Match
    ticket: Ticket | None  # as it stood before the mail
    pack: RulePack
    role: str
    lines: tuple[Line, ...]
    facts: Facts


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


_NOTHING = Facts(
    language=Guess(None, "not read"),
    kind=Guess(None, "not read"),
    priority=Guess(None, "not read"),
    fields={},
    declined={},
)


def read_mail(raw: bytes, received: datetime, box: Box, house: House) -> Message:
    """The parsed mail. Raises QuarantineError for one that cannot be read."""
    own = house.own_ids(box)

    def is_ours(headers: Mapping[str, Sequence[str]]) -> bool:
        loop = {a.strip().lower() for a in headers.get("x-mailbot-loop", ())}
        ids = headers.get("message-id", ())
        return bool(loop & house.own_addresses) or any(own.read_message_id(i) for i in ids)

    return parsing.parse(raw, received=received, limits=house.parse_limits, own=is_ours)


def understand_mail(message: Message, raw: bytes, box: Box, house: House, store: Any) -> Understood:
    """Which ticket, whose words, what they say. `store` is only read."""
    proof = authenticate(message, raw, authserv_ids=house.authserv_ids, dnsfunc=_dns(house))
    found = match(
        message,
        store,
        own=house.own_ids(box),
        proved=proof.proved,
        authentication_required=bool(house.authserv_ids),
        directory=house.directory,
    )
    ticket = store.ticket(found.ticket) if found.ticket is not None else None
    pack = house.packs[ticket.pack if ticket and ticket.pack in house.packs else box.pack]
    role = _role(message, box, house) if ticket is None else box.role
    lines = split_message(
        message,
        sent=tuple(s.text for s in ticket.sent) if ticket else (),
        own=house.own_addresses,
        heard=ticket.heard if ticket else (),
    )
    facts = _NOTHING
    if message.automated is None:
        facts = understand(message, lines, pack, _context(message, ticket, role, house))
    return Understood(message, proof, found, ticket, pack, role, lines, facts)


def _dns(house: House) -> DnsFunc | None:
    if not house.verify_dkim:
        return None
    return house.dnsfunc or dnsplug.get_txt


def _role(message: Message, box: Box, house: House) -> str:
    """A mail to both addresses is one ticket, and it is an escalation whichever copy is read first."""
    asked = {without_subaddress(a.address) for a in (*message.to, *message.cc)}
    escalate = {b.address for b in house.boxes.values() if b.role == "escalate" and b.pack == box.pack}
    return "escalate" if box.role == "escalate" or asked & escalate else box.role


def _context(message: Message, ticket: Ticket | None, role: str, house: House) -> Context:
    sender = message.sender.address if message.sender else ""
    key = (ticket.customer if ticket else None) or house.directory.customer_of(sender)
    customer = house.directory.customers.get(key or "")
    in_design = bool(customer and customer.project_team)
    if ticket is None:
        return Context(role=role, language=customer.language if customer else None, design_phase=in_design)
    return Context(
        role=role,
        language=ticket.language or (customer.language if customer else None),
        kind=ticket.kind,
        priority=ticket.priority,
        fields=ticket.fields,
        declined=ticket.declined,
        heard=ticket.heard,
        asked=_last_questions(ticket),
        asked_before=ticket.asked,
        locked=ticket.locked,
        design_phase=in_design,
    )


def _last_questions(ticket: Ticket) -> tuple[Question, ...]:
    return next((mail.questions for mail in reversed(ticket.sent) if mail.questions), ())


def decide_mail(read: Understood, box: Box, house: House, store: Any, now: datetime) -> Decision:
    """The decision on an understood mail. `store` is only read: what was sent, who is marked, the sender's tickets."""
    message = read.message
    ctx = DecideContext(
        now=now,
        mailbox=box.name,
        role=read.role,
        address=box.address,
        own_addresses=house.own_addresses,
        directory=house.directory,
        authentication=read.authentication,
        authentication_required=bool(house.authserv_ids),
        own_mail=bool(message.message_id and house.own_ids(box).read_message_id(message.message_id)),
        team_language=house.team_language,
        limits=house.budgets,
        automatic_replies=house.automatic_replies,
        attach_bytes=house.attach_bytes,
    )
    if message.automated is None and message.sender is not None:
        ctx = _with_what_was(read, ctx, store)
    return decide(message, read.lines, read.ticket, read.match, read.facts, read.pack, ctx)


def _with_what_was(read: Understood, ctx: DecideContext, store: Any) -> DecideContext:
    """The context with what only the store knows: mails already sent, marked addresses, the sender's other tickets."""
    sender = read.message.sender.address if read.message.sender else ""
    address = circle(read.message, read.ticket, ctx).reply_to
    others = {n: t for n in named_tickets(read.lines) if (t := store.ticket(n)) is not None}
    hour = store.sent_counts(ctx.now - timedelta(hours=1), address=address, ticket=read.match.ticket)
    day = store.sent_counts(ctx.now - timedelta(days=1), address=address, ticket=read.match.ticket)
    return replace(
        ctx,
        sent=Sent(hour.address, day.address, hour.domain, day.domain, hour.ticket, day.ticket),
        marked=frozenset(store.marked((address, sender))),
        tickets=_Later(lambda: store.tickets_of_address(sender, 20)),
        others=others,
        assigned_last=store.assigned_last() if _takes_turns(ctx.directory) else {},
    )


def _takes_turns(directory: Directory) -> bool:
    return any(team.assign == "round-robin" for team in directory.teams.values())


class _Later(Sequence[Ticket]):
    """Tickets that are fetched when somebody looks at them: most decisions never do."""

    def __init__(self, fetch: Callable[[], Sequence[Ticket]]) -> None:
        self._fetch = fetch
        self._have: Sequence[Ticket] | None = None

    def _all(self) -> Sequence[Ticket]:
        if self._have is None:
            self._have = self._fetch()
        return self._have

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, place: Any) -> Any:
        return self._all()[place]


def process(row: LedgerRow, store: Any, house: House, now: datetime | None = None) -> Outcome:
    """One mail, from its bytes to rows. Repeatable: done twice it changes nothing the second time.

    Raises TemporaryError when the store is out of reach; the row stays `received`. A mail that cannot be read is
    quarantined; any other exception is the caller's (`process_pending` counts attempts).
    """
    box = house.boxes[row.mailbox]
    raw = store.raw(row.sha256)
    try:
        message = read_mail(raw, row.internal_date, box, house)
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
    copy = store.find_duplicate(row, message)
    if copy is not None:
        store.copy_of(row, message, copy)
        reason = f"the same mail came to {copy.mailbox} already"
        return Outcome(row, "duplicate", reason, copy.ticket, message=message)
    read = understand_mail(message, raw, box, house, store)
    decision = decide_mail(read, box, house, store, now)
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
            ref=row.sha256,
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

    Small mails share a commit, which on SQLite costs more than a mail does; each is a savepoint of its own.
    Raises TemporaryError when the store is out of reach: nothing more can be done just now.
    """
    outcomes: list[Outcome] = []
    rows = [row for row in store.pending(limit) if row.mailbox in house.boxes]  # others wait for their mailbox's return
    while rows and not stop():
        together = _commit_together(rows)
        # Counted before it is tried: a mail that kills the process each time must not be tried for ever.
        store.attempted([row.id for row in rows[:together]])
        began = perf_counter()
        with store.batch() if together > 1 and store.db.sqlite else nullcontext():
            for _ in range(together):
                outcomes.append(_guarded(rows.pop(0), store, house, now() if now else None))
                if stop() or perf_counter() - began > MOST_BATCH_SECONDS:
                    break
    return outcomes


def _commit_together(rows: Sequence[LedgerRow]) -> int:
    """How many of the next mails share a commit: a large or a doubtful one stands alone and holds nobody up."""
    for place, row in enumerate(rows[:MOST_BATCH]):
        if row.size > LARGE or row.attempts:
            return max(1, place)
    return min(len(rows), MOST_BATCH)


def _guarded(row: LedgerRow, store: Any, house: House, now: datetime | None) -> Outcome:
    if row.attempts >= MOST_DEATHS:
        store.quarantine(row.id, f"the program ended {row.attempts} times while this mail was read")
        return _told(Outcome(row, "quarantined", "the program ended each time while it was read"))
    try:
        return process(row, store, house, now)
    except TemporaryError:
        raise
    except Exception as error:
        return _failed(row, store, error)


def _failed(row: LedgerRow, store: Any, error: Exception) -> Outcome:
    """A mail that broke something: tried again some times, then kept in quarantine with the reason."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"{type(error).__name__}: {error}"
    detail = "".join(traceback.format_exception(error))[-8000:]
    final = isinstance(error, PermanentError) or row.attempts + 1 >= MOST_ATTEMPTS
    if final:
        store.quarantine(row.id, reason, detail)
    state = "quarantined" if final else "failed"
    place = f"{where.filename}:{where.lineno}"
    log.error(
        "mail", mail=row.id, mailbox=row.mailbox, state=state, reason=reason, place=place, attempts=row.attempts + 1
    )
    return Outcome(row, state, reason)


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
