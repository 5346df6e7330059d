"""OAuth2 access tokens for IMAP and SMTP: fetched, kept, refreshed before they end. Authlib lives here alone.

In: a `Grant` of the settings. Out: `TokenSource`, whose `token()` is always fresh, and its `TokenStatus` for operators.
Raises PermanentError when the grant itself is refused, TemporaryError when the token server does not answer.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.deprecate import AuthlibDeprecationWarning

from mailbot.errors import MailbotError, PermanentError, TemporaryError
from mailbot.inbound.account import Grant, is_loopback, secret
from mailbot.inbound.wire import tls_context

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # it would print a hint about its next HTTP library
    from authlib.integrations.httpx_client import OAuth2Client, OAuthError

TIMEOUT = 20.0
EARLY = timedelta(minutes=5)  # a token that ends sooner is replaced: a pass over a mailbox may last minutes
UNSAID = timedelta(hours=1)  # lifetime of a token that came without expires_in (RFC 6749 section 5.1: recommended)
PASSING = {"temporarily_unavailable", "server_error", "slow_down"}


@dataclass(frozen=True, slots=True)
class Preset:
    """Where a provider gives out tokens, and the scopes that reading and sending mail need."""

    token_url: str
    scope_client: str  # client credentials grant (RFC 6749 section 4.4); "" where the provider has none for mail
    scope_user: str  # refresh token grant (section 6)


PRESETS = {
    "microsoft365": Preset(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://outlook.office365.com/.default",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    ),
    "google": Preset("https://oauth2.googleapis.com/token", "", "https://mail.google.com/"),
}


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """What operators need to know of a grant. Times are in seconds from now, None when unknown."""

    expires_in: float | None = None  # of the access token; refreshed by itself
    grant_expires_in: float | None = None  # of the consent or client secret: only a person can renew it
    error: str = ""  # of the last try to get a token, "" when that went well


class TokenSource:
    """Gives access tokens of one grant. Safe to share between threads.

    ca_file: trusted instead of the system's authorities. keep: called with a new refresh token when the server hands
    one out (Microsoft does); what it stores should be given as the grant's refresh token after a restart.
    """

    def __init__(
        self,
        grant: Grant,
        *,
        ca_file: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: Callable[[str], None] = lambda _: None,
        grant_expires: date | None = None,
    ) -> None:
        self._grant, self._ca_file, self._clock, self._keep = grant, ca_file, clock, keep
        self._lock = threading.Lock()
        self._access, self._ends = "", datetime.min.replace(tzinfo=UTC)
        self._lifetime = UNSAID
        self._refresh = secret(grant.refresh_token)
        self._grant_ends = _end_of(grant_expires or getattr(grant, "grant_expires", None))
        self._error = ""
        self.url, self.scope = resolved(grant)
        self.where = f"OAuth2 {urlsplit(self.url).hostname}"

    def token(self) -> str:
        """An access token that is good for some minutes at least."""
        with self._lock:
            if self._clock() + self._early() >= self._ends:
                self._renew()
            return self._access

    def invalidate(self, token: str) -> None:
        """The mail server refused this token: the next call of `token` gets another."""
        with self._lock:
            if token == self._access:
                self._access, self._ends = "", datetime.min.replace(tzinfo=UTC)

    def status(self) -> TokenStatus:
        """How long the token and the grant behind it will last."""
        with self._lock:
            now = self._clock()
            return TokenStatus(
                expires_in=(self._ends - now).total_seconds() if self._access else None,
                grant_expires_in=(self._grant_ends - now).total_seconds() if self._grant_ends else None,
                error=self._error,
            )

    def _early(self) -> timedelta:
        return min(EARLY, self._lifetime / 5) if self._access else EARLY

    def _renew(self) -> None:
        try:
            answer = self._ask()
        except MailbotError as error:
            self._error = str(error)
            if self._access and self._clock() < self._ends and isinstance(error, TemporaryError):
                return  # the old token still holds; the next call tries again
            raise
        self._error = ""
        now = self._clock()
        self._access = answer["access_token"]
        self._lifetime = _seconds(answer.get("expires_in")) or UNSAID
        self._ends = now + self._lifetime
        # The end of the refresh token, where a server tells it: Google's name, then the common other one.
        if more := _seconds(answer.get("refresh_token_expires_in")) or _seconds(answer.get("refresh_expires_in")):
            self._grant_ends = now + more
        fresh = answer.get("refresh_token")
        if isinstance(fresh, str) and fresh and self._refresh and fresh != self._refresh:
            self._refresh = fresh
            self._keep(fresh)

    def _ask(self) -> Mapping[str, Any]:
        grant = self._grant
        word = secret(grant.client_secret)
        # A proxy of the environment must not get to see requests to this machine.
        outside = not is_loopback(urlsplit(self.url).hostname or "")
        try:
            with OAuth2Client(
                client_id=grant.client_id,
                client_secret=word or None,
                scope=self.scope or None,
                token_endpoint_auth_method="client_secret_post" if word else "none",
                timeout=TIMEOUT,
                trust_env=outside,
                verify=tls_context(self._ca_file, self.where) if outside or self._ca_file else True,
            ) as client:
                if self._refresh:
                    answer = client.refresh_token(self.url, refresh_token=self._refresh)
                else:
                    answer = client.fetch_token(self.url, grant_type="client_credentials", scope=self.scope or None)
        except OAuthError as error:
            raise self._refused(error) from error
        except httpx.HTTPError as error:
            raise TemporaryError(
                f"the token server does not answer: {error or type(error).__name__}",
                where=self.where,
                mend="check TOKEN_URL and the network; it is tried again",
            ) from error
        except (ValueError, TypeError, KeyError) as error:
            raise TemporaryError(
                "the token server's answer is no JSON document", where=self.where, mend="check TOKEN_URL"
            ) from error
        if not isinstance(answer.get("access_token"), str) or not answer["access_token"]:
            raise TemporaryError("the token server gave no access_token", where=self.where, mend="check TOKEN_URL")
        return dict(answer)

    def _refused(self, error: OAuthError) -> MailbotError:
        code = str(error.error)
        said = " ".join(f"{code}: {error.description or ''}".split())[:300]
        if code in PASSING:
            return TemporaryError(f"no token at present: {said}", where=self.where, mend="it is tried again")
        mend = {
            "invalid_client": "check CLIENT_ID and CLIENT_SECRET; the secret may have expired",
            "unauthorized_client": "allow this grant to the application, with an administrator's consent",
            "invalid_scope": "check SCOPE",
            "invalid_grant": "the consent has ended or was withdrawn: log in again and set a new REFRESH_TOKEN",
        }.get(code, "check the OAUTH settings")
        return PermanentError(f"no token: {said}", where=self.where, mend=mend)


def resolved(grant: Grant) -> tuple[str, str]:
    """Token URL and scope of a grant, presets filled in. Raises PermanentError for what is missing or unsafe."""
    preset = PRESETS.get(grant.provider)
    user = bool(secret(grant.refresh_token))
    url, scope = grant.token_url or "", grant.scope or ""
    if preset is not None:
        if not url and not user and grant.provider == "microsoft365" and grant.tenant == "common":
            raise PermanentError(
                "client credentials need a tenant",
                where="OAuth2 microsoft365",
                mend="set OAUTH__TENANT, or REFRESH_TOKEN",
            )
        if not user and not preset.scope_client:
            raise PermanentError(
                f"{grant.provider} gives no mail access without a user's consent",
                where=f"OAuth2 {grant.provider}",
                mend="set OAUTH__REFRESH_TOKEN",
            )
        url = url or preset.token_url.format(tenant=grant.tenant)
        scope = scope or (preset.scope_user if user else preset.scope_client)
    parts = urlsplit(url)
    if not parts.hostname:
        raise PermanentError("no token server is set", where="OAuth2", mend="set OAUTH__TOKEN_URL or OAUTH__PROVIDER")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise PermanentError(
            "secrets are sent over https only", where=f"OAuth2 {url}", mend="set TOKEN_URL to https://…"
        )
    return url, scope


def _seconds(value: object) -> timedelta | None:
    """A positive count of seconds; some servers send it as text."""
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return timedelta(seconds=seconds) if 0 < seconds < 10**9 else None


def _end_of(day: date | str | None) -> datetime | None:
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError as error:
            raise PermanentError(
                f"GRANT_EXPIRES is {day!r}, not a day", where="OAuth2", mend="write it as 2027-01-31"
            ) from error
    return datetime.combine(day, time(), UTC) if day else None
