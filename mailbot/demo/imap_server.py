"""An IMAP server inside this process, on loopback: for `mailbot demo`, for tests, for nothing else.

In: users with passwords (and bearer tokens). Out: a running server with `.port`, used as a context manager. It is
pymap with its in-memory store; hostile mails belong on a real server (pymap itself parses them).
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from imapclient import IMAPClient
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.mailbox import MailboxData
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.parsing.specials.flag import Recent, Wildcard, get_system_flags
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"
# pymap drops keywords silently unless they are declared permanent.
setattr(  # noqa: B010 (a plain assignment is refused by the type checker)
    MailboxData, "permanent_flags", property(lambda _: (get_system_flags() - {Recent}) | {Wildcard})
)


class _Config(Config):
    greeting = b"mailbot demo ready"
    tls_auth = SASLAuth.named([b"PLAIN", b"LOGIN", b"XOAUTH2"])


class _Login(Login):
    bearers: Mapping[str, str] = {}  # bearer token: name

    async def authenticate(self, credentials: Any) -> Any:
        if not isinstance(credentials, ExternalCredentials):
            return await super().authenticate(credentials)
        if self.bearers.get(credentials._token or "") != credentials.authzid:
            raise InvalidAuth()
        return Identity(credentials.authzid, self, None, frozenset())


class DemoImapServer:
    """users: {name: password}; tokens: {bearer token: name}; tls: a server-side context for TLS from the start."""

    def __init__(
        self, users: Mapping[str, str], *, tokens: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.users, self.tokens, self.tls = dict(users), dict(tokens or {}), tls
        self.host, self.port = HOST, 0
        self._up = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="demo-imap", daemon=True)

    def __enter__(self) -> DemoImapServer:
        self._thread.start()
        if not self._up.wait(10) or self._fault is not None:
            raise RuntimeError("the embedded IMAP server did not start") from self._fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def deliver(self, user: str, mails: Sequence[bytes], folder: str = "INBOX") -> None:
        """Put mails into a user's folder, as a delivery agent would. Needs `tls=None`."""
        with IMAPClient(self.host, port=self.port, ssl=False, timeout=10) as client:
            client.login(user, self.users[user])
            for raw in mails:
                client.append(folder, raw, msg_time=datetime.now(UTC))

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._fault = error
            self._up.set()

    async def _serve(self) -> None:
        config = _Config(
            Namespace(proxy_protocol="noop", passlib_cfg=None),
            demo_data=False,
            demo_user="",
            demo_password="",
            host=self.host,
            port=0,
            tls_enabled=False,
            hash_context=Cleartext(),  # the default hash takes 500,000 rounds for each login
            invalid_user_sleep=0,
        )
        config.apply_context()
        login = _Login(config)
        login.bearers = self.tokens
        login.users_dict.update({name: UserMetadata(config, name, password=word) for name, word in self.users.items()})
        callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(callback, self.host, 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._stop.wait()
        server.close()  # not wait_closed(): from Python 3.12 on it hangs while a client is connected
