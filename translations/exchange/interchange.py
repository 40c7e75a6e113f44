"""A document's texts as a file for translators holds them: plain data, whatever the format. Imports no model."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from glossary.entries import TAGS, language_of
from glossary.faults import Faults, Place

MAX_ENTRIES = 50_000
MAX_TEXT = 200_000  # characters
BATCH = 100  # documents that are held at once

Track = Callable[[Sequence[Any]], Iterable[Any]]
"""Gives what it is given, and shows how far that is."""

STATES = ("initial", "translated", "reviewed", "final")
"""How far a translation is, in the words of XLIFF 2."""


class Row(NamedTuple):
    """A piece of a text, and of its translation; "" where it has none yet."""

    source: str
    target: str
    state: str = "initial"


@dataclass(frozen=True)
class Hint:
    """A term of the source, and what the glossary calls it in the target language."""

    term: str
    translations: tuple[str, ...] = ()
    definition: str = ""

    def __str__(self) -> str:
        said = self.term + (f" → {', '.join(self.translations)}" if self.translations else "")
        return f"{said}: {self.definition}" if self.definition else said


@dataclass
class Entry:
    """One text of a document and its translation."""

    id: str
    source: str
    target: str = ""
    is_rich: bool = False
    state: str = "initial"
    notes: list[str] = field(default_factory=list)
    terms: list[Hint] = field(default_factory=list)
    checksum: str = ""
    """Of the source that the file was made from."""
    target_checksum: str | None = None
    """Of the translation in the draft as it was then; `None` where a file does not say."""
    rows: list[Row] = field(default_factory=list, compare=False)
    """On the way out, where the pieces are known: the sources together are the source."""
    is_partial: bool = False
    """On the way in: whether a piece of it is not translated."""
    is_touched: bool = field(default=False, compare=False)
    """On the way in: whether the file says another translation than it went out with."""
    place: Place = field(default=None, compare=False, repr=False)
    target_place: Place = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.checksum = self.checksum or digest(self.source)

    @property
    def written(self) -> str:
        """The translation as a file has it that is written piece by piece: without what the source has no more."""
        return "".join(row.target for row in self.rows) if self.rows else self.target


@dataclass
class File:
    """A document and one of its target languages."""

    original: str
    """Kind and address of the document: `article/what-is-pain`."""
    source_language: str
    target_language: str
    entries: list[Entry] = field(default_factory=list)
    title: str = ""
    place: Place = field(default=None, compare=False, repr=False)


def digest(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_digest(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def tag(language: str) -> str:
    """How a file names a language of the site (BCP 47)."""
    return TAGS[language]


def language(found: str, faults: Faults, place: Place = None) -> str:
    """The language of the site that a tag means; "" after noting that it is none."""
    try:
        return language_of(found)
    except ValueError as error:
        faults.add(str(error), place)
        return ""


def refuse_doubles(files: Iterable[File], faults: Faults) -> None:
    """Two texts of one name would overwrite each other."""
    known: dict[tuple[str, str], File] = {}
    count = 0
    for file in files:
        key = file.original, file.target_language
        if key in known:
            reason = _("“%(name)s” is there already, in %(place)s. Keep one of them.")
            faults.add(reason % {"name": file.original, "place": known[key].place}, file.place)
        known.setdefault(key, file)
        first: dict[str, Entry] = {}
        for entry in file.entries:
            count += 1
            if entry.id in first:
                reason = _("“%(name)s” is there already, in %(place)s. Keep one of them.")
                faults.add(reason % {"name": entry.id, "place": first[entry.id].place}, entry.place)
            first.setdefault(entry.id, entry)
    if not count and not faults.found:
        faults.add(_("There is no text in the file."))
    if count > MAX_ENTRIES:
        faults.add(_("There are more than %(limit)d texts. Split the file.") % {"limit": MAX_ENTRIES})
