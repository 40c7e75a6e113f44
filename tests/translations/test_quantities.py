import re
from collections.abc import Iterator
from fractions import Fraction

from translations.checks.quantities import BLANK, Number, Quantity, Rules, blank, quantity, rate, together
from translations.checks.units import Unit, unit

TO, OR = re.compile(r" to "), re.compile(r" or ")


def test_a_quantity_is_known_by_its_base_unit() -> None:
    assert quantity(0, 1, Fraction(25), unit("mg")).keys == (("mass", Fraction(1, 40)),)
    assert quantity(0, 1, Fraction(25), unit("mg")).is_grave
    assert not quantity(0, 1, Fraction(25), unit("天")).is_grave


def test_years_may_be_bare_and_months_may_not() -> None:
    assert ("", Fraction(60)) in quantity(0, 1, Fraction(60), unit("岁")).keys
    assert ("", Fraction(60)) not in quantity(0, 1, Fraction(60), unit("个月")).keys


def test_fahrenheit_is_celsius_too() -> None:
    keys = quantity(0, 1, Fraction("100.4"), unit("°F")).keys
    assert ("celsius", Fraction(38)) in keys


def test_a_rate_is_so_many_times_a_day() -> None:
    assert rate(Fraction(1), Unit("days", Fraction(7))) == ("per days", Fraction(1, 7))


def test_the_unit_of_a_range_is_that_of_both_ends() -> None:
    text = "10 to 20 mg"
    numbers = [Number((0, 2), Fraction(10)), Number((6, 11), Fraction(20), unit=unit("mg"))]
    assert [one.keys for one in together(numbers, text, TO, OR)] == [
        (("mass", Fraction(1, 50)),),
        (("mass", Fraction(1, 100)),),
    ]


def test_in_a_list_it_may_be() -> None:
    numbers = [Number((0, 2), Fraction(10)), Number((6, 11), Fraction(20), unit=unit("mg"))]
    *_, first = together(numbers, "10 or 20 mg", TO, OR)
    assert first.keys == (("", Fraction(10)), ("mass", Fraction(1, 100)))


def test_a_large_word_counts_for_the_smaller_number_before_it_alone() -> None:
    def values(first: int) -> list[Fraction | str]:
        numbers = [Number((0, 3), Fraction(first)), Number((7, 16), Fraction(2), Fraction(10**6))]
        return [one.keys[0][1] for one in together(numbers, "123 to 2 million", TO, OR)]

    assert values(1) == [2_000_000, 1_000_000]
    assert values(300) == [2_000_000, 300]


def test_blanking_keeps_the_length() -> None:
    assert blank("abcdef", [(3, 5), (1, 2)]) == f"a{BLANK}c{BLANK * 2}f"


def test_what_one_rule_has_read_the_next_do_not_see() -> None:
    rules = Rules()

    @rules(r"ab")
    def first(match: re.Match[str]) -> Iterator[Quantity]:
        yield quantity(match.start(), match.end(), Fraction(1))

    @rules(r"[ab]", hints=("a",))
    def second(match: re.Match[str]) -> Iterator[Quantity]:
        yield quantity(match.start(), match.end(), Fraction(2))

    found, rest = rules.read("ab a")
    assert [(one.start, one.number) for one in found] == [(0, Fraction(1)), (3, Fraction(2))]
    assert rest == f"{BLANK * 2} {BLANK}"
    assert rules.read("b") == ([], "b")
