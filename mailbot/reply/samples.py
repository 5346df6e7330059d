"""Sample mails of every template, made from a pack's own rules: for `mailbot check`, the tests and the gallery.

In: a pack and a language. Out: `Sample`s: full ones, with everything that may be said, and bare ones, with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from mailbot.decide.actions import Send
from mailbot.reply.model import Identity
from mailbot.rules.pack import Language, RulePack
from mailbot.tickets.model import FieldValue, State, Ticket

NOW = datetime(2026, 11, 5, 14, 30, tzinfo=UTC)
IDENTITY = Identity("support@vendor.example", "", secrets=("sample",))
CUSTOMER = "ana.souza@aurora.example"

# Every template by audience. A pack may add more (its kinds name their policy templates).
CUSTOMER_MAILS = (
    "request_info", "request_again", "acknowledge", "policy_contract", "policy_external_system", "policy_design_phase",
    "policy_no_contract", "policy_unproved_sender", "policy_complex_change", "policy_grant_access", "reminder",
    "closing", "closed", "resolved", "survey_thanks", "stage", "engineer_reply", "status", "status_unproved",
    "unreadable", "incident_over",
)  # fmt: skip
TEAM_MAILS = (
    "summary", "update", "on_call", "bounced", "refused", "command_result", "breach", "breach_soon", "digest_team",
    "digest_weekly",
)  # fmt: skip
OPERATOR_MAILS = ("operators_alert", "breaker_alert")
_ENGINEERS = ("engineer_reply", "stage", "resolved", "closed", "command_result", "policy_grant_access")
_ASKS = ("request_info", "request_again", "reminder")

_LOG = "\n\n  2026-11-04 14:20:03 ERROR Read timed out\n\n"
_WORDS = {
    "pt": f"Bom dia,\n\no fluxo parou ontem às 14h20 em produção.{_LOG}Obrigada",
    "en": f"Good morning,\n\nthe flow stopped yesterday at 2:20 pm in production.{_LOG}Thanks",
    "es": f"Buenos días,\n\nel flujo se detuvo ayer a las 14:20 en producción.{_LOG}Gracias",
}
_SUBJECT = {"pt": "Fluxo parado desde ontem", "en": "Flow stopped since yesterday", "es": "Flujo detenido desde ayer"}
_MOMENT = {"pt": "ontem às 14h20", "en": "yesterday at 2:20 pm", "es": "ayer a las 14:20"}
_SECRET = {"pt": "senha", "en": "password", "es": "contraseña"}
_INCIDENT = {"pt": "Lentidão em produção", "en": "Slow answers in production", "es": "Lentitud en producción"}
_DECLINED = {"pt": "não tenho essa informação", "en": "I do not have it", "es": "no tengo ese dato"}
_WHY = {"pt": "perguntado 2 vezes", "en": "asked twice", "es": "preguntado 2 veces"}
_REPLY = {
    "pt": "Olá, Ana,\n\nreiniciamos o conector e o fluxo voltou às 15h05.\n\nAbraço,\nMarta",
    "en": "Hello Ana,\n\nwe restarted the connector and the flow is back since 3:05 pm.\n\nBest,\nMarta",
    "es": "Hola, Ana:\n\nreiniciamos el conector y el flujo volvió a las 15:05.\n\nSaludos,\nMarta",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail to be rendered. `variant` tells samples of one template apart."""

    variant: str
    send: Send
    ticket: Ticket | None


def kinds_with_questions(pack: RulePack) -> list[str]:
    return [name for name, rule in pack.kinds.items() if rule.required]


def ticket(pack: RulePack, language: Language, kind: str) -> Ticket:
    """A ticket of this kind with its first required fields given."""
    rule = pack.kinds[kind]
    given = [*rule.required[: max(1, len(rule.required) // 2)], *rule.welcome[:2]]
    return Ticket(
        number=1042,
        pack=pack.name,
        mailbox="support",
        state=State.READY,
        subject=_SUBJECT[language],
        requester=CUSTOMER,
        participants=frozenset({CUSTOMER}),
        opened=NOW,
        language=language,
        kind=kind,
        priority=2,
        fields={name: _value(pack, name, language) for name in given if name in pack.fields},
        asked=dict.fromkeys(rule.required, 2),
        rounds=1,
        heard=(_WORDS[language],),
        stage=pack.stages[1] if len(pack.stages) > 1 else None,
        link="JIRA-123",
    )


def _value(pack: RulePack, name: str, language: Language) -> FieldValue:
    rule = pack.fields[name]
    if rule.type == "narrative":
        return FieldValue("present", "ERROR Read timed out")
    value = next(iter(rule.values), "") or (rule.examples[0] if rule.examples else "x1")
    if name.endswith("_at"):
        return FieldValue("2026-11-04T14:20", _MOMENT[language])
    said = rule.values[value].get(language, ()) if value in rule.values else ()
    return FieldValue(value, said[0] if said else value)


def samples(pack: RulePack, language: Language, names: tuple[str, ...] = ()) -> Iterator[Sample]:
    """Samples of the named templates, or of all."""
    kind = kinds_with_questions(pack)[0] if kinds_with_questions(pack) else next(iter(pack.kinds))
    open_ticket = ticket(pack, language, kind)
    bare = replace(
        open_ticket,
        subject="",
        priority=None,
        fields={},
        asked={},
        heard=(),
        stage=None,
        link=None,
        kind=None,
        rounds=0,
    )
    for audience, group in (("customer", CUSTOMER_MAILS), ("team", TEAM_MAILS), ("operators", OPERATOR_MAILS)):
        for name in group:
            if names and name not in names:
                continue
            ask = tuple(f for f in pack.required(kind) if f not in open_ticket.fields) if name in _ASKS else ()
            ask = ask or (pack.required(kind)[:1] if name in _ASKS else ())
            full = _full(pack, language, open_ticket)
            if name == "refused":
                full |= {
                    "addresses": [CUSTOMER],
                    "reason": "550 5.1.1 no such user",
                    "note": f"Re: {_SUBJECT[language]}",
                }
            if name not in _ENGINEERS:
                full |= {"engineer": "", "text": ""}
            about = open_ticket if audience != "operators" else None
            yield Sample("full", _send(name, audience, language, ask, full), about)
            yield Sample("bare", _send(name, audience, language, ask, {}), bare if audience != "operators" else None)
            for variant, data in _variants(name):
                yield Sample(variant, _send(name, audience, language, ask, full | data), about)


def _send(name: str, audience: str, language: str, ask: tuple[str, ...], data: dict[str, Any]) -> Send:
    to = {"customer": CUSTOMER, "team": "engineers@vendor.example", "operators": "operators@vendor.example"}[audience]
    return Send(name, audience, (to,), language, "sample", name, ask=ask, data=data)


def _variants(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    calm: dict[str, Any] = {
        "urgent": False, "on_call_phone": None, "incomplete": False, "escalation": False, "reopened": False,
        "linked": None, "text": "", "engineer": "", "articles": [], "incident": None, "priority": 2,
    }  # fmt: skip
    if name == "request_info":
        yield "asked", calm | {"engineer": "Marta Lima", "text": "Ana, ok.\n\nMarta"}
    if name in ("request_info", "acknowledge"):
        yield "calm", calm
        yield "escalation", calm | {"escalation": True}
        yield "linked", calm | {"linked": 1001}
    if name == "acknowledge":
        yield "incomplete", calm | {"incomplete": True}
        yield "reopened", calm | {"reopened": True}
    if name == "survey_thanks":
        yield "no", {"answer": "no", "reopened": True}
    if name == "stage":
        yield "back", {"back": True, "text": ""}
    if name == "status":
        steps = (("ready", ""), ("in_development", ""), ("", "in-progress"))
        way = [{"at": NOW.isoformat(), "state": state, "stage": stage} for state, stage in steps]
        yield "one", {"tickets": [_row(1042, "in_development", 2) | {"history": way}], "groups": {}}
        yield "none", {"tickets": [], "groups": {}}
    if name == "command_result":
        yield "done", {"errors": [], "sent": True}


def _row(number: int, state: str, place: int = 0) -> dict[str, Any]:
    stages = ["backlog", "in-progress", "in-review", "testing", "released"]
    return {
        "number": number, "subject": "sync-orders", "state": state, "opened": "2026-11-02T09:00:00+00:00", "kind": None,
        "group": state if state in ("in_development", "resolved") else "new", "priority": 2,
        "stage": stages[place - 1] if place else None, "stages": stages, "place": place, "customer": "Banco Aurora",
        "assignee": "Marta", "age": "3 d", "due": "16:30",
    }  # fmt: skip


def _full(pack: RulePack, language: Language, open_ticket: Ticket) -> dict[str, Any]:
    required = pack.required(open_ticket.kind)
    missing = [f for f in required if f not in open_ticket.fields]
    rows = [_row(1042, "in_progress"), _row(1037, "in_development", 2), _row(998, "resolved")]
    optional = pack.kinds[open_ticket.kind].optional if open_ticket.kind in pack.kinds else ()
    return {
        "name": "Souza, Ana", "kind": open_ticket.kind, "priority": 1, "urgent": True,
        "on_call_phone": "+55 11 5555-0100",
        "missing": missing, "declined": dict.fromkeys(missing[:1], _DECLINED[language]), "optional": list(optional),
        "changed": list(required[:1]), "incomplete": True, "escalation": False, "asked": missing[1:2],
        "articles": [{"title": "Timeouts", "link": "https://help.vendor.example/timeouts"}],
        "incident": {"title": _INCIDENT[language]},
        "from": CUSTOMER, "from_name": "Ana Souza", "proved": True, "received": "2026-11-04T14:30:00-03:00",
        "new_text": f"{_WORDS[language]}\n\n{_SECRET[language]}: S3nh@Forte", "route": "production",
        "why": _WHY[language], "silent": "",
        "attachments": [
            {"filename": "print-erro.png", "size": 182_000, "content_type": "image/png", "sent": True},
            {"filename": "log.txt", "size": 24_000_000, "content_type": "text/plain", "sent": False},
        ],
        "customer": {"key": "aurora", "name": "Banco Aurora", "contract": True, "on_call_phone": "+55 11 5555-0100",
                     "project_team": "projects", "grants_access": ["admin@aurora.example"]},
        "grants_access": ["admin@aurora.example"], "team": "support", "by": "marta@vendor.example",
        "earlier": [_row(998, "resolved")], "similar": [_row(1037, "in_development", 2)],
        "tickets": rows, "groups": {"new": rows[:1], "in_development": rows[1:2], "resolved": rows[2:]},
        "engineer": "Marta Lima", "text": _REPLY[language], "answer": "yes",
        "addresses": [{"address": CUSTOMER, "status": "5.1.1", "permanent": True}],
        "commands": ["/priority 9"], "errors": ["/priority 9: write 1, 2, 3 or 4"], "results": ["priority: 2"],
        "help": [{"command": "/note TEXT", "does": "keep a note on the ticket; the customer does not see it"}],
        "figures": [{"name": "P1", "value": "2"}, {"name": "P2", "value": "5"}],
        "charts": _charts(language),
        "reason": "timeout", "where": "support@vendor.example", "mend": "mailbot check", "since": "2026-11-04",
        "until": "2026-11-11", "target": "P1", "note": "imap.vendor.example", "limit": "25 MB",
    }  # fmt: skip


def _charts(language: Language) -> list[dict[str, Any]]:
    """A week of figures: two bars a day, and one for each thing that was missing."""
    opened, resolved, lacked = {
        "pt": ("Abertos", "Resolvidos", "O que faltava no primeiro e-mail"),
        "en": ("Opened", "Resolved", "What the first mail lacked"),
        "es": ("Abiertos", "Resueltos", "Lo que faltaba en el primer correo"),
    }[language]
    days = [
        {"name": f"{day}/11", "bars": [{"share": a / 12, "value": str(a)}, {"share": b / 12, "value": str(b)}]}
        for day, a, b in ((2, 12, 7), (3, 5, 0), (4, 1, 9))
    ]
    shares = [{"name": f"P{n}", "bars": [{"share": n / 4, "value": f"{20 * n} %"}]} for n in (4, 2, 1)]
    return [
        {"title": f"{opened} / {resolved}", "head": [opened, resolved], "rows": days},
        {"title": lacked, "head": [""], "rows": shares},
    ]
