"""Machines: never answered, no ticket, no answer; a bounce of ours marks its address and tells the team."""

from __future__ import annotations

from dataclasses import replace

import pytest
from decide_play import ADDRESS, ANA, ENGINEER, facts, mail, run, template, ticket, told

from mailbot.decide.actions import MarkAddress, Note, SetFields, Update
from mailbot.message.model import Address, Automated, AutomatedClass, BouncedRecipient


def machine(kind: AutomatedClass = AutomatedClass.AUTO_REPLY, **changes):
    return mail(automated=Automated(kind, "Auto-Submitted: auto-replied"), **changes)


@pytest.mark.parametrize("kind", list(AutomatedClass))
def test_an_automated_mail_opens_no_ticket_and_gets_no_reply(kind):
    decision = run(machine(kind))
    assert decision.ignored
    assert not decision.open_ticket
    assert decision.sends() == ()


@pytest.mark.parametrize("kind", list(AutomatedClass))
def test_an_automated_mail_on_a_ticket_changes_nothing_in_it(kind):
    decision = run(machine(kind), on=ticket(), understood=facts(pipeline="sync", environment="test"))
    assert decision.sends() == ()
    assert not any(isinstance(a, (SetFields, Update)) for a in decision.actions)
    assert decision.ignored


def test_our_own_mail_that_comes_round_is_ignored():
    assert run(mail(ADDRESS)).ignored
    assert run(mail("support+t12.c.0123@vendor.example")).ignored
    assert run(mail(), own_mail=True).ignored


def bounced(*recipients: BouncedRecipient):
    bounce = Automated(AutomatedClass.BOUNCE, "multipart/report")
    return mail("mailer-daemon@mx.example", automated=bounce, bounced=recipients)


def test_a_bounce_of_our_mail_marks_the_address_and_tells_the_team():
    decision = run(bounced(BouncedRecipient(ANA, True, "5.1.1")), on=ticket(), own="c")
    marks = [a for a in decision.actions if isinstance(a, MarkAddress)]
    assert [(m.address, m.permanent) for m in marks] == [(ANA, True)]
    assert told(decision) == {"bounced": ("team@vendor.example",)}
    assert template(decision) is None


def test_the_engineer_who_has_the_ticket_hears_of_the_bounce():
    decision = run(bounced(BouncedRecipient(ANA, True)), on=ticket(assignee=ENGINEER), own="c")
    assert told(decision) == {"bounced": (ENGINEER,)}


def test_a_forged_bounce_marks_nobody():
    for on, own in ((ticket(), ""), (None, "")):
        decision = run(bounced(BouncedRecipient(ANA, True)), on=on, own=own)
        assert not any(isinstance(a, MarkAddress) for a in decision.actions)
        assert decision.sends() == ()


def test_a_bounce_cannot_mark_an_address_that_our_mail_never_went_to():
    decision = run(bounced(BouncedRecipient("boss@other.example", True)), on=ticket(), own="c")
    assert not any(isinstance(a, MarkAddress) for a in decision.actions)


def test_a_machine_at_an_engineers_address_is_still_a_machine():
    message = replace(machine(), from_=(Address(ENGINEER),))
    decision = run(message, on=ticket(), own="e")
    assert decision.sends() == ()
    assert [a.event for a in decision.actions if isinstance(a, Note)] == ["automated"]
