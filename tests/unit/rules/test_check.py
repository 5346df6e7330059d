"""The check finds what is no type error: names that lead nowhere, missing texts, samples that miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.rules.check import check
from mailbot.rules.pack import load_packs
from mailbot.rules.schema import schema
from mailbot.understand.model import _model

SHIPPED = Path(__file__).resolve().parents[3] / "rules"
PACK = """\
name: small
title: {en: Small, pt: Pequeno}
default_language: en
fallback_kind: help
kinds:
  help:
    name: {en: Help, pt: Ajuda}
    required: [what]
    clues:
      - {family: broken, weight: 2}
fields:
  what:
    type: narrative
    name: {en: What, pt: O que}
    question: {en: What is it?, pt: O que é?}
    hint: {en: One sentence., pt: Uma frase.}
families:
  broken:
    say: {en: [broken], pt: [quebrad*]}
    samples: {yes: {en: [It is broken.]}, no: {en: [It works.]}}
signs:
  bad:
    - {family: broken, weight: 1}
priorities:
  - {priority: 2, kind: [help], signs: [bad]}
"""


def told(folder: Path, text: str) -> list[str]:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in check(folder, labels=["how_to_question"])]


def test_the_shipped_packs_have_no_problem() -> None:
    assert check(SHIPPED, labels=_model().labels) == []


def test_a_sound_pack_has_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path, PACK) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("required: [what]", "required: [waht]", 8, 'did you mean "what"?'),
        ("{family: broken, weight: 2}", "{family: brokn, weight: 2}", 10, 'did you mean "broken"?'),
        ("{family: broken, weight: 2}", "{label: howto_question, weight: 2}", 10, 'did you mean "how_to_question"?'),
        ("{family: broken, weight: 2}", "{weight: 2}", 10, "says nothing"),
        ("{family: broken, weight: 2}", "{family: broken, field: what, weight: 2}", 10, "one source"),
        ("fallback_kind: help", "fallback_kind: hlep", 4, 'did you mean "help"?'),
        ("name: {en: Help, pt: Ajuda}", "name: {en: Help}", 7, "is not there in pt"),
        ("hint: {en: One sentence., pt: Uma frase.}", "hint: {en: One sentence.}", 16, "is not there in pt"),
        ("[quebrad*]", "['... quebrad*']", 19, "gap"),
        ("[It is broken.]", "[It is brocken.]", 20, "does not find"),
        ("[It works.]", "[It works, it was broken.]", 20, "must not find"),
        ("priority: 2", "priority: 5", 25, "does not exist"),
        ("signs: [bad]", "signs: [worse]", 25, "is not known"),
        ("kind: [help]", "kind: [halp]", 25, 'did you mean "help"?'),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in PACK
    problems = told(tmp_path, PACK.replace(old, new))
    assert any(p.startswith(f"small.yaml:{line}:") and words in p for p in problems), problems


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(told(tmp_path, PACK.replace("[what]", "[waht]").replace("signs: [bad]", "signs: [worse]"))) == 2


def test_every_text_that_customers_read_is_there_and_is_one_sentence() -> None:
    for pack in load_packs(SHIPPED).values():
        for name, field in pack.fields.items():
            for language in pack.title:
                question = field.question[language]
                assert question.endswith("?"), (pack.name, name, language)
                assert question.count("?") == 1, (pack.name, name, language)
                assert "\n" not in field.hint[language]


def test_the_schema_knows_every_key() -> None:
    keys = schema()["properties"]
    assert {"name", "kinds", "fields", "families", "lists", "signs", "priorities", "routes", "include"} <= set(keys)


def test_a_status_of_jira_leads_to_a_stage_of_the_pack(tmp_path: Path) -> None:
    stages = "stages: [open, testing]\njira_stages: {To Do: open, QA: tesing}\n"
    (said,) = told(tmp_path, PACK + stages)
    assert "small.yaml:" in said
    assert 'did you mean "testing"?' in said
