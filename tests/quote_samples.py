# ruff: noqa: W291 - "-- " ends in a blank
"""Mails as people's programs quote, forward and sign them, labelled line by line. Written for this project.

A line is "X| text": N new, F forwarded, H header of a forward, Q quoted, O ours, A attribution, S signature, D
disclaimer.
Used by the tests of `message.quote` and by benchmarks/quotes.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.message.model import Part

LABELS = {
    "N": Part.NEW,
    "F": Part.FORWARDED,
    "H": Part.FORWARD_HEADER,
    "Q": Part.QUOTED,
    "O": Part.OURS,
    "A": Part.ATTRIBUTION,
    "S": Part.SIGNATURE,
    "D": Part.DISCLAIMER,
}


@dataclass(frozen=True)
class Sample:
    name: str
    lines: str
    subject: str = ""
    sender: str = "ana@cliente.example"
    who: str = "Ana Souza"
    reply: bool | None = None
    sent: tuple[str, ...] = ()

    @property
    def labelled(self) -> list[tuple[Part, str]]:
        out = []
        for line in self.lines.strip("\n").split("\n"):
            out.append((LABELS[line[0]], line[3:]) if line[1:2] == "|" else (Part.BLANK, line))
        return out

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.labelled)


REQUEST_PT = """Olá, Ana!

Recebemos a sua mensagem e já entendemos:
- Ambiente: Produção

Para seguir, ainda precisamos de:

1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de edição, ao lado do projeto.
2. Em que data e hora o erro ocorreu?
3. O que vocês já verificaram, e com que resultado?

Basta responder a este e-mail, abaixo de cada pergunta.

Equipe de Suporte
Chamado [#1042]"""

REQUEST_ES = """Hola, Ana:

Para continuar nos falta:

1. ¿Cuál es el nombre del pipeline?
2. ¿En qué ambiente ocurre?
3. ¿Qué han revisado ya?

Equipo de Soporte"""

REQUEST_EN = """Hello Ana,

To go on we still need:

1. What is the name of the pipeline?
2. Which environment is it?
3. What have you checked so far?

Support team"""

SAMPLES = [
    Sample(
        "gmail pt, answer on top",
        """
N| O pipeline é sync-pedidos, foi hoje às 14h20.

A| Em ter., 20 de out. de 2026 às 15:52, Suporte <suporte@vendor.example>
A| escreveu:

O| > Olá, Ana!
 >
O| > Recebemos a sua mensagem e já entendemos:
O| > - Ambiente: Produção
 >
O| > Para seguir, ainda precisamos de:
 >
O| > 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de
O| > edição, ao lado do projeto.
O| > 2. Em que data e hora o erro ocorreu?
O| > 3. O que vocês já verificaram, e com que resultado?
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "gmail pt, between the questions",
        """
N| Respostas abaixo.

A| Em ter., 20 de out. de 2026 às 15:52, Suporte <suporte@vendor.example> escreveu:
O| > Para seguir, ainda precisamos de:
O| > 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de
O| > edição, ao lado do projeto.
N| sync-pedidos
O| > 2. Em que data e hora o erro ocorreu?

N| ontem, 14h20

O| > 3. O que vocês já verificaram, e com que resultado?
N| - reiniciamos o agente e voltou por dez minutos
N| - o ERP responde 200
O| > Equipe de Suporte
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "outlook desktop pt, between the unmarked questions",
        """
N| Segue em azul.

S| Atenciosamente,
S| Ana Souza
S| Analista de Sistemas | Cliente S.A.
S| Tel.: +55 11 4002-8922

A| De: Suporte <suporte@vendor.example>
A| Enviada em: terça-feira, 20 de outubro de 2026 15:52
A| Para: Ana Souza <ana@cliente.example>
A| Assunto: RE: [#1042] erro

O| Olá, Ana!

O| Para seguir, ainda precisamos de:

O| 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de edição, ao lado do projeto.
N| sync-pedidos
O| 2. Em que data e hora o erro ocorreu?
N| produção
O| 3. O que vocês já verificaram, e com que resultado?
N| Nada ainda, só reiniciamos e o erro voltou.

O| Basta responder a este e-mail, abaixo de cada pergunta.

O| Equipe de Suporte
""",
        "RES: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "outlook pt, older history below ours is not new",
        """
N| sync-pedidos

A| ________________________________
A| De: Suporte <suporte@vendor.example>
A| Enviado: terça-feira, 20 de outubro de 2026 15:52
A| Para: Ana Souza
A| Assunto: [#1042] erro

O| Olá, Ana!

O| Para seguir, ainda precisamos de:

O| 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de edição, ao lado do projeto.
O| Equipe de Suporte

A| De: Ana Souza
A| Enviado: terça-feira, 20 de outubro de 2026 15:40
A| Para: suporte@vendor.example
A| Assunto: erro

Q| O pipeline antigo-v1 parou.
Q| Ana
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "outlook web es",
        """
N| Es conciliacion-bancaria, en producción.

A| ________________________________
A| De: Soporte <soporte@vendor.example>
A| Enviado: martes, 10 de noviembre de 2026 9:18
A| Para: Ana Souza <ana@cliente.example>
A| Asunto: [#1042] fallo

O| Hola, Ana:

O| Para continuar nos falta:

O| 1. ¿Cuál es el nombre del pipeline?
O| 2. ¿En qué ambiente ocurre?

O| Equipo de Soporte
""",
        "RE: [#1042] fallo",
        reply=True,
        sent=(REQUEST_ES,),
    ),
    Sample(
        "outlook mobile en",
        """
N| It is order-intake-v3, staging.

S| Get Outlook for Android<https://aka.ms/AAb9ysg>
A| ________________________________
A| From: Support <support@vendor.example>
A| Sent: Thursday, October 22, 2026 9:20:11 AM
A| To: Ana Souza <ana@cliente.example>
A| Subject: Re: [#1042] order intake

O| Hello Ana,

O| To go on we still need:

O| 1. What is the name of the pipeline?
O| 2. Which environment is it?

O| Support team
""",
        "Re: [#1042] order intake",
        reply=True,
        sent=(REQUEST_EN,),
    ),
    Sample(
        "apple mail es",
        """
N| Producción.

S| Enviado desde mi iPhone

A| > El 8 oct 2026, a la(s) 09:50, Soporte <soporte@vendor.example> escribió:
 >
O| > Para continuar nos falta:
 >
O| > 2. ¿En qué ambiente ocurre?
""",
        "Re: fallo",
        reply=True,
        sent=(REQUEST_ES,),
    ),
    Sample(
        "thunderbird pt, answer at the bottom",
        """
A| Em 20/10/2026 15:52, Suporte escreveu:
O| > 2. Em que data e hora o erro ocorreu?
N| Hoje às 14h20.

S| -- 
S| Ana Souza
S| Cliente S.A.
""",
        "Re: erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "yahoo es, unmarked",
        """
N| El pipeline es ventas-diarias.

A| En jueves, 8 de octubre de 2026, 09:50:12 GMT-5, Soporte <soporte@vendor.example> escribió:

O| Hola, Ana:

O| Para continuar nos falta:

O| 1. ¿Cuál es el nombre del pipeline?
O| 2. ¿En qué ambiente ocurre?
N| pruebas

O| Equipo de Soporte
""",
        "Re: fallo",
        reply=True,
        sent=(REQUEST_ES,),
    ),
    Sample(
        "zendesk-like",
        """
N| The pipeline is order-intake.

A| ##- Please type your reply above this line -##
Q| Your request (1042) has been updated.
Q| Thanks for writing.
""",
        "Re: [#1042]",
        reply=True,
    ),
    Sample(
        "zendesk-like in portuguese",
        """
N| O pipeline é sync-pedidos.

A| ##- Digite sua resposta acima desta linha -##
Q| Seu chamado foi atualizado.
""",
        "Re: chamado",
        reply=True,
    ),
    Sample(
        "forward by outlook pt",
        """
N| Pessoal, segue abaixo o relato do time.

S| Att,
S| Ana Souza

H| De: Bruno Lima <bruno@cliente.example>
H| Enviada em: segunda-feira, 19 de outubro de 2026 18:22
H| Para: Ana Souza <ana@cliente.example>
H| Assunto: pedidos parados

F| Ana, o sync-pedidos caiu às 17h50 em produção.
F| Erro: ORA-12170: TNS:Connect timeout occurred

S| Bruno
""",
        "ENC: pedidos parados",
    ),
    Sample(
        "forward by gmail en",
        """
N| FYI

H| ---------- Forwarded message ---------
H| From: Bruno Lima <bruno@cliente.example>
H| Date: Mon, Oct 19, 2026 at 6:22 PM
H| Subject: orders
H| To: Ana Souza <ana@cliente.example>

F| orders-sync died at 5:50pm in production.
F| It says "connection reset".
""",
        "Fwd: orders",
    ),
    Sample(
        "forward with quote marks and half a header",
        """
N| Hi vendor, passing this on for Marlene.

H| > From: Marlene Woytowich
H| > Sent: November 24, 2026 8:31 AM
F| > I typed my password wrong three times.
F| > Our administrator is away.
""",
        "FW: locked out",
        reply=False,
    ),
    Sample(
        "forward with the sender and the date alone",
        """
N| Encaminho o que veio da coleta.

H| De: Coleta Unidade Centro
H| Data: sábado, 17 de outubro de 2026 12:10
F| A partir das 8h de hoje o convênio glosa tudo.
""",
        "laudos",
        reply=False,
    ),
    Sample(
        "a list of one's own is no header",
        """
N| Segue o que mudou.

N| De: R$ 100
N| Data: 17/10
N| O valor novo não chega ao ERP.
""",
        "preços",
        reply=False,
    ),
    Sample(
        "forward by apple mail pt",
        """
H| > Início da mensagem encaminhada:
 >
H| > De: Bruno Lima <bruno@cliente.example>
H| > Assunto: pedidos parados
H| > Data: 19 de outubro de 2026 18:22:10 BRT
H| > Para: Ana Souza <ana@cliente.example>
 >
F| > O sync-pedidos caiu às 17h50 em produção.
""",
        "Fwd: pedidos parados",
    ),
    Sample(
        "forward by thunderbird es",
        """
N| Les reenvío lo que nos pasaron.

H| -------- Mensaje reenviado --------
H| Asunto: caída
H| Fecha: Mon, 19 Oct 2026 18:22:10 -0500
H| De: Bruno Lima <bruno@cliente.example>
H| Para: Ana Souza <ana@cliente.example>

F| ventas-diarias se cayó a las 17:50.
""",
        "Fwd: caída",
    ),
    Sample(
        "forward without a prefix, told in words",
        """
N| Os relatos do nosso time estão abaixo, podem ver?

H| De: Bruno Lima
H| Enviada em: segunda-feira, 19 de outubro de 2026 18:22
H| Para: Ana Souza
H| Assunto: pedidos parados

F| O sync-pedidos caiu às 17h50.
""",
        "Pedidos parados",
        reply=False,
    ),
    Sample(
        "what support wrote stays history when it is forwarded",
        """
N| Vejam a resposta que recebemos, não resolve.

A| De: Suporte <suporte@vendor.example>
A| Enviada em: segunda-feira, 19 de outubro de 2026 18:22
A| Para: Ana Souza <ana@cliente.example>
A| Assunto: RE: pedidos

Q| Por favor, informe o pipeline (por exemplo: pedidos-erp).
""",
        "ENC: RE: pedidos",
    ),
    Sample(
        "a colleague's answer above our request",
        """
N| O Bruno respondeu, segue.

H| De: Bruno Lima
H| Enviada em: quarta-feira, 21 de outubro de 2026 10:02
H| Para: Ana Souza
H| Assunto: ENC: [#1042] erro

F| É o sync-pedidos, caiu 14h20.

A| De: Suporte <suporte@vendor.example>
A| Enviada em: terça-feira, 20 de outubro de 2026 15:52
A| Para: Ana Souza
A| Assunto: [#1042] erro

O| Olá, Ana!
O| 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de edição, ao lado do projeto.
O| 2. Em que data e hora o erro ocorreu?
""",
        "RES: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "a log with dashes is no signature",
        """
N| Log do agente:

N| 2026-10-20 14:20:01 INFO start
N| -- 
N| 2026-10-20 14:20:31 ERROR Read timed out
N| --
N| 2026-10-20 14:21:01 ERROR giving up
""",
        "erro",
    ),
    Sample(
        "SQL and its comments",
        """
N| A consulta que usamos:

N| SELECT id, total
N| -- só os de hoje
N| FROM pedidos
N| WHERE data >= '2026-10-20'
N| --
N| ORDER BY id;

N| Por que demora?
""",
        "consulta lenta",
    ),
    Sample(
        "a transfer with De and Para",
        """
N| O mapeamento está errado:

N| De: 100
N| Para: 50
N| Data: 12/10
N| Valor: 30,00

N| Deveria ser o contrário.
""",
        "mapeamento",
    ),
    Sample(
        "curl output with its arrows",
        """
N| $ curl -v https://api.vendor.example/v1/orders
N| > POST /v1/orders HTTP/1.1
N| > Host: api.vendor.example
N| < HTTP/1.1 504 Gateway Timeout
N| {"error": "timeout"}
""",
        "504 on orders",
        reply=False,
    ),
    Sample(
        "a python session",
        """
N| This is what I run:

N| >>> import requests
N| >>> requests.post(url).status_code
N| 504
""",
        "504 from python",
        reply=False,
    ),
    Sample(
        "JSON, a list and a menu path",
        """
N| {
N|   "from": "ERP",
N|   "to": "loja",
N|   "subject": "pedido"
N| }

N| * item um
N| * item dois
N| 1) passo um
N| Menu > Configurações > Salvar
""",
        "pedido",
    ),
    Sample(
        "somebody's words retold are the customer's",
        """
N| Em 20/10 o analista de vocês escreveu:
N| "reinicie o agente", e não resolveu.
N| On Monday we wrote: nothing changed.
""",
        "erro de novo",
    ),
    Sample(
        "a bare value after the closing",
        """
N| Segue o que pediram. Obrigada!
N| Chat ID: 215470098123
N| Ambiente: Produção
""",
        "Re: [#7] escalar",
        reply=True,
    ),
    Sample(
        "the answer is below the closing",
        """
N| Obrigado,

N| Produção
""",
        "Re: ambiente?",
        reply=True,
    ),
    Sample(
        "thanks alone are a message",
        """
N| Obrigada!
""",
        "Re: [#7]",
        reply=True,
    ),
    Sample(
        "legal text of the gateway",
        """
D| [EXTERNAL]

N| The pipeline stopped.

S| Kind regards,
S| Ana Souza

D| This e-mail is confidential and intended solely for the addressee. If you received it in error, please delete it
D| and notify the sender.
""",
        "stopped",
    ),
    Sample(
        "legal text in spanish",
        """
N| Se cayó el flujo ventas-diarias.

S| Saludos cordiales,
S| Ana Souza
S| Jefa de Sistemas

D| AVISO LEGAL: Este mensaje es confidencial y está dirigido únicamente a su destinatario. Si lo recibió por error,
D| elimínelo y avise al remitente.
""",
        "caída",
    ),
    Sample(
        "a question about confidential data is no legal text",
        """
N| Boa tarde,

N| Precisamos mascarar um campo confidencial. O destinatário do fluxo não pode ver o CPF. Como fazemos?
""",
        "mascaramento",
    ),
    Sample(
        "a mail program in front of the name",
        """
N| Still down.

S| Ana Souza
S| Sent from my Galaxy
""",
        "down",
    ),
    Sample(
        "first mail on copy of a thread between colleagues",
        """
N| Incluindo o suporte.

H| De: Bruno Lima <bruno@cliente.example>
H| Enviada em: segunda-feira, 19 de outubro de 2026 18:22
H| Para: Ana Souza <ana@cliente.example>
H| Assunto: RE: pedidos parados

F| O sync-pedidos caiu às 17h50 em produção.
""",
        "RES: pedidos parados",
        reply=True,
    ),
    Sample(
        "spaced header lines of a converted page",
        """
N| order-intake-v3

A| From: Support <support@vendor.example>

A| Sent: Thursday, October 22, 2026 9:20 AM

A| To: Ana Souza <ana@cliente.example>

A| Subject: Re: [#1042] order intake

O| 1. What is the name of the pipeline?
O| 2. Which environment is it?
""",
        "Re: [#1042] order intake",
        reply=True,
        sent=(REQUEST_EN,),
    ),
    Sample(
        "gmail in portugal puts the name first",
        """
N| sync-pedidos

A| Suporte <suporte@vendor.example> escreveu no dia terça, 20/10/2026 à(s) 15:52:

O| > 1. Qual é o nome do pipeline? Ele aparece no canto superior da tela de
O| > edição, ao lado do projeto.
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "proton mail, between the questions",
        """
N| Below.

A| ------- Original Message -------
A| On Tuesday, October 20th, 2026 at 3:52 PM, Support <support@vendor.example> wrote:

O| > To go on we still need:
 >
O| > 1. What is the name of the pipeline?

N| order-intake-v3

O| > 2. Which environment is it?

N| staging
""",
        "Re: [#1042] order intake",
        reply=True,
        sent=(REQUEST_EN,),
    ),
    Sample(
        "a webmail's original message in portuguese",
        """
N| sync-pedidos

A| ----- Mensagem original -----
A| De: "Suporte" <suporte@vendor.example>
A| Para: "Ana Souza" <ana@cliente.example>
A| Enviadas: Terça-feira, 20 de outubro de 2026 15:52:10
A| Assunto: [#1042] erro

O| Olá, Ana!
O| 2. Em que data e hora o erro ocorreu?
N| ontem 14h
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "a phone that repeats the sender below its own mark",
        """
N| Foi às 14h20.

S| Enviado do meu Galaxy

A| -------- Mensagem original --------
A| De : Suporte <suporte@vendor.example>
A| Data: 20/10/2026 15:52 (GMT-03:00)
A| Para: ana@cliente.example
A| Assunto: [#1042] erro

O| Olá, Ana!
O| 2. Em que data e hora o erro ocorreu?
""",
        "Re: [#1042] erro",
        reply=True,
        sent=(REQUEST_PT,),
    ),
    Sample(
        "a bare answer below the thanks is no name",
        """
N| Segue, obrigada!

N| Obrigada
N| Faturamento
""",
        "Re: componente?",
        reply=True,
    ),
    Sample(
        "a short name is a name",
        """
N| É o sync-pedidos.

S| abs
S| Aninha
""",
        "Re: pipeline?",
        reply=True,
    ),
    Sample(
        "our form's link comes back from the HTML part",
        """
N| order-intake-v3

A| From: Support <support@vendor.example>
A| Sent: Thursday, October 22, 2026 9:20 AM
A| To: Ana Souza
A| Subject: Re: [#1042] order intake

O| 1. What is the name of the pipeline?
O| 2. Which environment is it?
O| Answer with the form<mailto:support@vendor.example?subject=Re%3A%20x&body=a>
O| Support team
""",
        "Re: [#1042] order intake",
        reply=True,
        sent=(REQUEST_EN,),
    ),
    Sample(
        "somebody else's arrow list",
        """
N| Caminho até o erro:

N| > Configurações
N| > Integrações
N| > Salvar

N| e aparece o 500.
""",
        "erro ao salvar",
        reply=False,
    ),
    Sample(
        "a table in plain text with rules",
        """
N| campo     | valor
N| ----------+------
N| pipeline  | sync-x
N| ambiente  | PROD
N| ----------------
N| Subject: is not mapped
N| From: is empty
""",
        "mapping",
    ),
    Sample(
        "a pasted mail header is evidence in a first mail",
        """
N| The campaign goes out with a wrong sender:

H| From: noreply@other.example
H| To: lead@x.example
H| Subject: Black November
H| Date: Tue, 20 Oct 2026 10:00:00 -0300

F| Hello lead
""",
        "wrong sender in campaigns",
        reply=False,
    ),
]
