"""`mailbot demo`: the main job on sample mails, with embedded servers; needs no account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.cli.common import console
from mailbot.errors import PermanentError


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the sent mails, the database and the log are left.")] = Path(
        "demo-out"
    ),
) -> None:
    """Plays a story with embedded IMAP and SMTP servers on this machine: who wrote, what was asked, what engineers got.

    Example: mailbot demo
    """
    try:
        from mailbot.demo.story import play
    except ImportError as error:
        raise PermanentError(
            f"the demo needs a package that is not installed: {error.name}",
            where="mailbot demo",
            mend="pip install 'mailbot[demo]', or run make demo",
        ) from error
    if not play(out, console()):
        raise typer.Exit(1)
