"""Answers to our request, as mail clients and people write them."""

from __future__ import annotations

import textwrap

import pytest

from mailbot.tickets.model import FieldValue, Question
from mailbot.understand import answers
from mailbot.understand.doc import build
from mailbot.understand.facts import Context
from mailbot.understand.model.around import setting
from tests.unit.understand import narratives as n


def read(
    body: str, asked: tuple[Question, ...], of: str = "digibee", have: tuple[str, ...] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """(field -> value, field -> words that decline it) of an answer to a request."""
    split = n.lines(body, [n.reply_text(asked)])
    doc = build(n.message(body), split, setting(of, "support", True))
    context = Context(asked=asked, fields={name: FieldValue("x", "x") for name in have})
    found, declined, _ = answers.read(doc, split, n.pack(of), context)
    return {item.field: item.value for item in found}, declined


ASKED = n.questions("pipeline", "environment", "prior_analysis")
CHAT = n.questions("chat_id", "environment", "justification")
KEY = n.questions("pipeline_key", "expected_vs_actual", "prior_analysis", language="en")


def between(asked: tuple[Question, ...], *texts: str, quoted: bool = True, width: int = 0) -> str:
    """Our request with an answer under each question."""
    mark = n.quote if quoted else str
    out = ["Respondi abaixo.", "", mark("Olá, Ana.\n\nFalta pouco para começar:\n")]
    for question, text in zip(asked, texts, strict=True):
        shown = question.text
        if width:
            shown = "\n".join(part for line in shown.split("\n") for part in textwrap.wrap(line, width))
        out += [mark(shown), text, ""]
    return "\n".join([*out, mark("Equipe de Suporte")])


def test_an_answer_under_a_quoted_question_is_that_field() -> None:
    found, _ = read(between(ASKED, "cnab-retorno", "PROD", "Rodei de novo e deu o mesmo erro."), ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


@pytest.mark.parametrize("width", [30, 50, 72])
def test_a_client_that_wraps_our_question_does_not_hide_it(width: int) -> None:
    found, _ = read(between(ASKED, "cnab-retorno", "HML", "Testei direto e funcionou.", width=width), ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "test", "prior_analysis": "present"}


def test_outlook_history_without_marks_is_read_by_its_words() -> None:
    body = between(ASKED, "cnab-retorno", "produção", "Reiniciamos e voltou por dez minutos.", quoted=False)
    found, _ = read(
        "-----Mensagem original-----\nDe: Suporte\nEnviada em: 18/11/2026 09:00\nPara: Ana\n\n" + body, ASKED
    )
    assert found["pipeline"] == "cnab-retorno"
    assert found["environment"] == "production"


@pytest.mark.parametrize(
    "body",
    [
        "1) cnab-retorno\n2) PROD\n3) rodei de novo às 9h, mesma mensagem",
        "1. cnab-retorno\n2. produção\n3. Rodamos de novo e caiu no mesmo ponto.",
        "1 - cnab-retorno\n2 - prd\n3 - chamamos o endpoint na mão e respondeu 200",
        "Seguem as respostas:\n\n(1) cnab-retorno\n(2) em produção\n(3) Já reiniciamos, continua igual.\n\nAbs\nAna",
        "R1: cnab-retorno\nR2: produção\nR3: testei com outro usuário, igual",
        "1. cnab-retorno 2. PROD 3. reprocessei e caiu no mesmo passo",
        "1)\ncnab-retorno\n\n2)\nprodução\n\n3)\nRodei duas vezes, mesmo resultado.",
    ],
)
def test_numbered_answers_follow_the_numbers_shown(body: str) -> None:
    found, _ = read(body + "\n\n" + n.quote(n.reply_text(ASKED)), ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


def test_numbers_without_a_mark_answer_when_they_count_from_the_first() -> None:
    body = "1 lis-entrega-web\n2 el productivo\n3 la misma liga en incógnito sí abre el estudio correcto"
    found, _ = read(body, ASKED)
    assert found == {"pipeline": "lis-entrega-web", "environment": "production", "prior_analysis": "present"}


def test_letters_stand_for_the_numbers_in_their_order() -> None:
    asked = n.questions("pipeline", "environment", "pipeline_key", "error_message")
    body = (
        'a. manifest2vessel\nb. production\nc. Stuart will mail it when he is home\nd. "Read timed out after 30000 ms"'
    )
    assert read(body, asked)[0] == {
        "pipeline": "manifest2vessel",
        "environment": "production",
        "error_message": "present",
    }
    assert not read("b. of the two lists only one\nd. the other", asked)[0].keys() & {"environment", "error_message"}


@pytest.mark.parametrize("body", ["2 pedidos parados\n3 lojas fechadas", "1 loja só\ne mais nada", "7 fluxos\n8 lojas"])
def test_counts_at_the_beginning_of_lines_are_no_answers_by_number(body: str) -> None:
    assert not {"pipeline", "environment"} & read(body, ASKED)[0].keys()


def test_one_answer_that_fits_nothing_does_not_spoil_the_numbered_others() -> None:
    asked = n.questions("pipeline", "pipeline_key", "error_message", "prior_analysis")
    body = (
        "1. nota-lote\n2. o histórico fica na mão de outro fornecedor e ele entrou de férias ontem\n"
        '3. aparece "token reused"\n4. o mesmo arquivo pelo portal entra'
    )
    assert read(body, asked)[0].keys() == {"pipeline", "error_message", "prior_analysis"}


@pytest.mark.parametrize(
    "text", ["ya lo hice: https://v.tienda.example/cita-rara", "https://rec.tienda.example/130itens"]
)
def test_a_link_under_the_question_for_it_is_evidence(text: str) -> None:
    asked = n.questions("evidence", "occurred_at", of="api-operations")
    assert "evidence" in read(between(asked, text, "ontem às 14h"), asked, "api-operations")[0]


@pytest.mark.parametrize(
    "text", ["Is the rate limit counted per key?", "Taxa de turismo: já está inclusa?", "¿El límite es por clave?"]
)
def test_a_question_can_be_the_title_that_was_asked(text: str) -> None:
    assert "title" in read(text, n.questions("title", of="api-operations"), "api-operations")[0]


def test_one_line_for_each_question_in_order() -> None:
    found, _ = read("cnab-retorno\nprodução\nrodei de novo e deu igual", ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


def test_a_list_of_steps_is_not_taken_for_answers_by_number() -> None:
    asked = n.questions("title", "occurred_at", "steps_to_reproduce", of="api-operations", language="en")
    body = (
        "1) first we log in with the client secret and get a token\n"
        "2) then we are sending the order to your endpoint\n3) it is giving 415"
    )
    found, _ = read(body, asked, "api-operations")
    assert "occurred_at" not in found
    assert "title" not in found


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        ("215470311984", "chat_id", "215470311984"),
        ("é o 215470311984", "chat_id", "215470311984"),
        ("PROD", "environment", "production"),
        ("homologação", "environment", "test"),
        ("É em produção.", "environment", "production"),
    ],
)
def test_a_bare_value_goes_to_the_one_question_that_can_take_it(body: str, field: str, value: str) -> None:
    found, _ = read(body + "\n\n" + n.quote(n.reply_text(CHAT)), CHAT)
    assert found == {field: value}


def test_a_bare_time_answers_when() -> None:
    found, _ = read("ontem 14h20", n.questions("occurred_at", "error_message"))
    assert found == {"occurred_at": "2026-11-17T14:20"}


@pytest.mark.parametrize(
    "text",
    [
        "Não tenho.",
        "we don't have one",
        "No existe",
        "n/a",
        "não tenho, a execução nem aparece na lista",
        "No key, it never started",
    ],
)
def test_a_refusal_under_a_question_declines_it(text: str) -> None:
    found, declined = read(between(KEY, text, "It should write 14 files and wrote 9.", "Ran it again, same."), KEY)
    assert "pipeline_key" not in found
    assert "pipeline_key" in declined


@pytest.mark.parametrize(
    "text", ["Vou procurar e mando.", "I'll look it up", "la busco y se la paso", "Let me check with Tom."]
)
def test_a_promise_neither_gives_nor_declines(text: str) -> None:
    found, declined = read(between(KEY, text, "It should write 14 files and wrote 9.", "Ran it again, same."), KEY)
    assert "pipeline_key" not in found
    assert "pipeline_key" not in declined


@pytest.mark.parametrize(
    "text", ["ok", "?", "see below", "ver acima", "What do you mean by that?", "-", "em anexo", "idem"]
)
def test_an_empty_answer_is_no_narrative(text: str) -> None:
    found, _ = read(between(KEY, "7d4402c1be9f4a03", text, "Ran it again, same result."), KEY)
    assert "expected_vs_actual" not in found
    assert found["pipeline_key"] == "7d4402c1be9f4a03"


@pytest.mark.parametrize(
    "body", ["Muito obrigado, vou levantar com o time!", "Thanks, will get back to you.", "Gracias, quedo atento."]
)
def test_thanks_answer_nothing(body: str) -> None:
    found, declined = read(body + "\n\n" + n.quote(n.reply_text(CHAT)), CHAT)
    assert not found
    assert not declined


def test_what_we_wrote_is_never_an_answer() -> None:
    found, declined = read("Segue.\n\n" + n.quote(n.reply_text(ASKED)), ASKED)
    assert not found
    assert not declined


def test_the_one_open_narrative_takes_a_free_text() -> None:
    asked = n.questions("justification")
    found, _ = read("Porque já são duas semanas e o analista parou de responder.\n\nAna", asked)
    assert found == {"justification": "present"}


def test_what_is_used_up_is_told_so_that_no_finder_reads_it_again() -> None:
    body = between(ASKED, "cnab-retorno", "PROD", "Ontem em homologação rodei e passou.")
    split = n.lines(body, [n.reply_text(ASKED)])
    doc = build(n.message(body), split)
    _, _, used = answers.read(doc, split, n.pack(), Context(asked=ASKED))
    assert "homologação" not in doc.without(used).text


def test_what_an_answer_says_besides_its_value_is_left_to_the_finders() -> None:
    body = between(ASKED, "vitrine-semanal, já está rodando em prd", "não sei", "Reprocessei e caiu no mesmo passo.")
    split = n.lines(body, [n.reply_text(ASKED)])
    doc = build(n.message(body), split)
    _, _, used = answers.read(doc, split, n.pack(), Context(asked=ASKED))
    rest = doc.without(used).text
    assert "vitrine" not in rest
    assert "rodando em prd" in rest


def test_a_closing_below_the_whole_quote_is_no_answer_to_the_last_question() -> None:
    body = n.quote(n.reply_text(ASKED)) + "\n\nObrigado, o Caio responde amanhã cedo.\nAna"
    found, _ = read(body, ASKED)
    assert not found


def test_a_long_quoted_mail_is_read_in_time() -> None:
    body = "cnab-retorno\n" + n.quote("\n".join(["palavra qual e o nome"] * 20_000))
    found, _ = read(body, ASKED)
    assert isinstance(found, dict)


def test_a_comma_in_running_text_does_not_part_answers() -> None:
    body = "Key of the first one: 8e21d0a4f35b4c7796e0. I'll have to ask Tom about the other point, he's in from 11."
    found, _ = read(body, n.questions("pipeline_key", "prior_analysis", language="en"))
    assert "prior_analysis" not in found


def test_answers_parted_by_commas_in_one_line() -> None:
    found, _ = read("cnab-retorno, produção, rodamos de novo e deu igual", ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


def test_declining_all_of_it_declines_every_question() -> None:
    _, declined = read("Não temos essas informações.", ASKED)
    assert set(declined) == {"pipeline", "environment", "prior_analysis"}


def test_an_answer_written_into_the_quoted_line_is_read() -> None:
    first = [question.text.split("\n")[0] for question in ASKED]
    body = n.quote(f"{first[0]} cnab-retorno\n\n{first[1]} PROD\n\n{first[2]} Rodei de novo e deu igual")
    found, _ = read(body, ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


def test_an_answer_between_a_question_and_its_hint_is_read() -> None:
    parts = [question.text.split("\n") for question in ASKED]
    body = "\n".join(
        f"> {question}\n{answer}\n> {hint}\n>"
        for (question, hint), answer in zip(parts, ["cnab-retorno", "PROD", "Rodei e deu igual"], strict=True)
    )
    found, _ = read(body, ASKED)
    assert found == {"pipeline": "cnab-retorno", "environment": "production", "prior_analysis": "present"}


@pytest.mark.parametrize(
    "text",
    [
        "isso a gente nunca teve por aqui",
        "nobody here has access to that page",
        "eso nunca lo guardamos nosotros",
    ],
)
def test_a_refusal_in_whatever_words_declines_the_question_it_stands_under(text: str) -> None:
    asked = n.questions("pipeline_key", "environment")
    found, refused = read(between(asked, text, "PROD"), asked)
    assert "pipeline_key" in refused
    assert found == {"environment": "production"}


@pytest.mark.parametrize(
    "text", ["amanhã eu pego com o João", "I'll ask the plant for it", "en cuanto la tenga se la paso", "veja no print"]
)
def test_a_promise_under_a_question_declines_nothing(text: str) -> None:
    asked = n.questions("pipeline_key", "environment")
    assert not read(between(asked, text, "PROD"), asked)[1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("o rapaz do suporte disse que é folha.fecha_mes3", "folha.fecha_mes3"),
        ("Silo-Tickets_IN is the one the vendor set up for us", "Silo-Tickets_IN"),
        ("según el técnico figura como guias.carga-noche", "guias.carga-noche"),
    ],
)
def test_a_name_inside_a_sentence_that_answers_is_the_name(text: str, name: str) -> None:
    asked = n.questions("pipeline", "environment")
    assert read(between(asked, text, "PROD"), asked)[0]["pipeline"] == name


@pytest.mark.parametrize("body", ["oi\nprodução", "Caríssimos\nem produção", "bueno\nproducción"])
def test_a_word_of_greeting_names_no_pipeline(body: str) -> None:
    assert "pipeline" not in read(body, n.questions("pipeline", "environment"))[0]


@pytest.mark.parametrize("text", ["de tudo um pouco", "we tried everything", "probamos de todo"])
def test_everything_is_no_answer_to_what_was_tried(text: str) -> None:
    assert "prior_analysis" not in read(between(ASKED, "cnab-retorno", "PROD", text), ASKED)[0]


TRIED = n.questions("pipeline_key", "prior_analysis", "justification")


@pytest.mark.parametrize(
    "text",
    [
        "the DBA will have a go at it on Thursday",
        "somebody from IT is going to check it this week",
        "o fornecedor é quem vai ver isso amanhã",
        "meu gerente deu uma olhada e não me disse nada",
        "lo tiene que revisar el proveedor, la semana que viene",
        "no sé qué poner acá",
    ],
)
def test_words_without_a_finding_are_no_answer_to_what_was_checked(text: str) -> None:
    assert "prior_analysis" not in read(between(TRIED, "7d4402c1be9f4a03", text, "-"), TRIED)[0]


@pytest.mark.parametrize(
    "text",
    [
        "restarted the agent, it held for ten minutes and died again",
        "subindo o arquivo na mão ele entra, pela integração não",
        "probamos desde Postman y responde bien",
    ],
)
def test_a_short_finding_is_an_answer_to_what_was_checked(text: str) -> None:
    assert "prior_analysis" in read(between(TRIED, "7d4402c1be9f4a03", text, "-"), TRIED)[0]


@pytest.mark.parametrize("text", ["because it is urgent", "porque sim, ué", "ya se lo dije", "as I told you"])
def test_because_is_no_reason_to_escalate(text: str) -> None:
    assert "justification" not in read(between(TRIED, "7d4402c1be9f4a03", "-", text), TRIED)[0]


@pytest.mark.parametrize(
    "text",
    ["How do I make the flow wait for the second file?", "Como faço para o fluxo esperar o segundo arquivo?"],
)
def test_a_question_describes_what_is_asked(text: str) -> None:
    asked = n.questions("description", "environment")
    assert "description" in read(between(asked, text, "PROD"), asked)[0]


@pytest.mark.parametrize("text", ["I'd rather tell you on the phone", "prefiro explicar por telefone", "lo de siempre"])
def test_a_wish_to_talk_describes_nothing(text: str) -> None:
    asked = n.questions("description", "environment")
    assert "description" not in read(between(asked, text, "PROD"), asked)[0]


def test_numbers_right_before_what_begins_with_a_number_are_no_decimals() -> None:
    asked = n.questions("pipeline", "environment", "error_message", "occurred_at", "prior_analysis", language="es")
    body = (
        "1.lotes-contratos\n2.produccion\n3.Deadlock found when trying to get lock\n4.9 y media de ayer\n"
        "5.apagamos el servidor y siguió igual"
    )
    found, _ = read(body, asked)
    assert set(found) == {question.field for question in asked}
    assert found["occurred_at"].endswith("T09:30")


@pytest.mark.parametrize("text", ["still thinking of the name", "ainda sem nome", "todavía no le pusimos nombre"])
def test_a_name_that_is_not_decided_is_none(text: str) -> None:
    found, _ = read(between(n.questions("pipeline", "environment", "prior_analysis"), text, "PROD", "idem"), ASKED)
    assert "pipeline" not in found


@pytest.mark.parametrize("text", ["development one", "the dev one", "o de desenvolvimento", "el de desarrollo"])
def test_the_one_for_development_is_another_place(text: str) -> None:
    found, _ = read(between(ASKED, "cnab-retorno", text, "Rodei de novo e deu o mesmo erro."), ASKED)
    assert found["environment"] == "other"


@pytest.mark.parametrize(
    "text",
    ["RFC_ERROR_SYSTEM_FAILURE: Ordem 1000887342 bloqueada por RFCUSER", "ORA-12541", "BMXAA4129E SITEID is null"],
)
def test_a_code_under_the_question_for_the_error_is_one(text: str) -> None:
    asked = n.questions("error_message", "environment", "prior_analysis")
    found, _ = read(between(asked, text, "PROD", "Rodei de novo e deu o mesmo erro."), asked)
    assert found["error_message"] == "present"


@pytest.mark.parametrize(
    ("text", "value"), [("prodddd", "production"), ("PRODUÇÃOOO!", "production"), ("testeee", "test")]
)
def test_a_place_drawn_out_is_still_one(text: str, value: str) -> None:
    found, _ = read(between(ASKED, "cnab-retorno", text, "Rodei de novo e deu o mesmo erro."), ASKED)
    assert found["environment"] == value


@pytest.mark.parametrize("text", ["b02f77aa1c", "tt_hours_to_gusto"])
def test_a_key_or_a_name_is_no_place(text: str) -> None:
    found, _ = read(between(ASKED, "cnab-retorno", text, "Rodei de novo e deu o mesmo erro."), ASKED)
    assert "environment" not in found
