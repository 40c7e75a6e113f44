"""TMX 1.4b, the exchange format of translation memories. Imports no model and runs no query.

Read as a stream: what is held at a time is one entry, and per entry a number by which doubles are noticed.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from glossary.entries import TAGS, language_of
from glossary.faults import Faults, Line, refuse, too_large
from publishing import richtext

MAX_BYTES = 300_000_000
MAX_ENTRIES = 500_000
MAX_DEPTH = 20
MAX_VARIANTS = 50
MAX_PIECE = 1_000_000
"""Bytes of a tag or a comment; expat keeps it whole."""
LONGEST = 10_000
"""Characters of a text; nobody looks for a longer one as a whole."""
CHUNK = 1 << 16

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
  <header creationtool="painsite" creationtoolversion="1" segtype="sentence" o-tmf="painsite" adminlang="en"\
 srclang="zh-Hans" datatype="plaintext"/>
  <body>
"""
FOOTER = """  </body>
</tmx>
"""


@dataclass(frozen=True)
class Entry:
    """A text and its translation; times with their zone, to the second."""

    source_language: str
    target_language: str
    source: str
    target: str
    created_at: datetime.datetime | None = None
    changed_at: datetime.datetime | None = None
    used_at: datetime.datetime | None = None
    place: Line | None = field(default=None, compare=False, repr=False)


# Writing --------------------------------------------------------------------------------------------------------------


def write(entries: Iterable[Entry], out: IO[bytes]) -> int:
    """How many. The same entries give the same bytes."""
    count = 0
    out.write(HEADER.encode())
    for entry in entries:
        out.write(_written(entry).encode())
        count += 1
    out.write(FOOTER.encode())
    return count


def _written(entry: Entry) -> str:
    attributes = "".join(
        f' {name}="{_stamp(time)}"'
        for name, time in zip(_TIMES, (entry.created_at, entry.changed_at, entry.used_at), strict=True)
        if time
    )
    if entry.source_language != "zh-hans":
        attributes += f' srclang="{TAGS[entry.source_language]}"'
    variants = "".join(
        f'      <tuv xml:lang="{TAGS[language]}"><seg>{escape(text)}</seg></tuv>\n'
        for language, text in ((entry.source_language, entry.source), (entry.target_language, entry.target))
    )
    return f"    <tu{attributes}>\n{variants}    </tu>\n"


def _stamp(time: datetime.datetime) -> str:
    # Not strftime, which writes the year 33 with two figures on some machines.
    return time.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds").translate(_BARE) + "Z"


_BARE = {ord("-"): None, ord(":"): None}

# Reading --------------------------------------------------------------------------------------------------------------

_Times = tuple[datetime.datetime | None, datetime.datetime | None, datetime.datetime | None]
_TIMES = ("creationdate", "changedate", "lastusagedate")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)
_CODES = ("bpt", "ept", "ph", "it", "ut")
_INLINE = dict.fromkeys((*_CODES, "hi"), 0)
_ABOUT = {"note": 0, "prop": 0}

# The DTD: what may stand in an element, and in which order. Where there is no text, there is only white space.
_CONTENT: dict[str, dict[str, int]] = {
    "": {"tmx": 0},
    "tmx": {"header": 0, "body": 1},
    "header": {**_ABOUT, "ude": 0},
    "ude": {"map": 0},
    "map": {},
    "body": {"tu": 0},
    "tu": {**_ABOUT, "tuv": 1},
    "tuv": {**_ABOUT, "seg": 1},
    "note": {},
    "prop": {},
    "seg": _INLINE,
    "hi": _INLINE,
    "sub": _INLINE,
    **{code: {"sub": 0} for code in _CODES},
}
_ONCE = {"tmx", "header", "body", "seg"}
_WITHOUT_TEXT = {"", "tmx", "header", "ude", "map", "body", "tu", "tuv"}


class Reader:
    """The entries of a file, one after the other; `Refused` with all that is wrong, and where, at the end of them.

    What is read before that is not to be kept: a file is taken as a whole or not at all.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.left_out: Counter[str] = Counter()
        """Elements that there is no place for here, and how often."""
        self._file = file
        self._faults = Faults()
        self._entries: list[Entry] = []
        self._count = 0
        self._lines: dict[int, int] = {}  # of what must be there only once, by its hash
        self._open: list[str] = [""]
        self._last: list[tuple[int, str]] = [(0, "")]  # of each open element: its last child, and where that belongs
        self._language = "zh-hans"  # of the sources, as the header says; "" for that of the first variant
        self._tu: _Unit | None = None
        self._variant: _Variant | None = None
        self._codes = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def __iter__(self) -> Iterator[Entry]:
        size = 0
        while chunk := self._file.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise refuse(too_large(MAX_BYTES))
            yield from self._feed(chunk)
            if size - max(self._parser.CurrentByteIndex, 0) > MAX_PIECE:
                raise refuse(_("A tag or a comment is too long."), self._place)
        yield from self._feed(b"", is_final=True)
        if not self._count and not self._faults.found:
            self._faults.add(_("There is no entry (tu) in the file."))
        self._faults.raise_any()

    @property
    def _place(self) -> Line:
        return Line(self._parser.CurrentLineNumber)

    def _feed(self, data: bytes, is_final: bool = False) -> list[Entry]:
        try:
            self._parser.Parse(data, is_final)
        except expat.ExpatError as error:
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
                raise self._no_entities(Line(error.lineno)) from error
            reason = _("This is not well-formed XML (%(error)s). Export the file once more.")
            raise refuse(reason % {"error": expat.ErrorString(error.code)}, Line(error.lineno)) from error
        except (LookupError, ValueError) as error:  # an encoding that Python or expat does not take
            raise refuse(_("The encoding of this file cannot be read. Save it in UTF-8."), self._place) from error
        entries, self._entries = self._entries, []
        return entries

    def _doctype(self, name: str, system: str | None, public: str | None, has_internal_subset: int) -> None:
        # Many tools name the DTD; it is never fetched. Declarations of one's own are refused where they begin.
        if has_internal_subset:
            raise self._no_entities(self._place)

    def _entity(self, *declaration: Any) -> None:
        raise self._no_entities(self._place)

    @staticmethod
    def _no_entities(place: Line) -> Exception:
        return refuse(_("Entities and declarations of one's own (DOCTYPE) are not taken. Remove them."), place)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, name = tag.rpartition(" ")
        parent = self._open[-1]
        if parent == "" and (name != "tmx" or attributes.get("version") != "1.4"):
            raise refuse(_("This is not TMX 1.4. Save the file in that version."), self._place)
        rank = _CONTENT[parent].get("" if namespace else name)
        before, last = self._last[-1]
        if rank is None or rank < before or (name in _ONCE and name == last):
            names = {"name": name[:80], "parent": parent}
            raise refuse(_("“%(name)s” cannot stand here in “%(parent)s”.") % names, self._place)
        if parent == "tmx" and name == "body" and not last:
            raise refuse(_("The header is missing."), self._place)
        self._last[-1] = rank, name
        self._last.append((0, ""))
        self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise refuse(_("The elements are nested too deeply."), self._place)
        match name:
            case "header":
                self._language = self._source_language(attributes.get("srclang", ""))
            case "tu":
                self._begin(attributes)
            case "tuv" if self._tu:
                tag = attributes.get("http://www.w3.org/XML/1998/namespace lang", "")
                self._variant = _Variant(self._language_of(tag), self._place)
                self._tu.variants.append(self._variant)
                if len(self._tu.variants) > MAX_VARIANTS:
                    raise refuse(_("An entry has a text and its translation (two tuv)."), self._tu.place)
            case "seg" if self._variant:
                self._variant.has_text = True
            case "note" | "prop" | "ude":
                self.left_out[name] += 1
            case _ if name in _CODES:
                self.left_out[name] += 1
                self._codes += 1

    def _characters(self, text: str) -> None:
        name = self._open[-1]
        if name in _WITHOUT_TEXT and not text.isspace():
            raise refuse(_("There is text in “%(name)s”, where none can be.") % {"name": name}, self._place)
        if name in ("seg", "hi") and not self._codes and self._variant:
            self._variant.add(text)

    def _end(self, tag: str) -> None:
        name = self._open.pop()
        _rank, last = self._last.pop()
        if name in _CODES:
            self._codes -= 1
        elif name == "tmx" and last != "body":
            raise refuse(_("The body is missing."), self._place)
        elif name == "tu" and self._tu:
            self._finish(self._tu)
            self._tu = self._variant = None

    def _begin(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ENTRIES:
            reason = _("There are more than %(limit)d entries. Split the file.") % {"limit": MAX_ENTRIES}
            raise refuse(reason, self._place)
        tag = attributes.get("srclang")
        language = self._language if tag is None else self._source_language(tag)
        self._tu = _Unit(self._place, language, self._times(attributes))
        if number := attributes.get("tuid"):
            reason = _("There is an entry with the tuid “%(name)s” already, in %(place)s. Keep one of them.")
            self._once(("tuid", number), reason, number, self._place)

    def _finish(self, unit: "_Unit") -> None:
        """Makes an entry of it, or faults."""
        languages = [variant.language for variant in unit.variants]
        faulty = [variant for variant in unit.variants if not self._is_sound(variant)]
        for place, language in enumerate(languages):
            if language and language in languages[:place]:
                reason = _("There is a text in %(tag)s in this entry already. Keep one.") % {"tag": TAGS[language]}
                self._faults.add(reason, unit.variants[place].place)
                return
        if faulty or not all(languages):
            return
        if len(languages) != 2:
            self._faults.add(_("An entry has a text and its translation (two tuv)."), unit.place)
            return
        source, target = unit.variants if unit.language in ("", languages[0]) else unit.variants[::-1]
        if unit.language not in ("", source.language):
            self._faults.add(_("There is no text in the source language in this entry."), unit.place)
            return
        entry = Entry(source.language, target.language, source.text, target.text, *unit.times, place=unit.place)
        reason = _("“%(name)s” is there already with this translation, in %(place)s. Keep one of them.")
        key = (entry.source_language, entry.target_language, entry.source, entry.target)
        if self._once(key, reason, entry.source[:80], unit.place):
            self._entries.append(entry)

    def _is_sound(self, variant: "_Variant") -> bool:
        if not variant.has_text:
            self._faults.add(_("The text (seg) is missing."), variant.place)
        elif variant.length > LONGEST:
            reason = _("The text has more than %(limit)d characters. Split or remove it.") % {"limit": LONGEST}
            self._faults.add(reason, variant.place)
        elif richtext.is_blank(variant.text):
            self._faults.add(_("The text (seg) is empty. Fill it in or remove the entry."), variant.place)
        else:
            return True
        return False

    def _once(self, key: tuple[str, ...], reason: str, name: str, place: Line) -> bool:
        first = self._lines.get(hash(key))
        if first is None:
            self._lines[hash(key)] = place.number
        else:
            self._faults.add(reason % {"name": name, "place": Line(first)}, place)
        return first is None

    def _source_language(self, tag: str) -> str:
        return "" if tag == "*all*" else self._language_of(tag)

    def _language_of(self, tag: str) -> str:
        """The language of the site; "" after noting that it has none such."""
        try:
            return language_of(tag)
        except ValueError as error:
            self._faults.add(str(error), self._place)
            return ""

    def _times(self, attributes: dict[str, str]) -> _Times:
        created, changed, used = (self._time(attributes.get(name)) for name in _TIMES)
        return created, changed, used

    def _time(self, text: str | None) -> datetime.datetime | None:
        if text is None:
            return None
        with suppress(ValueError):
            if match := _TIME.fullmatch(text):
                year, month, day, hour, minute, second = map(int, match.groups())
                return datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC)
        reason = _("“%(text)s” is no time. Write it as 20260131T235959Z.")
        self._faults.add(reason % {"text": text[:80]}, self._place)
        return None


@dataclass
class _Variant:
    language: str
    place: Line
    has_text: bool = False
    length: int = 0
    pieces: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST:
            self.pieces.append(text)

    @property
    def text(self) -> str:
        return richtext.clean_text("".join(self.pieces))


@dataclass
class _Unit:
    place: Line
    language: str
    times: _Times
    variants: list[_Variant] = field(default_factory=list)
