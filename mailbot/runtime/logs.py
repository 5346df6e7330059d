"""Structured logs: one line per event, JSON for machines, coloured columns on a terminal. Secrets never get here."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str = "info", style: str = "auto", stream: TextIO | None = None) -> None:
    """Sets up logging once. style: auto (console on a terminal, json otherwise) | console | json."""
    out = stream or sys.stderr
    console = style == "console" or (style == "auto" and out.isatty())
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Never the local variables: mails, passwords and whole rule packs lie in them.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
            if not console
            else structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=out, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("imapclient", "imaplib", "apscheduler", "alembic", "httpx"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
