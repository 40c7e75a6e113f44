"""Numbers, units, percentages, ranges, dates and frequencies, by what they mean. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from . import chinese_quantities, english_quantities
from .pairs import Found, Pair, Span
from .quantities import Quantity, type_Key
from .units import TIME


def check(pair: Pair) -> Iterator[Found]:
    """Paragraph by paragraph where both texts have as many; order does not count, for languages differ in it."""
    for chinese, english in pair.blocks():
        ours = chinese_quantities.quantities(pair.chinese.folded[slice(*chinese)])
        theirs = english_quantities.quantities(pair.english.folded[slice(*english)])
        for one, other in differences(ours, theirs):
            yield _found(pair, one, other, chinese.start, english.start)


MOST = 100
"""Differences in one paragraph that are looked into; a text with more is no translation of the other."""


def differences(chinese: list[Quantity], english: list[Quantity]) -> list[tuple[Quantity | None, Quantity | None]]:
    """Quantities of the one that the other does not have, side by side where they seem to be the same one changed."""
    left, right = unmatched(chinese, english)
    found: list[tuple[Quantity | None, Quantity | None]] = []
    left, right = left[:MOST], right[:MOST]
    _take_rivals(left, right, found)
    if any(one.parts for one in left + right):
        left, right = unmatched(list(_parts(left)), list(_parts(right)))
        _take_rivals(left, right, found)
    left, right = left[:MOST], right[:MOST]
    left, right = _without_repetitions(left, right, english), _without_repetitions(right, left, chinese)
    right.sort(key=lambda other: other.is_soft)
    for likeness in (_have_the_same_number, _are_of_a_kind, _must_both_be_said):
        for one in list(left):
            other = next((o for o in right if not (one.is_soft and o.is_soft) and likeness(one, o)), None)
            if other:
                found.append((one, other))
                left.remove(one)
                right.remove(other)
    found += [(one, None) for one in left if not one.is_soft]
    found += [(None, other) for other in right if not other.is_soft]
    return found


def _take_rivals(
    left: list[Quantity], right: list[Quantity], found: list[tuple[Quantity | None, Quantity | None]]
) -> None:
    """Both speak of a rate, or have a name with figures of one kind, and not of the same."""
    for one in list(left):
        if one.is_soft and (other := next((o for o in right if o.is_soft and _are_rivals(one, o)), None)):
            found.append((one, other))
            left.remove(one)
            right.remove(other)


def unmatched(left: list[Quantity], right: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """What is left when each has been paired with one that may mean the same, hard ones first."""
    for soft in ((False, False), (False, True), (True, False), (True, True)):
        left, right = _pair_off(left, right, *soft)
        if not left or not right:
            break
    return left, right


def _pair_off(
    left: list[Quantity], right: list[Quantity], soft_left: bool, soft_right: bool
) -> tuple[list[Quantity], list[Quantity]]:
    by_key: dict[type_Key, list[int]] = defaultdict(list)
    for index in range(len(right) - 1, -1, -1):
        if right[index].is_soft == soft_right:
            for key in right[index].keys:
                by_key[key].append(index)
    taken: set[int] = set()
    rest = []
    for one in left:
        if one.is_soft != soft_left or not _takes_one(one, by_key, taken):
            rest.append(one)
    return rest, [other for index, other in enumerate(right) if index not in taken]


def _takes_one(one: Quantity, by_key: dict[type_Key, list[int]], taken: set[int]) -> bool:
    for key in one.keys:
        indices = by_key.get(key)
        while indices:
            index = indices.pop()
            if index not in taken:
                taken.add(index)
                return True
    return False


def _parts(quantities: list[Quantity]) -> Iterator[Quantity]:
    for one in quantities:
        yield from one.parts or (one,)


def _without_repetitions(quantities: list[Quantity], rest: list[Quantity], others: list[Quantity]) -> list[Quantity]:
    """One language may say once what the other says twice, but for a dose; not where it says another thing instead."""
    said = {key for other in others for key in other.keys}
    instead = any(not other.is_soft for other in rest)
    return [
        one
        for one in quantities
        if one.is_soft
        or one.is_grave
        or instead
        or said.isdisjoint(one.keys)
        or any(_are_of_a_kind(one, other) for other in rest)
    ]


def _have_the_same_number(one: Quantity, other: Quantity) -> bool:
    return one.number is not None and one.number == other.number


def _are_of_a_kind(one: Quantity, other: Quantity) -> bool:
    return one.keys[0][0] == other.keys[0][0]


def _must_both_be_said(one: Quantity, other: Quantity) -> bool:
    return not one.is_soft and not other.is_soft


def _are_rivals(one: Quantity, other: Quantity) -> bool:
    dimension = one.keys[0][0]
    if dimension.startswith("per "):
        return other.keys[0][0].startswith("per ")
    if dimension == "code":
        return other.keys[0][0] == "code" and _letters(one) == _letters(other)
    # 一天 and "a week", neither of which the other text has.
    ours, theirs = _lengths(one), _lengths(other)
    if ours and theirs:
        return ours.isdisjoint(theirs)
    return dimension == other.keys[0][0] and dimension in ("next", "last", "same", "few", "some")


def _lengths(quantity: Quantity) -> set[type_Key]:
    return {key for key in quantity.keys if key[0] in TIME}


def _letters(code: Quantity) -> str:
    return str(code.keys[0][1]).rstrip("0123456789")


def _found(pair: Pair, one: Quantity | None, other: Quantity | None, first: int, second: int) -> Found:
    chinese = one and Span(first + one.start, first + one.end)
    english = other and Span(second + other.start, second + other.end)
    said = {
        "chinese": pair.chinese.plain[slice(*chinese)] if chinese else "",
        "english": pair.english.plain[slice(*english)] if english else "",
    }
    source, target = ("chinese", "english") if pair.source.is_chinese else ("english", "chinese")
    words = {"source": said[source].strip(), "target": said[target].strip()}
    grave = any(quantity and quantity.is_grave for quantity in (one, other))
    dimensions = {quantity.keys[0][0] for quantity in (one, other) if quantity}
    if one and other and _have_the_same_number(one, other) and dimensions != {""}:
        return pair.found("B004", "blocker", chinese, english, **words)
    missing = "1" if one and other else "2" if words["source"] else "3"
    return pair.found(
        f"{'B' if grave else 'W'}00{missing}", "blocker" if grave else "warning", chinese, english, **words
    )
