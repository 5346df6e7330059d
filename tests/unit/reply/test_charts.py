"""Charts in mails: pictures that are there for each bar, words beside them, and a mail that is well made."""

from __future__ import annotations

import re
import struct
import zlib
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mailbot.reply import charts, samples
from mailbot.reply.check import mail_of
from mailbot.reply.render import TemplateSet
from mailbot.rules.pack import load_packs

ROOT = Path(__file__).resolve().parents[3]


def chart(*shares: float) -> dict:
    rows = [{"name": f"row {n}", "bars": [{"share": s, "value": f"{s}"}]} for n, s in enumerate(shares)]
    return {"title": "Chart", "head": [""], "rows": rows}


def size(png: bytes) -> tuple[int, int]:
    """Width and height, after every chunk's checksum and the number of the pixels' octets were found right."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, found = 8, {}
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length]) == (zlib.crc32(kind + data),)
        found[kind] = data
        place += 12 + length
    assert list(found) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    assert len(zlib.decompress(found[b"IDAT"])) == height * (1 + (width + 7) // 8)
    return width, height


def test_a_bar_is_as_long_as_its_share_and_what_is_there_at_all_shows():
    (made,) = charts.view([chart(1, 0.5, 0.01, 0)], "vendor.example")
    lengths = [len(row["bars"][0]["alt"]) for row in made["rows"]]
    assert lengths == [charts.STEPS, charts.STEPS // 2, 1, 0]
    assert made["rows"][3]["bars"][0]["source"] == ""
    files = {file.content_id: size(file.content) for file in charts.pictures([made], "vendor.example")}
    named = [row["bars"][0]["source"].removeprefix("cid:") for row in made["rows"][:3]]
    assert [files[cid][0] for cid in named] == [n * charts.WIDTH for n in lengths[:3]]
    assert len(files) == 3


def test_a_picture_goes_along_once_however_many_bars_show_it():
    made = charts.view([chart(1, 1, 1), chart(1, 1)], "vendor.example")
    assert len(charts.pictures(made, "vendor.example")) == 1


def test_the_second_bar_of_a_row_has_another_colour():
    (made,) = charts.view(
        [{"title": "", "rows": [{"name": "x", "bars": [{"share": 1, "value": "1"}, {"share": 1, "value": "1"}]}]}],
        "v.example",
    )
    one, two = charts.pictures([made], "v.example")
    assert size(one.content) == size(two.content)
    assert one.content != two.content


@pytest.mark.parametrize("share", [-1, 2, 1e9, None, ""])
def test_a_share_out_of_bounds_breaks_nothing(share):
    (made,) = charts.view(
        [{"title": "x", "rows": [{"name": "x", "bars": [{"share": share, "value": "1"}]}]}], "v.example"
    )
    assert len(made["rows"][0]["bars"][0]["alt"]) in (0, charts.STEPS)


def weekly(language, variant):
    """The leads' weekly digest as it is sent."""
    pack = load_packs(ROOT / "rules")["digibee"]
    (sample,) = [s for s in samples.samples(pack, language, ("digest_weekly",)) if s.variant == variant]
    return mail_of(sample, pack, TemplateSet(ROOT / "templates"))


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_the_weekly_digest_names_only_pictures_that_it_carries_each_with_words_for_who_sees_none(language):
    made = weekly(language, "full")
    mail = message_from_bytes(made.raw, policy=policy.default)
    assert not mail.defects
    (related,) = [part for part in mail.walk() if part.get_content_type() == "multipart/related"]
    assert related.get_param("type") == "text/html"  # RFC 2387 section 3.1
    html = mail.get_body(("html",)).get_content()
    shown = re.findall(r'<img[^>]* src="cid:([^"]+)" alt="([^"]*)"', html)
    carried = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part["Content-ID"]}
    assert {cid for cid, _ in shown} == set(carried)
    assert all(set(alt) == {"▇"} for _, alt in shown)
    assert all(part.get_content_disposition() == "inline" for part in carried.values())
    assert all(size(part.get_content())[1] == charts.HEIGHT for part in carried.values())
    assert sum(len(part.get_content()) for part in carried.values()) < 2000
    assert not list(mail.iter_attachments())
    assert re.search(r"P4: ▇{12} 80 %", made.text)  # the text part draws it too
    assert html.count("<th") == 3 + 4  # no empty heading over bars that need none


def test_a_mail_without_charts_carries_no_pictures():
    made = weekly("en", "bare")
    assert b"image/png" not in made.raw
    assert b"multipart/related" not in made.raw
