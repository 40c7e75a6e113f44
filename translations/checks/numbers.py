"""Numbers, units, percentages, ranges, dates and frequencies, by what they mean. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from . import chinese_quantities, english_quantities
from .pairs import Found, Pair, Span
from .quantities import Quantity, type_Key


def check(pair: Pair) -> Iterator[Found]:
    """Paragraph by paragraph where both texts have as many; order does not count, for languages differ in it."""
    for chinese, english in pair.blocks():
        ours = chinese_quantities.quantities(pair.chinese.folded[slice(*chinese)])
        theirs = english_quantities.quantities(pair.english.folded[slice(*english)])
        for one, other in differences(ours, theirs):
            yield _found(pair, one, other, chinese.start, english.start)


def differences(chinese: list[Quantity], english: list[Quantity]) -> list[tuple[Quantity | None, Quantity | None]]:
    """Quantities of the one that the other does not have, side by side where they seem to be the same one changed."""
    left, right = unmatched(chinese, english)
    if any(one.parts for one in left + right):
        left, right = unmatched(list(_parts(left)), list(_parts(right)))
    if not any(not one.is_soft for one in right):
        left = [one for one in left if one.is_soft or one.is_grave or not _is_said(one, english)]
    if not any(not one.is_soft for one in left):
        right = [one for one in right if one.is_soft or one.is_grave or not _is_said(one, chinese)]
    hard_left = [one for one in left if not one.is_soft]
    hard_right = [one for one in right if not one.is_soft]
    found: list[tuple[Quantity | None, Quantity | None]] = []
    for likeness in (_same_number, _same_dimension, _any):
        for one in list(hard_left):
            for pool in (hard_right, [other for other in right if other.is_soft]):
                other = next((other for other in pool if likeness(one, other)), None)
                if other and (other in hard_right or likeness is not _any):
                    found.append((one, other))
                    hard_left.remove(one)
                    right.remove(other)
                    if other in hard_right:
                        hard_right.remove(other)
                    break
        for other in list(hard_right):
            one_ = next((one for one in left if one.is_soft and likeness(one, other)), None)
            if one_ and likeness is not _any:
                found.append((one_, other))
                hard_right.remove(other)
                left.remove(one_)
    found += [(one, None) for one in hard_left]
    found += [(None, other) for other in hard_right]
    # Both speak of a rate, or have a name with figures of one kind, and not of the same.
    for one in left:
        if one.is_soft and (other := next((o for o in right if o.is_soft and _are_rivals(one, o)), None)):
            found.append((one, other))
            right.remove(other)
    return found


def unmatched(left: list[Quantity], right: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """What is left when each has been paired with one that may mean the same: hard ones first, closest reading first."""
    for soft in ((False, False), (False, True), (True, False), (True, True)):
        left, right = _pair_off(left, right, *soft)
        if not left or not right:
            break
    return left, right


def _pair_off(
    left: list[Quantity], right: list[Quantity], soft_left: bool, soft_right: bool
) -> tuple[list[Quantity], list[Quantity]]:
    by_key: dict[type_Key, list[int]] = defaultdict(list)
    for index, other in enumerate(right):
        if other.is_soft == soft_right:
            for key in other.keys:
                by_key[key].append(index)
    taken: set[int] = set()
    rest = []
    for one in left:
        if one.is_soft == soft_left:
            for key in one.keys:
                index = next((index for index in by_key.get(key, ()) if index not in taken), None)
                if index is not None:
                    taken.add(index)
                    break
            else:
                rest.append(one)
        else:
            rest.append(one)
    return rest, [other for index, other in enumerate(right) if index not in taken]


def _parts(quantities: list[Quantity]) -> Iterator[Quantity]:
    for one in quantities:
        yield from one.parts or (one,)


def _is_said(one: Quantity, others: list[Quantity]) -> bool:
    """Once for twice."""
    return any(key in other.keys for other in others for key in one.keys)


def _same_number(one: Quantity, other: Quantity) -> bool:
    return one.number is not None and one.number == other.number


def _same_dimension(one: Quantity, other: Quantity) -> bool:
    return one.keys[0][0] == other.keys[0][0]


def _any(one: Quantity, other: Quantity) -> bool:
    return True


def _are_rivals(one: Quantity, other: Quantity) -> bool:
    dimension = one.keys[0][0]
    if dimension.startswith("per "):
        return other.keys[0][0].startswith("per ")
    if dimension == "code":
        return other.keys[0][0] == "code" and _letters(one) == _letters(other)
    return dimension == other.keys[0][0] and dimension in ("next", "last", "same", "few", "some")


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
    if one and other and _same_number(one, other) and one.keys[0][0] != other.keys[0][0]:
        return pair.found("B004", "blocker", chinese, english, **words)
    missing = "1" if one and other else "2" if words["source"] else "3"
    return pair.found(
        f"{'B' if grave else 'W'}00{missing}", "blocker" if grave else "warning", chinese, english, **words
    )
