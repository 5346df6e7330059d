"""The country of the requests, told from where people and customers are."""

from __future__ import annotations

import pytest

from .slots import slots

GIVEN = (
    ("Origem das requisições: Brasil", "BR"),
    ("Servers are in India.", "IN"),
    ("País: México", "MX"),
    ("Country: US", "US"),
    ("country of origin - United States", "US"),
    ("As requisições saem da Argentina.", "AR"),
    ("The requests come from our data center in Ireland", "IE"),
    ("nossos servidores ficam em Portugal", "PT"),
    ("las llamadas salen de Perú", "PE"),
    ("We call you from Canada", "CA"),
    ("tráfego com IP do Uruguai", "UY"),
    ("Pais de origen: Colombia", "CO"),
    ("hosted in Frankfurt, Germany", "DE"),
    ("todo o tráfego parte do Brasil (AWS sa-east-1)", "BR"),
    ("Ubicación de los servidores: Chile", "CL"),
)

NOT_GIVEN = (
    "Our office is in Germany.",
    "nossos clientes no Peru reclamam",
    "Clínica Brasil",
    "Banco do Brasil devolveu erro",
    "Country: n/a",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_country_is_found(words: str, value: str) -> None:
    assert slots(words, pack="api-operations").get("country") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_country_are_none(words: str) -> None:
    assert "country" not in slots(words, pack="api-operations")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("We poll from Scotland.", "GB"),
        ("From Turku, Finland.", "FI"),
        ("Our egress is in Ohio, US.", "US"),
        ("All requests leave from Łódź, Poland.", "PL"),
        ("Accedemos desde España, red del colegio.", "ES"),
        ("Estamos en Oviedo, España, con fibra de la buena.", "ES"),
        ("Acesso feito de Lajeado, Brasil.", "BR"),
        ("O servidor está na Horta, portanto Portugal.", "PT"),
        ("Kiosks are all in Utah, USA.", "US"),
        ("tell us more", None),
        ("Our customers in Brazil complain.", None),
        ("Somos una empresa de España.", None),
        ("The parcels go to Finland.", None),
        ("Vendemos em Portugal e no Brasil.", None),
        ("Send us the log.", None),
    ],
)
def test_what_we_do_ourselves_from_a_country_tells_it(words: str, code: str | None) -> None:
    assert slots(words, pack="api-operations").get("country") == code
