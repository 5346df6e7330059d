"""What stands around a passage: the sentences beside it, the subject, the whole mail, and where that came in.

In: the sentences of a mail. Out: (part, names) pairs, which feed the hidden units of the classifier beside the
passage's own features: "it is the same" says something else behind a test than behind a greeting. A sentence counts
here by its words and their meanings alone, and only the frequent ones of those.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from mailbot.understand.model.features import senses, words
from mailbot.understand.model.features import structure as _structure

BEFORE, AFTER, SUBJECT, MAIL, PLACE = "before", "after", "subject", "mail", "place"
WORTH = {BEFORE: 0.1, AFTER: 0.1, SUBJECT: 0.15, MAIL: 0.05, PLACE: 0.3}  # of a name: the parts differ in their number
NONE = frozenset({"none"})  # where no sentence stands
_FAR, _MANY = 4, 12  # sentences from the beginning or the end, and in all, beyond which it is all the same

Parts = list[tuple[str, Iterable[str]]]


@lru_cache(maxsize=128)
def said(text: str) -> frozenset[str]:
    """What a sentence says to its neighbours."""
    tokens = words(text)
    return frozenset((*tokens, *senses(tokens), *_structure(text, tokens)))


def setting(pack: str, role: str, later: bool) -> tuple[str, ...]:
    """Where a mail came in: the pack and the role of its mailbox, and whether its ticket has earlier mails."""
    return (pack, role, f"{pack} {role}", "later" if later else "first")


def of_mail(where: Iterable[str], subject: str, sentences: Iterable[str]) -> Parts:
    """What surrounds every passage of a mail alike."""
    meant = {name for sentence in sentences for name in said(sentence) if name[0] == "@"}
    return [(PLACE, where), (SUBJECT, said(subject) if subject else NONE), (MAIL, meant)]


def of_subject(where: Iterable[str], sentences: Sequence[str]) -> Parts:
    """What surrounds the subject of a mail, when it is read as a passage of its own."""
    (place, names), _, mail = of_mail(where, "", sentences)
    return [(place, (*names, "subject")), (AFTER, said(sentences[0]) if sentences else NONE), mail]


def of_place(sentences: Sequence[str], spans: Sequence[tuple[int, int]], start: int, end: int) -> Parts:
    """What surrounds the passage from start to end, in a mail of these sentences with their offsets, in order."""
    index = bisect_right(spans, start, key=lambda span: span[1])  # sentences that end before it
    after = bisect_left(spans, end, lo=index, key=lambda span: span[0])
    count = len(spans)
    place = (
        f"from beginning {min(index, _FAR)}",
        f"from end {min(count - index, _FAR)}",
        f"of {min(count, _MANY) // 2}",
    )
    return [
        (BEFORE, said(sentences[index - 1]) if index else NONE),
        (AFTER, said(sentences[after]) if after < count else NONE),
        (PLACE, place),
    ]
