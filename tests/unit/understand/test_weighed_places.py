"""What is weighed by the words around it: country, device, environment, and the part of the product, in free words."""

from __future__ import annotations

import pytest

from tests.unit.understand.slots import slots


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Every call leaves our rack in Galway, Ireland.", "IE"),
        ("Our box talks to you from Oaxaca, Mexico.", "MX"),
        ("Tudo isso sai daqui de Maputo, Moçambique.", "MZ"),
        ("Quem bate em vocês é o servidor de Faro, Portugal.", "PT"),
        ("Desde Arequipa, Perú, de ahí va todo.", "PE"),
        ("Los pedimos desde Managua, Nicaragua.", "NI"),
        ("requests go out of tampa usa", "US"),
        ("All the traffic originates in Tonga.", "TO"),
    ],
)
def test_the_country_of_the_requests_is_told_in_free_words(words: str, country: str) -> None:
    assert slots(words, pack="api-operations").get("country") == country


@pytest.mark.parametrize(
    "words",
    [
        "Our customers in Sweden cannot pay.",
        "Nossos clientes da Espanha não recebem o recibo.",
        "Los turistas de Francia reciben el error 422.",
        "We export honey to Japan.",
        "Todavía nadie lo usa, es una prueba.",
        "O caixa usa o mesmo token sempre.",
        "mi tío usa la misma llave",
        "Restaurante Portugal, setor de compras",
        "Only cards issued in Canada are refused.",
    ],
)
def test_a_country_of_customers_goods_or_names_is_none(words: str) -> None:
    assert "country" not in slots(words, pack="api-operations")


@pytest.mark.parametrize(
    ("words", "device"),
    [
        ("The girl at the till uses a Lenovo tablet and it freezes.", "Lenovo tablet"),
        ("Na tablet Multilaser aperto enviar e nada.", "tablet Multilaser"),
        ("Uso una Mac mini con Safari y queda en blanco.", "Mac mini con Safari"),
        ("É um notebook Vaio.", "notebook Vaio"),
        ("no Insomnia (MacBook M3): POST em /oauth/token, Send", "MacBook M3"),
        ("Sale mal por la impresora Epson.", "impresora Epson"),
        ("I run it in Firefox on Fedora 41.", "Firefox on Fedora 41"),
    ],
)
def test_a_device_is_taken_with_all_its_words(words: str, device: str) -> None:
    assert slots(words, pack="api-operations").get("device") == device


@pytest.mark.parametrize(
    "words",
    [
        "It is the same on any phone.",
        "Acontece em qualquer celular da equipe.",
        "El servidor de ustedes devuelve 500.",
        "A tela fica branca.",
        "Call my cell, please.",
    ],
)
def test_a_thing_that_is_no_device_in_particular_is_none(words: str) -> None:
    assert "device" not in slots(words, pack="api-operations")


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        ("Production gives back 'NAK 203' on every message.", "production"),
        ("Refere-se à produção.", "production"),
        ("Es la de producción, la que ven todos.", "production"),
        ("Es sólo para TEST.", "test"),
        ("Estoy en la zona de desarrollo.", "other"),
        ("tô fazendo no dev ainda", "other"),
        ("lo tengo en desarrollo todavía", "other"),
        ("mailing-lotes, que roda no ambiente de produção, ontem parou.", "production"),
    ],
)
def test_the_environment_is_told_where_no_fixed_wording_stands(words: str, environment: str) -> None:
    assert slots(words).get("environment") == environment


@pytest.mark.parametrize(
    "words",
    [
        "Compras, producción, expedición: nadie recibe los pedidos.",
        "The production line has no labels.",
        "O chefe da produção ligou.",
        "Arrancamos pronto, producción entra el día 20.",
        "Mandem o arquivo pro contador.",
        "Our seed plant is in full production right now.",
        "Estamos a plena producción con la zafra.",
        "Our new portal went live on October 5th.",
    ],
)
def test_manufacture_people_and_plans_stay_no_environment(words: str) -> None:
    assert "environment" not in slots(words)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Cada pedido é um quadradinho que empurro até ganho.", "crm"),
        ("The visitor leaves his name on our site, presses send, and it asks again.", "forms"),
        ("La carta de los lunes a los socios cae en no deseado.", "email"),
        ("Um dia depois da compra devia sair sozinho um obrigado, e sai na hora.", "workflows"),
        ("Nos sacaron dos veces la plata de este mes.", "billing"),
        ("The new girl at the desk can't get in.", "users"),
    ],
)
def test_the_part_of_the_product_is_told_by_all_the_words(words: str, part: str) -> None:
    assert slots(words, pack="sharpspring").get("component") == part


@pytest.mark.parametrize(
    "words",
    [
        "It has been slow since yesterday and I cannot work.",
        "Ya se lo reporté a su colega, ¿alguien lo vio?",
        "Recebi o recado de vocês, obrigada.",
    ],
)
def test_a_mail_about_no_part_in_particular_gives_none(words: str) -> None:
    assert "component" not in slots(words, pack="sharpspring")
