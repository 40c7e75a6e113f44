import re

from hypothesis import given
from hypothesis import strategies as st

from tests.translations.pairing import pair
from translations.checks.pairs import Found, Span, Text


def test_rich_text_is_read_without_its_markup_a_line_per_block() -> None:
    text = Text("<h2>痛</h2><p>每日<strong>两</strong>次&amp;<br>一</p><ul><li>x</li></ul>", "zh-hans", True)
    assert text.plain == "痛\n每日两次&\n一\nx\n"


def test_a_place_in_the_words_is_a_place_in_the_markup() -> None:
    stored = "<p>每日<strong>两</strong>次 &lt; 5</p>"
    text = Text(stored, "zh-hans", True)
    for words, kept in {"两": "两", "两次": "两</strong>次", "< 5": "&lt; 5", "日两": "日<strong>两"}.items():
        start = text.plain.index(words)
        assert stored[slice(*text.span(start, start + len(words)))] == kept


def test_plain_text_stays_as_it_is() -> None:
    text = Text("a <b> &amp;", "en")
    assert text.plain == "a <b> &amp;"
    assert text.span(2, 5) == (2, 5)


def test_widths_and_dashes_are_folded_one_for_one() -> None:
    folded = Text("２５％～３０ｍｇ–１，０００", "zh-hans").folded
    assert folded == "25%~30mg-1,000"


def test_the_comma_of_a_sentence_stays() -> None:
    assert Text("５，６和１０００", "zh-hans").folded == "5，6和1000"


def test_paragraphs_go_side_by_side_where_there_are_as_many() -> None:
    assert list(pair("一\n二", "one\n\ntwo").blocks()) == [((0, 1), (0, 3)), ((2, 3), (5, 8))]
    assert list(pair("一\n二", "one two").blocks()) == [((0, 3), (0, 7))]


def test_a_finding_is_told_from_the_side_of_the_source() -> None:
    assert pair("一", "a b").found("X", "warning", (0, 1), (2, 3)) == Found("X", "warning", Span(0, 1), Span(2, 3))
    assert pair("一", "a b", source="en").found("X", "warning", (0, 1), None) == Found("X", "warning", None, Span(0, 1))


PIECES = st.sampled_from(
    ["疼痛", "25 mg", "<p>", "</p>", "<strong>", "</strong>", "<br>", "&amp;", "&lt;", "&#120;", "<", "&", "\n", " "]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.data())
def test_every_place_lies_in_the_stored_text_and_holds_its_words(stored: str, data: st.DataObject) -> None:
    text = Text(stored, "zh-hans", True)
    start = data.draw(st.integers(0, len(text.plain)))
    end = data.draw(st.integers(start, len(text.plain)))
    place = text.span(start, end)
    assert 0 <= place.start <= place.end <= len(stored)
    letters = re.sub(r"[^疼痛25mg]", "", text.plain[start:end])
    assert re.sub(r"<[^<>]*>|&[#\w]+;|[^疼痛25mg]", "", stored[slice(*place)]) == letters


@given(st.text(max_size=60))
def test_folding_keeps_the_length(stored: str) -> None:
    text = Text(stored, "en")
    assert len(text.folded) == len(text.plain)
