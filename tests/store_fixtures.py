"""Fixtures of the store on each database that it runs on: every test that takes `store` runs on all three."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_story import Clock

from mailbot.store import Store, open_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "file", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Database and blob URL."""
    if request.param == "memory":
        return "sqlite://", "memory://"
    if request.param == "file":
        return f"sqlite:///{tmp_path}/mailbot.db", str(tmp_path / "blobs")
    return request.getfixturevalue("postgres_url"), str(tmp_path / "blobs")


@pytest.fixture(params=["file", "postgres"])
def lasting_urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The same without memory: for tests that open the store more than once."""
    if request.param == "file":
        return f"sqlite:///{tmp_path}/mailbot.db", str(tmp_path / "blobs")
    return request.getfixturevalue("postgres_url"), str(tmp_path / "blobs")


@pytest.fixture
def store(urls: tuple[str, str], clock: Clock) -> Iterator[Store]:
    opened = open_store(*urls, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def another(lasting_urls: tuple[str, str], clock: Clock) -> Iterator[Callable[[], Store]]:
    """Opens the same store once more, as another process would."""
    made: list[Store] = []

    def make() -> Store:
        made.append(open_store(*lasting_urls, clock=clock))
        return made[-1]

    yield make
    for one in made:
        one.close()
