"""What time brings: alerts once per trouble, the breaker, quarantine told, grants, housekeeping."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from shutil import copytree

import pytest

from mailbot.decide.actions import Decision, Send
from mailbot.inbound.model import ReceivedMail
from mailbot.reply.model import Outgoing
from mailbot.runtime.engine import Engine
from mailbot.runtime.service import Service
from mailbot.settings import load, shipped
from mailbot.store.values import OutboxEntry

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
OPS = "ops@desk.example"


class Desk:
    """An engine on a database in memory, with the clock in hand."""

    def __init__(self, tmp_path: Path, **environ: str) -> None:
        self.now = NOW
        directory = tmp_path / "directory.yaml"
        directory.write_text(
            environ.pop("directory", f"operators: [{OPS}]\nteams: {{support: {{address: team@desk.example}}}}\n")
        )
        box = "MAILBOT_MAILBOXES__SUPPORT__"
        settings = load(
            None,
            {
                "MAILBOT_DATABASE_URL": "sqlite://",
                "MAILBOT_BLOBS_URL": "memory://",
                "MAILBOT_DIRECTORY": str(directory),
                "MAILBOT_ALERT_MINUTES": "30",
                "MAILBOT_LIMITS__BREAKER_REPLIES": "5",
                box + "ADDRESS": "support@desk.example",
                box + "PACK": "digibee",
                box + "HOST": "127.0.0.1",
                box + "USERNAME": "support",
                box + "PASSWORD": "secret",
                **environ,
            },
        )
        self.engine = Engine(settings)
        self.store = self.engine.store
        self.store.clock = lambda: self.now
        self.engine.read_at("support", self.now)

    def wait(self, **span: float) -> int:
        """Time passes, then the engine's minute comes."""
        self.now += timedelta(**span)
        return self.engine.tick(self.now)

    def read(self) -> None:
        self.engine.read_at("support", self.now)

    def mails(self, template: str = "") -> list[OutboxEntry]:
        rows = sorted(self.store.outbox_list(limit=1000), key=lambda row: row.id)
        return [row for row in rows if not template or row.template == template]

    def text(self, entry: OutboxEntry) -> str:
        made = message_from_bytes(self.store.outbox_raw(entry.id) or b"", policy=policy.default)
        return f"{made['Subject']}\n" + made.get_body(("plain",)).get_content()  # type: ignore[attr-defined]

    def reply(self, number: int, *, audience: str = "customer", automatic: bool = True) -> int:
        """A mail of ours into the outbox. Returns its row."""
        to = f"person{number}@customer.example"
        send = Send("acknowledge", audience, (to,), "en", "test", "reply", automatic=automatic)
        raw = f"To: {to}\r\n\r\nhello\r\n".encode()
        made = Outgoing(f"<{number}.{audience}.{automatic}@desk.example>", "support@desk.example", (to,), raw, "s", "t")
        key = f"test:{number}:{audience}:{automatic}"
        return self.store.act(key, None, Decision((send,), "test"), render=lambda *_: made).outbox[0]

    def send_all(self) -> None:
        for mail in self.store.claim_due(self.now, 100):
            self.store.record_sent(mail.id, self.now, "250 ok")

    def quarantined(self, raw: bytes, reason: str = "too large") -> int:
        known = {row.id for row in self.store.ledger_rows(limit=1000)}
        self.store.receive("support", 1, [ReceivedMail(len(known) + 1, raw, self.now, len(raw))])
        row = self.store.pending(1)[0]
        self.store.quarantine(row.id, reason)
        return row.id


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.engine.close()


def letter(*head: str, sender: str = "Ana <ana@customer.example>") -> bytes:
    lines = (f"From: {sender}", "To: support@desk.example", "Message-ID: <1@customer.example>", *head)
    return "\r\n".join((*lines, "", "the body\r\n")).encode()


# --- mailboxes and mails that do not move ---------------------------------------------------------------------------


def test_an_unread_mailbox_is_told_once_and_again_only_after_it_was_well(desk: Desk) -> None:
    assert desk.wait(minutes=29) == 0
    assert desk.wait(minutes=2) == 1
    assert [desk.wait(minutes=1) for _ in range(5)] == [0] * 5
    desk.send_all()
    desk.read()
    assert desk.wait(minutes=1) == 0
    assert desk.wait(minutes=31) == 1
    alerts = desk.mails("operators_alert")
    assert [alert.recipients for alert in alerts] == [(OPS,), (OPS,)]
    assert len({alert.message_id for alert in alerts}) == 2
    assert "support was not read for 31 minutes" in desk.text(alerts[0])
    assert "mailbot check" in desk.text(alerts[0])


def test_a_mailbox_that_was_never_read_is_told_after_its_time(desk: Desk) -> None:
    desk.store.remember("read:support", None)
    assert desk.wait(minutes=1) == 0
    assert desk.wait(minutes=31) == 1
    assert "never read" in desk.text(desk.mails()[0])


def test_a_service_that_just_began_is_given_its_time(desk: Desk) -> None:
    desk.now += timedelta(hours=8)
    desk.engine.began = desk.now
    assert desk.wait(minutes=1) == 0
    assert desk.wait(minutes=30) == 1
    assert "not read for 511 minutes" in desk.text(desk.mails()[0])


def test_a_mail_that_cannot_be_sent_is_told(desk: Desk) -> None:
    desk.reply(1)
    desk.now += timedelta(minutes=31)
    desk.read()
    assert desk.wait() == 1
    assert "waits to be sent" in desk.text(desk.mails("operators_alert")[0])


def test_a_mail_that_was_received_and_is_not_processed_is_told(desk: Desk) -> None:
    raw = letter()
    desk.store.receive("support", 1, [ReceivedMail(1, raw, desk.now, len(raw))])
    desk.store.receive("elsewhere", 1, [ReceivedMail(2, raw, desk.now - timedelta(days=9), len(raw))])
    desk.now += timedelta(minutes=29)
    desk.read()
    assert desk.wait() == 0, "a mailbox that is not configured any more waits for its return"
    assert desk.wait(minutes=2) == 1
    assert "waits to be processed for 31 minutes" in " ".join(desk.text(desk.mails("operators_alert")[0]).split())
    assert desk.wait(minutes=1) == 0
    assert any("waits to be processed" in problem for problem in desk.engine.health().problems)


def test_without_operators_the_default_team_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, directory="teams: {support: {address: team@desk.example}}\n")
    assert desk.wait(minutes=31) == 1
    assert desk.mails()[0].recipients == ("team@desk.example",)
    desk.engine.close()


def test_with_nobody_to_tell_the_service_goes_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path, directory="operators: []\n")
    assert desk.wait(minutes=31) == 0
    assert desk.mails() == []
    desk.engine.close()


def test_one_failing_step_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("mailbot.runtime.engine.watch", broken)
    desk.quarantined(letter())
    assert desk.wait(minutes=31) == 2


class Untouched:
    """An SMTP connection that nobody may use."""

    def close(self) -> None: ...


# --- the breaker ----------------------------------------------------------------------------------------------------


def test_a_burst_is_held_and_told_and_released(desk: Desk) -> None:
    for number in range(5):
        desk.reply(number)
    assert desk.wait(minutes=1) == 0
    assert desk.store.breaker() is None
    desk.reply(5)
    assert desk.wait(seconds=30) == 1
    held = {row.id for row in desk.mails() if row.held}
    assert len(held) == 6
    later = desk.reply(6)
    own_words, team = desk.reply(7, automatic=False), desk.reply(8, audience="team")
    (alert,) = desk.mails("breaker_alert")
    assert (alert.audience, alert.recipients) == ("operators", (OPS,))
    assert "6 automatic replies within ten minutes; the limit is 5" in desk.text(alert)
    assert {mail.id for mail in desk.store.claim_due(desk.now, 100)} == {own_words, team, alert.id}
    assert [desk.wait(minutes=1) for _ in range(3)] == [0, 0, 0], "told once"
    assert desk.store.unhold() == 7
    assert desk.wait(seconds=1) == 0, "what was released does not trip the breaker again"
    assert desk.store.breaker() is None
    assert {mail.id for mail in desk.store.claim_due(desk.now, 100)} == {*held, later}


def test_a_burst_is_held_before_it_is_sent(desk: Desk) -> None:
    for number in range(6):
        desk.reply(number)
    desk.engine._smtp = Untouched()  # type: ignore[assignment]
    now = datetime.now(UTC)
    desk.store.clock = lambda: now
    with desk.store.db.write("test") as connection:
        from sqlalchemy import text

        connection.execute(text("UPDATE outbox_recipient SET at = :now"), {"now": now.replace(tzinfo=None)})
    assert desk.engine.deliver().sent == 0
    assert desk.store.breaker() is not None


def test_what_is_being_sent_when_the_breaker_trips_waits_when_it_must_be_sent_again(desk: Desk) -> None:
    number = desk.reply(1)
    (mail,) = desk.store.claim_due(desk.now, 10)
    assert desk.store.begin(mail, desk.now)
    desk.store.hold("test")
    desk.store.record_retry(number, desk.now, "450 later")
    assert desk.store.claim_due(desk.now + timedelta(hours=1), 10) == []
    assert desk.store.unhold() == 1
    assert len(desk.store.claim_due(desk.now, 10)) == 1


# --- mails in doubt -------------------------------------------------------------------------------------------------


def lost(desk: Desk, number: int, *, left: bool = True) -> None:
    """One of our mails is lost past DATA, and once more when `left`."""
    desk.store.claim_due(desk.now, 100)
    desk.store.record_uncertain(number, desk.now, "connection lost after the mail was complete")
    if left:
        desk.store.claim_due(desk.now, 100)
        desk.store.record_uncertain(number, None, "lost 2 times")


def test_a_mail_that_was_lost_twice_is_told_once_and_again_after_a_retry(desk: Desk) -> None:
    number = desk.reply(1)
    lost(desk, number, left=False)
    assert desk.wait(minutes=1) == 0, "it is sent again by itself"
    lost(desk, number)
    assert [desk.wait(minutes=1) for _ in range(3)] == [1, 0, 0]
    (alert,) = desk.mails("operators_alert")
    assert "person1@customer.example" in desk.text(alert)
    assert f"outbox retry {number}" in " ".join(desk.text(alert).split())
    assert desk.store.outbox_retry([number]) == 1
    assert desk.wait(minutes=1) == 0
    (again,) = (mail for mail in desk.store.claim_due(desk.now, 100) if mail.id == number)
    assert again.doubts == 1, "it is looked up first, and a further loss is a person's again"
    desk.store.record_uncertain(number, None, "lost 2 times")
    assert desk.wait(minutes=1) == 1


def test_many_mails_in_doubt_are_told_in_few_mails(desk: Desk) -> None:
    numbers = [desk.reply(n, automatic=False) for n in range(30)]
    desk.store.claim_due(desk.now, 100)
    for number in numbers:
        desk.store.record_uncertain(number, None, "lost 2 times")
    assert [desk.wait(minutes=1) for _ in range(3)] == [1, 1, 0]
    told = "".join(desk.text(mail) for mail in desk.mails("operators_alert"))
    assert all(f"person{n}@customer.example" in told for n in range(30))


# --- quarantine -----------------------------------------------------------------------------------------------------


def test_new_mails_in_quarantine_are_told_in_one_mail_and_their_senders_once(desk: Desk) -> None:
    first = desk.quarantined(letter("Subject: Preciso de ajuda com o fluxo que parou ontem"), "it has 90 MB")
    second = desk.quarantined(letter(sender="bob@other.example").replace(b"<1@", b"<2@"), "nested too deep")
    assert desk.wait(minutes=1) == 3
    (alert,) = desk.mails("operators_alert")
    told = desk.text(alert)
    assert "it has 90 MB" in told
    assert "nested too deep" in told
    assert f"quarantine show {first}" in told
    assert second != first
    ana, bob = desk.mails("unreadable")
    assert (ana.recipients, ana.language, ana.automatic) == (("ana@customer.example",), "pt", True)
    assert "não conseguiu ler" in desk.text(ana)
    assert bob.recipients == ("bob@other.example",)
    made = message_from_bytes(desk.store.outbox_raw(ana.id) or b"", policy=policy.default)
    assert (made["In-Reply-To"], made["Auto-Submitted"]) == ("<1@customer.example>", "auto-replied")
    assert [desk.wait(minutes=1) for _ in range(3)] == [0, 0, 0]


def test_a_mail_that_fails_again_after_a_retry_is_told_to_operators_and_never_again_to_its_sender(desk: Desk) -> None:
    number = desk.quarantined(letter())
    assert desk.wait(minutes=1) == 2
    desk.store.retry_quarantined([number])
    assert desk.wait(minutes=1) == 0
    desk.store.quarantine(number, "still too large")
    assert desk.wait(minutes=1) == 1
    assert len(desk.mails("unreadable")) == 1
    assert "still too large" in desk.text(desk.mails("operators_alert")[1])


def test_the_same_mail_in_two_copies_is_told_to_its_sender_once(desk: Desk) -> None:
    desk.quarantined(b"Received: from a\r\n" + letter())
    desk.quarantined(b"Received: from b\r\n" + letter())
    assert desk.wait(minutes=1) == 2
    assert len(desk.mails("unreadable")) == 1


@pytest.mark.parametrize(
    "raw",
    [
        letter("Auto-Submitted: auto-replied"),
        letter("Precedence: bulk", "List-Unsubscribe: <mailto:x@list.example>"),
        letter("Subject: Undelivered", sender="mailer-daemon@customer.example"),
        letter(sender="no-reply@customer.example"),
        letter(sender="support@desk.example"),
        letter(sender="ana@customer.example, bob@customer.example"),
        b"Subject: from nobody\r\n\r\nbody",
        b"\x00" * 5000,
        b"",
    ],
    ids=["automated", "list", "bounce", "no-reply", "ourselves", "two authors", "nobody", "NULs", "nothing"],
)
def test_a_sender_that_is_not_safe_to_answer_hears_nothing(desk: Desk, raw: bytes) -> None:
    desk.quarantined(raw)
    assert desk.wait(minutes=1) == 1
    assert desk.mails("unreadable") == []


def test_budgets_hold_for_unreadable_mails_too(desk: Desk) -> None:
    for number in range(10):
        desk.quarantined(letter().replace(b"<1@", b"<%d@" % number))
    desk.wait(minutes=1)
    assert len(desk.mails("unreadable")) == desk.engine.settings.limits.per_address_hour


# --- grants, housekeeping -------------------------------------------------------------------------------------------


def test_a_grant_that_ends_soon_is_told_once_a_day(tmp_path: Path) -> None:
    oauth = "MAILBOT_SMTP__OAUTH__"
    today = datetime.now(UTC)
    ends = (today + timedelta(days=15)).date().isoformat()
    desk = Desk(
        tmp_path,
        **{
            oauth + "CLIENT_ID": "x",
            oauth + "REFRESH_TOKEN": "y",
            oauth + "TOKEN_URL": "https://login.example.org/token",
            oauth + "GRANT_EXPIRES": ends,
        },
    )
    desk.now = today
    desk.read()
    seconds = desk.engine._grants()["SMTP"]
    assert seconds is not None
    assert 14 * 86400 <= seconds <= 15 * 86400
    from mailbot.runtime.upkeep import warn_of_grants

    store, house = desk.store, desk.engine.house
    assert warn_of_grants(store, house, today, {"SMTP": 15 * 86400.0}) == 0
    assert warn_of_grants(store, house, today, {"SMTP": 13.5 * 86400}) == 1
    assert warn_of_grants(store, house, today, {"SMTP": 13.4 * 86400}) == 0
    assert warn_of_grants(store, house, today + timedelta(days=1), {"SMTP": -1.0, "mailbox support": None}) == 1
    first, last = desk.mails("operators_alert")
    assert "SMTP ends in 13 days" in desk.text(first)
    assert "has ended" in desk.text(last)
    desk.engine.close()


def test_housekeeping_is_done_once_a_day_and_keeps_all_by_default(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    real = desk.store.retain
    monkeypatch.setattr(desk.store, "retain", lambda **given: (calls.append(given), real(**given))[1])
    for _ in range(4):
        desk.read()
        desk.wait(hours=12)
    assert calls == [{"raw_days": None, "text_days": None}] * 2


def test_raw_mails_go_when_their_days_are_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MAILBOT_RETENTION_DAYS="30")
    raw = letter("Subject: hello")
    desk.store.receive("support", 1, [ReceivedMail(1, raw, desk.now, len(raw))])
    row = desk.store.pending(1)[0]
    desk.store.ignore(row.id, "test")
    kept = desk.quarantined(letter("Subject: bad"))
    desk.wait(days=29)
    assert desk.store.blobs.exists(row.sha256)
    desk.wait(days=2)
    assert not desk.store.blobs.exists(row.sha256)
    assert desk.store.blobs.exists(desk.store.ledger_row(kept).sha256)  # type: ignore[union-attr]
    desk.engine.close()


def test_a_time_zone_of_the_desk_stands_above_each_packs_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MAILBOT_TIMEZONE="Europe/Madrid")
    assert {pack.timezone for pack in desk.engine.house.packs.values()} == {"Europe/Madrid"}
    desk.engine.close()


def test_a_mail_that_meets_a_broken_template_is_kept_and_told_as_a_failure(tmp_path: Path) -> None:
    copytree(shipped("templates"), tmp_path / "templates")
    for template in (tmp_path / "templates").rglob("request_info.*"):
        template.write_text("{% if broken %}", encoding="utf-8")
    desk = Desk(tmp_path, MAILBOT_TEMPLATES_DIR=str(tmp_path / "templates"))
    raw = letter("Subject: the pipeline orders-sync stopped in production")
    desk.store.receive("support", 1, [ReceivedMail(1, raw, desk.now, len(raw))])
    service = Service(desk.engine)
    service.process()
    (told,) = service.totals.failures
    assert told.startswith("mail 1 of support: TemplateError: ")
    assert "request_info." in told
    assert told.endswith("it is kept ('mailbot quarantine retry 1' after the mend)")
    assert [row.state for row in desk.store.ledger_rows(limit=9)] == ["quarantined"]
    desk.engine.close()
