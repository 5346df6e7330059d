"""`mailbot quarantine`: mails that could not be read; look at one, try again after a fix."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from mailbot.cli.common import DEFAULT_ENV, AsJson, EnvFile, console, print_json, store, table, when
from mailbot.errors import PermanentError

quarantine = typer.Typer(help="Mails that could not be read: look at them, try again.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_(env_file: EnvFile = DEFAULT_ENV, as_json: AsJson = False) -> None:
    """Lists the mails in quarantine with the reason of each.

    Example: mailbot quarantine list
    """
    with store(env_file) as held:
        found = held.ledger_rows("quarantined")
    if as_json:
        print_json([asdict(row) for row in found])
        return
    rows = ([r.id, r.mailbox, when(r.received_at), r.size, r.attempts, r.reason] for r in found)
    columns = ["", "mailbox", "received", "bytes", "tries", "why"]
    console().print(table("", columns, rows) if found else "The quarantine is empty.")


@quarantine.command()
def show(
    number: Annotated[int, typer.Argument(help="The mail's number in the list.")],
    env_file: EnvFile = DEFAULT_ENV,
    raw: Annotated[bool, typer.Option("--raw", help="Write the raw bytes to standard output.")] = False,
    save: Annotated[Path | None, typer.Option("--save", help="Write the raw bytes to this file.")] = None,
) -> None:
    """Shows why a mail is in quarantine, and its first lines.

    Example: mailbot quarantine show 3 --save mail.eml
    """
    with store(env_file) as held:
        row = held.ledger_row(number)
        if row is None or row.state != "quarantined":
            raise PermanentError(f"no mail {number} is in quarantine", mend="'mailbot quarantine list' lists them")
        data = held.raw(row.sha256)
    if save:
        save.write_bytes(data)
    if raw:
        sys.stdout.buffer.write(data)
        return
    out = console()
    out.print(
        Text(f"mail {row.id} of {row.mailbox}, UID {row.uid}, {row.size} bytes, received {when(row.received_at)}")
    )
    out.print(Text(f"why: {row.reason}", style="bold"))
    if row.detail:
        out.print(Text(row.detail, style="dim"))
    out.print(Text(data[:4000].decode("utf-8", "backslashreplace")))


@quarantine.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers of mails; none: all of them.")] = None,
    env_file: EnvFile = DEFAULT_ENV,
) -> None:
    """Lets mails be processed again as if they had come now; the service (or 'mailbot poll') does it.

    Example: mailbot quarantine retry 3
    """
    with store(env_file) as held:
        changed = held.retry_quarantined(ids or None)
    if ids and changed < len(set(ids)):
        raise PermanentError(
            f"{changed} of {len(set(ids))} are in quarantine", mend="'mailbot quarantine list' lists them"
        )
    console().print(f"{changed} will be processed again.")
