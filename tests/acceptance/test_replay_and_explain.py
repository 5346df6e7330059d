"""Last month's mail read again by the command line: what the bot would have done, and the words behind each value."""

from __future__ import annotations

import json
import mailbox
from email import message_from_bytes
from pathlib import Path

import pytest
from theatre import Theatre, quoted

from mailbot.cli.main import main

ANA = "Ana Souza <ana@aurora.example>"
GAP = "Bom dia,\n\nO fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP.\n\nObrigada,\nAna"
REST = (
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\n"
    "Mensagem de erro: java.net.SocketTimeoutException: connect timed out\n"
    "Data e hora: 03/11/2026 08:40\n"
    "Análises anteriores: reiniciamos o agente e ele voltou por dez minutos, depois caiu de novo\n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A month as an mbox: Ana's report and answer, an out-of-office note, a question in English."""
    play = Theatre("digibee")
    mails = [play.letter(ANA, "Fluxo sync-pedidos parado", GAP)]
    play.deliver(mails[0])
    request = play.reply
    mails.append(play.letter(ANA, request.subject, REST + "\n" + quoted(request), answers=message_from_bytes(mails[0])))
    mails.append(play.letter("Bia <bia@aurora.example>", "Férias", "Volto dia 9.", Auto_Submitted="auto-replied"))
    mails.append(play.letter("Tom <tom@shop.example>", "XML", "Hello, how do I turn XML into JSON in my flow?"))
    play.close()
    box = mailbox.mbox(tmp_path / "october.mbox")
    for mail in mails:
        box.add(mail)
    box.close()
    return tmp_path / "october.mbox"


def mailbot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints; it must end well."""
    monkeypatch.setattr("sys.argv", ["mailbot", *words])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    assert end.value.code in (0, None), err
    return out


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to work in, and no network at all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def refuse(*_a: object, **_k: object) -> None:
        raise AssertionError("replay opened a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)


def test_replay_says_what_would_have_been_done_and_sends_and_stores_nothing(archive, monkeypatch, capsys):
    said = mailbot(monkeypatch, capsys, "replay", str(archive), "--pack", "digibee", "--json")
    report, answer, note, question = [json.loads(line) for line in said.splitlines()]
    assert (report["ticket"], report["is_new_ticket"], report["kind"]) == (1, True, "incident")
    assert [(a["type"], a["template"]) for a in report["actions"]] == [("reply", "request_info")]
    assert set(report["missing"]) == {"pipeline_key", "error_message", "occurred_at", "prior_analysis"}
    assert "pipeline key" in report["actions"][0]["text"].lower()
    assert (answer["ticket"], answer["is_new_ticket"], answer["missing"]) == (1, False, [])
    assert answer["fields"]["occurred_at"]["value"] == "2026-11-03T08:40"
    assert {a["type"] for a in answer["actions"]} == {"reply", "route"}
    assert (note["automated"], note["actions"]) == ("auto-reply", [])
    assert (question["ticket"], question["language"], question["kind"]) == (2, "en", "question")
    assert [p.name for p in archive.parent.iterdir()] == [archive.name]


def test_replay_for_people_is_a_table_with_a_count(archive, monkeypatch, capsys):
    said = mailbot(monkeypatch, capsys, "replay", str(archive))
    assert "#1 new" in said
    assert "reply request_info to ana@aurora.example" in said
    assert "4 mails: 3 processed, 1 automated; 3 replies. Nothing was sent or stored." in said


def test_a_change_of_rules_shows_which_mails_it_changes(archive, tmp_path, monkeypatch, capsys):
    old = tmp_path / "old"
    old.mkdir()
    shipped = Path(__file__).resolve().parents[2] / "rules"
    for file in shipped.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "digibee.yaml":  # before, an incident did not need the key of an execution
            text = text.replace(
                "environment, pipeline_key, error_message, occurred_at,", "environment, error_message, occurred_at,", 1
            )
        (old / file.name).write_text(text, encoding="utf-8")
    said = json.loads(mailbot(monkeypatch, capsys, "replay", str(archive), "--compare", str(old), "--json"))
    assert len(said) == 1  # the answer gave the key: nothing is missing with either
    before, after = said[0]["changes"]["missing"]
    assert set(after) - set(before) == {"pipeline_key"}


def test_explain_shows_each_value_with_the_words_it_came_from_and_the_decision(archive, tmp_path, monkeypatch, capsys):
    mail = tmp_path / "mail.eml"
    with_key = GAP.replace("Obrigada", "Ontem às 14h20 deu connect timed out.\n\nObrigada")
    play = Theatre("digibee")
    mail.write_bytes(play.letter(ANA, "Fluxo sync-pedidos parado", with_key))
    play.close()
    told = json.loads(mailbot(monkeypatch, capsys, "explain", str(mail), "--json"))
    found = {f["field"]: f for f in told["found"]}
    assert found["pipeline"]["value"] == "sync-pedidos"
    assert found["environment"]["value"] == "production"
    assert "produção" in found["environment"]["evidence"]
    assert found["occurred_at"]["value"] == "2026-11-02T14:20"
    assert "14h20" in found["occurred_at"]["evidence"]
    assert all(f["evidence"] in with_key or f["evidence"] in "Fluxo sync-pedidos parado" for f in told["found"])
    assert told["kind"]["value"] == "incident"
    assert told["kind"]["reason"]
    assert "pipeline_key" in told["decision"]
    shown = mailbot(monkeypatch, capsys, "explain", str(mail))
    assert "O fluxo sync-pedidos parou em produção" in shown
    assert "mail request_info to customer ana@aurora.example, asks" in shown
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mail.eml", archive.name]
