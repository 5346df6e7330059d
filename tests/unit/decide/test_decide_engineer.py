"""An engineer's reply: their words go to the customer, commands are done, all or nothing, with authority only."""

from __future__ import annotations

import pytest
from decide_play import ANA, ENGINEER, PROVED, customer_mail, mail, notes, run, template, ticket, told, update

from mailbot.decide.actions import Link, Note, SetFields, Split
from mailbot.decide.commands import COMMANDS, HELP, named_tickets
from mailbot.message import quote
from mailbot.tickets.model import State

READY = {"state": State.READY, "routed": True, "team": "support"}


def says(text: str, *, on=None, own: str = "e", sender: str = ENGINEER, **ctx):
    return run(mail(sender, text=text), on=on or ticket(**READY), own=own, **ctx)


def result(decision) -> dict:
    mails = [s for s in decision.sends() if s.template == "command_result"]
    assert len(mails) == 1
    assert mails[0].to == (ENGINEER,)
    return dict(mails[0].data)


# ---- words ----


def test_an_engineers_words_go_to_the_customer_without_quotes():
    decision = says("Reiniciamos o agente.\n\nAgora funciona.\n\n> Fluxo parado\n> senha interna")
    sent = customer_mail(decision)
    assert (sent.template, sent.to, sent.automatic) == ("engineer_reply", (ANA,), False)
    assert sent.data["text"] == "Reiniciamos o agente.\n\nAgora funciona."
    assert update(decision) == {"state": State.IN_PROGRESS, "assignee": ENGINEER, "routed": True}


def test_those_in_copy_of_the_ticket_stay_in_copy():
    decision = says("Feito.", on=ticket(**READY, cc=("bia@aurora.example",)))
    assert customer_mail(decision).cc == ("bia@aurora.example",)


def test_a_ticket_that_somebody_has_stays_theirs_when_a_colleague_answers():
    assert "assignee" not in update(says("Feito.", on=ticket(**READY, assignee="leo@vendor.example")))


def test_a_mail_that_only_quotes_sends_nothing_on():
    decision = says("> Fluxo parado\n> ...")
    assert decision.sends() == ()
    assert notes(decision) == ["empty"]


# ---- authority ----


def test_an_unproved_mail_in_an_engineers_name_does_nothing_and_the_timeline_says_why():
    for own in ("", "c"):
        decision = says("/close\nAdeus", own=own)
        assert decision.sends() == ()
        assert notes(decision) == ["unproved-engineer"]
        assert update(decision) == {}
        assert decision.ignored


def test_a_proved_engineer_is_believed_without_our_mark():
    assert template(says("Feito.", own="", authentication=PROVED)) == "engineer_reply"


@pytest.mark.parametrize("sender", [ANA, "bia@aurora.example", "eng@vendor.example.evil.example", "joe@vendor.example"])
def test_commands_of_anybody_else_are_plain_text(sender):
    decision = says("/close\n/assign me", sender=sender, own="c", authentication=PROVED)
    assert update(decision).get("state") is not State.CLOSED
    assert "assignee" not in update(decision)
    assert not any(s.template == "command_result" for s in decision.sends())


def test_an_engineer_who_opened_a_ticket_of_their_own_is_its_customer():
    own_ticket = ticket(requester=ENGINEER, participants=frozenset({ENGINEER}))
    assert template(says("mais um dado", on=own_ticket, own="c", authentication=PROVED)) == "request_again"


# ---- commands ----


def test_commands_are_done_and_never_sent_on():
    decision = says("/priority 2\nEstamos vendo.\n/assign me\n/note cliente irritado")
    assert customer_mail(decision).data["text"] == "Estamos vendo."
    assert update(decision)["priority"] == 2
    assert update(decision)["assignee"] == ENGINEER
    assert update(decision)["locked"] == ("priority",)
    assert any(
        isinstance(a, Note) and (a.event, a.text, a.actor) == ("note", "cliente irritado", ENGINEER)
        for a in decision.actions
    )
    assert result(decision)["ok"] is True
    assert result(decision)["sent"] is True


def test_commands_alone_send_the_customer_nothing():
    decision = says("/priority 2")
    assert customer_mail(decision) is None
    assert "state" not in update(decision)


def test_commands_in_quoted_text_are_not_read():
    decision = says("Ok.\n\n> /close\n>> /assign me\nEm 3 de nov. de 2026, Edu <e@x> escreveu:\n> /resolve")
    assert not any(s.template == "command_result" for s in decision.sends())
    assert update(decision).get("state") is State.IN_PROGRESS


def test_one_mistake_and_nothing_is_done_at_all():
    decision = says("Estamos vendo.\n/priority 2\n/prioridade 9\n/set nada 5\n/close")
    assert update(decision) == {}
    assert customer_mail(decision) is None
    told_ = result(decision)
    assert told_["ok"] is False
    assert len(told_["errors"]) == 2
    assert told_["results"] == []
    assert told_["text"] == "Estamos vendo."


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("/prority 2", "/priority"), ("/asign me", "/assign"), ("/resolved", "/resolve"), ("/xyzzy", "/help"),
     ("/kind incidnt", "incident"), ("/set pipline x", "pipeline"), ("/set environment prodution", "production"),
     ("/stage in-reviw", "in-review"), ("/assign lead", "leads"), ("/priority 7", "1, 2, 3 or 4"),
     ("/note", "write"), ("/ask", "name"), ("/ask colour", "colour"), ("/link no link", "JIRA-123"),
     ("/merge x", "number"), ("/merge", "/merge: write the number"), ("/merge 7 8", "as /merge 12"),
     ("/merge 9", "there is no ticket #9"), ("/merge 12", "this is ticket #12 itself")],
)  # fmt: skip
def test_a_mistake_is_answered_with_what_was_meant(typed, hint):
    told_ = result(says(typed))
    assert told_["ok"] is False
    assert hint in told_["errors"][0]


@pytest.mark.parametrize("text", ["/var/log/agent.log mostra o erro", "http://x/y", "//note isto é texto", "1/2 feito"])
def test_paths_are_text_and_two_slashes_write_one(text):
    decision = says(text)
    assert customer_mail(decision).data["text"] == text.replace("//note", "/note")
    assert not any(s.template == "command_result" for s in decision.sends())


def test_set_fills_a_field_and_locks_it():
    decision = says("/set pipeline sync-orders v2", on=ticket(**READY, declined={"pipeline": "não tenho"}))
    kept = next(a for a in decision.actions if isinstance(a, SetFields))
    assert kept.fields["pipeline"].value == "sync-orders v2"
    assert kept.declined == {}
    assert update(decision)["locked"] == ("pipeline",)


def test_ask_sends_one_request_with_the_engineers_words():
    decision = says("Precisamos de mais um dado.\n/ask device, chat-id")
    sent = customer_mail(decision)
    assert (sent.template, sent.ask) == ("request_info", ("device", "chat_id"))
    assert sent.data["text"] == "Precisamos de mais um dado."
    assert update(decision)["state"] is State.WAITING


def test_link_and_stage_bring_a_ticket_to_development_and_the_customer_hears_of_the_stage():
    decision = says("/link DEV-123\n/stage in progress")
    assert update(decision)["link"] == "DEV-123"
    assert update(decision)["stage"] == "in-progress"
    assert update(decision)["state"] is State.IN_DEVELOPMENT
    assert template(decision) == "stage"


def test_stages_go_forward_one_at_a_time_and_back_as_needed():
    on = ticket(state=State.IN_DEVELOPMENT, routed=True, stage="in-progress")
    assert update(says("/stage in-review", on=on))["stage"] == "in-review"
    assert result(says("/stage released", on=on))["ok"] is False
    back = says("/stage open", on=on)
    assert update(back)["stage"] == "open"
    assert customer_mail(back).data["back"] is True


def test_resolve_tells_the_customer_once_with_the_words_in_the_same_mail():
    decision = says("Corrigido na versão 2.\n/resolve")
    assert customer_mail(decision).template == "resolved"
    assert customer_mail(decision).data["text"] == "Corrigido na versão 2."
    assert update(decision)["state"] is State.RESOLVED


def test_close_and_reopen_follow_the_table_of_moves():
    assert update(says("/close"))["state"] is State.CLOSED
    assert result(says("/reopen"))["ok"] is False
    assert update(says("/reopen", on=ticket(state=State.CLOSED, routed=True)))["state"] is State.IN_PROGRESS
    assert result(says("/ask device", on=ticket(state=State.CLOSED)))["ok"] is False


def test_merge_goes_on_in_a_ticket_of_the_same_customer_only():
    mine, colleague = ticket(**READY), ticket(number=7, requester="bia@aurora.example")
    decision = says("/merge 7", on=mine, others={7: colleague})
    assert update(decision)["merged_into"] == 7
    assert any(isinstance(a, Link) and a.other == 7 for a in decision.actions)
    stranger = ticket(number=8, requester="joe@other.example", participants=frozenset({"joe@other.example"}))
    assert "another customer" in result(says("/merge 8", others={8: stranger}))["errors"][0]
    assert result(says("/merge 12", others={12: mine}))["ok"] is False


@pytest.mark.parametrize("said", ["#7", "[#7]", "into #7", "ticket 7.", "com o chamado 7", "en el caso #7"])
def test_the_ticket_of_a_merge_is_named_as_people_name_it(said):
    decision = says(f"/merge {said}", on=ticket(**READY), others={7: ticket(number=7, requester="bia@aurora.example")})
    assert update(decision)["merged_into"] == 7
    assert result(decision)["results"] == ["merged into #7: answers to this ticket's mails go on there"]


def test_people_at_a_free_mail_provider_are_not_the_same_customer_for_a_merge():
    mine = ticket(requester="a@gmail.com", routed=True)
    other = ticket(number=7, requester="b@gmail.com")
    assert result(says("/merge 7", on=mine, others={7: other}))["ok"] is False


def test_split_opens_another_ticket():
    decision = says("/split Outro problema no VPN")
    assert [a.subject for a in decision.actions if isinstance(a, Split)] == ["Outro problema no VPN"]


def test_assign_tells_the_new_engineer_with_a_summary():
    decision = says("/assign leo")
    assert update(decision)["assignee"] == "leo@vendor.example"
    assert told(decision)["summary"] == ("leo@vendor.example",)


def test_escalate_gives_the_ticket_to_the_leads():
    decision = says("/escalate cliente estratégico")
    assert told(decision)["summary"] == ("leads@vendor.example",)
    assert update(decision)["team"] == "leads"


def test_access_is_asked_of_those_who_may_grant_it():
    from decide_play import DIRECTORY

    aurora = DIRECTORY.customers["aurora"].model_copy(update={"grants_access": ("admin@aurora.example",)})
    directory = DIRECTORY.model_copy(update={"customers": {"aurora": aurora}})
    decision = says("/access", on=ticket(**READY, customer="aurora"), directory=directory)
    sent = customer_mail(decision)
    assert (sent.template, sent.to, sent.cc) == ("policy_grant_access", (ANA,), ("admin@aurora.example",))


def test_help_lists_every_command_there_is():
    told_ = result(says("/help"))
    assert {row["command"].split()[0].strip("/") for row in told_["help"]} == set(COMMANDS)
    assert len(HELP) == len(COMMANDS)


def test_a_mail_full_of_commands_is_refused_as_a_whole():
    assert result(says("\n".join(["/note x"] * 50)))["ok"] is False


def test_later_commands_see_what_earlier_ones_did():
    decision = says("/stage open\n/stage in-progress\n/stage in-review")
    assert update(decision)["stage"] == "in-review"


def test_tickets_are_looked_up_for_as_many_commands_as_are_done() -> None:
    said = "\n".join(f"/merge {number}" for number in [*range(1, 40), 1, 1])
    assert named_tickets(quote.split(said)) == tuple(range(1, 21))
