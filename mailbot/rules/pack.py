"""A rule pack: everything a team decides about its support mail, as data. Read from `rules/<name>.yaml`.

In: a YAML file. Out: a frozen `RulePack`. An error names the file, the line and the mend (`RulesError`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LANGUAGES = ("pt", "en", "es")
Language = Literal["pt", "en", "es"]
Texts = dict[Language, str]  # one wording per language
Phrases = dict[Language, tuple[str, ...]]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldRule(_Frozen):
    """A piece of information that a ticket may need."""

    type: Literal["slot", "narrative"]
    name: Texts  # as shown to people: "Chat ID"
    question: Texts  # one sentence that asks for it
    hint: Texts  # why it is needed and where to find it
    labels: Phrases = Field(default_factory=dict)  # what people write before a colon
    values: dict[str, Phrases] = Field(default_factory=dict)  # for closed lists: value -> how people say it
    examples: tuple[str, ...] = ()  # shown in the fill-in form


class KindRule(_Frozen):
    """A kind of request and its form."""

    name: Texts
    required: tuple[str, ...] = ()  # asked, in this order
    welcome: tuple[str, ...] = ()  # taken when given, never asked
    optional: tuple[str, ...] = ()  # "if applicable": asked softly, never required
    policy: str | None = None  # template that tells what support cannot do and where to go, instead of a plain acknowledgement
    team: str | None = None  # who gets the summary, unless a route says otherwise
    default_priority: int | None = None


class Route(_Frozen):
    """A rule of routing: the first whose conditions all hold decides."""

    team: str
    kind: tuple[str, ...] = ()
    priority: tuple[int, ...] = ()
    component: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    mailbox: tuple[str, ...] = ()  # roles: support | escalate
    reason: str = ""


class RulePack(_Frozen):
    """One organisation's rules. Extended by the rooms that read it; every key is checked on load."""

    name: str
    title: Texts
    default_language: Language = "en"
    timezone: str = "UTC"
    kinds: dict[str, KindRule]
    fields: dict[str, FieldRule]
    routes: tuple[Route, ...] = ()
    default_team: str = "support"
    lead_team: str = "leads"
    max_rounds: int = 2  # requests before a ticket goes to a person as it is
    stages: tuple[str, ...] = ()  # of development, in order

    def required(self, kind: str | None) -> tuple[str, ...]:
        """The required fields of a kind, in the order they are asked; none for an unknown kind."""
        return self.kinds[kind].required if kind in self.kinds else ()
