"""What a newcomer may do wrong: each command says what, where and how to mend, and ends with the right code."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from mailbot.cli.main import main
from mailbot.runtime import service
from mailbot.runtime.engine import Engine

BOX = "MAILBOT_MAILBOXES__SUPPORT__"
GOOD = (
    f"{BOX}ADDRESS=support@desk.example\n{BOX}PACK=digibee\n{BOX}HOST=127.0.0.1\n{BOX}PORT=1\n{BOX}SECURITY=plain\n"
    f"{BOX}USERNAME=support\n{BOX}PASSWORD=secret\nMAILBOT_SMTP__HOST=127.0.0.1\nMAILBOT_SMTP__SECURITY=plain\n"
)


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def mailbot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs the console script's function in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    handlers = logging.getLogger().handlers[:]

    def run(*words: str) -> Done:
        monkeypatch.setattr("sys.argv", ["mailbot", *words])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        return Done(int(code or 0) if not isinstance(code, str) else 1, *capsys.readouterr())

    yield run
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


def tables(text: str) -> str:
    """The words of a table, its folded cells joined."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("poll", "--since", "yesterday"), 2, "--since: found 'yesterday' (allowed are"),
        (("poll", "--since", "2026-13-45"), 2, "--since: found '2026-13-45' (allowed are"),
        (("poll", "--env-file", "none.env"), 2, "none.env: no such file ('mailbot init'"),
        (("tickets", "list", "--env-file", "none.env"), 2, "none.env: no such file"),
        (("tickets", "show", "3"), 1, "there is no ticket 3 ('mailbot tickets list'"),
        (("quarantine", "show", "3"), 1, "no mail 3 is in quarantine"),
        (("quarantine", "retry", "3"), 1, "0 of 1 are in quarantine"),
        (("outbox", "retry", "7"), 1, "'mailbot outbox list' lists them"),
        (("outbox", "list", "--state", "gone"), 2, "found 'gone'"),
        (("tickets", "list", "--state", "gone"), 2, "found 'gone'"),
        (("incident", "open", "Forms hang", "--pack", "mine"), 2, "--pack: found 'mine' (allowed are: api-operations,"),
        (("incident", "open", "of the", "--pack", "digibee"), 2, "no word is left to match by"),
        (("incident", "close", "9"), 1, "incident 9: no such open incident"),
        (("explain", "none.eml"), 1, "none.eml: no such file"),
        (("replay", "none.mbox"), 1, "none.mbox: no such file or folder"),
        (("restore", "none.tar"), 1, "none.tar: not a backup of mailbot: no such file"),
        (("restore", ".env"), 1, ".env: not a backup of mailbot"),
        (("explain", ".env", "--templates", "none"), 2, "none: is no folder (name a folder of templates"),
        (("replay", ".env", "--templates", "none"), 2, "none: is no folder (name a folder of templates"),
        (("replay", "empty"), 1, "empty: no mail is in there (name an mbox"),
        (("replay", "empty", "--json"), 1, "empty: no mail is in there"),
        (("backup", "/proc/b.tar"), 1, "check the path"),
        (("backup", "empty"), 1, "empty: is a folder (name a file, as empty/mailbot-backup.tar)"),
        (("backup", "/dev/full/b.tar"), 1, "/dev/full: file exists (check the path, who may write there"),
        (
            ("forget", "ana@none.example", "--yes"),
            1,
            "no mail of ana@none.example or to it is kept (check the spelling)",
        ),
        (("init", "/proc/desk"), 1, "check the path"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_error_says_what_where_and_how_to_mend(
    mailbot: Run, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / ".env").write_text(GOOD)
    (tmp_path / "empty").mkdir()
    done = mailbot(*words)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MAILBOT_POL_SECONDS=5\n", "MAILBOT_POL_SECONDS: unknown setting; did you mean MAILBOT_POLL_SECONDS?"),
        (f"\n{BOX}ADDRESS\n", ".env, line 2: a line without '='"),
        (GOOD + "MAILBOT_TIMEZONE=Mars/Base\n", "MAILBOT_TIMEZONE: found 'Mars/Base'; not a known time zone"),
        (GOOD.replace("digibee", "digibe"), "found 'digibe'; no such rule pack"),
        (GOOD + "MAILBOT_DIRECTORY=none.yaml\n", "MAILBOT_DIRECTORY: found 'none.yaml'; no such file"),
        (GOOD + "MAILBOT_RULES_DIR=none\n", "no such folder: none; 'mailbot init' makes one"),
        (GOOD + "MAILBOT_DATABASE_URL=sqlite:////proc/none/mailbot.db\n", "/proc/none"),
        (
            GOOD + "MAILBOT_SMTP__OAUTH__CLIENT_ID=x\nMAILBOT_SMTP__OAUTH__GRANT_EXPIRES=soon\n",
            "write it as 2027-01-31",
        ),
        ("", "no mailbox is configured (run 'mailbot init'"),
    ],
    ids=["typo", "no value", "zone", "pack", "directory", "rules", "database", "grant", "empty"],
)
def test_wrong_settings_are_named(mailbot: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / ".env").write_text(text)
    done = mailbot("poll")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2)


def test_a_server_that_is_down_is_told_and_nothing_is_lost(mailbot: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(GOOD)
    done = mailbot("poll")
    assert done.returncode == 1
    assert "failed: support: IMAP 127.0.0.1:1: nobody listens there" in done.stderr
    assert "0 mails read" in done.stdout


def test_a_fault_of_the_program_ends_a_poll_with_what_is_wrong(
    mailbot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for ever, and wrote each local variable, whole mails and rule packs, into the log."""

    def broken(_engine: Engine) -> None:
        content = "a customer's words"
        raise NameError("exp is not there", name=content)

    monkeypatch.setattr(service, "REST_SECONDS", 0.01)
    monkeypatch.setattr(Engine, "process", broken)
    monkeypatch.setattr(Engine, "idle", lambda _engine: False)
    (tmp_path / ".env").write_text(GOOD)
    done = mailbot("poll")
    assert done.returncode == 1
    assert "failed: process: NameError: exp is not there (a fault of mailbot" in done.stderr
    assert "step failed" in done.stderr
    assert "a customer's words" not in done.stderr


def test_check_names_a_broken_rule_with_file_and_line(mailbot: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(GOOD + "MAILBOT_RULES_DIR=rules\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.yaml").write_text("name: mine\nkinds: [\n")
    done = mailbot("check", "--offline")
    assert "mine.yaml:" in tables(done.stdout)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MAILBOT_DATABASE_URL=mysql://x/y", "unknown database 'mysql' (use sqlite:///… or postgresql://…)"),
        ("MAILBOT_DATABASE_URL=mailbot.db", "not a database URL (write sqlite:///mailbot.db"),
        ("MAILBOT_DATABASE_URL=sqlite://mailbot.db", "'mailbot.db' stands where a server's name would (write sqlite"),
        ("MAILBOT_DATABASE_URL=postgresql://u:geheim@127.0.0.1:port/x", "not a database URL (write"),
        ("MAILBOT_DATABASE_URL=postgresql://u:geheim@127.0.0.1:9/x", "connection failed"),
        (
            "MAILBOT_DATABASE_URL=sqlite:///gone/mailbot.db",
            "there is no folder gone (make or mount it, or mend MAILBOT",
        ),
        ("MAILBOT_DATABASE_URL=sqlite:///a-file/mailbot.db", "there is no folder a-file"),
        ("MAILBOT_DATABASE_URL=sqlite:///a-file", "file is not a database (check MAILBOT_DATABASE_URL"),
        ("MAILBOT_BLOBS_URL=s4://bucket", "MAILBOT_BLOBS_URL: Protocol not known: s4"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_line(mailbot: Run, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / ".env").write_text(f"{GOOD}{line}\n")
    (tmp_path / "a-file").write_text("no database, " * 100)
    done = mailbot("poll")
    assert done.returncode != 0
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr
    checked = mailbot("check", "--offline")
    assert checked.returncode == 1
    assert "✗" in checked.stdout
    assert "Traceback" not in checked.stderr + done.stderr
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("where", ["file://a-file", "file:///proc/blobs", "file://gone/blobs"])
def test_check_keeps_a_mail_to_see_whether_it_can(mailbot: Run, tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").write_text("")
    (tmp_path / ".env").write_text(GOOD)
    assert "✓ raw mails ok: file://blobs" in tables(mailbot("check", "--offline").stdout)
    assert not list(tmp_path.glob("blobs/??/*"))
    (tmp_path / ".env").write_text(f"{GOOD}MAILBOT_BLOBS_URL={where}\n")
    done = mailbot("check", "--offline")
    assert "✗ raw mails" in tables(done.stdout)
    assert "cannot store" in tables(done.stdout)
    assert done.returncode == 1


def test_one_broken_rule_is_one_thing_to_mend(mailbot: Run, tmp_path: Path) -> None:
    assert mailbot("init", "desk").returncode == 0
    rule = tmp_path / "desk" / "rules" / "digibee.yaml"
    rule.write_text(rule.read_text() + "\nkindz: {}\n")
    (tmp_path / ".env").write_text(f"{GOOD}MAILBOT_RULES_DIR=desk/rules\nMAILBOT_DIRECTORY=desk/directory.yaml\n")
    done = mailbot("check", "--offline")
    assert tables(done.stdout).count("kindz") == 1
    assert tables(done.stdout).count("mend the rules first") == 2


def test_the_version_of_a_database_that_does_not_fit_is_told_with_an_exit_code(mailbot: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(GOOD)
    assert mailbot("db", "upgrade").returncode == 0
    assert mailbot("db", "version").returncode == 0
    for version, said in (("0999", "run the newer mailbot"), ("0001", "run mailbot db upgrade")):
        with contextlib.closing(sqlite3.connect(tmp_path / "mailbot.db")) as held, held:
            held.execute("UPDATE alembic_version SET version_num = ?", (version,))
        done = mailbot("db", "version")
        assert done.stdout.strip() == version
        assert said in done.stderr
        assert done.returncode == 1


def test_init_keeps_what_is_there(mailbot: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MINE=1\n")
    done = mailbot("init")
    assert done.returncode == 0
    assert (tmp_path / ".env").read_text() == "MINE=1\n"
    assert "kept" in done.stdout
    assert (tmp_path / "rules" / "digibee.yaml").is_file()
