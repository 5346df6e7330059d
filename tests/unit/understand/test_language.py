"""The language of the sender's own words."""

from __future__ import annotations

import pytest

from mailbot.understand import language
from mailbot.understand.doc import build
from mailbot.understand.facts import Context

from .reading import doc, mail, packs, plain_lines


def told(body: str, held: str | None = None, subject: str = "") -> str | None:
    return language.guess(doc(body, subject), packs()["digibee"], Context(language=held)).value


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("bom dia, o fluxo parou", "pt"),
        ("o deploy quebrou o checkout", "pt"),
        ("nao ta indo, pode ver?", "pt"),
        ("vcs conseguem olhar isso hj", "pt"),
        ("hola, el flujo no anda", "es"),
        ("buenas, se cayo el timbrado", "es"),
        ("no funciona el conector desde ayer", "es"),
        ("me ayudan con esto porfa", "es"),
        ("pls check, flow is dead", "en"),
        ("the feed has been stuck since noon", "en"),
        ("any news on this?", "en"),
        ("Kindly do the needful", "en"),
    ],
)
def test_short_mails_full_of_jargon(body: str, wanted: str) -> None:
    assert told(body) == wanted


@pytest.mark.parametrize("body", ["PROD", "215470311984", "ok", "64f0c2a1b9e84d5f", "Test", "orders-sync"])
@pytest.mark.parametrize("held", ["pt", "en", "es"])
def test_a_bare_value_is_in_the_tickets_language(body: str, held: str) -> None:
    assert told(body, held) == held


def test_a_value_with_a_word_or_two_is_in_the_tickets_language() -> None:
    assert told("é o 2154", "pt") == "pt"
    assert told("es el 2154", "es") == "es"


def test_a_longer_text_overrides_the_tickets_language() -> None:
    assert told("Hello, I am taking over from Ana and would rather write in English from here on.", "pt") == "en"


def test_code_logs_and_quoted_errors_do_not_count() -> None:
    body = (
        'oi, deu isso: "Could not connect to the server, the connection was refused by the host"\n'
        "2026-11-18 09:00:00 ERROR the request failed because the server is not available\n"
        "    at com.example.Main.run(Main.java:10)\n"
    )
    assert told(body) == "pt"


def test_forwarded_text_does_not_decide() -> None:
    body = (
        "Oi pessoal, encaminho abaixo, podem ver por favor?\n\n"
        "Hello, the flow has been failing since yesterday and we would like to know what is going on with it.\n"
        "Please have a look at it as soon as you can, thanks a lot for your help."
    )
    forwarded = build(mail(body), plain_lines(body, forwarded_from=2))
    assert language.guess(forwarded, packs()["digibee"], Context()).value == "pt"


def test_an_empty_mail_is_in_the_packs_language_or_the_tickets() -> None:
    assert told("") == "pt"
    assert told("", "es") == "es"


def test_a_language_set_by_a_person_stays() -> None:
    context = Context(language="es", locked=frozenset({"language"}))
    text = doc("Hello, could you please look at this for us today?")
    assert language.guess(text, packs()["digibee"], context).value == "es"
