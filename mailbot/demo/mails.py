"""The demo's sample mails: ten first mails in three languages, and two answers that quote what mailbot really asked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

SUPPORT, ESCALATE = "support@integra.example", "support.escalate@integra.example"


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail that the demo delivers. `to`: the mailboxes that it is delivered to."""

    key: str
    sender: str
    subject: str
    text: str
    to: tuple[str, ...] = (SUPPORT,)
    html: str = ""
    screenshot: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    note: str = ""  # what to watch for


FIRST = (
    Sample(
        "ana",
        "Ana Souza <ana.souza@loja-aurora.example>",
        "Fluxo de pedidos parado",
        "Bom dia,\n\nO fluxo sync-pedidos-sap parou ontem às 14h20 em produção, com "
        '"504 Gateway Timeout" no conector REST. Os pedidos aprovados deveriam cair no SAP em cinco minutos e nenhum '
        "chegou desde então.\n\nObrigada,\nAna\n",
        note="an incident with two gaps: the pipeline key and what was already checked",
    ),
    Sample(
        "tom",
        "Tom Becker <tom.becker@northwind-foods.example>",
        "orders-to-erp: HTTP 422 since this morning",
        "Hi team,\n\nPipeline: orders-to-erp\nProject: Back office\nEnvironment: production\n"
        "Pipeline key: 7f3c9a10-52be-4c1d-9a77-0b8e61d2f455\nWhen: {today} 08:05\n"
        'Error: HTTP 422 {{"error":"customer_id is required"}}\n'
        "Expected: every order is created in the ERP. Actual: orders of new customers are rejected, the others pass.\n"
        "What we checked: we replayed one rejected order by hand with the same body and it was accepted, so the "
        "field is lost on the way.\n\nFor now two colleagues key the rejected orders in by hand.\n\nThanks\nTom\n",
        note="complete: an acknowledgement, and the team gets its summary",
    ),
    Sample(
        "lucia",
        "Lucía Fernández <lucia.fernandez@transandina.example>",
        "Necesito que revise un responsable",
        "Buenos días:\n\nLlevamos cinco días con la conciliación de fletes parada en producción y la respuesta del "
        "chat no resolvió nada: cerraron la conversación sin encontrar la causa. Queremos que lo vea otra persona.\n\n"
        "Saludos,\nLucía Fernández\nJefa de Sistemas · Transandina Logística\n",
        to=(ESCALATE,),
        note="an escalation without the chat ID; the answer comes later",
    ),
    Sample(
        "ooo",
        "Pedro Lima <pedro.lima@loja-aurora.example>",
        "Resposta automática: Fluxo de pedidos parado",
        "Estou de férias até segunda-feira e sem acesso ao e-mail.\n",
        headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
        note="an out-of-office notice: kept, never answered",
    ),
    Sample(
        "grace",
        "Grace Kim <grace.kim@harborbank.example>",
        "Statement export fails",
        "",
        html="<html><body><p>Hello,</p><p>the pipeline <b>statement-export-daily</b> fails in <b>PROD</b> since "
        "{yesterday_en} 6:40 pm. See the screenshot:</p>"
        "<p><img src='cid:shot' width='640' height='360' alt='screenshot'></p>"
        "<table><tr><td>Error</td><td>ORA-01017: invalid username/password; logon denied</td></tr>"
        "<tr><td>Key</td><td>c41d77ab90e34b52a1f08e6d</td></tr></table>"
        "<p>We should get one file per branch, we get none. I checked the account with SQL*Plus and the login works "
        "there.</p><p>Best regards,<br>Grace Kim<br>Harbor Bank</p></body></html>",
        screenshot=True,
        note="HTML with a table and a screenshot inline: nothing is missing",
    ),
    Sample(
        "joao",
        "João Prado <joao.prado@agro-vale.example>",
        "Dúvida: mover arquivo depois de lido no SFTP",
        "Oi, como eu faço para mover o arquivo de pasta depois que ele é lido no SFTP? Dá para fazer no mesmo "
        "componente?\n\nValeu,\nJoão\n",
        note="a question: what the integration does, the pipeline and the environment are asked",
    ),
    Sample(
        "emma",
        "Emma Clarke <emma.clarke@northwind-foods.example>",
        "Price for ten more pipelines?",
        "Hello,\n\ncould you tell me what our contract says about the price of additional pipelines, and when it "
        "renews?\n\n"
        "Kind regards,\nEmma Clarke\nProcurement\n",
        note="a contract question: told politely where to go, and a person sees it",
    ),
    Sample(
        "diego",
        "Diego Ruiz <diego.ruiz@mercasol.example>",
        "Alta de IP en la VPN",
        "Hola, necesitamos que liberen la IP 203.0.113.40 en la VPN del ambiente de pruebas para un servidor nuevo.\n\n"
        "Gracias\nDiego\n",
        note="an infrastructure request with all it needs",
    ),
    Sample(
        "both",
        "Carla Nunes <carla.nunes@rede-sol.example>",
        "Escalar atendimento 215470098123",
        "Bom dia, peço para escalar o chat 215470098123: o cadastro de lojas em produção grava cada loja duas vezes "
        "e o analista encerrou dizendo que é normal. Não concordamos, contradiz a documentação de vocês.\n\nCarla\n",
        to=(SUPPORT, ESCALATE),
        note="the same mail to both addresses: one ticket, one reply",
    ),
    Sample(
        "rita",
        "Rita Alves <rita.alves@clinica-bem.example>",
        "Não consigo entrar",
        "Olá, desde que troquei de celular o código de dois fatores não é aceito e não consigo entrar na plataforma. "
        "Podem redefinir?\n\nRita\n",
        note="a login problem: its description is all that is needed",
    ),
)


def png(width: int = 64, height: int = 36) -> bytes:
    """A small, valid grey picture, so that the demo needs no file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    rows = b"".join(b"\0" + bytes((x * 4 + y * 2) % 256 for x in range(width)) for y in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def message_id(key: str) -> str:
    return f"<demo.{key}@customers.example>"


def build(sample: Sample, now: datetime) -> bytes:
    """The sample as bytes on the wire, dated `now`."""
    yesterday = now - timedelta(days=1)
    words = {"today": now.strftime("%Y-%m-%d"), "yesterday_en": yesterday.strftime("%B %d")}
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sample.sender, ", ".join(sample.to), sample.subject
    mail["Date"], mail["Message-ID"] = format_datetime(now), message_id(sample.key)
    for name, value in sample.headers:
        mail[name] = value
    if sample.text:
        mail.set_content(sample.text.format(**words) if "{" in sample.text else sample.text)
    if sample.html:
        mail.set_content(sample.html.format(**words), subtype="html")
    if sample.screenshot:
        mail.add_related(png(), "image", "png", cid="<shot>", filename="screenshot.png", disposition="inline")
    return mail.as_bytes()


def quoted(text: str) -> str:
    return "\n".join("> " + line if line else ">" for line in text.splitlines())


def answer(to: EmailMessage, sender: str, text: str, key: str, now: datetime) -> bytes:
    """A customer's answer to a mail of ours: threaded onto it, as a mail client does."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, str(to["From"])
    mail["Subject"] = "Re: " + str(to["Subject"]).removeprefix("Re: ")
    mail["Date"], mail["Message-ID"] = format_datetime(now), message_id(key)
    mail["In-Reply-To"] = str(to["Message-ID"])
    mail["References"] = " ".join(filter(None, [str(to["References"] or ""), str(to["Message-ID"])]))
    mail.set_content(text)
    return mail.as_bytes()
