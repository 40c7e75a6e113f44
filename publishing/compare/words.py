"""Words, and what changed between two plain texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from .subsequence import common


class Op(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"

    @property
    def tags(self) -> tuple[str, ...]:
        return {Op.EQUAL: (), Op.INSERT: ("<ins>",), Op.DELETE: ("<del>",)}[self]


_HAN = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_HAN}]"
_JOINER = r"[\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
_UNIT = (
    r"%|‰|°[CF]?|℃|℉|mmHg|kcal|mmol|mol|IU|Hz|[mkµμcdn]?[gmLl]|mcg|ms|min|s|h|d|U"
    r"|毫克|微克|公斤|千克|克|毫升|升|毫米|厘米|万|亿"
)
_TOKEN = re.compile(
    rf"\d+(?:[.,:]\d+)*(?:[ \xa0\u202f]?(?:{_UNIT})(?:/(?:{_UNIT}))*(?![A-Za-z]))?"
    rf"|{_LETTER}(?:{_LETTER}|\d|{_JOINER}|['’]{_LETTER})*"
    rf"|\s+"
    rf"|.(?:{_JOINER}|(?<=\u200d).)*",
    re.DOTALL,
)


def tokens(text: str) -> list[str]:
    """Words, numbers with their units, runs of white space, and every other character by itself; nothing is left out.

    What decides is how a word is written: a Latin one is whole in a Chinese text, too, and a Chinese one never is.
    """
    return _TOKEN.findall(text)


Marks = tuple[str, ...]
"""The tags that a piece of text stands in: a link, then bold; or "<br>" of a line break."""
Piece = tuple[str, Marks]


class Word(NamedTuple):
    text: str
    pieces: tuple[Piece, ...]
    """More than one where bold or a link begins or ends within the word."""


def words_of(pieces: Sequence[Piece]) -> list[Word]:
    if len(pieces) == 1:
        return [Word(token, ((token, pieces[0][1]),)) for token in tokens(pieces[0][0])]
    text = "".join(text for text, _ in pieces)
    marks = [marks for text, marks in pieces for _ in text]
    words, end = [], 0
    for token in tokens(text):
        start, end = end, end + len(token)
        runs = groupby(zip(token, marks[start:end], strict=True), key=itemgetter(1))
        words.append(Word(token, tuple(("".join(char for char, _ in run), marks) for marks, run in runs)))
    return words


# What changed ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    op: Op
    text: str


def diff_text(old: str, new: str) -> list[Change]:
    """Readable rather than shortest. Without what is inserted it is the old text, without what is deleted the new."""
    found = diff_words(words_of([(old, ())]), words_of([(new, ())]))
    return [Change(op, "".join(word.text for word in words)) for op, words in found]


@dataclass
class _Match:
    """So many words, from there on in the old text and from there on in the new, are the same."""

    old: int
    new: int
    size: int


def diff_words(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[Op, Sequence[Word]]]:
    changes: list[tuple[Op, Sequence[Word]]] = []
    for left, right in pairwise(_slid(_readable(_matches(old, new), old, new), old, new)):
        changes += [
            (Op.EQUAL, old[left.old : left.old + left.size]),
            (Op.DELETE, old[left.old + left.size : right.old]),
            (Op.INSERT, new[left.new + left.size : right.new]),
        ]
    return [(op, words) for op, words in changes if words]


def _matches(old: Sequence[Word], new: Sequence[Word]) -> list[_Match]:
    """From an empty one at the start to an empty one at the end.

    White space is the same where the word beside it is: there is so much of it that it would be found anywhere.
    """
    old_words = [at for at, word in enumerate(old) if not word.text.isspace()]
    new_words = [at for at, word in enumerate(new) if not word.text.isspace()]
    pairs = [
        (old_words[i], new_words[j]) for i, j in common([old[at] for at in old_words], [new[at] for at in new_words])
    ]
    same: list[tuple[int, int]] = []
    a = b = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if a < i and b < j and old[a] == new[b]:
            same.append((a, b))
            a, b = a + 1, b + 1
        if a < i and b < j and old[i - 1] == new[j - 1]:
            same.append((i - 1, j - 1))
        same.append((i, j))
        a, b = i + 1, j + 1
    matches = [_Match(0, 0, 0)]
    for i, j in same[:-1]:  # the last one is where both end
        last = matches[-1]
        if (last.old + last.size, last.new + last.size) == (i, j):
            last.size += 1
        else:
            matches.append(_Match(i, j, 1))
    return [*matches, _Match(len(old), len(new), 0)]


def _readable(matches: list[_Match], old: Sequence[Word], new: Sequence[Word]) -> list[_Match]:
    """Without those that are no longer than the changes on both sides: these are easier to read as one."""
    old_at = list(accumulate((len(word.text) for word in old), initial=0))
    new_at = list(accumulate((len(word.text) for word in new), initial=0))

    def changed(left: _Match, right: _Match) -> int:
        return max(
            old_at[right.old] - old_at[left.old + left.size],
            new_at[right.new] - new_at[left.new + left.size],
        )

    kept = matches[:1]
    for match in matches[1:]:
        while len(kept) > 1:
            last = kept[-1]
            length = old_at[last.old + last.size] - old_at[last.old]
            if length > min(changed(kept[-2], last), changed(last, match)):
                break
            kept.pop()
        kept.append(match)
    return kept


def _slid(matches: list[_Match], old: Sequence[Word], new: Sequence[Word]) -> list[_Match]:
    """What was only inserted, or only deleted, moved to where a sentence or a word begins, where there is a choice."""
    for left, right in pairwise(matches):
        gaps = (old, left.old + left.size, right.old), (new, left.new + left.size, right.new)
        filled = [gap for gap in gaps if gap[1] < gap[2]]
        if len(filled) != 1:
            continue
        ((words, start, end),) = filled
        back = 0
        while back < left.size and words[start - back - 1] == words[end - back - 1]:
            back += 1
        on = 0
        while on < right.size and words[start + on] == words[end + on]:
            on += 1
        if back or on:
            by = max(range(-back, on + 1), key=lambda by: (_edge(words, start + by) + _edge(words, end + by), by))
            left.size += by
            right.old, right.new, right.size = right.old + by, right.new + by, right.size - by
    kept = [match for match in matches[1:] if match.size]
    return [matches[0], *kept, _Match(len(old), len(new), 0)]


def _edge(words: Sequence[Word], at: int) -> int:
    """How well a text may be cut before that word."""
    if at in (0, len(words)):
        return 4
    before, after = words[at - 1].text, words[at].text
    if before.isspace():
        if "\n" in before:
            return 4
        return 3 if at > 1 and words[at - 2].text in ".!?" else 2
    if before in "。！？；":
        return 3
    return 2 if before in "，、：" else int(not after[0].isalnum())
