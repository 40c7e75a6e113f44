"""A text and its translation, row by row, and how they stay side by side while both change. Pure.

A row is what a translator has in hand at a time: one block of rich text (a paragraph, a heading, a whole list or
table), or the whole of a plain text. A `Piece` keeps what a row was translated from beside its translation, so a change
of the source is seen in the very rows that it concerns, and the others stay done. A text is the sum of its blocks,
letter for letter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from publishing import compare, richtext

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:\s(?:[^<>\"]|\"[^\"]*\")*)?>")


@dataclass(frozen=True)
class Piece:
    """A block of a translation, and the block of the source that it was translated from; either may be ""."""

    source: str
    target: str


class Step(StrEnum):
    """What a row asks of the translator."""

    DONE = "done"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    """The source has it no more."""


@dataclass(frozen=True)
class Row:
    source: str
    """As it is now; "" where it is gone."""
    before: str
    """What the translation was made from; "" where there is none."""
    target: str

    @property
    def step(self) -> Step:
        if not self.source:
            return Step.GONE
        if not self.target:
            return Step.NEW
        return Step.DONE if same(self.source, self.before) else Step.CHANGED


def same(one: str, other: str) -> bool:
    """Whether two texts say the same in the same form. Editors differ in the white space between blocks, and in whether
    there is a paragraph in a list item.
    """
    return one == other or (_is_rich(one) and _is_rich(other) and _form(one) == _form(other))


def _is_rich(text: str) -> bool:
    return text.lstrip().startswith("<")


def _form(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.html) for block in compare.blocks(text)]


def split(text: str, is_rich: bool) -> list[str]:
    """The blocks of a text: `"".join(split(text, …)) == text`. None of a blank one."""
    if richtext.is_blank(text):
        return []
    if not is_rich:
        return [text]
    blocks: list[str] = []
    depth = start = 0
    for match in _TAG.finditer(text):
        closes, name = match.groups()
        if name == "br":
            continue
        if not closes:
            if depth == 0 and name in _BLOCKS and (richtext.is_blank(text[start : match.start()]) is False):
                blocks.append(text[start : match.start()])
                start = match.start()
            depth += 1
        else:
            depth = max(depth - 1, 0)
            if depth == 0 and name in _BLOCKS:
                blocks.append(text[start : match.end()])
                start = match.end()
    if start < len(text):
        if blocks and richtext.is_blank(text[start:]):
            blocks[-1] += text[start:]
        else:
            blocks.append(text[start:])
    return _without_blank(blocks)


_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "table"}


def _without_blank(blocks: list[str]) -> list[str]:
    """An empty paragraph goes with the one before it, or the first one with the next."""
    kept: list[str] = []
    before = ""
    for block in blocks:
        if not richtext.is_blank(block):
            kept.append(before + block)
            before = ""
        elif kept:
            kept[-1] += block
        else:
            before += block
    return kept


def rows(pieces: Sequence[Piece], sources: Sequence[str]) -> list[Row]:
    """What there is to do: the blocks of the source as it is now, beside those that were translated.

    All in one row where the translation has other blocks than its source, so that nobody knows which belongs to which.
    """
    if len(pieces) == 1 and len(split(pieces[0].source, True)) > 1:
        return [Row("".join(sources), pieces[0].source, pieces[0].target)]
    if [piece.source for piece in pieces] == list(sources):  # most of the time
        return [Row(piece.source, piece.source, piece.target) for piece in pieces]
    old = [_Block(piece.source, piece) for piece in pieces]
    new = [_Block(source) for source in sources]
    found = []
    for before, after in compare.align(old, new):
        piece = before.piece if before else None
        row = Row(after.stored if after else "", piece.source if piece else "", piece.target if piece else "")
        if row.source or row.target:
            found.append(row)
    return found


def write(found: Sequence[Row], index: int, target: str) -> list[Piece]:
    """The pieces after one row was written: it translates the source as it is now; all others stay what they were."""
    pieces = []
    for place, row in enumerate(found):
        if place == index:
            pieces += _pieces(row.source, target)
        elif row.target:
            pieces.append(Piece(row.before, row.target))
    return pieces


def _pieces(source: str, target: str) -> list[Piece]:
    """Block by block where both have as many."""
    sources, targets = split(source, True), split(target, True)
    if len(sources) == len(targets):
        return [Piece(*pair) for pair in zip(sources, targets, strict=True)]
    return [Piece(source, target)] if target else []


def accept(found: Sequence[Row]) -> list[Piece]:
    """The pieces when somebody has said that the translation holds for the source as it is now."""
    return [piece for row in found if row.source for piece in _pieces(row.source, row.target)]


def follow(pieces: Sequence[Piece], sources: Sequence[str], targets: Sequence[str]) -> list[Piece]:
    """The pieces after the translation was written elsewhere: as one text, in the form of a document or from a file.

    A block that was not touched stays the translation of what it was made from. One that was is taken to translate the
    source as it is now: that is what its writer had before them.
    """
    if not targets:
        return []
    if "".join(piece.target for piece in pieces) == "".join(targets):
        return list(pieces)
    now = _sources_now(pieces, sources)
    if len(targets) == len(pieces):
        return [
            Piece(piece.source if same(piece.target, target) else now[place], target)
            for place, (piece, target) in enumerate(zip(pieces, targets, strict=True))
        ]
    if len(targets) == len(sources):
        kept = [(piece.target, piece.source) for piece in pieces]
        return [
            Piece(next((of for known, of in kept if same(known, target)), source), target)
            for source, target in zip(sources, targets, strict=True)
        ]
    return [Piece("".join(sources), "".join(targets))]


def _sources_now(pieces: Sequence[Piece], sources: Sequence[str]) -> list[str]:
    """What has become of the source of each piece; itself where it is gone."""
    old = [_Block(piece.source, place=place) for place, piece in enumerate(pieces)]
    now = [piece.source for piece in pieces]
    for before, after in compare.align(old, [_Block(source) for source in sources]):
        if before and after:
            now[before.place] = after.stored
    return now


@dataclass(frozen=True, eq=False)
class _Block:
    """As `compare.align` wants them."""

    stored: str
    piece: Piece | None = None
    place: int = 0

    @cached_property
    def kind(self) -> str:
        match = _TAG.match(self.stored.lstrip())
        return match[2] if match else ""

    @cached_property
    def html(self) -> str:
        """Alike for what `same` calls the same."""
        return repr(_form(self.stored)) if _is_rich(self.stored) else self.stored

    @cached_property
    def text(self) -> str:
        return richtext.plain_text(self.stored)


_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W_]+(?:['’.,-][^\W_]+)*")


def words(text: str, is_rich: bool) -> int:
    """How many there are to translate; a Chinese character counts as one."""
    return sum(1 for _match in _WORD.finditer(richtext.plain_text(text) if is_rich else text))


def characters(text: str, is_rich: bool) -> int:
    """Without white space."""
    return sum(not char.isspace() for char in (richtext.plain_text(text) if is_rich else text))
