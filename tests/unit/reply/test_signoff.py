"""An engineer's own sign-off is followed by no second one of ours; what only looks like one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.reply import samples
from mailbot.reply.check import mail_of
from mailbot.reply.render import TemplateSet
from mailbot.reply.signoff import is_signed
from mailbot.rules.pack import LANGUAGES, RulePack, load_packs

ROOT = Path(__file__).resolve().parents[3]
BODY = "Reiniciamos o conector e o fluxo voltou.\n\n"
PACKS = load_packs(ROOT / "rules")
TEMPLATES = TemplateSet(ROOT / "templates")
OURS = {"pt": "Atenciosamente,", "en": "Kind regards,", "es": "Saludos cordiales,"}


@pytest.mark.parametrize(
    "end",
    [
        "Abraço,\nMarta",
        "Um abraço e boa semana,\nMarta",
        "Att.\nMarta Lima\nEngenheira de suporte\n+55 11 5555-0100",
        "Abs, Marta",
        "Fico à disposição.\nMarta",
        "Best,\nMarta",
        "Kind regards\nMarta Lima",
        "Best regards, Marta",
        "Cheers!",
        "Thanks,\nMarta",
        "Saludos,\nMarta",
        "Un saludo - Marta",
        "Quedo atenta.\n\nMarta",
        "— Marta",
        "Marta Lima | Suporte",
        "Marta.",
        "Atenciosamente,\nEquipe de Suporte",
        "Suporte de APIs",
        "Saludos cordiales,",
        "Abraço,\nMarta\n\nP.S.: o log segue anexo.",
    ],
)
def test_these_ends_are_a_sign_off(end: str) -> None:
    assert is_signed(BODY + end, "Marta Lima", "Suporte de APIs")


@pytest.mark.parametrize("end", ["Abraço,\nMarta", "Best, Marta", "Saludos cordiales,\nMarta Lima", "Atentamente,"])
def test_a_closing_is_one_without_knowing_the_engineers_name(end: str) -> None:
    assert is_signed(BODY + end)


@pytest.mark.parametrize(
    "end",
    [
        "",
        "Obrigado!",
        "Thank you, Ana.",
        "Gracias, Ana",
        "Qualquer coisa, fico à disposição.",
        "Quedo atenta.",
        "A Marta vai acompanhar amanhã.",
        "Marta verifica amanhã cedo.",
        "Falou com a Marta?",
        "Pipeline sync-orders",
        "Best, if you ask me, is to wait until tomorrow.",
        "Saludos a todo el equipo de Aurora por la paciencia con este caso.",
        "O suporte de APIs continua disponível.",
        "Production, Banco Aurora",
    ],
)
def test_these_ends_are_none(end: str) -> None:
    assert not is_signed(BODY + end, "Marta Lima", "Suporte de APIs")


def made(pack: RulePack, language: str, template: str, text: str) -> str:
    sample = next(s for s in samples.samples(pack, language, (template,)) if s.variant == "full")  # type: ignore[arg-type]
    sample.send.data.update(text=text, engineer="Marta Lima")  # type: ignore[attr-defined]
    return mail_of(sample, pack, TEMPLATES).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["resolved", "closed", "stage", "request_info", "policy_grant_access"])
@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_mail_to_the_customer_holds_one_sign_off_and_always_the_teams_name(
    pack: RulePack, template: str, language: str
) -> None:
    signed = made(pack, language, template, "Done at 15:05.\n\nBest,\nMarta")
    assert OURS[language] not in signed
    assert f"{pack.title[language]} · " in signed.rpartition("Marta")[2]  # type: ignore[index]
    assert "#1042" in signed.rpartition("Marta")[2]
    unsigned = made(pack, language, template, "Done at 15:05, thanks to Marta Lima of our team.")
    assert f"{OURS[language]}\n{pack.title[language]}" in unsigned  # type: ignore[index]
