"""Full-text search over tickets: SQLite FTS5 or PostgreSQL's tsvector, over words that we fold ourselves.

In: texts, queries. Out: tickets with a score. Letters are folded (lower case, no accents) before they are stored, so
that "produção" finds "PRODUCAO" on both databases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum, log
from typing import Any

from sqlalchemy import DDL, Connection, Select, Text, bindparam, event, func, literal_column, select, text

from mailbot.store.base import Part, insert_into
from mailbot.store.hot import Hot
from mailbot.store.models import TicketRow, TicketWords, metadata
from mailbot.store.values import Hit
from mailbot.tickets.model import State

_W = TicketWords.__table__  # type: ignore[attr-defined]
_T = TicketRow.__table__  # type: ignore[attr-defined]
MOST_WORDS = 20_000  # characters of one ticket that are searched
_WORD = re.compile(r"\w+")
_ACCENT = re.compile("[\u0300-\u036f]+")  # combining marks
_SHORT = 3
MOST_LOOKED, MOST_COMPARED = 500, 4000  # tickets among which similar ones are sought; characters of each

SQLITE_DDL = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS ticket_fts USING fts5(words, content='ticket_words', content_rowid='ticket',"
    " tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TRIGGER IF NOT EXISTS ticket_words_added AFTER INSERT ON ticket_words BEGIN"
    " INSERT INTO ticket_fts(rowid, words) VALUES (new.ticket, new.words); END",
    "CREATE TRIGGER IF NOT EXISTS ticket_words_gone AFTER DELETE ON ticket_words BEGIN"
    " INSERT INTO ticket_fts(ticket_fts, rowid, words) VALUES ('delete', old.ticket, old.words); END",
    "CREATE TRIGGER IF NOT EXISTS ticket_words_changed AFTER UPDATE ON ticket_words BEGIN"
    " INSERT INTO ticket_fts(ticket_fts, rowid, words) VALUES ('delete', old.ticket, old.words);"
    " INSERT INTO ticket_fts(rowid, words) VALUES (new.ticket, new.words); END",
)
POSTGRESQL_DDL = (
    "CREATE INDEX IF NOT EXISTS ix_ticket_words_search ON ticket_words USING gin (to_tsvector('simple', words))",
)

for _statement in SQLITE_DDL:
    event.listen(metadata, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def is_ours(_item: object, name: str | None, kind: str, *_more: object) -> bool:
    """False for what Alembic must not compare: the full-text tables and indexes, which no model describes."""
    return not (name or "").startswith(("ticket_fts", "ix_ticket_words_search")) or kind == "column"


def fold(words: str) -> str:
    """Lower case, without accents, words only."""
    folded = words.casefold()
    if not folded.isascii():
        folded = _ACCENT.sub("", unicodedata.normalize("NFKD", folded))
    return " ".join(_WORD.findall(folded))


def add_words(connection: Connection, number: int, words: str) -> None:
    """Adds a mail's words to what is searched of a ticket."""
    _ADD.run(connection, {"ticket": number, "words": fold(words[:MOST_WORDS])})


def _add(on_sqlite: bool) -> Any:
    made = insert_into(_W, on_sqlite)
    longer = func.substr(_W.c.words + " " + made.excluded.words, 1, MOST_WORDS)
    return made.on_conflict_do_update(index_elements=["ticket"], set_={"words": longer})


_ADD = Hot(_add, keys=("ticket", "words"))


def matching(words: str, *, on_sqlite: bool) -> tuple[Select[Any], dict[str, str]] | None:
    """The numbers of tickets that hold every word, as a subquery with its parameter; None when there are no words."""
    query = _all_words(words, on_sqlite)
    return (select(_found(on_sqlite).c.ticket), {"query": query}) if query else None


def _all_words(words: str, on_sqlite: bool) -> str:
    found = list(dict.fromkeys(fold(words).split()))[:12]
    return " AND ".join(f'"{w}"*' for w in found) if on_sqlite else " & ".join(f"{w}:*" for w in found)


def _some_words(words: str, on_sqlite: bool) -> str:
    found = [w for w in dict.fromkeys(fold(words).split()) if len(w) > _SHORT and not w.isdigit()][:40]
    return " OR ".join(f'"{w}"' for w in found) if on_sqlite else " | ".join(found)


def _found(on_sqlite: bool) -> Any:
    """(ticket, score) of what fits the parameter `query`."""
    if on_sqlite:
        score: Any = literal_column("-bm25(ticket_fts)").label("score")
        source = select(literal_column("rowid").label("ticket"), score).select_from(text("ticket_fts"))
        return source.where(text("ticket_fts MATCH :query")).subquery()
    asked: Any = func.to_tsquery(literal_column("'simple'::regconfig"), bindparam("query", type_=Text))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), _W.c.words)
    return select(_W.c.ticket, func.ts_rank_cd(vector, asked).label("score")).where(vector.op("@@")(asked)).subquery()


def _matches(on_sqlite: bool) -> Select[Any]:
    """The numbers of the tickets from `floor` on that fit the parameter `query`, in no order."""
    if on_sqlite:
        source: Select[Any] = select(literal_column("rowid")).select_from(text("ticket_fts"))
        return source.where(text("ticket_fts MATCH :query AND rowid >= :floor"))
    asked: Any = func.to_tsquery(literal_column("'simple'::regconfig"), bindparam("query", type_=Text))
    vector = func.to_tsvector(literal_column("'simple'::regconfig"), _W.c.words)
    return select(_W.c.ticket).where(_W.c.ticket >= bindparam("floor"), vector.op("@@")(asked))


_MATCHES = Hot(_matches)
_SHOWN = Hot(
    select(_T.c.number, _T.c.subject, _T.c.state, _T.c.kind, _T.c.customer).where(_T.c.number == bindparam("ticket"))
)


@lru_cache(maxsize=8)
def _newest(states: tuple[str, ...]) -> Hot:
    """The numbers of the newest tickets of these states (empty: of all), without those that were merged away."""
    open_ = [_T.c.state.in_([literal_column(f"'{State(state)}'") for state in states])] if states else []
    newest = select(_T.c.number).where(_T.c.merged_into.is_(None), *open_).order_by(_T.c.number.desc())
    return Hot(newest.limit(bindparam("most")))


def _ranked(shared: Mapping[int, set[str]], at_least: int) -> list[tuple[float, int]]:
    """(score, ticket) of those that share enough words, best first: a word counts the more the fewer hold it."""
    held = Counter(word for words in shared.values() for word in words)
    weight = {word: log(1 + len(shared) / count) for word, count in held.items()}
    # fsum: the same whatever the order in which a set gives its words, so that the same tickets are told each time
    ranked = [(fsum(weight[w] for w in words), number) for number, words in shared.items() if len(words) >= at_least]
    return sorted(ranked, reverse=True)


class SearchPart(Part):
    """Finding tickets by words."""

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Tickets that hold every word (beginnings of words count), best first."""
        return self._hits(_all_words(words, self.db.sqlite), limit, ())

    def similar(
        self, words: str, limit: int = 5, *, but: int | None = None, states: Sequence[str] = (), at_least: int = 1
    ) -> list[Hit]:
        """Tickets that share words with a text, best first; `but` is left out, `states` narrows it (empty: all).

        at_least: how many different words they must share. Looked for among the newest `MOST_LOOKED` tickets of these
        states, so that it takes as long with a hundred thousand tickets as with a thousand. (The database's own
        ranking would weigh each word over all tickets there ever were.)
        """
        query = _some_words(words, self.db.sqlite)
        if not query:
            return []
        asked = set(fold(words).split())
        with self.db.read() as connection:  # one after the other: joined, SQLite searches anew for each ticket
            among = {row[0] for row in _newest(tuple(states)).all(connection, {"most": MOST_LOOKED})} - {but}
            if not among:
                return []
            found = _MATCHES.all(connection, {"query": query, "floor": min(among)})
            numbers = among.intersection([row[0] for row in found])
            said = select(_W.c.ticket, func.substr(_W.c.words, 1, MOST_COMPARED)).where(_W.c.ticket.in_(numbers))
            shared = {number: asked.intersection(held.split()) for number, held in connection.execute(said)}
            best = _ranked(shared, at_least)[:limit]
            shown: list[Any] = [_SHOWN.first(connection, {"ticket": number}) for _, number in best]
        return [
            Hit(row.number, row.subject, row.state, score, row.kind, row.customer)
            for (score, _), row in zip(best, shown, strict=True)
        ]

    def _hits(self, query: str, limit: int, states: Sequence[str]) -> list[Hit]:
        if not query:
            return []
        narrow = _found(self.db.sqlite)
        wanted = select(_T.c.number, _T.c.subject, _T.c.state, narrow.c.score, _T.c.kind, _T.c.customer)
        wanted = wanted.join(narrow, narrow.c.ticket == _T.c.number).where(_T.c.merged_into.is_(None))
        wanted = wanted.order_by(narrow.c.score.desc(), _T.c.number.desc()).limit(limit)
        if states:
            wanted = wanted.where(_T.c.state.in_([str(state) for state in states]))
        with self.db.read() as connection:
            return [Hit(*row) for row in connection.execute(wanted, {"query": query})]
