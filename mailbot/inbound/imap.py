"""The one IMAP client: a logged-in session with the few commands that mailbot needs. imapclient lives here alone.

In: an `Account`. Out: `ImapSession`, whose methods take and give UIDs, bytes and values of `inbound.model`, and raise
`TemporaryError` or `PermanentError` that say what to mend. One session belongs to one thread.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any

from imapclient import DELETED, SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    LoginError,
    ProtocolError,
)

from mailbot.errors import MailbotError, PermanentError, TemporaryError
from mailbot.inbound.account import Account, Tokens, refuse_plaintext
from mailbot.inbound.answers import aware, body_of, clean, is_news, joined, parts, read_folder
from mailbot.inbound.login import login
from mailbot.inbound.model import Folder, Listed
from mailbot.inbound.wire import Deadline, explain, tls_context, tune

SEARCH_WINDOW = 100_000  # UIDs in one SEARCH answer: imaplib refuses lines over 1 MB
SLOWEST = 16 * 1024  # octets a second below which a transfer counts as hanging
# RFC 5530: these answers to a login pass by themselves, all others mean that the login is wrong.
PASSING = re.compile(
    r"\[(UNAVAILABLE|SERVERBUG|INUSE|LIMIT|CONTACTADMIN)\]|too many|try again|temporar|rate.?limit|unavailable", re.I
)
UNREADABLE = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, AssertionError)


def connect(account: Account, *, tokens: Tokens | None = None, allow_plaintext: bool = False) -> ImapSession:
    """Connect and log in.

    tokens: where the OAuth2 access token comes from, needed when `account.oauth` is set. Raises PermanentError for what
    an operator must mend (password, certificate, missing STARTTLS), TemporaryError for what may pass.
    """
    where = f"IMAP {account.host}:{account.port_number}"
    refuse_plaintext(account, where, allowed=allow_plaintext)
    session = ImapSession(_open(account, where), account, where)
    try:
        session._secure_and_login(tokens)
    except BaseException:
        session.abort()
        raise
    return session


def _open(account: Account, where: str) -> IMAPClient:
    context = tls_context(account.ca_file, where)
    timeout = account.timeout_seconds
    try:
        client = IMAPClient(
            account.host,
            port=account.port_number,
            ssl=account.security == "tls",
            ssl_context=context,
            timeout=SocketTimeout(timeout, timeout),
        )
    except IMAPClientError as error:  # a greeting of BYE (RFC 9051 section 7.1.5), or no IMAP at all
        raise TemporaryError(f"no IMAP greeting: {error}", where=where, mend="check HOST and PORT") from error
    except (OSError, *UNREADABLE) as error:
        raise explain(error, where, security=account.security, seconds=timeout) from error
    client.normalise_times = False  # otherwise INTERNALDATE comes as naive local time
    with contextlib.suppress(AttributeError):
        client._imap.debug = 0  # imapclient logs every line it reads: half of the CPU time, and mails in the log
    tune(client.socket())
    return client


class ImapSession:
    """A logged-in connection. Use as a context manager; after an error with `broken` set it cannot be used again."""

    def __init__(self, client: IMAPClient, account: Account, where: str) -> None:
        self._client, self._account, self.where = client, account, where
        self.broken = False
        self.folder: Folder | None = None

    def __enter__(self) -> ImapSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- connection ------------------------------------------------------------------------------------------------

    def _secure_and_login(self, tokens: Tokens | None) -> None:
        account, client = self._account, self._client
        if account.security == "starttls":
            # A server (or somebody in between) that greets with PREAUTH or hides STARTTLS must not get us to go on in
            # plain text (RFC 8314 section 4.1, RFC 9051 section 11.1).
            if not self.has("STARTTLS") or bytes(client.welcome or b"").upper().startswith(b"* PREAUTH"):
                raise PermanentError(
                    "the server does not offer STARTTLS here",
                    where=self.where,
                    mend="set SECURITY=tls and the TLS port (usually 993)",
                )
            with self._guard("STARTTLS"):
                client.starttls(tls_context(account.ca_file, self.where))
                tune(client.socket())
        with self._guard("login"):
            login(client, account, tokens, self.capabilities, self.where)

    @property
    def capabilities(self) -> frozenset[str]:
        """The server's capabilities, upper case."""
        with self._guard("CAPABILITY"):
            return frozenset(name.decode("ascii", "replace").upper() for name in self._client.capabilities())

    def has(self, capability: str) -> bool:
        """Whether the server has a capability."""
        return capability.upper() in self.capabilities

    def close(self) -> None:
        """Log out if that is possible, and close in any case. Never raises."""
        if not self.broken:
            with contextlib.suppress(MailbotError), self._guard("LOGOUT", seconds=5):
                self._client.logout()
                return
        self.abort()

    def abort(self) -> None:
        """Close the connection without a word. Never raises."""
        self.broken = True
        with contextlib.suppress(Exception):
            self._client.shutdown()

    # -- folders ---------------------------------------------------------------------------------------------------

    def folders(self) -> list[str]:
        """Names of the folders that can be selected, sorted."""
        with self._guard("LIST"):
            listed = self._client.list_folders()
        return sorted(str(name) for flags, _, name in listed if b"\\noselect" not in {bytes(f).lower() for f in flags})

    def select(self, name: str, *, read_only: bool = False) -> Folder:
        """Select a folder. A folder that others may only read is selected read-only."""
        try:
            with self._guard("SELECT"):
                try:
                    answer = self._client.select_folder(name, readonly=read_only)
                except IMAPClientReadOnlyError:
                    answer = self._client.select_folder(name, readonly=True)
                    read_only = True
        except MailbotError as error:
            raise self._folder_error(name, error) from error
        self.folder = read_folder(name, answer, read_only)
        if self.folder.uidvalidity <= 0:
            raise PermanentError(
                f"the server gives no UIDVALIDITY for folder {name!r}",
                where=self.where,
                mend="use another folder or server",
            )
        return self.folder

    def _folder_error(self, name: str, error: MailbotError) -> MailbotError:
        if self.broken:
            return error
        with contextlib.suppress(MailbotError):
            there = self.folders()
            if name not in there:
                return PermanentError(
                    f"there is no folder {name!r}", where=self.where, mend="set FOLDER to one of: " + ", ".join(there)
                )
        return error

    def ensure_folder(self, name: str) -> bool:
        """Create a folder if it is not there. Returns whether it was created."""
        there = self.folders()
        if name in there or name.upper() == "INBOX":
            return False
        try:
            with self._guard("CREATE"):
                self._client.create_folder(name)
        except MailbotError as error:
            raise PermanentError(
                f"folder {name!r} does not exist and cannot be created: {error.what}",
                where=self.where,
                mend="set AFTER=move: to one of: " + ", ".join(there),
            ) from error
        return True

    # -- listing and fetching --------------------------------------------------------------------------------------

    def uids(self) -> list[int]:
        """UIDs of all mails in the selected folder, ascending."""
        exists = self.folder.exists if self.folder else 0
        if exists <= SEARCH_WINDOW:
            return self._search(["ALL"])
        found: set[int] = set()
        # Windows of sequence numbers: their answers have a known bound, whatever the UIDs are. If somebody expunges in
        # between, a number slides into the window before and its mail is found by the next pass.
        for low in range(1, exists + 1, SEARCH_WINDOW):
            high: int | str = low + SEARCH_WINDOW - 1 if low + SEARCH_WINDOW <= exists else "*"
            found.update(self._search([f"{low}:{high}"]))
        return sorted(found)

    def uids_from(self, lowest: int) -> list[int]:
        """UIDs from `lowest` on. A server answers `n:*` with the last mail even if it is older (RFC 9051 section 9)."""
        return [uid for uid in self._search(["UID", f"{lowest}:*"]) if uid >= lowest]

    def uids_since(self, day: date) -> list[int]:
        """UIDs of mails whose INTERNALDATE is on or after a day, in the server's time zone."""
        return self._search(["SINCE", day])

    def uids_with(self, uids: Sequence[int], key: str) -> list[int]:
        """Those of `uids` that match one search key such as DELETED."""
        return [found for part in parts(uids) for found in self._search(["UID", joined(part), key])]

    def find_message_id(self, message_id: str) -> list[int]:
        """UIDs of mails in the selected folder with this Message-ID, angle brackets included."""
        return self._search(["HEADER", "Message-ID", message_id])

    def _search(self, criteria: list[Any]) -> list[int]:
        with self._guard("SEARCH"):
            return sorted(int(uid) for uid in self._client.search(criteria))

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Size and INTERNALDATE of mails, ascending by UID. Mails that are gone are left out."""
        found: list[Listed] = []
        for part in parts(uids):
            for uid, item in sorted(self._fetch(part, ["RFC822.SIZE", "INTERNALDATE"]).items()):
                size, when = item.get(b"RFC822.SIZE"), item.get(b"INTERNALDATE")
                # A row without a size is an unsolicited flag update for a mail whose own answer did not come.
                if isinstance(size, int):
                    found.append(Listed(uid, size, aware(when)))
        return found

    def bodies(self, uids: Sequence[int], *, expected_bytes: int) -> dict[int, bytes]:
        """Whole mails, without setting \\Seen. Mails that are gone are left out."""
        answer = self._fetch(uids, ["BODY.PEEK[]"], expected_bytes=expected_bytes)
        return {uid: body for uid, item in answer.items() if (body := body_of(item)) is not None}

    def window(self, uid: int, start: int, length: int) -> bytes | None:
        """Octets of one mail from `start` (0-based) on, fewer than `length` at the mail's end; None when it is gone."""
        answer = self._fetch([uid], [f"BODY.PEEK[]<{start}.{length}>"], expected_bytes=length)
        return body_of(answer.get(uid, {}))

    def _fetch(
        self, uids: Sequence[int], items: list[str], expected_bytes: int = 0
    ) -> Mapping[int, Mapping[bytes, Any]]:
        with self._guard("FETCH", seconds=2 * self._account.timeout_seconds + expected_bytes / SLOWEST):
            answer: Mapping[int, Mapping[bytes, Any]] = self._client.fetch(list(uids), items)
            return answer

    # -- changing --------------------------------------------------------------------------------------------------

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Set \\Seen. UIDs that are gone are ignored by the server (RFC 9051 section 6.4.9)."""
        for part in parts(uids):
            with self._guard("STORE"):
                self._client.add_flags(part, [SEEN], silent=True)

    def move(self, uids: Sequence[int], target: str) -> str:
        """Move mails to another folder. Returns "" or a note on what this server could not do.

        Without MOVE (RFC 6851) they are copied and marked \\Deleted, and expunged by UID only where UIDPLUS (RFC 4315)
        allows it: a bare EXPUNGE would also remove what another client has marked.
        """
        if self.has("MOVE"):
            for part in parts(uids):
                with self._guard("MOVE"):
                    self._client.add_flags(part, [SEEN], silent=True)
                    self._client.move(part, target)
            return ""
        for part in parts(uids):
            # After a crash between COPY and the record of it, \Deleted tells which mails were copied already.
            copied = set(self.uids_with(part, "DELETED"))
            fresh = [uid for uid in part if uid not in copied]
            with self._guard("COPY"):
                if fresh:
                    self._client.add_flags(fresh, [SEEN], silent=True)
                    self._client.copy(fresh, target)
                    self._client.add_flags(fresh, [DELETED], silent=True)
                if self.has("UIDPLUS"):
                    self._client.uid_expunge(part)
        if self.has("UIDPLUS"):
            return ""
        return (
            f"the server has neither MOVE nor UIDPLUS: mails copied to {target!r} stay marked as deleted in the folder"
        )

    def append(self, folder: str, raw: bytes, when: datetime, *, seen: bool = True) -> None:
        """Append a mail to a folder."""
        with self._guard("APPEND", seconds=2 * self._account.timeout_seconds + len(raw) / SLOWEST):
            self._client.append(folder, raw, [SEEN] if seen else [], when)

    # -- waiting ---------------------------------------------------------------------------------------------------

    def idle(self, seconds: float, slice_seconds: float, stop: Callable[[], bool]) -> bool:
        """Wait for news of the selected folder (RFC 2177), at most so long. Returns whether mails may have come.

        stop: asked every `slice_seconds`. Raises TemporaryError when the connection is lost.
        """
        with self._guard("IDLE", seconds=seconds + 4 * self._account.timeout_seconds):
            self._client.idle()
            end, news = time.monotonic() + seconds, False
            while not news and time.monotonic() < end and not stop():
                news = self._idle_slice(min(slice_seconds, max(0.0, end - time.monotonic())))
            _, late = self._client.idle_done()
            # EXISTS in the packet that began IDLE is seen only with the end of it.
            return news or is_news(late)

    def _idle_slice(self, seconds: float) -> bool:
        begun = time.monotonic()
        answers = self._client.idle_check(timeout=seconds)
        if not answers and time.monotonic() - begun < seconds / 2:
            # imapclient answers a closed connection with nothing, at once, for ever.
            raise IMAPClientAbortError("the server closed the connection during IDLE")
        if any(answer[0] == b"BYE" for answer in answers):
            raise IMAPClientAbortError("the server said goodbye during IDLE")
        return is_news(answers)

    # -- errors ----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _guard(self, doing: str, *, seconds: float | None = None) -> Iterator[None]:
        """Put a deadline over commands and turn what goes wrong into our errors."""
        if self.broken:
            raise TemporaryError("the connection is lost already", where=self.where, mend="it is opened again")
        limit = seconds or 2 * self._account.timeout_seconds
        deadline = Deadline(self._client.socket(), limit)
        try:
            with deadline:
                yield
        except MailbotError:
            raise
        except (IMAPClientError, OSError, *UNREADABLE) as error:
            raise self._mapped(error, doing, deadline) from error

    def _mapped(self, error: Exception, doing: str, deadline: Deadline) -> MailbotError:
        text = clean(str(error))
        if deadline.passed:
            self.broken = True
            return TemporaryError(f"{doing} took longer than {deadline.seconds:.0f} s", where=self.where)
        if isinstance(error, OSError):
            self.broken = True
            return explain(error, self.where, security=self._account.security, seconds=self._account.timeout_seconds)
        if isinstance(error, LoginError) or doing == "login":
            return self._login_error(text)
        if isinstance(error, IMAPClientAbortError):
            self.broken = True
            return TemporaryError(f"connection lost during {doing}: {text}", where=self.where, mend="it is tried again")
        if isinstance(error, (ProtocolError, *UNREADABLE)):
            return TemporaryError(f"the server's answer to {doing} cannot be read: {text}", where=self.where)
        return TemporaryError(f"the server refused {doing}: {text}", where=self.where)

    def _login_error(self, text: str) -> MailbotError:
        if PASSING.search(text):
            return TemporaryError(f"no login at present: {text}", where=self.where, mend="it is tried again")
        if "eof" in text.lower():
            self.broken = True
            return TemporaryError("the server closed the connection during the login", where=self.where)
        how = "OAUTH settings and the server's permissions" if self._account.oauth else "USERNAME and PASSWORD"
        return PermanentError(
            f"login as {self._account.username!r} refused: {text}",
            where=self.where,
            mend=f"check {how}; many providers want an app password or OAuth2",
        )
