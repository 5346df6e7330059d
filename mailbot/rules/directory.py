"""The directory: engineers, teams and customers. Read from the YAML file that `MAILBOT_DIRECTORY` names.

In: a YAML file. Out: a frozen `Directory`. Raises `RulesError` with file and line.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from mailbot.rules.pack import Language


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Engineer(_Frozen):
    address: str
    name: str = ""


class Team(_Frozen):
    """A team: its own address, or its members' (round-robin when `assign` says so)."""

    address: str | None = None
    members: tuple[str, ...] = ()  # addresses of engineers
    assign: str = "team"  # team | round-robin | address of one engineer
    on_call: tuple[str, ...] = ()  # addresses that are told of critical tickets at once


class Customer(_Frozen):
    name: str
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    contract: bool = True
    language: Language | None = None
    on_call_phone: str | None = None
    project_team: str | None = None  # team name: pipelines in design go there
    grants_access: tuple[str, ...] = ()  # addresses that may grant support access for changes


class Directory(_Frozen):
    engineers: tuple[Engineer, ...] = ()
    teams: dict[str, Team] = Field(default_factory=dict)
    customers: dict[str, Customer] = Field(default_factory=dict)
    operators: tuple[str, ...] = ()  # get the program's own alerts

    def customer_of(self, address: str) -> str | None:
        """The key of the customer that an address belongs to; None when it is nobody's."""
        domain = address.rpartition("@")[2]
        for key, customer in self.customers.items():
            if address in customer.addresses or domain in customer.domains:
                return key
        return None

    def is_engineer(self, address: str) -> bool:
        return any(e.address == address for e in self.engineers)
