"""Looks through the rule packs of a folder for everything that would go wrong later.

In: a folder. Out: all problems, each with file:line and the mend; none when the packs are sound. Beside what `load.py`
refuses: names that lead nowhere, missing translations, wordings that cannot be read, samples that miss their family.
Wordings are rows of words (`wording.py`), so no pattern of a pack can backtrack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from holidays import list_supported_countries
from pydantic import ValidationError

from mailbot.errors import RulesError
from mailbot.rules.load import Path_, Source, describe, read_pack
from mailbot.rules.pack import Clue, RulePack
from mailbot.rules.suggest import closest
from mailbot.rules.wording import Element, WordingError, compile_list, compile_wording, simplify

_SOURCES = ("family", "label", "field", "subject", "role", "environment")


@dataclass(frozen=True, slots=True)
class Problem:
    what: str
    where: str  # file:line
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.mend})" if self.mend else "")


def check(folder: Path, *, labels: Sequence[str] = ()) -> list[Problem]:
    """Every problem of every pack. `labels`: those that the classifier knows; not checked when none are given."""
    if not folder.is_dir():
        return [Problem("is no folder", str(folder), "set MAILBOT_RULES_DIR to the folder of the packs")]
    files = sorted(folder.glob("*.y*ml"))
    packs = [file for file in files if not file.name.startswith("_")]
    if not packs:
        return [Problem("holds no rule pack", str(folder), "put at least one <name>.yaml there")]
    found: dict[str, Problem] = {}
    names: dict[str, str] = {}
    for file in packs:
        for problem in _of_file(file, names, labels):
            found.setdefault(str(problem), problem)
    return list(found.values())


def _of_file(file: Path, names: dict[str, str], labels: Sequence[str]) -> Iterator[Problem]:
    try:
        source = read_pack(file)
    except RulesError as error:
        yield Problem(error.what, error.where, error.mend)
        return
    try:
        pack = RulePack.model_validate(source.data)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            what, rest = describe(one, source, RulePack)
            yield Problem(what, rest["where"], rest["mend"])
        return
    if pack.name in names:
        yield Problem(f"a pack named {pack.name} exists already", source.where(("name",)), f"see {names[pack.name]}")
    names[pack.name] = source.where(("name",))
    yield from problems_of(pack, source, labels)


def problems_of(pack: RulePack, source: Source, labels: Sequence[str] = ()) -> list[Problem]:
    """The problems of a pack that is in hand."""
    parts = (_service, _stages, _routes, _priorities, _translations, _phrases)
    named = [*_kinds(pack, source, labels), *_clues(pack, source, labels)]
    return named + [problem for part in parts for problem in part(pack, source)]


def _unknown(what: str, name: str, known: Iterable[str], where: str) -> Problem:
    options = sorted(known)
    return Problem(f"the {what} `{name}` is not known", where, closest(name, options) or f"known: {', '.join(options)}")


def _kinds(pack: RulePack, source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    for name, kind in pack.kinds.items():
        for part in ("required", "welcome", "optional"):
            listed: tuple[str, ...] = getattr(kind, part)
            for index, field in enumerate(listed):
                if field not in pack.fields:
                    yield _unknown("field", field, pack.fields, source.where(("kinds", name, part, index)))
        for index, sign in enumerate(kind.takes_over):
            if sign not in pack.families and sign not in labels:
                known = [*pack.families, *labels]
                yield _unknown("family", sign, known, source.where(("kinds", name, "takes_over", index)))
        twice = {f for f in kind.required if f in kind.welcome or f in kind.optional}
        for field in sorted(twice):
            where = source.where(("kinds", name, "required"))
            yield Problem(f"`{field}` of `{name}` is required and not required at once", where, "list it once")
    for key in ("fallback_kind", "escalation_kind", "status_kind"):
        kind_name = getattr(pack, key)
        if kind_name is not None and kind_name not in pack.kinds:
            yield _unknown("kind", kind_name, pack.kinds, source.where((key,)))
    for index, family in enumerate(pack.says_nothing):
        if family not in pack.families:
            yield _unknown("family", family, pack.families, source.where(("says_nothing", index)))
    for name, rule in pack.fields.items():
        if "\n" in "".join(rule.question.values()):
            yield Problem(f"the question of `{name}` has several lines", source.where(("fields", name, "question")))


def _routes(pack: RulePack, source: Source) -> Iterator[Problem]:
    for index, route in enumerate(pack.routes):
        for kind in route.kind:
            if kind not in pack.kinds:
                yield _unknown("kind", kind, pack.kinds, source.where(("routes", index, "kind")))
        components = pack.fields["component"].values if "component" in pack.fields else {}
        for component in route.component:
            if component not in components:
                yield _unknown("component", component, components, source.where(("routes", index, "component")))
        for role in route.mailbox:
            if role not in ("support", "escalate"):
                yield _unknown("mailbox role", role, ("support", "escalate"), source.where(("routes", index)))


def _service(pack: RulePack, source: Source) -> Iterator[Problem]:
    its = pack.service
    if pack.timezone not in available_timezones():
        yield Problem(f"the time zone `{pack.timezone}` is not known", source.where(("timezone",)), "as Europe/Madrid")
    if its.opens >= its.closes:
        yield Problem("the day closes before it opens", source.where(("service", "closes")), "write it as 18:00")
    if its.country is not None and its.country not in list_supported_countries():
        yield Problem(f"no holidays are known for `{its.country}`", source.where(("service", "country")), "as BR")
    elif its.country is not None and its.region and its.region not in list_supported_countries()[its.country]:
        known = ", ".join(list_supported_countries()[its.country])
        yield Problem(f"`{its.region}` is no region of {its.country}", source.where(("service", "region")), known)


def _stages(pack: RulePack, source: Source) -> Iterator[Problem]:
    for status, stage in pack.jira_stages.items():
        if stage not in pack.stages:
            yield _unknown("stage", stage, pack.stages, source.where(("jira_stages", status)))


def _priorities(pack: RulePack, source: Source) -> Iterator[Problem]:
    environments = {*(pack.fields["environment"].values if "environment" in pack.fields else ()), "unknown"}
    for index, rule in enumerate(pack.priorities):
        where = source.where(("priorities", index))
        if not 1 <= rule.priority <= 4:
            yield Problem(f"priority {rule.priority} does not exist", where, "use 1 (most urgent) to 4")
        for kind in rule.kind:
            if kind not in pack.kinds:
                yield _unknown("kind", kind, pack.kinds, where)
        for sign in (*rule.signs, *rule.any_sign, *rule.without):
            if sign not in pack.signs:
                yield _unknown("sign", sign, pack.signs, where)
        for value in rule.environment:
            if value not in environments:
                yield _unknown("environment", value, environments, where)


def _translations(pack: RulePack, source: Source) -> Iterator[Problem]:
    """What customers read exists in every language of the pack, which are those of its title."""
    languages = set(pack.title)
    if pack.default_language not in languages:
        yield _unknown("language", pack.default_language, languages, source.where(("default_language",)))
    texts: list[tuple[Path_, Any]] = [(("kinds", n, "name"), k.name) for n, k in pack.kinds.items()]
    for name, field in pack.fields.items():
        texts += [(("fields", name, part), getattr(field, part)) for part in ("name", "question", "hint")]
    texts += [(("routes", i, "reason"), r.reason) for i, r in enumerate(pack.routes) if not isinstance(r.reason, str)]
    for path, text in texts:
        for language in sorted(languages - set(text)):
            shown = ".".join(map(str, path))
            yield Problem(f"`{shown}` is not there in {language}", source.where(path), f"add `{language}:`")


def _phrases(pack: RulePack, source: Source) -> Iterator[Problem]:
    lists: dict[str, Element] = {}
    for name, texts in pack.lists.items():
        words = [(language, i, w) for language, listed in texts.items() for i, w in enumerate(listed)]
        sound = []
        for language, index, word in words:
            try:
                compile_wording(word)
                sound.append(word)
            except WordingError as error:
                yield Problem(f"`{word}`: {error}", source.where(("lists", name, language, index)))
        lists[name] = compile_list(sound)
    broken: set[str] = set()
    for name, family in pack.families.items():
        base: Path_ = ("families", name)
        rows = [((*base, "any", i), w) for i, w in enumerate(family.any)]
        rows += [((*base, "unless", i), w) for i, w in enumerate(family.unless)]
        rows += [((*base, "say", lang, i), w) for lang, listed in family.say.items() for i, w in enumerate(listed)]
        for path, wording in rows:
            try:
                compile_wording(wording, lists)
            except WordingError as error:
                broken.add(name)
                yield Problem(f"`{wording}` {error}", source.where(path))
    if not broken:
        yield from _samples(pack, source)


def _samples(pack: RulePack, source: Source) -> Iterator[Problem]:
    book = pack.all_phrases()
    for name, family in pack.families.items():
        for wanted, said in ((True, family.samples.yes), (False, family.samples.no)):
            for language, sentences in said.items():
                for index, sentence in enumerate(sentences):
                    if (name in book.search(simplify(sentence))) is not wanted:
                        where = source.where(("families", name, "samples", "yes" if wanted else "no", language, index))
                        what = "does not find" if wanted else "must not find"
                        yield Problem(f"the family `{name}` {what} its sample {sentence!r}", where)


def _clues(pack: RulePack, source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    for name, kind in pack.kinds.items():
        for index, clue in enumerate(kind.clues):
            yield from _clue(clue, pack, source.where(("kinds", name, "clues", index)), labels)
    for name, clues in pack.signs.items():
        for index, clue in enumerate(clues):
            yield from _clue(clue, pack, source.where(("signs", name, index)), labels)


def _clue(clue: Clue, pack: RulePack, where: str, labels: Sequence[str]) -> Iterator[Problem]:
    given = [s for s in _SOURCES[:4] if getattr(clue, s)]
    if len(given) > 1:
        yield Problem(f"a clue has {' and '.join(given)}", where, "one clue, one source: make two of it")
    if not given and not clue.role and not clue.environment:
        yield Problem("a clue says nothing", where, f"give it one of: {', '.join(_SOURCES)}")
    for family in filter(None, (clue.family, clue.subject, *clue.without, *clue.beside)):
        if family not in pack.families:
            yield _unknown("family", family, pack.families, where)
    if clue.field and clue.field not in pack.fields:
        yield _unknown("field", clue.field, pack.fields, where)
    if clue.label and labels and clue.label not in labels:
        yield _unknown("label", clue.label, labels, where)
