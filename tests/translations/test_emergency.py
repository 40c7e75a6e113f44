import pytest

from tests.translations.pairing import pair
from translations.checks import emergency


def found(chinese: str, english: str, source: str = "zh-hans") -> list[tuple[str, str]]:
    return [(one.id, one.level) for one in emergency.check(pair(chinese, english, source=source))]


@pytest.mark.parametrize("english", ["Call 120 at once.", "Dial 120 right away.", "Ring for an ambulance on 120 now."])
def test_the_same_number_as_urgently_is_right(english: str) -> None:
    assert found("请立即拨打 120。", english) == []


@pytest.mark.parametrize("number", ["911", "999", "112", "000"])
def test_the_number_of_another_country_blocks(number: str) -> None:
    chinese, english = "请立即拨打 120。", f"Call {number} at once."
    foreign, missing = emergency.check(pair(chinese, english))
    assert (foreign.id, foreign.level, foreign.words) == ("B005", "blocker", {"number": number, "own": "120"})
    assert foreign.target is not None
    assert english[slice(*foreign.target)] == number
    assert (missing.id, missing.source, missing.target) == ("B006", (6, 9), None)


def test_so_does_one_in_a_chinese_translation() -> None:
    assert found("请立即拨打911。", "Call 120 at once.", source="en") == [("B005", "blocker"), ("B006", "blocker")]


def test_another_place_has_its_own() -> None:
    hong_kong = emergency.check(pair("请立即拨打 999。", "Call 999 at once."), frozenset({"999"}))
    assert list(hong_kong) == []


@pytest.mark.parametrize(
    "english", ["999 patients", "Call after 112 days.", "call 1120", "an emergency in 911 hospitals"]
)
def test_a_number_that_nobody_calls_is_none(english: str) -> None:
    assert [id for id, _level in found("很多患者", english) if id == "B005"] == []


@pytest.mark.parametrize(
    "chinese",
    ["打完针 120 分钟内不要开车。", "打针后观察120分钟。", "打封闭针，一次 120 元。", "打哪里都行，共 110 人。"],
)
def test_nor_is_one_in_chinese_that_counts_something(chinese: str) -> None:
    assert found(chinese, "Wait before you drive.") == []


def test_lost_haste_is_a_warning() -> None:
    assert found("请马上呼叫护士。", "Call the nurse.") == [("W006", "warning")]
    assert found("请马上呼叫护士。", "Call the nurse at once.") == []
    assert found("术后不能马上开车。", "You cannot drive straight after the operation.") == []
    assert found("叫护士。", "Call the nurse immediately.", source="en") == [("W006", "warning")]
