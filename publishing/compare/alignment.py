"""Which block of the new text is which of the old one, or has become of it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from .subsequence import common
from .words import tokens

BLOCK_CELLS = 100_000  # blocks times blocks, all of them changed, in one place
LIKE = 0.25  # how much of two blocks must agree for one to be a new form of the other


class Alignable(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...


T = TypeVar("T", bound=Alignable)
Pairs = list[tuple[T | None, T | None]]


def align(old: Sequence[T], new: Sequence[T]) -> Pairs[T]:
    """Each old block beside the new one that it is or has become, of the same kind; None where there is none.

    First those that are the same; between these, those that are alike; between these, those in the same place.
    """

    def same(old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int]]:
        return common([(block.kind, block.html) for block in old], [(block.kind, block.html) for block in new])

    def alike(old: Sequence[T], new: Sequence[T]) -> Pairs[T]:
        return _between(_alike(old, new), old, new, _in_place)

    return _between(same(old, new), old, new, alike)


def _between(
    places: list[tuple[int, int]],
    old: Sequence[T],
    new: Sequence[T],
    fill: Callable[[Sequence[T], Sequence[T]], Pairs[T]],
) -> Pairs[T]:
    """The pairs at these places, and before, between and after them what `fill` makes of the rest."""
    pairs: Pairs[T] = []
    a = b = 0
    for i, j in places:
        pairs += [*fill(old[a:i], new[b:j]), (old[i], new[j])]
        a, b = i + 1, j + 1
    return [*pairs, *fill(old[a:], new[b:])]


def _in_place(old: Sequence[T], new: Sequence[T]) -> Pairs[T]:
    if len(old) != len(new):
        return [*((block, None) for block in old), *((None, block) for block in new)]
    pairs: Pairs[T] = []
    for before, after in zip(old, new, strict=True):
        pairs += [(before, after)] if before.kind == after.kind else [(before, None), (None, after)]
    return pairs


def _alike(old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int]]:
    """The places of the pairs that, in order, have most in common."""
    if len(old) * len(new) > BLOCK_CELLS:
        return []
    old_parts, new_parts = [_parts(block) for block in old], [_parts(block) for block in new]
    likeness: dict[tuple[int, int], float] = {}
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            like = _likeness(old_parts[i], new_parts[j]) if old[i].kind == new[j].kind else 0.0
            if like >= LIKE and best[i + 1][j + 1] + like > best[i][j]:
                likeness[i, j] = best[i][j] = best[i + 1][j + 1] + like
    places = []
    i = j = 0
    while i < len(old) and j < len(new):
        if (i, j) in likeness:
            places.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return places


def _parts(block: Alignable) -> set[tuple[str, str]]:
    """Every two words in a row; one alone says too little in Chinese."""
    words = [token for token in tokens(block.text) if token[0].isalnum()]
    return set(pairwise(["", *words, ""]))


def _likeness(old: set[tuple[str, str]], new: set[tuple[str, str]]) -> float:
    return 2 * len(old & new) / (len(old) + len(new))
