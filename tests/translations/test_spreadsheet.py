import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from openpyxl import load_workbook

from glossary.faults import Refused, Row
from tests.translations.exchanged import article, files, read, written
from translations.exchange.interchange import Entry, File, digest


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# There and back -------------------------------------------------------------------------------------------------------


@given(files())
def test_what_is_written_is_read_as_it_was(file: File) -> None:
    (found,) = read("xlsx", written("xlsx", file))
    assert (found.original, found.source_language, found.target_language) == ("article/what-is-pain", "zh-hans", "en")
    assert found.entries == [
        Entry(e.id, e.source, e.target, e.is_rich, e.state, e.notes, [], e.checksum, digest(e.target))
        for e in file.entries
    ]
    assert not any(e.is_touched for e in found.entries)


def cells(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))["texts"]


def test_only_the_translation_can_be_written_in() -> None:
    sheet = cells(written("xlsx", article()))
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[2]] == [True, True, False, *[True] * 6]
    assert [cell.value for cell in sheet[1]] == [
        *("id", "source", "translation", "state", "notes", "terms", "format", "source_sha256", "translation_sha256")
    ]
    assert sheet["F3"].value == "疼痛 → pain: An unpleasant feeling.\n词汇"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "1e5", "007"])
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    content = written("xlsx", File("a/b", "zh-hans", "en", [Entry("title", text, text)]))
    sheet = cells(content)
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2][1:3]] == [(text, "s", "@")] * 2
    assert read("xlsx", content)[0].entries[0].target == text


def test_a_text_that_is_too_long_for_a_cell_is_not_cut() -> None:
    with pytest.raises(Refused, match="The text “body” is longer than a cell can be"):
        written("xlsx", File("a/b", "zh-hans", "en", [Entry("body", "x" * 32_768)]))


# Refused --------------------------------------------------------------------------------------------------------------


def changed(place: str, value: Any, sheet: str = "texts") -> bytes:
    book = load_workbook(io.BytesIO(written("xlsx", article())))
    book[sheet][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusals(content: bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read("xlsx", content)
    return [str(fault) for fault in caught.value.faults]


def test_what_a_translator_typed_is_read() -> None:
    entry = read("xlsx", changed("C2", "What is pain"))[0].entries[0]
    assert (entry.target, entry.is_touched, entry.target_checksum) == ("What is pain", True, digest(""))
    assert entry.place == Row("texts", 2)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (("C2", 25), "sheet “texts”, row 2: In column C there is a formula, a number or a date. Make it text."),
        (("C2", "=1+1"), "sheet “texts”, row 2: In column C there is a formula, a number or a date. Make it text."),
        (("D2", "done"), "sheet “texts”, row 2: The state “done” is unknown."),
        (("A3", "title"), "sheet “texts”, row 3: “title” is there already, in sheet “texts”, row 2. Keep one of them."),
        (("A1", "key"), "sheet “texts”, row 1: The column “id” must be there once."),
        (("B4", "de", "document"),
         "sheet “document”, row 1: The language “de” is not one of ours. Use zh-Hans or en."),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_row(content: Any, found: str) -> None:
    assert refusals(changed(*content)) == [found]


def test_another_workbook_is_refused() -> None:
    book = load_workbook(io.BytesIO(written("xlsx", article())))
    del book["document"]
    out = io.BytesIO()
    book.save(out)
    assert refusals(out.getvalue()) == ["There is no sheet “document”. Export once more and fill in that file."]
