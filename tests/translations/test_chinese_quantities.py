from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.checks.chinese_quantities import number, quantities


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("二十三", 23), ("十", 10), ("十五", 15), ("两百五", 250), ("一百零五", 105), ("一万二", 12_000),
        ("一万零二十", 10_020), ("三千万", 30_000_000), ("两亿三千万", 230_000_000), ("10万", 100_000),
        ("1.5亿", 150_000_000), ("1,000", 1000), ("二〇一八", 2018), ("三点五", Fraction(7, 2)), ("2百", 200),
        ("一亿二千三百四十五万六千七百八十九", 123_456_789), ("万亿", 10**12),
    ],
)  # fmt: skip
def test_a_number_in_signs_figures_or_both(written: str, value: Fraction) -> None:
    assert number(written) == value


@pytest.mark.parametrize(
    "text",
    [
        "三叉神经痛", "二甲双胍", "十二指肠", "十分疼痛", "四肢", "统一安排", "万一发热", "唯一", "五官科",
        "百日咳", "千万不要",
        "四川", "三明治", "星期三", "周五", "不一定", "一般", "百分比", "六神", "再三", "二氧化碳", "零食",
        "见[12]", "见[3,4-6]",
        "https://example.org/12", "a12@example.org",
    ],
)  # fmt: skip
def test_a_word_with_a_figure_counts_nothing(text: str) -> None:
    assert [one for one in quantities(text) if not one.is_soft] == []


@pytest.mark.parametrize("text", ["1. 休息", "（2）休息", "3、休息", "4) 休息"])
def test_nor_does_the_number_of_a_point(text: str) -> None:
    assert quantities(text.replace("（", "(").replace("）", ")")) == []


def test_a_one_is_soft_for_english_has_its_article() -> None:
    assert [one.is_soft for one in quantities("一片药")] == [True]
    assert [one.is_soft for one in quantities("三种药")] == [False]


def signs(value: int) -> str:
    """As a Chinese would write it, up to 99,999,999."""
    if value >= 10_000:
        rest = value % 10_000
        return signs(value // 10_000) + "万" + ("零" if 0 < rest < 1000 else "") + (signs(rest) if rest else "")
    written, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            written += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        else:
            zero = bool(written)
    return written


@given(st.integers(1, 99_999_999))
def test_every_number_in_signs_is_read_back(value: int) -> None:
    assert number(signs(value)) == value


UNITS = {
    "毫克": ("mass", Fraction(1, 1000)),
    "克": ("mass", Fraction(1)),
    "天": ("days", Fraction(1)),
    "℃": ("celsius", Fraction(1)),
    "%": ("ratio", Fraction(1, 100)),
}


@given(st.decimals(0, 9999, places=2), st.sampled_from(sorted(UNITS)))
def test_every_decimal_with_its_unit_is_read_back(value, unit: str) -> None:
    dimension, factor = UNITS[unit]
    (one,) = quantities(f"约{value}{unit}。")
    assert one.keys[0] == (dimension, Fraction(value) * factor)


@given(
    st.text(max_size=80) | st.text("一二两三十百千万亿半成每隔日天周月年第次点分之0123456789.,-/~%个名 ", max_size=60)
)
def test_any_text_is_survived_and_every_place_lies_in_it(text: str) -> None:
    for one in quantities(text):
        assert 0 <= one.start < one.end <= len(text)
