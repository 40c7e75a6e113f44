from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given

from glossary.faults import Line, Refused
from tests.translations import xliff_rules
from tests.translations.exchanged import article, files, half_done, read, written
from translations.exchange.interchange import Entry, File, digest


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# There and back -------------------------------------------------------------------------------------------------------


@given(files())
def test_what_is_written_is_read_as_it_was(file: File) -> None:
    (found,) = read("xliff12", written("xliff12", file))
    assert found == file.__class__(
        file.original,
        "zh-hans",
        "en",
        [
            Entry(e.id, e.source, e.target, e.is_rich, e.state, e.notes, [], e.checksum, digest(e.target))
            for e in file.entries
        ],
        file.title,
    )
    assert not any(e.is_touched for e in found.entries)
    assert written("xliff12", found) == written("xliff12", file)


@given(files())
def test_what_is_written_keeps_to_the_standard(file: File) -> None:
    assert xliff_rules.errors(written("xliff12", file)) == []


def test_a_text_looks_like_this() -> None:
    text = written("xliff12", article()).decode()
    assert (
        '<target state="signed-off"><bpt id="1" ctype="x-html-h2">&lt;h2&gt;</bpt><mrk mtype="seg" mid="1">Pain</mrk>'
        '<ept id="1">&lt;/h2&gt;</ept><bpt id="2" ctype="x-html-p">&lt;p&gt;</bpt><mrk mtype="seg" mid="2">Take '
        '<bpt id="3" ctype="bold">&lt;strong&gt;</bpt>25 mg<ept id="3">&lt;/strong&gt;</ept>'
        '<ph id="4" ctype="lb">&lt;br&gt;</ph>see <bpt id="5" ctype="link">&lt;a href="/en/glossary/pain/"&gt;</bpt>'
        'words<ept id="5">&lt;/a&gt;</ept>.</mrk>' in text
    )
    assert '<note from="glossary">疼痛 → pain: An unpleasant feeling.</note>' in text
    assert "<note>Mind the dose.</note>" in text
    assert '<trans-unit id="title" datatype="plaintext" xml:space="preserve">\n' in text


def test_pieces_that_are_not_translated_are_told() -> None:
    content = written("xliff12", File("a/b", "zh-hans", "en", [half_done()]))
    assert xliff_rules.errors(content) == []
    assert b"Gone" not in content
    (entry,) = read("xliff12", content)[0].entries
    assert (entry.is_partial, entry.is_touched) == (True, False)


# What tools do --------------------------------------------------------------------------------------------------------

HEAD = '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'


def document(unit: str) -> str:
    """The unit begins in line 2."""
    return (
        f'{HEAD}<file original="article/pain" source-language="zh" target-language="en-US" datatype="html"><body>\n'
        f'<trans-unit id="body">{unit}</trans-unit></body></file></xliff>'
    )


def only(unit: str) -> Entry:
    (entry,) = read("xliff12", document(unit))[0].entries
    return entry


def test_what_another_tool_wrote_is_read() -> None:
    bold = '<bpt id="1" rid="7">&lt;strong&gt;</bpt>{}<ept id="2" rid="7">&lt;/strong&gt;</ept>'
    entry = only(f"<source>a{bold.format('b')}</source>\n<target>{bold.format('x')}</target>")
    assert (entry.source, entry.target) == ("a<strong>b</strong>", "<strong>x</strong>")
    assert (entry.state, entry.is_rich, entry.target_checksum, entry.is_touched) == ("translated", True, None, True)
    assert (entry.place, entry.target_place) == (Line(2), Line(3))


def test_an_older_translation_beside_it_is_not_the_translation() -> None:
    entry = only("<source>a</source><target>x</target><alt-trans><target>y</target></alt-trans>")
    assert entry.target == "x"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("new", "initial"),
        ("needs-translation", "initial"),
        ("needs-review-translation", "initial"),
        ("translated", "translated"),
        ("signed-off", "reviewed"),
        ("final", "final"),
        ("x-own", "initial"),
    ],
)
def test_states(word: str, state: str) -> None:
    assert only(f'<source>a</source><target state="{word}">x</target>').state == state


# Refused --------------------------------------------------------------------------------------------------------------


def refusals(content: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read("xliff12", content)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("<source>a</source>\n<target><ph id='1'/><ph id='1'/></target>",
         "line 3: The code “1” is there twice, or has no id."),
        ("<source>a</source>\n<target><ph/></target>", "line 3: The code “” is there twice, or has no id."),
        ("<source>a</source>\n<target><bpt id='1'/></target>", "line 3: The code “1” is opened and not closed."),
        ("<source>a</source>\n<target><ept id='1'/></target>", "line 3: The code “1” is closed and not open."),
        ("<source>a</source>\n<target><g id='1'/></target>", "line 3: “g” cannot stand in a text."),
        ("<source>a</source>\n<target state='done'>x</target>", "line 3: The state “done” is unknown."),
        ("<target>x</target>", "line 2: The text “body” has no source."),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(unit: str, found: str) -> None:
    assert refusals(document(unit)) == [found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("en-US", "fr"), "line 1: The language “fr” is not one of ours. Use zh-Hans or en."),
        ((' target-language="en-US"', ""), "line 1: The language “” is not one of ours. Use zh-Hans or en."),
        (("document:1.2", "document:1.1"), "line 1: This is not an XLIFF 1.2 file."),
        (("<xliff", "<!DOCTYPE a [<!ENTITY b 'c'>]><xliff"),
         "line 1: A document type declaration (DOCTYPE) and entities are not taken. Remove them."),
        (("</trans-unit>", "</trans-unit>\n<trans-unit id='body'><source/></trans-unit>"),
         "line 3: “body” is there already, in line 2. Keep one of them."),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_refused(change: tuple[str, str], found: str) -> None:
    assert refusals(document("<source>a</source>").replace(*change)) == [found]
