"""How one logs in to a submission server (RFC 4954): PLAIN, LOGIN, XOAUTH2 or OAUTHBEARER.

In: a client that has said EHLO (a protocol that smtplib's fulfils) and the account. Out: a client that is logged in.
Raises PermanentError for what the settings must mend, TemporaryError when the server puts us off.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Protocol

from mailbot.errors import PermanentError, TemporaryError
from mailbot.inbound.account import Account, Tokens, secret
from mailbot.inbound.wire import bearer
from mailbot.outbound.data import clean


class Client(Protocol):
    """The part of an SMTP client that logs in."""

    esmtp_features: dict[str, str]

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]: ...


def login(client: Client, account: Account, tokens: Tokens | None, where: str) -> None:
    """Log in as the account says; without a user name and a grant nothing is done."""
    if not account.username and account.oauth is None:
        return
    offered = client.esmtp_features.get("auth", "").upper().replace("=", " ").split()
    user = account.username or ""
    if account.oauth is not None:
        _with_token(client, account, account.oauth.mechanism.upper(), tokens, offered, where)
    elif "PLAIN" in offered:
        _auth(client, account, "PLAIN", [f"\0{user}\0{secret(account.password)}"], where)
    elif "LOGIN" in offered:
        _auth(client, account, "LOGIN", [user, secret(account.password)], where, initial=False)
    else:
        raise PermanentError(
            f"the server takes no password login here (it offers: {' '.join(offered) or 'none'})",
            where=where,
            mend="set SECURITY=starttls or tls, use OAUTH, or leave USERNAME empty",
        )


def _with_token(
    client: Client, account: Account, wanted: str, tokens: Tokens | None, offered: Sequence[str], where: str
) -> None:
    if tokens is None:
        raise PermanentError("OAUTH is set but no token source was given", where=where)
    ours = [name for name in ("XOAUTH2", "OAUTHBEARER") if name in offered]
    if not ours:
        raise PermanentError("the server takes no OAuth2 login", where=where, mend="set PASSWORD instead of OAUTH")
    mechanism = wanted if wanted in ours else ours[0]
    token = tokens.token()
    answers = bearer(mechanism, account.username or "", token, account.host, account.port_number)
    try:
        _auth(client, account, mechanism, answers, where)
    except PermanentError:
        tokens.invalidate(token)  # revoked or wrong: the next try asks for a new one
        raise


def _auth(
    client: Client, account: Account, mechanism: str, answers: Sequence[str], where: str, *, initial: bool = True
) -> None:
    """One SASL exchange (RFC 4954 section 4). Answers are sent in turn as the server asks."""
    lines = [base64.b64encode(answer.encode()).decode() for answer in answers]
    code, text = client.docmd("AUTH", f"{mechanism} {lines.pop(0)}" if initial else mechanism)
    while code == 334 and lines:
        code, text = client.docmd(lines.pop(0))
    if code == 334:
        code, text = client.docmd("*")
    if code in (235, 503):  # 503: already logged in
        return
    said = f"{code} {clean(text)}"
    if 400 <= code < 500:
        raise TemporaryError(f"no login at present: {said}", where=where, mend="it is tried again")
    how = "OAUTH settings and the server's permissions" if account.oauth else "USERNAME and PASSWORD"
    raise PermanentError(f"login as {account.username!r} refused: {said}", where=where, mend=f"check {how}")
