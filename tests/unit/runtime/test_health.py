"""/healthz and /metrics over HTTP tell what `mailbot status` tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from test_upkeep import Desk, letter

from mailbot.errors import PermanentError, TemporaryError
from mailbot.runtime.health import HealthServer, look


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.engine.close()


@pytest.fixture
def server(desk: Desk) -> Iterator[HealthServer]:
    made = HealthServer("127.0.0.1", 0, lambda: look(desk.store, desk.engine.settings, desk.now, {"smtp": 90.0}))
    yield made
    made.close()


def get(server: HealthServer, path: str) -> tuple[int, str]:
    try:
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{server.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_a_well_service_answers_200(server: HealthServer) -> None:
    status, body = get(server, "/healthz")
    assert (status, json.loads(body)["healthy"]) == (200, True)


def test_trouble_answers_503_with_what_is_wrong(desk: Desk, server: HealthServer) -> None:
    desk.reply(1)
    desk.store.hold("a burst")
    desk.quarantined(letter())
    desk.now += timedelta(minutes=31)
    status, body = get(server, "/healthz?verbose")
    told = json.loads(body)
    assert status == 503
    assert told["problems"] == ["Mailbox support was not read for 31 minutes", "Automatic replies are held: a burst"]
    assert (told["quarantined"], told["breaker_open"], told["outbox"]) == (1, True, {"queued": 1})


def test_metrics_hold_the_same_figures(desk: Desk, server: HealthServer) -> None:
    desk.quarantined(letter())
    desk.reply(1)
    desk.now += timedelta(seconds=60)
    status, body = get(server, "/metrics")
    lines = body.splitlines()
    assert status == 200
    assert 'mailbot_mailbox_lag_seconds{mailbox="support"} 60.0' in lines
    assert 'mailbot_ledger_mails{state="quarantined"} 1.0' in lines
    assert 'mailbot_outbox_mails{state="queued"} 1.0' in lines
    assert "mailbot_outbox_oldest_seconds 60.0" in lines
    assert 'mailbot_token_seconds{server="smtp"} 90.0' in lines
    assert "mailbot_healthy 1.0" in lines


def test_anything_else_is_404(server: HealthServer) -> None:
    assert get(server, "/")[0] == 404


def test_a_taken_port_is_told_with_the_setting(server: HealthServer, desk: Desk) -> None:
    with pytest.raises(PermanentError, match="MAILBOT_HEALTH_PORT: cannot listen on"):
        HealthServer("127.0.0.1", server.port, desk.engine.health)


def test_a_database_that_is_gone_is_a_problem_and_no_exception(
    desk: Desk, server: HealthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise TemporaryError("gone")

    monkeypatch.setattr(desk.store, "counts", gone)
    status, body = get(server, "/healthz")
    assert (status, json.loads(body)["problems"]) == (503, ["the database does not answer: gone"])
