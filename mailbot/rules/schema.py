"""The JSON Schema of a rule pack, so that an editor completes keys and marks mistakes while one types.

In: nothing. Out: a JSON Schema (draft 2020-12) of `rules/<name>.yaml`.
"""

from __future__ import annotations

from typing import Any

from mailbot.rules.pack import RulePack


def schema() -> dict[str, Any]:
    """The schema; put `# yaml-language-server: $schema=...` on a pack's first line to use it in an editor."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mailbot rule pack",
        **RulePack.model_json_schema(),
    }
