"""What the program says of itself to engineers is in their language: every sentence, and the names in it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.decide.commands import COMMANDS, HELP, Command, plan
from mailbot.decide.context import DecideContext
from mailbot.reply.reasons import said
from mailbot.reply.sentences import SENTENCES
from mailbot.rules.directory import Directory, Engineer, Team
from mailbot.rules.pack import load_packs
from mailbot.tickets.model import State, Ticket

ROOT = Path(__file__).resolve().parents[3]
PACK = load_packs(ROOT / "rules")["digibee"]
STAFF = Directory(
    engineers=(
        Engineer(address="edu@vendor.example", name="Edu"), Engineer(address="edu@other.example", name="Edu"),
        Engineer(address="lia@vendor.example", name="Lia"),
    ),
    teams={"support": Team(address="support@vendor.example")},
)  # fmt: skip


def ticket(number: int = 1, **more: object) -> Ticket:
    its = {
        "number": number, "pack": "digibee", "mailbox": "support", "state": State.READY, "subject": "Fluxo",
        "requester": "ana@aurora.example", "participants": frozenset({"ana@aurora.example"}),
        "opened": datetime(2026, 11, 3, tzinfo=UTC), "kind": "incident", "stage": "backlog",
    }  # fmt: skip
    return Ticket(**{**its, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("english", SENTENCES)
def test_each_sentence_has_the_same_slots_in_each_language(english: str) -> None:
    slots = sorted(re.findall(r"\{(\w+)\}", english))
    for other in SENTENCES[english]:
        assert other.strip()
        assert sorted(re.findall(r"\{(\w+)\}", other)) == slots


@pytest.mark.parametrize(
    ("reason", "portuguese", "spanish"),
    [
        (
            "asked 2 times, still open: pipeline_key, error_message; a person takes it as it is",
            "perguntado 2 vezes, ainda em aberto: Pipeline key, Mensagem de erro; uma pessoa assume como está",
            "se preguntó 2 veces, siguen abiertos: Pipeline key, Mensaje de error; una persona lo toma como está",
        ),
        (
            "an escalation goes to the support leads; team leads is not in the directory: support",
            "um escalonamento vai para os líderes de suporte; a equipe leads não está no cadastro: support",
            "un escalamiento va a los líderes de soporte; el equipo leads no está en el directorio: support",
        ),
        (
            "the customer cannot be answered by the program: nobody reads noreply@x.example",
            "o programa não pode responder ao cliente: ninguém lê noreply@x.example",
            "el programa no puede responder al cliente: nadie lee noreply@x.example",
        ),
        ("incident: nothing is missing", "Incidente: não falta nada", "Incidente: no falta nada"),
        ("environment: production", "Ambiente: production", "Ambiente: production"),
        ("12 automatic mails for ana@x.example within a day; the limit is 12",
         "12 e-mails automáticos para ana@x.example em um dia; o limite é 12",
         "12 correos automáticos para ana@x.example en un día; el límite es 12"),
    ],
)  # fmt: skip
def test_names_inside_are_put_as_people_read_them(reason: str, portuguese: str, spanish: str) -> None:
    assert said(reason, PACK, "pt") == portuguese
    assert said(reason, PACK, "es") == spanish


def test_english_too_names_fields_and_kinds_as_people_read_them() -> None:
    reason = "asked 2 times, still open: pipeline_key; a person takes it as it is"
    assert said(reason, PACK, "en") == "asked 2 times, still open: Pipeline key; a person takes it as it is"
    assert said("incident: nothing is missing", PACK, "en") == "Incident: nothing is missing"


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "please look at it again, the customer is right",
        "550 5.1.1 no such user here",
        "weather: sunny",
        "rained: nothing is missing",
        "x" * 100_000,
        "asked " * 80,
        "/a: no field x'; there are: " * 15,
    ],
)
def test_what_is_none_of_our_sentences_comes_back_as_it_is(foreign: str) -> None:
    assert said(foreign, PACK, "pt") == foreign


RIGHT = [
    "/note x",
    "/assign me",
    "/assign support",
    "/priority 2",
    "/kind question",
    "/set environment test",
    "/ask pipeline_key",
    "/link ABC-1",
    "/stage in-progress",
    "/resolve",
    "/close",
    "/split",
    "/access",
    "/escalate",
    "/incident Fila X | fila",
    "/incident over",
    "/merge 2",
]
WRONG = [
    "/note",
    "/assign edu",
    "/assign nobody",
    "/assign suport",
    "/priority 9",
    "/kind incidnt",
    "/kind zzzz",
    "/set colour red",
    "/set environment",
    "/set environment moon",
    "/ask",
    "/ask colour",
    "/link no card",
    "/stage released",
    "/stage moon",
    "/reopen",
    "/merge",
    "/merge 1",
    "/merge 3",
    "/merge 4",
    "/incident",
    "/nte x",
    "/zzzz",
]
ON_CLOSED = ["/ask pipeline_key", "/access", "/stage in-progress", "/merge 2"]


@pytest.mark.parametrize("language", ["pt", "es"])
@pytest.mark.parametrize(("lines", "state"), [(RIGHT, State.READY), (WRONG, State.READY), (ON_CLOSED, State.CLOSED)])
def test_whatever_comes_of_a_command_is_told_in_the_engineers_language(
    lines: list[str], state: State, language: str
) -> None:
    others = {2: ticket(2), 3: ticket(3, requester="eve@other.example"), 4: ticket(4, merged_into=2)}
    ctx = DecideContext(now=datetime(2026, 11, 3, tzinfo=UTC), directory=STAFF, others=others)
    for line in lines:
        name, _, argument = line[1:].partition(" ")
        made = plan([Command(name, argument)], ticket(state=state), PACK, ctx, "lia@vendor.example")
        for told in (*made.results, *made.errors):
            assert said(told, PACK, language) != told or told.startswith(("link:", "kind:")), told
    assert {line[1:].split()[0] for line in RIGHT + WRONG} >= set(COMMANDS) - {"help"}


@pytest.mark.parametrize("language", ["pt", "es"])
def test_the_list_of_commands_is_in_the_engineers_language(language: str) -> None:
    assert [does for _, does in HELP if said(does, PACK, language) == does] == []


SHOWN = {  # functions of decide whose texts reach a mail as `why`, `route` or `silent`
    "customer.py": ("_reply", "_reply_when_complete", "_withheld", "_reply_to_routed", "_handover"),
    "budgets.py": ("why_silent", "_over_budget"),
    "routing.py": ("destination", "_team"),
    "customer_mail.py": ("_same_team", "to_engineers"),
    "team_mail.py": ("follow_up",),
}


PARTS = {"this ticket", "to 4: nobody reads x (4)"}  # a part of a sentence that is known; a line of the timeline alone


@pytest.mark.parametrize("file", SHOWN)
def test_every_reason_in_the_source_has_its_sentence(file: str) -> None:
    """A new reason without a line in `sentences.py` would stand in English in Portuguese mails."""
    tree = ast.parse((ROOT / "mailbot" / "decide" / file).read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in SHOWN[file]:
            inner = {
                id(part)
                for n in ast.walk(node)
                if isinstance(n, ast.JoinedStr)
                for part in ast.walk(n)
                if part is not n
            }
            texts = [n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr) and id(n) not in inner]
            docs = ast.get_docstring(node, clean=False)
            found += [t for t in map(_filled, texts) if " " in t and re.search("[a-z]{3}", t) and t != docs]
    assert found
    unknown = [text for text in found if text not in PARTS and said(text, PACK, "pt") == text]
    assert unknown == []


def _filled(node: ast.Constant | ast.JoinedStr) -> str:
    """A literal as it comes out, with plausible values put in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    out = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            out.append(str(part.value))
        else:
            told = ast.unparse(part.value)  # type: ignore[attr-defined]
            out.append(
                "incident" if "kind" in told
                else "day" if told == "span"
                else "pipeline_key" if "told" in told or "join" in told
                else "nobody reads x" if "silent" in told or "reason" in told
                else "4"
            )  # fmt: skip
    return "".join(out)
