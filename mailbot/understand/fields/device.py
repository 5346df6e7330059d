"""What it happens on: phone, browser, operating system or terminal, as written.

In: the mail. Out: one `device`, pieces that stand together as one value ("iPhone 12, iOS 17").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Found, Rejected
from mailbot.understand.fields import place_weight
from mailbot.understand.fields.common import LIMIT, MOST, clause, corrects, sentence
from mailbot.understand.fields.device_candidates import Stretch, stretches

name = "device"
SURE = 0.2  # chance from which the likeliest stretch is taken

_VERSION = r"(?:\s(?:vers[aã]o|version|versi[oó]n|v\.?|build)?\s?\d+(?:[._]\d+)*(?:\s?(?:beta|LTS))?)?"
_PIECE = re.compile(
    r"(?<![\w@/.-])(?:"
    r"(?:Apple )?iPhones?(?:\s(?:\d{1,2}s?|X[SR]?|SE)(?:\s(?:Pro Max|Pro|Plus|Mini|mini|Max))?(?:\s\(\d{4}\))?)?"
    r"|iPads?(?:\s(?:Pro|Air|mini|Mini))?(?:\s\d+)?|MacBook(?:\s(?:Pro|Air))?(?:\sM\d)?|iMac"
    r"|(?:Samsung\s)?Galaxy\s[A-Z]\d{1,3}(?:\s?(?:Ultra|FE|\+|Plus|5G))*|Samsung(?:\s(?:Galaxy\s)?Tab(?:\s\w*\d\w*)?"
    r"|\s[A-Z]\d{1,3}\w*)?"
    r"|Motorola(?:\s(?:Edge|Moto|Razr|One))?(?:\s\w*\d\w*)?|Moto\s[A-Z]\w?\d\w*(?:\s?\w*\d\w*)?|Xiaomi(?:\s(?:Mi"
    r"|Redmi|Poco"
    r"|Note))?(?:\s\w*\d\w*)?"
    r"|Redmi(?:\sNote)?(?:\s\d+\w*)?|Poco\s[A-Z]?\d\w*|(?:Google\s)?Pixel\s\d\w*(?:\sPro)?|Huawei(?:\s\w*\d\w*)?"
    r"|(?:Amazon\s)?Kindle(?:\sFire)?(?:\sHD)?(?:\s\d+)?|Vivo\s[A-Z]\d\w*|Surface(?:\s(?:Go|Pro|Laptop))(?:\s\d+)?"
    r"|Chromebook|Raspberry\sPi(?:\sOS|\s\d)?"
    r"|Lenovo(?:\s(?:Tab|ThinkPad|IdeaPad))?(?:\s\w*\d\w*)?|Dell(?:\s(?:Latitude|Inspiron|Vostro"
    r"|XPS))?(?:\s\w*\d\w*)?"
    r"|Multilaser\s\w*\d\w*|Positivo\s\w*\d\w*|Acer(?:\s\w*\d\w*)?|Asus(?:\s\w*\d\w*)?|TCL\s\w*\d\w*"
    r"|Tecno\s\w+(?:\s\d+)?"
    r"|Datalogic\s\w*\d\w*|Newland\s\w*\d\w*|Urovo\s\w*\d\w*|Clover\s(?:Flex|Mini|Station)|SumUp(?:\s(?:Solo|Air))?"
    r"|Nokia\s\w*\d\w*|OnePlus\s\w+|Realme\s\w+|Oppo\s\w+"
    r"|(?:Google\s)?Chrome"
    + _VERSION
    + r"|(?:Mozilla\s)?Firefox"
    + _VERSION
    + r"|Safari"
    + _VERSION
    + r"|(?:Microsoft\s)?Edge"
    + _VERSION
    + r"|Opera\s\d+(?:\.\d+)*|Internet Explorer"
    + _VERSION
    + r"|IE\s?\d+|Brave"
    + _VERSION
    + r"|Android"
    + _VERSION
    + r"|iOS"
    + _VERSION
    + r"|iPadOS"
    + _VERSION
    + r"|(?:MS "
    r"|Microsoft )?Windows(?:\s(?:Server\s\d{4}(?:\sR2)?|1[01]|[78](?:\.1)?|XP|Vista|CE|Mobile))?(?:\s(?:Pro|Home|IoT"
    r"|Enterprise|64|32)(?:[ -]bits?)?)?"
    r"|macOS(?:\s(?:Sonoma|Ventura|Monterey|Sequoia|Tahoe|Big Sur))?"
    + _VERSION
    + r"|Ubuntu"
    + _VERSION
    + r"|Debian"
    + _VERSION
    + r"|(?:Red Hat|RHEL|CentOS|Alpine|Rocky)(?:\sLinux)?"
    + _VERSION
    + r"|Linux(?:\sMint)?"
    + _VERSION
    + r"|PAX\s?\w*\d\w*|Ingenico(?:\s\w*\d\w*)?|Verifone(?:\s\w*\d\w*)?|Gertec(?:\s\w*\d\w*)?|Sunmi(?:\s\w*\d\w*)?"
    r"|Zebra\s\w*\d\w*|Honeywell\s\w*\d\w*|Elgin\s\w*\d\w*|Bematech\s\w+|Stone\s\w*\d\w*|Cielo LIO(?:\s?\w*\d\w*)?"
    r"|POS\s(?!de|do|da|of)[A-Z]\w*\d\w*"
    r")(?![\w@]|[/-]\w)",
    re.IGNORECASE,
)
_HEADS = """
apple iphone ipad macbook imac macos samsung galaxy motorola moto xiaomi redmi poco google pixel huawei amazon kindle
vivo surface chromebook raspberry lenovo dell multilaser positivo acer asus tcl tecno datalogic newland urovo clover
sumup nokia oneplus realme oppo chrome mozilla firefox safari microsoft edge opera internet ie brave android ios ms
windows ubuntu debian red rhel centos alpine rocky linux pax ingenico verifone gertec sunmi zebra honeywell elgin
bematech stone cielo pos
"""
_BEGINNINGS = frozenset(head[:3] for head in _HEADS.split())  # of pieces: words that begin otherwise need no search
_WORD = re.compile(r"\w+")
_GLUE = re.compile(
    r"\s*(?:,|/|\+|\(|\)|\se\s|\sy\s|\sand\s|\sou\s|\so\s|\sor\s|\sno\s|\son\s|\sunder\s|\ssob\s|\sbajo\s|\sen\s"
    r"|\sem\s|\scom\s"
    r"|\scon\s|\swith\s|\srunning\s|\srodando\s|\scorriendo\s|\sdo\s|\sde\s|\sfor\s|\spara\s)?\s*(?:an?\s|the\s|my\s"
    r"|uma?\s|una?\s|meu\s|minha\s|mi\s)?"
)
_SIGNATURE = re.compile(
    r"\b(?:enviad[oa] (?:do|da|desde|a partir|pelo|via)|sent from|get outlook|obter o outlook"
    r"|obtener outlook|outlook (?:para|for))\b[^.\n]{0,30}$"
)
_TESTED = re.compile(
    r"\b(?:funciona\w*|works?|working|fine|ok|normal\w*|passam?|nothing|nada|sem problema"
    r"|sin problema|no (?:problem|issue)|newer|outros?|otros?)\b"
)
_NOT = re.compile(r"\b(?:nao|not|never|nunca|tampoco)\s+(?:\w+\s)?$|\bno\s+$|n't\s+(?:\w+\s)?$")
_ELSEWHERE = re.compile(
    r"\b(?:test\w*|tentamos|tentei|tried|probamos|probe|also|tambem|tambien|api|sdk|app store"
    r"|play store|server|servidor|licen\w+|excel|sdk em|sdk in|library|biblioteca|plugin)\b"
)
_BARE = frozenset(
    {
        "windows",
        "linux",
        "android",
        "ios",
        "chrome",
        "safari",
        "edge",
        "firefox",
        "samsung",
        "motorola",
        "xiaomi",
        "huawei",
        "brave",
        "dell",
        "acer",
        "asus",
        "lenovo",
    }
)


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The device that is named, where it is named as the place of the failure."""
    if "device" not in pack.fields:
        return
    ruled = list(_ruled(doc))
    rated = [(place_weight.chance(name, one.signs), -one.start, one.end) for one in _weighed(doc, ruled)]
    best = max(rated, default=None)
    taken = (-best[1], best[2]) if best and best[0] >= SURE else None
    for start, end, why in ruled:
        if taken is None and not why:
            taken = (start, end)
        elif taken is None or not (start < taken[1] and taken[0] < end):
            yield Rejected("device", doc.text[start:end], name, why or "another is likelier the one it happens on")
    if taken is None:
        return
    words = doc.text[taken[0] : taken[1]]
    held = context.fields.get("device")
    if held is not None and not corrects(doc, sentence(doc, taken[0])):
        yield Rejected("device", words, name, "the ticket has one, and this corrects nothing")
        return
    yield Found("device", words, doc.evidence(*taken), name, 0.75, held is not None)


def _ruled(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """Where devices are named, and why not as the place of the failure."""
    for start, end in islice(places(doc.text[:LIMIT]), MOST):
        yield start, end, _why(doc, start, end)


def _why(doc: Doc, start: int, end: int) -> str:
    row = doc.row_at(start)
    if row is not None and row.technical:
        return "stands in code or a header"
    if _SIGNATURE.search(doc.folded, max(0, start - 60), start):
        return "the signature of a mail client"
    part = clause(doc.folded, start, end, sentence(doc, start))
    around = doc.folded[part.start : part.end]
    works = _TESTED.search(around)
    if works and not _NOT.search(around[max(0, works.start() - 15) : works.start()]):
        return "it works there"
    if doc.text[start:end].casefold() in _BARE and _ELSEWHERE.search(around):
        return "named beside something else"
    return ""


def weighed(doc: Doc) -> list[place_weight.Weighed]:
    """All stretches that may be a device with their signs."""
    return _weighed(doc, list(_ruled(doc)))


def _weighed(doc: Doc, ruled: Sequence[tuple[int, int, str]]) -> list[place_weight.Weighed]:
    return [
        place_weight.Weighed(one.start, one.end, doc.text[one.start : one.end], signs(doc, one, ruled))
        for one in stretches(doc)
        if not _SIGNATURE.search(doc.folded, max(0, one.start - 60), one.start)
    ]


def signs(doc: Doc, one: Stretch, ruled: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    """What speaks for or against a stretch."""
    out = [*place_weight.around(doc, one.start, one.end, sentence(doc, one.start))]
    near = [(start, end, why) for start, end, why in ruled if start < one.end and one.start < end]
    how = "none"
    for start, end, why in near:
        same = (start == one.start) + (end == one.end) * 2
        inside = "in" if start <= one.start and one.end <= end else "x"
        inside = "over" if one.start <= start and end <= one.end else inside
        how = f"{inside}{same},{why[:14]}"
    sorts = one.sorts
    out += [
        f"rule={how}", f"rules={min(2, len(near))}",
        f"sorts={','.join(sorts)}", f"first={sorts[0]}", f"last={sorts[-1]}", f"length={min(5, len(sorts))}",
        f"before={one.before}", f"after={one.after}", f"edge={one.before}|{sorts[0]}", f"edge={sorts[-1]}|{one.after}",
        f"ending={','.join(sorts[-2:])}|{one.after}", f"opening={one.before}|{','.join(sorts[:2])}",
    ]  # fmt: skip
    out += [f"has={sort}" for sort in sorts]
    words = doc.folded[one.start : one.end]
    out += [f"w={word[:7]}" for word in re.findall(r"[^\W\d_]{2,}", words)]
    out += [f"has {mark}" for mark in ",/(\n" if mark in words]
    return tuple(dict.fromkeys(out))


_KIND = (
    re.compile(  # what sort of thing it is, right before its name: "terminal Gertec GPOS700", "notebook con Windows 10"
        r"\b(?:celular(?:es)?|telefone|telefono|smartphone|tablets?|tableta|terminal|leitor|lector|coletor|colector"
        r"|scanner"
        r"|reader|notebook|laptop|portatil|pc|desktop|computador|computadora|ordenador|pdv|pos|tpv|totem|kiosk"
        r"|maquininha|impressora"
        r"|impresora|printer|phone)\s(?:(?:com|con|with|running|de marca|da marca|marca)\s)?$",
        re.IGNORECASE,
    )
)
_EMULATED = re.compile(r"\s(?:emulator|simulator|emulador|simulador)\b", re.IGNORECASE)


def places(text: str) -> Iterable[tuple[int, int]]:
    """Where devices are named; pieces that stand together are one."""
    run: tuple[int, int] | None = None
    for m in _pieces(text):
        start, end = m.start(), m.end()
        if m[0].casefold() in {"edge", "opera", "safari", "brave", "poco", "dell", "acer"} and not m[0][0].isupper():
            continue
        if emulated := _EMULATED.match(text, end):
            end = emulated.end()
        if kind := _KIND.search(text, max(0, start - 40), start):
            start = kind.start()
        if run and _GLUE.fullmatch(text[run[1] : start]) and "\n" not in text[run[1] : start]:
            run = (run[0], end)
            continue
        if run:
            yield _closed(text, run)
        run = (start, end)
    if run:
        yield _closed(text, run)


def _pieces(text: str) -> Iterator[re.Match[str]]:
    done = 0
    for word in _WORD.finditer(text):
        begins = word[0][:3].lower()
        if begins not in _BEGINNINGS and begins[:2] not in _BEGINNINGS:
            continue
        if word.start() >= done and (m := _PIECE.match(text, word.start())):
            done = m.end()
            yield m


def _closed(text: str, run: tuple[int, int]) -> tuple[int, int]:
    start, end = run
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        end += 1
    return start, end
