"""Help first: articles that fit are named in the first reply, at most three, and none when nothing fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from clockwork import Clockwork

from mailbot.errors import RulesError
from mailbot.rules.knowledge import read_articles

ANA = "Ana Souza <ana@aurora.example>"
FORM = "O formulário de contato não envia o e-mail de confirmação desde ontem."
PAGE = "A landing page da campanha de natal abre em branco no celular desde hoje cedo."


def article(folder: Path, name: str, title: str, keywords: str, language: str = "pt") -> None:
    link = f"https://help.vendor.example/{name}"
    head = f"---\ntitle: {title}\nlink: {link}\nlanguage: {language}\nkeywords: [{keywords}]\n---\n"
    (folder / f"{name}.md").write_text(head + f"{title}. {keywords}.\n", encoding="utf-8")


@pytest.fixture
def play(tmp_path):
    article(tmp_path, "forms", "E-mail de confirmação do formulário", "formulário, confirmação, envio")
    article(tmp_path, "import", "Importar contatos por planilha", "importação, planilha, CSV")
    article(tmp_path, "forms-en", "Confirmation mail of a form", "form, confirmation, contact", "en")
    stage = Clockwork("sharpspring")
    pack = stage.house.packs["sharpspring"].model_copy(update={"knowledge": read_articles(tmp_path)})
    stage.house = replace(stage.house, packs={**stage.house.packs, "sharpspring": pack})
    yield stage
    stage.close()


def test_an_article_that_fits_is_named_in_the_first_reply_in_the_customers_language(play):
    play.writes(ANA, "Formulário não envia", FORM)
    said = " ".join(play.reply.text.split())
    assert "E-mail de confirmação do formulário" in said
    assert "help.vendor.example/forms" in said
    assert "forms-en" not in said
    assert "planilha" not in said


def test_nothing_is_named_when_nothing_fits(play):
    play.writes(ANA, "Landing page em branco", PAGE)
    assert "help.vendor.example" not in play.reply.text


def test_at_most_three_articles_are_named(tmp_path, play):
    for n in range(5):
        article(tmp_path, f"more{n}", f"Formulário e confirmação, parte {n}", "formulário, confirmação")
    pack = play.house.packs["sharpspring"].model_copy(update={"knowledge": read_articles(tmp_path)})
    play.house = replace(play.house, packs={**play.house.packs, "sharpspring": pack})
    play.writes(ANA, "Formulário não envia", FORM)
    html = play.reply.mail.get_body(("html",)).get_content()
    assert html.count("https://help.vendor.example/") == 3


def test_an_article_without_its_front_matter_is_told_with_its_file(tmp_path):
    (tmp_path / "bad.md").write_text("only text", encoding="utf-8")
    with pytest.raises(RulesError, match=r"bad\.md"):
        read_articles(tmp_path)
