"""A decision becomes rows in one transaction, and never a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_story import ANA, NOW, Clock, arrive, mail, message, on_ticket, open_ticket, opening, render, send, value

from mailbot.decide.actions import Decision, Join, Link, MarkAddress, Note, Send, SetFields, Update
from mailbot.errors import TemplateError
from mailbot.message.model import Attachment, Automated, AutomatedClass, Line, Part
from mailbot.reply.model import Outgoing
from mailbot.store import Store
from mailbot.store.values import StaleDecisionError
from mailbot.tickets.model import State, Ticket


def test_a_first_mail_opens_a_ticket_and_queues_one_reply(store: Store) -> None:
    applied = open_ticket(store)
    assert (applied.ticket, applied.opened, applied.repeated) == (1, True, False)
    ticket = store.ticket(1)
    assert ticket is not None
    assert (ticket.state, ticket.kind, ticket.priority, ticket.language) == (State.WAITING, "incident", 3, "pt")
    assert (ticket.requester, ticket.participants) == (ANA, {ANA})
    assert ticket.opened == NOW
    assert ticket.opened.tzinfo is UTC
    assert ticket.fields["pipeline"] == value("sync-orders")
    assert (ticket.asked, ticket.rounds) == ({"chat_id": 1}, 1)
    assert ticket.heard == ("case 1\nfalha 1",)
    (queued,) = store.outbox_list()
    assert (queued.state, queued.recipients, queued.ticket) == ("queued", (ANA,), 1)
    assert store.pending() == []


def test_the_view_that_apply_returns_is_the_one_that_is_stored(store: Store) -> None:
    applied = open_ticket(store)
    stored = store.ticket(1)
    assert stored is not None
    assert applied.view is not None
    assert replace(stored, sent=()) == applied.view


def test_our_mails_are_remembered_word_for_word(store: Store) -> None:
    open_ticket(store)
    ticket = store.ticket(1)
    assert ticket is not None
    (sent,) = ticket.sent
    assert sent.message_id == "<mb.1.reply.0@us.example>"
    assert sent.questions[0].text == "1. chat_id?"
    assert sent.text in store.outbox_raw(1).decode()  # type: ignore[union-attr]


def test_a_repeated_apply_changes_nothing(store: Store) -> None:
    open_ticket(store)
    before = store.show_ticket(1)
    (row,) = store.ledger_rows()
    again = store.apply(row.id, message(), opening(), render=render, pack="digibee")
    assert (again.ticket, again.repeated) == (1, True)
    assert store.show_ticket(1) == before
    assert len(store.list_tickets()) == 1


def test_numbers_follow_one_another(store: Store) -> None:
    assert [open_ticket(store, str(at)).ticket for at in (1, 2, 3)] == [1, 2, 3]


def test_a_template_that_fails_leaves_nothing_behind(store: Store) -> None:
    def broken(_ticket: Ticket | None, _send: Send) -> Outgoing:
        raise TemplateError("no such name", where="request_info.pt.md.j2")

    (row,) = arrive(store, 1)
    with pytest.raises(TemplateError):
        store.apply(row.id, message(), opening(), render=broken, pack="digibee")
    assert store.list_tickets() == []
    assert [r.state for r in store.pending()] == ["received"]
    assert open_ticket(store, "1").ticket == 1, "the number was not used up"


def test_an_answer_is_merged_and_the_history_keeps_both_values(store: Store) -> None:
    open_ticket(store)
    (row,) = arrive(store, 2)
    fields = SetFields(
        {"pipeline": value("sync-stock"), "environment": value("production"), "chat_id": value("77")},
        {"project": "não sei o projeto"}, ("pipeline", "chat_id"),
    )  # fmt: skip
    answer = on_ticket(
        1,
        Update(state=State.READY, routed=True, reason="complete"),
        fields,
        send("ack", ask=(), template="acknowledge"),
    )
    store.apply(
        row.id, message("2"), answer, render=render, pack="digibee", new_text="o chat é 77", ticket=store.ticket(1)
    )
    ticket = store.ticket(1)
    assert ticket is not None
    assert (ticket.state, ticket.routed, ticket.rounds) == (State.READY, True, 1)
    assert ticket.fields["pipeline"].value == "sync-stock"
    assert ticket.declined == {"project": "não sei o projeto"}
    assert ticket.heard == ("case 1\nfalha 1", "case 2\no chat é 77")
    shown = store.show_ticket(1)
    assert shown is not None
    changes = [(c.field, c.before, c.value, c.declined) for c in shown.history]
    assert ("pipeline", "sync-orders", "sync-stock", False) in changes
    assert ("project", None, None, True) in changes
    assert shown.line.missing == ()


def test_a_decision_on_an_old_view_is_refused(store: Store) -> None:
    open_ticket(store)
    seen = store.ticket(1)
    first, second = arrive(store, 2, 3)
    store.apply(first.id, message("2"), on_ticket(1, Update(priority=2)), render=render, pack="digibee", ticket=seen)
    with pytest.raises(StaleDecisionError):
        store.apply(
            second.id, message("3"), on_ticket(1, Update(priority=4)), render=render, pack="digibee", ticket=seen
        )
    assert [row.id for row in store.pending()] == [second.id]
    fresh = store.ticket(1)
    store.apply(second.id, message("3"), on_ticket(1, Update(priority=4)), render=render, pack="digibee", ticket=fresh)
    assert store.ticket(1).priority == 4  # type: ignore[union-attr]


def test_render_sees_the_ticket_as_it_will_be(store: Store) -> None:
    seen: list[Ticket] = []

    def watching(ticket: Ticket | None, mail: Send) -> Outgoing:
        assert ticket is not None
        seen.append(ticket)
        return render(ticket, mail)

    (row,) = arrive(store, 1)
    store.apply(row.id, message(), opening(), render=watching, pack="digibee", new_text="falha")
    assert (seen[0].number, seen[0].state, seen[0].rounds, seen[0].asked) == (1, State.WAITING, 0, {})
    assert seen[0].fields["environment"].value == "production"
    assert seen[0].heard == ("case 1\nfalha",)


def test_an_ignored_mail_touches_no_ticket(store: Store) -> None:
    (row,) = arrive(store, 1)
    bounce = MarkAddress("gone@cliente.example", True, "5.1.1 no such user")
    store.apply(row.id, message(), Decision((bounce,), "bounce", ignored=True), render=render, pack="digibee")
    assert store.list_tickets() == []
    assert [(r.state, r.reason) for r in store.ledger_rows()] == [("ignored", "bounce")]
    assert store.marked(["gone@cliente.example", "x@y.example"])["gone@cliente.example"].permanent
    assert store.unmark("gone@cliente.example")
    assert store.marked() == {}


def test_a_later_bounce_for_good_makes_the_mark_permanent_and_never_the_other_way(store: Store) -> None:
    for uid, permanent in ((1, False), (2, True), (3, False)):
        (row,) = arrive(store, uid)
        decision = Decision((MarkAddress(ANA, permanent, "came back"),), "bounce", ignored=True)
        store.apply(row.id, message(str(uid)), decision, render=render, pack="digibee")
    mark = store.marked()[ANA]
    assert (mark.permanent, mark.times) == (True, 3)


def test_a_machine_is_not_heard(store: Store) -> None:
    open_ticket(store)
    (row,) = arrive(store, 2)
    away = message("2", automated=Automated(AutomatedClass.AUTO_REPLY, "Auto-Submitted"))
    store.apply(
        row.id, away, on_ticket(1, Note("silent", "an auto-reply")), render=render, pack="digibee", new_text="away"
    )
    ticket = store.ticket(1)
    assert ticket is not None
    assert len(ticket.heard) == 1
    shown = store.show_ticket(1)
    assert shown is not None
    assert [m.author for m in shown.messages] == ["customer", "machine"]
    assert shown.timeline[-1].text == "an auto-reply"


def test_an_engineers_words_are_not_the_customers(store: Store) -> None:
    open_ticket(store)
    (row,) = arrive(store, 2)
    reply = on_ticket(1, send("engineer", ask=(), automatic=False, template="engineer"))
    store.apply(row.id, message("2"), reply, render=render, pack="digibee", new_text="We look", author="engineer")
    ticket = store.ticket(1)
    assert ticket is not None
    assert len(ticket.heard) == 1
    assert store.list_tickets()[0].missing == ("chat_id",)


def test_people_join_and_stay_in_copy(store: Store) -> None:
    join = Join(("rui@cliente.example", ANA), ("chefe@cliente.example",), "were in To and Cc")
    open_ticket(store, decision=opening(join, send()))
    ticket = store.ticket(1)
    assert ticket is not None
    assert ticket.participants == {ANA, "rui@cliente.example"}
    assert ticket.cc == ("chefe@cliente.example",)
    assert [t.number for t in store.tickets_of_address("rui@cliente.example")] == [1]
    assert store.tickets_of_address("chefe@cliente.example") == ()


def test_links_are_seen_from_both_sides(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2", decision=opening(Link(1, "answer to a closed ticket")))
    assert store.ticket(1).linked == (2,)  # type: ignore[union-attr]
    assert store.ticket(2).linked == (1,)  # type: ignore[union-attr]


def test_a_merge_takes_the_people_along(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2", decision=opening(Join(("rui@cliente.example",))))
    (row,) = arrive(store, 3)
    store.apply(
        row.id, message("3"), on_ticket(2, Update(merged_into=1, state=State.CLOSED)), render=render, pack="digibee"
    )
    assert store.merged_into(2) == 1
    assert store.merged_into(1) == 1
    into = store.ticket(1)
    assert into is not None
    assert "rui@cliente.example" in into.participants
    assert store.find_duplicate(arrive(store, 9)[0], message("2")).ticket == 1  # type: ignore[union-attr]


def test_messages_are_found_by_their_ids(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2")
    found = store.tickets_of(
        ["<1@cliente.example>", "<mb.2.reply.0@us.example>", "<unknown@x>", "<" + "x" * 5000 + ">"]
    )
    assert found == {"<1@cliente.example>": 1, "<mb.2.reply.0@us.example>": 2}
    assert store.tickets_of([]) == {}


def test_hostile_texts_are_stored(store: Store) -> None:
    nasty = "a\x00b \ud800 \\u0000 ' \" %s :x " + "й" * 10
    huge = "<" + "m" * 9000 + "@x>"
    (row,) = arrive(store, 1)
    mail = message("1", subject=nasty, text=nasty, message_id=huge, references=(nasty,))
    store.apply(
        row.id, mail, opening(Note("x", nasty), send(reason=nasty)), render=render, pack="digibee", new_text=nasty
    )
    shown = store.show_ticket(1)
    assert shown is not None
    assert shown.messages[0].text == nasty.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert store.tickets_of([huge]) == {huge: 1}


def test_absurd_dates_are_stored(store: Store) -> None:
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    dates = (datetime(1, 1, 1, tzinfo=east), datetime(9999, 12, 31, 23, 59, tzinfo=west))
    for key, date in enumerate(dates, 1):
        store.receive("support", 1, [mail(key, at=date)])
        (row,) = store.pending()
        store.apply(row.id, message(str(key), date=date), opening(), render=render, pack="digibee")
        assert store.ticket(key) is not None
        (again,) = arrive(store, 10 + key)
        assert store.find_duplicate(again, message(str(key), date=date)) is not None
        store.ignore(again.id, "seen")
    assert [m.date.year for n in (1, 2) for m in store.show_ticket(n).messages] == [1, 9999]  # type: ignore[union-attr]


def test_what_a_mail_was_made_of_can_be_shown_without_its_bytes(store: Store) -> None:
    text = "Oi\n> antes\n> disso\nfim"
    lines = (
        Line(0, "Oi", Part.NEW), Line(3, "> antes", Part.QUOTED, 1), Line(11, "> disso", Part.QUOTED, 1),
        Line(19, "fim", Part.NEW),
    )  # fmt: skip
    (row,) = arrive(store, 1)
    files = (Attachment("2", "erro.png", "image/png", 1234),)
    store.apply(
        row.id, message("1", text=text, attachments=files), opening(), render=render, pack="digibee", lines=lines
    )
    (shown,) = store.show_ticket(1).messages  # type: ignore[union-attr]
    assert [(part, shown.text[start:end]) for part, start, end in shown.parts] == [
        ("new", "Oi"), ("quoted", "> antes\n> disso"), ("new", "fim"),
    ]  # fmt: skip
    assert shown.attachments[0]["filename"] == "erro.png"


def test_a_thing_that_no_mail_caused_is_done_once(store: Store) -> None:
    open_ticket(store)
    reminder = Decision((send("reminder", ask=(), template="reminder"),), "silent for three days", ticket=1)
    first = store.act("reminder:1:1", 1, reminder, render=render)
    again = store.act("reminder:1:1", 1, reminder, render=render)
    assert (first.repeated, again.repeated) == (False, True)
    assert len(store.outbox_list(ticket=1)) == 2
    alert = Decision((send("alert", audience="operators", to=("ops@us.example",), ask=()),), "mailbox not read")
    assert not store.act("alert:support:1", None, alert, render=render).repeated
    assert store.outbox_list()[0].ticket is None


def test_whose_turn_it_was_is_remembered(store: Store) -> None:
    open_ticket(store, decision=opening(Update(team="leads", assignee="bia@us.example")))
    assert store.assigned_last() == {"leads": "bia@us.example"}


def test_times_of_the_ticket_follow_its_life(store: Store, clock: Clock) -> None:
    open_ticket(store)
    clock.forward(hours=2)
    (row,) = arrive(store, 2)
    store.apply(
        row.id,
        message("2"),
        on_ticket(1, Update(state=State.RESOLVED)),
        render=render,
        pack="digibee",
        author="engineer",
    )
    (line,) = store.list_tickets(states=["resolved"])
    assert (line.state_since - line.opened).total_seconds() == 7200
    assert line.updated == clock.now


def test_steps_within_one_write_are_one_commit_and_a_failure_in_it_undoes_itself_alone(store: Store) -> None:
    def broken(_ticket: Ticket | None, _send: Send) -> Outgoing:
        raise TemplateError("no such name")

    first, second, third = arrive(store, 1, 2, 3)
    with store.db.write("several"):
        store.apply(first.id, message("1"), opening(), render=render, pack="digibee")
        with pytest.raises(TemplateError):
            store.apply(second.id, message("2"), opening(), render=broken, pack="digibee")
        store.apply(third.id, message("3"), opening(), render=render, pack="digibee")
    assert [t.number for t in store.list_tickets()] == [2, 1]
    assert [row.id for row in store.pending()] == [second.id]
