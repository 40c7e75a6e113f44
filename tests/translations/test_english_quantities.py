from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.checks.english_quantities import number, quantities


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("twenty-three", 23), ("Two hundred and five", 205), ("one thousand two hundred", 1200),
        ("1,000", 1000), ("1 000", 1000),
        ("10 000 000", 10_000_000), ("0.5", Fraction(1, 2)), (".5", Fraction(1, 2)), ("two million", 2_000_000),
        ("two dozen", 24),
        ("a dozen", 12),
    ],
)  # fmt: skip
def test_a_number_in_figures_or_words(written: str, value: Fraction) -> None:
    assert number(written) == value


@pytest.mark.parametrize(
    "text",
    ["one of them", "The first step", "a drug", "trigeminal", "see [12] and [3,4-6]", "https://example.org/12",
    "a12@example.org",
     "B12", "COVID-19", "SARS-CoV-2", "H1N1", "It may be so.", "someone", "stone", "often"],
)  # fmt: skip
def test_what_counts_nothing(text: str) -> None:
    assert [one for one in quantities(text) if not one.is_soft] == []


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("twice daily", 2), ("two times a day", 2), ("t.i.d.", 3), ("q8h", 3), ("every 8 hours", 3),
        ("every other day", Fraction(1, 2)),
        ("on alternate days", Fraction(1, 2)), ("three times per week", Fraction(3, 7)),
        ("once every two days", Fraction(1, 2)),
        ("once a day", 1), ("60 beats per minute", 86_400), ("6-hourly", 4),
    ],
)  # fmt: skip
def test_how_often_is_so_many_times_a_day(text: str, rate: Fraction) -> None:
    assert [one.keys[0] for one in quantities(text)] == [("per days", rate)]


def test_a_month_of_the_year_is_one_where_it_is_no_word_or_name() -> None:
    def months(text: str) -> list[Fraction | str]:
        return [value for one in quantities(text) for dimension, value in one.keys if dimension == "month"]

    assert months("5 March 2018 and in May") == [3, 5]
    assert months("They march, and you may rest. May I?") == []


WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def words(value: int) -> str:
    if value >= 1000:
        return f"{words(value // 1000)} thousand" + (f" {words(value % 1000)}" if value % 1000 else "")
    if value >= 100:
        return f"{WORDS[value // 100]} hundred" + (f" and {words(value % 100)}" if value % 100 else "")
    if value >= 20:
        return TENS[value // 10] + (f"-{WORDS[value % 10]}" if value % 10 else "")
    return WORDS[value]


@given(st.integers(0, 999_999))
def test_every_number_in_words_is_read_back(value: int) -> None:
    assert number(words(value)) == value
    assert [one.keys[0] for one in quantities(f"about {words(value)} mg")] == [("mass", Fraction(value, 1000))]


@given(st.integers(0, 10**9))
def test_every_number_with_its_thousands_grouped_is_read_back(value: int) -> None:
    assert [one.keys[0] for one in quantities(f"about {value:,} ml")] == [("volume", Fraction(value, 1000))]


@given(st.text(max_size=80) | st.text("0123456789.,-/~% onetwhrfividayswekmgJ", max_size=60))
def test_any_text_is_survived_and_every_place_lies_in_it(text: str) -> None:
    for one in quantities(text):
        assert 0 <= one.start < one.end <= len(text)
