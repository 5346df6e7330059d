"""message.page: HTML as its reader sees it."""

from __future__ import annotations

import pytest

from mailbot.message import page
from mailbot.message.limits import DEFAULT
from mailbot.message.model import Defect


def text(markup: str) -> str:
    return page.to_text(markup, DEFAULT, [])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ('<p class="MsoNormal">one</p><p class="MsoNormal">two</p>', "one\ntwo"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("a<br>b <b>c</b>\n d", "a\nb c d"),
        ("<ol><li>one</li><li>two<ul><li>in</li></ul></li></ol>", "1. one\n2. two\n  - in"),
        ('<ol start="4"><li>four</li><li value="9">nine</li></ol>', "4. four\n9. nine"),
        ("<table><tr><td>Pipeline</td><td>sync-x</td></tr><tr><th>Ambiente:</th><td>PROD</td></tr></table>",
         "Pipeline: sync-x\nAmbiente: PROD"),
        ("<table><tr><td>a</td><td>b</td><td>c</td></tr></table>", "a | b | c"),
        ("<table><tr><td><p>long</p><p>text</p></td></tr></table>", "long\n\ntext"),
        ("<p>before</p><blockquote type='cite'>said<br>so</blockquote><p>after</p>", "before\n\n> said\n> so\n\nafter"),
        ("<blockquote style='margin:0 0 0 40px;border:none;padding:0'>indented</blockquote>", "indented"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n> > b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<style>x</style><script>y</script><title>z</title>shown", "shown"),
        ('<div style="display:none">preview</div>shown', "shown"),
        ('<span style="font-size:0px">x</span><span hidden>y</span>shown', "shown"),
        ('<img src="https://t.example/p.gif" width=1 height=1>shown', "shown"),
        ('see <img src="cid:a.png@1" alt="print.png"> there', "see [image: print.png] there"),
        ('<a href="https://drive.example/v/1">the video</a>', "the video <https://drive.example/v/1>"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:x()">go</a>', "go"),
        ("caf&eacute;&nbsp;&lt;b&gt;", "café <b>"),
        ("<hr>", "_" * 32),
        ('hi<div class="gmail_signature">Ana<br>Cliente</div>', "hi\n-- \nAna\nCliente"),
        ("", ""),
        ("no markup", "no markup"),
    ],
)  # fmt: skip
def test_what_is_shown(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_a_signature_element_above_more_text_gets_no_mark() -> None:
    assert text('<div class="gmail_signature">Ana</div><div>and one more thing</div>') == "Ana\nand one more thing"


@pytest.mark.parametrize("markup", ["<div>" * 5000 + "deep", "<p " + "a=1 " * 20_000 + ">deep</p>"])
def test_what_the_parser_cannot_bear_keeps_its_text(markup: str) -> None:
    defects: list[Defect] = []
    assert page.to_text(markup, DEFAULT, defects).endswith("deep")
    assert [d.code for d in defects] == ["html-structure"]
