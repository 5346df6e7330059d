"""A mail as DATA carries it (RFC 5321 sections 2.3.8 and 4.5.2)."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mailbot.outbound.data import dot_stuffed


def unstuffed(data: bytes) -> bytes:
    return b"".join(line[1:] if line.startswith(b".") else line for line in data.splitlines(keepends=True))


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"", b".a", b"a.", b"\xc3\xa9"])))
def test_a_server_reads_back_what_was_given(lines: list[bytes]) -> None:
    raw = b"\r\n".join(lines) + b"\r\n"
    assert unstuffed(dot_stuffed(raw)) == raw


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a", b"\r.\r", b"\n.\n"])))
def test_nothing_in_a_mail_can_end_it(pieces: list[bytes]) -> None:
    data = b"\r\n" + dot_stuffed(b"".join(pieces))
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(\r\n|\r|\n)\.(\r\n|\r|\n)", data)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)
