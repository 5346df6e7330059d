"""Dangerous mails are read in a child that may be killed; ordinary ones never pay for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hostile
import pytest

from mailbot.errors import QuarantineError
from mailbot.message.danger import why_dangerous
from mailbot.message.limits import DEFAULT
from mailbot.pipeline import process_pending
from mailbot.runtime.isolation import Isolated
from mailbot.tickets.own import IsOurs, OwnIds

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
OURS = IsOurs(OwnIds("desk.example", ("secret",)), frozenset({"support@desk.example"}))


def letter(word: str) -> bytes:
    return f"From: Ana <ana@customer.example>\r\nSubject: {word}\r\n\r\nhello\r\n".encode()


@pytest.fixture
def reader() -> Iterator[Isolated]:
    made = Isolated(60.0, memory=512 * 1024 * 1024, parse="hostile_parsers:parse")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("PLEASE EAT", "more memory than is allowed"),
        ("PLEASE DIE", "SIGABRT"),
        ("PLEASE RECURSE", "nested too deep"),
    ],
)
def test_a_mail_that_kills_its_reader_is_quarantined_and_the_next_is_read(
    reader: Isolated, word: str, reason: str
) -> None:
    with pytest.raises(QuarantineError, match=reason):
        reader(letter(word), NOW, DEFAULT, OURS)
    message = reader(letter("an ordinary one"), NOW, DEFAULT, OURS)
    assert (message.subject, message.text.strip(), message.automated) == ("an ordinary one", "hello", None)


def test_a_mail_that_hangs_is_ended_in_time() -> None:
    reader = Isolated(1.0, parse="hostile_parsers:parse")
    with pytest.raises(QuarantineError, match="more than 1 seconds"):
        reader(letter("PLEASE HANG"), NOW, DEFAULT, OURS)
    reader.close()


def test_a_mail_of_ours_is_known_in_the_child_too(reader: Isolated) -> None:
    message = reader(b"X-Mailbot-Loop: support@desk.example\r\n" + letter("loop"), NOW, DEFAULT, OURS)
    assert message.automated is not None


def test_a_fault_of_the_parser_is_an_error_and_no_quarantine(reader: Isolated) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        reader(letter("PLEASE BREAK"), NOW, DEFAULT, OURS)


def test_a_reader_that_does_not_start_says_so() -> None:
    reader = Isolated(3.0, parse="no_such_module:parse")
    with pytest.raises(RuntimeError, match="does not start"):
        reader(letter("x"), NOW, DEFAULT, OURS)
    reader.close()


@pytest.mark.parametrize(
    "name", ["nested 20,000 deep", "50,000 parts", "20,000 attachments", "40 MB of base64", "5 MB header"]
)
def test_what_is_over_the_soft_limits_looks_dangerous(name: str) -> None:
    assert why_dangerous(hostile.cases()[name](), DEFAULT)


def test_ordinary_mails_do_not_look_dangerous() -> None:
    page = b"<p>" + b"word " * 100_000 + b"</p>"
    signature = b"-- \r\nAna\r\n" * 50
    file = hostile.large_attachment(8_000_000)
    for raw in (letter("hello"), hostile.plain(page, kind=b"text/html"), hostile.plain(signature), file):
        assert why_dangerous(raw, DEFAULT) == ""


def test_a_mail_that_killed_the_process_before_is_quarantined_and_its_neighbours_are_answered(tmp_path: Path) -> None:
    from test_upkeep import Desk

    desk = Desk(tmp_path)
    reader = Isolated(2.0, memory=512 * 1024 * 1024, parse="hostile_parsers:parse")
    used: list[str] = []

    def isolated(*given: object) -> object:
        used.append("child")
        return reader(*given)  # type: ignore[arg-type]

    house = replace(desk.engine.house, isolated=isolated, prepare=lambda _row: True)
    raws = [letter("the first"), letter("PLEASE HANG"), letter("the last")]
    from mailbot.inbound.model import ReceivedMail

    desk.store.receive("support", 1, [ReceivedMail(n, raw, desk.now, len(raw)) for n, raw in enumerate(raws, 1)])
    second = desk.store.pending()[1]
    desk.store.attempted([second.id])  # as if the process had died while it was read
    outcomes = process_pending(desk.store, house, now=lambda: desk.now)
    assert [outcome.state for outcome in outcomes] == ["processed", "quarantined", "processed"]
    assert used == ["child"], "only the doubtful one"
    assert "more than 2 seconds" in desk.store.ledger_row(second.id).reason  # type: ignore[union-attr]
    reader.close()
    desk.engine.close()
