"""What is to be done on account of one mail: a pure function from what is known to a `Decision`.

In: the mail, its lines, the ticket that it belongs to (or None), why, what was understood, the pack, the context.
Out: a `Decision`: actions, each with its reason. No clock, no network, no store.

The order of the questions is the policy: is it ours? is it a machine? is it an engineer? Else it is a customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.decide.actions import Decision
from mailbot.decide.automatic import decide_automated
from mailbot.decide.budgets import is_own
from mailbot.decide.context import DecideContext
from mailbot.decide.customer import decide_customer
from mailbot.decide.engineer import decide_engineer, writes_as_engineer
from mailbot.decide.survey import decide_survey
from mailbot.message.model import Line, Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Match, Ticket
from mailbot.understand.facts import Facts


def decide(
    message: Message,
    lines: Sequence[Line],
    ticket: Ticket | None,
    match: Match,
    facts: Facts,
    pack: RulePack,
    ctx: DecideContext,
) -> Decision:
    """All that is to be done on account of `message`. `ticket` is the one that `match` names, as it stood before."""
    sender = message.sender
    if ctx.own_mail or (sender is not None and is_own(sender.address, ctx)):
        return Decision((), "our own mail", ticket=match.ticket, ignored=True)
    if message.automated is not None:
        return decide_automated(message, message.automated, ticket, match, pack, ctx)
    if ticket is not None and writes_as_engineer(message, ticket, match, ctx):
        return decide_engineer(message, lines, ticket, match, pack, ctx)
    if ctx.survey is not None:
        answered = decide_survey(message, ctx.survey, match, facts, pack, ctx)
        if not answered.goes_on:
            return answered.decision
        made = decide_customer(message, ticket, match, facts, pack, ctx)
        return replace(made, actions=(*made.actions, *answered.decision.actions))
    return decide_customer(message, ticket, match, facts, pack, ctx)
