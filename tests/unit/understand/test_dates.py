"""The grammar of days and times: what each wording means, counted from Thursday 5 November 2026, 08:47."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailbot.understand.dates import moments
from mailbot.understand.text import fold

ANCHOR = datetime.fromisoformat("2026-11-05T08:47:00-03:00")

WORDINGS = (
    ("29/10/2026 06:15", "2026-10-29T06:15"),
    ("03.11.2026, 16h05", "2026-11-03T16:05"),
    ("03-nov-2026 14:20:11", "2026-11-03T14:20"),
    ("10/Oct/2026:13:55:36 -0300", "2026-10-10T13:55"),
    ("Tue Nov  3 16:05:12 BRT 2026", "2026-11-03T16:05"),
    ("20261103T160512Z", "2026-11-03T16:05"),
    ("em 3 de novembro, às 16h", "2026-11-03T16:00"),
    ("1º de novembro", "2026-11-01"),
    ("Nov 3rd at 4:05 pm", "2026-11-03T16:05"),
    ("the morning of November 3rd, at half past nine", "2026-11-03T09:30"),
    ("el martes 3 de noviembre a las 16.05 hs", "2026-11-03T16:05"),
    ("5ª feira passada, às 10h", "2026-10-29T10:00"),
    ("quinta-feira passada às 10h", "2026-10-29T10:00"),
    ("Friday of last week", "2026-10-30"),
    ("Monday of last week, 11.20 in the morning", "2026-10-26T11:20"),
    ("sat the 31st, half six in the morning", "2026-10-31T06:30"),
    ("2. the 31st, the log has no time", "2026-10-31"),
    ("5. Halloween, twenty past three in the afternoon", "2026-10-31T15:20"),
    ("on Sunday at three customers were charged", "2026-11-01T15:00"),
    ("el lunes desde las 7 y 20", "2026-11-02T07:20"),
    ("hará unos veinte minutos que no llegan", "2026-11-05T08:27"),
    ("faz vinte e um minutos que ninguém entra", "2026-11-05T08:26"),
    ("há uma hora e vinte", "2026-11-05T07:27"),
    ("tem 45 min que a nota não sobe", "2026-11-05T08:02"),
    ("llevamos 40 minutos sin turnos", "2026-11-05T08:07"),
    ("hace una hora y veinte", "2026-11-05T07:27"),
    ("eighteen minutes ago", "2026-11-05T08:29"),
    ("a minute to midnight last night", "2026-11-04T23:59"),
    ("dez para meia-noite de ontem", "2026-11-04T23:50"),
    ("ontem, meia hora antes da meia-noite", "2026-11-04T23:30"),
    ("anoche, media hora antes de la medianoche", "2026-11-04T23:30"),
    ("yesterday, half an hour before noon", "2026-11-04T11:30"),
    ("no dia 3, passados dez minutos da meia-noite", "2026-11-03T00:10"),
    ("three minutes past twelve this morning", "2026-11-05T00:03"),
    ("yesterday, 14 o'clock", "2026-11-04T14:00"),
    ("ontem, uma hora da tarde", "2026-11-04T13:00"),
    ("hoy a las cero horas", "2026-11-05T00:00"),
    ("a las cero diez de hoy", "2026-11-05T00:10"),
    ("hoje às zero e trinta", "2026-11-05T00:30"),
    ("à zero hora do dia primeiro", "2026-11-01T00:00"),
    ("ten minutes shy of eleven yesterday morning", "2026-11-04T10:50"),
    ("at yesterday's quarter-past-six rehearsal", "2026-11-04T18:15"),
    ("yesterday, ten after five, the last pallet", "2026-11-04T17:10"),
    ("Nine on Saturday night at our festival", "2026-10-31T21:00"),
    ("ayer a las 9 horas con 30 minutos", "2026-11-04T09:30"),
    ("ontem, 10h e vinte", "2026-11-04T10:20"),
    ("ayer a las doce menos ocho", "2026-11-04T11:52"),
    ("1a vez quarta 10:30", "2026-11-04T10:30"),
    ("on 3rd instant at ten minutes to five in the evening", "2026-11-03T16:50"),
    ("terça-feira da semana passada", "2026-10-27"),
    ("sábado à noite, umas 8", "2026-10-31T20:00"),
    ("Saturday evening, around 8", "2026-10-31T20:00"),
    ("lá pelas 8 da noite de ontem", "2026-11-04T20:00"),
    ("ontem às nove e meia da noite", "2026-11-04T21:30"),
    ("anteontem de madrugada, perto das 3h15", "2026-11-03T03:15"),
    ("last night at 11:52 PM", "2026-11-04T23:52"),
    ("last night at 2am", "2026-11-05T02:00"),
    ("anoche a las 11 y media", "2026-11-04T23:30"),
    ("meia-noite de ontem", "2026-11-04T00:00"),
    ("at noon today", "2026-11-05T12:00"),
    ("há cerca de 20 minutos", "2026-11-05T08:27"),
    ("hace una hora", "2026-11-05T07:47"),
    ("half an hour ago", "2026-11-05T08:17"),
    ("three days ago", "2026-11-02"),
    ("desde o dia 28", "2026-10-28"),
    ("on the 3rd at 10:15", "2026-11-03T10:15"),
    ("domingo, dia 1, 18h10", "2026-11-01T18:10"),
    ("entre as 14h e as 15h do dia 3/11", "2026-11-03T14:00"),
    ("das 11h05 às 11h50 de ontem", "2026-11-04T11:05"),
    ("ontem entre 2 e 3 da tarde", "2026-11-04T14:00"),
    ("hoje entre 7 e 8 da manhã", "2026-11-05T07:00"),
    ("el martes de 10 a 11 hs", "2026-11-03T10:00"),
    ("ayer entre las 2 y las 3 de la tarde", "2026-11-04T14:00"),
    ("yesterday between 2 and 3 pm", "2026-11-04T14:00"),
    ("yesterday from 11 to 1 pm", "2026-11-04T11:00"),
    ("from 9 to 10:30 am yesterday", "2026-11-04T09:00"),
    ("entre 22 e 23h de ontem", "2026-11-04T22:00"),
    ("on the 3rd shortly after 4pm", "2026-11-03T16:00"),
    ("yesterday, a little after 5", "2026-11-04T17:00"),
    ("ayer a última hora, 18:50", "2026-11-04T18:50"),
    ("yesterday 4:25p", "2026-11-04T16:25"),
    ("yesterday at 4:25", "2026-11-04T16:25"),
    ("yesterday at 04:25", "2026-11-04T04:25"),
    ("at 9:25 yesterday", "2026-11-04T09:25"),
    ("ontem às 4:25", "2026-11-04T04:25"),
    ("há coisa de 20 minutos", "2026-11-05T08:27"),
    ("hace cosa de una hora", "2026-11-05T07:47"),
    ("ontem às dezenove e quinze", "2026-11-04T19:15"),
    ("ayer a las seis menos diez de la tarde", "2026-11-04T17:50"),
    ("quinze para as nove da noite de ontem", "2026-11-04T20:45"),
    ("five past eleven last night", "2026-11-04T23:05"),
    ("half seven yesterday evening", "2026-11-04T19:30"),
    ("0415 hrs today", "2026-11-05T04:15"),
    ("8.40 hrs today", "2026-11-05T08:40"),
    ("ontem, de 15h em diante", "2026-11-04T15:00"),
    ("ontem por volta de 15h", "2026-11-04T15:00"),
    ("hoy 7 y media", "2026-11-05T07:30"),
    ("ayer a las 4 y pico, 16:40 digamos", "2026-11-04T16:40"),
    ("agora há pouco (08h31)", "2026-11-05T08:31"),
    ("el 28 a la noche, 22:15", "2026-10-28T22:15"),
    ("8ish this morning", "2026-11-05T08:00"),
    ("em 04.11 às 16h", "2026-11-04T16:00"),
    ("shortly before 10pm last night", "2026-11-04T22:00"),
    ("vinte para as seis da tarde de ontem", "2026-11-04T17:40"),
    ("ontem, dez pras oito da noite", "2026-11-04T19:50"),
    ("um cuarto para las seis de la tarde de ayer", "2026-11-04T17:45"),
    ("ayer a las siete menos cuarto de la mañana", "2026-11-04T06:45"),
    ("ontem ao meio-dia e meia", "2026-11-04T12:30"),
    ("ontem, meia-noite e quarenta", "2026-11-04T00:40"),
    ("a quarter to seven yesterday morning", "2026-11-04T06:45"),
    ("yesterday about three thirty in the afternoon", "2026-11-04T15:30"),
    ("half five yesterday", "2026-11-04T17:30"),
    ("ayer a las 20 30, con la sala llena", "2026-11-04T20:30"),
    ("ontem às 19 15", "2026-11-04T19:15"),
    ("five after ten last night", "2026-11-04T22:05"),
    ("ten past three on Tuesday", "2026-11-03T15:10"),
    ("ayer a la una y pico", "2026-11-04T13:00"),
    ("el martes a las tres y diez", "2026-11-03T15:10"),
    ("yesterday 5 in evening", "2026-11-04T17:00"),
    ("4:30 in the evening yesterday", "2026-11-04T16:30"),
    ("Sunday 3 in the afternoon", "2026-11-01T15:00"),
    ("Sunday at two o'clock in the day", "2026-11-01T14:00"),
    ("ayer a las ocho de la tarde", "2026-11-04T20:00"),
    ("hoy a las siete y media", "2026-11-05T07:30"),
    ("seis horas da manhã de ontem", "2026-11-04T06:00"),
    ("8.40 today", "2026-11-05T08:40"),
    ("Tue 7.50 in the morning", "2026-11-03T07:50"),
    ("a partir das 0320 do dia 4", "2026-11-04T03:20"),
    ("segunda-feira, trinta e um de agosto, seis horas da manhã", "2026-08-31T06:00"),
    ("Monday the second at ten", "2026-11-02T10:00"),
    ("el quince de octubre a las 9 de la mañana", "2026-10-15T09:00"),
    ("on the first of the month", "2026-11-01"),
    ("on the 17th of October", "2026-10-17"),
    ("el primero de mes", "2026-11-01"),
    ("no dia de Finados, a partir das 8 horas", "2026-11-02T08:00"),
    ("on Christmas Day at 9am", "2025-12-25T09:00"),
    ("on Halloween", "2026-10-31"),
    ("antes de antier", "2026-11-02"),
    ("hace tres noches", "2026-11-02"),
    ("the night before last", "2026-11-03"),
    ("Friday gone", "2026-10-30"),
    ("foi quinta agora", "2026-11-05"),
    ("à meia-noite de terça para quarta", "2026-11-04T00:00"),
    ("on oct 20 (no time at hand)", "2026-10-20"),
    ("carga-lotes, 24/10.", "2026-10-24"),
    ("first seen 2/11.", "2026-11-02"),
    ("El 3 se cobró dos veces", "2026-11-03"),
    ("as of last evening", "2026-11-04"),
    ("terça, dia 3, logo depois do almoço, 13h05", "2026-11-03T13:05"),
    ("Boa tarde,\nHoje, desde as 8h, nada sai", "2026-11-05T08:00"),
    ("Buenas tardes,\nhoy a las 6 falló", "2026-11-05T06:00"),
    ("Good afternoon,\nquarter to five this morning it died", "2026-11-05T04:45"),
    ("Good morning,\neleven last night it stopped", "2026-11-04T23:00"),
    ("Afternoon all,\ntoday at 4 it froze", "2026-11-05T04:00"),
    ("yest 730 am", "2026-11-04T07:30"),
    ("last night at ten an artist saw it", "2026-11-04T22:00"),
    ("quarta ao meio-dia, sync-x", "2026-11-04T12:00"),
    ("isso terça às 2 da manhã", "2026-11-03T02:00"),
    ("it went down 10 last night", "2026-11-04T22:00"),
    ("half past 18 yesterday", "2026-11-04T18:30"),
    ("it oversold from about 18 hours yesterday", "2026-11-04T18:00"),
    ("four in the mornin today", "2026-11-05T04:00"),
    ("ayer alas 4 se cayó", "2026-11-04T16:00"),
    ("sábado 9 horas o coletor parou", "2026-10-31T09:00"),
    ("ayer a las 6:45", "2026-11-04T06:45"),
    ("yesterday at 2:30", "2026-11-04T14:30"),
    ("a week ago today, at a quarter past nine", "2026-10-29T09:15"),
    ("faz hoje duas semanas", "2026-10-22"),
    ("hoy hace una semana a las 10:40", "2026-10-29T10:40"),
    ("2) 24/10, às 8h", "2026-10-24T08:00"),
    ("on Monday an hour before midnight", "2026-11-02T23:00"),
    ("ontem, uma hora depois do meio-dia", "2026-11-04T13:00"),
    ("430 this morning", "2026-11-05T04:30"),
    ("ten past five yesterday mornin", "2026-11-04T05:10"),
    ("yesterday 1130pm", "2026-11-04T23:30"),
    ("since today 7.15h", "2026-11-05T07:15"),
    ("ontem 15 hora parou", "2026-11-04T15:00"),
    ("some time past ten last evening", "2026-11-04T22:00"),
    ("the first flat reading is 6 this morning", "2026-11-05T06:00"),
    ("at ten of six this mornin", "2026-11-05T05:50"),
    ("seventeen past eight yesterday evening", "2026-11-04T20:17"),
    ("Saturday round half six evening", "2026-10-31T18:30"),
    ("fell over, Monday 2130", "2026-11-02T21:30"),
    ("anteayer, a las tres y pico, digamos 3:20 de la tarde", "2026-11-03T15:20"),
    ("el lunes a las 8 y cacho de la mañana", "2026-11-02T08:00"),
)
NO_MOMENTS = (
    "port 8080, build 2026, 10.8.4.20:61616 e 24/7",
    "CPF 123.456.789-09, tel +55 11 95555-0123",
    "a sexta opção, mar, set, may",
    "na segunda ou terceira tentativa",
    "10:1 e 3/3 tentativas, retry 2/5",
    "12 out of 20",
    "demorou 2h30, timed out after 30000ms",
    "a cada 3h, em 2h, por 4h",
    "de segunda a sexta",
    "the second call, toda segunda",
    "How do I stop all flows at once?",
    "três e vinte lojas, ten to fifteen calls, menos dez pedidos",
    "the 5th attempt, in the 2nd step, on half of them",
    "dez para as oito lojas, cinco pras sucursais",
    "a las diez tiendas, às umas 12 mil linhas",
    "since 2019, desde 2020, R$ 12.40, v 5.20",
    "the 24th Christmas campaign, cartões de Natal",
    "three thirty-day trials",
    "/tides/today, https://x.example/v1/ayer",
    "cargué la 1 y la 2, la receta de la 1",
    "Jet-Set 5, o set 12",
    "a las veinte tiendas, às quinze lojas",
    "order 430, 0800 771 2000, SKU 0420.",
    "from two to three retries, de dos a tres tiendas",
    "atendemos de 9 a 18, SLA de 4 a 8 horas, demora de 2 a 3 hs",
    "from 2 to 3 percent, entre 3 e 5 clientes, entre 10 y 11 tiendas",
    "eight minutes, 5 minutos de fila",
    "five after ten attempts, as 12 15 lojas, a las 20 30 tiendas",
    "ratio 14:30:7, step 1/2, 10 out of 12, may 5 people",
    "El 4471 no abre, el 20 por ciento",
    "half the orders, half three boxes",
    "falta pouco para as dez, e 75 para as nove",
    "we are on 2.10. The flow is new, subimos a 28.10 hace poco, since 2.10 it fails.",
    "versão 28.10. do agente, from 10.04 to 11.02, since 11.15",
)


@pytest.mark.parametrize(("words", "iso"), WORDINGS)
def test_a_wording_means_one_moment(words: str, iso: str) -> None:
    assert [m.iso for m in moments(fold(words), words, ANCHOR)] == [iso]


@pytest.mark.parametrize("words", NO_MOMENTS)
def test_other_numbers_and_ordinals_are_no_moments(words: str) -> None:
    assert [m.iso for m in moments(fold(words), words, ANCHOR) if m.day] == []


@pytest.mark.parametrize(
    ("words", "written", "iso"),
    [
        ("since half past 4 today", "2026-11-05T19:44", "2026-11-05T16:30"),
        ("desde la una y media de hoy", "2026-11-05T13:59", "2026-11-05T13:30"),
        ("desde la una menos cuarto de hoy", "2026-11-05T15:16", "2026-11-05T12:45"),
        ("today at ten past four", "2026-11-05T05:00", "2026-11-05T04:10"),
        ("ten to eleven tonight", "2026-11-06T00:06", "2026-11-05T22:50"),
        ("hoje às 23h10", "2026-11-06T01:30", "2026-11-05T23:10"),
        ("hoy a las once de la noche", "2026-11-06T00:41", "2026-11-05T23:00"),
        ("hoy a las 9", "2026-11-05T21:37", "2026-11-05T21:00"),
        ("hoy a las 9", "2026-11-05T16:37", "2026-11-05T09:00"),
        ("ten past eight today", "2026-11-05T22:20", "2026-11-05T20:10"),
        ("a las diez y cuarto de hoy", "2026-11-05T22:51", "2026-11-05T22:15"),
        ("oito e dez de hoje", "2026-11-05T12:20", "2026-11-05T08:10"),
    ],
)
def test_before_or_after_noon_and_midnight_follow_from_when_it_was_written(words: str, written: str, iso: str) -> None:
    assert [m.iso for m in moments(fold(words), words, datetime.fromisoformat(f"{written}:00-03:00"))] == [iso]


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("anpr-to-billing, PROD, 21:52: OutOfMemoryError", "21:52"),
        ("en producción, desde las 14:30: nada entra", "14:30"),
        ("Partió a las 11: el cliente espera", "11:00"),
        ("em PROD, de 13h pra cá", "13:00"),
        ("Half three I fed it 96 crews", "03:30"),
        ("since 5 your API drops it", "05:00"),
        ("hace ratito, a las 7 d la noche", "19:00"),
        ("barge-feed\n0900\ntold the pens", "09:00"),
        ("prod, 0220, key d51fbe80", "02:20"),
        ("pod-upload stuck prod 2310", "23:10"),
        ("bid-submit prd 0431 aest", "04:31"),
        ("começou 17 e 30, na hora do rush", "17:30"),
        ("21 y 30 dejó de andar", "21:30"),
        ("quando deram onze horas sumiu tudo", "11:00"),
        ("it stopped at ten of six, they say", "05:50"),
    ],
)
def test_a_time_that_stands_alone_is_read_whatever_follows_it(words: str, time: str) -> None:
    told = [m.time for m in moments(fold(words), words, ANCHOR)]
    assert [f"{one:%H:%M}" for one in told if one] == [time]


@pytest.mark.parametrize(
    "words",
    [
        "prod 2310 pedidos, lote 2310 e 1145 caixas",
        "páginas 17 e 30, itens 21 y 30",
        "in the past ten days, past two attempts, past 10 retries",
        "v7.15hx, 730 amps, 1130 pmol, room 730",
        "15 hora de atraso, 15 horas parado",
        "two of six boxes, ten of them",
        "deram onze caixas, dieron once vueltas",
        "cut from about 18 hours of video",
        "two weeks ago, há duas semanas, an hour before five calls",
    ],
)
def test_other_numbers_are_no_times(words: str) -> None:
    assert moments(fold(words), words, ANCHOR) == []


def test_two_days_in_a_row_are_two_moments() -> None:
    words = "04/11 10:00 e 05/11 08:00"
    assert [m.iso for m in moments(fold(words), words, ANCHOR)] == ["2026-11-04T10:00", "2026-11-05T08:00"]


@pytest.mark.parametrize(
    "words",
    [
        "Queremos acabar até 20 de novembro. Na sexta às 16h20 a busca parou.",
        "Queremos acabar até 20 nov. Na sexta às 16h20 a busca parou.",
        "We hope to finish by 20 November. On Friday at 16:20 the lookup stopped.",
        "Queremos terminar el 20 de noviembre. El viernes a las 16:20 dejó de responder.",
    ],
)
def test_a_day_at_the_end_of_a_sentence_is_not_that_of_the_next(words: str) -> None:
    assert [m.iso for m in moments(fold(words), words, ANCHOR)][-1] == "2026-10-30T16:20"


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("we have since 28.10. the problem", "2026-10-28"),
        ("desde 28.10. o fluxo não roda", "2026-10-28"),
        ("el 28.10. dejó de correr", "2026-10-28"),
        ("on 28.10. at 14:05 it stopped", "2026-10-28T14:05"),
        ("parou 20 out. às 9h", "2026-10-20T09:00"),
    ],
)
def test_days_with_dots_are_days(words: str, iso: str) -> None:
    assert [m.iso for m in moments(fold(words), words, ANCHOR)] == [iso]


def test_the_place_of_a_moment_is_that_of_its_words() -> None:
    words = "O fluxo parou ontem, por volta das 16h40, em produção."
    (moment,) = moments(fold(words), words, ANCHOR)
    assert words[moment.start : moment.end] == "ontem, por volta das 16h40"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("words", ["05/11/2026 14:20 ", "ontem às 14h20 ", "1 ", "ha 2 dias ", "segunda ", ":", "14h"])
def test_a_megabyte_of_anything_is_read_in_no_time(words: str) -> None:
    text = words * (1_000_000 // len(words))
    assert len(moments(fold(text), text, ANCHOR)) <= 80
