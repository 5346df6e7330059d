"""The directory: engineers, teams and customers. Read from the YAML file that `MAILBOT_DIRECTORY` names.

In: a YAML file. Out: a frozen `Directory`. Raises `RulesError` with file and line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailbot.errors import RulesError
from mailbot.rules.load import describe, read
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


def load_directory(path: Path) -> Directory:
    """The directory of a YAML file; addresses and domains are folded to lower case, as mails are.

    Raises `RulesError` with file, line and mend: an unknown key, a wrong type, a team that is not there.
    """
    source = read(path)
    if not isinstance(source.data, dict):
        raise RulesError("must be a mapping of keys", where=f"{path.name}:1", mend="begin with `engineers:`")
    try:
        made = Directory.model_validate(_folded(source.data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        what, rest = describe(first, source, Directory)
        raise RulesError(what, where=rest["where"], mend=rest["mend"]) from None
    for key, customer in made.customers.items():
        if customer.project_team and customer.project_team not in made.teams:
            raise RulesError(
                f"project team {customer.project_team!r} is no team of the directory",
                where=source.where(("customers", key, "project_team")),
                mend=f"add it under `teams:`; there are: {', '.join(made.teams) or 'none'}",
            )
    known = {e.address for e in made.engineers}
    for name, team in made.teams.items():
        strangers = [m for m in team.members if m not in known]
        if strangers:
            raise RulesError(
                f"{strangers[0]!r} is a member, but no engineer of the directory",
                where=source.where(("teams", name, "members")),
                mend="add the address under `engineers:`, so that their answers are believed",
            )
    return made


_ADDRESSES = frozenset({"address", "members", "on_call", "domains", "addresses", "grants_access", "operators"})


def _folded(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _folded(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_folded(inner, key) for inner in value]
    return value.lower() if key in _ADDRESSES and isinstance(value, str) else value
