"""The command line: each command is a few lines that call a room. Errors come out as one clear line."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated

import typer
from rich.markup import escape

from mailbot import __version__
from mailbot.cli.common import console
from mailbot.errors import MailbotError

COMMANDS = (
    "service",
    "replay",
    "explain",
    "tickets",
    "outbox",
    "quarantine",
    "rules",
    "setup",
    "data",
    "incident",
    "demo",
)

app = typer.Typer(
    name="mailbot",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"mailbot {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Reads support mailboxes, turns mails into tickets, asks customers only for what is missing, in their language,
    and tells the engineers."""


for _name in COMMANDS:
    import_module(f"mailbot.cli.{_name}").register(app)


def _say(what: str) -> None:
    out = console(stderr=True)
    out.soft_wrap = True
    out.print(f"[bold red]mailbot:[/] {escape(what)}")


def main() -> None:
    """The console script. Exit codes: 0 all went well, 1 something failed, 2 settings, rules or the call are wrong."""
    try:
        app()
    except MailbotError as error:
        if os.environ.get("MAILBOT_DEBUG"):
            raise
        _say(str(error))
        sys.exit(2 if type(error).__name__ in ("SettingsError", "RulesError", "TemplateError") else 1)
    except BrokenPipeError:  # the reader (head, less) went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if os.environ.get("MAILBOT_DEBUG"):
            raise
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{(error.strerror or str(error)).lower()} (check the path, who may write there, and free space)")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
