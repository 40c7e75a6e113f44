"""The glossary as a workbook (xlsx) with three sheets: terms, names, contexts. Imports no model and runs no query.

Every cell is text, also one that looks like a formula, a number or an error.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from . import entries as e
from . import workbook
from .entries import ContextWord, Entry, OtherName, Reading
from .faults import Faults, Row, refuse
from .workbook import Cells

SHEETS = {
    "terms": ("slug", *e.FIELDS, "see_also"),
    "names": ("slug", "language", "text", "status", "usage", "note"),
    "contexts": ("slug", "language", "kind", "text"),
}
CHOICES = {
    "language": tuple(e.TAGS),
    "source_language": tuple(e.TAGS),
    "category": ("anatomy", "condition", "symptom", "procedure", "medicine", "concept"),
    "status": ("admitted", "deprecated", "forbidden"),
    "usage": ("everywhere", "question"),
    "kind": ("nearby", "within"),
}
WIDE = ("definition", "explanation", "note", "see_also")

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNATURES = workbook.SIGNATURES
MAX_CELL = 32_767  # Excel's own; in units of UTF-16


# Writing --------------------------------------------------------------------------------------------------------------


def write(entries: Iterable[Entry], out: IO[bytes]) -> None:
    rows: dict[str, list[list[str]]] = {name: [] for name in SHEETS}
    for entry in entries:
        rows["terms"].append(_row(entry, *entry.fields.values(), ", ".join(entry.see_also)))
        for name in entry.names:
            rows["names"].append(_row(entry, name.language, name.text, name.status, name.usage, name.note))
        for context in entry.contexts:
            rows["contexts"].append(_row(entry, context.language, context.kind, context.text))
    book = Workbook(write_only=True)
    for title, columns in SHEETS.items():
        sheet = _new_sheet(book, title, columns)
        for row in rows[title]:
            sheet.append([_cell(sheet, text) for text in row])
    book.save(out)


def _row(entry: Entry, *texts: str) -> list[str]:
    row = [entry.slug, *map(workbook.escape, texts)]
    if any(len(text.encode("utf-16-le")) > 2 * MAX_CELL for text in row):
        reason = _("A text of “%(slug)s” is longer than a cell can be. Export the glossary as TBX instead.")
        raise refuse(reason % {"slug": entry.slug})
    return row


def _new_sheet(book: Workbook, name: str, columns: tuple[str, ...]) -> Any:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for index, column in enumerate(columns):
        letter = chr(ord("A") + index)
        sheet.column_dimensions[letter].number_format = "@"  # also for rows to come
        sheet.column_dimensions[letter].width = 60 if column.startswith(WIDE) else 22
        if choices := CHOICES.get(column):
            validation = DataValidation(
                type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
            )
            validation.add(f"{letter}2:{letter}1048576")
            sheet.data_validations.append(validation)
    header = [_cell(sheet, column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text or None)
    if text:
        cell.data_type = "s"  # not the formula, number or error that it looks like
    cell.number_format = "@"  # and text it stays when it is edited
    return cell


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> Reading:
    """All entries, or `Refused` with what is wrong, in which sheet and row."""
    faults = Faults()
    sheets = workbook.read(file, SHEETS, faults)
    faults.raise_any()
    rows = {name: _rows(cells, name, faults) for name, cells in sheets.items()}
    names: dict[str, list[OtherName]] = defaultdict(list)
    contexts: dict[str, list[ContextWord]] = defaultdict(list)
    slugs = {row["slug"] for row in rows["terms"]}
    for row in [*rows["names"], *rows["contexts"]]:
        if row["slug"] not in slugs:
            reason = _("There is no term “%(slug)s” in the sheet “terms”. Add it there or remove this row.")
            faults.add(reason % {"slug": row["slug"]}, row.place)
    for row in rows["names"]:
        if language := row.language("language", faults):
            status, usage = row["status"] or "admitted", row["usage"] or "everywhere"
            names[row["slug"]].append(OtherName(language, row["text"], status, usage, row["note"], row.place))
    for row in rows["contexts"]:
        if language := row.language("language", faults):
            contexts[row["slug"]].append(ContextWord(language, row["kind"], row["text"], row.place))
    entries = []
    for row in rows["terms"]:
        fields = {name: row[name] for name in e.FIELDS} | {"source_language": row.language("source_language", faults)}
        see_also = [slug for slug in re.split(r"[\s,;，；、]+", row["see_also"]) if slug]
        # Lists of its own, also where an address is there twice: that is found below.
        own = [*names[row["slug"]]], [*contexts[row["slug"]]]
        entries.append(Entry(row["slug"], fields, *own, see_also, row.place))
    if not entries and not faults.found:
        faults.add(_("There is no term in the file."))
    e.refuse_doubles(entries, faults)
    faults.raise_any()
    return Reading(entries)


class _Row(dict[str, str]):
    """The texts of a row by column."""

    def __init__(self, place: Row, texts: dict[str, str]) -> None:
        super().__init__(
            {name: text if name.startswith("explanation") else text.strip() for name, text in texts.items()}
        )
        self.place = place

    def language(self, column: str, faults: Faults) -> str:
        """The language of the site; "" after noting that it has none such."""
        try:
            return e.language_of(self[column])
        except ValueError as error:
            faults.add(str(error), self.place)
            return ""


def _rows(found: list[Cells], name: str, faults: Faults) -> list[_Row]:
    """Below the header, which says what the columns are."""
    header = {index: text.strip() for index, text in found[0].texts.items()} if found else {}
    columns = list(header.values())
    place = found[0].place if found else Row(name, 1)
    for column in SHEETS[name]:
        if columns.count(column) != 1:
            faults.add(_("The column “%(column)s” must be there once.") % {"column": column}, place)
    for column in columns:
        if column and column not in SHEETS[name]:
            faults.add(_("The column “%(column)s” is unknown. Remove it.") % {"column": column[:80]}, place)
    rows = []
    for cells in found[1:]:
        filled = {index: text for index, text in cells.texts.items() if text.strip()}
        if filled and not filled.keys() <= header.keys():
            faults.add(_("There is a text in a column without a name. Remove it."), cells.place)
        texts = {header[index]: text for index, text in filled.items() if index in header}
        if texts:
            rows.append(_Row(cells.place, dict.fromkeys(SHEETS[name], "") | texts))
    return rows
