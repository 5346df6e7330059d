"""The table of the specification names tests that exist, and holds every line."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS.parent / "docs" / "spec-table.md").read_text(encoding="utf-8")


def test_every_test_that_the_table_names_exists():
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", TABLE)
    assert len(named) > 50
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (TESTS / file).is_file()
        or not re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_row_of_the_three_organisations_has_a_line():
    wanted = [f"D{n}" for n in range(1, 16)] + [f"A{n}" for n in range(1, 7)] + [f"S{n}" for n in range(1, 11)]
    assert [row for row in wanted if not re.search(rf"^\| {row} \|", TABLE, re.MULTILINE)] == []


def test_a_line_names_a_test_or_says_that_it_is_not_shown_yet():
    for line in re.findall(r"^\| (?!---|\|)\w.*$", TABLE, re.MULTILINE):
        assert "::test_" in line or "not shown yet" in line, line
