"""Fixtures that start real servers. Where a server's program is absent the test is skipped with that reason, unless
MAILBOT_TEST_REQUIRE_SERVERS=1 demands it: then the test fails."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog
from servers import Dovecot, FaultySmtp, MailUser, TokenServer, find_dovecot, find_postgres, postgres

hypothesis.settings.register_profile("mailbot", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("mailbot")


def missing(what: str) -> None:
    """Skip, or fail where servers are required."""
    reason = f"{what} is not installed"
    if os.environ.get("MAILBOT_TEST_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{reason}, and MAILBOT_TEST_REQUIRE_SERVERS=1 demands it")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _token_server() -> Iterator[TokenServer]:
    with TokenServer() as server:
        yield server


@pytest.fixture
def token_server(_token_server: TokenServer) -> TokenServer:
    """An OAuth2 server whose tokens the session's Dovecot accepts."""
    _token_server.reset()
    return _token_server


@pytest.fixture(scope="session")
def open_folders() -> Iterator[Callable[[str], Path]]:
    """Makes folders that other users may enter, as servers started by root need them.

    Not pytest's own: each further pytest on the machine shuts those to other users again.
    """
    made: list[Path] = []

    def make(name: str) -> Path:
        made.append(Path(tempfile.mkdtemp(prefix=f"mailbot-{name}-")))
        made[-1].chmod(0o755)
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def dovecot(open_folders: Callable[[str], Path], _token_server: TokenServer) -> Iterator[Dovecot]:
    """A Dovecot for the whole session."""
    if find_dovecot() is None:
        missing("Dovecot (Debian: dovecot-imapd)")
    server = Dovecot(open_folders("dovecot"), _token_server).start()
    yield server
    server.stop()


@pytest.fixture
def own_dovecot(open_folders: Callable[[str], Path]) -> Iterator[Callable[..., Dovecot]]:
    """Makes Dovecots of the test's own, which it may stop and start."""
    if find_dovecot() is None:
        missing("Dovecot (Debian: dovecot-imapd)")
    made: list[Dovecot] = []

    def make(**settings: str) -> Dovecot:
        made.append(Dovecot(open_folders("dovecot"), **settings).start())  # type: ignore[arg-type]
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def mail_user(dovecot: Dovecot) -> MailUser:
    """A new account with an empty mailbox on the session's Dovecot."""
    return dovecot.user()


@pytest.fixture
def faulty_smtp() -> Iterator[FaultySmtp]:
    """An SMTP server that misbehaves on request."""
    with FaultySmtp() as server:
        yield server


@pytest.fixture
def smtp_sink(tmp_path: Path) -> Iterator[object]:
    """An SMTP server that keeps every mail."""
    smtp_server = pytest.importorskip("mailbot.demo.smtp_server")
    with smtp_server.DemoSmtpServer(tmp_path / "sent") as server:
        yield server


@pytest.fixture(scope="session")
def _postgres(open_folders: Callable[[str], Path]) -> Iterator[str]:
    if find_postgres() is None:
        missing("PostgreSQL (initdb and postgres)")
    with postgres(open_folders("postgres")) as url:
        yield url


@pytest.fixture
def postgres_url(_postgres: str) -> Iterator[str]:
    """URL of a new, empty database on the session's PostgreSQL."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    admin = _postgres.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield _postgres.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command that is run inside a test sets up logging on the stream of that test, which is closed behind it."""
    handlers, level, config = logging.getLogger().handlers[:], logging.getLogger().level, structlog.get_config()
    yield
    structlog.configure(**config)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
