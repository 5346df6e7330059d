"""Reads rule packs from a folder of YAML files.

In: a folder. Out: `RulePack`s by name, or a `RulesError` that names file, line and mend. Files whose name begins with
`_` are no packs: packs take over their lists, families and signs through `include`.
YAML is read as it looks: `no`, `on` and `08:00` are texts; only true, false, null and plain numbers are anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from mailbot.errors import RulesError
from mailbot.rules.pack import RulePack
from mailbot.rules.suggest import closest

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?\d{1,9}$")
_FLOAT = re.compile(r"[-+]?\d{1,9}\.\d{1,9}$")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file as plain values, with the line of each of them."""

    file: str
    data: Any
    lines: Mapping[Path_, str]  # path of a value -> file:line

    def where(self, path: Path_) -> str:
        """file:line of a value, or of the nearest one above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, f"{self.file}:1")


def read(path: Path) -> Source:
    """Parses one YAML file. Raises `RulesError` for what is no YAML, a key written twice, an unreadable file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"cannot be read: {error}", where=path.name, mend="make it a readable UTF-8 file") from None
    return parse(text, path.name)


def parse(text: str, file: str) -> Source:
    """The same for a text that is already in hand."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise RulesError(
            f"no valid YAML: {problem}",
            where=f"{file}:{line}",
            mend="look for a missing quote, colon, bracket or a wrong indentation here or just above",
        ) from None
    lines: dict[Path_, str] = {}
    data = _plain(node, (), lines, file) if node is not None else {}
    return Source(file, data, lines)


def load_folder(folder: Path) -> dict[str, RulePack]:
    """Every pack of a folder by name."""
    if not folder.is_dir():
        raise RulesError("is no folder", where=str(folder), mend="set MAILBOT_RULES_DIR to the folder of the packs")
    files = sorted(p for p in folder.glob("*.y*ml") if not p.name.startswith("_"))
    if not files:
        raise RulesError("holds no rule pack", where=str(folder), mend="put at least one <name>.yaml there")
    packs: dict[str, RulePack] = {}
    for file in files:
        pack = load_file(file)
        if pack.name in packs:
            raise RulesError(
                f"a pack named {pack.name} exists already", where=file.name, mend="give each pack its own name"
            )
        packs[pack.name] = _with_articles(pack, folder)
    return packs


def _with_articles(pack: RulePack, folder: Path) -> RulePack:
    """The pack with the articles of help that lie in `knowledge/<name>/`."""
    place = folder / "knowledge" / pack.name
    if not place.is_dir():
        return pack
    from mailbot.rules.knowledge import read_articles  # reads YAML with this module

    return pack.model_copy(update={"knowledge": (*pack.knowledge, *read_articles(place))})


def load_file(file: Path) -> RulePack:
    """One pack with what it includes."""
    source = read_pack(file)
    return build(source.data, source)


def read_pack(file: Path) -> Source:
    """A pack's file with what it includes, as plain values that are not checked against the model yet."""
    source = read(file)
    if not isinstance(source.data, dict):
        raise RulesError("must be a mapping of keys", where=f"{file.name}:1", mend="begin with `name:`")
    data, lines = dict(source.data), dict(source.lines)
    for index, name in enumerate(_texts(data.get("include"))):
        shared = file.with_name(f"{name}.yaml")
        if not shared.is_file():
            raise RulesError(
                f"includes {name}.yaml, which is not in the folder",
                where=source.where(("include", index)),
                mend=closest(name, [p.stem for p in file.parent.glob("_*.yaml")]) or "remove it",
            )
        _take_over(data, lines, read(shared))
    return Source(file.name, data, lines)


def build(data: Mapping[str, Any], source: Source) -> RulePack:
    """Checks plain values against the model."""
    try:
        return RulePack.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        what, rest = describe(first, source, RulePack)
        raise RulesError(what, where=rest["where"], mend=rest["mend"]) from None


def describe(error: Any, source: Source, model: type[BaseModel]) -> tuple[str, dict[str, str]]:
    """A pydantic error in words a support lead understands: what, and where and mend."""
    path: Path_ = tuple(p for p in error["loc"] if p != "[key]")
    shown = ".".join(str(p) for p in path)
    where = source.where(path)
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        guess = closest(str(path[-1]), known)
        return f"`{shown}` is not a known key", {"where": where, "mend": guess or f"known: {', '.join(known)}"}
    if kind == "missing":
        return f"`{shown}` is missing", {"where": where, "mend": f"add `{path[-1]}:`"}
    if kind == "literal_error":
        allowed = error.get("ctx", {}).get("expected", "")
        options = re.findall(r"'([^']+)'", allowed)
        wrong = str(path[-1] if error["loc"] and error["loc"][-1] == "[key]" else error.get("input"))
        return f"`{shown}`: {wrong!r} is not allowed", {
            "where": where,
            "mend": closest(wrong, options) or f"use {allowed}",
        }
    found = error.get("input")
    if isinstance(found, dict):
        return f"`{shown}`: text is wanted, and this reads as keys", {
            "where": where,
            "mend": "put a text that begins with { or holds a colon and a space between quotes",
        }
    found = found if isinstance(found, str | int | float | bool) or found is None else "a list"
    return f"`{shown}`: {error['msg'].lower()} (found {found!r})", {"where": where, "mend": "see docs/new-pack.md"}


def _keys_at(model: Any, path: Path_) -> list[str]:
    """The keys that a model allows at a path: walks through models, dicts and tuples."""
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            info = model.model_fields.get(str(step))
            if info is None:
                return []
            model = info.annotation
        else:
            args = [a for a in getattr(model, "__args__", ()) if a is not Ellipsis]
            model = args[-1] if args else None
        model = _bare(model)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _bare(model: Any) -> Any:
    """`X | None` as X."""
    args = [a for a in getattr(model, "__args__", ()) if a is not type(None)]
    union = getattr(model, "__origin__", None) is None and type(model).__name__ == "UnionType"
    return args[0] if union and len(args) == 1 else model


def _take_over(data: dict[str, Any], lines: dict[Path_, str], shared: Source) -> None:
    """Adds the shared file's sections to the pack's; what the pack says itself wins."""
    for section, value in (shared.data or {}).items():
        if section not in ("lists", "families", "signs"):
            raise RulesError(
                f"`{section}` cannot be shared",
                where=shared.where((section,)),
                mend="a shared file holds `lists:`, `families:` and `signs:`",
            )
        own = data.get(section) or {}
        data[section] = {**value, **own}
        for path, line in shared.lines.items():
            if path[:1] == (section,) and not (len(path) > 1 and path[1] in own):
                lines.setdefault(path, line)


def _texts(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


def _plain(node: Any, path: Path_, lines: dict[Path_, str], file: str) -> Any:
    lines[path] = f"{file}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, i), lines, file) for i, child in enumerate(node.value)]
    values: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        place = (*path, key)
        if key == "<<":
            merged |= _plain(child, place, lines, file)
            continue
        if key in values:
            raise RulesError(
                f"`{key}` is written twice",
                where=f"{file}:{key_node.start_mark.line + 1}",
                mend=f"remove one of them (the other is at {lines[place]})",
            )
        values[key] = _plain(child, place, lines, file)
        lines[place] = f"{file}:{key_node.start_mark.line + 1}"
    return {**merged, **values}


def _scalar(node: Any) -> Any:
    if node.style in ("'", '"', "|", ">"):
        return node.value
    word = node.value
    if word in _WORDS:
        return _WORDS[word]
    if _INT.match(word):
        return int(word)
    return float(word) if _FLOAT.match(word) else word
