"""What the integration does and is for; not a bare how-to."""

from __future__ import annotations

import pytest

from tests.unit.understand.narratives import given


@pytest.mark.parametrize(
    "body",
    [
        "O fluxo lê os pedidos da loja, calcula o frete e grava no SAP.",
        "Queremos pegar as notas do ERP e mandar para a transportadora por SFTP.",
        "It picks up invoices from the mailbox and books them in NetSuite.",
        "The goal is to create the customer in the ERP when a lead is won in the CRM.",
        "Lee las ventas de las cajas y las manda al BI cada noche.",
        "Necesitamos que el webhook de pagos actualice el pedido en la base de datos.",
        "A repair request comes in from the app. It has to reach the contractor portal and the finance system.",
    ],
)
def test_integration_logic_is_given(body: str) -> None:
    assert given("integration_logic", body)


@pytest.mark.parametrize(
    "body",
    [
        "Qual conector uso para XML?",
        "How do I set a retry?",
        "É uma integração bem simples.",
        "¿Se puede programar un flujo solo en días hábiles?",
        "We have several integrations on the platform.",
        "Estamos en QA todavía.",
        "I have seen both Block Execution and Parallel mentioned.",
        "Obrigada, Wellington",
    ],
)
def test_integration_logic_is_not_given(body: str) -> None:
    assert not given("integration_logic", body)
