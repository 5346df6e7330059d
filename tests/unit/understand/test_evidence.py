"""Screenshots, videos and logs: attached, linked or pasted; not logos, contracts or promises."""

from __future__ import annotations

import pytest

from mailbot.message.model import Attachment
from tests.unit.understand.narratives import given


def file(name: str, kind: str, size: int = 20_000, inline: bool = False) -> Attachment:
    return Attachment("2", name, kind, size, "", inline)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("print-erro.png", "image/png"),
        ("Captura de tela (37).png", "image/png"),
        ("IMG_4471.MOV", "video/quicktime"),
        ("execucao.log", "text/plain"),
        ("registo-aplicacao.txt", "text/plain"),
        ("registro de errores.txt", "text/plain"),
        ("bitacora.txt", "text/plain"),
        ("sessao.har", "application/json"),
        ("captura_firma.png", "image/png"),
        ("foto-tela.jpg", "image/jpeg"),
    ],
)
def test_a_file_that_shows_the_error_is_evidence(name: str, kind: str) -> None:
    assert given("evidence", "Segue.", attachments=[file(name, kind)])


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [
        ("logo.png", "image/png", 4000),
        ("image001.png", "image/png", 9000),
        ("contrato_assinado.pdf", "application/pdf", 90_000),
        ("DPA_countersigned_v4.pdf", "application/pdf", 90_000),
        ("produtos.csv", "text/csv", 5000),
        ("registro-empresa.txt", "text/plain", 5000),
        ("pixel.gif", "image/gif", 43),
    ],
)
def test_logos_and_papers_are_no_evidence(name: str, kind: str, size: int) -> None:
    assert not given("evidence", "Bom dia.", attachments=[file(name, kind, size)])


def test_outlooks_name_counts_where_the_text_speaks_of_a_print() -> None:
    assert given("evidence", "Segue o print do erro.", attachments=[file("image001.png", "image/png")])


@pytest.mark.parametrize(
    "body",
    [
        "2026-10-21 03:02:11 INFO start\n2026-10-21 03:02:44 ERROR falhou",
        "08:05:17.220 ERROR saldos status=504\n08:05:49.871 ERROR saldos status=504",
        "$ curl -v https://api.x.example/v1\n< HTTP/1.1 500",
        "Gravei a tela: https://drive.empresa.example/d/gravacao-409",
        "Here is the screen recording: https://www.loom.example/share/81aa",
    ],
)
def test_pasted_logs_and_links_are_evidence(body: str) -> None:
    assert given("evidence", body)


@pytest.mark.parametrize(
    "body",
    [
        "Segue print em anexo.",
        "Vou tirar um print e mando.",
        "Não temos como enviar print nem log.",
        "A documentação é esta: https://docs.provedor.example/telemedicina/salas-de-video",
        '{"codigo":422,"mensagem":"campo obrigatorio"}',
    ],
)
def test_words_alone_are_no_evidence(body: str) -> None:
    assert not given("evidence", body)


@pytest.mark.parametrize(
    ("name", "text", "given_"),
    [
        ("denegacion-ejemplo.pdf", "Adjunto una denegación completa.", True),
        ("boletos-1970.pdf", "Três boletos anexos.", True),
        ("contrato.pdf", "Adjunto una copia del contrato.", False),
        ("manual.pdf", "I attach an example from the manual.", False),
        ("firma_caducada_1.png", "Se ve la firma vencida.", True),
        ("firma.png", "Saludos", False),
        ("rates.webp", "On the left the bank's rate.", True),
    ],
)
def test_what_a_file_shows_tells_whether_it_is_evidence(name: str, text: str, given_: bool) -> None:
    kind = "application/pdf" if name.endswith("pdf") else "image/png"
    assert bool(given("evidence", text, attachments=[file(name, kind)])) is given_


@pytest.mark.parametrize(
    "body",
    [
        "vid: https://vids.lojinha.example/x/8811",
        "grabé pantalla: https://v.feria.example/403",
        "2026-11-12 07:20:09;CAM2;GET /x;200;{}\n2026-11-12 07:31:55;CAM2;GET /x;200;{}",
    ],
)
def test_a_link_to_a_recording_and_rows_with_semicolons_are_evidence(body: str) -> None:
    assert given("evidence", body)
