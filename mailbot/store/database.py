"""The database: engine, transactions, and `open_store`, which every other room begins with.

In: a SQLAlchemy URL and a blob URL. Out: a `Store`. Every transaction goes through `Database.write` or `read`.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import StaticPool

from mailbot.errors import StoreError
from mailbot.store.disk import flush
from mailbot.store.types import to_json
from mailbot.store.url import parse_url
from mailbot.store.values import StoreUnavailableError

# A writer takes the lock at once: a reader that turns writer half-way cannot wait for it and fails (SQLITE_BUSY).
# What begins a transaction, and how its commit is synced.
_READ = ("BEGIN", "")
_WRITE = ("BEGIN IMMEDIATE", "FULL")
_WRITE_LATER = ("BEGIN IMMEDIATE", "NORMAL")  # the write-ahead log is not synced at the commit
_NO_BEGIN = ("", "")
_SYNCED = "synchronous"  # in a connection's `info`: the setting that it has

Checkpoint = Callable[[str], None]
BUSY_SECONDS = 30
LOG_PAGES = 4000  # 16 MB of 4 KiB pages
READ_ONLY = "25006"  # SQLSTATE read_only_sql_transaction


def _pass(name: str) -> None:
    """The checkpoint of every day: nothing happens."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Local(threading.local):
    """What a thread is just doing."""

    writing: Connection | None = None
    reading: Connection | None = None
    begins: tuple[str, str] = _WRITE


class Database:
    """An engine, and the only two ways to use it. Safe for threads; a nested `write` becomes a savepoint."""

    def __init__(self, url: str, *, checkpoint: Checkpoint | None = None) -> None:
        self.url = parse_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.memory = self.sqlite and self.url.database in (None, "", ":memory:")
        self.checkpoint: Checkpoint = checkpoint or _pass
        self._wal = False  # SQLite's write-ahead log is in use
        self._listed = False  # its name was synced
        log = Path(f"{self.url.database}-wal")
        self._log = (log, log.parent)
        self._reached = False  # once: the settings cannot be wrong
        self._local = _Local()
        self.engine = self._engine()
        self._driver: Any = self.engine.dialect.loaded_dbapi
        # SQLite has one writer at a time: threads of this process wait here in turn instead of sleeping in its busy
        # handler. The in-memory database has but one connection, so its readers take turns too.
        self._turn = threading.RLock() if self.sqlite else nullcontext()
        self._idle: list[Connection] = []  # of SQLite: taking one from the pool costs as much as a dozen statements

    @property
    def name(self) -> str:
        """The URL without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    def _engine(self) -> Engine:
        options: dict[str, Any] = {"hide_parameters": True, "json_serializer": to_json, "json_deserializer": json.loads}
        if self.memory:
            options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        elif self.sqlite:
            self._make_file(Path(str(self.url.database)))
            options["connect_args"] = {"timeout": BUSY_SECONDS}
        else:
            options |= {
                "pool_pre_ping": True,
                "pool_size": 10,
                "connect_args": {"connect_timeout": 10, "options": "-c timezone=UTC"},
            }
        try:
            engine = create_engine(self.url, **options)
        except ImportError as error:
            raise StoreError(str(error), where=self.name, mend="pip install 'mailbot[postgres]'") from error
        if self.sqlite:
            event.listen(engine, "connect", self._prepare)
            event.listen(engine, "begin", self._begin)
        return engine

    @staticmethod
    def _make_file(path: Path) -> None:
        """Customers' mail is nobody else's to read: the file is made for its owner only (WAL and SHM inherit that).

        Its folder is not: where a disk is not mounted, an empty database would begin from the first mail again.
        """
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            there = path.parent.is_dir()
            what = f"cannot make the database: {error.strerror}" if there else f"there is no folder {path.parent}"
            mend = f"{'see who may write there' if there else 'make or mount it'}, or mend MAILBOT_DATABASE_URL"
            raise StoreUnavailableError(what, where=str(path), mend=mend) from error

    def _prepare(self, connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: _begin does
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if not self.memory:
            self._wal = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal"  # not every file system can
            cursor.execute("PRAGMA cache_size=-1000")  # KiB of each connection; the system caches the file too
            # Pages of the log before they are copied to the file: a page that changes often is copied less often.
            cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        cursor.close()

    @contextmanager
    def write(self, name: str, *, synced: bool = True) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Passes the checkpoints `name.begin`, `.commit` and `.committed`.

        synced: on return it survives a power failure too. Without, SQLite leaves that to the next commit that is
        synced, or to `sync`, whichever comes first; it survives the end of the process at once, and is never lost
        before something that was committed later.
        """
        outer = self._local.writing
        if outer is not None:
            with _savepoint(outer):
                yield outer
            return
        self.checkpoint(f"{name}.begin")
        begin = _WRITE_LATER if self._wal and not synced else _WRITE
        with self._turn, self._told(), self._transaction(begin) as connection:
            self._local.writing = connection
            try:
                yield connection
            finally:
                self._local.writing = None
            self.checkpoint(f"{name}.commit")
        self.checkpoint(f"{name}.committed")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look; inside a `write` of the same thread it sees what that has written."""
        writing = self._local.writing
        if writing is not None:
            yield writing
            return
        reading = self._local.reading
        if reading is not None:
            yield reading
            return
        with self._turn if self.memory else nullcontext(), self._told(), self._looking() as connection:
            self._local.reading = connection
            try:
                yield connection
            finally:
                self._local.reading = None

    def _looking(self) -> AbstractContextManager[Connection]:
        if self.memory:  # its one connection must stay free for a `write` inside this block
            return self.engine.execution_options(mailbot_begins=_NO_BEGIN).connect()
        return self._transaction(_READ)

    @contextmanager
    def _transaction(self, begin: tuple[str, str]) -> Iterator[Connection]:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            self._local.begins = begin
            with connection.begin():
                yield connection
        except BaseException:
            connection.close()
            raise
        self._reached = True
        if self.sqlite and not self.memory:
            self._idle.append(connection)
        else:
            connection.close()

    def _begin(self, connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        begin, synced = connection.get_execution_options().get("mailbot_begins", self._local.begins)
        if synced and connection.info.get(_SYNCED) != synced:
            driver.execute(f"PRAGMA synchronous={synced}")
            connection.info[_SYNCED] = synced
        if begin:
            driver.execute(begin)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A look at one moment that lasts, on a connection of its own: for backups."""
        if self.sqlite:
            with self.read() as connection:
                yield connection
            return
        with self._told(), self.engine.connect() as connection:
            fixed = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with fixed.begin():
                yield fixed

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says in our own words what the database could not do."""
        try:
            yield
        except exc.IntegrityError as error:
            raise StoreError(f"the database refused it: {_first_line(error.orig)}", where=self.name) from error
        except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
            raise self._unavailable(getattr(error, "orig", None) or error) from error
        except exc.DatabaseError as error:
            if self._is_out_of_use(error.orig):
                raise self._unavailable(error.orig) from error
            raise
        except self._driver.IntegrityError as error:
            raise StoreError(f"the database refused it: {_first_line(error)}", where=self.name) from error
        except (self._driver.OperationalError, self._driver.InterfaceError) as error:
            raise self._unavailable(error) from error
        except self._driver.DatabaseError as error:
            if self._is_out_of_use(error):
                raise self._unavailable(error) from error
            raise

    def _is_out_of_use(self, error: BaseException | None) -> bool:
        """A damaged file (SQLite raises its plain DatabaseError), or a standby that takes no writes (PostgreSQL)."""
        return type(error) is self._driver.DatabaseError or getattr(error, "sqlstate", None) == READ_ONLY

    def _unavailable(self, error: BaseException | None) -> StoreUnavailableError:
        again = "it is tried again; nothing was changed"
        mend = again if self._reached else "check MAILBOT_DATABASE_URL, and that the database can be reached"
        return StoreUnavailableError(_first_line(error), where=self.name, mend=mend)

    def sync(self) -> None:
        """All that is committed survives a power failure from here on. Raises StoreUnavailableError."""
        if not self._wal:
            return
        try:
            for place in self._log[:1] if self._listed else self._log:
                flush(place)
        except OSError as error:
            raise self._unavailable(error) from error
        self._listed = True

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    """What fails in here undoes itself alone. Plain SQL: SQLAlchemy's own costs as much as a dozen statements."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute("SAVEPOINT nested")
    try:
        yield
    except BaseException:
        driver.execute("ROLLBACK TO SAVEPOINT nested")
        driver.execute("RELEASE SAVEPOINT nested")
        raise
    driver.execute("RELEASE SAVEPOINT nested")


def _first_line(error: BaseException | None) -> str:
    """What the driver says, without the lines in which PostgreSQL repeats the values."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
