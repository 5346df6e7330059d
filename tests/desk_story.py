"""A desk's whole life in a few seconds, for killing it at each boundary: mails, reminders, surveys, incidents, digests,
quarantine, mails in doubt, the breaker, retention, forgetting. What has happened in the world stays when the program
dies: it lies in a folder, and the program goes on from there.

In: a folder, a database. Out: `Desk.live`, which works off one step of STORY after the other, and `told`, what came of
it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from mailbot.inbound.model import ReceivedMail
from mailbot.message.limits import Limits
from mailbot.outbound.model import Outcome, Reply
from mailbot.runtime import clock
from mailbot.runtime.engine import Engine
from mailbot.settings import load
from mailbot.store import Store

SUPPORT = "support@desk.example"
BEGUN = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)  # a Tuesday, at work
FORM = (
    "Componente: formulário\n"
    "Descrição: o formulário de contato não envia o e-mail de confirmação desde ontem, e os clientes reclamam.\n"
)
VAGUE = "Hola, el formulario no funciona. Gracias"
LARGEST = 50_000  # bytes of a mail that is read
LOST = "lost@customer.example"  # the server takes mails to them and says nothing, until the person asks again
DIRECTORY = """
operators: [ops@desk.example]
engineers: [{address: edu@desk.example, name: Edu}]
teams:
  email: {address: email@desk.example}
  support: {address: team@desk.example}
  leads: {address: leads@desk.example}
  account: {address: account@desk.example}
"""


def days(number: float) -> timedelta:
    return timedelta(days=number)


class World:
    """What is outside of the program: the time, the mails on the server, what people got."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._step = place / "step"
        self.sink = place / "sink"
        self.sink.touch()

    @property
    def step(self) -> int:
        return int(self._step.read_text()) if self._step.exists() else 0

    @step.setter
    def step(self, number: int) -> None:
        self._step.write_text(str(number))

    def arrive(self, step: int, raw: bytes) -> None:
        """A mail on the server; the file's name is its UID."""
        path = self.place / f"{step:03}.eml"
        if not path.exists():
            path.write_bytes(raw)

    def mails(self) -> dict[int, bytes]:
        return {int(path.stem): path.read_bytes() for path in sorted(self.place.glob("*.eml"))}

    def got(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.sink.read_text().splitlines()]

    def mail_to(self, address: str, words: str = "") -> EmailMessage:
        """The last mail that an address got, with these words in its subject or text."""
        for one in reversed(self.got()):
            made = message_from_bytes(one["raw"].encode(), policy=policy.default)
            if address in one["to"] and words in f"{made['Subject']} {made.get_body(('plain',)).get_content()}":
                return made  # type: ignore[return-value]
        raise AssertionError(f"{address} got no mail with {words!r}")


class Wire:
    """The SMTP session: takes everything, except that mails to LOST are lost past DATA until they were asked for."""

    def __init__(self, world: World, asked: int) -> None:
        self._world, self._asked = world, asked

    def open(self) -> None: ...
    def close(self) -> None: ...

    def send(
        self, sender: str, recipients: Sequence[str], raw: bytes, *, settle: bool = False, begin: Callable[[], object]
    ) -> Reply:
        begin()
        if LOST in recipients and self._world.step < self._asked:
            return Reply(Outcome.UNCERTAIN, "connection lost after the mail was complete", connection_lost=True)
        made = message_from_bytes(raw, policy=policy.default)
        with self._world.sink.open("a") as file:
            line = {"id": made["Message-ID"], "to": list(recipients), "step": self._world.step, "raw": raw.decode()}
            file.write(json.dumps(line) + "\n")
        return Reply(Outcome.SENT, "250 ok")


def letter(who: str, subject: str, body: str, answers: EmailMessage | None = None, **more: str) -> bytes:
    made = EmailMessage()
    name = who.partition("@")[0]
    made["From"], made["To"], made["Subject"] = f"{name.title()} <{who}>", SUPPORT, subject
    made["Date"] = format_datetime(BEGUN)
    made["Message-ID"] = f"<{abs(hash_of(who + subject + body))}@{who.partition('@')[2]}>"
    if answers is not None:
        made["In-Reply-To"] = made["References"] = str(answers["Message-ID"])
        if answers["Reply-To"]:
            del made["To"]
            made["To"] = str(answers["Reply-To"])
    for head, value in more.items():
        made[head.replace("_", "-")] = value
    made.set_content(body)
    return made.as_bytes()


def hash_of(words: str) -> int:
    return sum(ord(c) * 31**n for n, c in enumerate(words[:200])) % 10**12


class Desk:
    """The program: an engine on the world's time."""

    def __init__(
        self, place: Path, urls: tuple[str, str], boundary: Callable[[str], None] = lambda _name: None
    ) -> None:
        self.world = World(place)
        directory = place / "directory.yaml"
        directory.write_text(DIRECTORY)
        box = "MAILBOT_MAILBOXES__SUPPORT__"
        self.engine = Engine(
            load(
                None,
                {
                    "MAILBOT_DATABASE_URL": urls[0],
                    "MAILBOT_BLOBS_URL": urls[1],
                    "MAILBOT_DIRECTORY": str(directory),
                    "MAILBOT_SECRET": "a secret of the tests",
                    "MAILBOT_RETENTION_DAYS": "60",
                    "MAILBOT_LIMITS__BREAKER_REPLIES": "5",
                    "MAILBOT_VERIFY_DKIM": "false",
                    box + "ADDRESS": SUPPORT,
                    box + "PACK": "sharpspring",
                    box + "HOST": "127.0.0.1",
                    box + "USERNAME": "support",
                    box + "PASSWORD": "secret",
                },
            )
        )
        limits = Limits(size=LARGEST)
        self.engine.house = replace(self.engine.house, parse_limits=limits, isolated=None, alone=None)
        self.now = BEGUN
        clock.now = lambda: self.now  # type: ignore[assignment]
        self.store: Store = self.engine.store
        self.store.clock = lambda: self.now
        self.engine._smtp = Wire(self.world, _RETRIED)  # type: ignore[assignment]
        self.store.db.checkpoint = boundary

    def serve(self) -> None:
        """What the service does at a moment, until nothing is left to do."""
        store = self.store
        known = store.known_uids("support", 7, list(self.world.mails()))
        for uid, raw in self.world.mails().items():
            if uid not in known:
                store.receive("support", 7, [ReceivedMail(uid, raw, BEGUN + timedelta(minutes=uid), len(raw))])
        store.flagged("support", 7, store.to_flag("support", 7, 100))
        self.engine.read_at("support", self.now)
        self._work()
        if self.engine.tick(self.now):
            self._work()

    def _work(self) -> None:
        while self.engine.process():
            pass
        while (done := self.engine.deliver()).sent + done.uncertain + done.retried:
            pass
        assert done.error is None, done.error

    def live(self, end: int) -> None:
        """From wherever it was left to a step of the story."""
        while (number := self.world.step) < end:
            after, happens = STORY[number]
            self.now = BEGUN + after
            happens(self, number)
            self.serve()
            self.world.step = number + 1


# --- the story --------------------------------------------------------------------------------------------------------

Event = Callable[[Desk, int], object]


def writes(who: str, subject: str, body: str, **more: str) -> Event:
    return lambda desk, step: desk.world.arrive(step, letter(who, subject, body, **more))


def answers(who: str, to: str, body: str, words: str = "", **more: str) -> Event:
    """The answer to the last mail that an address got."""

    def happens(desk: Desk, step: int) -> None:
        asked = desk.world.mail_to(to, words)
        desk.world.arrive(step, letter(who, f"Re: {asked['Subject']}", body, asked, **more))

    return happens


def operator(what: Callable[[Store], object]) -> Event:
    return lambda desk, _step: what(desk.store)


def burst(desk: Desk, step: int) -> None:
    for number in range(8):
        desk.world.arrive(step + 100 * (number + 1), letter(f"b{number}@many{number}.example", f"Caso {number}", FORM))


def unreadable(desk: Desk, step: int) -> None:
    """Larger than is read: quarantined with its reason, the operators and the sender hear of it."""
    desk.world.arrive(step, letter("una@other.example", "Preciso de ajuda com o formulario", "muito\n" * LARGEST))


def comes_back(desk: Desk, step: int) -> None:
    """Our mail to Eve: her address is marked (RFC 3464)."""
    asked = desk.world.mail_to("eve@fourth.example")
    head = b"From: MAILER-DAEMON@mx.example\r\nTo: support@desk.example\r\nSubject: Undelivered Mail\r\n"
    kind = b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    words = b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
    status = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    status += b"Final-Recipient: rfc822; eve@fourth.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    status += b"Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n"
    ours = (
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {asked['Message-ID']}\r\n\r\n--b--\r\n".encode()
    )
    desk.world.arrive(step, head + kind + words + status + ours)


def retry(desk: Desk, _step: int) -> None:
    """The operator asked Lou, who got nothing."""
    left = [e.id for e in desk.store.outbox_list(["uncertain"]) if e.next_at is None]
    if left:
        desk.store.outbox_retry(left)


def nothing(_desk: Desk, _step: int) -> None:
    """Time passes."""


ANA, BIA, LOU, EDU = "ana@customer.example", "bia@other.example", LOST, "edu@desk.example"
STORY: list[tuple[timedelta, Event]] = [
    (days(0), writes(ANA, "Formulario", VAGUE)),  # is asked, stays silent
    (days(0.01), writes(BIA, "Formulário de contato", FORM)),
    (days(0.02), writes(LOU, "Formulário perdido", FORM)),  # the first loss of our answer
    (days(0.03), nothing),  # the second
    (days(0.04), unreadable),
    (days(0.05), answers(EDU, "team@desk.example", "/priority 1", "[#2]")),
    (days(0.06), answers(EDU, "team@desk.example", "/resolve", "[#2]")),
    (days(0.07), answers(BIA, BIA, "Sim, obrigada!", "[#2]")),
    (days(0.08), answers(EDU, "team@desk.example", "/incident Formulários parados | formulario, form email", "[#3]")),
    (days(0.09), writes("eve@fourth.example", "Meu formulário parou", FORM)),
    (days(0.10), answers(EDU, "team@desk.example", "/incident over", "[#3]")),
    (days(0.11), operator(lambda store: store.retry_quarantined())),
    (days(0.12), burst),
    (days(0.13), operator(lambda store: store.unhold())),
    (days(0.14), comes_back),
    (days(0.9), nothing),  # the next morning: digests
    (days(1.2), retry),
    (days(3.1), retry),  # once more, should the program have ended while it was sent for the operator
    (days(6.1), nothing),  # Monday: the week's figures; the reminder
    (days(9.1), nothing),
    (days(10.1), nothing),  # closed for silence
    (days(80.1), nothing),  # raw mails are old
    (days(80.2), operator(lambda store: store.forget(BIA))),
    (days(81.2), nothing),
]  # fmt: skip
_RETRIED = next(n for n, (_, happens) in enumerate(STORY) if happens is retry)


# --- what came of it --------------------------------------------------------------------------------------------------

QUESTIONS = {
    "ledger": "SELECT uid, state, ticket, copy_of, flagged FROM ledger",
    "tickets": "SELECT number, state, kind, requester, subject, fields, asked, rounds, assignee FROM ticket",
    "messages": "SELECT ticket, sender, subject, text, author FROM message",
    "outbox": "SELECT template, audience, recipients, subject, state, held FROM outbox",
    "timeline": "SELECT ticket, event, text FROM event WHERE event NOT IN ('uncertain', 'alert')",
    "surveys": "SELECT ticket, address, answer FROM survey",
    "incidents": "SELECT pack, title FROM incident",
    "marked": "SELECT address, permanent FROM marked_address",
    "words": "SELECT ticket FROM ticket_words",
    "raw mails of ours": "SELECT count(*) FROM outbox_raw",
    "still told": "SELECT key FROM meta",
}


def told(desk: Desk) -> dict[str, Counter[str]]:
    """All that lasts, without what only counts tries: the same, however often the program was killed."""
    found = {}
    with desk.store.db.read() as connection:
        for name, question in QUESTIONS.items():
            found[name] = Counter(json.dumps(list(row), default=str) for row in connection.execute(text(question)))
    found["blobs"] = Counter(desk.store.blobs.digests())
    found["people got"] = Counter(f"{one['to']} {_subject(one)}" for one in _once(desk.world.got()))
    return found


def _once(got: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["id"]: one for one in got}.values())


def _subject(one: dict[str, Any]) -> str:
    return str(message_from_bytes(one["raw"].encode(), policy=policy.default)["Subject"])
