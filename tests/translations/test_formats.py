import io
import zipfile
from typing import Any

import pytest
from django.utils import translation as languages

from glossary.faults import Refused
from tests.translations.exchanged import exported, opened, untranslated
from translations.exchange import formats

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with languages.override("en"):
        yield


@pytest.fixture
def article() -> Any:
    return untranslated()


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def read_refusals(content: bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        opened(content)
    return [str(fault) for fault in caught.value.faults]


def test_a_fault_in_a_zip_is_told_with_its_file(article: Any) -> None:
    assert read_refusals(packed(a=b"<html/>", b=exported("xliff"), c=b"\nhello")) == [
        "a, line 1: This is not an XLIFF file that can be read here: its first element is “html” ().",
        "c, line 2: This is not a PO file, or it is broken here. Export it once more.",
    ]


def test_a_document_twice_in_a_zip_is_refused(article: Any) -> None:
    content = exported("xliff")
    assert read_refusals(packed(a=content, b=exported("po")))[0] == (
        "b, line 1: “article/pain” is there already, in a, line 3. Keep one of them."
    )


def test_a_zip_that_is_too_large_is_not_unpacked(article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_UNPACKED", 1_000)
    assert read_refusals(packed(a=b"x" * 1_001)) == ["There is too much in this zip. Split it."]
    monkeypatch.setattr(formats, "MAX_FILES", 1)
    assert read_refusals(packed(a=b"x", b=b"x")) == ["There is too much in this zip. Split it."]


def test_what_is_no_zip_is_refused() -> None:
    assert read_refusals(b"PK nothing") == ["This zip cannot be read. Pack the files once more, without a password."]


def test_a_zip_within_a_zip_is_no_file_of_ours() -> None:
    assert read_refusals(packed(a=packed(b=b"x"))) == [
        "a: This is not a workbook that can be read. Save it as .xlsx, without a password."
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_xliff_may_be_in_another_encoding(encoding: str, article: Any) -> None:
    for kind in ("xliff", "xliff12"):
        text = exported(kind).decode().replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8")
        assert len(opened(text.encode(encoding))) == 1
