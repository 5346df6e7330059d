"""The command line: each command is a few lines that call a room. Errors come out as one clear line, never a traceback."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

from mailbot.cli import inspect, operate, setup
from mailbot.errors import MailbotError

app = typer.Typer(
    name="mailbot",
    help="Reads support mailboxes, turns mails into tickets, asks customers only for what is missing, in their language, "
    "and tells the engineers.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
operate.register(app)
inspect.register(app)
setup.register(app)


def main() -> None:
    """The console script. Exit codes: 0 all went well, 1 something failed, 2 the settings or the call are wrong."""
    try:
        app()
    except MailbotError as error:
        if os.environ.get("MAILBOT_DEBUG"):
            raise
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]mailbot:[/] {_plain(error)}")
        sys.exit(2 if type(error).__name__ in ("SettingsError", "RulesError", "TemplateError") else 1)
    except BrokenPipeError:  # the reader (head, less) went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain(error: MailbotError) -> str:
    return str(error).replace("[", r"\[")
