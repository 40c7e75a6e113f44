"""The blocks of rich text, in one spelling whatever the editor makes of it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from operator import itemgetter

from publishing import richtext

from .subsequence import agreeing
from .words import Marks, Op, Piece

DEPTH = 32  # how deep lists, quotations and tables are followed into one another


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
    return list(_blocks(read(html), "p"))


@dataclass(frozen=True)
class Node:
    """A block with its text, or a list, row and so on with its children."""

    kind: str
    """The opening tag: a cell with another colspan is another cell."""
    pieces: tuple[Piece, ...] = ()
    children: tuple["Node", ...] = ()

    @cached_property
    def html(self) -> str:
        return self.around(inline([(Op.EQUAL, self.pieces)]) + "".join(child.html for child in self.children))

    @cached_property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces) or "\n".join(child.text for child in self.children)

    @property
    def tag(self) -> str:
        return tag_of(self.kind)

    def around(self, inside: str) -> str:
        return f"{self.kind}{inside}</{self.tag}>"


def _blocks(nodes: Iterable[Node], within: str) -> Iterator[Block]:
    for node in nodes:
        if node.pieces:
            yield Block(within if node.tag == "p" else node.tag, inline([(Op.EQUAL, node.pieces)]), node.text)
        else:
            yield from _blocks(node.children, node.tag if node.tag in _HOLDERS else within)


def tag_of(opening: str) -> str:
    return opening[1:-1].partition(" ")[0]


# Reading --------------------------------------------------------------------------------------------------------------

_HOLDERS = {"li", "th", "td", "blockquote"}
_TEXT_BLOCKS = {"p", "h2", "h3"}
_CONTAINERS = _HOLDERS | {"ul", "ol", "table", "thead", "tbody", "tr"}
_SPACE = re.compile(r"[ \t\n\r\f]+")


def read(html: str) -> list[Node]:
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
        self.levels: list[tuple[str, list[Node]]] = [("", [])]
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
                    self.levels[-1][1].append(Node(opening, children=tuple(children)))
        elif tag != "br":
            self.marks.pop()

    def handle_data(self, data: str) -> None:
        self.pieces.append((data, self._marks()))

    def end_block(self) -> None:
        pieces, self.pieces = _collapsed(self.pieces), []
        if any(text.strip() for text, _ in pieces):
            self.levels[-1][1].append(Node(f"<{self.kinds[-1]}>", pieces))

    def _marks(self) -> Marks:
        links = [mark for mark in self.marks if tag_of(mark) == "a"]
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


def inline(changes: Iterable[tuple[Op, Iterable[Piece]]]) -> str:
    """A link with changed words in it stays one link; everywhere else the mark of the change is outermost."""
    pieces = ((op, marks, text) for op, run in changes for text, marks in run)
    runs = [(*key, "".join(text for _, _, text in run)) for key, run in groupby(pieces, key=itemgetter(0, 1))]
    html: list[str] = []
    opened: Marks = ()
    for link, group in groupby(runs, key=lambda run: run[1][:1] if run[1] and tag_of(run[1][0]) == "a" else ()):
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
    shared = agreeing(opened, tags)
    yield from (f"</{tag_of(tag)}>" for tag in reversed(opened[shared:]))
    yield from tags[shared:]
