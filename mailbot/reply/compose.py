"""A decision to send becomes a finished mail: bytes, envelope, and the questions as they stand in it.

In: a `Send`, the ticket, its pack, who we are, the templates, the time. Out: an `Outgoing`. The same input gives the
same bytes: the Message-ID comes from `ref` and `send.key`, boundaries from the Message-ID, the date from `now`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from mailbot.decide.actions import Send
from mailbot.errors import PermanentError, TemplateError
from mailbot.message.model import Message
from mailbot.reply import charts, mime, view
from mailbot.reply import subject as subjects
from mailbot.reply.model import Identity, Outgoing
from mailbot.reply.render import Rendered, TemplateSet
from mailbot.rules.directory import Directory
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import Question, Ticket
from mailbot.tickets.own import OwnIds

MOST_REFERENCES = 20  # the first and the latest: enough for every client to find the thread
_MESSAGE_ID = re.compile(
    r"<[!-;=?-~]{1,240}>", re.ASCII
)  # RFC 5322 section 3.6.4, loosely; no spaces, no brackets inside
_TEAM_THREAD = "thread of the engineers' mails"


def compose(
    send: Send,
    ticket: Ticket | None,
    pack: RulePack,
    identity: Identity,
    *,
    message: Message | None = None,
    directory: Directory | None = None,
    template_set: TemplateSet,
    now: datetime,
    ref: str = "",
    thread: Sequence[str] = (),
    files: Sequence[mime.File] = (),
) -> Outgoing:
    """The finished mail.

    ticket: as it stands after the decision. message: the mail on whose account it is sent. ref: what makes the intended
    mail unique beside `send.key` (the ledger row); the Message-ID comes from both. thread: Message-IDs of the
    conversation, oldest first, when the mail does not answer `message`. Raises `TemplateError` (a template is missing
    or broken) and `PermanentError` (nobody in To can be written to).
    """
    domain = identity.domain or identity.address.rpartition("@")[2]
    own = OwnIds(domain, identity.secrets)
    number = ticket.number if ticket else None
    ref = ref or (message.message_id if message else None) or now.isoformat()
    message_id = own.message_id(number, send.audience, f"{ref}\0{send.key}")
    reply_to = ""
    if identity.plus and number and identity.secrets and send.audience != "operators":
        reply_to = own.reply_address(identity.address, number, send.audience)
    context = view.build(send, ticket, pack, identity, message=message, directory=directory, reply_address=reply_to)
    rendered = template_set.render(pack.name, send.template, context["language"], context)
    to, cc = _receivers(send.to), _receivers(send.cc)
    if not to:
        raise PermanentError(f"{send.template}: no address in To can be written to", where=f"ticket {number}")
    cc = tuple(a for a in cc if a not in to)
    subject = rendered.subject or subjects.reply(ticket.subject if ticket else "", number)
    answers = message if send.audience == "customer" and _is_customers(message, ticket) else None
    head = [
        f"Date: {format_datetime(now)}\r\n",
        mime.mailboxes("From", [mime.mailbox(mime.address(identity.address), context["us"]["name"])]),
        mime.mailboxes("To", to),
        mime.mailboxes("Cc", cc) if cc else "",
        mime.token("Reply-To", reply_to) if reply_to else "",
        mime.unstructured("Subject", subject),
        mime.token("Message-ID", message_id),
        *_threading(answers, thread, ticket, send, own),
        *_automatic(send, answers),
        mime.token("X-Mailbot-Loop", identity.address),
        "MIME-Version: 1.0\r\n",
    ]
    files = (*files, *charts.pictures(context["charts"], domain))
    raw = "".join(head).encode("ascii") + _body(rendered, files, message_id)
    return Outgoing(
        message_id=message_id,
        sender=mime.address(identity.address),
        recipients=(*to, *cc),
        raw=raw,
        subject=subject,
        text=rendered.text,
        questions=_questions(send, context["questions"], rendered),
    )


def _receivers(addresses: Sequence[str]) -> tuple[str, ...]:
    """The addresses that can be written to at all; the others are left out, one bad copy must not stop the mail."""
    out: dict[str, None] = {}
    for text in addresses:
        try:
            out[mime.address(text)] = None
        except PermanentError:
            continue
    return tuple(out)


def _is_customers(message: Message | None, ticket: Ticket | None) -> bool:
    """Whether the mail at hand is part of the customer's conversation, and not an engineer's."""
    if message is None or message.sender is None:
        return False
    return ticket is None or message.sender.address in ticket.participants | {ticket.requester}


def _threading(
    answers: Message | None, thread: Sequence[str], ticket: Ticket | None, send: Send, own: OwnIds
) -> list[str]:
    """In-Reply-To and References (RFC 5322 section 3.6.4). Engineers' mails of a ticket hang on a root of their own."""
    if send.audience == "team" and ticket is not None:
        chain = [own.message_id(ticket.number, "team", _TEAM_THREAD), *thread]
    elif answers is not None:
        chain = [*(answers.references or answers.in_reply_to), answers.message_id or ""]
    elif thread:
        chain = list(thread)
    elif send.audience == "customer" and ticket is not None:
        chain = [sent.message_id for sent in ticket.sent if _to_customer(sent.message_id, own)]
        chain = chain or [value.message_id or "" for value in ticket.fields.values()]
    else:
        chain = []
    chain = list(dict.fromkeys(i for i in chain if _MESSAGE_ID.fullmatch(i)))
    if not chain:
        return []
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[1 - MOST_REFERENCES :]]
    return [mime.token("In-Reply-To", chain[-1]), mime.token("References", " ".join(chain))]


def _to_customer(message_id: str, own: OwnIds) -> bool:
    mark = own.read_message_id(message_id)
    return mark is None or not mark.for_engineers


def _automatic(send: Send, answers: Message | None) -> list[str]:
    """RFC 3834: what a program sends says so. An engineer's own words do not."""
    if not send.automatic:
        return []
    kind = "auto-replied" if answers is not None else "auto-generated"
    return [mime.token("Auto-Submitted", kind), mime.token("X-Auto-Response-Suppress", "All")]


def _body(rendered: Rendered, files: Sequence[mime.File], message_id: str) -> bytes:
    mark = message_id.partition("@")[0].rpartition(".")[2]
    shown = [file for file in files if file.content_id]
    other = [file for file in files if not file.content_id]
    html = mime.text_part(rendered.html, "html")
    if shown:
        html = mime.multipart(
            'related; type="text/html"', f"r{mark}", [html, *map(mime.file_part, shown)]
        )  # RFC 2387, 3.1
    body = mime.multipart("alternative", f"a{mark}", [mime.text_part(rendered.text, "plain"), html])
    return mime.multipart("mixed", f"m{mark}", [body, *map(mime.file_part, other)]) if other else body


def _questions(send: Send, asked: Sequence[dict[str, str]], rendered: Rendered) -> tuple[Question, ...]:
    """Each question as it stands in the text part: the numbered item that shows it; `TemplateError` without one."""
    out = []
    for question in asked:
        item = next((i for i in rendered.items if question["question"] in [rendered.values[s] for s in i.slots]), None)
        if item is None:
            raise TemplateError(
                f"the question for {question['field']} is not shown as a numbered item",
                where=f"template {send.template}",
                mend="write `1. {{ question.question }}` for each of `questions`",
            )
        out.append(Question(question["field"], item.number, item.text))
    return tuple(out)
