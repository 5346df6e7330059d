"""Mails that the program sends on its own account: alerts to the operators. On no ticket, through the outbox.

In: the store, the `House`, what to say. Out: rows in the outbox, once per key. Where the directory names no operators
the default team of the first mailbox's pack gets them: an alert must reach somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from mailbot.decide.actions import Decision, Send
from mailbot.house import Box, House
from mailbot.message.model import Message
from mailbot.reply.model import Outgoing
from mailbot.store import Store
from mailbot.store.values import OutboxEntry
from mailbot.tickets.model import Ticket

log = structlog.get_logger("mailbot.alerts")

SAID: Mapping[str, Mapping[str, str]] = {
    "unread": {
        "en": "Mailbox {name} was not read for {minutes} minutes",
        "pt": "A caixa {name} não é lida há {minutes} minutos",
        "es": "El buzón {name} no se lee desde hace {minutes} minutos",
    },
    "never": {
        "en": "Mailbox {name} was never read",
        "pt": "A caixa {name} nunca foi lida",
        "es": "El buzón {name} nunca se leyó",
    },
    "unprocessed": {
        "en": "A mail that was received waits to be processed for {minutes} minutes",
        "pt": "Um e-mail recebido espera ser processado há {minutes} minutos",
        "es": "Un correo recibido espera ser procesado desde hace {minutes} minutos",
    },
    "unsent": {
        "en": "A mail waits to be sent for {minutes} minutes",
        "pt": "Um e-mail espera o envio há {minutes} minutos",
        "es": "Un correo espera el envío desde hace {minutes} minutos",
    },
    "breaker": {"en": "Automatic replies are held: {why}", "pt": "{why}", "es": "{why}"},
    "jira": {
        "en": "Jira cannot be asked for the cards' status: {why}",
        "pt": "O Jira não informa a situação dos cartões: {why}",
        "es": "Jira no informa el estado de las tarjetas: {why}",
    },
    "grant": {
        "en": "The OAuth2 grant of {name} ends in {days} days",
        "pt": "A autorização OAuth2 de {name} termina em {days} dias",
        "es": "La autorización OAuth2 de {name} termina en {days} días",
    },
    "grant-over": {
        "en": "The OAuth2 grant of {name} has ended",
        "pt": "A autorização OAuth2 de {name} terminou",
        "es": "La autorización OAuth2 de {name} terminó",
    },
    "doubt": {
        "en": "Mails that may have arrived or not: {count}",
        "pt": "E-mails que podem ter chegado ou não: {count}",
        "es": "Correos que pueden haber llegado o no: {count}",
    },
    "refused": {
        "en": "Mails to the engineers that were refused for good: {count}",
        "pt": "E-mails para os engenheiros recusados em definitivo: {count}",
        "es": "Correos a los ingenieros rechazados de forma definitiva: {count}",
    },
    "quarantine": {
        "en": "Mails that could not be read: {count}",
        "pt": "E-mails que não puderam ser lidos: {count}",
        "es": "Correos que no se pudieron leer: {count}",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """A sentence of SAID in the language of the mail."""
    told = SAID[key]
    return told.get(language, told["en"]).format(**values)


def receivers(house: House) -> tuple[str, ...]:
    """The operators; else the default team of the first mailbox's pack; else nobody."""
    if house.directory.operators:
        return house.directory.operators
    for box in house.boxes.values():
        pack = house.packs.get(box.pack)
        team = house.directory.teams.get(pack.default_team) if pack else None
        if team is not None:
            return (team.address,) if team.address else team.members
    return ()


def tell_operators(
    store: Store, house: House, moment: datetime, key: str, template: str, data: Mapping[str, Any]
) -> bool:
    """One mail to the operators, the first time that `key` is used. False when it was used before, or nobody is named.

    data: what the template gets; `reason` is the subject.
    """
    to = receivers(house)
    if not to:
        if store.note_once(key, None, "alert", str(data["reason"])):
            log.error("alert", reason=data["reason"], note="the directory names no operators: nobody was told")
        return False
    log.error("alert", reason=data["reason"], to=list(to))
    send = Send(template, "operators", to, house.team_language, str(data["reason"]), "alert", data=data)
    return queue(store, house, next(iter(house.boxes.values())), moment, key, send)


def tell_of_mails(
    some: Sequence[OutboxEntry],
    known: Callable[[OutboxEntry], str],
    store: Store,
    house: House,
    moment: datetime,
    key: str,
    word: str,
) -> bool:
    """One mail to the operators about outgoing mails that all stand in one state (see `tell_operators`).

    known: what each is recognised by. word: of `SAID`, what became of them.
    """
    numbers = " ".join(str(entry.id) for entry in some)
    data = {
        "reason": say(word, house.team_language, count=len(some)),
        "mend": f"mailbot outbox list --state {some[0].state}; mailbot outbox retry {numbers}",
        "figures": [
            {"name": f"{e.id}, {e.template}, {known(e)}", "value": f"{', '.join(e.recipients)}: {e.error[:300]}"}
            for e in some
        ],
    }
    return tell_operators(store, house, moment, key, "operators_alert", data)


def queue(
    store: Store, house: House, box: Box, moment: datetime, key: str, send: Send, message: Message | None = None
) -> bool:
    """Puts one mail that is about no ticket into the outbox, once per `key`. False when it was there."""

    def render(_: Ticket | None, wanted: Send) -> Outgoing:
        return house.compose(
            wanted, None, house.packs[box.pack], box.identity, message=message, directory=house.directory,
            template_set=house.templates, now=moment, ref=key,
        )  # fmt: skip

    return not store.act(key, None, Decision((send,), send.reason), render=render).repeated
