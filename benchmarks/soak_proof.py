"""What must hold after the soak, asked in plain SQL and of the servers, past mailbot's own code.

In: the database, the sink, the accounts, the count of mails. Out: figures, and a list of faults: empty means proved.
"""

from __future__ import annotations

import email
import json
from collections import Counter, defaultdict
from email.policy import default as modern
from typing import Any

from servers import MailUser
from soak_world import OPERATORS, Sink, automatic, boxes_of, follows, person, subject
from sqlalchemy import Engine, text

STUCK = (
    "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending') OR state = 'uncertain' AND next_at IS NOT NULL"
)
LEFT = "SELECT message_id FROM outbox WHERE state = 'uncertain' AND next_at IS NULL"
WAITING = "SELECT count(*) FROM ledger WHERE state = 'received'"


def rows(engine: Engine, sql: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(sql)).all())


def waiting(engine: Engine) -> tuple[int, int]:
    """Mails that were not processed yet, mails that the service will still send by itself."""
    return rows(engine, WAITING)[0][0], rows(engine, STUCK)[0][0]


def left(engine: Engine) -> list[str]:
    """Message-IDs of mails that were lost twice past DATA: a person has to say what becomes of them."""
    return [row.message_id for row in rows(engine, LEFT)]


def untold(engine: Engine, sink: Sink) -> list[str]:
    """Those of them that no mail to the operators names."""
    told = ""
    for taken in list(sink.mails):
        if OPERATORS in taken.recipients:
            body = email.message_from_bytes(taken.raw, policy=modern).get_body(("plain",))
            told += "".join(body.get_content().split()) if body else ""
    return [one for one in left(engine) if one not in told]


def prove(
    engine: Engine, sink: Sink, users: dict[str, MailUser], count: int, decided: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """All the questions at once. decided: Message-IDs that an operator had sent once more."""
    faults: list[str] = []
    figures: dict[str, Any] = {}
    taken = Counter(one.message_id for one in sink.accepted)
    if many := {one: n for one, n in taken.items() if n > 2 + (one in decided)}:
        faults.append(f"sent by itself more than once again: {dict(list(many.items())[:9])}")
    for part in (_servers, _messages, _tickets):
        part(engine, users, count, figures, faults)
    _answers(engine, sink, count, figures, faults)
    return figures, faults


def _servers(
    engine: Engine, users: dict[str, MailUser], count: int, figures: dict[str, Any], faults: list[str]
) -> None:
    """Each mail on the server is a row, flagged there; no row is stuck or put aside."""
    figures["ledger"] = dict(rows(engine, "SELECT state, count(*) FROM ledger GROUP BY state"))
    figures["copies"] = rows(engine, "SELECT count(*) FROM ledger WHERE copy_of IS NOT NULL")[0][0]
    for state in ("received", "quarantined"):
        if figures["ledger"].get(state):
            why = rows(engine, f"SELECT reason, count(*) FROM ledger WHERE state = '{state}' GROUP BY reason")  # noqa: S608
            faults.append(f"{figures['ledger'][state]} mails are {state}: {[tuple(w) for w in why][:5]}")
    held = Counter[str]()
    for box, user in users.items():
        with user.client() as client:
            folder = client.select_folder("INBOX", readonly=True)
            there = set(client.search())
            unseen = client.search("UNSEEN")
        kept = {
            r.uid
            for r in rows(engine, f"SELECT mailbox, uidvalidity, uid FROM ledger WHERE mailbox = '{box}'")  # noqa: S608
            if r.uidvalidity % 2**32 == folder[b"UIDVALIDITY"]
        }
        held[box] = len(there)
        if kept != there:
            faults.append(
                f"{box}: only on the server {sorted(there - kept)[:9]}, only in the ledger {sorted(kept - there)[:9]}"
            )
        if unseen:
            faults.append(f"{box}: {len(unseen)} mails are not flagged on the server")
    figures["on_server"] = dict(held)
    wanted = sum(len(boxes_of(i)) for i in range(count))
    if sum(held.values()) < wanted:
        faults.append(f"{sum(held.values())} mails on the server, {wanted} were delivered")


def _messages(
    engine: Engine, _users: dict[str, MailUser], count: int, figures: dict[str, Any], faults: list[str]
) -> None:
    """Each mail of a person is one message; automated ones are none."""
    found = Counter((r.sender, r.subject) for r in rows(engine, "SELECT sender, subject FROM message"))
    figures["messages"] = sum(found.values())
    wrong = [
        (i, found[person(i), subject(i)]) for i in range(count) if found[person(i), subject(i)] != (not automatic(i))
    ]
    if wrong:
        faults.append(f"{len(wrong)} mails are not one message each; (mail, messages): {wrong[:9]}")
    if extra := sum(found.values()) - sum(not automatic(i) for i in range(count)):
        faults.append(f"{extra} messages too many")


def _tickets(
    engine: Engine, _users: dict[str, MailUser], count: int, figures: dict[str, Any], faults: list[str]
) -> None:
    """One ticket for each first mail, and answers on the ticket of the mail that they answer."""
    first = Counter(person(i) for i in range(count) if not automatic(i) and follows(i) is None)
    opened = Counter(r.requester for r in rows(engine, "SELECT requester FROM ticket"))
    figures["tickets"] = sum(opened.values())
    if opened != first:
        faults.append(
            f"tickets too many: {(opened - first).most_common(5)}; too few: {(first - opened).most_common(5)}"
        )
    mixed = rows(
        engine,
        "SELECT m.ticket FROM message m JOIN ticket t ON t.number = m.ticket WHERE m.sender <> t.requester",
    )
    if mixed:
        faults.append(f"messages of other people on tickets {[r.ticket for r in mixed][:9]}")


def _answers(engine: Engine, sink: Sink, count: int, figures: dict[str, Any], faults: list[str]) -> None:
    """Each row of the outbox was accepted; repeats only where the first acceptance could not be known."""
    outbox = rows(engine, "SELECT message_id, recipients, state, audience, ledger_id FROM outbox")
    figures["outbox"] = dict(Counter(r.state for r in outbox))
    if set(figures["outbox"]) - {"sent"}:
        faults.append(f"not all is sent: {figures['outbox']}")
    ids = Counter(r.message_id for r in outbox)
    if doubled := [i for i, n in ids.items() if n > 1]:
        faults.append(f"Message-IDs used for more than one mail: {doubled[:5]}")
    per_mail = Counter(r.ledger_id for r in outbox if r.audience == "customer" and r.ledger_id is not None)
    if twice := [i for i, n in per_mail.items() if n > 1]:
        faults.append(f"more than one reply to the mails {twice[:9]}")
    _sunk(outbox, sink, figures, faults)
    got: dict[str, set[str]] = defaultdict(set)
    for one in sink.accepted:
        for address in one.recipients:
            got[address].add(one.message_id)
    mails = Counter(person(i) for i in range(count) if not automatic(i))
    wrong = {p: len(got[p]) for p, n in mails.items() if not (len(got[p]) == 1 if n == 1 else 1 <= len(got[p]) <= n)}
    if wrong:
        faults.append(f"people with the wrong number of answers: {dict(list(wrong.items())[:9])}")
    figures["people"], figures["answered"] = len(mails), sum(bool(got[p]) for p in mails)
    automated = {person(i) for i in range(count) if automatic(i)} | {"mailer-daemon@customer.example"}
    if told := {a for a in got if a.lower() in automated}:
        faults.append(f"answers to automated mails: {sorted(told)[:9]}")


def _sunk(outbox: list[Any], sink: Sink, figures: dict[str, Any], faults: list[str]) -> None:
    wanted = {r.message_id: sorted(_list(r.recipients)) for r in outbox}
    last: dict[int, int] = {}  # the last mail that each life had accepted: only its result can have died with it
    for place, one in enumerate(sink.accepted):
        last[one.life] = place
    first: dict[str, int] = {}
    repeats = Counter[str]()
    for place, one in enumerate(sink.accepted):
        if wanted.get(one.message_id) != sorted(one.recipients):
            faults.append(
                f"the sink has {one.message_id} for {one.recipients}, the outbox for {wanted.get(one.message_id)}"
            )
        before = first.get(one.message_id)
        first[one.message_id] = place
        if before is None:
            continue
        earlier = sink.accepted[before]
        if earlier.dropped:
            repeats["after the sink dropped past DATA"] += 1
        elif last[earlier.life] == before and one.life != earlier.life:
            repeats["after a kill past DATA"] += 1
        else:
            repeats["without cause"] += 1
            faults.append(f"{one.message_id} was sent again without need (lives {earlier.life} and {one.life})")
    figures["accepted"], figures["repeats"] = len(sink.accepted), dict(repeats)
    if never := sorted(set(wanted) - set(first)):
        faults.append(f"{len(never)} mails never reached the sink: {never[:5]}")


def _list(value: Any) -> list[str]:
    return list(json.loads(value) if isinstance(value, str) else value)
