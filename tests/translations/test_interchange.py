from collections.abc import Iterator

import pytest
from django.utils import translation

from glossary.faults import Faults, Line
from translations.exchange import interchange
from translations.exchange.interchange import Entry, File, Hint, Row, digest, is_digest, language, refuse_doubles, tag


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def file(*ids: str, original: str = "article/pain", place: int = 1) -> File:
    entries = [Entry(id, "文", place=Line(place + number)) for number, id in enumerate(ids, 1)]
    return File(original, "zh-hans", "en", entries, place=Line(place))


def faults_of(*files: File) -> list[str]:
    faults = Faults()
    refuse_doubles(files, faults)
    return [str(fault) for fault in faults.found]


def test_an_entry_knows_the_checksum_of_its_source_unless_a_file_says_another() -> None:
    assert Entry("title", "疼痛").checksum == digest("疼痛")
    assert Entry("title", "疼痛", checksum=digest("疼")).checksum == digest("疼")


def test_a_checksum_is_64_figures_of_base_16() -> None:
    assert is_digest(digest(""))
    assert not any(map(is_digest, ["", "0" * 63, "0" * 63 + "G", "0" * 65]))


def test_what_is_written_in_pieces_is_their_sum() -> None:
    assert Entry("body", "<p>一</p>", "<p>old</p>", rows=[Row("<p>一</p>", "<p>one</p>")]).written == "<p>one</p>"
    assert Entry("title", "一", "one").written == "one"


def test_a_hint_names_the_term_its_translations_and_what_it_is() -> None:
    assert str(Hint("封闭")) == "封闭"
    assert (
        str(Hint("封闭", ("closure", "closure therapy"), "An injection."))
        == "封闭 → closure, closure therapy: An injection."
    )


def test_languages_are_named_as_elsewhere() -> None:
    faults = Faults()
    assert (tag("zh-hans"), tag("en")) == ("zh-Hans", "en")
    assert [language(found, faults) for found in ("zh-Hans", "zh-CN", "en", "en-GB")] == [
        "zh-hans",
        "zh-hans",
        "en",
        "en",
    ]
    assert not faults.found
    assert language("fr", faults, Line(7)) == ""
    assert faults.found[0].place == Line(7)


def test_two_texts_of_one_name_and_two_files_of_one_document_are_refused_with_both_places() -> None:
    assert faults_of(file("title", "body"), file("title", original="article/other", place=9)) == []
    assert faults_of(file("title", "body", "title")) == [
        "line 4: “title” is there already, in line 2. Keep one of them."
    ]
    assert faults_of(file("title"), file("body", place=9)) == [
        "line 9: “article/pain” is there already, in line 1. Keep one of them."
    ]


def test_nothing_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults_of(file()) == ["There is no text in the file."]
    monkeypatch.setattr(interchange, "MAX_ENTRIES", 1)
    assert faults_of(file("title", "body")) == ["There are more than 1 texts. Split the file."]
