"""Raw mails are kept whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import fsspec
import pytest

from mailbot.errors import StoreError, TemporaryError
from mailbot.store.blobs import Blobs, FolderBlobs, MemoryBlobs, RemoteBlobs, digest_of, open_blobs
from mailbot.store.values import StoreUnavailableError


@pytest.fixture(params=["memory", "folder", "remote"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "memory":
        return MemoryBlobs()
    if request.param == "folder":
        return FolderBlobs(tmp_path / "blobs")
    return RemoteBlobs(fsspec.filesystem("memory", skip_instance_cache=True), f"/{tmp_path.name}/blobs")


def test_bytes_are_found_by_their_digest(blobs: Blobs) -> None:
    raws = [b"one", b"two", b"", b"one"]
    digests = blobs.put_many(raws)
    assert digests == [digest_of(raw) for raw in raws]
    assert [blobs.get(d) for d in digests] == raws
    assert sorted(blobs.digests()) == sorted(set(digests))


def test_a_blob_can_be_deleted_twice(blobs: Blobs) -> None:
    digest, _ = blobs.put_many([b"x", b"y"])
    assert blobs.exists(digest)
    blobs.delete(digest)
    blobs.delete(digest)
    assert not blobs.exists(digest)
    with pytest.raises(StoreError, match="no such mail"):
        blobs.get(digest)


def test_a_large_batch_is_kept(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    raws = [str(n).encode() for n in range(150)]
    assert [blobs.get(d) for d in blobs.put_many(raws)] == raws
    assert list((tmp_path / "tmp").iterdir()) == []


def test_nobody_else_can_read_the_mails(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "b")
    (digest,) = blobs.put_many([b"secret"])
    path = tmp_path / "b" / digest[:2] / digest[2:]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_damage_is_noticed(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    (digest,) = blobs.put_many([b"whole"])
    (tmp_path / digest[:2] / digest[2:]).write_bytes(b"who")
    with pytest.raises(StoreError, match="damaged"):
        blobs.get(digest)


def test_a_full_disk_leaves_no_half_mail_and_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailableError, match="No space left") as caught:
        blobs.put_many([b"mail"])
    assert isinstance(caught.value, TemporaryError)
    monkeypatch.undo()
    assert list(blobs.digests()) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    assert blobs.get(blobs.put_many([b"mail"])[0]) == b"mail"


def test_what_a_broken_off_write_left_is_cleaned_after_a_day(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.put_many([b"x"])
    old, young = tmp_path / "tmp" / "old", tmp_path / "tmp" / "young"
    old.write_bytes(b"")
    young.write_bytes(b"")
    os.utime(old, (0, 0))
    assert blobs.clean() == 1
    assert young.exists()


def test_a_place_that_is_not_mounted_is_not_the_mails_fault(tmp_path: Path) -> None:
    """Mails wait then, instead of going to quarantine one after the other."""
    root = tmp_path / "blobs"
    folder = FolderBlobs(root)
    (digest, other) = folder.put_many([b"one", b"two"])
    folder.delete(other)
    with pytest.raises(StoreError, match="no such mail") as caught:
        folder.get(other)
    assert not isinstance(caught.value, TemporaryError), "one mail is gone, the others are there"
    root.rename(tmp_path / "unmounted")
    with pytest.raises(TemporaryError, match="gone or empty"):
        folder.get(digest)
    root.mkdir()
    with pytest.raises(TemporaryError, match="gone or empty"):
        folder.get(digest)
    root.rmdir()
    (tmp_path / "unmounted").rename(root)
    assert folder.get(digest) == b"one"


def test_a_bucket_that_is_gone_or_does_not_answer_is_not_the_mails_fault(tmp_path: Path) -> None:
    fs = fsspec.filesystem("memory", skip_instance_cache=True)
    bucket = RemoteBlobs(fs, f"/{tmp_path.name}/bucket")
    (digest, other) = bucket.put_many([b"one", b"two"])
    bucket.delete(other)
    with pytest.raises(StoreError) as caught:
        bucket.get(other)
    assert not isinstance(caught.value, TemporaryError)

    class Away:
        def __getattr__(self, name: str) -> object:
            raise ConnectionError("no route to the object store")

    with pytest.raises(TemporaryError, match="no route"):
        RemoteBlobs(Away(), "/bucket").get(digest)
    fs.rm(f"/{tmp_path.name}/bucket", recursive=True)
    with pytest.raises(TemporaryError, match="gone or empty"):
        bucket.get(digest)


def test_an_unknown_kind_of_url_is_told() -> None:
    with pytest.raises(StoreError, match="MAILBOT_BLOBS_URL"):
        open_blobs("nonsense://bucket")
