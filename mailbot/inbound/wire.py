"""What IMAP and SMTP connections share: verified TLS, a deadline over whole commands, and errors that say what to mend.

In: host names, sockets, low-level exceptions. Out: an SSLContext, a `Deadline`, `TemporaryError` or `PermanentError`.
"""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
import threading
import time
from pathlib import Path

from mailbot.errors import MailbotError, PermanentError, TemporaryError


def tls_context(ca_file: Path | None, where: str) -> ssl.SSLContext:
    """A context that verifies certificate and host name and speaks TLS 1.2 or newer (RFC 8314 section 4.1, RFC 8996).

    ca_file: PEM file with certificates trusted instead of the system's. Raises PermanentError if it is unreadable.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise PermanentError(
            f"CA_FILE {ca_file} cannot be read: {error}", where=where, mend="give a PEM file"
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def tune(sock: socket.socket) -> None:
    """Send small commands at once, and notice a peer that silently went away (keepalive)."""
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


class Deadline:
    """Shuts a socket down when a whole command takes too long.

    A socket's own timeout counts per recv, so a server that drips one octet at a time is never timed out by it.
    Use as a context manager; `passed` tells afterwards whether the deadline struck.
    """

    def __init__(self, sock: socket.socket | None, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._sock = sock

    def __enter__(self) -> Deadline:
        if self._sock is not None:
            _WATCH.add(self, time.monotonic() + self.seconds)
        return self

    def __exit__(self, *_: object) -> None:
        _WATCH.remove(self)

    def strike(self) -> None:
        """The time is over."""
        self.passed = True
        if self._sock is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: it would pull the TLS object away under a reader in another thread.
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class _Watch:
    """One thread for all deadlines of the program: timers of their own would start two threads for each mail sent."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: dict[Deadline, float] = {}  # → when it strikes, by the monotonic clock
        self._wakes = math.inf  # when the thread looks next
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, at: float) -> None:
        with self._changed:
            self._open[deadline] = at
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif at < self._wakes:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._open.pop(deadline, None)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [one for one, at in self._open.items() if at <= now]:
                    del self._open[deadline]
                    deadline.strike()
                self._wakes = min(self._open.values(), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else min(self._wakes - now, threading.TIMEOUT_MAX))


_WATCH = _Watch()


def bearer(mechanism: str, user: str, token: str, host: str, port: int) -> tuple[str, str]:
    """The client's side of XOAUTH2 or OAUTHBEARER (RFC 7628 section 3.1): the first answer, and the one to the server's
    error document, which lets it end with its refusal (section 3.2.3)."""
    if mechanism == "XOAUTH2":
        return f"user={user}\1auth=Bearer {token}\1\1", ""
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {token}\1\1", "\1"


def explain(error: Exception, where: str, *, security: str = "tls", seconds: float = 0) -> MailbotError:
    """Turn a network error into one of ours. TLS and configuration faults are permanent, the rest is worth a retry."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentError(
            f"the server's certificate is not trusted: {error.verify_message}",
            where=where,
            mend="use the host name that is in the certificate; for a private authority set CA_FILE to its PEM file",
        )
    if isinstance(error, ssl.SSLError):
        return _explain_tls(error, where)
    if isinstance(error, TimeoutError):
        hint = "" if security == "tls" else "; if the port speaks TLS from the start, set SECURITY=tls"
        return TemporaryError(
            f"no answer within {seconds:.0f} s", where=where, mend="check HOST, PORT and firewall" + hint
        )
    if isinstance(error, socket.gaierror):
        return TemporaryError(
            f"the host name cannot be resolved: {error.strerror}", where=where, mend="check HOST and DNS"
        )
    if isinstance(error, ConnectionRefusedError):
        return TemporaryError("nobody listens there", where=where, mend="check HOST and PORT, and that the server runs")
    if isinstance(error, UnicodeError):  # a label of the host name is empty or too long for IDNA
        return PermanentError(f"not a valid host name: {error}", where=where, mend="check HOST")
    return TemporaryError(f"connection lost: {error or type(error).__name__}", where=where, mend="it is tried again")


def _explain_tls(error: ssl.SSLError, where: str) -> MailbotError:
    reason = error.reason or str(error)
    if reason in ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
        return PermanentError(
            "the port does not speak TLS from the start",
            where=where,
            mend="set SECURITY=starttls, or the port that speaks TLS (IMAP 993, SMTP 465)",
        )
    if ("PROTOCOL" in reason and "VERSION" in reason) or reason == "NO_PROTOCOLS_AVAILABLE":
        return PermanentError(
            "the server offers no TLS 1.2 or newer", where=where, mend="update the server's TLS settings"
        )
    return TemporaryError(f"TLS failed: {reason}", where=where, mend="it is tried again")
