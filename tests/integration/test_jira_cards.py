"""Tickets in development that follow their cards, against a Jira on loopback: moves, paging, faults."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jira_server import FakeJira
from pydantic import SecretStr

sys.path.append(str(Path(__file__).resolve().parents[1] / "acceptance"))
from theatre import Sent, Theatre

from mailbot.errors import PermanentError, SettingsError, TemporaryError
from mailbot.runtime import cards
from mailbot.runtime.cards import run_cards
from mailbot.runtime.jira_board import CHUNK, JiraBoard
from mailbot.settings import JiraSettings, load
from mailbot.tickets.model import State

ANA, EDU = "Ana Souza <ana@aurora.example>", "Edu <edu@vendor.example>"


def board(jira: FakeJira, **more: object) -> JiraBoard:
    its = {"url": jira.url, "username": jira.username or None, "token": SecretStr(jira.token), "timeout_seconds": 5}
    return JiraBoard(JiraSettings(**{**its, **more}))  # type: ignore[arg-type]


@pytest.fixture(params=["Data Center", "Cloud"])
def jira(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    cloud = request.param == "Cloud"
    with FakeJira(cloud=cloud, username="bot@vendor.example" if cloud else "") as made:
        yield made


@pytest.fixture
def plain() -> Iterator[FakeJira]:
    with FakeJira({"SS-42": "In Progress"}) as made:
        yield made


class Play(Theatre):
    """One ticket in development, linked to a card; `look` is what the schedule does every ten minutes."""

    def __init__(self, jira: FakeJira, link: str = "SS-42", **more: object) -> None:
        super().__init__("sharpspring")
        self.jira, self.board = jira, board(jira, **more)
        self.writes(ANA, "Formulário", "O formulário de contato não envia o e-mail de confirmação desde ontem.")
        self.summary = self.team("summary")
        self.orders(f"/link {link}")

    def orders(self, command: str) -> None:
        self.writes(EDU, self.summary.subject, command, answers=self.summary)

    def look(self) -> list[Sent]:
        self.wait(minutes=10)
        run_cards(self, self.board, self.jira.url, self.now)
        return self._went_out()

    def timeline(self, event: str) -> list[tuple[str, str]]:
        return [(e.actor, e.text) for e in self.store.show_ticket(1).timeline if e.event == event]


# --- what is read -------------------------------------------------------------------------------------------------


def test_statuses_come_in_pages_and_each_card_is_there_once(jira: FakeJira) -> None:
    jira.cards = {f"SS-{n}": f"status {n}" for n in range(1, 9)}
    assert board(jira).statuses(list(jira.cards)) == jira.cards
    assert len(jira.searches) == 3  # three in a page
    assert not [path for path in jira.asked if "/issue/" in path]


def test_more_cards_than_fit_in_one_search_are_asked_for_in_several(jira: FakeJira) -> None:
    jira.most = 100
    jira.cards = {f"SS-{n}": "Done" for n in range(CHUNK + 7)}
    assert board(jira).statuses(list(jira.cards)) == jira.cards
    assert len(jira.searches) == 2


def test_an_unknown_card_spoils_the_search_of_no_other(jira: FakeJira) -> None:
    jira.cards = {"SS-1": "Done", "SS-2": "To Do"}
    its = board(jira)
    for _ in range(2):
        assert its.statuses(["SS-1", "SS-404", "SS-2"]) == {"SS-1": "Done", "SS-2": "To Do", "SS-404": None}
    jira.asked.clear()
    its.statuses(["SS-1", "SS-404", "SS-2"])
    assert len(jira.searches) == 1  # the unknown one is asked for alone from then on
    assert [path for path in jira.asked if "/issue/SS-" in path and "SS-404" not in path] == []


def test_a_card_that_was_moved_answers_to_its_old_key(jira: FakeJira) -> None:
    jira.cards, jira.moved = {"NEW-7": "In Review"}, {"SS-1": "NEW-7"}
    assert board(jira).statuses(["SS-1"]) == {"SS-1": "In Review"}


def test_a_card_that_is_closed_to_us_is_none_and_hides_no_other(jira: FakeJira) -> None:
    jira.cards, jira.closed = {"SS-1": "Done"}, {"SS-9"}
    assert board(jira).statuses(["SS-1", "SS-9"]) == {"SS-1": "Done", "SS-9": None}
    jira.cards = {}
    with pytest.raises(PermanentError, match="the login is refused"):  # nothing at all is shown: it may be the login
        board(jira).statuses(["SS-9"])


def test_the_login_says_who_it_is(jira: FakeJira) -> None:
    assert board(jira).who() == "Cards 9.12.0, as Mail Bot"


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        ({"token": "other"}, PermanentError, "the login is refused"),
        ({"status": 403}, PermanentError, "the login is refused"),
        ({"status": 404}, PermanentError, "no Jira answers there"),
        ({"status": 500}, TemporaryError, "500"),
        ({"status": 503, "headers": {"Retry-After": "3600"}}, TemporaryError, "503"),
        ({"status": 429, "headers": {"Retry-After": "3600"}}, TemporaryError, "429"),
        ({"slow": 1.5}, TemporaryError, "no answer in time"),
        ({"hang_up": True}, TemporaryError, "no connection"),
        ({"body": b"<html>Please log in</html>"}, TemporaryError, "none of Jira's"),
        ({"body": b"[]"}, TemporaryError, "none of Jira's"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, dict) else "",
)
def test_each_fault_is_an_error_of_ours_at_once_and_the_next_look_is_well(
    plain: FakeJira, fault: dict[str, object], error: type[Exception], said: str
) -> None:
    well = {name: getattr(plain, name) for name in fault}
    its = board(plain, timeout_seconds=0.3)
    for name, value in fault.items():
        setattr(plain, name, value)
    began = datetime.now(UTC)
    with pytest.raises(error, match=said) as raised:
        its.statuses(["SS-42"])
    assert datetime.now(UTC) - began < timedelta(seconds=3)  # nobody waits for Retry-After
    assert plain.url in str(raised.value)
    assert "s3cret" not in str(raised.value)
    for name, value in well.items():
        setattr(plain, name, value)
    assert its.statuses(["SS-42"]) == {"SS-42": "In Progress"}


def test_a_fault_in_the_middle_of_the_pages_gives_no_half_answer(plain: FakeJira) -> None:
    plain.cards = {f"SS-{n}": "Done" for n in range(8)}
    its = board(plain)
    its.statuses(["SS-1"])
    real, count = plain.answer, [0]

    def breaks(request: object) -> None:
        count[0] += 1
        plain.status = 500 if count[0] == 2 else 0
        real(request)  # type: ignore[arg-type]

    plain.answer = breaks  # type: ignore[method-assign,assignment]
    with pytest.raises(TemporaryError):
        its.statuses(list(plain.cards))


# --- what a ticket does -------------------------------------------------------------------------------------------


def test_a_card_moves_its_ticket_forward_and_back_and_jira_is_who_did_it(jira: FakeJira) -> None:
    play = Play(jira)
    shown = []
    for status in ("To Do", "In Progress", "in review", "In Progress"):
        jira.cards["SS-42"] = status
        (told,) = play.look()
        assert (told.template, told.to, told.mail["auto-submitted"]) == (
            "stage",
            ("ana@aurora.example",),
            "auto-generated",
        )
        shown.append(told.text)
        assert play.look() == []  # the same status says nothing twice
    assert [play_bar(text) for text in shown] == ["●○○○○", "●●○○○", "●●●○○", "●●○○○"]
    assert "voltou a uma etapa anterior" in " ".join(shown[3].split())
    assert play.timeline("stage") == [
        ("Jira", "– → open"),
        ("Jira", "open → in-progress"),
        ("Jira", "in-progress → in-review"),
        ("Jira", "in-review → in-progress"),
    ]
    assert play.ticket().state is State.IN_DEVELOPMENT
    play.close()


def play_bar(text: str) -> str:
    return "".join(sign for sign in text if sign in "●○")


def test_a_card_that_jumped_goes_forward_one_stage_at_a_time_and_the_customer_gets_one_mail(plain: FakeJira) -> None:
    play = Play(plain)
    play.look()
    plain.cards["SS-42"] = "Done"
    (told,) = play.look()
    assert play_bar(told.text) == "●●●●●"
    assert [text for _, text in play.timeline("stage")][1:] == [
        "in-progress → in-review",
        "in-review → testing",
        "testing → released",
    ]
    play.close()


def test_an_engineers_own_stage_stands_until_the_card_moves(plain: FakeJira) -> None:
    play = Play(plain)
    play.look()
    play.orders("/stage in-review")
    assert play.look() == []
    assert play.ticket().stage == "in-review"
    plain.cards["SS-42"] = "Testing"
    assert [s.template for s in play.look()] == ["stage"]
    assert play.ticket().stage == "testing"
    play.close()


@pytest.mark.parametrize("status", ["Blocked", "Won't Do"])
def test_a_status_that_is_no_stage_changes_nothing_and_stands_on_the_timeline_once(
    plain: FakeJira, status: str
) -> None:
    play = Play(plain)
    play.look()
    plain.cards["SS-42"] = status
    assert play.look() + play.look() == []
    assert play.ticket().stage == "in-progress"
    assert [text for who, text in play.timeline("card") if who == "Jira" and repr(status) in text] != []
    assert len(play.timeline("card")) == 1
    play.close()


def test_a_card_that_is_not_there_stands_on_the_timeline_once(plain: FakeJira) -> None:
    play = Play(plain, "SS-404")
    assert play.look() + play.look() == []
    assert [who for who, text in play.timeline("card") if "knows no card SS-404" in text] == ["Jira"]
    play.close()


@pytest.mark.parametrize(
    "link", ["https://github.example/org/repo/issues/4", "org/repo#4", "https://other.example/browse/SS-42"]
)
def test_links_that_are_no_cards_of_this_jira_are_not_asked_for(plain: FakeJira, link: str) -> None:
    play = Play(plain, link)
    assert play.look() == []
    assert plain.asked == []
    play.close()


def test_a_link_to_the_cards_page_is_followed_too(plain: FakeJira) -> None:
    play = Play(plain, f"{plain.url}/browse/SS-42")
    assert [s.template for s in play.look()] == ["stage"]
    play.close()


def test_a_ticket_that_is_resolved_follows_nothing_any_more(plain: FakeJira) -> None:
    play = Play(plain)
    play.look()
    play.orders("/resolve")
    plain.asked.clear()
    plain.cards["SS-42"] = "Done"
    assert play.look() == []
    assert plain.asked == []
    assert play.ticket().stage == "in-progress"
    play.close()


def test_a_crash_between_the_move_and_its_record_moves_once(plain: FakeJira, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(plain)

    class Killed(BaseException):
        """Stands for SIGKILL."""

    def dies(key: str, *_: object) -> None:
        if key == cards.SEEN:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(play.store, "remember", dies)
        with pytest.raises(Killed):
            play.look()
    assert [s.template for s in play._went_out()].count("stage") == 1
    assert play.look() == []
    assert play.timeline("stage") == [("Jira", "– → in-progress")]
    play.close()


def test_an_address_that_is_marked_gets_no_mail_and_the_ticket_moves_all_the_same(plain: FakeJira) -> None:
    from mailbot.decide.actions import Decision, MarkAddress

    play = Play(plain)
    mark = MarkAddress("ana@aurora.example", True, "5.1.1")
    play.store.act("mark", 1, Decision((mark,), "x", ticket=1), render=lambda *_: pytest.fail("no mail"))
    assert play.look() == []
    assert play.ticket().stage == "in-progress"
    assert any("not told of the stage" in e.text for e in play.store.show_ticket(1).timeline)
    play.close()


# --- troubles -----------------------------------------------------------------------------------------------------


def test_a_jira_that_is_down_leaves_the_tickets_alone_and_is_remembered_until_it_is_well(plain: FakeJira) -> None:
    play = Play(plain)
    plain.status = 500
    assert play.look() == []
    first = json.loads(play.store.meta(cards.TROUBLE) or "")
    assert play.look() == []
    again = json.loads(play.store.meta(cards.TROUBLE) or "")
    assert (first["since"], first["at_once"]) == (again["since"], False)
    assert play.ticket().stage is None
    plain.status = 0
    assert [s.template for s in play.look()] == ["stage"]
    assert play.store.meta(cards.TROUBLE) is None
    play.close()


def test_a_trouble_is_over_when_no_ticket_follows_a_card_any_more(plain: FakeJira) -> None:
    play = Play(plain)
    plain.status = 500
    play.look()
    assert play.store.meta(cards.TROUBLE) is not None
    play.orders("/resolve")
    play.look()
    assert play.store.meta(cards.TROUBLE) is None
    play.close()


def test_one_ticket_that_cannot_be_moved_holds_up_no_other(plain: FakeJira, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(plain)
    play.writes(ANA, "Relatório", "O relatório mensal mostra zero em todas as campanhas desde ontem.")
    second = play.team("summary")
    play.writes(EDU, second.subject, "/link SS-43", answers=second)
    plain.cards["SS-43"] = "In Progress"
    real = cards.decide_card

    def fails(key: str, *more: object) -> object:
        if key == "SS-42":
            raise PermanentError("stage: no address in To can be written to")
        return real(key, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(cards, "decide_card", fails)
    assert [s.template for s in play.look()] == ["stage"]
    assert (play.ticket(1).stage, play.ticket(2).stage) == (None, "in-progress")
    monkeypatch.setattr(cards, "decide_card", real)
    play.look()
    assert play.ticket(1).stage == "in-progress"  # it is tried again
    play.close()


@pytest.mark.parametrize(("status", "minutes"), [(401, 0), (500, 31)])
def test_the_operators_hear_of_it_once_a_refused_login_at_once(
    plain: FakeJira, tmp_path: Path, status: int, minutes: int
) -> None:
    from mailbot.runtime.engine import Engine

    engine = Engine(settings(tmp_path, plain))
    try:
        now = datetime(2026, 11, 3, 12, tzinfo=UTC)
        engine.store.clock = lambda: now  # type: ignore[method-assign]
        link(engine, now)
        plain.status = status
        assert engine.follow_cards(now) == 0
        assert len(alerts(engine, now)) == (0 if minutes else 1)
        now += timedelta(minutes=minutes)
        engine.follow_cards(now)
        assert len(alerts(engine, now)) == 1
        (alert,) = alerts(engine, now)
        assert alert.recipients == ("ops@desk.example",)
        assert any("Jira" in problem for problem in engine.health().problems)
    finally:
        engine.close()


def alerts(engine, now: datetime) -> list:  # type: ignore[no-untyped-def,type-arg]
    """What the operators heard of Jira, after one more minute of the engine's."""
    engine.read_at("support", now)
    engine.tick(now)
    rows = [row for row in engine.store.outbox_list(limit=99) if row.template == "operators_alert"]
    return [row for row in rows if b"Jira" in (engine.store.outbox_raw(row.id) or b"")]


def settings(tmp_path: Path, jira: FakeJira, **more: str):  # type: ignore[no-untyped-def]
    directory = tmp_path / "directory.yaml"
    directory.write_text("operators: [ops@desk.example]\nteams: {support: {address: team@desk.example}}\n")
    box = "MAILBOT_MAILBOXES__SUPPORT__"
    return load(
        None,
        {
            "MAILBOT_DATABASE_URL": "sqlite://", "MAILBOT_BLOBS_URL": "memory://", "MAILBOT_DIRECTORY": str(directory),
            box + "ADDRESS": "support@desk.example", box + "PACK": "sharpspring", box + "HOST": "127.0.0.1",
            box + "USERNAME": "support", box + "PASSWORD": "secret",
            "MAILBOT_JIRA__URL": jira.url, "MAILBOT_JIRA__TOKEN": jira.token, **more,
        },
    )  # fmt: skip


def link(engine, now: datetime) -> None:  # type: ignore[no-untyped-def]
    """A ticket that follows SS-42."""
    from mailbot.decide.actions import Decision, Update
    from mailbot.inbound.model import ReceivedMail

    raw = (
        b"From: Ana <ana@customer.example>\r\nTo: support@desk.example\r\nSubject: Form\r\n"
        b"Message-ID: <1@c.example>\r\n\r\n"
        b"The contact form does not send the confirmation since yesterday.\r\n"
    )
    engine.store.receive("support", 1, [ReceivedMail(1, raw, now, len(raw))])
    assert [o.state for o in engine.process()] == ["processed"]
    move = Update(state=State.IN_DEVELOPMENT, link="SS-42")
    engine.store.act("x", 1, Decision((move,), "x", ticket=1), render=lambda *_: pytest.fail("no mail"))


def test_the_engine_moves_a_ticket_and_without_a_jira_does_nothing(plain: FakeJira, tmp_path: Path) -> None:
    from mailbot.runtime.engine import Engine

    engine = Engine(settings(tmp_path, plain))
    try:
        now = datetime(2026, 11, 3, 12, tzinfo=UTC)
        link(engine, now)
        assert engine.follow_cards(now) == 1
        assert engine.store.ticket(1).stage == "in-progress"
    finally:
        engine.close()


def test_a_token_never_goes_unencrypted_to_another_machine(plain: FakeJira, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MAILBOT_JIRA__URL: http would send the token unencrypted"):
        settings(tmp_path, plain, MAILBOT_JIRA__URL="http://jira.example")
    with pytest.raises(SettingsError, match="MAILBOT_JIRA__TOKEN: not set"):
        settings(tmp_path, plain, MAILBOT_JIRA__TOKEN="")
    with pytest.raises(SettingsError, match="did you mean MAILBOT_JIRA__POLL_MINUTES"):
        settings(tmp_path, plain, MAILBOT_JIRA__POLL_MINUTS="3")
    assert settings(tmp_path, plain, MAILBOT_JIRA__URL="https://jira.example/").jira.url == "https://jira.example"
