"""Leases: one holder at a time, and no longer than agreed."""

from __future__ import annotations

from collections.abc import Callable

from store_story import Clock

from mailbot.store import Store, open_store


def test_one_owner_holds_a_lease_until_it_ends(store: Store, clock: Clock) -> None:
    assert store.lease("mailbox support", "a", 60)
    assert not store.lease("mailbox support", "b", 60)
    assert store.lease("mailbox escalate", "b", 60)
    clock.forward(seconds=61)
    assert store.lease("mailbox support", "b", 60)
    assert not store.lease("mailbox support", "a", 60)


def test_the_owner_prolongs_a_lease(store: Store, clock: Clock) -> None:
    store.lease("x", "a", 60)
    clock.forward(seconds=50)
    assert store.lease("x", "a", 60)
    clock.forward(seconds=50)
    assert not store.lease("x", "b", 60)


def test_only_the_owner_gives_a_lease_back(store: Store) -> None:
    store.lease("x", "a", 60)
    store.release("x", "b")
    assert not store.lease("x", "b", 60)
    store.release("x", "a")
    assert store.lease("x", "b", 60)
    assert [(name, owner) for name, owner, _ in store.leases()] == [("x", "b")]


def test_with_the_real_clock_the_databases_own_time_counts(
    another: Callable[[], Store], lasting_urls: tuple[str, str]
) -> None:
    another()
    store = open_store(*lasting_urls)
    assert store.lease("x", "a", 30)
    assert not store.lease("x", "b", 30)
    assert store.lease("y", "a", -1)
    assert store.lease("y", "b", 30)
    store.close()
