import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from search import text
from search.excerpts import LENGTH, excerpt, marked


@pytest.mark.parametrize(
    ("shown", "query", "result"),
    [
        ("神经阻滞不是封闭", "封闭", "神经阻滞不是<mark>封闭</mark>"),
        ("腰痛和腰疼", "腰疼", "<mark>腰痛</mark>和<mark>腰疼</mark>"),
        ("神经阻滞", "神經阻滯", "<mark>神经阻滞</mark>"),
        ("Nerves and blocks", "nerve block", "<mark>Nerves</mark> and <mark>blocks</mark>"),
        ("Happiness, a happy day", "happy", "<mark>Happiness</mark>, a <mark>happy</mark> day"),
        ("unhappy", "happy", "unhappy"),
        ("1 < 2 & pain", "pain", "1 &lt; 2 &amp; <mark>pain</mark>"),
        ("<script>pain</script>", "script", "&lt;<mark>script</mark>&gt;pain&lt;/<mark>script</mark>&gt;"),
    ],
)
def test_words_are_marked_and_all_else_is_escaped(shown: str, query: str, result: str) -> None:
    assert marked(shown, text.query(query)) == result


def test_the_sentence_with_the_most_of_the_words_is_shown() -> None:
    whole = "疼痛是警报。封闭针不是神经阻滞。神经很细。"
    assert excerpt(whole, text.query("神经阻滞")).startswith("封闭针不是<mark>神经阻滞</mark>。")


def test_without_any_of_the_words_the_text_begins_at_its_beginning() -> None:
    assert excerpt("One. Two.", text.query("three")) == "One. Two."


def test_what_is_said_in_quotation_marks_stays_together() -> None:
    assert excerpt("有人问：“会不会变脆？”不会。", ["变脆"]) == "有人问：“会不会<mark>变脆</mark>？”不会。"


def test_a_sentence_without_end_is_cut_around_the_word() -> None:
    shown = excerpt("痛" * 500 + "封闭" + "痛" * 500, ["封闭"])
    assert "<mark>封闭</mark>" in shown
    assert len(shown) < LENGTH[True] + 30
    assert shown[0] == shown[-1] == "…"


@given(st.text(), st.text())
def test_only_marks_are_put_into_the_text(shown: str, query: str) -> None:
    result = marked(shown, text.query(query))
    without = result.replace("<mark>", "").replace("</mark>", "")
    assert without == marked(shown, [])
    assert "<" not in without


def test_a_reader_sees_the_text_as_it_is() -> None:
    shown = html.fragment_fromstring(str(marked("a < b, pain & co.", ["pain"])), create_parent="p")
    assert shown.text_content() == "a < b, pain & co."
