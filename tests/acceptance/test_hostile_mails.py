"""Some six hundred hostile mails through every room, the store in memory: no crash, nobody fooled, nothing evaluated.

MAILBOT_HOSTILE_SEED and MAILBOT_HOSTILE_EACH choose other mails and how many of each kind.
"""

from __future__ import annotations

import email
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from email.policy import default as modern
from functools import cache

import hostile
import pytest
from hostile_people import FACTORS, KINDS, PRODUCT, SECRET, SMUGGLED, SUPPORT, VICTIM, Hostile, make
from theatre import Theatre

from mailbot.decide.context import Limits
from mailbot.inbound.model import ReceivedMail
from mailbot.pipeline import process

SEED, EACH = int(os.environ.get("MAILBOT_HOSTILE_SEED", "1")), int(os.environ.get("MAILBOT_HOSTILE_EACH", "42"))
SECONDS = 2.0  # of processor time: the machine may be busy with other tests
ONCE = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to", "in-reply-to")
GROUPS = 4


@cache
def _odd_names() -> tuple[str, ...]:
    return tuple(hostile.cases())


def exhausting(group: int) -> Iterator[Hostile]:
    """The mails of hostile.py, each from a sender of its own so that no budget keeps us from answering."""
    for place, name in enumerate(_odd_names()):
        if place % GROUPS == group:
            domain = f"e{place}.example"
            raw = hostile.cases()[name]()
            head = raw[:20_000].replace(b"eva@customer.example", f"eva@{domain}".encode())
            yield Hostile("exhausting", name, head + raw[20_000:], name == "a report about itself", f"eva@{domain}")


@pytest.fixture(params=[True, False], ids=["proof demanded", "no proof"])
def play(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    stage = _stage(request.param)
    yield stage
    stage.close()


def _stage(authenticated: bool) -> Theatre:
    """A desk with one ticket, the victim's, which holds a secret."""
    stage = Theatre("digibee", authenticated=authenticated)
    stage.house = replace(stage.house, budgets=Limits(domain_hour=0, domain_day=0))
    raw = stage.letter(
        f"Ana Souza <{VICTIM}>", "Fluxo parado", f"O pipeline {SECRET} parou em produção, erro 504.", proved=True
    )
    stage.deliver(re.sub(rb"Message-ID: <[^>]+>", b"Message-ID: <victim@aurora.example>", raw))
    assert stage.ticket(1) is not None
    return stage


def put_through(stage: Theatre, case: Hostile) -> list[str]:
    """What went wrong with one mail; empty when all is well."""
    stage.uid += 1
    stage.now = stage.now.replace(microsecond=stage.uid % 10**6)
    stage.store.receive("support", 1, [ReceivedMail(stage.uid, case.raw, stage.now, len(case.raw))])
    row = stage.store.pending(1)[0]
    began = time.thread_time()
    try:
        outcome = process(row, stage.store, stage.house, stage.now)
    except Exception as error:
        stage.store.quarantine(row.id, str(error))
        return [f"broke: {type(error).__name__}: {error}"]
    spent = time.thread_time() - began
    wrong = [f"{spent:.1f} s"] if spent > SECONDS else []
    if outcome.state == "quarantined" and not outcome.reason.strip():
        wrong.append("quarantined without a reason")
    sent = stage._went_out()
    told = [mail for mail in sent if mail.audience == "customer"]
    if case.automated and told:
        wrong.append(f"an automated mail was answered with {told[0].template}")
    if case.person and not told:
        wrong.append(f"a person was not answered: {outcome.reason}")
    if len(told) > 1:
        wrong.append(f"{len(told)} replies: {[mail.template for mail in told]}")
    for mail in told:
        wrong += _told(mail.raw, mail.to, case, outcome.ticket)
    for mail in sent:
        wrong += _shape(mail.raw)
    return wrong


def _told(raw: bytes, recipients: tuple[str, ...], case: Hostile, ticket: int | None) -> list[str]:
    """A reply goes to its sender's side only, and knows nothing of the victim's ticket."""
    wrong = []
    if (SECRET.encode() in raw or SECRET in _text(raw)) and set(recipients) != {VICTIM}:
        wrong.append("the reply holds the victim's words")
    if SMUGGLED in recipients and SMUGGLED not in _openly_copied(case.raw):
        wrong.append(f"the reply goes to {SMUGGLED}")
    if VICTIM in recipients and case.sender not in recipients and ticket != 1:
        wrong.append("the victim gets a reply about a ticket that is not theirs")
    if SUPPORT in recipients:
        wrong.append(f"a reply to ourselves: {recipients}")
    return wrong


def _openly_copied(raw: bytes) -> set[str]:
    """Who stands in a plain Cc field: a sender may name copies, that is no injection."""
    found = re.search(rb"(?im)^cc: ([^\r\n\"=?]+)\r?$", raw[:100_000])
    return set(found[1].decode("latin-1").replace(" ", "").split(",")) if found else set()


def _text(raw: bytes) -> str:
    parts = email.message_from_bytes(raw, policy=modern).walk()
    return "\n".join(p.get_content() for p in parts if p.get_content_maintype() == "text" and not p.get_filename())


def _shape(raw: bytes) -> list[str]:
    """A mail of ours: well-formed header fields, each once, and nothing in it that was evaluated or can run."""
    wrong = []
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if b"\r" in head or b"\x00" in head:
        wrong.append("a bare CR or NUL in the header")
    made = email.message_from_bytes(raw, policy=modern)
    names = [name.lower() for name in made]
    wrong += [f"header field {n} {names.count(n)} times" for n in ONCE if names.count(n) > 1]
    if "bcc" in names or made.defects:
        wrong.append(f"injected or broken header: {names} {made.defects}")
    text = _text(raw)
    if PRODUCT in raw.decode("latin-1") or PRODUCT in text:
        wrong.append(f"{FACTORS} was evaluated")
    html = made.get_body(("html",))
    markup = html.get_content().lower() if html else ""
    if re.search(r"<script|<iframe|<object|<[a-z][^>]*\son[a-z]+\s*=|href=[\"']?\s*javascript:|<img[^>]+evil", markup):
        wrong.append("active or foreign HTML")
    return wrong


def _all(stage: Theatre, cases: Iterator[Hostile]) -> None:
    before = stage.ticket(1)
    wrong = {f"{case.name} ({place})": w for place, case in enumerate(cases) if (w := put_through(stage, case))}
    assert not wrong, "\n".join(f"{name}: {'; '.join(what)}" for name, what in wrong.items())
    after = stage.ticket(1)
    assert before is not None
    assert after is not None
    if stage.house.authserv_ids:
        assert after.state == before.state, "a stranger changed the state of the victim's ticket"
        assert after.participants == before.participants
        assert not stage.store.marked((VICTIM,)), "a forged bounce marked the victim's address"
        messages = stage.store.show_ticket(1).messages
        assert len(messages) == 1, f"{len(messages) - 1} forged messages on the victim's ticket"


@pytest.mark.parametrize("kind", KINDS)
def test_mails_that_deceive(play: Theatre, kind: str) -> None:
    _all(play, make(kind, EACH if play.house.authserv_ids else EACH // 3, SEED))


@pytest.mark.parametrize("group", range(GROUPS))
def test_mails_that_exhaust(group: int) -> None:
    stage = _stage(True)
    _all(stage, exhausting(group))
    stage.close()


def test_there_are_six_hundred() -> None:
    assert EACH * len(KINDS) + len(_odd_names()) >= 590 or EACH < 42
