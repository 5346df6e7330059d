"""Backup and restore: one tar file with every table as JSON lines and every raw mail; the same for both databases.

In: an open store, a path. Out: counts. A backup is taken from one snapshot while everything runs; blobs never change,
so those that the snapshot names are copied after it. A backup of SQLite restores into PostgreSQL and the other way.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, insert, select, text
from sqlmodel import UTCDateTime

from mailbot.errors import StoreError
from mailbot.store.base import Part
from mailbot.store.migrate import HEAD
from mailbot.store.models import Counter, Ledger, metadata

_L = Ledger.__table__  # type: ignore[attr-defined]
_MANIFEST = "manifest.json"
_MANY = 500
_BLOBS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    rows: int
    blobs: int
    missing: int  # raw mails that the ledger names and that are gone (retention)


class BackupPart(Part):
    """Writes and reads backups."""

    def backup(self, path: str | Path) -> Backup:
        """Writes a backup; an existing file is replaced only once the new one is whole. Readable by its owner only."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = blobs = missing = 0
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                with tarfile.open(fileobj=file, mode="w") as archive, self.db.snapshot() as connection:
                    manifest = {"mailbot": HEAD, "made": self.clock().isoformat()}
                    _add(archive, _MANIFEST, json.dumps(manifest).encode())
                    for table in metadata.sorted_tables:
                        rows += _add_table(archive, connection, table)
                    digests = list(connection.execute(select(_L.c.sha256).distinct()).scalars())
                    for digest in digests:
                        try:
                            _add(archive, f"blobs/{digest}", self.blobs.get(digest))
                            blobs += 1
                        except StoreError:
                            missing += 1
                file.flush()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        return Backup(rows, blobs, missing)

    def restore(self, path: str | Path) -> Backup:
        """Reads a backup into this store, which must be empty."""
        where = str(path)
        rows = blobs = 0
        try:
            with tarfile.open(path, "r") as archive, self.db.write("restore") as connection:
                self._must_be_empty(connection)
                _check_manifest(archive, where)
                connection.execute(Counter.__table__.delete())  # type: ignore[attr-defined]
                for table in metadata.sorted_tables:
                    rows += _load_table(archive, connection, table)
                if not self.db.sqlite:
                    _set_sequences(connection)
                blobs = self._load_blobs(archive)
        except (tarfile.TarError, FileNotFoundError, KeyError, json.JSONDecodeError) as error:
            raise StoreError(
                f"not a backup of mailbot: {_first_line(error)}", where=where, mend="name a file of 'mailbot backup'"
            ) from error
        return Backup(rows, blobs, 0)

    def _must_be_empty(self, connection: Connection) -> None:
        for table in metadata.sorted_tables:
            if table.name != "counter" and connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreError("the database is not empty", where=self.db.name, mend="restore into a new one")

    def _load_blobs(self, archive: tarfile.TarFile) -> int:
        count = 0
        pack: list[bytes] = []
        for member in archive:
            if member.name.startswith("blobs/") and member.isfile():
                pack.append(_bytes_of(archive, member))
                count += 1
                if len(pack) >= _BLOBS_AT_ONCE:
                    self.blobs.put_many(pack)
                    pack = []
        self.blobs.put_many(pack)
        return count


def _first_line(error: Exception) -> str:
    """tarfile tells of every compression that it tried, a line each."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(":")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _add_table(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    """One table as JSON lines, through a temporary file so that no table needs to fit into memory."""
    count = 0
    with tempfile.TemporaryFile() as lines:
        order = list(table.primary_key.columns)
        for row in connection.execution_options(yield_per=_MANY).execute(select(table).order_by(*order)).mappings():
            lines.write(json.dumps({key: _out(value) for key, value in row.items()}).encode() + b"\n")
            count += 1
        info = tarfile.TarInfo(f"tables/{table.name}.jsonl")
        info.size, info.mode = lines.tell(), 0o600
        lines.seek(0)
        archive.addfile(info, lines)
    return count


def _load_table(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    count = 0
    member = archive.extractfile(f"tables/{table.name}.jsonl")
    if member is None:
        raise KeyError(table.name)
    for pack in _packs(member, table):
        connection.execute(insert(table), pack)
        count += len(pack)
    return count


def _packs(lines: IO[bytes], table: Table) -> Iterator[list[dict[str, Any]]]:
    pack: list[dict[str, Any]] = []
    for line in lines:
        row = json.loads(line)
        pack.append({key: _in(table.c[key], value) for key, value in row.items()})
        if len(pack) == _MANY:
            yield pack
            pack = []
    if pack:
        yield pack


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode("ascii")
    return value


def _in(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return value


def _check_manifest(archive: tarfile.TarFile, where: str) -> None:
    manifest = json.loads(_bytes_of(archive, archive.getmember(_MANIFEST)))
    if manifest["mailbot"] != HEAD:
        mend = "restore it with the mailbot that made it, then run mailbot db upgrade"
        raise StoreError(f"a backup of version {manifest['mailbot']}, this program has {HEAD}", where=where, mend=mend)


def _bytes_of(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None:
        raise KeyError(member.name)
    return file.read()


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL goes on counting where the restored rows end."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            statement = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), COALESCE(MAX({column.name}), 0) + 1, false) FROM {table.name}"  # noqa: E501, S608
            connection.execute(text(statement))
