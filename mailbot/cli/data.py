"""`mailbot backup`, `restore`, `forget`: what is kept, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.cli.common import DEFAULT_ENV, EnvFile, console, store
from mailbot.errors import PermanentError


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)
    app.command()(forget)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write; a whole file there is replaced.")],
    env_file: EnvFile = DEFAULT_ENV,
) -> None:
    """Writes everything, database and raw mails, into one file. The service may run meanwhile.

    Example: mailbot backup mailbot-backup.tar
    """
    if file.is_dir():
        raise PermanentError("is a folder", where=str(file), mend=f"name a file, as {file / 'mailbot-backup.tar'}")
    with store(env_file) as held:
        made = held.backup(file)
    gone = f", {made.missing} raw mails are no longer kept" if made.missing else ""
    console().print(f"{made.rows} rows and {made.blobs} raw mails in {file}{gone}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of 'mailbot backup'.")], env_file: EnvFile = DEFAULT_ENV
) -> None:
    """Reads a backup into an empty database (another MAILBOT_DATABASE_URL, or the old file moved away).

    Example: mailbot restore mailbot-backup.tar
    """
    with store(env_file) as held:
        read = held.restore(file)
    console().print(f"{read.rows} rows and {read.blobs} raw mails are back.")


def forget(
    address: Annotated[str, typer.Argument(help="The person's mail address.")],
    env_file: EnvFile = DEFAULT_ENV,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Deletes a person's data: mails, texts, values, addresses. The counts stay. This cannot be undone.

    Example: mailbot forget someone@example.org
    """
    if not yes:
        typer.confirm(f"Delete everything of {address} for good?", abort=True)
    with store(env_file) as held:
        gone = held.forget(address)
    if gone == type(gone)():
        raise PermanentError(f"no mail of {address} or to it is kept", mend="check the spelling")
    told = f"{gone.messages} mails and {gone.outgoing} of ours on {gone.tickets} tickets are emptied"
    console().print(f"{told}, {gone.blobs} raw mails deleted.")
