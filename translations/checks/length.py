"""A translation that is far longer or shorter than others of its kind. Pure."""

from collections.abc import Iterator
from math import log
from typing import NamedTuple

from .pairs import Found, Pair


class Expected(NamedTuple):
    """How many characters of English stand for one of Chinese, as logarithms; the memory knows its own."""

    mean: float = 1.2
    spread: float = 0.2


USUAL = Expected()
_SHORTEST = 8  # characters of Chinese
_BEYOND = 3  # times the spread; a short text may stray by more


def check(pair: Pair, expected: Expected = USUAL) -> Iterator[Found]:
    chinese, english = len("".join(pair.chinese.plain.split())), len(" ".join(pair.english.plain.split()))
    if not chinese or not english or max(chinese, english / 3) < _SHORTEST:
        return
    strays = log(english / chinese) - expected.mean
    allowed = _BEYOND * expected.spread + max(chinese, _SHORTEST) ** -0.5
    if abs(strays) > allowed:
        is_short = (strays < 0) == pair.source.is_chinese
        target = pair.target
        yield Found("W018", "warning", None, target.span(0, len(target.plain)), {"is_short": "1" if is_short else ""})
