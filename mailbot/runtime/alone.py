"""The last resort for a mail in whose reading the program ended again and again: its whole way through the house in a
process of its own. Only a death of that process condemns the mail; a program that somebody else kills condemns none.

In: settings, a ledger row. Out: an `Outcome`. Raises QuarantineError when the mail ends its process twice in a row.
Child: `python -m mailbot.runtime.alone`; frames as in `message/child.py`, both ends are this program's own.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mailbot.errors import QuarantineError, TemporaryError
from mailbot.message.child import READY, die_with, read_frame, write_frame
from mailbot.runtime.killable import Killable
from mailbot.store.values import LedgerRow

if TYPE_CHECKING:
    from mailbot.pipeline import Outcome
    from mailbot.settings import Settings

SECONDS = 60.0  # for one mail; an ordinary one takes milliseconds
MEMORY = 2 * 1024 * 1024 * 1024  # bytes of address space
STRIKES = 2  # deaths of the child that condemn: one may be chance, an operator's kill or a machine short of memory


class Alone:
    """Processes one mail at a time, each in a process of its own. For one thread."""

    def __init__(self, settings: Settings, *, seconds: float = SECONDS, module: str = "mailbot.runtime.alone") -> None:
        self._settings, self._seconds = settings, seconds
        self._child = Killable(module)

    def ready(self) -> bool:
        """Starts the process, so that its start does not count as the mail's time. False when it does not start."""
        return self._child.start(pickle.dumps(self._settings))

    def __call__(self, row: LedgerRow, now: datetime | None) -> Outcome | None:
        """What became of the mail; None when the process does not start, which is no fault of the mail's."""
        why = ""
        for _ in range(STRIKES):
            if not self.ready():
                return None
            answer = self._child.ask(pickle.dumps((row, now)), self._seconds)
            self.close()
            if answer.frame is not None:
                good, made = pickle.loads(answer.frame)  # noqa: S301 our own child wrote it
                if not good:
                    raise TemporaryError(str(made))
                return made  # type: ignore[no-any-return]
            why = (
                f"it took more than {self._seconds:g} seconds"
                if answer.late
                else answer.signal or f"it ended with code {answer.code}"
            )
        raise QuarantineError(
            f"the program ended {row.deaths} times while it was read, and so did a process of its own, {STRIKES} times:"
            f" {why}",
            mend="it is kept; 'mailbot quarantine retry' tries it again after a fix",
        )

    def close(self) -> None:
        self._child.close()


# --- the child --------------------------------------------------------------------------------------------------------


def answer(store: Any, house: Any, frame: bytes) -> tuple[bool, object]:
    """(True, Outcome) or (False, why it is to be tried again later). What the mail held stays here."""
    from mailbot.pipeline import try_one

    row, now = pickle.loads(frame)  # noqa: S301 our own parent wrote it
    try:
        outcome = try_one(row, store, house, now)
    except TemporaryError as error:
        return False, str(error)
    return True, replace(outcome, message=None, facts=None, decision=None, sent=())


def main() -> None:
    die_with(int(sys.argv[1]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints must not get between the frames
    frame = read_frame(sys.stdin.buffer)
    if frame is None:
        return
    settings = pickle.loads(frame)  # noqa: S301 our own parent wrote it
    from mailbot.pipeline import warm
    from mailbot.runtime import logs
    from mailbot.runtime.engine import build_house, signing_secrets
    from mailbot.store import open_store

    logs.configure(settings.log_level, settings.log_format)
    store = open_store(settings.database_url.get_secret_value(), settings.blobs_url, create=False)
    house = build_house(settings, signing_secrets(settings, store))
    warm(house)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out.write(READY)
    out.flush()
    frame = read_frame(sys.stdin.buffer)
    if frame is not None:
        write_frame(out, pickle.dumps(answer(store, house, frame)))


if __name__ == "__main__":
    main()
