"""What a field finder is. One finder = one module = one test; their order is the list in `fields/__init__.py`.

In: a `Doc` (built once per mail), the rule pack, the context. Out: `Found` values, or `Rejected` with why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected


class Finder(Protocol):
    """Looks for one or more fields in one way. Pure, and at most linear in the length of the mail."""

    name: str

    def __call__(self, doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]: ...
