"""Whose words a line is. In: the readable text and what we sent before. Out: one labelled `Line` per line.

Nothing is cut: every line gets a label. A line under quote marks or below an attribution or header block is history;
history that we sent is OURS; what somebody passes on is FORWARDED and counts as theirs. Below an unmarked history a
line that is not in the mail we sent stays NEW: it is an answer between our questions. In doubt a line is the
customer's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailbot.message import maildate, markers, signature
from mailbot.message.markers import Marker
from mailbot.message.model import Line, Message, Part
from mailbot.message.ours import Known, Reader

_DEPTH = re.compile(r"[ \t]{0,3}>[> \t]*")
_FOLDED_ADDRESS = re.compile(
    r"^\s*>\s?(?:(?:wrote|escreveu|escribi[óo]) ?)?:\s*$"
)  # "… <ana@x.example" folded before ">:"
_MOST_LINES, _MOST_BLOCKS = 10_000, 300  # real mails have some hundreds of lines
_MOST_TOGETHER = 10_000  # characters
_FORWARD_PREFIX = re.compile(r"(?i)^\s*(?:enc|fwd?|fw|rv|tr|wg|i|vs|encaminhad[oa]|reenv\w*)\s*:")
_REPLY_PREFIX = re.compile(r"(?i)^\s*(?:re|res|rsp|resp|aw|sv|r|antw|odp)\s*(?:\[\d+\]|\(\d+\))?\s*:")
_SUPPORT = re.compile(
    r"(?i)\b(?:suporte|support|soporte|helpdesk|help desk|service ?desk|mesa de (?:ayuda|servicio|soporte)"
    r"|atendimento|atenci[óo]n al cliente|"
    r"customer (?:care|service|success)|central de (?:ajuda|atendimento|servi[çc]os)|escalonamento|escalation)\b"
)
_PASSED_ON = re.compile(
    r"(?i)\b(?:encaminh\w+|reencaminh\w+|reenv[ií]\w*|repass\w+|forward\w*|fyi|segue\w*|sigue el|abaixo|abajo|below"
    r"|a seguir|a continuaci[óo]n|"
    r"te pego|pego (?:el|lo|a)|cola\w* (?:o|aqui|abaixo)|lo que me (?:manda|pasa|envi\w+)|o que (?:me )?(?:mandaram"
    r"|enviaram|passaram)|"
    r"(?:veja|vejam|ver|vean|vea|see|conforme|seg[úu]n) (?:o |a |el |la |the |this )?(?:e-?mail|mensagem|mensaje"
    r"|correo|conversa|thread|relato|hilo))"
)
_ANSWERED = re.compile(
    r"(?i)\b(?:respond\w*|respost\w*|respuest\w*|contest\w*|answer\w*|repl(?:y|ies|ied)|in ?line|intercalad\w*"
    r"|em (?:azul|vermelho|verde|negrito)|"
    r"en (?:rojo|azul|verde)|in (?:red|blue|green|bold))\b"
)
_BUTTON = re.compile(
    r"^[^<>]{1,100}<\s*mailto:[^<>]{1,2000}>\W{0,3}$", re.I
)  # the link to our form, in the HTML part only
_PASTE = re.compile(r"^\s*(?:[<*$#|{}]|>>> |\.\.\. |\+|-{3})")
_SHELL_QUOTE = re.compile(
    r"^\s{0,3}>\s?(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /|HTTP/\d|Host: |User-Agent: |Accept: |Content-"
    r"|Authorization:|>> )"
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of the mail besides its text; everything is optional."""

    subject: str = ""
    reply: bool | None = None  # it has In-Reply-To or References; None: not known
    sender: str = ""  # address
    name: str = ""  # display name
    own: Collection[str] = ()  # our addresses
    heard: Sequence[str] = ()  # what the customers wrote on the ticket before
    date: datetime | None = None  # of the mail: its zone is that of forwarded dates without one

    @classmethod
    def of(cls, message: Message, *, own: Collection[str] = (), heard: Sequence[str] = ()) -> Hints:
        sender = message.from_[0] if message.from_ else None
        return cls(
            subject=message.subject,
            reply=bool(message.in_reply_to or message.references),
            sender=sender.address if sender else "",
            name=sender.name if sender else "",
            own=own,
            heard=heard,
            date=message.date,
        )


@dataclass(slots=True)
class _Row:
    start: int
    raw: str
    text: str  # without quote marks
    depth: int
    part: Part | None = None
    date: datetime | None = None


@dataclass(slots=True)
class _Block:
    """An earlier mail inside this one; `marker` None: quote marks without an introduction."""

    marker: Marker | None
    depth: int  # of its text
    flat: bool  # its text carries no more marks than its introduction
    rows: list[int] = field(default_factory=list)
    outer: _Block | None = None
    nested: bool = False  # inside `outer`, not merely below it
    part: Part = Part.QUOTED
    date: datetime | None = None


def split(text: str, *, sent: Sequence[str] = (), hints: Hints | None = None) -> tuple[Line, ...]:
    """Labels every line of `text`.

    sent: the text parts of our mails on the ticket. hints: subject, sender and so on; without them a header block
    that nothing marks as a forward is history.
    """
    hints = hints or Hints()
    rows, rest = _rows(text)
    if not any(row.depth for row in rows) and not any(_may_mark(row.text) for row in rows):
        top: list[int] = list(range(len(rows)))
        blocks: list[_Block] = []
    else:
        top, blocks = _blocks(rows)
    known, heard = (Known(sent), Known(hints.heard)) if blocks else (Known(()), Known(()))
    ours_above = False
    for block in blocks:
        _judge(block, ours_above, rows, top, known, heard, hints)
        ours_above = (
            ours_above or block.part is Part.OURS or (block.marker is not None and _from_us(block.marker, hints))
        )
    for block in blocks:
        _label(block, rows, known)
    for at in top:
        rows[at].part = Part.NEW if rows[at].text.strip() else Part.BLANK
    _fold(rows, blocks, hints)
    lines = [Line(r.start, r.raw, r.part or Part.NEW, r.depth, r.date) for r in rows]
    if rest < len(text):
        lines += _unread(text, rest, bool(blocks) and blocks[-1].flat and blocks[-1].part is not Part.FORWARDED)
    return tuple(lines)


def split_message(
    message: Message, *, sent: Sequence[str] = (), own: Collection[str] = (), heard: Sequence[str] = ()
) -> tuple[Line, ...]:
    """`split` with all that a parsed mail tells. own: our addresses; heard: the customers' earlier texts."""
    return split(message.text, sent=sent, hints=Hints.of(message, own=own, heard=heard))


def new_text(lines: Iterable[Line]) -> str:
    """The customer's own words: NEW and FORWARDED lines, with the blank lines between them."""
    out: list[str] = []
    gap = False
    for line in lines:
        if line.part in (Part.NEW, Part.FORWARDED):
            if gap and out:
                out.append("")
            out.append(line.text)
            gap = False
        elif line.part is Part.BLANK:
            gap = True
    return "\n".join(out)


def _rows(text: str) -> tuple[list[_Row], int]:
    """(the lines that are looked at, offset of the rest)"""
    out: list[_Row] = []
    start = 0
    for raw in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        depth, bare = 0, raw
        if ">" in raw[:4] and (found := _DEPTH.match(raw)) and not _FOLDED_ADDRESS.match(raw):
            depth, bare = found.group().count(">"), raw[found.end() :]
        out.append(_Row(start, raw, bare, depth))
        start += len(raw) + 1
    return out, start


def _unread(text: str, start: int, history: bool) -> Iterable[Line]:
    """What stands after the lines that are looked at: quote marks are history, the rest goes on as it was. Neighbours
    of one kind are one `Line`: nobody asks for a single one of so many."""
    begun, held, size, quoted = start, list[str](), 0, False
    for raw in text[start:].split("\n"):
        marked = raw.startswith(">") if raw.strip() else quoted
        if held and (marked != quoted or size > _MOST_TOGETHER):
            yield _together(begun, held, quoted, history)
            begun, held, size = start, [], 0
        quoted = marked
        held.append(raw)
        size += len(raw) + 1
        start += len(raw) + 1
    yield _together(begun, held, quoted, history)


def _together(start: int, held: list[str], quoted: bool, history: bool) -> Line:
    raw = "\n".join(held)
    if not raw.strip():
        return Line(start, raw, Part.BLANK)
    return Line(start, raw, Part.QUOTED if quoted or history else Part.NEW, int(quoted))


def _may_mark(text: str) -> bool:
    """Cheap: can a marker stand in this line?"""
    return len(text) < 400 and (
        ":" in text or "---" in text or "wrote" in text or text.lstrip()[:1] in ("#", "_", "=", "*")
    )


# ---- which line belongs to which earlier mail ----


def _blocks(rows: list[_Row]) -> tuple[list[int], list[_Block]]:
    texts, depths = [r.text for r in rows], [r.depth for r in rows]
    top: list[int] = []
    blocks: list[_Block] = []
    below: dict[int, _Block] = {}  # depth -> the mail that text with so many marks belongs to
    at = 0
    while at < len(rows):
        row = rows[at]
        bare = row.text.strip()
        marker = markers.find(texts, depths, at) if bare and len(blocks) < _MOST_BLOCKS else None
        if marker is not None and _accepted(marker, rows):
            opened = _opened(marker, rows, below)
            blocks.append(opened)
            for place in range(marker.start, marker.end):
                rows[place].part = Part.ATTRIBUTION
                if opened.outer is not None:
                    opened.outer.rows.append(place)
            for depth in [d for d in below if d >= opened.depth]:
                del below[depth]
            below[opened.depth] = opened
            at = marker.end
            continue
        block = _owner(below, row.depth)
        if block is None and row.depth and bare:
            block = _Block(None, 1, False)
            blocks.append(block)
            below[1] = block
        if block is None:
            top.append(at)
        else:
            block.rows.append(at)
        at += 1
    return top, blocks


def _owner(below: dict[int, _Block], depth: int) -> _Block | None:
    for level in range(min(depth, 50), -1, -1):
        block = below.get(level)
        if block is not None and (level == depth or level > 0 or block.flat):
            return block
    return None


def _opened(marker: Marker, rows: list[_Row], below: dict[int, _Block]) -> _Block:
    own = rows[marker.start].depth
    following = next((r.depth for r in rows[marker.end : marker.end + 8] if r.text.strip()), own)
    flat = following <= own
    depth = own if flat else own + 1
    outer = _owner(below, own)
    return _Block(marker, depth, flat, outer=outer, nested=outer is not None and depth > outer.depth)


def _accepted(marker: Marker, rows: list[_Row]) -> bool:
    """Weak introductions need quote marks below; "reply above this line" needs a reply above it."""
    own = rows[marker.start].depth
    if marker.kind == "attribution" and not marker.strong:
        return next((r.depth > own for r in rows[marker.end : marker.end + 4] if r.text.strip()), False)
    if marker.kind == "reply-above":
        return any(r.text.strip() and r.part is None for r in rows[: marker.start])
    return True


# ---- whose mail it is ----


def _judge(
    block: _Block, ours_above: bool, rows: list[_Row], top: list[int], known: Known, heard: Known, hints: Hints
) -> None:
    texts = [rows[at] for at in block.rows if rows[at].text.strip() and rows[at].part is None]
    marker = block.marker
    if marker is not None and marker.fields.get("date"):
        zone = hints.date.tzinfo if hints.date is not None and hints.date.tzinfo else UTC
        block.date = maildate.read(marker.fields["date"], zone, month_first=marker.english and _american(marker))
    if _mostly(texts, known):
        block.part = Part.OURS
    elif marker is None:
        block.part = _unintroduced(block, rows, known, hints)
    elif marker.kind == "reply-above" or _from_us(marker, hints) or _mostly(texts, heard):
        block.part = Part.QUOTED
    elif known and ours_above:
        block.part = Part.QUOTED  # older than what we wrote last: heard before
    elif block.outer is not None and (block.nested or block.outer.part is Part.FORWARDED):
        block.part = Part.FORWARDED if block.outer.part is Part.FORWARDED else Part.QUOTED
    else:
        block.part = Part.FORWARDED if _is_forward(marker, rows, top, known, hints) else Part.QUOTED


def _american(marker: Marker) -> bool:
    return re.search(r"(?i)\d\s*[ap]\.?m", marker.fields.get("date", "")) is not None


def _mostly(rows: list[_Row], known: Known) -> bool:
    """Does a history hold what is known, at least two lines of it or all?"""
    if not known or not rows:
        return False
    reader, hits = Reader(known), 0
    for row in rows[:400]:
        hits += reader.knows(row.text, marked=True)
    return hits >= 2 or hits == len(rows)


def _from_us(marker: Marker, hints: Hints) -> bool:
    """Was the earlier mail written by support? Customers have help desks too: theirs passes things on."""
    author = marker.author.lower()
    if any(address.lower() in author for address in hints.own if address):
        return True
    domain = hints.sender.rpartition("@")[2]
    if domain and f"@{domain}" in author:
        return False
    if "@" not in author and (marker.forward or _FORWARD_PREFIX.match(hints.subject)):
        return False  # mail programs leave out the address of people in the same house
    return bool(_SUPPORT.search(re.sub(r"@[\w.-]+", " ", marker.author)))


def _unintroduced(block: _Block, rows: list[_Row], known: Known, hints: Hints) -> Part:
    """Quote marks without an attribution: history in an answer, else something that the author pasted."""
    first = block.rows[0]
    last = first
    while last + 1 < len(rows) and rows[last + 1].depth:
        last += 1
    around = [rows[at].raw for at in (first - 1, last + 1) if 0 <= at < len(rows)]
    if any(_SHELL_QUOTE.match(rows[at].raw) for at in block.rows[:40]) or any(_PASTE.match(raw) for raw in around):
        return Part.NEW
    if known or hints.reply or _REPLY_PREFIX.match(hints.subject):
        return Part.QUOTED
    if hints.reply is not False:
        return Part.QUOTED
    return Part.FORWARDED if _FORWARD_PREFIX.match(hints.subject) else Part.NEW


def _is_forward(marker: Marker, rows: list[_Row], top: list[int], known: Known, hints: Hints) -> bool:
    """A header block or attribution of somebody else's mail: passed on, or the history of an answer?"""
    if marker.forward:
        return True
    own_words = [rows[at].text for at in top if at < marker.start and rows[at].text.strip()]
    if marker.kind == "attribution":
        if known or hints.reply is None:
            return False
        return bool(_FORWARD_PREFIX.match(hints.subject)) or _colleague(marker, hints)  # a thread that support joins
    if _FORWARD_PREFIX.match(hints.subject):
        return True
    if marker.kind == "original" and not marker.fields:
        return False
    if not own_words and not (known or hints.reply):
        return True
    said = " ".join(own_words)[-3000:]
    if _PASSED_ON.search(said) and not _ANSWERED.search(said):
        return True
    if hints.reply is None or known:
        return bool(known) and _colleague(marker, hints)
    if not hints.reply and not _REPLY_PREFIX.match(hints.subject):
        return True  # the first mail of all: it answers nothing of ours
    return _colleague(marker, hints)


def _colleague(marker: Marker, hints: Hints) -> bool:
    """Somebody of the sender's own house, not the sender: mail programs show those without an address."""
    if hints.name and signature.same_name(re.sub(r"<.*", "", marker.author), hints.name):
        return False
    if hints.sender and hints.sender in marker.author.lower():
        return False
    domain = hints.sender.rpartition("@")[2]
    if not domain or not marker.author:
        return False
    return f"@{domain}" in marker.author.lower() or "@" not in marker.author


# ---- labels ----


def _label(block: _Block, rows: list[_Row], known: Known) -> None:
    head = Part.FORWARD_HEADER if block.part is Part.FORWARDED else Part.ATTRIBUTION
    if block.marker is not None:
        for at in range(block.marker.start, block.marker.end):
            rows[at].part = head if rows[at].text.strip() else Part.BLANK
            rows[at].date = block.date if head is Part.FORWARD_HEADER else None
    reader = Reader(known)
    for at in block.rows:
        row = rows[at]
        if row.part is not None:
            continue
        if not row.text.strip():
            row.part = Part.BLANK
            continue
        marked = row.depth > 0
        ours = reader.knows(row.text, marked=marked)
        if block.part is Part.NEW:
            row.part = Part.OURS if ours else Part.NEW
            row.depth = row.depth if ours else 0
        elif ours:
            row.part = Part.OURS
        elif block.part is Part.FORWARDED:
            row.part, row.date = Part.FORWARDED, block.date
        elif block.part is Part.OURS and not marked:
            row.part = Part.OURS if _BUTTON.match(row.text) else Part.NEW
        else:
            row.part = Part.QUOTED


def _fold(rows: list[_Row], blocks: list[_Block], hints: Hints) -> None:
    """Signatures and legal text, voice by voice: the author's own lines, then each forwarded mail's."""
    voices: list[tuple[list[int], str]] = []
    run: list[int] = []
    for at, row in enumerate(rows):
        if row.part in (Part.NEW, Part.BLANK):
            run.append(at)
        elif run:
            voices.append((run, hints.name))
            run = []
    voices.append((run, hints.name))
    for block in blocks:
        if block.part is Part.FORWARDED:
            lines = [at for at in block.rows if rows[at].part in (Part.FORWARDED, Part.BLANK)]
            voices.append((lines, re.sub(r"[<\[(].*", "", block.marker.author) if block.marker else ""))
    for lines, name in voices:
        if not any(rows[at].part is not Part.BLANK for at in lines):
            continue
        for at, part in zip(lines, signature.label([rows[i].text for i in lines], name=name), strict=True):
            if part is not None and rows[at].part is not Part.BLANK:
                rows[at].part = part
    if not any(row.part in (Part.NEW, Part.FORWARDED) for row in rows):
        for at in signature.words_of_thanks([row.text if row.part is Part.SIGNATURE else "" for row in rows]):
            rows[at].part = Part.NEW
