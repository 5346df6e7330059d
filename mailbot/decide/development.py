"""A ticket in development follows its card: what a card's status means for the stage, and what the customer hears.

In: the ticket, the card's key and status, the pack (`jira_stages`), the context. Out: a `Decision`, or None when
nothing is to be done. Stages go forward one at a time on the timeline, however far the card has jumped; the customer
gets one mail, about where it is now.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from mailbot.decide.actions import Action, Decision, Note, Send, Update
from mailbot.decide.budgets import why_silent
from mailbot.decide.context import DecideContext
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import State, Ticket

FOLLOWS = (State.IN_DEVELOPMENT, State.WAITING)  # a question to the customer does not stop the card
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,20}-\d{1,9}", re.ASCII)


def card_of(link: str | None, site: str) -> str | None:
    """The key of the card that a ticket's link names: `ABC-12`, or a page of that site; None for anything else."""
    if not link:
        return None
    if _KEY.fullmatch(link):
        return link
    page, home = urlsplit(link), urlsplit(site)
    if page.scheme not in ("http", "https") or page.netloc.lower() != home.netloc.lower():
        return None
    last = unquote(page.path).rstrip("/").rpartition("/")[2]
    return last if _KEY.fullmatch(last) and page.path.startswith(f"{home.path.rstrip('/')}/browse/") else None


def stage_of(status: str, pack: RulePack) -> str | None:
    """The pack's stage for a status of Jira, in whatever case it is written; None when the pack does not say."""
    wanted = status.strip().casefold()
    return next((stage for name, stage in pack.jira_stages.items() if name.strip().casefold() == wanted), None)


def decide_card(card: str, status: str, ticket: Ticket, pack: RulePack, ctx: DecideContext) -> Decision | None:
    """What is done because the card is in this status now."""
    if ticket.state not in FOLLOWS or not pack.jira_stages:
        return None
    stage = stage_of(status, pack)
    if stage is None:
        why = f"card {card} is {status!r}, which is no stage of pack {pack.name}"
        return Decision((Note("card", why, "Jira"),), why, ticket=ticket.number)
    if stage == ticket.stage:
        return None
    why = f"card {card}: {status}"
    steps = _way(ticket.stage, stage, pack)
    moves: list[Action] = [Update(stage=step, reason=why) for step in steps]
    return Decision((*moves, _tell(stage, ticket, pack, why, ctx)), why, ticket=ticket.number)


def _way(now: str | None, wanted: str, pack: RulePack) -> tuple[str, ...]:
    """The stages from one to the other: each that lies between on the way forward, at once on the way back."""
    if now not in pack.stages or pack.stages.index(wanted) < pack.stages.index(now):
        return (wanted,)
    return pack.stages[pack.stages.index(now) + 1 : pack.stages.index(wanted) + 1]


def _tell(stage: str, before: Ticket, pack: RulePack, why: str, ctx: DecideContext) -> Action:
    silent = why_silent(before.requester, ctx)
    if silent is not None:
        return Note(silent[0], f"the customer is not told of the stage: {silent[1]}")
    stages = pack.stages
    back = before.stage in stages and stages.index(stage) < stages.index(before.stage)
    return Send(
        template="stage",
        audience="customer",
        to=(before.requester,),
        cc=tuple(a for a in before.cc if a != before.requester and a not in ctx.marked),
        language=before.language or pack.default_language,
        reason=why,
        key="stage",
        data={
            "kind": before.kind,
            "priority": before.priority,
            "stage": stage,
            "back": back,
            "link": before.link,
            "stages": list(stages),
            "place": stages.index(stage) + 1,
        },
    )
