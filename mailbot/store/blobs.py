"""Raw mails by their sha256: a folder by default, memory for replay, any fsspec URL (s3://bucket/path) otherwise.

In: bytes. Out: hex digests. A blob that exists is complete: it is written under another name, synced and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from mailbot.errors import StoreError
from mailbot.store.disk import flush
from mailbot.store.values import StoreUnavailableError

_Synced = TypeVar("_Synced")
_AT_ONCE = 64  # open files while a batch waits to be synced
_SYNCS = 8  # of them at a time
_STALE_SECONDS = 24 * 3600


class Blobs(Protocol):
    def put_many(self, raws: Sequence[bytes]) -> list[str]:
        """Keeps each of them safely, then returns their digests in order."""

    def get(self, digest: str) -> bytes:
        """Raises StoreError when it is gone or damaged."""

    def delete(self, digest: str) -> None: ...

    def exists(self, digest: str) -> bool: ...

    def digests(self) -> Iterator[str]: ...

    def age(self, digest: str) -> float:
        """Seconds since it was written; 0 when not known."""

    def clean(self) -> int:
        """Removes what broken-off writes left behind; returns how many."""


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def open_blobs(url: str) -> Blobs:
    """The blob store of a URL: a path, file://, memory://, or what fsspec knows (s3:// needs the package s3fs)."""
    if url.startswith("memory:"):
        return MemoryBlobs()
    if "://" not in url or url.startswith("file://"):
        return FolderBlobs(Path(url.removeprefix("file://")))
    import fsspec

    try:
        fs, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise StoreError(
            str(error), where="MAILBOT_BLOBS_URL", mend="install the package it names, or use a folder"
        ) from error
    return RemoteBlobs(fs, root)


def _checked(raw: bytes, digest: str, where: str) -> bytes:
    if digest_of(raw) != digest:
        raise StoreError("the stored mail is damaged", where=where, mend="restore it from a backup")
    return raw


def _gone(where: str) -> StoreError:
    return StoreError("no such mail is stored", where=where, mend="it was deleted by retention, or restore a backup")


def _all_gone(where: str) -> StoreUnavailableError:
    """Not one mail is there: rather a disk that is not mounted or a bucket that is not ours to see than this mail."""
    return StoreUnavailableError(
        "the place of the raw mails is gone or empty", where=where, mend="mount it, or mend MAILBOT_BLOBS_URL"
    )


class MemoryBlobs:
    """For replay and tests."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def put_many(self, raws: Sequence[bytes]) -> list[str]:
        found = [digest_of(raw) for raw in raws]
        self._held.update(zip(found, raws, strict=True))
        return found

    def get(self, digest: str) -> bytes:
        try:
            return self._held[digest]
        except KeyError:
            raise StoreError("no such mail is stored", where=f"memory://{digest}") from None

    def delete(self, digest: str) -> None:
        self._held.pop(digest, None)

    def exists(self, digest: str) -> bool:
        return digest in self._held

    def digests(self) -> Iterator[str]:
        return iter(list(self._held))

    def age(self, digest: str) -> float:  # noqa: ARG002
        return 0.0

    def clean(self) -> int:
        return 0


class FolderBlobs:
    """A local folder: ab/cdef…, readable by its owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tmp = root / "tmp"
        self._made: set[str] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0  # whose pool it is

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]

    def put_many(self, raws: Sequence[bytes]) -> list[str]:
        found = [digest_of(raw) for raw in raws]
        try:
            for at in range(0, len(raws), _AT_ONCE):
                self._put(dict(zip(found[at : at + _AT_ONCE], raws[at : at + _AT_ONCE], strict=True)))
        except OSError as error:
            raise StoreUnavailableError(
                f"cannot store the raw mail: {error.strerror or error}", where=str(self.root),
                mend="free space or mend the folder's permissions; nothing was lost, the mail is read again",
            ) from error  # fmt: skip
        return found

    def _put(self, raws: dict[str, bytes]) -> None:
        """Writes all, then syncs all, so that the disk gets them together; then renames, then syncs the folders."""
        folders = {self._folder(digest) for digest in raws}
        opened: list[tuple[int, Path, Path]] = []
        try:
            for digest, raw in raws.items():
                path = self._path(digest)
                if path.exists():
                    continue
                temporary = self._tmp / f"{digest[:16]}.{secrets.token_hex(6)}"
                handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                opened.append((handle, temporary, path))
                _write_all(handle, raw)
            self._all_at_once(os.fsync, [handle for handle, _, _ in opened])
            for _, temporary, path in opened:
                temporary.rename(path)
        finally:
            for handle, temporary, _ in opened:
                os.close(handle)
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
        self._all_at_once(flush, sorted(folders))

    def _all_at_once(self, sync: Callable[[_Synced], None], what: Sequence[_Synced]) -> None:
        """Syncs side by side: a journal writes together what is asked for together, many times faster than in turn."""
        if len(what) < 3:
            for one in what:
                sync(one)
            return
        if self._pool is None or self._process != os.getpid():  # a fork has none of its threads
            self._pool, self._process = ThreadPoolExecutor(_SYNCS, thread_name_prefix="sync"), os.getpid()
        list(self._pool.map(sync, what))

    def _folder(self, digest: str) -> Path:
        folder = self.root / digest[:2]
        if digest[:2] not in self._made:
            self.root.mkdir(mode=0o700, exist_ok=True)  # not what it lies in: that may be a disk to be mounted
            self._tmp.mkdir(mode=0o700, exist_ok=True)
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                flush(self.root)
            self._made.add(digest[:2])
        return folder

    def get(self, digest: str) -> bytes:
        path = self._path(digest)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            if next(self.digests(), None) is None:
                raise _all_gone(str(self.root)) from None
            raise _gone(str(path)) from None
        except OSError as error:
            raise StoreUnavailableError(f"cannot read the raw mail: {error.strerror}", where=str(path)) from error
        return _checked(raw, digest, str(path))

    def delete(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def exists(self, digest: str) -> bool:
        return self._path(digest).exists()

    def digests(self) -> Iterator[str]:
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                yield folder.name + path.name

    def age(self, digest: str) -> float:
        try:
            return max(0.0, time.time() - self._path(digest).stat().st_mtime)
        except FileNotFoundError:
            return 0.0

    def clean(self) -> int:
        removed = 0
        for path in self._tmp.glob("*") if self._tmp.exists() else ():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()
                    removed += 1
        return removed


class RemoteBlobs:
    """Any fsspec file system whose single write is atomic, as an object store's is."""

    def __init__(self, fs: Any, root: str) -> None:
        self._fs, self._root = fs, root.rstrip("/")

    def _path(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest[2:]}"

    def put_many(self, raws: Sequence[bytes]) -> list[str]:
        found = [digest_of(raw) for raw in raws]
        try:
            self._fs.pipe({self._path(digest): raw for digest, raw in zip(found, raws, strict=True)})
        except Exception as error:
            raise StoreUnavailableError(f"cannot store the raw mail: {error}", where=self._root) from error
        return found

    def get(self, digest: str) -> bytes:
        path = self._path(digest)
        try:
            raw = self._fs.cat_file(path)
        except FileNotFoundError:
            if not self._there():
                raise _all_gone(self._root) from None
            raise _gone(path) from None
        except Exception as error:
            raise StoreUnavailableError(f"cannot read the raw mail: {error}", where=path) from error
        return _checked(bytes(raw), digest, path)

    def delete(self, digest: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(self._path(digest))

    def _there(self) -> bool:
        try:
            return bool(self._fs.exists(self._root))
        except Exception:  # whatever keeps us from asking keeps us from reading too
            return False

    def exists(self, digest: str) -> bool:
        return bool(self._fs.exists(self._path(digest)))

    def digests(self) -> Iterator[str]:
        for path in self._fs.find(self._root):
            *_, folder, name = str(path).split("/")
            if len(folder) == 2 and len(name) == 62:
                yield folder + name

    def age(self, digest: str) -> float:
        try:
            modified = self._fs.modified(self._path(digest))
        except (FileNotFoundError, NotImplementedError):
            return 0.0
        return max(0.0, time.time() - float(modified.timestamp()))

    def clean(self) -> int:
        return 0


def _write_all(handle: int, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[os.write(handle, view) :]
