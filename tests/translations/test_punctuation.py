import pytest

from tests.translations.pairing import pair
from translations.checks import punctuation


def found(chinese: str, english: str, source: str = "zh-hans") -> list[tuple[str, str]]:
    return [
        (one.words["wrong"], one.words["right"])
        for one in punctuation.check(pair(chinese, english, source=source))
        if one.id == "W016"
    ]


@pytest.mark.parametrize(
    ("english", "marks"),
    [
        ("Rest， then walk。", [("，", ","), ("。", ".")]),
        ("pain （severe）", [("（", "("), ("）", ")")]),
        ("Rest , then walk.", [(",", ",")]),
        ("Rest, then walk. It’s “fine” (see below); 1,000 steps: no more!", []),
        ("the word 痛，疼 in Chinese", []),
    ],
)
def test_english_has_half_width_marks_close_to_the_word(english: str, marks: list[tuple[str, str]]) -> None:
    assert found("好", english) == marks


@pytest.mark.parametrize(
    ("chinese", "marks"),
    [
        ("休息,再走.", [(",", "，"), (".", "。")]),
        ("疼吗?", [("?", "？")]),
        ("疼痛(剧烈)", [("(", "（")]),
        ("休息，再走。用 PCA (pump), 25.5 mg", []),
        ("比例 1:1，3.5 毫克", []),
    ],
)
def test_chinese_has_full_width_marks(chinese: str, marks: list[tuple[str, str]]) -> None:
    assert found(chinese, "x", source="en") == marks


def test_a_question_that_became_a_statement_is_found() -> None:
    assert [one.id for one in punctuation.check(pair("疼吗？", "It hurts."))] == ["W019"]
    assert [one.id for one in punctuation.check(pair("疼。", "Does it hurt?"))] == ["W019"]
    assert list(punctuation.check(pair("疼吗", "Does it hurt?"))) == []
