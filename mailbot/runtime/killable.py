"""A process of this program that may be killed: started, asked with a limit of time, ended.

In: a module with its arguments, requests as frames of `message/child.py`. Out: `Answered`. Raises nothing: how the
process ended is part of the answer. For one thread at a time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from mailbot.message.child import READY, read_frame, write_frame

START_SECONDS = 60.0
END_SECONDS = 1.0  # that a process which answers no more is given to end by itself, so that its own end can be told


class Answered(NamedTuple):
    """The frame that came back; without one, whether the time was over, and how the process ended."""

    frame: bytes | None
    late: bool = False
    code: int = 0  # as of subprocess: below 0 it is a signal

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended the process, if one did."""
        return signal.Signals(-self.code).name if self.code < 0 else None


class Killable:
    """One child process, `python -m module arguments`, with our process number as the last argument (child.die_with);
    it says READY before its first answer."""

    def __init__(self, *command: str) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process number, where one runs."""
        return self._child.pid if self._child is not None else None

    def start(self, first: bytes | None = None) -> bool:
        """Starts it unless it runs, so that its start does not count as a request's time. `first`: a frame that it
        reads before it is ready. False when it does not start."""
        if self._child is not None and self._child.poll() is None:
            return True
        self.close()
        child = subprocess.Popen(  # noqa: S603 this program itself
            [sys.executable, "-P", "-m", *self._command, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        assert child.stdin is not None
        assert child.stdout is not None
        self._child = child
        with _killed_after(START_SECONDS, child), suppress(OSError):  # it was killed
            if first is not None:
                write_frame(child.stdin, first)  # type: ignore[arg-type]
            if child.stdout.read(1) == READY:
                return True
        self.close()
        return False

    def ask(self, request: bytes, seconds: float) -> Answered:
        """The answer to a request. A process that gives none is ended; `start` makes a new one."""
        child = self._child
        assert child is not None
        assert child.stdin is not None
        assert child.stdout is not None
        frame = None
        with _killed_after(seconds, child) as late, suppress(OSError):  # it was killed
            write_frame(child.stdin, request)  # type: ignore[arg-type]
            frame = read_frame(child.stdout)  # type: ignore[arg-type]
        if frame is not None:
            return Answered(frame)
        with suppress(subprocess.TimeoutExpired):
            child.wait(END_SECONDS)
        self.close()
        return Answered(None, late.is_set(), child.returncode)

    def close(self) -> None:
        """Ends it."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not written yet has nowhere to go
                    stream.close()


@contextmanager
def _killed_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """The event is set when the time was over and the process was killed."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
