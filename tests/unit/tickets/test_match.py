"""Which ticket a mail belongs to: pointers count only for those who have a part in the ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailbot.message.model import Address, Automated, AutomatedClass, Message
from mailbot.rules.directory import Customer, Directory, Engineer
from mailbot.tickets.match import match
from mailbot.tickets.model import State, Ticket
from mailbot.tickets.own import OwnIds

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
OWN = OwnIds("vendor.example", ("secret",))
STRANGER = "eve@evil.example"
ANA, BIA = "ana@aurora.example", "bia@aurora.example"


def ticket(number: int = 12, **changes) -> Ticket:
    made = Ticket(
        number=number,
        pack="digibee",
        mailbox="support",
        state=State.WAITING,
        subject="Fluxo parado",
        requester=ANA,
        participants=frozenset({ANA}),
        opened=NOW,
    )
    return replace(made, **changes)


class Known:
    """A store of two dictionaries that counts what it was asked."""

    def __init__(self, *tickets: Ticket, ids: dict[str, int] | None = None) -> None:
        self.all = {t.number: t for t in tickets}
        self.ids = ids or {}
        self.asked = 0

    def tickets_of(self, message_ids):
        self.asked += 1
        return {i: self.ids[i] for i in message_ids if i in self.ids}

    def ticket(self, number):
        return self.all.get(number)


def mail(sender: str = ANA, **changes) -> Message:
    made = Message(
        message_id="<new@mail.example>",
        from_=(Address(sender),),
        to=(Address("support@vendor.example"),),
        cc=(),
        reply_to=(),
        subject="Re: Fluxo parado",
        date=NOW,
        received=NOW,
    )
    return replace(made, **changes)


def found(message: Message, lookup: Known, *, proved: bool = False, required: bool = False, directory=None):
    return match(
        message, lookup, own=OWN, proved=proved, authentication_required=required, directory=directory or Directory()
    )


OUR_ID = OWN.message_id(12, "customer", "ledger:1:reply")


def test_a_mail_without_any_reference_is_a_new_ticket_and_asks_the_store_nothing():
    lookup = Known(ticket())
    assert found(mail(), lookup).ticket is None
    assert lookup.asked == 0


@pytest.mark.parametrize(
    "pointer",
    [
        {"in_reply_to": (OUR_ID,)},
        {"references": ("<old@x>", OUR_ID)},
        {"to": (Address(OWN.reply_address("support@vendor.example", 12, "customer")),)},
        {"subject": "RES: Fluxo parado [#12]"},
        {"subject": "assunto totalmente novo", "in_reply_to": ("<first@aurora.example>",)},
        {"references": ("<first@aurora.example>", "<unknown@x>")},
    ],
    ids=["our id", "our id in references", "our reply address", "tag", "their own mail, new subject", "references"],
)
def test_whoever_has_a_part_in_the_ticket_lands_on_it(pointer):
    lookup = Known(ticket(), ids={"<first@aurora.example>": 12})
    assert found(mail(**pointer), lookup).ticket == 12


@pytest.mark.parametrize(
    "pointer",
    [
        {"in_reply_to": (OUR_ID,)},
        {"to": (Address(OWN.reply_address("support@vendor.example", 12, "customer")),)},
        {"subject": "[#12]"},
        {"references": ("<first@aurora.example>",)},
    ],
    ids=["stolen message id", "stolen reply address", "guessed tag", "guessed reference"],
)
@pytest.mark.parametrize("proved", [False, True])
def test_a_stranger_gets_a_new_ticket_and_the_reason_names_no_more_than_a_number(pointer, proved):
    lookup = Known(ticket(subject="geheim"), ids={"<first@aurora.example>": 12})
    result = found(mail(STRANGER, **pointer), lookup, proved=proved)
    assert (result.ticket, result.linked, result.refused) == (None, None, (12,))
    assert "geheim" not in result.reason
    assert ANA not in result.reason


def test_a_colleague_of_the_same_company_joins():
    result = found(
        mail(BIA, in_reply_to=("<first@aurora.example>",)), Known(ticket(), ids={"<first@aurora.example>": 12})
    )
    assert result.ticket == 12
    assert "colleague" in result.reason


def test_where_authentication_is_required_an_unproved_colleague_does_not_join_but_a_proved_one_does():
    lookup = Known(ticket(), ids={"<first@aurora.example>": 12})
    answer = mail(BIA, in_reply_to=("<first@aurora.example>",))
    assert found(answer, lookup, required=True).ticket is None
    assert found(answer, lookup, required=True, proved=True).ticket == 12


def test_where_authentication_is_required_the_participant_is_still_heard():
    lookup = Known(ticket(), ids={"<first@aurora.example>": 12})
    assert found(mail(in_reply_to=("<first@aurora.example>",)), lookup, required=True).ticket == 12


@pytest.mark.parametrize(
    "provider", ["gmail.com", "outlook.com", "hotmail.com", "uol.com.br", "yahoo.com.br", "icloud.com"]
)
def test_two_people_at_a_free_mail_provider_have_nothing_in_common(provider):
    lookup = Known(ticket(requester=f"ana@{provider}", participants=frozenset({f"ana@{provider}"})))
    assert found(mail(f"eve@{provider}", subject="[#12]"), lookup, proved=True).ticket is None
    assert found(mail(f"ana@{provider}", subject="[#12]"), lookup).ticket == 12


def test_a_domain_that_only_ends_like_the_customers_is_a_stranger():
    lookup = Known(ticket())
    for sender in ("eve@xaurora.example", "eve@aurora.example.evil.example", "eve@evil.example;aurora.example"):
        assert found(mail(sender, subject="[#12]"), lookup, proved=True).ticket is None


def test_another_domain_of_the_same_customer_in_the_directory_joins():
    directory = Directory(
        customers={"aurora": Customer(name="Aurora", domains=("aurora.example", "aurora-labs.example"))}
    )
    lookup = Known(ticket(customer="aurora"))
    assert found(mail("tom@aurora-labs.example", subject="[#12]"), lookup, directory=directory).ticket == 12
    assert found(mail("tom@aurora-labs.example", subject="[#12]"), lookup).ticket is None


def test_whoever_was_put_in_copy_may_answer():
    lookup = Known(ticket(cc=("agency@partner.example",)))
    assert found(mail("agency@partner.example", subject="[#12]"), lookup).ticket == 12


def test_several_authors_or_none_are_nobody():
    lookup = Known(ticket())
    assert found(mail(from_=(Address(ANA), Address(STRANGER)), subject="[#12]"), lookup).ticket is None
    assert found(mail(from_=(), subject="[#12]"), lookup).ticket is None


def test_a_forged_mac_is_no_mark_of_ours():
    forged = OUR_ID.replace("mb.12.", "mb.13.")
    assert OWN.read_message_id(forged) is None
    assert found(mail(in_reply_to=(forged,)), Known(ticket(13))).ticket is None


def test_the_customers_mark_cannot_be_turned_into_the_engineers():
    address = OWN.reply_address("support@vendor.example", 12, "customer")
    assert OWN.read_reply_address(address).audience == "c"
    assert OWN.read_reply_address(address.replace("12.c.", "12.e.")) is None
    assert OWN.read_message_id(OUR_ID.replace(".c.", ".e.")) is None


def test_a_mark_made_with_an_old_secret_is_still_believed_after_rotation_and_a_removed_one_is_not():
    rotated = OwnIds("vendor.example", ("newer", "secret"))
    assert rotated.read_message_id(OUR_ID).ticket == 12
    assert OwnIds("vendor.example", ("newer",)).read_message_id(OUR_ID) is None


def test_the_newest_reference_decides_between_two_tickets():
    lookup = Known(ticket(12), ticket(20), ids={"<a@x>": 12, "<b@x>": 20})
    assert found(mail(references=("<a@x>", "<b@x>")), lookup).ticket == 20
    assert found(mail(references=("<b@x>", "<a@x>")), lookup).ticket == 12


def test_our_mark_beats_a_reference_and_a_reference_beats_the_tag():
    lookup = Known(ticket(12), ticket(20), ticket(30), ids={"<b@x>": 20})
    assert found(mail(references=(OUR_ID, "<b@x>"), subject="[#30]"), lookup).ticket == 12
    assert found(mail(references=("<b@x>",), subject="[#30]"), lookup).ticket == 20


def test_a_foreign_pointer_does_not_hide_an_own_one():
    other = ticket(40, requester="joe@other.example", participants=frozenset({"joe@other.example"}))
    lookup = Known(ticket(12), other, ids={"<b@x>": 40})
    result = found(mail(in_reply_to=("<b@x>",), subject="[#12]"), lookup)
    assert (result.ticket, result.refused) == (12, (40,))


def test_a_closed_ticket_takes_no_answer_but_is_linked():
    result = found(mail(subject="[#12]"), Known(ticket(state=State.CLOSED)))
    assert (result.ticket, result.linked) == (None, 12)


def test_a_second_answer_to_a_closed_ticket_goes_on_where_the_first_one_went():
    lookup = Known(ticket(state=State.CLOSED, linked=(15,)), ticket(15, linked=(12,)))
    assert found(mail(subject="[#12]"), lookup).ticket == 15


def test_a_ticket_closed_for_silence_is_opened_again_by_an_answer():
    assert found(mail(subject="[#12]"), Known(ticket(state=State.CLOSED, closed_for_silence=True))).ticket == 12


def test_a_resolved_ticket_takes_the_answer():
    assert found(mail(subject="[#12]"), Known(ticket(state=State.RESOLVED))).ticket == 12


def test_a_merged_ticket_is_followed_and_a_ring_of_merges_ends():
    lookup = Known(ticket(12, merged_into=20, state=State.CLOSED), ticket(20))
    assert found(mail(subject="[#12]"), lookup).ticket == 20
    ring = Known(ticket(12, merged_into=20), ticket(20, merged_into=12))
    assert found(mail(subject="[#12]"), ring).ticket in (12, 20)


def test_an_engineer_is_matched_and_the_audience_of_the_mark_is_told():
    directory = Directory(engineers=(Engineer(address="eng@vendor.example"),))
    for_team = OWN.message_id(12, "team", "summary")
    result = found(mail("eng@vendor.example", in_reply_to=(for_team,)), Known(ticket()), directory=directory)
    assert (result.ticket, result.own) == (12, "e")
    result = found(mail("eng@vendor.example", subject="[#12]"), Known(ticket()), directory=directory)
    assert (result.ticket, result.own) == (12, "")


def test_a_bounce_is_ours_only_when_it_names_a_mail_with_our_mark():
    bounce = Automated(AutomatedClass.BOUNCE, "report")
    real = mail("mailer-daemon@mx.example", automated=bounce, bounced_message_id=OUR_ID)
    assert found(real, Known(ticket())).ticket == 12
    forged = mail(
        "mailer-daemon@mx.example", automated=bounce, subject="[#12]", bounced_message_id="<first@aurora.example>"
    )
    assert found(forged, Known(ticket(), ids={"<first@aurora.example>": 12})).ticket is None


def test_a_mail_that_refers_to_itself_refers_to_nothing():
    lookup = Known(ticket(), ids={"<new@mail.example>": 12})
    assert found(mail(in_reply_to=("<new@mail.example>",)), lookup).ticket is None


def test_thousands_of_references_cost_one_short_question():
    lookup = Known(ticket(), ids={"<9999@x>": 12})
    assert found(mail(references=tuple(f"<{n}@x>" for n in range(10_000))), lookup).ticket == 12
    assert lookup.asked == 1


def test_tags_of_other_systems_and_absurd_numbers_are_harmless():
    for subject in ("[#99999999999999]", "[#]", "[#12a]", "[#-12]", "[ #12 ]", "#12", "[#७]"):
        assert found(mail(subject=subject), Known(ticket())).ticket is None
