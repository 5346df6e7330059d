"""Settings stop the start with the variable's name, what was found and what is allowed, and never show a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from mailbot import settings as settings_module
from mailbot.errors import SettingsError
from mailbot.settings import load

ROOT = Path(__file__).resolve().parents[2]
BOX = "MAILBOT_MAILBOXES__SUPPORT__"
GOOD = {
    BOX + "ADDRESS": "Support@Example.org",
    BOX + "HOST": "imap.example.org",
    BOX + "USERNAME": "support",
    BOX + "PASSWORD": "hunter2#$",
    BOX + "PACK": "digibee",
}


def refuse(extra: dict[str, str], without: tuple[str, ...] = ()) -> str:
    with pytest.raises(SettingsError) as caught:
        load(None, {k: v for k, v in {**GOOD, **extra}.items() if k not in without})
    return str(caught.value)


def test_nested_variables_make_any_number_of_mailboxes() -> None:
    more = {k.replace("SUPPORT", "VIP_DESK"): v for k, v in GOOD.items()}
    loaded = load(None, {**GOOD, **more, "MAILBOT_MAILBOXES__VIP_DESK__ROLE": "escalate"})
    assert set(loaded.mailboxes) == {"support", "vip_desk"}
    assert loaded.mailboxes["vip_desk"].role == "escalate"
    assert loaded.mailboxes["support"].name == "support"
    assert loaded.mailboxes["support"].address == "support@example.org"
    assert loaded.mailboxes["support"].port_number == 993


def test_a_misspelt_variable_is_named_with_the_right_one() -> None:
    assert "MAILBOT_POL_SECONDS: unknown setting; did you mean MAILBOT_POLL_SECONDS?" in refuse(
        {"MAILBOT_POL_SECONDS": "3"}
    )
    assert f"did you mean {BOX}ADDRESS?" in refuse({BOX + "ADRESS": "a@b.example"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAILBOT_POLL_SECONDS", "soon", "found 'soon'"),
        (BOX + "SECURITY", "ssl", "'tls', 'starttls' or 'plain'"),
        (BOX + "PORT", "70000", "found '70000'"),
        (BOX + "AFTER", "move", "move:FOLDER"),
        (BOX + "ROLE", "boss", "'support' or 'escalate'"),
        (BOX + "ADDRESS", "support", "support@example.org"),
        ("MAILBOT_RULES_DIR", "/nowhere/at/all", "no such folder"),
        ("MAILBOT_FIRST_RUN", "yesterday", "now, beginning"),
        ("MAILBOT_LIMITS__MAIL_MB", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_says_what_was_found_and_what_is_allowed(name: str, value: str, said: str) -> None:
    message = refuse({name: value})
    assert name in message
    assert said in message


def test_all_wrong_variables_are_told_at_once() -> None:
    message = refuse({"MAILBOT_POLL_SECONDS": "x", BOX + "PORT": "0", "MAILBOT_NONSENSE": "1"})
    assert all(word in message for word in ("POLL_SECONDS", "PORT", "NONSENSE"))


def test_plain_is_refused_off_loopback_unless_allowed() -> None:
    assert "unencrypted" in refuse({BOX + "SECURITY": "plain"})
    assert "unencrypted" in refuse({"MAILBOT_SMTP__SECURITY": "plain", "MAILBOT_SMTP__HOST": "192.0.2.1"})
    assert (
        load(None, {**GOOD, BOX + "SECURITY": "plain", BOX + "HOST": "127.0.0.1"}).mailboxes["support"].port_number
        == 143
    )
    assert load(None, {**GOOD, BOX + "SECURITY": "plain", "MAILBOT_ALLOW_PLAINTEXT": "true"})


def test_a_mailbox_without_a_way_to_log_in_is_refused() -> None:
    assert "PASSWORD" in refuse({}, without=(BOX + "PASSWORD",))


def test_secrets_are_never_shown() -> None:
    loaded = load(
        None, {**GOOD, "MAILBOT_DATABASE_URL": "postgresql://u:geheim@db/x", "MAILBOT_SECRET": "topsecret,older"}
    )
    assert not re.search(r"hunter2|geheim|topsecret", repr(loaded))
    assert "topsecret" not in refuse({"MAILBOT_SECRET": "topsecret", BOX + "PORT": "x"})
    assert [s.get_secret_value() for s in loaded.secret] == ["topsecret", "older"]


def test_a_line_of_env_without_an_equals_sign_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAILBOT_POLL_SECONDS\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="without '='"):
        load(tmp_path / ".env", {})


def test_every_line_of_env_that_cannot_be_read_is_told_at_once_without_its_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".env").write_text(
        "MAILBOT_POL_SECONDS=5\nfoo bar\nMAILBOT_SMTP__HOST=mx\n\nMAILBOT_SMTP__PASSWORD='geheim\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError) as caught:
        load(tmp_path / ".env", {})
    told = str(caught.value)
    assert ".env, line 2: a line without '=': 'foo bar'" in told
    assert ".env, line 5: MAILBOT_SMTP__PASSWORD: a value that does not end" in told
    assert "did you mean MAILBOT_POLL_SECONDS?" in told
    assert "geheim" not in told
    assert not caplog.records


def test_a_file_of_another_editor_is_read_or_its_encoding_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfMAILBOT_POLL_SECONDS=5\r\nMAILBOT_TIMEZONE=Europe/Madrid\r\n")
    read = load(tmp_path / ".env", {})
    assert (read.poll_seconds, read.timezone) == (5, "Europe/Madrid")
    (tmp_path / ".env").write_bytes(b"# one\nMAILBOT_SMTP__PASSWORD=p\xe9re\n")
    with pytest.raises(SettingsError, match=r"\.env, line 2: not UTF-8 text \(save the file as UTF-8\)"):
        load(tmp_path / ".env", {})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAILBOT_POLL_SECONDS=5\n", encoding="utf-8")
    assert load(tmp_path / ".env", {}).poll_seconds == 5
    assert load(tmp_path / ".env", {"MAILBOT_POLL_SECONDS": "7"}).poll_seconds == 7


def test_the_example_names_every_setting_and_loads() -> None:
    text = (ROOT / "config.example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?(MAILBOT_[A-Z0-9_]+)=", text, flags=re.M))
    wanted = settings_module._known_names("SUPPORT")
    smtp_oauth = {n for n in wanted if n.startswith("MAILBOT_SMTP__OAUTH__")}  # told in one sentence
    assert wanted - smtp_oauth - named == set()
    assert {n for n in named if "__ESCALATE__" not in n} - wanted == set()
    values = {k: v for k, v in dotenv_values(ROOT / "config.example.env").items() if v is not None}
    assert set(load(None, values).mailboxes) == {"support", "escalate"}
