"""The store: all its parts in one object, and how it is opened.

In: a database URL and a blob URL. Out: `Store`. One store serves all threads of a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from mailbot.store.apply import ApplyPart
from mailbot.store.backup import BackupPart
from mailbot.store.blobs import Blobs, open_blobs
from mailbot.store.database import Checkpoint, Database, utc_now
from mailbot.store.figures import FiguresPart
from mailbot.store.housekeeping import HousekeepingPart
from mailbot.store.incidents import IncidentPart
from mailbot.store.leases import LeasePart
from mailbot.store.ledger import LedgerPart
from mailbot.store.mailroom import MailroomPart
from mailbot.store.meta import MetaPart
from mailbot.store.migrate import prepare
from mailbot.store.notes import NotePart
from mailbot.store.outbox import OutboxPart
from mailbot.store.search import SearchPart
from mailbot.store.standing import StandingPart
from mailbot.store.surveys import SurveyPart
from mailbot.store.tickets import TicketPart
from mailbot.store.views import ViewPart


class Store(
    LedgerPart, TicketPart, ApplyPart, OutboxPart, MailroomPart, LeasePart, SearchPart, MetaPart, NotePart, ViewPart,
    HousekeepingPart, BackupPart, StandingPart, SurveyPart, FiguresPart,
    IncidentPart,
):  # fmt: skip
    """Everything that outlives a process."""

    def __init__(self, db: Database, blobs: Blobs, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.db, self.blobs, self.clock = db, blobs, clock

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads on one connection, all of the same moment."""
        with self.db.read():
            yield

    def sync(self) -> None:
        """All that is committed survives a power failure from here on."""
        self.db.sync()

    def close(self) -> None:
        self.db.close()


def open_store(
    url: str = "sqlite://",
    blobs_url: str = "memory://",
    *,
    create: bool = True,
    clock: Callable[[], datetime] = utc_now,
    checkpoint: Checkpoint | None = None,
) -> Store:
    """Opens the store; an empty database is made ready when `create` is set.

    Raises StoreError when the database is older or newer than this program, StoreUnavailableError when it cannot be
    reached.
    """
    db = Database(url, checkpoint=checkpoint)
    try:
        prepare(db, create=create)
        return Store(db, open_blobs(blobs_url), clock=clock)
    except BaseException:
        db.close()
        raise
