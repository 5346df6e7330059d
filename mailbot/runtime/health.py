"""What is seen from outside: `/healthz` (JSON, 200 or 503) and `/metrics` (Prometheus text) over HTTP.

In: a function that tells the present state. Out: a small HTTP server in a thread of its own, on loopback by default.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from mailbot.errors import MailbotError, PermanentError
from mailbot.runtime.troubles import troubles
from mailbot.settings import Settings
from mailbot.store import Store

if TYPE_CHECKING:
    from prometheus_client.core import Metric


@dataclass(frozen=True, slots=True)
class Health:
    """A snapshot. `problems` empty means healthy; each says what is wrong and where."""

    problems: tuple[str, ...] = ()
    lag_seconds: Mapping[str, float] = field(default_factory=dict)  # mailbox -> since it was last read
    ledger: Mapping[str, int] = field(default_factory=dict)  # state -> mails
    outbox: Mapping[str, int] = field(default_factory=dict)
    oldest_queued_seconds: float = 0.0
    quarantined: int = 0
    tickets: Mapping[str, int] = field(default_factory=dict)  # state -> tickets
    breaker_open: bool = False
    token_seconds: Mapping[str, float] = field(default_factory=dict)  # server -> until the access token ends

    def as_json(self) -> dict[str, Any]:
        return {
            "healthy": not self.problems,
            "problems": list(self.problems),
            "mailbox_lag_seconds": {k: round(v, 1) for k, v in self.lag_seconds.items()},
            "ledger": dict(self.ledger),
            "outbox": dict(self.outbox),
            "oldest_queued_seconds": round(self.oldest_queued_seconds, 1),
            "quarantined": self.quarantined,
            "tickets": dict(self.tickets),
            "breaker_open": self.breaker_open,
            "token_seconds": {k: round(v) for k, v in self.token_seconds.items()},
        }


def look(store: Store, settings: Settings, now: datetime, token_seconds: Mapping[str, float] | None = None) -> Health:
    """The present state, from what the store remembers. A store that does not answer is a problem, not an exception."""
    try:
        counts, oldest, breaker = store.counts(), store.oldest_queued(), store.breaker()
        problems = tuple(trouble.text() for trouble in troubles(store, settings, now))
        read = {name: store.meta(f"read:{name}") for name in settings.mailboxes}
    except MailbotError as error:
        return Health(problems=(f"the database does not answer: {error}",))
    lag = {name: (now - datetime.fromisoformat(when)).total_seconds() for name, when in read.items() if when}
    waiting = (now - oldest).total_seconds() if oldest else 0.0
    return Health(
        problems=problems,
        lag_seconds=lag,
        ledger=counts.ledger,
        outbox=counts.outbox,
        oldest_queued_seconds=waiting,
        quarantined=counts.ledger.get("quarantined", 0),
        tickets=counts.tickets,
        breaker_open=bool(breaker),
        token_seconds=dict(token_seconds or {}),
    )


class _Metrics:
    """The present state as Prometheus wants it (its `Collector`, told by the one method that it asks for)."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        health = self._look()
        for name, help_text, label, values in (
            ("mailbot_mailbox_lag_seconds", "Seconds since the mailbox was last read.", "mailbox", health.lag_seconds),
            ("mailbot_ledger_mails", "Mails in the ledger by state.", "state", health.ledger),
            ("mailbot_outbox_mails", "Mails in the outbox by state.", "state", health.outbox),
            ("mailbot_tickets", "Tickets by state.", "state", health.tickets),
            ("mailbot_token_seconds", "Seconds until the access token ends.", "server", health.token_seconds),
        ):
            family = GaugeMetricFamily(name, help_text, labels=[label])
            for key, value in sorted(values.items()):
                family.add_metric([key], value)
            yield family
        for name, help_text, number in (
            (
                "mailbot_outbox_oldest_seconds",
                "Age of the oldest waiting mail.",
                health.oldest_queued_seconds,
            ),
            ("mailbot_quarantined_mails", "Mails in quarantine.", health.quarantined),
            ("mailbot_breaker_open", "1 while a burst holds automatic replies.", float(health.breaker_open)),
            ("mailbot_healthy", "1 when /healthz answers 200.", float(not health.problems)),
        ):
            yield GaugeMetricFamily(name, help_text, value=number)


class HealthServer:
    """Serves `look()` until closed. Raises PermanentError when the port is taken."""

    def __init__(self, host: str, port: int, look: Callable[[], Health]) -> None:
        from prometheus_client import CollectorRegistry, generate_latest  # only a service that is scraped needs them

        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Metrics(look))

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                if path == "/healthz":
                    health = look()
                    body = json.dumps(health.as_json(), ensure_ascii=False).encode()
                    self._answer(503 if health.problems else 200, "application/json", body)
                elif path == "/metrics":
                    self._answer(200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(registry))
                else:
                    self._answer(404, "text/plain", b"there is /healthz and /metrics\n")

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Requests are not logged: a scrape every few seconds says nothing."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise PermanentError(
                f"cannot listen on {host}:{port}: {error.strerror}",
                where="MAILBOT_HEALTH_PORT",
                mend="choose a free port",
            ) from error
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
