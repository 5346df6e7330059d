"""Secrets that customers paste, hidden before their words are sent on: passwords, keys, tokens, cookies, card numbers.

In: text. Out: the text with `[hidden: password]` in the secret's place, and what was hidden where. What only looks like
one stays: pipeline keys (UUID, hex), chat IDs, order numbers, CPF and CNPJ. Time is linear in the text's length.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mailbot.reply import shapes as look


@dataclass(frozen=True, slots=True)
class Masked:
    """A hidden secret: what it is, and where it stood in the text that was handed in."""

    kind: str
    start: int
    end: int


Search = Callable[[str, str], Iterator[Masked]]
_HIDDEN = {"pt": "ocultado", "en": "hidden", "es": "oculto"}
_LONE = re.compile("[\ud800-\udfff]")


def mask(text: str, language: str = "en") -> tuple[str, tuple[Masked, ...]]:
    """The text with its secrets hidden, and what was hidden, in order. Offsets are those of the text handed in.

    language: of the words that stand in a secret's place.
    """
    if not text.isascii():
        text = _LONE.sub("\ufffd", text)  # half a sign: RE2 takes UTF-8 only, which has no such thing
    if look.ANYTHING.search(text) is None:
        return text, ()
    found: list[Masked] = []
    low = text.lower()
    if len(low) != len(text):  # a sign whose small form is longer: offsets must stay those of the text
        low = "".join([c.lower() if len(c.lower()) == 1 else c for c in text])
    for search, hints in _SEARCHES:
        if not hints or any(hint in low for hint in hints):
            found.extend(search(text, low))
    if not found:
        return text, ()
    out: list[str] = []
    kept: list[Masked] = []
    place = 0
    for one in sorted(found, key=lambda m: (m.start, -m.end)):
        if one.start < place:
            continue
        out += [text[place : one.start], f"[{_HIDDEN[language]}: {look.NAMES[one.kind][language]}]"]
        place = one.end
        kept.append(one)
    return "".join([*out, text[place:]]), tuple(kept)


def masked_kinds(kinds: Iterable[str], language: str) -> list[str]:
    """What was hidden, by name and without repeats, for the note below the words."""
    return [look.NAMES[kind][language] for kind in dict.fromkeys(kinds)]


def _private_keys(text: str, _low: str) -> Iterator[Masked]:
    place = 0
    while begin := look.KEY_BEGIN.search(text, place):
        end = text.find("-----END ", begin.end())
        if end < 0:
            yield Masked("private-key", begin.start(), len(text))  # cut off: everything below may be the key
            return
        line = text.find("\n", end)
        place = len(text) if line < 0 else line
        close = text.find("-----", end + 9, place)
        yield Masked("private-key", begin.start(), close + 5 if close >= 0 else place)


def _authorization(text: str, _low: str) -> Iterator[Masked]:
    place = 0
    for found in look.AUTHORIZATION.finditer(text):
        if found.start() < place:
            continue  # one a line
        value = re.match(r"[^\r\n\"']{4,4000}", text[found.end() : found.end() + 4000])
        place = found.end() + (len(value[0]) if value else 0)
        if value and not look.PLACEHOLDER.fullmatch(value[0].strip()) and not _prose(value[0]):
            yield Masked("authorization", found.end(), found.end() + len(value[0].rstrip()))
    for found in look.SCHEME.finditer(text):
        if found["scheme"].lower() == "basic":
            if _is_login(found["value"]):
                yield Masked("authorization", found.start("value"), found.end("value"))
        elif any(c.isdigit() for c in found["value"]) and len(found["value"]) >= 12:
            yield Masked("token", found.start("value"), found.end("value"))


def _prose(value: str) -> bool:
    """ "Authorization: o header está sendo enviado" is a sentence, no credential."""
    words = value.split()
    return len(words) > 2 and "=" not in value and not any(len(w) > 8 and any(map(str.isdigit, w)) for w in words)


def _is_login(value: str) -> bool:
    try:
        return b":" in b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (Base64Error, ValueError):
        return False


def _labelled(text: str, _low: str) -> Iterator[Masked]:
    place = 0
    for found in _labels(text):
        if found.start() < place:
            continue  # inside what is hidden already
        value = look.VALUE.match(text, found.end())
        if value is None:
            continue
        said = value[0].rstrip(".?)]}:")
        if found["quote"]:
            close = text.find(found["quote"], found.end(), found.end() + 200)
            if close > found.end() and "\n" not in text[found.end() : close]:
                said = text[found.end() : close]
        end = found.end() + len(said)
        if _is_secret(said, text[end : end + 80].partition("\n")[0], found):
            place = end
            yield Masked(_kind(found["label"]), found.end(), end)


def _far_labelled(text: str, _low: str) -> Iterator[Masked]:
    """A password some words behind its label: only what is plainly made up, for much else stands in such sentences."""
    place = 0
    for hit in look.ANY_LABEL.finditer(text):
        found = look.FAR_LABEL.match(text, hit.start()) if hit.start() >= place else None
        value = look.VALUE.match(text, found.end()) if found else None
        if found is None or value is None or look.NO_OWNER.search(found["between"]):
            continue
        said = value[0].rstrip(".,)?]}:")
        named = look.PLACEHOLDER.fullmatch(said) or look.ADDRESS_OR_PATH.fullmatch(said)
        if look.MADE_UP.fullmatch(said) and not named:
            place = found.end() + len(said)
            yield Masked("password", found.end(), place)


def _labels(text: str) -> Iterator[re.Match[str]]:
    """The labels: found by RE2 in one pass, which is fifty times faster, and then looked at closely."""
    for hit in look.ANY_LABEL.finditer(text):
        found = look.LABEL.match(text, hit.start())
        if found:
            yield found


def _camel(text: str, _low: str) -> Iterator[Masked]:
    for found in look.CAMEL.finditer(text):
        value = look.VALUE.match(text, found.end())
        if value and len(value[0]) >= 4 and not look.PLACEHOLDER.fullmatch(value[0]):
            yield Masked(_kind(found["label"]), found.end(), value.end())


def _kind(label: str) -> str:
    if re.search(r"key|chave|clave (?:de|del)", label, re.IGNORECASE):
        return "api-key"
    return "token" if re.search(r"token|secre|segredo|credencia", label, re.IGNORECASE) else "password"


def _is_secret(said: str, rest: str, found: re.Match[str]) -> bool:
    """A value, or a word of a sentence about passwords? With a colon nearly everything is; without, it must look so."""
    if len(said) < 3 or said.casefold() in look.NO_SECRET or look.PLACEHOLDER.fullmatch(said):
        return False
    digit, letter = any(c.isdigit() for c in said), any(c.isalpha() for c in said)
    odd = any(not c.isalnum() for c in said) or (said[1:] != said[1:].lower() and not said.isupper())
    strong, sign = bool(found["strong"]), found["sign"].rstrip()
    if found["weak"] and (look.UUID_OR_HEX.fullmatch(said) or not (digit and letter)):
        return False
    if not sign:  # "senha Abc123"
        return strong and digit and (letter or odd) and len(said) >= 6
    if not sign.endswith((":", "=", ">")):  # "a senha é Abc123"
        return (digit and len(said) >= 4) or (odd and len(said) >= 6 and not said.replace("-", "").isalpha())
    if found["quote"] or digit or odd:
        return strong or digit or len(said) >= 8
    return strong and not rest.strip(" .,;)\"'")  # one word alone behind the colon


def _shapes(text: str, _low: str) -> Iterator[Masked]:
    for place in look.ANY_KNOWN.finditer(text):
        start = place.start()
        if start and look.IN_WORD.match(text, start - 1):
            continue
        for kind, shape in look.KNOWN:
            hit = shape.match(text, start)
            if hit:
                yield Masked(kind, start, hit.end())
                break


def _by_value(kind: str, pattern: re.Pattern[str]) -> Search:
    def search(text: str, _low: str) -> Iterator[Masked]:
        for found in pattern.finditer(text):
            if not look.PLACEHOLDER.fullmatch(found["value"].strip()):
                yield Masked(kind, found.start("value"), found.end("value"))

    return search


def _cards(text: str, _low: str) -> Iterator[Masked]:
    if look.ANY_DIGITS.search(text) is None:
        return
    for run in look.DIGITS.finditer(text):
        for start, end in _numbers(run):
            if _is_card(text[start:end], text[max(0, start - 40) : start]):
                yield Masked("card", start, end)


def _numbers(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole run when it can be one card; else its unbroken numbers."""
    groups = re.split(r"[ \-]", run[0])
    if 13 <= sum(map(len, groups)) <= 19:
        yield run.start(), run.end()
        return
    place = run.start()
    for group in groups:
        if 13 <= len(group) <= 19:
            yield place, place + len(group)
        place += len(group) + 1


def _is_card(number: str, before: str) -> bool:
    groups = tuple(len(g) for g in re.split(r"[ \-]", number))
    digits = re.sub(r"[ \-]", "", number)
    if not look.BRANDS.fullmatch(digits) or not luhn(digits) or (len(groups) > 1 and groups not in look.CARD_GROUPS):
        return False
    if len(groups) == 1 and (is_cnpj(digits) or look.OTHER_NUMBER.search(before)):
        return bool(look.CARD_WORD.search(before))
    return True


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_cnpj(digits: str) -> bool:
    """A Brazilian company number: 14 digits with two check digits modulo 11."""
    if len(digits) != 14:
        return False
    for length in (12, 13):
        weights = [(length - 1 - i) % 8 + 2 for i in range(length)]
        rest = sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11
        if int(digits[length]) != (0 if rest < 2 else 11 - rest):
            return False
    return True


# Each search, and the words without one of which there is nothing to find (lower case; none: it always runs).
_SEARCHES: tuple[tuple[Search, tuple[str, ...]], ...] = (
    (_private_keys, ("private key",)),
    (_authorization, ("authorization", "bearer", "basic")),
    (_shapes, ()),
    (_labelled, ()),
    (_far_labelled, ()),
    (_camel, ("password", "passwd", "pwd", "senha", "secret", "token", "key")),
    (_by_value("password", look.XML), ("</",)),
    (_by_value("password", look.URL_LOGIN), ("://",)),
    (_by_value("password", look.JDBC_LOGIN), ("jdbc:",)),
    (_by_value("cookie", look.COOKIE), ("cookie",)),
    (_by_value("cookie", look.SESSION), ("sess", "connect.sid")),
    (_cards, ()),
    (_by_value("cvv", look.CVV), ("cvv", "cvc", "digo de seg", "security code")),
)
