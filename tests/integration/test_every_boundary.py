"""Killed at every transaction boundary of a desk's whole life: what came of it is the same as without the kill.

The story (desk_story.py) is lived once without a kill; what lay on the disk before each step is kept, and what came of
the step, and which boundaries it passed. Then for each boundary: the disk as it was before the step, a process that
kills itself there, another that works the step off, and the comparison.

By default each name of a boundary is tried once, on PostgreSQL only where something was written; with
MAILBOT_TEST_EVERY_BOUNDARY=1 every boundary is tried each time that it is passed, nearly a thousand.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from desk_story import STORY, Desk, told

from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import load_packs
from mailbot.runtime import clock
from mailbot.runtime import engine as engine_module
from mailbot.settings import shipped

EVERY = os.environ.get("MAILBOT_TEST_EVERY_BOUNDARY") == "1"
PIECES = {  # what a mail leads to, and what time brings
    "receive", "flagged", "attempted", "apply", "claim", "begin", "sent", "uncertain", "act", "meta",
    "quarantine", "quarantine-retry", "outbox-retry", "hold", "unhold", "retain-raw", "retain-text", "forget", "delete",
}  # fmt: skip


class Disk:
    """The database, the raw mails and the world; can be kept and brought back."""

    def __init__(self, place: Path, postgres_url: str | None) -> None:
        self.place, self.now, self._url = place, place / "now", postgres_url
        self.now.mkdir()
        self.urls = (postgres_url or f"sqlite:///{self.now}/mailbot.db", str(self.now / "blobs"))
        if postgres_url:
            self._base, _, self._name = postgres_url.replace("+psycopg", "").rpartition("/")

    def keep(self, name: str) -> None:
        shutil.copytree(self.now, self.place / name)
        self._copy(f"{self._name}_{name}", self._name) if self._url else None

    def back(self, name: str) -> None:
        shutil.rmtree(self.now)
        shutil.copytree(self.place / name, self.now)
        self._copy(self._name, f"{self._name}_{name}") if self._url else None

    def _copy(self, to: str, source: str) -> None:
        with psycopg.connect(f"{self._base}/template1", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {to} TEMPLATE {source}")


def in_a_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """How it ended (negative: the signal), and what it gave back."""
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        code = 3
        try:
            os.close(there)
            structlog.configure(processors=[_silent])
            with os.fdopen(here, "wb") as out:
                out.write(pickle.dumps(work()))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(here)
    with os.fdopen(there, "rb") as answer:
        given = answer.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, pickle.loads(given) if given else None


def _silent(*_: object) -> str:
    raise structlog.DropEvent


def lives(disk: Disk, end: int, boundary: Callable[[str], None] = lambda _name: None) -> tuple[dict[str, Any], Any]:
    """Works to a step of the story. Returns what came of it, and what the sink got."""
    desk = Desk(disk.now, disk.urls, boundary)
    desk.live(end)
    found = told(desk), desk.world.got()
    desk.engine.close()
    return found


def killer(at: int, said: Path) -> Callable[[str], None]:
    """Kills at the n-th boundary and says which it was: on a busy machine a commit may end early, and all are moved."""
    passed = 0

    def boundary(name: str) -> None:
        nonlocal passed
        passed += 1
        if passed == at:
            said.write_text(name)
            os.kill(os.getpid(), signal.SIGKILL)

    return boundary


@pytest.fixture(params=["file", "postgres"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    # What is loaded once in this process each child finds: rules, templates, the model, calendars.
    packs, templates = load_packs(shipped("rules")), TemplateSet(shipped("templates"))
    monkeypatch.setattr(engine_module, "load_packs", lambda _folder: packs)
    monkeypatch.setattr(engine_module, "TemplateSet", lambda _folder: templates)
    monkeypatch.setattr(clock, "now", clock.now)  # is put back after the test
    config = structlog.get_config()
    structlog.configure(processors=[_silent])
    (tmp_path / "first").mkdir()
    first = Desk(tmp_path / "first", ("sqlite://", "memory://"))
    first.live(len(STORY))
    first.engine.close()
    structlog.configure(**config)
    return Disk(tmp_path, request.getfixturevalue("postgres_url") if request.param == "postgres" else None)


@pytest.mark.timeout(7200 if EVERY else 900)
def test_a_kill_at_any_boundary_of_a_desks_life_changes_nothing(disk: Disk) -> None:
    plain: list[tuple[dict[str, Any], Any]] = []
    passed: list[list[str]] = []
    in_a_child(lambda: Desk(disk.now, disk.urls).engine.close())  # making the database is tried in test_store_faults
    for step in range(len(STORY)):
        disk.keep(f"s{step}")

        def step_off(step: int = step) -> tuple[Any, list[str]]:
            seen: list[str] = []
            return lives(disk, step + 1, seen.append), seen

        code, given = in_a_child(step_off)
        assert code == 0, f"step {step}"
        plain.append(given[0])
        passed.append(given[1])
    pieces = {name.partition(".")[0] for names in passed for name in names}
    assert pieces >= PIECES, PIECES - pieces
    on_postgres = disk.urls[0].startswith("postgres")
    tried: set[str] = set()
    count = Counter[str]()
    for step, names in enumerate(passed):
        for at, name in enumerate(names, 1):
            if not EVERY and (name in tried or (on_postgres and name.endswith(".begin") and name != "sent.begin")):
                continue
            tried.add(name)
            count[name] += 1
            _kill(disk, step, at, name, plain)
    assert count.total() > 30
    print(f"{count.total()} of {sum(map(len, passed))} boundaries in {len(STORY)} steps: {dict(sorted(count.items()))}")


def _kill(disk: Disk, step: int, at: int, name: str, plain: list[tuple[dict[str, Any], Any]]) -> None:
    where = f"step {step}, boundary {at}, {name}"
    disk.back(f"s{step}")
    code, _ = in_a_child(lambda: lives(disk, step + 1, killer(at, disk.place / "killed")))
    if code == 0:
        return  # fewer boundaries than in the life that nobody killed, on an idle machine
    assert code == -signal.SIGKILL, where
    name = (disk.place / "killed").read_text()
    end = step + 1
    code, given = in_a_child(lambda: lives(disk, end))
    assert code == 0, where
    if (
        given[0] != plain[step][0]
    ):  # a doubt may come a step earlier, when a kill is the first; in the end it is the same
        end = len(STORY)
        code, given = in_a_child(lambda: lives(disk, end))
        assert code == 0, where
    for part, found in given[0].items():
        wanted = plain[end - 1][0][part]
        assert found == wanted, f"{where}: {part}: too much {found - wanted}, too little {wanted - found}"
    repeated = {i: n for i, n in Counter(one["id"] for one in given[1]).items() if n > 1}
    # Only between the server's "250" and the row's commit can a kill leave a mail in doubt, which is sent once more.
    allowed = 1 if name in ("sent.begin", "sent.commit") else 0
    assert len(repeated) <= allowed, f"{where}: {repeated}"
    assert max(repeated.values(), default=2) == 2, f"{where}: {repeated}"
