"""Is the sender proved? In: a parsed mail, its bytes, the names of our receiving servers. Out: `Authentication`.

Believed is the topmost Authentication-Results field (RFC 8601) of a configured server and, where DNS is handed in,
DKIM (RFC 6376) checked here. Either must be aligned with the one From address (RFC 7489 section 3.1). All doubt fails
closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

import authres

from mailbot.message.model import Authentication, Message

DnsFunc = Callable[..., bytes | None]
"""Takes the name (bytes, ends in a dot) and timeout=5; gives the TXT record or None."""

MICROSOFT_365 = "microsoft365"
"""As authserv-id: the field that Exchange Online writes without naming itself."""

_LONGEST = 4_000  # the library is quadratic in the length of the field
_DKIM_BYTES, _DKIM_HEAD, _DKIM_SIGNATURES = 5_000_000, 64_000, 4
_SIGNED = re.compile(rb"(?im)^dkim-signature:")
_NAMELESS = re.compile(r"^\s*(?:spf|dkim|dmarc|compauth)\s*=", re.I)
_RUN_OF_BLANKS = re.compile(rb"[ \t]{500}")
# Second-level names that registries hand out: nobody speaks for all below them.
_SHARED_SECOND = frozenset(
    [
        "com",
        "co",
        "org",
        "net",
        "gov",
        "gob",
        "gouv",
        "edu",
        "ac",
        "mil",
        "ind",
        "adm",
        "eco",
        "jus",
        "leg",
        "art",
        "blog",
        "or",
        "ne",
        "go",
        "ltd",
        "plc",
        "me",
        "nom",
        "sch",
        "nhs",
        "gv",
        "uk",
        "br",
    ]
)
_SHARED = frozenset(
    [
        "github.io",
        "gitlab.io",
        "herokuapp.com",
        "azurewebsites.net",
        "cloudapp.net",
        "appspot.com",
        "web.app",
        "firebaseapp.com",
        "netlify.app",
        "vercel.app",
        "pages.dev",
        "workers.dev",
        "amazonaws.com",
        "blogspot.com",
        "wordpress.com",
        "onmicrosoft.com",
        "myshopify.com",
        "wixsite.com",
    ]
)


def authenticate(
    message: Message, raw: bytes, *, authserv_ids: Collection[str], dnsfunc: DnsFunc | None = None
) -> Authentication:
    """Whether the one From address is proved, by what, and else why not."""
    doubt = _doubt(message)
    if doubt:
        return Authentication(detail=doubt)
    sender = message.from_[0]
    domain = sender.domain.rstrip(".")
    stated = _stated(message, authserv_ids)
    if stated is not None:
        found = _by_results(stated, domain)
        if found is not None:
            return found
    if dnsfunc is not None:
        found = _by_dkim(raw, domain, dnsfunc)
        if found is not None:
            return found
    return Authentication(detail="no aligned pass" if stated is not None else "no result of a trusted server")


def _doubt(message: Message) -> str:
    """Why this From cannot be proved at all; "" when it can."""
    if len(message.headers.get("from", ())) != 1:
        return "not exactly one From field"
    if message.sender is None:
        return "not exactly one From address"
    name, address, domain = message.sender.name, message.sender.address, message.sender.domain
    if not address.isascii() or not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", domain.rstrip(".")):
        return "the From domain is no plain host name"
    flaws = [d.detail for d in message.defects if d.code == "address" and d.detail.startswith("from:")]
    if any(flaw.removeprefix("from:").strip() != "overlong-encoded-word" for flaw in flaws):
        return "the From field breaks the grammar"
    shown = re.findall(r"[\w.+-]{1,64}@([\w.-]{1,255})", unicodedata.normalize("NFKC", name).lower())
    if any(other.rstrip(".") != domain for other in shown):
        return "the display name shows another address"
    return ""


# ---- what our receiving server states ----


def _stated(message: Message, authserv_ids: Collection[str]) -> authres.AuthenticationResultsHeader | None:
    """The topmost field of a server that is ours; those of others are ignored, wherever they stand."""
    trusted = {name.lower().rstrip(".") for name in authserv_ids}
    for value in message.headers.get("authentication-results", ()):
        head = value.split(";", 1)[0].strip().lower()
        nameless = _NAMELESS.match(value) is not None
        name = MICROSOFT_365 if nameless else head.split()[0].rstrip(".") if head else ""
        if name in trusted:
            return _parsed(value, nameless=nameless)
    return None


def _parsed(value: str, *, nameless: bool) -> authres.AuthenticationResultsHeader | None:
    if len(value) > _LONGEST:
        return None
    value = value.encode("ascii", "replace").decode("ascii")
    if nameless:  # Exchange adds words that RFC 8601 section 2.2 does not know
        value = re.sub(r"\b(?:action|compauth|reason)=[\w.]+\s*;?", "", value).strip(" ;")
        value = f"{MICROSOFT_365}; {value}"
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except Exception:  # its own SyntaxError, RecursionError on nested comments: unreadable is unproved
        return None


def _by_results(stated: authres.AuthenticationResultsHeader, domain: str) -> Authentication | None:
    results = list(stated.results)[:30]
    if any(r.method == "dmarc" and r.result in ("fail", "permerror", "temperror") for r in results):
        return Authentication(detail=f"{stated.authserv_id}: dmarc did not pass")
    for method, names in (("dmarc", ("from",)), ("dkim", ("d", "i")), ("spf", ("mailfrom", "envelope-from"))):
        for result in results:
            if result.method != method or result.result != "pass":
                continue
            for value in _values(result, names):
                other = value.rpartition("@")[2].lower().rstrip(".")
                if (other == domain) if method == "dmarc" else aligned(other, domain):
                    return Authentication(True, method, f"{stated.authserv_id}: {method}=pass {other}")
    return None


def _values(result: authres.AuthenticationResult, names: tuple[str, ...]) -> Iterator[str]:
    """The value of the first of these properties that there is."""
    for name in names:
        for prop in result.properties:
            if prop.name == name and prop.type in ("header", "smtp") and prop.value:
                yield str(prop.value)
                return


def aligned(signed: str, domain: str) -> bool:
    """Relaxed alignment, told conservatively: the same name, or one is above the other and is no registry's name.

    Without the public suffix list two names beside each other (a.x.example, b.x.example) are not held to be one house.
    """
    if not signed or not domain:
        return False
    if signed == domain:
        return True
    upper, lower = (signed, domain) if len(signed) < len(domain) else (domain, signed)
    return lower.endswith(f".{upper}") and not _is_shared(upper)


def _is_shared(domain: str) -> bool:
    labels = domain.split(".")
    if len(labels) < 2 or domain in _SHARED:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED_SECOND


# ---- DKIM checked here ----


def _by_dkim(raw: bytes, domain: str, dnsfunc: DnsFunc) -> Authentication | None:
    head = re.split(rb"\r?\n\r?\n", raw[: _DKIM_HEAD + 1], maxsplit=1)[0]
    if not _SIGNED.search(head):
        return None
    if len(head) > _DKIM_HEAD or len(raw) > _DKIM_BYTES or _RUN_OF_BLANKS.search(raw):
        return None  # the library is quadratic in long header fields and in long runs of blanks
    import dkim  # with it comes a DNS resolver, which only signed mails need

    try:
        mail = dkim.DKIM(raw, minkey=1024)
        signatures = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    except Exception:  # the library raises many kinds on broken mails
        return None
    for index, value in enumerate(signatures[:_DKIM_SIGNATURES]):
        try:
            tags = {k.decode(): v.decode("ascii") for k, v in dkim.util.parse_tag_value(value).items()}
            if not _usable(tags, domain):
                continue
            if dkim.DKIM(raw, minkey=1024).verify(idx=index, dnsfunc=dnsfunc):
                return Authentication(True, "dkim-local", f"d={tags['d']} s={tags.get('s', '')}")
        except Exception:  # noqa: S112 - no key, bad tags, DNS failure: this signature proves nothing
            continue
    return None


def _usable(tags: dict[str, str], domain: str) -> bool:
    """Aligned, signs From and the whole body (a length tag lets text be added below)."""
    signed = {name.strip().lower() for name in tags.get("h", "").split(":")}
    return aligned(tags.get("d", "").lower().rstrip("."), domain) and "from" in signed and "l" not in tags
