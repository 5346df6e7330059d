"""Machines that say so in no header, and people who look like machines, in three languages. In: a maker of mails
(`hostile_people`). Out: (name, bytes, what it is): "machine" may not be answered, "person" must be.
"""

from __future__ import annotations

from typing import Any

ABSENCES = (
    ("Resposta automática: {s}", "Estou de férias até 12/11. Urgências: João, ramal 2233."),
    (
        "Re: {s}",
        "Encontro-me em licença até março. Para assuntos de integração, contatar ti@corp.example.\r\n\r\nObrigada",
    ),
    ("[Férias] {s}", "Estarei ausente, com retorno previsto para 16/11 e acesso limitado a e-mails."),
    ("Automatic reply: {s}", "I'm out of the office until Monday. If urgent, please call the desk."),
    ("Re: {s}", "Thank you for your message. I am on annual leave and will return on 10 November."),
    ("RE: {s}", "I am no longer with Corp Ltd. Please direct all correspondence to jane@corp.example."),
    ("Respuesta automática: {s}", "Me encuentro de vacaciones hasta el 15, sin acceso al correo."),
    ("RV: Fuera de la oficina", "Este es un mensaje automático. Estaré fuera de la oficina del 3 al 9."),
    ("Abwesenheitsnotiz: {s}", "Ich bin bis zum 10.11. nicht im Büro."),
    ("Réponse automatique : {s}", "Je suis en congé."),
)
NOTICES = (
    (
        "suporte",
        "Chamado 4711",
        "Seu chamado foi registrado sob o número 4711. Em breve um analista entrará em contato.",
    ),
    ("help", "Re: {s}", "We've received your message and will get back to you within 24 hours."),
    (
        "soporte",
        "Ticket generado: 4711",
        "Se ha generado el ticket 4711 con su solicitud. Un agente lo atenderá en breve.",
    ),
    ("desk", "{s}", "##- Please type your reply above this line -##\r\nYour request (4711) was updated."),
    ("ana", "Lida: {s}", "Sua mensagem\r\n  Assunto: {s}\r\n foi lida em terça-feira, 3 de novembro."),
    ("ana", "Accepted: Weekly", " "),
    ("zabbix", "Problem: High CPU", "Problem started at 09:12:00\r\nOriginal problem ID: 4711"),
    ("grafana", "[FIRING:1] pipeline down", "1 firing\r\n\r\nSent by Grafana v10"),
    ("joe", "Issue 12", "View this email in your browser\r\n\r\nUnsubscribe | Update your preferences"),
    ("dmarcreport", "Report Domain: a.example Submitter: b.example Report-ID: 1", "This is a DMARC aggregate report"),
    ("alerts-noreply", "Extrato", "Seu extrato está disponível."),
    ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e", "Não é possível entregar: {s}", "Endereço não encontrado."),
    ("bob", "Re: {s}", "To control spam, I now allow incoming messages only from senders I have approved beforehand."),
)
PEOPLE = (
    ("", "Re: {s}", "Estou de férias mas vi agora: o ambiente é produção e o erro é 504."),
    ("", "ENC: Undelivered Mail Returned to Sender",
     "Recebi isto do fluxo, por quê?\r\n\r\n-----Mensagem original-----\r\n"
     "De: MAILER-DAEMON@mx.example\r\nEnviada: hoje\r\nAssunto: Undelivered\r\n\r\n550 5.1.1 user unknown"),
    ("", "Automatic reply: how?", "How do I configure an automatic reply in the e-mail connector?"),
    ("", "Vacation: flow fails", "Our vacation pipeline fails since yesterday with HTTP 500. Can you check?"),
    ("Precedence: list\r\nList-Id: <ti.example>\r\nList-Post: <mailto:ti@c.example>\r\nX-Loop: ti@c.example",
     "{s}", "{t}"),
    ("X-Auto-Response-Suppress: All", "{s}", "{t}"),
    ("Precedence: bulk", "{s}", "{t}"),
    ("Auto-Submitted: no", "{s}", "{t}"),
    ("List-Unsubscribe: <mailto:u@gateway.example>", "{s}", "{t}"),
    ("", "{s}", "{t}\r\n\r\n--\r\nMaria\r\nOn vacation until 15 November"),
    ("", "{s}", "{t}\r\nmailer-daemon@googlemail.com responde 550 5.1.1, por quê?"),
    ("", "FW: alerta", "Podem verificar?\r\n\r\nDe: zabbix@c.example\r\nEnviado: hoje\r\nAssunto: x\r\n\r\n"
     "Esta é uma mensagem automática, favor não responder. Problem started at 09:12"),
    ("", "Re: {s}", "Recebemos sua mensagem, obrigado. O ambiente é produção, o pipeline é pedidos."),
    ("", "Read: file connector fails", "The read operation fails since 9am with HTTP 500."),
)  # fmt: skip


def machine(m: Any) -> tuple[str, bytes, str]:
    subject = f"Fluxo {m.n} parado"
    if m.dice.random() < 0.5:
        title, text = m.dice.choice(ABSENCES)
        raw = m.mail("In-Reply-To: <a@vendor.example>", text, subject=title.format(s=subject))
        return title, raw, "machine"
    local, title, text = m.dice.choice(NOTICES)
    sender = f"{local}@c{m.n}.example"
    return title, m.mail("", text.format(s=subject), sender=sender, subject=title.format(s=subject)), "machine"


def person(m: Any) -> tuple[str, bytes, str]:
    head, title, text = m.dice.choice(PEOPLE)
    body = text.format(t=m.text)
    return f"{head[:20]} {title}", m.mail(head, body, subject=title.format(s=f"Fluxo {m.n} parado")), "person"
