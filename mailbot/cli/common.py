"""What the commands share: settings from `--env-file`, an open engine that is closed again, tables, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from mailbot.runtime.engine import Engine
    from mailbot.settings import Settings
    from mailbot.store import Store

EnvFile = Annotated[Path, typer.Option("--env-file", help="Where the settings stand.", show_default=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
DEFAULT_ENV = Path(".env")
WIDE = 110  # characters: below it, lists leave out what `show` and --json tell


def console(stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False)


def settings_from(env_file: Path) -> Settings:
    from mailbot.errors import SettingsError
    from mailbot.settings import load

    if env_file != DEFAULT_ENV and not env_file.is_file():
        raise SettingsError("no such file", where=str(env_file), mend="'mailbot init' writes a commented .env")
    return load(env_file)


@contextmanager
def engine(env_file: Path, *, log: bool = True, need_mailboxes: bool = True) -> Iterator[Engine]:
    """An engine from the settings; closed when the command ends."""
    from mailbot.runtime import heap

    heap.starting()
    try:
        from mailbot.runtime import logs
        from mailbot.runtime.engine import Engine

        settings = settings_from(env_file)
        if log:
            logs.configure(settings.log_level, settings.log_format)
        made = Engine(settings, need_mailboxes=need_mailboxes)
    finally:
        heap.started()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def store(env_file: Path) -> Iterator[Store]:
    """Only the store, for commands that look and mend."""
    from mailbot.store import open_store

    settings = settings_from(env_file)
    made = open_store(settings.database_url.get_secret_value(), settings.blobs_url)
    try:
        yield made
    finally:
        made.close()


def known_states(asked: Sequence[str] | None, known: Iterable[str]) -> None:
    """Stops at a state that does not exist: an empty list would say that nothing is in it."""
    known = list(known)
    for state in asked or ():
        if state not in known:
            raise typer.BadParameter(f"found {state!r}; allowed are: {', '.join(known)}", param_hint="--state")


def print_json(value: Any) -> None:
    """One JSON document on standard output; times as ISO 8601."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    return str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], without: Collection[str] = ()) -> Table:
    """A plain table; every cell is data, never markup. without: columns that are left out."""
    made = Table(title=escape(title), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    kept = [place for place, column in enumerate(columns) if column not in without]
    for place in kept:
        made.add_column(columns[place], overflow="fold")
    for row in rows:
        made.add_row(*(escape("" if row[place] is None else str(row[place])) for place in kept))
    return made


def when(moment: datetime | None) -> str:
    """A time in this machine's zone, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
