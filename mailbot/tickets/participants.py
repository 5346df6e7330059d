"""Who has a part in a ticket: same address, or the same customer's domain. Everybody else is a stranger.

In: an address, a ticket, the directory. Out: the reason why the address belongs to it, or "" for a stranger.
"""

from __future__ import annotations

from mailbot.rules.directory import Directory
from mailbot.tickets.model import Ticket

# Domains whose mailboxes are given to anybody: two people there have nothing in common.
_FREE_MAIL = """
    gmail.com googlemail.com outlook.com outlook.com.br outlook.es hotmail.com hotmail.com.br hotmail.es
    hotmail.co.uk live.com live.com.mx live.com.br msn.com yahoo.com yahoo.com.br yahoo.com.ar yahoo.com.mx
    yahoo.es yahoo.co.uk
    ymail.com rocketmail.com uol.com.br bol.com.br terra.com.br terra.com ig.com.br globo.com globomail.com r7.com
    zipmail.com.br icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me gmx.com gmx.net gmx.de web.de
    mail.com zoho.com yandex.com yandex.ru mail.ru fastmail.com tutanota.com tuta.io hey.com oi.com.br
    telefonica.net movistar.es prodigy.net.mx fibertel.com.ar arnet.com.ar speedy.com.ar"""
FREE_MAIL = frozenset(_FREE_MAIL.split())


def company_domain(address: str) -> str:
    """The domain of an address when it can stand for a company; "" for free-mail providers and broken addresses."""
    local, at, domain = address.lower().rpartition("@")
    if not local or not at or "." not in domain or domain in FREE_MAIL:
        return ""
    return domain


def why_participant(address: str, ticket: Ticket, directory: Directory | None, *, by_domain: bool) -> str:
    """Why `address` may see and answer the ticket; "" when it may not.

    by_domain: colleagues count too (same company domain as the requester, or the same customer in the directory).
    """
    if address == ticket.requester or address in ticket.participants:
        return "a participant"
    if address in ticket.cc:
        return "somebody kept in copy"
    if not by_domain:
        return ""
    domain = company_domain(address)
    if domain and domain == company_domain(ticket.requester):
        return f"a colleague of the requester (@{domain})"
    if directory is not None and ticket.customer and directory.customer_of(address) == ticket.customer:
        return f"somebody of the same customer ({ticket.customer})"
    return ""
