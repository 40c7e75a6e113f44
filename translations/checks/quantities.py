"""What a number in a text means: values, each with every reading under which another language may write it. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from .units import DOSE, PIECES, TIME, Unit

type_Value = Fraction | str
type_Key = tuple[str, type_Value]
"""A dimension, "" for none, and how many of its base unit; of a code or a telephone number, its characters."""

BLANK = "\ufffc"  # stands where something has been read already


class Quantity(NamedTuple):
    start: int
    end: int
    keys: tuple[type_Key, ...]
    is_soft: bool = False
    """The other language may do without it: 一 and "a", 两侧 and "bilateral"."""
    is_grave: bool = False
    """A dose, a percentage or a telephone number."""
    number: Fraction | None = None
    """As it is written, without its unit."""
    parts: tuple["Quantity", ...] = ()
    """What the other language may say in its place: four of seven are 4/7, or 4 and 7."""


def quantity(
    start: int, end: int, value: Fraction, unit: Unit | None = None, *more: type_Key, soft: bool = False
) -> Quantity:
    if unit is None:
        return Quantity(start, end, (("", value), *more), soft, number=value)
    keys: list[type_Key] = [(unit.dimension, value * unit.factor)]
    if unit.dimension in PIECES:
        keys.append(("", value))
    elif unit == YEAR:
        keys.append(("", value))  # 60 岁 is often just 60
    if unit.dimension == "points":
        keys.append(("days", value / (24 * 60)))  # 分 may be short for 分钟
    elif unit.dimension == "bases":
        keys.append(("", value * unit.factor))
    elif unit.dimension == "degrees":
        keys.append(("celsius", value))  # 37 度
    elif unit.dimension == "fahrenheit":
        exact = (value - 32) * 5 / 9
        keys += [("celsius", Fraction(round(exact * 10), 10)), ("celsius", Fraction(round(exact)))]
    grave = not DOSE.isdisjoint(unit.dimension.split("/"))
    return Quantity(start, end, (*keys, *more), soft, grave, value)


YEAR = Unit("months", Fraction(12))


def rate(times: Fraction, unit: Unit) -> type_Key:
    """So many times in each of that unit of time: per day, or per month where months and days cannot be compared."""
    return (f"per {unit.dimension}", times / unit.factor)


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text, as long as before, without what stands there."""
    parts = []
    position = 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], BLANK * (end - start)]
            position = end
    parts.append(text[position:])
    return "".join(parts)


# What is read before the plain numbers -------------------------------------------------------------------------------

type_Reader = Callable[[re.Match[str]], Iterator[Quantity]]
DIGITS_OF = tuple("0123456789")


class Rules:
    """In their order; what one has read, the next do not see.

    A pattern takes long to find that there is nothing, so each has hints: no text without any of them can match.
    """

    def __init__(self) -> None:
        self._rules: list[tuple[re.Pattern[str], tuple[str, ...], type_Reader]] = []

    def __call__(
        self, pattern: str, flags: int = 0, hints: tuple[str, ...] = ("",)
    ) -> Callable[[type_Reader], type_Reader]:
        def add(read: type_Reader) -> type_Reader:
            self._rules.append((re.compile(pattern, flags), hints, read))
            return read

        return add

    def read(self, text: str) -> tuple[list[Quantity], str]:
        """What they find, and the text without it."""
        found: list[Quantity] = []
        small = text.lower()
        for pattern, hints, read in self._rules:
            for hint in hints:
                if hint in small:
                    break
            else:
                continue
            if matches := list(pattern.finditer(text)):
                for match in matches:
                    found += read(match)
                text = blank(text, [match.span() for match in matches])
        return found, text


# Plain numbers --------------------------------------------------------------------------------------------------------


class Number(NamedTuple):
    place: tuple[int, int]
    value: Fraction
    large: Fraction = Fraction(1)
    """Thousand, 万 and the like that follow it."""
    unit: Unit | None = None
    is_soft: bool = False
    more: tuple[type_Key, ...] = ()


_WITHIN = re.compile(
    r"[^\d()（\n]{0,6}[(（](?:[A-Za-z]{0,13} ?(?i:ranged?|IQR|from|about|or)|范围|约|四分位[距间]|极差)[^\d()\n]{0,9}"
)
_OF_THEM = re.compile(r" of (?:them|these|those|which)\b")
_AGAINST = re.compile(r"[\s\xa0](?:to|versus|vs\.?|against|compared (?:with|to))[\s\xa0]")
_ON = re.compile(r"[\s\xa0]?(?:-|~|至|到|,|，|;|\bto\b|\band\b)[\s\xa0]?")


def within(numbers: list[Number], text: str) -> list[Number]:
    """In 7 days (range 4–8), those in brackets may be days as well; so may 2 of them, and what they fell to."""
    found: list[Number] = []
    unit: Unit | None = None
    end = 0
    for this in numbers:
        between = text[end : this.place[0]]
        if (
            found
            and this.unit is None
            and (_WITHIN.fullmatch(between) or _OF_THEM.match(text, this.place[1]) or _AGAINST.fullmatch(between))
        ):
            unit = found[-1].unit
        elif this.unit or not _ON.fullmatch(between):
            unit = None
        # What lacks its per cent is looked for.
        if unit and unit.dimension in TIME:
            this = this._replace(more=(*this.more, *_keys(this.value, unit)))
        found.append(this)
        end = this.place[1]
    return found


def together(numbers: list[Number], text: str, tight: re.Pattern[str], loose: re.Pattern[str]) -> Iterator[Quantity]:
    """Numbers that share what the last of them says: both of 10–20 mg are milligrams, of "5 and 10 mg" both may be."""
    later: Number | None = None
    for this in reversed(numbers):
        between = text[this.place[1] : later.place[0]] if later else BLANK
        is_tight = tight.fullmatch(between) is not None
        keys = list(this.more)
        # By itself it may be "a"; from one to seven it is a number.
        soft = this.is_soft and not is_tight
        if later and this.unit is None and (is_tight or loose.fullmatch(between)):
            larger = later.large if this.large == 1 else Fraction(1)
            # In 300 to 2 million, the 300 are no millions.
            likely = larger == 1 or this.value <= later.value
            if is_tight and likely:
                # Three to four hundred may begin at three.
                keys += _keys(this.value, None) if larger != 1 else ()
                this = this._replace(unit=later.unit, large=this.large * larger)
            elif likely:
                keys += _keys(this.value * this.large * larger, later.unit)
            inherited = this._replace(unit=later.unit, large=later.large if this.large == 1 else this.large)
        else:
            inherited = this
        yield quantity(*this.place, this.value * this.large, this.unit, *keys, soft=soft)
        later = inherited


def _keys(value: Fraction, unit: Unit | None) -> tuple[type_Key, ...]:
    return quantity(0, 0, value, unit).keys


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
POWER = r"(?:\s?[×xX*]\s?10(?:\^(?P<power>\d{1,2})|(?P<superscript>[⁰¹²³⁴-⁹]{1,2})))"
"""Of ten, behind a number: 4 × 10⁹."""


def power(match: re.Match[str]) -> int:
    digits = match["power"] or (match["superscript"] or "0").translate(_SUPERSCRIPTS)
    return int(10 ** int(digits)) if int(digits) <= 30 else 1
