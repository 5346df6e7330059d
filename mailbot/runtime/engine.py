"""Everything a running mailbot holds, made from the settings: store, rules, templates, mailboxes, the SMTP connection.

In: `Settings`. Out: an `Engine` whose few methods are one step of work each (poll a mailbox, process, deliver). What
calls them, and when, is `service.py`'s matter. Opening it raises the errors of settings, rules and templates; later
trouble with a server is a value in the step's result.
"""

from __future__ import annotations

import secrets as randomness
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.decide.context import Limits as Budgets
from mailbot.errors import SettingsError
from mailbot.inbound import imap
from mailbot.inbound.account import Account
from mailbot.inbound.model import FetchLimits, PollResult
from mailbot.inbound.poll import Since, poll_mailbox
from mailbot.message.model import Message
from mailbot.outbound.deliver import deliver_due
from mailbot.outbound.model import BLANK, Delivered
from mailbot.outbound.sent import SentFolders
from mailbot.outbound.smtp import SmtpSession
from mailbot.pipeline import MOST_DEATHS, Box, House, Outcome, process_pending, warm
from mailbot.reading import read_mail
from mailbot.reply.model import Identity
from mailbot.reply.render import TemplateSet
from mailbot.rules.directory import Directory, load_directory
from mailbot.rules.pack import RulePack, load_packs
from mailbot.runtime import clock, upkeep
from mailbot.runtime.alone import Alone
from mailbot.runtime.calendar import run_due
from mailbot.runtime.cards import Board, run_cards
from mailbot.runtime.digests import run_digests
from mailbot.runtime.doubts import tell_doubts
from mailbot.runtime.grants import RefreshTokens
from mailbot.runtime.health import Health, look
from mailbot.runtime.incidents import run_incidents
from mailbot.runtime.isolation import Isolated
from mailbot.runtime.refusals import tell_refusals
from mailbot.runtime.troubles import watch
from mailbot.runtime.unread import tell_quarantined
from mailbot.settings import MailboxSettings, Settings, shipped
from mailbot.store import Store, open_store
from mailbot.store.values import LedgerRow

if TYPE_CHECKING:
    from mailbot.inbound.oauth import TokenSource

BATCH = 50  # mails sent in one go
FETCH_BYTES = 2 * 1024 * 1024  # fetched in one go: some copies of it lie in memory at a time


def rules_folder(settings: Settings) -> Path:
    return settings.rules_dir or shipped("rules")


def templates_folder(settings: Settings) -> Path:
    return settings.templates_dir or shipped("templates")


def read_directory(settings: Settings) -> Directory:
    return load_directory(settings.directory) if settings.directory else Directory()


def check_packs(settings: Settings, packs: dict[str, RulePack]) -> None:
    """Raises SettingsError for a mailbox whose pack does not exist."""
    for box in settings.mailboxes.values():
        if box.pack not in packs:
            raise SettingsError(
                f"found {box.pack!r}; no such rule pack in {rules_folder(settings)}",
                where=f"MAILBOT_MAILBOXES__{box.name.upper()}__PACK",
                mend=f"allowed are: {', '.join(sorted(packs))}",
            )


def build_house(settings: Settings, signing: tuple[str, ...]) -> House:
    """Rules, templates, directory and mailboxes as the pipeline wants them."""
    packs = load_packs(rules_folder(settings))
    if settings.timezone:
        packs = {name: pack.model_copy(update={"timezone": settings.timezone}) for name, pack in packs.items()}
    check_packs(settings, packs)
    limits = settings.limits
    boxes = {
        name: Box(
            name=name,
            address=box.address,
            role=box.role,
            pack=box.pack,
            identity=Identity(
                address=box.address, name=box.display_name, secrets=signing, plus=settings.reply_plus_address
            ),
        )
        for name, box in settings.mailboxes.items()
    }
    return House(
        packs=packs,
        boxes=boxes,
        templates=TemplateSet(templates_folder(settings)),
        directory=read_directory(settings),
        secrets=signing,
        authserv_ids=settings.authserv_ids,
        verify_dkim=settings.verify_dkim,
        team_language=settings.team_language,
        budgets=Budgets(
            address_hour=limits.per_address_hour,
            address_day=limits.per_address_day,
            domain_hour=limits.per_domain_hour,
            ticket_day=limits.per_ticket_day,
        ),
        attach_bytes=limits.attach_kb * 1024,
    )


def signing_secrets(settings: Settings, store: Store) -> tuple[str, ...]:
    """The secrets that sign our marks. Where none is set, one is made once and kept in the database."""
    if settings.secret:
        return tuple(s.get_secret_value() for s in settings.secret)
    return (store.meta_once("signing_secret", randomness.token_urlsafe(32)),)


class Engine:
    """One running program's parts. Its methods may be called from several threads; each server has its own lock."""

    def __init__(self, settings: Settings, *, need_mailboxes: bool = True) -> None:
        if need_mailboxes and not settings.mailboxes:
            raise SettingsError(
                "no mailbox is configured",
                where="MAILBOT_MAILBOXES__SUPPORT__ADDRESS",
                mend="run 'mailbot init' and fill in .env",
            )
        self.settings = settings
        self.store = open_store(settings.database_url.get_secret_value(), settings.blobs_url)
        self._reader = Isolated(settings.limits.parse_seconds)
        self._alone = None if self.store.db.memory else Alone(settings)
        self.house = replace(
            build_house(settings, signing_secrets(settings, self.store)),
            isolated=self._reader, prepare=self._prepare, alone=self._alone,
        )  # fmt: skip
        self.careful = randomness.randbelow(2) == 0  # see `_prepare`
        self.stopping = threading.Event()
        self._tokens: dict[str, TokenSource] = {}
        self._smtp: SmtpSession | None = None
        self._smtp_lock = threading.Lock()
        self._sent: SentFolders[MailboxSettings] | None = None
        self._delivery = BLANK  # what one delivery run leaves to the next
        self._process_lock = threading.Lock()
        self._tick_lock = threading.Lock()
        self._cards_lock = threading.Lock()
        self._board: Board | None = None
        self.began: datetime | None = None  # of the service: what lay still before is no trouble of its own yet
        self.on_outcome: Callable[[Outcome], object] = lambda _: None

    def close(self) -> None:
        self.stopping.set()
        self._reader.close()
        if self._alone is not None:
            self._alone.close()
        with self._smtp_lock:
            if self._smtp is not None:
                self._smtp.close()
                self._smtp = None
            if self._sent is not None:
                self._sent.close()
        self.store.close()

    def _prepare(self, row: LedgerRow) -> bool:
        """Before a mail is tried again after the program ended: whether a process of its own reads it. Every other run
        of the program does without, by chance, since the start of that process takes a second and more: where the
        program is killed faster than that, the queue must not stand still; and a mail that does end the program meets
        its judge after one more death or two."""
        if not self.careful:
            return False
        with suppress(RuntimeError, OSError):  # said again when the mail is read
            if row.deaths >= MOST_DEATHS and self._alone is not None:
                return self._alone.ready()
            self._reader.ready()
        return True

    def tokens(self, name: str, account: Account) -> TokenSource | None:
        """Where a server's OAuth2 access tokens come from; None where a password is used."""
        if account.oauth is None:
            return None
        if name not in self._tokens:
            from mailbot.inbound.oauth import TokenSource  # an HTTP client's worth of modules, for those who need it

            grant = account.oauth
            kept = RefreshTokens(self.store, name, grant.refresh_token)
            self._tokens[name] = TokenSource(kept.newest(grant), ca_file=account.ca_file, keep=kept.keep)
        return self._tokens[name]

    def connect(self, box: MailboxSettings) -> imap.ImapSession:
        return imap.connect(box, tokens=self.tokens(box.name, box), allow_plaintext=self.settings.allow_plaintext)

    def poll(
        self, name: str, since: Since | None = None, on_fetched: Callable[[int, int], None] = lambda *_: None
    ) -> PollResult:
        """One pass over one mailbox."""
        first = self.settings.first_run
        start: Since = since or (first if first in ("now", "beginning") else date.fromisoformat(first))  # type: ignore[assignment]
        return poll_mailbox(
            self.settings.mailboxes[name],
            self.store,
            connect=self.connect,  # type: ignore[arg-type]
            since=start,
            limits=FetchLimits(mail_bytes=self.settings.limits.mail_mb * 1024 * 1024, batch_bytes=FETCH_BYTES),
            stop=self.stopping.is_set,
            on_fetched=on_fetched,
        )

    def warm(self) -> None:
        """Loads what the first mail would load."""
        with self._process_lock:
            warm(self.house)

    def process(self, limit: int = 200) -> list[Outcome]:
        """Understands and decides what waits in the ledger; one thread at a time keeps mails in order."""
        with self._process_lock:
            done = process_pending(self.store, self.house, limit=limit, now=clock.now, stop=self.stopping.is_set)
        for outcome in done:
            self.on_outcome(outcome)
        return done

    def deliver(self, limit: int = BATCH) -> Delivered:
        """Sends what is due over one kept connection; a burst of automatic replies is held first."""
        upkeep.break_burst(self.store, self.settings, clock.now())
        with self._smtp_lock:
            if self._smtp is None:
                smtp = self.settings.smtp
                self._smtp = SmtpSession(
                    smtp, tokens=self.tokens("smtp", smtp), allow_plaintext=self.settings.allow_plaintext
                )
            done = deliver_due(
                self.store,
                self._smtp,
                clock=clock.now,
                limit=limit,
                memory=self._delivery,
                sent=self._sent_folders(),
                stop=self.stopping.is_set,
            )
            self._delivery = done.memory
        if done.sent:
            self.store.sync()
        return done

    def _sent_folders(self) -> SentFolders[MailboxSettings] | None:
        boxes = self.settings.mailboxes.values()
        if self._sent is None and any(box.sent_folder for box in boxes):
            self._sent = SentFolders(boxes, self.connect, clock.now)
        return self._sent

    def read_at(self, name: str, moment: datetime) -> None:
        """Remembers when a mailbox was last read to its end."""
        self.store.remember(f"read:{name}", moment.isoformat())

    def tick(self, moment: datetime) -> int:
        """What time brings, each minute: the breaker, alerts, quarantine, housekeeping. Returns how many mails were
        queued. One failing step is logged and stops none of the others."""
        store, house, settings = self.store, self.house, self.settings
        with self._tick_lock:
            return upkeep.in_turn(
                {
                    "breaker": lambda: upkeep.break_burst(store, settings, moment),
                    "troubles": lambda: watch(store, house, settings, moment, self.began),
                    "grants": lambda: upkeep.warn_of_grants(store, house, moment, self._grants()),
                    "calendar": lambda: run_due(self, moment),
                    "incidents": lambda: run_incidents(self, moment),
                    "digests": lambda: run_digests(self, moment),
                    "doubts": lambda: tell_doubts(store, house, moment),
                    "refusals": lambda: tell_refusals(self, moment),
                    "quarantine": lambda: tell_quarantined(store, house, moment, self._read_head),
                    "housekeeping": lambda: upkeep.keep_house(store, settings, moment),
                }
            )

    def follow_cards(self, moment: datetime) -> int:
        """One look at the cards of development, where a Jira is set. Returns how many mails were queued."""
        jira = self.settings.jira
        if jira is None:
            return 0
        with self._cards_lock:
            if self._board is None:
                from mailbot.runtime.jira_board import JiraBoard  # imports nothing of Jira's before it is asked

                self._board = JiraBoard(jira)
            return run_cards(self, self._board, jira.url, moment)

    def _grants(self) -> dict[str, float | None]:
        """Login → seconds until its OAuth2 grant ends."""
        logins: dict[str, Account] = {f"mailbox {name}": box for name, box in self.settings.mailboxes.items()}
        logins["SMTP"] = self.settings.smtp
        found = {}
        for name, account in logins.items():
            source = self.tokens(name.removeprefix("mailbox ").replace("SMTP", "smtp"), account)
            if source is not None:
                found[name] = source.status().grant_expires_in
        return found

    def _read_head(self, head: bytes, received: datetime, box: Box) -> Message:
        return read_mail(head, received, box, self.house, doubtful=True)

    def health(self) -> Health:
        """How things stand at this moment."""
        return look(self.store, self.settings, clock.now(), self._token_seconds())

    def _token_seconds(self) -> dict[str, float]:
        lasts = {name: source.status().expires_in for name, source in self._tokens.items()}
        return {name: left for name, left in lasts.items() if left is not None}

    def idle(self) -> bool:
        """True when nothing waits in the ledger and nothing is due to be sent."""
        return not self.store.pending(1) and not self.store.due(clock.now())
