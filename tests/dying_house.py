"""The child of `mailbot.runtime.alone` with an understanding that ends it, for tests: by the word in the subject."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from mailbot import reading
from mailbot.runtime import alone

real = reading.understand


def understand(message: Any, *more: Any, **named: Any) -> Any:
    if "PLEASE DIE" in message.subject:
        os.abort()
    if "PLEASE HANG" in message.subject:
        time.sleep(600)
    if "PLEASE BREAK" in message.subject:
        raise KeyError("broken")
    if "DIE ONCE" in message.subject and not (mark := Path(os.environ["DYING_MARK"])).exists():
        mark.touch()
        os.abort()
    return real(message, *more, **named)


if __name__ == "__main__":
    reading.understand = understand  # type: ignore[assignment]
    alone.main()
