"""Engineers read their mails in one language: what customers write is theirs, everything else is the team's."""

from __future__ import annotations

import re

import pytest
from clockwork import Clockwork, sp
from theatre import ESCALATE

from mailbot.runtime.calendar import run_due
from mailbot.runtime.digests import run_digests

ANA, EDU, EVE = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>", "Eve <noreply@other.example>"
ENGLISH = re.compile(
    r"\b(?:the|of|is|are|was|to|goes|with|and|or|from|nothing|asked|write|there|customer|ticket is|still|open)\b", re.I
)
# Names: addresses, commands with their placeholders, a team, a pipeline.
KNOWN = re.compile(r"[\w.+-]+@[\w.-]+|/\w+[^:\n]*:|project-aurora|sync-pedidos|\bor: over\b|owner/repo\S*")


class Days(Clockwork):
    steps = (run_due, run_digests)


@pytest.mark.parametrize("language", ["pt", "es"])
def test_no_english_stands_in_a_team_mail_of_another_language(language):
    """Everything that engineers can get in a ticket's life, read for English words."""
    play = Days("digibee", house_language=language)
    heard = "Fluxo parado. O fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP."
    play.writes(ANA, "Fluxo parado", heard)
    for text in ("Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d", "Mensagem de erro: timeout"):
        play.writes(ANA, play.reply.subject, text, answers=play.reply)
    mails = list(play.sent)
    summary = play.team("summary")
    orders = (
        "/help", "/priority 9\n/kind x\n/set cor azul\n/stage released\n/merge 7\n/reopen\n/nada",
        "/note ok\n/set project Portal", "/stage backlog", "/stage released", "Olá, estamos olhando.\n/assign lia",
        "/ask chat_id", "/escalate", "/split Outro",
    )  # fmt: skip
    for order in orders:
        play.writes(EDU, summary.subject, order, answers=summary)
        mails += play.sent
    play.writes(ANA, "Re: [#1]", "Segue mais um dado sobre o caso.")
    mails += play.sent
    play.writes(ANA, "Escalar", "Quero escalar: esperamos há dez dias e ninguém resolve.", to=ESCALATE)
    mails += play.sent
    play.writes(EVE, "Fluxo parado", heard)  # an address that nobody reads
    mails += play.sent
    play.writes(ANA, "Contrato", "Qual o valor de mais dez licenças no nosso contrato?")
    mails += play.sent
    play.until(sp(11, 3, 12))
    mails += play.sent
    mine = [m for m in mails if m.audience == "team"]
    assert {m.template for m in mine} >= {
        "summary",
        "update",
        "command_result",
        "digest_team",
        "digest_weekly",
        "breach",
    }
    for mail in mine:
        said = KNOWN.sub(" ", f"{mail.subject}\n{mail.text}")
        assert ENGLISH.findall(said) == [], (mail.template, said)
    play.close()
