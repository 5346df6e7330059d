"""`mailbot replay`: what the bot would have done with an archive. Nothing is sent, nothing is stored."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from mailbot.cli.common import console, table
from mailbot.errors import PermanentError, TemplateError

RulesDir = Annotated[Path | None, typer.Option("--rules", help="Another folder of rules than the one that ships.")]
TemplatesDir = Annotated[Path | None, typer.Option("--templates", help="Another folder of templates.")]
PackName = Annotated[str, typer.Option("--pack", help="The rule pack to use.")]


def register(app: typer.Typer) -> None:
    app.command()(replay)


def templates_folder(folder: Path | None) -> Path:
    """The folder asked for, or what ships."""
    from mailbot.settings import shipped

    if folder is not None and not folder.is_dir():
        raise TemplateError(
            "is no folder", where=str(folder), mend="name a folder of templates; 'mailbot init' makes one"
        )
    return folder or shipped("templates")


def answers(
    paths: list[Path], pack: str, rules: Path | None, templates: Path | None, directory: Path | None = None
) -> Any:
    """The replay engine with the folders filled in."""
    from mailbot.replay import raw_mails
    from mailbot.replay import replay as run
    from mailbot.rules.directory import load_directory
    from mailbot.rules.pack import load_packs
    from mailbot.settings import shipped

    for path in paths:
        if not path.exists():
            raise PermanentError(
                "no such file or folder", where=str(path), mend="name an mbox, a Maildir or .eml files"
            )
    folder = templates_folder(templates)
    if next(raw_mails(paths), None) is None:
        where = ", ".join(map(str, paths))
        raise PermanentError("no mail is in there", where=where, mend="name an mbox, a Maildir or .eml files")
    return run(
        paths,
        load_packs(rules or shipped("rules")),
        pack,
        folder,
        directory=load_directory(directory) if directory else None,
    )


def replay(
    paths: Annotated[list[Path], typer.Argument(help="mbox files, Maildirs, folders or files of .eml")],
    pack: PackName = "digibee",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a mail, on one line each.")] = False,
    rules: RulesDir = None,
    templates: TemplatesDir = None,
    directory: Annotated[
        Path | None, typer.Option("--directory", help="A directory.yaml, for routes and customers.")
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="A folder of older rules: print only what the change of rules changes."),
    ] = None,
) -> None:
    """What would the bot have done with these mails? Nothing is sent or stored.

    Example: mailbot replay last-month.mbox --pack digibee
    """
    from mailbot.runtime import logs

    logs.configure("error", "console")
    results = answers(paths, pack, rules, templates, directory)
    if compare is not None:
        from mailbot.cli.compare import show

        show(list(answers(paths, pack, compare, templates, directory)), list(results), as_json)
        return
    if as_json:
        for answer in results:
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    out = console()
    shown: list[dict[str, Any]] = []
    with Progress(
        SpinnerColumn(), TextColumn("{task.completed} mails read"), console=console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("read", total=None)
        for answer in results:
            shown.append(answer)
            bar.advance(task)
    out.print(table("", ["ticket", "language", "kind", "P", "missing", "what it would do"], (_row(a) for a in shown)))
    counts = Counter("automated" if a["automated"] else a["state"] for a in shown)
    replies = sum(action["type"] == "reply" for a in shown for action in a["actions"])
    told = ", ".join(f"{n} {what}" for what, n in counts.most_common())
    out.print(f"{len(shown)} mails: {told}; {replies} replies. Nothing was sent or stored.")


def _row(answer: dict[str, Any]) -> list[Any]:
    done = [
        f"reply {a['template']} to {', '.join(a['to'])}"
        if a["type"] == "reply"
        else f"{a['template']} to {a['team'] or ', '.join(a['to'])}"
        for a in answer["actions"]
    ]
    silent = answer["automated"] or answer["reason"]
    return [
        f"#{answer['ticket']}{' new' if answer['is_new_ticket'] else ''}" if answer["ticket"] else "",
        answer.get("language"),
        answer.get("kind"),
        answer.get("priority"),
        ", ".join(answer.get("missing", ())),
        "; ".join(done) or f"silence: {silent}",
    ]
