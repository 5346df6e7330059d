"""`mailbot rules`: check the packs, export their JSON Schema, run the examples that stand in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot.cli.common import console, print_json, table
from mailbot.settings import shipped

rules = typer.Typer(help="The rule packs: check them, export their schema, run their examples.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option("--rules", help="The folder of the packs; the shipped ones when not given.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(rules, name="rules")


@rules.command()
def check(folder: Folder = None) -> None:
    """Loads and compiles every pack; each problem with file, line and mend.

    Example: mailbot rules check --rules rules
    """
    from mailbot.rules.check import check as problems_of
    from mailbot.understand.model import known_labels

    found = problems_of(folder or shipped("rules"), labels=known_labels())
    out = console()
    if found:
        out.print(table("", ["where", "what", "to mend"], ([p.where, p.what, p.mend] for p in found)))
        out.print(f"{len(found)} to mend.")
        raise typer.Exit(1)
    out.print("All packs are sound.")


@rules.command()
def schema() -> None:
    """Prints the JSON Schema of a pack, for editors that complete and check YAML.

    Example: mailbot rules schema > rules/pack.schema.json
    """
    from mailbot.rules.schema import schema as made

    print_json(made())


@rules.command("test")
def run_tests(folder: Folder = None) -> None:
    """Runs the examples that stand in the packs beside each field and kind: those that must match, and near misses.

    Example: mailbot rules test --rules rules
    """
    from mailbot.rules.pack import load_packs
    from mailbot.understand.samples import count, run_samples

    packs = load_packs(folder or shipped("rules")).values()
    wrong = [
        [pack.name, f.rule, f.language, "found" if f.wanted else "not found", f.text, f.got]
        for pack in packs
        for f in run_samples(pack)
    ]
    out = console()
    if wrong:
        out.print(table("", ["pack", "rule", "language", "to be", "sample", "got"], wrong))
    out.print(f"{sum(count(pack) for pack in packs)} samples in {len(packs)} packs, {len(wrong)} wrong.")
    if wrong:
        raise typer.Exit(1)
