"""The reading half of the corridor: from bytes to a decision. The store is only read; nothing is changed.

In: raw bytes, the mailbox that they came to, the `House`, the store. Out: a `Message`, an `Understood`, a `Decision`.
`mailbot explain` stops here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from mailbot.decide.actions import Decision
from mailbot.decide.commands import named_tickets
from mailbot.decide.context import DecideContext, Step, Survey
from mailbot.decide.decide import decide
from mailbot.decide.policy import circle
from mailbot.house import Box, House
from mailbot.message import parse as parsing
from mailbot.message.authentication import DnsFunc, authenticate
from mailbot.message.danger import why_dangerous
from mailbot.message.model import Authentication, Line, Message
from mailbot.message.quote import split_message
from mailbot.rules.directory import Directory
from mailbot.rules.pack import RulePack
from mailbot.tickets.match import match
from mailbot.tickets.model import Match, Question, State, Ticket
from mailbot.tickets.own import IsOurs, without_subaddress
from mailbot.understand.facts import Context, Facts, Guess
from mailbot.understand.understand import understand


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


_NOTHING = Facts(
    language=Guess(None, "not read"),
    kind=Guess(None, "not read"),
    priority=Guess(None, "not read"),
    fields={},
    declined={},
)


def read_mail(raw: bytes, received: datetime, box: Box, house: House, *, doubtful: bool = False) -> Message:
    """The parsed mail. Raises QuarantineError for one that cannot be read.

    doubtful: the process died, or failed, while it was read before. Such a mail, and one that looks dangerous, is read
    in a process of its own that can be killed.
    """
    is_ours = IsOurs(house.own_ids(box), house.own_addresses)
    if house.isolated is not None and (doubtful or why_dangerous(raw, house.parse_limits)):
        return house.isolated(raw, received, house.parse_limits, is_ours)
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
    if house.dnsfunc is not None:
        return house.dnsfunc
    from dkim import dnsplug  # a resolver's worth of modules, for those who verify

    found: DnsFunc = dnsplug.get_txt
    return found


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
    return replace(
        ctx,
        sent=store.sent_counts(ctx.now, address=address, ticket=read.match.ticket),
        marked=frozenset(store.marked((address, sender))),
        tickets=_Later(lambda: store.tickets_of_address(sender, 20)),
        earlier=_Later(lambda: _earlier(read, sender, ctx, store)),
        similar=_Later(lambda: _similar(read, ctx, store)),
        history=lambda number: _history(number, store),
        others=others,
        incidents=store.known_incidents(read.pack.name) if read.ticket is None else (),
        survey=_survey(read, store),
        assigned_last=store.assigned_last() if _takes_turns(ctx.directory) else {},
    )


def _history(number: int, store: Any) -> Sequence[Step]:
    """The steps of a ticket that stand on its timeline ("ready → in_development"), the latest twelve."""
    shown = store.show_ticket(number)
    steps = []
    for event in shown.timeline if shown is not None else ():
        if event.event in ("state", "stage"):
            steps.append(Step(event.at, **{event.event: event.text.rpartition("→")[2].strip()}))
    return steps[-MOST_STEPS:]


def _survey(read: Understood, store: Any) -> Survey | None:
    """The question that was asked on the ticket, when it is over: also on one whose answers go to a new ticket."""
    ticket = read.ticket
    if ticket is None and read.match.linked is not None:
        ticket = store.ticket(read.match.linked)
    if ticket is None or not (ticket.survey or ticket.state in (State.RESOLVED, State.CLOSED)):
        return None
    row = store.survey(ticket.number)
    return Survey(ticket, row.asked_at, row.answer, row.answered_at) if row is not None else None


def _takes_turns(directory: Directory) -> bool:
    return any(team.assign == "round-robin" for team in directory.teams.values())


MOST_EARLIER, MOST_SIMILAR, MOST_STEPS = 8, 3, 12
ALIKE = 3  # different words that a similar ticket shares at least
TELLING = 12  # words that a search for similar tickets takes: more find everything, and take longer


def _earlier(read: Understood, sender: str, ctx: DecideContext, store: Any) -> Sequence[Ticket]:
    """The customer's other tickets; without a customer in the directory the sender's own."""
    key = (read.ticket.customer if read.ticket else None) or ctx.directory.customer_of(sender)
    found = store.tickets_of_customer(key, MOST_EARLIER + 1) if key else store.tickets_of_address(sender, 20)
    return [t for t in found if t.number != read.match.ticket][:MOST_EARLIER]


def _similar(read: Understood, ctx: DecideContext, store: Any) -> Sequence[dict[str, object]]:
    """Open tickets that share the telling words: those of the subject and of the values, then long ones of the text."""
    facts = read.facts
    said = " ".join((read.message.subject, *(v.value for v in facts.fields.values() if v.value != "present")))
    first = re.findall(r"[\w-]{5,40}", said)
    rest = sorted(set(re.findall(r"\w{6,30}", facts.new_text[:4000])), key=lambda w: (-len(w), w))
    words = list(dict.fromkeys((*first, *rest)))[:TELLING]
    names = ctx.directory.customers
    hits = store.similar(" ".join(words), MOST_SIMILAR, but=read.match.ticket, states=_OPEN, at_least=ALIKE)
    return [
        {
            "number": hit.ticket, "subject": hit.subject, "state": hit.state, "kind": hit.kind,
            "customer": names[hit.customer].name if hit.customer in names else "",
        }
        for hit in hits
    ]  # fmt: skip


_OPEN = [state.value for state in State if state not in (State.RESOLVED, State.CLOSED)]
_Item = TypeVar("_Item")


class _Later(Sequence[_Item]):
    """What is fetched when somebody looks at it: most decisions never do."""

    def __init__(self, fetch: Callable[[], Sequence[_Item]]) -> None:
        self._fetch = fetch
        self._have: Sequence[_Item] | None = None

    def _all(self) -> Sequence[_Item]:
        if self._have is None:
            self._have = self._fetch()
        return self._have

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, place: Any) -> Any:
        return self._all()[place]
