"""What changed between two rich texts, and between the parts of two editions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .alignment import align
from .nodes import Node, inline, read
from .words import Op, Piece, diff_words, words_of


def diff_html(old: str, new: str) -> str:
    """Both texts as one, what was removed in <del> and what was added in <ins>, which stand inside the blocks.

    Without the <del>, it has the blocks of the new text, without the <ins> those of the old, letter for letter.
    """
    return _diff(read(old), read(new))


Columns = Sequence[tuple[slice, slice]]
"""Each with its cell in an old row and in a new one; an empty slice where there is none."""


def _diff(old: Sequence[Node], new: Sequence[Node], columns: Columns = ()) -> str:
    return "".join(_diff_node(before, after, columns) for before, after in align(old, new))


def _diff_node(old: Node | None, new: Node | None, columns: Columns) -> str:
    node = new or old
    assert node
    if old and new and old.html == new.html:
        return node.html
    if node.pieces:
        return node.around(inline(_diff_pieces(old.pieces if old else (), new.pieces if new else ())))
    before, after = old.children if old else (), new.children if new else ()
    if node.tag == "tr":
        cells = (_diff(before[i], after[j]) for i, j in columns or _columns(before, after))
        return node.around("".join(cell or "<td></td>" for cell in cells))
    if node.tag == "table":
        columns = _table_columns(_rows(before), _rows(after))
    return node.around(_diff(before, after, columns))


def _diff_pieces(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[tuple[Op, list[Piece]]]:
    for op, words in diff_words(words_of(old), words_of(new)):
        yield op, [piece for word in words for piece in word.pieces]


def _columns(old: Sequence[Node], new: Sequence[Node]) -> Columns:
    if len(old) == len(new):
        return [(slice(at, at + 1), slice(at, at + 1)) for at in range(len(old))]
    columns = []
    i = j = 0
    for before, after in align(old, new):
        columns.append((slice(i, i + bool(before)), slice(j, j + bool(after))))
        i, j = columns[-1][0].stop, columns[-1][1].stop
    return columns


def _table_columns(old: list[Sequence[Node]], new: list[Sequence[Node]]) -> Columns:
    """Those of the first row, for all of them; none where the cells make no grid."""
    grid = all(len(row) == len(rows[0]) for rows in (old, new) for row in rows)
    spans = any("span=" in cell.kind for row in [*old, *new] for cell in row)
    return _columns(old[0], new[0]) if old and new and grid and not spans else ()


def _rows(table: Sequence[Node]) -> list[Sequence[Node]]:
    return [row.children for section in table for row in section.children]


# Whole editions -------------------------------------------------------------------------------------------------------


class State(StrEnum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Part(Protocol):
    """As `display.parts` makes them."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def html(self) -> str: ...


@dataclass(frozen=True)
class PartDiff:
    key: str
    label: str
    state: State
    html: str


def diff_parts(old: Iterable[Part], new: Iterable[Part]) -> list[PartDiff]:
    """Each part that holds something in one of the two, in the new order; a removed one follows what it followed."""
    before = {part.key: part for part in old}
    after = {part.key: part for part in new}
    removed: dict[str, list[Part]] = {"": []}
    last = ""
    for key, part in before.items():
        last = key if key in after else last
        removed.setdefault(last, []).extend([] if key in after else [part])
    ordered = [*removed[""]]
    for key, part in after.items():
        ordered += [part, *removed.get(key, [])]
    found = (_diff_part(part, before.get(part.key), after.get(part.key)) for part in ordered)
    return [part for part in found if part.html]


def _diff_part(part: Part, old: Part | None, new: Part | None) -> PartDiff:
    before, after = read(old.html if old else ""), read(new.html if new else "")
    if before and after:
        same = [node.html for node in before] == [node.html for node in after]
        state = State.UNCHANGED if same else State.CHANGED
    else:
        state = State.ADDED if after else State.REMOVED
    return PartDiff(part.key, part.label, state, _diff(before, after))
