"""The longest common subsequence: what two sequences have in common, in order.

It is found row by row in the bits of one integer, which a machine word at a time makes some hundred times faster than
cell by cell; beyond CELLS, nothing is looked for between the common beginning and the common end.
"""

from collections.abc import Hashable, Sequence
from itertools import accumulate
from math import isqrt

CELLS = 2_500_000_000  # items of one times items of the other


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Where both have the same, in order: as many pairs of places as there can be."""
    start = agreeing(old, new)
    end = agreeing(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    # What the other does not have at all need not be looked for.
    shared = set(old[start:old_end]) & set(new[start:new_end])
    a = [at for at in range(start, old_end) if old[at] in shared]
    b = [at for at in range(start, new_end) if new[at] in shared]
    found: list[tuple[int, int]] = []
    if a and b and len(a) * len(b) <= CELLS:
        found = [(a[i], b[j]) for i, j in _longest([old[at] for at in a], [new[at] for at in b])]
    return [
        *((at, at) for at in range(start)),
        *found,
        *zip(range(old_end, len(old)), range(new_end, len(new)), strict=True),
    ]


def agreeing(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """How long the beginning is that they have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Hyyrö's bit-parallel algorithm. A row is an integer with a bit per item of the old sequence, unset where the
    longest common subsequence with the new one so far grows. All rows of a long text would fill the memory: some are
    kept, and those between are computed again on the way back.
    """
    places: dict[Hashable, int] = {}
    for at, item in enumerate(old):
        places[item] = places.get(item, 0) | 1 << at
    empty = (1 << len(old)) - 1

    def add(row: int, item: Hashable) -> int:
        matched = row & places[item]
        return ((row + matched) | (row - matched)) & empty

    step = isqrt(len(new)) + 1
    starts = range(0, len(new), step)
    kept = [empty]
    for start in starts:
        row = kept[-1]
        for item in new[start : start + step]:
            row = add(row, item)
        kept.append(row)

    pairs: list[tuple[int, int]] = []
    column = len(old)
    for start, first in reversed(list(zip(starts, kept, strict=False))):
        rows = list(accumulate(new[start : start + step], add, initial=first))
        for at in reversed(range(1, len(rows))):
            column = (~rows[at] & ((1 << column) - 1)).bit_length()
            if column and rows[at - 1] >> (column - 1) & 1:
                column -= 1
                pairs.append((column, start + at - 1))
    return pairs[::-1]
