import pytest

from tests.translations.pairing import pair
from translations.checks import script


def found(chinese: str, english: str = "") -> list[tuple[str, str, str]]:
    return [(one.id, one.words["wrong"], one.words["right"]) for one in script.check(pair(chinese, english))]


def test_traditional_characters_are_found_wherever_they_stand() -> None:
    assert found("神經阻滯不是封閉") == [("W014", "經", "经"), ("W014", "滯", "滞"), ("W014", "閉", "闭")]


@pytest.mark.parametrize("text", ["神经阻滞", "乾坤", "著名的", "显著", "瞭望", "于是", "后来", "里面"])
def test_characters_that_both_have_are_simplified(text: str) -> None:
    assert found(text) == []


def test_full_width_letters_and_figures_are_found_in_both() -> None:
    assert found("用ＰＣＡ泵２５ｍｇ", "２５ mg") == [
        ("W015", "ＰＣＡ", "PCA"),
        ("W015", "２５ｍｇ", "25mg"),
        ("W015", "２５", "25"),
    ]


def test_the_place_is_on_the_side_where_it_stands() -> None:
    (one,) = script.check(pair("好", "ＰＣＡ"))
    assert (one.source, one.target) == (None, (0, 3))
