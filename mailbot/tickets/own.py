"""Our own marks on a mail, which nobody else can make: Message-IDs and reply addresses that carry an HMAC.

In: a ticket's number, who the mail is for, a key that tells one intended mail from another, and the secrets.
Out: a Message-ID or a reply address; and back again, the ticket number, or None for anything that was not made here.

Shapes (local parts; lower case, because some servers fold them):
    Message-ID      <mb.12.c.0f3a9c….5d41402abc4b2a76@support.example>     ticket . audience . mail . mac
    reply address   support+t12.c.5d41402abc4b2a76@support.example         sub-address (RFC 5233 section 4)

The audience stands inside the mac: a customer who holds the customers' address cannot make the engineers' one of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CUSTOMER, TEAM, OPERATORS = "c", "e", "o"
_AUDIENCE = {"customer": CUSTOMER, "team": TEAM, "operators": OPERATORS}
_MESSAGE_ID = re.compile(r"<mb\.(\d{1,12})\.([ceo])\.([0-9a-f]{8,40})\.([0-9a-f]{20})@([^<>\s@]{1,255})>", re.ASCII)
_SUBADDRESS = re.compile(r"[^@\s]+\+t(\d{1,12})\.([ceo])\.([0-9a-f]{20})@[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnId:
    """What one of our marks says, once its mac was found right."""

    ticket: int  # 0: a mail that is about no ticket
    audience: str  # "c" customer | "e" engineers | "o" operators

    @property
    def for_engineers(self) -> bool:
        return self.audience == TEAM


@dataclass(frozen=True, slots=True)
class OwnIds:
    """Makes and reads our marks. `secrets` newest first: the first one signs, all of them are believed (rotation)."""

    domain: str
    secrets: tuple[str, ...] = ()

    def message_id(self, ticket: int | None, audience: str, key: str) -> str:
        """The fixed Message-ID of an intended mail (RFC 5322 section 3.6.4). Same arguments, same id.

        audience: "customer" | "team" | "operators". key: unique for the intended mail, such as the outbox key.
        """
        letter = _AUDIENCE.get(audience, CUSTOMER)
        mail = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:24]
        body = f"{ticket or 0}.{letter}.{mail}"
        return f"<mb.{body}.{self._mac('id', body)}@{self.domain}>"

    def reply_address(self, address: str, ticket: int, audience: str) -> str:
        """`address` with the ticket and its mac as a sub-address; `address` itself when there is no secret."""
        if not self.secrets:
            return address
        local, _, domain = address.rpartition("@")
        body = f"{ticket}.{_AUDIENCE.get(audience, CUSTOMER)}"
        return f"{local}+t{body}.{self._mac('to', body)}@{domain}"

    def read_message_id(self, message_id: str) -> OwnId | None:
        """What one of our Message-IDs says; None for a foreign or a forged one."""
        found = _MESSAGE_ID.fullmatch(message_id.strip())
        if not found:
            return None
        ticket, letter, mail, mac, _ = found.groups()
        return self._read("id", f"{ticket}.{letter}.{mail}", ticket, letter, mac)

    def read_reply_address(self, address: str) -> OwnId | None:
        """What one of our reply addresses says; None for a foreign or a forged one."""
        found = _SUBADDRESS.fullmatch(address.strip().lower())
        if not found:
            return None
        ticket, letter, mac = found.groups()
        return self._read("to", f"{ticket}.{letter}", ticket, letter, mac)

    def _read(self, use: str, body: str, ticket: str, letter: str, mac: str) -> OwnId | None:
        for secret in self.secrets:
            if hmac.compare_digest(_sign(secret, use, body), mac):
                return OwnId(int(ticket), letter)
        return None

    def _mac(self, use: str, body: str) -> str:
        return _sign(self.secrets[0] if self.secrets else "", use, body)


@dataclass(frozen=True, slots=True)
class IsOurs:
    """Says of a mail's headers whether we sent it. A value, so that it can be handed to another process."""

    ids: OwnIds
    addresses: frozenset[str]

    def __call__(self, headers: Mapping[str, Sequence[str]]) -> bool:
        loop = {a.strip().lower() for a in headers.get("x-mailbot-loop", ())}
        return bool(loop & self.addresses) or any(self.ids.read_message_id(i) for i in headers.get("message-id", ()))


def _sign(secret: str, use: str, body: str) -> str:
    return hmac.new(secret.encode(), f"mailbot:{use}:{body}".encode(), hashlib.sha256).hexdigest()[:20]


def without_subaddress(address: str) -> str:
    """`support+t12.c.…@x` -> `support@x` (RFC 5233 section 4); an address without one stays as it is."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if "+" in local else address.lower()
