"""What `mailbot check` looks at: each function raises what is wrong, or says in a few words what it found."""

from __future__ import annotations

from mailbot.errors import PermanentError, RulesError, TemplateError
from mailbot.inbound import imap
from mailbot.inbound.account import Account, Tokens
from mailbot.outbound.smtp import SmtpSession
from mailbot.reply.check import check_templates
from mailbot.rules.check import check as check_rules
from mailbot.rules.pack import load_packs
from mailbot.runtime.engine import check_packs, read_directory, rules_folder, templates_folder
from mailbot.settings import MailboxSettings, Settings
from mailbot.store import open_store
from mailbot.store.blobs import open_blobs


def rules(settings: Settings) -> str:
    """Every pack loads and compiles, and every mailbox's pack exists."""
    problems = check_rules(rules_folder(settings))
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more: mailbot rules check)" if len(problems) > 1 else ""
        raise RulesError(first.what + more, where=first.where, mend=first.mend)
    packs = load_packs(rules_folder(settings))
    check_packs(settings, packs)
    return ", ".join(sorted(packs))


def templates(settings: Settings) -> str:
    """Every template of every pack compiles and renders in every language."""
    problems = check_templates(templates_folder(settings), load_packs(rules_folder(settings)))
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TemplateError(first.what + more, where=first.where, mend=first.mend)
    return str(templates_folder(settings))


def directory(settings: Settings) -> str:
    """The directory loads, and each team that a pack routes to is in it."""
    known = read_directory(settings)
    if settings.directory is None:
        raise PermanentError(
            "no directory is set, so there is nobody to send summaries to",
            where="MAILBOT_DIRECTORY",
            mend="name a directory.yaml; 'mailbot init' writes one",
        )
    packs = load_packs(rules_folder(settings))
    used = {box.pack for box in settings.mailboxes.values()}
    wanted: set[str] = set()
    for pack in (packs[name] for name in used if name in packs):
        wanted |= {pack.default_team, pack.lead_team, *(r.team for r in pack.routes)}
        wanted |= {k.team for k in pack.kinds.values() if k.team}
    absent = sorted(wanted - set(known.teams))
    if absent:
        raise PermanentError(
            f"the packs route to teams that are not there: {', '.join(absent)}",
            where=str(settings.directory),
            mend="add them under teams:",
        )
    return f"{len(known.engineers)} engineers, {len(known.teams)} teams, {len(known.customers)} customers"


def database(settings: Settings) -> str:
    """Opens it, and writes."""
    store = open_store(settings.database_url.get_secret_value())
    try:
        store.remember("last check", "written")
        return str(store.db.name)
    finally:
        store.close()


def blobs(settings: Settings) -> str:
    """Keeps a mail, reads it again and deletes it."""
    kept = open_blobs(settings.blobs_url)
    (digest,) = kept.put_many([b"Subject: mailbot check\r\n\r\n"])
    kept.get(digest)
    kept.delete(digest)
    return settings.blobs_url


def _tokens(account: Account) -> Tokens | None:
    if account.oauth is None:
        return None
    from mailbot.inbound.oauth import TokenSource

    return TokenSource(account.oauth)


def mailbox(settings: Settings, box: MailboxSettings) -> str:
    """Logs in, opens the folder; the folder that mails are moved to may still have to be made."""
    with imap.connect(box, tokens=_tokens(box), allow_plaintext=settings.allow_plaintext) as session:
        folder = session.select(box.folder, read_only=True)
        told = f"{folder.exists} mails in {box.folder}"
        there = session.folders()
        for wanted in (box.after.removeprefix("move:") if box.after.startswith("move:") else "", box.sent_folder or ""):
            if wanted and wanted not in there:
                told += f"; folder {wanted} will be made"
        return told


def jira(settings: Settings) -> str:
    """Logs in to Jira and asks who we are there."""
    from mailbot.runtime.jira_board import JiraBoard

    assert settings.jira is not None
    return JiraBoard(settings.jira).who()


def smtp(settings: Settings) -> str:
    session = SmtpSession(settings.smtp, tokens=_tokens(settings.smtp), allow_plaintext=settings.allow_plaintext)
    try:
        session.open()
        return f"{settings.smtp.host}:{settings.smtp.port_number}"
    finally:
        session.close()
