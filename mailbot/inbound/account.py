"""What the wire rooms need to know of a server: small protocols that the settings fulfil.

In: nothing. Out: the shapes of an account (one server and its login), an inbox (an account and what to do there) and an
OAuth2 grant. `mailbot.settings` fulfils them; tests use any object with these attributes.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Protocol

from mailbot.errors import PermanentError


class Secret(Protocol):
    """A value that never shows itself by accident (pydantic's SecretStr)."""

    def get_secret_value(self) -> str: ...


class Grant(Protocol):
    """OAuth2 instead of a password (RFC 6749)."""

    @property
    def provider(self) -> str: ...  # microsoft365 | google | custom
    @property
    def tenant(self) -> str: ...
    @property
    def token_url(self) -> str | None: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> Secret | None: ...
    @property
    def refresh_token(self) -> Secret | None: ...  # absent: client credentials
    @property
    def scope(self) -> str | None: ...
    @property
    def mechanism(self) -> str: ...  # xoauth2 | oauthbearer


class Account(Protocol):
    """One server and how to log in there."""

    @property
    def host(self) -> str: ...
    @property
    def port_number(self) -> int: ...
    @property
    def security(self) -> str: ...  # tls | starttls | plain
    @property
    def username(self) -> str | None: ...
    @property
    def password(self) -> Secret | None: ...
    @property
    def oauth(self) -> Grant | None: ...
    @property
    def ca_file(self) -> Path | None: ...
    @property
    def timeout_seconds(self) -> float: ...


class Inbox(Account, Protocol):
    """One IMAP mailbox that is read."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def after(self) -> str: ...  # seen | nothing | move:FOLDER
    @property
    def sent_folder(self) -> str | None: ...


class Tokens(Protocol):
    """Where a connection gets a fresh OAuth2 access token; `mailbot.inbound.oauth.TokenSource` is one."""

    def token(self) -> str: ...
    def invalidate(self, token: str) -> None: ...


def secret(value: Secret | str | None) -> str:
    """The plain text of a secret, "" when there is none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else value.get_secret_value()


def is_loopback(host: str) -> bool:
    """True for localhost and the loopback addresses (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3)."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_plaintext(account: Account, where: str, *, allowed: bool) -> None:
    """Raise PermanentError when passwords and mails would cross a network unencrypted."""
    if account.security == "plain" and not allowed and not is_loopback(account.host):
        raise PermanentError(
            "an unencrypted connection off this machine is refused",
            where=where,
            mend="set SECURITY to tls or starttls, or MAILBOT_ALLOW_PLAINTEXT=true if everybody may read along",
        )
