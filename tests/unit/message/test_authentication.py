"""message.authentication: who is proved, and that all doubt fails closed."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime

import dkim
import pytest

from mailbot.message.authentication import MICROSOFT_365, aligned, authenticate
from mailbot.message.model import Authentication
from mailbot.message.parse import parse

IDS = ("mx.vendor.example",)
FROM = "From: Ana <ana@cliente.example>\n"


def judged(headers: str, *, ids: tuple[str, ...] = IDS, sender: str = FROM) -> Authentication:
    raw = f"{headers.strip()}\n{sender}Subject: x\n\nhello\n".lstrip("\n").encode()
    return authenticate(parse(raw, received=datetime(2026, 11, 3, tzinfo=UTC)), raw, authserv_ids=ids)


@pytest.mark.parametrize(
    ("result", "method"),
    [
        ("dmarc=pass (p=REJECT) header.from=cliente.example", "dmarc"),
        ("dkim=pass header.d=cliente.example", "dkim"),
        ("dkim=pass header.i=@cliente.example header.s=s1 header.b=abc", "dkim"),
        ("spf=pass smtp.mailfrom=ana@cliente.example", "spf"),
        ("spf=pass smtp.mailfrom=bounce.cliente.example", "spf"),
        ("spf=fail smtp.mailfrom=other.example; dkim=pass header.d=cliente.example", "dkim"),
        ("dkim=pass (assinatura é válida) header.d=cliente.example", "dkim"),
    ],
)
def test_an_aligned_pass_of_our_server_proves_the_sender(result: str, method: str) -> None:
    found = judged(f"Authentication-Results: mx.vendor.example; {result}")
    assert (found.proved, found.method) == (True, method)


@pytest.mark.parametrize(
    "headers",
    [
        "",
        "Authentication-Results: mx.vendor.example; none",
        "Authentication-Results: mx.attacker.example; dmarc=pass header.from=cliente.example",
        "Authentication-Results: mx.vendor.example; dkim=pass header.d=attacker.example",
        "Authentication-Results: mx.vendor.example; dkim=fail header.d=cliente.example",
        "Authentication-Results: mx.vendor.example; spf=pass smtp.mailfrom=attacker.example",
        "Authentication-Results: mx.vendor.example; spf=pass smtp.helo=cliente.example",
        "Authentication-Results: mx.vendor.example; spf=softfail smtp.mailfrom=cliente.example",
        "Authentication-Results: mx.vendor.example; dmarc=fail header.from=cliente.example; dkim=pass",
        "Authentication-Results: mx.vendor.example; dmarc=pass header.from=attacker.example",
        "Authentication-Results: mx.vendor.example; dkim=pass header.d=xcliente.example",
        "Authentication-Results: mx.vendor.example; dkim=pass header.d=example",
        "Authentication-Results: mx.vendor.example; dkim=pass header.d=attacker.example header.i=@cliente.example",
        "Authentication-Results: mx.vendor.example; broken (",
        "Authentication-Results: mx.vendor.example; dkim=pass " + "(" * 3000,
        "Authentication-Results: spf=pass smtp.mailfrom=cliente.example",
        "ARC-Authentication-Results: i=1; mx.vendor.example; dmarc=pass header.from=cliente.example",
        "X-Authentication-Results: mx.vendor.example; dmarc=pass header.from=cliente.example",
    ],
)  # fmt: skip
def test_anything_else_proves_nothing(headers: str) -> None:
    assert not judged(headers).proved


def test_only_the_topmost_field_of_our_server_counts() -> None:
    good = "Authentication-Results: mx.vendor.example; dmarc=pass header.from=cliente.example"
    bad = "Authentication-Results: mx.vendor.example; dmarc=fail header.from=cliente.example"
    other = "Authentication-Results: relay.example; dmarc=fail header.from=cliente.example"
    assert not judged(f"{bad}\n{good}").proved
    assert judged(f"{good}\n{bad}").proved
    assert judged(f"{other}\n{good}").proved


@pytest.mark.parametrize(
    "sender",
    [
        "From: Ana <ana@cliente.example>, Eva <eva@attacker.example>\n",
        "From: Ana <ana@cliente.example>\nFrom: Eva <eva@attacker.example>\n",
        'From: "boss@vendor.example" <ana@cliente.example>\n',
        "From: =?utf-8?q?boss=40vendor.example?= <ana@cliente.example>\n",
        "From: boss@vendor.example <ana@cliente.example>\n",
        "From: Ana <ana@cliente.example> <eva@attacker.example>\n",
        "From: ana@cliente.example eva@attacker.example\n",
        "From: Ana <ana@clïente.example>\n",
        "Sender: ana@cliente.example\n",
    ],
)
def test_a_from_that_can_be_read_in_two_ways_is_never_proved(sender: str) -> None:
    headers = "Authentication-Results: mx.vendor.example; dmarc=pass header.from=cliente.example"
    assert not judged(headers, sender=sender).proved


def test_the_same_address_as_name_is_no_spoof() -> None:
    headers = "Authentication-Results: mx.vendor.example; dmarc=pass header.from=cliente.example"
    assert judged(headers, sender='From: "ana@cliente.example" <ana@cliente.example>\n').proved


def test_exchange_online_is_read_when_it_is_configured() -> None:
    headers = (
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=cliente.example; dkim=pass\n"
        " (signature was verified) header.d=cliente.example;dmarc=pass action=none header.from=cliente.example;"
        "compauth=pass reason=100"
    )
    assert judged(headers, ids=(MICROSOFT_365,)).method == "dmarc"
    assert not judged(headers).proved


@pytest.mark.parametrize(
    ("signed", "domain", "expected"),
    [
        ("a.example", "a.example", True),
        ("mail.a.example", "a.example", True),
        ("a.example", "mail.a.example", True),
        ("a.com.br", "a.com.br", True),
        ("com.br", "a.com.br", False),
        ("co.uk", "a.co.uk", False),
        ("example", "a.example", False),
        ("b.github.io", "github.io", False),
        ("x.a.example", "y.a.example", False),
        ("ba.example", "a.example", False),
        ("", "a.example", False),
    ],
)
def test_alignment_is_relaxed_but_careful(signed: str, domain: str, expected: bool) -> None:
    assert aligned(signed, domain) is expected


@pytest.fixture(scope="module")
def key() -> tuple[bytes, bytes]:
    """(private key in PEM, DNS record)"""
    made = subprocess.run(["openssl", "genrsa", "1024"], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("openssl is not installed")
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"], input=made.stdout, capture_output=True, check=True
    )
    return made.stdout, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public.stdout)


def signed_mail(key: bytes, *, domain: bytes = b"cliente.example", **options: object) -> bytes:
    raw = FROM.encode() + b"Subject: x\nDate: Tue, 03 Nov 2026 09:12:00 -0300\n\nhello\n"
    return dkim.sign(raw, b"s1", domain, key, **options) + raw


def local(raw: bytes, record: bytes | None) -> Authentication:
    message = parse(raw, received=datetime(2026, 11, 3, tzinfo=UTC))
    return authenticate(message, raw, authserv_ids=IDS, dnsfunc=lambda name, timeout=5: record)


def test_a_signature_is_checked_here_when_dns_is_there(key: tuple[bytes, bytes]) -> None:
    raw = signed_mail(key[0])
    assert local(raw, key[1]).method == "dkim-local"
    assert not local(raw, None).proved
    assert not local(raw.replace(b"hello", b"hullo"), key[1]).proved
    assert not local(signed_mail(key[0], domain=b"attacker.example"), key[1]).proved
    assert not local(b"From: boss@vendor.example\n" + raw, key[1]).proved
    assert not local(signed_mail(key[0], length=True) + b"and more\n", key[1]).proved
    assert not local(FROM.encode() + b"\nunsigned\n", key[1]).proved
    assert not local(b"DKIM-Signature: garbage\n" + FROM.encode() + b"\nx\n", key[1]).proved
