"""`mailbot incident`: declares a known incident, ends it, lists them."""

from __future__ import annotations

from typing import Annotated

import typer

from mailbot.cli.common import DEFAULT_ENV, EnvFile, console, settings_from, store, table, when
from mailbot.decide.incidents import wordings
from mailbot.errors import SettingsError

incident = typer.Typer(
    help="Known incidents: those who report one are told, and hear when it ends.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(incident, name="incident")


@incident.command("open")
def open_(
    title: Annotated[str, typer.Argument(help="What customers read: one short sentence.")],
    pack: Annotated[str, typer.Option("--pack", help="The rule pack whose customers report it.")],
    match: Annotated[str, typer.Option("--match", help="Words that report it; alternatives divided by commas.")] = "",
    env_file: EnvFile = DEFAULT_ENV,
) -> None:
    """Declares an incident. Example: mailbot incident open "Forms do not submit" --match "form submit" --pack acme"""
    words = wordings(title, match)
    if not words:
        raise typer.BadParameter("no word is left to match by", param_hint="--match")
    from mailbot.rules.pack import load_packs
    from mailbot.runtime.engine import rules_folder

    packs = load_packs(rules_folder(settings_from(env_file)))
    if pack not in packs:
        raise SettingsError(f"found {pack!r}", where="--pack", mend=f"allowed are: {', '.join(sorted(packs))}")
    with store(env_file) as held:
        number = held.open_incident(pack, title, words)
    console().print(f"Incident {number} is declared; told to those who write: {', '.join(words)}")


@incident.command()
def close(
    number: Annotated[int, typer.Argument(help="The incident's number.")], env_file: EnvFile = DEFAULT_ENV
) -> None:
    """Ends an incident; the running service tells all who reported it. Example: mailbot incident close 3"""
    with store(env_file) as held:
        held.close_incident(number)
    console().print(f"Incident {number} is over.")


@incident.command("list")
def list_(env_file: EnvFile = DEFAULT_ENV) -> None:
    """Lists the incidents. Example: mailbot incident list"""
    with store(env_file) as held:
        found = held.incidents()
    rows = [
        [i.id, i.pack, i.title, ", ".join(i.words), len(i.tickets), when(i.opened_at), when(i.closed_at)] for i in found
    ]
    columns = ["", "pack", "title", "words", "tickets", "since", "over"]
    console().print(table("", columns, rows) if found else "No incidents.")
