"""What changed between two texts: by word in English, by character in Chinese, and block by block in rich text.

What is marked is plain <ins> and <del>, which many screen readers pass over: whoever shows it adds "inserted" and
"removed", visually hidden, by CSS (`ins::before { content: … }`). The HTML that comes back is safe to show as it is.

The cost is bounded without a clock, so that the same two texts always compare alike. The longest common subsequence is
found row by row in the bits of one integer, which a machine word at a time makes some hundred times faster than cell by
cell; beyond CELLS, what lies between the common beginning and the common end counts as replaced.

Pure: imports no model and runs no query.
"""

import hashlib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from html import escape
from html.parser import HTMLParser
from itertools import accumulate, groupby, pairwise
from math import isqrt
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeVar

from publishing import richtext

CELLS = 2_500_000_000  # words of one text times words of the other
BLOCK_CELLS = 100_000  # blocks times blocks, all of them changed, in one place
LIKE = 0.25  # how much of two blocks must agree for one to be a new form of the other
DEPTH = 32  # how deep lists, quotations and tables are followed into one another


class Op(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"

    @property
    def tags(self) -> tuple[str, ...]:
        return {Op.EQUAL: (), Op.INSERT: ("<ins>",), Op.DELETE: ("<del>",)}[self]


# Words ----------------------------------------------------------------------------------------------------------------

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


def _words(pieces: Sequence[Piece]) -> list[Word]:
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


# Plain text -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    op: Op
    text: str


def diff_text(old: str, new: str) -> list[Change]:
    """Readable rather than shortest. Without what is inserted it is the old text, without what is deleted the new."""
    found = _diff_words(_words([(old, ())]), _words([(new, ())]))
    return [Change(op, "".join(word.text for word in words)) for op, words in found]


@dataclass
class _Match:
    """So many words, from there on in the old text and from there on in the new, are the same."""

    old: int
    new: int
    size: int


def _diff_words(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[Op, Sequence[Word]]]:
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
        (old_words[i], new_words[j]) for i, j in _common([old[at] for at in old_words], [new[at] for at in new_words])
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


# The longest common subsequence ---------------------------------------------------------------------------------------


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Where both have the same, in order: as many pairs of places as there can be."""
    start = _agreeing(old, new)
    end = _agreeing(old[start:][::-1], new[start:][::-1])
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


def _agreeing(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
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


# Rich text ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or cell, or one paragraph of several in one of these."""

    kind: str
    """h2 or h3, or the tag of what it stands in (li, th, td, blockquote), or p."""
    html: str
    """What is inside it, in one spelling."""
    text: str

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of its words, bold and links; the same wherever the block stands."""
        return hashlib.sha256(self.html.encode()).hexdigest()


def blocks(html: str) -> list[Block]:
    """Those that hold text, in order."""
    return list(_blocks(_read(html), "p"))


def diff_html(old: str, new: str) -> str:
    """Both texts as one, what was removed in <del> and what was added in <ins>, which stand inside the blocks.

    Without the <del>, it has the blocks of the new text, without the <ins> those of the old, letter for letter.
    """
    return _diff(_read(old), _read(new))


@dataclass(frozen=True)
class _Node:
    """A block with its text, or a list, row and so on with its children."""

    kind: str
    """The opening tag: a cell with another colspan is another cell."""
    pieces: tuple[Piece, ...] = ()
    children: tuple["_Node", ...] = ()

    @cached_property
    def html(self) -> str:
        return self.around(_inline([(Op.EQUAL, self.pieces)]) + "".join(child.html for child in self.children))

    @cached_property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces) or "\n".join(child.text for child in self.children)

    @property
    def tag(self) -> str:
        return _tag(self.kind)

    def around(self, inside: str) -> str:
        return f"{self.kind}{inside}</{self.tag}>"


def _blocks(nodes: Iterable[_Node], within: str) -> Iterator[Block]:
    for node in nodes:
        if node.pieces:
            yield Block(within if node.tag == "p" else node.tag, _inline([(Op.EQUAL, node.pieces)]), node.text)
        else:
            yield from _blocks(node.children, node.tag if node.tag in _HOLDERS else within)


Columns = Sequence[tuple[slice, slice]]
"""Each with its cell in an old row and in a new one; an empty slice where there is none."""


def _diff(old: Sequence[_Node], new: Sequence[_Node], columns: Columns = ()) -> str:
    return "".join(_diff_node(before, after, columns) for before, after in align(old, new))


def _diff_node(old: _Node | None, new: _Node | None, columns: Columns) -> str:
    node = new or old
    assert node
    if old and new and old.html == new.html:
        return node.html
    if node.pieces:
        return node.around(_inline(_diff_pieces(old.pieces if old else (), new.pieces if new else ())))
    before, after = old.children if old else (), new.children if new else ()
    if node.tag == "tr":
        cells = (_diff(before[i], after[j]) for i, j in columns or _columns(before, after))
        return node.around("".join(cell or "<td></td>" for cell in cells))
    if node.tag == "table":
        columns = _table_columns(_rows(before), _rows(after))
    return node.around(_diff(before, after, columns))


def _diff_pieces(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[tuple[Op, list[Piece]]]:
    for op, words in _diff_words(_words(old), _words(new)):
        yield op, [piece for word in words for piece in word.pieces]


def _columns(old: Sequence[_Node], new: Sequence[_Node]) -> Columns:
    if len(old) == len(new):
        return [(slice(at, at + 1), slice(at, at + 1)) for at in range(len(old))]
    columns = []
    i = j = 0
    for before, after in align(old, new):
        columns.append((slice(i, i + bool(before)), slice(j, j + bool(after))))
        i, j = columns[-1][0].stop, columns[-1][1].stop
    return columns


def _table_columns(old: list[Sequence[_Node]], new: list[Sequence[_Node]]) -> Columns:
    """Those of the first row, for all of them; none where the cells make no grid."""
    grid = all(len(row) == len(rows[0]) for rows in (old, new) for row in rows)
    spans = any("span=" in cell.kind for row in [*old, *new] for cell in row)
    return _columns(old[0], new[0]) if old and new and grid and not spans else ()


def _rows(table: Sequence[_Node]) -> list[Sequence[_Node]]:
    return [row.children for section in table for row in section.children]


def _tag(opening: str) -> str:
    return opening[1:-1].partition(" ")[0]


# Reading --------------------------------------------------------------------------------------------------------------

_HOLDERS = {"li", "th", "td", "blockquote"}
_TEXT_BLOCKS = {"p", "h2", "h3"}
_CONTAINERS = _HOLDERS | {"ul", "ol", "table", "thead", "tbody", "tr"}
_SPACE = re.compile(r"[ \t\n\r\f]+")


def _read(html: str) -> list[_Node]:
    reader = _Reader()
    reader.feed(richtext.clean(html))
    reader.close()
    reader.end_block()
    return reader.levels[0][1]


class _Reader(HTMLParser):
    """Reads what the cleaner wrote, where all is closed in order, and levels what makes no difference to a reader.

    Text that stands loose in a list item, a cell or a quotation is a paragraph, as the editor writes it; bold and links
    around blocks go inside; what is empty goes, but for cells.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.levels: list[tuple[str, list[_Node]]] = [("", [])]
        self.kinds = ["p"]  # of the text that comes
        self.marks: list[str] = []
        self.pieces: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.pieces.append(("\n", (*self._marks(), "<br>")))
        elif tag in _TEXT_BLOCKS:
            self.end_block()
            self.kinds.append(tag)
        elif tag in _CONTAINERS:
            self.end_block()
            self.kinds.append("p")
            deep = len(self.levels) >= DEPTH
            self.levels.append(("", self.levels[-1][1]) if deep else (_opening(tag, attrs), []))
        else:
            self.marks.append(_opening(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _TEXT_BLOCKS | _CONTAINERS:
            self.end_block()
            self.kinds.pop()
            if tag in _CONTAINERS:
                opening, children = self.levels.pop()
                if opening and (children or tag in ("th", "td")):
                    self.levels[-1][1].append(_Node(opening, children=tuple(children)))
        elif tag != "br":
            self.marks.pop()

    def handle_data(self, data: str) -> None:
        self.pieces.append((data, self._marks()))

    def end_block(self) -> None:
        pieces, self.pieces = _collapsed(self.pieces), []
        if any(text.strip() for text, _ in pieces):
            self.levels[-1][1].append(_Node(f"<{self.kinds[-1]}>", pieces))

    def _marks(self) -> Marks:
        links = [mark for mark in self.marks if _tag(mark) == "a"]
        return (*links[-1:], *(["<strong>"] if "<strong>" in self.marks else []))


def _opening(tag: str, attributes: list[tuple[str, str | None]]) -> str:
    # The editor writes colspan="1" on every cell.
    kept = sorted((name, value or "") for name, value in attributes if value != "1" or not name.endswith("span"))
    return f"<{tag}" + "".join(f' {name}="{_escaped(value, quote=True)}"' for name, value in kept) + ">"


def _escaped(text: str, *, quote: bool = False) -> str:
    text = escape(text, quote=False).replace("\xa0", "&nbsp;")
    return text.replace('"', "&quot;") if quote else text


def _collapsed(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """White space as a browser shows it, and what has the same marks as one piece."""
    found: list[Piece] = []
    before = "\n"

    def drop_space() -> None:
        if found and before == " ":
            text, marks = found.pop()
            if text != " ":
                found.append((text[:-1], marks))

    for text, marks in pieces:
        if "<br>" in marks:
            drop_space()
        else:
            text = _SPACE.sub(" ", text)
            text = text[1:] if before in " \n" and text.startswith(" ") else text
        if text:
            found.append((text, marks))
            before = text[-1]
    drop_space()
    return tuple(("".join(text for text, _ in run), marks) for marks, run in groupby(found, key=itemgetter(1)))


# Writing --------------------------------------------------------------------------------------------------------------


def _inline(changes: Iterable[tuple[Op, Iterable[Piece]]]) -> str:
    """A link with changed words in it stays one link; everywhere else the mark of the change is outermost."""
    pieces = ((op, marks, text) for op, run in changes for text, marks in run)
    runs = [(*key, "".join(text for _, _, text in run)) for key, run in groupby(pieces, key=itemgetter(0, 1))]
    html: list[str] = []
    opened: Marks = ()
    for link, group in groupby(runs, key=lambda run: run[1][:1] if run[1] and _tag(run[1][0]) == "a" else ()):
        linked = list(group)
        inside = link if len({op for op, _, _ in linked}) > 1 else ()
        for op, marks, text in linked:
            tags = (*inside, *op.tags, *marks[len(inside) :])
            if tags[-1:] == ("<br>",):
                tags, text = tags[:-1], "<br>" * len(text)
            else:
                text = _escaped(text)
            html += [*_moved(opened, tags), text]
            opened = tags
    return "".join([*html, *_moved(opened, ())])


def _moved(opened: Marks, tags: Marks) -> Iterator[str]:
    """What closes and opens on the way from inside some tags to inside others."""
    shared = _agreeing(opened, tags)
    yield from (f"</{_tag(tag)}>" for tag in reversed(opened[shared:]))
    yield from tags[shared:]


# Aligning -------------------------------------------------------------------------------------------------------------


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
        return _common([(block.kind, block.html) for block in old], [(block.kind, block.html) for block in new])

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
    before, after = _read(old.html if old else ""), _read(new.html if new else "")
    if before and after:
        same = [node.html for node in before] == [node.html for node in after]
        state = State.UNCHANGED if same else State.CHANGED
    else:
        state = State.ADDED if after else State.REMOVED
    return PartDiff(part.key, part.label, state, _diff(before, after))
