"""Servers that break the rules or break down: each gives one of our errors, none hangs, none loses a mail."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fakes import FakeInbox, FakeLedger
from servers import ScriptedImap

from mailbot.errors import PermanentError, TemporaryError
from mailbot.inbound.imap import connect
from mailbot.inbound.model import PollResult
from mailbot.inbound.poll import poll_mailbox

ROW = '* 1 FETCH (UID 1 RFC822.SIZE 7 INTERNALDATE "01-Mar-2026 10:00:00 +0000")'


def box(server: ScriptedImap, **more: Any) -> FakeInbox:
    return FakeInbox(port_number=server.port, timeout_seconds=1, **more)


def poll(server: ScriptedImap, ledger: FakeLedger | None = None, **more: Any) -> PollResult:
    return poll_mailbox(box(server, **more), ledger or FakeLedger(), connect=connect, owner="test")


@pytest.mark.parametrize(
    "greeting", ["* BYE too many connections", "220 smtp.example ESMTP", "HTTP/1.1 400 Bad Request"]
)
def test_no_imap_greeting_is_told(greeting: str) -> None:
    with ScriptedImap(greeting=greeting) as server, pytest.raises(TemporaryError, match=r"no IMAP greeting|connection"):
        connect(box(server))


def test_a_preauth_greeting_does_not_get_round_starttls() -> None:
    answers = {"CAPABILITY": ["* CAPABILITY IMAP4rev1 STARTTLS", "{tag} OK done"]}
    with ScriptedImap(answers, greeting="* PREAUTH welcome") as server:
        with pytest.raises(PermanentError, match="STARTTLS"):
            connect(box(server, security="starttls"))
        assert not any(command.startswith("LOGIN") for command in server.seen)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("NO [AUTHENTICATIONFAILED] Invalid credentials", PermanentError),
        ("NO LOGIN failed", PermanentError),
        ("NO [ALERT] Application-specific password required", PermanentError),
        ("NO [UNAVAILABLE] Temporary authentication failure", TemporaryError),
        ("NO [ALERT] Too many simultaneous connections", TemporaryError),
        ("NO [LIMIT] Rate limit hit", TemporaryError),
        ("BAD what", PermanentError),
    ],
)
def test_a_refused_login_is_permanent_unless_the_server_says_it_passes(answer: str, kind: type[Exception]) -> None:
    with ScriptedImap({"LOGIN": ["{tag} " + answer]}) as server, pytest.raises(kind):
        connect(box(server))


def test_a_connection_closed_during_the_login_is_temporary() -> None:
    with ScriptedImap({"LOGIN": ["close"]}) as server, pytest.raises(TemporaryError):
        connect(box(server))


def test_a_login_that_is_switched_off_is_told() -> None:
    answers = {"CAPABILITY": ["* CAPABILITY IMAP4rev1 LOGINDISABLED", "{tag} OK done"]}
    with ScriptedImap(answers) as server:
        with pytest.raises(PermanentError, match="no password on this connection"):
            connect(box(server))
        assert not any("pw" in command for command in server.seen)


def test_a_server_that_drips_is_cut_off() -> None:
    with ScriptedImap({"UID SEARCH": ["drip", "* SEARCH" + " 1" * 200, "{tag} OK done"]}) as server:
        begun = time.monotonic()
        result = poll(server)
        assert isinstance(result.error, TemporaryError)
        assert "longer than 2 s" in str(result.error)
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
@pytest.mark.parametrize("act", ["close", 3])
def test_a_server_that_hangs_or_hangs_up_ends_the_pass(command: str, act: str | int) -> None:
    answers: dict[str, list[Any]] = {"UID FETCH": [ROW[:-1] + " BODY[] {8}", b"a: b\r\n\r\n)\r\n", "{tag} OK done"]}
    answers[command] = [act]
    with ScriptedImap(answers) as server:
        result = poll(server)
        assert isinstance(result.error, TemporaryError)
        assert result.fetched == (1 if command == "UID STORE" else 0)


@pytest.mark.parametrize(
    "rows",
    [
        ["* 1 FETCH (UID 1 RFC822.SIZE )"],
        ["* 1 FETCH (UID x RFC822.SIZE 7)"],
        ["* 1 FETCH (UID 1 RFC822.SIZE 7 INTERNALDATE {5}"],
        ["* 1 FETCH"],
        ['* 1 FETCH (UID 1 RFC822.SIZE 7 INTERNALDATE "99-Foo-2026 10:00:00 +0000")'],
        ["* FETCH (UID 1", "* 1 FETCH ((((("],
        [b"\xff\xfe\x00\r\n"],
    ],
)
def test_an_unreadable_answer_is_an_error_and_no_crash(rows: list[Any]) -> None:
    with ScriptedImap({"UID FETCH": [*rows, "{tag} OK done"]}) as server:
        result = poll(server)
        assert result.fetched == 0
        assert not result.ok
        assert result.error is not None or result.errors or result.missing == (1,)


def test_an_unsolicited_flag_update_is_no_mail() -> None:
    rows = ["* 1 FETCH (FLAGS (\\Seen))", "* 2 FETCH (UID 9 FLAGS ())"]
    with ScriptedImap({"UID FETCH": [*rows, "{tag} OK done"]}) as server:
        result = poll(server)
        assert (result.fetched, result.missing, result.errors) == (0, (1,), ())


def test_a_mail_that_the_server_does_not_give_out_is_reported_and_asked_for_again() -> None:
    with ScriptedImap({"UID FETCH": ["{tag} NO [SERVERBUG] message is corrupted"]}) as server:
        ledger = FakeLedger()
        first = poll(server, ledger)
        assert first.missing == (1,)
        assert "corrupted" in first.errors[0]
        assert not first.ok
        server.answers["UID FETCH"] = [ROW[:-1] + " BODY[] {8}", b"a: b\r\n\r\n)\r\n", "{tag} OK done"]
        assert poll(server, ledger).ok


def test_a_server_without_uidvalidity_is_refused() -> None:
    with ScriptedImap({"SELECT": ["* 1 EXISTS", "{tag} OK [READ-WRITE] done"]}) as server:
        result = poll(server)
        assert isinstance(result.error, PermanentError)
        assert "UIDVALIDITY" in str(result.error)


def test_a_folder_that_is_replaced_during_the_pass_is_read_anew() -> None:
    other = ["* 1 EXISTS", "* OK [UIDVALIDITY 8] x", "* OK [UIDNEXT 2] x", "{tag} OK [READ-ONLY] done"]
    answers = {
        "UID FETCH": [ROW[:-1] + " BODY[] {8}", b"a: b\r\n\r\n)\r\n", "{tag} OK done"],
        "EXAMINE": other,
    }
    with ScriptedImap(answers) as server:
        ledger = FakeLedger()
        assert "replaced" in poll(server, ledger).errors[0]
        server.answers["SELECT"] = other
        again = poll(server, ledger)
        assert again.uidvalidity_changed
        assert again.ok
        assert again.fetched == 1


def test_no_command_carries_a_bare_range_or_asks_for_an_envelope() -> None:
    with ScriptedImap({"UID FETCH": [ROW[:-1] + " BODY[] {8}", b"a: b\r\n\r\n)\r\n", "{tag} OK done"]}) as server:
        assert poll(server, after="move:Done").ok
        said = " | ".join(server.seen).upper()
    assert "ENVELOPE" not in said
    assert "BODY.PEEK[]" in said
    assert "BODY[]" not in said
    assert ":*" not in said
    assert "| EXPUNGE" not in said
    assert "| CLOSE" not in said  # it would expunge what others marked
