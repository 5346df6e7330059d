"""What the bot would have done with mails that lie in files: nothing is sent, nothing is kept.

In: mbox files, Maildirs, folders of .eml files or single files, the packs, the templates.
Out: one mapping per mail, as the guide of the labelled cases describes it: ticket, kind, fields, missing, actions.
The same corridor as in production, on a database in memory; a mail's own Date is the time.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from mailbot.decide.actions import Decision, Send
from mailbot.decide.context import Limits
from mailbot.errors import RulesError, TemplateError
from mailbot.pipeline import Box, House, Outcome, Understood, decide_mail, process, read_mail, understand_mail
from mailbot.reply.compose import compose
from mailbot.reply.model import Identity, Outgoing
from mailbot.reply.render import TemplateSet
from mailbot.rules.directory import Directory, Team
from mailbot.rules.pack import RulePack
from mailbot.store.db import Store, open_store
from mailbot.tickets.model import Ticket

DOMAIN = "vendor.example"


def raw_mails(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """(where it lies, its bytes) of every mail, in the order of file names, of place within an mbox.

    In a folder, files are mails by their ending .eml, by lying in `cur` or `new` of a Maildir, or as an mbox that
    begins with "From ". A file that is named itself is taken as it is.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted((p for p in path.rglob("*") if p.is_file()), key=lambda p: (p.parent, p.name)):
                if file.suffix.lower() == ".eml" or file.parent.name in ("cur", "new") or _is_mbox(file):
                    yield from _file(file)
        else:
            yield from _file(path)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(5) == b"From "


def _file(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix.lower() == ".eml" or not _is_mbox(path):
        yield str(path), path.read_bytes()
        return
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            yield f"{path}:{number}", box.get_bytes(key)
    finally:
        box.close()


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A mail from a file, as the store takes it."""

    uid: int
    raw: bytes
    internal_date: datetime
    size: int
    truncated: bool = False


class _Clock:
    """Stands still at the Date of the mail at hand."""

    now = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def replay(
    paths: Iterable[Path],
    packs: Mapping[str, RulePack],
    pack: str,
    templates: Path,
    *,
    boxes: Mapping[str, Box] | None = None,
    directory: Directory | None = None,
    team_language: str = "en",
) -> Iterator[dict[str, Any]]:
    """One answer per mail, in order. `boxes`: the configured mailboxes; without them support@ and support.escalate@.

    Raises RulesError for an unknown pack. A mail that cannot be read gets an answer with `quarantined`.
    """
    if pack not in packs:
        raise RulesError(f"no pack {pack!r}", mend=f"there are: {', '.join(sorted(packs))}")
    house = _house(packs, pack, templates, boxes, directory, team_language)
    clock = _Clock()
    store = open_store("sqlite://", "memory://", clock=clock)
    try:
        for number, (place, raw) in enumerate(raw_mails(paths), 1):
            yield _one(number, place, raw, house, store, clock)
    finally:
        store.close()


def _one(number: int, place: str, raw: bytes, house: House, store: Store, clock: _Clock) -> dict[str, Any]:
    header = raw[:65536].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    clock.now = _date(header)
    name = _mailbox(header, house)
    store.receive(name, 1, [_Arrived(number, raw, clock.now, len(raw))])
    row = store.pending(1)[0]
    started = perf_counter()
    try:
        outcome = process(row, store, house, clock.now)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        store.quarantine(row.id, reason)
        outcome = Outcome(row, "quarantined", reason)
    return answer(outcome, store, name) | {"place": place, "seconds": round(perf_counter() - started, 4)}


def answer(outcome: Outcome, store: Store, box: str) -> dict[str, Any]:
    """The outcome of one mail as the guide of the labelled cases wants it."""
    message, decision = outcome.message, outcome.decision
    ticket = store.ticket(outcome.ticket) if outcome.ticket is not None else None
    automated = message.automated.kind.value if message and message.automated else None
    told: dict[str, Any] = {
        "message_id": message.message_id if message else None,
        "mailbox": box,
        "ticket": outcome.ticket,
        "is_new_ticket": outcome.opened,
        "automated": automated,
        "state": outcome.state,
        "reason": outcome.reason,
    }
    if outcome.state == "quarantined":
        return told | {"quarantined": outcome.reason, "actions": []}
    person = ticket is not None and automated is None
    return told | {
        "language": ticket.language if ticket and person else None,
        "kind": ticket.kind if ticket and person else None,
        "priority": ticket.priority if ticket and person else None,
        "fields": {n: {"value": v.value, "evidence": v.evidence} for n, v in ticket.fields.items()}
        if ticket and person
        else {},
        "missing": list(decision.missing) if decision else [],
        "declined": sorted(ticket.declined) if ticket and person else [],
        "actions": [_action(send, made) for send, made in outcome.sent],
    }


def _action(send: Send, made: Outgoing) -> dict[str, Any]:
    if send.audience == "customer":
        questions = {q.field: q.text for q in made.questions}
        to = {"to": list(send.to), "cc": list(send.cc)}
        told = {"type": "reply", "template": send.template, **to, "text": made.text, "questions": questions}
        return told if made.raw else told | {"error": made.subject}
    return {"type": "route", "template": send.template, "team": send.team, "to": list(send.to), "reason": send.reason}


def _date(header: bytes) -> datetime:
    """The Date header, which is the time of the replay; a mail without one counts as of 2000."""
    found = re.search(rb"(?im)^date:[ \t]*(.+(?:\r?\n[ \t].+)*)", header)
    if found:
        try:
            date = parsedate_to_datetime(found[1].decode("latin-1"))
            return date if date.tzinfo else date.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            pass
    return datetime(2000, 1, 1, tzinfo=UTC)


def _mailbox(header: bytes, house: House) -> str:
    """The mailbox that a mail was sent to: by a configured address, else by the word "escal" in the receiver's name."""
    lines = re.findall(rb"(?im)^(?:delivered-to|x-original-to|to|cc):[ \t]*(.+(?:\r?\n[ \t].+)*)", header)
    told = b" ".join(lines).decode("latin-1").lower()
    addresses = re.findall(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+", told)
    by_address = {box.address: box.name for box in house.boxes.values()}
    for address in addresses:
        if address in by_address:
            return by_address[address]
    escalate = next((box.name for box in house.boxes.values() if box.role == "escalate"), None)
    if escalate and any("escal" in address.partition("@")[0] for address in addresses):
        return escalate
    return next(box.name for box in house.boxes.values() if box.role != "escalate" or len(house.boxes) == 1)


def _house(
    packs: Mapping[str, RulePack],
    pack: str,
    templates: Path,
    boxes: Mapping[str, Box] | None,
    directory: Directory | None,
    team_language: str,
) -> House:
    if boxes is None:
        boxes = {
            name: Box(name, address, name, pack, Identity(address, secrets=("replay",)))
            for name, address in (("support", f"support@{DOMAIN}"), ("escalate", f"support.escalate@{DOMAIN}"))
        }
    return House(
        packs=packs,
        boxes=boxes,
        templates=TemplateSet(templates),
        directory=directory or _directory(packs[pack]),
        secrets=("replay",),
        team_language=team_language,
        budgets=Limits(domain_hour=0, domain_day=0),
        compose=_compose,
    )


def _compose(send: Send, ticket: Ticket | None, *rest: Any, **more: Any) -> Outgoing:
    """Customers get their mail as in production; of the engineers' mails only the receivers are shown.

    A broken template spoils its own mail and not the reading of the archive: the answer tells it.
    """
    bare = Outgoing(f"<{send.key}.{ticket.number if ticket else 0}.{more['ref']}@{DOMAIN}>", "", send.to, b"", "", "")
    if send.audience != "customer":
        return bare
    try:
        return compose(send, ticket, *rest, **more)
    except TemplateError as error:
        return replace(bare, subject=str(error))


def _directory(pack: RulePack) -> Directory:
    """Made-up teams with an address each, so that routing can be seen."""
    names = {
        pack.default_team,
        pack.lead_team,
        *(r.team for r in pack.routes),
        *(k.team for k in pack.kinds.values() if k.team),
    }
    return Directory(teams={name: Team(address=f"{name}@{DOMAIN}") for name in sorted(names)})


def explain(raw: bytes, packs: Mapping[str, RulePack], pack: str, templates: Path) -> tuple[Understood, Decision]:
    """One mail, understood and decided as if it were the first of its ticket. Raises QuarantineError, RulesError."""
    if pack not in packs:
        raise RulesError(f"no pack {pack!r}", mend=f"there are: {', '.join(sorted(packs))}")
    house = _house(packs, pack, templates, None, None, "en")
    header = raw[:65536].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    box, now = house.boxes[_mailbox(header, house)], _date(header)
    store = open_store("sqlite://", "memory://", clock=lambda: now)
    try:
        read = understand_mail(read_mail(raw, now, box, house), raw, box, house, store)
        return read, decide_mail(read, box, house, store, now)
    finally:
        store.close()
