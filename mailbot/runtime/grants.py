"""Refresh tokens that a server replaced while we used them (RFC 6749 section 6): kept in the database, so that a
restart does not begin with one that is spent. A token that the operator newly sets wins over a kept one.
"""

from __future__ import annotations

import hashlib
import json

from mailbot.inbound.account import Grant, Secret, secret
from mailbot.store import Store


class _Renewed:
    """A grant whose refresh token is the newest one that is known."""

    def __init__(self, grant: Grant, token: str) -> None:
        self._grant, self.refresh_token = grant, token

    def __getattr__(self, name: str) -> object:
        return getattr(self._grant, name)


class RefreshTokens:
    """The refresh token of one server's login."""

    def __init__(self, store: Store, name: str, configured: Secret | None) -> None:
        self._store, self._key = store, f"refresh:{name}"
        self._configured = hashlib.sha256(secret(configured).encode()).hexdigest()

    def newest(self, grant: Grant) -> Grant:
        """The grant, with the kept refresh token where it came out of the configured one."""
        held = json.loads(self._store.meta(self._key) or "{}")
        if held.get("from") != self._configured:
            return grant
        return _Renewed(grant, str(held["token"]))  # type: ignore[return-value]

    def keep(self, token: str) -> None:
        self._store.remember(self._key, json.dumps({"from": self._configured, "token": token}))
