"""`mailbot run`, `mailbot poll`, `mailbot status`: the work itself, and how it is going."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from mailbot.cli.common import DEFAULT_ENV, AsJson, EnvFile, console, engine, print_json, table
from mailbot.errors import SettingsError

if TYPE_CHECKING:
    from mailbot.runtime.service import Service, Totals


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(poll)
    app.command()(status)


def run(
    env_file: EnvFile = DEFAULT_ENV,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing is left to do, instead of running on.")
    ] = False,
) -> None:
    """The service: polls, answers and sends until SIGTERM or Ctrl-C.

    Example: mailbot run
    """
    with engine(env_file) as made:
        from mailbot.runtime.health import HealthServer
        from mailbot.runtime.service import Service

        service = Service(made)
        if until_idle:
            with _progress(service):
                totals = service.run_until_idle()
            _end(totals.failures)
            return
        port = made.settings.health_port
        server = HealthServer(made.settings.health_host, port, made.health) if port else None
        try:
            service.run()
        finally:
            if server:
                server.close()


def poll(
    env_file: EnvFile = DEFAULT_ENV,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="Where the very first read of a folder starts: beginning, now, or a date as 2026-11-30."
        ),
    ] = None,
) -> None:
    """One pass: reads each mailbox, understands, answers, sends. The exit code is 0 when all went well.

    Example: mailbot poll --since beginning
    """
    start: object = since
    if since and since not in ("beginning", "now"):
        try:
            start = date.fromisoformat(since)
        except ValueError:
            mend = "allowed are: beginning, now, or a date as 2026-11-30"
            raise SettingsError(f"found {since!r}", where="--since", mend=mend) from None
    with engine(env_file) as made:
        from mailbot.runtime.service import Service

        service = Service(made)
        with _progress(service):
            totals = service.run_until_idle(start)  # type: ignore[arg-type]
        console().print(f"{totals.fetched} mails read, {totals.processed} processed, {totals.sent} sent.")
        _end(totals.failures)


class Doing:
    """How far the work is, for a line that is drawn again and again."""

    def __init__(self, totals: Totals) -> None:
        self.totals = totals

    def __rich__(self) -> str:
        done = self.totals
        return f"{done.fetched} of {done.found} new mails read, {done.processed} processed, {done.sent} sent"


def _progress(service: Service) -> AbstractContextManager[object]:
    """A line that shows how far the work is, on a terminal; nothing elsewhere."""
    out = console(stderr=True)
    return out.status(Doing(service.totals)) if out.is_terminal else nullcontext()


def _end(failures: list[str]) -> None:
    if failures:
        out = console(stderr=True)
        for failure in failures:
            out.print(f"[red]failed:[/] {escape(failure)}", soft_wrap=True)
        raise typer.Exit(1)


def status(env_file: EnvFile = DEFAULT_ENV, as_json: AsJson = False) -> None:
    """How it is going: mailboxes, ledger, tickets, outbox, quarantine. The exit code is 1 when something is wrong.

    Example: mailbot status
    """
    with engine(env_file, log=False) as made:
        health = made.health()
        if as_json:
            print_json(health.as_json())
        else:
            told = health.as_json()
            rows = []
            for name, value in told.items():
                if isinstance(value, dict):
                    rows += [[name.replace("_", " "), key, held] for key, held in value.items()]
                elif not isinstance(value, list):
                    rows.append([name.replace("_", " "), "", value])
            out = console()
            out.print(table("", ["what", "", ""], rows))
            for problem in health.problems:
                out.print(f"[red]✗[/] {escape(problem)}")
        if health.problems:
            raise typer.Exit(1)
