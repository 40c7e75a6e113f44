import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import richtext
from translations import rows
from translations.rows import Piece, Row, Step

BLOCKS = [
    "<h2>标题</h2>",
    "<p>每次 25 mg，<strong>饭后</strong>服。</p>",
    '<p>有<a href="/zh-hans/">网页</a>。<br>第二行</p>',
    "<ul><li>一</li><li><p>二</p></li></ul>",
    "<blockquote><p>引文</p><p>又一段</p></blockquote>",
    "<table><tbody><tr><th>部位</th><td>痛点</td></tr></tbody></table>",
    "没有标签的字",
    "<strong>粗</strong>字",
    "<p></p>",
    "\n",
]
html_texts = st.lists(st.sampled_from(BLOCKS), max_size=8).map("".join).map(richtext.clean)
plain_texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30).map(richtext.clean_text)


def p(*words: str) -> list[str]:
    return [f"<p>{word}</p>" for word in words]


def pieces(sources: list[str], targets: list[str]) -> list[Piece]:
    return [Piece(*pair) for pair in zip(sources, targets, strict=True)]


def steps(found: list[Row]) -> list[Step]:
    return [row.step for row in found]


# Blocks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        ("<p></p>", []),
        ("<p>a</p><p>b</p>", ["<p>a</p>", "<p>b</p>"]),
        ("<h2>a</h2>\n<ul>\n<li><p>b</p></li></ul>\n", ["<h2>a</h2>", "\n<ul>\n<li><p>b</p></li></ul>\n"]),
        ("a <strong>b</strong><p>c</p>d", ["a <strong>b</strong>", "<p>c</p>", "d"]),
        ("<blockquote><p>a</p><p>b</p></blockquote>", ["<blockquote><p>a</p><p>b</p></blockquote>"]),
        ("<p></p><p>a</p><p></p>", ["<p></p><p>a</p><p></p>"]),
        ('<p><a href="/?a=1&amp;b=>">a</a></p><p>b</p>', ['<p><a href="/?a=1&amp;b=>">a</a></p>', "<p>b</p>"]),
    ],
)
def test_blocks_stand_at_the_top_and_empty_ones_go_with_their_neighbour(html: str, blocks: list[str]) -> None:
    assert rows.split(html, True) == blocks


def test_a_plain_text_is_one_block() -> None:
    assert rows.split("<p>a</p>\n<p>b</p>", False) == ["<p>a</p>\n<p>b</p>"]
    assert rows.split(" ", False) == []


@given(html_texts)
def test_a_text_is_the_sum_of_its_blocks(html: str) -> None:
    found = rows.split(html, True)
    assert "".join(found) == html
    assert not any(richtext.is_blank(block) for block in found)


# What is to be done ---------------------------------------------------------------------------------------------------


def test_only_the_rows_whose_source_changed_are_to_be_done_again() -> None:
    kept = pieces(p("一", "二二二", "三"), p("one", "two", "three"))
    found = rows.rows(kept, p("一", "二二四", "新", "三"))
    assert steps(found) == [Step.DONE, Step.CHANGED, Step.NEW, Step.DONE]
    assert found[1] == Row("<p>二二四</p>", "<p>二二二</p>", "<p>two</p>")


def test_a_row_whose_source_is_gone_says_so() -> None:
    found = rows.rows(pieces(p("一", "二"), p("one", "two")), p("一"))
    assert found == [Row(*p("一", "一", "one")), Row("", *p("二", "two"))]
    assert steps(found) == [Step.DONE, Step.GONE]


def test_white_space_between_blocks_and_paragraphs_in_items_are_no_change() -> None:
    kept = [Piece("\n<ul>\n<li>一</li>\n</ul>", "<ul><li>one</li></ul>")]
    assert steps(rows.rows(kept, ["<ul><li><p>一</p></li></ul>"])) == [Step.DONE]
    assert rows.same("<p>一</p>\n", "<p>一</p>")
    assert not rows.same("<p>一</p>", "<h2>一</h2>")
    assert not rows.same("一 ", "一")


def test_a_plain_text_is_one_row() -> None:
    assert rows.rows([Piece("25 mg", "25 mg")], ["50 mg"]) == [Row("50 mg", "25 mg", "25 mg")]


def test_nothing_is_to_be_done_where_there_is_nothing() -> None:
    assert rows.rows([], []) == []


# Writing --------------------------------------------------------------------------------------------------------------


def test_writing_a_row_leaves_the_others_as_they_are() -> None:
    kept = pieces(p("一", "二", "三"), p("one", "two", "three"))
    sources = p("一", "二二", "三三")
    written = rows.write(rows.rows(kept, sources), 1, "<p>two two</p>")
    assert written == [*pieces(p("一", "二二"), p("one", "two two")), Piece(*p("三", "three"))]
    assert steps(rows.rows(written, sources)) == [Step.DONE, Step.DONE, Step.CHANGED]


def test_a_new_row_comes_where_its_source_stands() -> None:
    found = rows.rows(pieces(p("一", "三"), p("one", "three")), p("一", "二", "三"))
    written = rows.write(found, 1, "<p>two</p>")
    assert "".join(piece.target for piece in written) == "<p>one</p><p>two</p><p>three</p>"


def test_a_row_that_is_emptied_is_new_again() -> None:
    sources = p("一", "二")
    written = rows.write(rows.rows(pieces(sources, p("one", "two")), sources), 0, "")
    assert steps(rows.rows(written, sources)) == [Step.NEW, Step.DONE]


def test_what_is_gone_leaves_with_its_row() -> None:
    kept = pieces(p("一", "二"), p("one", "two"))
    assert rows.write(rows.rows(kept, p("一")), 1, "") == kept[:1]


def test_accepting_takes_the_source_as_it_is_but_does_not_translate_what_is_new() -> None:
    kept = pieces(p("一二三四", "五"), p("one", "five"))
    sources = p("一二三四。", "新", "五")
    accepted = rows.accept(rows.rows(kept, sources))
    assert accepted == pieces(p("一二三四。", "五"), p("one", "five"))
    assert steps(rows.rows(accepted, sources)) == [Step.DONE, Step.NEW, Step.DONE]


# Written elsewhere ----------------------------------------------------------------------------------------------------


def test_a_translation_written_as_a_whole_is_paired_block_by_block_where_both_have_as_many() -> None:
    assert rows.follow([], p("一", "二"), p("one", "two")) == pieces(p("一", "二"), p("one", "two"))


def test_else_it_is_one_row() -> None:
    followed = rows.follow([], p("一", "二"), p("one and two"))
    assert followed == [Piece("<p>一</p><p>二</p>", "<p>one and two</p>")]
    assert steps(rows.rows(followed, p("一", "二"))) == [Step.DONE]
    assert steps(rows.rows(followed, p("一", "三"))) == [Step.CHANGED]
    split = rows.write(rows.rows(followed, p("一", "二")), 0, "<p>one</p><p>two</p>")
    assert split == pieces(p("一", "二"), p("one", "two"))


def test_only_the_block_that_was_written_translates_the_new_source() -> None:
    kept = pieces(p("一", "二"), p("one", "two"))
    sources = p("一一", "二二")
    followed = rows.follow(kept, sources, p("one one", "two"))
    assert steps(rows.rows(followed, sources)) == [Step.DONE, Step.CHANGED]


def test_a_block_added_to_both_leaves_the_outdated_one_outdated() -> None:
    kept = pieces(p("一", "二"), p("one", "two"))
    sources = p("一", "二二", "三")
    followed = rows.follow(kept, sources, p("one", "two", "three"))
    assert steps(rows.rows(followed, sources)) == [Step.DONE, Step.CHANGED, Step.DONE]


def test_an_editor_that_writes_the_markup_otherwise_has_written_nothing() -> None:
    kept = [Piece("<p>一</p>", "\n<ul>\n<li>one</li>\n</ul>")]
    followed = rows.follow(kept, p("一一"), ["<ul><li><p>one</p></li></ul>"])
    assert followed == [Piece("<p>一</p>", "<ul><li><p>one</p></li></ul>")]


@given(html_texts, html_texts, html_texts, html_texts)
def test_the_pieces_always_add_up_to_the_translation(first: str, second: str, source: str, changed: str) -> None:
    sources, targets = rows.split(source, True), rows.split(first, True)
    followed = rows.follow([], sources, targets)
    assert "".join(piece.target for piece in followed) == (first if targets else "")
    again = rows.follow(followed, rows.split(changed, True), rows.split(second, True))
    assert "".join(piece.target for piece in again) == second


@given(html_texts, html_texts, html_texts)
def test_every_block_of_the_source_and_of_the_translation_is_in_a_row(old: str, target: str, new: str) -> None:
    kept = rows.follow([], rows.split(old, True), rows.split(target, True))
    found = rows.rows(kept, rows.split(new, True))
    assert "".join(row.source for row in found) == new
    assert "".join(row.target for row in found) == "".join(piece.target for piece in kept)


@given(html_texts, html_texts, st.data())
def test_writing_every_row_anew_leaves_nothing_to_do(old: str, new: str, data: st.DataObject) -> None:
    sources = rows.split(new, True)
    kept = rows.follow([], rows.split(old, True), rows.split(old, True))
    for _turn in range(len(sources) + len(kept) + 1):
        found = rows.rows(kept, sources)
        open_rows = [index for index, row in enumerate(found) if row.step is not Step.DONE]
        if not open_rows:
            break
        index = data.draw(st.sampled_from(open_rows))
        kept = rows.write(found, index, found[index].source)
    assert all(row.step is Step.DONE for row in rows.rows(kept, sources))


# How much -------------------------------------------------------------------------------------------------------------


def test_words_and_characters() -> None:
    assert rows.words("每次 25 mg，饭后服。", False) == 7
    assert rows.words("<p>Don't take 2.5 mg.</p>", True) == 4
    assert rows.characters("<p>每次 25 mg。</p>", True) == 7


@given(plain_texts)
def test_there_are_never_more_words_than_characters(text: str) -> None:
    assert rows.words(text, False) <= rows.characters(text, False)
