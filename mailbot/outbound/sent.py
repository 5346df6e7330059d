"""The Sent folders of the mailboxes: mails in doubt are looked up there, and sent ones are kept there.

In: mailboxes by name and a way to connect. Out: `SentFolders`, which delivery asks by mail. A folder is used only where
SENT_FOLDER is set. Raises MailbotError when a folder cannot be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Generic, Protocol, TypeVar

from mailbot.errors import MailbotError
from mailbot.inbound.account import Inbox
from mailbot.inbound.imap import ImapSession
from mailbot.outbound.model import OutboxMail


class OwnMailbox(Inbox, Protocol):
    """A mailbox that mails are sent from."""

    @property
    def address(self) -> str: ...


Box = TypeVar("Box", bound=OwnMailbox)


class SentFolders(Generic[Box]):
    """Connections are opened on first use and kept until `close` or an error. One thread at a time."""

    def __init__(
        self, boxes: Iterable[Box], connect: Callable[[Box], ImapSession], clock: Callable[[], datetime]
    ) -> None:
        self._boxes = {box.address.lower(): box for box in boxes if box.sent_folder}
        self._connect, self._clock = connect, clock
        self._sessions: dict[str, ImapSession] = {}

    def __enter__(self) -> SentFolders[Box]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections. Never raises."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    def find(self, mail: OutboxMail) -> bool | None:
        """Whether the sender's Sent folder holds this Message-ID; None when the sender has none."""
        box = self._box(mail)
        if box is None:
            return None
        return self._do(box, lambda session: bool(session.find_message_id(mail.message_id)))

    def keep(self, mail: OutboxMail) -> None:
        """Put a copy into the sender's Sent folder, unless the server did so by itself (Gmail, Microsoft)."""
        box = self._box(mail)
        if box is None:
            return
        folder, now = box.sent_folder or "", self._clock()

        def put(session: ImapSession) -> bool:
            if not session.find_message_id(mail.message_id):
                session.append(folder, mail.raw, now)
            return True

        self._do(box, put)

    def _box(self, mail: OutboxMail) -> Box | None:
        """The mailbox of the From address: the envelope's may be another one, or empty."""
        if not self._boxes:
            return None
        headers = BytesHeaderParser().parsebytes(mail.raw)
        written = [address for _, address in getaddresses([str(value) for value in headers.get_all("From", [])])]
        for address in (*written, mail.sender):
            if found := self._boxes.get(address.lower()):
                return found
        return None

    def _do(self, box: Box, work: Callable[[ImapSession], bool]) -> bool:
        """Run a step in the folder; a kept connection that broke meanwhile is opened once more."""
        kept = box.address.lower() in self._sessions
        try:
            return work(self._session(box))
        except MailbotError:
            self._forget(box)
            if not kept:
                raise
        try:
            return work(self._session(box))
        except MailbotError:
            self._forget(box)
            raise

    def _session(self, box: Box) -> ImapSession:
        key = box.address.lower()
        if key not in self._sessions:
            session = self._connect(box)
            try:
                session.ensure_folder(box.sent_folder or "")
                session.select(box.sent_folder or "", read_only=True)
            except BaseException:
                session.close()
                raise
            self._sessions[key] = session
        return self._sessions[key]

    def _forget(self, box: Box) -> None:
        session = self._sessions.pop(box.address.lower(), None)
        if session is not None:
            session.close()
