"""A document's texts as a workbook (xlsx): one row a text, the translation the only column that can be written in.

Rich text stands there with its tags. Every cell is text, also one that looks like a formula. Imports no model and runs
no query.
"""

from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, Protection

from glossary import workbook
from glossary.faults import Faults, Row, refuse
from glossary.spreadsheet import CONTENT_TYPE, MAX_CELL
from glossary.workbook import SIGNATURES, Cells

from . import interchange
from .interchange import STATES, Entry, File

__all__ = ["CONTENT_TYPE", "SIGNATURES", "SUFFIX", "read", "write"]
SUFFIX = "xlsx"
TEXTS, ABOUT = "texts", "document"
COLUMNS = {
    "id": 18,
    "source": 60,
    "translation": 60,
    "state": 12,
    "notes": 40,
    "terms": 40,
    "format": 8,
    "source_sha256": 12,
    "translation_sha256": 12,
}
FACTS = ("document", "title", "source_language", "target_language")


# Writing --------------------------------------------------------------------------------------------------------------


def write(file: File, out: IO[bytes]) -> None:
    rows = [_row(entry) for entry in file.entries]  # before there is a sheet that a refusal would leave half written
    book = Workbook(write_only=True)
    sheet = book.create_sheet(TEXTS)
    sheet.freeze_panes = "C2"
    # Against a slip of the hand, without a password: what comes back is checked in any case.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    for index, width in enumerate(COLUMNS.values()):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    _append(sheet, COLUMNS, is_bold=True)
    for row in rows:
        _append(sheet, row)
    about = book.create_sheet(ABOUT)
    about.protection.sheet = True
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 22, 60
    languages = interchange.tag(file.source_language), interchange.tag(file.target_language)
    for fact in zip(FACTS, (file.original, file.title, *languages), strict=True):
        _append(about, fact)
    book.save(out)


def _row(entry: Entry) -> list[str]:
    row = [
        entry.id,
        entry.source,
        entry.target,
        entry.state,
        "\n".join(entry.notes),
        "\n".join(str(term) for term in entry.terms),
        "html" if entry.is_rich else "text",
        entry.checksum,
        interchange.digest(entry.target),
    ]
    if any(len(workbook.escape(text).encode("utf-16-le")) > 2 * MAX_CELL for text in row):
        reason = _("The text “%(id)s” is longer than a cell can be. Export the document as XLIFF instead.")
        raise refuse(reason % {"id": entry.id})
    return row


def _append(sheet: Any, texts: Any, *, is_bold: bool = False) -> None:
    cells = []
    for index, text in enumerate(texts):
        cell = WriteOnlyCell(sheet, workbook.escape(text) or None)
        if text:
            cell.data_type = "s"  # not the formula, number or error that it looks like
        cell.number_format = "@"  # and text it stays when it is edited
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if is_bold:
            cell.font = Font(bold=True)
        elif sheet.title == TEXTS and index == list(COLUMNS).index("translation"):
            cell.protection = Protection(locked=False)
        cells.append(cell)
    sheet.append(cells)


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> list[File]:
    """What the file says, or `Refused` with what is wrong, in which sheet and row."""
    faults = Faults()
    sheets = workbook.read(file, (TEXTS, ABOUT), faults)
    faults.raise_any()
    facts = {row.texts.get(0, "").strip(): row.texts.get(1, "") for row in sheets[ABOUT]}
    place = Row(ABOUT, 1)
    found = File(
        facts.get("document", "").strip(),
        interchange.language(facts.get("source_language", "").strip(), faults, place),
        interchange.language(facts.get("target_language", "").strip(), faults, place),
        title=facts.get("title", ""),
        place=place,
    )
    columns = _columns(sheets[TEXTS], faults)
    for row in sheets[TEXTS][1:]:
        found.entries.append(
            _entry({name: row.texts.get(index, "") for name, index in columns.items()}, row.place, faults)
        )
    interchange.refuse_doubles([found], faults)
    faults.raise_any()
    return [found]


def _columns(rows: list[Cells], faults: Faults) -> dict[str, int]:
    header = {index: text.strip() for index, text in rows[0].texts.items()} if rows else {}
    place = rows[0].place if rows else Row(TEXTS, 1)
    for name in COLUMNS:
        if list(header.values()).count(name) != 1:
            faults.add(_("The column “%(column)s” must be there once.") % {"column": name}, place)
    faults.raise_any()
    return {name: index for index, name in header.items() if name in COLUMNS}


def _entry(texts: dict[str, str], place: Row, faults: Faults) -> Entry:
    state = texts["state"].strip() or "initial"
    if state not in STATES:
        faults.add(_("The state “%(id)s” is unknown.") % {"id": state[:80]}, place)
        state = "initial"
    target = texts["translation"] if texts["translation"].strip() else ""
    checksum = texts["translation_sha256"].strip() or None
    return Entry(
        texts["id"].strip(),
        texts["source"],
        target,
        texts["format"].strip() != "text",
        state,
        texts["notes"].split("\n") if texts["notes"] else [],
        checksum=texts["source_sha256"].strip(),
        target_checksum=checksum,
        is_touched=interchange.digest(target) != checksum,
        place=place,
        target_place=place,
    )
