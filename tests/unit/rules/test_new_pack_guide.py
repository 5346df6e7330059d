"""docs/new-pack.md builds a small pack; this test follows it to the letter and sends mails through the result."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.message.model import Address, Line, Message, Part
from mailbot.rules.check import check
from mailbot.rules.pack import RulePack, load_packs
from mailbot.tickets.model import Question
from mailbot.understand.facts import Context, Facts
from mailbot.understand.samples import count, run_samples
from mailbot.understand.understand import understand

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "new-pack.md"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that one has after following the guide."""
    target = tmp_path_factory.mktemp("rules")
    shutil.copy(ROOT / "rules" / "_language.yaml", target)
    blocks = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    (target / "coffee.yaml").write_text("".join(blocks), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def pack(folder: Path) -> RulePack:
    return load_packs(folder)["coffee"]


def read(pack: RulePack, subject: str, body: str, context: Context | None = None) -> Facts:
    lines, at = [], 0
    for raw in body.split("\n"):
        lines.append(Line(at, raw, Part.NEW if raw.strip() else Part.BLANK))
        at += len(raw) + 1
    message = Message("<1@x>", (Address("ann@office.example", "Ann"),), (), (), (), subject, NOW, NOW, text=body)
    return understand(message, lines, pack, context or Context())


def test_the_check_finds_nothing_to_mend(folder: Path) -> None:
    assert check(folder) == []


def test_its_samples_come_out_right(pack: RulePack) -> None:
    assert count(pack) >= 10
    assert run_samples(pack) == []


def test_a_breakdown_is_understood(pack: RulePack) -> None:
    facts = read(
        pack,
        "Coffee machine",
        "Hello,\n\nthe machine on the second floor stopped this morning, it shows an error and makes no coffee.\n\n"
        "Machine: CM-1042\n\nAnn",
    )
    assert facts.kind.value == "breakdown"
    assert facts.language.value == "en"
    assert facts.priority.value == "3"
    assert facts.fields["floor"].value == "second"
    assert facts.fields["machine"].value == "CM-1042"
    assert "description" in facts.fields


def test_an_order_of_supplies_is_told_from_a_breakdown(pack: RulePack) -> None:
    facts = read(pack, "pedido", "Bom dia, acabou o leite. Precisamos de mais leite e copos para a semana que vem.")
    assert facts.kind.value == "supplies"
    assert facts.language.value == "pt"
    assert facts.priority.value == "4"


def test_the_answer_to_a_question_fills_the_packs_own_slot(pack: RulePack) -> None:
    asked = (
        Question("machine", 1, "1. ¿Cuál es el número de la máquina?"),
        Question("floor", 2, "2. ¿En qué piso está?"),
    )
    facts = read(pack, "Re: avería", "1. CM-77\n2. planta baja", Context(language="es", kind="breakdown", asked=asked))
    assert facts.fields["machine"].value == "CM-77"
    assert facts.fields["floor"].value == "ground"
    assert facts.kind.value == "breakdown"
