"""Was a mail sent by a machine? In: what is seen of it (`Seen`). Out: the class and the check that said so, or None.

CHECKS is the whole policy, in order: the first that answers wins. One weak sign is never enough to be silent towards a
person: a mailing list in front of support, an unsubscribe footer of a gateway or `Auto-Submitted: no` are people.
Words count only where they are the mail's own: what somebody quotes or passes on was said by others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.message import absence, machine_text, quote
from mailbot.message.bounce import Kind, Report
from mailbot.message.machine_marks import (
    campaign_header,
    channel,
    desk,
    is_auto_header,
    program_header,
    robot,
    sends_campaigns,
    takes_no_answer,
)
from mailbot.message.mime import Entity
from mailbot.message.model import Automated, AutomatedClass, Part

AUTO, BOUNCE, BULK = AutomatedClass.AUTO_REPLY, AutomatedClass.BOUNCE, AutomatedClass.BULK
Headers = Mapping[str, Sequence[str]]
_NEGATIVE = frozenset({"", "no", "false", "0", "none", "off"})
_LOOP_HEADERS = ("x-mailbot-loop",)
_OWN_PARTS = (Part.NEW, Part.SIGNATURE, Part.DISCLAIMER, Part.BLANK)


@dataclass(frozen=True)
class Seen:
    """A mail as the checks see it."""

    headers: Headers
    text: str
    report: Report
    own: bool
    calendar: str  # METHOD of a text/calendar part, upper case; "" when there is none

    @classmethod
    def of(
        cls,
        tree: Entity,
        raw: bytes,
        headers: Headers,
        text: str,
        report: Report,
        own: Callable[[Headers], bool] | None,
    ) -> Seen:
        return cls(headers, text[:8000], report, bool(own and own(headers)), _calendar_method(tree, raw))

    def one(self, name: str) -> str:
        values = self.headers.get(name)
        return values[0] if values else ""

    def words(self, name: str) -> str:
        """All values of a field in lower case."""
        return " ".join(self.headers.get(name, ())).lower()

    @cached_property
    def subject(self) -> str:
        return self.one("subject")

    @cached_property
    def local(self) -> str:
        """The sender's address before the @."""
        found = re.search(r"([\w.+=%-]{1,64})@", self.one("from"))
        return found.group(1).lower() if found else ""

    @cached_property
    def takes_no_answer(self) -> bool:
        """A no-reply sender that names no other address for answers."""
        return takes_no_answer(self.local) and takes_no_answer(self.one("reply-to") or self.local)

    @cached_property
    def answers(self) -> bool:
        """It answers another mail."""
        return bool(self.headers.get("in-reply-to") or self.headers.get("references")) or absence.is_reply(self.subject)

    @cached_property
    def said(self) -> str:
        """The sender's own words, with signature and small print."""
        hints = quote.Hints(subject=self.subject)
        lines = quote.split(self.text, hints=hints)
        return "\n".join(line.raw for line in lines if line.part in _OWN_PARTS).strip()

    def says(self, test: Callable[[str], bool]) -> bool:
        """Is it in the sender's own words? Those are only sought where it is in the text at all."""
        return test(self.text) and test(self.said)


def _calendar_method(tree: Entity, raw: bytes) -> str:
    for leaf in tree.leaves():
        if leaf.type in ("text/calendar", "application/ics"):
            method = leaf.params.get("method", "")
            if not method and (found := re.search(rb"(?im)^METHOD:([A-Z-]{3,20})", leaf.content(raw, 20_000))):
                method = found.group(1).decode("ascii")
            return method.upper() or "PUBLISH"
    return ""


# ---- the checks ----


def ours(seen: Seen) -> Automated | None:
    """A mail that we sent ourselves and that came back."""
    if seen.own:
        return Automated(AUTO, "our own mail")
    for name in _LOOP_HEADERS:
        if seen.headers.get(name):
            return Automated(AUTO, f"{name}: {seen.one(name)[:60]}")
    return None


def report(seen: Seen) -> Automated | None:
    """Delivery reports, receipts, abuse reports."""
    kind, reason = seen.report.kind, seen.report.reason
    if kind in (Kind.FAILURE, Kind.DELAY):
        away = absence.prefixed(seen.subject) or absence.foreign(seen.subject) or absence.topic(seen.subject)
        return None if away and not seen.report.recipients else Automated(BOUNCE, reason)
    if kind in (Kind.SUCCESS, Kind.RECEIPT):
        return Automated(AUTO, reason)
    return Automated(BULK, reason) if kind is Kind.COMPLAINT else None


def daemon(seen: Seen) -> Automated | None:
    if re.match(r"mailer[-_.]?daemon\b|microsoftexchange[0-9a-f]{20}", seen.local):
        return Automated(BOUNCE, f"From: {seen.one('from')[:60]}")
    return None


def auto_submitted(seen: Seen) -> Automated | None:
    """RFC 3834 section 5: any value but "no"."""
    for value in seen.headers.get("auto-submitted", ()):
        word = re.sub(r"\([^()]*\)", " ", value).split(";")[0].split("(")[0].strip(" \t\"'").lower()
        if word and word != "no":
            campaign = _campaign_signs(seen)
            if word == "auto-generated" and len(campaign) >= 2:
                return Automated(BULK, f"Auto-Submitted: {value[:40]}, {', '.join(campaign)}")
            return Automated(AUTO, f"Auto-Submitted: {value[:60]}")
    return None


def auto_header(seen: Seen) -> Automated | None:
    """X-Autoreply and its many cousins."""
    for name, values in seen.headers.items():
        if (
            name != "auto-submitted"
            and is_auto_header(name)
            and any(v.strip().lower() not in _NEGATIVE for v in values)
        ):
            return Automated(AUTO, f"{name}: {values[0][:60]}")
    if seen.words("x-autogenerated") == "reply":
        return Automated(AUTO, "X-Autogenerated: Reply")
    if "autoresponder" in seen.words("delivered-to"):
        return Automated(AUTO, "Delivered-To: autoresponder")
    for name in ("x-post-messageclass", "x-freescout-mail-type"):
        if "auto" in seen.words(name):
            return Automated(AUTO, f"{name}: {seen.one(name)[:40]}")
    return None


def precedence(seen: Seen) -> Automated | None:
    """Only auto_reply speaks for itself: bulk and list are also put on people's mail by lists and gateways."""
    for name in ("precedence", "x-precedence", "preference"):  # the last is how some write the first
        if "auto" in seen.words(name):
            return Automated(AUTO, f"{name}: {seen.one(name)[:40]}")
    return None


def exchange_rule(seen: Seen) -> Automated | None:
    """Exchange's mailbox rules answer without Auto-Submitted; one that redirects a person's mail has one sign only."""
    signs = []
    if seen.headers.get("x-ms-exchange-inbox-rules-loop"):
        signs.append("X-MS-Exchange-Inbox-Rules-Loop")
    if "mailbox rules agent" in seen.words("x-ms-exchange-generated-message-source"):
        signs.append("X-MS-Exchange-Generated-Message-Source")
    if re.search(r"\ball\b|\boof\b|autoreply", seen.words("x-auto-response-suppress")):
        signs.append("X-Auto-Response-Suppress")
    if absence.prefixed(seen.subject) or absence.topic(seen.subject):
        signs.append("subject of an absence")
    return Automated(AUTO, ", ".join(signs)) if len(signs) >= 2 else None


def calendar(seen: Seen) -> Automated | None:
    """An answer to an invitation, or its end; an invitation itself is a person's."""
    if seen.calendar in ("REPLY", "COUNTER", "DECLINECOUNTER", "CANCEL"):
        return Automated(AUTO, f"calendar {seen.calendar}")
    if machine_text.answers_invitation(seen.subject) and not seen.text.strip():
        return Automated(AUTO, f"answers an invitation: {seen.subject[:40]}")
    return None


def away(seen: Seen) -> Automated | None:
    """An absence note without a header that says so. A subject about absences needs the text, or an answered mail."""
    subject = seen.subject
    if absence.foreign(subject):
        return Automated(AUTO, f"subject: {subject[:40]}")
    tells = absence.tells(seen.text) and absence.tells(seen.said)
    if absence.prefixed(subject):
        answers = seen.headers.get("in-reply-to") or seen.headers.get("references") or "[#" in subject
        if answers and ("?" not in seen.said or absence.hints(seen.said)):
            return Automated(AUTO, f"subject: {subject[:40]}, in answer to a mail")
        if seen.says(machine_text.says_automatic) or (tells and len(seen.said) < 5000):
            return Automated(AUTO, f"subject: {subject[:40]}, and the text of an absence")
        if "?" not in seen.text and absence.hints(seen.said):
            return Automated(AUTO, f"subject: {subject[:40]}, and nothing is asked")
    elif tells and absence.only(seen.said) and (seen.answers or absence.topic(subject)):
        return Automated(AUTO, "nothing but the text of an absence")
    return None


def says_so(seen: Seen) -> Automated | None:
    """It says of itself that it is automatic, and asks nothing. A form of a web site, whose Reply-To names the person
    who filled it in, is that person's mail."""
    if not seen.says(machine_text.says_automatic) or machine_text.is_forward(seen.subject):
        return None
    other = seen.one("reply-to")
    if other and seen.local not in other.lower():
        return None
    if _asks(seen) and not (_weak_headers(seen) or robot(seen.local) or channel(seen.local)):
        return None
    return Automated(AUTO, "says that it is automatic")


def empty_envelope(seen: Seen) -> Automated | None:
    """A null reverse-path (RFC 5321 section 4.5.5) with a second sign: local delivery also leaves it empty."""
    values = seen.headers.get("return-path", ())
    if values and values[0].replace(" ", "") == "<>":
        signs = [sign for sign in _weak_headers(seen) if sign != "Return-Path: <>"] + _texts(seen)
        return Automated(AUTO, f"Return-Path: <>, {signs[0]}") if signs else None
    return None


def program(seen: Seen) -> Automated | None:
    """Other systems' notices: their own fields, or two of sender, subject and text."""
    for name in seen.headers:
        if program_header(name):
            return Automated(BULK, f"{name}: {seen.one(name)[:40]}")
    if "notification" in seen.words("x-amazon-mail-relay-type"):
        return Automated(BULK, "X-Amazon-Mail-Relay-Type: Notification")
    if machine_text.is_forward(seen.subject):
        return None
    machine = robot(seen.local) or seen.takes_no_answer
    signs = [f"From: {seen.local}@"] if machine or channel(seen.local) else []
    if machine_text.reports(seen.subject):
        signs.append(f"subject: {seen.subject[:40]}")
    weak = [] if seen.takes_no_answer else _weak_headers(seen)
    if (signs or weak) and seen.says(machine_text.program_text):
        signs.append("text of a program")
    if signs and (machine or signs[-1].startswith(("subject", "text"))):
        signs += weak
        signs += ["List-Id"] if seen.headers.get("list-id") and not machine else []
    return Automated(BULK, ", ".join(signs)) if len(signs) >= 2 else None


def receipt(seen: Seen) -> Automated | None:
    """Receipts that lost their machine-readable part, and filters that want their sender proved."""
    if machine_text.receipt(seen.subject, seen.text):
        return Automated(AUTO, f"receipt: {seen.subject[:40]}")
    if not machine_text.is_forward(seen.subject) and seen.says(machine_text.challenges) and not _asks(seen):
        return Automated(AUTO, "a filter wants its sender to prove something")
    return None


def acknowledgement(seen: Seen) -> Automated | None:
    """Another desk's "we have received your request": with a promise or a mark, and one sign more."""
    if machine_text.reply_above(seen.text):
        return Automated(AUTO, "a ticket system's mail: its first line asks to write above it")
    told = seen.takes_no_answer or machine_text.acknowledges(seen.subject, seen.text)
    if not told or machine_text.is_forward(seen.subject):
        return None
    if not machine_text.acknowledges(seen.subject, seen.said):
        return None
    if seen.takes_no_answer:
        return Automated(AUTO, f"acknowledgement from {seen.local}@")
    signs = _weak_headers(seen)[:2]
    if machine_text.wants_no_answer(seen.said) or machine_text.says_automatic(seen.said):
        signs.append("takes no answer")
    if machine_text.promises(seen.said):
        signs.append("a promise to answer")
    if not signs or _asks(seen):
        return None
    signs += [f"From: {seen.local}@"] if desk(seen.one("from")) else []
    signs += ["a number of theirs"] if machine_text.numbered(seen.subject, seen.said) else []
    return Automated(AUTO, f"acknowledgement: {', '.join(signs)}") if len(signs) >= 2 else None


def bulk(seen: Seen) -> Automated | None:
    """Newsletters: several signs together. A discussion list (List-Post) or an answer to us is none."""
    if seen.headers.get("in-reply-to") and not seen.takes_no_answer:
        return None
    marks = _campaign_marks(seen)
    if seen.headers.get("list-post") and len([m for m in marks if m != "List-Unsubscribe"]) < 2:
        return None
    footers = _footers(seen)
    signs = marks + ([f"{footers} kinds of small print"] if footers else [])
    strong = (footers >= 2 and (bool(marks) or not _asks(seen))) or (
        footers and (sends_campaigns(seen.local) or "Precedence: bulk" in marks)
    )
    return Automated(BULK, ", ".join(signs)) if strong or (len(marks) >= 2 and len(signs) >= 3) else None


def several(seen: Seen) -> Automated | None:
    """Weak signs of two kinds: two of the header, or one of the header and one of the text."""
    heads = _weak_headers(seen)
    if not heads:
        return None
    signs = heads + _texts(seen)
    return Automated(AUTO, ", ".join(signs)) if len(signs) >= 2 else None


def no_reply(seen: Seen) -> Automated | None:
    """A sender that takes no answers, and asks nothing: a form that somebody filled in asks, or names them."""
    if not seen.takes_no_answer or machine_text.is_forward(seen.subject):
        return None
    asked = "?" in seen.text or "@" in seen.text or absence.troubled(f"{seen.subject} {seen.text}")
    return None if asked else Automated(AUTO, f"From: {seen.local}@, and nothing is asked")


def _weak_headers(seen: Seen) -> list[str]:
    """Fields that each may stand on a person's mail, one for each kind. A discussion list has all of its own."""
    signs = []
    if seen.headers.get("return-path") and seen.one("return-path").replace(" ", "") == "<>":
        signs.append("Return-Path: <>")
    if seen.words("x-auto-response-suppress").strip() not in _NEGATIVE:
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
        if seen.words(name).strip() not in _NEGATIVE:
            signs.append(name)
            break
    return signs


def _texts(seen: Seen) -> list[str]:
    """What the sender's own words say for a machine, one sign for each kind."""
    signs = []
    if absence.prefixed(seen.subject) or (absence.tells(seen.text) and absence.only(seen.said)):
        signs.append("text of an absence")
    told = machine_text.acknowledges(seen.subject, seen.text) and machine_text.acknowledges(seen.subject, seen.said)
    if told and not _asks(seen):
        signs.append("text of an acknowledgement")
    if seen.says(machine_text.wants_no_answer) or seen.says(machine_text.says_automatic):
        signs.append("says that it takes no answer")
    if _footers(seen):
        signs.append("unsubscribe footer")
    if machine_text.reports(seen.subject) or seen.says(machine_text.program_text):
        signs.append("text of a program")
    return signs


def _asks(seen: Seen) -> bool:
    """The sender's own words hold a question, or something to do."""
    return "?" in seen.said or machine_text.has_substance(seen.subject, seen.said)


def _footers(seen: Seen) -> int:
    """How many kinds of a newsletter's small print the mail itself has."""
    return (
        0
        if machine_text.is_forward(seen.subject) or not machine_text.footers(seen.text)
        else machine_text.footers(seen.said)
    )


def _campaign_signs(seen: Seen) -> list[str]:
    return _campaign_marks(seen) + (["unsubscribe footer"] if _footers(seen) else [])


def _campaign_marks(seen: Seen) -> list[str]:
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


CHECKS: tuple[Callable[[Seen], Automated | None], ...] = (
    ours,
    report,
    daemon,
    auto_submitted,
    auto_header,
    precedence,
    exchange_rule,
    calendar,
    away,
    receipt,
    bulk,
    program,
    acknowledgement,
    says_so,
    empty_envelope,
    several,
    no_reply,
)


def judge(seen: Seen) -> Automated | None:
    """The first check that knows; None: a person."""
    for check in CHECKS:
        found = check(seen)
        if found is not None:
            return found
    return None
