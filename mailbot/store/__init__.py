"""The store: ledger, tickets, outbox and raw mails on SQLite or PostgreSQL. Opened with `open_store`."""

from mailbot.store.db import Store, open_store

__all__ = ["Store", "open_store"]
