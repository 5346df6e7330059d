"""The figures of digests: open tickets by team, and what a span of time brought.

In: a pack, times. Out: plain rows; what they come to is said by `decide.digest`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from mailbot.decide.digest_rows import Row
from mailbot.store.base import Part
from mailbot.store.models import Survey, TicketRow
from mailbot.tickets.model import State

_T = TicketRow.__table__  # type: ignore[attr-defined]
_S = Survey.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "number", "subject", "state", "opened", "kind", "priority", "team", "assignee", "customer", "rounds",
    "missing_first", "engineer_reply_at", "resolved_at",
)  # fmt: skip
_OVER = (State.RESOLVED.value, State.CLOSED.value)


class FiguresPart(Part):
    """What digests ask."""

    def digest_rows(self, pack: str, since: datetime) -> list[Row]:
        """Tickets of a pack that are open, or were opened, resolved or rated since then; oldest first."""
        open_ = _T.c.state.not_in(_OVER)
        lately = or_(_T.c.opened >= since, _T.c.resolved_at >= since, _S.c.answered_at >= since)
        query = (
            select(*(_T.c[name] for name in _COLUMNS), _S.c.answer, _S.c.answered_at)
            .join(_S, _S.c.ticket == _T.c.number, isouter=True)
            .where(_T.c.pack == pack, _T.c.merged_into.is_(None), or_(open_, lately))
            .order_by(_T.c.number)
        )
        with self.db.read() as connection:
            return [
                Row(**{**row._mapping, "missing_first": tuple(row.missing_first)}) for row in connection.execute(query)
            ]
