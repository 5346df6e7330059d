"""Long work shows how far it is: one line that follows the totals, on a terminal only."""

from __future__ import annotations

import io

from rich.console import Console

from mailbot.cli.service import Doing
from mailbot.runtime.service import Totals


def shown(doing: Doing) -> str:
    out = Console(file=io.StringIO(), width=120)
    out.print(doing)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_the_line_follows_the_totals() -> None:
    totals = Totals()
    doing = Doing(totals)
    assert "0 of 0 new mails read" in shown(doing)
    totals.fetched, totals.found, totals.processed, totals.sent = 40, 200, 20, 18
    assert "40 of 200 new mails read, 20 processed, 18 sent" in shown(doing)
