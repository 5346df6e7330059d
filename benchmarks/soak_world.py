"""The world of the soak: mails with known authors, an SMTP sink that fails at random, a service that can be killed.

In: a seed, folders, ports. Out: `mail(i)`, `Sink`, `Feeder`, `Life`, which soak.py moves and soak_proof.py questions.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from servers import HOST, FaultySmtp, MailUser, Taken  # noqa: E402 the tests' own servers

SUPPORT, ESCALATE = "support@desk.example", "support.escalate@desk.example"
OPERATORS = "operators@desk.example"
TEXTS = (
    ("Fluxo parado", "Bom dia, o fluxo integra-notas-{i} parou ontem às 14h20 em produção, dá 504 Gateway Timeout.\n"),
    ("Order import fails", "Hello, the pipeline orders-{i} fails in production since yesterday 9am with HTTP 500.\n"),
    ("Consulta", "Hola, ¿cómo puedo leer un archivo CSV grande con el conector SFTP? Caso {i}.\n"),
    ("Cannot sign in", "Hi, I cannot log in since I changed my phone, the code is refused. User {i}.\n"),
    ("Escalar", "Bom dia, peço para escalar o chat 2154700{i:05d}: ninguém respondeu há cinco dias.\n"),
)
BEGUN = datetime.now(UTC).replace(microsecond=0)


# -- mails -------------------------------------------------------------------------------------------------------------


def automatic(i: int) -> bool:
    """Every tenth: out-of-office notices and bounces by turns. Nobody may get an answer to them."""
    return i % 10 == 9


def follows(i: int) -> int | None:
    """Every eighth mail answers the sender's own first mail, which came some time before."""
    return i - 7 if i % 8 == 7 and i > 7 and not automatic(i) and not automatic(i - 7) and (i - 7) % 12 else None


def person(i: int) -> str:
    first = follows(i)
    i = i if first is None else first
    return f"person{i}@customer{i % 40}.example"


def subject(i: int) -> str:
    first = follows(i)
    return f"{TEXTS[i % len(TEXTS)][0]} {i}" if first is None else f"Re: {TEXTS[first % len(TEXTS)][0]} {first} ({i})"


def boxes_of(i: int) -> tuple[str, ...]:
    """Where a mail goes: every fiftieth to both mailboxes at once; who answers stays in the mailbox of the first."""
    first = follows(i)
    if first is not None:
        return boxes_of(first)[:1]
    if i % 50 == 0:
        return ("support", "escalate")
    return ("escalate",) if i % len(TEXTS) == 4 else ("support",)


@cache
def mail(i: int) -> bytes:
    """The i-th mail: every twelfth has no Message-ID, every seventh is HTML."""
    made, first = EmailMessage(policy=SMTP), follows(i)
    bounce = automatic(i) and i % 20 == 19
    made["From"] = "MAILER-DAEMON@customer.example" if bounce else f"Person {i} <{person(i)}>"
    addresses = {"support": SUPPORT, "escalate": ESCALATE}
    made["To"], made["Subject"] = ", ".join(addresses[box] for box in boxes_of(i)), subject(i)
    made["Date"] = format_datetime(BEGUN - timedelta(minutes=i % 90))
    if i % 12:
        made["Message-ID"] = f"<mail.{i}@customer{i % 40}.example>"
    if first is not None:
        made["In-Reply-To"] = f"<mail.{first}@customer{first % 40}.example>"
        made.set_content(f"Mais um dado: aconteceu também com o pedido {i}, no ambiente de produção.\n")
        return made.as_bytes()
    if bounce:
        made["Return-Path"] = "<>"
        made.set_content(f"Delivery has failed to these recipients: someone{i}@customer.example\n")
        return made.as_bytes()
    if automatic(i):
        made["Auto-Submitted"] = "auto-replied"
    text = TEXTS[i % len(TEXTS)][1].format(i=i)
    if i % 7 == 3:
        made.set_content(f"<p>{text}</p>", subtype="html")
    else:
        made.set_content(text)
    return made.as_bytes()


# -- the SMTP sink -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """One mail that the sink kept, in which life of the service, and whether it then withheld its 250."""

    message_id: str
    recipients: tuple[str, ...]
    life: int
    dropped: bool


class Sink(FaultySmtp):
    """Drops connections before, during and after DATA and answers 4xx, each with its chance, until `calm` is set."""

    CHANCES: dict[str, tuple[tuple[str, float], ...]] = {  # noqa: RUF012 never changed
        "connect": (("drop", 0.02), ("421 4.3.2 busy", 0.02)),
        "mail": (("451 4.3.0 not now", 0.02), ("drop", 0.01)),
        "rcpt": (("451 4.7.1 greylisted", 0.04), ("drop", 0.01)),
        "data": (("drop", 0.02), ("452 4.3.1 no room", 0.01)),
        "body": (("drop", 0.03),),
        "dot": (("drop", 0.03), ("451 4.3.0 try again", 0.02)),
        "accepted": (("drop", 0.04),),
    }

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.life, self.calm = 0, False
        self.accepted: list[Accepted] = []
        self.done: dict[str, int] = {}
        self._dice, self._here = random.Random(seed), threading.local()  # noqa: S311 not a secret
        self._lock = threading.Lock()

    def fault(self, point: str) -> str | None:
        if point == "connect":
            self._here.life = self.life  # a connection belongs to the life that opened it, also when it is read later
        with self._lock:
            act = None if self.calm else self._draw(point)
            if act:
                name = f"{point}: {act.split()[0]}"
                self.done[name] = self.done.get(name, 0) + 1
            if point == "accepted":
                taken: Taken = self.mails[-1]
                found = re.search(rb"(?im)^message-id:\s*(<[^>]+>)", taken.raw)
                name = found[1].decode() if found else ""
                self.accepted.append(Accepted(name, taken.recipients, self._here.life, act == "drop"))
        return act

    def _draw(self, point: str) -> str | None:
        chance = self._dice.random()
        for act, share in self.CHANCES.get(point, ()):
            if chance < share:
                return act
            chance -= share
        return None


# -- mails arrive ------------------------------------------------------------------------------------------------------


class Feeder(threading.Thread):
    """Delivers mails up to `target`, whatever the server does. A mail whose delivery broke off is delivered again, as a
    mail server would: then it lies there twice, and must become one message all the same."""

    def __init__(self, users: dict[str, MailUser], count: int) -> None:
        super().__init__(name="feeder", daemon=True)
        self.users, self.count = users, count
        self.target, self.fed, self.again = 0, 0, 0

    def run(self) -> None:
        clients: dict[str, object] = {}
        while self.fed < self.count:
            if self.fed >= self.target:
                time.sleep(0.02)
                continue
            for box in boxes_of(self.fed):
                while True:
                    try:
                        if box not in clients:
                            clients[box] = self.users[box].client()
                        clients[box].append("INBOX", mail(self.fed))  # type: ignore[attr-defined]
                        break
                    except Exception:  # whatever a server that is being killed brings about
                        if clients.pop(box, None) is not None:
                            self.again += 1
                        time.sleep(0.1)
            self.fed += 1


# -- the service -------------------------------------------------------------------------------------------------------


class Life:
    """`mailbot run` as a process of its own, again and again.

    Most lives are forked from a process that has imported mailbot already, which saves seconds each; every
    `whole`-th is started from nothing. Either way it is a process of its own that opens its own connections.
    """

    def __init__(self, environ: dict[str, str], log: Path, whole: int) -> None:
        self.environ, self.log, self.whole = environ, log, whole
        self.number = 0
        self._pid, self._process = 0, None
        self._nest = subprocess.Popen(
            [sys.executable, __file__, "nest"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )
        self._mark = 0

    def start(self) -> None:
        self.number += 1
        self._mark = self.log.stat().st_size if self.log.exists() else 0
        if self.whole and self.number % self.whole == 1:
            command = [str(Path(sys.executable).with_name("mailbot")), "run", "--env-file", str(_empty(self.log))]
            with self.log.open("ab") as out:
                self._process = subprocess.Popen(command, env=self.environ, stdout=out, stderr=out)
            self._pid = self._process.pid
            return
        self._process = None
        assert self._nest.stdin
        assert self._nest.stdout
        self._nest.stdin.write(f"{self.log}\n")
        self._nest.stdin.flush()
        self._pid = int(self._nest.stdout.readline())

    def ready(self, seconds: float = 60) -> bool:
        """Waits until the service says that it has started."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.log.exists():
                with self.log.open("rb") as lines:
                    lines.seek(self._mark)
                    if b'"started"' in lines.read():
                        return True
            if not self.alive():
                return False
            time.sleep(0.02)
        return False

    def alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    def end(self, number: signal.Signals = signal.SIGKILL, seconds: float = 30) -> bool:
        """Sends the signal and waits until the process is gone. False when it was gone before, by itself."""
        lived = self.alive()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, number)
        end = time.monotonic() + seconds
        while self.alive() and time.monotonic() < end:
            time.sleep(0.005)
        return lived

    def command(self, *words: str) -> str:
        """What an operator types, and what `mailbot` says to it."""
        command = [str(Path(sys.executable).with_name("mailbot")), *words, "--env-file", str(_empty(self.log))]
        return subprocess.run(command, env=self.environ, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        self.end()
        self._nest.kill()
        self._nest.wait()


def _empty(log: Path) -> Path:
    """A settings file beside the log that says nothing: all settings come from the environment."""
    path = log.with_suffix(".env")
    path.touch()
    return path


def nest() -> None:
    """Imports everything once, then forks a service for each line that it reads and says its process id."""
    import mailbot.inbound.idle
    import mailbot.runtime.health
    import mailbot.runtime.service  # noqa: F401
    from mailbot.cli import main as command
    from mailbot.message.parse import parse
    from mailbot.message.quote import split_message
    from mailbot.rules.pack import load_packs
    from mailbot.settings import shipped
    from mailbot.understand.facts import Context
    from mailbot.understand.understand import understand

    first = parse(b"Subject: x\r\n\r\nO pipeline parou.\r\n", received=BEGUN)
    understand(first, split_message(first), load_packs(shipped("rules"))["digibee"], Context())  # loads the model once

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead vanish at once: a zombie would count as alive
    while log := sys.stdin.readline().strip():
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        random.seed()
        out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        quiet = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((quiet, 0), (out, 1), (out, 2)):
            os.dup2(descriptor, target)
        sys.argv = ["mailbot", "run", "--env-file", str(_empty(Path(log)))]
        code = 1
        try:
            command.main()
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)


def environment(place: Path, database: str, users: dict[str, MailUser], imap: int, smtp: int) -> dict[str, str]:
    """The settings of the service: the shipped rules, no limits that a thousand mails a minute would rightly meet."""
    directory = place / "directory.yaml"
    teams = "teams:\n  support: {address: team@desk.example}\n  leads: {address: leads@desk.example}\n"
    directory.write_text(f"operators: [{OPERATORS}]\n{teams}")
    made = {name: value for name, value in os.environ.items() if not name.startswith("MAILBOT_")}
    made |= {
        "MAILBOT_DATABASE_URL": database,
        "MAILBOT_BLOBS_URL": f"file://{place / 'blobs'}",
        "MAILBOT_DIRECTORY": str(directory),
        "MAILBOT_FIRST_RUN": "beginning",
        "MAILBOT_POLL_SECONDS": "0.2",
        "MAILBOT_DIGEST": "false",
        "MAILBOT_LOG_FORMAT": "json",
        "MAILBOT_SMTP__HOST": HOST,
        "MAILBOT_SMTP__PORT": str(smtp),
        "MAILBOT_SMTP__SECURITY": "plain",
        "MAILBOT_LIMITS__PER_DOMAIN_HOUR": "1000000",
        "MAILBOT_LIMITS__PER_ADDRESS_HOUR": "1000",
        "MAILBOT_LIMITS__PER_ADDRESS_DAY": "1000",
        "MAILBOT_LIMITS__PER_TICKET_DAY": "1000",
        "MAILBOT_LIMITS__BREAKER_REPLIES": "1000000",
    }
    for name, user in users.items():
        box = f"MAILBOT_MAILBOXES__{name.upper()}__"
        made |= {
            box + "ADDRESS": SUPPORT if name == "support" else ESCALATE,
            box + "ROLE": name,
            box + "PACK": "digibee",
            box + "HOST": HOST,
            box + "PORT": str(imap),
            box + "SECURITY": "plain",
            box + "USERNAME": user.name,
            box + "PASSWORD": user.password,
        }
    return made


if __name__ == "__main__" and sys.argv[1:] == ["nest"]:
    nest()
