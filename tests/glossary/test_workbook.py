import datetime
import io
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from openpyxl import Workbook

from glossary import workbook
from glossary.faults import MAX_BYTES, Faults, Refused, Row
from glossary.workbook import Cells
from tests.glossary.exchanged import hostile_text

UNREADABLE = "This is not a workbook that can be read. Save it as .xlsx, without a password."
TOO_LARGE = "The workbook is too large when it is unpacked. Remove empty rows and what was not exported."
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
SHEET_PART = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def made(*rows: list[Any], title: str = "words") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# As Excel writes it: the texts of all cells in a part of their own.
PARTS = {
    "xl/workbook.xml": (
        f'<workbook xmlns:r="{OFFICE}"><sheets><sheet name="words" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/sharedStrings.xml": "<sst><si><t>a</t></si><si><t>b</t></si><si><t>c</t></si></sst>",
    SHEET_PART: SHEET
    % (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>2</v></c></row>'
    ),
}


def packed(parts: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


PLAIN = packed(PARTS)


def with_part(name: str, content: bytes | str) -> bytes:
    return packed({**PARTS, name: content})


def with_rows(rows: str) -> bytes:
    return with_part(SHEET_PART, SHEET % rows)


def read(content: bytes) -> list[Cells]:
    faults = Faults()
    found = workbook.read(io.BytesIO(content), ["words"], faults)
    faults.raise_any()
    return found["words"]


def refusals(content: bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


# What is there --------------------------------------------------------------------------------------------------------


def test_a_workbook_of_excel_is_read() -> None:
    assert read(PLAIN) == [Cells(Row("words", 1), {0: "a", 1: "b"}), Cells(Row("words", 3), {0: "c"})]


def test_rows_have_their_number_and_cells_their_column() -> None:
    assert read(made(["a", None, "c"], [None], ["", "e"])) == [
        Cells(Row("words", 1), {0: "a", 2: "c"}),
        Cells(Row("words", 3), {1: "e"}),
    ]


def test_cells_and_rows_may_be_without_a_number() -> None:
    rows = (
        '<row><c t="str"><v>a</v></c><c/><c t="inlineStr"><is><t>c</t></is></c></row><row><c t="str"><v>d</v></c></row>'
    )
    assert read(with_rows(rows)) == [Cells(Row("words", 1), {0: "a", 2: "c"}), Cells(Row("words", 2), {0: "d"})]


def test_formatted_text_is_put_together_and_how_it_is_pronounced_left_out() -> None:
    strings = (
        "<sst><si><r><t>封</t></r><r><rPr/><t>闭</t></r>"
        '<rPh sb="0" eb="1"><t>fēng</t></rPh></si><si><t xml:space="preserve"> b </t></si><si/></sst>'
    )
    found = read(with_part("xl/sharedStrings.xml", strings))
    assert found == [Cells(Row("words", 1), {0: "封闭", 1: " b "})]


@given(hostile_text)
def test_an_escaped_text_is_read_as_it_was(text: str) -> None:
    kept = "".join(char for char in text if char in "\t\n" or char.isprintable())
    assert [cells.texts[0] for cells in read(made(["x" + workbook.escape(kept)]))] == ["x" + kept]


@pytest.mark.parametrize(
    ("stored", "text"), [("a_x000D_\nb", "a\r\nb"), ("_x0041_", "A"), ("_x005F_x0041_", "_x0041_"), ("a_xD83D_", "a")]
)
def test_escapes_of_other_programs_are_resolved(stored: str, text: str) -> None:
    assert read(with_rows(f'<row><c t="str"><v>{stored}</v></c></row>'))[0].texts == {0: text}


def test_the_strict_variant_is_read() -> None:
    sheet = (SHEET % '<row><c t="str"><v>a</v></c></row>').replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    assert read(with_part(SHEET_PART, sheet))[0].texts == {0: "a"}


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["=1+1", "=HYPERLINK(0)", 120, 1.5, True, datetime.date(2026, 1, 2)])
def test_what_is_not_text_is_refused_with_its_place(value: Any) -> None:
    assert refusals(made(["a"], ["b", value])) == [
        "sheet “words”, row 2: In column B there is a formula, a number or a date. Make it text."
    ]


def test_a_formula_that_looks_like_text_is_refused() -> None:
    (found,) = refusals(with_rows('<row r="4"><c r="AB4" t="str"><f>"a"</f><v>a</v></c></row>'))
    assert found.startswith("sheet “words”, row 4: In column AB there is a formula")


def test_a_sheet_that_is_missing_is_refused() -> None:
    assert refusals(made(["a"], title="other")) == [
        "There is no sheet “words”. Export once more and fill in that file."
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        PLAIN[:-100],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        with_part("xl/workbook.xml", "<workbook"),
        with_part("xl/workbook.xml", '<workbook><sheet name="words"/></workbook>'),
        with_part("xl/workbook.xml", '<workbook xmlns:r="r"><sheet name="words" r:id="no"/></workbook>'),
        with_part("xl/_rels/workbook.xml.rels", '<x><Relationship Id="rId1" Type="x" Target="../../etc/x"/></x>'),
        with_part(SHEET_PART, "<worksheet"),
        with_part(SHEET_PART, b"<worksheet>\xff</worksheet>"),
        with_part(SHEET_PART, '<?xml version="1.0" encoding="gb18030"?><worksheet/>'),
        with_rows('<row r="x"/>'),
        with_rows('<row><c r="1A"/></row>'),
        with_rows('<row><c t="s"><v>99</v></c></row>'),
        with_rows('<row><c t="s"><v>x</v></c></row>'),
        with_rows('<row><c t="s"><v>&x;</v></c></row>'),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refusals(content) == [UNREADABLE]


def test_a_part_whose_content_was_changed_is_refused() -> None:
    content = bytearray(PLAIN)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        start = package.getinfo(SHEET_PART).header_offset
    content[start + 80] ^= 0xFF
    assert refusals(bytes(content)) == [UNREADABLE]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "declaration", [BOMB, '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>', "<!DOCTYPE x><x/>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", SHEET_PART])
def test_entities_are_refused_in_every_part(part: str, encoding: str, declaration: str) -> None:
    assert refusals(with_part(part, declaration.encode(encoding))) == [
        f"A document type declaration (DOCTYPE) and entities are not taken (in {part})."
    ]


def test_a_large_file_is_refused_unread() -> None:
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return MAX_BYTES + 1 if whence == io.SEEK_END else super().seek(offset, whence)

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(Refused, match=r"The file is larger than 50 MB\. Split it\."):
        workbook.read(Large(), ["words"], Faults())


FULL = workbook.MAX_UNPACKED - 50_000


@pytest.mark.parametrize(
    "sheet",
    [
        b" " * (workbook.MAX_UNPACKED + 1),
        SHEET % ("<row/>" * (FULL // 6)),
        SHEET % ("<row>" + "<c/>" * (FULL // 4) + "</row>"),
        SHEET % ("<x/>" * (FULL // 4)),
        SHEET % ("<x>" * (FULL // 7) + "</x>" * (FULL // 7)),
    ],
    ids=["white", "rows", "cells", "elements", "depth"],
)
def test_a_small_package_of_something_large_is_refused_in_good_time(sheet: bytes | str) -> None:
    content = with_part(SHEET_PART, sheet)
    assert len(content) < 300_000
    started = time.process_time()
    assert refusals(content) == [TOO_LARGE]
    assert time.process_time() - started < 30


def test_too_many_shared_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 2)
    assert refusals(PLAIN) == [TOO_LARGE]


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    content = with_rows('<row><c t="str"><v>a</v></c></row>' * 10_000)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo(SHEET_PART).file_size
    lying = content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    assert refusals(lying) == [UNREADABLE]


def test_too_many_parts_are_refused() -> None:
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as package:
        for number in range(workbook.MAX_PARTS):
            package.writestr(f"{number}.xml", "")
    assert refusals(out.getvalue()) == [TOO_LARGE]


def test_the_last_row_may_be_used_and_the_last_column_not() -> None:
    assert read(with_rows('<row r="1048576"><c t="str"><v>a</v></c></row>'))[0].place == Row("words", 1_048_576)
    assert refusals(with_rows('<row r="2"><c r="XFD2" t="str"><v>a</v></c></row>')) == [
        "sheet “words”, row 2: There are too many columns. Remove what was not exported."
    ]
