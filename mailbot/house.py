"""What stays the same from mail to mail: mailboxes, packs, directory, templates, limits. Read once at the start.

In: values made from the settings (or made up by replay and tests). Out: a frozen `House`, handed to the corridor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailbot.decide.context import Limits
from mailbot.message.authentication import DnsFunc
from mailbot.message.limits import DEFAULT as PARSE_LIMITS
from mailbot.message.limits import Limits as ParseLimits
from mailbot.message.model import Message
from mailbot.reply.compose import compose
from mailbot.reply.model import Identity, Outgoing
from mailbot.reply.render import TemplateSet
from mailbot.rules.directory import Directory
from mailbot.rules.pack import RulePack
from mailbot.tickets.own import IsOurs, OwnIds


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, as far as a mail's way through the house depends on it."""

    name: str
    address: str
    role: str
    pack: str
    identity: Identity


@dataclass(frozen=True)
class House:
    """What stays the same from mail to mail. Read once at the start."""

    packs: Mapping[str, RulePack]
    boxes: Mapping[str, Box]
    templates: TemplateSet
    directory: Directory = field(default_factory=Directory)
    secrets: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    verify_dkim: bool = False
    dnsfunc: DnsFunc | None = None  # None: the network's own, when `verify_dkim` is set
    team_language: str = "en"
    budgets: Limits = field(default_factory=Limits)
    parse_limits: ParseLimits = PARSE_LIMITS
    isolated: Callable[[bytes, datetime, ParseLimits, IsOurs], Message] | None = None  # reads what looks dangerous
    # A ledger row that is tried again after the program ended → whether a process of its own reads it this time. That
    # process is started here, before the try counts.
    prepare: Callable[[Any], bool] = lambda _row: True
    alone: Callable[[Any, datetime | None], Any] | None = None  # a ledger row → its Outcome, in a process of its own
    attach_bytes: int = 2 * 1024 * 1024
    automatic_replies: bool = True
    compose: Callable[..., Outgoing] = compose  # replay leaves the engineers' mails unwritten

    @property
    def own_addresses(self) -> frozenset[str]:
        return frozenset(box.address for box in self.boxes.values())

    def own_ids(self, box: Box) -> OwnIds:
        return OwnIds(box.identity.domain or box.address.rpartition("@")[2], self.secrets)
