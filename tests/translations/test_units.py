from fractions import Fraction

import pytest

from translations.checks.units import Unit, unit


@pytest.mark.parametrize(
    ("spellings", "dimension", "factor"),
    [
        (("mg", "毫克", "milligram", "Milligrams"), "mass", Fraction(1, 1000)),
        (("μg", "mcg", "ug", "微克"), "mass", Fraction(1, 1_000_000)),
        (("g", "克", "gram"), "mass", 1),
        (("kg", "公斤", "千克"), "mass", 1000),
        (("ml", "mL", "毫升", "millilitres", "milliliter"), "volume", Fraction(1, 1000)),
        (("天", "日", "days"), "days", 1),
        (("周", "星期", "weeks"), "days", 7),
        (("小时", "hour", "h"), "days", Fraction(1, 24)),
        (("个月", "months"), "months", 1),
        (("年", "岁", "years"), "months", 12),
        (("%", "per cent", "percent"), "ratio", Fraction(1, 100)),
        (("‰",), "ratio", Fraction(1, 1000)),
        (("mmol/L", "毫摩尔/升"), "amount/volume", Fraction(1, 1000)),
        (("mg/kg", "毫克/公斤", "mg per kg"), "mass/mass", Fraction(1, 1_000_000)),
    ],
)
def test_spellings_of_one_unit_are_one(spellings: tuple[str, ...], dimension: str, factor: Fraction) -> None:
    assert {unit(spelling) for spelling in spellings} == {Unit(dimension, Fraction(factor))}


@pytest.mark.parametrize("spelling", ["MG", "疼", "mg/疼", "", "/"])
def test_what_is_no_unit_has_none(spelling: str) -> None:
    assert unit(spelling) is None
