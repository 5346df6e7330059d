"""The name of a project, told from projects in general."""

from __future__ import annotations

import pytest

from .slots import slots

GIVEN = (
    ("our Phoenix project is late", "Phoenix"),
    ("project Phoenix 2 in staging", "Phoenix 2"),
    ("el proyecto 'Nómina 2027' usa el flujo alta-empleados", "Nómina 2027"),
    ("Projeto: Financeiro AR", "Financeiro AR"),
    ("Projeto - Open Frete", "Open Frete"),
    ("o projeto loja-online tem 3 fluxos", "loja-online"),
    ("proyecto Alta de Clientes", "Alta de Clientes"),
    ("El proyecto se llama Hermes", "Hermes"),
    ('projeto "Open Banking"', "Open Banking"),
    ("This belongs to the Store Operations project.", "Store Operations"),
)

NOT_GIVEN = (
    "projeto de integração com o SAP",
    "o time de projetos vai ver",
    "the project team said so",
    "nosso projeto de Natal",
    "project manager Ana Silva",
    "O projeto está atrasado",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_project_is_found(words: str, value: str) -> None:
    assert slots(words).get("project") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_project_are_none(words: str) -> None:
    assert "project" not in slots(words)
