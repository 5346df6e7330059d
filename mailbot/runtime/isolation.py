"""The killable reader of dangerous mails: one child process, kept while it behaves, killed when it does not.

In: what `message.parse.parse` takes. Out: a `Message`. Raises QuarantineError when the mail takes more time or memory
than is allowed, or ends the child; the next mail gets a new child. Ordinary mails never come here.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from mailbot.errors import QuarantineError
from mailbot.message.child import PARSE, READY, read_frame, write_frame
from mailbot.message.limits import Limits
from mailbot.message.model import Message

MEMORY = 1024 * 1024 * 1024  # bytes of address space; resident memory is a fraction of it
START_SECONDS = 60.0


class Isolated:
    """Reads mails in a child process. Safe to share between threads: they take turns."""

    def __init__(self, seconds: float, *, memory: int = MEMORY, parse: str = PARSE) -> None:
        self._seconds, self._memory, self._parse = seconds, memory, parse
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __call__(self, raw: bytes, received: datetime, limits: Limits, own: Callable[..., bool] | None) -> Message:
        request = pickle.dumps((raw, received, limits, own))
        with self._lock:
            child = self._running()
            late = threading.Event()

            def kill() -> None:
                late.set()
                child.kill()

            timer = threading.Timer(self._seconds, kill)
            timer.daemon = True
            timer.start()
            try:
                answer = self._ask(child, request)
            finally:
                timer.cancel()
            if answer is None:
                self._end()
                raise QuarantineError(
                    f"reading it took more than {self._seconds:g} seconds" if late.is_set() else _how(child),
                    mend="it is kept; 'mailbot quarantine retry' tries it again after a fix",
                )
        good, *rest = pickle.loads(answer)  # noqa: S301 our own child wrote it
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
            self._running()

    def close(self) -> None:
        with self._lock:
            self._end()

    @staticmethod
    def _ask(child: subprocess.Popen[bytes], request: bytes) -> bytes | None:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            write_frame(child.stdin, request)  # type: ignore[arg-type]
            return read_frame(child.stdout)  # type: ignore[arg-type]
        except OSError:  # it was killed
            return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        child = subprocess.Popen(  # noqa: S603 this program itself
            [sys.executable, "-P", "-m", "mailbot.message.child", str(self._memory), self._parse, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        assert child.stdout is not None
        timer = threading.Timer(START_SECONDS, child.kill)
        timer.daemon = True
        timer.start()
        ready = child.stdout.read(1)
        timer.cancel()
        self._child = child
        if ready != READY:
            self._end()
            raise RuntimeError("the process that reads dangerous mails does not start")
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not written yet has nowhere to go
                    stream.close()


def _how(child: subprocess.Popen[bytes]) -> str:
    code = child.wait()
    if code < 0:
        return f"the process that read it was ended by {signal.Signals(-code).name}"
    return f"the process that read it ended with code {code}"
