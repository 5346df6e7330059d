"""Headers and parts made by hand, read back with the standard library's parser."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.headerregistry import AddressHeader, BaseHeader
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.errors import PermanentError
from mailbot.reply import mime


def read(header: str) -> BaseHeader:
    message = message_from_bytes(header.encode("ascii") + b"\r\n", policy=policy.default)
    assert not message.defects
    return cast(BaseHeader, next(iter(message.values())))


@pytest.mark.parametrize(
    "subject",
    [
        "Re: plain [#12]",
        "Integração não funciona: ação urgente [#12]",
        "x" * 300,
        "word " * 60,
        "=?utf-8?Q?not_ours?=",
        "emoji 🚀 and 日本語 " * 12,
        "",
        "a\r\nBcc: evil@x.example",
        "tab\tnul\x00 bell\x07",
    ],
)
def test_a_subject_comes_back_as_it_was_sent(subject: str) -> None:
    header = mime.unstructured("Subject", subject)
    assert str(read(header)).split() == subject.replace("\x00", " ").replace("\x07", " ").split()
    assert header.count("\r\nBcc") == 0
    assert all(len(line) <= 78 for line in header.split("\r\n") if " " in line.strip())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_out_of_a_subject(text: str) -> None:
    header = mime.unstructured("Subject", text)
    assert header.endswith("\r\n")
    for line in header[:-2].split("\r\n")[1:]:
        assert line.startswith(" ")
        assert line.strip()
    assert header.isascii()
    assert all(len(line) <= 998 for line in header.split("\r\n"))
    assert len(message_from_bytes(header.encode() + b"\r\n", policy=policy.default).keys()) == 1


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_no_display_name_breaks_out_of_an_address_header(name: str) -> None:
    header = mime.mailboxes("From", [mime.mailbox("a@b.example", name), mime.mailbox("c@d.example", "")])
    found = cast(AddressHeader, read(header))
    assert [a.addr_spec for a in found.addresses] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize("name", ['O"Brien \\ Co', "Ana Souza, Dra.", "João Ação", "<x@y.example>", "a@b"])
def test_a_display_name_comes_back_as_it_was_sent(name: str) -> None:
    found = cast(AddressHeader, read(mime.mailboxes("From", [mime.mailbox("a@b.example", name)])))
    assert found.addresses[0].display_name.split() == name.split()


def test_a_long_display_name_is_cut_to_one_encoded_word() -> None:
    found = cast(AddressHeader, read(mime.mailboxes("From", [mime.mailbox("a@b.example", "José " * 20)])))
    assert found.addresses[0].display_name == "José " * 7 + "Jos"


def test_many_receivers_are_folded_below_the_line_limit() -> None:
    header = mime.mailboxes("To", [f"person{i}@some-long-domain-name.example" for i in range(60)])
    assert all(len(line) <= 78 for line in header.split("\r\n"))
    assert len(cast(AddressHeader, read(header)).addresses) == 60


def test_an_international_domain_is_written_in_its_ascii_form() -> None:
    assert mime.address("ana@exämple.example") == "ana@xn--exmple-cua.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a@",
        "@b",
        "joão@b.example",
        "a b@c.example",
        "a@b\r\nBcc: c@d.example",
        "a@b,c@d",
        "<a@b>",
        "a" * 70 + "@b.example",
    ],
)
def test_what_is_no_usable_address_is_refused(text: str) -> None:
    with pytest.raises(PermanentError):
        mime.address(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_a_text_part_comes_back_as_it_was_sent(text: str) -> None:
    text = text.replace("\r", "")
    raw = mime.text_part(text, "plain")
    assert raw.isascii()
    assert all(len(line) <= 80 for line in raw.split(b"\r\n"))
    got = message_from_bytes(raw, policy=policy.default).get_payload(decode=True)
    assert isinstance(got, bytes)
    assert got.decode().replace("\r\n", "\n") == text


def test_lines_that_servers_and_mailboxes_alter_are_encoded() -> None:
    raw = mime.text_part("a\nFrom the start\n.\nend\n", "plain")
    assert b"\nFrom " not in raw
    assert b"\r\n.\r\n" not in raw
    assert message_from_bytes(raw).get_payload(decode=True) == b"a\r\nFrom the start\r\n.\r\nend\r\n"


def test_a_file_with_a_wild_name_and_type_goes_along_as_plain_bytes() -> None:
    raw = mime.file_part(mime.File('relatório "x"\r\nX: y.pdf', "text/html; x=y\r\nX-Evil: 1", b"\x00\xff" * 200))
    part = message_from_bytes(raw, policy=policy.default)
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_filename() == "relatório _x_ X_ y.pdf"
    assert part.get_payload(decode=True) == b"\x00\xff" * 200
    assert set(part.keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}


def test_a_very_long_file_name_fits_into_its_line() -> None:
    raw = mime.file_part(mime.File("漢" * 300 + ".pdf", "application/pdf", b"x"))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert str(message_from_bytes(raw, policy=policy.default).get_filename()).endswith(".pdf")


def test_a_mail_that_goes_along_is_not_sent_as_an_encoded_message_part() -> None:
    raw = mime.file_part(mime.File("x.eml", "message/rfc822", b"Subject: x\n\nbody"))
    assert message_from_bytes(raw).get_content_type() == "application/octet-stream"
