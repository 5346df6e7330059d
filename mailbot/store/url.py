"""Where the database is. In: a URL as the settings have it. Out: SQLAlchemy's, with the driver that mailbot uses."""

from __future__ import annotations

from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from mailbot.errors import StoreError


def parse_url(url: str) -> URL:
    """The URL with our driver named. Raises StoreError for a database that mailbot does not speak."""
    try:
        made = make_url(url)
    except (exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise _no_url("not a database URL") from error
    family = made.drivername.partition("+")[0]
    if family in ("postgres", "postgresql"):
        return made.set(drivername="postgresql+psycopg")
    if family == "sqlite":
        if made.host:  # sqlite://mailbot.db
            raise _no_url(f"{made.host!r} stands where a server's name would")
        return made.set(drivername="sqlite")
    raise StoreError(
        f"unknown database {family!r}", where="MAILBOT_DATABASE_URL", mend="use sqlite:///… or postgresql://…"
    )


def _no_url(what: str) -> StoreError:
    mend = "write sqlite:///mailbot.db (three slashes; four before an absolute path) or postgresql://user@host/name"
    return StoreError(what, where="MAILBOT_DATABASE_URL", mend=mend)
