"""The part of the product, named or not."""

from __future__ import annotations

import pytest

from .slots import holding, slots

GIVEN = (
    ("Quero agendar os posts do Instagram direto pela ferramenta", "other"),
    ("Meu relatório de conversões não abre", "reports"),
    ("Os negócios somem do funil quando arrasto", "crm"),
    ("A newsletter foi para o spam de todo mundo", "email"),
    ("Não consigo criar um novo usuário para a estagiária", "users"),
    ("Fomos cobrados duas vezes no cartão", "billing"),
    ("O plugin do WordPress não conecta", "integrations"),
    ("Importei um CSV e os telefones ficaram trocados", "contacts"),
    ("A landing page da Black Friday não carrega no celular", "landing_pages"),
    ("Os leads entram na campanha errada", "campaigns"),
    ("Our webhook stopped firing to Zapier", "integrations"),
    ("open rates show 0% for last week's newsletter", "email"),
    ("People who submit the contact form never get the thank you message", "forms"),
    ("Please let admins restrict permissions per brand", "users"),
    ("Contacts are duplicated after every import", "contacts"),
    ("the page builder loses my changes on the landing page", "landing_pages"),
    ("The calendar does not sync with Google", "other"),
    ("UTM parameters are attributed to the default campaign", "campaigns"),
    ("el embudo no me deja mover la oportunidad de etapa", "crm"),
    ("los correos rebotan todos desde ayer", "email"),
    ("nos cobraron dos veces la suscripción", "billing"),
    ("el informe de ventas no cuadra", "reports"),
    ("el formulario de la web no guarda las inscripciones", "forms"),
    ("la conexión con Shopify aparece como no autorizada", "integrations"),
    ("me gustaría programar publicaciones en redes sociales", "other"),
    ("la página de aterrizaje se ve cortada en el móvil", "landing_pages"),
    ("la automatización de bienvenida no se dispara", "workflows"),
    ("I can't log in since this morning", "users"),
    ("o editor de e-mail podia ter um bloco de vídeo", "email"),
    ("Quando o lead preenche o formulário da landing page, o workflow não dispara", "workflows"),
    ("É na parte de contatos", "contacts"),
    ("It's the email editor", "email"),
    ("email", "email"),
    ("Users and permissions", "users"),
    ("CRM", "crm"),
)

NOT_GIVEN = (
    "Podem me ajudar? Meu e-mail é ana@x.example",
    "Qual o status do meu chamado 48213?",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_part_of_the_product_is_found(words: str, value: str) -> None:
    assert slots(words, pack="sharpspring").get("component") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_part_of_the_product_are_none(words: str) -> None:
    assert "component" not in slots(words, pack="sharpspring")


def test_a_correction_moves_to_the_other_part() -> None:
    words = (
        "Corrigindo: podem esquecer o relatório, ele está certo. O defeito é nas Campanhas, os leads chegam sem utm."
    )
    assert slots(words, pack="sharpspring", context=holding(component="reports"))["component"] == "campaigns"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Half the list bounced", "email"),
        ("A assistente nova precisa entrar no sistema, já mandei o convite duas vezes", "users"),
        ("O card do cliente some quando mudo de coluna no quadro de vendas", "crm"),
        ("Nos facturaron dos veces", "billing"),
        ("Conecté Zapier y no dispara nada", "integrations"),
        ("Los números del tablero no coinciden con Analytics", "reports"),
        ("People sign up on our site and we never get them", "forms"),
        ("La landing del curso tarda un minuto en abrir", "landing_pages"),
        ("Me gustaría poder mandar SMS", "other"),
        ("Dois cadastros do mesmo cliente com telefones diferentes", "contacts"),
        ("The drip stops after the first message", "workflows"),
        ("Aquele negócio não está indo, podem ver?", None),
        ("Please deal with Joana directly, she has the details", None),
    ],
)
def test_the_part_is_told_by_what_people_do_in_it(words: str, part: str | None) -> None:
    assert slots(words, pack="sharpspring").get("component") == part


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("When I put a buyer's file in twice it makes two of him", "contacts"),
        ("Half of my choir members have vanished from the list overnight", "contacts"),
        ("The page I made for the raffle shows the old prize", "landing_pages"),
        ("Someone types their phone and comment on our website, presses the button, and we get nothing", "forms"),
        ("After day three nobody receives the second message of the series", "workflows"),
        ("My deal jumps back to the first column whenever I close it", "crm"),
        ("You took the money twice this month", "billing"),
        ("My new secretary cannot get into the tool", "users"),
        ("Our till does not pass sales over to you any more", "integrations"),
        ("It says 300 people read it when I only have 80", "reports"),
        ("I'd like to know which flyer brought each customer", "campaigns"),
        ("O recado de aniversário não saiu pra ninguém este mês", "workflows"),
        ("O boletim da paróquia chegou no lixo de todo mundo", "email"),
        ("A ficha da dona Maria ficou com o telefone do vizinho", "contacts"),
        ("O pessoal preenche no site e não chega nada aqui", "forms"),
        ("A página do sorteio abre torta no celular", "landing_pages"),
        ("Puxo o cartão da venda para fechado e ele volta", "crm"),
        ("O gráfico de cliques está zerado", "reports"),
        ("Vocês cobraram duas mensalidades", "billing"),
        ("Minha funcionária nova não consegue entrar", "users"),
        ("Nossa loja virtual parou de mandar os compradores pra cá", "integrations"),
        ("Quero saber de qual panfleto veio cada aluno", "campaigns"),
        ("La gente llena sus datos en la web y no me llega nada", "forms"),
        ("El saludo sale con el nombre de otra persona en el correo", "email"),
        ("Arrastro la venta a ganada y se regresa", "crm"),
        ("Me descontaron dos veces", "billing"),
        ("La página del bingo se ve cortada", "landing_pages"),
        ("Los totales de visitas no cuadran", "reports"),
        ("Mi empleada no puede entrar al sistema", "users"),
        ("La caja registradora dejó de pasar las ventas para acá", "integrations"),
        ("Cada alumno aparece repetido", "contacts"),
        ("El mensaje del tercer día nunca sale", "workflows"),
        ("¿Cómo sé qué volante trajo a cada cliente?", "campaigns"),
        ("No funciona nada, ¿me llaman?", None),
        ("Estou com um problema, podem ajudar?", None),
        ("It broke again, like in spring.", None),
        ("Ya lo reporté dos veces, ¿pueden ver?", None),
        ("O convite da festa ficou lindo, obrigada.", None),
        ("Puse a mi sobrina como responsable de una tarjeta y se borra", "crm"),
    ],
)
def test_the_part_is_told_by_a_scene_with_words_between(words: str, part: str | None) -> None:
    assert slots(words, pack="sharpspring").get("component") == part
