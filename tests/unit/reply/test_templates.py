"""All templates: every mail of every pack in every language is written, whole and in its own language."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest

from mailbot.reply import samples
from mailbot.reply.check import NAMES, check_templates, known_names, mail_of
from mailbot.reply.model import Outgoing
from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import LANGUAGES, Language, RulePack, load_packs

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "templates"
PACKS = load_packs(ROOT / "rules")
TEMPLATES = TemplateSet(FOLDER)
# Words that only one of the languages has; sample data and the packs' names do not hold them.
FOREIGN: dict[str, str] = {
    "pt": r"the|and|with|your|ticket|tickets|is|of|this|el|los|las|usted|su|correo|respuesta|equipo|y",
    "en": r"o|os|uma|com|você|seu|sua|chamado|equipe|não|e|el|los|usted|su|correo|equipo|y|para",
    "es": r"the|and|with|your|is|of|this|você|seu|sua|chamado|chamados|equipe|não|com|uma",
}
# What is not a translator's: commands, product and field names, samples' words for engineers, times of day.
NEUTRAL = re.compile(
    r"/[a-z-]+|`[^`]*`|\S+@\S+|https?://\S+|mailbot \w+|ERROR Read timed out|keep a note on the ticket[^\n]*|"
    r"write 1, 2, 3 or 4|senha: |#\d+|TI - Operacional em Produção|[Bb]acklog|pipeline key|Pipeline key|TEXT"
)


def made(sample: samples.Sample, pack: RulePack) -> Outgoing:
    return mail_of(sample, pack, TEMPLATES)


def every() -> list[tuple[str, Language, samples.Sample]]:
    return [
        (pack.name, language, s)
        for pack in PACKS.values()
        for language in LANGUAGES
        for s in samples.samples(pack, language)
    ]


ALL = every()
IDS = [f"{pack}-{s.send.template}-{s.variant}-{language}" for pack, language, s in ALL]


@pytest.mark.parametrize(("pack", "language", "sample"), ALL, ids=IDS)
def test_each_mail_is_whole_and_in_one_language(pack: str, language: Language, sample: samples.Sample) -> None:
    out = made(sample, PACKS[pack])
    read = cast(EmailMessage, message_from_bytes(out.raw, policy=policy.default))
    html = read.get_body(("html",))
    assert html is not None
    for text in (out.subject, out.text, str(html.get_content()).partition("<body")[2]):
        assert not re.search(r"[\ue000\ue001]|\{\{|\}\}|\{%|None\b|Undefined|\[\]|\(\)", text)
    assert not re.search(r"\*\*|^#+ |^\|", out.text, re.MULTILINE), "Markdown signs in the text part"
    assert not re.search(r"\n\n\n|[ \t]\n", out.text)
    assert not re.search(r" [,.;:!?](?:\s|$)|\.\.(?!\.)|,,", out.text.replace("…", "")), "odd punctuation"
    assert out.subject.strip()
    assert max(map(len, out.text.splitlines())) <= 72 or "http" in out.text
    words = NEUTRAL.sub(" ", f"{out.subject}\n{out.text}")
    found = re.findall(rf"(?<![\w@.-])(?:{FOREIGN[language]})(?![\w@-])", words, re.IGNORECASE)
    if sample.send.audience == "customer" or language == "en":
        assert not found, f"wrong-language words {sorted(set(found))} in:\n{out.text}"


def test_the_shipped_templates_have_no_problem() -> None:
    assert check_templates(FOLDER, PACKS) == []


def test_every_template_exists_in_every_language() -> None:
    for name in NAMES:
        for language in LANGUAGES:
            assert (FOLDER / "_base" / f"{name}.{language}.md.j2").is_file()


def test_the_three_translations_use_the_same_names() -> None:
    used = re.compile(r"\{[{%][^}]*?[}%]\}")
    inside = re.compile(r"\b(?!if|elif|else|endif|for|endfor|in|include|and|or|not|is\b)[a-z_]{3,}(?:\.[a-z_]+)?\b")
    for path in sorted((FOLDER / "_base").glob("*.en.md.j2")):
        names = {}
        for language in LANGUAGES:
            source = path.with_name(path.name.replace(".en.", f".{language}.")).read_text(encoding="utf-8")
            code = re.sub(r'"[^"]*"', "", " ".join(used.findall(source)))
            names[language] = set(inside.findall(code))
        assert names["pt"] == names["en"] == names["es"], path.name


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "templates"))


def one_pack() -> dict[str, RulePack]:
    return {"digibee": PACKS["digibee"]}


def test_a_missing_translation_is_a_problem(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "_base" / "reminder.es.md.j2").unlink()
    found = check_templates(folder, one_pack())
    assert found
    assert all("reminder.es.md.j2" in str(p) for p in found)


def test_a_missing_part_is_a_problem(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "_base" / "_sign.pt.md.j2").unlink()
    assert any("'_sign.pt.md.j2' not found" in str(p) for p in check_templates(folder, one_pack()))


def test_wrong_syntax_is_a_problem_with_its_line(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "_base" / "reminder.es.md.j2").write_text("Subject: x\n---\n\n{% if %}\n")
    found = check_templates(folder, one_pack())
    assert [p.where.rpartition("/")[2] for p in found] == ["reminder.es.md.j2:4"]


def test_an_unknown_name_is_a_problem_even_where_no_sample_reaches_it(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    own = folder / "digibee"
    own.mkdir(exist_ok=True)
    (own / "reminder.es.md.j2").write_text(
        "Subject: x\n---\n{% if false %}\n{{ nobody }}\n{% endif %}\nhi\n1. {{ questions[0].question }}\n"
    )
    found = [str(p) for p in check_templates(folder, one_pack())]
    assert any("reminder.es.md.j2:4: nobody is not given" in p for p in found)


def test_joining_texts_with_a_tilde_is_a_problem(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "_base" / "closing.en.md.j2").write_text('Subject: x\n---\n{{ name ~ "x" }}\n')
    assert any("joins texts with ~" in str(p) for p in check_templates(folder, one_pack()))


def test_a_policy_without_a_template_is_a_problem(tmp_path: Path) -> None:
    pack = PACKS["digibee"]
    kinds = dict(pack.kinds)
    kinds["contract"] = kinds["contract"].model_copy(update={"policy": "policy_unheard_of"})
    found = check_templates(FOLDER, {"digibee": pack.model_copy(update={"kinds": kinds})})
    assert {str(p).split("policy_unheard_of.")[1][:2] for p in found} == {"pt", "en", "es"}


def test_the_readme_names_everything_that_a_template_is_given() -> None:
    told = set(re.findall(r"`([a-z_]+)", (FOLDER / "README.md").read_text(encoding="utf-8")))
    internal = {"range", "missing_fields", "reply", "days", "ok", "pack", "us", "language"}
    assert known_names() - told - internal == set()
