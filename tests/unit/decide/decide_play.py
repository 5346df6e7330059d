"""A small pack, a directory and a way to say in one line what a mail is like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from mailbot.decide.context import DecideContext
from mailbot.decide.decide import decide
from mailbot.message.model import Address, Authentication, Message
from mailbot.message.quote import split
from mailbot.rules.directory import Customer, Directory, Engineer, Team
from mailbot.rules.pack import FieldRule, KindRule, Route, RulePack
from mailbot.tickets.model import FieldValue, Match, State, Ticket
from mailbot.understand.facts import Facts, Guess

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
ANA, ENGINEER, ADDRESS = "ana@aurora.example", "eng@vendor.example", "support@vendor.example"


def texts(word: str) -> dict:
    return {"pt": word, "en": word, "es": word}


def field(name: str, **more) -> FieldRule:
    return FieldRule(type="slot", name=texts(name), question=texts(f"{name}?"), hint=texts(f"where is {name}"), **more)


def pack(**changes) -> RulePack:
    values = {"production": {"en": ("prod",)}, "test": {"en": ("staging",)}}
    made = RulePack(
        name="demo",
        title=texts("Demo"),
        kinds={
            "incident": KindRule(name=texts("Incident"), required=("pipeline", "environment"), optional=("device",)),
            "escalation": KindRule(name=texts("Escalation"), required=("chat_id", "justification")),
            "contract": KindRule(name=texts("Contract"), policy="policy_contract"),
            "external_system": KindRule(
                name=texts("External"), required=("description",), policy="policy_external_system"
            ),
            "design_phase": KindRule(name=texts("Design"), required=("description",), policy="policy_design_phase"),
            "status": KindRule(name=texts("Status")),
        },
        fields={
            "pipeline": field("pipeline"),
            "environment": field("environment", values=values),
            "device": field("device"),
            "chat_id": field("chat_id"),
            "justification": field("justification"),
            "description": field("description"),
        },
        routes=(Route(team="product", kind=("contract",), reason="contracts"),),
        stages=("open", "in-progress", "in-review", "released"),
        escalation_kind="escalation",
        status_kind="status",
    )
    return made.model_copy(update=changes)


DIRECTORY = Directory(
    engineers=(Engineer(address=ENGINEER, name="Edu"), Engineer(address="leo@vendor.example", name="Leo")),
    teams={
        "support": Team(address="team@vendor.example", on_call=("oncall@vendor.example",)),
        "leads": Team(address="leads@vendor.example"),
        "product": Team(members=("leo@vendor.example", ENGINEER), assign="round-robin"),
        "project-aurora": Team(address="project@vendor.example"),
    },
    customers={
        "aurora": Customer(
            name="Aurora", domains=("aurora.example",), project_team="project-aurora", on_call_phone="+55 11 5555-0100"
        )
    },
    operators=("ops@vendor.example",),
)


def held(**values: str) -> dict:
    return {name: FieldValue(value, value) for name, value in values.items()}


def facts(
    kind: str | None = "incident", priority: int | None = 3, *, declined=(), changed=None, **fields: str
) -> Facts:
    return Facts(
        language=Guess("pt", "words"),
        kind=Guess(kind, "words"),
        priority=Guess(str(priority) if priority else None, "rule"),
        fields=held(**fields),
        declined=dict.fromkeys(declined, "não tenho"),
        changed=tuple(fields) if changed is None else changed,
        new_text="Olá",
    )


def mail(sender: str = ANA, **changes) -> Message:
    made = Message(
        message_id="<1@aurora.example>",
        from_=(Address(sender, "Ana Souza"),),
        to=(Address(ADDRESS),),
        cc=(),
        reply_to=(),
        subject="Fluxo parado",
        date=NOW,
        received=NOW,
        text="Olá",
    )
    return replace(made, **changes)


def ticket(**changes) -> Ticket:
    made = Ticket(
        number=12,
        pack="demo",
        mailbox="support",
        state=State.WAITING,
        subject="Fluxo parado",
        requester=ANA,
        participants=frozenset({ANA}),
        opened=NOW,
        language="pt",
        kind="incident",
        priority=3,
        rounds=1,
        asked={"pipeline": 1, "environment": 1},
    )
    return replace(made, **changes)


def context(**changes) -> DecideContext:
    made = DecideContext(
        now=NOW,
        address=ADDRESS,
        own_addresses=frozenset({ADDRESS, "support.escalate@vendor.example"}),
        directory=DIRECTORY,
    )
    return replace(made, **changes)


PROVED = Authentication(proved=True, method="dkim")


def run(message=None, on=None, understood=None, *, rules=None, own="", linked=None, refused=(), **ctx):
    """One decision. `on`: the ticket; `ctx`: changes to the context."""
    message = message or mail()
    match = Match(on.number if on else None, "because", linked=linked, own=own, refused=refused)
    lines = split(message.text)
    return decide(message, lines, on, match, understood or facts(), rules or pack(), context(**ctx))


def customer_mail(decision):
    """The one mail to the customer, or None. More than one fails the test."""
    mails = [s for s in decision.sends() if s.audience == "customer"]
    assert len(mails) <= 1, "two replies to one mail"
    return mails[0] if mails else None


def template(decision) -> str | None:
    made = customer_mail(decision)
    return made.template if made else None


def told(decision) -> dict[str, tuple[str, ...]]:
    """template -> receivers, of the mails to engineers."""
    return {s.template: s.to for s in decision.sends() if s.audience == "team"}


def notes(decision) -> list[str]:
    from mailbot.decide.actions import Note

    return [a.event for a in decision.actions if isinstance(a, Note)]


def update(decision):
    """All updates of the ticket as one mapping."""
    from mailbot.decide.actions import Update

    merged: dict = {}
    for action in decision.actions:
        if isinstance(action, Update):
            for name in action.__dataclass_fields__:
                value = getattr(action, name)
                if value not in (None, (), "") and name != "reason":
                    merged[name] = value
    return merged
