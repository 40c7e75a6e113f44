import datetime
import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from openpyxl import Workbook, load_workbook

from glossary import entries, spreadsheet
from glossary.entries import ContextWord, Entry, OtherName, Refused, Row
from glossary.models import Category, ContextKind, NameStatus, Usage
from tests.glossary.exchanged import closure, glossaries, nerve_block

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
UNREADABLE = "This is not a workbook that can be read. Save it as .xlsx, without a password."


def written(*given_entries: Entry) -> bytes:
    out = io.BytesIO()
    spreadsheet.write(given_entries, out)
    return out.getvalue()


def read(content: bytes) -> list[Entry]:
    return spreadsheet.read(io.BytesIO(content)).entries


def edited(change: Callable[[Any], None]) -> bytes:
    """What is exported, after somebody worked on it in a spreadsheet program."""
    book = load_workbook(io.BytesIO(written(closure(), nerve_block())))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes | str) -> bytes:
    """What is exported, with one part of the package put in the place of the real one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(closure()))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


def refusals(content: bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


# There and back -------------------------------------------------------------------------------------------------------


@given(glossaries())
def test_what_is_written_is_read_as_it_was(glossary: list[Entry]) -> None:
    assert read(written(*glossary)) == glossary


@given(glossaries())
def test_saving_it_in_another_program_changes_nothing(glossary: list[Entry]) -> None:
    # Escapes of the format, written out as words, which openpyxl loses in the shared strings of other programs.
    assume(not re.search("x00(5F|0D)_", str(glossary)))
    out = io.BytesIO()
    load_workbook(io.BytesIO(written(*glossary))).save(out)
    assert read(out.getvalue()) == glossary


def test_the_sheets_look_like_this() -> None:
    book = load_workbook(io.BytesIO(written(closure(), nerve_block())))
    assert [[cell.value for cell in row] for row in book["names"].rows][:2] == [
        ["slug", "language", "text", "status", "usage", "note"],
        ["closure-therapy", "zh-hans", "打封闭针", "admitted", "question", "患者的说法。"],
    ]
    assert [[cell.value for cell in row] for row in book["contexts"].rows][1:] == [
        ["closure-therapy", "zh-hans", "nearby", "针"],
        ["closure-therapy", "zh-hans", "within", "封闭式"],
    ]
    assert [cell.value for cell in book["terms"][3]][:6] == ["nerve-block", "en", "procedure", None, None, None]


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(0)", "+1", "-1", "@SUM(A1)", "#N/A", "007", "1e5", "TRUE"])
def test_what_looks_like_a_formula_is_a_text_cell(text: str) -> None:
    content = written(Entry("pain", {"source_language": "en", "name_en": text}))
    cell = load_workbook(io.BytesIO(content))["terms"]["G2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert read(content)[0].fields["name_en"] == text


def test_a_choice_is_offered_where_only_some_words_will_do() -> None:
    assert spreadsheet.CHOICES["category"] == tuple(Category.values)
    assert spreadsheet.CHOICES["status"] == tuple(NameStatus.values)
    assert spreadsheet.CHOICES["usage"] == tuple(Usage.values)
    assert spreadsheet.CHOICES["kind"] == tuple(ContextKind.values)
    validations = load_workbook(io.BytesIO(written(closure())))["names"].data_validations.dataValidation
    assert [(str(one.sqref), one.formula1) for one in validations] == [
        ("B2:B1048576", '"zh-hans,en"'),
        ("D2:D1048576", '"admitted,deprecated,forbidden"'),
        ("E2:E1048576", '"everywhere,question"'),
    ]


def test_a_text_that_no_cell_can_hold_is_not_cut_off() -> None:
    entry = Entry("pain", {"explanation_en": f"<p>{'x' * 32_761}</p>"})
    with pytest.raises(Refused, match="A text of “pain” is longer than a cell can be"):
        written(entry)


# From elsewhere -------------------------------------------------------------------------------------------------------


def test_rows_and_columns_may_be_moved_numbers_are_text_and_empty_rows_are_none() -> None:
    def change(book: Any) -> None:
        sheet = book["names"]
        sheet.move_range("A1:A9", cols=8)
        sheet.append([None, "en-GB", 120, None, None, 2.0, None, None, "nerve-block"])
        sheet.append([None])
        sheet.append([" ", ""])
        sheet.append([None, "zh-CN", " 阻滞\r\n疗法 ", "deprecated", None, None, None, None, "nerve-block"])

    found = {entry.slug: entry for entry in read(edited(change))}
    assert found["closure-therapy"] == closure()
    assert found["nerve-block"].names == [
        OtherName("zh-hans", "阻滞 疗法", "deprecated"),
        OtherName("en", "120", "admitted", "everywhere", "2"),
    ]


def test_references_may_be_parted_by_any_comma() -> None:
    def change(book: Any) -> None:
        book["terms"]["L3"] = "closure-therapy，nerve-block; closure-therapy"

    assert read(edited(change))[1].see_also == ["closure-therapy", "nerve-block"]


def test_every_row_knows_where_it_is() -> None:
    first, second = read(written(closure(), nerve_block()))
    assert (first.place, second.place) == (Row("terms", 2), Row("terms", 3))
    assert [name.place for name in first.names] == [Row("names", number) for number in (2, 3, 4, 5)]
    assert [context.place for context in first.contexts] == [Row("contexts", 2), Row("contexts", 3)]
    assert ContextWord("zh-hans", "within", "封闭式") in first.contexts


# Refused --------------------------------------------------------------------------------------------------------------


def set_cell(sheet: str, cell: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (set_cell("names", "C3", "=1+1"), "sheet “names”, row 3: In column C there is a formula, a date or a number."),
        (set_cell("names", "C3", 1.5), "sheet “names”, row 3: In column C there is a formula, a date or a number."),
        (set_cell("names", "C3", True), "sheet “names”, row 3: In column C there is a formula, a date or a number."),
        (set_cell("names", "C3", datetime.date(2026, 1, 2)), "sheet “names”, row 3: In column C there is a formula,"),
        (set_cell("names", "B3", "de"), "sheet “names”, row 3: The language “de” is not one of ours."),
        (set_cell("contexts", "B2", None), "sheet “contexts”, row 2: The language “” is not one of ours."),
        (set_cell("terms", "B3", "zh-Hant"), "sheet “terms”, row 3: “zh-Hant” is Chinese in traditional characters."),
        (set_cell("names", "A3", "gout"), "sheet “names”, row 3: There is no term “gout” in the sheet “terms”."),
        (set_cell("terms", "A3", "closure-therapy"),
         "sheet “terms”, row 3: “closure-therapy” is there already, in sheet “terms”, row 2. Keep one of them."),
        (set_cell("terms", "A1", "address"), "sheet “terms”, row 1: The column “slug” must be there once."),
        (set_cell("names", "G1", "extra"), "sheet “names”, row 1: The column “extra” is unknown. Remove it."),
        (lambda book: book.remove(book["contexts"]),
         "There is no sheet “contexts”. Export the glossary and fill in that file."),
        (lambda book: book["terms"].delete_rows(2, 2),
         "sheet “names”, row 2: There is no term “closure-therapy” in the sheet “terms”."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_sheet_and_row(change: Callable[[Any], None], found: str) -> None:
    assert refusals(edited(change))[0].startswith(found)


def test_a_workbook_without_terms_is_refused() -> None:
    assert refusals(written()) == ["There is no term in the file."]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        written(closure())[:-100],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        with_part("xl/workbook.xml", "<workbook"),
        with_part("xl/worksheets/sheet1.xml", "<worksheet"),
        with_part("xl/worksheets/sheet1.xml", SHEET % '<row r="x"/>'),
        with_part("xl/worksheets/sheet1.xml", SHEET % '<row r="1"><c t="s"><v>99</v></c></row>'),
        with_part("[Content_Types].xml", "<Types/>"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refusals(content) == [UNREADABLE]


def test_a_part_whose_content_was_changed_is_refused() -> None:
    content = bytearray(written(closure()))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        start = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[start + 80] ^= 0xFF
    assert refusals(bytes(content)) == [UNREADABLE]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "declaration", [BOMB, '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>', "<!DOCTYPE x><x/>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml"]
)
def test_entities_are_refused_in_every_part(part: str, encoding: str, declaration: str) -> None:
    assert refusals(with_part(part, declaration.encode(encoding))) == [
        f"A document type declaration (DOCTYPE) and entities are not taken (in {part})."
    ]


def test_a_large_file_is_refused_unread() -> None:
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return entries.MAX_BYTES + 1 if whence == io.SEEK_END else super().seek(offset, whence)

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(Refused, match=r"The file is larger than 20 MB\. Split it\."):
        spreadsheet.read(Large())


def test_a_small_package_of_something_large_is_refused_unpacked() -> None:
    content = with_part("xl/worksheets/sheet1.xml", b" " * (spreadsheet.MAX_UNPACKED + 1))
    assert len(content) < 100_000
    started = time.monotonic()
    assert refusals(content) == [
        "Unpacked, the workbook is larger than 60 MB. Remove empty rows and what is not a term."
    ]
    assert time.monotonic() - started < 2


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    content = with_part("docProps/app.xml", b"<x/>" * 100_000)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = packed.getinfo("docProps/app.xml").file_size
    lying = content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    assert refusals(lying) == [UNREADABLE]


def test_too_many_parts_are_refused() -> None:
    out = io.BytesIO(written(closure()))
    with zipfile.ZipFile(out, "a") as packed:
        for number in range(spreadsheet.MAX_PARTS):
            packed.writestr(f"{number}.xml", "")
    assert refusals(out.getvalue())[0].startswith("Unpacked, the workbook is larger than 60 MB.")


def test_an_empty_sheet_that_reaches_to_the_last_row_is_refused_in_good_time() -> None:
    sheet = SHEET % '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    started = time.monotonic()
    assert (
        f"sheet “names”, row {spreadsheet.MAX_ROWS + 1}: There are more than"
        in refusals(with_part("xl/worksheets/sheet2.xml", sheet))[-1]
    )
    assert time.monotonic() - started < 10


def test_workbook_made_elsewhere_is_read() -> None:
    book = Workbook()
    book.remove(book.active)
    for name, columns in spreadsheet.SHEETS.items():
        book.create_sheet(name).append(columns)
    book["terms"].append(["pain", "en", "symptom", None, None, None, "pain"])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()) == [Entry("pain", {"source_language": "en", "category": "symptom", "name_en": "pain"})]
