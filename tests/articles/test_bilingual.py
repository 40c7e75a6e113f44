import re

from hypothesis import given
from hypothesis import strategies as st

from articles.bilingual import blocks, pairs, sections
from publishing import richtext

ZH = "<h2>定义</h2><p>疼痛是感觉。</p><ul><li>头</li><li>腰</li></ul><h2>做什么</h2><p>看医生。</p>"
EN = "<h2>What</h2><p>A feeling.</p><ul><li>head</li><li>back</li></ul><h2>To do</h2><p>See a doctor.</p>"


def test_texts_with_the_same_parts_stand_side_by_side_by_paragraph_a_heading_with_what_follows() -> None:
    assert pairs(ZH, EN) == [
        ("<h2>定义</h2><p>疼痛是感觉。</p>", "<h2>What</h2><p>A feeling.</p>"),
        ("<ul><li>头</li><li>腰</li></ul>", "<ul><li>head</li><li>back</li></ul>"),
        ("<h2>做什么</h2><p>看医生。</p>", "<h2>To do</h2><p>See a doctor.</p>"),
    ]


def test_where_paragraphs_differ_the_section_stands_beside_the_section() -> None:
    assert pairs(ZH, EN.replace("<p>A feeling.</p>", "<p>A feeling.</p><p>Unpleasant.</p>")) == [
        (
            "<h2>定义</h2><p>疼痛是感觉。</p><ul><li>头</li><li>腰</li></ul>",
            "<h2>What</h2><p>A feeling.</p><p>Unpleasant.</p><ul><li>head</li><li>back</li></ul>",
        ),
        ("<h2>做什么</h2><p>看医生。</p>", "<h2>To do</h2><p>See a doctor.</p>"),
    ]


def test_where_sections_differ_the_text_stands_beside_the_text() -> None:
    assert pairs(ZH, "<p>All at once.</p>") == [(ZH, "<p>All at once.</p>")]


def test_nothing_beside_nothing_is_nothing() -> None:
    assert pairs("", "") == []
    assert pairs(ZH, "") == [(ZH, "")]


def test_bare_text_becomes_a_paragraph_and_hostile_markup_goes() -> None:
    assert blocks('a &lt; b<p>c<img src="http://x/"></p>d') == ["<p>a &lt; b</p>", "<p>c</p>", "<p>d</p>"]


def test_a_table_and_a_quotation_are_one_part_each() -> None:
    table = "<table><tbody><tr><td>a</td></tr></tbody></table>"
    assert blocks(f"<blockquote><p>q</p></blockquote>{table}") == ["<blockquote><p>q</p></blockquote>", table]


WORDS = st.text(st.sampled_from("ab 疼痛&<>’"), max_size=8)
PIECE = st.tuples(st.sampled_from(["h2", "h3", "p", "li", "blockquote", ""]), WORDS)


def written(pieces: list[tuple[str, str]]) -> str:
    wrap = {"li": "<ul><li>{}</li></ul>", "": "{}"}
    return "".join(
        wrap.get(tag, f"<{tag}>{{}}</{tag}>").format(words.replace("&", "&amp;").replace("<", "&lt;"))
        for tag, words in pieces
    )


def said(html: str) -> str:
    return re.sub(r"\s", "", richtext.plain_text(html))


@given(st.lists(PIECE, max_size=8), st.lists(PIECE, max_size=8))
def test_every_word_of_both_stays_in_its_order(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    first, second = written(one), written(other)
    found = pairs(first, second)
    assert said("".join(left for left, _right in found)) == said(richtext.clean(first))
    assert said("".join(right for _left, right in found)) == said(richtext.clean(second))
    assert [block for section in sections(first) for block in section] == blocks(first)
