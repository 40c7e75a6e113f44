from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from lxml import etree

from glossary.faults import Line, Refused
from tests.translations import xliff_rules
from tests.translations.exchanged import article, files, half_done, read, written
from translations.exchange.interchange import Entry, File, Row, digest


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# There and back -------------------------------------------------------------------------------------------------------


@given(files())
def test_what_is_written_is_read_as_it_was(file: File) -> None:
    (found,) = read("xliff", written("xliff", file))
    expected = [(e.id, e.source, e.target, e.is_rich, e.notes, e.checksum) for e in file.entries]
    assert [(e.id, e.source, e.target, e.is_rich, e.notes, e.checksum) for e in found.entries] == expected
    assert [e.target_checksum for e in found.entries] == [digest(e.target) for e in file.entries]
    assert not any(e.is_touched or e.is_partial for e in found.entries)
    assert (found.original, found.source_language, found.target_language) == ("article/what-is-pain", "zh-hans", "en")
    assert written("xliff", found) == written("xliff", file)


@given(files())
def test_what_is_written_keeps_to_the_standard(file: File) -> None:
    assert xliff_rules.errors(written("xliff", file)) == []


def test_a_file_looks_like_this() -> None:
    lines = written("xliff", article()).decode().split("\n")
    text = "\n".join(lines)
    assert lines[:6] == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:gls="urn:oasis:names:tc:xliff:glossary:2.0" '
        'xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" version="2.1" srcLang="zh-Hans" trgLang="en" '
        'xml:space="preserve">',
        '<file id="article.what-is-pain" original="article/what-is-pain">',
        "<notes>",
        '<note category="title">什么是疼痛</note>',
        "</notes>",
    ]
    assert (
        """\
<segment id="s2" state="reviewed">
<source>服 \
<pc id="3" type="fmt" subType="xlf:b" dataRefStart="d4" dataRefEnd="d5" canCopy="no" canDelete="no">25 mg</pc>\
<ph id="4" type="fmt" subType="xlf:lb" dataRef="d6" canCopy="no" canDelete="no"/>\
见 <pc id="5" type="link" dataRefStart="d7" dataRefEnd="d8" canCopy="no" canDelete="no">词汇</pc>。</source>
<target>Take \
<pc id="3" type="fmt" subType="xlf:b" dataRefStart="d4" dataRefEnd="d5" canCopy="no" canDelete="no">25 mg</pc>\
<ph id="4" type="fmt" subType="xlf:lb" dataRef="d6" canCopy="no" canDelete="no"/>\
see <pc id="5" type="link" dataRefStart="d9" dataRefEnd="d8" canCopy="no" canDelete="no">words</pc>.</target>
</segment>
"""
        in text
    )
    assert '<data id="d9">&lt;a href="/en/glossary/pain/"&gt;</data>' in text
    assert '<segment id="s1" state="initial">\n<source>什么是疼痛 &amp; &lt;b&gt;</source>\n</segment>' in text
    assert (
        "<gls:glossEntry><gls:term>疼痛</gls:term>\n<gls:translation>pain</gls:translation>\n"
        "<gls:definition>An unpleasant feeling.</gls:definition>\n</gls:glossEntry>" in text
    )
    assert "词汇</gls:term>" not in text  # nothing is known of it


def test_a_translation_that_is_built_otherwise_is_one_segment() -> None:
    entry = Entry("body", "<p>一</p><p>二</p>", "<p>One <strong>two</strong></p>", True, "translated")
    root = etree.fromstring(written("xliff", File("a/b", "zh-hans", "en", [entry])))
    assert [element.tag.rpartition("}")[2] for element in root[0][0]][-1:] == ["segment"]
    assert xliff_rules.errors(etree.tostring(root)) == []


def test_pieces_keep_their_own_state_and_what_is_gone_is_not_shown() -> None:
    content = written("xliff", File("a/b", "zh-hans", "en", [half_done()]))
    assert xliff_rules.errors(content) == []
    text = content.decode()
    assert [part.split('"')[0] for part in text.split(' state="')[1:]] == ["translated", "initial", "initial"]
    assert "Gone" not in text
    (entry,) = read("xliff", content)[0].entries
    assert not entry.is_touched
    assert entry.is_partial
    done = text.replace("<source>三</source>", "<source>三</source><target>Three</target>")
    (entry,) = read("xliff", done)[0].entries
    assert (entry.target, entry.is_touched, entry.is_partial) == ("<p>One</p><p>Two</p><p>Three</p>", True, False)


# What tools do --------------------------------------------------------------------------------------------------------

HEAD = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh-CN" trgLang="en-GB">'
DATA = '<originalData><data id="d1">&lt;strong&gt;</data><data id="d2">&lt;/strong&gt;</data></originalData>'
CODE = '<pc id="1" dataRefStart="d1" dataRefEnd="d2">{}</pc>'


def document(body: str, attributes: str = "") -> str:
    """The body begins in line 2."""
    return f'{HEAD}<file id="f1" original="article/pain">\n<unit id="body"{attributes}>{body}</unit></file></xliff>'


def segment(source: str, target: str | None = None, attributes: str = "") -> str:
    said = "" if target is None else f"<target>{target}</target>"
    return f"<segment{attributes}>\n<source>{source}</source>\n{said}\n</segment>"


def only(content: str) -> Entry:
    (entry,) = read("xliff", content)[0].entries
    return entry


def test_2_0_is_read_without_what_only_our_files_have() -> None:
    entry = only(document(DATA + segment("a" + CODE.format("b"), "x" + CODE.format("y"), ' state="translated"')))
    assert (entry.source, entry.target) == ("a<strong>b</strong>", "x<strong>y</strong>")
    assert (entry.is_rich, entry.state, entry.is_touched) == (True, "translated", True)
    assert (entry.checksum, entry.target_checksum) == (digest(entry.source), None)
    assert (entry.place, entry.target_place) == (Line(2), Line(4))


def test_segments_that_a_tool_cut_and_marked_are_put_together() -> None:
    entry = only(
        document(
            segment("A. ", 'X<mrk id="m1" type="comment">. </mrk>')
            + "<ignorable><source>\n</source></ignorable>"
            + segment("B.", '<sm id="m2"/>Y.<em startRef="m2"/>')
        )
    )
    assert (entry.source, entry.target) == ("A. \nB.", "X. \nY.")


def test_segments_come_in_the_order_that_the_target_says() -> None:
    body = "<segment><source>A</source><target order='2'>X</target></segment>"
    body += "<segment><source>B</source><target order='1'>Y</target></segment>"
    assert only(document(body)).target == "YX"


def test_what_a_tool_left_empty_is_not_translated() -> None:
    entry = only(document(segment("A", "") + segment("B", " ")))
    assert (entry.target, entry.is_partial) == ("", False)
    assert only(document(segment("A", "X") + segment("B", ""))).is_partial


def test_the_state_is_that_of_the_least_done_segment() -> None:
    states = [' state="final"', ' state="translated"', ' state="reviewed"']
    assert only(document("".join(segment("a", "b", state) for state in states))).state == "translated"


def test_several_files_and_groups_are_read() -> None:
    unit = '<unit id="title"><segment><source>a</source></segment></unit>'
    content = f'{HEAD}<file id="article.a"><group id="g">{unit}</group></file><file id="f" original="t/b">{unit}</file>'
    assert [(file.original, len(file.entries)) for file in read("xliff", content + "</xliff>")] == [
        ("article/a", 1),
        ("t/b", 1),
    ]


# Refused --------------------------------------------------------------------------------------------------------------


def refusals(content: str | bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read("xliff", content)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (DATA + segment("a", CODE.format("b") + CODE.format("c")),
         "line 4: The code “1” is there twice, or has no id."),
        (DATA + segment("a", '<pc dataRefStart="d1" dataRefEnd="d2"/>'),
         "line 4: The code “” is there twice, or has no id."),
        (DATA + segment("a", '<ph id="2" copyOf="1" dataRef="d1"/>'),
         "line 4: The code “2” is there twice, or has no id."),
        (DATA + segment("a", '<sc id="2" dataRef="d1"/>'), "line 4: The code “2” is opened and not closed."),
        (DATA + segment("a", '<ec startRef="2" dataRef="d2"/>'), "line 4: The code “2” is closed and not open."),
        (segment("a", '<ph id="2" dataRef="d9"/>'),
         "line 4: The code refers to “d9”, which is not among the original data."),
        (segment("a", '<ph id="2"/>'), "line 4: The code refers to “”, which is not among the original data."),
        (segment("a", "<b>x</b>"), "line 4: “b” cannot stand in a text."),
        (segment("a", '<cp hex="0001"/>'), "line 4: “cp” cannot stand in a text."),
        (segment("a", "b", ' state="done"'), "line 2: The state “done” is unknown."),
        (DATA.replace("d2", "d1") + segment("a"), "line 2: The id “d1” is there twice."),
        ("<segment><source>A</source><target order='2'>X</target></segment>"
         "<segment><source>B</source><target>Y</target></segment>",
         "line 2: The order “2” is there twice, or is no number."),
        ("", "line 2: The text “body” has no segment."),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(body: str, found: str) -> None:
    assert refusals(document(body)) == [found]


def test_texts_of_one_name_are_refused() -> None:
    content = document(segment("a")).replace("</unit>", '</unit>\n<unit id="body"><segment><source/></segment></unit>')
    assert refusals(content) == ["line 6: “body” is there already, in line 2. Keep one of them."]


def test_files_of_one_name_are_refused() -> None:
    content = document(segment("a"))
    file = content[content.index("<file") : content.index("</xliff>")]
    assert refusals(content.replace("</xliff>", f"\n{file}</xliff>")) == [
        "line 6: “article/pain” is there already, in line 1. Keep one of them."
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("zh-CN", "zh-TW"), "line 1: “zh-TW” is Chinese in traditional characters. "
         "Convert it to simplified ones and mark it zh-Hans."),
        (("en-GB", "de"), "line 1: The language “de” is not one of ours. Use zh-Hans or en."),
        (('version="2.0"', 'version="2.2"'), "line 1: The version of this XLIFF is “2.2”. Save it as 2.1, 2.0 or 1.2."),
        (("<xliff", "<!DOCTYPE xliff><xliff"),
         "line 1: A document type declaration (DOCTYPE) and entities are not taken. Remove them."),
        (("document:2.0", "document:1.1"), "line 1: This is not an XLIFF file that can be read here: "
         "its first element is “xliff” (urn:oasis:names:tc:xliff:document:1.1)."),
        (("<source>", "<source>&bomb;"),
         "line 3: This is not well-formed XML (undefined entity). Export the file once more."),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_refused(change: tuple[str, str], found: str) -> None:
    assert refusals(document(segment("a")).replace(*change)) == [found]


def test_a_file_without_texts_is_refused() -> None:
    assert refusals(f'{HEAD}<file id="f"/></xliff>') == ["There is no text in the file."]


def test_the_reader_is_told_in_their_language() -> None:
    with translation.override("zh-hans"):
        assert refusals(document(segment("a", "<b/>")))[0].startswith("第")


@pytest.mark.parametrize("element", ["<pc id='1'>", "<mrk>", "<group id='1'>"])
def test_what_is_nested_without_end_is_refused(element: str) -> None:
    content = f"{HEAD}<file id='f'>" + (element if "group" in element else "<unit id='u'>") + element * 100_000
    assert refusals(content) == ["line 1: The elements are nested too deeply."]


def test_a_text_of_too_many_elements_is_refused() -> None:
    content = f"{HEAD}<file id='f'><unit id='u'>" + "<segment/>" * 100_001
    assert refusals(content) == ["line 1: This entry has too many elements."]


def test_rows_are_not_needed() -> None:
    entry = half_done()
    entry.rows = [Row(entry.source, entry.target, "initial")]
    assert read("xliff", written("xliff", File("a/b", "zh-hans", "en", [entry])))[0].entries[0].target == entry.target
