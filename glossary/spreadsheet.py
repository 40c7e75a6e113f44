"""The glossary as a workbook (xlsx) with three sheets: terms, names, contexts. Imports no model and runs no query.

Every cell is text, also one that looks like a formula, a number or an error.
"""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from . import entries as e
from .entries import ContextWord, Entry, Faults, OtherName, Reading, Row, refuse

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
SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0")  # a zip, and what older Excel and a password make
MAX_UNPACKED = 60_000_000
MAX_PARTS = 200
MAX_ROWS = 300_000
MAX_OTHER_COLUMNS = 20
MAX_CELL = 32_767  # Excel's own; in units of UTF-16
DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
XLSX_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
XLSX_ESCAPED = re.compile(r"_x005F_|_x000D_\n?")  # the latter is a line break as pasted text has it


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
    row = [entry.slug, *(XLSX_ESCAPE.sub("_x005F_", text) for text in texts)]
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
    _refuse_unsafe(file)
    faults = Faults()
    rows = _read_rows(file, faults)
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


def _refuse_unsafe(file: IO[bytes]) -> None:
    """Looks at what is packed before anything reads it: its size, and whether it declares entities."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > e.MAX_BYTES:
        raise refuse(_("The file is larger than %(limit)d MB. Split it.") % {"limit": e.MAX_BYTES // 1_000_000})
    too_large = _("Unpacked, the workbook is larger than %(limit)d MB. Remove empty rows and what is not a term.")
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            # What a part says of its size holds: zipfile reads no further.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refuse(too_large % {"limit": MAX_UNPACKED // 1_000_000})
            for part in parts:
                content = packed.read(part)
                if any(mark in content for mark in DOCTYPE):
                    reason = _("A document type declaration (DOCTYPE) and entities are not taken (in %(part)s).")
                    raise refuse(reason % {"part": part.filename[:80]})
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _unreadable() from error
    file.seek(0)


def _unreadable() -> e.Refused:
    return refuse(_("This is not a workbook that can be read. Save it as .xlsx, without a password."))


def _read_rows(file: IO[bytes], faults: Faults) -> dict[str, list[_Row]]:
    try:
        book = load_workbook(file, read_only=True)
        missing = [name for name in SHEETS if name not in book.sheetnames]
        for name in missing:
            faults.add(_("There is no sheet “%(name)s”. Export the glossary and fill in that file.") % {"name": name})
        return {name: [] if name in missing else list(_rows(book[name], name, faults)) for name in SHEETS}
    except e.Refused:
        raise
    except Exception as error:  # whatever openpyxl makes of a part that is not what it says
        raise _unreadable() from error


def _rows(sheet: Any, name: str, faults: Faults) -> Iterator[_Row]:
    sheet.reset_dimensions()  # they need not be true
    columns: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=len(SHEETS[name]) + MAX_OTHER_COLUMNS), start=1):
        place = Row(name, number)
        if number > MAX_ROWS:
            raise refuse(_("There are more than %(limit)d rows. Split the file.") % {"limit": MAX_ROWS}, place)
        texts = [_text(cell, place, faults) for cell in cells]
        if number == 1:
            columns = [text.strip() for text in texts]
            _check_header(columns, name, faults)
        elif any(text.strip() for text in texts):
            yield _Row(place, dict.fromkeys(SHEETS[name], "") | dict(zip(columns, texts, strict=False)))


def _check_header(columns: list[str], name: str, faults: Faults) -> None:
    named = [column for column in columns if column]
    for column in SHEETS[name]:
        if named.count(column) != 1:
            faults.add(_("The column “%(column)s” must be there once.") % {"column": column}, Row(name, 1))
    for column in named:
        if column not in SHEETS[name]:
            faults.add(_("The column “%(column)s” is unknown. Remove it.") % {"column": column[:80]}, Row(name, 1))


def _text(cell: Any, place: Row, faults: Faults) -> str:
    match cell.value:
        case None:
            return ""
        case str(text) if cell.data_type == "s":
            return XLSX_ESCAPED.sub(lambda match: "_" if match[0] == "_x005F_" else "\n", text)
        case bool():
            pass
        case int(number):
            return str(number)
        case float(number) if number.is_integer():
            return str(int(number))
        case _:
            pass
    names = {"column": cell.column_letter}
    faults.add(_("In column %(column)s there is a formula, a date or a number. Make it text.") % names, place)
    return ""
