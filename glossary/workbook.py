"""The cells of an xlsx workbook, as text. Imports no model and runs no query.

Reads as a stream, and only the parts that hold cells; a general reader builds a tree of each row, for which half a
megabyte of nothing, packed, is enough to take gigabytes and minutes.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Collection
from typing import IO, NamedTuple, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _

from .faults import MAX_BYTES, Faults, Refused, Row, refuse, too_large

SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0")  # a zip, and what older Excel and a password make
MAX_UNPACKED = 60_000_000
MAX_PARTS = 500
MAX_ROWS = 300_000
MAX_CELLS = 600_000
MAX_ELEMENTS = 2_000_000  # of one part
MAX_DEPTH = 40
MAX_COLUMNS = 50
CHUNK = 1 << 20

MAIN = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNDERSCORE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Cells(NamedTuple):
    """The cells of a row that are not empty, by column from 0."""

    place: Row
    texts: dict[int, str]


def escape(text: str) -> str:
    """A text as the format wants it, where `_x0041_` would be read as A."""
    return UNDERSCORE.sub("_x005F_", text)


def read(file: IO[bytes], wanted: Collection[str], faults: Faults) -> dict[str, list[Cells]]:
    """The rows of the sheets of these names. A cell that is not text, and a sheet that is missing, is a fault."""
    _refuse_large(file)
    try:
        with zipfile.ZipFile(file) as packed:
            return _read_sheets(packed, wanted, faults)
    except Refused:
        raise
    except (
        # What zipfile says of a package that is broken, has a password or an unknown compression …
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError),
        # … and what comes of a part that is missing or is not what it should be.
        *(LookupError, ValueError, expat.ExpatError),
    ) as error:
        raise refuse(_("This is not a workbook that can be read. Save it as .xlsx, without a password.")) from error


def _refuse_large(file: IO[bytes]) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > MAX_BYTES:
        raise refuse(too_large(MAX_BYTES))


def _read_sheets(packed: zipfile.ZipFile, wanted: Collection[str], faults: Faults) -> dict[str, list[Cells]]:
    parts = packed.infolist()
    # What a part says of its size holds: zipfile reads no further.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_large()
    sheets = _Attributes("sheet", "name", "id").of(packed, MAIN)
    targets = _Attributes("Relationship", "Id", "Target").of(packed, RELATIONS)
    strings = _Strings()
    for kind, target in _Attributes("Relationship", "Type", "Target").of(packed, RELATIONS).items():
        if kind.endswith("/sharedStrings"):
            _parse(packed, _part(target), strings)
    found = {}
    for name in wanted:
        sheet = _Sheet(name, strings.found, faults)
        if name in sheets:
            _parse(packed, _part(targets[sheets[name]]), sheet)
        else:
            faults.add(_("There is no sheet “%(name)s”. Export once more and fill in that file.") % {"name": name})
        found[name] = sheet.rows
    return found


def _part(target: str) -> str:
    # Relative to the folder of the workbook, or from the top.
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _too_large() -> Refused:
    return refuse(_("The workbook is too large when it is unpacked. Remove empty rows and what was not exported."))


class _Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def characters(self, text: str) -> None: ...


def _parse(packed: zipfile.ZipFile, part: str, handler: _Handler) -> None:
    def refuse_doctype(*declaration: object) -> None:
        reason = _("A document type declaration (DOCTYPE) and entities are not taken (in %(part)s).")
        raise refuse(reason % {"part": part})

    count = depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise _too_large()
        handler.start(_local(tag), attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(_local(tag))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.characters
    with packed.open(part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    # Whatever the namespace: it is another one in the strict variant of the format.
    return name.rpartition(" ")[2]


class _Attributes:
    """Of all elements of a name: one attribute by another."""

    def __init__(self, element: str, key: str, value: str) -> None:
        self.element, self.key, self.value = element, key, value
        self.found: dict[str, str] = {}

    def of(self, packed: zipfile.ZipFile, part: str) -> dict[str, str]:
        _parse(packed, part, self)
        return self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.element:
            by_name = {_local(key): value for key, value in attributes.items()}
            self.found[by_name[self.key]] = by_name[self.value]

    def end(self, name: str) -> None:
        pass

    def characters(self, text: str) -> None:
        pass


class _Text:
    """Puts together the text of an element of a name, without how its characters are pronounced (`rPh`)."""

    def __init__(self, *holders: str) -> None:
        self.holders = holders
        self.within: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in self.holders or name == "rPh":
            self.within.append(name)

    def end(self, name: str) -> None:
        if self.within and name == self.within[-1]:
            self.within.pop()

    def characters(self, text: str) -> None:
        if self.within and "rPh" not in self.within:
            self.pieces.append(text)

    def take(self) -> str:
        text, self.pieces = "".join(self.pieces), []
        return text


class _Strings(_Text):
    """The texts that cells point to."""

    def __init__(self) -> None:
        super().__init__("t")
        self.found: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.found.append(self.take())
            if len(self.found) > MAX_CELLS:
                raise _too_large()


class _Sheet(_Text):
    """The rows of a sheet that have a cell with something in it."""

    def __init__(self, name: str, strings: list[str], faults: Faults) -> None:
        super().__init__("t", "v")
        self.name, self.strings, self.faults = name, strings, faults
        self.rows: list[Cells] = []
        self.row = Cells(Row(name, 0), {})
        self.column = -1
        self.kind = "n"
        self.is_formula = False
        self.seen = {"row": 0, "c": 0}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if name in self.seen:
            self.seen[name] += 1
            if self.seen["row"] > MAX_ROWS or self.seen["c"] > MAX_CELLS:
                raise _too_large()
        if name == "row":
            number = int(attributes.get("r", self.row.place.number + 1))
            self.row, self.column = Cells(Row(self.name, number), {}), -1
        elif name == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.kind, self.is_formula = attributes.get("t", "n"), False
            self.take()
        elif name == "f":
            self.is_formula = True

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c" and (text := self.text(self.take())):
            if self.column >= MAX_COLUMNS:
                raise refuse(_("There are too many columns. Remove what was not exported."), self.row.place)
            self.row.texts[self.column] = text
        elif name == "row" and self.row.texts:
            self.rows.append(self.row)

    def text(self, value: str) -> str:
        if self.is_formula or (value and self.kind not in {"s", "inlineStr", "str"}):
            reason = _("In column %(column)s there is a formula, a number or a date. Make it text.")
            self.faults.add(reason % {"column": _letters(self.column)}, self.row.place)
            return "?"
        text = self.strings[int(value)] if self.kind == "s" and value else value
        return ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)  # half a character is none


def _column(reference: str) -> int:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column % 26)}"
