"""Full-text search over tickets: SQLite FTS5 or PostgreSQL's tsvector, over words that we fold ourselves.

In: texts, queries. Out: tickets with a score. Letters are folded (lower case, no accents) before they are stored, so
that "produção" finds "PRODUCAO" on both databases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import DDL, Connection, event, func, literal_column, select, text

from mailbot.store.base import Part, insert_into
from mailbot.store.hot import Hot
from mailbot.store.models import TicketRow, TicketWords, metadata
from mailbot.store.values import Hit

_W = TicketWords.__table__  # type: ignore[attr-defined]
_T = TicketRow.__table__  # type: ignore[attr-defined]
MOST_WORDS = 20_000  # characters of one ticket that are searched
_WORD = re.compile(r"\w+")
_SHORT = 3

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


def fold(words: str) -> str:
    """Lower case, without accents, words only."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def add_words(connection: Connection, number: int, words: str) -> None:
    """Adds a mail's words to what is searched of a ticket."""
    _ADD.run(connection, {"ticket": number, "words": fold(words)[:MOST_WORDS]})


def _add(on_sqlite: bool) -> Any:
    made = insert_into(_W, on_sqlite)
    longer = func.substr(_W.c.words + " " + made.excluded.words, 1, MOST_WORDS)
    return made.on_conflict_do_update(index_elements=["ticket"], set_={"words": longer})


_ADD = Hot(_add, keys=("ticket", "words"))


class SearchPart(Part):
    """Finding tickets by words."""

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Tickets that hold every word (beginnings of words count), best first."""
        found = list(dict.fromkeys(fold(words).split()))[:12]
        if not found:
            return []
        query = " AND ".join(f'"{w}"*' for w in found) if self.db.sqlite else " & ".join(f"{w}:*" for w in found)
        return self._hits(query, limit, ())

    def similar(self, words: str, limit: int = 5, *, but: int | None = None, states: Sequence[str] = ()) -> list[Hit]:
        """Tickets that share words with a text, best first; `but` is left out, `states` narrows it (empty: all)."""
        found = [w for w in dict.fromkeys(fold(words).split()) if len(w) > _SHORT and not w.isdigit()][:40]
        if not found:
            return []
        query = " OR ".join(f'"{w}"' for w in found) if self.db.sqlite else " | ".join(found)
        hits = self._hits(query, limit + 1, states)
        return [hit for hit in hits if hit.ticket != but][:limit]

    def _hits(self, query: str, limit: int, states: Sequence[str]) -> list[Hit]:
        if self.db.sqlite:
            score = literal_column("-bm25(ticket_fts)").label("score")
            source = select(literal_column("rowid").label("ticket"), score).select_from(text("ticket_fts"))
            narrow = source.where(text("ticket_fts MATCH :query")).subquery()
        else:
            vector, asked = func.to_tsvector("simple", _W.c.words), text("to_tsquery('simple', :query)")
            rank = func.ts_rank_cd(vector, literal_column("to_tsquery('simple', :query)")).label("score")
            narrow = select(_W.c.ticket, rank).where(vector.op("@@")(asked)).subquery()
        wanted = select(_T.c.number, _T.c.subject, _T.c.state, narrow.c.score, _T.c.kind)
        wanted = wanted.join(narrow, narrow.c.ticket == _T.c.number).order_by(narrow.c.score.desc()).limit(limit)
        if states:
            wanted = wanted.where(_T.c.state.in_(states))
        with self.db.read() as connection:
            return [Hit(*row) for row in connection.execute(wanted, {"query": query})]
