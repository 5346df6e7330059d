"""The few words that stand in our mails outside the templates: states, priorities, places, dates, in three languages.

In: a value as the program keeps it and a language. Out: how people say it.
"""

from __future__ import annotations

import re
from datetime import datetime

from mailbot.rules.pack import FieldRule, Language, RulePack

_PRIORITY: dict[str, tuple[str, str, str, str]] = {
    "pt": ("crítica", "alta", "média", "baixa"),
    "en": ("critical", "high", "medium", "low"),
    "es": ("crítica", "alta", "media", "baja"),
}
_ENVIRONMENT: dict[str, dict[str, str]] = {
    "pt": {"production": "produção", "test": "teste", "other": "outro"},
    "en": {"production": "production", "test": "test", "other": "other"},
    "es": {"production": "producción", "test": "pruebas", "other": "otro"},
}
_STATE: dict[str, dict[str, str]] = {
    "pt": {
        "new": "novo",
        "waiting_for_customer": "aguardando a sua resposta",
        "ready": "com a equipe",
        "in_progress": "em atendimento",
        "in_development": "em desenvolvimento",
        "resolved": "resolvido",
        "closed": "encerrado",
    },
    "en": {
        "new": "new",
        "waiting_for_customer": "waiting for your answer",
        "ready": "with the team",
        "in_progress": "being worked on",
        "in_development": "in development",
        "resolved": "resolved",
        "closed": "closed",
    },
    "es": {
        "new": "nuevo",
        "waiting_for_customer": "a la espera de su respuesta",
        "ready": "con el equipo",
        "in_progress": "en atención",
        "in_development": "en desarrollo",
        "resolved": "resuelto",
        "closed": "cerrado",
    },
}
_WAITS = {"pt": "aguardando o cliente", "en": "waiting for the customer", "es": "a la espera del cliente"}
_STAGE: dict[str, dict[str, str]] = {
    "open": {"pt": "aberto", "en": "open", "es": "abierto"},
    "backlog": {"pt": "na fila", "en": "backlog", "es": "en cola"},
    "in-progress": {"pt": "em andamento", "en": "in progress", "es": "en curso"},
    "in-review": {"pt": "em revisão", "en": "in review", "es": "en revisión"},
    "testing": {"pt": "em testes", "en": "testing", "es": "en pruebas"},
    "released": {"pt": "liberado", "en": "released", "es": "publicado"},
}
_TARGET = {
    "first_reply": {"pt": "primeira resposta", "en": "first reply", "es": "primera respuesta"},
    "resolution": {"pt": "solução", "en": "resolution", "es": "solución"},
}
_NO_SUBJECT = {"pt": "Seu pedido de suporte", "en": "Your support request", "es": "Su solicitud de soporte"}
_REQUEST = {"pt": "solicitação", "en": "request", "es": "solicitud"}
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?.*")


def priority(level: int | None, language: str) -> str:
    """ "alta" for 2; "" where no priority is known."""
    return _PRIORITY[language][level - 1] if level and 1 <= level <= 4 else ""


def state(value: str, language: str, *, customer: bool = True) -> str:
    """A state for reading. customer: it is told to the customer, whose answer it is that is waited for."""
    if value == "waiting_for_customer" and not customer:
        return _WAITS[language]
    return _STATE[language].get(value, value.replace("_", " "))


def is_state(value: str) -> bool:
    return value in _STATE["en"]


def stage(value: str | None, language: str) -> str:
    """A stage of development for reading; one that is not common to all packs as the pack calls it."""
    if value in _STAGE:
        return _STAGE[value][language]
    return (value or "").replace("-", " ").replace("_", " ").capitalize()


def kind(pack: RulePack, name: str | None, language: Language) -> str:
    rule = pack.kinds.get(name or "")
    return rule.name.get(language, name or "") if rule else _REQUEST[language]


def target(name: str, language: str) -> str:
    """A target of the service in words: "first reply"; what is no name of one stays as it is."""
    return _TARGET.get(name, {}).get(language, name)


def no_subject(language: str) -> str:
    return _NO_SUBJECT[language]


def moment(value: str, language: str) -> str:
    """An ISO 8601 time of day or date as it is written in the language; English keeps the one order nobody misreads."""
    found = _TIME.fullmatch(value)
    if not found:
        return value
    year, month, day, time = found.groups()
    date = f"{year}-{month}-{day}" if language == "en" else f"{day}/{month}/{year}"
    return f"{date} {time}" if time else date


def date(value: datetime, language: str) -> str:
    return moment(value.strftime("%Y-%m-%dT%H:%M"), language)


def value(rule: FieldRule, name: str, held: str, language: Language) -> str:
    """A field's value for reading: places in the language, times in its order, everything else as it is kept."""
    if name == "environment":
        return _ENVIRONMENT[language].get(held, held)
    if name.endswith("_at"):
        return moment(held, language)
    if name == "country":
        return held.upper()
    said = rule.values[held].get(language) if held in rule.values else None
    return said[0] if said else held
