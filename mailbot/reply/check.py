"""Looks through all templates before they are needed: `mailbot check` and the tests run it.

In: the folder of templates, the packs. Out: `Problem`s, each with file, line and mend; none when every pack can write
every mail in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes

from mailbot.errors import MailbotError, TemplateError
from mailbot.reply import samples, view
from mailbot.reply.compose import compose
from mailbot.reply.model import Outgoing
from mailbot.reply.plan import CLOSE, OPEN
from mailbot.reply.render import SHARED, TemplateSet, environment
from mailbot.rules.pack import LANGUAGES, FieldRule, KindRule, RulePack

NAMES = (*samples.CUSTOMER_MAILS, *samples.TEAM_MAILS, *samples.OPERATOR_MAILS)


@dataclass(frozen=True, slots=True)
class Problem:
    where: str  # file, with :line where it is known
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.mend})" if self.mend else "")


def check_templates(folder: Path, packs: Mapping[str, RulePack]) -> list[Problem]:
    """Missing translations, wrong syntax, unknown names, questions that are not shown: what would fail later."""
    problems = {problem: None for file in sorted(folder.rglob("*.md.j2")) for problem in _in_file(file, folder)}
    broken = {problem.where.partition(":")[0] for problem in problems}
    for pack in packs.values():
        for problem in _in_mails(folder, pack):
            if problem.where.partition(":")[0] not in broken:  # told already
                problems[problem] = None
    return list(problems)


def _in_file(file: Path, folder: Path) -> Iterator[Problem]:
    source = file.read_text(encoding="utf-8")
    env = environment([file.parent, folder / SHARED])
    if OPEN in source or CLOSE in source:
        yield Problem(str(file), "holds U+E000 or U+E001", "these two signs are mailbot's own")
    try:
        tree = env.parse(source, filename=str(file))
        env.compile(source, filename=str(file))
    except TemplateSyntaxError as error:
        yield Problem(f"{file}:{error.lineno}", error.message or "wrong syntax", "see Jinja2's syntax")
        return
    except UnicodeDecodeError:
        yield Problem(str(file), "is not UTF-8")
        return
    for node in tree.find_all(nodes.Concat):
        # Joined to a macro's output, data would count as Markdown.
        yield Problem(f"{file}:{node.lineno}", "joins texts with ~", "write the parts one after the other")
    for name in sorted(meta.find_undeclared_variables(tree) - known_names()):
        yield Problem(f"{file}:{_line(source, name)}", f"{name} is not given to templates", "see templates/README.md")


def _line(source: str, name: str) -> int:
    return next((number for number, line in enumerate(source.splitlines(), 1) if name in line), 1)


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Every name that a template may use."""
    field = FieldRule(type="slot", name={"en": "x"}, question={"en": "x"}, hint={"en": "x"})
    pack = RulePack(
        name="x", title={"en": "x"}, kinds={"x": KindRule(name={"en": "x"}, required=("x",))}, fields={"x": field}
    )
    names = {"range"}
    for sample in samples.samples(pack, "en"):
        if sample.variant == "bare":
            names |= view.build(sample.send, sample.ticket, pack, samples.IDENTITY).keys()
    return frozenset(names)


def _in_mails(folder: Path, pack: RulePack) -> Iterator[Problem]:
    templates = TemplateSet(folder)
    policies = sorted({rule.policy for rule in pack.kinds.values() if rule.policy} - set(NAMES))
    for language in LANGUAGES:
        for name in policies:
            yield from _tried(partial(templates.template, pack.name, name, language))
        for sample in samples.samples(pack, language):
            yield from _tried(partial(_compose, sample, pack, templates))


def mail_of(sample: samples.Sample, pack: RulePack, templates: TemplateSet) -> Outgoing:
    """The mail that a sample makes. Raises `TemplateError`."""
    return compose(
        sample.send, sample.ticket, pack, samples.IDENTITY, template_set=templates, now=samples.NOW, ref="sample"
    )


def _compose(sample: samples.Sample, pack: RulePack, templates: TemplateSet) -> None:
    made = mail_of(sample, pack, templates)
    if not made.text.strip():
        file = f"{sample.send.template}.{sample.send.language}.md.j2"
        raise TemplateError("the template writes an empty mail", where=f"{pack.name}/{file}")


def _tried(make: Callable[[], object]) -> Iterator[Problem]:
    try:
        make()
    except MailbotError as error:
        yield Problem(error.where, error.what, error.mend)
