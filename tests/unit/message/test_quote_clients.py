"""Every client, every place of the answer, three languages: what we asked is OURS, what they answer is NEW."""

from __future__ import annotations

import html
import textwrap
from itertools import product

import pytest
from quote_samples import REQUEST_EN, REQUEST_ES, REQUEST_PT

from mailbot.message import page, quote
from mailbot.message.limits import DEFAULT
from mailbot.message.model import Part

REQUESTS = {"pt": REQUEST_PT, "en": REQUEST_EN, "es": REQUEST_ES}
ANSWERS = {
    "pt": ["sync-pedidos", "produção", "não verificamos nada ainda"],
    "en": ["order-intake-v3", "production", "nothing checked so far"],
    "es": ["ventas-diarias", "producción", "todavía nada"],
}
GMAIL = {
    "pt": "Em ter., 20 de out. de 2026 às 15:52, Suporte <suporte@vendor.example> escreveu:",
    "en": "On Tue, Oct 20, 2026 at 3:52 PM Support <support@vendor.example> wrote:",
    "es": "El mar, 20 oct 2026 a las 15:52, Soporte (<soporte@vendor.example>) escribió:",
}
APPLE = {
    "pt": "Em 20 de out. de 2026, à(s) 15:52, Suporte <suporte@vendor.example> escreveu:",
    "en": "On 20 Oct 2026, at 15:52, Support <support@vendor.example> wrote:",
    "es": "El 20 oct 2026, a las 15:52, Soporte <soporte@vendor.example> escribió:",
}
FOLDED = "On Tue, 20 Oct 2026\nat 15:52, Support <support@vendor.example>\nwrote:"
OUTLOOK = {
    "pt": (
        "De: Suporte <suporte@vendor.example>\nEnviada em: terça-feira, 20 de outubro de 2026 15:52\n"
        "Para: Ana\nAssunto: RE: x"
    ),
    "en": ("From: Support <support@vendor.example>\nSent: Tuesday, October 20, 2026 3:52 PM\nTo: Ana\nSubject: RE: x"),
    "es": (
        "De: Soporte <soporte@vendor.example>\nEnviado el: martes, 20 de octubre de 2026 15:52\n"
        "Para: Ana\nAsunto: RE: x"
    ),
}
ORIGINAL = {"pt": "-----Mensagem original-----", "en": "-----Original Message-----", "es": "-----Mensaje original-----"}
PLACES = ("above", "below", "between")
MARKED = ("gmail", "apple", "outlook classic")


def numbered(line: str) -> int:
    return int(line[0]) if line[:1].isdigit() and line[1:2] == "." else 0


def pieces(language: str, place: str) -> list[tuple[bool, str]]:
    """(is it ours?, line) of the whole answer, without the introduction."""
    ours = [(True, line) for line in REQUESTS[language].split("\n")]
    answers = ANSWERS[language]
    if place == "above":
        return [(False, a) for a in answers] + ours
    if place == "below":
        return ours + [(False, a) for a in answers]
    out = []
    for mine, line in ours:
        out.append((mine, line))
        if numbered(line):
            out.append((False, answers[numbered(line) - 1]))
    return out


def introduction(client: str, language: str) -> str:
    return {
        "gmail": GMAIL[language],
        "apple": APPLE[language],
        "outlook classic": f"{ORIGINAL[language]}\n{OUTLOOK[language]}",
        "outlook": "_" * 32 + "\n" + OUTLOOK[language],
        "outlook, no line": OUTLOOK[language],
    }[client]


def as_plain(client: str, language: str, place: str) -> str:
    out, begun = [], False
    for mine, line in pieces(language, place):
        if mine and not begun:
            out += ["", introduction(client, language), ""]
            begun = True
        if not mine or client not in MARKED:
            out.append(line)
        elif client == "gmail" and len(line) > 74:
            out += [f"> {part}" for part in textwrap.wrap(line, 74)]
        else:
            out.append(f"> {line}".rstrip())
    return "\n".join(out)


def as_page(client: str, language: str, place: str) -> str:
    out, begun, open_quote = [], False, False
    for mine, line in pieces(language, place):
        if mine and not begun:
            head = introduction(client, language).replace("_" * 32, "")
            out.append(f"<div>{'<br>'.join(html.escape(x) for x in head.strip().split(chr(10)))}</div>")
            begun = True
        if mine != open_quote and client in MARKED:
            out.append('<blockquote type="cite">' if mine else "</blockquote>")
            open_quote = mine
        out.append(f"<div>{html.escape(line) or '<br>'}</div>")
    return "<html><body>" + "".join(out) + ("</blockquote>" if open_quote else "") + "</body></html>"


def check(text: str, language: str) -> None:
    hints = quote.Hints(subject="Re: x", reply=True, sender="ana@cliente.example", name="Ana Souza")
    lines = quote.split(text, sent=(REQUESTS[language],), hints=hints)
    assert [line.text.strip() for line in lines if line.part is Part.NEW] == ANSWERS[language]
    told = " ".join(" ".join(line.text for line in lines if line.part is Part.OURS).split())
    assert told == " ".join(REQUESTS[language].split())


CLIENTS = (*MARKED, "outlook", "outlook, no line")


@pytest.mark.parametrize(("client", "language", "place"), list(product(CLIENTS, REQUESTS, PLACES)))
def test_in_plain_text_answers_are_told_from_questions(client: str, language: str, place: str) -> None:
    check(as_plain(client, language, place), language)


@pytest.mark.parametrize(
    "answer", ["1 produção\n2 não mostra\n3 ligado na rede não sai", "em produção", "às 10h20 caiu"]
)
@pytest.mark.parametrize("head", [*GMAIL.values(), *APPLE.values(), FOLDED])
def test_an_answer_right_above_the_line_that_leads_to_the_quote_is_no_part_of_it(answer: str, head: str) -> None:
    lines = quote.split(
        f"{answer}\n{head}\n> Olá\n> 1. Em qual ambiente?", hints=quote.Hints(subject="Re: x", reply=True)
    )
    own, leads = len(answer.split("\n")), len(head.split("\n"))
    assert [line.part for line in lines[: own + leads]] == [Part.NEW] * own + [Part.ATTRIBUTION] * leads


@pytest.mark.parametrize(("client", "language", "place"), list(product(CLIENTS, REQUESTS, PLACES)))
def test_in_html_answers_are_told_from_questions(client: str, language: str, place: str) -> None:
    check(page.to_text(as_page(client, language, place), DEFAULT, []), language)
