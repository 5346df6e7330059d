"""An SMTP server inside this process, on loopback, that keeps what it is given: for `mailbot demo` and for tests.

In: optionally a folder. Out: a running server with `.port` and `.mails`; each mail also lies as an .eml in the folder.
"""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SunkMail:
    """One mail as the server took it."""

    sender: str  # MAIL FROM
    recipients: tuple[str, ...]  # RCPT TO
    raw: bytes
    path: Path | None  # the .eml, when a folder was given


class DemoSmtpServer:
    """folder: where the .eml files go, created when needed. `mails` grows in the order of acceptance."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.host, self.port = HOST, 0
        self.mails: list[SunkMail] = []
        self._up = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="demo-smtp", daemon=True)

    def __enter__(self) -> DemoSmtpServer:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        if not self._up.wait(10) or self._fault is not None:
            raise RuntimeError("the embedded SMTP server did not start") from self._fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 (aiosmtpd's name)
        """Keep the mail (aiosmtpd calls this)."""
        raw = bytes(envelope.content)
        path = None
        if self.folder is not None:
            path = self.folder / f"{len(self.mails) + 1:04d}-{_slug(raw, envelope.rcpt_tos)}.eml"
            path.write_bytes(raw)
        self.mails.append(SunkMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, path))
        return f"250 2.0.0 kept as {len(self.mails)}"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._fault = error
            self._up.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            lambda: SMTP(self, hostname="demo.example", enable_SMTPUTF8=True, data_size_limit=50_000_000), self.host, 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._stop.wait()
        server.close()


def _slug(raw: bytes, recipients: list[str]) -> str:
    """A file name part from recipient and subject: letters, digits and dashes only."""
    try:
        subject = str(make_header(decode_header(str(message_from_bytes(raw[:65536]).get("Subject", "")))))
    except (LookupError, ValueError):
        subject = ""
    words = f"{recipients[0] if recipients else 'nobody'}-{subject}"
    return re.sub(r"[^\w]+", "-", words)[:60].strip("-").lower()
