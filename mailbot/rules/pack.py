"""A rule pack: everything a team decides about its support mail, as data. Read from `rules/<name>.yaml`.

In: YAML files. Out: frozen `RulePack`s (`load_packs`). An error names the file, the line and the mend (`RulesError`).
This module says what may stand in a pack; `load.py` reads files, `check.py` looks for mistakes that are no type errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailbot.rules.phrases import Phrasebook

LANGUAGES = ("pt", "en", "es")
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]  # ISO 639-1; which ones a pack speaks: its titles
Texts = dict[Language, str]  # one wording per language
Phrases = dict[Language, tuple[str, ...]]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Samples(_Frozen):
    """Sentences that a rule must find, and near misses that it must not. Run by `mailbot rules test`."""

    yes: Phrases = Field(default_factory=dict)
    no: Phrases = Field(default_factory=dict)


class Family(_Frozen):
    """One thing that people say in many wordings: "we have no workaround". Wordings are in the phrase language
    (`wording.py`): words, `word*`, `one|other`, `(two words|one)`, `maybe?`, `...` for up to six words between.
    A sentence with an `unless` wording does not count.
    """

    about: str = ""
    say: Phrases = Field(default_factory=dict)
    any: tuple[str, ...] = ()  # the same in every language: product names, codes
    unless: tuple[str, ...] = ()
    samples: Samples = Samples()


class Clue(_Frozen):
    """Something that speaks for (or against) a kind. Exactly one of the sources is set; weights are log-odds."""

    weight: float
    family: str | None = None  # a family of phrases
    label: str | None = None  # a label of the trained classifier
    field: str | None = None  # a field with a value
    holds: tuple[str, ...] = ()  # the field's value holds one of these words: a host or a folder of an endpoint, too
    subject: str | None = None  # a family, in the subject
    role: Literal["support", "escalate"] | None = None
    environment: tuple[str, ...] = ()  # the environment field has one of these values
    without: tuple[str, ...] = ()  # does not count when one of these families is there
    beside: tuple[str, ...] = ()  # counts only when one of these families is there too


class FieldRule(_Frozen):
    """A piece of information that a ticket may need."""

    type: Literal["slot", "narrative"]
    name: Texts  # as shown to people: "Chat ID"
    question: Texts  # one sentence that asks for it
    hint: Texts  # why it is needed and where to find it
    labels: Phrases = Field(default_factory=dict)  # what people write before a colon
    values: dict[str, Phrases] = Field(default_factory=dict)  # for closed lists: value -> how people say it
    signs: dict[str, Phrases] = Field(default_factory=dict)  # what speaks for a value: "word*", "a|b ... c"
    examples: tuple[str, ...] = ()  # shown in the fill-in form
    samples: Samples = Samples()  # sentences that give the field, and near misses


class KindRule(_Frozen):
    """A kind of request and its form."""

    name: Texts
    required: tuple[str, ...] = ()  # asked, in this order
    welcome: tuple[str, ...] = ()  # taken when given, never asked
    optional: tuple[str, ...] = ()  # "if applicable": asked softly, never required
    needs_contract: bool = False  # needs a look into the environment: without a contract, general help only
    policy: str | None = None  # template that says what support cannot do and where to go
    team: str | None = None  # who gets the summary, unless a route says otherwise
    default_priority: int | None = None
    clues: tuple[Clue, ...] = ()  # what speaks for this kind
    bias: float = 0.0  # how likely it is before anything is read
    takes_over: tuple[str, ...] = ()  # families or labels of a later mail that may turn a ticket into this kind
    stays: bool = False  # a ticket of this kind keeps it
    samples: Samples = Samples()  # first mails that are of this kind, and near misses


class PriorityRule(_Frozen):
    """A rule of priority: the first whose conditions all hold decides."""

    priority: int
    kind: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()  # values of the field; "unknown" where it is not given
    signs: tuple[str, ...] = ()  # all of these signs are there
    any_sign: tuple[str, ...] = ()  # at least one of these
    without: tuple[str, ...] = ()  # none of these
    reason: str = ""


class Route(_Frozen):
    """A rule of routing: the first whose conditions all hold decides."""

    team: str
    kind: tuple[str, ...] = ()
    priority: tuple[int, ...] = ()
    component: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    mailbox: tuple[str, ...] = ()  # roles: support | escalate
    reason: str | Texts = ""  # as engineers read it: one wording, or one per language

    def why(self, language: str) -> str:
        """The reason in a language, else in English, else in the first there is."""
        if isinstance(self.reason, str):
            return self.reason
        return self.reason.get(language) or self.reason.get("en") or next(iter(self.reason.values()), "")


Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]  # "09:00"
Hours = Annotated[float, Field(gt=0, le=10_000)]  # of working time


class ServiceTime(_Frozen):
    """When the team works, and how long things may take. Every span is working time, in hours.

    Targets are by priority, 1 to 4; 0 is a ticket without one. A priority that is not listed has no target.
    """

    country: str | None = None  # ISO 3166-1: its public holidays are no working days
    region: str | None = None  # ISO 3166-2 subdivision, for the holidays of a state
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)  # ISO 8601: 1 is Monday
    opens: Hour = "09:00"
    closes: Hour = "18:00"
    around_the_clock: tuple[int, ...] = ()  # priorities whose targets count by day and night
    reminder_after: Hours | None = 18  # a customer who does not answer is reminded once; None: never
    close_after: Hours | None = 27  # after the reminder, the ticket is closed politely; None: never
    close_resolved_after: Hours | None = 63  # a resolved ticket is closed, without a mail; None: never
    first_reply: dict[int, Hours] = {0: 8.0, 1: 1.0, 2: 4.0, 3: 8.0, 4: 16.0}  # by an engineer, not by the program
    resolution: dict[int, Hours] = {1: 4.0, 2: 18.0, 3: 45.0, 4: 90.0}
    warn_before: Hours = 1  # the leads hear so long before a target is missed, and when it is
    digest: bool = True  # the team's open tickets each working day, the week's figures for the leads


class Article(_Frozen):
    """A page of help, read from `knowledge/<pack>/*.md`: its front matter, and the words that it is found by."""

    title: str
    link: str
    language: Language
    keywords: tuple[str, ...] = ()
    text: str = ""


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
    jira_stages: dict[str, str] = Field(default_factory=dict)  # a status of Jira -> the stage that it is
    include: tuple[str, ...] = ()  # files whose lists, families and signs are taken over: _language
    lists: dict[str, Phrases] = Field(default_factory=dict)  # words that wordings name in braces: "{boss}"
    families: dict[str, Family] = Field(default_factory=dict)
    signs: dict[str, tuple[Clue, ...]] = Field(default_factory=dict)  # "stopped", "workaround": for priority rules
    says_nothing: tuple[str, ...] = ()  # families: a short sentence with one of them is not weighed
    fallback_kind: str | None = None  # where nothing speaks for any kind
    escalation_kind: str | None = None  # what a wish to escalate makes of a ticket
    status_kind: str | None = None  # what a question about a ticket's state makes of it
    priorities: tuple[PriorityRule, ...] = ()
    default_priority: int | None = None  # None: priority is not judged in this pack
    learnt_priorities: bool = False  # whether what was learnt from many mails of this pack corrects `priorities`
    service: ServiceTime = ServiceTime()  # working hours, holidays, reminders, targets
    knowledge: tuple[Article, ...] = ()  # read from the folder `knowledge/<name>/` beside the pack

    def required(self, kind: str | None) -> tuple[str, ...]:
        """The required fields of a kind, in the order they are asked; none for an unknown kind."""
        return self.kinds[kind].required if kind in self.kinds else ()

    @cached_property
    def phrases(self) -> Phrasebook:
        """The families that something in the pack asks for, compiled once, on first use."""
        asked = self.asked_families()
        return self._book(name for name in self.families if name in asked)

    def all_phrases(self) -> Phrasebook:
        """Every family, asked for or not: to check the pack."""
        return self._book(self.families)

    def asked_families(self) -> frozenset[str]:
        """The families that a clue of a kind or a sign names."""
        clues = chain(*(kind.clues for kind in self.kinds.values()), *self.signs.values())
        takers = chain(*(kind.takes_over for kind in self.kinds.values()))
        named = chain(*((c.family, c.subject, *c.without, *c.beside) for c in clues), self.says_nothing, takers)
        return frozenset(name for name in named if name)

    def _book(self, names: Iterable[str]) -> Phrasebook:
        return Phrasebook(
            {name: _wordings(self.families[name]) for name in names},
            {name: tuple(chain(*texts.values())) for name, texts in self.lists.items()},
        )


def _wordings(family: Family) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(chain(family.any, *family.say.values())), family.unless


def load_packs(folder: Path) -> dict[str, RulePack]:
    """Every pack of a folder by name. Raises `RulesError` with file, line and mend at the first mistake."""
    from mailbot.rules.load import load_folder  # reads files; the model above does not need it

    return load_folder(folder)
