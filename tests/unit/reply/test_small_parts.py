"""Greeting names, subject lines, the fill-in form, words."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mailbot.reply import subject, words
from mailbot.reply.greeting import first_name
from mailbot.reply.mailto import LIMIT, form, mailto


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Ana Souza", "Ana"),
        ("SOUZA, Ana Maria", "Ana"),
        ("JOÃO DA SILVA", "João"),
        ("maria", "Maria"),
        ("Dr. Carlos Pérez", "Carlos"),
        ("Ana-Lúcia Prado", "Ana-Lúcia"),
        ("Rui (TI) Costa", "Rui"),
        ("'Iñaki' Gómez", ""),
        ("Suporte TI", ""),
        ("Time Financeiro", ""),
        ("Contas a Pagar", ""),
        ("Operations Desk", ""),
        ("ana@x.example", ""),
        ("ACME 24h", ""),
        ("{{ 7*7 }}", ""),
        ("[link](http://x)", ""),
        ("<b>Ana</b>", ""),
        ("a", ""),
        ("", ""),
        ("Ana\r\nBcc: x", "Ana"),
    ],
)
def test_only_a_plain_first_name_is_used_in_the_greeting(display: str, name: str) -> None:
    assert first_name(display) == name


@pytest.mark.parametrize(
    ("came", "bare"),
    [
        ("Fluxo parado", "Fluxo parado"),
        ("Re: RES: Enc: FW: Fluxo parado", "Fluxo parado"),
        ("RE[2]: Fluxo", "Fluxo"),
        ("Rv: Re: Fluxo [#12] [#13]", "Fluxo"),
        ("[#12] Fluxo", "Fluxo"),
        ("Re:", ""),
        ("Resumo: do mês", "Resumo: do mês"),
        ("REST: erro", "REST: erro"),
        ("a\r\nBcc: x", "a Bcc: x"),
        ("re : Fluxo", "Fluxo"),
    ],
)
def test_prefixes_and_tags_do_not_pile_up(came: str, bare: str) -> None:
    assert subject.bare(came) == bare
    assert subject.reply(subject.reply(came, 12), 12) == subject.reply(came, 12)


def test_a_very_long_subject_is_cut() -> None:
    assert len(subject.reply("x" * 5000, 12)) < 170


def test_a_reply_without_a_ticket_has_no_tag() -> None:
    assert subject.reply("Fluxo", None) == "Re: Fluxo"


def test_the_form_holds_one_labelled_line_per_question() -> None:
    link = form("support+t12.c.ab@x.example", "Re: Fluxo & cia? [#12]", "Preencha:", ["ID do chat", "Justificativa"])
    parts = urlsplit(link)
    asked = parse_qs(parts.query)
    assert unquote(parts.path) == "support+t12.c.ab@x.example"
    assert asked["subject"] == ["Re: Fluxo & cia? [#12]"]
    assert asked["body"] == ["Preencha:\r\n\r\nID do chat: \r\n\r\nJustificativa: \r\n"]
    assert link.isascii()


def test_nothing_in_a_subject_can_add_a_receiver_to_the_form() -> None:
    link = mailto("a@x.example", "hi&bcc=evil@y.example&body=x?cc=z#f\r\nBcc: q", "b&to=w")
    assert set(parse_qs(urlsplit(link).query)) == {"subject", "body"}


def test_the_form_is_kept_short_enough_for_mail_programs() -> None:
    link = form("a@x.example", "ã" * 150, "Preencha:", [f"Pergunta {i} " + "ç" * 60 for i in range(12)])
    assert len(link) <= LIMIT
    assert "Pergunta%200" in link


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("2026-11-04T14:20", "pt", "04/11/2026 14:20"),
        ("2026-11-04", "es", "04/11/2026"),
        ("2026-11-04T14:20:59-03:00", "en", "2026-11-04 14:20"),
        ("yesterday", "en", "yesterday"),
    ],
)
def test_times_are_written_in_the_order_of_the_language(value: str, language: str, shown: str) -> None:
    assert words.moment(value, language) == shown


def test_priorities_and_stages_have_words_and_unknown_ones_stay_readable() -> None:
    assert [words.priority(p, "pt") for p in (1, 4, None, 9)] == ["crítica", "baixa", "", ""]
    assert words.stage("in-review", "es") == "en revisión"
    assert words.stage("waiting_for_vendor", "en") == "Waiting for vendor"
    assert words.stage(None, "en") == ""
