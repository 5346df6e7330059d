"""Jira over its REST API: the one door to the `jira` package.

In: where it is and how to log in, keys of cards. Out: each card's status, None for one that Jira does not show us.
Raises TemporaryError (out of reach, overloaded, a 5xx) and PermanentError (login refused, no Jira there). Nothing is
written there; nothing is retried here: the next look is minutes away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mailbot.errors import PermanentError, TemporaryError

if TYPE_CHECKING:
    from mailbot.settings import JiraSettings

CHUNK = 50  # cards asked for in one search; its answer may still come in pages


class JiraBoard:
    """Reads the statuses of cards. The connection is made at the first question and kept."""

    def __init__(self, account: JiraSettings) -> None:
        self._account = account
        self._client: Any = None
        self._unknown: set[str] = set()  # cards that made a search fail: asked for one by one

    def statuses(self, keys: Sequence[str]) -> dict[str, str | None]:
        """Key → the name of the card's status; None: there is no such card, or it is not shown to this login."""
        with self._told():
            client = self._connected()
            found: dict[str, str | None] = {}
            plain = [key for key in dict.fromkeys(keys) if key not in self._unknown]
            for start in range(0, len(plain), CHUNK):
                found |= self._search(client, plain[start : start + CHUNK])
            for key in dict.fromkeys(keys):
                if key not in found:  # unknown, or moved to another project: it answers to its old key only alone
                    found[key] = self._one(client, key, let_in=any(found.values()))
            self._unknown = {key for key, status in found.items() if status is None}
            return found

    def who(self) -> str:
        """The product, its version and the login's name, for `mailbot check`."""
        with self._told():
            client = self._connected()
            person = client.myself()
            info = client.server_info()
            name = person.get("displayName") or person.get("name") or "?"
            return f"{info.get('serverTitle') or 'Jira'} {info.get('version', '')}, as {name}"

    def _connected(self) -> Any:
        if self._client is None:
            try:
                from jira import JIRA
            except ImportError:
                raise PermanentError(
                    "the package jira is not installed", where="MAILBOT_JIRA__URL", mend="pip install 'mailbot[jira]'"
                ) from None
            its = self._account
            token = its.token.get_secret_value()
            options = {"verify": str(its.ca_file) if its.ca_file else True}
            login: dict[str, Any] = {"basic_auth": (its.username, token)} if its.username else {"token_auth": token}
            self._client = JIRA(
                server=its.url, options=options, timeout=its.timeout_seconds, max_retries=0, logging=False, **login
            )
        return self._client

    @staticmethod
    def _search(client: Any, keys: Sequence[str]) -> dict[str, str]:
        from jira import JIRAError

        query = f"key in ({', '.join(keys)})"  # keys have one fixed form: nothing can be smuggled in
        try:
            issues = client.search_issues(query, maxResults=False, validate_query=False, fields="status")
        except JIRAError as error:
            if error.status_code == 400:  # one unknown key spoils the whole search where Jira insists on checking it
                return {}
            raise
        return {issue.key: _status(issue) for issue in issues if issue.key in keys}

    @staticmethod
    def _one(client: Any, key: str, *, let_in: bool) -> str | None:
        """let_in: Jira has shown us other cards just now, so that a 403 is about this card and not about the login."""
        from jira import JIRAError

        try:
            return _status(client.issue(key, fields="status"))
        except JIRAError as error:
            if error.status_code == 404 or (error.status_code == 403 and let_in):
                return None
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The package's errors as ours; a connection that failed is made anew next time."""
        try:
            yield
        except (PermanentError, TemporaryError):
            raise
        except Exception as error:
            self._client = None
            raise _ours(error, self._account.url) from error


def _status(issue: Any) -> str:
    return str(issue.fields.status.name)


def _ours(error: Exception, url: str) -> PermanentError | TemporaryError:
    from jira import JIRAError
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import SSLError, Timeout

    where = f"Jira {url}"
    if isinstance(error, JIRAError) and error.status_code:
        said = f"{error.status_code} {_short(error.text)}".strip()
        if error.status_code in (401, 403):
            return PermanentError(
                f"the login is refused: {said}", where=where, mend="check MAILBOT_JIRA__USERNAME and __TOKEN"
            )
        if error.status_code == 404:
            return PermanentError(f"no Jira answers there: {said}", where=where, mend="check MAILBOT_JIRA__URL")
        return TemporaryError(said, where=where, mend="tickets keep their stage; it is tried again")
    if isinstance(error, SSLError):
        return PermanentError(f"TLS: {_short(error)}", where=where, mend="check MAILBOT_JIRA__CA_FILE")
    if isinstance(error, Timeout):
        return TemporaryError("no answer in time", where=where, mend="see MAILBOT_JIRA__TIMEOUT_SECONDS")
    if isinstance(error, NoConnection):
        return TemporaryError(f"no connection: {_short(error)}", where=where, mend="tickets keep their stage")
    return TemporaryError(f"an answer that is none of Jira's: {type(error).__name__}: {_short(error)}", where=where)


def _short(said: object) -> str:
    """One line of what a server said: it may be a whole page."""
    return " ".join(str(said or "").split())[:200]
