"""`mailbot outbox`: what waits to be sent, what was refused; try again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mailbot.cli.common import DEFAULT_ENV, WIDE, AsJson, EnvFile, console, known_states, print_json, store, table, when
from mailbot.errors import PermanentError

outbox = typer.Typer(help="Outgoing mails: what waits, what was refused, try again.", no_args_is_help=True)

STATES = ("queued", "sending", "sent", "refused", "uncertain")


def register(app: typer.Typer) -> None:
    app.add_typer(outbox, name="outbox")


@outbox.command("list")
def list_(
    env_file: EnvFile = DEFAULT_ENV,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="queued, sending, sent, refused or uncertain; may be given again."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Lists outgoing mails, newest first.

    Example: mailbot outbox list --state refused
    """
    known_states(state, STATES)
    with store(env_file) as held:
        found = held.outbox_list(state or (), limit=limit)
        breaker = held.breaker()
    if as_json:
        print_json([asdict(e) for e in found])
        return
    out = console()
    rows = (
        [
            e.id,
            f"{e.state} (held)" if e.held else e.state,
            f"#{e.ticket}" if e.ticket else "",
            ", ".join(e.recipients),
            e.template,
            e.attempts,
            when(e.sent_at or e.next_at),
            e.error or e.response,
        ]
        for e in found
    )
    columns = ["", "state", "ticket", "to", "template", "tries", "sent / next try", "server said"]
    made = table("", columns, rows, () if out.width >= WIDE else ("template", "tries", "sent / next try"))
    out.print(made if found else "No outgoing mails.")
    if breaker:
        out.print(f"[red]Automatic replies are held:[/] {breaker}. 'mailbot outbox release' lets them go.")


@outbox.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers of mails; none: all that wait.")] = None,
    env_file: EnvFile = DEFAULT_ENV,
) -> None:
    """Makes mails due at once, refused ones too when they are named. The service sends them.

    Example: mailbot outbox retry 7
    """
    with store(env_file) as held:
        changed = held.outbox_retry(ids or None)
    if ids and changed < len(set(ids)):
        raise PermanentError(
            f"{changed} of {len(set(ids))} can be tried again; the others are sent already or do not exist",
            mend="'mailbot outbox list' lists them",
        )
    console().print(f"{changed} due now.")


@outbox.command()
def release(env_file: EnvFile = DEFAULT_ENV) -> None:
    """Lets the automatic replies go that the breaker held after a burst.

    Example: mailbot outbox release
    """
    with store(env_file) as held:
        console().print(f"{held.unhold()} released.")
