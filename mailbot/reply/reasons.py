"""The program's own reasons, put into the language of the mail that shows them.

Decisions give their reasons in English, as the timeline keeps them; engineers read mails in MAILBOT_TEAM_LANGUAGE. In:
a reason, the pack, a language. Out: the same in that language, the names of fields, kinds, states and stages as people
read them; what is none of the program's own sentences (an engineer's words, a server's answer) comes back as it is.

A sentence is `English: (Portuguese, Spanish)`. `{name}` stands for any words; `{kind}`, `{field}`, `{fields}`,
`{state}`, `{states}`, `{stage}`, `{thing}` are named in the language, `{why}` is a reason of its own. The first that
fits is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mailbot.reply import words
from mailbot.reply.sentences import SENTENCES
from mailbot.rules.pack import Language, RulePack

MOST = 500  # characters: no reason of ours is longer, and a pattern must not wander through a customer's text
MOST_DEEP = 4
_SLOT = re.compile(r"\{(\w+)\}")
_THINGS = {
    "engineer or team": ("engenheiro ou equipe", "ingeniero o equipo"),
    "kind": ("tipo", "tipo"),
    "field": ("campo", "campo"),
    "stage": ("etapa", "etapa"),
}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    return [
        (re.compile(_pattern(english), re.DOTALL), {"en": english, "pt": portuguese, "es": spanish})
        for english, (portuguese, spanish) in SENTENCES.items()
    ]


def _pattern(english: str) -> str:
    parts = _SLOT.split(english)
    return "".join(
        f"(?P<{part}>.{'*' if part == 'given' else '+'}?)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )


def said(reason: str, pack: RulePack, language: Language, _deep: int = 0) -> str:
    """The reason in the language."""
    if not reason or len(reason) > MOST or _deep > MOST_DEEP:
        return reason
    for pattern, texts in _patterns():
        found = pattern.fullmatch(reason)
        if found and (put := _named(found.groupdict(), pack, language, _deep)) is not None:
            return _SLOT.sub(lambda slot: put[slot[1]], texts.get(language, texts["en"]))
    return reason


def _named(values: dict[str, str], pack: RulePack, language: Language, deep: int) -> dict[str, str] | None:
    """The words for the slots; None where a name is none of the pack's: then it is another sentence."""
    out = {}
    for slot, value in values.items():
        name = _NAMES.get(slot)
        shown = (
            said(value, pack, language, deep + 1) if slot == "why" else name(value, pack, language) if name else value
        )
        if shown is None:
            return None
        out[slot] = shown
    return out


def _kind(value: str, pack: RulePack, language: Language) -> str | None:
    return words.kind(pack, value, language) if value in pack.kinds else None


def _field(value: str, pack: RulePack, language: Language) -> str | None:
    return pack.fields[value].name.get(language, value) if value in pack.fields else None


def _fields(value: str, pack: RulePack, language: Language) -> str | None:
    names = [_field(name, pack, language) for name in value.split(", ")]
    return ", ".join(name for name in names if name) if all(names) else None


def _state(value: str, _pack: RulePack, language: Language) -> str | None:
    return words.state(value, language, customer=False) if words.is_state(value) else None


def _states(value: str, pack: RulePack, language: Language) -> str | None:
    names = [_state(name, pack, language) for name in value.split(", ")]
    return ", ".join(name for name in names if name) if all(names) else None


def _stage(value: str, pack: RulePack, language: Language) -> str | None:
    return words.stage(value, language) if value in pack.stages else None


def _thing(value: str, pack: RulePack, language: Language) -> str | None:
    if language == "en" and value in _THINGS:
        return value
    if value in _THINGS:
        return _THINGS[value][0 if language == "pt" else 1]
    return _field(value, pack, language)


_NAMES: dict[str, Callable[[str, RulePack, Language], str | None]] = {
    "kind": _kind, "field": _field, "fields": _fields, "state": _state, "wanted": _state, "states": _states,
    "stage": _stage, "thing": _thing,
}  # fmt: skip
