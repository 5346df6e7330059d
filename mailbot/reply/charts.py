"""Small bar charts for mails: each bar is a little PNG that the HTML part shows by its Content-ID, beside real words.

In: charts as figures (`decide.digest_charts`). Out: what templates are given, and the pictures that go along. The words
stand in the mail and not in the picture, so they can be read on every screen, in every language, and with pictures off;
then the alt text draws the bar. There are at most `STEPS` lengths in each colour: a mail carries few pictures, each of
about a hundred octets.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from mailbot.reply.clean import one_line
from mailbot.reply.mime import File

STEPS = 12  # lengths of a bar
WIDTH, HEIGHT = 8, 11  # pixels: of one step, of a bar
COLOURS = ((47, 110, 199), (44, 150, 84))  # for the first and the second bar of a row; seen on white and on black


def view(charts: Sequence[Mapping[str, Any]], domain: str) -> list[dict[str, Any]]:
    """The charts as templates get them: `title`, `head`, `rows` of `name` and `bars` (`source`, `alt`, `value`)."""
    return [
        {
            "title": one_line(str(chart.get("title") or ""), 80),
            "head": [one_line(str(head), 40) for head in chart.get("head") or ("",)],
            "rows": [
                {
                    "name": one_line(str(row.get("name") or ""), 60),
                    "bars": [_bar(bar, place, domain) for place, bar in enumerate(row.get("bars") or ())],
                }
                for row in chart.get("rows") or ()
            ],
        }
        for chart in charts
    ]


def _bar(bar: Mapping[str, Any], place: int, domain: str) -> dict[str, str]:
    share = min(1.0, max(0.0, float(bar.get("share") or 0)))
    steps = max(1, round(share * STEPS)) if share else 0  # what is there at all shows
    source = f"cid:{_content_id(place % len(COLOURS), steps, domain)}" if steps else ""
    return {"source": source, "alt": "▇" * steps, "value": one_line(str(bar.get("value") or ""), 20)}


def _content_id(colour: int, steps: int, domain: str) -> str:
    return f"bar-{'ab'[colour]}-{steps}@{domain}"


def pictures(shown: Sequence[Mapping[str, Any]], domain: str) -> tuple[File, ...]:
    """The pictures that these charts name, each once."""
    if not shown:  # as in nearly all mails
        return ()
    named = {bar["source"] for chart in shown for row in chart["rows"] for bar in row["bars"]}
    return tuple(
        File(f"bar-{'ab'[colour]}-{steps}.png", "image/png", rectangle(steps * WIDTH, HEIGHT, COLOURS[colour]), cid)
        for colour in range(len(COLOURS))
        for steps in range(1, STEPS + 1)
        if f"cid:{(cid := _content_id(colour, steps, domain))}" in named
    )


@lru_cache(maxsize=64)
def rectangle(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A PNG (ISO/IEC 15948) of one colour: palette of one, a bit a pixel."""
    rows = (b"\0" + b"\0" * ((width + 7) // 8)) * height
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(colour)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
