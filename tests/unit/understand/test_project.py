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
    ("O roteiriza-ceasa (fica no Doca 2) fez uma das suas.", "Doca 2"),
    ("We have a concern on SB_GATE_FEED under Customs Desk (Production).", "Customs Desk"),
    ("El flujo altas_nube cuelga de Semillero Sur.", "Semillero Sur"),
)

NOT_GIVEN = (
    "projeto de integração com o SAP",
    "o time de projetos vai ver",
    "the project team said so",
    "nosso projeto de Natal",
    "project manager Ana Silva",
    "O projeto está atrasado",
    "rotulo-envio de PRD parou",
    "attend-to-state in PROD is down",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_project_is_found(words: str, value: str) -> None:
    assert slots(words).get("project") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_project_are_none(words: str) -> None:
    assert "project" not in slots(words)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("hl7-turnos-out / Cardio Core / prod", "Cardio Core"),
        ("Oficina Norte, classifica-peca-v3, homologação.", "Oficina Norte"),
        ("Aplicação: Lojas do Sul / estoque-loja-push", "Lojas do Sul"),
        ("2026-11-11 02:04:37 ERROR [agro-core/moagem-turno-c] env=prod", "agro-core"),
        ("É o cota-pesca-ibama, do Porto Seguro, em produção.", "Porto Seguro"),
        ("Rede Fria > camara-fria-iot > prod", "Rede Fria"),
        ("Natal27, fluxo brinde-reserva, tá em prod já", "Natal27"),
        ("Colheita27, flujo granel-turno, ya está en prod", "Colheita27"),
        ("This is to tell you that AP_Match_GL under PepperFin in PRD has stopped.", "PepperFin"),
        ("Se llama turnos_cierre y que está dentro de Renal Norte.", "Renal Norte"),
        ("Chama-se turnos_cierre e faz parte de Rede Sul.", "Rede Sul"),
        ("It is billing-close, which belongs to Blue Harbour.", "Blue Harbour"),
        ("The billing-close run died under Monday load.", None),
        ("O fatura-envio fica dentro do SAP.", None),
        ("El turnos_cierre corre dentro de Producción.", None),
        ("Ela trabalha dentro de Porto Alegre.", None),
        ("SEGUINTE, pedidos-sap-sync travou", None),
        ("Bom dia, pedidos-sap-sync, travou", None),
        ("pedidos-sap-sync, PRD, ontem", None),
        ("pedidos-sap-sync de SAP, caiu", None),
    ],
)
def test_the_project_beside_the_pipelines_name(words: str, name: str | None) -> None:
    assert slots(words).get("project") == name
