"""How likely an address or a path in a mail is the failing operation: signs in it and around it, weighed.

In: a place with its text, and what the wordings of endpoint.py make of it. Out: its signs, and the chance, 0..1, that a
careful reader takes it for the endpoint. The weights (endpoint_weights.json) are made by
`python -m mailbot.understand.endpoints_train`; they hold words and no mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mailbot.understand import logistic

FILE = Path(__file__).with_name("endpoint_weights.json")
_LEARNT = logistic.Learnt(FILE)
SURE = 0.5  # chance from which a place is the endpoint
_REACH = 60  # characters before a place that are read
_REACH_AFTER = 40
_STEM = 6  # letters of a word that tell
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_WORD = re.compile(r"[^\W\d_]+")
_VERSION = re.compile(r"/v\d")


def signs(text: str, folded: str, start: int, end: int, rules: Iterable[str]) -> list[str]:
    """What speaks for or against a place, each once; `rules` is what the wordings say of it."""
    words, lower = text[start:end], folded[start:end]
    before = folded[max(0, start - _REACH) : start].rpartition("\n")[2]
    after = folded[end : end + _REACH_AFTER].partition("\n")[0]
    left, right = _TOKEN.findall(before)[-4:], _TOKEN.findall(after)[:3]
    kind, path = _kind(lower)
    out = [kind, f"parts={min(4, path.count('/'))},{kind}"]
    for rule in rules:
        out += [rule, f"{kind},{rule}"]
    out += [f"<{word[:_STEM]}" for word in left]
    out += [f">{word[:_STEM]}" for word in right]
    out.append(f"<1{left[-1]}" if left else "<1^" if right else "alone")
    out.append(f">1{right[0]}" if right else ">1$")
    if _VERSION.search(lower):
        out.append(f"version,{kind}")
    if "{" in words or ":" in path:
        out.append("parameter")
    if "?" in words:
        out.append("query")
    if kind in {"url", "host"}:
        host = lower.rpartition("//")[2].partition("/")[0]
        out += [f"host={part[:8]}" for part in re.split(r"[.:-]", host) if part not in {"com", "br", "example"}]
    out += [f"part={part[:_STEM]}" for part in _WORD.findall(path)]
    return list(dict.fromkeys(out))


def _kind(lower: str) -> tuple[str, str]:
    """url | path | host | bare, and its path."""
    if "://" in lower:
        return "url", "/" + lower.partition("://")[2].partition("/")[2]
    if lower.startswith("/"):
        return "path", lower
    host, _, rest = lower.partition("/")
    return ("host", "/" + rest) if "." in host else ("bare", lower)


def chance(seen: Iterable[str]) -> float:
    """The chance that a place with these signs is the endpoint."""
    return _LEARNT.chance(seen)
