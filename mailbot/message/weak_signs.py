"""Signs of a machine that may each stand on a person's mail. In: what is seen of a mail. Out: the names of the signs.

The checks of automatic.py count them: one alone never makes a mail automatic.
"""

from __future__ import annotations

import re

from mailbot.message import absence, machine_text
from mailbot.message.machine_marks import campaign_header, channel, sends_campaigns
from mailbot.message.seen import Seen

NEGATIVE = frozenset({"", "no", "false", "0", "none", "off"})  # values of a field that say that it does not hold


def weak_headers(seen: Seen) -> list[str]:
    """Fields that each may stand on a person's mail, one for each kind. A discussion list has all of its own."""
    signs = []
    if seen.headers.get("return-path") and seen.one("return-path").replace(" ", "") == "<>":
        signs.append("Return-Path: <>")
    if seen.words("x-auto-response-suppress").strip() not in NEGATIVE:
        signs.append(f"X-Auto-Response-Suppress: {seen.one('x-auto-response-suppress')[:30]}")
    if seen.takes_no_answer:
        signs.append(f"From: {seen.local}@")
    if seen.headers.get("list-post"):
        return signs
    told = f"{seen.words('precedence')} {seen.words('x-precedence')}"
    if re.search(r"bulk|junk", told):
        signs.append(f"Precedence: {told.split()[0]}")
        if any(seen.headers.get(name) for name in ("list-id", "mailing-list", "x-mailing-list", "x-beenthere")):
            return signs  # older lists set a loop mark as well
    for name in ("x-loop", "x-no-loop", "x-otrs-loop", "x-rt-loop-prevention"):
        if seen.words(name).strip() not in NEGATIVE:
            signs.append(name)
            break
    return signs


def texts(seen: Seen) -> list[str]:
    """What the sender's own words say for a machine, one sign for each kind."""
    signs = []
    if absence.prefixed(seen.subject) or (absence.tells(seen.text) and absence.only(seen.said)):
        signs.append("text of an absence")
    told = machine_text.acknowledges(seen.subject, seen.text) and machine_text.acknowledges(seen.subject, seen.said)
    if told and not asks(seen):
        signs.append("text of an acknowledgement")
    if seen.says(machine_text.wants_no_answer) or seen.says(machine_text.says_automatic):
        signs.append("says that it takes no answer")
    if footers(seen):
        signs.append("unsubscribe footer")
    if machine_text.reports(seen.subject) or seen.says(machine_text.program_text):
        signs.append("text of a program")
    return signs


def asks(seen: Seen) -> bool:
    """The sender's own words hold a question, or something to do."""
    return "?" in seen.said or machine_text.has_substance(seen.subject, seen.said)


def footers(seen: Seen) -> int:
    """How many kinds of a newsletter's small print the mail itself has."""
    return (
        0
        if machine_text.is_forward(seen.subject) or not machine_text.footers(seen.text)
        else machine_text.footers(seen.said)
    )


def campaign_signs(seen: Seen) -> list[str]:
    """The signs of a campaign in header and text."""
    return campaign_marks(seen) + (["unsubscribe footer"] if footers(seen) else [])


def campaign_marks(seen: Seen) -> list[str]:
    """The signs of a campaign in the header."""
    signs = []
    if seen.headers.get("list-unsubscribe"):
        signs.append("List-Unsubscribe")
    if seen.headers.get("list-id") and not seen.headers.get("list-post"):
        signs.append("List-Id")
    if re.search(r"bulk|junk", seen.words("precedence")):
        signs.append("Precedence: bulk")
    signs += [name for name in seen.headers if campaign_header(name)][:2]
    if seen.takes_no_answer or sends_campaigns(seen.local) or channel(seen.local):
        signs.append(f"From: {seen.local}@")
    if re.search(
        r"campaign|newsletter|phplist|mailchimp|sendy|mautic|rd ?station|dinamize|e-goi", seen.words("x-mailer")
    ):
        signs.append("X-Mailer")
    return signs
