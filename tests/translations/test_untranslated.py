import pytest

from tests.translations.pairing import pair
from translations.checks import untranslated


def ids(chinese: str, english: str, source: str = "zh-hans") -> list[str]:
    return [one.id for one in untranslated.check(pair(chinese, english, source=source))]


def test_a_text_that_was_only_copied_is_untranslated() -> None:
    assert ids("神经阻滞不是封闭。", "神经阻滞不是封闭。") == ["W012"]
    english = "Take the tablets with food and water."
    assert ids(english, english, source="en") == ["W012"]


def test_so_is_one_that_is_mostly_in_the_other_language() -> None:
    assert ids("神经阻滞不是封闭。", "Nerve 阻滞不是封闭疗法") == ["W012"]


def test_a_piece_that_stayed_is_found_in_its_place() -> None:
    english = "A nerve block 不是封闭 and is given by specialists."
    (one,) = untranslated.check(pair("神经阻滞不是封闭，由专科医生做。", english))
    assert one.id == "W013"
    assert one.target is not None
    assert english[slice(*one.target)] == "不是封闭"
    assert ids("请按时吃药 with food and plenty of water。", "Take it with food and water.", source="en") == ["W013"]


@pytest.mark.parametrize(
    ("chinese", "english", "source"),
    [
        ("封闭针", "This is called a closure injection (封闭针).", "zh-hans"),
        ("封闭针", "A “closure injection”, 封闭针 (fēngbì zhēn) in Chinese", "zh-hans"),
        ("PCEA", "PCEA", "zh-hans"),
        ("布洛芬 Ibuprofen Sustained Release Capsules 缓释胶囊", "ibuprofen capsules", "en"),
        ("", "", "zh-hans"),
    ],
)
def test_names_in_brackets_and_names_of_medicines_may_stay(chinese: str, english: str, source: str) -> None:
    assert ids(chinese, english, source) == []
