"""XML from strangers: the elements that matter as small trees, one after the other. Imports no model.

expat, because it knows the line of everything. A document type declaration is refused where it begins: without one
there are no entities but the five of XML. A larger file is not read to its end.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Union
from xml.parsers import expat

from django.utils.translation import gettext as _

from .faults import MAX_BYTES, Line, refuse, too_large

XML = "http://www.w3.org/XML/1998/namespace"
CHUNK = 1 << 20
Name = tuple[str, str]
"""Namespace and local name."""


@dataclass
class Node:
    namespace: str
    name: str
    attributes: dict[str, str]
    """By name; with the namespace and a space before it where it has one."""
    place: Line
    content: list[Union["Node", str]] = field(default_factory=list)

    @property
    def children(self) -> list["Node"]:
        return [part for part in self.content if isinstance(part, Node)]

    @property
    def text(self) -> str:
        """Its words, also those within markup such as `hi`."""
        return "".join(part if isinstance(part, str) else part.text for part in self.content)

    def after(self, word: str) -> str | None:
        """Of a note that begins with a word of ours, what follows."""
        text = self.text.lstrip()
        return text.removeprefix(word) if text.startswith(word) else None


@dataclass(frozen=True)
class Limits:
    depth: int
    nodes: int
    """Of one tree."""


def trees(
    file: IO[bytes], wanted: Collection[Name], check_root: Callable[[Node], None], limits: Limits
) -> Iterator[tuple[tuple[Node, ...], Node]]:
    """Each wanted element, whole, with those around it from the first one on, of which only the attributes are kept.

    `check_root` is handed the first element and raises `Refused` if the file is something else.
    """
    stream = _Stream(wanted, check_root, limits)
    size = 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > MAX_BYTES:
            raise refuse(too_large(MAX_BYTES))
        yield from stream.feed(chunk)
    yield from stream.feed(b"", final=True)


class _Stream:
    def __init__(self, wanted: Collection[Name], check_root: Callable[[Node], None], limits: Limits) -> None:
        self.wanted, self.check_root, self.limits = wanted, check_root, limits
        self.around: list[Node] = []
        self.open: list[Node] = []  # within the tree at hand
        self.nodes = 0
        self.done: list[tuple[tuple[Node, ...], Node]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def feed(self, data: bytes, final: bool = False) -> Iterator[tuple[tuple[Node, ...], Node]]:
        try:
            self.parser.Parse(data, final)
        except expat.ExpatError as error:
            reason = _("This is not well-formed XML (%(error)s). Export the file once more.")
            raise refuse(reason % {"error": expat.ErrorString(error.code)}, Line(error.lineno)) from error
        except (LookupError, ValueError) as error:  # an encoding that Python or expat does not take
            reason = _("The encoding of this file cannot be read. Save it in UTF-8.")
            raise refuse(reason, Line(self.parser.CurrentLineNumber)) from error
        done, self.done = self.done, []
        yield from done

    def refuse_doctype(self, *declaration: Any) -> None:
        reason = _("A document type declaration (DOCTYPE) and entities are not taken. Remove them.")
        raise refuse(reason, Line(self.parser.CurrentLineNumber))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, name = tag.rpartition(" ")
        node = Node(namespace, name, attributes, Line(self.parser.CurrentLineNumber))
        if not self.around and not self.open:
            self.check_root(node)
        if len(self.around) + len(self.open) >= self.limits.depth:
            raise refuse(_("The elements are nested too deeply."), node.place)
        if not self.open and (namespace, name) not in self.wanted:
            self.around.append(node)
            return
        if self.open:
            self.open[-1].content.append(node)
        self.open.append(node)
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise refuse(_("This entry has too many elements."), self.open[0].place)

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].content.append(text)

    def end(self, tag: str) -> None:
        if not self.open:
            self.around.pop()
            return
        node = self.open.pop()
        if not self.open:
            self.done.append((tuple(self.around), node))
            self.nodes = 0
