import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publishing import richtext
from publishing.compare import diff as compare
from publishing.compare.diff import Block, Change, Op, PartDiff, State


def marked(changes: Sequence[Change]) -> str:
    """[-old-][+new+]"""
    shown = {Op.EQUAL: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(shown[change.op].format(change.text) for change in changes)


def old_of(html: str) -> str:
    return re.sub(r"<ins>.*?</ins>", "", html, flags=re.DOTALL).replace("<del>", "").replace("</del>", "")


def new_of(html: str) -> str:
    return re.sub(r"<del>.*?</del>", "", html, flags=re.DOTALL).replace("<ins>", "").replace("</ins>", "")


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't stop, it’s L5.", ["Don't", " ", "stop", ",", " ", "it’s", " ", "L5", "."]),
        ("long-term", ["long", "-", "term"]),
        ("25 mg, 25mg, 25\xa0mg", ["25 mg", ",", " ", "25mg", ",", " ", "25\xa0mg"]),
        ("3.5% 1,000 10:30", ["3.5%", " ", "1,000", " ", "10:30"]),
        ("2 mg/kg/h", ["2 mg/kg/h"]),
        ("5 min or 5 minutes", ["5 min", " ", "or", " ", "5", " ", "minutes"]),
        ("37.5 ℃ 99 °F", ["37.5 ℃", " ", "99 °F"]),
        ("疼痛", ["疼", "痛"]),
        ("用PCEA镇痛", ["用", "PCEA", "镇", "痛"]),
        ("每次25毫克，10万人", ["每", "次", "25毫克", "，", "10万", "人"]),
        ("a \n b", ["a", " \n ", "b"]),
        ("cafe\u0301 疼\u0301", ["cafe\u0301", " ", "疼\u0301"]),
        ("👩‍⚕️👍🏽", ["👩‍⚕️", "👍🏽"]),
        ("", []),
    ],
)
def test_words_and_numbers_with_their_units_are_whole_and_chinese_is_by_character(text: str, found: list[str]) -> None:
    assert compare.tokens(text) == found


@given(st.text())
@example("\x00\ud800\U0010ffff\r\n")
@example("\u200d\u0301'1.")
def test_nothing_is_lost_between_the_words(text: str) -> None:
    assert "".join(compare.tokens(text)) == text


# Plain text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "all new", "[+all new+]"),
        ("all gone", "", "[-all gone-]"),
        ("a b", "a x b", "a [+x +]b"),
        ("a x b", "a b", "a [-x -]b"),
        ("Take it.", "Take it daily.", "Take it[+ daily+]."),
        ("Take 25 mg at night.", "Take 25 g at night.", "Take [-25 mg-][+25 g+] at night."),
        ("A rate of 3.5% is usual.", "A rate of 35% is usual.", "A rate of [-3.5%-][+35%+] is usual."),
        ("每次25毫克，饭后服用。", "每次50毫克，饭前服用。", "每次[-25毫克-][+50毫克+]，饭[-后-][+前+]服用。"),
        ("PCEA 的浓度", "PCA 的浓度", "[-PCEA-][+PCA+] 的浓度"),
        ("疼痛会加重", "疼痛不会加重", "疼痛[+不+]会加重"),
        # One phrase for another, not word by word.
        (
            "Take it with a glass of water at night.",
            "Take it before breakfast or in the morning.",
            "Take it [-with a glass of water at night-][+before breakfast or in the morning+].",
        ),
        (
            "疼痛是一种不愉快的感觉。",
            "多数患者可以正常地生活。",
            "[-疼痛是一种不愉快的感觉-][+多数患者可以正常地生活+]。",
        ),
        # Whole sentences where there is a choice.
        ("It hurt. It stopped.", "It hurt. It came. It stopped.", "It hurt. [+It came. +]It stopped."),
        ("会痛。会好。", "会痛。会肿。会好。", "会痛。[+会肿。+]会好。"),
        ("one\nthree\n", "one\ntwo\nthree\n", "one\n[+two\n+]three\n"),
        ("It hurt\nIt stopped", "It hurt\nIt came\nIt stopped", "It hurt\n[+It came\n+]It stopped"),
        ("a  b", "a b", "a[-  -][+ +]b"),
    ],
)
def test_changes_of_plain_text(old: str, new: str, shown: str) -> None:
    assert marked(compare.diff_text(old, new)) == shown


TEXTS = st.text() | st.lists(
    st.sampled_from(["a", "b", "the", " ", "  ", "\n", ".", ", ", "25 mg", "25 g", "疼", "痛", "不", "。", "PCEA"]),
    max_size=40,
).map("".join)


@given(TEXTS, TEXTS)
@example("a a a", "a a")
@example(" a ", "a")
def test_the_changes_hold_both_texts(old: str, new: str) -> None:
    changes = compare.diff_text(old, new)
    assert "".join(change.text for change in changes if change.op is not Op.INSERT) == old
    assert "".join(change.text for change in changes if change.op is not Op.DELETE) == new
    assert all(change.text for change in changes)
    assert all((one.op, next_.op) != (Op.INSERT, Op.DELETE) and one.op != next_.op for one, next_ in pairwise(changes))


@given(TEXTS)
def test_a_text_is_like_itself(text: str) -> None:
    assert compare.diff_text(text, text) == ([Change(Op.EQUAL, text)] if text else [])


def longest_length(old: Sequence[int], new: Sequence[int]) -> int:
    row = [0] * (len(new) + 1)
    for a in old:
        above, row = row, [0]
        for at, b in enumerate(new):
            row.append(above[at] + 1 if a == b else max(row[-1], above[at + 1]))
    return row[-1]


@given(st.lists(st.integers(0, 3), max_size=30), st.lists(st.integers(0, 3), max_size=30))
def test_as_much_as_can_be_is_found_to_be_the_same(old: list[int], new: list[int]) -> None:
    pairs = compare._common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    assert len(pairs) == longest_length(old, new)


def test_beyond_a_size_only_the_beginning_and_the_end_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "CELLS", 3)
    assert marked(compare.diff_text("a bb c dd e", "a c bb f e")) == "a [-bb c dd-][+c bb f+] e"


# Blocks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("", []),
        ("loose", [("p", "loose")]),
        ("<h2>a</h2><h3>b</h3><p>c</p>", [("h2", "a"), ("h3", "b"), ("p", "c")]),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", [("li", "a"), ("li", "b"), ("li", "c")]),
        ("<ol><li>a<ul><li>b</li></ul>c</li></ol>", [("li", "a"), ("li", "b"), ("li", "c")]),
        ("<blockquote><h3>a</h3><p>b</p></blockquote>", [("h3", "a"), ("blockquote", "b")]),
        (
            "<table><tr><th>a</th><td></td></tr><tr><td>b</td><td><ul><li>c</li></ul></td></tr></table>",
            [("th", "a"), ("td", "b"), ("li", "c")],
        ),
        ("<p>a</p>\n<p> </p><p><br></p>\n<p>b</p>", [("p", "a"), ("p", "b")]),
        ("<p> a\n  b <br> c </p>", [("p", "a b<br>c")]),
        ('<p>a <strong>b</strong> <a href="/x">c</a></p>', [("p", 'a <strong>b</strong> <a href="/x">c</a>')]),
        ('<a href="/x"><p>a</p><p>b</p></a>', [("p", '<a href="/x">a</a>'), ("p", '<a href="/x">b</a>')]),
        (
            "<p><strong>a<a href='/x'>b</a></strong></p>",
            [("p", '<strong>a</strong><a href="/x"><strong>b</strong></a>')],
        ),
        ("<p><strong>a</strong><strong>b</strong></p>", [("p", "<strong>ab</strong>")]),
        ("<p>1 &lt; 2 &amp;&nbsp;3</p><script>x</script>", [("p", "1 &lt; 2 &amp;&nbsp;3")]),
    ],
)
def test_the_blocks_of_rich_text(html: str, found: list[tuple[str, str]]) -> None:
    assert [(block.kind, block.html) for block in compare.blocks(html)] == found


def test_a_block_knows_its_words() -> None:
    (block,) = compare.blocks('<p>1 &lt; 2<br><a href="/x"><strong>c</strong></a></p>')
    assert block.text == "1 < 2\nc"


def digest(html: str) -> str:
    (block,) = compare.blocks(html)
    return block.digest


def test_the_digest_is_the_same_in_every_version() -> None:
    assert digest("<p>疼痛</p>") == "a65e2f92bc8757e8ea9a5f2bce92ee0f3e279f1f5917c4325a1ed86c2efc6f51"


@pytest.mark.parametrize("same", ["<h2>a b</h2>", "<ul><li>a b</li></ul>", "<p>a\n b </p>", "<p>a b</p><p></p>"])
def test_the_digest_does_not_depend_on_where_the_text_stands(same: str) -> None:
    assert digest(same) == digest("<p>a b</p>")


@pytest.mark.parametrize("other", ["<p>a  c</p>", "<p>a <strong>b</strong></p>", '<p>a <a href="/x">b</a></p>'])
def test_the_digest_depends_on_words_bold_and_links(other: str) -> None:
    assert digest(other) != digest("<p>a b</p>")


# Aligning -------------------------------------------------------------------------------------------------------------


def aligned(old: str, new: str) -> list[tuple[str | None, str | None]]:
    pairs = compare.align(compare.blocks(old), compare.blocks(new))
    return [(before.text if before else None, after.text if after else None) for before, after in pairs]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def test_the_same_blocks_are_a_pair_whatever_stands_between_them() -> None:
    assert aligned(paragraphs("a", "b", "c"), paragraphs("x", "a", "c", "y")) == [
        (None, "x"), ("a", "a"), ("b", None), ("c", "c"), (None, "y"),
    ]  # fmt: skip


def test_a_block_is_a_pair_with_what_it_has_become() -> None:
    old = paragraphs("Heat may help a stiff neck.", "Take 25 mg at night.")
    new = paragraphs("See a doctor soon.", "Heat often helps a stiff neck.", "Ask first.", "Take 50 mg at night.")
    assert aligned(old, new) == [
        (None, "See a doctor soon."),
        ("Heat may help a stiff neck.", "Heat often helps a stiff neck."),
        (None, "Ask first."),
        ("Take 25 mg at night.", "Take 50 mg at night."),
    ]


def test_a_chinese_block_is_a_pair_with_what_it_has_become() -> None:
    old = paragraphs("热敷可以缓解颈部僵硬。", "每晚服用25毫克。")
    new = paragraphs("请尽早就医。", "热敷常常可以缓解颈部僵硬。", "每晚服用50毫克。")
    assert aligned(old, new) == [
        (None, "请尽早就医。"),
        ("热敷可以缓解颈部僵硬。", "热敷常常可以缓解颈部僵硬。"),
        ("每晚服用25毫克。", "每晚服用50毫克。"),
    ]


def test_as_many_new_blocks_as_old_ones_in_one_place_are_pairs_though_they_are_not_alike() -> None:
    assert aligned(paragraphs("a", "5 mg", "7 mg"), paragraphs("a", "x", "y")) == [
        ("a", "a"), ("5 mg", "x"), ("7 mg", "y"),
    ]  # fmt: skip


def test_otherwise_what_is_not_alike_was_removed_and_added() -> None:
    assert aligned(paragraphs("a b c", "d e f"), paragraphs("x y z")) == [
        ("a b c", None), ("d e f", None), (None, "x y z"),
    ]  # fmt: skip


def test_blocks_of_different_kinds_are_no_pair() -> None:
    assert aligned("<h2>a</h2><p>b</p>", "<p>a</p><p>b</p>") == [("a", None), (None, "a"), ("b", "b")]


def test_beyond_a_number_of_blocks_likeness_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "BLOCK_CELLS", 1)
    assert aligned(paragraphs("a b c d"), paragraphs("x", "a b c e")) == [
        ("a b c d", None), (None, "x"), (None, "a b c e"),
    ]  # fmt: skip


BLOCKS = st.lists(
    st.builds(lambda kind, text: Block(kind, escape(text), text), st.sampled_from(["p", "li"]), TEXTS), max_size=8
)


@given(BLOCKS, BLOCKS)
def test_every_block_is_in_one_pair_in_order_and_of_one_kind(old: list[Block], new: list[Block]) -> None:
    pairs = compare.align(old, new)
    assert [before for before, _ in pairs if before] == old
    assert [after for _, after in pairs if after] == new
    assert all(before.kind == after.kind for before, after in pairs if before and after)
    assert all(before or after for before, after in pairs)


# Rich text ------------------------------------------------------------------------------------------------------------


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
    assert compare.diff_html(old, new) == shown


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
    html = compare.diff_html(old, new)
    assert html == compare.diff_html(old, old) == compare.diff_html(new, new)
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
    assert rows(compare.diff_html(old, new)) == shown


def test_what_is_not_of_the_schema_does_not_come_out() -> None:
    html = compare.diff_html("<p onclick='x()'>a<script>b</script></p>", "<p>&lt;script&gt; <img src=x onerror=y></p>")
    assert html == "<p><del>a</del><ins>&lt;script&gt;</ins></p>"


def test_no_depth_is_too_deep() -> None:
    html = compare.diff_html("<blockquote>" * 2000 + "a", "<blockquote>" * 2000 + "b")
    assert html.count("<blockquote>") == compare.DEPTH - 1
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
    html = compare.diff_html(old, new)
    assert compare.blocks(old_of(html)) == compare.blocks(old)
    assert compare.blocks(new_of(html)) == compare.blocks(new)


@given(EITHER)
def test_the_blocks_hold_all_the_words(html: str) -> None:
    words = "".join("".join(block.text for block in compare.blocks(html)).split())
    assert words == "".join(richtext.plain_text(richtext.clean(html)).split())


@given(EITHER)
def test_rich_text_is_like_itself(html: str) -> None:
    shown = compare.diff_html(html, html)
    assert "<ins>" not in shown
    assert "<del>" not in shown
    assert compare.blocks(shown) == compare.blocks(html)


@given(DOCUMENTS, DOCUMENTS)
def test_a_browser_reads_it_as_it_was_written(old: str, new: str) -> None:
    """What a browser's parser would have to mend would come back different from it."""
    html = compare.diff_html(old, new)
    cleaner = nh3.Cleaner(tags=richtext.TAGS | {"ins", "del"}, attributes=richtext.ATTRIBUTES, link_rel=None)
    assert cleaner.clean(html) == html


@given(EITHER, EITHER)
def test_nothing_but_the_schema_and_the_two_marks_comes_out(old: str, new: str) -> None:
    html = compare.diff_html(old, new)
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
    return [(part.key, part.state) for part in compare.diff_parts(old, new)]


def test_each_part_says_what_became_of_it() -> None:
    old = [Part("title", "<p>Pain</p>"), Part("body", "<p>a</p>"), Part("links", "<p>x</p>"), Part("note", "")]
    new = [Part("title", "<p>Pain</p>"), Part("body", "<p>b</p>"), Part("links", ""), Part("note", "<p>y</p>")]
    assert compare.diff_parts(old, new) == [
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
    assert [part.label for part in compare.diff_parts(old, new)] == ["New", "Gone"]


def test_a_difference_without_words_is_a_change_too() -> None:
    table = "<table><tr><td>a</td>{}</tr></table>"
    assert states([Part("a", table.format(""))], [Part("a", table.format("<td></td>"))]) == [("a", "changed")]
