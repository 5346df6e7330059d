"""Labelled lines and forms in every shape: colons, dashes, tables, labels above values, several on a line."""

from __future__ import annotations

import pytest

from .slots import slots, why_not

FORMS = (
    (
        "Pipeline: sync-x\nAmbiente: PRD\nPipeline key: 51a3d7b0c6f91e8a\nErro: 504\nQuando: 04/11 às 14h",
        {
            "pipeline": "sync-x",
            "environment": "production",
            "pipeline_key": "51a3d7b0c6f91e8a",
            "error_message": "present",
            "occurred_at": "2026-11-04T14:00",
        },
    ),
    (
        "Pipeline: sync-x | Ambiente: HML | Key: 51a3d7b0c6f91e8a",
        {"pipeline": "sync-x", "environment": "test", "pipeline_key": "51a3d7b0c6f91e8a"},
    ),
    (
        "Fluxo - sync-x\nAmbiente - produção\nData - 04/11/2026\nHora - 14:20",
        {"pipeline": "sync-x", "environment": "production", "occurred_at": "2026-11-04T14:20"},
    ),
    (
        "1. Pipeline: Carga de Preços\n"
        "2. Ambiente: teste\n"
        "3. Mensagem de erro:\n"
        "   java.net.ConnectException\n"
        "4. Esperado: gravar tudo. Ocorrido: gravou nada",
        {
            "pipeline": "Carga de Preços",
            "environment": "test",
            "error_message": "present",
            "expected_vs_actual": "present",
        },
    ),
    (
        "*Pipeline:* sync-x\n*Ambiente:* prod",
        {"pipeline": "sync-x", "environment": "production"},
    ),
    (
        "Nome do pipeline\nsync-x\nAmbiente\nProdução\nData e hora\n04/11/2026 14:20",
        {"pipeline": "sync-x", "environment": "production", "occurred_at": "2026-11-04T14:20"},
    ),
    (
        "Pipeline:\nsync-x\n\nAmbiente:\nPRD",
        {"pipeline": "sync-x", "environment": "production"},
    ),
    (
        "Pipeline: \nAmbiente: PRD",
        {"environment": "production"},
    ),
    (
        "Pipeline: -\nAmbiente: n/a\nKey: não sei\nQuando: ?",
        {},
    ),
    (
        "Pipelne: sync-x\nAmbeinte: PRD",
        {"pipeline": "sync-x", "environment": "production"},
    ),
    (
        "Flow name: Vendor Onboarding Nightly\n"
        "Env: prod\n"
        "Run ID: 51a3d7b0c6f91e8a\n"
        "When did it happen?: yesterday 2:20 pm",
        {
            "pipeline": "Vendor Onboarding Nightly",
            "environment": "production",
            "pipeline_key": "51a3d7b0c6f91e8a",
            "occurred_at": "2026-11-04T14:20",
        },
    ),
    (
        "Chat ID = 708123369074\nReason: nobody answered for four days\nEnvironment = live",
        {"chat_id": "708123369074", "justification": "present", "environment": "production"},
    ),
    (
        "Qual é o nome do pipeline? sync-x\nEm qual ambiente isso acontece (Produção, Teste ou outro)? produção",
        {"pipeline": "sync-x", "environment": "production"},
    ),
    (
        "Flujo: alta-prov\n"
        "Entorno: pruebas\n"
        "Clave de ejecución: 51a3d7b0c6f91e8a\n"
        "Fecha: 04/11/2026\n"
        "Hora: 14:20 hs\n"
        "Mensaje: timeout",
        {
            "pipeline": "alta-prov",
            "environment": "test",
            "pipeline_key": "51a3d7b0c6f91e8a",
            "occurred_at": "2026-11-04T14:20",
            "error_message": "present",
        },
    ),
    (
        "Pipeline: sync-x (produção)\nHorário: desde ontem 22h",
        {"pipeline": "sync-x", "environment": "production", "occurred_at": "2026-11-04T22:00"},
    ),
    (
        "Ambiente => DEV\nPipeline => sync-x",
        {"environment": "other", "pipeline": "sync-x"},
    ),
    (
        "Projeto/Pipeline: Financeiro / sync-x",
        {"project": "Financeiro", "pipeline": "sync-x"},
    ),
    (
        "Olá, equipo:\nEl flujo alta-prov falla",
        {"pipeline": "alta-prov"},
    ),
    (
        "Pipeline: não temos ainda\nAmbiente: ambiente de contingência",
        {"environment": "other"},
    ),
    (
        "pipeline: sync-x, ambiente: prd, key: 51a3d7b0c6f91e8a, quando: ontem 10h",
        {
            "pipeline": "sync-x",
            "environment": "production",
            "pipeline_key": "51a3d7b0c6f91e8a",
            "occurred_at": "2026-11-04T10:00",
        },
    ),
    (
        "Análises: já testamos a conexão e responde 200\nImpacto: 3 lojas paradas",
        {"prior_analysis": "present", "justification": "present"},
    ),
    (
        "Já verificado: tudo\nEvidências: vou enviar depois",
        {},
    ),
    (
        "Data da reunião: 20/11/2026",
        {},
    ),
    (
        "Assunto: parou\nTel: 11 68888-3074",
        {"description": "present"},
    ),
    (
        "• Chat: 708159933607\n• Projeto: Open Frete\n• Problema: a recomendação deixou de servir",
        {"chat_id": "708159933607", "project": "Open Frete", "description": "present"},
    ),
    (
        "Pipeline sync-x\nAmbiente PRD\nKey 51a3d7b0c6f91e8a",
        {"pipeline": "sync-x", "environment": "production", "pipeline_key": "51a3d7b0c6f91e8a"},
    ),
    (
        "Environment: Production\nPipeline: I don't know\nPipeline key: see attached\nDate: Nov 4, 2026 2:20 PM",
        {"environment": "production", "occurred_at": "2026-11-04T14:20"},
    ),
    (
        "Pipeline: pedidos-erp-sync",
        {},
    ),
    (
        "O que deveria acontecer: os pedidos chegarem\nO que aconteceu: nada chegou",
        {"expected_vs_actual": "present", "description": "present"},
    ),
    (
        "Início: 04/11 14:20\nFim: 04/11 16:00",
        {"occurred_at": "2026-11-04T14:20"},
    ),
    (
        "Hora: 14:20\nData: 04/11",
        {"occurred_at": "2026-11-04T14:20"},
    ),
)


@pytest.mark.parametrize(("words", "values"), FORMS)
def test_a_form_gives_its_fields_and_nothing_else(words: str, values: dict[str, str]) -> None:
    assert slots(words) == values


def test_what_is_said_not_to_exist_is_told_apart_from_a_placeholder() -> None:
    assert why_not("Pipeline key: não tenho como ver", "pipeline_key") == ["said not to exist"]
    assert "placeholder" in why_not("Pipeline key: n/a", "pipeline_key")[0]


@pytest.mark.parametrize(
    "words",
    [
        "Print: máquina virtual do curso, já desligaram",
        "Screenshot: security won't let anything leave that VM, so no",
        "Video: me lo mandan hoy",
        "Evidence: one very cross email from Doris, which I'll spare you",
    ],
)
def test_words_behind_a_label_for_evidence_are_none(words: str) -> None:
    assert "evidence" not in slots(words)
    assert slots("Log: https://files.cliente.example/run.log") == {"evidence": "present"}


@pytest.mark.parametrize(
    "line",
    [
        "Erro: não houve",
        "Error: nope, none, clean as a whistle.",
        "Mensajes de error: no constan. Se ruega confirmar lectura.",
        "Erro: sim",
        "Erro: deu erro.",
        "Error: there's none",
        "Error: we are told none was logged",
        "Erro: não consegui nenhum, a TI disse que o log fica desligado",
    ],
)
def test_no_error_behind_its_label_is_none(line: str) -> None:
    assert "error_message" not in slots(f"Pipeline: sync-x\n{line}\nAmbiente: PRD")


@pytest.mark.parametrize(
    "line",
    [
        "Erro: não houve retorno do host 10.0.0.1",
        "Error: no hay conexión con el servidor",
        "Error: some rows have no key",
        "Erro: sem conexão com o banco de dados",
    ],
)
def test_an_error_whose_text_begins_like_a_refusal_is_one(line: str) -> None:
    assert slots(f"Pipeline: sync-x\n{line}\nAmbiente: PRD")["error_message"] == "present"
