"""`mailbot tickets`: lists them, shows one with its fields, mails and timeline."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.text import Text

from mailbot.cli.common import DEFAULT_ENV, WIDE, AsJson, EnvFile, console, known_states, print_json, store, table, when
from mailbot.errors import PermanentError

if TYPE_CHECKING:
    from mailbot.store.views import TicketDetail

tickets = typer.Typer(help="The tickets: list them, show one.", no_args_is_help=True)
FOLDED = {"quoted", "ours", "attribution", "forward-header", "signature", "disclaimer"}


def register(app: typer.Typer) -> None:
    app.add_typer(tickets, name="tickets")


@tickets.command("list")
def list_(
    env_file: EnvFile = DEFAULT_ENV,
    state: Annotated[list[str] | None, typer.Option("--state", help="Only this state; may be given again.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind.")] = None,
    text: Annotated[str, typer.Option("--text", help="Words of the mails.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Lists tickets, newest first.

    Example: mailbot tickets list --state waiting_for_customer
    """
    from mailbot.tickets.model import State

    known_states(state, State)
    with store(env_file) as held:
        found = held.list_tickets(states=state or (), kind=kind, text=text, limit=limit)
    if as_json:
        print_json([asdict(line) for line in found])
        return
    rows = (
        [
            f"#{t.number}",
            t.state,
            t.kind,
            t.priority,
            t.requester,
            t.subject,
            ", ".join(t.missing),
            t.team,
            when(t.updated),
        ]
        for t in found
    )
    columns = ["", "state", "kind", "P", "from", "subject", "missing", "team", "last change"]
    out = console()
    made = table("", columns, rows, () if out.width >= WIDE else ("kind", "P", "team", "last change"))
    out.print(made if found else "No tickets.")


@tickets.command()
def show(
    number: Annotated[int, typer.Argument(help="The ticket's number.")],
    env_file: EnvFile = DEFAULT_ENV,
    as_json: AsJson = False,
) -> None:
    """Shows one ticket: fields with the words they came from, mails, timeline.

    Example: mailbot tickets show 12
    """
    with store(env_file) as held:
        found = held.show_ticket(number)
    if found is None:
        raise PermanentError(f"there is no ticket {number}", mend="'mailbot tickets list' lists them")
    if as_json:
        print_json(asdict(found))
        return
    _show(found)


def _show(found: TicketDetail) -> None:
    out, t = console(), found.ticket
    out.print(f"[bold]#{t.number}[/] {escape(t.subject)}")
    told = [f"{t.kind or '?'}", f"priority {t.priority or '?'}", str(t.state), f"language {t.language or '?'}"]
    told += [
        f"team {t.team}" if t.team else "no team yet",
        f"assigned to {t.assignee}" if t.assignee else "nobody assigned",
    ]
    told += [f"{t.stage} {t.link}"] if t.stage or t.link else []
    out.print(escape(" · ".join(told)))
    out.print(escape(f"from {t.requester}, opened {when(t.opened)}; in it: {', '.join(sorted(t.participants))}"))
    rows = [[name, f.value, " ".join(f.evidence.split()), f.finder] for name, f in t.fields.items()]
    rows += [[name, "(said not to have it)", words, ""] for name, words in t.declined.items()]
    rows += [[name, "(missing)", "", ""] for name in found.line.missing if name not in t.declined]
    out.print(table("Fields", ["field", "value", "the words", "finder"], rows))
    for mail in found.messages:
        out.print(escape(f"── {when(mail.date)} {mail.sender_name} <{mail.sender}>  {mail.subject}"), style="cyan")
        text = Text(mail.text)
        for part, start, end in mail.parts:
            if part in FOLDED:
                text.stylize("dim", start, end)
        out.print(text)
        for file in mail.attachments:
            out.print(
                escape(f"   attached: {file.get('filename') or file.get('part')} ({file.get('size')} bytes)"),
                style="dim",
            )
    outgoing = (
        [e.id, e.state, e.template, ", ".join(e.recipients), e.subject, when(e.sent_at), e.error or e.reason]
        for e in found.outbox
    )
    out.print(table("Our mails", ["", "state", "template", "to", "subject", "sent", "why"], outgoing))
    events = ([when(e.at), e.event, e.text, e.reason, e.actor] for e in found.timeline)
    out.print(table("Timeline", ["at", "", "what", "why", "who"], events))
