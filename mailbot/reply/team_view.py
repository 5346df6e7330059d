"""What mails to engineers show beside what customers are told: evidence, what is missing and why, the own words.

In: the same as `view.py`, and its mapping so far. Out: a mapping that is added to it. Secrets are hidden in all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailbot.decide.actions import Send
from mailbot.reply import subject as subjects
from mailbot.reply import words
from mailbot.reply.clean import excerpt, one_line
from mailbot.reply.reasons import said
from mailbot.reply.redact import mask, masked_kinds
from mailbot.rules.pack import FieldRule, Language, RulePack
from mailbot.tickets.model import FieldValue, Ticket

_REASONS = ("why", "route", "silent", "reason", "mend")  # the program's own, in English until here
MOST_LABEL = 60
MOST_WORDS = 8000  # characters of the customer's own words in a mail to engineers


def hidden(text: str, language: Language) -> str:
    return mask(text, language)[0]


def ticket_row(row: Mapping[str, Any], pack: RulePack, language: Language, *, customer: bool = False) -> dict[str, Any]:
    """A ticket in a list: its state, kind and stage in words, a bar for its way through development.

    customer: the list is the customer's own.
    """
    stages, place = list(row.get("stages") or ()), int(row.get("place") or 0)
    return {
        "number": row.get("number"),
        "subject": subjects.bare(str(row.get("subject") or "")) or words.no_subject(language),
        "state": words.state(str(row.get("state") or ""), language, customer=customer),
        "group": row.get("group") or "new",
        "kind": words.kind(pack, row.get("kind"), language),
        "priority": words.priority(row.get("priority"), language),
        "level": row.get("priority"),
        "opened": words.moment(str(row.get("opened") or "")[:10], language),
        "history": [
            {
                "at": words.moment(str(step["at"])[:10], language),
                "what": words.stage(step["stage"], language) or words.state(step["state"], language),
            }
            for step in row.get("history") or ()
        ],
        "stage": words.stage(row.get("stage"), language),
        "place": place,
        "steps": len(stages),
        "bar": bar(place, len(stages)),
        "customer": one_line(str(row.get("customer") or ""), 60),
        "assignee": one_line(str(row.get("assignee") or ""), 60),
        "age": row.get("age") or "",
        "due": words.moment(str(row.get("due") or "").replace(" ", "T", 1), language),
    }


def for_engineers(send: Send, ticket: Ticket | None, pack: RulePack, context: Mapping[str, Any]) -> dict[str, Any]:
    language: Language = context["language"]
    held: Mapping[str, FieldValue] = ticket.fields if ticket else {}
    declined = send.data.get("declined") or {}
    wording, found = mask(_beginning(str(send.data.get("new_text") or _heard(ticket))), language)
    secrets = [m.kind for m in found]
    rows = []
    for field, value in held.items():
        its = pack.fields.get(field)
        evidence, seen = mask(_without_label(one_line(value.evidence, 300), its), language)
        secrets += [m.kind for m in seen]
        shown = (
            ""
            if its is not None and its.type == "narrative"
            else (words.value(its, field, value.value, language) if its else value.value)
        )
        same = not shown or shown.casefold() == evidence.casefold()
        rows.append(
            {
                "field": field,
                "name": its.name.get(language, field) if its else field,
                "value": hidden(one_line(shown, 200), language) or excerpt(evidence, 160),
                "evidence": "" if same else excerpt(evidence, 120),
            }
        )
    order = list(pack.kinds[context["kind_key"]].required) if context["kind_key"] in pack.kinds else []
    rows.sort(key=lambda row: order.index(row["field"]) if row["field"] in order else len(order))
    asked = ticket.asked if ticket else {}

    def told(name: str) -> str:
        return said(str(context.get(name) or ""), pack, language)

    return {
        **{name: told(name) for name in _REASONS},
        "results": [said(str(line), pack, language) for line in send.data.get("results") or ()],
        "errors": [said(str(line), pack, language) for line in send.data.get("errors") or ()],
        "help": [{**item, "does": said(item["does"], pack, language)} for item in send.data.get("help") or ()],
        "rows": rows,
        "missing": [
            {
                "name": name,
                "declined": excerpt(hidden(str(declined.get(field, "")), language), 100)
                if isinstance(declined, Mapping)
                else "",
                "asked": asked.get(field, 0),
                "asking": field in (send.data.get("asked") or ()),
            }
            for field, name in zip(context["missing_fields"], context["missing"], strict=True)
        ],
        "words": wording,
        "masked": masked_kinds(secrets, language),
        "headline": _headline(ticket, pack, send, context),
        "attachments": [_attachment(a) for a in send.data.get("attachments") or ()],
        "earlier": [ticket_row(row, pack, language) for row in send.data.get("earlier") or ()],
        "similar": [ticket_row(row, pack, language) for row in send.data.get("similar") or ()],
    }


def _without_label(evidence: str, rule: FieldRule | None) -> str:
    """The words behind "Error message:", where the customer wrote the field's name before them: it stands there."""
    head, colon, rest = evidence.partition(":")
    if rule is None or not colon or not rest.strip() or len(head) > MOST_LABEL:
        return evidence
    known = {label.casefold() for labels in (*rule.labels.values(), rule.name.values()) for label in labels}
    return rest.strip() if head.strip(" *-#\t").casefold() in known else evidence


def _beginning(text: str) -> str:
    """So much of a mail as a summary may hold; the whole of it is kept with the ticket."""
    return text if len(text) <= MOST_WORDS else text[:MOST_WORDS].rpartition("\n")[0] + "\n[…]"


def _heard(ticket: Ticket | None) -> str:
    return "\n\n".join(ticket.heard) if ticket else ""


def _headline(ticket: Ticket | None, pack: RulePack, send: Send, context: Mapping[str, Any]) -> str:
    """`P2 Incident · Banco Aurora · sync-orders (production)`: the ticket in one line."""
    customer = send.data.get("customer") or {}
    who = customer.get("name") or context["sender_name"] or context["sender"].rpartition("@")[2]
    held: Mapping[str, FieldValue] = ticket.fields if ticket else {}
    about = next((held[f].value for f in ("pipeline", "component", "endpoint", "project") if f in held), "")
    if about and "component" in held and about == held["component"].value and "component" in pack.fields:
        about = words.value(pack.fields["component"], "component", about, context["language"])
    about = about or excerpt(context["subject"], 60)
    place = held.get("environment")
    if place is not None and "environment" in pack.fields:
        about += f" ({words.value(pack.fields['environment'], 'environment', place.value, context['language'])})"
    first = f"P{context['level']} {context['kind']}" if context["level"] else context["kind"]
    return one_line(hidden(" · ".join(part for part in (first, who, about) if part), context["language"]), 140)


def _attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": one_line(str(row.get("filename") or ""), 100) or str(row.get("content_type") or ""),
        "size": size(int(row.get("size") or 0)),
        "inline": bool(row.get("inline")),
        "sent": row.get("sent", True),
    }


def bar(place: int, steps: int) -> str:
    """●●○○○ for the second of five; "" before the first."""
    return "●" * place + "○" * (steps - place) if place else ""


def size(octets: int) -> str:
    """ "48 KB", "1.2 MB"."""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024 * 1024:
        return f"{octets // 1024} KB"
    return f"{octets / 1024 / 1024:.1f} MB"
