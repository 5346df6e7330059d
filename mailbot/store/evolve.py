"""A decision carried out on paper: the ticket after it, and the lines that its history gains. Touches no database.

In: the ticket before (or None), a Decision, the mail. Out: the ticket after, timeline rows, field history rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from mailbot.decide.actions import (
    Decision,
    Declare,
    EndIncident,
    Join,
    Link,
    MarkAddress,
    Note,
    Reports,
    Send,
    SetFields,
    Split,
    Surveyed,
    Update,
)  # fmt: skip
from mailbot.tickets.model import FieldValue, Ticket

_SPECIAL = {"reason", "locked", "rounds"}
_COLUMNS = [f.name for f in fields(Update) if f.name not in _SPECIAL and f.name in {t.name for t in fields(Ticket)}]


@dataclass(slots=True)
class Change:
    """What becomes of a ticket. `events` and `history` are rows for their tables, without the ticket's number."""

    ticket: Ticket | None
    now: datetime
    actor: str = "mailbot"
    ledger_id: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    links: dict[int, str] = field(default_factory=dict)
    marks: dict[str, MarkAddress] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    rounds_given: bool = False
    splits: list[Split] = field(default_factory=list)
    surveyed: list[Surveyed] = field(default_factory=list)
    incidents: list[Reports | Declare | EndIncident] = field(default_factory=list)

    def tell(self, event: str, text: str, *, reason: str = "", actor: str = "") -> None:
        self.events.append(
            {"at": self.now, "event": event, "text": text, "reason": reason, "actor": actor or self.actor,
             "ledger_id": self.ledger_id, "key": None}
        )  # fmt: skip


def evolve(change: Change, decision: Decision) -> Change:
    """Carries out every action but the sending."""
    for action in decision.actions:
        if isinstance(action, Note):
            change.tell(action.event, action.text, actor=action.actor)
        elif isinstance(action, MarkAddress):
            change.marks[action.address] = action
            kind = "for good" if action.permanent else "for now"
            change.tell("marked", f"mail to {action.address} came back {kind}", reason=action.reason)
        elif isinstance(action, Surveyed):
            change.surveyed.append(action)
            change.tell("survey", action.answer, reason=action.comment[:500])
            if change.ticket is not None and change.ticket.number == action.ticket:
                change.ticket = replace(change.ticket, survey=action.answer)
        elif change.ticket is None:
            continue  # the rest is about a ticket, and there is none
        elif isinstance(action, Update):
            change.ticket = _update(change, change.ticket, action)
        elif isinstance(action, SetFields):
            change.ticket = _set_fields(change, change.ticket, action)
        elif isinstance(action, Join):
            change.ticket = _join(change, change.ticket, action)
        elif isinstance(action, (Reports, Declare, EndIncident)):
            change.incidents.append(action)
            change.tell("incident", type(action).__name__.lower(), reason=getattr(action, "title", ""))
        elif isinstance(action, Split):
            change.splits.append(action)
        elif isinstance(action, Link) and action.other != change.ticket.number:
            change.links[action.other] = action.reason
            change.ticket = replace(change.ticket, linked=tuple(sorted({*change.ticket.linked, action.other})))
            change.tell("linked", f"[#{action.other}]", reason=action.reason)
    return change


def _update(change: Change, ticket: Ticket, update: Update) -> Ticket:
    new: dict[str, Any] = {}
    for name in _COLUMNS:
        value, before = getattr(update, name), getattr(ticket, name)
        if value is not None and value != before:
            new[name] = value
            change.tell(name, f"{_told(before)} → {_told(value)}", reason=update.reason)
    if update.rounds is not None:
        change.rounds_given = True
        new["rounds"] = update.rounds
    if locked := getattr(update, "locked", ()):
        new["locked"] = ticket.locked | frozenset(locked)
    return replace(ticket, **new)


def _told(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)


def _set_fields(change: Change, ticket: Ticket, action: SetFields) -> Ticket:
    for name in {**ticket.fields, **action.fields}:
        before, after = ticket.fields.get(name), action.fields.get(name)
        if (before and before.value) != (after and after.value):
            change.history.append(_row(change, name, before, after))
    for name, words in action.declined.items():
        if name not in ticket.declined:
            row = _row(change, name, ticket.fields.get(name), None)
            change.history.append({**row, "evidence": words, "declined": True})
    return replace(ticket, fields=dict(action.fields), declined=dict(action.declined))


def _row(change: Change, name: str, before: FieldValue | None, after: FieldValue | None) -> dict[str, Any]:
    return {
        "at": change.now, "field": name, "before": before.value if before else None,
        "value": after.value if after else None, "evidence": after.evidence if after else "",
        "finder": after.finder if after else "", "confidence": after.confidence if after else 1.0, "declined": False,
        "message_id": after.message_id if after else None, "actor": change.actor,
    }  # fmt: skip


def _join(change: Change, ticket: Ticket, action: Join) -> Ticket:
    new = [a for a in dict.fromkeys(action.participants) if a and a not in ticket.participants]
    cc = [a for a in dict.fromkeys(action.cc) if a and a not in ticket.cc]
    if new or cc:
        change.joined += new
        change.tell("joined", ", ".join(dict.fromkeys([*new, *cc])), reason=action.reason)
    return replace(ticket, participants=ticket.participants | frozenset(new), cc=(*ticket.cc, *cc))


def asked_after(ticket: Ticket, sends: tuple[Send, ...], rounds_given: bool) -> Ticket:
    """The ticket once its requests went out: how often each field was asked, and how many requests there were."""
    asked: Mapping[str, int] = ticket.asked
    rounds = ticket.rounds
    for send in sends:
        if send.audience == "customer" and send.ask:
            asked = {**asked, **{name: asked.get(name, 0) + 1 for name in send.ask}}
            rounds += 0 if rounds_given else 1
    return replace(ticket, asked=dict(asked), rounds=rounds)
