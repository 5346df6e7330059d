"""What a customer's mail leads to: one reply at most, only open questions, a person where the program cannot go on."""

from __future__ import annotations

import pytest
from decide_play import (
    ADDRESS,
    ANA,
    ENGINEER,
    PROVED,
    customer_mail,
    facts,
    held,
    mail,
    notes,
    pack,
    run,
    template,
    ticket,
    told,
    update,
)

from mailbot.decide.actions import Join, Link, SetFields
from mailbot.message.model import Address
from mailbot.tickets.model import State

# ---- asking ----


def test_a_first_mail_with_gaps_is_asked_for_exactly_what_is_missing():
    decision = run(understood=facts(pipeline="sync"))
    assert decision.open_ticket
    assert template(decision) == "request_info"
    assert customer_mail(decision).ask == ("environment",)
    assert decision.missing == ("environment",)
    assert update(decision)["state"] is State.WAITING
    assert update(decision)["rounds"] == 1
    assert told(decision) == {}


def test_the_softly_asked_fields_are_named_but_never_missing():
    decision = run(understood=facts(pipeline="sync"))
    assert customer_mail(decision).data["optional"] == ["device"]
    assert "device" not in decision.missing


def test_a_complete_first_mail_is_acknowledged_and_the_team_gets_the_summary():
    decision = run(understood=facts(pipeline="sync", environment="production"))
    assert template(decision) == "acknowledge"
    assert told(decision) == {"summary": ("team@vendor.example",)}
    assert update(decision)["state"] is State.READY
    assert update(decision)["routed"] is True
    assert decision.missing == ()


def test_the_second_request_asks_only_for_what_is_still_open():
    decision = run(on=ticket(fields=held(pipeline="sync")), understood=facts(pipeline="sync"))
    assert template(decision) == "request_again"
    assert customer_mail(decision).ask == ("environment",)
    assert update(decision)["rounds"] == 2


def test_after_the_last_round_a_person_takes_it_as_it_is_and_nothing_is_asked():
    decision = run(on=ticket(rounds=2), understood=facts(pipeline="sync"))
    assert template(decision) == "acknowledge"
    assert customer_mail(decision).ask == ()
    assert customer_mail(decision).data["incomplete"] is True
    assert told(decision) == {"summary": ("team@vendor.example",)}
    assert update(decision)["marked_incomplete"] is True
    assert decision.missing == ("environment",)


def test_a_pack_may_allow_more_or_fewer_rounds():
    assert template(run(on=ticket(rounds=2), rules=pack(max_rounds=3))) == "request_again"
    assert template(run(on=ticket(rounds=1), rules=pack(max_rounds=1))) == "acknowledge"


def test_a_field_declined_before_the_hint_was_given_is_asked_once():
    decision = run(understood=facts(pipeline="sync", declined=("environment",)))
    assert customer_mail(decision).ask == ("environment",)


def test_a_field_declined_after_the_hint_is_accepted_and_stays_missing():
    on = ticket(fields=held(pipeline="sync"), asked={"environment": 1})
    decision = run(on=on, understood=facts(pipeline="sync", declined=("environment",), changed=()))
    assert template(decision) == "acknowledge"
    assert told(decision) == {"summary": ("team@vendor.example",)}
    assert decision.missing == ("environment",)


def test_a_field_of_a_new_kind_that_was_never_asked_is_asked_even_when_another_was_declined():
    on = ticket(asked={"environment": 1})
    decision = run(on=on, understood=facts(declined=("environment",)))
    assert customer_mail(decision).ask == ("pipeline",)


def test_priority_1_goes_to_a_person_at_once_and_the_questions_go_out_beside_it():
    decision = run(understood=facts(priority=1, pipeline="sync"))
    assert template(decision) == "request_info"
    assert customer_mail(decision).data["on_call_phone"] == "+55 11 5555-0100"
    assert told(decision) == {"summary": ("team@vendor.example",), "on_call": ("oncall@vendor.example",)}
    assert update(decision)["state"] is State.READY


def test_the_on_call_phone_is_told_for_critical_tickets_only():
    assert "on_call_phone" not in customer_mail(run(understood=facts(priority=2))).data


def test_a_kind_that_nobody_knows_goes_to_a_person():
    decision = run(understood=facts(kind=None, priority=None))
    assert template(decision) == "acknowledge"
    assert "summary" in told(decision)


# ---- tickets that a person has ----


def test_a_further_mail_on_a_routed_ticket_reaches_the_team_and_the_robot_is_silent():
    decision = run(on=ticket(routed=True, state=State.IN_PROGRESS, team="support"), understood=facts(pipeline="sync"))
    assert template(decision) is None
    assert told(decision) == {"update": ("team@vendor.example",)}


def test_a_further_mail_reaches_the_engineer_who_has_the_ticket():
    on = ticket(routed=True, state=State.IN_PROGRESS, team="support", assignee=ENGINEER)
    assert told(run(on=on, understood=facts(pipeline="sync"))) == {"update": (ENGINEER,)}


def test_a_routed_ticket_stays_with_its_team_when_its_kind_is_guessed_anew():
    on = ticket(routed=True, state=State.IN_PROGRESS, team="product")
    assert told(run(on=on, understood=facts(pipeline="sync")))["update"] == ("leo@vendor.example", ENGINEER)


def test_what_was_missing_and_comes_after_the_handover_is_acknowledged_once():
    on = ticket(routed=True, state=State.READY, marked_incomplete=True, fields=held(pipeline="sync"))
    decision = run(on=on, understood=facts(pipeline="sync", environment="test", changed=("environment",)))
    assert template(decision) == "acknowledge"
    assert told(decision) == {"update": ("team@vendor.example",)}
    again = ticket(routed=True, state=State.READY, fields=held(pipeline="sync", environment="test"))
    assert template(run(on=again, understood=facts(pipeline="sync", environment="test", changed=()))) is None


def test_an_answer_to_a_resolved_ticket_opens_it_again_and_the_engineers_hear_of_it():
    on = ticket(routed=True, state=State.RESOLVED, fields=held(pipeline="sync", environment="test"))
    decision = run(on=on, understood=facts(pipeline="sync", environment="test", changed=()))
    assert update(decision)["state"] is State.IN_PROGRESS
    assert customer_mail(decision).data["reopened"] is True
    assert "update" in told(decision)


def test_a_late_answer_to_a_ticket_closed_for_silence_is_asked_on_where_something_is_open():
    on = ticket(state=State.CLOSED, closed_for_silence=True)
    decision = run(on=on, understood=facts(pipeline="sync"))
    assert customer_mail(decision).ask == ("environment",)
    assert update(decision)["state"] is State.WAITING


# ---- escalation ----


def test_a_wish_to_escalate_makes_an_escalation_of_a_waiting_ticket_and_asks_what_that_needs():
    understood = facts(pipeline="sync")
    decision = run(on=ticket(), understood=escalating(understood))
    assert update(decision)["kind"] == "escalation"
    assert customer_mail(decision).ask == ("chat_id", "justification")
    assert customer_mail(decision).data["escalation"] is True


def escalating(understood):
    from dataclasses import replace

    return replace(understood, wants_escalation=True)


def test_a_complete_escalation_reaches_the_leads():
    decision = run(understood=facts("escalation", 4, chat_id="2154", justification="present"), role="escalate")
    assert told(decision) == {"summary": ("leads@vendor.example",)}
    assert customer_mail(decision).data["escalation"] is True


def test_the_escalation_of_a_routed_ticket_reaches_the_leads_and_its_engineer_at_once():
    on = ticket(routed=True, state=State.IN_PROGRESS, team="support", assignee=ENGINEER)
    decision = run(on=on, understood=escalating(facts(pipeline="sync")))
    assert told(decision) == {"summary": ("leads@vendor.example",), "update": (ENGINEER,)}
    assert customer_mail(decision).ask == ("chat_id", "justification")
    assert update(decision)["team"] == "leads"


def test_a_kind_that_a_person_has_set_is_not_guessed_again():
    on = ticket(kind="external_system", locked=frozenset({"kind"}), asked={})
    decision = run(on=on, understood=escalating(facts("incident", description="present")))
    assert update(decision)["kind"] == "external_system"


# ---- policies ----


def test_a_question_for_the_contract_is_answered_politely_and_a_person_sees_it():
    decision = run(understood=facts("contract", 4))
    assert template(decision) == "policy_contract"
    assert told(decision) == {"summary": ("leo@vendor.example",)}


def test_a_policy_is_told_only_when_the_request_can_be_understood():
    assert template(run(understood=facts("external_system", 4))) == "request_info"
    assert template(run(understood=facts("external_system", 4, description="present"))) == "policy_external_system"


def test_a_pipeline_in_design_goes_to_the_customers_project_team():
    decision = run(understood=facts("design_phase", 4, description="present"))
    assert template(decision) == "policy_design_phase"
    assert told(decision) == {"summary": ("project@vendor.example",)}


def test_a_pipeline_in_design_of_an_unknown_customer_goes_to_the_default_team():
    decision = run(mail("joe@other.example"), understood=facts("design_phase", 4, description="present"))
    assert told(decision) == {"summary": ("team@vendor.example",)}


def contract_kinds():
    made = pack()
    kinds = {**made.kinds, "incident": made.kinds["incident"].model_copy(update={"needs_contract": True})}
    return made.model_copy(update={"kinds": kinds})


def test_without_a_contract_there_is_general_help_and_a_person():
    complete = facts(pipeline="sync", environment="test")
    decision = run(mail("joe@other.example"), understood=complete, rules=contract_kinds())
    assert template(decision) == "policy_no_contract"
    assert "summary" in told(decision)
    assert template(run(understood=complete, rules=contract_kinds())) == "acknowledge"
    assert template(run(mail("joe@other.example"), understood=complete)) == "acknowledge"


def test_a_customer_who_is_not_proved_gets_general_help_where_proof_is_to_be_had():
    complete = facts(pipeline="sync", environment="test")
    unproved = run(understood=complete, rules=contract_kinds(), authentication_required=True)
    assert template(unproved) == "policy_unproved_sender"
    proved = run(understood=complete, rules=contract_kinds(), authentication_required=True, authentication=PROVED)
    assert template(proved) == "acknowledge"


def test_where_no_customer_is_listed_nobody_is_told_that_they_have_no_contract():
    from decide_play import DIRECTORY

    nobody = DIRECTORY.model_copy(update={"customers": {}})
    complete = facts(pipeline="sync", environment="test")
    assert template(run(understood=complete, rules=contract_kinds(), directory=nobody)) == "acknowledge"


# ---- status ----


def test_the_state_of_tickets_is_told_to_a_proved_sender_only():
    tickets = (ticket(number=7, subject="geheim"),)
    shown = run(understood=facts("status", None), authentication=PROVED, tickets=tickets)
    assert template(shown) == "status"
    assert [row["number"] for row in customer_mail(shown).data["tickets"]] == [7]
    hidden = run(understood=facts("status", None), tickets=tickets)
    assert template(hidden) == "status_unproved"
    assert "geheim" not in str(customer_mail(hidden).data)
    assert customer_mail(hidden).data["tickets"] == []


def test_a_status_question_that_was_answered_needs_no_person():
    decision = run(understood=facts("status", None), authentication=PROVED)
    assert told(decision) == {}
    assert update(decision)["state"] is State.RESOLVED


def test_the_status_list_separates_new_in_development_and_resolved():
    tickets = (
        ticket(number=1, state=State.READY),
        ticket(number=2, state=State.IN_DEVELOPMENT, stage="in-review"),
        ticket(number=3, state=State.CLOSED),
    )
    groups = customer_mail(run(understood=facts("status", None), authentication=PROVED, tickets=tickets)).data["groups"]
    assert {name: [r["number"] for r in rows] for name, rows in groups.items()} == {
        "new": [1],
        "in_development": [2],
        "resolved": [3],
    }
    assert groups["in_development"][0]["place"] == 3


# ---- who gets the reply ----


def test_the_reply_goes_to_the_sender_and_colleagues_in_copy_stay_there():
    decision = run(mail(cc=(Address("bia@aurora.example"), Address(ADDRESS))))
    assert customer_mail(decision).to == (ANA,)
    assert customer_mail(decision).cc == ("bia@aurora.example",)


def test_a_stranger_in_copy_of_an_unproved_mail_gets_nothing_and_the_timeline_says_so():
    decision = run(mail(cc=(Address("eve@evil.example"),)))
    assert customer_mail(decision).cc == ()
    assert "copies" in notes(decision)


def test_a_proved_customer_may_bring_in_whom_they_like():
    decision = run(mail(cc=(Address("joe@agency.example"),)), authentication=PROVED)
    assert customer_mail(decision).cc == ("joe@agency.example",)


def test_engineers_teams_and_our_other_mailboxes_in_copy_get_no_customer_mail():
    copies = (Address(ENGINEER), Address("team@vendor.example"), Address("support.escalate@vendor.example"))
    assert customer_mail(run(mail(cc=copies), authentication=PROVED)).cc == ()


def test_a_mail_with_hundreds_in_copy_does_not_become_a_mailing():
    copies = tuple(Address(f"p{n}@aurora.example") for n in range(300))
    assert len(customer_mail(run(mail(cc=copies))).cc) <= 10


def test_a_foreign_reply_to_is_not_followed():
    decision = run(mail(reply_to=(Address("eve@evil.example"),)))
    assert customer_mail(decision).to == (ANA,)
    assert "reply-to" in notes(decision)
    joined = next(a for a in decision.actions if isinstance(a, Join))
    assert "eve@evil.example" not in joined.participants


def test_a_reply_to_of_the_same_company_is_followed():
    assert customer_mail(run(mail(reply_to=(Address("help@aurora.example"),)))).to == ("help@aurora.example",)


def test_a_reply_to_at_the_same_free_mail_provider_is_a_stranger():
    decision = run(mail("ana@gmail.com", reply_to=(Address("eve@gmail.com"),)))
    assert customer_mail(decision).to == ("ana@gmail.com",)


def test_a_colleagues_answer_is_answered_to_the_colleague_with_the_requester_in_copy():
    decision = run(mail("bia@aurora.example"), on=ticket())
    assert customer_mail(decision).to == ("bia@aurora.example",)
    assert ANA in customer_mail(decision).cc


def test_a_mail_of_several_authors_or_none_is_read_by_a_person_and_answered_to_nobody():
    for authors in ((), (Address(ANA), Address("eve@evil.example"))):
        decision = run(mail(from_=authors))
        assert template(decision) is None
        assert "summary" in told(decision)


# ---- silence ----


@pytest.mark.parametrize(
    "address", ["josé@x.example", "ana", "@x.example", "a b@x.example", "ana@x..example", "a@[1.2.3.4]"]
)
def test_an_address_that_cannot_be_written_to_is_left_to_a_person(address):
    decision = run(mail(address))
    assert template(decision) is None
    assert "summary" in told(decision)


def test_a_domain_beyond_ascii_is_written_to():
    assert template(run(mail("ana@exemplo-ação.example"))) == "request_info"


@pytest.mark.parametrize(
    "address",
    ["noreply@x.example", "no-reply@x.example", "nao-responda@x.example", "no_responder@x.example",
     "postmaster@x.example",
     "MAILER-DAEMON@x.example".lower(), "bounce+123@x.example", "donotreply@x.example", "naoresponder@x.example"],
)  # fmt: skip
def test_addresses_that_nobody_reads_are_never_answered(address):
    decision = run(mail(address))
    assert template(decision) is None
    assert "silent" in notes(decision)
    assert "summary" in told(decision), "a person sees it all the same"


@pytest.mark.parametrize(
    "address", ["replyto@x.example", "norepla@x.example", "root.cause@x.example", "abusedit@x.example"]
)
def test_addresses_that_only_look_like_it_are_answered(address):
    assert template(run(mail(address))) == "request_info"


def test_an_address_whose_mail_came_back_is_not_written_to():
    assert template(run(marked=frozenset({ANA}))) is None


@pytest.mark.parametrize(
    "count", ["address_hour", "address_day", "domain_hour", "domain_day", "ticket_hour", "ticket_day"]
)
def test_over_a_budget_there_is_silence_with_its_reason_and_a_person(count):
    from mailbot.decide.context import Limits, Sent

    limits = Limits(**{count: 3})
    assert template(run(sent=Sent(**{count: 2}), limits=limits)) == "request_info"
    decision = run(sent=Sent(**{count: 3}), limits=limits)
    assert template(decision) is None
    assert "budget" in notes(decision)
    assert "summary" in told(decision)


def test_a_limit_of_nought_is_no_limit():
    from mailbot.decide.context import Limits, Sent

    assert template(run(sent=Sent(address_hour=999), limits=Limits(address_hour=0))) == "request_info"


# ---- what is written down ----


def test_the_fields_and_their_changes_are_kept_whatever_is_answered():
    decision = run(understood=facts(pipeline="sync"))
    kept = next(a for a in decision.actions if isinstance(a, SetFields))
    assert kept.fields == held(pipeline="sync")
    assert kept.changed == ("pipeline",)


def test_an_answer_to_a_closed_ticket_is_linked_to_it():
    decision = run(linked=9)
    assert any(isinstance(a, Link) and a.other == 9 for a in decision.actions)
    assert customer_mail(decision).data["linked"] == 9


def test_a_refused_reference_is_noted_and_the_reply_says_nothing_of_it():
    decision = run(mail("eve@evil.example"), refused=(12,))
    assert "refused-reference" in notes(decision)
    assert "12" not in str(customer_mail(decision).data)


def test_every_action_that_can_says_why():
    for understood in (facts(), facts("contract"), facts("escalation"), facts(priority=1)):
        decision = run(understood=understood)
        assert decision.reason
        assert all(s.reason for s in decision.sends())


def test_without_a_directory_nobody_can_be_told_and_the_timeline_says_so():
    from mailbot.rules.directory import Directory

    decision = run(understood=facts(pipeline="a", environment="test"), directory=Directory())
    assert template(decision) == "acknowledge"
    assert "no-team" in notes(decision)


def test_keys_of_the_mails_are_unique_within_a_decision():
    on = ticket(routed=True, state=State.IN_PROGRESS, team="support", assignee=ENGINEER)
    for decision in (run(understood=facts(priority=1)), run(on=on, understood=escalating(facts()))):
        keys = [s.key for s in decision.sends()]
        assert len(keys) == len(set(keys))


def test_teams_that_take_turns_do():
    understood = facts("contract", 4)
    first = run(understood=understood)
    assert told(first)["summary"] == ("leo@vendor.example",)
    then = run(understood=understood, assigned_last={"product": "leo@vendor.example"})
    assert told(then)["summary"] == (ENGINEER,)
    assert update(then)["assignee"] == ENGINEER
