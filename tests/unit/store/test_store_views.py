"""What people look at, and how they find it."""

from __future__ import annotations

import json

import pytest
from store_story import ANA, arrive, message, on_ticket, open_ticket, opening, render

from mailbot.decide.actions import Note, Update
from mailbot.store import Store
from mailbot.store.search import fold
from mailbot.store.views import plain
from mailbot.tickets.model import State


def test_lists_are_filtered(store: Store) -> None:
    open_ticket(store, "1")
    open_ticket(store, "2", decision=opening(Update(kind="question", state=State.READY, customer="aurora")))
    assert [t.number for t in store.list_tickets()] == [2, 1]
    assert [t.number for t in store.list_tickets(states=[State.READY])] == [2]
    assert [t.number for t in store.list_tickets(kind="incident")] == [1]
    assert [t.number for t in store.list_tickets(customer="aurora")] == [2]
    assert [t.number for t in store.list_tickets(requester=ANA.upper(), limit=1)] == [2]
    assert [t.number for t in store.list_tickets(limit=1, offset=1)] == [1]
    assert store.list_tickets(text="!!!") == []


def test_a_ticket_tells_its_whole_story_as_json(store: Store) -> None:
    open_ticket(store, decision=opening(Note("language", "pt by its own words")))
    shown = store.show_ticket(1)
    assert shown is not None
    told = json.loads(json.dumps(plain(shown)))
    assert told["ticket"]["fields"]["pipeline"]["evidence"] == "it says sync-orders"
    assert told["ticket"]["participants"] == [ANA]
    assert told["messages"][0]["received_at"] == "2026-03-09T12:00:00+00:00"
    events = {line["event"]: line["text"] for line in told["timeline"]}
    assert events["opened"] == "no known reference"
    assert events["state"] == "new → waiting_for_customer"
    assert events["language"] == "pt by its own words"
    assert store.show_ticket(2) is None


def test_words_are_found_with_and_without_accents(store: Store) -> None:
    open_ticket(store, "1", subject="Falha na PRODUÇÃO", text="x")
    open_ticket(store, "2", subject="Duvida", text="x")
    assert [hit.ticket for hit in store.search("producao")] == [1]
    assert [hit.ticket for hit in store.search("Produção falha")] == [1]
    assert [hit.ticket for hit in store.search("produ")] == [1]
    assert store.search("producao duvida") == []
    assert [t.number for t in store.list_tickets(text="duvi")] == [2]


def test_a_search_is_data_and_never_syntax(store: Store) -> None:
    open_ticket(store)
    for query in (
        '"',
        "a AND",
        "* OR",
        "'; DROP TABLE ticket; --",
        "a:b",
        "(((",
        "NEAR(",
        "& | !",
        "",
        "\x00",
        "%s :query",
    ):
        assert isinstance(store.search(query), list)
        assert isinstance(store.similar(query), list)


def test_later_words_of_a_ticket_are_found_too(store: Store) -> None:
    open_ticket(store)
    (row,) = arrive(store, 2)
    store.apply(
        row.id, message("2"), on_ticket(1), render=render, pack="digibee", new_text="o conector Salesforce parou"
    )
    assert [hit.ticket for hit in store.search("salesforce case")] == [1]


def test_similar_tickets_come_best_first(store: Store) -> None:
    for key, subject in (("1", "timeout no conector salesforce"), ("2", "fatura do contrato"), ("3", "timeout geral")):
        open_ticket(store, key, subject=subject)
    hits = store.similar("timeout ao chamar o conector salesforce")
    assert hits[0].ticket == 1
    assert [hit.ticket for hit in store.similar("timeout salesforce", but=1)] == [3]
    assert store.similar("timeout", states=["closed"]) == []
    assert {hit.ticket for hit in store.similar("timeout", states=["waiting_for_customer"])} == {1, 3}


def test_a_rare_word_counts_for_more_than_one_that_all_tickets_hold(store: Store) -> None:
    subjects = ("timeout no pipeline", "timeout geral do pipeline", "salesforce no pipeline", "timeout outra vez")
    for number, subject in enumerate(subjects, 1):
        open_ticket(store, str(number), subject=subject)
    assert store.similar("timeout pipeline salesforce")[0].ticket == 3
    assert [hit.ticket for hit in store.similar("timeout pipeline salesforce", at_least=2)] == [3, 2, 1]


def test_similar_tickets_are_sought_among_the_newest_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.store.search.MOST_LOOKED", 2)
    for number in range(1, 5):
        open_ticket(store, str(number), subject="timeout no conector")
    assert [hit.ticket for hit in store.similar("timeout conector")] == [4, 3]
    assert [hit.ticket for hit in store.similar("timeout conector", but=4)] == [3]


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("Ação: ERRO-504 «naïve» Straße") == "acao erro 504 naive strasse"


def test_counts_tell_how_much_is_where(store: Store) -> None:
    open_ticket(store, "1")
    (row,) = arrive(store, 2)
    store.quarantine(row.id, "broken")
    arrive(store, 3)
    counts = store.counts()
    assert counts.ledger == {"processed": 1, "quarantined": 1, "received": 1}
    assert counts.tickets == {"waiting_for_customer": 1}
    assert counts.outbox == {"queued": 1}
    assert store.oldest_pending() is not None


def test_tickets_are_given_by_state_address_and_customer(store: Store) -> None:
    open_ticket(store, "1", decision=opening(Update(customer="aurora")))
    open_ticket(store, "2")
    assert [t.number for t in store.tickets_in([State.WAITING])] == [1, 2]
    assert store.tickets_in([State.CLOSED]) == ()
    assert [t.number for t in store.tickets_of_address(ANA)] == [2, 1]
    assert [t.number for t in store.tickets_of_customer("aurora")] == [1]
    assert store.tickets_of_address("eve@evil.example") == ()


def test_a_note_with_a_key_is_written_once(store: Store) -> None:
    open_ticket(store)
    assert store.note_once("sla:1:first-reply", 1, "breach", "first reply is late")
    assert not store.note_once("sla:1:first-reply", 1, "breach", "first reply is late")
    store.note(1, "note", "seen by Bia", actor="bia@us.example")
    store.note(None, "forged", "somebody wrote as an engineer")
    events = [line.event for line in store.show_ticket(1).timeline]  # type: ignore[union-attr]
    assert events[-2:] == ["breach", "note"]
