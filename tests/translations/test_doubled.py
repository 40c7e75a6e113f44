import pytest

from tests.translations.pairing import pair
from translations.checks import doubled


def found(chinese: str, english: str, source: str = "zh-hans") -> list[str]:
    return [one.words["words"] for one in doubled.check(pair(chinese, english, source=source))]


@pytest.mark.parametrize("english", ["Take the the tablets.", "It is Is fine.", "a a drug", "of\nof"])
def test_a_word_twice_in_english(english: str) -> None:
    assert len(found("药", english)) == 1


@pytest.mark.parametrize(
    "english",
    ["He had had pain.", "I know that that helps.", "very very rare", "the then", "24 24", "is it", "that’s that"],
)
def test_and_what_may_stand_twice(english: str) -> None:
    assert found("药", english) == []


@pytest.mark.parametrize("chinese", ["您的的药", "吃了了药", "我们我们", "疼，，痛", "和和", "疼痛疼痛"])
def test_a_word_twice_in_chinese(chinese: str) -> None:
    assert len(found(chinese, "x", source="en")) == 1


@pytest.mark.parametrize(
    "chinese",
    ["谢谢", "常常", "慢慢", "看看", "活动活动", "目的的", "的的确确", "为了了解", "除了了解", "现在在家",
    "正在在", "温和和缓", "参与与否", "以及及时", "就就诊", "问题是是否", "存在在", "妈妈", "等等"],
)  # fmt: skip
def test_what_chinese_doubles_of_its_own_is_none(chinese: str) -> None:
    assert found(chinese, "x", source="en") == []
