"""Engineers' slash commands: found in the new lines of a reply, checked all together, done all or none.

In: the lines of a mail. Out: `Command`s and the text without them; then, checked against ticket, pack and context, an
`Effect` for each, or the list of what is wrong. Adding a command is one function and one line of the table at the end.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mailbot.decide.context import DecideContext
from mailbot.decide.incidents import wordings
from mailbot.message.model import Line, Part
from mailbot.rules.pack import RulePack
from mailbot.tickets.lifecycle import why_not
from mailbot.tickets.model import FieldValue, State, Ticket
from mailbot.tickets.participants import company_domain

MOST = 20  # commands in one mail
_LINE = re.compile(r"[ \t\u00a0]{0,3}/([A-Za-z][A-Za-z-]{0,30})(?:[ \t\u00a0]+(.*))?")  # "/var/log" is text
_LITERAL = re.compile(r"[ \t\u00a0]{0,3}//")
_PRIORITY = re.compile(r"[pP]?([1-4])")
_URL = re.compile(r"https?://[^\s<>\"']+|[A-Z][A-Z0-9_]{1,20}-\d{1,9}|[\w.-]+/[\w.-]+#\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    argument: str

    def __str__(self) -> str:
        return f"/{self.name} {self.argument}".rstrip()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the commands of one mail come to. `ticket` is the ticket as it will be; the rest is done beside it."""

    ticket: Ticket
    by: str
    pack: RulePack
    ctx: DecideContext
    notes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()  # one line each, for the answer to the engineer
    errors: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    set_fields: tuple[str, ...] = ()
    split: str | None = None  # subject of the new ticket
    escalate: str | None = None
    mail: str = ""  # template of the mail that tells the customer: "resolved", "closed", "stage"
    assigned: bool = False
    help: bool = False
    declare: tuple[str, tuple[str, ...]] | None = None  # an incident: its title, the wordings that report it
    ends_incident: bool = False

    def done(self, result: str, **changes: object) -> Plan:
        return replace(self, results=(*self.results, result), **changes)  # type: ignore[arg-type]

    def wrong(self, error: str) -> Plan:
        return replace(self, errors=(*self.errors, error))

    def moved(self, wanted: State, result: str, **changes: object) -> Plan:
        refused = why_not(self.ticket.state, wanted)
        if refused:
            return self.wrong(f"{result}: {refused}")
        return self.done(result, ticket=replace(self.ticket, state=wanted), **changes)


def read_commands(lines: Sequence[Line]) -> tuple[tuple[Command, ...], str]:
    """The commands among the sender's own new lines, and those lines without them. Quotes and signatures hold none.

    A line that begins with two slashes is text that begins with one.
    """
    commands: list[Command] = []
    text: list[str] = []
    for line in lines:
        if line.part is Part.BLANK:
            text.append("")
        if line.part is not Part.NEW:
            continue
        if "/" not in line.raw[:8]:
            text.append(line.raw)
            continue
        found = _LINE.fullmatch(line.raw.rstrip())
        if found:
            commands.append(Command(found[1].lower(), (found[2] or "").strip()))
        else:
            text.append(_LITERAL.sub("/", line.raw, count=1) if _LITERAL.match(line.raw) else line.raw)
    return tuple(commands), re.sub(r"\n{3,}", "\n\n", "\n".join(text)).strip("\n")


def plan(commands: Sequence[Command], ticket: Ticket, pack: RulePack, ctx: DecideContext, by: str) -> Plan:
    """What the commands come to, one after the other. With `errors`, nothing of it is to be done."""
    made = Plan(ticket, by, pack, ctx)
    if len(commands) > MOST:
        return made.wrong(f"{len(commands)} commands in one mail; at most {MOST}")
    for command in commands:
        do = COMMANDS.get(command.name)
        if do is None:
            near = difflib.get_close_matches(command.name, sorted(COMMANDS), n=1, cutoff=0.6)
            hint = f"did you mean /{near[0]}?" if near else "/help lists them all"
            made = made.wrong(f"/{command.name}: no such command; {hint}")
        else:
            made = do(made, command.argument)
    return made


def _choice(name: str, options: Sequence[str], what: str) -> tuple[str | None, str]:
    """The option that a word means, or what to say about it."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    for option in options:
        if option.lower().replace("_", "-") == key:
            return option, ""
    near = difflib.get_close_matches(name.lower(), options, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(options)}"
    return None, f"no {what} {name!r}; {hint}"


def _note(made: Plan, argument: str) -> Plan:
    if not argument:
        return made.wrong("/note: write the note behind it")
    return made.done("note kept", notes=(*made.notes, argument))


def _assign(made: Plan, argument: str) -> Plan:
    wanted = argument.lower().strip("<>")
    if wanted in ("", "me"):
        wanted = made.by
    if wanted in made.ctx.directory.teams:
        changed = replace(made.ticket, team=wanted, assignee=None)
        return made.done(f"team: {wanted}", ticket=changed, assigned=True)
    people = {e.address: e for e in made.ctx.directory.engineers}
    hits = [a for a, e in people.items() if wanted in (a, a.partition("@")[0], e.name.lower())]
    if len(hits) == 1:
        return made.done(f"assigned to {hits[0]}", ticket=replace(made.ticket, assignee=hits[0]), assigned=True)
    if hits:
        return made.wrong(f"/assign {argument}: {len(hits)} engineers are meant: {', '.join(sorted(hits))}")
    _, hint = _choice(wanted, sorted({*people, *made.ctx.directory.teams}), "engineer or team")
    return made.wrong(f"/assign: {hint}")


def _priority(made: Plan, argument: str) -> Plan:
    found = _PRIORITY.fullmatch(argument)
    if not found:
        return made.wrong(f"/priority {argument}: write 1, 2, 3 or 4")
    level = int(found[1])
    changed = replace(made.ticket, priority=level, locked=made.ticket.locked | {"priority"})
    return made.done(f"priority: {level}", ticket=changed)


def _kind(made: Plan, argument: str) -> Plan:
    kind, hint = _choice(argument, list(made.pack.kinds), "kind")
    if kind is None:
        return made.wrong(f"/kind: {hint}")
    return made.done(f"kind: {kind}", ticket=replace(made.ticket, kind=kind, locked=made.ticket.locked | {"kind"}))


def _set(made: Plan, argument: str) -> Plan:
    name, _, value = argument.partition(" ")
    field, hint = _choice(name.rstrip(":="), list(made.pack.fields), "field")
    value = value.strip()
    if field is None:
        return made.wrong(f"/set: {hint}")
    if not value:
        return made.wrong(f"/set {field}: write the value behind it")
    rule = made.pack.fields[field]
    if rule.values:
        chosen, hint = _choice(value, list(rule.values), field)
        if chosen is None:
            return made.wrong(f"/set {field}: {hint}")
        value = chosen
    held = FieldValue("present" if rule.type == "narrative" else value, value, "engineer")
    ticket = made.ticket
    changed = replace(
        ticket,
        fields={**ticket.fields, field: held},
        declined={k: v for k, v in ticket.declined.items() if k != field},
        locked=ticket.locked | {field},
    )
    return made.done(f"{field}: {value}", ticket=changed, set_fields=(*made.set_fields, field))


def _ask(made: Plan, argument: str) -> Plan:
    names = [n for n in re.split(r"[,\s]+", argument) if n]
    if not names:
        return made.wrong("/ask: name the fields to ask for")
    if made.ticket.state is State.CLOSED:
        return made.wrong("/ask: the ticket is closed; /reopen it first")
    for name in names:
        field, hint = _choice(name, list(made.pack.fields), "field")
        if field is None:
            return made.wrong(f"/ask: {hint}")
        if field not in made.ask:
            made = replace(made, ask=(*made.ask, field))
    return made.moved(State.WAITING, f"asked for {', '.join(made.ask)}")


def _link(made: Plan, argument: str) -> Plan:
    if not _URL.fullmatch(argument):
        return made.wrong(f"/link {argument}: write a card as JIRA-123, an issue as owner/repo#12, or an http(s) URL")
    linked = replace(made, ticket=replace(made.ticket, link=argument))
    if why_not(made.ticket.state, State.IN_DEVELOPMENT):
        return linked.done(f"link: {argument}")
    return linked.moved(State.IN_DEVELOPMENT, f"link: {argument}")


def _stage(made: Plan, argument: str) -> Plan:
    if not made.pack.stages:
        return made.wrong(f"/stage: pack {made.pack.name} has no stages of development")
    stage, hint = _choice(argument, made.pack.stages, "stage")
    if stage is None:
        return made.wrong(f"/stage: {hint}")
    now = made.ticket.stage
    if now in made.pack.stages and made.pack.stages.index(stage) > made.pack.stages.index(now) + 1:
        following = made.pack.stages[made.pack.stages.index(now) + 1]
        return made.wrong(f"/stage {stage}: stages go forward one at a time; after {now} comes {following}")
    staged = replace(made, ticket=replace(made.ticket, stage=stage))
    return staged.moved(State.IN_DEVELOPMENT, f"stage: {stage}", mail=made.mail or ("stage" if stage != now else ""))


def _resolve(made: Plan, _argument: str) -> Plan:
    return made.moved(State.RESOLVED, "resolved; the customer is told and asked whether it helped", mail="resolved")


def _close(made: Plan, _argument: str) -> Plan:
    return made.moved(State.CLOSED, "closed", mail="closed")


def _reopen(made: Plan, _argument: str) -> Plan:
    if made.ticket.state not in (State.RESOLVED, State.CLOSED):
        return made.wrong(f"/reopen: the ticket is {made.ticket.state.value}, not resolved or closed")
    return made.moved(State.IN_PROGRESS, "opened again")


def _merge(made: Plan, argument: str) -> Plan:
    number = _ticket_number(argument)
    if number is None:
        told = f"/merge {argument}".strip()
        return made.wrong(f"{told}: write the number of the ticket in which this one goes on, as /merge 12")
    mine, other = made.ticket, made.ctx.others.get(number)
    if number == mine.number:
        return made.wrong(
            f"/merge {number}: this is ticket #{number} itself; mails of tickets merged into it come here"
        )
    if other is None:
        return made.wrong(f"/merge {number}: there is no ticket #{number}")
    domain = company_domain(mine.requester)
    same = mine.requester == other.requester or (domain and domain == company_domain(other.requester))
    if not (same or (mine.customer and mine.customer == other.customer)):
        return made.wrong(f"/merge {number}: that ticket is another customer's; they would read each other's mails")
    if other.merged_into is not None:
        return made.wrong(f"/merge {number}: it was itself merged into #{other.merged_into}; merge into that one")
    merged = replace(made, ticket=replace(mine, merged_into=other.number))
    return merged.moved(State.CLOSED, f"merged into #{number}: answers to this ticket's mails go on there")


_INTO = re.compile(
    r"(?:(?:in(?:to)?|to|with|em|com|no|en|con|el|o|the|ticket|case|chamado|caso)\s+)*[\[(#]{0,2}(\d{1,11})[\]).]{0,2}",
    re.I,
)


def _ticket_number(argument: str) -> int | None:
    """The one number in "12", "#12", "[#12]", "into #12", "com o chamado 12"; None where there is none or more."""
    found = _INTO.fullmatch(argument.strip())
    return int(found[1]) if found else None


def _split(made: Plan, argument: str) -> Plan:
    return made.done("a new ticket is opened for it", split=argument or made.ticket.subject)


def _access(made: Plan, _argument: str) -> Plan:
    if made.ticket.state is State.CLOSED:
        return made.wrong("/access: the ticket is closed; /reopen it first")
    return made.moved(State.WAITING, "access is asked of those who may grant it", mail="policy_grant_access")


def _escalate(made: Plan, argument: str) -> Plan:
    changed = replace(made.ticket, team=made.pack.lead_team, assignee=None)
    return made.done(
        f"escalated to {made.pack.lead_team}", ticket=changed, escalate=argument or "an engineer escalates"
    )


def _incident(made: Plan, argument: str) -> Plan:
    if argument.lower() in ("over", "end", "ended"):
        return made.done("the incident is over; all who reported it are told", ends_incident=True)
    title, _, told = argument.partition("|")
    words = wordings(title.strip(), told)
    if not title.strip() or not words:
        return made.wrong("/incident: write a title, and behind | the words that report it, divided by commas")
    return made.done(f"incident declared: {title.strip()}; told to those who write {', '.join(words)}",
                     declare=(title.strip()[:200], words))  # fmt: skip


def _help(made: Plan, _argument: str) -> Plan:
    return replace(made, help=True)


COMMANDS: dict[str, Callable[[Plan, str], Plan]] = {
    "note": _note,
    "assign": _assign,
    "priority": _priority,
    "kind": _kind,
    "set": _set,
    "ask": _ask,
    "link": _link,
    "stage": _stage,
    "resolve": _resolve,
    "close": _close,
    "reopen": _reopen,
    "merge": _merge,
    "split": _split,
    "access": _access,
    "escalate": _escalate,
    "incident": _incident,
    "help": _help,
}

HELP = (
    ("/note TEXT", "keep a note on the ticket; the customer does not see it"),
    ("/assign me|ENGINEER|TEAM", "give the ticket to somebody"),
    ("/priority 1..4", "set the priority"),
    ("/kind KIND", "set the kind"),
    ("/set FIELD VALUE", "set a field"),
    ("/ask FIELD…", "ask the customer for fields"),
    ("/link JIRA-123|URL", "tie the ticket to a development card"),
    ("/stage STAGE", "move it in development; one forward at a time, back as needed"),
    ("/resolve", "tell the customer that it is solved and ask whether it helped"),
    ("/close", "close it; an answer opens a new ticket"),
    ("/reopen", "open it again"),
    ("/merge NUMBER", "this ticket goes on in that one"),
    ("/split [SUBJECT]", "open another ticket for the same customer"),
    ("/access", "ask the customer's people who may grant it for access to make a change"),
    ("/escalate [WHY]", "give it to the support leads"),
    ("/incident TITLE | words, … (or: over)", "declare a known incident, told to those who report it; or end it"),
    ("/help", "this list"),
)


def named_tickets(lines: Sequence[Line]) -> tuple[int, ...]:
    """Ticket numbers that commands in a mail name, so that the caller can have them at hand (`ctx.others`)."""
    commands, _ = read_commands(lines)
    told = (_ticket_number(c.argument) for c in commands[:MOST] if c.name == "merge")
    return tuple(dict.fromkeys(number for number in told if number is not None))
