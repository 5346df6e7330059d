"""Rows of api-operations as plays, in three languages: its two categories, what it asks for, files as evidence."""

from __future__ import annotations

import struct
import zlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from random import Random

import pytest
from clockwork import STAFF
from theatre import Theatre, quoted

from mailbot.message.parse import attachment_bytes, parse

ANA = "Ana Souza <ana@aurora.example>"


def picture(width: int = 60, height: int = 40) -> bytes:
    """A real PNG of several KB: what is smaller counts as a tracking pixel."""
    rows = b"".join(b"\0" + Random(row).randbytes(3 * width) for row in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


PRINT = picture()


def first_mail(subject: str, text: str, **more) -> Theatre:
    play = Theatre("api-operations", directory=STAFF)
    play.writes(ANA, subject, text, **more)
    return play


# --- A1: production or integration ---

LIVE = {
    "pt": (
        "Cobrança devolve 500",
        "A API de cobrança funcionava em produção e desde as 9h10 devolve 500 aos lojistas.",
    ),
    "en": ("Charges fail with 500", "In production our merchants cannot charge since 9:10 am, the API returns 500."),
    "es": ("Los cobros devuelven 500", "En producción los comercios no pueden cobrar, la API devuelve 500."),
}
BUILDING = {
    "pt": ("Token recusado no sandbox", "Estamos integrando e o sandbox devolve 401 em toda chamada de token."),
    "en": (
        "Token refused in the sandbox",
        "We are still integrating, and the sandbox answers 401 to every token call.",
    ),
    "es": ("Token rechazado en el sandbox", "Estamos integrando y el sandbox devuelve 401 en cada llamada de token."),
}


@pytest.mark.parametrize("language", LIVE)
def test_what_was_live_is_productions_and_what_is_being_built_is_integrations(language):
    routed = {}
    for kind, mails in (("production_operation", LIVE), ("integration", BUILDING)):
        play = first_mail(*mails[language])
        assert (play.ticket().kind, play.ticket().language) == (kind, language)
        request = play.reply
        play.writes(ANA, request.subject, ANSWER[language], answers=request, files=[("print.png", "image/png", PRINT)])
        assert play.reply.template == "acknowledge"
        routed[kind] = play.team("summary").to
        play.close()
    assert routed == {
        "production_operation": ("production@vendor.example",),
        "integration": ("integration@vendor.example",),
    }


# --- A3: title, date and time, steps, prints ---

ANSWER = {
    "pt": "Título: cobrança devolve 500\nData e hora: 03/11/2026 09:10\n"
    "Etapas: 1. gerar o token 2. POST /v1/charges com cartão 3. a resposta é 500\nO print vai em anexo.",
    "en": "Title: charges answer 500\nDate and time: 2026-11-03 09:10\n"
    "Steps: 1. get a token 2. POST /v1/charges with a card 3. the answer is 500\nThe screenshot is attached.",
    "es": "Título: los cobros devuelven 500\nFecha y hora: 03/11/2026 09:10\n"
    "Pasos: 1. obtener el token 2. POST /v1/charges con tarjeta 3. la respuesta es 500\nAdjunto la captura.",
}
BARE = {
    "pt": ("Erro", "Bom dia, uma operação da API falha para alguns clientes em produção."),
    "en": ("Error", "Good morning, an operation of the API fails for some customers in production."),
    "es": ("Error", "Buenos días, una operación de la API falla para algunos clientes en producción."),
}


@pytest.mark.parametrize("language", BARE)
def test_title_time_steps_and_prints_are_asked_and_all_four_are_read_in_the_answer(language):
    play = first_mail(*BARE[language])
    assert play.asked == ["title", "occurred_at", "steps_to_reproduce", "evidence"]
    request = play.reply
    play.writes(
        ANA,
        request.subject,
        ANSWER[language] + "\n\n" + quoted(request),
        answers=request,
        files=[("print.png", "image/png", PRINT)],
    )
    assert play.reply.template == "acknowledge"
    held = play.ticket().fields
    assert {"title", "occurred_at", "steps_to_reproduce", "evidence"} <= set(held)
    assert held["occurred_at"].value == "2026-11-03T09:10"
    assert not play.ticket().marked_incomplete
    assert "/v1/charges" in play.team("summary").text
    play.close()


@pytest.mark.parametrize("language", BARE)
def test_an_answer_without_the_print_is_asked_for_the_print_alone(language):
    play = first_mail(*BARE[language])
    request = play.reply
    answer = ANSWER[language].rpartition("\n")[0]
    play.writes(ANA, request.subject, answer, answers=request)
    assert play.reply.template == "request_again"
    assert play.asked == ["evidence"]
    play.close()


# --- A5: attachments are evidence, and are kept ---


def test_attachments_are_evidence_reach_the_engineers_as_they_were_and_stay_with_the_ticket():
    log = b"2026-11-03 09:10:02 ERROR POST /v1/charges 500\r\n" * 70_000  # over the limit: named, not sent on
    play = first_mail(*BARE["en"])
    request = play.reply
    files = [("print da tela.png", "image/png", PRINT), ("app.log", "text/plain", log)]
    answer = play.letter(ANA, request.subject, ANSWER["en"].rpartition("\n")[0], answers=request, files=files)
    play.deliver(answer)
    assert "evidence" in play.ticket().fields
    summary = play.team("summary")
    sent = [(part.get_filename(), part.get_payload(decode=True)) for part in summary.mail.iter_attachments()]
    assert sent == [("print da tela.png", PRINT)]
    assert "app.log" in summary.text
    assert "MB" in summary.text
    # Both lie, byte for byte, in the mail that is kept.
    kept = play.store.raw(sha256(answer).hexdigest())
    parts = parse(kept, received=play.now).attachments
    assert [(a.filename, attachment_bytes(kept, a.part)) for a in parts] == [(n, content) for n, _, content in files]
    play.close()


def test_a_logo_in_the_signature_is_no_evidence():
    play = first_mail(*BARE["en"])
    request = play.reply
    raw = play.letter(ANA, request.subject, ANSWER["en"].rpartition("\n")[0], answers=request)
    raw = _with_logo(raw)
    play.deliver(raw)
    assert play.asked == ["evidence"]
    play.close()


def _with_logo(raw: bytes) -> bytes:
    """The same mail as HTML with the company's logo under it, as mail clients send it."""
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    text = mail.get_content()
    mail.clear_content()
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    mail.set_content(f'{lines}<p>--<br>Ana Souza<br><img src="cid:logo@aurora.example" width="90"></p>', subtype="html")
    mail.add_related(PRINT, "image", "png", cid="<logo@aurora.example>", filename="logo.png", disposition="inline")
    return mail.as_bytes()
