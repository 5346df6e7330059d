"""Alembic's entry: runs the migrations on the connection that `migrate.py` hands over.

In: `config.attributes["connection"]`. Out: the database at the wanted revision, in one transaction.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, UTCDateTime

from mailbot.store.models import metadata
from mailbot.store.search import is_ours
from mailbot.store.types import SafeText


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain SQL types, so that an old one does not change with the program."""
    if kind == "type":
        if isinstance(item, SafeText):
            return "sa.Text()"
        if isinstance(item, UTCDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, AutoString):
            return "sa.String()"
    return False


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite cannot change a column in place
        compare_type=True,
        include_object=is_ours,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
