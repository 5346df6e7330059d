"""Articles of help: short Markdown files with title, link, language and keywords in their front matter.

In: the folder `knowledge/<pack>/`. Out: `Article`s. Raises `RulesError` with the file and what is missing in it.
"""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import ValidationError

from mailbot.errors import RulesError
from mailbot.rules.load import parse
from mailbot.rules.pack import Article

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)(.*)", re.DOTALL)


def read_articles(folder: Path) -> tuple[Article, ...]:
    """The articles of a folder in the order of their names; none when there is no such folder."""
    return tuple(_read(file) for file in sorted(folder.glob("*.md"))) if folder.is_dir() else ()


def _read(file: Path) -> Article:
    place = f"knowledge/{file.parent.name}/{file.name}"
    found = _FRONT.fullmatch(file.read_text(encoding="utf-8-sig"))
    if found is None:
        raise RulesError("has no front matter", where=f"{place}:1", mend="begin with --- title, link, language ---")
    data = parse(found[1], place).data
    try:
        made = Article.model_validate({**data, "text": found[2]} if isinstance(data, dict) else data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        told = ".".join(map(str, first["loc"])) or "the front matter"
        raise RulesError(f"`{told}`: {first['msg'].lower()}", where=place, mend="see docs/new-pack.md") from None
    if not made.link.startswith(("https://", "http://")):
        raise RulesError("`link` is no web address", where=place, mend="write it as https://…")
    return made
