"""OAuth2 against a real Dovecot and a local token server, and SMTP with bearer tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fakes import FakeClock, FakeInbox
from servers import FaultySmtp, MailUser, TokenServer

from mailbot.errors import PermanentError, TemporaryError
from mailbot.inbound.imap import connect
from mailbot.inbound.oauth import TokenSource, resolved
from mailbot.outbound.model import Outcome
from mailbot.outbound.smtp import SmtpSession


@dataclass(frozen=True)
class FakeGrant:
    provider: str = "custom"
    tenant: str = "common"
    token_url: str | None = None
    client_id: str = "mailbot"
    client_secret: str | None = "s3cret"
    refresh_token: str | None = None
    scope: str | None = "mail"
    mechanism: str = "xoauth2"
    grant_expires: str | None = None


def grant(server: TokenServer, **more: Any) -> FakeGrant:
    return FakeGrant(token_url=server.url, **more)


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_dovecot_accepts_a_fetched_token(mail_user: MailUser, token_server: TokenServer, mechanism: str) -> None:
    token_server.user = mail_user.name
    account = grant(token_server, mechanism=mechanism)
    box = FakeInbox(port_number=mail_user.server.port, username=mail_user.name, password=None, oauth=account)
    source = TokenSource(account)
    for _ in range(2):
        with connect(box, tokens=source) as session:
            assert session.select("INBOX").exists == 0
    assert [form["grant_type"] for form in token_server.grants] == ["client_credentials"]
    assert token_server.grants[0]["scope"] == "mail"
    assert token_server.grants[0]["client_secret"] == "s3cret"


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_token_that_dovecot_refuses_is_thrown_away(
    mail_user: MailUser, token_server: TokenServer, mechanism: str
) -> None:
    account = grant(token_server, mechanism=mechanism)
    box = FakeInbox(port_number=mail_user.server.port, username=mail_user.name, password=None, oauth=account)
    source = TokenSource(account)
    token_server.user = "somebody else"
    with pytest.raises(PermanentError, match="OAUTH settings"):
        connect(box, tokens=source)
    token_server.user = mail_user.name
    with connect(box, tokens=source) as session:
        assert session.folders() == ["INBOX"]
    assert len(token_server.grants) == 2


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_smtp_takes_a_bearer_token(token_server: TokenServer, faulty_smtp: FaultySmtp, mechanism: str) -> None:
    account = grant(token_server)
    source = TokenSource(account)
    faulty_smtp.mechanisms = mechanism
    server = FakeInbox(port_number=faulty_smtp.port, password=None, oauth=account)
    with SmtpSession(server, tokens=source) as smtp:
        with pytest.raises(PermanentError, match="OAUTH settings"):
            smtp.open()
        faulty_smtp.users = {"support": source.token()}
        assert smtp.send("a@ours.example", ["b@theirs.example"], b"x: y\r\n\r\nz\r\n").outcome is Outcome.SENT
    assert faulty_smtp.logins == [f"{mechanism} support"]
    assert len(token_server.grants) == 2


def test_a_token_is_refreshed_before_it_ends(token_server: TokenServer) -> None:
    clock = FakeClock()
    source = TokenSource(grant(token_server), clock=clock)
    first = source.token()
    clock.forward(minutes=50)
    assert source.token() == first
    clock.forward(minutes=6)
    assert source.token() != first
    assert source.status().expires_in == 3600


def test_a_short_lived_token_is_not_fetched_for_every_use(token_server: TokenServer) -> None:
    clock = FakeClock()
    token_server.lifetime = 60
    source = TokenSource(grant(token_server), clock=clock)
    first = source.token()
    clock.forward(seconds=30)
    assert source.token() == first
    clock.forward(seconds=20)
    assert source.token() != first


def test_a_refresh_token_is_used_and_its_successor_kept(token_server: TokenServer) -> None:
    clock, kept = FakeClock(), []
    token_server.rotate = True
    source = TokenSource(grant(token_server, refresh_token="first", client_secret=None), clock=clock, keep=kept.append)
    source.token()
    clock.forward(hours=2)
    source.token()
    assert [form["grant_type"] for form in token_server.grants] == ["refresh_token"] * 2
    assert [form["refresh_token"] for form in token_server.grants] == ["first", kept[0]]
    assert len(kept) == 2
    assert "client_secret" not in token_server.grants[0]


def test_a_withdrawn_consent_says_what_to_do(token_server: TokenServer) -> None:
    token_server.answer = lambda form: (400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
    source = TokenSource(grant(token_server, refresh_token="old"))
    with pytest.raises(PermanentError, match="set a new REFRESH_TOKEN") as caught:
        source.token()
    assert "revoked" in str(caught.value)
    assert "old" not in str(caught.value)
    assert "invalid_grant" in source.status().error


@pytest.mark.parametrize(
    "answer", [(503, {}), (200, {}), (400, {"error": "temporarily_unavailable"}), (200, {"access_token": ""})]
)
def test_a_token_server_in_trouble_is_tried_again_and_the_old_token_used(
    token_server: TokenServer, answer: tuple[int, dict[str, object]]
) -> None:
    clock = FakeClock()
    source = TokenSource(grant(token_server), clock=clock)
    first = source.token()
    token_server.answer = lambda form: answer
    clock.forward(minutes=57)
    assert source.token() == first
    assert source.status().error
    clock.forward(minutes=4)
    with pytest.raises(TemporaryError):
        source.token()
    token_server.answer = None
    assert source.token() != first
    assert source.status().error == ""


def test_a_token_server_that_is_down_is_told() -> None:
    with pytest.raises(TemporaryError, match="does not answer"):
        TokenSource(FakeGrant(token_url="http://127.0.0.1:1/token")).token()


def test_the_end_of_a_grant_is_reported(token_server: TokenServer) -> None:
    clock = FakeClock(datetime(2026, 3, 2, tzinfo=UTC))
    by_setting = TokenSource(grant(token_server, grant_expires="2026-03-12"), clock=clock)
    assert by_setting.status().grant_expires_in == 10 * 86400
    by_argument = TokenSource(grant(token_server), clock=clock, grant_expires=date(2026, 3, 3))
    assert by_argument.status().grant_expires_in == 86400
    token_server.answer = lambda form: (
        200,
        {"access_token": "a", "expires_in": "60", "refresh_token_expires_in": 7200},
    )
    by_server = TokenSource(grant(token_server, refresh_token="r"), clock=clock)
    by_server.token()
    assert by_server.status().grant_expires_in == 7200
    assert by_server.status().expires_in == 60


def test_presets_fill_in_url_and_scope() -> None:
    app = FakeGrant("microsoft365", "contoso.example", scope=None)
    assert resolved(app) == (
        "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token",
        "https://outlook.office365.com/.default",
    )
    user = FakeGrant("microsoft365", refresh_token="r", scope=None)
    assert "/common/" in resolved(user)[0]
    assert "SMTP.Send" in resolved(user)[1]
    assert resolved(FakeGrant("google", refresh_token="r", scope=None))[1] == "https://mail.google.com/"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (FakeGrant("microsoft365"), "TENANT"),
        (FakeGrant("google"), "REFRESH_TOKEN"),
        (FakeGrant(), "TOKEN_URL"),
        (FakeGrant(token_url="http://login.example/token"), "https"),
    ],
)
def test_an_incomplete_or_unsafe_grant_is_told(wrong: FakeGrant, told: str) -> None:
    with pytest.raises(PermanentError, match=told):
        TokenSource(wrong)
