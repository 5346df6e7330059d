"""message.parse: bytes to a value, whatever the bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import QuarantineError
from mailbot.message.limits import Limits
from mailbot.message.model import Message
from mailbot.message.parse import attachment_bytes, parse

RECEIVED = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
HEAD = (
    b"From: Ana <ana@cliente.example>\r\nTo: support@vendor.example\r\nSubject: erro\r\n"
    b"Message-ID: <1@cliente.example>\r\n"
)


def read(raw: bytes, **limits: int) -> Message:
    return parse(raw, received=RECEIVED, limits=Limits(**limits))


def codes(message: Message) -> set[str]:
    return {defect.code for defect in message.defects}


def test_a_plain_mail_is_read_whole() -> None:
    raw = (
        HEAD
        + (
            b"Cc: Bia <BIA@Cliente.example>, c@d.example\r\nReply-To: equipe@cliente.example\r\n"
            b"Date: Tue, 03 Nov 2026 09:12:00 -0300\r\nIn-Reply-To: <a@vendor.example>\r\n"
            b"References: <0@vendor.example>\r\n <a@vendor.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        )
        + "Olá,\r\no fluxo caiu.\r\n".encode()
    )
    mail = read(raw)
    assert mail.message_id == "<1@cliente.example>"
    assert mail.sender is not None
    assert (mail.sender.name, mail.sender.address, mail.sender.domain) == (
        "Ana",
        "ana@cliente.example",
        "cliente.example",
    )
    assert [a.address for a in mail.cc] == ["bia@cliente.example", "c@d.example"]
    assert [a.address for a in mail.reply_to] == ["equipe@cliente.example"]
    assert mail.date.isoformat() == "2026-11-03T09:12:00-03:00"
    assert (mail.in_reply_to, mail.references) == (
        ("<a@vendor.example>",),
        ("<0@vendor.example>", "<a@vendor.example>"),
    )
    assert (mail.text, mail.text_source, mail.defects, mail.size) == ("Olá,\no fluxo caiu.", "plain", (), len(raw))


def test_a_naive_time_of_receipt_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse(HEAD + b"\r\nx", received=datetime(2026, 1, 1))


def test_only_a_mail_above_the_hard_limit_goes_to_quarantine() -> None:
    with pytest.raises(QuarantineError, match="more than the 1,000"):
        read(HEAD + b"\r\n" + b"x" * 2000, size=1000)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Tue, 03 Nov 2026 09:12:00 -0300", "2026-11-03T09:12:00-03:00"),
        (b"Tue, 3 Nov 2026 09:12 -0300 (BRT)", "2026-11-03T09:12:00-03:00"),
        (b"Tue, 03 Nov 2026 09:12:00 BRT", "2026-11-03T09:12:00-03:00"),
        (b"Tue, 03 Nov 26 09:12:00 GMT", "2026-11-03T09:12:00+00:00"),
        (b"2026-11-03 09:12:00", "2026-11-03T09:12:00+00:00"),
        (b"yesterday", RECEIVED.isoformat()),
        (b"Tue, 03 Nov 0026 09:12:00 +0000", RECEIVED.isoformat()),
        (b"Tue, 03 Nov 2926 09:12:00 +0000", RECEIVED.isoformat()),
        (b"Tue, 03 Nov 99999999999 09:12:00 +0000", RECEIVED.isoformat()),
    ],
)
def test_dates_keep_their_offset_and_absurd_ones_become_the_time_of_receipt(field: bytes, expected: str) -> None:
    mail = read(HEAD + b"Date: " + field + b"\r\n\r\nx")
    assert mail.date.isoformat() == expected
    assert mail.date.utcoffset() is not None
    assert ("date" in codes(mail)) == (expected == RECEIVED.isoformat())


def test_no_date_is_the_time_of_receipt() -> None:
    assert read(HEAD + b"\r\nx").date == RECEIVED


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"=?utf-8?q?Erro_cr=C3=ADtico?=", "Erro crítico"),
        (b"=?utf-8?b?RXJybyBjcsOt?=\r\n =?utf-8?b?dGljbw==?=", "Erro crítico"),
        (b"=?utf-8?q?Erro_cr=C3?=\r\n =?utf-8?q?=ADtico?=", "Erro crítico"),
        ("Erro crítico".encode("latin-1"), "Erro crítico"),
        ("Erro crítico".encode(), "Erro crítico"),
        (b"=?iso-8859-1?q?cr=EDtico?= =?utf-8?q?_cr=C3=ADtico?=", "crítico crítico"),
        (b"=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
        (b"a\r\n\tb   c", "a b c"),
        (b"=?no-such-charset?q?abc?=", "abc"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?utf-8?b?gg==?=", "\u201a"),
        ("ca\u0301lculo".encode(), "cálculo"),
    ],
)
def test_subjects_are_decoded_to_one_line(field: bytes, expected: str) -> None:
    assert read(b"From: a@b.example\r\nSubject: " + field + b"\r\n\r\nx").subject == expected


def test_of_a_repeated_subject_the_topmost_counts() -> None:
    mail = read(b"Subject: one\r\n" + HEAD + b"\r\nx")
    assert mail.subject == "one"
    assert "repeated-header" in codes(mail)


@pytest.mark.parametrize(
    "fields",
    [
        b"From: ana@x.example, bia@y.example\r\n",
        b"From: ana@x.example\r\nFrom: bia@y.example\r\n",
        b"From: undisclosed\r\n",
        b"From: a@x.example b@y.example\r\n",
        b"",
    ],
)
def test_there_is_no_sender_unless_there_is_exactly_one(fields: bytes) -> None:
    assert read(fields + b"Subject: x\r\n\r\nx").sender is None


@pytest.mark.parametrize(
    "field",
    [
        b"Ana Souza <ana@x.example>",
        b'"Souza, Ana" <ana@x.example>',
        b"Souza, Ana <ana@x.example>",
        b"=?utf-8?q?Ana=2C_Souza?= <ana@x.example>",
        b"ana@x.example (Ana)",
        b"<ANA@X.EXAMPLE>",
        b"Ana <ana@x.example",
        b"Souza, Ana: RH <mailto:ana@x.example>",
    ],
)
def test_sloppy_from_fields_still_name_their_sender(field: bytes) -> None:
    sender = read(b"From: " + field + b"\r\n\r\nx").sender
    assert sender is not None
    assert sender.address == "ana@x.example"


@pytest.mark.parametrize(
    "field",
    [
        b'x "victim@x.example"\xff y',
        b"a@1@c x.example, victim@x.example",
        b"victim@x.example, b@@y",
        b"Pat <p1 Bcc: victim@x.example",
        b"Pat <pat.example, victim@x.example",
        b"Pat <table>victim@x.example",
    ],
)
def test_a_from_field_that_may_mean_another_names_nobody(field: bytes) -> None:
    assert read(b"From: " + field + b"\r\n\r\nx").sender is None


def test_an_address_in_an_encoded_name_is_a_name() -> None:
    sender = read(b"From: =?utf-8?q?boss=40vendor.example=3E?= <eva@x.example>\r\n\r\nx").sender
    assert sender is not None
    assert sender.address == "eva@x.example"


@pytest.mark.parametrize(
    ("declared", "data", "told"),
    [
        (b"utf-8", "ação".encode(), False),
        (b"iso-8859-1", "ação".encode("latin-1"), False),
        (b"us-ascii", "ação".encode(), True),
        (b"iso-8859-1", "ação".encode(), True),
        (b"utf-8", "ação “x”".encode("cp1252"), True),
        (b"no-such", "ação".encode(), True),
        (b"idna", "ação".encode(), True),
        (b"base64", "ação".encode(), True),
        (b"utf-16", "ação".encode("utf-16"), False),
        (b"gb2312", "你好".encode("gb18030"), False),
    ],
)
def test_charsets_are_read_as_they_are_not_as_they_are_declared(declared: bytes, data: bytes, told: bool) -> None:
    mail = read(HEAD + b"Content-Type: text/plain; charset=" + declared + b"\r\n\r\n" + data)
    assert mail.text in ("ação", "ação “x”", "你好")
    assert ("charset" in codes(mail)) is told


def multipart(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts)
    return (
        HEAD + b"MIME-Version: 1.0\r\nContent-Type: multipart/" + kind + b'; boundary="x"\r\n\r\n' + body + b"--x--\r\n"
    )


TEXT = b"Content-Type: text/plain\r\n\r\nsee the file"


def test_attachments_keep_name_type_size_and_bytes() -> None:
    raw = multipart(
        TEXT,
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\nJVBERi0xLjQK\r\n',
        b"Content-Type: image/png\r\nContent-ID: <i1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==",
    )
    pdf, png = read(raw).attachments
    assert (pdf.part, pdf.filename, pdf.content_type, pdf.size, pdf.inline) == (
        "2",
        "a.pdf",
        "application/pdf",
        9,
        False,
    )
    assert (png.part, png.content_id, png.size, png.inline) == ("3", "i1", 4, True)
    assert attachment_bytes(raw, "2") == b"%PDF-1.4\n"
    with pytest.raises(KeyError):
        attachment_bytes(raw, "9")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename*=utf-8''relat%C3%B3rio.txt", "relatório.txt"),
        (b"attachment; filename*0*=utf-8''rela; filename*1*=t%C3%B3rio; filename*2=.txt", "relatório.txt"),
        (b'attachment; filename="=?utf-8?q?relat=C3=B3rio.txt?="', "relatório.txt"),
        (b'attachment; filename="../../etc/passwd"', "passwd"),
        (b'attachment; filename="C:\\\\temp\\\\a.txt"', "a.txt"),
        (b"attachment; filename=my file.txt", "my file.txt"),
        (b'attachment; filename="a\x00\x07b.txt"', "a b.txt"),
        (b'attachment; filename=".."', ""),
        (b'attachment; filename="gpj.\xe2\x80\xaeexe"', "gpj.exe"),
    ],
)
def test_file_names_are_decoded_and_made_safe(disposition: bytes, name: str) -> None:
    raw = multipart(TEXT, b"Content-Type: text/plain\r\nContent-Disposition: " + disposition + b"\r\n\r\nx")
    assert [a.filename for a in read(raw).attachments] == [name]


def test_a_nameless_part_without_disposition_is_not_lost() -> None:
    raw = multipart(
        TEXT, b"Content-Type: application/pdf\r\n\r\n%PDF", b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR"
    )
    assert [a.content_type for a in read(raw).attachments] == ["application/pdf", "text/calendar"]


def test_a_mail_in_the_mail_is_one_attachment_and_its_text_is_forwarded_text() -> None:
    inner = b"From: b@x.example\r\nSubject: old\r\n\r\nit died"
    mail = read(multipart(TEXT, b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner))
    assert [a.content_type for a in mail.attachments] == ["message/rfc822"]
    assert (
        mail.text
        == "see the file\n\n---------- Forwarded message ---------\nFrom: b@x.example\nSubject: old\n\nit died"
    )


def test_plain_text_is_preferred_to_html_and_html_to_a_stub() -> None:
    page = b"Content-Type: text/html\r\n\r\n<p>from <b>html</b></p>" + b"<!-- long -->" * 30
    both = read(multipart(b"Content-Type: text/plain\r\n\r\nfrom plain", page, kind=b"alternative"))
    assert (both.text, both.text_source) == ("from plain", "plain")
    assert both.html.startswith("<p>from")
    for stub in (b"", b"Your mail program does not support HTML.", b"Seu programa n\xc3\xa3o suporta HTML"):
        mail = read(multipart(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + stub, page, kind=b"alternative"))
        assert (mail.text, mail.text_source) == ("from html", "html")
    assert both.attachments == ()


def test_text_between_pictures_is_read_to_the_end() -> None:
    mail = read(
        multipart(TEXT, b"Content-Type: image/png; name=a.png\r\n\r\nx", b"Content-Type: text/plain\r\n\r\nand this")
    )
    assert mail.text == "see the file\n\nand this"


def test_flowed_lines_are_joined_and_the_signature_mark_stays() -> None:
    body = b"one \r\ntwo\r\n> quoted \r\n> on\r\n-- \r\nAna"
    mail = read(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + body)
    assert mail.text == "one two\n> quoted on\n-- \nAna"


@pytest.mark.parametrize(("end", "name"), [(b"\r\n", "CR LF"), (b"\n", "LF"), (b"\r", "CR")])
def test_every_kind_of_line_end_is_read(end: bytes, name: str) -> None:
    raw = multipart(TEXT, b"Content-Disposition: attachment; filename=a.txt\r\n\r\nx").replace(b"\r\n", end)
    mail = read(raw)
    assert (mail.subject, mail.text, [a.filename for a in mail.attachments]) == ("erro", "see the file", ["a.txt"])


def test_a_header_whose_lines_end_with_cr_is_read_though_a_lf_came_into_the_text() -> None:
    """Found by fuzzing: it was taken for one long line, and the notice was answered."""
    head = HEAD + b"Auto-Submitted: auto-replied\r\n"
    mail = read((head + b"\r\nthe text").replace(b"\r\n", b"\r") + b"\nFrom: Eve <eve@other.example>\nmore")
    assert mail.automated is not None
    assert mail.subject == "erro"
    assert [a.address for a in mail.from_] == [a.address for a in read(head + b"\r\nthe text").from_]


def test_cr_in_a_field_of_a_mail_that_a_server_delivered_makes_no_header() -> None:
    smuggled = b"X-Note: a\rFrom: victim@customer.example\rReply-To: victim@customer.example\rX-More: b\r\n"
    mail = read(b"Return-Path: <eve@other.example>\r\n" + smuggled + HEAD + b"\r\ntext")
    assert "victim@customer.example" not in [a.address for a in (*mail.from_, *mail.reply_to)]


def test_headers_go_on_after_a_broken_line_and_stop_at_text() -> None:
    mail = read(b"Return-Path: <a@b.example>\r\nnonsense here\r\n" + HEAD + b"\r\nthe text")
    assert (mail.subject, mail.text) == ("erro", "the text")
    assert read(b"just some text\r\nand more").text == "just some text\nand more"


def test_limits_leave_out_and_tell() -> None:
    long = read(b"X-Long: " + b"a" * 5000 + b"\r\n" + HEAD + b"\r\ntext", header=1000)
    assert (long.subject, long.text, codes(long) >= {"header-too-long"}) == ("erro", "text", True)
    block = read(b"X-A: 1\r\n" * 2000 + HEAD + b"\r\ntext", header_block=4000)
    assert (block.text, "headers-too-long" in codes(block)) == ("text", True)
    parts = read(multipart(*[TEXT] * 20), parts=5)
    assert ("too-many-parts" in codes(parts), parts.text.count("see")) == (True, 5)
    text = read(HEAD + b"\r\n" + b"line\r\n" * 1000, text=600)
    assert ("text-cut" in codes(text), len(text.text) < 600) == (True, True)


def test_headers_can_be_asked_for_by_name_topmost_first() -> None:
    mail = read(b"Received: two\r\nReceived: one\r\nX-Name: =?utf-8?q?a=C3=A7=C3=A3o?=\r\n" + HEAD + b"\r\n")
    assert mail.headers["received"] == ("two", "one")
    assert mail.headers["x-name"] == ("ação",)


def test_a_date_somewhat_in_the_future_is_a_wrong_clock_and_stays() -> None:
    soon = RECEIVED + timedelta(days=3)
    mail = read(HEAD + soon.strftime("Date: %a, %d %b %Y %H:%M:%S +0000").encode() + b"\r\n\r\nx")
    assert mail.date == soon
