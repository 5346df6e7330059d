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
