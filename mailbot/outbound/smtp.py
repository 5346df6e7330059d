"""The only SMTP client: one connection, kept for many mails. smtplib lives here alone.

In: an `Account` and finished mails. Out: a `Reply` for each mail. What concerns one mail is a value; what concerns the
server (no connection, wrong password, wrong certificate) is raised as `TemporaryError` or `PermanentError`.
"""

from __future__ import annotations

import contextlib
import select
import smtplib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

from mailbot.errors import MailbotError, PermanentError, TemporaryError
from mailbot.inbound.account import Account, Tokens, refuse_plaintext
from mailbot.inbound.wire import Deadline, explain, tls_context, tune
from mailbot.outbound.data import clean, dot_stuffed
from mailbot.outbound.login import login
from mailbot.outbound.model import Outcome, Refusal, Reply

SLOWEST = 16 * 1024  # octets a second below which a transfer counts as hanging
# Giving up early after the final dot makes duplicates: RFC 5321 section 4.5.3.2.6 asks for ten minutes, and five stay
# clear of the ten after which the outbox takes a claim for dead.
FINAL_SECONDS = 300.0
IDLE_SECONDS = 5.0  # a connection unused for longer is probed with NOOP before a mail is risked on it


class _LostError(Exception):
    """The connection broke before the server could have accepted the mail."""


class SmtpSession:
    """A connection to the submission server, opened on first use and again after a loss. One thread at a time."""

    def __init__(
        self,
        account: Account,
        *,
        tokens: Tokens | None = None,
        allow_plaintext: bool = False,
        final_seconds: float = FINAL_SECONDS,
    ) -> None:
        self._account, self._tokens, self._allow_plaintext = account, tokens, allow_plaintext
        self._final_seconds = final_seconds
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0  # monotonic time of the last answer
        self.where = f"SMTP {account.host}:{account.port_number}"

    def __enter__(self) -> SmtpSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye if that is possible. Never raises."""
        if self._smtp is not None and self._smtp.sock is not None:
            with contextlib.suppress(Exception), Deadline(self._smtp.sock, 5):
                self._smtp.quit()
        self._drop()

    # -- connecting ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Connect and log in, unless that is done. Raises TemporaryError or PermanentError."""
        if self._smtp is not None:
            return
        refuse_plaintext(self._account, self.where, allowed=self._allow_plaintext)
        with self._explained():
            self._smtp = self._connect()
            tune(self._socket())
            with Deadline(self._socket(), 4 * self._account.timeout_seconds):
                self._hello()
                if self._account.security == "starttls":
                    self._start_tls()
                login(self._live(), self._account, self._tokens, self.where)
        self._used = time.monotonic()

    def _connect(self) -> smtplib.SMTP:
        account, timeout = self._account, self._account.timeout_seconds
        # The name given in EHLO is set once the socket knows its address: getfqdn() may hang on DNS for seconds.
        if account.security == "tls":
            context = tls_context(account.ca_file, self.where)
            return smtplib.SMTP_SSL(
                account.host, account.port_number, local_hostname="localhost", timeout=timeout, context=context
            )
        return smtplib.SMTP(account.host, account.port_number, local_hostname="localhost", timeout=timeout)

    def _hello(self) -> None:
        smtp = self._live()
        name = socket.gethostname()
        if "." not in name or not name.isascii():  # RFC 5321 section 4.1.3: an address literal when there is no name
            address = self._socket().getsockname()[0]
            name = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
        smtp.local_hostname = name
        code, text = smtp.ehlo()
        if code != 250:
            code, text = smtp.helo()
        if code != 250:
            raise smtplib.SMTPResponseException(code, text)

    def _start_tls(self) -> None:
        smtp = self._live()
        if not smtp.has_extn("starttls"):
            raise PermanentError(
                "the server does not offer STARTTLS here",
                where=self.where,
                mend="set SECURITY=tls and the TLS port (usually 465); mailbot never falls back to plain text",
            )
        code, text = smtp.starttls(context=tls_context(self._account.ca_file, self.where))
        if code != 220:
            raise TemporaryError(f"STARTTLS refused: {code} {clean(text)}", where=self.where)
        tune(self._socket())
        code, text = smtp.ehlo()  # what was said before TLS counts for nothing (RFC 3207 section 4.2)
        if code != 250:
            raise smtplib.SMTPResponseException(code, text)

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(
        self,
        sender: str,
        recipients: Sequence[str],
        raw: bytes,
        *,
        settle: bool = False,
        begin: Callable[[], object] = lambda: None,
    ) -> Reply:
        """Hand one mail to the server.

        settle: recipients that are put off with a 4xx are left out when others are accepted; otherwise nothing is sent
        until all are accepted or refused for good, because a second try would reach the accepted ones twice.
        begin: called just before the final dot, the first moment from which the mail may be accepted without our
        knowing; what it raises ends the connection, the mail is not sent, and the error is raised here.
        Raises when the server cannot be used at all; the mail is certainly not accepted then.
        """
        fresh = self._smtp is None
        self.open()
        reply = self._try(sender, recipients, raw, settle, begin)
        if reply.connection_lost and reply.outcome is Outcome.RETRY and not fresh:
            # Servers close connections that idled or carried their maximum of mails (RFC 5321 section 3.8).
            self.open()
            reply = self._try(sender, recipients, raw, settle, begin)
        return reply

    def _try(
        self, sender: str, recipients: Sequence[str], raw: bytes, settle: bool, begin: Callable[[], object]
    ) -> Reply:
        limit = 4 * self._account.timeout_seconds + len(raw) / SLOWEST
        deadline = Deadline(self._socket(), limit)
        try:
            with deadline:
                self._probe()
                early, refused = self._envelope(sender, recipients, raw, settle)
                if early is None:
                    early = self._data(raw)
            if early is None:
                early = self._final(refused, begin)
        except (_LostError, smtplib.SMTPException, OSError) as error:
            self._drop()
            why = f"slower than {limit:.0f} s" if deadline.passed else str(error) or type(error).__name__
            return Reply(Outcome.RETRY, f"connection lost before the mail was complete: {why}", connection_lost=True)
        except BaseException:
            self._drop()
            raise
        if early.connection_lost:
            self._drop()
        elif early.outcome is not Outcome.SENT:
            self._reset()
        self._used = time.monotonic()
        return early

    def _probe(self) -> None:
        if time.monotonic() - self._used > IDLE_SECONDS:
            code, text = self._live().noop()
            if code != 250:
                raise _LostError(f"{code} {clean(text)}")

    def _envelope(
        self, sender: str, recipients: Sequence[str], raw: bytes, settle: bool
    ) -> tuple[Reply | None, tuple[Refusal, ...]]:
        """MAIL and RCPT. Returns a reply when it ends here, and the recipients that are left out."""
        smtp = self._live()
        options, reason = self._options((sender, *recipients), raw)
        if reason:
            return Reply(Outcome.REFUSED, reason), ()
        # Not smtplib's own mail() and rcpt(): they parse addresses that are only addresses anew.
        code, text = smtp.docmd("MAIL", " ".join((f"FROM:<{sender}>", *options)))
        if (
            code == 530
        ):  # authentication or TLS required: a fault of the settings, not of this mail (RFC 4954 section 6)
            raise PermanentError(
                f"the server wants a login or TLS: {clean(text)}", where=self.where, mend="set USERNAME and PASSWORD"
            )
        if code != 250:
            return _reply(code, text), ()
        answers = [(address, *smtp.docmd("RCPT", f"TO:<{address}>")) for address in recipients]
        refused = tuple(
            Refusal(address, code, clean(text)) for address, code, text in answers if code not in (250, 251)
        )
        deferred = [refusal for refusal in refused if not 500 <= refusal.code < 600]
        decisive = "; ".join(map(str, refused))
        if any(refusal.code == 421 for refusal in refused):
            return Reply(Outcome.RETRY, decisive, connection_lost=True), ()
        if len(refused) == len(answers):
            return Reply(Outcome.RETRY if deferred else Outcome.REFUSED, decisive or "no recipients"), ()
        if deferred and not settle:
            return Reply(Outcome.RETRY, decisive), ()
        return None, refused

    def _options(self, addresses: Sequence[str], raw: bytes) -> tuple[list[str], str]:
        """Parameters of MAIL for what the server can do, or the reason why it cannot take this mail."""
        smtp = self._live()
        options: list[str] = []
        smtp.command_encoding = "ascii"
        if not all(address.isascii() for address in addresses):
            if not smtp.has_extn("smtputf8"):
                return [], "the server cannot take addresses beyond ASCII (no SMTPUTF8)"
            smtp.command_encoding = "utf-8"
            options.append("SMTPUTF8")
        if not raw.isascii():
            if not smtp.has_extn("8bitmime"):
                return [], "the mail has 8-bit octets and the server takes only 7-bit ones (no 8BITMIME)"
            options.append("BODY=8BITMIME")
        if smtp.has_extn("size"):
            limit = smtp.esmtp_features.get("size", "")
            if limit.isdigit() and 0 < int(limit) < len(raw):  # RFC 1870 section 6.1
                return [], f"the mail has {len(raw)} octets and the server takes at most {limit}"
            options.append(f"SIZE={len(raw)}")
        return options, ""

    def _data(self, raw: bytes) -> Reply | None:
        """DATA and the mail without the final dot: until that is sent the server cannot accept it."""
        smtp = self._live()
        code, text = smtp.docmd("DATA")
        if code != 354:
            return _reply(code, text)
        smtp.send(dot_stuffed(raw))
        # A server that hung up already is seen here rather than after the dot, which would leave us uncertain.
        if _hung_up(self._socket()):
            raise _LostError("the server closed the connection during DATA")
        return None

    def _final(self, refused: tuple[Refusal, ...], begin: Callable[[], object]) -> Reply:
        """The final dot and its answer. Once the dot is on its way a lost connection leaves open whether the mail was
        accepted; a dot that the socket does not take never reaches the server."""
        smtp, sock = self._live(), self._socket()
        begin()
        if _hung_up(sock):  # while `begin` was at work
            raise _LostError("the server closed the connection during DATA")
        try:
            sock.settimeout(self._final_seconds)
            with Deadline(sock, self._final_seconds + 1):
                self._dot()
                code, text = smtp.getreply()
            sock.settimeout(self._account.timeout_seconds)
        except (smtplib.SMTPException, OSError) as error:
            return Reply(
                Outcome.UNCERTAIN, f"connection lost after the mail was complete: {error}", connection_lost=True
            )
        if code == 250:
            return Reply(Outcome.SENT, f"{code} {clean(text)}", refused)
        if not 400 <= code < 600:
            return Reply(Outcome.UNCERTAIN, f"the answer cannot be read: {code} {clean(text)}", connection_lost=True)
        return _reply(code, text)

    def _dot(self) -> None:
        try:
            self._live().send(b".\r\n")
        except (smtplib.SMTPException, OSError) as error:
            raise _LostError("the server closed the connection during DATA") from error

    # -- small things ----------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        try:
            code, _ = self._live().rset()
            if code == 250:
                return
        except (smtplib.SMTPException, OSError):
            pass
        self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(Exception):
                self._smtp.close()
        self._smtp = None

    def _live(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise _LostError("not connected")
        return self._smtp

    def _socket(self) -> socket.socket:
        sock = self._live().sock
        if sock is None:
            raise _LostError("not connected")
        return sock

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what goes wrong while connecting into our errors, and leave no half-open connection."""
        try:
            yield
        except MailbotError:
            self._drop()
            raise
        except smtplib.SMTPResponseException as error:
            self._drop()
            said = f"{error.smtp_code} {clean(error.smtp_error)}"
            kind = PermanentError if 500 <= error.smtp_code < 600 else TemporaryError
            raise kind(f"the server refused us: {said}", where=self.where, mend="check HOST and PORT") from error
        except (smtplib.SMTPException, _LostError) as error:
            self._drop()
            hint = (
                "" if self._account.security == "tls" else "; if the port speaks TLS from the start, set SECURITY=tls"
            )
            raise TemporaryError(
                f"connection lost: {error}", where=self.where, mend="check HOST and PORT" + hint
            ) from error
        except (OSError, ValueError) as error:
            self._drop()
            raise explain(
                error, self.where, security=self._account.security, seconds=self._account.timeout_seconds
            ) from error


def _reply(code: int, text: bytes) -> Reply:
    said = f"{code} {clean(text)}"
    if 500 <= code < 600:
        return Reply(Outcome.REFUSED, said)
    return Reply(Outcome.RETRY, said, connection_lost=code == 421 or code < 0)


def _hung_up(sock: socket.socket) -> bool:
    """Whether the peer has closed, or said something out of turn, which before the final dot can only be a goodbye."""
    readable, _, _ = select.select([sock], [], [], 0)
    return bool(readable)
