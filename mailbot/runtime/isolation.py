"""The killable reader of dangerous mails: one child process, kept while it behaves, killed when it does not.

In: what `message.parse.parse` takes. Out: a `Message`. Raises QuarantineError when the mail takes more time or memory
than is allowed, or ends the child; the next mail gets a new child. Ordinary mails never come here.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from datetime import datetime

from mailbot.errors import QuarantineError
from mailbot.message.child import PARSE
from mailbot.message.limits import Limits
from mailbot.message.model import Message
from mailbot.runtime.killable import Answered, Killable

MEMORY = 1024 * 1024 * 1024  # bytes of address space; resident memory is a fraction of it


class Isolated:
    """Reads mails in a child process. Safe to share between threads: they take turns."""

    def __init__(self, seconds: float, *, memory: int = MEMORY, parse: str = PARSE) -> None:
        self._seconds = seconds
        self._child = Killable("mailbot.message.child", str(memory), parse)
        self._lock = threading.Lock()

    def __call__(self, raw: bytes, received: datetime, limits: Limits, own: Callable[..., bool] | None) -> Message:
        request = pickle.dumps((raw, received, limits, own))
        with self._lock:
            self._start()
            answer = self._child.ask(request, self._seconds)
        if answer.frame is None:
            raise QuarantineError(
                f"reading it took more than {self._seconds:g} seconds" if answer.late else _how(answer),
                mend="it is kept; 'mailbot quarantine retry' tries it again after a fix",
            )
        good, *rest = pickle.loads(answer.frame)  # noqa: S301 our own child wrote it
        if good:
            message: Message = rest[0]
            return message
        reason, detail = rest
        if detail:
            raise RuntimeError(f"{reason}\n{detail}")
        raise QuarantineError(reason)

    def ready(self) -> None:
        """Starts the child, so that its start does not count as a mail's time."""
        with self._lock:
            self._start()

    def close(self) -> None:
        with self._lock:
            self._child.close()

    def _start(self) -> None:
        if not self._child.start():
            raise RuntimeError("the process that reads dangerous mails does not start")


def _how(answer: Answered) -> str:
    if answer.signal:
        return f"the process that read it was ended by {answer.signal}"
    return f"the process that read it ended with code {answer.code}"
