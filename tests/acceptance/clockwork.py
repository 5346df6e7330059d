"""The stage with a clock that ticks: what the running service does each minute is done each half hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from theatre import DIRECTORY, Theatre

from mailbot.rules.directory import Team
from mailbot.runtime.calendar import run_due

SP = ZoneInfo("America/Sao_Paulo")
STAFF = DIRECTORY.model_copy(
    update={
        "teams": {
            **DIRECTORY.teams,
            "on_call": Team(address="production@vendor.example", on_call=("oncall@vendor.example",)),
            "production": Team(address="production@vendor.example"),
        }
    }
)


def sp(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of autumn 2026 in Sao Paulo, where the three packs' teams work."""
    return datetime(2026, month, day, hour, minute, tzinfo=SP)


class Clockwork(Theatre):
    """A theatre in which time passes by itself."""

    steps: tuple[Callable[..., int], ...] = (run_due,)

    def __init__(self, pack: str, now: datetime | None = None, **more) -> None:
        super().__init__(pack, **{"directory": STAFF, **more})
        self.now = now or sp(10, 29, 10)  # a Thursday; the Monday after the weekend is a public holiday

    def until(self, moment: datetime) -> None:
        """Ticks until then. `self.sent`: what went out meanwhile."""
        while self.now < moment:
            self.now = min(moment, self.now + timedelta(minutes=30))
            for step in self.steps:
                step(self, self.now)
        self.sent = self._went_out()

    def to_customers(self) -> list[str]:
        return [s.template for s in self.sent if s.audience == "customer"]
