"""message.quote: whose words is a line?"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from quote_samples import SAMPLES, Sample

from mailbot.message import quote
from mailbot.message.model import Part

SENT_PT = "1. Qual é o nome do pipeline?\n2. Em que ambiente isso acontece: Produção, Teste ou outro?"


def labels(sample: Sample) -> list[tuple[Part, str]]:
    hints = quote.Hints(subject=sample.subject, reply=sample.reply, sender=sample.sender, name=sample.who)
    return [(line.part, line.raw) for line in quote.split(sample.text, sent=sample.sent, hints=hints)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_each_line_is_whose_it_is(sample: Sample) -> None:
    assert labels(sample) == sample.labelled


def test_every_line_keeps_its_place_in_the_text() -> None:
    for sample in SAMPLES:
        text = sample.text
        for line in quote.split(text, sent=sample.sent):
            assert text[line.start : line.end] == line.raw
        assert "\n".join(line.raw for line in quote.split(text)) == text


def test_quote_marks_are_counted_and_left_out_of_the_text() -> None:
    line = quote.split("On 20/10/2026 15:52, Support wrote:\n>> hello")[1]
    assert (line.depth, line.text) == (2, "hello")


def test_forwarded_lines_carry_the_date_of_their_mail_in_the_zone_of_this_one() -> None:
    zone = datetime.fromisoformat("2026-10-20T09:00:00-03:00")
    text = "Segue\n\nDe: B\nEnviada em: segunda-feira, 19 de outubro de 2026 18:22\nPara: A\nAssunto: x\n\ncaiu ontem"
    last = quote.split(text, hints=quote.Hints(subject="ENC: x", date=zone))[-1]
    assert last.part is Part.FORWARDED
    assert last.date is not None
    assert last.date.isoformat() == "2026-10-19T18:22:00-03:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tuesday, November 10, 2026 8:40 PM", "2026-11-10T20:40"),
        ("martes, 10 de noviembre de 2026 8:40", "2026-11-10T08:40"),
        ("ter., 10 de nov. de 2026 às 8:40", "2026-11-10T08:40"),
        ("10/11/2026 08:40", "2026-11-10T08:40"),
        ("2026-11-10 08:40", "2026-11-10T08:40"),
        ("Tue, 10 Nov 2026 08:40:00 -0300", "2026-11-10T08:40"),
    ],
)
def test_dates_of_header_blocks_are_read_in_three_languages(written: str, meant: str) -> None:
    text = f"FYI\n\nFrom: B <b@x.example>\nSent: {written}\nTo: A\nSubject: x\n\nit died"
    last = quote.split(text, hints=quote.Hints(subject="FW: x", date=datetime(2026, 11, 11, tzinfo=UTC)))[-1]
    assert last.date is not None
    assert last.date.strftime("%Y-%m-%dT%H:%M") == meant


def test_the_date_of_an_english_block_with_am_and_pm_is_month_first() -> None:
    text = "FYI\n\nFrom: B <b@x.example>\nSent: 10/11/2026 8:40 AM\nTo: A\nSubject: x\n\nit died"
    last = quote.split(text, hints=quote.Hints(subject="FW: x"))[-1]
    assert last.date is not None
    assert (last.date.month, last.date.day) == (10, 11)


def test_a_quoted_line_that_repeats_a_part_of_ours_is_ours_but_a_bare_answer_is_not() -> None:
    text = "De: Suporte\nEnviada em: 20/10/2026 15:52\nPara: Ana\nAssunto: x\n\n" + SENT_PT + "\nprodução\nEquipe"
    parts = {line.raw: line.part for line in quote.split(text, sent=(SENT_PT + "\n\nEquipe",))}
    assert parts["produção"] is Part.NEW
    assert parts["Equipe"] is Part.OURS


def test_what_was_heard_before_is_history_also_when_a_colleague_wrote_it() -> None:
    text = (
        "ok\n\nDe: Bruno Lima\nEnviada em: quarta-feira, 21 de outubro de 2026 10:02\nPara: Ana\nAssunto: x\n\n"
        "o fluxo antigo parou ontem\nsem mais"
    )
    hints = quote.Hints("RES: x", True, "ana@c.example", "Ana", heard=("o fluxo antigo parou ontem\nsem mais",))
    assert quote.split(text, sent=(SENT_PT,), hints=hints)[-1].part is Part.QUOTED


def test_new_text_is_the_customers_own_words() -> None:
    lines = quote.split("um\n\ndois\n\nEm 20/10/2026 15:52, Suporte escreveu:\n> três\n")
    assert quote.new_text(lines) == "um\n\ndois"


def test_an_empty_text_is_one_blank_line() -> None:
    assert [line.part for line in quote.split("")] == [Part.BLANK]


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000,
        "> \n" * 100_000,
        "a" * 1_000_000,
        "Re: " * 50_000,
        "On " * 2_000,
        "On \n" * 30_000,
        "\n" * 200_000,
        "De: x\n" * 60_000,
        "On Mon, Oct 26, 2026 at 4:12 PM Greg Shaw wrote:\n" * 20_000,
        ("On 1 " + "wrote " * 50 + "\n") * 3_000,
        "Att\n" * 60_000,
        "confidencial destinatário " * 30_000,
    ],
    ids=lambda t: t[:12].strip(),
)
def test_adversarial_text_takes_time_in_proportion(text: str) -> None:
    start = time.process_time()
    quote.split(text, sent=(SENT_PT,))
    assert time.process_time() - start < 3  # 0.1 to 0.5 s alone on a machine; a quadratic form takes minutes


def test_what_stands_far_down_is_kept_in_large_pieces_and_its_quotes_stay_quotes() -> None:
    text = "x\n" * 12_000 + "> a\n\n> b\n" + "y\n\n" * 3_000 + "end"
    lines = quote.split(text)
    assert "\n".join(line.raw for line in lines) == text
    assert all(text[line.start : line.end] == line.raw for line in lines)
    assert [line.raw for line in lines if line.part is Part.QUOTED] == ["> a\n\n> b"]
    assert len(lines) < 10_010
