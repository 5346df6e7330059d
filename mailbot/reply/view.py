"""What a template is given: the ticket, the pack and the decision, put into words of the mail's language.

In: a `Send`, the ticket, its pack, who we are, the mail that led to it. Out: a mapping for `render.py`. Every name that
a template may use is there, empty where there is nothing to say: no mail fails on a detail (see templates/README.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mailbot.decide.actions import Send
from mailbot.message.model import Message
from mailbot.reply import charts, words
from mailbot.reply import subject as subjects
from mailbot.reply.clean import one_line
from mailbot.reply.greeting import first_name
from mailbot.reply.mailto import form, mailto
from mailbot.reply.model import Identity
from mailbot.reply.signoff import is_signed
from mailbot.reply.team_view import bar, for_engineers, hidden, ticket_row
from mailbot.rules.directory import Directory
from mailbot.rules.pack import Language, RulePack
from mailbot.tickets.model import FieldValue, Ticket

# What a decision may hand over (`Send.data`), and what stands for it when it does not. Names as in templates/README.md.
DEFAULTS: Mapping[str, Any] = {
    # customers
    "incomplete": False, "escalation": False, "urgent": False, "linked": None, "reopened": False, "on_call_phone": "",
    "engineer": "", "text": "", "back": False, "answer": "", "days": 0, "limit": "", "articles": (), "incident": None,
    "grants_access": (),
    # engineers
    "why": "", "route": "", "silent": "", "reply": "", "proved": True, "proof": "", "by": "", "team": "",
    "customer": None, "addresses": (), "commands": (), "results": (), "errors": (), "help": (), "sent": False,
    "ok": True,
    # leads and operators
    "figures": (), "charts": (), "since": "", "until": "", "target": "", "dues": False, "reason": "",
    "where": "", "mend": "", "note": "",
}  # fmt: skip

_YES = {"pt": "Sim", "en": "Yes", "es": "Sí"}
_NO = {"pt": "Não", "en": "No", "es": "No"}
_FORM_INTRO = {
    "pt": "Preencha depois dos dois pontos e envie:",
    "en": "Please fill in after the colons and send:",
    "es": "Complete después de los dos puntos y envíe:",
}


def build(
    send: Send,
    ticket: Ticket | None,
    pack: RulePack,
    identity: Identity,
    *,
    message: Message | None = None,
    directory: Directory | None = None,
    reply_address: str = "",
) -> dict[str, Any]:
    """The whole context of a template. Nothing in it is Markdown or HTML: `render.py` puts it in as data."""
    language: Language = send.language if send.language in ("pt", "en", "es") else pack.default_language
    data = {
        key: value
        for key, value in send.data.items()
        if key not in ("from", "from_name", "kind", "priority", "missing")
    }
    kind = send.data.get("kind") or (ticket.kind if ticket else None)
    level = send.data.get("priority") or (ticket.priority if ticket else None)
    number = ticket.number if ticket else None
    subject = subjects.bare(_subject(ticket, message)) or words.no_subject(language)
    answer_subject = subjects.reply(subject, number)
    address = reply_address or identity.address
    place = pack.stages.index(ticket.stage) + 1 if ticket and ticket.stage in pack.stages else 0
    customers = send.audience == "customer"
    if not customers and not data.get("customer"):
        data["customer"] = _customer(ticket, directory)
    context: dict[str, Any] = {
        **DEFAULTS,
        **{key: value for key, value in data.items() if value is not None},
        "language": language,
        "us": {"name": one_line(identity.name or pack.title.get(language, pack.name)), "address": identity.address},
        "pack": {"name": pack.name, "title": pack.title.get(language, pack.name)},
        "number": number,
        "subject": subject,
        "reply_subject": answer_subject,
        "name": first_name(_display_name(send, message)) if customers else "",
        "kind": words.kind(pack, kind, language),
        "kind_key": kind or "",
        "priority": words.priority(level, language),
        "level": level,
        "state": words.state(ticket.state.value, language, customer=customers) if ticket else "",
        "stage": words.stage(ticket.stage, language) if ticket else "",
        "stages": [words.stage(s, language) for s in pack.stages],
        "place": place,
        "link": one_line(ticket.link or "", 300) if ticket else "",
        "bar": bar(place, len(pack.stages)),
        "first": ticket is None or not ticket.sent,
        "round": ticket.rounds if ticket else 0,
        "rounds": pack.max_rounds,
        "sender": send.data.get("from") or (ticket.requester if ticket else ""),
        "sender_name": one_line(str(send.data.get("from_name") or ""), 80),
        "since": words.moment(str(send.data.get("since") or ""), language),
        "until": words.moment(str(send.data.get("until") or ""), language),
        "target": words.target(str(send.data.get("target") or ""), language),
        "received": words.moment(str(send.data.get("received") or ""), language),
        "tickets": [ticket_row(row, pack, language, customer=customers) for row in send.data.get("tickets") or ()],
        "groups": {
            key: [ticket_row(row, pack, language, customer=customers) for row in rows]
            for key, rows in (send.data.get("groups") or {}).items()
        },
        "charts": charts.view(send.data.get("charts") or (), identity.domain or identity.address.rpartition("@")[2]),
        "yes": mailto(address, answer_subject, _YES[language]),
        "no": mailto(address, answer_subject, _NO[language]),
    }
    context["signed"] = customers and is_signed(context["text"], context["engineer"], context["us"]["name"])
    context |= _fields(send, ticket, pack, kind, language)
    labels = [pack.fields[name].name.get(language, name) for name in send.ask if name in pack.fields]
    context["form"] = form(address, answer_subject, _FORM_INTRO[language], labels) if labels else ""
    if not customers:
        context |= for_engineers(replace(send, data={**send.data, **data}), ticket, pack, context)
    elif directory is not None and ticket is not None and ticket.customer in directory.customers:
        context["grants_access"] = list(directory.customers[ticket.customer].grants_access)
    return context


def _customer(ticket: Ticket | None, directory: Directory | None) -> dict[str, Any] | None:
    """Who the ticket's customer is, for a mail whose decision did not say it: no mail led to it."""
    known = directory.customers.get(ticket.customer or "") if ticket and directory else None
    if ticket is None or known is None:
        return None
    return {
        "key": ticket.customer,
        "name": known.name,
        "contract": known.contract,
        "on_call_phone": known.on_call_phone,
        "project_team": known.project_team,
        "grants_access": list(known.grants_access),
    }


def _subject(ticket: Ticket | None, message: Message | None) -> str:
    return (ticket.subject if ticket else "") or (message.subject if message else "")


def _display_name(send: Send, message: Message | None) -> str:
    if send.data.get("name"):
        return str(send.data["name"])
    sender = message.sender if message else None
    return sender.name if sender and sender.address in send.to else ""


def _fields(send: Send, ticket: Ticket | None, pack: RulePack, kind: str | None, language: Language) -> dict[str, Any]:
    """What is known, asked, missing and declined, by the names that people read."""
    held: Mapping[str, FieldValue] = ticket.fields if ticket else {}
    rule = pack.kinds.get(kind or "")
    order = [*rule.required, *rule.welcome, *rule.optional] if rule else list(held)
    known, told = [], []
    for field in order:
        if field not in held or field not in pack.fields:
            continue
        its, value = pack.fields[field], held[field]
        label = its.name.get(language, field)
        if its.type == "narrative":
            if field != "description":  # that they described it they know
                told.append(label)
        else:
            known.append(
                {
                    "field": field,
                    "name": label,
                    "value": hidden(words.value(its, field, value.value, language), language),
                }
            )
    questions = [
        {
            "field": field,
            "name": pack.fields[field].name.get(language, field),
            "question": one_line(pack.fields[field].question.get(language, field), 400),
            "hint": one_line(pack.fields[field].hint.get(language, ""), 400),
        }
        for field in send.ask
        if field in pack.fields
    ]
    missing = send.data.get("missing")
    if missing is None:
        missing = [name for name in pack.required(kind) if name not in held]
    return {
        "known": known,
        "told": told,
        "questions": questions,
        "missing": _names(missing, pack, language),
        "missing_fields": list(missing),
        "declined": _names(send.data.get("declined") or (), pack, language),
        "optional": _names(send.data.get("optional") or (), pack, language),
        "changed": _names(send.data.get("changed") or (), pack, language),
    }


def _names(fields: Iterable[str], pack: RulePack, language: Language) -> list[str]:
    return [pack.fields[f].name.get(language, f) if f in pack.fields else f for f in fields]
