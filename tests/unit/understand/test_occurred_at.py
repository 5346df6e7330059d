"""When it happened: failures told from plans, deadlines, tests and habits. The mail is of Thursday 5 November 2026."""

from __future__ import annotations

import pytest

from .slots import holding, slots, why_not

GIVEN = (
    ("O pipeline sync-x parou ontem às 14h20.", "2026-11-04T14:20"),
    ("Desde ontem às 22h os pedidos não entram no SAP.", "2026-11-04T22:00"),
    ("Caiu hoje às 6 da manhã e até agora nada.", "2026-11-05T06:00"),
    ("A primeira falha foi registrada em 03/11/2026 às 13:45.", "2026-11-03T13:45"),
    ("O erro começou na terça-feira, por volta das 10h.", "2026-11-03T10:00"),
    ("Na terça à noite, lá pelas 23h, o job morreu.", "2026-11-03T23:00"),
    ("Está parado desde segunda-feira.", "2026-11-02"),
    ("Desde segunda o fluxo não processa nada.", "2026-11-02"),
    ("Isso vem acontecendo desde o dia 28/10.", "2026-10-28"),
    ("Aconteceu no dia 2 às 15h30.", "2026-11-02T15:30"),
    ("Anteontem à noite, 21h10, começou a dar 503.", "2026-11-03T21:10"),
    ("há 40 minutos o fluxo está fora", "2026-11-05T08:07"),
    ("O fluxo parou há cerca de 2 horas.", "2026-11-05T06:47"),
    ("Parou ontem.", "2026-11-04"),
    ("caiu 7:48 com 503, chamo a cozinha direto e ela responde, ontem no mesmo horario rodou liso", "2026-11-05T07:48"),
    ("At half past seven the app showed the drivers their routes, and they were Sunday's.", "2026-11-05T07:30"),
    ("A las 8 abrimos y el tablero en producción llamó a los pacientes de ayer.", "2026-11-05T08:00"),
    ("ontem à tarde parou de integrar", "2026-11-04"),
    ("O erro ocorre desde a madrugada de ontem, às 3h.", "2026-11-04T03:00"),
    ("O processo que roda todo dia às 5h não rodou hoje.", "2026-11-05T05:00"),
    ("Funcionou até ontem às 18h, depois começou a retornar 500.", "2026-11-04T18:00"),
    ("Não subimos nada desde quinta, mas hoje às 7h15 caiu.", "2026-11-05T07:15"),
    ("A falha foi entre 14h e 15h de ontem.", "2026-11-04T14:00"),
    ("Das 2h às 4h da manhã de hoje tivemos timeouts.", "2026-11-05T02:00"),
    ("Ocorreu em 4 de novembro, às 16h.", "2026-11-04T16:00"),
    ("erro dia 04/11 16:05", "2026-11-04T16:05"),
    ("Ontem, 04/11, depois das 19h, os webhooks pararam de chegar.", "2026-11-04T19:00"),
    ("Ontem o pipeline caiu. Foi por volta das 16h.", "2026-11-04T16:00"),
    ("A execução das 3h desta madrugada falhou.", "2026-11-05T03:00"),
    ("A carga das 02:30 de hoje não terminou.", "2026-11-05T02:30"),
    ("a rotina da meia-noite de ontem não rodou", "2026-11-04T00:00"),
    ("O fluxo parou ontem às 14h. Reiniciamos às 15h e continua parado.", "2026-11-04T14:00"),
    ("Começou sexta passada umas 17h.", "2026-10-30T17:00"),
    ("sexta 30/10 17:10 - primeira ocorrência", "2026-10-30T17:10"),
    ("Hora do erro 14:20 de 04/11", "2026-11-04T14:20"),
    ("Só na terceira tentativa, às 14h de ontem, deu timeout.", "2026-11-04T14:00"),
    ("Fomos avisados às 9h de ontem pelo cliente de que as notas não saíram.", "2026-11-04T09:00"),
    ("Entramos em produção em 01/10 e ontem às 11h começou o problema", "2026-11-04T11:00"),
    ("Enviei o print ontem às 10h. O erro foi dia 3/11 às 08:12.", "2026-11-03T08:12"),
    ("deu pau ontem de madrugada, 2h40", "2026-11-04T02:40"),
    ("A última execução ok foi ontem 22h10 e a primeira com erro foi 22h40.", "2026-11-04T22:40"),
    ("The flow died yesterday at 2:20pm.", "2026-11-04T14:20"),
    ("It has been failing since 7am today.", "2026-11-05T07:00"),
    ("Started around 3 AM this morning.", "2026-11-05T03:00"),
    ("since last night at 10:30 pm nothing is coming through", "2026-11-04T22:30"),
    ("Orders stopped syncing on Tuesday.", "2026-11-03"),
    ("On Tuesday at 4pm orders stopped syncing.", "2026-11-03T16:00"),
    ("It broke on Nov 3rd at 16:00.", "2026-11-03T16:00"),
    ("First seen 3 November 2026, 16:05 GMT.", "2026-11-03T16:05"),
    ("Happened at 11/03/2026 4:05 PM.", "2026-11-03T16:05"),
    ("Last Friday, about quarter past nine in the evening, it fell over.", "2026-10-30T21:15"),
    ("about 20 minutes ago everything went down", "2026-11-05T08:27"),
    ("It failed at 23:40 last night.", "2026-11-04T23:40"),
    ("It was fine until yesterday at 5pm, when we started seeing 500s.", "2026-11-04T17:00"),
    ("No domingo o fluxo gravou tudo com data trocada.", "2026-11-01"),
    ("The 2am run failed last night.", "2026-11-05T02:00"),
    ("The job scheduled for 2:00 AM today never started.", "2026-11-05T02:00"),
    ("No changes on our side since Monday. Errors began yesterday 18:32.", "2026-11-04T18:32"),
    ("Between 14:00 and 15:00 yesterday about 200 calls timed out.", "2026-11-04T14:00"),
    ("From Monday 2 November to Wednesday 4 November invoices were duplicated.", "2026-11-02"),
    ("Yesterday afternoon the import crashed.", "2026-11-04"),
    ("Two days ago it started skipping files.", "2026-11-03"),
    ("an hour ago the queue froze", "2026-11-05T07:47"),
    ("The outage began on the 3rd at 10:15.", "2026-11-03T10:15"),
    ("Yesterday's 18:00 batch came out empty.", "2026-11-04T18:00"),
    ("The sync dropped out at half past four yesterday afternoon.", "2026-11-04T16:30"),
    ("Desde anoche a las 22 hs no entran pedidos.", "2026-11-04T22:00"),
    ("Desde el martes 3 de noviembre no llega ningún pedido.", "2026-11-03"),
    ("El lunes a las nueve de la mañana dejó de responder.", "2026-11-02T09:00"),
    ("Falló hoy a las 6:50.", "2026-11-05T06:50"),
    ("Hace 2 horas que no procesa.", "2026-11-05T06:47"),
    ("Antier, tipo 9 de la noche, empezó a tirar error.", "2026-11-03T21:00"),
    ("Ayer por la tarde dejó de funcionar.", "2026-11-04"),
    ("Ocurrió el 03/11 a las 10:15 hrs.", "2026-11-03T10:15"),
    ("Esta madrugada a las 3:10 se detuvo.", "2026-11-05T03:10"),
    ("El jueves pasado a eso de las 17 empezaron los errores.", "2026-10-29T17:00"),
    ("La ejecución de las 5:00 de hoy no terminó.", "2026-11-05T05:00"),
    ("Pasó ayer a medianoche.", "2026-11-04T00:00"),
    ("la primera vez fue el 2 de noviembre a las 7:05 pm", "2026-11-02T19:05"),
    ("a partir del mediodía de ayer rechaza todo", "2026-11-04T12:00"),
    ("empezó a las 7.30 de la mañana de hoy", "2026-11-05T07:30"),
    ("Começou a duplicar, e nem foi ontem, foi anteontem cinco da tarde.", "2026-11-03T17:00"),
    ("Às oito e meia da noite o prêmio saiu duas vezes. Foi na noite de ontem.", "2026-11-04T20:30"),
    ("At ten past six in the morning the scanner refused every pass. This was Saturday.", "2026-10-31T06:10"),
    ("A las siete y veinte de la tarde se duplicaron los cobros. Eso fue el martes.", "2026-11-03T19:20"),
)

NOT_GIVEN = (
    "parou hoje cedo",
    "começou hoje de manhã",
    "Está assim desde a semana passada.",
    "Preciso de uma posição até amanhã às 10h.",
    "Nosso go-live é dia 20/11.",
    "A reunião com a diretoria é hoje às 14h.",
    "O chat foi aberto ontem às 15h e ninguém respondeu.",
    "Abrimos o chamado em 02/11 e até hoje nada.",
    "Até ontem funcionava normalmente.",
    "Não mudamos nada desde sexta.",
    "O contrato vence em 30/11/2026.",
    "Fatura com vencimento em 10/11.",
    "Somos clientes desde 01/03/2024 e nunca vimos isso.",
    "O fluxo roda às 5h e processa os pedidos do dia anterior.",
    "Hoje a gente agenda tudo na mão.",
    "Hoje o pipeline lê os pedidos e grava no ERP.",
    "Reiniciei o agente ontem às 9h e voltou.",
    "É a segunda vez que isso acontece.",
    "precisamos disso até sexta 06/11",
    "por favor me liguem hoje às 15h",
    "Estou de férias a partir de 10/11.",
    "Failing since last week.",
    "it stopped this morning",
    "It worked fine until yesterday.",
    "We need this fixed by Friday 6 November.",
    "The certificate expires on 30 November 2026.",
    "We opened the chat on 2 November and have heard nothing.",
    "We have been live since 1 March 2024.",
    "Every night at 2am the job runs.",
    "We have a board meeting at 3pm today.",
    "can someone call me at 4pm?",
    "I joined the company on Monday.",
    "Please reply before 6pm today",
    "hace un rato se cayó",
    "Hasta ayer funcionaba bien.",
    "Necesito una respuesta antes del viernes.",
    "Abrimos el chat el lunes a las 10.",
    "La reunión es mañana a las 9.",
    "El contrato se firmó el 01/02/2025.",
    "Todos los días a las 5:00 corre el proceso.",
    "Desde la semana pasada pasa esto.",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_moment_of_the_failure_is_found(words: str, value: str) -> None:
    assert slots(words).get("occurred_at") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_moment_of_the_failure_are_none(words: str) -> None:
    assert "occurred_at" not in slots(words)


def test_a_correction_replaces_the_moment_and_keeps_the_same_time() -> None:
    held = holding(occurred_at="2026-11-04T18:10")
    words = "Errata: a falha foi no domingo, dia 1, no mesmo horário, e não ontem."
    assert slots(words, context=held)["occurred_at"] == "2026-11-01T18:10"


def test_a_later_mail_that_corrects_nothing_changes_nothing() -> None:
    held = holding(occurred_at="2026-11-02T18:10")
    assert "occurred_at" not in slots("Testamos de novo hoje às 8h e falhou igual.", context=held)


def test_a_later_mail_adds_the_time_of_the_day_that_is_known() -> None:
    held = holding(occurred_at="2026-11-04")
    assert slots("Ontem o fluxo caiu às 16h10.", context=held)["occurred_at"] == "2026-11-04T16:10"


def test_the_first_error_of_a_log_tells_when() -> None:
    log = "2026-11-04 03:02:11.408 INFO start\n2026-11-04 03:07:44.917 ERROR Read timed out"
    assert slots(log)["occurred_at"] == "2026-11-04T03:07"


def test_a_time_in_prose_goes_before_the_times_of_a_log() -> None:
    words = "Desde ontem às 2h50 a carga falha:\n\n2026-11-04 03:07:44 ERROR Read timed out"
    assert slots(words)["occurred_at"] == "2026-11-04T02:50"


def test_a_time_stamp_in_json_counts_and_a_due_date_does_not() -> None:
    assert slots('{\n"timestamp": "2026-11-04T16:42:10",\n"code": 500\n}')["occurred_at"] == "2026-11-04T16:42"
    assert "occurred_at" not in slots('{\n"vencimento": "2026-12-10T10:00:00",\n"valor": 10\n}')


def test_american_mail_reads_the_month_first() -> None:
    words = "The sync failed on 10/12 at 5 PM, the whole batch of it."
    assert slots(words, date="2026-11-05T08:47:00-05:00")["occurred_at"] == "2026-10-12T17:00"
    assert slots("The sync failed on 03/11 at 5 PM, all of it.")["occurred_at"] == "2026-11-03T17:00"


def test_what_was_not_taken_says_why() -> None:
    assert "still to come when the mail was written" in why_not("Nosso go-live é dia 20/11.", "occurred_at")
