"""How one logs in to an IMAP server: by password or by OAuth2 token.

In: a connected client (a protocol that imapclient's fulfils), the account, the capabilities. Out: a client that
is logged in. Raises PermanentError for what the settings must mend; the client's own errors pass through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from mailbot.errors import PermanentError
from mailbot.inbound.account import Account, Tokens, secret
from mailbot.inbound.wire import bearer


class Client(Protocol):
    """The part of an IMAP client that logs in."""

    def login(self, username: str, password: str) -> Any: ...
    def plain_login(self, identity: str, password: str) -> Any: ...
    def sasl_login(self, mech_name: str, mech_callable: Callable[[bytes], bytes]) -> Any: ...


def login(client: Client, account: Account, tokens: Tokens | None, able: frozenset[str], where: str) -> None:
    """Log in as the account says."""
    if account.oauth is None:
        _with_password(client, account, able, where)
    elif tokens is None:
        raise PermanentError("OAUTH is set but no token source was given", where=where)
    else:
        _with_token(client, account, account.oauth.mechanism.upper(), tokens, able, where)


def _with_password(client: Client, account: Account, able: frozenset[str], where: str) -> None:
    user, password = account.username or "", secret(account.password)
    ascii_only = (user + password).isascii()
    # LOGIN carries ASCII only, and some servers switch it off; PLAIN carries UTF-8 (RFC 4616).
    if "LOGINDISABLED" not in able and ascii_only:
        client.login(user, password)
    elif "AUTH=PLAIN" in able:
        client.plain_login(user, password)
    elif "LOGINDISABLED" in able:
        raise PermanentError(
            "the server takes no password on this connection", where=where, mend="set SECURITY=tls or use OAUTH"
        )
    else:
        raise PermanentError(
            "the server takes no password with letters beyond ASCII", where=where, mend="choose another password"
        )


def _with_token(
    client: Client, account: Account, wanted: str, tokens: Tokens, able: frozenset[str], where: str
) -> None:
    offered = [name for name in ("XOAUTH2", "OAUTHBEARER") if f"AUTH={name}" in able]
    if not offered:
        raise PermanentError(
            "the server takes no OAuth2 login", where=where, mend="set PASSWORD instead of OAUTH, or another HOST"
        )
    mechanism = wanted if wanted in offered else offered[0]
    token = tokens.token()
    answers = list(bearer(mechanism, account.username or "", token, account.host, account.port_number))
    try:
        client.sasl_login(mechanism, lambda _: answers.pop(0).encode() if answers else b"")
    except Exception:
        tokens.invalidate(token)  # it may be revoked or wrong: the next try asks for a new one
        raise
