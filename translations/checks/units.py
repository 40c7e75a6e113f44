"""Units of measurement in both languages: what they measure, and how many of the base unit they are. Pure."""

import re
from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    dimension: str
    factor: Fraction


def _units() -> dict[str, Unit]:
    known: dict[str, Unit] = {}

    def add(dimension: str, factor: Fraction | int | str, spellings: str) -> None:
        for spelling in spellings.split("|"):
            known[spelling] = Unit(dimension, Fraction(factor))

    thousandth = Fraction(1, 1000)
    # In grams.
    add("mass", 10**6, "tonnes?|metric tons?|tons?|公吨|吨")
    add("mass", 1000, "kg|kilograms?|kilos?|公斤|千克")
    add("mass", 500, "斤")
    add("mass", 1, "g|grams?|grammes?|克")
    add("mass", thousandth, "mg|milligrams?|毫克")
    add("mass", thousandth**2, "μg|mcg|ug|micrograms?|微克")
    add("mass", thousandth**3, "ng|nanograms?|纳克")
    add("mass", thousandth**4, "pg|picograms?|皮克")
    add("pound", 1, "lbs?|pounds?(?! sterling)|磅")
    add("ounce", 1, "oz|ounces?|盎司")
    # In litres.
    add("volume", 1, "L|l|lit[re]{2}s?|升")
    add("volume", Fraction(1, 10), "dL|dl|decilit[re]{2}s?|分升")
    add("volume", thousandth, "mL|ml|millilit[re]{2}s?|cc|毫升")
    add("volume", thousandth**2, "μL|μl|uL|ul|microlit[re]{2}s?|微升|mm3|mm³|cubic millimet[re]{2}s?|立方毫米")
    add("volume", thousandth, "cm3|cm³|cubic centimet[re]{2}s?|立方厘米")
    add("volume", 1000, "m3|m³|cubic met[re]{2}s?|立方米|立方")
    # In metres.
    add("length", 1000, "km|kph|kmh|kilomet[re]{2}s?|公里|千米")
    add("length", 1, "m|met[re]{2}s?|米(?![饭粉粒糊酒色汤粥])")
    add("length", Fraction(1, 100), "cm|centimet[re]{2}s?|厘米|公分")
    add("length", thousandth, "mm|millimet[re]{2}s?|毫米")
    add("length", thousandth**2, "μm|um|microns?|micromet[re]{2}s?|微米")
    add("length", thousandth**3, "nm|nanomet[re]{2}s?|纳米")
    add("length", Fraction(1, 10), "dm|decimet[re]{2}s?|分米")
    # In square metres.
    add("area", 10**6, "km2|km²|sqkm|sq km|square kilomet[re]{2}s?|平方公里|平方千米")
    add("area", 10**4, "ha|hectares?|公顷")
    add("area", 1, "m2|m²|sqm|sq[ -]m|sq[ -]met[re]{2}s?|square[ -]met[re]{2}s?|平方米|平米")
    add("area", Fraction(1, 10**4), "cm2|cm²|square centimet[re]{2}s?|平方厘米")
    add("area", thousandth**2, "mm2|mm²|square millimet[re]{2}s?|平方毫米")
    add("acre", 1, "acres?|英亩")
    add("foot", 1, "ft|feet|foot|英尺")
    add("inch", 1, "inch|inches|英寸")
    add("mile", 1, "miles?|mph|英里")
    # Days and months are told apart: 30 days are not always a month.
    add("days", 7, "weeks?|wks?|周(?![围边身末岁期年])|星期|个星期|礼拜|个礼拜")
    add("days", 1, "days?|d|天|日")
    add("days", Fraction(1, 24), "hours?|hrs?|h|小时|个小时|钟头|个钟头")
    add("days", Fraction(1, 24 * 60), "minutes?|mins?|分钟")
    # Of a score, or short for minutes: 8 分, 30 次/分.
    add("points", 1, "points?|分(?![之钟期类布别为离泌子级成组型散享开贝辨店校部行院局手歧裂析娩配发支段界解担米升])")
    add("days", Fraction(1, 24 * 3600), "seconds?|secs?|s|秒钟?")
    add("days", thousandth / (24 * 3600), "milliseconds?|ms|毫秒")
    add("days", 14, "fortnights?")
    add("months", 1, "months?|个月|月龄")
    add("months", 12, "years?|yrs?|y/o|年(?![代级龄轻纪度报会货初底末])|周年|周岁|岁")
    add("months", 3, "季度")
    add("months", 120, "decades?")
    add("months", 1200, "century|centuries|个世纪")
    add("months", 12000, "millennium|millenniums|millennia")
    # Shares of the whole.
    add("ratio", Fraction(1, 100), "%|per ?cent|percentage points?|pct|个百分点|百分点")
    add("ratio", thousandth, "‰")
    add("celsius", 1, "℃|°C|° C|º ?C|degrees? Celsius|degrees? centigrade|degrees? C|摄氏度|deg C")
    add("fahrenheit", 1, "℉|°F|° F|º ?F|degrees? Fahrenheit|degrees? F|华氏度")
    add("degrees", 1, "°|º|degrees?|度")
    # In moles, pascals of blood pressure as mmHg, joules as kilocalories, grays, hertz.
    add("amount", 1, "mol|moles?|摩尔")
    add("amount", thousandth, "mmol|millimoles?|millimol|毫摩尔?")
    add("amount", thousandth**2, "μmol|umol|micromoles?|micromol|微摩尔?")
    add("amount", thousandth**3, "nmol|纳摩尔?")
    add("pressure", 1, "mmHg|mm Hg|毫米汞柱")
    add("kilopascal", 1, "kPa|千帕")
    add("energy", 1, "kcal|千卡|大卡")
    add("frequency", 1, "Hz|赫兹?")
    add("frequency", 1000, "kHz|千赫兹?")
    add("frequency", 1_000_000, "MHz|兆赫兹?")
    add("decibel", 1, "dB|decibels?|分贝")
    add("power", 1, "W|watts?|瓦特?")
    add("power", 1000, "kW|kilowatts?|千瓦")
    add("bases", 1, "bp|base pairs?|bases|nt|nucleotides?|个碱基对?|碱基对?|个核苷酸|核苷酸")
    add("bases", 1000, "kb|kilobases?|千碱基对?")
    add("voltage", 1, "V|volts?|伏特?")
    add("units", 1, "IU|U|units?|国际单位|单位")
    # What is taken by the piece: 片 is a tablet, 粒 also a capsule.
    add("tablets", 1, "tablets?|pills?|capsules?|caplets?|片|粒|颗")
    add("drops", 1, "drops?|滴")
    add("sachets", 1, "sachets?|袋")
    add("puffs", 1, "puffs?|喷|揿")
    return known


_PATTERNS = _units()
DOSE = {"mass", "volume", "amount", "units", "tablets", "drops", "sachets", "puffs", "ratio"}
TIME = {"days", "months"}
# Counted in pieces, and so written without a word for the piece as well.
PIECES = {"tablets", "drops", "sachets", "puffs", "units", "degrees", "points", "power"}


def _pattern(spellings: list[str]) -> str:
    return "|".join(sorted(spellings, key=len, reverse=True))


def _latin(spelling: str) -> bool:
    return spelling[0].isascii() or spelling[0] in "μ°º"


# A word may begin with a capital; a symbol is written in one way.
_SYMBOLS = [s for s in _PATTERNS if _latin(s) and (len(s.rstrip("?")) <= 3 or not s[0].isalpha() or s[1:2].isupper())]
_WORDS = [s for s in _PATTERNS if _latin(s) and s not in _SYMBOLS]
_OTHERS = [s for s in _PATTERNS if not _latin(s)]
LATIN = rf"(?:(?:(?i:{_pattern(_WORDS)})|(?:{_pattern(_SYMBOLS)}))(?![A-Za-z]|(?<=[a-zA-Z])[²³])|[%‰℃℉])"
CHINESE = rf"(?:{_pattern(_OTHERS)})"
_CACHE: dict[str, Unit | None] = {}


def unit(spelling: str) -> Unit | None:
    """Of one spelling, as LATIN or CHINESE finds it; compound ones, mg/kg, are of a dimension of their own."""
    if spelling not in _CACHE:
        if len(_CACHE) > 1000:
            _CACHE.clear()
        _CACHE[spelling] = _lookup(spelling)
    return _CACHE[spelling]


def _lookup(spelling: str) -> Unit | None:
    parts = re.split(r"\s*/\s*|\s*每\s*|\s+per\s+", spelling)
    found = [_single(part) for part in parts]
    if any(part is None for part in found):
        return None
    first, *others = [part for part in found if part]
    dimension, factor = first
    for other in others:
        dimension += f"/{other.dimension}"
        factor /= other.factor
    return Unit(dimension, factor)


def _single(spelling: str) -> Unit | None:
    for pattern, known in _PATTERNS.items():
        if re.fullmatch(pattern, spelling):
            return known
    for pattern in _WORDS:
        if re.fullmatch(pattern, spelling, re.IGNORECASE):
            return _PATTERNS[pattern]
    return None
