"""Settings: read once from the environment and `.env`, checked, frozen, and passed down.

In: `MAILBOT_` variables, nested with `__`. Out: a frozen `Settings`. Raises `SettingsError` that names every wrong
variable with what was found and what is allowed; a secret's value is never shown.
"""

from __future__ import annotations

import difflib
import io
import os
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from mailbot.errors import SettingsError
from mailbot.inbound.account import is_loopback

PREFIX = "MAILBOT_"
NOT_SETTINGS = ("MAILBOT_TEST_", "MAILBOT_HOSTILE_", "MAILBOT_DEBUG")  # of the test suite and the command line
Security = Literal["tls", "starttls", "plain"]
PORTS = {"imap": {"tls": 993, "starttls": 143, "plain": 143}, "smtp": {"tls": 465, "starttls": 587, "plain": 25}}
NAME = re.compile(r"[a-z][a-z0-9_]*")
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OAuth(_Part):
    """OAuth2 instead of a password (RFC 6749). A preset fills in `token_url` and `scope`."""

    provider: Literal["microsoft365", "google", "custom"] = "custom"
    tenant: str = "common"  # microsoft365: the directory's id or domain
    token_url: str | None = None
    client_id: str
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None  # absent: client credentials grant (RFC 6749 section 4.4)
    scope: str | None = None
    mechanism: Literal["xoauth2", "oauthbearer"] = "xoauth2"
    grant_expires: str | None = None  # ISO date on which the consent or client secret ends: operators are warned before

    @field_validator("grant_expires")
    @classmethod
    def _day(cls, value: str | None) -> str | None:
        try:
            return date.fromisoformat(value).isoformat() if value else None
        except ValueError:
            raise ValueError("not a day; write it as 2027-01-31") from None


class _Server(_Part):
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "tls"
    username: str | None = None
    password: SecretStr | None = None
    oauth: OAuth | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=30, gt=0)

    @field_validator("ca_file")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError(f"no such file: {path}")
        return path


class MailboxSettings(_Server):
    """One IMAP mailbox that is read."""

    name: str = ""  # from the variable's name: MAILBOT_MAILBOXES__SUPPORT__... is "support"
    address: str
    role: Literal["support", "escalate"] = "support"
    pack: str
    folder: str = "INBOX"
    after: str = "seen"  # seen | move:FOLDER | nothing
    sent_folder: str | None = None
    display_name: str = ""
    idle: bool = True
    username: str

    @field_validator("address")
    @classmethod
    def _address(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value):
            raise ValueError("not a mail address; write it as support@example.org")
        return value.lower()

    @field_validator("after")
    @classmethod
    def _after(cls, value: str) -> str:
        if value in ("seen", "nothing") or (value.startswith("move:") and value[5:].strip()):
            return value
        raise ValueError("allowed are: seen, nothing, move:FOLDER")

    @model_validator(mode="after")
    def _login(self) -> MailboxSettings:
        if self.password is None and self.oauth is None:
            raise ValueError("neither PASSWORD nor OAUTH__... is set; one of them is needed to log in")
        return self

    @property
    def port_number(self) -> int:
        return self.port or PORTS["imap"][self.security]


class SmtpSettings(_Server):
    """The server that takes our mails."""

    host: str = "localhost"
    security: Security = "starttls"
    envelope_from: str | None = None  # MAIL FROM, when it is not the mailbox's address

    @property
    def port_number(self) -> int:
        return self.port or PORTS["smtp"][self.security]


class JiraSettings(_Part):
    """Jira, whose cards tickets in development follow. Read only; needs the extra `jira`."""

    url: str
    username: str | None = None  # Cloud: the account's address. Absent: TOKEN is a personal access token (Data Center)
    token: SecretStr
    poll_minutes: float = Field(default=10, ge=0.05)
    timeout_seconds: float = Field(default=20, gt=0)
    ca_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("not the address of a Jira; write it as https://example.atlassian.net")
        return value.rstrip("/")

    @field_validator("ca_file")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        return _Server._there(path)


class Limits(_Part):
    """Bounds that keep mailbot polite and alive."""

    mail_mb: int = Field(default=40, ge=1, le=500)  # larger mails keep their headers and text only
    parse_seconds: float = Field(default=20, gt=0)
    per_address_hour: int = Field(default=6, ge=1)
    per_address_day: int = Field(default=20, ge=1)
    per_domain_hour: int = Field(default=60, ge=1)
    per_ticket_day: int = Field(default=8, ge=1)
    breaker_replies: int = Field(default=300, ge=1)  # automatic replies within ten minutes that trip the breaker
    attach_kb: int = Field(default=2048, ge=0)  # larger attachments are named, not sent on


class Settings(_Part):
    """Everything an operator can set. `config.example.env` explains each variable."""

    database_url: SecretStr = SecretStr("sqlite:///mailbot.db")
    blobs_url: str = "file://blobs"
    rules_dir: Path | None = None  # None: the rules that ship with mailbot
    templates_dir: Path | None = None
    directory: Path | None = None
    poll_seconds: float = Field(default=60, ge=0.2)
    allow_plaintext: bool = False
    secret: tuple[SecretStr, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    verify_dkim: bool = False
    first_run: str = "now"  # now | beginning | an ISO date
    team_language: Literal["pt", "en", "es"] = "en"
    reply_plus_address: bool = False
    timezone: str | None = None  # None: each pack's own
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"
    health_port: int = Field(default=0, ge=0, le=65535)
    health_host: str = "127.0.0.1"
    alert_minutes: int = Field(default=30, ge=1)
    retention_days: int = Field(default=0, ge=0)
    digest: bool = True
    mailboxes: dict[str, MailboxSettings] = Field(default_factory=dict)
    smtp: SmtpSettings = SmtpSettings()
    limits: Limits = Limits()
    jira: JiraSettings | None = None  # None: stages are moved by engineers' commands alone

    @field_validator("secret", "authserv_ids", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return tuple(part for part in re.split(r"[,\s]+", value) if part) if isinstance(value, str) else value

    @field_validator("first_run")
    @classmethod
    def _first_run(cls, value: str) -> str:
        if value in ("now", "beginning") or re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return value
        raise ValueError("allowed are: now, beginning, or a date as 2026-11-30")

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError("not a known time zone; write it as America/Sao_Paulo")
        return value

    @field_validator("rules_dir", "templates_dir")
    @classmethod
    def _folder(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_dir():
            raise ValueError(f"no such folder: {path}; 'mailbot init' makes one")
        return path

    @field_validator("directory")
    @classmethod
    def _file(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError(f"no such file: {path}")
        return path

    @model_validator(mode="before")
    @classmethod
    def _name_mailboxes(cls, data: Any) -> Any:
        boxes = data.get("mailboxes") if isinstance(data, dict) else None
        if isinstance(boxes, dict):
            data["mailboxes"] = {
                key: {**box, "name": key} if isinstance(box, dict) else box for key, box in boxes.items()
            }
        return data

    @model_validator(mode="after")
    def _plaintext(self) -> Settings:
        servers: list[tuple[str, _Server]] = [(f"MAILBOXES__{k.upper()}", box) for k, box in self.mailboxes.items()]
        for name, server in [*servers, ("SMTP", self.smtp)]:
            if server.security == "plain" and not is_loopback(server.host) and not self.allow_plaintext:
                raise ValueError(
                    f"{PREFIX}{name}__SECURITY: plain would send the password unencrypted to {server.host}; use tls or "
                    f"starttls, or set {PREFIX}ALLOW_PLAINTEXT=true if you accept that"
                )
        url = urlsplit(self.jira.url if self.jira else "")
        if url.scheme == "http" and not is_loopback(url.hostname or "") and not self.allow_plaintext:
            raise ValueError(
                f"{PREFIX}JIRA__URL: http would send the token unencrypted to {url.hostname}; use https, or set "
                f"{PREFIX}ALLOW_PLAINTEXT=true if you accept that"
            )
        return self


def load(env_file: Path | str | None = ".env", environ: dict[str, str] | None = None) -> Settings:
    """The settings from the environment, which wins, and from `env_file` where it exists.

    Raises SettingsError with one line per wrong or unknown variable.
    """
    values = dict(os.environ if environ is None else environ)
    path = Path(env_file) if env_file else None
    from_file, problems = _read(path) if path is not None and path.is_file() else ({}, [])
    merged = {
        k.upper(): v
        for k, v in {**from_file, **values}.items()
        if k.upper().startswith(PREFIX) and v != "" and not k.upper().startswith(NOT_SETTINGS)
    }
    problems += [f"{name}: unknown setting{_near(name)}" for name in sorted(merged) if not _known(name)]
    try:
        settings = Settings.model_validate(_nest({k: v for k, v in merged.items() if _known(k)}))
    except ValidationError as error:
        problems += [_explain(e, merged) for e in error.errors(include_input=False, include_url=False)]
    if problems:
        raise SettingsError(
            "the settings are wrong:\n  " + "\n  ".join(problems) if len(problems) > 1 else problems[0],
            mend="see config.example.env",
        )
    return settings


def _read(path: Path) -> tuple[dict[str, str], list[str]]:
    """The values of a file, and a line for each line of it that cannot be read; what stands after '=' is not shown."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise SettingsError("not UTF-8 text", where=f"{path}, line {line}", mend="save the file as UTF-8") from None
    good, problems = "", []
    for binding in parse_stream(io.StringIO(text)):
        if not binding.error and (binding.key is None or binding.value is not None):
            good += binding.original.string
            continue
        wrote, sign, _ = binding.original.string.strip().partition("=")
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        why = f"{wrote[:60]}: a value that does not end (close its quote)" if sign else (
            f"a line without '=': {wrote[:60]!r} (write NAME=value, or # before a remark)"
        )  # fmt: skip
        problems.append(f"{path}, line {line}: {why}")
    return {k: v for k, v in dotenv_values(stream=io.StringIO(good)).items() if v is not None}, problems


def _nest(flat: dict[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        place = nested
        *outer, last = name[len(PREFIX) :].lower().split("__")
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


def _fields(model: type[BaseModel], prefix: str) -> dict[str, type[BaseModel] | None]:
    return {prefix + name.upper(): None for name in model.model_fields if name != "name"}


def _known_names(mailbox: str) -> set[str]:
    names = set(_fields(Settings, PREFIX)) - {PREFIX + p for p in ("MAILBOXES", "SMTP", "LIMITS", "JIRA")}
    names |= set(_fields(Limits, PREFIX + "LIMITS__")) | set(_fields(JiraSettings, PREFIX + "JIRA__"))
    for prefix, model in ((f"{PREFIX}MAILBOXES__{mailbox}__", MailboxSettings), (PREFIX + "SMTP__", SmtpSettings)):
        names |= set(_fields(model, prefix)) - {prefix + "OAUTH"}
        names |= set(_fields(OAuth, prefix + "OAUTH__"))
    return names


def _mailbox_of(name: str) -> str:
    found = re.match(rf"{PREFIX}MAILBOXES__([A-Z][A-Z0-9_]*?)__", name)
    return found.group(1) if found else "SUPPORT"


def _known(name: str) -> bool:
    return name in _known_names(_mailbox_of(name))


def _near(name: str) -> str:
    near = difflib.get_close_matches(name, sorted(_known_names(_mailbox_of(name))), n=1, cutoff=0.75)
    return f"; did you mean {near[0]}?" if near else ""


SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|DATABASE_URL")


def _explain(error: Any, found: dict[str, str]) -> str:
    name = PREFIX + "__".join(str(part).upper() for part in error["loc"])
    said = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"{name}: not set, but needed"
    if not error["loc"]:
        return said
    if name not in found:
        return f"{name}: {said}"
    shown = "(hidden)" if SECRET.search(name) else repr(found[name])
    return f"{name}: found {shown}; {said[0].lower() + said[1:]}"


def shipped(what: str) -> Path:
    """The folder of rules or templates that ships with mailbot: inside the wheel, or beside the sources."""
    package = Path(__file__).resolve().parent
    inside = package / "_shipped" / what
    return inside if inside.exists() else package.parent / what
