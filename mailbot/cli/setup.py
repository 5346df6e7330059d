"""`mailbot init`, `mailbot check`, `mailbot db`: from nothing to a checked installation."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from mailbot.cli.common import DEFAULT_ENV, EnvFile, console, settings_from, table
from mailbot.errors import MailbotError, PermanentError

if TYPE_CHECKING:
    from mailbot.settings import Settings

db = typer.Typer(help="The database: bring it up to date after an update of mailbot.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(check)
    app.add_typer(db, name="db")


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
) -> None:
    """Writes a commented .env, directory.yaml, and your own copies of rules/ and templates/. Nothing is overwritten.

    Example: mailbot init /etc/mailbot
    """
    from mailbot.settings import shipped

    folder.mkdir(parents=True, exist_ok=True)
    out = console()
    example = shipped("config.example.env").read_text(encoding="utf-8")
    own = {
        "MAILBOT_SECRET": secrets.token_urlsafe(32),
        "MAILBOT_RULES_DIR": "rules",
        "MAILBOT_TEMPLATES_DIR": "templates",
    }
    own["MAILBOT_DIRECTORY"] = "directory.yaml"
    for name, value in own.items():
        lines = [f"{name}={value}" if line.startswith(f"#{name}=") else line for line in example.split("\n")]
        example = "\n".join(lines)
    directory = Path(__file__).parent.parent / "demo" / "directory.yaml"
    for path, text in ((folder / ".env", example), (folder / "directory.yaml", directory.read_text(encoding="utf-8"))):
        if path.exists() and not force:
            out.print(f"kept     {escape(str(path))} (it is there already)")
            continue
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        out.print(f"wrote    {escape(str(path))}")
    for what in ("rules", "templates"):
        target = folder / what
        if target.exists() and not force:
            out.print(f"kept     {escape(str(target))}/ (it is there already)")
            continue
        shutil.copytree(shipped(what), target, dirs_exist_ok=True)
        out.print(f"copied   {escape(str(target))}/")
    out.print("\nNext: fill in .env and directory.yaml, then run [bold]mailbot check[/].")


Row = tuple[str, str, str]  # what was checked, "ok" or what is wrong, how to mend it


def check(
    env_file: EnvFile = DEFAULT_ENV,
    offline: Annotated[bool, typer.Option("--offline", help="Do not connect to the servers.")] = False,
) -> None:
    """Logs in to each server, opens the folders, compiles rules and templates, checks the database: what is to mend?

    Example: mailbot check
    """
    settings = settings_from(env_file)
    rows = list(_checks(settings, offline))
    out = console()
    made = table("", ["", "what", "found", "to mend"], ((("✓" if r[1].startswith("ok") else "✗"), *r) for r in rows))
    out.print(made)
    wrong = sum(not r[1].startswith("ok") for r in rows)
    out.print(f"{wrong} to mend." if wrong else "All is well.")
    if wrong:
        raise typer.Exit(1)


def _try(what: str, step: object) -> Row:
    try:
        told = step()  # type: ignore[operator]
    except OSError as error:
        return what, f"{error.filename}: {error.strerror}" if error.filename else str(error), "check the path"
    except MailbotError as error:
        return what, f"{error.where}: {error.what}" if error.where else error.what, error.mend
    return what, f"ok{f': {told}' if told else ''}", ""


def _checks(settings: Settings, offline: bool) -> Iterator[Row]:
    from mailbot.runtime import checks

    yield ("settings", f"ok: {len(settings.mailboxes)} mailboxes", "") if settings.mailboxes else (
        "settings", "no mailbox is configured", "run 'mailbot init' and fill in .env",
    )  # fmt: skip
    if not settings.secret:
        yield "secret", "ok: none is set, one is made and kept in the database", ""
    rules = _try("rules", lambda: checks.rules(settings))
    yield rules
    for what, look in (("templates", checks.templates), ("directory", checks.directory)):
        well = rules[1].startswith("ok")
        yield _try(what, lambda look=look: look(settings)) if well else (what, "not looked at", "mend the rules first")
    yield _try("database", lambda: checks.database(settings))
    yield _try("raw mails", lambda: checks.blobs(settings))
    if offline:
        return
    for box in settings.mailboxes.values():
        yield _try(f"mailbox {box.name}", lambda box=box: checks.mailbox(settings, box))
    yield _try("SMTP", lambda: checks.smtp(settings))
    if settings.jira is not None:
        yield _try("Jira", lambda: checks.jira(settings))


@db.command()
def upgrade(env_file: EnvFile = DEFAULT_ENV) -> None:
    """Brings the database up to this version of mailbot. Make a backup first; stop the service.

    Example: mailbot db upgrade
    """
    from mailbot.store.migrate import current, upgrade

    url = settings_from(env_file).database_url.get_secret_value()
    before = current(url)
    upgrade(url)
    console().print(f"database: {before or 'empty'} -> {current(url)}")


@db.command()
def version(env_file: EnvFile = DEFAULT_ENV) -> None:
    """Says which version the database has. The exit code is 0 when it is the one that this mailbot needs.

    Example: mailbot db version
    """
    from mailbot.store.migrate import current, must_fit

    found = current(settings_from(env_file).database_url.get_secret_value())
    if found is None:
        raise PermanentError("the database is empty", where="MAILBOT_DATABASE_URL", mend="run 'mailbot db upgrade'")
    console().print(found)
    must_fit(found, "MAILBOT_DATABASE_URL")
