import re
from dataclasses import dataclass

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import richtext
from publishing.compare.diff import PartDiff, State, diff_html, diff_parts
from publishing.compare.nodes import DEPTH, blocks


def old_of(html: str) -> str:
    return re.sub(r"<ins>.*?</ins>", "", html, flags=re.DOTALL).replace("<del>", "").replace("</del>", "")


def new_of(html: str) -> str:
    return re.sub(r"<del>.*?</del>", "", html, flags=re.DOTALL).replace("<ins>", "").replace("</ins>", "")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("<p>a</p>", "", "<p><del>a</del></p>"),
        ("", "<p>a</p>", "<p><ins>a</ins></p>"),
        ("<p>Take 25 mg now.</p>", "<p>Take 25 g now.</p>", "<p>Take <del>25 mg</del><ins>25 g</ins> now.</p>"),
        ("<p>a</p><p>c</p>", "<p>a</p><p>b</p><p>c</p>", "<p>a</p><p><ins>b</ins></p><p>c</p>"),
        ("<p>a</p>", "<h2>a</h2>", "<p><del>a</del></p><h2><ins>a</ins></h2>"),
        # Bold and links.
        (
            "<p>Do not stop.</p>",
            "<p>Do <strong>not</strong> stop.</p>",
            "<p>Do <del>not</del><ins><strong>not</strong></ins> stop.</p>",
        ),
        (
            '<p>See <a href="/a">this page</a>.</p>',
            '<p>See <a href="/b">this page</a>.</p>',
            '<p>See <del><a href="/a">this page</a></del><ins><a href="/b">this page</a></ins>.</p>',
        ),
        (
            '<p><a href="/a">Neck pain <strong>today</strong></a></p>',
            '<p><a href="/a">Back pain <strong>today</strong></a></p>',
            '<p><a href="/a"><del>Neck</del><ins>Back</ins> pain <strong>today</strong></a></p>',
        ),
        (
            "<p>unhappy at night</p>",
            "<p><strong>un</strong>happy at night</p>",
            "<p><del>unhappy</del><ins><strong>un</strong>happy</ins> at night</p>",
        ),
        (
            "<p>end</p>",
            '<p>end of <strong>a</strong> <a href="/x">b</a><br>c</p>',
            '<p>end<ins> of <strong>a</strong> <a href="/x">b</a><br>c</ins></p>',
        ),
        ("<p>a<br>b</p>", "<p>a b</p>", "<p>a<del><br></del><ins> </ins>b</p>"),
        # Lists.
        (
            "<ul><li><p>heat</p></li><li><p>rest</p></li></ul>",
            "<ul><li><p>heat</p></li><li><p>cold</p></li><li><p>rest</p></li></ul>",
            "<ul><li><p>heat</p></li><li><p><ins>cold</ins></p></li><li><p>rest</p></li></ul>",
        ),
        (
            "<ul><li>heat<ul><li>dry heat</li></ul></li></ul>",
            "<ul><li>heat<ul><li>wet heat</li></ul></li></ul>",
            "<ul><li><p>heat</p><ul><li><p><del>dry</del><ins>wet</ins> heat</p></li></ul></li></ul>",
        ),
        (
            "<ul><li><p>heat</p></li></ul>",
            "<ol><li><p>heat</p></li></ol>",
            "<ul><li><p><del>heat</del></p></li></ul><ol><li><p><ins>heat</ins></p></li></ol>",
        ),
        # Tables.
        (
            "<table><tr><td>A</td><td>5 mg</td></tr><tr><td>B</td><td>1 g</td></tr></table>",
            "<table><tr><td>A</td><td>10 mg</td></tr></table>",
            "<table><tbody><tr><td><p>A</p></td><td><p><del>5 mg</del><ins>10 mg</ins></p></td></tr>"
            "<tr><td><p><del>B</del></p></td><td><p><del>1 g</del></p></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>yes</td><td>no</td></tr></table>",
            "<table><tr><td>no</td><td>yes</td></tr></table>",
            "<table><tbody><tr><td><p><del>yes</del><ins>no</ins></p></td>"
            "<td><p><del>no</del><ins>yes</ins></p></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>A</td><td>no</td></tr></table>",
            "<table><tr><td>A</td><td>1 g</td><td>no</td></tr></table>",
            "<table><tbody><tr><td><p>A</p></td><td><p><ins>1 g</ins></p></td><td><p>no</p></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>A</td><td></td></tr></table>",
            "<table><tr><td>A</td><td>b</td></tr></table>",
            "<table><tbody><tr><td><p>A</p></td><td><p><ins>b</ins></p></td></tr></tbody></table>",
        ),
    ],
)
def test_changes_of_rich_text(old: str, new: str, shown: str) -> None:
    assert diff_html(old, new) == shown


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<table><tr><td>a</td></tr></table>", '<table><tr><td colspan="1" rowspan="1"><p>a</p></td></tr></table>'),
        ("<p>a\nb</p>\n<p>c</p>", "<p>a b</p><p>c</p><p></p>"),
        ("<p><strong>a</strong><strong>b</strong></p>", "<p><strong>ab</strong></p>"),
        ("<p>a<em>b</em></p>", "<p>ab</p>"),
    ],
)
def test_what_the_editor_only_spells_differently_is_no_change(old: str, new: str) -> None:
    html = diff_html(old, new)
    assert html == diff_html(old, old) == diff_html(new, new)
    assert "<ins>" not in html
    assert "<del>" not in html


def rows(html: str) -> list[list[str]]:
    """The cells, without the paragraphs in them."""
    plain = re.sub("</?p>", "", html)
    return [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>(.*?)</tr>", plain)]


def table(*rows: str) -> str:
    cells = (row.replace("|", "</td><td>") for row in rows)
    return f"<table><tr><td>{'</td></tr><tr><td>'.join(cells)}</td></tr></table>"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # A new column, a changed dose in it, a new and a removed row.
        (
            table("Drug|Dose", "A|5 mg", "Tea, with milk|much"),
            table("Drug|Way|Dose", "A|mouth|10 mg", "B|vein|1 g", "C|skin|2 g"),
            [
                ["Drug", "<ins>Way</ins>", "Dose"],
                ["A", "<ins>mouth</ins>", "<del>5 mg</del><ins>10 mg</ins>"],
                ["<del>Tea, with milk</del>", "", "<del>much</del>"],
                ["<ins>B</ins>", "<ins>vein</ins>", "<ins>1 g</ins>"],
                ["<ins>C</ins>", "<ins>skin</ins>", "<ins>2 g</ins>"],
            ],
        ),
        (
            table("Drug|Way|Dose", "A|mouth|5 mg"),
            table("Drug|Dose", "A|5 mg", "B|1 g"),
            [
                ["Drug", "<del>Way</del>", "Dose"],
                ["A", "<del>mouth</del>", "5 mg"],
                ["<ins>B</ins>", "", "<ins>1 g</ins>"],
            ],
        ),
        # No grid: row by row.
        (table("a|b", "c"), table("a", "c"), [["a", "<del>b</del>"], ["c"]]),
        (
            '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>',
            '<table><tr><td colspan="3">a</td></tr><tr><td>b</td><td>x</td><td>c</td></tr></table>',
            [["<del>a</del>", "<ins>a</ins>"], ["b", "<ins>x</ins>", "c"]],
        ),
    ],
)
def test_the_columns_of_a_table_stay_in_line(old: str, new: str, shown: list[list[str]]) -> None:
    assert rows(diff_html(old, new)) == shown


def test_what_is_not_of_the_schema_does_not_come_out() -> None:
    html = diff_html("<p onclick='x()'>a<script>b</script></p>", "<p>&lt;script&gt; <img src=x onerror=y></p>")
    assert html == "<p><del>a</del><ins>&lt;script&gt;</ins></p>"


def test_no_depth_is_too_deep() -> None:
    html = diff_html("<blockquote>" * 2000 + "a", "<blockquote>" * 2000 + "b")
    assert html.count("<blockquote>") == DEPTH - 1
    assert "<p><del>a</del><ins>b</ins></p>" in html


# Generated rich text: what an editor writes, and what is pasted.

AROUND = ["{}", "{}", "<strong>{}</strong>", '<a href="/x">{}</a>', '<a href="/y"><strong>{}</strong></a>']
WORDS = ["a", "the pain ", " 25 mg", "25 g ", "疼痛", "会加重。", "b &amp; c", "&lt;", "<br>", " ", "&nbsp;"]
INLINE = st.lists(
    st.builds(str.format, st.sampled_from(AROUND), st.sampled_from(WORDS)),
    max_size=4,
).map("".join)


def within(*templates: str) -> "st.SearchStrategy[str]":
    return st.builds(str.format, st.sampled_from(templates), INLINE)


def several(inside: "st.SearchStrategy[str]", *templates: str) -> "st.SearchStrategy[str]":
    return st.builds(str.format, st.sampled_from(templates), st.lists(inside, min_size=1, max_size=3).map("".join))


TEXT_BLOCKS = within("<p>{}</p>", "<p>{}</p>", "<h2>{}</h2>", "<h3>{}</h3>")
CELLS = several(within("{}", "<p>{}</p>"), "<td>{}</td>", "<td>{}</td>", "<th>{}</th>", '<td colspan="2">{}</td>')
ROWS = several(CELLS, "<tr>{}</tr>")
RICH = st.recursive(
    TEXT_BLOCKS,
    lambda inside: (
        several(several(inside | INLINE, "<li>{}</li>"), "<ul>{}</ul>", "<ol>{}</ol>")
        | several(inside, "<blockquote>{}</blockquote>")
        | several(ROWS, "<table>{}</table>", "<table><thead>{}</thead></table>")
    ),
    max_leaves=4,
)
DOCUMENTS = st.lists(RICH, max_size=3).map("".join)
PASTED = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<h2>", "</h2>", "<ul>", "<li>", "</li>", "</ul>", "<blockquote>", "<table>", "<tr>", "<td>",
         "<th>", "</table>", "<strong>", "</strong>", "<a href='/x'>", "<a href='/y\"&amp;&nbsp;'>", "</a>", "<br>",
         "<caption>", "<script>", "<del>", "</ins>", "a", " b ", "疼痛", "&lt;ins&gt;", "\n", "\x00"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
EITHER = DOCUMENTS | PASTED


@given(EITHER, EITHER)
def test_without_what_was_added_it_is_the_old_text_and_without_what_was_removed_the_new(old: str, new: str) -> None:
    html = diff_html(old, new)
    assert blocks(old_of(html)) == blocks(old)
    assert blocks(new_of(html)) == blocks(new)


@given(EITHER)
def test_the_blocks_hold_all_the_words(html: str) -> None:
    words = "".join("".join(block.text for block in blocks(html)).split())
    assert words == "".join(richtext.plain_text(richtext.clean(html)).split())


@given(EITHER)
def test_rich_text_is_like_itself(html: str) -> None:
    shown = diff_html(html, html)
    assert "<ins>" not in shown
    assert "<del>" not in shown
    assert blocks(shown) == blocks(html)


@given(DOCUMENTS, DOCUMENTS)
def test_a_browser_reads_it_as_it_was_written(old: str, new: str) -> None:
    """What a browser's parser would have to mend would come back different from it."""
    html = diff_html(old, new)
    cleaner = nh3.Cleaner(tags=richtext.TAGS | {"ins", "del"}, attributes=richtext.ATTRIBUTES, link_rel=None)
    assert cleaner.clean(html) == html


@given(EITHER, EITHER)
def test_nothing_but_the_schema_and_the_two_marks_comes_out(old: str, new: str) -> None:
    html = diff_html(old, new)
    cleaner = nh3.Cleaner(tags=richtext.TAGS | {"ins", "del"}, attributes=richtext.ATTRIBUTES, link_rel=None)
    tags = sorted(re.findall("<[^>]*>", html))
    assert sorted(re.findall("<[^>]*>", cleaner.clean(html))) == tags
    assert not re.search(r"<(ins|del)>[^<]*<(ins|del)>|<(ins|del)></", html)


# Whole editions -------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    key: str
    html: str
    label: str = "Label"


def states(old: list[Part], new: list[Part]) -> list[tuple[str, str]]:
    return [(part.key, part.state) for part in diff_parts(old, new)]


def test_each_part_says_what_became_of_it() -> None:
    old = [Part("title", "<p>Pain</p>"), Part("body", "<p>a</p>"), Part("links", "<p>x</p>"), Part("note", "")]
    new = [Part("title", "<p>Pain</p>"), Part("body", "<p>b</p>"), Part("links", ""), Part("note", "<p>y</p>")]
    assert diff_parts(old, new) == [
        PartDiff("title", "Label", State.UNCHANGED, "<p>Pain</p>"),
        PartDiff("body", "Label", State.CHANGED, "<p><del>a</del><ins>b</ins></p>"),
        PartDiff("links", "Label", State.REMOVED, "<p><del>x</del></p>"),
        PartDiff("note", "Label", State.ADDED, "<p><ins>y</ins></p>"),
    ]


def test_what_is_empty_in_both_is_left_out() -> None:
    assert states([Part("a", ""), Part("b", "")], [Part("a", "<p> </p>"), Part("c", "")]) == []


def test_rows_are_found_by_their_key_and_a_removed_one_stays_where_it_was() -> None:
    old = [Part("top", "0"), Part("rows.1.text", "one"), Part("rows.2.text", "two"), Part("rows.3.text", "three")]
    new = [Part("top", "0"), Part("rows.1.text", "one"), Part("rows.9.text", "new"), Part("rows.3.text", "3")]
    assert states(old, new) == [
        ("top", "unchanged"),
        ("rows.1.text", "unchanged"),
        ("rows.2.text", "removed"),
        ("rows.9.text", "added"),
        ("rows.3.text", "changed"),
    ]


def test_what_was_removed_at_the_top_is_at_the_top() -> None:
    assert states([Part("a", "a"), Part("b", "b")], [Part("b", "b")]) == [("a", "removed"), ("b", "unchanged")]


def test_a_part_has_its_new_name_if_there_is_one() -> None:
    old, new = [Part("a", "a", "Old"), Part("b", "b", "Gone")], [Part("a", "a", "New")]
    assert [part.label for part in diff_parts(old, new)] == ["New", "Gone"]


def test_a_difference_without_words_is_a_change_too() -> None:
    table = "<table><tr><td>a</td>{}</tr></table>"
    assert states([Part("a", table.format(""))], [Part("a", table.format("<td></td>"))]) == [("a", "changed")]
