"""Reading packs: every mistake is told with file, line and mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailbot.errors import RulesError
from mailbot.rules.load import load_file, parse
from mailbot.rules.pack import load_packs

SHIPPED = Path(__file__).resolve().parents[3] / "rules"
SMALL = """\
name: small
title: {en: Small}
default_language: en
kinds:
  help:
    name: {en: Help}
    required: [what]
fields:
  what:
    type: narrative
    name: {en: What}
    question: {en: What is it?}
    hint: {en: One sentence.}
"""


def broken(folder: Path, text: str) -> RulesError:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_packs(folder)
    return caught.value


def test_the_shipped_packs_load() -> None:
    assert set(load_packs(SHIPPED)) == {"digibee", "api-operations", "sharpspring"}


def test_a_small_pack_loads(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    pack = load_packs(tmp_path)["small"]
    assert pack.required("help") == ("what",)
    assert pack.required("unknown") == ()


def test_a_misspelt_key_is_named_with_its_line_and_the_right_one(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL.replace("required:", "requried:"))
    assert error.where == "small.yaml:7"
    assert 'did you mean "required"?' in error.mend


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL.replace("    hint: {en: One sentence.}\n", ""))
    assert "`fields.what.hint` is missing" in error.what
    assert error.where == "small.yaml:9"


def test_a_wrong_word_is_told_with_those_that_are_allowed(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL.replace("narrative", "naratve"))
    assert "did you mean" in error.mend
    assert error.where == "small.yaml:10"


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL + "name: again\n")
    assert "written twice" in error.what
    assert error.where == "small.yaml:14"


def test_yaml_that_cannot_be_read_names_the_line(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL + "routes: [{team: x\n")
    assert error.where.startswith("small.yaml:1")
    assert "indentation" in error.mend


def test_keys_where_text_is_wanted_tell_of_the_quotes(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL.replace("[what]", "[{boss}]"))
    assert "between quotes" in error.mend


def test_what_looks_like_yes_or_no_or_a_time_stays_text() -> None:
    data = parse("a: [no, on, yes, 08:30, 12, 1.5, true, null, '7']", "x.yaml").data
    assert data["a"] == ["no", "on", "yes", "08:30", 12, 1.5, True, None, "7"]


def test_a_file_that_is_included_must_be_there(tmp_path: Path) -> None:
    error = broken(tmp_path, SMALL + "include: [_langage]\n")
    assert error.where == "small.yaml:14"


def test_a_mistake_in_an_included_file_is_told_where_it_stands(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "_language.yaml", tmp_path)
    with (tmp_path / "_language.yaml").open("a", encoding="utf-8") as file:
        file.write("\n  odd:\n    sya: {en: [x]}\n")
    last = len((tmp_path / "_language.yaml").read_text(encoding="utf-8").splitlines())
    error = broken(tmp_path, SMALL + "include: [_language]\n")
    assert error.where == f"_language.yaml:{last}"


def test_a_folder_that_is_none_and_an_empty_one_are_told(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(RulesError):
            load_packs(folder)


def test_a_pack_is_frozen(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    pack = load_file(tmp_path / "small.yaml")
    with pytest.raises(ValueError, match="frozen"):
        pack.name = "other"  # type: ignore[misc]
