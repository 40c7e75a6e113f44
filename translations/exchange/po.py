"""PO (GNU gettext) out and in, on polib. Imports no model and runs no query.

An entry is a whole text, rich text with its tags; `msgctxt` is its id. What gettext has no place for stands in
extracted comments that begin with a word: format, state, source-sha256, target-sha256, term, note.
"""

import re
import tempfile
from typing import IO

import polib
from django.utils.translation import gettext as _

from glossary.faults import MAX_BYTES, Faults, Line, refuse, too_large

from . import interchange
from .interchange import STATES, Entry, File
from .xliff import SOURCE, TARGET

SUFFIX = "po"
CONTENT_TYPE = "text/x-gettext-translation"
MAX_LINES = 1_000_000
MAX_ENTRY = 10_000  # lines; polib puts an entry together piece by piece

_STRING = rb'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rb"#.*|(?:msg(?:ctxt|id|id_plural|str|str\[\d\])\s*)?" + _STRING, re.DOTALL)
_WHERE = re.compile(r"\(line (\d+)\)")


# Writing --------------------------------------------------------------------------------------------------------------


def write(file: File, out: IO[bytes]) -> None:
    """The same file gives the same bytes."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": file.original,
        "X-Title": " ".join(file.title.split()),
        "X-Source-Language": interchange.tag(file.source_language),
        "Language": interchange.tag(file.target_language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    catalogue.extend(_entry(entry) for entry in file.entries)
    out.write(f"{catalogue}\n".encode())


def _entry(entry: Entry) -> polib.POEntry:
    said = [
        f"format: {'html' if entry.is_rich else 'text'}",
        f"state: {entry.state}",
        f"{SOURCE}: {entry.checksum}",
        f"{TARGET}: {interchange.digest(entry.target)}",
        *(f"term: {term}" for term in entry.terms),
        *(f"note: {note}" for note in entry.notes),
    ]
    return polib.POEntry(
        msgctxt=entry.id,
        msgid=entry.source,
        msgstr=entry.target,
        comment="\n".join(" ".join(line.split()) for line in said),
        flags=["fuzzy"] if entry.target and entry.state == "initial" else [],
    )


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> list[File]:
    """What the file says, or `Refused` with what is wrong and in which line."""
    catalogue = _catalogue(file)
    faults = Faults()
    told = catalogue.metadata
    found = File(
        told.get("Project-Id-Version", ""),
        interchange.language(told.get("X-Source-Language", ""), faults, Line(1)),
        interchange.language(told.get("Language", ""), faults, Line(1)),
        title=told.get("X-Title", ""),
        place=Line(1),
    )
    for entry in catalogue:
        if not entry.obsolete:
            found.entries.append(_read(entry, faults))
    interchange.refuse_doubles([found], faults)
    faults.raise_any()
    return [found]


def _catalogue(file: IO[bytes]) -> polib.POFile:
    # By way of a file of our own: polib would open a content that looks like the name of one, and takes other
    # characters than it writes for ends of lines when it is handed a text.
    with tempfile.NamedTemporaryFile(suffix=".po") as kept:
        _check_lines(file, kept)
        kept.flush()
        try:
            return polib.pofile(kept.name, encoding="utf-8", wrapwidth=0)
        except UnicodeDecodeError as error:
            raise refuse(_("The encoding of this file cannot be read. Save it in UTF-8.")) from error
        except OSError as error:
            where = _WHERE.search(str(error))
            raise _no_po(int(where[1]) if where else 0) from error


def _check_lines(file: IO[bytes], kept: IO[bytes]) -> None:
    """Refuses what polib would pass over, or take for ever to read."""
    size = own = number = 0
    while line := file.readline(MAX_BYTES + 1):
        size, own, number = size + len(line), own + 1, number + 1
        if size > MAX_BYTES:
            raise refuse(too_large(MAX_BYTES))
        if line.lstrip().startswith(b"msgid "):
            own = 0
        if number > MAX_LINES or own > MAX_ENTRY:
            raise refuse(_("The file has too many lines. Split it."), Line(number))
        text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if text and not _LINE.fullmatch(text):
            raise _no_po(number)
        kept.write(line)


def _no_po(number: int) -> Exception:
    reason = _("This is not a PO file, or it is broken here. Export it once more.")
    return refuse(reason, Line(number) if number else None)


def _read(entry: polib.POEntry, faults: Faults) -> Entry:
    place = Line(entry.linenum or 1)
    if entry.msgid_plural:
        faults.add(_("A text with plural forms is none of ours."), place)
    said: dict[str, str] = {}
    notes = []
    for line in entry.comment.split("\n"):
        word, _colon, rest = line.partition(": ")
        if word == "note":
            notes.append(rest)
        said.setdefault(word, rest.strip())
    state = said.get("state", "")
    if "fuzzy" in entry.flags or not entry.msgstr:
        state = "initial"
    elif state not in STATES or state == "initial":
        state = "translated"
    return Entry(
        entry.msgctxt or "",
        entry.msgid,
        entry.msgstr,
        said.get("format") != "text",
        state,
        notes,
        checksum=said.get(SOURCE, ""),
        target_checksum=said.get(TARGET),
        is_touched=interchange.digest(entry.msgstr) != said.get(TARGET),
        place=place,
        target_place=place,
    )
