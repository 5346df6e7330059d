"""A finished mail, read back as a mail program would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.decide.actions import Send
from mailbot.errors import PermanentError, TemplateError
from mailbot.message.model import Address, Message
from mailbot.reply.compose import MOST_REFERENCES, compose
from mailbot.reply.mime import File
from mailbot.reply.model import Identity, Outgoing
from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import RulePack, load_packs
from mailbot.tickets.model import FieldValue, SentMail, State, Ticket
from mailbot.tickets.own import OwnIds

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = TemplateSet(ROOT / "templates")
NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
US = Identity("support@vendor.example", secrets=("newest", "older"), plus=True)
OWN = OwnIds("vendor.example", ("newest",))


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_packs(ROOT / "rules")["digibee"]


def ticket(**changes: Any) -> Ticket:
    base = Ticket(
        12, "digibee", "support", State.WAITING, "RES: Fluxo parado", "ana@aurora.example",
        frozenset({"ana@aurora.example"}), NOW, language="pt", kind="incident", priority=2,
        fields={"pipeline": FieldValue("sync-orders", "o fluxo sync-orders"),
                "environment": FieldValue("production", "em prod")},
    )  # fmt: skip
    return replace(base, **changes)


def mail(**changes: Any) -> Message:
    base = Message(
        "<first@aurora.example>", (Address("ana@aurora.example", "Ana Souza"),), (Address("support@vendor.example"),),
        (), (), "RES: Fluxo parado", NOW, NOW,
    )  # fmt: skip
    return replace(base, **changes)


def send(template: str = "request_info", **changes: Any) -> Send:
    base = Send(
        template, "customer", ("ana@aurora.example",), "pt", "test", "reply", ask=("pipeline_key", "occurred_at")
    )
    if template not in ("request_info", "request_again", "reminder"):
        base = replace(base, ask=())
    return replace(base, **changes)


def made(pack: RulePack, what: Send | None = None, **options: Any) -> tuple[Outgoing, EmailMessage]:
    given: dict[str, Any] = {"message": mail(), "now": NOW, "ref": "row-1", "template_set": TEMPLATES} | options
    about = given.pop("ticket", ticket())
    us = given.pop("us", US)
    out = compose(what or send(), about, pack, us, **given)
    read = cast(EmailMessage, message_from_bytes(out.raw, policy=policy.default))
    assert not read.defects
    return out, read


def part(read: EmailMessage, kind: str) -> str:
    body = read.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_the_mail_is_seven_bit_with_short_lines_and_both_parts(pack: RulePack) -> None:
    out, read = made(pack)
    assert out.raw.isascii()
    assert b"\r\n" in out.raw
    assert b"\n" not in out.raw.replace(b"\r\n", b"")
    assert max(map(len, out.raw.split(b"\r\n"))) <= 998
    assert read.get_content_type() == "multipart/alternative"
    assert part(read, "plain").replace("\r\n", "\n") == out.text
    assert part(read, "html").startswith("<!DOCTYPE html>")


def test_the_same_input_gives_the_same_bytes_and_another_key_another_id(pack: RulePack) -> None:
    first, _ = made(pack)
    again, _ = made(pack)
    other, _ = made(pack, send(key="other"))
    assert first == again
    assert first.message_id != other.message_id


def test_the_reply_is_threaded_onto_the_customers_mail(pack: RulePack) -> None:
    message = mail(references=("<root@x.example>", "<second@x.example>"))
    _, read = made(pack, message=message)
    assert read["In-Reply-To"] == "<first@aurora.example>"
    assert read["References"] == "<root@x.example> <second@x.example> <first@aurora.example>"
    assert read["Subject"] == "Re: Fluxo parado [#12]"


def test_many_references_keep_the_first_and_the_latest(pack: RulePack) -> None:
    chain = tuple(f"<{i}@x.example>" for i in range(200))
    _, read = made(pack, message=mail(references=chain))
    kept = str(read["References"]).split()
    assert len(kept) == MOST_REFERENCES
    assert kept[0] == chain[0]
    assert kept[-2:] == [chain[-1], "<first@aurora.example>"]


@pytest.mark.parametrize(
    "forged", ["<a@b>\r\nBcc: evil@x.example", "no-brackets@x", "<é@x.example>", "<" + "a" * 2000 + "@x>", "<a b@x>"]
)
def test_a_malformed_reference_is_left_out(pack: RulePack, forged: str) -> None:
    _, read = made(pack, message=mail(references=(forged,)))
    assert read["References"] == "<first@aurora.example>"
    assert read["Bcc"] is None


def test_a_mail_without_message_id_is_answered_without_thread(pack: RulePack) -> None:
    _, read = made(pack, message=mail(message_id=None))
    assert read["In-Reply-To"] is None
    assert read["References"] is None


def test_a_later_mail_hangs_on_our_earlier_ones_to_the_customer(pack: RulePack) -> None:
    to_customer, to_team = OWN.message_id(12, "customer", "a"), OWN.message_id(12, "team", "a")
    sent = (SentMail(to_customer, "x"), SentMail(to_team, "x"))
    _, read = made(
        pack, send("engineer_reply", automatic=False, data={"text": "Oi"}), message=None, ticket=ticket(sent=sent)
    )
    assert read["References"] == to_customer


def test_an_engineers_mail_does_not_enter_the_customers_thread(pack: RulePack) -> None:
    engineers = mail(from_=(Address("marta@vendor.example", "Marta"),), references=("<team@vendor.example>",))
    _, read = made(pack, send("engineer_reply", automatic=False, data={"text": "Oi"}), message=engineers)
    assert "team@vendor.example" not in str(read["References"])
    assert read["Auto-Submitted"] is None


def test_engineers_mails_of_a_ticket_are_one_thread_of_their_own(pack: RulePack) -> None:
    team = {"audience": "team", "to": ("eng@vendor.example",), "language": "en"}
    _, first = made(pack, send("summary", **team))
    _, second = made(pack, send("update", key="later", **team), message=mail(message_id="<second@aurora.example>"))
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert "aurora" not in str(first["References"])


def test_automatic_mails_say_so(pack: RulePack) -> None:
    _, reply = made(pack)
    assert (reply["Auto-Submitted"], reply["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert reply["X-Mailbot-Loop"] == "support@vendor.example"
    _, reminder = made(pack, send("reminder"), message=None)
    assert reminder["Auto-Submitted"] == "auto-generated"


def test_ids_and_reply_addresses_are_ours_and_name_the_ticket(pack: RulePack) -> None:
    out, read = made(pack)
    mark = OWN.read_message_id(out.message_id)
    assert mark is not None
    assert mark.ticket == 12
    assert read["Message-ID"] == out.message_id
    answer_to = OWN.read_reply_address(read["Reply-To"].addresses[0].addr_spec)
    assert answer_to is not None
    assert (answer_to.ticket, answer_to.for_engineers) == (12, False)
    assert OwnIds("vendor.example", ("another",)).read_message_id(out.message_id) is None


def test_without_sub_addresses_or_secrets_there_is_no_reply_to(pack: RulePack) -> None:
    for us in (replace(US, plus=False), replace(US, secrets=())):
        _, read = made(pack, us=us)
        assert read["Reply-To"] is None


def test_the_questions_stand_word_for_word_in_the_text(pack: RulePack) -> None:
    out, _ = made(pack)
    assert [(q.field, q.number) for q in out.questions] == [("pipeline_key", 1), ("occurred_at", 2)]
    for question in out.questions:
        assert f"\n{question.text}\n" in out.text
        assert question.text.startswith(f"{question.number}. {pack.fields[question.field].question['pt'][:20]}")
    assert max(map(len, out.text.splitlines())) <= 72


def test_the_form_holds_the_names_of_the_fields_and_is_in_the_html_part_only(pack: RulePack) -> None:
    _, read = made(pack)
    assert "mailto:" not in part(read, "plain")
    assert "body=" in part(read, "html")
    assert "Pipeline%20key%3A%20" in part(read, "html")


HOSTILE = "Ana\r\nBcc: evil@x.example\n{{7*7}}{% raw %}<script>x</script>[a](javascript:x)"


@pytest.mark.parametrize("template", ["request_info", "acknowledge", "summary", "update", "engineer_reply", "status"])
def test_hostile_words_stay_words_everywhere(pack: RulePack, template: str) -> None:
    value = FieldValue(HOSTILE, HOSTILE)
    about = ticket(
        subject=HOSTILE, fields={"pipeline": value, "project": value, "description": value}, heard=(HOSTILE,)
    )
    data = {"name": HOSTILE, "from": HOSTILE, "from_name": HOSTILE, "new_text": HOSTILE, "text": HOSTILE,
            "subject": HOSTILE, "attachments": [{"filename": HOSTILE, "size": 1}],
            "tickets": [{"number": 1, "subject": HOSTILE, "state": "new"}]}  # fmt: skip
    audience = "team" if template in ("summary", "update") else "customer"
    _, read = made(pack, send(template, audience=audience, data=data), ticket=about, message=mail(subject=HOSTILE))
    assert read["Bcc"] is None
    assert set(read.keys()) <= {
        "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
        "X-Auto-Response-Suppress", "X-Mailbot-Loop", "MIME-Version", "Content-Type",
    }  # fmt: skip
    page = part(read, "html").partition("<body")[2]
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "49" not in str(read["Subject"])
    assert "{{7*7}}" in str(read["Subject"]) or audience == "team"


def test_secrets_in_values_evidence_and_words_are_hidden_from_engineers(pack: RulePack) -> None:
    about = ticket(fields={"description": FieldValue("present", "entrei com a senha: Tuc4no!9")})
    data = {"new_text": "Authorization: Bearer abcdef123456ghijkl\nsenha: Tuc4no!9", "declined": {}}
    out, _ = made(pack, send("summary", audience="team", language="en", data=data), ticket=about)
    assert "Tuc4no" not in out.text
    assert "abcdef123456" not in out.text
    assert "Hidden in this mail: Authorization header, password" in out.text.replace("\n", " ")


def test_copies_that_cannot_be_written_to_are_left_out_and_nobody_gets_it_twice(pack: RulePack) -> None:
    what = send(cc=("joão@x.example", "ana@aurora.example", "rui@aurora.example", "a@b\r\nc: d"))
    out, read = made(pack, what)
    assert out.recipients == ("ana@aurora.example", "rui@aurora.example")
    assert read["Cc"] == "rui@aurora.example"


def test_a_mail_that_can_reach_nobody_is_a_permanent_error(pack: RulePack) -> None:
    with pytest.raises(PermanentError):
        made(pack, send(to=("joão@x.example",)))


def test_files_go_along_and_pictures_are_shown_inside(pack: RulePack) -> None:
    files = (
        File("print.png", "image/png", b"\x89PNG"),
        File("chart.png", "image/png", b"\x89X", "volume@vendor.example"),
    )
    _, read = made(pack, send("summary", audience="team", language="en"), files=files)
    assert [p.get_filename() for p in read.iter_attachments()] == ["print.png"]
    related = [p for p in read.walk() if p["Content-ID"]]
    assert [p["Content-ID"] for p in related] == ["<volume@vendor.example>"]
    assert part(read, "plain")


def test_a_subject_that_is_empty_gets_one_in_the_language(pack: RulePack) -> None:
    for subject in ("", "Re:", "[#12]"):
        _, read = made(pack, ticket=ticket(subject=subject), message=mail(subject=subject))
        assert read["Subject"] == "Re: Seu pedido de suporte [#12]"


def test_a_template_that_does_not_show_a_question_is_an_error(pack: RulePack, tmp_path: Path) -> None:
    (tmp_path / "_base").mkdir()
    (tmp_path / "_base" / "request_info.pt.md.j2").write_text("{% for q in questions %}{{ q.question }}{% endfor %}\n")
    with pytest.raises(TemplateError, match="pipeline_key"):
        made(pack, template_set=TemplateSet(tmp_path))


def test_the_round_of_a_request_is_told_when_it_is_the_last(pack: RulePack) -> None:
    last, _ = made(pack, send("request_again"), ticket=ticket(rounds=2))
    first, _ = made(pack, send("request_again"), ticket=ticket(rounds=1))
    assert "de um jeito ou de outro" in last.text.replace("\n", " ")
    assert "de um jeito ou de outro" not in first.text.replace("\n", " ")


def test_a_critical_reply_carries_the_on_call_phone(pack: RulePack) -> None:
    out, _ = made(pack, send("acknowledge", data={"urgent": True, "on_call_phone": "+55 11 5555-0100"}))
    assert "+55 11 5555-0100" in out.text


def test_an_escalation_is_told_that_it_is_no_faster_lane(pack: RulePack) -> None:
    for language, words in (("pt", "não torna"), ("en", "does not by itself"), ("es", "no hace, por sí solo")):
        for template in ("request_info", "acknowledge"):
            out, _ = made(pack, send(template, language=language, data={"escalation": True}))
            assert words in out.text.replace("\n", " ")


words = st.text(alphabet=st.characters(exclude_categories=[]), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words, words, words, st.sampled_from(["request_info", "acknowledge", "summary", "update", "engineer_reply"]))
def test_no_words_of_a_customer_can_break_a_mail(
    pack: RulePack, name: str, subject: str, value: str, template: str
) -> None:
    audience = "team" if template in ("summary", "update") else "customer"
    data = {"name": name, "from": name, "from_name": name, "new_text": value, "text": value}
    held = {"pipeline": FieldValue(value, subject), "error_message": FieldValue("present", value)}
    about = ticket(subject=subject, fields=held, heard=(value,))
    out, read = made(pack, send(template, audience=audience, data=data), ticket=about, message=mail(subject=subject))
    assert out.raw.isascii()
    assert all(len(line) <= 998 for line in out.raw.split(b"\r\n"))
    assert len(read.get_all("To", [])) == 1
    assert read.get("Bcc") is None
    assert [p.get_content_type() for p in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
