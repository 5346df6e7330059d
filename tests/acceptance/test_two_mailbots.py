"""Two mailbots of two companies write to each other: each answers once, and then there is silence."""

from __future__ import annotations

from dataclasses import replace

from theatre import SUPPORT, Theatre

from mailbot.pipeline import Box
from mailbot.reply.model import Identity
from mailbot.rules.directory import Directory

OTHER = "help@other.example"


def other() -> Theatre:
    """A mailbot of another company, with other secrets."""
    play = Theatre("digibee", directory=Directory())
    box = Box("support", OTHER, "support", "digibee", Identity(OTHER, secrets=("another secret",)))
    play.house = replace(play.house, boxes={"support": box}, secrets=("another secret",))
    return play


def volley(ours: Theatre, theirs: Theatre, raw: bytes, most: int = 6) -> int:
    """Carries mails back and forth until nobody answers. Returns how many answers there were."""
    answers = 0
    sides = [(ours, SUPPORT), (theirs, OTHER)]
    while answers < most:
        play, _ = sides[0]
        play.deliver(raw)
        mails = [sent for sent in play.sent if sent.audience == "customer"]
        if not mails:
            return answers
        answers += len(mails)
        raw = mails[0].raw
        sides.reverse()
    return answers


def test_a_mail_in_the_others_name_is_answered_once_and_the_answer_is_not() -> None:
    ours, theirs = Theatre("digibee"), other()
    raw = ours.letter(f"Help <{OTHER}>", "Fluxo parado", "Bom dia, o fluxo parou em produção e dá erro 500.\n")
    assert volley(ours, theirs, raw) == 1
    assert theirs.store.list_tickets() == []


def test_without_our_marks_the_automatic_header_alone_is_enough() -> None:
    ours, theirs = Theatre("digibee"), other()
    raw = ours.letter(f"Help <{OTHER}>", "Fluxo parado", "Bom dia, o fluxo parou em produção e dá erro 500.\n")
    ours.deliver(raw)
    head, _, body = ours.reply.raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"x-")]
    theirs.deliver(b"\r\n".join(lines) + b"\r\n\r\n" + body)
    assert theirs.silent


def test_a_robot_that_hides_what_it_is_runs_into_the_budget() -> None:
    ours = Theatre("digibee")
    answers = 0
    for number in range(8):  # seven minutes apart: all within an hour
        ours.writes(f"Robot <{OTHER}>", f"Case {number}", "Bom dia, o fluxo parou em produção e dá erro 500.\n")
        answers += sum(sent.audience == "customer" for sent in ours.sent)
    assert answers == ours.house.budgets.address_hour
