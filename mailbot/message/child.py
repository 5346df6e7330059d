"""Reads dangerous mails in a process that may be killed: `python -m mailbot.message.child`, started by the service.

In, on standard input: eight bytes of length, then a pickle of (raw, received, limits, own). Out, on standard output:
the same framing, (True, Message) or (False, reason, traceback). One request after the other, until input ends. Both
ends are this program's own; nothing of a mail is ever unpickled that this program did not pickle.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from mailbot.errors import QuarantineError

PARSE = "mailbot.message.parse:parse"
READY = b"R"
LENGTH = struct.Struct(">Q")
_PR_SET_PDEATHSIG = 1


def read_frame(stream: BinaryIO) -> bytes | None:
    """One frame; None when the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def answer(parse: Callable[..., object], frame: bytes) -> tuple[object, ...]:
    """What became of a mail: (True, Message), or (False, reason, traceback); with no traceback it is quarantined."""
    try:
        raw, received, limits, own = pickle.loads(frame)  # noqa: S301 our own parent wrote it
        return True, parse(raw, received=received, limits=limits, own=own)
    except QuarantineError as error:
        return False, str(error), ""
    except MemoryError:
        return False, "reading it takes more memory than is allowed", ""
    except RecursionError:
        return False, "it is nested too deep to be read", ""
    except Exception as error:
        return False, f"{type(error).__name__}: {error}", traceback.format_exc()[-8000:]


def die_with(parent: int) -> None:
    """A program that is killed leaves no child behind: from now on the kernel ends us with the parent (Linux)."""
    with suppress(OSError, AttributeError):  # elsewhere the child ends when its input does
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def main(memory: int, parse: str, parent: int) -> None:
    """memory: bytes of address space at most. parse: "module:function" that reads a mail. parent: who started us."""
    die_with(parent)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints must not get between the frames
    module, _, name = parse.partition(":")
    function = getattr(import_module(module), name)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out.write(READY)
    out.flush()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        write_frame(out, pickle.dumps(answer(function, frame)))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
