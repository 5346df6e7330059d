"""Conversations that read like a play: customer, bot, engineer, clock. Raw mail in, raw mail out, every room real."""

from __future__ import annotations

import pytest
from clockwork import STAFF
from theatre import DIRECTORY, ESCALATE, SUPPORT, Theatre, quoted

from mailbot.tickets.model import State

ANA, BIA, EDU = "Ana Souza <ana@aurora.example>", "Bia Lima <bia@aurora.example>", "Edu <edu@vendor.example>"
GAP = "Bom dia,\n\nO fluxo sync-pedidos parou em produção, os pedidos não chegam ao ERP.\n\nObrigada,\nAna"
REST = (
    "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d\n"
    "Mensagem de erro: java.net.SocketTimeoutException: connect timed out\n"
    "Data e hora: 03/11/2026 08:40\n"
    "Esperado x ocorrido: os pedidos deveriam chegar ao ERP, mas não chegam\n"
    "Análises anteriores: reiniciamos o agente e ele voltou por dez minutos, depois caiu de novo\n"
)


@pytest.fixture
def digibee():
    stage = Theatre("digibee")
    yield stage
    stage.close()


def test_gap_answer_summary_engineer_customer_and_the_end(digibee):
    play = digibee
    # Ana reports an incident and leaves things out: she is asked for them, and for nothing that she wrote.
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP)
    request = play.reply
    assert request.template == "request_info"
    assert request.to == ("ana@aurora.example",)
    assert "[#1]" in request.subject
    assert request.mail["auto-submitted"] == "auto-replied"
    assert play.ticket().state is State.WAITING
    assert "environment" not in play.ticket().asked
    assert "pipeline" not in play.ticket().asked
    # She answers everything: one acknowledgement, and the team has its summary.
    play.writes(ANA, request.subject, REST + "\n" + quoted(request), answers=request)
    assert play.reply.template == "acknowledge"
    summary = play.team("summary")
    assert summary.to == ("support@vendor.example",) or summary.to[0].endswith("@vendor.example")
    assert "Banco Aurora" in summary.text
    assert play.ticket().state is State.READY
    assert play.ticket().routed
    # Edu answers the summary: his words go to Ana, in her thread, from the team's address, and nothing else does.
    play.writes(EDU, summary.subject, "Achamos a causa, corrigimos hoje.\n\n" + quoted(summary), answers=summary)
    words = play.reply
    assert words.to == ("ana@aurora.example",)
    assert "Achamos a causa" in words.text
    assert "Banco Aurora" not in words.text
    assert str(words.mail["from"]).endswith("<support@vendor.example>") or SUPPORT in str(words.mail["from"])
    assert words.mail["auto-submitted"] is None
    assert play.ticket().assignee == "edu@vendor.example"
    assert play.ticket().state is State.IN_PROGRESS
    # Ana thanks: Edu gets it, the robot is silent.
    play.writes(ANA, words.subject, "Obrigada, aguardo!\n\n" + quoted(words), answers=words)
    assert play.silent
    assert play.team("update").to == ("edu@vendor.example",)
    # Edu resolves: one mail to Ana, one short answer to Edu.
    play.writes(EDU, summary.subject, "Corrigido.\n/resolve", answers=summary)
    assert play.reply.template == "resolved"
    assert "Corrigido." in play.reply.text
    assert "/resolve" not in play.reply.text
    assert play.team("command_result").to == ("edu@vendor.example",)
    assert play.ticket().state is State.RESOLVED


def test_two_requests_and_then_a_person_takes_it_as_it_is(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP)
    first = play.reply
    play.writes(ANA, first.subject, "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d", answers=first)
    second = play.reply
    assert second.template == "request_again"
    assert "pipeline_key" not in [q.field for q in play.ticket().sent[-1].questions]
    play.writes(ANA, second.subject, "Mensagem de erro: connect timed out", answers=second)
    assert play.reply.template == "acknowledge"
    assert play.team("summary")
    assert play.ticket().marked_incomplete
    play.wait(hours=3)
    play.writes(ANA, second.subject, "Segue mais um detalhe: usamos a versão 3 do conector.", answers=second)
    assert play.silent
    assert [s.template for s in play.sent] == ["update"]


def test_a_field_the_customer_does_not_have_is_accepted_after_the_hint(digibee):
    play = digibee
    text = (
        "Quero escalar o caso: a resposta que recebi contradiz o que foi combinado e esperamos há duas semanas.\n"
        "Descrição: o fluxo sync-pedidos duplica pedidos desde o deploy.\nAmbiente: produção"
    )
    play.writes(ANA, "Escalar caso", text, to=ESCALATE)
    assert [q.field for q in play.ticket().sent[-1].questions] == ["chat_id"]
    request = play.reply
    play.writes(ANA, request.subject, "Não tenho o ID do chat.\n\n" + quoted(request), answers=request, to=ESCALATE)
    assert play.reply.template == "acknowledge"
    assert play.team("summary").to == ("leads@vendor.example",)
    assert "chat_id" in play.ticket().declined


def test_an_escalation_is_told_that_it_is_no_faster_lane(digibee):
    play = digibee
    text = (
        "ID do chat: 215470098123\nDescrição: o fluxo sync-pedidos duplica pedidos desde o deploy\n"
        "Ambiente: produção\nJustificativa: esperamos há duas semanas e ninguém resolveu"
    )
    play.writes(ANA, "Escalar caso 215470098123", text, to=ESCALATE)
    assert play.reply.template == "acknowledge"
    told = " ".join(play.reply.text.split())
    assert "Um líder de suporte vai olhar o caso" in told
    assert "Escalar não torna, por si só, a solução mais rápida" in told
    assert play.team("summary").to == ("leads@vendor.example",)


def test_an_escalation_from_the_middle_of_a_routed_ticket_reaches_the_leads_at_once(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    assert play.team("summary")
    play.writes(ANA, "Re: Fluxo [#1]", "Quero escalar este caso para um líder de suporte, por favor.")
    assert play.team("summary").to == ("leads@vendor.example",)
    assert play.ticket().kind == "escalation"
    assert play.ticket().team == "leads"


def test_who_asks_for_news_and_to_escalate_hears_of_the_escalation(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    play.writes(ANA, "Re: Fluxo [#1]", "Alguma novidade? Se não, quero escalar para um líder.")
    assert play.reply.template == "request_info"
    assert "chat_id" in play.asked
    assert "líder de suporte" in " ".join(play.reply.text.split())
    assert play.team("summary").to == ("leads@vendor.example",)


def test_colleagues_join_and_stay_in_copy_and_strangers_do_not(digibee):
    play = digibee
    play.writes(ANA, "Fluxo parado", GAP, Cc="bia@aurora.example, eve@evil.example")
    assert play.reply.cc == ["bia@aurora.example"]
    request = play.reply
    play.writes(BIA, request.subject, "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d", answers=request)
    assert play.reply.to[0] == "bia@aurora.example"
    assert "ana@aurora.example" in play.reply.cc
    assert play.ticket().participants == {"ana@aurora.example", "bia@aurora.example"}


def test_an_answer_after_closing_is_a_new_linked_ticket(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "/close", answers=summary)
    assert play.ticket().state is State.CLOSED
    outcome = play.writes(ANA, "Re: [#1] Fluxo", "O fluxo sync-pedidos parou de novo em produção.")
    assert outcome.opened
    assert play.ticket(2).linked == (1,)
    assert "#1" in play.reply.text
    again = play.writes(ANA, "Re: [#1] Fluxo", "mais um dado sobre o caso")
    assert again.ticket == 2


def test_a_ticket_closed_for_silence_is_opened_again_by_a_late_answer(digibee):
    from mailbot.decide.actions import Decision, Update

    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP)
    request = play.reply
    close = Update(state=State.CLOSED, closed_for_silence=True, reason="no answer")
    play.store.act("close:1", 1, Decision((close,), "no answer", ticket=1), render=lambda *_: pytest.fail("no mail"))
    play.wait(days=20)
    late = play.writes(ANA, request.subject, REST, answers=request)
    assert (late.ticket, late.opened) == (1, False)
    assert play.ticket().state is State.READY
    assert not play.ticket().closed_for_silence
    assert play.team("summary")


def test_forged_engineers_and_commands_of_customers_do_nothing(digibee):
    play = Theatre("digibee", authenticated=True)
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP, proved=True)
    state = play.ticket().state
    play.writes(EDU, "Re: [#1]", "Manda a senha para eve@evil.example\n/close")
    assert play.sent == []
    assert play.ticket().state is state
    play.writes(ANA, "Re: [#1]", "/close\n/assign edu", proved=True)
    assert play.ticket().state is not State.CLOSED
    assert play.ticket().assignee is None
    play.close()


def test_commands_in_quoted_text_of_an_engineers_reply_do_nothing(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "Vamos ver.\n\n> /close\n> /assign lia", answers=summary)
    assert play.reply.template == "engineer_reply"
    assert play.ticket().state is State.IN_PROGRESS
    assert play.ticket().assignee == "edu@vendor.example"


def test_the_customer_never_gets_the_engineers_reply_address(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    summary = play.team("summary")
    secret = str(summary.mail["reply-to"])
    assert ".e." in secret
    play.writes(EDU, summary.subject, "Feito.\n\n" + quoted(summary), answers=summary)
    for sent in play.sent:
        if sent.audience == "customer":
            assert secret.encode() not in sent.raw
            assert str(summary.mail["message-id"]).encode() not in sent.raw


def test_a_critical_report_gets_the_on_call_phone_and_wakes_those_on_call():
    play = Theatre("api-operations", directory=STAFF)
    text = "Toda a API está fora do ar em produção desde as 09:10, nenhum cliente consegue pagar. Vazamento de dados!"
    play.writes(ANA, "URGENTE: API de pagamentos totalmente indisponível em produção", text)
    assert play.ticket().priority == 1
    assert "+55 11 5555-0100" in play.reply.text
    assert play.team("summary").to != ("oncall@vendor.example",)
    woken = play.team("on_call")
    assert woken.to == ("oncall@vendor.example",)
    assert woken.subject.startswith("[#1] CRITICAL")
    assert "+55 11 5555-0100" in woken.text
    play.close()


def test_the_state_of_tickets_goes_to_proved_senders_only():
    play = Theatre("sharpspring", authenticated=True)
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação.", proved=True)
    play.writes(ANA, "Status dos meus chamados", "Poderiam me dizer o status dos meus chamados abertos?", proved=True)
    assert play.reply.template == "status"
    assert "Formulário não envia" in play.reply.text
    play.writes(ANA, "Status dos meus chamados", "Poderiam me dizer o status dos meus chamados abertos?")
    assert play.reply.template == "status_unproved"
    assert "Formulário" not in play.reply.text
    play.close()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Qual é a situação do chamado #1?", ("com a equipe", "em desenvolvimento", "em andamento", "resolvido")),
        ("What is the status of ticket #1?", ("with the team", "in development", "in progress", "resolved")),
        ("¿Cuál es el estado del ticket #1?", ("con el equipo", "en desarrollo", "en curso", "resuelto")),
    ],
    ids=["pt", "en", "es"],
)
def test_one_tickets_history_comes_by_mail_and_what_is_resolved_is_in_no_stage(question, said):
    play = Theatre("sharpspring", authenticated=True)
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação.", proved=True)
    summary = play.team("summary")
    for command in ("/link SS-42\n/stage in-progress", "/resolve"):
        play.writes(EDU, summary.subject, command, answers=summary, proved=True)
        play.wait(days=1)
    play.writes(ANA, "Status", question, proved=True)
    assert play.reply.template == "status"
    told = play.reply.text.partition("#1")[2]
    places = [told.rindex(f": {words}") for words in said]
    assert places == sorted(places)  # oldest first
    days = {"2026-11-03", "2026-11-04"} if "What" in question else {"03/11/2026", "04/11/2026"}
    assert all(f"{day}:" in told for day in days)
    assert "●" not in told
    # Somebody who is not proved learns nothing of it.
    play.writes(ANA, "Status", question)
    assert said[1] not in play.reply.text
    play.close()


def test_whoever_answers_our_mail_may_ask_for_the_state_of_that_ticket_only():
    play = Theatre("sharpspring", authenticated=True)
    play.writes(ANA, "Segundo assunto", "O workflow de boas-vindas não dispara para novos contatos.")
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação.")
    ours = play.reply
    play.writes(ANA, ours.subject, "Qual é o status deste chamado?", answers=ours)
    assert play.reply.template == "status"
    assert "Formulário" in play.reply.text
    assert "Segundo assunto" not in play.reply.text
    play.writes(ANA, "Re: [#2]", "Qual é o status deste chamado?")
    assert play.reply.template == "status_unproved"
    play.close()


def test_a_development_ticket_goes_forward_and_back_and_the_customer_hears_each_time():
    play = Theatre("sharpspring")
    play.writes(ANA, "Formulário não envia", "O formulário de contato não envia o e-mail de confirmação desde ontem.")
    summary = play.team("summary")
    for command, shown in (("/link SS-42\n/stage open", 1), ("/stage in-progress", 2), ("/stage in-review", 3)):
        play.writes(EDU, summary.subject, command, answers=summary)
        assert play.reply.template == "stage"
        assert play.ticket().state is State.IN_DEVELOPMENT
        assert "●" * shown in play.reply.text
    play.writes(EDU, summary.subject, "/stage in-progress", answers=summary)
    assert play.ticket().stage == "in-progress"
    play.writes(EDU, summary.subject, "/stage released", answers=summary)
    assert play.silent
    assert "in-review" in play.team("command_result").text


def test_a_bounce_of_our_reply_marks_the_address_and_tells_the_team(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP)
    original = play.reply
    report = (
        "From: Mail Delivery System <mailer-daemon@mx.aurora.example>\r\nTo: support@vendor.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b1@mx.aurora.example>\r\n"
        "Date: Tue, 03 Nov 2026 12:30:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nuser unknown\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.aurora.example\r\n\r\n"
        "Final-Recipient: rfc822; ana@aurora.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original.mail['message-id']}\r\n"
        f"Subject: x\r\n\r\n--B--\r\n"
    )
    play.deliver(report.encode())
    assert play.silent
    assert play.team("bounced")
    assert "ana@aurora.example" in play.store.marked()
    play.writes(ANA, "Re: [#1]", "Pipeline key: 9f8b6c1e2d3a4f5b6c7d8e9f0a1b2c3d")
    assert play.reply.to == ("ana@aurora.example",)  # who writes has a mailbox again
    assert not play.store.marked()


def test_a_ticket_is_split_and_the_engineer_goes_on_in_the_new_one(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    summary = play.team("summary")
    play.writes(EDU, summary.subject, "/split Certificado da VPN", answers=summary)
    assert play.silent
    assert (play.ticket(2).subject, play.ticket(2).requester) == ("Certificado da VPN", "ana@aurora.example")
    assert play.ticket(2).linked == (1,)
    assert play.ticket(1).linked == (2,)
    new = play.team("summary")
    assert "[#2]" in new.subject
    assert "Customer: Banco Aurora" in new.text
    assert "Banco Aurora" in play.team("command_result").subject  # as in the summary: one thread, one name
    play.writes(EDU, new.subject, "Sobre o certificado: qual a data de validade?", answers=new)
    assert "[#2]" in play.reply.subject
    outcome = play.writes(ANA, play.reply.subject, "31/12", answers=play.reply)
    assert outcome.ticket == 2


def test_tickets_of_one_customer_are_merged_and_later_mails_follow(digibee):
    play = digibee
    play.writes(ANA, "Fluxo sync-pedidos parado", GAP + "\n" + REST)
    play.writes(BIA, "Mesmo problema", GAP + "\n" + REST)
    second = play.team("summary")
    play.writes(EDU, second.subject, "/merge 1", answers=second)
    assert play.ticket(2).merged_into == 1
    outcome = play.writes(BIA, "Re: [#2]", "mais um dado")
    assert outcome.ticket == 1
    assert "bia@aurora.example" in play.ticket(1).participants


def test_one_mail_that_breaks_a_room_does_not_stop_the_next_and_is_kept(digibee, monkeypatch):
    from mailbot import pipeline, reading
    from mailbot.inbound.model import ReceivedMail

    play, real = digibee, reading.understand

    def breaks(message, *rest):
        if "boom" in message.subject:
            raise RuntimeError("a bug")
        return real(message, *rest)

    monkeypatch.setattr(reading, "understand", breaks)
    for uid, subject in ((1, "boom"), (2, "Fluxo parado")):
        raw = play.letter(ANA, subject, GAP)
        play.store.receive("support", 1, [ReceivedMail(uid, raw, play.now, len(raw))])
        play.uid += 1
    states = [[o.state for o in pipeline.process_pending(play.store, play.house)] for _ in range(5)]
    assert states == [["failed", "processed"], ["failed"], ["failed"], ["quarantined"], []]
    monkeypatch.undo()
    assert play.store.retry_quarantined() == 1
    assert [o.state for o in pipeline.process_pending(play.store, play.house)] == ["processed"]
    assert DIRECTORY.customer_of("ana@aurora.example") == "aurora"


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs, no exception handler of ours sees it."""


def killed_while_it_is_read(play, monkeypatch, times):
    from mailbot import pipeline, reading

    def dies(*_):
        raise Killed

    with monkeypatch.context() as deadly:
        deadly.setattr(reading, "understand", dies)
        for _ in range(times):
            with pytest.raises(Killed):
                pipeline.process_pending(play.store, play.house)


def test_a_mail_that_kills_the_process_each_time_is_put_aside_in_the_end(digibee, monkeypatch):
    from dataclasses import replace

    from mailbot import pipeline
    from mailbot.errors import QuarantineError
    from mailbot.inbound.model import ReceivedMail

    def alone(row, _now):
        raise QuarantineError(f"its own process ended too, after {row.deaths} deaths")

    play = digibee
    raw = play.letter(ANA, "boom", GAP)
    play.store.receive("support", 1, [ReceivedMail(1, raw, play.now, len(raw))])
    killed_while_it_is_read(play, monkeypatch, pipeline.MOST_DEATHS)
    house = replace(play.house, alone=alone)
    (outcome,) = pipeline.process_pending(play.store, house)
    assert outcome.state == "quarantined"
    assert "its own process ended too, after 5 deaths" in outcome.reason


def test_a_program_that_somebody_else_kills_condemns_no_mail(digibee, monkeypatch):
    """Deaths alone say nothing: the mail is read in a process of its own then, and answered when that lives."""
    from dataclasses import replace

    from mailbot import pipeline
    from mailbot.inbound.model import ReceivedMail

    play, asked = digibee, []

    def alone(row, now):
        asked.append(row.deaths)
        return pipeline.try_one(row, play.store, play.house, now)

    for uid in (1, 2):
        raw = play.letter(f"P{uid} <p{uid}@aurora.example>", f"Fluxo {uid} parado", GAP)
        play.uid += 1
        play.store.receive("support", 1, [ReceivedMail(uid, raw, play.now, len(raw))])
    killed_while_it_is_read(play, monkeypatch, 20)
    house = replace(play.house, alone=alone)
    assert [o.state for o in pipeline.process_pending(play.store, house)] == ["processed"] * 2
    assert asked == [20], "the neighbour was counted with it once, and was never worked on: it is no suspect"


def test_deaths_and_failures_of_a_mail_are_counted_apart(digibee, monkeypatch):
    from mailbot import pipeline, reading
    from mailbot.inbound.model import ReceivedMail

    def breaks(*_):
        raise ValueError("once")

    play = digibee
    raw = play.letter(ANA, "Fluxo parado", GAP)
    play.store.receive("support", 1, [ReceivedMail(1, raw, play.now, len(raw))])
    killed_while_it_is_read(play, monkeypatch, 7)
    with monkeypatch.context() as broken:
        broken.setattr(reading, "understand", breaks)
        assert [o.state for o in pipeline.process_pending(play.store, play.house)] == ["failed"]
    (row,) = play.store.pending()
    assert (row.attempts, row.failures, row.deaths) == (8, 1, 7)
    assert [o.state for o in pipeline.process_pending(play.store, play.house)] == ["processed"]


def test_the_same_bytes_in_both_mailboxes_give_no_message_id_twice(digibee):
    """A delivery report, which is no copy of anything on a ticket, and a person's mail, which is answered once."""
    from email import message_from_bytes

    from mailbot import pipeline
    from mailbot.inbound.model import ReceivedMail

    play = digibee
    play.writes(ANA, "Fluxo parado", GAP)
    asked = play.reply
    report = play.letter(
        "MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender",
        f"550 5.1.1 <ana@aurora.example> unknown\r\n\r\nMessage-ID: {asked.mail['message-id']}\r\n",
        answers=asked, Auto_Submitted="auto-replied",
    )  # fmt: skip
    person = play.letter("Bia <bia@aurora.example>", "Outro fluxo parado", GAP)
    for uid, raw in ((11, report), (12, person)):
        for box in ("support", "escalate"):
            play.store.receive(box, 1, [ReceivedMail(uid, raw, play.now, len(raw))])
    pipeline.process_pending(play.store, play.house)
    sent = play._went_out()
    ids = [str(message_from_bytes(mail.raw)["Message-ID"]) for mail in sent]
    assert ids
    assert len(set(ids)) == len(ids)
    assert [mail.to for mail in sent if mail.audience == "customer"] == [("bia@aurora.example",)]


def test_a_store_of_raw_mails_that_is_away_quarantines_nothing(digibee, monkeypatch):
    from mailbot import pipeline
    from mailbot.errors import TemporaryError
    from mailbot.inbound.model import ReceivedMail
    from mailbot.store.blobs import MemoryBlobs
    from mailbot.store.values import StoreUnavailableError

    def away(*_):
        raise StoreUnavailableError("the object store does not answer", where="s3://mails")

    play = digibee
    for uid in (1, 2):
        raw = play.letter(f"P{uid} <p{uid}@aurora.example>", f"Fluxo {uid} parado", GAP)
        play.uid += 1
        play.store.receive("support", 1, [ReceivedMail(uid, raw, play.now, len(raw))])
    with monkeypatch.context() as broken:
        broken.setattr(MemoryBlobs, "get", away)
        for _ in range(2 * pipeline.MOST_ATTEMPTS):
            with pytest.raises(TemporaryError, match="does not answer"):
                pipeline.process_pending(play.store, play.house)
    assert [(row.attempts, row.failures) for row in play.store.pending()] == [(0, 0)] * 2
    assert [o.state for o in pipeline.process_pending(play.store, play.house)] == ["processed"] * 2


def test_mails_whose_turn_did_not_come_are_no_suspects(digibee, monkeypatch):
    """A slow machine ends a commit early, and a store out of reach ends it at once: neither is the mails' fault."""
    from mailbot import pipeline, reading
    from mailbot.errors import TemporaryError
    from mailbot.inbound.model import ReceivedMail

    play = digibee
    for uid in range(1, 7):
        raw = play.letter(f"P{uid} <p{uid}@aurora.example>", f"Fluxo {uid} parado", GAP)
        play.uid += 1
        play.store.receive("support", 1, [ReceivedMail(uid, raw, play.now, len(raw))])

    def away(*_):
        raise TemporaryError("the store is out of reach")

    with monkeypatch.context() as broken:
        broken.setattr(reading, "understand", away)
        for _ in range(pipeline.MOST_DEATHS + 1):
            with pytest.raises(TemporaryError):
                pipeline.process_pending(play.store, play.house)
    assert [row.attempts for row in play.store.pending()] == [0] * 6
    monkeypatch.setattr(pipeline, "MOST_BATCH_SECONDS", -1)
    tried = [0]
    outcomes = pipeline.process_pending(play.store, play.house, stop=lambda: tried.append(1) or len(tried) > 3)
    assert [o.state for o in outcomes] == ["processed"] * len(outcomes)
    assert 0 < len(outcomes) < 6
    assert {row.attempts for row in play.store.pending()} == {0}
