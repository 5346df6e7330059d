"""What must lie on the disk before anybody is told so. In: a file or a folder. Out: nothing, once it is there."""

from __future__ import annotations

import os
from pathlib import Path


def flush(place: Path) -> None:
    """Syncs a file's bytes, or a folder's entries, to the disk. Raises OSError."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
