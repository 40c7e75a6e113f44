import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from glossary import spreadsheet
from glossary.entries import ContextWord, Entry, OtherName
from glossary.faults import Refused, Row
from glossary.models import Category, ContextKind, NameStatus, Usage
from tests.glossary.exchanged import closure, glossaries, nerve_block


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


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


def refusals(content: bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


# There and back -------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(glossaries())
def test_what_is_written_is_read_as_it_was(glossary: list[Entry]) -> None:
    assert read(written(*glossary)) == glossary


@settings(max_examples=40)
@given(glossaries())
def test_saving_it_in_another_program_changes_nothing(glossary: list[Entry]) -> None:
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


def test_rows_and_columns_may_be_moved_and_empty_rows_are_none() -> None:
    def change(book: Any) -> None:
        sheet = book["names"]
        sheet.move_range("A1:A9", cols=8)
        sheet.append([None, "en-GB", "120", None, None, "2", None, None, "nerve-block"])
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
        (set_cell("names", "C3", "=1+1"), "sheet “names”, row 3: In column C there is a formula, a number or a date."),
        (set_cell("names", "B3", "de"), "sheet “names”, row 3: The language “de” is not one of ours."),
        (set_cell("contexts", "B2", None), "sheet “contexts”, row 2: The language “” is not one of ours."),
        (set_cell("terms", "B3", "zh-Hant"), "sheet “terms”, row 3: “zh-Hant” is Chinese in traditional characters."),
        (set_cell("names", "A3", "gout"), "sheet “names”, row 3: There is no term “gout” in the sheet “terms”."),
        (set_cell("terms", "A3", "closure-therapy"),
         "sheet “terms”, row 3: “closure-therapy” is there already, in sheet “terms”, row 2. Keep one of them."),
        (set_cell("terms", "A1", "address"), "sheet “terms”, row 1: The column “slug” must be there once."),
        (set_cell("names", "J3", "extra"),
         "sheet “names”, row 3: There is a text in a column without a name. Remove it."),
        (set_cell("names", "G1", "extra"), "sheet “names”, row 1: The column “extra” is unknown. Remove it."),
        (lambda book: book.remove(book["contexts"]),
         "There is no sheet “contexts”. Export once more and fill in that file."),
        (lambda book: book["terms"].delete_rows(2, 2),
         "sheet “names”, row 2: There is no term “closure-therapy” in the sheet “terms”."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_sheet_and_row(change: Callable[[Any], None], found: str) -> None:
    assert refusals(edited(change))[0].startswith(found)


def test_a_workbook_without_terms_is_refused() -> None:
    assert refusals(written()) == ["There is no term in the file."]


def test_workbook_made_elsewhere_is_read() -> None:
    book = Workbook()
    book.remove(book.active)
    for name, columns in spreadsheet.SHEETS.items():
        book.create_sheet(name).append(columns)
    book["terms"].append(["pain", "en", "symptom", None, None, None, "pain"])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()) == [Entry("pain", {"source_language": "en", "category": "symptom", "name_en": "pain"})]
