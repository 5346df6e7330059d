"""The survey after /resolve, as plays: who may answer, in which words, how often, and what a "no" leads to."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

import pytest
from clockwork import Clockwork
from theatre import quoted

from mailbot.tickets.model import State

ANA, BIA, EDU = "Ana Souza <ana@aurora.example>", "Bia Lima <bia@aurora.example>", "Edu <edu@vendor.example>"
FIRST = {
    "pt": "O formulário de contato não envia o e-mail de confirmação desde ontem.",
    "en": "Good morning, the contact form does not send the confirmation mail since yesterday.",
    "es": "Buenos días, el formulario de contacto no envía el correo de confirmación desde ayer.",
}


def resolved(language: str = "pt", **more):
    """A play up to the mail that says that it is solved and asks whether it helped."""
    play = Clockwork("sharpspring", **more)
    proved = bool(more.get("authenticated"))
    play.writes(ANA, "Formulario", FIRST[language], proved=proved)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "/resolve", answers=summary, proved=proved)
    assert play.reply.template == "resolved"
    return play, play.reply


def test_yes_is_kept_thanked_for_and_the_ticket_stays_resolved():
    play, asked = resolved()
    play.writes(ANA, asked.subject, "Sim, obrigado!\n\n" + quoted(asked), answers=asked)
    assert play.reply.template == "survey_thanks"
    assert play.store.survey(1).answer == "yes"
    assert play.ticket().state is State.RESOLVED
    assert [s.template for s in play.sent] == ["survey_thanks"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "no, todavía falla"), ("pt", "Não, o formulário continua falhando."), ("en", "No, it still fails")],
)
def test_a_no_that_says_that_it_still_fails_reaches_the_engineer_and_opens_the_ticket_again(language, words):
    play, asked = resolved(language)
    play.writes(ANA, asked.subject, words + "\n\n" + quoted(asked), answers=asked)
    assert play.reply.template == "survey_thanks"
    assert play.store.survey(1).answer == "no"
    assert play.ticket().state is State.IN_PROGRESS
    assert words in play.team("update").text


def test_a_bare_no_reaches_the_engineer_and_opens_nothing():
    play, asked = resolved("en")
    play.writes(ANA, asked.subject, "No.", answers=asked)
    assert play.team("update")
    assert play.ticket().state is State.RESOLVED


def test_the_link_in_the_mail_answers_from_an_empty_page():
    play, asked = resolved("en", authenticated=True)
    html = asked.mail.get_body(("html",)).get_content()
    link = next(part.partition('"')[0] for part in html.split('href="')[1:] if "body=Yes" in part).replace("&amp;", "&")
    address, _, query = link.removeprefix("mailto:").partition("?")
    fields = parse_qs(query)
    play.writes(ANA, fields["subject"][0], fields["body"][0], to=unquote(address))
    assert play.store.survey(1).answer == "yes"


def test_the_answer_may_be_changed_for_a_week_and_counts_once():
    play, asked = resolved("en")
    play.writes(ANA, asked.subject, "yes", answers=asked)
    play.writes(ANA, asked.subject, "Yes", answers=asked)
    assert play.silent
    play.wait(days=3)
    play.writes(ANA, asked.subject, "no", answers=asked)
    assert play.store.survey(1).answer == "no"
    play.wait(days=5)
    play.writes(ANA, asked.subject, "yes", answers=asked)
    assert play.store.survey(1).answer == "no"
    assert any("more than a week" in e.text for e in play.store.show_ticket(1).timeline)


def test_only_the_requester_answers_and_a_colleagues_yes_changes_nothing():
    play, asked = resolved()
    play.writes(BIA, asked.subject, "Sim", answers=asked)
    assert play.store.survey(1).answer is None
    assert play.sent == []
    assert play.ticket().state is State.RESOLVED
    assert any("only the requester" in e.text for e in play.store.show_ticket(1).timeline)


def test_a_forged_answer_counts_for_nothing_and_the_timeline_says_why():
    play, _ = resolved(authenticated=True)
    play.writes(ANA, "Re: [#1] Formulario", "Não, ainda falha")
    assert play.sent == []
    assert play.store.survey(1).answer is None
    assert play.ticket().state is State.RESOLVED
    assert any("not proved" in e.text for e in play.store.show_ticket(1).timeline)


def test_thanks_alone_open_nothing_and_are_not_answered():
    play, asked = resolved()
    play.writes(ANA, asked.subject, "Muito obrigada!", answers=asked)
    assert play.sent == []
    assert play.ticket().state is State.RESOLVED


def test_a_no_to_a_ticket_that_was_closed_meanwhile_opens_a_linked_one():
    play, asked = resolved("en", authenticated=True)
    play.writes(EDU, "Re: Formulario [#1]", "/close", proved=True)
    assert play.ticket().state is State.CLOSED
    outcome = play.writes(ANA, asked.subject, "No, the contact form still fails with the same error.", answers=asked)
    assert outcome.opened
    assert play.ticket(2).linked == (1,)
    assert play.store.survey(1).answer == "no"


def test_resolved_once_more_is_asked_once_more():
    play, asked = resolved("en")
    play.writes(ANA, asked.subject, "No, it still fails", answers=asked)
    update = play.team("update")
    play.writes(EDU, update.subject, "/resolve", answers=update)
    assert play.store.survey(1).answer is None
    play.writes(ANA, play.reply.subject, "Yes, thanks", answers=play.reply)
    assert play.store.survey(1).answer == "yes"
