"""The demo: the real service on embedded servers, two customers who answer, and the story of it on the terminal.

In: a folder for what is left behind. Out: a readable story, and True when everybody who should have a reply has one.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from mailbot.decide.actions import Send
from mailbot.demo.imap_server import DemoImapServer
from mailbot.demo.mails import ESCALATE, FIRST, SUPPORT, Sample, answer, build, message_id, quoted
from mailbot.demo.smtp_server import DemoSmtpServer
from mailbot.errors import TemporaryError
from mailbot.pipeline import Outcome
from mailbot.reply.model import Outgoing
from mailbot.runtime import logs
from mailbot.runtime.engine import Engine
from mailbot.runtime.service import Service
from mailbot.settings import Settings, load

PATIENCE = 60.0  # seconds for each wave of mails
USERS = {"support": SUPPORT, "escalate": ESCALATE}


@dataclass(frozen=True, slots=True)
class _Told:
    """One mail of the story and what became of it."""

    key: str
    sender: str
    subject: str
    note: str
    outcomes: tuple[Outcome, ...]


def settings_for(out: Path, imap_port: int, smtp_port: int) -> Settings:
    """The same settings as in production, as variables."""
    environ = {
        "MAILBOT_DATABASE_URL": f"sqlite:///{out / 'mailbot.db'}",
        "MAILBOT_BLOBS_URL": f"file://{out / 'blobs'}",
        "MAILBOT_DIRECTORY": str(Path(__file__).with_name("directory.yaml")),
        "MAILBOT_POLL_SECONDS": "1",
        "MAILBOT_FIRST_RUN": "beginning",
        "MAILBOT_SMTP__HOST": "127.0.0.1",
        "MAILBOT_SMTP__PORT": str(smtp_port),
        "MAILBOT_SMTP__SECURITY": "plain",
    }
    for name, address in USERS.items():
        box = f"MAILBOT_MAILBOXES__{name.upper()}__"
        environ |= {
            box + "ADDRESS": address,
            box + "ROLE": name,
            box + "PACK": "digibee",
            box + "HOST": "127.0.0.1",
            box + "PORT": str(imap_port),
            box + "SECURITY": "plain",
            box + "USERNAME": name,
            box + "PASSWORD": "demo",
            box + "DISPLAY_NAME": "Integra Support",
        }
    return load(None, environ)


def play(out: Path, console: Console) -> bool:
    """Runs the demo and tells it. False when a mail did not get what it should."""
    out = out.resolve()
    for old in ("mailbot.db", "mailbot.db-wal", "mailbot.db-shm"):
        (out / old).unlink(missing_ok=True)
    for old in ("blobs", "sent"):
        shutil.rmtree(out / old, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    with (
        (out / "service.log").open("w", encoding="utf-8") as log,
        DemoImapServer(dict.fromkeys(USERS, "demo")) as imap,
        DemoSmtpServer(out / "sent") as smtp,
    ):
        logs.configure("info", "json", log)
        engine = Engine(settings_for(out, imap.port, smtp.port))
        outcomes: list[Outcome] = []
        engine.on_outcome = outcomes.append
        service = Service(engine)
        now = datetime.now().astimezone()
        for sample in FIRST:
            for user, address in USERS.items():
                if address in sample.to:
                    imap.deliver(user, [build(sample, now)])
        copies = sum(len(s.to) for s in FIRST)
        try:
            service.start()
            with console.status("The service reads both mailboxes …"):
                _wait(lambda: len(outcomes) >= copies and engine.idle(), "the first mails")
            answers = _answers(smtp, outcomes, now)
            for _, raw in answers:
                imap.deliver("support", [raw])
            with console.status("Two customers answer …"):
                _wait(lambda: len(outcomes) >= copies + len(answers) and engine.idle(), "the answers")
        finally:
            service.stop()
            engine.close()
        return _tell(console, out, outcomes, smtp, [key for key, _ in answers])


def _wait(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TemporaryError(f"the service did not finish {what} within {PATIENCE:.0f} s", where="demo",
                                 mend="look into demo-out/service.log")  # fmt: skip
        time.sleep(0.05)


def _sent_to(smtp: DemoSmtpServer, address: str) -> EmailMessage:
    """The last mail that an address got."""
    raw = next(mail.raw for mail in reversed(smtp.mails) if address in mail.recipients)
    return message_from_bytes(raw, policy=policy.default)


def _reply_in(outcomes: list[Outcome], key: str) -> Outgoing:
    return next(
        made
        for outcome in outcomes
        if outcome.message and outcome.message.message_id == message_id(key)
        for send, made in outcome.sent
        if send.audience == "customer"
    )


def _answers(smtp: DemoSmtpServer, outcomes: list[Outcome], now: datetime) -> list[tuple[str, bytes]]:
    """Lucía gives the chat ID in one bare line; Ana answers one of two questions, between the quoted lines."""
    lucia = _reply_in(outcomes, "lucia")
    bare = f"Es el 215470311984.\n\nLucía\n\n{quoted(lucia.text)}\n"
    ana = _reply_in(outcomes, "ana")
    key = next(q for q in ana.questions if q.field == "pipeline_key")
    between = quoted(ana.text).replace(
        quoted(key.text), f"{quoted(key.text)}\n\nb7e1f0c4-9d3a-4e55-8a17-2f60c9d4e812\n", 1
    )
    made = []
    for name, person, text in (
        ("lucia-2", "Lucía Fernández <lucia.fernandez@transandina.example>", bare),
        ("ana-2", "Ana Souza <ana.souza@loja-aurora.example>", f"Oi, respondi abaixo.\n\n{between}\n"),
    ):
        address = person.partition("<")[2].rstrip(">")
        made.append((name, answer(_sent_to(smtp, address), person, text, name, now)))
    return made


def _tell(console: Console, out: Path, outcomes: list[Outcome], smtp: DemoSmtpServer, answered: list[str]) -> bool:
    stories = [_Told(s.key, s.sender, s.subject, s.note, _of(outcomes, s.key)) for s in FIRST]
    for key in answered:
        of_it = _of(outcomes, key)
        message = of_it[0].message if of_it else None
        sender = f"{message.from_[0].name} <{message.from_[0].address}>" if message else key
        note = "the answer, given " + (
            "in one bare line" if key == "lucia-2" else "between the quoted questions, one left open"
        )
        stories.append(_Told(key, sender, message.subject if message else "", note, of_it))
    wrong: list[str] = []
    for story in stories:
        console.print(Rule(Text(story.sender, style="bold"), align="left", style="cyan"))
        _one(console, story, smtp)
        replies = sum(send.audience == "customer" for o in story.outcomes for send, _ in o.sent)
        expected = 0 if story.key == "ooo" else 1
        if replies != expected:
            wrong.append(f"{story.sender}: {replies} replies instead of {expected}")
    tickets = {o.ticket for o in outcomes if o.ticket}
    replied = sum(send.audience == "customer" for o in outcomes for send, _ in o.sent)
    told = sum(send.audience == "team" for o in outcomes for send, _ in o.sent)
    console.print(Rule(style="cyan"))
    console.print(
        f"[bold]{len(stories)} mails in, {len(tickets)} tickets, {replied} replies to customers, "
        f"{told} mails to engineers, 1 out-of-office left alone.[/]"
    )
    if len(smtp.mails) != replied + told:
        wrong.append(f"{len(smtp.mails)} mails were sent, {replied + told} were meant")
    place = escape(_short(out))
    console.print(f"Every sent mail lies in {place}/sent; the database is {place}/mailbot.db, the log service.log.")
    for trouble in wrong:
        console.print(f"[red]wrong:[/] {escape(trouble)}")
    return not wrong


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _of(outcomes: list[Outcome], key: str) -> tuple[Outcome, ...]:
    return tuple(o for o in outcomes if o.message and o.message.message_id == message_id(key))


def _one(console: Console, story: _Told, smtp: DemoSmtpServer) -> None:
    sample: Sample | None = next((s for s in FIRST if s.key == story.key), None)
    where = " and ".join(a.partition("@")[0] + "@" for a in sample.to) if sample else "support@"
    console.print(f"  wrote to {where}: [italic]{escape(story.subject)}[/]  [dim]({escape(story.note)})[/]")
    for outcome in story.outcomes:
        if outcome.state == "duplicate":
            console.print(f"  second copy: {escape(outcome.reason)}: ticket #{outcome.ticket}, nothing sent twice")
            continue
        if outcome.message and outcome.message.automated:
            console.print(f"  [yellow]silence:[/] automated mail, {escape(outcome.message.automated.reason)}")
            continue
        facts = outcome.facts
        if facts is None:
            console.print(f"  {outcome.state}: {escape(outcome.reason)}")
            continue
        new = "a new ticket" if outcome.opened else "joins its ticket"
        read = f"{facts.language.value}, {facts.kind.value}, priority {facts.priority.value}"
        console.print(f"  ticket #{outcome.ticket} ({new}), {read}")
        for name in facts.changed:
            held = facts.fields.get(name)
            if held:
                words = " ".join(held.evidence.split())
                value = "given" if held.value == "present" else held.value
                cut = words if len(words) <= 90 else words[:89] + "…"
                console.print(
                    Padding(
                        Text.assemble("understood ", (name, "green"), f": {value}   ", (f"“{cut}”", "dim")),
                        (0, 0, 0, 4),
                    )
                )
        for send, made in outcome.sent:
            _mail(console, send, made, smtp)


def _mail(console: Console, send: Send, made: Outgoing, smtp: DemoSmtpServer) -> None:
    path = next((m.path for m in smtp.mails if made.message_id.encode() in m.raw), None)
    file = f" [dim]{escape(path.name)}[/]" if path else " [red]not sent[/]"
    who = "to the customer" if send.audience == "customer" else f"to the engineers ({send.team or ', '.join(send.to)})"
    console.print(f"  [cyan]{who}:[/] {escape(send.template)} — {escape(made.subject)}{file}")
    for question in made.questions:
        asked = " ".join(question.text.split())
        console.print(Padding(Text.assemble("asked ", (question.field, "magenta"), f": {asked}"), (0, 0, 0, 4)))
