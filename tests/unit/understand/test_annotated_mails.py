"""Annotated mails are read as they are written, and whatever is wrong with one is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.understand.model import mails

CASE = """\
=== dig-pt-001 | digibee | incident | support | pt | 2026-11-03T09:12:00-03:00 | Ana <ana@cliente.example>
subject: pedidos parados
attach: tela.png
values: pipeline=sync-pedidos; environment=production
text:
[-] Bom dia,

[pipeline environment] Nosso fluxo sync-pedidos em PRD
+[expected_vs_actual] grava o pedido duas vezes.
[declined:pipeline_key] A chave eu não tenho.
[~prior_analysis] Já tentamos de tudo.
[error_message] ORA-00001
[.] at line 3
--- 2026-11-03T15:40:00-03:00 | Ana <ana@cliente.example>
subject: Re: pedidos parados
values: pipeline_key=9f2c
text:
{{quoted_request: pipeline_key}}
[pipeline_key] 9f2c
"""


def read(tmp_path: Path, text: str) -> list[mails.AnnotatedMail]:
    path = tmp_path / "case.txt"
    path.write_text(text, encoding="utf-8")
    return list(mails.read(path))


def test_a_case_becomes_its_mails(tmp_path: Path) -> None:
    first, second = read(tmp_path, CASE)
    assert (first.pack, first.kind, first.language, first.turn) == ("digibee", "incident", "pt", 0)
    assert first.body.startswith("Bom dia,\n\nNosso fluxo sync-pedidos em PRD grava o pedido duas vezes.\n")
    assert first.attachments == ("tela.png",)
    assert (second.turn, second.values, second.body) == (1, {"pipeline_key": "9f2c"}, "9f2c\n")


def test_near_misses_and_refusals_give_nothing(tmp_path: Path) -> None:
    first, _ = read(tmp_path, CASE)
    assert first.given == {"pipeline", "environment", "expected_vs_actual", "error_message"}


def test_a_block_goes_on_with_its_tag(tmp_path: Path) -> None:
    first, _ = read(tmp_path, CASE)
    assert first.sentences[-1] == mails.Tagged("ORA-00001\nat line 3", frozenset({"error_message"}))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("=== dig-pt-001 | digibee | incident\n", "case.txt:1: the header needs 7 parts"),
        (CASE.replace("subject: pedidos parados", "topic: x", 1), "case.txt:2: 'topic' is no head line"),
        (CASE.replace("[-] Bom dia,", "Bom dia,"), "case.txt:6: a line of a mail stands behind a tag"),
        (CASE.replace("[-] Bom dia,", "[.] Bom dia,"), "case.txt:6: [.] goes on with no sentence"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(mails.AnnotationError, match="case") as error:
        read(tmp_path, wrong)
    assert str(error.value).startswith(says)


def test_all_mails_of_the_repository_can_be_read() -> None:
    found = mails.load()
    assert len(found) > 900
    assert len({(mail.case, mail.turn) for mail in found}) == len(found)


def test_where_our_request_is_quoted_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "case.txt"
    path.write_text(CASE.replace("[-] Bom dia,", "{{quoted_request}}\n[-] Bom dia,", 1), encoding="utf-8")
    with_mark, without = next(mails.read(path, quotes=True)), next(mails.read(path))
    assert with_mark.body == "{{quoted_request}}\n" + without.body
    assert with_mark.sentences == without.sentences


def test_all_mails_that_are_held_out_can_be_read() -> None:
    folder = Path(__file__).resolve().parents[3] / "benchmarks" / "held-out"
    found = mails.load(folder)
    assert len({mail.case for mail in found}) > 4_900
    assert not {mail.case for mail in found} & {mail.case for mail in mails.load()}  # nothing was learnt from them
