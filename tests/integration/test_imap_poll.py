"""Polling a real Dovecot: never lost, never twice, whatever others do to the mailbox."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeInbox, FakeLedger
from imapclient import DELETED, SEEN
from servers import CRIPPLED, HOST, Dovecot, MailUser

from mailbot.errors import PermanentError, TemporaryError
from mailbot.inbound.imap import ImapSession, connect
from mailbot.inbound.model import FetchLimits, PollResult
from mailbot.inbound.poll import poll_mailbox


def mail(number: int | str, *, message_id: str | None = "", text: str = "hello") -> bytes:
    lines = [f"From: a{number}@customer.example", "To: support@ours.example", f"Subject: {number}"]
    if message_id is not None:
        lines.append(f"Message-ID: {message_id or f'<{number}@customer.example>'}")
    return ("\r\n".join(lines) + f"\r\n\r\n{text} {number}\r\n").encode()


def inbox(user: MailUser, **settings: Any) -> FakeInbox:
    return FakeInbox(**{"port_number": user.server.port, "username": user.name, "password": user.password, **settings})


def poll(box: FakeInbox, ledger: FakeLedger, **more: Any) -> PollResult:
    return poll_mailbox(box, ledger, **{"connect": connect, "owner": "test", **more})


def test_each_mail_is_taken_once_and_flagged(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1), mail(2))
    ledger, box = FakeLedger(), inbox(mail_user)
    first, second = poll(box, ledger), poll(box, ledger)
    assert (first.fetched, first.flagged, first.ok) == (2, 2, True)
    assert (second.fetched, second.known, second.flagged, second.ok) == (0, 2, 0, True)
    assert ledger.raws() == [mail(1), mail(2)]
    assert all(SEEN in flags for flags in mail_user.flags().values())


def test_fetching_does_not_set_seen(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1))
    assert poll(inbox(mail_user, after="nothing"), FakeLedger()).fetched == 1
    assert list(mail_user.flags().values()) == [set()]


def test_mails_that_somebody_else_has_read_are_taken_too(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1), flags=(SEEN,))
    assert poll(inbox(mail_user), FakeLedger()).fetched == 1


def test_nothing_is_flagged_before_it_is_committed(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1), mail(2), mail(3))

    class Failing(FakeLedger):
        def receive(self, *args: Any) -> int:
            raise TemporaryError("the disk is full")

    result = poll(inbox(mail_user), Failing())
    assert isinstance(result.error, TemporaryError)
    assert list(mail_user.flags().values()) == [set()] * 3


def test_flags_that_a_crash_left_out_are_set_by_the_next_pass(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1))

    class Crashing(FakeLedger):
        def to_flag(self, *args: Any) -> list[int]:
            raise TemporaryError("killed here")

    ledger = Crashing()
    assert poll(inbox(mail_user), ledger).error is not None
    again = FakeLedger()
    again.rows, again.starts = ledger.rows, ledger.starts
    result = poll(inbox(mail_user), again)
    assert (result.fetched, result.flagged) == (0, 1)
    assert list(mail_user.flags().values()) == [{SEEN}]


def test_the_first_run_can_start_from_now(mail_user: MailUser) -> None:
    mail_user.deliver(mail("old"))
    ledger, box = FakeLedger(), inbox(mail_user)
    assert poll(box, ledger, since="now").fetched == 0
    mail_user.deliver(mail("new"))
    result = poll(box, ledger, since="beginning")  # the recorded start counts, not the option of a later run
    assert ledger.raws() == [mail("new")]
    assert (result.on_server, result.in_ledger, result.ok) == (1, 1, True)
    assert list(mail_user.flags().values()) == [set(), {SEEN}]


def test_the_first_run_from_now_on_an_empty_folder_takes_the_first_mail(mail_user: MailUser) -> None:
    ledger, box = FakeLedger(), inbox(mail_user)
    assert poll(box, ledger, since="now").ok
    mail_user.deliver(mail(1))
    assert poll(box, ledger, since="now").fetched == 1


def test_the_first_run_can_start_at_a_day(mail_user: MailUser) -> None:
    today = datetime.now(UTC)
    with mail_user.client() as client:
        for days in (30, 20, 1):
            client.append("INBOX", mail(days), msg_time=today - timedelta(days=days))
    ledger = FakeLedger()
    poll(inbox(mail_user), ledger, since=(today - timedelta(days=21)).date())
    assert ledger.raws() == [mail(20), mail(1)]
    none = FakeLedger()
    poll(inbox(mail_user), none, since=date(2999, 1, 1))
    assert none.raws() == []


def test_a_new_uidvalidity_means_that_all_is_looked_at_again(mail_user: MailUser) -> None:
    with mail_user.client() as client:
        client.create_folder("Requests")
    mail_user.deliver(mail(1), mail(2), folder="Requests")
    ledger, box = FakeLedger(), inbox(mail_user, folder="Requests")
    first = poll(box, ledger)
    with mail_user.client() as client:
        client.delete_folder("Requests")
        client.create_folder("Requests")
    mail_user.deliver(mail(3), mail(2), folder="Requests")  # UIDs 1 and 2 again, other mails
    second = poll(box, ledger)
    assert (first.uidvalidity_changed, second.uidvalidity_changed) == (False, True)
    assert second.uidvalidity != first.uidvalidity
    assert second.fetched == 2
    assert ledger.ledger_count("support", second.uidvalidity or 0) == 2
    assert any("UIDVALIDITY" in note for note in second.notes)
    assert not poll(box, ledger).uidvalidity_changed


def test_mails_expunged_by_another_client_during_the_pass_are_no_error(mail_user: MailUser) -> None:
    mail_user.deliver(*(mail(n) for n in range(30)))

    class Meddling(FakeLedger):
        def receive(self, *args: Any) -> int:
            if not self.rows:
                with mail_user.client() as other:
                    other.select_folder("INBOX")
                    other.add_flags(other.search()[15:], [DELETED])
                    other.expunge()
            return super().receive(*args)

    ledger = Meddling()
    result = poll(inbox(mail_user), ledger, limits=FetchLimits(batch_mails=5))
    # Dovecot may still hand out mails that were expunged after the session opened the folder; both are right.
    assert 15 <= result.fetched <= 30
    assert result.ok
    assert poll(inbox(mail_user), ledger).ok


def test_mails_that_come_during_the_pass_belong_to_the_next_one(mail_user: MailUser) -> None:
    mail_user.deliver(*(mail(n) for n in range(10)))

    class Busy(FakeLedger):
        def receive(self, *args: Any) -> int:
            mail_user.deliver(mail(f"late{len(self.rows)}"))
            return super().receive(*args)

    ledger = Busy()
    first = poll(inbox(mail_user), ledger, limits=FetchLimits(batch_mails=5))
    assert (first.fetched, first.missing) == (10, ())
    ledger.__class__ = FakeLedger
    assert poll(inbox(mail_user), ledger).fetched == 2
    assert len(set(ledger.raws())) == 12


def test_no_mail_is_lost_while_others_append_during_polls(mail_user: MailUser) -> None:
    def append() -> None:
        with mail_user.client() as client:
            for number in range(100):
                client.append("INBOX", mail(number))

    ledger, box = FakeLedger(), inbox(mail_user)
    writer = threading.Thread(target=append)
    writer.start()
    while writer.is_alive():
        assert poll(box, ledger).ok
    writer.join()
    assert poll(box, ledger).ok
    assert sorted(ledger.raws()) == sorted(mail(n) for n in range(100))


def test_300_mails_are_taken_in_batches(mail_user: MailUser) -> None:
    with mail_user.client() as client:
        for number in range(300):
            client.append("INBOX", mail(number))
    ledger, seen = FakeLedger(), []
    result = poll(inbox(mail_user), ledger, on_fetched=lambda done, total: seen.append((done, total)))
    assert (result.fetched, result.flagged, result.ok) == (300, 300, True)
    assert seen == [(0, 300), (100, 300), (200, 300), (300, 300)]
    assert ledger.calls == ["receive 100"] * 3 + ["flagged 100"] * 3


def test_mails_without_and_with_the_same_message_id_are_all_taken(mail_user: MailUser) -> None:
    same = "<same@customer.example>"
    mails = [mail(1, message_id=None), mail(2, message_id=None), mail(3, message_id=same), mail(4, message_id=same)]
    mail_user.deliver(*mails)
    ledger = FakeLedger()
    assert poll(inbox(mail_user), ledger).fetched == 4
    assert ledger.raws() == mails


def test_a_folder_name_beyond_ascii_is_read(mail_user: MailUser) -> None:
    with mail_user.client() as client:
        client.create_folder("Solicitações & 請求")
    mail_user.deliver(mail(1), folder="Solicitações & 請求")
    assert poll(inbox(mail_user, folder="Solicitações & 請求"), FakeLedger()).fetched == 1


def test_read_mails_are_moved(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1), mail(2))
    ledger, box = FakeLedger(), inbox(mail_user, after="move:Feito/Lidas é")
    result = poll(box, ledger)
    assert (result.flagged, result.on_server, result.gone, result.ok) == (2, 0, 2, True)
    assert any("created" in note for note in result.notes)
    assert mail_user.flags() == {}
    assert list(mail_user.flags("Feito/Lidas é").values()) == [{SEEN}, {SEEN}]
    assert poll(box, ledger).ok


def test_without_move_and_uidplus_nobody_elses_deleted_mail_is_expunged(mail_user: MailUser) -> None:
    mail_user.deliver(mail("somebody's"), flags=(DELETED,))
    mail_user.deliver(mail(1), mail(2))
    ledger, box = FakeLedger(), inbox(mail_user, host=CRIPPLED, after="move:Done")
    with connect(box) as session:
        assert not session.has("MOVE")
        assert not session.has("UIDPLUS")
    ledger.baseline("support", connect(box).select("INBOX").uidvalidity, 1)
    result = poll(box, ledger)
    assert result.fetched == 2
    assert any("neither MOVE nor UIDPLUS" in note for note in result.notes)
    assert len(mail_user.flags()) == 3
    assert len(mail_user.flags("Done")) == 2
    again = poll(box, ledger)
    assert (again.fetched, again.flagged, again.ok) == (0, 0, True)


def test_a_copy_that_a_crash_left_unrecorded_is_not_made_twice(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1))
    box = inbox(mail_user, host=CRIPPLED)
    with connect(box) as session:
        session.select("INBOX")
        session.ensure_folder("Done")
        session.move([1], "Done")
        session.move([1], "Done")
    assert len(mail_user.flags("Done")) == 1


def test_two_pollers_at_once_take_each_mail_once(mail_user: MailUser) -> None:
    mail_user.deliver(*(mail(n) for n in range(50)))
    ledger, results = FakeLedger(), []
    barrier = threading.Barrier(2)

    def run(owner: str) -> None:
        barrier.wait()
        results.append(poll(inbox(mail_user), ledger, owner=owner, limits=FetchLimits(batch_mails=5)))

    threads = [threading.Thread(target=run, args=(f"p{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.fetched for result in results) == 50
    assert ledger.leases == {}
    assert sum(result.skipped for result in results) == 1 or {r.known for r in results} == {0, 50}


def test_a_lease_that_is_lost_midway_ends_the_pass(mail_user: MailUser) -> None:
    mail_user.deliver(*(mail(n) for n in range(10)))

    class Stolen(FakeLedger):
        def receive(self, *args: Any) -> int:
            self.leases["support"] = "somebody else"
            return super().receive(*args)

    ledger = Stolen()
    result = poll(inbox(mail_user), ledger, limits=FetchLimits(batch_mails=5))
    assert "taken over" in str(result.error)
    assert len(ledger.rows) == 5
    assert ledger.leases == {"support": "somebody else"}


def test_a_mail_over_the_limit_keeps_its_head_and_is_marked(mail_user: MailUser) -> None:
    big = mail("big", text="x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 20_000)
    mail_user.deliver(mail(1), big, mail(2))
    ledger = FakeLedger()
    limits = FetchLimits(mail_bytes=1_000_000, keep_bytes=5_000, batch_bytes=500_000, window_bytes=2_000)
    result = poll(inbox(mail_user), ledger, limits=limits)
    kept = sorted(ledger.rows.values(), key=lambda row: row.uid)
    assert (result.fetched, result.truncated) == (3, 1)
    assert [row.truncated for row in kept] == [False, True, False]
    assert kept[1].raw == big[:5_000]
    assert kept[1].size == len(big)


@pytest.mark.parametrize("size", [399_999, 400_000, 400_001, 1_000_000])
def test_a_large_mail_is_read_in_windows_octet_by_octet_the_same(mail_user: MailUser, size: int) -> None:
    head = mail("large", text="")
    body = (b"0123456789" * 7 + b"\r\n") * (size // 72 + 1)
    large = head + body[: size - len(head) - 2] + b"\r\n"
    mail_user.deliver(large)
    ledger = FakeLedger()
    poll(inbox(mail_user), ledger, limits=FetchLimits(batch_bytes=100_000, window_bytes=100_000))
    assert ledger.raws() == [large]


def test_internal_date_is_aware_and_right(mail_user: MailUser) -> None:
    when = datetime(2025, 7, 1, 12, 30, tzinfo=UTC)
    with mail_user.client() as client:
        client.append("INBOX", mail(1), msg_time=when)
    ledger = FakeLedger()
    poll(inbox(mail_user), ledger)
    assert next(iter(ledger.rows.values())).internal_date == when


def test_a_read_only_folder_is_read_and_not_flagged(mail_user: MailUser) -> None:
    mail_user.deliver(mail(1))

    def connect_read_only(box: Any) -> ImapSession:
        session = connect(box)
        select = session.select
        session.select = lambda name, read_only=False: select(name, read_only=True)  # type: ignore[method-assign]
        return session

    result = poll(inbox(mail_user), FakeLedger(), connect=connect_read_only)
    assert (result.fetched, result.flagged, result.ok) == (1, 0, True)
    assert any("read-only" in note for note in result.notes)


def test_a_stop_between_batches_keeps_what_is_committed(mail_user: MailUser) -> None:
    mail_user.deliver(*(mail(n) for n in range(10)))
    ledger = FakeLedger()
    result = poll(inbox(mail_user), ledger, stop=lambda: bool(ledger.rows), limits=FetchLimits(batch_mails=5))
    assert result.fetched == 5
    assert poll(inbox(mail_user), ledger).fetched == 5


def test_a_server_that_stops_midway_keeps_what_is_committed(own_dovecot: Callable[..., Dovecot]) -> None:
    server = own_dovecot()
    user = server.user()
    user.deliver(*(mail(n) for n in range(20)))

    class Stopping(FakeLedger):
        def receive(self, *args: Any) -> int:
            count = super().receive(*args)
            if len(self.rows) == 5:
                server.kill()
            return count

    ledger, box = Stopping(), inbox(user)
    result = poll(box, ledger, limits=FetchLimits(batch_mails=5))
    assert isinstance(result.error, TemporaryError)
    assert result.fetched >= 5
    down = poll(box, ledger)
    assert isinstance(down.error, TemporaryError)
    assert "nobody listens" in str(down.error)
    assert ledger.leases == {}
    server.start()
    ledger.__class__ = FakeLedger
    assert poll(box, ledger).ok
    assert sorted(ledger.raws()) == sorted(mail(n) for n in range(20))


def test_a_wrong_folder_is_told_with_the_folders_that_exist(mail_user: MailUser) -> None:
    with mail_user.client() as client:
        client.create_folder("Atenção")
    result = poll(inbox(mail_user, folder="Inbxo"), FakeLedger())
    assert isinstance(result.error, PermanentError)
    assert "Inbxo" in str(result.error)
    assert "Atenção, INBOX" in str(result.error)


def test_a_wrong_password_is_told_without_showing_it(mail_user: MailUser) -> None:
    result = poll(inbox(mail_user, password="geheim"), FakeLedger())
    assert isinstance(result.error, PermanentError)
    assert mail_user.name in str(result.error)
    assert "PASSWORD" in str(result.error)
    assert "geheim" not in str(result.error)


def test_a_password_beyond_ascii_logs_in(dovecot: Dovecot) -> None:
    user = dovecot.user(password="senhaçé")
    with connect(inbox(user)) as session:
        assert session.folders() == ["INBOX"]


def test_tls_with_an_own_authority_is_verified(mail_user: MailUser) -> None:
    box = inbox(mail_user, host="localhost", port_number=mail_user.server.tls_port, security="tls")
    with pytest.raises(PermanentError, match="certificate is not trusted"):
        connect(box)
    trusting = dataclasses.replace(box, ca_file=mail_user.server.ca_file)
    with connect(trusting) as session:
        assert session.select("INBOX").exists == 0
    with pytest.raises(PermanentError, match="certificate is not trusted"):  # the name is not in the certificate
        connect(dataclasses.replace(trusting, host=CRIPPLED))


def test_starttls_is_used_when_asked_for(mail_user: MailUser) -> None:
    box = inbox(mail_user, host="localhost", security="starttls", ca_file=mail_user.server.ca_file)
    with connect(box) as session:
        assert session.select("INBOX").exists == 0
    with pytest.raises(PermanentError, match="certificate is not trusted"):
        connect(dataclasses.replace(box, ca_file=None))


def test_starttls_never_falls_back_to_plain_text(mail_user: MailUser) -> None:
    imap_server = pytest.importorskip("mailbot.demo.imap_server")
    with imap_server.DemoImapServer({"support": "pw"}) as plain_only:
        box = FakeInbox(port_number=plain_only.port, security="starttls")
        with pytest.raises(PermanentError, match="STARTTLS"):
            connect(box)


def test_tls_on_a_plain_port_and_plain_on_a_tls_port_are_told_apart(mail_user: MailUser) -> None:
    with pytest.raises(PermanentError, match="starttls"):
        connect(inbox(mail_user, host="localhost", security="tls", ca_file=mail_user.server.ca_file))
    slow = inbox(mail_user, port_number=mail_user.server.tls_port, timeout_seconds=1)
    with pytest.raises(TemporaryError, match="SECURITY=tls"):
        connect(slow)


def test_plain_text_off_loopback_is_refused() -> None:
    with pytest.raises(PermanentError, match="MAILBOT_ALLOW_PLAINTEXT"):
        connect(FakeInbox(host="192.0.2.1", port_number=143))


def test_an_unreadable_ca_file_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    with pytest.raises(PermanentError, match="CA_FILE"):
        connect(FakeInbox(host=HOST, port_number=1, security="tls", ca_file=broken))


def test_a_port_where_nobody_listens_and_a_host_without_address_are_told() -> None:
    with pytest.raises(TemporaryError, match="nobody listens"):
        connect(FakeInbox(port_number=1))
    with pytest.raises(TemporaryError, match="cannot be resolved"):
        connect(FakeInbox(host="mail.invalid", port_number=143, security="tls"))
