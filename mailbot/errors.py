"""The errors of the house: every one says what is wrong, where, and how to mend it.

`TemporaryError` may be tried again later, `PermanentError` may not. Nothing else decides about a retry.
"""

from __future__ import annotations


class MailbotError(Exception):
    """Base of all errors that mailbot raises on purpose.

    what: what is wrong. where: file, line, setting, mailbox or server it is about. mend: what to do about it.
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.mend})" if self.mend else text


class TemporaryError(MailbotError):
    """Worth trying again later: a lost connection, a busy server, a 4xx answer."""


class PermanentError(MailbotError):
    """Trying again without a change is of no use: a wrong password, a 5xx answer, a broken file."""


class SettingsError(PermanentError):
    """A setting is missing or wrong."""


class RulesError(PermanentError):
    """A rule pack does not load; `where` names file and line."""


class TemplateError(PermanentError):
    """A template is missing, does not compile or uses a name that it is not given."""


class StoreError(MailbotError):
    """The database or the blob store did not do what it should."""


class QuarantineError(PermanentError):
    """A mail cannot be read or exceeds a limit; it is kept in quarantine with this reason."""
