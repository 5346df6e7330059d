"""Whole lives of tickets on a real Dovecot: each pack in each language, then days with a holiday, a breach, a night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from desk import ENGINEER, LEADS, ON_CALL, Desk, words
from servers import Dovecot

from mailbot.demo.smtp_server import DemoSmtpServer
from mailbot.tickets.model import State

ANA, BIA, EDU = "Ana Souza <ana@aurora.example>", "Bia Lima <bia@aurora.example>", f"Edu Reis <{ENGINEER}>"
SP = ZoneInfo("America/Sao_Paulo")
PICTURE = ("print.png", "image/png", b"\x89PNG\r\n\x1a\n" + Random(1).randbytes(4000))


@pytest.fixture
def desk(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []
    with DemoSmtpServer() as smtp:

        def make(now: datetime, **boxes: str) -> Desk:
            made.append(Desk(dovecot, smtp, tmp_path, monkeypatch, boxes, now))
            return made[-1]

        yield make
        for each in made:
            each.close()


# --- one life ---


@dataclass(frozen=True)
class Life:
    """What the customer writes, in the language, and where the ticket goes."""

    gap: tuple[str, str]  # subject and text that leave something out
    asks: tuple[str, ...]  # fields
    answer: str
    team: str
    thanks: str
    files: tuple[tuple[str, str, bytes], ...] = ()


REST = "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\n"
LIVES = {
    ("digibee", "pt"): Life(
        ("Fluxo sync-pedidos parado", "O fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP."),
        ("pipeline_key", "error_message", "occurred_at", "prior_analysis"),
        REST + "Mensagem de erro: connect timed out\nData e hora: 03/11/2026 08:40\n"
        "Análises anteriores: reiniciamos o agente e ele voltou por dez minutos, depois caiu de novo",
        "team", "Sim, obrigada!",
    ),
    ("digibee", "en"): Life(
        ("sync-orders stopped", "The pipeline sync-orders stopped in production, orders do not reach the ERP."),
        ("pipeline_key", "error_message", "occurred_at", "prior_analysis"),
        REST + "Error message: connect timed out\nDate and time: 2026-11-03 08:40\n"
        "Previous analysis: we restarted the agent and it came back for ten minutes, then it fell again",
        "team", "Yes, thank you!",
    ),
    ("digibee", "es"): Life(
        ("sync-pedidos detenido", "El pipeline sync-pedidos se detuvo en producción, los pedidos no llegan al ERP."),
        ("pipeline_key", "error_message", "occurred_at", "prior_analysis"),
        REST + "Mensaje de error: connect timed out\nFecha y hora: 03/11/2026 08:40\n"
        "Análisis previo: reiniciamos el agente y volvió por diez minutos, después cayó de nuevo",
        "team", "Sí, ¡gracias!",
    ),
    ("api-operations", "pt"): Life(
        ("Erro", "Bom dia, uma operação da API falha para alguns clientes em produção."),
        ("title", "occurred_at", "steps_to_reproduce", "evidence"),
        "Título: cobrança devolve 500\nData e hora: 03/11/2026 09:10\n"
        "Etapas: 1. gerar o token 2. POST /v1/charges com cartão 3. a resposta é 500\nO print vai em anexo.",
        "production", "Sim, resolveu.", (PICTURE,),
    ),
    ("api-operations", "en"): Life(
        ("Error", "Good morning, an operation of the API fails for some customers in production."),
        ("title", "occurred_at", "steps_to_reproduce", "evidence"),
        "Title: charges answer 500\nDate and time: 2026-11-03 09:10\n"
        "Steps: 1. get a token 2. POST /v1/charges with a card 3. the answer is 500\nThe screenshot is attached.",
        "production", "yes", (PICTURE,),
    ),
    ("api-operations", "es"): Life(
        ("Error", "Buenos días, una operación de la API falla para algunos clientes en producción."),
        ("title", "occurred_at", "steps_to_reproduce", "evidence"),
        "Título: los cobros devuelven 500\nFecha y hora: 03/11/2026 09:10\n"
        "Pasos: 1. obtener el token 2. POST /v1/charges con tarjeta 3. la respuesta es 500\nAdjunto la captura.",
        "production", "Sí", (PICTURE,),
    ),
    ("sharpspring", "pt"): Life(
        ("Erro", "Bom dia, não funciona desde ontem, dá erro."), ("component", "description"),
        "Parte do produto: relatórios\nDescrição: o relatório mensal mostra zero em todas as campanhas",
        "team", "Sim, obrigado!",
    ),
    ("sharpspring", "en"): Life(
        ("Help", "Hello, it does not work since yesterday, please help."), ("component", "description"),
        "Part of the product: reports\nDescription: the monthly report shows zero for every campaign",
        "team", "Yes, all good now",
    ),
    ("sharpspring", "es"): Life(
        ("Ayuda", "Hola, no funciona nada desde ayer, ayúdenme por favor."), ("component", "description"),
        "Parte del producto: reportes\nDescripción: el reporte mensual muestra cero en todas las campañas",
        "team", "Sí, muchas gracias",
    ),
}  # fmt: skip
SAID = {
    "pt": {"gap": "precisamos saber", "stage": "avançou no desenvolvimento", "back": "voltou a uma etapa anterior"},
    "en": {"gap": "we need to know", "stage": "has moved on in development", "back": "gone back to an earlier stage"},
    "es": {"gap": "necesitamos saber", "stage": "avanzó en el desarrollo", "back": "volvió a una etapa anterior"},
}


@pytest.mark.parametrize(("pack", "language"), LIVES, ids=lambda value: value)
def test_the_full_life_of_a_ticket(desk: Callable[..., Desk], pack: str, language: str) -> None:
    life, said = LIVES[pack, language], SAID[language]
    play = desk(datetime(2026, 11, 3, 10, tzinfo=SP), support=pack)
    # Ana leaves things out: one reply, which asks for them in her language.
    play.writes(ANA, *life.gap)
    request = play.mail_to("ana@aurora.example")
    assert len(play.sent) == 1
    assert said["gap"] in words(request)
    assert "[#1]" in str(request["Subject"])
    assert play.ticket().language == language
    assert tuple(play.ticket().asked) == life.asks
    assert play.ticket().state is State.WAITING
    # She answers below our quoted questions: one acknowledgement, and the team gets its summary.
    play.writes(ANA, "", life.answer, answers=request, files=life.files)
    known = play.mail_to("ana@aurora.example")
    assert known["In-Reply-To"]
    summary = play.mail_to(f"{life.team}@desk.example")
    assert len(play.sent) == 2
    assert "Banco Aurora" in str(summary["Subject"])
    assert [p.get_filename() for p in summary.iter_attachments()] == [name for name, *_ in life.files]
    assert (play.ticket().state, play.ticket().marked_incomplete) == (State.READY, False)
    # Edu answers the summary, unproved but to its secret address: his words reach Ana from the desk, in her thread.
    play.writes(EDU, "", "Ana, achamos / found / encontramos: 42.\n/note internal", answers=summary, proved=False)
    answer = play.mail_to("ana@aurora.example")
    assert "42." in words(answer)
    assert "internal" not in words(answer)
    assert "support@desk.example" in str(answer["From"])
    assert str(request["Message-ID"]) in str(answer["References"])
    assert answer["Auto-Submitted"] is None
    assert (play.ticket().state, play.ticket().assignee) == (State.IN_PROGRESS, ENGINEER)
    # Development: two stages forward, one back; Ana sees each as a bar.
    stages = play.engine.house.packs[pack].stages
    play.writes(EDU, "", f"/link DEV-7\n/stage {stages[0]}", answers=summary, proved=False)
    for stage, bar, words_of in ((1, "●●○○○", "stage"), (2, "●●●○○", "stage"), (1, "●●○○○", "back")):
        play.writes(EDU, "", f"/stage {stages[stage]}", answers=summary, proved=False)
        told = play.mail_to("ana@aurora.example")
        assert bar in words(told)
        assert said[words_of] in words(told)
        assert play.ticket().state is State.IN_DEVELOPMENT
    # Resolved: one mail with one question; her yes is kept and thanked for.
    play.writes(EDU, "", "/resolve", answers=summary, proved=False)
    asked = play.mail_to("ana@aurora.example")
    assert play.ticket().state is State.RESOLVED
    play.writes(ANA, "", life.thanks, answers=asked)
    assert len(play.sent) == 1
    assert play.mail_to("ana@aurora.example")
    assert play.engine.store.survey(1).answer == "yes"
    assert play.ticket().state is State.RESOLVED
    assert play.seen_on_the_server()
    assert [t.number for t in play.engine.store.list_tickets(limit=9)] == [1]


# --- days ---


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SP)


def day_of(mail: EmailMessage) -> tuple[int, int]:
    local = mail["Date"].datetime.astimezone(SP)
    return local.month, local.day


def test_two_weeks_with_a_silent_customer_a_holiday_a_breach_a_night_and_the_digests(desk: Callable[..., Desk]) -> None:
    play = desk(at(10, 29, 9, 50), support="digibee", api="api-operations")  # a Thursday; Monday 2 November is Finados
    silent, urgent = LIVES["digibee", "es"], LIVES["digibee", "pt"]
    # 10:00: Ana leaves things out, in Spanish, and then says nothing more. 10:10: Bia writes all that is needed.
    play.writes(ANA, *silent.gap)
    request = play.mail_to("ana@aurora.example")
    told = f"{urgent.gap[1]}\n{urgent.answer}".replace("sync-pedidos", "notas-sap").replace("03/11", "29/10")
    play.writes(BIA, "Fluxo notas-sap parado", told)
    summary = play.mail_to("team@desk.example")
    assert play.ticket(2).priority == 2
    # Four hours of work are the target for Bia's ticket: the leads hear an hour before, and when it is missed.
    play.until(at(10, 29, 17, 30))
    hours = [m["Date"].datetime.astimezone(SP).hour for m in play.mails_to(LEADS) if "notas-sap" in words(m)]
    assert hours == [13, 14]
    assert play.mails_to("ana@aurora.example") == []
    play.writes(EDU, "", "Bia, estamos olhando.", answers=summary, proved=False)
    assert "estamos olhando" in words(play.mail_to("bia@aurora.example"))
    # Friday's digest; nothing on Saturday.
    play.until(at(10, 31, 22, 40))
    digests = [m for m in play.mails_to("team@desk.example") if day_of(m) == (10, 30)]
    assert len(digests) == 1
    assert "#1" in words(digests[0])
    assert [m for m in play.sent if m["Date"].datetime > at(10, 31, 0)] == []
    # Saturday, 22:50: everything is down at the API's customers. Those on call are woken at once, the customer gets the
    # phone of their institution; by the clock an hour later the target is missed.
    play.writes(
        ANA, "URGENTE: API de pagamentos indisponível em produção", to="api",
        text="Toda a API está fora do ar em produção desde as 22:40, nenhum cliente paga. Vazamento de dados!",
    )  # fmt: skip
    assert "+55 11 5555-0100" in words(play.mail_to("ana@aurora.example"))
    assert "P1" in str(play.mail_to(ON_CALL)["Subject"])
    play.until(at(11, 1, 1))
    missed = [m for m in play.mails_to(LEADS) if "past the agreed time" in str(m["Subject"])]
    assert len(missed) == 1
    assert ON_CALL in str(missed[0]["To"])
    # Sunday, and Monday, a holiday: neither a reminder nor a digest. Tuesday is the first working day of the week.
    play.until(at(11, 2, 23, 59))
    assert [str(m["Subject"]) for m in play.sent if "Re:" in str(m["Subject"])] == []
    assert play.mails_to("team@desk.example") == []
    play.until(at(11, 3, 18))
    reminder = play.mail_to("ana@aurora.example")
    assert str(request["Message-ID"]) in str(reminder["References"])
    assert reminder["Date"].datetime.astimezone(SP).hour in (10, 11)
    assert "a la espera de su respuesta" in words(reminder)
    weekly = [m for m in play.mails_to(LEADS) if "week" in str(m["Subject"])]
    assert len(weekly) == 2  # one for each pack
    assert all([p["Content-ID"] for p in m.walk() if p["Content-ID"]] for m in weekly)
    # Three days of work later Ana's ticket is closed politely; her late answer opens it again, on the same ticket.
    play.until(at(11, 6, 18))
    closing = play.mail_to("ana@aurora.example")
    assert day_of(closing) == (11, 6)
    assert play.ticket(1).state is State.CLOSED
    play.until(at(11, 9, 9))
    play.writes(ANA, "", silent.answer.replace("03/11", "29/10"), answers=closing)
    assert play.mail_to("ana@aurora.example")
    assert play.ticket(1).state is State.READY
    assert [t.number for t in play.engine.store.list_tickets(limit=9)] == [3, 2, 1]
    assert play.seen_on_the_server()
