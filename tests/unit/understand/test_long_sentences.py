"""Dictated and unwrapped mails: pieces of long sentences are judged; line ends that were typed end a sentence."""

from __future__ import annotations

import time

import pytest

from mailbot.understand import declined
from tests.unit.understand.narratives import doc, given, pack

DICTATED = (
    "oi aqui é o jonas do depósito tô ditando então não repara a gente tem o fluxo separa-cargas que roda de "
    "noite e hoje os romaneios do turno da manhã não chegaram no tablet dos motoristas aí o pessoal da doca ficou "
    "esperando e a gente "
    "reiniciou o agente e ele voltou por uns dez minutos e depois travou do mesmo jeito então vê pra mim por favor"
)


@pytest.mark.parametrize("field", ["expected_vs_actual", "prior_analysis"])
def test_a_dictated_mail_without_full_stops_is_read_piece_by_piece(field: str) -> None:
    assert given(field, DICTATED)


def test_a_typed_line_end_ends_a_sentence_where_the_next_word_had_room() -> None:
    body = "as vendas da loja nova não entram no ERP desde a virada\ntroquei a chave e continua igual\npodem ver?"
    assert len(doc(body).sentences) == 3


def test_a_line_wrapped_by_a_mail_client_goes_on() -> None:
    body = (
        "The adjusted balances of the northern branches have not been posted to\n"
        "the ledger since the weekend, although the run says that it has been\ncompleted in full."
    )
    assert len(doc(body).sentences) == 1


def test_a_number_before_a_full_stop_ends_a_sentence_unless_it_counts_items() -> None:
    assert len(doc("cada carga leva 40 minutos, antes eram 5. depois piorou").sentences) == 2
    assert len(doc("Passos: 1. abrir a tela 2. clicar em salvar").sentences) < 4


def test_the_name_of_a_flow_before_a_colon_is_no_header() -> None:
    assert not doc("cobros-noche: los pagos no llegan al banco").rows[0].technical
    assert doc("Content-Type: application/json").rows[0].technical


@pytest.mark.parametrize(
    "body",
    [
        "Nenhum erro na tela, só a demora.",
        "No errors anywhere, everything is green.",
        "No sale ningún error, queda como terminado.",
        "não apareceu nenhuma mensagem de erro",
    ],
)
def test_an_error_that_is_not_shown_is_declined(body: str) -> None:
    assert "error_message" in declined.read(doc(body), pack())


@pytest.mark.parametrize(
    "body",
    ["Não conseguimos resolver esse erro.", "There is no fix for the error yet.", "Sin ese error podríamos seguir."],
)
def test_an_error_that_stays_is_not_declined(body: str) -> None:
    assert "error_message" not in declined.read(doc(body), pack())


@pytest.mark.parametrize(
    "body",
    [
        "Cada carga leva 50 minutos, antes eram 4.",
        "De 95 clientes nuevos solo figuran 60.",
        "The tills are still showing yesterday's prices.",
    ],
)
def test_figures_and_stale_data_tell_the_wrong_outcome(body: str) -> None:
    assert given("expected_vs_actual", body)


@pytest.mark.parametrize(
    "body",
    ["The flow stopped running at noon.", "Abrimos chamado há três dias e não tivemos retorno.", "No reply yet."],
)
def test_a_standstill_or_a_missing_reply_is_no_outcome(body: str) -> None:
    assert not given("expected_vs_actual", body)
    assert not given("prior_analysis", body)


@pytest.mark.parametrize("mark", ["!", ".", "?!", "…"])
def test_a_run_of_stops_that_ends_in_a_word_is_passed_over_once(mark: str) -> None:
    began = time.thread_time()
    assert len(doc("o fluxo parou " + mark * 30_000 + "x").sentences) == 1
    assert time.thread_time() - began < 2


def test_items_are_counted_whatever_stands_around_their_numbers() -> None:
    assert len(doc("Fizemos: 9. abrir 10. salvar").sentences) < 3
    assert len(doc("eram 9. agora são v10. e depois").sentences) > 1
