"""What the store alone costs per mail: received, looked up, decided, rendered to, claimed, sent.

    python benchmarks/store.py                        SQLite file, synchronous=FULL, in a temporary folder
    python benchmarks/store.py postgresql://u@h/db    an empty PostgreSQL database
    python benchmarks/store.py sqlite://              memory
Options: --mails N (1000), --batch N mails a commit (10; 1: each its own).
CPU time is the figure to compare: wall time also tells how busy the machine and its disk are.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailbot.decide.actions import Decision, Note, Send, SetFields, Update
from mailbot.message.model import Address, Message
from mailbot.reply.model import Outgoing
from mailbot.store import Store, open_store
from mailbot.store.values import LedgerRow, ReceivedMail
from mailbot.tickets.model import FieldValue, Question, State, Ticket

NOW = datetime.now(UTC)
BODY = "Olá, o pipeline sync-orders falha em produção com erro 504, timeout ao conectar.\n" * 12
SPENT: dict[str, tuple[float, float]] = {}


@contextmanager
def timed(step: str) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    before = SPENT.get(step, (0.0, 0.0))
    SPENT[step] = (before[0] + time.process_time() - cpu, before[1] + time.perf_counter() - wall)


def render(ticket: Ticket | None, send: Send) -> Outgoing:
    number = ticket.number if ticket else 0
    asked = (Question("chat_id", 1, "1. What is the chat ID?"),)
    message_id = f"<mb.{number}.{send.key}@support.example>"
    return Outgoing(message_id, "support@support.example", send.to, b"x" * 6000, f"Re: [#{number}]", BODY, asked)


def decision(address: str, message_id: str) -> Decision:
    names = ("pipeline", "environment", "error_message", "occurred_at")
    values = {name: FieldValue(f"value of {name}", f"words of {name}", "label", 1.0, message_id) for name in names}
    return Decision(
        (
            Update(language="pt", kind="incident", priority=3, state=State.WAITING, customer="aurora", reason="asked"),
            SetFields(values, {}, names),
            Send("request_info", "customer", (address,), "pt", "chat ID is missing", "reply", ask=("chat_id",)),
            Note("language", "pt by its own words"),
        ),
        "no known reference",
        open_ticket=True,
        missing=("chat_id",),
    )


def process(store: Store, row: LedgerRow) -> None:
    """What the pipeline asks of the store for one new mail."""
    address = f"a{row.uid % 50}@c{row.uid % 20}.example"
    with timed("raw"):
        store.raw(row.sha256)
    mail = Message(
        f"<{row.uid}@c.example>", (Address(address),), (Address("support@support.example"),), (), (),
        f"Falha {row.uid}", NOW, NOW, text=BODY,
    )  # fmt: skip
    with timed("look up"):
        store.find_duplicate(row, mail)
        store.tickets_of([f"<earlier-{row.uid}@c.example>"])
        store.marked((address,))
    with timed("budgets"):
        for hours in (1, 24):
            store.sent_counts(NOW - timedelta(hours=hours), address=address)
    with timed("apply"):
        done = store.apply(
            row.id, mail, decision(address, str(mail.message_id)), render=render, pack="digibee", new_text=BODY
        )
    assert done.ticket is not None
    with timed("ticket"):
        store.ticket(done.ticket)


def run(store: Store, mails: int, batch: int) -> None:
    raw = ("X: y\r\n" * 40 + BODY * 2).encode()
    new = [ReceivedMail(uid, b"%d " % uid + raw, NOW, len(raw)) for uid in range(1, mails + 1)]
    for at in range(0, mails, 50):
        with timed("receive"):
            store.receive("support", 1, new[at : at + 50])
    while rows := store.pending(batch):
        together = store.batch() if batch > 1 else nullcontext()
        together.__enter__()
        for row in rows:
            process(store, row)
        with timed("commit of a batch"):
            together.__exit__(None, None, None)
    sent = 0
    with timed("claim, begin, record"):
        while claimed := store.claim_due(datetime.now(UTC), 50):
            for mail in claimed:
                store.begin(mail, NOW)
                store.record_sent(mail.id, NOW, "250 2.0.0 ok")
                sent += 1
    assert sent == mails, f"{sent} of {mails} sent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{folder}/mailbot.db"
        store = open_store(url, "memory://" if url == "sqlite://" else str(Path(folder) / "blobs"))
        run(store, given.mails, given.batch)
        store.close()
    print(f"{'ms a mail':24}{'CPU':>8}{'wall':>8}")
    for step, (cpu, wall) in SPENT.items():
        print(f"{step:24}{cpu / given.mails * 1e3:8.2f}{wall / given.mails * 1e3:8.2f}")
    cpu, wall = (sum(spent[at] for spent in SPENT.values()) for at in (0, 1))
    print(f"{'all':24}{cpu / given.mails * 1e3:8.2f}{wall / given.mails * 1e3:8.2f}")


if __name__ == "__main__":
    main()
