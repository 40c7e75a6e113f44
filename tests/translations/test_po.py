import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given

from glossary.faults import Line, Refused
from tests.translations.exchanged import article, files, read, written
from translations.exchange import po
from translations.exchange.interchange import Entry, File, digest


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# There and back -------------------------------------------------------------------------------------------------------


@given(files())
def test_what_is_written_is_read_as_it_was(file: File) -> None:
    (found,) = read("po", written("po", file))
    assert (found.original, found.source_language, found.target_language) == ("article/what-is-pain", "zh-hans", "en")
    assert found.entries == [
        Entry(e.id, e.source, e.target, e.is_rich, e.state, e.notes, [], e.checksum, digest(e.target))
        for e in file.entries
    ]
    assert not any(e.is_touched for e in found.entries)
    assert written("po", found) == written("po", file)


def test_a_file_looks_like_this() -> None:
    title = article().entries[0]
    assert written("po", File("article/pain", "zh-hans", "en", [title], "疼痛")).decode() == (
        '#\nmsgid ""\nmsgstr ""\n'
        '"Project-Id-Version: article/pain\\n"\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"X-Source-Language: zh-Hans\\n"\n"X-Title: 疼痛\\n"\n\n'
        "#. format: text\n#. state: initial\n"
        f"#. source-sha256: {digest(title.source)}\n#. target-sha256: {digest('')}\n"
        "#. term: 疼痛 → pain: An unpleasant feeling.\n"
        'msgctxt "title"\nmsgid "什么是疼痛 & <b>"\nmsgstr ""\n\n'
    )


def test_what_is_still_to_be_done_is_fuzzy() -> None:
    content = written("po", File("a/b", "zh-hans", "en", [Entry("title", "一", "One", state="initial")])).decode()
    assert "#, fuzzy" in content
    assert read("po", content)[0].entries[0].state == "initial"
    assert read("po", content.replace("#, fuzzy", ""))[0].entries[0].state == "translated"


# Refused --------------------------------------------------------------------------------------------------------------

HEAD = 'msgid ""\nmsgstr "Project-Id-Version: article/pain\\nX-Source-Language: zh-Hans\\nLanguage: en\\n"\n\n'


def refusals(content: str | bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read("po", content)
    return [str(fault) for fault in caught.value.faults]


def test_what_another_tool_wrote_is_read() -> None:
    (entry,) = read("po", HEAD + 'msgctxt "title"\nmsgid "a"\n" b"\nmsgstr "x\\ny"\n\n#~ msgid "old"\n#~ msgstr "z"')[
        0
    ].entries
    assert (entry.id, entry.source, entry.target, entry.state) == ("title", "a b", "x\ny", "translated")
    assert (entry.target_checksum, entry.place) == (None, Line(4))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (HEAD + 'msgid "a"\nmsgstr "x', "line 5: This is not a PO file, or it is broken here. Export it once more."),
        (HEAD + 'msgid "a"x"\nmsgstr ""', "line 4: This is not a PO file, or it is broken here. Export it once more."),
        (HEAD + 'msgstr ""', "line 4: This is not a PO file, or it is broken here. Export it once more."),
        ("hello", "line 1: This is not a PO file, or it is broken here. Export it once more."),
        (HEAD + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n', "line 4: A text with plural forms is none of ours."),
        (HEAD + 'msgctxt "a"\nmsgid "b"\nmsgstr ""\n\nmsgctxt "a"\nmsgid "c"\nmsgstr ""\n',
         "line 8: “a” is there already, in line 4. Keep one of them."),
        (HEAD.replace(" en", " de") + 'msgid "a"\nmsgstr ""\n',
         "line 1: The language “de” is not one of ours. Use zh-Hans or en."),
        (HEAD, "There is no text in the file."),
        (HEAD.encode() + b'msgid "\xff"\nmsgstr ""', "The encoding of this file cannot be read. Save it in UTF-8."),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(content: str | bytes, found: str) -> None:
    assert refusals(content) == [found]


def test_the_name_of_a_file_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "other.po"
    path.write_text(HEAD + 'msgid "a"\nmsgstr "secret"\n')
    assert refusals(str(path)) == ["line 1: This is not a PO file, or it is broken here. Export it once more."]


@pytest.mark.parametrize(
    "content",
    ['msgid "a"\n' + '"a"\n' * 10_001, "#. a\n" * 10_001, "\n" * 10_001],
)
def test_what_would_take_for_ever_is_refused(content: str) -> None:
    started = time.monotonic()
    assert "The file has too many lines. Split it." in refusals(HEAD + content)[0]
    assert time.monotonic() - started < 5


def test_a_large_file_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(po, "MAX_BYTES", 1_000_000)
    assert refusals(HEAD + f'msgid "{"x" * 1_000_000}"') == ["The file is larger than 1 MB. Split it."]
