"""The answer to "did this solve it for you?", read from a reply and weighed: whose it is, whether it still counts.

In: a customer's mail on a ticket that was resolved, the question, what was understood. Out: a decision, or what is to
be written down beside an ordinary one. Only the requester's own answer counts, proved or under our mark; it may be
changed for a week. A "no" reaches the engineers, and one that says that it still fails opens the ticket again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from mailbot.decide.actions import Action, Decision, Note, Send, Surveyed, Update
from mailbot.decide.budgets import why_silent
from mailbot.decide.context import DecideContext, Survey
from mailbot.decide.policy import circle
from mailbot.decide.routing import Case, destination
from mailbot.decide.team_mail import about, follow_up, to_team
from mailbot.message.model import Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, State
from mailbot.tickets.own import CUSTOMER
from mailbot.understand.facts import Facts

CHANGEABLE = timedelta(days=7)
MOST = 2000  # characters that are read for an answer
_NO_MORE = r"(?:nao|no|not|nunca|never|ya no|no longer|sem|sin|without|nenhum|ningun|no more)"
_YES = re.compile(
    r"(?:sim|si|yes|yep|yeah|yup|claro|com certeza|con certeza|of course|absolutely|definitely|afirmativo|positivo)\b"
)
_NO = re.compile(r"(?:nao|no|nope|nah|ainda nao|todavia no|aun no|not yet|not really|infelizmente nao|negativo)\b")
_KIND_NO = re.compile(  # a "no" that denies nothing
    r"(?:no|nao) (?:problem\w*|worries|issues?|errors?|more|se preocupe|hay (?:mas )?(?:problema|error)\w*|ha mais"
    r"|tem mais|tenho mais|precisa|need|longer|further|hace falta|necesito)"
)
_DONE = re.compile(
    r"\b(?:resolv(?:eu|ido|ida|eram|ed|es)|solved|fixed|resuelt[oa]s?|solucion(?:ado|ada|ou|o)"
    r"|se (?:resolvio|soluciono)"
    r"|funcion(?:ou|ando|a|o)|works?|working|worked|voltou ao normal|volvio a la normalidad|back to normal|normalizou"
    r"|tudo (?:certo|ok|bem)|todo (?:bien|ok|en orden)|all good|deu certo|it did|perfeito|perfecto|perfect|excelente"
    r"|excellent|great)\b"
)
_FAILS = re.compile(
    r"\b(?:falh(?:a|ando|ou|am)|fall(?:a|ando|o|an)|fail(?:s|ing|ed)?|err(?:o|os|or|ors|ores)|problem(?:a|as|s)?|issues?"
    r"|broken|quebrad[oa]|persist(?:e|es|s|em|en)|parou|parad[oa]|detenid[oa]|caiu|caido|cai|stopped|down|trava(?:ndo|do)?)\b"
)
_UNCHANGED = re.compile(
    r"\b(?:continua(?:m|n)?|continues?|sigue[n]?|segue[m]?|same (?:error|problem|issue|thing)"
    r"|mesm[oa] (?:erro|problema|coisa)|mism[oa] (?:error|problema|cosa)|still|ainda|todavia|aun|voltou a|volvio a"
    r"|de novo|de nuevo|again|outra vez|otra vez)\b"
)
_THANKS = re.compile(
    r"(?:muit[oa]s? |muchas )?(?:obrigad[oa]s?|obg|valeu|agradec\w+|gracias|thanks?|thank you|thx|cheers|grat[oa])\b"
)
_GREETS = re.compile(
    r"^(?:(?:oi|ola|hola|hi|hello|hey|dear|bom dia|boa tarde|boa noite|buen(?:os|as) (?:dias|tardes|noches)"
    r"|good (?:morning|afternoon|evening)|prezad[oa]s?|estimad[oa]s?)\b[^.!?\n]{0,40}[,.!:\n]\s*)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply says to the question. `fails`: in so many words that it is not solved."""

    value: str  # yes | no | thanks | ""
    fails: bool = False
    worded: bool = False  # more than the bare yes or no


@dataclass(frozen=True, slots=True)
class Weighed:
    """The decision; `goes_on`: its actions are written down beside an ordinary one."""

    decision: Decision
    goes_on: bool = False


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text[:MOST].casefold())
    return "".join(c for c in spread if not unicodedata.combining(c)).strip(" \t\r\n*_-–—\"'¡¿.")


def read_answer(text: str) -> Answer:
    """The answer in a reply's new words, in any of the three languages; "" when it is none."""
    plain = _GREETS.sub("", _folded(text))
    begins = plain.lstrip(" \t\r\n*_-–—\"'¡¿.,")
    first = re.split(r"[.!?\n]", begins, maxsplit=1)[0]
    words = re.findall(r"\w+", plain)
    worded = len(words) > 4
    denied_failure = re.search(rf"\b{_NO_MORE} (?:\w+ ){{0,3}}(?:{_FAILS.pattern[2:-2]})", plain)
    denied_success = re.search(
        rf"\b(?:nao|no|not|didn t|doesn t|isn t|nunca|\w+n't) (?:\w+ ){{0,3}}?{_DONE.pattern}", plain
    )
    unchanged = bool(_UNCHANGED.search(plain))
    fails = bool(denied_success) or (bool(_FAILS.search(plain)) and (unchanged or not denied_failure))
    if denied_failure and not unchanged and not denied_success:
        fails = False
    solved = (bool(_DONE.search(plain)) and not denied_success) or bool(denied_failure and not fails)
    says_no = bool(_NO.match(begins)) and not _KIND_NO.match(begins)
    says_yes = bool(_YES.match(begins))
    if says_no and solved and not fails and len(first.split()) <= 2:
        return Answer("", worded=worded)  # "no, it works now": a person reads that better
    if says_no or (fails and (unchanged or denied_success or says_yes)):
        return Answer("no", fails or unchanged, worded)
    if says_yes or (solved and not fails and len(words) <= 40):
        return Answer("yes", worded=worded)
    if _THANKS.match(begins) and not fails and len(words) <= 12 and "?" not in text:
        return Answer("thanks")
    return Answer("", fails, worded)


def decide_survey(
    message: Message, survey: Survey, match: Match, facts: Facts, pack: RulePack, ctx: DecideContext
) -> Weighed:
    """What an answer comes to. What is no answer goes the ordinary way, with nothing written down."""
    said = read_answer(facts.new_text)
    ticket, sender = survey.ticket, message.sender
    over = ticket.state in (State.RESOLVED, State.CLOSED)
    if said.value == "" or sender is None or message.attachments:
        return Weighed(Decision((), ""), goes_on=True)
    if said.value == "thanks":
        if not over:
            return Weighed(Decision((), ""), goes_on=True)
        return _quiet(ticket.number, Note("thanks", "thanks for the resolution: nothing is answered"))
    why = _does_not_count(message, survey, match, ctx)
    if why:
        note = Note("survey-refused", f"{said.value}: {why}")
        stays = (over and not said.fails) or why == _UNPROVED
        return _quiet(ticket.number, note) if stays else Weighed(Decision((note,), ""), goes_on=True)
    if said.value == survey.answer and over and not said.fails:
        return _quiet(ticket.number, Note("survey", f"{said.value}, as before"))
    answer = Surveyed(ticket.number, said.value, facts.new_text.strip() if said.worded else "", message.message_id)
    if said.value == "no" and said.fails and (ticket.state is State.CLOSED or not over):
        return Weighed(Decision((answer,), ""), goes_on=True)  # a closed one takes no answer: a new ticket, linked
    return Weighed(_answered(message, survey, said, answer, facts, pack, ctx))


def _quiet(number: int, note: Note) -> Weighed:
    return Weighed(Decision((note,), note.text, ticket=number))


_UNPROVED = "the mail is not proved to be the requester's"


def _does_not_count(message: Message, survey: Survey, match: Match, ctx: DecideContext) -> str:
    sender = message.sender.address if message.sender else ""
    if sender != survey.ticket.requester:
        return f"only the requester answers the survey, not {sender}"
    if not (ctx.authentication.proved or match.own == CUSTOMER):
        return _UNPROVED
    if survey.answered_at is not None and ctx.now - survey.answered_at > CHANGEABLE:
        return "the answer of more than a week ago stays"
    return ""


def _answered(
    message: Message, survey: Survey, said: Answer, answer: Surveyed, facts: Facts, pack: RulePack, ctx: DecideContext
) -> Decision:
    ticket = survey.ticket
    reopens = said.value == "no" and said.fails and ticket.state is State.RESOLVED
    reason = f"the requester answers the survey: {said.value}"
    actions: list[Action] = [answer]
    if reopens:
        actions.append(Update(state=State.IN_PROGRESS, reason="the customer says that it still fails"))
    to = circle(message, ticket, ctx).reply_to
    silent = why_silent(to, ctx)
    if silent is not None:
        actions.append(Note(*silent))
    else:
        data = {"answer": said.value, "reopened": reopens, "name": message.sender.name if message.sender else ""}
        language = ticket.language or pack.default_language
        actions.append(Send("survey_thanks", "customer", (to,), language, reason, "reply", data=data))
    if said.value == "no":
        case = Case(ticket.kind, ticket.priority, ticket.fields, ticket.customer, ctx.role)
        where = follow_up(ticket, destination(case, pack, ctx))
        told = about(message, facts, ctx, ticket.customer) | {"kind": ticket.kind, "priority": ticket.priority}
        told |= {"missing": [], "why": reason}
        actions += to_team("update", where, told, reason, ctx)
    return Decision(tuple(actions), reason, ticket=ticket.number)
