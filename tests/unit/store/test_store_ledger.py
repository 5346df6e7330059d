"""The ledger keeps each mail once, in order, whatever happens to mailboxes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_story import ANA, NOW, arrive, mail, message, open_ticket, opening, render

from mailbot.errors import StoreError
from mailbot.message.model import Address
from mailbot.store import Store


def test_a_mail_is_taken_once(store: Store) -> None:
    assert store.receive("support", 1, [mail(1), mail(2)]) == 2
    assert store.receive("support", 1, [mail(2), mail(3)]) == 1
    assert [row.uid for row in store.pending()] == [1, 2, 3]
    assert store.ledger_count("support", 1) == 3


def test_the_bytes_come_back_as_they_came(store: Store) -> None:
    raw = bytes(range(256)) * 9
    store.receive("support", 1, [mail(1, raw=raw)])
    assert store.raw(store.pending()[0].sha256) == raw


def test_a_blob_that_is_gone_is_told(store: Store) -> None:
    store.receive("support", 1, [mail(1)])  # another one is there: the place of the raw mails is in order
    with pytest.raises(StoreError, match="no such mail"):
        store.raw("0" * 64)


def test_uids_beyond_31_bits_are_kept(store: Store) -> None:
    store.receive("support", 2**32 - 1, [mail(2**32 - 2, at=NOW)])
    assert store.known_uids("support", 2**32 - 1, [5, 2**32 - 2]) == {2**32 - 2}


def test_known_uids_are_those_of_this_folder_and_validity(store: Store) -> None:
    store.receive("support", 1, [mail(uid) for uid in (1, 2, 5)])
    store.receive("escalate", 1, [mail(3)])
    assert store.known_uids("support", 1, range(1, 7000)) == {1, 2, 5}
    assert store.known_uids("support", 2, [1, 2]) == set()
    assert store.known_uids("support", 1, []) == set()


def test_mails_are_pending_in_order_of_arrival(store: Store) -> None:
    store.receive("support", 1, [mail(1, at=NOW), mail(2, at=NOW - timedelta(hours=1))])
    store.receive("escalate", 1, [mail(7, at=NOW - timedelta(minutes=30))])
    assert [(row.mailbox, row.uid) for row in store.pending()] == [("support", 2), ("escalate", 7), ("support", 1)]
    assert len(store.pending(limit=2)) == 2


def test_what_is_not_flagged_yet_is_asked_for(store: Store) -> None:
    store.receive("support", 1, [mail(uid) for uid in (3, 1, 2)])
    assert store.to_flag("support", 1, 2) == [1, 2]
    store.flagged("support", 1, [1, 2])
    assert store.to_flag("support", 1, 9) == [3]
    assert store.to_flag("support", 2, 9) == []


def test_reading_begins_after_the_baseline(store: Store) -> None:
    assert store.start_of("support", 9) is None
    assert store.last_uidvalidity("support") is None
    store.baseline("support", 9, 41)
    store.baseline("support", 9, 42)
    assert store.start_of("support", 9) == 42
    assert store.last_uidvalidity("support") == 9


def test_ignored_and_quarantined_mails_do_not_wait_any_more(store: Store) -> None:
    first, second = arrive(store, 1, 2)
    assert store.ignore(first.id, "Auto-Submitted: auto-replied", message=message())
    assert store.quarantine(second.id, "too many parts", "50,000 parts")
    assert store.pending() == []
    assert not store.ignore(first.id, "again")
    kept = store.ledger_row(second.id)
    assert kept is not None
    assert (kept.state, kept.reason, kept.detail) == ("quarantined", "too many parts", "50,000 parts")


def test_quarantine_is_tried_again_on_request(store: Store) -> None:
    first, second = arrive(store, 1, 2)
    for row in (first, second):
        store.attempted([row.id])
        store.quarantine(row.id, "broken")
    assert store.retry_quarantined([second.id]) == 1
    again = store.pending()
    assert [(row.id, row.attempts) for row in again] == [(second.id, 0)]
    assert [row.id for row in store.ledger_rows("quarantined")] == [first.id]


def test_tries_are_counted(store: Store) -> None:
    (row,) = arrive(store, 1)
    store.attempted([row.id])
    store.attempted([row.id])
    assert store.pending()[0].attempts == 2


def test_a_try_that_was_none_is_taken_back(store: Store) -> None:
    first, second = arrive(store, 1, 2)
    store.attempted([first.id, second.id])
    store.not_attempted([second.id])
    store.not_attempted([second.id])
    assert [row.attempts for row in store.pending()] == [1, 0]


def test_the_same_mail_in_both_mailboxes_is_one_message(store: Store) -> None:
    opened = open_ticket(store, "1")
    store.receive("escalate", 4, [mail(9, raw=b"other Received lines")])
    (copy,) = store.pending()
    found = store.find_duplicate(copy, message("1"))
    assert found is not None
    assert (found.ticket, found.mailbox) == (opened.ticket, "support")
    assert store.copy_of(copy, message("1"), found)
    assert not store.copy_of(copy, message("1"), found)
    assert store.pending() == []
    assert store.mailboxes_of(1) == ("support", "escalate")
    assert len(store.outbox_list()) == 1


def test_after_a_change_of_uidvalidity_a_mail_without_message_id_is_known_by_its_bytes(store: Store) -> None:
    bare = message("1", message_id=None)
    store.receive("support", 1, [mail(1, raw=b"no id at all")])
    (row,) = store.pending()
    store.apply(row.id, bare, opening(), render=render, pack="digibee")
    store.receive("support", 2, [mail(77, raw=b"no id at all"), mail(78, raw=b"no id either")])
    again, other = store.pending()
    assert store.find_duplicate(again, bare) is not None
    assert store.find_duplicate(other, bare) is None


def test_a_sender_who_gives_every_mail_one_message_id_loses_none(store: Store) -> None:
    open_ticket(store, "1")
    (row,) = arrive(store, 2)
    later = message("1", text="something else entirely", date=NOW + timedelta(hours=1))
    assert store.find_duplicate(row, later) is None


def test_a_stranger_with_a_borrowed_message_id_is_no_copy(store: Store) -> None:
    open_ticket(store, "1")
    (row,) = arrive(store, 2)
    assert store.find_duplicate(row, message("1", from_=(Address("eve@evil.example"),))) is None
    assert store.find_duplicate(row, message("1", from_=(Address(ANA),))) is not None


def test_a_copy_that_was_processed_meanwhile_opens_no_second_ticket(store: Store) -> None:
    store.receive("support", 1, [mail(1)])
    store.receive("escalate", 1, [mail(2, raw=b"the same mail, another way")])
    first, second = store.pending()
    store.apply(first.id, message("1"), opening(), render=render, pack="digibee")
    applied = store.apply(second.id, message("1"), opening(), render=render, pack="digibee")
    assert (applied.ticket, applied.repeated, applied.copy_of) == (1, True, first.id)
    assert len(store.list_tickets()) == 1
    assert len(store.outbox_list()) == 1
    assert open_ticket(store, "5").ticket == 2, "no number is lost"
