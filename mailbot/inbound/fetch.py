"""Fetches mails in batches of bounded memory; one bad mail never spoils the others.

In: a session with a selected folder and UIDs. Out: batches, oldest first, each with the mails read and the UIDs that
the server would not give. Raises only when the connection is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from mailbot.errors import MailbotError
from mailbot.inbound.model import Batch, FetchLimits, Listed, ReceivedMail


class Reader(Protocol):
    """The part of `ImapSession` that fetching needs."""

    broken: bool

    def listed(self, uids: Sequence[int]) -> list[Listed]: ...
    def bodies(self, uids: Sequence[int], *, expected_bytes: int) -> dict[int, bytes]: ...
    def window(self, uid: int, start: int, length: int) -> bytes | None: ...


def fetch(session: Reader, uids: Sequence[int], limits: FetchLimits) -> Iterator[Batch]:
    """Read mails in ascending order of UID. Mails that were expunged meanwhile are left out without an error."""
    for start in range(0, len(uids), 1000):
        part = sorted(uids[start : start + 1000])
        listed, failed = _listed(session, part)
        if failed:
            yield Batch(failed=failed)
        for group in plan(listed, limits):
            yield _read(session, group, limits)


def plan(listed: Sequence[Listed], limits: FetchLimits) -> Iterator[list[Listed]]:
    """Cut a list into groups whose summed size and count stay within the limits; a larger mail is alone."""
    group: list[Listed] = []
    total = 0
    for mail in listed:
        if group and (total + mail.size > limits.batch_bytes or len(group) >= limits.batch_mails):
            yield group
            group, total = [], 0
        group.append(mail)
        total += mail.size
    if group:
        yield group


def _listed(session: Reader, uids: Sequence[int]) -> tuple[list[Listed], tuple[tuple[int, str], ...]]:
    try:
        return session.listed(uids), ()
    except MailbotError:
        if session.broken:
            raise
    listed: list[Listed] = []
    failed: list[tuple[int, str]] = []
    for uid in uids:
        try:
            listed += session.listed([uid])
        except MailbotError as error:
            if session.broken:
                raise
            failed.append((uid, error.what))
    return listed, tuple(failed)


def _read(session: Reader, group: Sequence[Listed], limits: FetchLimits) -> Batch:
    if len(group) == 1:
        return _read_one(session, group[0], limits)
    try:
        bodies = session.bodies([mail.uid for mail in group], expected_bytes=sum(mail.size for mail in group))
    except MailbotError:
        if session.broken:
            raise
        batches = [_read_one(session, mail, limits) for mail in group]
        return Batch(tuple(m for b in batches for m in b.mails), tuple(f for b in batches for f in b.failed))
    return Batch(
        tuple(
            ReceivedMail(mail.uid, bodies[mail.uid], mail.internal_date, mail.size)
            for mail in group
            if mail.uid in bodies
        )
    )


def _read_one(session: Reader, mail: Listed, limits: FetchLimits) -> Batch:
    cut = mail.size > limits.mail_bytes
    try:
        if mail.size > limits.batch_bytes or cut:
            raw = _read_windows(session, mail, limits.keep_bytes if cut else limits.mail_bytes, limits.window_bytes)
        else:
            raw = session.bodies([mail.uid], expected_bytes=mail.size).get(mail.uid)
    except MailbotError as error:
        if session.broken:
            raise
        return Batch(failed=((mail.uid, error.what),))
    if raw is None:
        return Batch()
    return Batch((ReceivedMail(mail.uid, raw, mail.internal_date, mail.size, truncated=cut),))


def _read_windows(session: Reader, mail: Listed, most: int, width: int) -> bytes | None:
    """The first `most` octets of a mail, window by window until a short one marks its end; None when it is gone."""
    read = bytearray()
    while len(read) < most:
        ask = min(width, most - len(read))
        piece = session.window(mail.uid, len(read), ask)
        if piece is None:
            # Some servers answer NIL beyond the end. Before the end it means that somebody expunged the mail meanwhile.
            return bytes(read) if len(read) >= mail.size else None
        read += piece
        if len(piece) < ask:
            break
    return bytes(read)
