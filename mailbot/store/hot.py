"""Statements of the hot path: SQLAlchemy compiles each once per database, the driver runs it.

In: a Core statement, parameters by name. Out: named tuples with the columns' Python types. Preparing a Core statement
for one execution costs some 150 µs, running it 10 to 20: a mail needs two dozen of them. Only statements whose text
never changes can be hot (no IN with a list of values).
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Boolean, Connection, Dialect, literal_column
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString, UTCDateTime

from mailbot.store.types import SafeText, storable

Processor = Callable[[Any], Any] | None


class _Compiled:
    """One statement for one database."""

    __slots__ = ("binds", "fixed", "names", "positional", "results", "row", "sql")

    def __init__(self, statement: Any, keys: Sequence[str] | None, columns: Iterable[Any], dialect: Dialect) -> None:
        compiled = _with_constants(statement).compile(dialect=dialect, column_keys=keys)
        self.sql: str = str(compiled)
        self.positional: bool = compiled.positional
        names = self.names = list(compiled.positiontup if compiled.positional else compiled.binds)
        literals = {name: bind for name, bind in compiled.binds.items() if not bind.required}
        self.fixed: dict[str, Any] = {n: bind.value for n, bind in literals.items() if bind.value is not None}
        self.binds = [
            (at if self.positional else name, processor)
            for at, name in enumerate(names)
            if (processor := _binding(compiled.binds[name].type, dialect)) is not None
        ]  # only what has to be turned into something else
        columns = list(columns)
        self.row: Any = namedtuple("Row", [str(c.key) for c in columns], rename=True) if columns else None
        self.results = [
            (at, processor) for at, c in enumerate(columns) if (processor := _reading(c.type, dialect)) is not None
        ]

    def values(self, given: Mapping[str, Any]) -> Any:
        if self.fixed:
            given = {**self.fixed, **given}
        made: Any = list(map(given.get, self.names)) if self.positional else {n: given.get(n) for n in self.names}
        for place, processor in self.binds:
            made[place] = processor(made[place])
        return made

    def made(self, raw: Sequence[Any]) -> Any:
        if self.results:
            values = list(raw)
            for at, processor in self.results:
                values[at] = processor(values[at])
            raw = values
        return self.row._make(raw)


_PLAIN_WORD = re.compile(r"[a-z]+")


def _with_constants(statement: Any) -> Any:
    """The statement with its constant words ("received") in its text instead of in parameters.

    SQLite may use a partial index only when it sees the word, and where the word is a parameter it prepares the whole
    statement anew each time one is bound, which takes five times as long as to run it.
    """

    def in_text(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or element.required:
            return None
        word = element.value
        if not isinstance(word, str) or not _PLAIN_WORD.fullmatch(word):
            return None
        return literal_column(f"'{word}'", element.type)

    return visitors.replacement_traverse(statement, {}, in_text)


def _binding(kind: TypeEngine[Any], dialect: Dialect) -> Processor:
    """What turns a Python value into the driver's. Our short cuts do what SQLAlchemy's do, in a third of the time."""
    if isinstance(kind, SafeText):
        return _safe
    if isinstance(kind, AutoString):
        return None
    if dialect.name == "sqlite":
        if isinstance(kind, UTCDateTime):
            return _utc_text
        if isinstance(kind, Boolean):
            return None  # the driver writes 0 and 1
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Processor:
    if isinstance(kind, (SafeText, AutoString)):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


_OFFSET = 26  # where "+00:00" begins


def _safe(value: str | None) -> str | None:
    return storable(value) if value else value


def _utc_text(value: datetime | None) -> str | None:
    """As SQLAlchemy stores it in SQLite: UTC, no offset, always six decimals, so that texts sort as times do."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a datetime without a zone cannot be stored")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:_OFFSET]


class Hot:
    """A statement that is run for every mail.

    statement: a Core statement, or a function of `on_sqlite` where the two databases need different ones.
    keys: the columns that an INSERT or UPDATE sets from parameters of the same names.
    """

    def __init__(self, statement: Any, *, keys: Sequence[str] | None = None) -> None:
        self._statement, self._keys = statement, keys
        self._compiled: dict[str, _Compiled] = {}

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        found = self._compiled.get(name)
        if found is None:
            statement = self._statement(name == "sqlite") if callable(self._statement) else self._statement
            found = self._compiled[name] = _Compiled(
                statement, self._keys, statement.exported_columns, connection.dialect
            )
        return found

    def _execute(self, connection: Connection, parameters: Mapping[str, Any]) -> tuple[_Compiled, Any]:
        compiled = self._for(connection)
        driver: Any = connection.connection.dbapi_connection
        return compiled, driver.execute(compiled.sql, compiled.values(parameters))

    def all(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Any]:
        """All rows that it returns."""
        compiled, cursor = self._execute(connection, parameters)
        return [compiled.made(raw) for raw in cursor.fetchall()]

    def first(self, connection: Connection, parameters: Mapping[str, Any]) -> Any | None:
        """The first row; None when there is none."""
        compiled, cursor = self._execute(connection, parameters)
        rows = cursor.fetchall()  # all of them: an unfinished cursor would hold the transaction open
        return compiled.made(rows[0]) if rows else None

    def scalar(self, connection: Connection, parameters: Mapping[str, Any]) -> Any:
        """The first column of the first row; None when there is none."""
        row = self.first(connection, parameters)
        return row[0] if row is not None else None

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Runs it; returns how many rows it changed."""
        _, cursor = self._execute(connection, parameters)
        return int(cursor.rowcount)

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Runs it for each; returns how many rows were changed in all."""
        if not rows:
            return 0
        compiled = self._for(connection)
        cursor: Any = connection.connection.cursor()
        try:
            cursor.executemany(compiled.sql, [compiled.values(row) for row in rows])
            return int(cursor.rowcount)
        finally:
            cursor.close()
