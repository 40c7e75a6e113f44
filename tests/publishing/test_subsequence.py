from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from publishing.compare.subsequence import common


def longest_length(old: Sequence[int], new: Sequence[int]) -> int:
    row = [0] * (len(new) + 1)
    for a in old:
        above, row = row, [0]
        for at, b in enumerate(new):
            row.append(above[at] + 1 if a == b else max(row[-1], above[at + 1]))
    return row[-1]


@given(st.lists(st.integers(0, 3), max_size=30), st.lists(st.integers(0, 3), max_size=30))
def test_as_much_as_can_be_is_found_to_be_the_same(old: list[int], new: list[int]) -> None:
    pairs = common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    assert len(pairs) == longest_length(old, new)
