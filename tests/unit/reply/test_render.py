"""Templates: what stands in them is Markdown, what is put in is data."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.errors import TemplateError
from mailbot.reply.render import Rendered, TemplateSet


def render(tmp_path: Path, body: str, **data: object) -> Rendered:
    folder = tmp_path / "_base"
    folder.mkdir(exist_ok=True)
    (folder / "x.en.md.j2").write_text(body, encoding="utf-8")
    return TemplateSet(tmp_path).render("pack", "x", "en", data)


HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in [] %}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](http://evil.example)",
    "![p](http://evil.example/p.png)",
    "**bold** _em_ `code` # head",
    "| a | b |\n|---|---|",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; \\* ~~x~~",
    "1. one\n2. two\n- three",
    "\ue0000\ue001 and \ue0009\ue001",
    "</title></style><style>x",
]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(
    "place", ["Hi {{ x }} there", "> {{ x }}", "1. **{{ x }}**", "| | |\n|---|---|\n| a | {{ x }} |"]
)
def test_what_a_customer_writes_stays_words_in_both_parts(tmp_path: Path, words: str, place: str) -> None:
    made = render(tmp_path, place + "\n", x=words)
    for line in words.splitlines():
        assert " ".join(line.split()) in " ".join(made.text.split())
    body = made.html.partition("<body")[2]
    for tag in ("<script", "<img", "<a ", "<style", "<b>", "<code", "onerror=alert(1)>"):
        assert tag not in body
    assert "49" not in made.text


def test_data_in_the_subject_cannot_start_a_header_or_end_the_title(tmp_path: Path) -> None:
    made = render(tmp_path, "Subject: Re: {{ x }}\n---\nBody\n", x="a\r\nBcc: evil@x.example\n</title><script>")
    assert made.subject == "Re: a Bcc: evil@x.example </title><script>"
    assert "<script>" not in made.html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://x y", 'http://x"onclick=', "vbscript:x"],
)
def test_a_link_made_of_data_leads_to_web_and_mail_addresses_only(tmp_path: Path, address: str) -> None:
    made = render(tmp_path, "See [this]({{ x }}) now\n", x=address)
    assert 'href="#"' in made.html


def test_a_paragraph_of_mailto_links_becomes_buttons_and_leaves_the_text_part(tmp_path: Path) -> None:
    made = render(tmp_path, "Before\n\n[Yes]({{ x }}) [No]({{ x }})\n\nAfter\n", x="mailto:a@b.example?subject=x%20y")
    assert made.text == "Before\n\nAfter\n"
    assert made.html.count('href="mailto:a@b.example?subject=x%20y"') == 2


def test_the_text_part_shows_no_markdown_signs(tmp_path: Path) -> None:
    made = render(
        tmp_path, "# Head\n\n**bold** *quiet* `code` [site](https://a.example)\n\n- one\n- two\n\n1. q\\\n   hint\n"
    )
    assert made.text == "Head\n\nbold quiet code site <https://a.example>\n\n- one\n- two\n\n1. q\n   hint\n"


def test_lines_of_the_text_part_are_short_and_long_words_stay_whole(tmp_path: Path) -> None:
    url = "https://a.example/" + "x" * 100
    made = render(tmp_path, "{{ a }}\n\n> {{ a }}\n\n1. {{ a }}\n\n{{ url }}\n", a="word " * 60, url=url)
    assert max(len(line) for line in made.text.splitlines() if "http" not in line) <= 72
    assert url in made.text


def test_verbatim_lines_are_not_folded_and_keep_their_indent(tmp_path: Path) -> None:
    log = "  at x\n" + "long " * 30 + "end"
    made = render(tmp_path, "> {{ log | verbatim }}\n", log=log)
    assert made.text == "".join(f"> {line}\n" for line in log.split("\n"))
    assert "&nbsp;&nbsp;at x<br>" in made.html


def test_an_unknown_name_is_told_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as told:
        render(tmp_path, "One\n\n{{ nobody }}\n")
    assert told.value.where.endswith("x.en.md.j2:3")
    assert "nobody" in told.value.what


def test_wrong_syntax_is_told_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as told:
        render(tmp_path, "One\n{% if x %}\n")
    assert "x.en.md.j2:" in told.value.where


@pytest.mark.parametrize(
    "body",
    [
        "{{ x.__class__.__mro__ }}",
        "{{ x.append(1) }}",
        "{{ cycler }}",
        "{{ x | safe }}",
        "{{ x | tojson }}",
        "{{ lipsum() }}",
    ],
)
def test_a_template_reaches_nothing_beyond_its_data(tmp_path: Path, body: str) -> None:
    with pytest.raises(TemplateError):
        render(tmp_path, body, x=[])


@pytest.mark.parametrize("pack", ["../x", ".hidden", "a/b"])
def test_a_pack_name_cannot_leave_the_folder(tmp_path: Path, pack: str) -> None:
    with pytest.raises(TemplateError):
        TemplateSet(tmp_path).template(pack, "x", "en")


def test_a_packs_own_template_goes_before_the_shared_one(tmp_path: Path) -> None:
    render(tmp_path, "shared\n")
    own = tmp_path / "pack"
    own.mkdir()
    (own / "x.en.md.j2").write_text("own\n", encoding="utf-8")
    assert TemplateSet(tmp_path).render("pack", "x", "en", {}).text == "own\n"
    assert TemplateSet(tmp_path).render("other", "x", "en", {}).text == "shared\n"


def test_a_macros_output_is_markdown_and_its_arguments_are_data(tmp_path: Path) -> None:
    body = "{% macro m(a) %}**{{ a }}**{% endmacro %}{{ m(x) }}\n"
    made = render(tmp_path, body, x="*<b>*")
    assert made.text == "*<b>*\n"
    assert '<strong style="font-weight:600">*&lt;b&gt;*</strong>' in made.html


def test_a_wide_table_becomes_one_item_per_row(tmp_path: Path) -> None:
    rows = [["#1", "s" * 60, "open"], ["#2", "t", "closed"]]
    head = "| No | Subject | State |\n|---|---|---|\n"
    body = head + "{% for r in rows %}\n| {{ r[0] }} | {{ r[1] }} | {{ r[2] }} |\n{% endfor %}\n"
    assert render(tmp_path, body, rows=rows[1:]).text == "No  Subject  State\n#2  t        closed\n"
    assert render(tmp_path, body, rows=rows).text.splitlines()[-1] == "- #2 · Subject: t · State: closed"


def test_a_mail_of_a_thousand_lines_of_data_is_made_quickly(tmp_path: Path) -> None:
    made = render(tmp_path, "> {{ x | verbatim }}\n", x="[a](b) " * 20 * 1000)
    assert len(made.text) > 100_000


def test_the_hyphen_of_a_templates_e_mail_does_not_end_a_line_and_data_stay_as_they_are(tmp_path: Path) -> None:
    made = render(tmp_path, "Responda a este e-mail: {{ x }}\n", x="e-mail <b>")
    assert '<span style="white-space:nowrap">e-mail</span>: e-mail &lt;b&gt;' in made.html
    assert "Responda a este e-mail: e-mail <b>" in made.text
